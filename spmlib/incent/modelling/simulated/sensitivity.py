"""Sensitivity: what a year costs more if one value of one table moves, everything else the same.

Each value is moved by a step (a point of a rate, payout or threshold; a hundredth of an amount, a
quota, a limit), and the same companies are paid again. Where no cap or floor holds, what a point of
a rate costs is the slice that is paid at it: both are given, and they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.modelling.simulated import measures, rows
from spmlib.incent.modelling.simulated.pays import BASE, Simulated, simulated
from spmlib.incent.modelling.simulated.played import Played, moved, played, with_quota
from spmlib.incent.modelling.simulated.sets import Prepared
from spmlib.incent.work import Parameters
from spmlib.rules import plans as written
from spmlib.rules.estimated.plans import Component, PlanPay, Rule
from spmlib.rules.modifiers import Modifier

if TYPE_CHECKING:
    import pandas as pd

POINT = 0.01  # of a rate, payout or threshold; a hundredth of what is no share
RUNS = 2_000


@dataclass(frozen=True)
class Moved:
    """One value of a plan, moved.

    Attributes:
        component: whose; empty: of the whole plan.
        value: what it is, e.g. "rate from 100%".
        place: file and line.
        now: what it is now.
        step: by how much it is moved.
        plan: with it moved; none if only quotas or targets move.
        row: of the table, if it is a rate: its slice is what it costs.
        quota: multiple of every quota.
        target: of every target incentive.
    """

    component: str
    value: str
    place: str
    now: float
    step: float
    plan: PlanPay | None = None
    row: int = -1
    quota: float = 1.0
    target: float = 1.0


def tornado(
    ready: Prepared, parameters: Parameters, runs: int = RUNS, base: Simulated | None = None
) -> pd.DataFrame:
    """What the year costs more for each value moved, the largest first.

    Args:
        ready: what is known.
        parameters: the files whose values are moved: those of base.
        runs: how many companies.
        base: as many companies of the same, already paid.

    Returns:
        plan, title, component, value, place (file:line, or the table of quotas or positions), now,
        step, cost, cost_se (of the mean, company by company), p90 (of the cost that a tenth of
        companies surpass), slices (of the mean, if neither cap nor floor holds; nan where it is no
        rate) [currency].
    """
    import pandas as pd

    paid = base if base is not None and base.runs == runs else simulated(ready, runs=runs)
    cost = paid.costs[BASE]
    before = np.quantile(cost, 0.9)
    on = date(ready.decided.year, 12, 31)
    made = []
    for name in ready.known:
        of = played(ready, name, runs)
        plain = of.paid().sum(axis=0)
        told = parameters.plans[name]
        for each in values(of, told, on):
            sold = with_quota(of, each.quota, each.target)
            more = of.paid(each.plan, sold).sum(axis=0) - plain
            row: dict[str, object] = {"plan": name, "title": of.known.plan.title}
            row |= {"component": each.component, "value": each.value, "place": each.place}
            row |= {"now": each.now, "step": each.step}
            row["cost"], row["cost_se"] = measures.mean(more)
            row["p90"] = float(np.quantile(cost + more, 0.9) - before)
            row["slices"] = _slice(of, told, each, on)
            made.append(row)
    table = pd.DataFrame(made)
    order = table["cost"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def values(of: Played, told: written.Plan, on: date) -> Iterator[Moved]:
    """Every value of a plan that moves what it pays, moved: rates, thresholds, factors, limits."""
    plan = of.known.plan
    for component in plan.components:
        yield from _rows(of, component, told.components[component.name], on)
        for rule, modifier in _with(component.rules, told.components[component.name].modifiers):
            for value, now, step, changed in _rule(of, rule):
                rules = tuple(changed if r is rule else r for r in component.rules)
                own = moved(of.known, replace(component, rules=rules))
                yield Moved(component.name, value, modifier.place, now, step, own)
    for rule, modifier in _with(plan.rules, told.modifiers):
        for value, now, step, changed in _rule(of, rule):
            rules = tuple(changed if r is rule else r for r in plan.rules)
            yield Moved("", value, modifier.place, now, step, replace(plan, rules=rules))
    if of.known.goals:
        yield Moved("", "quotas", "quotas", 1.0, POINT, quota=1 + POINT)
    if any(c.pays == "target" for c in plan.components):
        yield Moved("", "target incentives", "positions", 1.0, POINT, target=1 + POINT)


def expected_slices(of: Played, component: written.Component, on: date) -> tuple[Floats, Floats]:
    """What each row's slice comes to a year, and its standard error: rows, rows [currency].

    Defined as the mean over companies of the sum over people and windows of the stick of pay times
    the slice, gates and multipliers included. A rate's share of the cost is rate times slice.
    """
    own = next(c for c in of.known.plan.components if c.name == component.name)
    tables = [replace(own, curves=c) for c in rows.slices(component, rows.table(component, on))]
    drawn = of.slices(own, tables)
    return drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / np.sqrt(drawn.shape[1])


def _rows(of: Played, own: Component, told: written.Component, on: date) -> Iterator[Moved]:
    if not own.curved:
        return
    table = rows.table(told, on)
    for at, row in enumerate(table):
        step = POINT if row.gives.percent else max(abs(float(row.gives)), 1.0) * POINT
        gives = [float(r.gives) + (step if r is row else 0.0) for r in table]
        changed = replace(own, curves=rows.as_curves(told, rows.given(table, gives)))
        when = f", {rows.word(row.when)}" if row.when is not None else ""
        value = f"{row.word} from {rows.word(row.start)}{when}"
        yield Moved(
            own.name, value, row.place, float(row.gives), step, moved(of.known, changed), at
        )
    firsts = {row.start: at for at, row in reversed(list(enumerate(table))) if row.start}
    for start, at in sorted(firsts.items()):
        step = POINT if start.percent else float(start) * POINT
        shifted = rows.shifted(table, at, step)
        if shifted is not None:
            changed = replace(own, curves=rows.as_curves(told, shifted))
            place, value = table[at].place, f"threshold {rows.word(start)}"
            yield Moved(own.name, value, place, float(start), step, moved(of.known, changed))


def _rule(of: Played, rule: Rule) -> Iterator[tuple[str, float, float, Rule]]:
    """Each value of a rule that moves pay, moved; none where what it looks at is not drawn."""
    if rule.kind in ("cap", "floor"):
        step = POINT if rule.of_target else rule.limit * POINT
        yield rule.kind, rule.limit, step, replace(rule, limit=rule.limit + step)
        return
    if rule.measure not in of.sold.credited:
        return
    if rule.kind == "gate":
        start = float(rule.starts[0])
        step = POINT if rule.of != "none" else start * POINT
        yield "gate", start, step, replace(rule, starts=rule.starts + step)
        return
    for at, factor in enumerate(rule.factors):
        factors = rule.factors.copy()
        factors[at] += POINT
        yield (
            f"factor from {rule.starts[at]:g}",
            float(factor),
            POINT,
            replace(rule, factors=factors),
        )


def _with(rules: tuple[Rule, ...], told: tuple[Modifier, ...]) -> Iterator[tuple[Rule, Modifier]]:
    """Rules of arrays beside the modifiers they were made from, both in the order written."""
    return zip(rules, told, strict=True)


def _slice(of: Played, told: written.Plan, each: Moved, on: date) -> float:
    if each.row < 0:
        return float("nan")
    component = told.components[each.component]
    own = next(c for c in of.known.plan.components if c.name == each.component)
    table = rows.table(component, on)
    unit = np.eye(len(table))[each.row]
    curves = rows.as_curves(component, rows.given(table, unit))
    return float(of.slices(own, [replace(own, curves=curves)]).mean() * each.step)
