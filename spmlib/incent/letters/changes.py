"""Changes: what is another for people from one day to another, found in the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.letters import Change
from spmlib.core.tables import MONEY

if TYPE_CHECKING:
    import polars as pl

# Columns of positions, and the kind of change that another value in them is.
KINDS = {
    "manager_id": "manager",
    "territory_id": "territory",
    "role": "role",
    "team": "role",
    "plan": "plan",
    "target_incentive": "pay",
    "base_pay": "pay",
    "commission_rate": "pay",
    "full_time": "pay",
    "status": "role",
}
AMOUNTS = {"target_incentive": MONEY, "base_pay": MONEY}
QUOTA = ("payee_id", "measure", "start_date", "end_date")


def changes(
    company: Company, since: date, until: date, currencies: Mapping[str, str]
) -> dict[str, list[Change]]:
    """What is another for each person on a day than it was on an earlier one.

    People who hold no position on one of the days have no change: they came, or left. Each change
    begins on its own day: when the value that holds on the later day began to hold.

    Args:
        company: its tables.
        since: the day that was.
        until: the day that is.
        currencies: of plans, by name.

    Returns:
        By payee_id: positions, then accounts, then quotas; everybody with any.
    """
    people = staying(company, since, until)
    found: dict[str, list[Change]] = {}
    for every in (
        _positions(company, since, until, currencies),
        _accounts(company, since, until),
        _quotas(company, since, until),
    ):
        for payee_id, change in every:
            if payee_id in people:
                found.setdefault(payee_id, []).append(change)
    return dict(sorted(found.items()))


def staying(company: Company, since: date, until: date) -> frozenset[str]:
    """Who holds a position on both of two days."""
    was, now = (
        set(engine.collected(engine.on(company.positions, day))["payee_id"])
        for day in (since, until)
    )
    return frozenset(was & now)


def _positions(
    company: Company, since: date, until: date, currencies: Mapping[str, str]
) -> Iterator[tuple[str, Change]]:
    """Columns of positions whose value is another, column by column."""
    import polars as pl

    rows = engine.collected(engine.open_ended(company.positions))
    for column, kind in KINDS.items():
        runs = _runs(rows, ["payee_id", column])
        was, now = (_in_force(runs, day) for day in (since, until))
        plans = _in_force(rows, until).select("payee_id", held="plan")
        both = was.join(now, on="payee_id", suffix="_now").join(plans, on="payee_id")
        other = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_now")))
        for row in other.sort("payee_id").iter_rows(named=True):
            values, money = (row[column], row[f"{column}_now"]), column in AMOUNTS
            yield (
                row["payee_id"],
                Change(
                    kind=kind,
                    what=column,
                    was=_word(values[0]),
                    now=_word(values[1]),
                    start=row["start_date_now"],
                    amounts=(_decimal(values[0]), _decimal(values[1])) if money else None,
                    currency=currencies.get(row["held"] or "", "") if money else "",
                ),
            )


def _accounts(company: Company, since: date, until: date) -> Iterator[tuple[str, Change]]:
    """Accounts that come to a person's territory, and those that go, each from its own day."""
    import polars as pl

    names = engine.collected(company.accounts.select("account_id", "name"))
    runs = _holding(company).join(names, on="account_id", how="left")
    was, now = (_in_force(runs, day) for day in (since, until))
    key = ["payee_id", "account_id"]
    gone = was.join(now, on=key, how="anti").with_columns(
        day=pl.col("end_date"), here=pl.lit(False)
    )
    come = now.join(was, on=key, how="anti").with_columns(
        day=pl.col("start_date"), here=pl.lit(True)
    )
    for row in pl.concat([come, gone]).sort("payee_id", ~pl.col("here"), "account_id").to_dicts():
        name = f"{row['account_id']} {row['name'] or ''}".strip()
        words = ("", name) if row["here"] else (name, "")
        yield row["payee_id"], Change("account", name, *words, row["day"])


def _holding(company: Company) -> pl.DataFrame:
    """Since when and until when each account is in each person's territory."""
    import polars as pl

    held = engine.collected(engine.open_ended(company.positions))
    own = held.select("payee_id", "territory_id", "start_date", "end_date").drop_nulls()
    accounts = engine.collected(engine.open_ended(company.account_territories))
    both = accounts.join(own, on="territory_id", suffix="_own").with_columns(
        start_date=pl.max_horizontal("start_date", "start_date_own"),
        end_date=pl.min_horizontal("end_date", "end_date_own"),
    )
    met = both.filter(pl.col("start_date") < pl.col("end_date"))
    return _runs(met, ["payee_id", "account_id"])


def _runs(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Stretches of days of each key, those that touch or overlap as one."""
    import polars as pl

    ordered = rows.sort("start_date").with_columns(
        before=pl.col("end_date").cum_max().shift(1).over(*key)
    )
    begun = pl.col("before").is_null() | (pl.col("start_date") > pl.col("before"))
    numbered = ordered.with_columns(run=begun.cast(pl.Int64).cum_sum().over(*key))
    days = pl.col("start_date").min(), pl.col("end_date").max()
    return numbered.group_by(*key, "run", maintain_order=True).agg(*days).drop("run")


def _in_force(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    import polars as pl

    return rows.filter(pl.col("start_date") <= on, pl.col("end_date") > on)


def _quotas(company: Company, since: date, until: date) -> Iterator[tuple[str, Change]]:
    """Quotas whose measure, amount or length is another; the next month's like the last is none."""
    import polars as pl

    rows = engine.collected(company.quotas).group_by(*QUOTA).agg(pl.col("amount").sum())
    was, now = (_by_key(_in_force(rows, day).sort(*QUOTA)) for day in (since, until))
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key), now.get(key)
        if _length(old) == _length(new):
            continue
        start = new["start_date"] if new is not None else _end(old, until)
        yield (
            key[0],
            Change(
                kind="quota",
                what=key[1],
                was=_span(old),
                now=_span(new),
                start=start,
                amounts=(_given(old), _given(new)),
                days=(_days(old), _days(new)),
            ),
        )


def _by_key(rows: pl.DataFrame) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Rows by person, measure and which of the stretches that hold at once."""
    import polars as pl

    numbered = rows.with_columns(number=pl.int_range(pl.len()).over("payee_id", "measure"))
    told = numbered.to_dicts()
    return {(row["payee_id"], row["measure"], row["number"]): row for row in told}


def _length(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """Amount and length of a quota: whole months where it is so, else its days."""
    if row is None:
        return None
    start, end = row["start_date"], row["end_date"]
    if start.day == end.day:
        return row["amount"], 12 * (end.year - start.year) + end.month - start.month, "months"
    return row["amount"], (end - start).days, "days"


def _end(row: Mapping[str, Any] | None, until: date) -> date:
    return until if row is None else row["end_date"]


def _days(row: Mapping[str, Any] | None) -> tuple[date, date] | None:
    return None if row is None else (row["start_date"], row["end_date"])


def _given(row: Mapping[str, Any] | None) -> Decimal | None:
    return None if row is None else _decimal(row["amount"])


def _span(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return f"{_decimal(row['amount']):f} ({row['start_date']} - {row['end_date']})"


def _decimal(ticks: int | None) -> Decimal:
    return Decimal(ticks or 0) / MONEY


def _word(value: Any) -> str:
    return "" if value is None else str(value)
