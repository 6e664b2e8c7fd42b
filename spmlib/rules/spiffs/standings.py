"""Standings: who stands where in a SPIFF, wins what, and why somebody wins nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core.tables import MONEY, Positions, SpiffStandings
from spmlib.rules.filters import kinds, matching
from spmlib.rules.spiffs import prizes
from spmlib.rules.spiffs.written import Fair, Spiff

if TYPE_CHECKING:
    import polars as pl


def standings(
    scores: pl.DataFrame,
    positions: pl.DataFrame,
    payees: pl.DataFrame,
    spiff: Spiff,
    day: date | None = None,
) -> pl.DataFrame:
    """The standing of everybody who may win: as of a day, or as it ends.

    Args:
        scores: what may count, as `SpiffScores`: payee_id, booked_date, event_date, score [ticks].
        positions: of everybody, as `Positions`.
        payees: of everybody: payee_id, hire_date.
        spiff: what counts, and what is won.
        day: the first day that is not known yet; all is known if none.

    Returns:
        The columns of `SpiffStandings`, the best first. A place is taken by whoever may win and
        has a score of at least the minimum; equal scores share a place (standard competition
        ranking) unless who came first is better. The prizes are those that would be won if it
        ended so.

    Raises:
        ParameterError: ``eligible`` or ``groups`` names a column that positions do not have.
    """
    import polars as pl

    known = scores if day is None else scores.filter(pl.col("event_date") < day)
    entered = entrants(positions, payees, spiff, day)
    counted = _counted(known, positions, payees, spiff)
    summed = counted.group_by("payee_id").agg(score=pl.col("score").sum())
    held = _held_back(known, spiff.fair, spiff.start)
    made = (
        entered.join(summed, on="payee_id", how="left")
        .join(_reached(counted), on="payee_id", how="left")
        .join(held, on="payee_id", how="left")
        .with_columns(score=pl.col("score").fill_null(0))
        .with_columns(why=_why(spiff))
    )
    placed = _placed(made, spiff)
    won = prizes.won(placed, spiff)
    named = won.with_columns(spiff=pl.lit(spiff.name), currency=pl.lit(spiff.currency))
    order = ("competing", "place", "score", "payee_id")
    down = (False, False, True, False)
    return named.sort(*order, descending=down, nulls_last=True).select(*SpiffStandings.columns())


def entrants(
    positions: pl.DataFrame, payees: pl.DataFrame, spiff: Spiff, day: date | None = None
) -> pl.DataFrame:
    """Everybody who was eligible on some day of the window so far.

    Returns:
        payee_id, competing (the group in which the person competes), plan (held on the last day),
        stays (whether still eligible on it).
    """
    import polars as pl

    until = spiff.end if day is None else min(day, spiff.end)
    last = max(until, spiff.start + timedelta(days=1)) - timedelta(days=1)
    fitting = _fitting(positions, payees, spiff).filter(
        pl.col("from") < max(until, spiff.start + timedelta(days=1)), pl.col("to") > spiff.start
    )
    then = fitting.filter(pl.lit(last).is_between("from", "to", closed="left"))
    held = positions.filter(
        pl.col("start_date") <= last, pl.col("end_date").is_null() | (pl.col("end_date") > last)
    )
    group = pl.lit("") if spiff.groups is None else pl.col(_column(positions, spiff))
    ends = held.select("payee_id", "plan", competing=group.cast(pl.String).fill_null(""))
    return (
        fitting.select("payee_id")
        .unique()
        .join(ends.unique("payee_id", keep="last", maintain_order=True), on="payee_id", how="left")
        .with_columns(
            competing=pl.col("competing").fill_null(""),
            stays=pl.col("payee_id").is_in(then["payee_id"].to_list()),
        )
    )


def _column(positions: pl.DataFrame, spiff: Spiff) -> str:
    from spmlib.core.parameters import nearest, refuse

    assert spiff.groups is not None
    if spiff.groups not in positions.columns:
        wrong = f"there is no column '{spiff.groups}' of positions"
        refuse(spiff.at["groups"], wrong, f"write {nearest(spiff.groups, positions.columns)}")
    return spiff.groups


def _fitting(positions: pl.DataFrame, payees: pl.DataFrame, spiff: Spiff) -> pl.DataFrame:
    """The stretches of days on which somebody is eligible: payee_id, from, to."""
    import polars as pl

    fits = matching(spiff.eligible, kinds(positions.columns, Positions), pl)
    rows = positions.filter(fits)
    if spiff.hired_before is not None:
        early = payees.filter(pl.col("hire_date") < spiff.hired_before)
        rows = rows.join(early.select("payee_id"), on="payee_id", how="semi")
    ends = pl.col("end_date").fill_null(date.max)
    return rows.select("payee_id", **{"from": pl.col("start_date"), "to": ends})


def _counted(
    known: pl.DataFrame, positions: pl.DataFrame, payees: pl.DataFrame, spiff: Spiff
) -> pl.DataFrame:
    """What counts: booked in the window, by whoever was eligible then, once each."""
    import polars as pl

    rows = known.with_row_index("row").filter(
        pl.col("booked_date").is_between(spiff.start, spiff.end, closed="left"),
        pl.col("event_date") < spiff.end + timedelta(days=spiff.kept),
    )
    fitting = rows.join(_fitting(positions, payees, spiff), on="payee_id").filter(
        pl.col("booked_date").is_between("from", "to", closed="left")
    )
    return rows.join(fitting.select("row"), on="row", how="semi").drop("row")


def _reached(counted: pl.DataFrame) -> pl.DataFrame:
    """The day on which each person first had the score that counts: payee_id, reached_date."""
    import polars as pl

    daily = counted.group_by("payee_id", "event_date").agg(pl.col("score").sum())
    running = daily.sort("event_date").with_columns(
        running=pl.col("score").cum_sum().over("payee_id"),
        total=pl.col("score").sum().over("payee_id"),
    )
    there = running.filter(pl.col("running") >= pl.col("total"))
    return there.group_by("payee_id").agg(reached_date=pl.col("event_date").min())


def _held_back(known: pl.DataFrame, fair: Fair | None, start: date) -> pl.DataFrame:
    """Whoever brought too little just before the window, by their own pace: payee_id, held."""
    import polars as pl

    if fair is None:
        return known.select("payee_id", held=pl.lit(False)).clear()
    late = start - timedelta(days=fair.days)
    early = late - timedelta(days=fair.of)
    day, score = pl.col("event_date"), pl.col("score").cast(pl.Int128)
    paces = known.group_by("payee_id").agg(
        before=score.filter(day.is_between(late, start, closed="left")).sum(),
        usual=score.filter(day.is_between(early, late, closed="left")).sum(),
    )
    reached = pl.col("before") * fair.of * fair.at_least.denominator
    asked = pl.col("usual") * fair.days * fair.at_least.numerator
    return paces.select("payee_id", held=(pl.col("usual") > 0) & (reached < asked))


def _why(spiff: Spiff) -> pl.Expr:
    """Why somebody takes no place; empty where one is taken."""
    import polars as pl

    least = 1 if spiff.minimum is None else int(spiff.minimum * MONEY)
    stays = pl.col("stays") if spiff.stay else pl.lit(True)
    return (
        pl.when(~stays)
        .then(pl.lit("no longer eligible on the last day"))
        .when(pl.col("held").fill_null(False))
        .then(pl.lit("held back before the window"))
        .when(pl.col("score") <= 0)
        .then(pl.lit("nothing scored"))
        .when(pl.col("score") < least)
        .then(pl.lit("below the minimum"))
    )


def _placed(made: pl.DataFrame, spiff: Spiff) -> pl.DataFrame:
    """Everybody's place, and how many share it; none for whoever may not win."""
    import polars as pl

    fits = pl.col("why").is_null()
    place = (pl.col("score") * -1).rank("min").over("competing", fits)
    if spiff.ties == "first":
        place += pl.col("reached_date").rank("min").over("competing", fits, "score") - 1
    placed = made.with_columns(place=pl.when(fits).then(place).cast(pl.Int64))
    tied = pl.len().over("competing", "place")
    return placed.with_columns(tied=pl.when(fits).then(tied).cast(pl.Int64))
