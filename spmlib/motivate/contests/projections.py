"""Projections: how a SPIFF that is running may end: its cost, and each person's chances.

The rest of the window is drawn many times, each person at a rate that is itself drawn (see
`rates`), and each end is paid as the SPIFF says. All is an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames, rates
from spmlib.motivate.contests.clusters import refuse_share
from spmlib.motivate.contests.prizes_drawn import Drawn, drawn
from spmlib.motivate.contests.rates import BELIEVED, Rates
from spmlib.rules.spiffs.written import Spiff

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Projection:
    """How a SPIFF may end.

    Attributes:
        spiff: its name; currency: of what it pays.
        day: the first day that was not known.
        cost, low, high: of all prizes at the end: mean, and interval [currency].
        now: what it would cost if it ended now.
        budget: as written, if one is.
        exceeds: chance that the prizes come to more than the budget, before it cuts them.
        costs: of each draw [currency].
        people: payee_id, competing, score, expected (score at the end), low, high, prize
            (expected), prize_now, wins (chance of any prize), leads (of place 1), places (of a
            place that wins).
        chances: payee_id, place, chance: for each place that wins.
        sure: what intervals promise.
    """

    spiff: str
    currency: str
    day: date
    cost: float
    low: float
    high: float
    now: float
    budget: float | None
    exceeds: float | None
    costs: Any
    people: pl.DataFrame
    chances: pl.DataFrame
    sure: float


def projection(
    standing: Any,
    scores: Any,
    spiff: Spiff,
    day: date,
    history: int = 180,
    draws: int = 4000,
    seed: int = 1,
    sure: float = 0.8,
    season: float = 1.0,
    since: Mapping[str, date] | None = None,
) -> Projection:
    """How a SPIFF may end, from its standing on a day and each person's past scores.

    Args:
        standing: payee_id, score [units] now, and where they differ: competing, why (empty, or
            ``nothing scored`` or ``below the minimum``, where somebody may still win).
        scores: payee_id, event_date, score [units]: what was scored before, in the window or not.
        spiff: what is won.
        day: the first day that is not known.
        history: days before it from which rates are learnt.
        draws, seed: of the simulation.
        sure: what intervals promise.
        season: how much more is usually scored in the rest of the window than on the days of the
            history; see `seasonal`.
        since: first day of those who began later.

    Raises:
        ParameterError: a number is out of its range, or nobody takes part.
    """
    refuse_share(sure)
    if draws < 1 or history < 1 or season < 0:
        wrong = f"draws={draws}, history={history}, season={season}"
        raise ParameterError(f"{wrong}: write 1 or more for both counts, and 0 or more for season.")
    rows = _standing(standing)
    people, now = rows["payee_id"].to_list(), rows["score"].to_numpy()
    known = rates.rates(scores, people, day - timedelta(days=history), day, since)
    left = max((spiff.end - max(day, spiff.start)).days, 0)
    rng = np.random.default_rng(seed)
    more, last = rest(known, left * season, draws, rng)
    final = now[None, :] + more
    reached = np.where(more > 0, last * left, -1.0)
    groups, fits = rows["competing"].to_numpy(), rows["fits"].to_numpy()
    made = drawn(final, groups, fits, spiff, reached)
    held = drawn(now[None, :], groups, fits, spiff)
    costs = made.prizes.sum(1)
    budget = None if spiff.budget is None else float(spiff.budget.amount)
    low, high = np.quantile(costs, [(1 - sure) / 2, (1 + sure) / 2])
    return Projection(
        spiff=spiff.name,
        currency=spiff.currency,
        day=day,
        cost=float(costs.mean()),
        low=float(low),
        high=float(high),
        now=float(held.prizes.sum()),
        budget=budget,
        exceeds=None if budget is None else float((made.asked.sum(1) > budget + 1e-6).mean()),
        costs=costs,
        people=_people(rows, final, made, held, sure),
        chances=_chances(people, made, len(spiff.places)),
        sure=sure,
    )


def rest(known: Rates, days: float, draws: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """What each person scores in some days more, drawn many times.

    Args:
        known: how each person scores.
        days: how many, weighed by season.
        draws: how often.
        rng: draws.

    Returns:
        Sums of scores [units], draws x people; and when the last comes [share of the days].
    """
    people = len(known.people)
    each = rng.gamma(known.shape, 1 / known.exposure, (draws, people))
    count = rng.poisson(each * days)
    last = rng.random((draws, people)) ** (1 / np.maximum(count, 1))
    if not len(known.sizes):
        return count * 0.0, last
    who = np.repeat(np.tile(np.arange(people), draws), count.ravel())
    own = rng.random(len(who)) < known.counts[who] / (known.counts[who] + BELIEVED)
    of_own = known.starts[who] + (rng.random(len(who)) * known.counts[who]).astype(int)
    picked = np.where(own, of_own, rng.integers(0, len(known.sizes), len(who)))
    cell = np.repeat(np.arange(draws * people), count.ravel())
    sums = np.bincount(cell, known.sizes[picked], draws * people)
    return sums.reshape(draws, people), last


def seasonal(scores: Any, day: date, end: date, history: int) -> float:
    """How much more is scored from a day to an end than before it, as a year before.

    Returns:
        Scores a day in the same days a year before, over those a day of `history` days before
        them; 1 where either has none.
    """
    import polars as pl

    rows = frames.taken(scores, ("event_date", "score"), "the scores")
    rows = frames.days(rows, "event_date", "the scores").filter(pl.col("score") > 0)
    back = timedelta(days=364)
    then = rows["event_date"]
    start, stop = day - back, end - back
    after = int(((then >= start) & (then < stop)).sum())
    before = int(((then >= start - timedelta(days=history)) & (then < start)).sum())
    if not after or not before or end <= day:
        return 1.0
    return (after / (end - day).days) / (before / history)


def _standing(standing: Any) -> pl.DataFrame:
    import polars as pl

    rows = frames.taken(standing, ("payee_id", "score"), "the standing")
    if rows["payee_id"].n_unique() < rows.height:
        raise ParameterError("the standing: somebody stands there twice; give each person one row.")
    group = pl.col("competing") if "competing" in rows.columns else pl.lit("")
    why = pl.col("why") if "why" in rows.columns else pl.lit(None, pl.String)
    early = why.is_null() | why.is_in(["nothing scored", "below the minimum"])
    return rows.select(
        pl.col("payee_id").cast(pl.String),
        pl.col("score").cast(pl.Float64).fill_null(0.0),
        competing=group.cast(pl.String).fill_null(""),
        fits=early,
    )


def _people(rows: pl.DataFrame, final: Any, made: Drawn, held: Drawn, sure: float) -> pl.DataFrame:
    import polars as pl

    low, high = np.quantile(final, [(1 - sure) / 2, (1 + sure) / 2], axis=0)
    return rows.select("payee_id", "competing", "score").with_columns(
        expected=pl.Series(final.mean(0)),
        low=pl.Series(low),
        high=pl.Series(high),
        prize=pl.Series(made.prizes.mean(0)),
        prize_now=pl.Series(held.prizes[0]),
        wins=pl.Series((made.prizes > 0).mean(0)),
        leads=pl.Series((made.places == 1).mean(0)),
    )


def _chances(people: list[str], made: Drawn, places: int) -> pl.DataFrame:
    import polars as pl

    rows = {"payee_id": [], "place": [], "chance": []}  # type: dict[str, list[object]]
    for place in range(1, places + 1):
        rows["payee_id"] += people
        rows["place"] += [place] * len(people)
        rows["chance"] += (made.places == place).mean(0).tolist()
    return pl.DataFrame(
        rows, schema={"payee_id": pl.String, "place": pl.Int64, "chance": pl.Float64}
    )
