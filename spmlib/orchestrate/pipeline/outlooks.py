"""Outlooks: what the pipeline will come to, deal by deal and in all, and how right that was before.

    outlook(company, date(2026, 11, 1), "USD").months

gives what will be won in the period under way and those after it, with intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import (
    CallRecords,
    DealChances,
    Forecasts,
    Issues,
    PipelineTrials,
    StageTimes,
    Table,
    TimesToClose,
)
from spmlib.orchestrate.forecasting.intervals import NORMAL
from spmlib.orchestrate.pipeline import calls, durations, moves, stacks
from spmlib.orchestrate.pipeline.deals import Deals, deals
from spmlib.orchestrate.pipeline.draws import drawn, fitting, today
from spmlib.orchestrate.pipeline.reasons import reasons
from spmlib.orchestrate.pipeline.snapshots import Asked, asked
from spmlib.orchestrate.pipeline.stacks import Stack
from spmlib.orchestrate.pipeline.trials import PARTS, Trials, trials

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

LEADS = 3
LEVELS = (80, 95)
BANDS = 10  # of chances, in a calibration
ANSWERS = {  # what each answer is
    "expected": "all answers, each weighed as it was right before",
    "pipeline": "the deals: won so far, open, and not yet there",
    "series": "what is won as a series",
    "same_place": "the mean of the same month of earlier quarters",
    "weighted": "amounts due in the month, times how often their stage was won",
    "last_quarter": "the same month of the last quarter again",
}


@dataclass(frozen=True)
class Outlook:
    """What the pipeline will come to, with all that it follows from."""

    company: Company
    deals: Deals
    asked: Asked
    trials: Trials
    stack: Stack

    @cached_property
    def draws(self) -> Floats:
        """What is won in each period ahead, many times over: draws x periods [currency]."""
        count = today(self.trials)["deal"].n_unique()
        whole = drawn(
            self.trials, np.zeros(count, np.int64), np.ones(1), np.array([self.trials.now.so_far])
        )[:, :, 0]
        return fitting(whole, self.stack.values[-1], self.stack.width[-1], self.trials.now.so_far)

    @cached_property
    def months(self) -> Table[Forecasts]:
        """What will be won in each period, and in all up to it."""
        import polars as pl

        now = self.asked.spans.filter(pl.col("number") == self.asked.last)
        columns = {
            "series": ["won"] * len(now),
            "date": now["start"],
            "step": np.arange(1, len(now) + 1),
            "value": self.stack.values[-1],
            **_bands(self.draws, ""),
            "total": np.cumsum(self.stack.values[-1]),
            **_bands(np.cumsum(self.draws, axis=1), "total_"),
        }
        return engine.brought(pl.DataFrame(columns).select(*Forecasts.columns()))

    @cached_property
    def chances(self) -> Table[DealChances]:
        """What is likely to become of each open deal, and why; the largest expectation first."""
        return engine.brought(_chances(self.deals, self.trials))

    @cached_property
    def tried(self) -> Table[PipelineTrials]:
        """What would have been said on earlier days, and what came."""
        return engine.brought(_tried(self.trials, self.stack))

    @cached_property
    def calls(self) -> Table[CallRecords]:
        """What leaders say, and what came of it before."""
        return calls.call_records(self.company, self.deals, self.asked, self.trials)

    @cached_property
    def times(self) -> Table[TimesToClose]:
        """How long deals take to be won or lost."""
        return durations.times_to_close(self.deals)

    @cached_property
    def stages(self) -> Table[StageTimes]:
        """How long deals stay in each stage."""
        return durations.stage_times(self.deals)

    @cached_property
    def issues(self) -> Table[Issues]:
        """What could not be used."""
        return engine.brought(self.deals.issues)


def outlook(
    company: Company, day: date, currency: str, leads: int = LEADS, seasonal: bool = True
) -> Outlook:
    """What the deals that are open will come to, those not yet there, and what else is known.

    Args:
        company: its opportunities and their history, positions, calls, calendar and rates.
        day: the first day that is not yet known; asked as it begins.
        currency: of all amounts.
        leads: periods ahead, the one under way the first; fewer where the calendar ends before.
        seasonal: whether deals may close more often in some months of a quarter than in others.

    Raises:
        ParameterError: too little is known of deals before the day, or the calendar lacks it.
    """
    if leads < 1:
        raise ParameterError(f"leads cannot be {leads}; write 1 or more.")
    known = deals(company, day, currency)
    question = asked(known, leads)
    made = trials(known, question, seasonal)
    stack = stacks.stacked(made.parts, made.actual, made.variance, made.over)
    return Outlook(company, known, question, made, stack)


def course(made: Outlook) -> pd.DataFrame:
    """What was won period by period, and what is expected: date, value and its bands."""
    import pandas as pd
    import polars as pl

    was = made.asked.spans.filter(pl.col("lead") == 0).select(
        date="start", value=pl.Series(made.trials.actual[:, 0])
    )
    will = engine.pandas(made.months, Forecasts)
    past = was.head(made.asked.last).to_pandas(types_mapper=None)
    past["date"] = was.head(made.asked.last)["date"].to_list()
    names = ["date", "value", *(f"{side}_{n}" for n in LEVELS for side in ("low", "high"))]
    ahead = will[names]
    ahead = ahead.assign(date=list(ahead["date"]))
    return pd.concat([past.reindex(columns=names).astype(dict.fromkeys(names[1:], float)), ahead])


def ahead(made: Outlook) -> pd.DataFrame:
    """What each period ahead is expected to come to: as Forecasts, and period."""
    rows = engine.pandas(made.months, Forecasts)
    return rows.assign(period=made.trials.periods[-1])


def first(made: Outlook) -> pd.DataFrame:
    """What would have been said of each period as it was under way, and what came."""
    rows = engine.pandas(made.tried, PipelineTrials)
    return rows[(rows["lead"] == 0) & rows["actual"].notna()].reset_index(drop=True)


def chances(made: Outlook) -> pd.DataFrame:
    """The open deals, those first that add most to the period: as DealChances."""
    return engine.pandas(made.chances, DealChances)


def slipping(rows: pd.DataFrame) -> pd.DataFrame:
    """Open deals due in the period, those first of which most is likely not to close in it."""
    due = rows[rows["slips"].notna()]
    return due.loc[(-due["slips"] * due["worth"]).sort_values(kind="stable").index]


def stale(rows: pd.DataFrame) -> pd.DataFrame:
    """Stale deals, the largest first."""
    return rows[rows["stale"] == "yes"].sort_values("worth", ascending=False, kind="stable")


def times(made: Outlook) -> pd.DataFrame:
    """How many deals are won and lost by each day: as TimesToClose."""
    return engine.pandas(made.times, TimesToClose)


def stages(made: Outlook) -> pd.DataFrame:
    """How long deals stay in each stage: as StageTimes."""
    return engine.pandas(made.stages, StageTimes)


def issues(made: Outlook) -> pd.DataFrame:
    """What could not be used: as Issues."""
    return engine.pandas(made.issues, Issues)


def accuracy(made: Outlook) -> pd.DataFrame:
    """How wrong each answer was about the period under way, the least wrong first.

    All answers are compared on the same days: those of which all are known.

    Returns:
        answer, days, error (sum of distances over sum of what came), bias (what was expected less
        what came, over what came), covered_80, covered_95 (of the weighed answer).
    """
    import pandas as pd

    rows = first(made)
    before = pd.Series(made.trials.actual[:, 0])
    place = dict(zip(made.trials.periods[:, 0], before.shift(3), strict=True))
    rows = rows.assign(last_quarter=[place[period] for period in rows["period"]])
    known = [name for name in ANSWERS if rows[name].fillna(0).any()]
    same = rows.dropna(subset=known)
    apart = same[known].sub(same["actual"], axis=0)
    came = same["actual"].sum() or np.nan
    made_ = pd.DataFrame(
        {
            "answer": known,
            "days": len(same),
            "error": (apart.abs().sum() / came).to_numpy(),
            "bias": (apart.sum() / came).to_numpy(),
        }
    )
    for level in LEVELS:
        inside = (rows["actual"] >= rows[f"low_{level}"]) & (
            rows["actual"] <= rows[f"high_{level}"]
        )
        made_[f"covered_{level}"] = np.where(made_["answer"] == "expected", inside.mean(), np.nan)
    return made_.sort_values("error", kind="stable").reset_index(drop=True)


def calibration(made: Outlook) -> pd.DataFrame:
    """Whether deals were won as often as their chances said, on earlier days: by tenths of deals.

    Returns:
        chance (mean of the tenth), won (share), low, high (95 of 100 cases), deals.
    """
    import pandas as pd
    import polars as pl
    from scipy.stats import beta

    rows = made.trials.rows.filter(
        pl.col("lead") == 0,
        pl.col("number") < made.asked.last,
        pl.col("chance").is_not_nan(),
    )
    if rows.is_empty():
        return pd.DataFrame(columns=["chance", "won", "low", "high", "deals"])
    chance, won = rows["chance"].to_numpy(), rows["won"].to_numpy()
    tenth = np.argsort(np.argsort(chance, kind="stable"), kind="stable") * BANDS // len(chance)
    count = np.bincount(tenth, minlength=BANDS)
    there = count > 0
    hits = np.bincount(tenth, won, BANDS)[there]
    mean = np.bincount(tenth, chance, BANDS)[there] / count[there]
    count = count[there]
    return pd.DataFrame(
        {
            "chance": mean,
            "won": hits / count,
            "low": np.nan_to_num(beta.ppf(0.025, hits, count - hits + 1)),
            "high": np.nan_to_num(beta.ppf(0.975, hits + 1, count - hits), nan=1.0),
            "deals": count,
        }
    )


def bridge(made: Outlook) -> pd.DataFrame:
    """How what was expected of the period a period ago becomes what is expected now."""
    return moves.expected(made.trials, made.stack)


def moved(made: Outlook) -> pd.DataFrame:
    """What became, up to today, of the open deals due in the period under way a period ago."""
    import polars as pl

    then = made.asked.spans.filter(pl.col("number") == made.asked.last - 1, pl.col("lead") == 0)
    return moves.moved(made.deals, then["begin"][0], then["begin"][0], then["end"][0])


def called(made: Outlook, names: Mapping[str, str], category: str = "commit") -> pd.DataFrame:
    """The calls of one category, with names; those first who together speak for all (`top`)."""
    rows = engine.pandas(made.calls, CallRecords)
    rows = rows[(rows["category"] == category) & rows["said"].notna()]
    top = calls.at_the_top(made.company, made.deals.day, list(rows["payee_id"]))
    rows = rows.assign(
        name=[names.get(person, person) for person in rows["payee_id"]],
        top=rows["payee_id"].isin(top),
    )
    return rows.sort_values(["top", "said"], ascending=False, kind="stable").reset_index(drop=True)


def together(rows: pd.DataFrame) -> pd.Series:
    """What those who speak for all say together: said, corrected; 0 where nobody said anything."""
    return rows.loc[rows["top"], ["said", "corrected"]].sum()


def checks(made: Outlook) -> pd.DataFrame:
    """What must hold of an outlook, and whether it does: check, says, holds."""
    import pandas as pd

    months = engine.pandas(made.months, Forecasts)
    rows = engine.pandas(made.chances, DealChances)
    inside = (months["low_95"] <= months["value"]) & (months["value"] <= months["high_95"])
    sound = rows["wins"].between(0, 1) & (rows["wins"] <= rows["closes"] + 1e-12)
    sound &= rows["wins"] <= rows["wins_ahead"] + 1e-12
    held = first(made).eval("low_95 <= actual <= high_95").mean()
    judged = calibration(made)
    total, came = (
        (judged["chance"] * judged["deals"]).sum(),
        (judged["won"] * judged["deals"]).sum(),
    )
    return pd.DataFrame(
        [
            ("Every interval holds its forecast", f"{inside.sum()} of {len(inside)}", inside.all()),
            ("Chances are chances", f"{sound.sum()} of {len(sound)} deals", sound.all()),
            ("Intervals of 95 % held when tried", f"{held:.0%} did", held >= 0.85),
            (
                "As many deals were won as their chances said",
                f"{came:,.0f} of {total:,.0f}",
                abs(came - total) <= 0.1 * total,
            ),
        ],
        columns=["check", "says", "holds"],
    )


def _edge(stack: Stack, wide: float) -> Floats:
    """So many standard deviations from what is expected, of a lognormal: sums are above 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.log1p((stack.width / stack.values) ** 2))
        skewed = stack.values * np.exp(wide * spread - spread**2 / 2)
    return np.where(stack.values > 0, skewed, stack.values + wide * stack.width)


