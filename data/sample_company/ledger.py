"""The ledger: booked lines in the order they came to be known, and what happened to them after."""

from __future__ import annotations

import numpy as np
import polars as pl

from . import catalogue
from .days import END, MONTH, START, month_start
from .draws import Draws, Whole, rounded
from .people import People

LATE = 22  # thousandths of the lines that come to be known weeks later, in another month
SHARED = (
    150  # thousandths of the deals, and of the account managers' lines, shared with a colleague
)
CANCELLED = 25  # thousandths of the sold lines
WHOLLY = 680  # thousandths of the cancellations that undo the whole line
BILLED, COLLECTED = 994, 985  # thousandths of the sold lines, and of the bills that are old enough
SHARES = (
    ("0.5",),
    ("0.3",),
    ("0.4",),
    ("0.25",),
    ("0.5",),
    ("0.33333333", "0.33333333"),
    ("0.2",),
    ("0.3", "0.2"),
)
SOLD = ("new", "expansion", "renewal", "service")


def ledger(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """All lines, numbered in the order of the day they came to be known."""
    names = parts[0].columns
    rows = pl.concat([part.select(names) for part in parts])
    draws = Draws("ledger")
    rows = rows.with_columns(known=pl.Series(_known(rows, draws)), deal_no=_deals(rows))
    rows = rows.with_columns(lot=pl.Series(draws.shuffled(len(rows))))
    rows = rows.sort("known", "day", "deal_no", "lot").with_row_index("n").drop("lot", "deal")
    return rows.with_columns(pl.col("n").cast(pl.Int64))


def splits(rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Colleagues who share a deal with its owner, who keeps the rest: line, person, share."""
    draws = Draws("splits")
    own = rows.filter(
        pl.col("kind").is_in(["new", "service", "expansion"]) & (pl.col("channel") != "distributor")
    )
    deals = own.group_by("deal_no").agg(pl.col("day", "owner").first()).sort("deal_no")
    deals = deals.filter(pl.Series(draws.chance(SHARED, len(deals))))
    size, made = len(deals), []
    pattern, first = draws.below(len(SHARES), size), draws.below(2**30, size)
    told = zip(deals.rows(), pattern.tolist(), first.tolist(), strict=True)
    for (deal, day, owner), which, drawn in told:
        near = _colleagues(people, owner, day)
        with_ = [near[(drawn + k) % len(near)] for k in range(min(len(SHARES[which]), len(near)))]
        made += [(deal, person, share) for person, share in zip(with_, SHARES[which], strict=False)]
    shared = pl.DataFrame(made, schema=["deal_no", "person", "share"], orient="row")
    return (
        own.select("n", "deal_no")
        .join(shared, on="deal_no")
        .sort("n", "person")
        .select("n", "person", "share")
    )


def events(rows: pl.DataFrame) -> pl.DataFrame:
    """Bills, collections and cancellations of sold lines: line, event, day, day known, amount."""
    draws = Draws("events")
    sold = rows.filter(pl.col("kind").is_in(SOLD))
    gone = _cancellations(sold, draws)
    paid = pl.concat([sold.join(gone, on="n", how="anti"), _left_over(sold, gone)])
    bills = _after(paid.filter(pl.Series(draws.chance(BILLED, len(paid)))), "billing", 3, 28, draws)
    kept = bills.filter(pl.Series(draws.chance(COLLECTED, len(bills))))
    made = pl.concat([gone, bills, _after(kept, "collection", 18, 75, draws)])
    return made.filter(pl.col("known") < END).sort("known", "day", "event", "n")


def _known(rows: pl.DataFrame, draws: Draws) -> Whole:
    """The day a line came to be known: its own; for some, weeks later and past the month's end."""
    day = rows["day"].to_numpy()
    late = draws.chance(LATE, len(rows)) & ~rows["kind"].is_in(["meeting"]).to_numpy()
    next_month = month_start(MONTH[day - START] + 1)
    known = np.maximum(next_month, day) + draws.between(2, 36, len(rows))
    scored = rows["kind"].to_numpy() == "objective"
    return np.where(scored & (day + 9 < END), day + 9, np.where(late & (known < END), known, day))


def _deals(rows: pl.DataFrame) -> pl.Series:
    """One number for each deal; a line without a deal is one of its own, meetings have none."""
    alone = pl.int_range(pl.len()) + 1_000_000
    sold = pl.col("kind").is_in(SOLD)
    key = pl.when(~sold).then(-1).when(pl.col("deal") >= 0).then(pl.col("deal")).otherwise(alone)
    return rows.select(key.alias("deal_no")).to_series()


def _colleagues(people: People, owner: int, day: int) -> list[int]:
    """Others in the same plan on the day, those of the same market first where there are any."""
    at = [s for s in people.stints if s.start <= day < s.end and s.status == "active"]
    mine = next(s.seat for s in at if s.person == owner)
    same = [s for s in at if s.seat.role == mine.role and s.person != owner]
    return [s.person for s in same if s.seat.market == mine.market] or [s.person for s in same]


def _cancellations(sold: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    gone = sold.filter(pl.Series(draws.chance(CANCELLED, len(sold))))
    size = len(gone)
    minor = np.array([catalogue.MINOR[c] for c in gone["currency"].to_list()], np.int64)
    amount = gone["amount"].to_numpy()
    part = rounded(amount * draws.between(15, 80, size) // 100, minor)
    wholly = draws.chance(WHOLLY, size) | (part == 0)
    day = gone["day"].to_numpy() + draws.spread(
        ((0, 6), (3000, 30), (7000, 95), (10000, 320)), size
    )
    known = day + np.where(draws.chance(80, size), draws.between(10, 40, size), 0)
    return pl.DataFrame(
        {
            "n": gone["n"],
            "currency": gone["currency"],
            "event": np.full(size, "cancellation"),
            "day": day,
            "known": known,
            "amount": -np.where(wholly, amount, part),
        }
    )


def _left_over(sold: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """What is still to be billed of lines cancelled in part, from that day on."""
    undone = gone.select("n", gone_day="day", gone_amount="amount")
    rows = sold.join(undone, on="n", maintain_order="left").filter(
        pl.col("amount") + pl.col("gone_amount") != 0
    )
    left = rows.with_columns(day="gone_day", amount=pl.col("amount") + pl.col("gone_amount"))
    return left.select(sold.columns)


def _after(rows: pl.DataFrame, event: str, soonest: int, latest: int, draws: Draws) -> pl.DataFrame:
    day = rows["day"].to_numpy() + draws.between(soonest, latest, len(rows))
    return (
        rows.select("n", "currency", "amount")
        .with_columns(event=pl.lit(event), day=pl.Series(day), known=pl.Series(day))
        .select("n", "currency", "event", "day", "known", "amount")
    )
