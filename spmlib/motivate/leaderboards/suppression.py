"""Suppression: groups too small to be shown, and those that must go with them.

A group with fewer than so many people is hidden (primary). Where the total above it is shown, one
hidden group could be had by subtraction: so others are hidden with it until what is hidden holds at
least two groups and at least so many people (secondary), the smallest first, so that as little as
possible is lost.

Source: Hundepool et al., "Statistical Disclosure Control" (2012), chapter 4: minimum frequency
rule and secondary cell suppression in a table with totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards.panels import frame, refuse_missing

if TYPE_CHECKING:
    import polars as pl

STATES = ("shown", "small", "with another")


def suppressed(groups: Any, smallest: int, totals: bool = True) -> pl.DataFrame:
    """Groups with whether each is shown.

    Args:
        groups: group, persons (with a value), and where groups add up to different totals the
            column parent; one row for each group.
        smallest: people below which a group is hidden.
        totals: whether the totals of parents are shown, or can be had elsewhere.

    Returns:
        The rows with state: shown, small (hidden itself), or with another (hidden so that a small
        one cannot be computed). Groups without people are shown: they hide nobody.

    Raises:
        ParameterError: a column is missing, a group is named twice, or `smallest` is below 1.

    >>> import polars as pl
    >>> made = suppressed(pl.DataFrame({"group": ["a", "b", "c"], "persons": [3, 6, 9]}), 5)
    >>> made["state"].to_list()
    ['small', 'with another', 'shown']
    """
    import polars as pl

    if smallest < 1:
        raise ParameterError(f"smallest: {smallest} is not 1 or more; write e.g. 5.")
    rows = frame(groups, "groups")
    refuse_missing(rows, ("group", "persons"), "groups")
    over = ["parent"] if "parent" in rows.columns else []
    if rows.select("group", *over).is_duplicated().any():
        raise ParameterError("group: one is there twice; give each group one row.")
    small = (pl.col("persons") > 0) & (pl.col("persons") < smallest)
    rows = rows.with_row_index("_at").with_columns(_small=small, _one=pl.lit(1))
    over = over or ["_one"]
    if not totals:
        return _told(rows.with_columns(_more=pl.lit(False)))
    candidate = ~pl.col("_small") & (pl.col("persons") > 0)
    # In the order in which they would be hidden: small ones, then the smallest of the others.
    rows = rows.sort(*over, ~pl.col("_small"), ~candidate, "persons", "group", nulls_last=True)
    hidden = pl.col("_small").cast(pl.Int64).sum().over(over)
    place = candidate.cast(pl.Int64).cum_sum().over(over)
    before = pl.col("persons").filter(pl.col("_small")).sum().over(over) + (
        pl.when(candidate).then(pl.col("persons")).otherwise(0).cum_sum().over(over)
        - pl.col("persons")
    )
    lacking = (hidden + place - 1 < 2) | (before < smallest)
    return _told(rows.with_columns(_more=candidate & (hidden > 0) & lacking))


def total_shown(persons: int, hidden: int, smallest_hidden: int) -> bool:
    """Whether a group's total may be shown, of which some people's rows are not.

    Whoever subtracts the rows that are shown from the total has the sum of the hidden ones: of one
    person it is that person's figure, of two it is known to each of the two.

    >>> [total_shown(10, hidden, 3) for hidden in (0, 1, 2, 3)]
    [True, False, False, True]
    """
    if not 0 <= hidden <= persons:
        raise ParameterError(f"hidden: {hidden} of {persons} people cannot be hidden.")
    return hidden == 0 or hidden >= smallest_hidden


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    state = (
        pl.when("_small").then(pl.lit(STATES[1]))
        .when("_more").then(pl.lit(STATES[2]))
        .otherwise(pl.lit(STATES[0]))
    )  # fmt: skip
    made = rows.with_columns(state=state).sort("_at")
    return made.drop([name for name in made.columns if name.startswith("_")])
