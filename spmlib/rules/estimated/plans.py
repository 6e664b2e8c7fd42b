"""Plans: the curves and rules of pay in force on a day, as arrays that many draws go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.pay import Pay

if TYPE_CHECKING:
    import polars as pl

LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}  # months


@dataclass(frozen=True)
class Curve:
    """The brackets of one cell."""

    when: float  # from which value of the matrix's measure it holds
    starts: Floats
    parts: Floats  # brackets x (constant, slope, bend)
    lower: bool  # whether a threshold belongs to the bracket below

    def at(self, u: Floats) -> Floats:
        """The curve's value at each u, as a multiple of the stick of pay."""
        place = np.searchsorted(self.starts[1:], u, "left" if self.lower else "right")
        made = self.parts[:, 1][place]
        made *= u
        made += self.parts[:, 0][place]
        if self.parts[:, 2].any():
            made += self.parts[:, 2][place] * u * u
        return made


@dataclass(frozen=True)
class Rule:
    """One gate, multiplier, cap or floor."""

    kind: str
    measure: str
    of: str
    length: int  # months over which it looks; 0: those of the component
    starts: Floats
    factors: Floats
    strict: bool
    loses: bool
    limit: float
    of_target: bool


@dataclass(frozen=True)
class Component:
    """One way of earning."""

    plan: str
    name: str
    measure: str
    unit: str  # money or count
    length: int  # months of its window; 0: each transaction alone
    counts: str
    to_date: bool
    pays: str
    weight: float
    curves: tuple[Curve, ...]
    matrix: str  # the measure that picks the cell; empty if there is one
    matrix_of: str
    matrix_lower: bool
    rules: tuple[Rule, ...]

    @property
    def curved(self) -> bool:
        """Whether what it earns follows from sums: not from orders one by one, nor from places."""
        return self.length > 0 and self.counts != "place"


@dataclass(frozen=True)
class PlanPay:
    """How one plan pays."""

    name: str
    title: str
    currency: str
    components: tuple[Component, ...]
    rules: tuple[Rule, ...]  # of the whole plan

    @property
    def main(self) -> Component:
        """The component that says how much was sold: the first with a quota, else the first."""
        return next((c for c in self.components if c.counts == "quota"), self.components[0])

    @property
    def measures(self) -> tuple[str, ...]:
        """What its components count, in order."""
        return tuple(dict.fromkeys(c.measure for c in self.components))


def in_force(pay: Pay, day: date) -> dict[str, PlanPay]:
    """The plans by name, with the tables that hold on a day."""
    import polars as pl

    told = engine.collected(pay.curves).filter(pl.col("table_date") <= day)
    rules = engine.collected(pay.rules)
    rules = rules.filter(pl.col("table_date").is_null() | (pl.col("table_date") <= day))
    made = {}
    for (name,), rows in told.group_by("plan", maintain_order=True):
        own = rules.filter(pl.col("plan") == name)
        parts = rows.partition_by("component", maintain_order=True)
        first = rows.row(0, named=True)
        made[str(name)] = PlanPay(
            str(name),
            first["title"],
            first["currency"],
            tuple(_component(part, own) for part in parts),
            _rules(own.filter(pl.col("component").is_null())),
        )
    return made


def _component(rows: pl.DataFrame, rules: pl.DataFrame) -> Component:
    import polars as pl

    rows = rows.filter(pl.col("table_date") == pl.col("table_date").max())
    first = rows.row(0, named=True)
    cells = rows.partition_by("when", maintain_order=True)
    return Component(
        plan=first["plan"],
        name=first["component"],
        measure=first["measure"],
        unit=first["unit"],
        length=LENGTHS.get(first["window"], 0),
        counts=first["counts"],
        to_date=first["quota"] == "to_date",
        pays=first["pays"],
        weight=first["weight"] or 0.0,
        curves=tuple(_curve(cell) for cell in cells),
        matrix=first["matrix"] or "",
        matrix_of=first["matrix_of"] or "",
        matrix_lower=first["matrix_boundary"] == "lower",
        rules=_rules(rules.filter(pl.col("component") == first["component"])),
    )


def _curve(cell: pl.DataFrame) -> Curve:
    first: Mapping[str, Any] = cell.row(0, named=True)
    return Curve(
        when=first["when"] or 0.0,
        starts=cell["start"].to_numpy(),
        parts=cell.select("constant", "slope", "bend").to_numpy(),
        lower=first["boundary"] == "lower",
    )


def _rules(rows: pl.DataFrame) -> tuple[Rule, ...]:
    import polars as pl

    made = []
    for part in rows.partition_by("number", maintain_order=True):
        latest = part["table_date"].max()
        steps = part.filter(pl.col("table_date").eq_missing(pl.lit(latest, pl.Date)))
        first = steps.row(0, named=True)
        made.append(
            Rule(
                kind=first["kind"],
                measure=first["measure"] or "",
                of=first["of"] or "none",
                length=LENGTHS.get(first["window"] or "", 0),
                starts=steps["start"].fill_null(0.0).to_numpy(),
                factors=steps["factor"].fill_null(1.0).to_numpy(),
                strict=first["strict"] == "yes",
                loses=first["otherwise"] == "lose",
                limit=first["limit"] or 0.0,
                of_target=first["of_target"] == "yes",
            )
        )
    return tuple(made)
