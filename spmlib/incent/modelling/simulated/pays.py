"""Pays: many companies of a year, each paid by every plan that is compared.

    ready = sets.prepared(company, pay, decided, day)             # once
    made = pays.simulated(ready, {"richer": pays.scenario(ready, changed)})

All scenarios pay for the same sales, so that differences are taken company by company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.modelling.simulated import draws
from spmlib.incent.modelling.simulated.draws import Batch
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.terms import (
    BASE,
    Scenario,
    refuse,
    scenario,
    scenarios,
    termed,
)
from spmlib.rules.estimated import earned
from spmlib.rules.estimated.earned import Sold

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BASE", "Scenario", "Simulated", "scenario", "scenarios", "simulated"]


@dataclass(frozen=True)
class Simulated:
    """Companies drawn and paid.

    Attributes:
        ready: what they were drawn from.
        people: one row each, as in `Prepared.people`.
        pays: by scenario, what each person earns in the year: people x runs [currency].
        credited: in the measure each plan counts first: people x runs [currency, or units].
        attained: of the year's quota in it, base quotas; nan without: people x runs.
        booked: credited to those whose plan counts the decided measure first; nan if nobody's
            does: runs [currency].
    """

    ready: Prepared
    people: pl.DataFrame
    pays: Mapping[str, Floats]
    credited: Floats
    attained: Floats
    booked: Floats

    @property
    def costs(self) -> dict[str, Floats]:
        """By scenario, what all earn: runs [currency]."""
        return {name: paid.sum(axis=0) for name, paid in self.pays.items()}

    @property
    def runs(self) -> int:
        """How many companies were drawn."""
        return len(self.booked)


def simulated(
    ready: Prepared, scenarios: Mapping[str, Scenario] | None = None, runs: int | None = None
) -> Simulated:
    """Companies drawn and paid by the plans in force, called base, and by each scenario.

    Args:
        ready: what is known.
        scenarios: other terms, by name.
        runs: how many companies; those of the file if not given. At least 2.

    Raises:
        ParameterError: too few companies; a scenario names a plan nobody holds, or counts what
            nothing is known of.
    """
    number = ready.decided.runs if runs is None else runs
    if number < 2:
        raise ParameterError(f"runs: {number} companies show no spread; write 2 or more.")
    every = {BASE: Scenario()} | dict(scenarios or {})
    refuse(ready, every)
    into = {name: _Plan.empty(known, every, number) for name, known in ready.known.items()}
    for place, batch in draws.batches(ready, number):
        for part in into.values():
            part.fill(ready, batch, place)
    parts = list(into.values())
    return Simulated(
        ready,
        ready.people,
        {name: np.concatenate([part.pays[name] for part in parts]) for name in every},
        np.concatenate([part.credited for part in parts]),
        np.concatenate([part.attained for part in parts]),
        _booked(ready, [part.credited for part in parts]),
    )


def paid(known: Known, terms: Scenario, sold: Sold) -> Floats:
    """What each on a plan earns in the year under a scenario: people x runs [plan currency]."""
    name = known.plan.name
    ratios = terms.ratios.get(name, known.ratios)
    plan = terms.plans.get(name, known.plan)
    return earned.earned(plan, termed(sold, terms, name), ratios).sum(axis=-1)


def step(known: Known, every: Mapping[str, Scenario]) -> int:
    """The longest parts of a year at whose ends every scenario's plan looks [months]."""
    name = known.plan.name
    return int(
        np.gcd.reduce([earned.lattice(s.plans.get(name, known.plan)) for s in every.values()])
    )


@dataclass(frozen=True)
class _Plan:
    """The people on one plan, filled batch by batch: arrays of people x runs."""

    known: Known
    every: Mapping[str, Scenario]
    length: int
    pays: dict[str, Floats]
    credited: Floats
    attained: Floats

    @classmethod
    def empty(cls, known: Known, every: Mapping[str, Scenario], runs: int) -> _Plan:
        shape = (len(known.people), runs)
        pays = {name: np.zeros(shape) for name in every}
        return cls(known, every, step(known, every), pays, np.zeros(shape), np.full(shape, np.nan))

    def fill(self, ready: Prepared, batch: Batch, place: slice) -> None:
        known, main = self.known, self.known.plan.main
        sold = draws.drawn(ready, known, batch, self.length)
        for name, terms in self.every.items():
            self.pays[name][:, place] = paid(known, terms, sold) * known.worth
        came = sold.credited.get(main.measure, np.zeros((len(known.people), 1, 1))).sum(axis=-1)
        self.credited[:, place] = came * (known.worth if main.unit == "money" else 1.0)
        if main.measure in known.goals:
            goals = known.goals[main.measure].sum(axis=1, keepdims=True)
            own = np.broadcast_to(goals > 0, came.shape)
            np.divide(came, goals, out=self.attained[:, place], where=own)


def _booked(ready: Prepared, credited: Sequence[Floats]) -> Floats:
    """What those are credited with whose plan counts the decided measure first; nan if none."""
    found = [
        made.sum(axis=0)
        for known, made in zip(ready.known.values(), credited, strict=True)
        if known.plan.main.measure == ready.decided.measure
    ]
    return np.asarray(np.sum(found, axis=0)) if found else np.full(credited[0].shape[1], np.nan)
