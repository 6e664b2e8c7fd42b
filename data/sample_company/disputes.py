"""Disputes: what people said was wrong with their statements, tied to what is odd in the data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import polars as pl

from .days import END
from .draws import Draws

Columns = Mapping[str, Sequence[object]]

FIRST, LAST = "2024-11", "2026-10"  # statements that were disputed
RECENT, KEPT = "2026-09", 9000  # the last statement of which disputes are known; most are open
KINDS = {  # how many are raised, share of a hundred that is accepted, how long each takes [days]
    "late_booking": (24, 88, 9),
    "wrong_owner": (4, 75, 14),
    "missing_split": (16, 60, 14),
    "hierarchy": (6, 70, 12),
    "plan_misread": (20, 8, 8),
}
RATE = {"late_booking": 80, "wrong_owner": 80, "missing_split": 32, "hierarchy": 12}  # of 1,000
MISREAD = 45  # of 1,000: the rate above quota less that below it
OWNERS = {"hierarchy": "people operations", "plan_misread": "sales compensation"}
DUE = {"late_booking": 10, "plan_misread": 10}
SAYS = {
    "late_booking": "My order is missing: it was signed before the month ended.",
    "wrong_owner": "This account is in my territory, and the order is booked for somebody else.",
    "missing_split": "We worked on this deal together, and my share is missing.",
    "hierarchy": "This seller is in my team, and the order does not count for me.",
    "plan_misread": "Above quota I should earn the higher rate on all of it.",
}
YES = {
    "late_booking": "It was recorded after the close.",
    "wrong_owner": "The account had changed hands before the order.",
    "missing_split": "Both sellers confirm the share.",
    "hierarchy": "The team changed before the order.",
    "plan_misread": "The threshold was crossed in this order.",
}
NO = "The statement is right as it stands."
DECIDER = "sales compensation"


def disputes(tables: Mapping[str, Columns]) -> Columns:
    """The table of moves, up to the last day."""
    lines = _lines(tables)
    picked = pl.concat([_picked(kind, lines, tables) for kind in KINDS])
    picked = picked.sort("raised", "payee_id", "transaction_id")
    moves = [row for n, one in enumerate(picked.to_dicts(), 1) for row in _moves(n, one)]
    moves = [row for row in moves if row["move_date"] < _written(END)]
    names = list(moves[0])
    made: dict[str, list[object]] = {name: [row[name] for row in moves] for name in names}
    return {"move_id": [f"V{n:04d}" for n in range(1, len(moves) + 1)], **made}


def _lines(tables: Mapping[str, Columns]) -> pl.DataFrame:
    """New orders in dollars of account executives, with the owner's plan and manager on the day."""
    booked = pl.DataFrame(tables["transactions"]).select(
        *("transaction_id", "event_date", "recorded_date", "deal_id", "account_id", "owner_id"),
        *("kind", "currency", "amount", "channel"),
    )
    held = pl.DataFrame(tables["positions"]).select(
        owner_id="payee_id",
        start="start_date",
        end=pl.when(pl.col("end_date") == "").then(pl.lit("9999")).otherwise("end_date"),
        plan="plan",
        manager="manager_id",
    )
    rows = booked.filter(pl.col("kind") == "new", pl.col("currency") == "USD")
    rows = rows.join(held, on="owner_id", how="left", maintain_order="left").filter(
        pl.col("event_date") >= pl.col("start"),
        pl.col("event_date") < pl.col("end"),
        pl.col("plan") == "account_executive",
    )
    month = pl.col("event_date").str.slice(0, 7)
    rows = rows.with_columns(period=month, value=pl.col("amount").cast(pl.Float64))
    return rows.filter(pl.col("period").is_between(pl.lit(FIRST), pl.lit(LAST)))


