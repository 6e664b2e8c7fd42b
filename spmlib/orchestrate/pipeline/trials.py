"""Trials: the same question asked on earlier days, answered with what was known then.

Every answer has three parts: what the deals say (won so far, what the open ones will add, what new
ones will), the forecast of what is won as a series, and the mean of the same place in earlier
quarters. What came is set beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.pipeline import arrivals, chances
from spmlib.orchestrate.pipeline.amounts import amounts, coded
from spmlib.orchestrate.pipeline.arrivals import Arrivals
from spmlib.orchestrate.pipeline.chances import Fit, Labels
from spmlib.orchestrate.pipeline.deals import Deals
from spmlib.orchestrate.pipeline.snapshots import Asked, exposures

if TYPE_CHECKING:
    import polars as pl

PARTS = ("pipeline", "series", "same_place")
FIRST = 3  # periods over before the first trial: a quarter
YEAR = 13  # periods from which a series is forecast: a year, and one to compare
QUARTERS = 4  # whose same place is averaged
UNSURE = 0.08  # how far an answer from deals may be wrong as a whole, of itself
DOUBT = 2.0  # earlier answers that "the level is right" weighs


@dataclass(frozen=True)
class Trials:
    """What would have been answered on each day, and today; days x leads unless said otherwise.

    Attributes:
        days: the days asked, the last is today.
        periods: the name of the period that each answer is about.
        actual: what was won in it; NaN where it is not over.
        parts: days x leads x `PARTS`: each answer [currency].
        variance: of the answer from deals.
        weighted: the open deals due in the span, each at the share of its stage that was ever won.
        levels: what open deals came to before, over what was expected of them.
        fresh: what new deals will be won for.
        over: whether a span was over by a day: days (of the span) x leads x days (that know).
        rows: the deals open on each day and their spans, as `snapshots.exposures`, with closes,
            wins (if it closes), chance (that it is won in the span) and worth.
        now: what is known today beyond the answer.
    """

    days: Whole
    periods: Whole
    actual: Floats
    parts: Floats
    variance: Floats
    weighted: Floats
    levels: Floats
    fresh: Floats
    over: Whole
    rows: pl.DataFrame
    now: Now


@dataclass(frozen=True)
class Now:
    """What is known today beyond the answer."""

    fit: Fit
    labels: Labels
    ratios: Floats  # what deals were won for over what was expected; their mean is 1
    arrivals: tuple[Arrivals, ...]  # by lead
    so_far: float  # won in the period under way before today


@dataclass(frozen=True)
class Judged:
    """The rows judged with what was known on their day; NaN on days too early for it."""

    closes: Floats
    wins: Floats
    chance: Floats
    worth: Floats
    spread: Floats  # the variance of what a row adds
    fit: Fit
    ratios: Floats


def trials(deals: Deals, asked: Asked, seasonal: bool = True) -> Trials:
    """Ask today, and on every earlier day that had a quarter before it.

    Args:
        deals: known up to today.
        asked: the days.
        seasonal: whether the place in the quarter counts for deals.
    """
    import polars as pl

    rows = exposures(deals, asked)
    labels = chances.labelled(rows, deals.labels, seasonal)
    shape = (asked.days.height, asked.spans.height // asked.days.height)
    days, ends = asked.days["day"].to_numpy(), asked.spans["end"].to_numpy().reshape(shape)
    over = ends[:, :, None] <= days[None, None, :]
    opening = arrivals.table(deals, asked)
    new, place = (opening[name].to_numpy().reshape(shape) for name in ("new", "place"))
    came, total = _by_span(rows, _won(rows), shape), _total(deals, asked).reshape(shape)
    so_far = total[:, 0] - came[:, 0] - new[:, 0]
    judged = _judged(rows, labels, days, deals.labels)
    hoped = _by_span(rows, judged.chance * judged.worth, shape)
    levels = np.stack([_levels(hoped, came, over[:, :, at]) for at in range(shape[0])])
    coming = [_coming(new, place, over[:, :, at], at, seasonal) for at in range(shape[0])]
    fresh = np.array([[each.expected for each in of_day] for of_day in coming])
    answer = hoped * levels + fresh
    answer[:, 0] += so_far
    usual = np.array([total[: max(at, 1), 0].mean() for at in range(shape[0])])[:, None]
    variance = _by_span(rows, judged.spread, shape) * levels**2
    variance += (UNSURE * np.maximum(answer, usual)) ** 2
    variance += [[each.variance for each in of_day] for of_day in coming]
    others = np.stack([_others(total[:at, 0], place, at) for at in range(shape[0])])
    others[np.isnan(answer)] = np.nan
    made = {name: getattr(judged, name) for name in ("closes", "wins", "chance", "worth")}
    return Trials(
        days=days,
        periods=asked.spans["period"].to_numpy().reshape(shape),
        actual=np.where(ends <= np.datetime64(deals.day), total, np.nan),
        parts=np.concatenate([answer[:, :, None], others], axis=2),
        variance=variance,
        weighted=_weighted(rows, days, shape),
        levels=levels,
        fresh=fresh,
        over=over,
        rows=rows.with_columns(pl.Series(name, values) for name, values in made.items()),
        now=Now(judged.fit, labels, judged.ratios, tuple(coming[-1]), float(so_far[-1])),
    )


def _judged(rows: pl.DataFrame, labels: Labels, days: Whole, own: tuple[str, ...]) -> Judged:
    """Every row, with what was known on its day."""
    number, lead = rows["number"].to_numpy(), rows["lead"].to_numpy()
    there, closed, won = (rows[name].to_numpy() for name in ("open", "closed", "won"))
    end, ended = rows["end"].to_numpy(), rows["ended"].to_numpy()
    came = rows["came"].fill_null(0.0).to_numpy()
    success = rows["success"].fill_null(False).to_numpy()
    made = {
        name: np.full(len(rows), np.nan) for name in ("closes", "wins", "chance", "worth", "spread")
    }
    said, codes = rows["amount"].fill_null(np.nan).to_numpy(), coded(rows, own)
    raw = {name: np.full(len(rows), np.nan) for name in ("closes", "wins")}
    fit: Fit | None = None
    for at in range(FIRST, len(days)):
        mine = number == at
        fit = chances.fitted(labels, closed, won, there & (end <= days[at]), fit)
        known = success & (ended < days[at]) & (number < at) & (lead == 0)
        value = amounts(said, codes, came, known)
        raw["closes"][mine] = fit.closes(labels.codes[mine])
        raw["wins"][mine] = fit.wins(labels.codes[mine])
        tried = there & (end <= days[at]) & (number >= FIRST) & (number < at)
        for name, which, outcome in (("closes", tried, closed), ("wins", tried & closed, won)):
            for ahead in range(lead.max() + 1):
                now, then = mine & (lead == ahead), which & (lead == ahead)
                many = len(np.unique(number[then]))
                made[name][now] = chances.corrected(
                    raw[name][now], raw[name][then], outcome[then], many
                )
        closes, wins = made["closes"][mine], made["wins"][mine]
        chance = _reached(rows.filter(mine), closes) * closes * wins
        worth = value.expected[mine]
        made["chance"][mine], made["worth"][mine] = chance, worth
        unequal = float(value.ratios.var())
        made["spread"][mine] = (chance * (1 - chance) + chance * unequal) * worth**2
    assert fit is not None  # `snapshots.asked` refuses less
    return Judged(**made, fit=fit, ratios=value.ratios)


def _reached(rows: pl.DataFrame, closes: Floats) -> Floats:
    """The chance that a deal is still open as each of its spans begins, seen from the day."""
    import polars as pl

    still = rows.select("deal", still=pl.Series(1 - closes))
    before = pl.col("still").cum_prod().shift(1, fill_value=1.0).over("deal")
    return still.select(before)["still"].to_numpy()


def _by_span(rows: pl.DataFrame, values: Floats, shape: tuple[int, int]) -> Floats:
    """The sum of values by day and lead."""
    at = rows["number"].to_numpy() * shape[1] + rows["lead"].to_numpy()
    return np.bincount(at, values, shape[0] * shape[1]).reshape(shape)


def _won(rows: pl.DataFrame) -> Floats:
    """What each row was won for in its span."""
    return np.where(rows["won"].to_numpy(), rows["came"].fill_null(0.0).to_numpy(), 0.0)


def _total(deals: Deals, asked: Asked) -> Floats:
    """What was won in the whole period of each span, as far as it is over."""
    import polars as pl

    won = deals.closings.filter("won").select("day", "amount")
    spans = asked.spans.select("number", "lead", "start", "end")
    both = won.join_where(spans, pl.col("day") >= pl.col("start"), pl.col("day") < pl.col("end"))
    sums = both.group_by("number", "lead").agg(pl.col("amount").sum())
    made = spans.join(sums, on=["number", "lead"], how="left", maintain_order="left")
    return made["amount"].fill_null(0.0).to_numpy()


def _levels(hoped: Floats, came: Floats, over: Whole) -> Floats:
    """What open deals came to over what was expected of them, by lead; held towards 1."""
    there = over & ~np.isnan(hoped)
    expected, got = (np.where(there, made, 0.0).sum(axis=0) for made in (hoped, came))
    typical = np.divide(expected, there.sum(axis=0), out=np.ones(len(got)), where=expected > 0)
    return (got + DOUBT * typical) / (expected + DOUBT * typical)


def _coming(new: Floats, place: Whole, over: Whole, at: int, seasonal: bool) -> list[Arrivals]:
    """New deals of every lead, from the spans that were over."""
    return [
        arrivals.arrivals(new[known, lead], place[known, lead], place[at, lead], seasonal)
        for lead, known in enumerate(over.T)
    ]


def _weighted(rows: pl.DataFrame, days: Whole, shape: tuple[int, int]) -> Floats:
    """The open deals due in each span, times the share of their stage that was ever won."""
    import polars as pl

    made = np.zeros(shape)
    ended = rows.filter(pl.col("closed"), pl.col("lead") == 0)
    due = (pl.col("due") < pl.col("end")) & (pl.col("due") >= pl.col("begin"))
    open_ = rows.filter(due).select("number", "lead", "stage", "amount")
    for at, day in enumerate(days):
        past = ended.filter(pl.col("end") <= day)
        share = past.group_by("stage").agg(share=pl.col("won").mean())
        mine = open_.filter(pl.col("number") == at).join(share, on="stage")
        value = (mine["amount"].fill_null(0.0) * mine["share"]).to_numpy()
        made[at] = np.bincount(mine["lead"].to_numpy(), value, shape[1])
    return made


def _others(known: Floats, place: Whole, at: int) -> Floats:
    """The forecast of the periods' sales as a series, and the mean of the same place."""
    import polars as pl

    made = np.full((place.shape[1], 2), np.nan)
    if at >= YEAR:
        months = [date(2000 + n // 12, n % 12 + 1, 1) for n in range(at)]
        history = pl.DataFrame({"series": "won", "date": months, "value": known})
        made[:, 0] = forecast(engine.table(history), place.shape[1]).values[0]
    for lead in range(place.shape[1]) if at >= FIRST else ():
        same = known[place[:at, 0] == place[at, lead]][-QUARTERS:]
        made[lead, 1] = same.mean() if len(same) else known[-QUARTERS:].mean()
    return made
