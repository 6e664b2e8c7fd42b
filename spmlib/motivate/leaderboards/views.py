"""Views: a board as one reader may see it.

Who opted out keeps the place and is not shown; all others have a pseudonym, or their name where the
board says so; the reader sees the own row by name, with the rows around it. Groups that are
suppressed are not shown to anybody, the own row excepted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards.panels import frame, refuse_missing

if TYPE_CHECKING:
    import polars as pl

YOU = "you"
UNKNOWN_TO_OTHERS = ("payee_id", "why", "counted", "quota", "present", "manager")


def view(
    board: Any,
    shown_as: Mapping[str, str],
    viewer: str | None = None,
    opted_out: Collection[str] = (),
    hidden: Collection[str] = (),
    first: int | None = None,
    around: int = 2,
) -> pl.DataFrame:
    """The rows that a reader may see.

    Args:
        board: payee_id, group, place, and whatever else is shown, of those who have a place.
        shown_as: names by id: pseudonyms, or names as they are.
        viewer: whose eyes; none: anybody's.
        opted_out: people who are counted in places and not shown.
        hidden: groups that are suppressed.
        first: rows of each group that are shown; all if not given.
        around: rows before and after the viewer's own that are shown too.

    Returns:
        The rows in order of place: name in place of the id, own (whether it is the viewer's), gap
        (people left out just before). Ids of others are not among the columns.

    Raises:
        ParameterError: a column is missing, or somebody who is shown has no name.
    """
    import polars as pl

    rows = frame(board, "board")
    refuse_missing(rows, ("payee_id", "group", "place"), "board")
    rows = rows.filter(pl.col("place").is_not_null()).sort("group", "place", "payee_id")
    own = pl.col("payee_id") == (viewer if viewer is not None else "")
    rows = rows.with_columns(own=own, _at=pl.int_range(pl.len()).over("group"))
    place_of_own = pl.col("_at").filter("own").first().over("group")
    near = ((pl.col("_at") - place_of_own).abs() <= around).fill_null(False)
    among = pl.lit(True) if first is None else pl.col("_at") < first
    may = ~pl.col("payee_id").is_in(list(opted_out)) & ~pl.col("group").is_in(list(hidden))
    shown = rows.filter(own | (may & (among | near)))
    shown = shown.with_columns(
        gap=pl.col("_at") - pl.col("_at").shift(1, fill_value=-1).over("group") - 1
    )
    missing = [who for who in shown.filter(~pl.col("own"))["payee_id"] if who not in shown_as]
    if missing:
        raise ParameterError(f"shown_as: '{missing[0]}' has no name; make names for all.")
    names = [
        YOU if mine and who not in shown_as else shown_as[who]
        for who, mine in shown.select("payee_id", "own").iter_rows()
    ]
    left = [name for name in shown.columns if name not in (*UNKNOWN_TO_OTHERS, "_at")]
    return shown.select(pl.Series("name", names, pl.String), *left)
