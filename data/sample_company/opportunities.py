"""Opportunities: the deals that account executives pursued, won or not, and how they came along.

Won ones are the deals that were booked. Each leads to others like it that were lost; last year's
come back as those that are still open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from . import catalogue
from .customers import Customers
from .days import END, START, written
from .draws import Draws, Whole, rounded
from .people import People
from .written import TICKS, exact

Columns = Mapping[str, Sequence[object]]

STAGES = ("qualified", "discovery", "proposal", "negotiation")
REACHED = (24, 34, 27, 15)  # odds of the stage in which a lost deal ends
AT = ((0, 0), (60, 300), (280, 600), (550, 880))  # when a stage begins [thousandths of the cycle]
CYCLE = {"enterprise": 115, "mid_market": 68, "small": 34}  # mean days from opening to winning
LENGTHS = ((0, 250), (1000, 420), (5000, 900), (8000, 1350), (9500, 2100), (10000, 3200))
LOST = 1450  # lost deals for a thousand won ones, by a seller of usual talent
LINGERING = 70  # thousandths of the lost deals that nobody closes for half a year and more
SOURCES, WON_FROM, LOST_FROM = (
    ("marketing", "outbound", "referral", "partner"),
    (34, 24, 22, 20),
    (40, 41, 9, 10),
)
ESTIMATES = ((0, 480), (2500, 850), (5000, 1030), (7500, 1260), (10000, 2300))  # of the amount
HOPE = ((0, 450), (3000, 750), (7000, 950), (10000, 1400))  # of the usual cycle
PUSHES = 6  # times a date is moved at the most
NEGLECTED = 130  # thousandths of the dates that pass without being moved
COMMITTED = (820, 430)  # thousandths of those in negotiation that are committed: won, lost
YEAR = 364  # days, a whole number of weeks


def pursued(people: People, firm: Customers, sold: pl.DataFrame) -> pl.DataFrame:
    """Every deal that was ever open before the end: who, what, when opened and how it ended.

    Args:
        people: of the firm.
        firm: its customers.
        sold: the booked lines of new business.
    """
    draws = Draws("pursued")
    won = sold.group_by("deal", maintain_order=True).agg(
        pl.col("day", "account", "owner", "currency").first(),
        pl.col("amount").sum(),
        partner=(pl.col("channel") == "partner").any(),
    )
    won = won.sort("day", "deal")
    again = won.filter(pl.col("day") >= END - YEAR).with_columns(
        pl.col("day") + YEAR, deal=pl.lit(-1, pl.Int64)
    )
    again = again.filter(_employed(people, again["owner"]))
    both = pl.concat([won, again])
    rows = pl.concat([_won(both, draws), _lost(people, both, draws)])
    segment = firm.segment[rows["account"].to_numpy()]
    usual = np.array([CYCLE[s] for s in segment.tolist()], np.int64)
    cycle = np.maximum(4, usual * draws.spread(LENGTHS, len(rows)) // 1000)
    lost = ~rows["won"].to_numpy()
    reached = np.where(lost, draws.chosen(REACHED, len(rows)), 3)
    cycle = np.where(lost, cycle * (550 + 230 * reached) // 1000, cycle)
    lingers = lost & draws.chance(LINGERING, len(rows))
    opened = rows["day"].to_numpy() - cycle
    rows = rows.with_columns(
        opened=pl.Series(_working(opened)),
        closed=pl.Series(rows["day"].to_numpy() + np.where(lingers, 190, 0)),
        reached=pl.Series(reached),
        usual=pl.Series(usual),
        cycle=pl.Series(cycle),
        lot=pl.Series(draws.shuffled(len(rows))),
    )
    rows = (
        rows.filter((pl.col("opened") < END) & (pl.col("closed") >= START))
        .sort("opened", "lot")
        .drop("lot", "day")
    )
    return rows.with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))


def opportunities(
    rows: pl.DataFrame, firm: Customers, people: People, deals: Sequence[object]
) -> Columns:
    """The table of opportunities.

    Args:
        rows: the deals pursued.
        firm: the customers.
        people: who may own a deal.
        deals: the number under which each was booked; empty where it was not.
    """
    return {
        "opportunity_id": _ids(rows["n"]),
        "created_date": written(rows["opened"].to_numpy()),
        "account_id": firm.id(rows["account"].to_numpy()).tolist(),
        "owner_id": [people.id(p) for p in rows["owner"].to_list()],
        "source": rows["source"].to_list(),
        "currency": rows["currency"].to_list(),
        "deal_id": list(deals),
    }


def history(rows: pl.DataFrame) -> Columns:
    """The table of opportunity history: one row for each day on which something changed."""
    made = _history(rows).filter(pl.col("day") < END).sort("day", "n")
    minor = np.array([catalogue.MINOR[c] for c in made["currency"].to_list()], np.int64)
    amount = exact(rounded(made["amount"].fill_null(0).to_numpy(), minor))
    known = made["amount"].is_not_null().to_list()
    return {
        "opportunity_id": _ids(made["n"]),
        "change_date": written(made["day"].to_numpy()),
        "stage": made["stage"].to_list(),
        "status": made["status"].to_list(),
        "category": made["category"].to_list(),
        "amount": [told if there else "" for told, there in zip(amount, known, strict=True)],
        "close_date": written(made["due"].to_numpy()),
    }


def _won(rows: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    source = np.array(SOURCES)[draws.chosen(WON_FROM, len(rows))]
    source = np.where(rows["partner"].to_numpy(), "partner", source)
    return rows.with_columns(source=pl.Series(source), won=pl.lit(True)).drop("partner")


def _lost(people: People, rows: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Deals like those won, of the same sellers about the same time, that were not."""
    many = LOST * 1000 // people.talent[rows["owner"].to_numpy()]
    several = draws.chosen((50, 26, 14, 10), len(rows))
    size = np.where(draws.chance(many * 1000 // 840, len(rows)), several, 0)
    size += draws.below(1000, len(rows)) < many - 700
    copies = np.repeat(np.arange(len(rows)), size)
    like = rows[copies]
    count = len(like)
    near = like["account"].to_numpy()[np.argsort(like["owner"].to_numpy(), kind="stable")]
    of_owner = np.argsort(np.argsort(like["owner"].to_numpy(), kind="stable"), kind="stable")
    account = near[np.clip(of_owner + draws.between(-4, 4, count), 0, max(count - 1, 0))]
    same = rows.select("account", "currency").unique("account").sort("account")
    currency = dict(same.iter_rows())
    kept = [currency[a] == c for a, c in zip(account.tolist(), like["currency"], strict=True)]
    account = np.where(kept, account, like["account"].to_numpy())
    day = _working(like["day"].to_numpy() + draws.between(-40, 26, count))
    source = np.array(SOURCES)[draws.chosen(LOST_FROM, count)]
    worth = like["amount"].to_numpy() * draws.between(600, 1500, count) // 1000
    return like.with_columns(
        account=pl.Series(account),
        day=pl.Series(day),
        deal=pl.lit(-1, pl.Int64),
        amount=pl.Series(worth),
        source=pl.Series(source),
        won=pl.lit(False),
    ).drop("partner")


def _history(rows: pl.DataFrame) -> pl.DataFrame:
    """The days on which a deal opened, moved on, was put off, and ended."""
    draws = Draws("opportunity history")
    size = len(rows)
    opened, closed, cycle, won = (
        rows[name].to_numpy() for name in ("opened", "closed", "cycle", "won")
    )
    reached, usual = rows["reached"].to_numpy(), rows["usual"].to_numpy()
    length = np.where(won, closed - opened, cycle)
    starts = np.stack(
        [_working(opened + length * draws.between(*span, size) // 1000) for span in AT]
    )
    starts[0] = opened
    guess = _rough(rows, draws.spread(ESTIMATES, size))
    better = _rough(rows, 1000 + (draws.spread(ESTIMATES, size) - 1000) // 3)
    blank = draws.chance(150, size)
    committed = draws.chance(np.where(won, *COMMITTED), size)
    due, moves = _dates(opened, closed, usual, draws)
    parts = []
    for stage, name in enumerate(STAGES):
        told = (guess, guess, better, better)[stage]
        category = ("pipeline", "pipeline", "best_case", "")[stage]
        category = np.where(committed, "commit", "best_case") if stage == 3 else category
        part = rows.select("n", "currency").with_columns(
            day=pl.Series(starts[stage]),
            stage=pl.lit(name),
            category=pl.Series(np.broadcast_to(category, size)),
            amount=pl.Series(told),
        )
        part = part.with_columns(
            amount=pl.when(pl.Series(blank & (stage == 0))).then(None).otherwise(pl.col("amount"))
        )
        parts.append(part.filter(pl.Series((reached >= stage) & (starts[stage] < closed))))
    ended = rows.select(
        "n",
        "currency",
        day="closed",
        stage=pl.lit("closed"),
        category=pl.lit("closed"),
        amount="amount",
    )
    both = pl.concat([*parts, ended]).unique(["n", "day"], keep="last", maintain_order=True)
    put_off = _moved(rows, due, moves)
    made = pl.concat([both, put_off], how="diagonal").sort("n", "day", maintain_order=True)
    held = [pl.col(name).forward_fill().over("n") for name in ("stage", "category", "due")]
    unknown = pl.col("amount").forward_fill().over("n")
    made = made.with_columns(*held, amount=unknown).unique(
        ["n", "day"], keep="last", maintain_order=True
    )
    made = made.join(rows.select("n", "closed", "won"), on="n")
    end = pl.col("day") == pl.col("closed")
    status = pl.when(end & pl.col("won")).then(pl.lit("won"))
    status = status.when(end).then(pl.lit("lost")).otherwise(pl.lit("open"))
    made = made.with_columns(status=status)
    stage = pl.when(end).then("status").otherwise("stage")
    made = made.with_columns(
        stage=stage.alias("stage"),
        category=pl.when(end).then(pl.lit("closed")).otherwise("category"),
        due=pl.when(end).then("closed").otherwise("due"),
    )
    return made.filter(pl.col("day") <= pl.col("closed"))


def _dates(
    opened: Whole, closed: Whole, usual: Whole, draws: Draws
) -> tuple[list[Whole], list[Whole]]:
    """The dates by which a deal was to close, and the days on which they were given."""
    size = len(opened)
    due = _month_end(opened + np.maximum(9, usual * draws.spread(HOPE, size) // 1000), draws)
    dates, given = [due], [opened]
    alive = np.ones(size, bool)
    for _ in range(PUSHES):
        alive &= (due < closed) & ~draws.chance(NEGLECTED, size)
        told = _working(due - draws.between(-6, 9, size))
        later = _month_end(due + draws.between(14, 50, size), draws)
        due = np.where(alive, later, due)
        dates.append(due)
        given.append(np.where(alive & (told > opened) & (told < closed), told, -1))
    return dates, given


def _moved(rows: pl.DataFrame, dates: Sequence[Whole], given: Sequence[Whole]) -> pl.DataFrame:
    parts = [
        rows.select("n", "currency").with_columns(day=pl.Series(day), due=pl.Series(due))
        for due, day in zip(dates, given, strict=True)
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("day") >= 0)
        .unique(["n", "day"], keep="last", maintain_order=True)
    )


def _month_end(days: Whole, draws: Draws) -> Whole:
    """For half of the days the end of their month, as sellers write it."""
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    last = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    return np.where(draws.chance(500, len(days)), last, days)


def _working(days: Whole) -> Whole:
    """The days, or the Fridays before them."""
    back = np.busday_offset(days.astype("datetime64[D]"), 0, roll="backward")
    return back.astype(np.int64)


def _rough(rows: pl.DataFrame, of: Whole) -> Whole:
    """Amounts as sellers estimate them, in round figures [ticks]."""
    small = np.array([100 if c in ("USD", "EUR", "GBP") else 10_000 for c in rows["currency"]])
    step = small * TICKS
    return np.maximum(step, rounded(rows["amount"].to_numpy() * of // 1000, step))


def _employed(people: People, owners: pl.Series) -> pl.Series:
    """Whether each person sells for the firm at the end."""
    there = {s.person for s in people.stints if s.end == END and s.status == "active"}
    return pl.Series([owner in there for owner in owners.to_list()])


def _ids(numbers: pl.Series) -> list[object]:
    return [f"O{n + 1:05d}" for n in numbers.to_list()]
