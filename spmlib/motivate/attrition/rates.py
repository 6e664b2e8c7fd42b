"""Rates: how many of a group left, with exact intervals: what is told whatever the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame, needed

if TYPE_CHECKING:
    import polars as pl

YEAR = 12


def wilson(count: float, of: float, sure: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share.

    Raises:
        ParameterError: of nobody, or more than there are.

    Source:
        Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    Example:
        >>> [round(end, 4) for end in wilson(5, 50)]
        [0.0435, 0.2136]
    """
    from scipy.special import ndtri

    if of <= 0 or not 0 <= count <= of:
        raise ParameterError(f"a share of {count:g} of {of:g}: give 0 up to as many as there are.")
    z2 = float(ndtri(0.5 + sure / 2)) ** 2
    share = count / of
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = np.sqrt(z2 * (share * (1 - share) / of + z2 / (4 * of**2))) / (1 + z2 / of)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return (0.0 if count == 0 else float(low)), (1.0 if count == of else float(high))


def garwood(count: float, sure: float = 0.95) -> tuple[float, float]:
    """The exact interval of a Poisson count.

    Source:
        Garwood, "Fiducial limits for the Poisson distribution" (1936).

    Example:
        >>> [round(end, 3) for end in garwood(10)]
        [4.795, 18.39]
    """
    from scipy.special import gammaincinv

    tail = (1 - sure) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))


def group_rates(
    rows: Any, by: str | None = None, fewest: int = 5, sure: float = 0.95, left: str = "left"
) -> pl.DataFrame:
    """How many left in a year of being there, by group of their month.

    Defined as::

        rate = 12 * left / person-months       the interval is Garwood's of `left`

    Args:
        rows: as `PersonMonths`: payee_id, left and the group's column.
        by: column; all together if not given.
        fewest: groups of fewer people are told together as "others"; with the next larger group
            where they are too few even so, so that none follows from the sum of all.
        sure: of the interval.
        left: column of outcomes.

    Returns:
        group, people, person_months, left, rate (leavers for one person's year), low, high; the
        largest rate first. Rates may be above 1 where people stay less than a year.
    """
    import polars as pl

    from spmlib.motivate.attrition.outcomes import outcomes

    told = frame(rows)
    needed(told, ("payee_id", left, *([by] if by else [])), "person-months")
    told = told.filter(pl.col(left).is_not_null())
    told = told.with_columns(pl.Series(left, outcomes(told, left)))
    word = pl.col(by).cast(pl.String).fill_null("not told") if by else pl.lit("everybody")
    told = told.with_columns(word.alias("group"))
    sizes = told.group_by("group").agg(people=pl.col("payee_id").n_unique())
    small = _small(sizes, fewest)
    told = told.with_columns(
        group=pl.when(pl.col("group").is_in(small)).then(pl.lit("others")).otherwise("group")
    )
    made = told.group_by("group").agg(
        people=pl.col("payee_id").n_unique().cast(pl.Int64),
        person_months=pl.len().cast(pl.Int64),
        left=pl.col(left).cast(pl.Int64).sum(),
    )
    made = made.filter(pl.col("people") >= fewest)
    ends = [garwood(count, sure) for count in made["left"]]
    years = pl.col("person_months") / YEAR
    made = made.with_columns(
        rate=pl.col("left") / years,
        low=pl.Series([low for low, _ in ends], dtype=pl.Float64) / years,
        high=pl.Series([high for _, high in ends], dtype=pl.Float64) / years,
    )
    return made.sort("rate", "group", descending=[True, False])


def group_shares(
    table: Any, outcome: str, by: str | None = None, fewest: int = 5, sure: float = 0.95
) -> pl.DataFrame:
    """What share of a group left, where there is one row a person and no time: Wilson's interval.

    Returns:
        group, people, left, share, low, high; the largest share first. Groups of fewer than
        `fewest` are told together, as in `group_rates`.
    """
    import polars as pl

    from spmlib.motivate.attrition.outcomes import outcomes

    rows = frame(table)
    y = pl.Series("left", outcomes(rows, outcome))
    word = rows[by].cast(pl.String).fill_null("not told") if by else None
    plain = pl.DataFrame({"left": y}).with_columns(
        pl.lit("everybody").alias("group") if word is None else word.alias("group")
    )
    small = _small(plain.group_by("group").agg(people=pl.len()), fewest)
    plain = plain.with_columns(
        group=pl.when(pl.col("group").is_in(small)).then(pl.lit("others")).otherwise("group")
    )
    made = plain.group_by("group").agg(
        people=pl.len().cast(pl.Int64), left=pl.col("left").sum().cast(pl.Int64)
    )
    made = made.filter(pl.col("people") >= fewest)
    ends = [wilson(row["left"], row["people"], sure) for row in made.to_dicts()]
    made = made.with_columns(
        share=pl.col("left") / pl.col("people"),
        low=pl.Series([low for low, _ in ends], dtype=pl.Float64),
        high=pl.Series([high for _, high in ends], dtype=pl.Float64),
    )
    return made.sort("share", "group", descending=[True, False])


def _small(sizes: pl.DataFrame, fewest: int) -> list[str]:
    """The groups that are told together: those of too few people, and as many more as it takes."""
    rows = sizes.sort("people", "group").select("group", "people").rows()
    small = [(name, people) for name, people in rows if people < fewest]
    for row in rows[len(small) :]:
        if not small or sum(people for _, people in small) >= fewest:
            break
        small.append(row)
    return [name for name, _ in small]
