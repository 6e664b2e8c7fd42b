"""Evaluation: what people's curves have earned at a value, exactly, on millions of lines at once.

A curve of `brackets` is ``(A + B x + C x^2) / D`` in the bracket that holds x. Most people stay in
one bracket for a month and most amounts fit into 64 bits: `sorted_out` spares those the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning.brackets import LARGEST, Brackets, columns

SMALL = 4e18  # integers of 64 bits hold 9.2e18


def numerator(made: Brackets, at: str, prefix: str = "") -> nw.Expr:
    """What was earned at the value in a column, times ``d``: exact, not rounded."""
    x = nw.col(at).cast(made.width)
    terms = [nw.col(f"{prefix}a_{k}") + nw.col(f"{prefix}b_{k}") * x for k in range(made.most)]
    if made.bent:
        terms = [t + nw.col(f"{prefix}c_{k}") * x * x for k, t in enumerate(terms)]
    return chosen(terms, at, prefix)


def chosen(terms: Sequence[nw.Expr], at: str, prefix: str = "") -> nw.Expr:
    """The term of the bracket that holds the value in a column."""
    first, *others = terms
    return reduce(
        lambda below, nth: (
            nw.when(nw.col(at) >= nw.col(f"{prefix}from_{nth[0]}")).then(nth[1]).otherwise(below)
        ),
        enumerate(others, start=1),
        first,
    )


def sorted_out(curves_: Table[Any], made: Brackets) -> Iterator[tuple[Brackets, Table[Any]]]:
    """The curves in up to four parts, each with no more brackets and digits than it needs.

    Args:
        curves_: of `curved`, with ``low`` and ``high``, between which the lines of the curve lie
            [ticks], and ``offset``.
    """
    at = [chosen([nw.lit(k) for k in range(made.most)], end) for end in ("low", "high")]
    needed = (
        _size(made, nw.max_horizontal(nw.col("low").abs(), nw.col("high").abs()))
        + nw.col("offset").cast(nw.Float64).abs()
        + nw.col("d").cast(nw.Float64)
    )
    marked = engine.kept(curves_.with_columns(one=at[0] == at[1], small=needed * 2 < SMALL))
    there = engine.collected(marked.select("one", "small").unique(["one", "small"])).rows()
    for one, small in there:
        rows = marked.filter(nw.col("one") == one, nw.col("small") == small)
        rows = _at_low(rows, made) if one else rows
        part = replace(made, most=1) if one else made
        part = replace(part, width=nw.Int64) if small else part
        exact = (*columns(part, *"abc"), "d", "offset")
        yield part, rows.with_columns(**{n: nw.col(n).cast(part.width) for n in exact})


def carried(made: Brackets) -> list[str]:
    """The columns that evaluating a curve needs."""
    starts = [name for name in columns(made, "from") if name != "from_0"]
    return [*starts, *columns(made, *"abc"), *columns(made, "place"), "d", "offset"]


def headroom(curves_: Table[Any], made: Brackets, most: str) -> None:
    """Refuse amounts too large for exact arithmetic.

    Args:
        curves_: of `curved`.
        most: the column that holds the largest amount the curve will meet [ticks].

    Raises:
        OverflowRefused: a product would not fit.
    """
    engine.refuse_above(curves_.select(size=_size(made, nw.col(most)).max()), LARGEST)


def _size(made: Brackets, most: nw.Expr) -> nw.Expr:
    """About how large the terms of a curve get, up to an amount."""
    x = most.cast(nw.Float64)
    sizes = [
        nw.col(f"a_{k}").cast(nw.Float64).abs()
        + nw.col(f"b_{k}").cast(nw.Float64).abs() * x
        + nw.col(f"c_{k}").cast(nw.Float64).abs() * x * x
        for k in range(made.most)
    ]
    return nw.max_horizontal(*sizes)


def _at_low(curves_: Table[Any], made: Brackets) -> Table[Any]:
    """The curves with the bracket that holds ``low`` as their only one."""
    held = {
        f"{part}_0": chosen([nw.col(f"{part}_{k}") for k in range(made.most)], "low")
        for part in ("a", "b", "c", "place")
    }
    return curves_.with_columns(**held)
