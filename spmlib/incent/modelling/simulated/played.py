"""Played: those on one plan in many companies, kept so that tables can be tried on them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.modelling.simulated import draws
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.terms import Scenario, termed
from spmlib.rules.estimated import earned
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.plans import Component, PlanPay

LIMITS = ("cap", "floor")


@dataclass(frozen=True)
class Played:
    """Those on one plan in many companies.

    Attributes:
        known: who they are and how they are paid.
        sold: what they are credited with.
        parts: by component, what each earns before the rules of the whole plan:
            people x runs x parts of the year [plan currency].
    """

    known: Known
    sold: Sold
    parts: Mapping[str, Floats]

    def paid(self, plan: PlanPay | None = None, sold: Sold | None = None) -> Floats:
        """What each person earns in the year, under another plan or other quotas: people x runs.

        Components that are the plan's own and see the same sales are not computed again.
        """
        plan, on = plan or self.known.plan, sold or self.sold
        total = sum(self._part(component, on) for component in plan.components)
        return np.asarray(earned.ruled(plan, np.asarray(total), on).sum(axis=-1) * self.known.worth)

    @property
    def attained(self) -> Floats:
        """The year's attainment in the measure counted first, of people with a quota, in a row."""
        main = self.known.plan.main.measure
        goals = self.sold.goals[main].sum(axis=-1)
        came = self.sold.credited[main].sum(axis=-1)
        there = np.broadcast_to(goals > 0, came.shape)
        return np.asarray((came / np.where(goals > 0, goals, 1.0))[there])

    def slices(self, component: Component, tables: Sequence[Component]) -> Floats:
        """What each row's slice comes to, of all, at a rate of 1: rows x runs [currency].

        Gates and multipliers included; caps and floors not, nor the rules of the whole plan.
        """
        free = tuple(rule for rule in component.rules if rule.kind not in LIMITS)
        ratio = self.known.ratios.get(component.name, 1.0) * self.known.worth
        return np.array(
            [
                ratio * earned.by_component(replace(t, rules=free), self.sold).sum(axis=(0, 2))
                for t in tables
            ]
        )

    def _part(self, component: Component, sold: Sold) -> Floats:
        own = next((c for c in self.known.plan.components if c is component), None)
        if own is not None and sold is self.sold:
            return self.parts[component.name]
        return _earned(self.known, component, sold)


def played(ready: Prepared, name: str, runs: int, level: float | None = None) -> Played:
    """Those on a plan in so many companies; with a level, once, all at that multiple of quota.

    Raises:
        ParameterError: nobody holds the plan.
    """
    if name not in ready.known:
        raise ParameterError(f"nobody holds plan '{name}'; write {nearest(name, ready.known)}.")
    known = ready.known[name]
    length = earned.lattice(known.plan)
    if level is not None:
        sold = draws.expected(known, length, level)
    else:
        drawn = [draws.drawn(ready, known, b, length) for _, b in draws.batches(ready, runs)]
        sums = {m: np.concatenate([d.credited[m] for d in drawn], axis=1) for m in known.expected}
        sold = replace(drawn[0], credited=sums)
    return Played(known, sold, {c.name: _earned(known, c, sold) for c in known.plan.components})


def moved(known: Known, component: Component) -> PlanPay:
    """The plan with one component in the place of that of its name."""
    parts = tuple(component if c.name == component.name else c for c in known.plan.components)
    return replace(known.plan, components=parts)


def with_quota(of: Played, quota: float = 1.0, target: float = 1.0) -> Sold:
    """What is sold, quotas and target incentives as multiples of what they are."""
    return termed(of.sold, Scenario(quota=quota, target=target))


def _earned(known: Known, component: Component, sold: Sold) -> Floats:
    ratio = known.ratios.get(component.name, 1.0)
    return np.asarray(ratio * earned.by_component(component, sold))