def _picked(kind: str, lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """The transactions disputed for a reason, by whom, and when; more of them early than late."""
    made = CANDIDATES[kind](lines, tables).unique("transaction_id", maintain_order=True)
    draws = Draws(f"disputes {kind}")
    months = [str(m) for m in np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)]
    early = len(months) - made["period"].replace_strict(
        months, list(range(len(months))), default=0, return_dtype=pl.Int64
    )
    luck = draws.between(1, 1_000_000, len(made)) / (20 + early.to_numpy())
    luck = np.where((made["period"] == RECENT).to_numpy(), luck % KEPT, luck)
    made = made.with_columns(luck=pl.Series(luck)).sort("luck", "transaction_id")
    made = made.head(KINDS[kind][0])
    ends = [np.datetime64(p, "M") + 1 for p in made["period"]]
    end = np.array(ends, "datetime64[M]").astype("datetime64[D]").astype(np.int64)
    raised = end + draws.between(4, 24, len(made))
    answer = draws.between(0, 99, len(made))
    slow = draws.between(50, 160, len(made))
    return made.select(
        *("payee_id", "plan", "period", "transaction_id", "line_id", "value"),
        kind=pl.lit(kind),
        raised=pl.Series(raised),
        answer=pl.Series(answer),
        slow=pl.Series(np.where((made["period"] == RECENT).to_numpy(), 3 * slow, slow)),
    )


