"""Terms: other plans, quotas and target incentives for the same people and the same sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.pay import Pay
from spmlib.core.tables import PayRecords
from spmlib.incent.calculation import Results
from spmlib.incent.modelling.simulated.seen import before, unseen
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.summaries import budgeted
from spmlib.incent.work import Parameters
from spmlib.rules.estimated import pasts, plans
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.plans import Component, PlanPay

BASE = "base"


class Model(Protocol):
    """What was calculated on history under other parameters, quotas or targets."""

    @property
    def parameters(self) -> Parameters:
        """What its files say about pay."""

    @property
    def company(self) -> Company:
        """Its tables, with other quotas and targets."""

    @property
    def results(self) -> Results:
        """What was calculated."""


@dataclass(frozen=True)
class Moves:
    """What is asked of each person on a plan, and their target, as multiples of what they are."""

    quotas: Mapping[str, Floats]  # by measure: people
    target: Floats  # people


@dataclass(frozen=True)
class Scenario:
    """Other terms of pay for the same people and the same sales.

    Attributes:
        plans: by name, those that pay otherwise; the others stay as they are.
        ratios: by plan and component, what the curve does not see; as known if not given.
        quota: every quota as a multiple of what it is. What is sold does not change with it.
        target: every target incentive as a multiple of what it is.
        moves: by plan, what is asked of each person, on top of that.
    """

    plans: Mapping[str, PlanPay] = field(default_factory=dict)
    ratios: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    quota: float = 1.0
    target: float = 1.0
    moves: Mapping[str, Moves] = field(default_factory=dict)


def scenario(
    ready: Prepared,
    parameters: Parameters,
    company: Company | None = None,
    results: Results | None = None,
    quota: float = 1.0,
    target: float = 1.0,
) -> Scenario:
    """A scenario of what parameter files say, with their tables in force in the year.

    What the curve does not see is as known; where each transaction is paid alone, it moves with the
    table. With the results of the same files on history it is what they say.

    Args:
        ready: what is known.
        parameters: of `spmlib.workbench.opened`, or changed.
        company: with other quotas or target incentives than that of `ready`, if they change.
        results: of the calculation of history by these parameters.
        quota: as in `Scenario`.
        target: as in `Scenario`.
    """
    own = {name: plan for name, plan in parameters.plans.items() if name in ready.known}
    told = Pay(
        budgeted.pay_curves(own, parameters.measures),
        budgeted.pay_rules(own),
        engine.empty(PayRecords),
    )
    made = plans.in_force(told, date(ready.decided.year, 12, 31))
    on = company or ready.company
    if results is not None:
        paid = budgeted.pay(results, on, replace(parameters, plans=own), ready.until)
        ratios = {name: unseen(plan, on, paid, ready.until) for name, plan in made.items()}
    else:
        ratios = {name: rated(ready.known[name], plan) for name, plan in made.items()}
    moves = (
        {n: moves_of(ready, known, company) for n, known in ready.known.items()} if company else {}
    )
    return Scenario(made, ratios, quota, target, moves)


def scenarios(ready: Prepared, models: Mapping[str, Model]) -> dict[str, Scenario]:
    """Scenarios of what was modelled on history, by name; base, which is always drawn, left out."""
    return {
        name: scenario(ready, model.parameters, model.company, model.results)
        for name, model in models.items()
        if name != BASE
    }


def moves_of(ready: Prepared, known: Known, company: Company) -> Moves:
    """Quotas and target incentives of a changed company, as multiples of those that are known."""
    last, _ = before(ready.until)
    years = dict.fromkeys((last, ready.decided.year))
    quotas = {}
    for measure in known.goals:
        sums = [
            np.sum([pasts.goals(t, measure, known.people, of).sum(axis=1) for of in years], axis=0)
            for t in (ready.company.quotas, company.quotas)
        ]
        was, now = sums
        quotas[measure] = np.divide(now, was, out=np.ones_like(was), where=was > 0)
    held = [pasts.positions(known.plan.name, last, of)[1] for of in (ready.company, company)]
    was, now = (np.array([of.get(p, np.zeros(12)).sum() for p in known.people]) for of in held)
    return Moves(quotas, np.divide(now, was, out=np.ones_like(was), where=was > 0))


def rated(known: Known, plan: PlanPay) -> dict[str, float]:
    """By component, what its curve does not see: as known, scaled by its one rate where it has."""
    was = {component.name: component for component in known.plan.components}
    made = {}
    for component in plan.components:
        ratio = known.ratios.get(component.name, 1.0 if component.curved else 0.0)
        before = was.get(component.name)
        if before is not None and not component.curved:
            ratio *= _scale(before, component, known.sizes.get(component.name))
        made[component.name] = ratio
    return made


def termed(sold: Sold, terms: Scenario, name: str = "") -> Sold:
    """What is sold, with a scenario's quotas and target incentives."""
    moves = terms.moves.get(name)
    if terms.quota == terms.target == 1.0 and moves is None:
        return sold
    goals = {measure: asked * terms.quota for measure, asked in sold.goals.items()}
    target = sold.target * terms.target
    if moves is not None:
        own = moves.quotas
        goals = {
            m: asked * own[m][:, None, None] if m in own else asked for m, asked in goals.items()
        }
        target = target * moves.target[:, None, None]
    return replace(sold, goals=goals, target=target)


def _scale(before: Component, after: Component, sizes: Floats | None) -> float:
    """What transactions paid alone earn after a change of table, over what they earned before."""
    was, now = before.curves[-1], after.curves[-1]
    if sizes is not None and len(sizes):
        told = was.at(sizes).sum()
        return float(now.at(sizes).sum() / told) if told else 1.0
    one = len(was.starts) == len(now.starts) == 1
    slope = was.parts[0, 1]
    return float(now.parts[0, 1] / slope) if one and slope else 1.0


def refuse(ready: Prepared, every: Mapping[str, Scenario]) -> None:
    """Refuse terms that cannot be meant.

    Raises:
        ParameterError: quotas or targets of nothing; a plan nobody holds, or one that counts what
            nothing is known of.
    """
    for name, terms in every.items():
        if terms.quota <= 0 or terms.target < 0:
            raise ParameterError(
                f"{name}: quotas of {terms.quota} and targets of {terms.target} "
                "times what they are cannot be meant; write e.g. 1.05."
            )
        for plan_name, plan in terms.plans.items():
            if plan_name not in ready.known:
                wrong = f"{name}: nobody holds plan '{plan_name}'"
                raise ParameterError(f"{wrong}; write {nearest(plan_name, ready.known)}.")
            told = ready.known[plan_name].expected
            for component in plan.components:
                if component.measure not in told:
                    wrong = (
                        f"{name}: nobody on {plan_name} was credited with '{component.measure}' yet"
                    )
                    raise ParameterError(f"{wrong}; count {nearest(component.measure, told)}.")
