"""Games: points, levels and challenges, from any table with a person and a day.

Points are given for rows: so many for each that passes a filter, or for each unit of a column, up
to so many a day. What is taken back (a row below 0) takes its points back, up to so many a day too.
Each row counts: give each once. Levels
follow from points, badges (`badges`) from rows; nothing here is pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames
from spmlib.motivate.contests.written import Challenge, Level, Points

if TYPE_CHECKING:
    import polars as pl


def points(rows: Any, rules: Sequence[Points]) -> pl.DataFrame:
    """The points of each person and day, by rule.

    Defined as::

        points of a day = sum of (each + per * amount) over the rows that pass, a day's most at most

    Args:
        rows: payee_id, event_date, and the columns that rules name.
        rules: what gives how many.

    Returns:
        payee_id, event_date, rule, count, points; none of those that come to nothing.

    Raises:
        ParameterError: a rule names a column that is not there, or adds up words.
    """
    import polars as pl

    frame = frames.days(
        frames.taken(rows, ("payee_id", "event_date"), "the rows"), "event_date", "the rows"
    )
    made = [_given(frame, rule) for rule in rules]
    nothing = {"payee_id": pl.String, "event_date": pl.Date, "rule": pl.String}
    empty = pl.DataFrame(schema=nothing | {"count": pl.Int64, "points": pl.Float64})
    return (
        pl.concat([empty, *made])
        .filter(pl.col("points") != 0)
        .sort("payee_id", "event_date", "rule")
    )


def totals(given: pl.DataFrame, levels: Sequence[Level] = ()) -> pl.DataFrame:
    """Everybody's points, the level they reach, and how far the next one is.

    Args:
        given: of `points`.
        levels: by the points at which each begins.

    Returns:
        payee_id, points, place (standard competition ranking), level (empty below the first),
        next, missing (points to it; empty at the last); the most points first.
    """
    import polars as pl

    summed = given.group_by("payee_id").agg(pl.col("points").sum())
    edges = sorted(levels, key=lambda level: level.at)
    ranked = summed.with_columns(
        place=(pl.col("points") * -1).rank("min").cast(pl.Int64),
        level=_stepped([(edge.at, edge.name) for edge in edges], pl.String),
        next=_coming([(edge.at, edge.name) for edge in edges], pl.String),
        missing=_coming([(edge.at, edge.at) for edge in edges], pl.Float64) - pl.col("points"),
    )
    return ranked.sort("place", "payee_id")


def challenges(
    rows: Any,
    asked: Sequence[Challenge],
    until: date,
    members: Any = None,
) -> pl.DataFrame:
    """How far people or teams have come with what a challenge asks for.

    Args:
        rows: payee_id, event_date, and the columns that challenges name.
        asked: the challenges.
        until: the first day that is not known.
        members: payee_id, team: for challenges of teams; who is in none takes no part.

    Returns:
        challenge, who (person or team), done, goal, share, elapsed (of its days), met_date (the
        first day; none if what met it was taken back); the furthest first. Whoever has no row yet
        is not listed.

    Raises:
        ParameterError: as of `points`, or a team's challenge is asked without members.
    """
    import polars as pl

    frame = frames.days(
        frames.taken(rows, ("payee_id", "event_date"), "the rows"), "event_date", "the rows"
    )
    made = [_come(frame, each, until, members) for each in asked]
    schema: dict[str, Any] = {"challenge": pl.String, "who": pl.String, "done": pl.Float64}
    schema |= {"goal": pl.Float64, "share": pl.Float64, "elapsed": pl.Float64, "met_date": pl.Date}
    every = pl.concat([pl.DataFrame(schema=schema), *made])
    return every.sort("challenge", pl.col("share") * -1, "who")


def _given(frame: pl.DataFrame, rule: Points) -> pl.DataFrame:
    import polars as pl

    passing = frames.fitting(frame, rule.where)
    amount = frames.amount(passing, rule.column, rule.place)
    sign = pl.when(amount < 0).then(-1.0).otherwise(1.0) if rule.column else pl.lit(1.0)
    each = sign * rule.each + amount * rule.per
    daily = (
        passing.with_columns(points=each)
        .group_by("payee_id", "event_date")
        .agg(count=pl.len().cast(pl.Int64), points=pl.col("points").sum())
    )
    if rule.most is not None:
        daily = daily.with_columns(pl.col("points").clip(-rule.most, rule.most))
    return daily.select(
        "payee_id", "event_date", pl.lit(rule.name).alias("rule"), "count", "points"
    )


def _stepped(edges: Iterable[tuple[float, Any]], kind: Any) -> pl.Expr:
    """The last value whose edge is reached."""
    import polars as pl

    found = pl.lit(None, kind)
    for at, value in edges:
        found = pl.when(pl.col("points") >= at).then(pl.lit(value, kind)).otherwise(found)
    return found


def _coming(edges: Sequence[tuple[float, Any]], kind: Any) -> pl.Expr:
    """The first value whose edge is not reached yet."""
    import polars as pl

    found = pl.lit(None, kind)
    for at, value in reversed(edges):
        found = pl.when(pl.col("points") < at).then(pl.lit(value, kind)).otherwise(found)
    return found


def _come(frame: pl.DataFrame, each: Challenge, until: date, members: Any) -> pl.DataFrame:
    import polars as pl

    inside = frames.fitting(frame, each.where).filter(
        pl.col("event_date") >= each.start,
        pl.col("event_date") < min(each.end, until),
    )
    amount = frames.amount(inside, each.column, each.place) if each.column else pl.lit(1.0)
    rows = inside.select("payee_id", "event_date", amount=amount).with_columns(who="payee_id")
    if each.of == "team":
        if members is None:
            raise ParameterError(f"{each.place}: teams need members; give who is in which.")
        teams = frames.taken(members, ("payee_id", "team"), "the members").unique("payee_id")
        rows = rows.join(teams.select("payee_id", "team"), on="payee_id").with_columns(who="team")
    daily = rows.group_by("who", "event_date").agg(pl.col("amount").sum()).sort("event_date")
    running = daily.with_columns(sum=pl.col("amount").cum_sum().over("who"))
    met = pl.when(pl.col("amount").sum() >= each.goal).then(
        pl.col("event_date").filter(pl.col("sum") >= each.goal).min()
    )
    elapsed = (min(max(until, each.start), each.end) - each.start) / (each.end - each.start)
    return (
        running.group_by("who")
        .agg(done=pl.col("amount").sum(), met_date=met)
        .select(
            *(pl.lit(each.name).alias("challenge"), pl.col("who").cast(pl.String), "done"),
            *(pl.lit(each.goal).alias("goal"), (pl.col("done") / each.goal).alias("share")),
            *(pl.lit(elapsed).alias("elapsed"), "met_date"),
        )
    )
