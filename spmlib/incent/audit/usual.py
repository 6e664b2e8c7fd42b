"""Usual: what people's pay would be expected to be, by what all holders of their plan are paid.

Each component is expected to pay what it pays people who stand where its holder stands: so a month
of high attainment, or one that crosses a threshold, is no surprise in itself. Where a whole plan
pays more than usual, as at the end of a year, that is its season and counts for all its people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.incent.audit.books import Books
from spmlib.incent.lines import BESIDE

if TYPE_CHECKING:
    import polars as pl

SPREAD = 1.4826  # standard deviations in a median absolute deviation, of a normal distribution
PEERS = 4  # so many have a season
NEAR = 7  # so many below, and above, stand nearest: their middle is what is usual
LEAST_SPREAD = 0.1  # of a logarithm of a ratio
PART = ("payee_id", "plan", "component", "window")


def usual(books: Books, months: int, history: int, others: bool = False) -> pl.DataFrame:
    """What each person and plan earned in each month, and what was to be expected.

    Defined as::

        expected = sum over components of scale * F(attained at the end)
                                    - scale before * F(attained before)
        F        = running median, along attainment, of earned to date / scale
        scale    = the quota, or the target where the component pays by it

    and, where nothing is attained, credited * usual rate: the person's own of the months before, or
    that of all holders.

    Args:
        books: of the company.
        months: before a month, that say what is usual for a person.
        history: so many of them must be there; else what all holders are paid is usual.

        others: whether only other months tell what is usual in one, as where a whole plan's
            month may be wrong.

    Returns:
        payee_id, plan, period, month, earned and expected [ticks of the currency read in], season
        (of the plan), surprise (logarithm of earned over expected, season left out), spread
        (robust standard deviation of it, of all holders or the person's own, the larger).
    """
    import polars as pl

    person = ["payee_id", "plan"]
    window: dict[str, Any] = {"window_size": months, "min_samples": history}
    parts = _expected(_components(books), months, history, others)
    told = (
        parts.with_columns(_once_in_a_while())
        .group_by(*person, "currency", "period", "month")
        .agg(pl.col("earned").sum(), pl.col("expected").sum().round().cast(pl.Int64))
    )
    told = books.worth(
        books.worth(told, "earned").with_columns(currency=told["currency"]), "expected"
    )
    size = pl.col("earned").abs()
    small = 0.25 * pl.when(size > 0).then(size).median().over("plan").fill_null(1.0) + 1.0
    over = pl.col("earned").clip(lower_bound=0) + small
    under = pl.col("expected").clip(lower_bound=0) + small
    told = told.with_columns(surprise=(over / under).log())
    peers = ["plan", "period"]
    season = pl.when(pl.len().over(peers) >= PEERS).then(pl.col("surprise").median().over(peers))
    told = told.with_columns(season=season.fill_null(0.0).clip(lower_bound=0.0))
    told = told.with_columns(surprise=pl.col("surprise") - pl.col("season"))
    away = pl.col("surprise").abs()
    own = away.shift(1).rolling_median(**window).over(partition_by=person, order_by="month")
    spread = SPREAD * pl.max_horizontal(own, away.median().over("plan"))
    return told.with_columns(spread=spread.clip(lower_bound=LEAST_SPREAD)).select(
        *person, "period", "month", "earned", "expected", "season", "surprise", "spread"
    )


def _once_in_a_while() -> pl.Expr:
    """What is expected of parts that nothing is counted for, as prizes: what they usually are."""
    import polars as pl

    earned = pl.col("earned")
    prize = pl.when(earned > 0).then(earned).median().over("plan", "component")
    return pl.coalesce("expected", pl.min_horizontal(earned, prize.fill_null(0)), earned).alias(
        "expected"
    )


def robust(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How many robust standard deviations values are from the middle of others.

    Defined as::

        (value - median of others) / (1.4826 * median of |others - their median|)

    Args:
        values: any shape.
        others: in any order; not a number where missing.

    Returns:
        The same shape; infinite where the others do not differ and a value does, 0 where it does
        not; not a number where there are no others.

    Source: B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle Outliers" (1993), whose
    modified z-score this is but for the rounding of its factor: 0.6745 is 1/1.4826.

    Example:
        >>> robust(np.array([10.0, 3.0]), np.array([1.0, 2.0, 3.0, 4.0, 5.0])).round(3).tolist()
        [4.721, 0.0]
    """
    there = others[~np.isnan(others)]
    if there.size == 0:
        return np.full(np.shape(values), np.nan)
    middle = np.median(there)
    spread = SPREAD * np.median(np.abs(there - middle))
    away = np.asarray(values, float) - middle
    if spread == 0:
        return np.where(away == 0, 0.0, np.where(away > 0, np.inf, -np.inf))
    return away / spread


def _components(books: Books) -> pl.DataFrame:
    """What each component earned and counted, by person, window and month, and where it stood."""
    import polars as pl

    numbers = books.periods.select("period", "month")
    counted = pl.when(pl.col("kind") == "credit").then("credited").sum()
    lines = books.earnings.join(numbers, on="period")
    gated = pl.col("kind").is_in(
        ["gate", "floor", *BESIDE]
    )  # no curve tells what they keep, free or add
    earned = lines.group_by(*PART, "period", "month", "currency", gated=gated).agg(
        earned=pl.col("amount").sum(), credited=counted
    )
    stood = (
        books.terms.sort("segment_start")
        .group_by(*PART, "period")
        .agg(pl.col("quota", "target", "after", "table_date", "cell").last())
    )
    return earned.join(stood, on=[*PART, "period"], how="left").join(
        _pays(books), on=PART[1:3], how="left"
    )


def _pays(books: Books) -> pl.DataFrame:
    """What each component pays by: plan, component, pays."""
    import polars as pl

    told = [(n, c, part.pays) for n, p in books.plans.items() for c, part in p.components.items()]
    return pl.DataFrame(
        told, schema=dict.fromkeys(("plan", "component", "pays"), pl.String), orient="row"
    )


def _expected(parts: pl.DataFrame, months: int, history: int, others: bool = False) -> pl.DataFrame:
    """The components with what is expected of each; empty where nothing is known of its likes."""
    import polars as pl

    by: dict[str, Any] = {"partition_by": list(PART), "order_by": "month"}
    shut = parts.filter("gated").with_columns(expected=pl.col("earned").cast(pl.Float64))
    parts = parts.filter(~pl.col("gated"))
    scale = pl.when(pl.col("pays") == "target").then("target").otherwise("quota")
    attained = pl.when((pl.col("quota") > 0) & pl.col("pays").is_in(["rate", "target"]))
    parts = parts.with_columns(
        scale=scale,
        attained=attained.then(pl.col("after") / pl.col("quota")),
        level=pl.col("earned").cum_sum().over(**by) / scale,
    )
    curved = parts.drop_nulls(["attained", "level"])
    straight = parts.join(curved, on=[*PART, "period"], how="anti", nulls_equal=True)
    groups = curved.partition_by("plan", "component", "table_date", "cell")
    told = [group.with_columns(due=pl.Series(_curved(group, others))) for group in groups]
    rated = _by_rate(straight, months, history)
    if not told:
        return pl.concat([rated, shut], how="diagonal")
    due = pl.concat(told)
    paid = pl.col("earned").cum_sum().over(**by) - pl.col("earned")
    before = pl.col("due").shift(1).over(**by).fill_null(0.0)
    due = due.with_columns(expected=pl.col("due") - pl.min_horizontal(before, paid))
    return pl.concat([rated, due, shut], how="diagonal")


def _curved(group: pl.DataFrame, others: bool) -> np.ndarray:
    """What a component has paid to date those who stand where its holders stand."""
    attained, level, scale = (
        group[name].cast(float).to_numpy() for name in ("attained", "level", "scale")
    )
    # Level for each unit attained, since beyond the last neighbour a level would not grow.
    part = np.divide(level, attained, out=np.zeros_like(level), where=attained > 0)
    order = np.argsort(attained, kind="stable")
    near = np.arange(len(order))[:, None] + np.arange(-NEAR, NEAR + 1)
    near = np.clip(near, 0, len(order) - 1)
    month = group["month"].to_numpy()[order]
    left_out = others & (month[near] == month[:, None])
    told = np.where(left_out, np.nan, part[order][near])
    told[left_out.all(axis=1)] = part[order][left_out.all(axis=1), None]
    made = np.empty(len(order))
    made[order] = np.nanmedian(told, axis=1)
    return made * attained * scale


def _by_rate(parts: pl.DataFrame, months: int, history: int) -> pl.DataFrame:
    """What is credited at the person's usual rate, or that of all holders."""
    import polars as pl

    by: dict[str, Any] = {"partition_by": list(PART[:3]), "order_by": "month"}
    counts = pl.col("credited") > 0
    parts = parts.with_columns(rate=pl.when(counts).then(pl.col("earned") / pl.col("credited")))
    own = pl.col("rate").shift(1).rolling_median(window_size=months, min_samples=history).over(**by)
    usual_rate = pl.coalesce(own, pl.col("rate").median().over("plan", "component"))
    return parts.with_columns(expected=pl.when(counts).then(usual_rate * pl.col("credited")))
