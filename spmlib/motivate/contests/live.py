"""Live: the standing as of a day: how far the next prize is, who moved, and the pace it needs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.motivate.contests import frames
from spmlib.rules.spiffs.written import Spiff

if TYPE_CHECKING:
    import polars as pl

WEEK = 7


def live(now: Any, earlier: Any, spiff: Spiff, day: date) -> pl.DataFrame:
    """Where everybody stands, with the next prize above what they have.

    Defined as::

        behind    = score that the next prize needs - score
        pace      = behind / days left * 7
        moved     = place before - place now

    The next prize is the nearest of: the score of the person who stands just in reach of a place
    that wins more, the next level, and the next unit that is paid by each. Drawing level is enough
    where a place is shared; where ties go to who came first, a little more is needed. Nothing is
    said of those who may no longer win. A place that anybody takes who scores at all is 0 away.

    Args:
        now: payee_id, score [units], place, prize [currency], and competing, why where there are.
        earlier: the same some days before: payee_id, place, score; may be empty.
        spiff: what is won.
        day: the first day that is not known.

    Returns:
        competing, place, payee_id, score, prize, next (what comes next), behind [units], pace
        [units a week], moved [places up], added (score since then), why; the best first.
    """
    import polars as pl

    rows = frames.taken(now, ("payee_id", "score", "place", "prize"), "the standing")
    given = {"competing": pl.lit(""), "why": pl.lit(None, pl.String)}
    rows = rows.with_columns(
        *(value.alias(name) for name, value in given.items() if name not in rows.columns)
    ).with_columns(pl.col("score", "prize").cast(pl.Float64))
    past = frames.taken(earlier, ("payee_id", "score", "place"), "the earlier standing")
    past = past.select("payee_id", score_then=pl.col("score").cast(pl.Float64), place_then="place")
    left = max((spiff.end - max(day, spiff.start)).days, 0)
    nearest = _next(rows, spiff)
    made = (
        rows.join(past, on="payee_id", how="left")
        .join(nearest, on="payee_id", how="left")
        .with_columns(
            moved=pl.col("place_then").cast(pl.Int64) - pl.col("place").cast(pl.Int64),
            added=pl.col("score") - pl.col("score_then").fill_null(0.0),
            pace=pl.when(left > 0).then(pl.col("behind") / max(left, 1) * WEEK),
        )
    )
    order = ("competing", "place", "score", "payee_id")
    told = ("competing", "place", "payee_id", "score", "prize", "next", "behind", "pace", "moved")
    down = (False, False, True, False)
    return made.sort(*order, descending=down, nulls_last=True).select(*told, "added", "why")


def _next(rows: pl.DataFrame, spiff: Spiff) -> pl.DataFrame:
    """The nearest prize above each score: payee_id, next, behind."""
    import polars as pl

    may = rows.filter(
        pl.col("why").is_null() | pl.col("why").is_in(["nothing scored", "below the minimum"])
    )
    own = may.select("payee_id", "competing", "score", "place")
    asked = [*_places(own, spiff), *_levels(own, spiff), *_each(own, spiff)]
    found = [each.select("payee_id", "next", "behind") for each in asked]
    if not found:
        return may.select("payee_id", next=pl.lit(None, pl.String), behind=pl.lit(None, pl.Float64))
    every = pl.concat(found)
    least = 0.0 if spiff.minimum is None else float(spiff.minimum)
    raised = every.join(own.select("payee_id", "score"), on="payee_id").with_columns(
        behind=pl.max_horizontal("behind", least - pl.col("score"))
    )
    return raised.sort("payee_id", "behind", "next").unique(
        "payee_id", keep="first", maintain_order=True
    )


def _places(own: pl.DataFrame, spiff: Spiff) -> list[pl.DataFrame]:
    """Drawing level with the last who holds a better place that wins more, or entering an open."""
    import polars as pl

    if not spiff.places:
        return []
    amounts = pl.DataFrame(
        {"nth": range(1, len(spiff.places) + 1), "wins": [float(p.amount) for p in spiff.places]},
        schema={"nth": pl.Int64, "wins": pl.Float64},
    )
    holders = (
        own.filter(pl.col("place").is_not_null())
        .with_columns(nth=pl.col("place").cast(pl.Int64))
        .join(amounts, on="nth")
        .group_by("competing", "nth", "wins")
        .agg(needs=pl.col("score").max())
    )
    mine = own.with_columns(nth=pl.col("place").cast(pl.Int64)).join(amounts, on="nth", how="left")
    mine = mine.with_columns(pl.col("wins").fill_null(0.0)).rename({"wins": "has", "nth": "held"})
    better = mine.join(holders, on="competing").filter(
        pl.col("wins") > pl.col("has"), pl.col("needs") > pl.col("score")
    )
    made = [
        better.select(
            "payee_id",
            next=pl.format("place {}", "nth"),
            behind=pl.col("needs") - pl.col("score"),
        )
    ]
    placed = own.filter(pl.col("place").is_not_null()).group_by("competing").agg(taken=pl.len())
    open_ = (
        own.filter(pl.col("place").is_null())
        .join(placed, on="competing", how="left")
        .with_columns(free=pl.col("taken").fill_null(0).cast(pl.Int64) + 1)
        .filter(pl.col("free") <= len(spiff.places))
    )
    least = 0.0 if spiff.minimum is None else float(spiff.minimum)
    missing = pl.max_horizontal(pl.lit(least) - pl.col("score"), 0.0)
    made.append(open_.select("payee_id", next=pl.format("place {}", "free"), behind=missing))
    return made


def _levels(own: pl.DataFrame, spiff: Spiff) -> list[pl.DataFrame]:
    import polars as pl

    if not spiff.levels:
        return []
    edges = pl.DataFrame({"edge": [float(level.at) for level in spiff.levels]}).sort("edge")
    edges = edges.with_columns(next=pl.Series([f"level {_plain(edge)}" for edge in edges["edge"]]))
    above = own.join(edges, how="cross").filter(pl.col("edge") > pl.col("score"))
    return [above.select("payee_id", "next", behind=pl.col("edge") - pl.col("score"))]


def _each(own: pl.DataFrame, spiff: Spiff) -> list[pl.DataFrame]:
    import polars as pl

    if spiff.each is None:
        return []
    per = float(spiff.each.per)
    times = (pl.max_horizontal("score", 0.0) / per + 1e-9).floor()
    more = own.with_columns(times=times)
    if spiff.each.most is not None:
        more = more.filter(pl.col("times") < spiff.each.most)
    said = f"{_plain(per)} more" if per != 1 else "one more"
    behind = (pl.col("times") + 1) * per - pl.col("score")
    return [more.select("payee_id", next=pl.lit(said), behind=behind)]


def _plain(number: float) -> str:
    return f"{number:,.10g}"
