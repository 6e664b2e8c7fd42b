"""Alone: each transaction stands on its own, a negative one as the mirror image of its positive."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning.brackets import Brackets, curved
from spmlib.incent.earning.evaluation import chosen, headroom, numerator
from spmlib.incent.earning.layout import Layout
from spmlib.incent.earning.lines import Found, rounded, summed, told


def alone(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> Found:
    """The lines and standings of components that go this way."""
    slim = places.drop("cell", "before", "after", "credited")
    ready = curved(slim, curve, ("component", "version"))
    placed = lines.with_columns(cell=nw.lit(0).cast(nw.Int64))
    if cells is not None:
        placed = lines.join(cells, on=["key", "spot"], how="left").with_columns(
            cell=nw.col("cell").fill_null(0)
        )
    joined = placed.join(ready.drop("component"), on=["spot", "cell"])
    joined = joined.with_columns(
        far=nw.col("credited").abs(),
        offset=nw.lit(0).cast(engine.WIDE),
        sign=nw.when(nw.col("credited") < 0).then(nw.lit(-1)).otherwise(nw.lit(1)),
        before=nw.lit(0).cast(nw.Int64),
        after=nw.col("credited"),
    )
    joined = engine.kept(joined.with_columns(most=nw.col("far")))
    headroom(joined, curve, "most")
    joined = joined.with_columns(amount=rounded(numerator(curve, "far")) * nw.col("sign"))
    joined = joined.with_columns(
        place=chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far")
    )
    found = engine.kept(told(joined, "credit"))
    return found, summed(found, places, made)