def _bands(draws: Floats, prefix: str) -> dict[str, Floats]:
    """The quantiles that bound intervals, for each period."""
    made: dict[str, Floats] = {}
    for level in LEVELS:
        tail = (1 - level / 100) / 2
        low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
        made |= {f"{prefix}low_{level}": low, f"{prefix}high_{level}": high}
    return made


def _chances(deals: Deals, made: Trials) -> pl.DataFrame:
    import polars as pl

    rows = made.rows.with_row_index("row").filter(pl.col("number") == len(made.days) - 1)
    ahead = rows.group_by("deal").agg(wins_ahead=pl.col("chance").sum())
    rows = rows.filter(pl.col("lead") == 0)
    why = reasons(made.now.fit, made.now.labels, rows["row"].to_numpy())
    rows = rows.with_columns(reasons=pl.Series(why, dtype=pl.String))
    rows = rows.join(ahead, on="deal", maintain_order="left")
    rows = rows.join(deals.about.select("deal", "opportunity_id"), on="deal")
    rows = rows.join(durations.limits(deals), on="stage", how="left", maintain_order="left")
    due = pl.col("due").is_between("begin", "end", closed="left")
    stale = (pl.col("staying") > pl.col("limit")).fill_null(False)
    rows = rows.with_columns(
        owner_id="owner",
        close_date="due",
        stale=pl.when(stale).then(pl.lit("yes")).otherwise(pl.lit("no")),
        slips=pl.when(due).then(1 - pl.col("closes")),
        wins=pl.col("chance"),
        worth=pl.col("worth") * made.levels[-1, 0],
    )
    rows = rows.with_columns(expected=pl.col("wins") * pl.col("worth"))
    return rows.sort("expected", descending=True).select(*DealChances.columns())


def _tried(made: Trials, stack: Stack) -> pl.DataFrame:
    import polars as pl

    days, leads = made.actual.shape
    columns = {
        "day": np.repeat(made.days, leads),
        "period": made.periods.ravel(),
        "lead": np.tile(np.arange(leads), days),
        "actual": made.actual.ravel(),
        "expected": stack.values.ravel(),
        "weighted": made.weighted.ravel(),
    }
    for level, wide in NORMAL.items():
        for side, sign in (("low", -1), ("high", 1)):
            columns[f"{side}_{level * 100:.0f}"] = _edge(stack, sign * wide).ravel()
    for place, part in enumerate(PARTS):
        columns[part] = made.parts[:, :, place].ravel()
        columns[f"{part}_weight"] = stack.weights[:, :, place].ravel()
    frame = pl.DataFrame(columns, nan_to_null=True).filter(pl.col("expected").is_not_null())
    return frame.select(*PipelineTrials.columns())
