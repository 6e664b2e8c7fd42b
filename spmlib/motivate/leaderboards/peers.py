"""Peers: who is compared with whom, as of a day.

A peer group is one or more columns: role, plan, team, territory, region, manager, segment, tenure.
Combinations are as many columns side by side. `led_by` gives everybody below a manager.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.motivate.leaderboards.panels import frame, refuse_missing

if TYPE_CHECKING:
    import polars as pl

MONTH = 365.2425 / 12  # days
BETWEEN = " \N{MIDDLE DOT} "  # between the words of a combination
NONE = "none"  # of a column that says nothing of a person
COLUMNS = ("role", "plan", "team", "territory", "region", "manager", "segment", "tenure")


def standings(positions: Any, day: date) -> pl.DataFrame:
    """The position of each person on a day; of those who left before, the last they held.

    Args:
        positions: payee_id, start_date, end_date and what a position says.
        day: as of which.

    Returns:
        One row for each person who began by then, with held (whether it holds on the day).

    Raises:
        ParameterError: a column is missing.
    """
    import polars as pl

    rows = frame(positions, "positions")
    refuse_missing(rows, ("payee_id", "start_date"), "positions")
    if "end_date" not in rows.columns:
        rows = rows.with_columns(end_date=pl.lit(None, pl.Date))
    begun = rows.filter(pl.col("start_date") <= day)
    held = pl.col("end_date").is_null() | (pl.col("end_date") > day)
    return (
        begun.with_columns(held=held)
        .sort("payee_id", "start_date")
        .group_by("payee_id", maintain_order=True)
        .last()
    )


def peers(
    positions: Any,
    day: date,
    hired: Any = None,
    territories: Any = None,
    bands: Sequence[float] = (),
) -> pl.DataFrame:
    """What each person is compared by, as of a day.

    Args:
        positions: payee_id, start_date, end_date, and of role, plan, team, territory_id,
            manager_id those that are known.
        day: as of which.
        hired: payee_id, hire_date; for tenure.
        territories: territory_id, and of region, segment those that are known.
        bands: months at which a band of tenure ends, rising.

    Returns:
        payee_id, held, `COLUMNS` (text; "none" where nothing is known), months (since hired).

    Raises:
        ParameterError: a column is missing, or bands do not rise.
    """
    import polars as pl

    rows = standings(positions, day)
    named = {"territory_id": "territory", "manager_id": "manager"}
    rows = rows.rename({old: new for old, new in named.items() if old in rows.columns})
    if territories is not None:
        known = frame(territories, "territories").rename({"territory_id": "territory"})
        rows = rows.join(known, on="territory", how="left") if "territory" in rows.columns else rows
    months = pl.lit(None, pl.Float64)
    if hired is not None:
        rows = rows.join(
            frame(hired, "hired").select("payee_id", "hire_date"), on="payee_id", how="left"
        )
        months = (pl.lit(day) - pl.col("hire_date")).dt.total_days() / MONTH
    rows = rows.with_columns(months=months).with_columns(tenure=_band(bands))
    told = [
        (pl.col(name).cast(pl.String) if name in rows.columns else pl.lit(None, pl.String))
        .fill_null(NONE)
        .alias(name)
        for name in COLUMNS
    ]
    return rows.select("payee_id", "held", *told, "months").sort("payee_id")


def grouped(people: Any, by: Sequence[str]) -> pl.DataFrame:
    """The people with their group: the words of the columns, one after the other.

    Args:
        people: payee_id and the columns.
        by: the columns; none: all are one group.

    Returns:
        The rows with group.

    Raises:
        ParameterError: there is no such column.

    >>> import polars as pl
    >>> grouped(pl.DataFrame({"payee_id": ["a"], "role": ["ae"], "region": ["EMEA"]}),
    ...         ["role", "region"])["group"].to_list()
    ['ae · EMEA']
    """
    import polars as pl

    rows = frame(people, "people")
    for name in by:
        if name not in rows.columns:
            known = [column for column in rows.columns if column != "payee_id"]
            raise ParameterError(f"by: there is no '{name}'; write {nearest(name, known)}.")
    words = [pl.col(name).cast(pl.String).fill_null(NONE) for name in by]
    told = pl.concat_str(words, separator=BETWEEN) if words else pl.lit("all")
    return rows.with_columns(group=told)


def chosen(people: Any, where: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """The people whose columns hold what is asked.

    Raises:
        ParameterError: there is no such column.
    """
    import polars as pl

    rows = frame(people, "people")
    for name, among in where.items():
        if name not in rows.columns:
            raise ParameterError(
                f"where: there is no '{name}'; write {nearest(name, rows.columns)}."
            )
        rows = rows.filter(pl.col(name).is_in(list(among)))
    return rows


def led_by(positions: Any, manager: str, day: date) -> list[str]:
    """Everybody who reports to a person on a day, directly or through others.

    Raises:
        ParameterError: a column is missing.
    """
    import polars as pl

    rows = standings(positions, day)
    refuse_missing(rows, ("manager_id",), "positions")
    rows = rows.filter("held").select("payee_id", "manager_id")
    found: set[str] = set()
    level = {manager}
    while level:
        below = set(rows.filter(pl.col("manager_id").is_in(list(level)))["payee_id"])
        level = below - found - {manager}
        found |= level
    return sorted(found)


def _band(bands: Sequence[float]) -> pl.Expr:
    """The band of months since hired, in words."""
    import polars as pl

    edges = [0.0, *bands]
    if any(b <= a for a, b in pairwise(edges)):
        raise ParameterError("bands: months do not rise from above 0; write e.g. [6, 12, 24].")
    said: Any = pl.when(pl.col("months").is_null()).then(pl.lit(None, pl.String))
    for start, end in pairwise(edges):
        said = said.when(pl.col("months") < end).then(pl.lit(f"{start:g} to {end:g} months"))
    made: pl.Expr = said.otherwise(pl.lit(f"{edges[-1]:g} months and more"))
    return made
