"""Asked: cost, pay mix and leverage as conditions on what a plan pays to those who hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.modelling.simulated.played import Played, played
from spmlib.incent.modelling.simulated.sets import Prepared
from spmlib.incent.modelling.simulated.written import Wanted
from spmlib.rules.estimated.plans import PlanPay

COST, QUOTA, EXCELLENT = "cost", "pay at quota", "pay at excellence"


@dataclass(frozen=True)
class Asked:
    """The conditions, over the people on a plan: what they are of, and what they come to."""

    names: tuple[str, ...]
    wanted: Floats
    on: Mapping[str, Played]
    leverage: float
    base: float

    @classmethod
    def of(cls, ready: Prepared, wanted: Wanted, drawn: Played, level: float) -> Asked:
        """What is wanted of a table, as conditions on what its plan pays.

        Raises:
            ParameterError: mix or leverage of those without quotas, or a mix without base pay.
        """
        base = float(ready.people.filter(plan=wanted.plan)["base"].sum())
        on = {COST: drawn}
        if drawn.known.plan.main.measure in drawn.known.goals:
            on |= {QUOTA: played(ready, wanted.plan, 1, 1.0)}
            on |= {EXCELLENT: played(ready, wanted.plan, 1, level)}
        elif wanted.mix is not None or wanted.leverage is not None:
            what = "mix" if wanted.mix is not None else "leverage"
            raise ParameterError(f"{what}: {wanted.plan} has no quota; ask for a cost alone.")
        sums, leverage = {}, 0.0
        if wanted.cost is not None:
            sums[COST] = mean_paid(drawn, drawn.known.plan) * (1 + wanted.cost)
        if wanted.mix is not None:
            if base <= 0:
                raise ParameterError(f"mix: nobody on {wanted.plan} has base pay; ask for a cost.")
            sums[QUOTA] = wanted.mix / (1 - wanted.mix) * base
        if wanted.leverage is not None:
            known = QUOTA in sums
            sums[EXCELLENT] = wanted.leverage * sums[QUOTA] if known else 0.0
            leverage = 0.0 if known else wanted.leverage
        return cls(tuple(sums), np.array(list(sums.values())), on, leverage, base)

    def sums(self, plan: PlanPay) -> Floats:
        """What each comes to; pay at excellence, where no mix is asked, beyond leverage."""
        made = {name: mean_paid(self.on[name], plan) for name in self.names}
        if self.leverage:
            made[EXCELLENT] -= self.leverage * mean_paid(self.on[QUOTA], plan)
        return np.array(list(made.values()))

    def missed(self, sums: Floats) -> float:
        """The sum of squares of what is missed, over what is wanted, or what is paid at most."""
        whole = np.where(
            self.wanted != 0, self.wanted, mean_paid(self.on[COST], self.on[COST].known.plan)
        )
        return float((((sums - self.wanted) / whole) ** 2).sum())

    def shown(self, plan: PlanPay) -> tuple[float, float, float]:
        """Cost [currency], pay mix, leverage; nan where nobody has a quota."""
        cost = mean_paid(self.on[COST], plan)
        if QUOTA not in self.on:
            return cost, float("nan"), float("nan")
        quota, excellent = (mean_paid(self.on[name], plan) for name in (QUOTA, EXCELLENT))
        whole = quota + self.base
        return cost, quota / whole if whole else np.nan, excellent / quota if quota else np.nan


def mean_paid(of: Played, plan: PlanPay) -> float:
    """What all on the plan earn on average [currency]."""
    return float(of.paid(plan).sum(axis=0).mean())


def excellent(ready: Prepared, of: Played) -> float:
    """The attainment of a year that the file calls excellent, of those on the plan."""
    if of.known.plan.main.measure not in of.known.goals:
        return float("nan")
    return float(np.quantile(of.attained, ready.decided.excellence))
