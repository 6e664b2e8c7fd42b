"""Windows found: what a large deal earned more in another window, or under another kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import in_force
from spmlib.incent.calculation import Parameters
from spmlib.incent.gaming.mixing import mixed
from spmlib.incent.gaming.paid import Paid, of_component
from spmlib.incent.gaming.rules_found import Row, row_of
from spmlib.rules import curves
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import polars as pl

REMEDIES = {
    "pulling_forward": "carry attainment over, or keep neighbouring rates near each other",
    "sandbagging": "let a lower rate follow instead of a cap; no rate far below the first one",
    "mixing": "let one rate hold for kinds that sellers choose, or check the kind of each order",
}


def moved_found(
    ends: pl.DataFrame, deals: pl.DataFrame, plans: Mapping[str, Plan]
) -> Iterator[Row]:
    """What one large deal more would have earned where windows ended, against first in the next.

    At stake is the sum over windows of the last year in which it is worth moving: pulling forward
    where the window pays more, sandbagging where the next one does.
    """
    import polars as pl

    sized = ends.join(deals, on=["plan", "component"])
    key = ("plan", "component")
    for (plan, name), rows in sized.partition_by(*key, as_dict=True, maintain_order=True).items():
        component = plans[plan].components[name]
        by_deal = component.crossing == "transaction" and component.word == "rate"
        if by_deal or component.thresholds == "units":
            continue  # what is scored or counted piece by piece is no deal to be moved
        parts = rows.partition_by("table_date", "cell", as_dict=True, maintain_order=True)
        gains = np.concatenate(
            [_gains(component, day, int(cell), part) for (day, cell), part in parts.items()]
        )
        deal = float(rows.select(pl.col("deal_1").first()).item())
        for kind, sign in (("pulling_forward", 1), ("sandbagging", -1)):
            own = np.maximum(sign * gains, 0.0)
            if own.sum() >= 1:
                says = f"{int((own > 0.005).sum())} of {len(own)} windows of the last year ended "
                says += (
                    f"where a deal of {deal:,.0f} pays {'more' if sign > 0 else 'less'} than as "
                )
                says += "the first of the next; the differences added up"
                about = {"plan": plan, "component": name, "remedy": REMEDIES[kind]}
                yield row_of(about, kind, "between windows", own.sum(), says, component.place)


def mixes_found(
    parameters: Parameters, ends: pl.DataFrame, deals: pl.DataFrame, day: date
) -> Iterator[Row]:
    """What a usual deal earns more under another kind, for each person on a plan once a year."""
    import polars as pl

    middle = ends.group_by("plan", "component").agg(
        pl.col("stick", "pay").median(), people=pl.col("payee_id").n_unique()
    )
    for name, plan in parameters.plans.items():
        rows = middle.filter(plan=name).join(deals, on=["plan", "component"], how="left")
        about = {row["component"]: row for row in rows.to_dicts()}
        made = _components(plan, about, day)
        kinds = _kinds(parameters, plan, list(made))
        sizes = [row["deal_0"] for row in about.values() if row["deal_0"]]
        if len(kinds) < 2 or not sizes:
            continue
        size = Fraction(str(round(float(np.median(sizes)), 2)))
        for one in mixed(kinds, made, size)[:1]:
            people = max(row["people"] for row in about.values())
            says = f"a deal of {float(size):,.0f} pays {float(one.pays):,.2f} as {one.called} and "
            says += (
                f"{float(one.would):,.2f} as {one.instead}, at quota; at stake: one for each of "
            )
            says += f"{people} people"
            told = {"plan": name, "component": None, "remedy": REMEDIES["mixing"]}
            where = f"{one.called} called {one.instead}"
            yield row_of(told, "mixing", where, float(one.gain) * people, says, plan.place)


def _gains(component: Component, day: date, cell: int, rows: pl.DataFrame) -> Floats:
    """What a large deal earns at each window's end beyond what it earns first in a window."""
    brackets = curves.brackets(component, curves.cells(component.tables[day])[cell][1])
    stick, pay, u = (rows[name].to_numpy() for name in ("stick", "pay", "multiple"))
    d = rows["deal_1"].to_numpy() / stick
    boundary = component.boundary or "upper"

    limits = {kind: _limit(component, kind, day, pay) for kind in ("floor", "cap")}

    def at(x: Floats) -> Floats:
        raised = np.maximum(curves.curve_of_floats(brackets, x, boundary) * pay, limits["floor"])
        return np.minimum(raised, limits["cap"])

    return np.asarray((at(u + d) - at(u)) - (at(d) - at(np.zeros(len(d)))))


def _limit(component: Component, kind: str, day: date, pay: Floats) -> Floats:
    """The component's own cap or floor, row by row; endless where it has none."""
    none = np.full(len(pay), np.inf if kind == "cap" else -np.inf)
    written = [in_force(m.limits, day) for m in component.modifiers if m.kind == kind]
    for one in written:
        if one is not None:
            limit = float(one) * (pay if one.percent else np.ones(len(pay)))
            none = np.minimum(none, limit) if kind == "cap" else np.maximum(none, limit)
    return none


def _components(
    plan: Plan, about: Mapping[str, Mapping[str, float]], day: date
) -> dict[str, tuple[Paid, Fraction]]:
    """By name, what each component pays at the median, with its quota credited."""
    made = {}
    for name, component in plan.components.items():
        row = about.get(name)
        stick, pay = (Fraction(str(row[n])) if row else Fraction(0) for n in ("stick", "pay"))
        try:
            paid = of_component(component, day, stick, pay)
        except ParameterError:
            continue  # of places, or nobody has a quota
        made[name] = (paid, stick if component.thresholds == "quota" else Fraction(0))
    return made


def _kinds(parameters: Parameters, plan: Plan, names: Sequence[str]) -> dict[str, list[str]]:
    """By kind of deal, the components that count its money."""
    made: dict[str, list[str]] = {}
    for name in names:
        measure = parameters.measures[plan.components[name].measure]
        if measure.sums != "amount" or measure.per is not None:
            continue
        for one in measure.where:
            for kind in one.among if one.column == "kind" else ():
                made.setdefault(kind, []).append(name)
    return made
