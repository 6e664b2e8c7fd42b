"""Drilled: what an amount of the whole company is made of, down to the single transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest

if TYPE_CHECKING:
    import polars as pl

LEVELS = ("company", "region", "team", "person", "component", "line")
KEYS = ("region", "team", "payee_id", "part", "line")  # of each level below the company
WHOLE = "company"
NONE = "-"  # who belongs to no region or reports to nobody
BETWEEN = "/"  # of the names of a key
ESCAPED = "\N{DIVISION SLASH}"  # for a name that has one of its own


def drilled(lines: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """What was earned, at every level from the company to the line.

    Args:
        lines: payee_id, plan, component (empty: of the whole plan), line (what it is called),
            amount [ticks of one currency].
        places: payee_id, region, team (the manager's id): one row for each person.

    Returns:
        level (of `LEVELS`), key (the names from the top, with slashes), parent (its key; empty at
        the top), name (of this level), payee_id (from person down), amount [ticks], people, count
        (of lines). The rows under a key add up to it, exactly.

    Raises:
        ParameterError: somebody has two places.
    """
    import polars as pl

    _refuse_two_places(places)
    part = pl.concat_str("plan", pl.col("component").fill_null(""), separator=".").str.strip_suffix(
        "."
    )
    named = lines.join(places, on="payee_id", how="left").with_columns(
        part=part, **{name: pl.col(name).fill_null(NONE) for name in ("region", "team")}
    )
    plain = {name: pl.col(name).str.replace_all(BETWEEN, ESCAPED) for name in KEYS}
    named = named.with_columns(**plain, own="payee_id")
    frames = [_level(named, depth) for depth in range(len(LEVELS))]
    order = pl.col("level").cast(pl.Enum(LEVELS))
    return pl.concat(frames).sort(order, pl.col("amount").abs() * -1, "key")


def below(rows: pl.DataFrame, key: str = WHOLE) -> pl.DataFrame:
    """The rows of `drilled` right under a key, the largest first.

    Raises:
        ParameterError: there is no such key.
    """
    import polars as pl

    if key not in rows["key"]:
        near = nearest(key, rows["key"].to_list())
        raise ParameterError(f"there is nothing under '{key}'; write {near[:300]}.")
    return rows.filter(pl.col("parent") == key)


def _level(named: pl.DataFrame, depth: int) -> pl.DataFrame:
    import polars as pl

    path, level = KEYS[:depth], LEVELS[depth]
    parts = [pl.lit(WHOLE), *(pl.col(name) for name in path)]
    key = pl.concat_str(parts, separator=BETWEEN)
    parent = pl.concat_str(parts[:-1], separator=BETWEEN) if depth else pl.lit("")
    name = pl.col(path[-1]) if depth else pl.lit(WHOLE)
    who = pl.col("own") if depth >= KEYS.index("payee_id") + 1 else pl.lit(None, pl.String)
    return (
        named.with_columns(key=key, parent=parent, name=name, payee=who)
        .group_by("key", "parent", "name", "payee")
        .agg(
            amount=pl.col("amount").sum(),
            people=pl.col("own").n_unique().cast(pl.Int64),
            count=pl.len().cast(pl.Int64),
        )
        .select(
            *(pl.lit(level).alias("level"), "key", "parent", "name"),
            *(pl.col("payee").alias("payee_id"), "amount", "people", "count"),
        )
    )


def _refuse_two_places(places: pl.DataFrame) -> None:
    import polars as pl

    twice = places.filter(pl.col("payee_id").is_duplicated())["payee_id"]
    if len(twice):
        raise ParameterError(f"places: {twice[0]} has two; give one for each person.")
