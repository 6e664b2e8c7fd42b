"""Leavers' tables: what the sister company's draws are written down as.

`leavers` draws month by month and keeps what happened in a log; here the log becomes the tables of
a company. Amounts are in dollars, days are days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

ROLES = ("account_executive", "account_manager", "sales_development")
START, RAISE = date(2023, 11, 1), 5  # pay of the market rises in the sixth month after it

Log = dict[str, list[pl.DataFrame]]


@dataclass(frozen=True)
class Sister:
    """The sister company's tables, and the truth behind them.

    Attributes:
        payees, positions, quotas, attainments, payouts, dispute_moves, market: as tables of the
            same names; market: role, currency, effective_date, p50.
        credits: payee_id, amount to date in the last year.
        opportunities: payee_id, category, amount; open on the last day.
        groups: payee_id, gender, age_band: protected, drawn without regard to anything.
        truth: payee_id, month, chance (to leave in the month), and what each reason added.
        ahead: payee_id, months, chance: true chances from the last day on, by many draws.
        day: the first day that is not known.
    """

    payees: pl.DataFrame
    positions: pl.DataFrame
    quotas: pl.DataFrame
    attainments: pl.DataFrame
    payouts: pl.DataFrame
    dispute_moves: pl.DataFrame
    market: pl.DataFrame
    credits: pl.DataFrame
    opportunities: pl.DataFrame
    groups: pl.DataFrame
    truth: pl.DataFrame
    ahead: pl.DataFrame
    day: date


def tables(
    log: Log, seats: Any, months: int,
    prices: dict[int, np.ndarray], ahead: pl.DataFrame, rng: np.random.Generator,
) -> Sister:  # fmt: skip
    """The tables of a log, up to the month with that number."""
    day = first_day(months)
    rows = {name: pl.concat(parts) for name, parts in log.items()}
    leaves = rows["leaves"].select("payee_id", "leave_date")
    payees = rows["hires"].join(leaves, on="payee_id", how="left")
    sales = rows["sales"]
    end = pl.col("month").dt.offset_by("1mo")
    quotas = pl.concat([sales.drop("credited"), rows["asked"]]).select(
        "payee_id", measure=pl.lit("bookings"), start_date="month", end_date=end, amount="quota"
    )
    attained = sales.select(
        "payee_id", measure=pl.lit("bookings"), period=pl.col("month").dt.strftime("%Y-%m"),
        credited="credited", attainment=pl.col("credited") / pl.col("quota"),
    )  # fmt: skip
    target = pl.col("base") * 0.5 / 12
    paid = target * (0.5 * pl.col("ratio") + 1.0 * (pl.col("ratio") - 0.5).clip(lower_bound=0))
    shown = sales.filter(pl.col("month") >= START)
    payouts = _based(shown, rows["positions"]).select(
        "payee_id", period=pl.col("month").dt.strftime("%Y-%m"), amount=paid
    )
    last = sales.filter(pl.col("month") >= date(day.year - (day.month <= 1), 1, 1))
    credits = last.group_by("payee_id").agg(amount=pl.col("credited").sum()).sort("payee_id")
    here = named(seats.person[seats.here])
    moves = rows["moves"].sort("move_date", "payee_id").with_row_index("n")
    disputes = _cases(moves.with_columns(move_id=pl.lit("M") + pl.col("n").cast(pl.String)))
    known = payees.select("payee_id")
    quotas, attained, disputes = (
        table.join(known, on="payee_id", how="semi") for table in (quotas, attained, disputes)
    )
    market = [
        {"role": role, "currency": "USD", "effective_date": first_day(month), "p50": float(price)}
        for month, told in prices.items()
        if month in (0, *range(RAISE, months, 12))
        for role, price in zip(ROLES, told, strict=True)
    ]
    return Sister(
        payees=payees.sort("payee_id"),
        positions=rows["positions"].sort("payee_id", "start_date"),
        quotas=quotas, attainments=attained, payouts=payouts, dispute_moves=disputes,
        market=pl.DataFrame(market).with_columns(pl.col("effective_date").cast(pl.Date)),
        credits=credits,
        opportunities=_pipeline(here, rng), groups=_groups(payees["payee_id"].to_list(), rng),
        truth=rows["truth"], ahead=ahead, day=day,
    )  # fmt: skip


def _based(sales: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Sales with the base pay that held, and their ratio to quota."""
    held = positions.select("payee_id", "start_date", base="base_pay").sort("start_date")
    made = sales.sort("month").join_asof(
        held, left_on="month", right_on="start_date", by="payee_id", check_sortedness=False
    )
    return made.with_columns(ratio=pl.col("credited") / pl.col("quota"))