def _late(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    late = pl.col("recorded_date").str.slice(0, 7) > pl.col("period")
    return _of_owner(lines.filter(late, pl.col("value") > 0)).with_columns(line_id=pl.lit(""))


def _misread(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    shared = list(tables["splits"]["transaction_id"])
    whole = ~pl.col("transaction_id").is_in(shared) & (pl.col("recorded_date") == "")
    rows = _of_owner(lines.filter(whole, pl.col("value") > 20_000))
    ids = [_line_id(row) for row in rows.to_dicts()]
    return rows.with_columns(line_id=pl.Series(ids, dtype=pl.String))


def _owners(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """Orders booked for another than who pursued the deal."""
    booked = pl.DataFrame(tables["transactions"]).filter(pl.col("kind") == "new")
    pursued = pl.DataFrame(tables["opportunities"]).filter(pl.col("deal_id") != "")
    rows = booked.join(
        pursued.select("deal_id", payee_id="owner_id"), on="deal_id", maintain_order="left"
    ).filter(pl.col("payee_id") != pl.col("owner_id"))
    return rows.select(
        *("transaction_id", "payee_id"),
        plan=pl.lit("account_executive"),
        period=pl.col("event_date").str.slice(0, 7),
        value=pl.col("amount").cast(pl.Float64),
        line_id=pl.lit(""),
    )


def _splits(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """Orders without a share, of sellers who share with the same colleague at other times."""
    shared = pl.DataFrame(tables["splits"])
    own = lines.join(shared, on="transaction_id", maintain_order="left")
    pairs = (
        own.group_by("owner_id", "payee_id", maintain_order=True)
        .agg(times=pl.len())
        .sort("times", descending=True, maintain_order=True)
        .unique("owner_id", maintain_order=True)
    )
    alone = lines.join(shared, on="transaction_id", how="anti", maintain_order="left")
    rows = alone.filter(pl.col("value") > 10_000).join(pairs, on="owner_id", maintain_order="left")
    plans = set(lines["owner_id"])
    rows = rows.filter(pl.col("payee_id").is_in(sorted(plans)))
    return _slim(rows.with_columns(line_id=pl.lit("")))


def _hierarchy(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """Orders of sellers shortly before they came to another manager, who claims them."""
    held = pl.DataFrame(tables["positions"]).select(
        owner_id="payee_id", next_start="start_date", payee_id="manager_id"
    )
    plans = pl.DataFrame(tables["positions"]).filter(pl.col("plan") != "")
    plans = plans.unique("payee_id", keep="last", maintain_order=True)
    rows = lines.drop("plan").join(
        held, left_on=["owner_id", "end"], right_on=["owner_id", "next_start"],
        maintain_order="left",
    )  # fmt: skip
    near = pl.col("end").str.to_date() - pl.col("event_date").str.to_date()
    rows = rows.filter(pl.col("payee_id") != pl.col("manager"), near.dt.total_days() <= 40)
    rows = rows.join(plans.select("payee_id", "plan"), on="payee_id", maintain_order="left")
    return _slim(rows.with_columns(line_id=pl.lit("")))


CANDIDATES = {
    "late_booking": _late,
    "wrong_owner": _owners,
    "missing_split": _splits,
    "hierarchy": _hierarchy,
    "plan_misread": _misread,
}


def _moves(number: int, one: Mapping[str, object]) -> list[dict[str, str]]:
    """A dispute's moves, however late."""
    kind, day, value = str(one["kind"]), int(str(one["raised"])), Decimal(str(one["value"]))
    _, accepted, long = KINDS[kind]
    claimed = str((value * (RATE.get(kind) or MISREAD) / 1000).quantize(Decimal("0.01")))
    months = (np.datetime64("2026-10") - np.datetime64(str(one["period"]), "M")).astype(int)
    took = max(3, round(long * int(str(one["slow"])) / 100 * (0.7 + int(months) / 30)))
    answer = int(str(one["answer"]))
    asked = {
        "payee_id": one["payee_id"], "plan": one["plan"], "period": one["period"],
        "lines": one["line_id"], "claimed": claimed, "currency": "USD",
        "transaction_id": "" if one["line_id"] else one["transaction_id"],
        "due_date": _written(day + DUE.get(kind, 15)), "reason": SAYS[kind],
        "owner": DECIDER if kind == "plan_misread" else "sales operations",
    }  # fmt: skip
    rows = [_move(number, 1, "raised", day, one["payee_id"], asked)]
    owner = OWNERS.get(kind, "sales operations")
    seen = {"cause": kind, "owner": owner}
    rows.append(_move(number, 2, "acknowledged", day + 1 + took // 8, DECIDER, seen))
    if answer >= 96:
        gone = {"reason": "I had not seen that it was in the next month's statement."}
        return [*rows, _move(number, 3, "withdrawn", day + took, one["payee_id"], gone)]
    rows.append(_move(number, 3, "investigating", day + 2 + took // 4, owner, {}))
    if answer >= accepted:
        return [*rows, _move(number, 4, "rejected", day + took, DECIDER, {"reason": NO})]
    by_data = kind in ("late_booking", "wrong_owner")
    yes = {"granted": claimed, "currency": "USD", "reason": YES[kind]}
    yes |= {"remedy": "data" if by_data else "adjustment"}
    yes |= {"approved_by": "finance" if Decimal(claimed) > 2500 else ""}
    rows.append(_move(number, 4, "accepted", day + took, DECIDER, yes))
    month = np.datetime64(day + took, "D").astype("datetime64[M]") + 1
    paid = int(month.astype("datetime64[D]").astype(np.int64)) + 6
    end = {"reason": f"in the close of {month - 1}"}
    return [*rows, _move(number, 5, "closed", paid, "close", end)]


WORDS = (
    *("payee_id", "plan", "period", "lines", "transaction_id", "claimed", "granted", "currency"),
    *("cause", "remedy", "owner", "due_date", "approved_by", "reason"),
)


def _move(
    number: int, place: int, move: str, day: int, by: object, said: Mapping[str, object]
) -> dict[str, str]:
    head = {"dispute_id": f"DSP-{number:04d}", "move": move, "move_date": _written(day)}
    words = {name: str(said.get(name, "")) for name in WORDS}
    return {**head, "number": str(place), "by": str(by), **words}


def _of_owner(rows: pl.DataFrame) -> pl.DataFrame:
    return _slim(rows.with_columns(payee_id="owner_id", line_id=pl.lit("")))


def _slim(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("transaction_id", "payee_id", "plan", "period", "value", "line_id")


def _line_id(row: Mapping[str, object]) -> str:
    """The line's name on the statement, as spmlib gives it."""
    payee, period, line = str(row["payee_id"]), str(row["period"]), str(row["transaction_id"])
    words = (payee, row["plan"], "new_business", period[:4], period, "credit", "0", line, "",
             "owner", payee)  # fmt: skip
    return hashlib.sha256("\x1f".join(map(str, words)).encode()).hexdigest()[:10].upper()


def _written(day: object) -> str:
    return str(np.datetime64(int(str(day)), "D"))
