"""Standings: where each person stands in each component, and where that leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, FieldStandings
from spmlib.motivate.visibility.written import Policy

if TYPE_CHECKING:
    import polars as pl

WINDOWS = ("period", "quarter", "half", "year")


def standings(
    attainments: pl.DataFrame,
    calendar: pl.DataFrame,
    positions: pl.DataFrame,
    period: str,
    policy: Policy,
    to_date: Iterable[tuple[str, str]] = (),
) -> pl.DataFrame:
    """Where each person stands at a period's end, component by component.

    Defined as::

        elapsed  = the person's days with the plan in the window that are over / all of them
        pace     = attainment / elapsed
        expected = credited to date / elapsed                 (at the pace so far)
        asked    = what is missing to the quota / periods of the window that are left

    Args:
        attainments: as `Attainments`.
        calendar: as `Calendar`.
        positions: as `Positions`: who came or left within a window has fewer days in it.
        period: the last that is over.
        policy: what is called behind.
        to_date: plans and components whose quota is that of the days so far: the pace is the
            attainment, it is never reached before the end, and what is asked is not known.

    Returns:
        `FieldStandings`. A quota of 0, or none, makes no attainment.

    Raises:
        ParameterError: the calendar has no such period.
    """
    import polars as pl

    now = calendar.filter(pl.col("period") == period)
    if now.is_empty():
        raise ParameterError(f"the calendar has no period '{period}'; write one that it has.")
    until: date = now["end_date"][0]
    own = attainments.filter(pl.col("period") == period)
    own = own.join(_spans(calendar, now, until), on="window", how="left")
    own = _own_days(own, positions, until)
    growing = pl.concat_str("plan", "component", separator="\x1f").is_in(
        ["\x1f".join(pair) for pair in to_date]
    )
    rows = own.with_columns(
        credited=pl.col("credited_to_date") / MONEY,
        quota=pl.when(pl.col("quota") > 0).then(pl.col("quota") / MONEY),
        left_periods=pl.col("left_periods").fill_null(0),
    ).with_columns(attainment=pl.col("credited") / pl.col("quota"))
    over = pl.when(pl.col("elapsed") > 0).then("elapsed")
    left = (pl.col("quota") - pl.col("credited")).clip(0)
    named = rows.with_columns(
        expected=pl.col("credited") / over,
        pace=pl.col("attainment") / pl.when(growing).then(1.0).otherwise(over),
        asked=pl.when((pl.col("left_periods") > 0) & ~growing).then(left / pl.col("left_periods")),
    ).with_columns(state=_state(policy, growing))
    return named.select(*FieldStandings.columns()).sort("payee_id", "plan", "component", "window")


def _own_days(rows: pl.DataFrame, positions: pl.DataFrame, until: date) -> pl.DataFrame:
    """Rows with the share of the person's days with the plan in the window that are over."""
    import polars as pl

    key = ["payee_id", "plan", "window"]
    held = rows.select(*key, "begins", "ends").unique()
    held = held.join(positions.select("payee_id", "plan", "start_date", "end_date"), on=key[:2])
    stop = pl.min_horizontal(pl.col("end_date").fill_null(pl.col("ends")), "ends")
    inside = held.with_columns(since=pl.max_horizontal("start_date", "begins"), stop=stop)
    spans = inside.filter(pl.col("since") < pl.col("stop")).group_by(key)
    days = spans.agg(since=pl.col("since").min(), stop=pl.col("stop").max())
    done = (pl.min_horizontal(pl.lit(until), "stop") - pl.col("since")).dt.total_days()
    all_ = (pl.col("stop") - pl.col("since")).dt.total_days()
    shares = days.select(*key, elapsed=(done / all_).clip(0, 1))
    made = rows.join(shares, on=key, how="left")
    return made.with_columns(pl.col("elapsed").fill_null(pl.col("gone")).fill_null(1.0))


def chief(standings_: pl.DataFrame) -> pl.DataFrame:
    """One component for each person, by which they are compared: the largest quota of money.

    Returns:
        The rows of `standings` of that component; people without any quota are left out.
    """
    import polars as pl

    with_quota = standings_.filter(pl.col("quota").is_not_null())
    ranked = with_quota.sort("quota", "component", descending=[True, False])
    return ranked.group_by("payee_id", maintain_order=True).first().sort("payee_id")


def _state(policy: Policy, growing: pl.Expr) -> pl.Expr:
    import polars as pl

    return (
        pl.when(pl.col("quota").is_null())
        .then(pl.lit("none"))
        .when((pl.col("attainment") >= 1) & ~growing)
        .then(pl.lit("reached"))
        .when(pl.col("pace") >= 1)
        .then(pl.lit("ahead"))
        .when(pl.col("pace") >= policy.behind)
        .then(pl.lit("on pace"))
        .otherwise(pl.lit("behind"))
    )


def _spans(calendar: pl.DataFrame, now: pl.DataFrame, until: date) -> pl.DataFrame:
    """The windows that a period lies in: window, begins, ends, gone (share), left_periods."""
    import polars as pl

    frames = []
    for length in WINDOWS:
        inside = calendar.filter(pl.col(length) == now[length][0])
        begins: date = inside["start_date"].min()  # type: ignore[assignment]
        ends: date = inside["end_date"].max()  # type: ignore[assignment]
        later = inside.filter(pl.col("start_date") >= until).height
        gone = (until - begins) / max(ends - begins, timedelta(1))
        frames.append((str(now[length][0]), begins, ends, gone, later))
    schema: dict[str, Any] = {"window": pl.String, "begins": pl.Date, "ends": pl.Date}
    schema |= {"gone": pl.Float64, "left_periods": pl.Int64}
    return pl.DataFrame(frames, schema=schema, orient="row").unique("window", keep="first")