def _cases(moves: pl.DataFrame) -> pl.DataFrame:
    """Moves with the dispute they belong to: a person's next after each raised one."""
    number = (pl.col("move") == "raised").cum_sum().over("payee_id")
    return moves.with_columns(
        dispute_id=pl.col("payee_id") + pl.lit("-") + number.cast(pl.String)
    ).select("move_id", "dispute_id", "move", "move_date", "payee_id")


def _pipeline(people: list[str], rng: np.random.Generator) -> pl.DataFrame:
    who = np.repeat(people, rng.poisson(3, len(people)))
    words = rng.choice(["commit", "best_case", "pipeline"], len(who), p=(0.2, 0.3, 0.5))
    amount = np.round(rng.lognormal(10.3, 0.8, len(who)), -2)
    return pl.DataFrame({"payee_id": who, "category": words, "amount": amount})


def _groups(people: list[str], rng: np.random.Generator) -> pl.DataFrame:
    names = sorted(people)
    gender = rng.choice(["woman", "man"], len(names), p=(0.42, 0.58))
    age = rng.choice(["under 30", "30 to 44", "45 and more"], len(names), p=(0.3, 0.5, 0.2))
    return pl.DataFrame({"payee_id": names, "gender": gender, "age_band": age})


def keep_hired(log: Log, seats: Any, who: np.ndarray, month: int) -> None:
    """Keep who was hired, and the position they begin with."""
    days = [first_day(int(m)) for m in seats.hired[who]]
    rows = {"payee_id": named(seats.person[who]), "name": named(seats.person[who])}
    made = pl.DataFrame(rows | {"currency": "USD", "hire_date": days}, schema_overrides=HIRES)
    log.setdefault("hires", []).append(made)
    keep_held(log, seats, who, month)


HIRES = {"payee_id": pl.String, "name": pl.String, "hire_date": pl.Date}


def keep_held(log: Log | None, seats: Any, who: np.ndarray, month: int) -> None:
    """Positions from a month on."""
    if log is None:
        return
    log.setdefault("positions", []).append(
        pl.DataFrame(
            {
                "payee_id": named(seats.person[who]),
                "start_date": [first_day(month)] * len(who),
                "role": [ROLES[k] for k in seats.role[who]],
                "team": ["sales"] * len(who),
                "manager_id": [f"M{k:04}" for k in seats.manager[who]],
                "target_incentive": seats.base[who] * 0.5,
                "base_pay": seats.base[who],
            },
            schema_overrides={"start_date": pl.Date, "payee_id": pl.String, "role": pl.String,
                              "team": pl.String, "manager_id": pl.String},
        )
    )  # fmt: skip


def keep(
    log: Log | None, name: str, seats: Any, month: int, who: np.ndarray,
    **columns: np.ndarray | list[date],
) -> None:  # fmt: skip
    """Keep what happened to people in a month; nothing where there is no log."""
    if log is None:
        return
    at = np.flatnonzero(who)
    made = {"payee_id": named(seats.person[at]), "month": [first_day(month)] * len(at)}
    told = {
        key: column if isinstance(column, list) else np.asarray(column)[at]
        for key, column in columns.items()
    }
    kinds = {"payee_id": pl.String, "month": pl.Date, "leave_date": pl.Date, "move_date": pl.Date,
             "move": pl.String}  # fmt: skip
    kinds = {key: kind for key, kind in kinds.items() if key in made | told}
    log.setdefault(name, []).append(pl.DataFrame(made | told, schema_overrides=kinds))


def named(people: np.ndarray) -> list[str]:
    """Ids of people by their numbers."""
    return [f"S{1000 + int(k)}" for k in people]


def first_day(month: int) -> date:
    """The first day of a month, counted from 0 at the beginning."""
    whole = START.year * 12 + START.month - 1 + month
    return date(whole // 12, whole % 12 + 1, 1)


def calendar(month: int) -> int:
    """The same as a month of the calendar, from 1."""
    return first_day(month).month


def days_of(month: int, count: int, rng: np.random.Generator) -> list[date]:
    """Days of a month, the second at the earliest."""
    return [first_day(month) + timedelta(int(d)) for d in rng.integers(1, 28, int(count))]
