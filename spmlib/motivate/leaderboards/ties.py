"""Ties: places among values, by the rules that the field knows, exact to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

RULES = {  # of 40, 30, 30, 20
    "standard": "1, 2, 2, 4: one more than there are people ahead",
    "modified": "1, 3, 3, 4: as many as are ahead or level",
    "dense": "1, 2, 2, 3: one more than there are values ahead",
    "ordinal": "1, 2, 3, 4: level ones by who got there first, then by name",
    "fractional": "1, 2.5, 2.5, 4: the mean of the places that they share",
}
BEST = ("high", "low")
DIGITS = 10**18  # twice eighteen digits tell any two fractions of 64-bit integers apart
FINE = 6  # digits to which plain floats are compared: 0.1 + 0.2 and 0.3 are level


def places(
    values: Sequence[Any],
    ties: str = "standard",
    best: str = "high",
    breakers: Sequence[Sequence[Any]] = (),
    decimals: int = FINE,
) -> list[float | int | None]:
    """The place of each value, 1 the best; none where there is no value.

    Args:
        values: whole numbers, decimals and fractions, compared exactly; floats, compared after
            they are rounded to `decimals`. None and NaN have no place and are ahead of nobody.
        ties: standard, modified, dense, ordinal or fractional (`RULES`).
        best: high, or low where little is good (days to close, discounts).
        breakers: for ordinal: what tells level ones apart, the least first (the day on which each
            got there, then the person); level ones that nothing tells apart stay in their order.
        decimals: of floats.

    Raises:
        ParameterError: the rule is unknown, a value is no number or endless, or breakers are
            given to a rule that breaks no ties, or are not as many as values.

    >>> places([30, 40, 20, 30]), places([30, 40, 20, 30], "dense")
    ([2, 1, 4, 2], [2, 1, 3, 2])
    >>> places([0.1 + 0.2, 0.3], "fractional"), places([30, None, 30], "ordinal")
    ([1.5, 1.5], [1, None, 2])
    """
    refuse_rule(ties, best)
    if breakers and ties != "ordinal":
        raise ParameterError(f"breakers: {ties} leaves level ones level; write ties='ordinal'.")
    if any(len(each) != len(values) for each in breakers):
        raise ParameterError("breakers: there is not one for each value; give as many as values.")
    exact = [_exact(value, decimals) for value in values]
    there = [at for at, value in enumerate(exact) if value is not None]
    ranked = {value: at for at, value in enumerate(sorted({exact[at] for at in there}))}
    keys = np.array([ranked[exact[at]] for at in there], dtype=np.int64)
    broken = [_codes([each[at] for at in there]) for each in breakers]
    made: list[float | int | None] = [None] * len(exact)
    for at, place in zip(there, of_keys(keys, ties, best, broken).tolist(), strict=True):
        made[at] = place if ties == "fractional" else int(place)
    return made


def of_keys(
    keys: Whole | Floats,
    ties: str = "standard",
    best: str = "high",
    breakers: Sequence[Whole] = (),
) -> Floats:
    """Places of numbers that are level only where they are equal."""
    size = len(keys)
    signed = -keys if best == "high" else keys
    order = np.lexsort((*reversed(list(breakers)), signed))
    first = np.ones(size, bool)
    first[1:] = signed[order][1:] != signed[order][:-1]
    runs = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], size)
    if ties == "standard":
        said = starts[runs] + 1
    elif ties == "modified":
        said = ends[runs]
    elif ties == "dense":
        said = runs + 1
    elif ties == "ordinal":
        said = np.arange(1, size + 1)
    else:
        said = (starts[runs] + 1 + ends[runs]) / 2
    made = np.empty(size, float)
    made[order] = said
    return made


def codes(rows: pl.DataFrame, above: str = "above", below: str = "below") -> pl.Series:
    """A number for each fraction of two columns of integers, that rises as the fraction does.

    Equal fractions have one number, others never: ``a / b`` is divided out as far as it takes,
    in integers. Where either is missing, or `below` is not above 0, the number is missing.
    """
    import polars as pl

    wide = pl.Int128
    scale = pl.lit(DIGITS, dtype=wide)
    fits = pl.col(below) > 0
    rows = rows.select(
        n=pl.when(fits).then(pl.col(above)).cast(wide),
        d=pl.when(fits).then(pl.col(below)).cast(wide),
    )
    rows = rows.with_columns(whole=pl.col("n") // pl.col("d"), rest=pl.col("n") % pl.col("d"))
    rows = rows.with_columns(
        first=pl.col("rest") * scale // pl.col("d"), rest=pl.col("rest") * scale % pl.col("d")
    )
    rows = rows.with_columns(second=pl.col("rest") * scale // pl.col("d"))
    keys = ["whole", "first", "second"]
    known = rows.select(keys).drop_nulls().unique().sort(keys).with_row_index("code")
    return rows.join(known, on=keys, how="left", maintain_order="left")["code"].cast(pl.Int64)


def refuse_rule(ties: str, best: str) -> None:
    """Refuse words that are no rule.

    Raises:
        ParameterError: naming those that are.
    """
    if ties not in RULES:
        raise ParameterError(f"ties: '{ties}' is no rule; write one of {', '.join(RULES)}.")
    if best not in BEST:
        raise ParameterError(f"best: '{best}' is no direction; write high or low.")


def _exact(value: Any, decimals: int) -> Fraction | None:
    if value is None:
        return None
    if isinstance(value, bool | np.bool_ | str | bytes):
        raise ParameterError(f"values: {value!r} is no number; give numbers, or None.")
    try:
        if value != value:  # NaN, also of Decimal and of numpy
            return None
        if isinstance(value, float | np.floating):
            return round(Fraction(repr(float(value))), decimals)
        return Fraction(int(value) if isinstance(value, np.integer) else value)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        pass
    if "NA" in repr(value):  # pandas' missing value
        return None
    raise ParameterError(f"values: {value!r} is no number; give numbers, or None.")


def _codes(values: list[Any]) -> Whole:
    """Breakers as numbers; what is missing comes last."""
    known = {value: at for at, value in enumerate(sorted({v for v in values if v is not None}))}
    return np.array([known.get(value, len(known)) for value in values], dtype=np.int64)
