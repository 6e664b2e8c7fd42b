"""Costs: what whole windows are expected to cost, by the curves people are paid by; estimates.

What is earned to date is the engine's; what the rest of the window adds is the curve's, in the
ratio in which the curve gave what was earned so far (margins, whole orders, early tables)::

    cost(X) = earned + ratio x (curve(X) - curve(credited))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.pay import Pay
from spmlib.core.tables import MONEY, SHARE, PayRecords
from spmlib.incent.accruals.known import Known
from spmlib.incent.accruals.written import Simulation
from spmlib.incent.calculation import Parameters
from spmlib.incent.summaries.budgeted import pay_curves, pay_rules
from spmlib.rules.estimated import plans
from spmlib.rules.estimated.earned import Sold, by_component
from spmlib.rules.estimated.plans import Component

if TYPE_CHECKING:
    import polars as pl

Components = Mapping[tuple[str, str], Component]
MOST = 3.0  # how far from what the curve gives what was earned is believed


def components(known: Known, parameters: Parameters) -> Components:
    """The curves that hold on the day after a period, by plan and component."""
    curves = pay_curves(parameters.plans, parameters.measures)
    pay = Pay(curves, pay_rules(parameters.plans), engine.empty(PayRecords))
    return {
        (name, component.name): component
        for name, plan in plans.in_force(pay, known.day).items()
        for component in plan.components
    }


def curve(
    of: Component, credited: Floats, quota: Floats, target: Floats, personal_rate: Floats
) -> Floats:
    """What a component gives of what is credited in a whole window, its own limits included.

    Args:
        of: whose window is longer than a transaction.
        credited: of the window: rows x runs [plan currency, or units].
        quota: of each row's window, likewise.
        target: the component's target incentive in the window [plan currency].
        personal_rate: of each row's person.

    Returns:
        Earned: rows x runs [plan currency].
    """
    months, shape = np.arange(12) < of.length, (*credited.shape, 12)

    def even(amounts: Floats) -> Floats:
        return amounts[..., None] * months / of.length

    weight = of.weight or 1.0
    sold = Sold(
        credited={of.measure: even(credited)},
        goals={of.measure: even(quota[:, None])},
        target=even(target[:, None] / weight),
        held=np.broadcast_to(months * 1.0, shape),
        rate=personal_rate,
    )
    return np.asarray(by_component(of, sold)[..., : of.length].sum(axis=-1))


def expected(rows: pl.DataFrame, of: Component, drawn: Floats) -> Floats:
    """What windows of one component cost, for each draw of what they come to: rows x runs.

    Args:
        rows: credited, earned, quota, target, personal_rate, of each window.
        of: the component.
        drawn: what they come to: rows x runs [plan currency, or units].
    """
    sticks = [
        rows[name].fill_null(0).to_numpy() / scale
        for name, scale in (("quota", MONEY), ("target", MONEY), ("personal_rate", SHARE))
    ]
    earned = rows["earned"].to_numpy() / MONEY
    credited = rows["credited"].to_numpy()
    told = curve(of, credited[:, None], *sticks)[:, 0]
    known = told > 0
    ratio = np.divide(earned, told, out=np.ones_like(told), where=known).clip(0.0, MOST)
    return np.asarray(
        earned[:, None] + ratio[:, None] * (curve(of, drawn, *sticks) - told[:, None])
    )


def draws(credited: Floats, expected_: Floats, simulation: Simulation) -> Floats:
    """What windows may come to: what is there, and what is left as often as it may be.

    What is left is lognormal; each row has draws of its own, whose mean is what is expected.

    Returns:
        rows x runs [as what is credited].
    """
    noise = np.random.default_rng(simulation.seed).standard_normal(
        (len(credited), simulation.draws)
    )
    scale = np.sqrt(np.log1p(simulation.spread**2))
    factors = np.exp(scale * noise)
    factors /= factors.mean(axis=1, keepdims=True)
    return np.asarray(credited[:, None] + (expected_ - credited)[:, None] * factors)
