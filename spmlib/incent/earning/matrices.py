"""Matrices: which cell of a table in two dimensions holds, by place or by single transaction."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY, Table
from spmlib.incent.earning import seconds
from spmlib.incent.earning.seconds import Second
from spmlib.incent.work import Work
from spmlib.rules import curves
from spmlib.rules.plans import Component


def by_place(places: Table[Any], work: Work) -> Table[Any]:
    """The places with the cell of a matrix that the second measure picks; 0 where there is none."""
    chosen = nw.lit(0).cast(nw.Int64)
    asked = [(n, c) for n, c in enumerate(work.made.components) if c.matrix and not c.alone]
    if not asked:
        return places.with_columns(cell=chosen)
    found = seconds.seconds(
        [
            Second(seconds.need(work, n, c, c.matrix.measure, c.accumulate), c.matrix.of)
            for n, c in asked
            if c.matrix
        ],
        work,
    )
    joined = places.join(
        found.rename({"number": "component"}),
        on=["person", "component", "period_number"],
        how="left",
    ).with_columns(value=nw.col("value").fill_null(0), base=nw.col("base").fill_null(0))
    for n, c in asked:
        chosen = _cell(n, c, chosen)
    return engine.kept(joined.with_columns(cell=chosen).drop("value", "base"))


def by_transaction(lines: Table[Any], work: Work) -> Table[Any] | None:
    """For matrices of single transactions: key, spot, cell."""
    frames = []
    for n, c in enumerate(work.made.components):
        if not (c.matrix and c.alone):
            continue
        rows = values(n, c.matrix.measure, lines, work)
        frames.append(
            rows.with_columns(cell=_cell(n, c, nw.lit(0).cast(nw.Int64))).select(
                "key", "spot", "cell"
            )
        )
    return engine.kept(engine.stacked(frames)) if frames else None


def values(number: int, name: str, lines: Table[Any], work: Work) -> Table[Any]:
    """A measure's own value of each line of a component: key, spot, component, value, base ..."""
    measure = work.used[name]
    own = work.rows.filter(work.booked.has(measure.name)).select(
        "key",
        "person",
        value=nw.col(measure.sums),
        base=nw.col(measure.per) if measure.per else nw.lit(MONEY).cast(nw.Int64),
    )
    own = own.group_by("key", "person").agg(nw.col("value", "base").sum())
    sign = nw.when(nw.col("base") < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    own = own.with_columns(value=nw.col("value") * sign, base=nw.col("base") * sign)
    rows = work.made.opened(lines.filter(nw.col("component") == number).select("key", "spot"))
    return rows.unique(["key", "spot"]).join(own, on=["key", "person"])


def _cell(number: int, component: Component, otherwise: nw.Expr) -> nw.Expr:
    """The cell of a component's matrix for each version of its table."""
    assert component.matrix is not None
    for version, table in enumerate(component.tables.values()):
        whens = [when for when, _ in curves.cells(table) if when is not None]
        here = (nw.col("component") == number) & (nw.col("version") == version)
        reached = seconds.step(whens, component.matrix.boundary)
        otherwise = nw.when(here).then(reached).otherwise(otherwise)
    return otherwise
