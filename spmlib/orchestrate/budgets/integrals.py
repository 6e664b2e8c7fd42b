"""Integrals: what a curve pays on average if attainment is lognormal, in closed form.

It holds the draws to account: with months that bring no luck of their own, what is drawn must come
to this on average.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.budgets.habits import Habit, drawn
from spmlib.orchestrate.budgets.known import Known
from spmlib.orchestrate.budgets.years import SEED, market
from spmlib.rules.estimated.earned import Sold, by_component
from spmlib.rules.estimated.plans import Curve


def expected(curve: Curve, mean: float, spread: float) -> float:
    """The mean of a curve over a lognormal u.

    Defined as::

        sum over brackets of  constant P(u) + slope E(u) + bend E(u^2)

    each over the bracket alone, where E(u^k) up to x is
    exp(k m + k^2 s^2 / 2) Phi((ln x - m) / s - k s).

    Args:
        curve: as a multiple of the stick of pay.
        mean: of u; above 0.
        spread: its standard deviation over its mean; above 0.

    Returns:
        A multiple of the stick of pay.
    """
    from scipy.special import ndtr

    width = np.sqrt(np.log1p(spread**2))
    centre = np.log(mean) - width**2 / 2
    with np.errstate(divide="ignore"):
        edges = np.log(np.maximum(np.append(curve.starts, np.inf), 0.0))
    away = (edges - centre) / width
    total = 0.0
    for power in range(3):
        upto = ndtr(away - power * width)
        moment = np.exp(power * centre + (power * width) ** 2 / 2)
        total += float((curve.parts[:, power] * np.diff(upto)).sum() * moment)
    return total


def apart(known: Known, runs: int) -> float:
    """How far the draws of a plan's first component lie from its integral [standard errors].

    One person with a full year's quota, months alike but for the season, no rules.
    """
    component = known.plan.main
    habit = known.habits[component.measure]
    shared, own = max(habit.market, 0.1), max(habit.own, 0.1)
    smooth = Habit(True, habit.centre, habit.season, 0.0, own, shared)
    spread = np.sqrt((1 + own**2) * (1 + shared**2) - 1)
    random = np.random.default_rng(SEED)
    ones = np.ones((1, runs, 12))
    goals = np.ones((1, 1, 12))
    level = smooth.expected(goals[:, 0], ones[:, 0])
    came = drawn(smooth, level, ones, market(runs), random.standard_normal((1, runs)), ones)
    plain = replace(component, rules=(), matrix="", curves=component.curves[-1:])
    sold = Sold({plain.measure: came}, {plain.measure: goals}, ones, ones, np.ones(1))
    paid = by_component(plain, sold)[0].sum(axis=1)
    told = _year(plain.curves[0], level[0], plain.length, spread)
    pay = plain.weight * plain.length if plain.pays == "target" else 1.0
    stick = 1.0 if plain.pays in ("target", "amount") or plain.counts != "quota" else plain.length
    error = paid.std() / np.sqrt(runs)
    return float(abs(paid.mean() - told * pay * stick) / max(error, 1e-12))


def _year(curve: Curve, level: Floats, length: int, spread: float) -> float:
    """What the windows of a year pay on average, each of them at its own share of the season."""
    sums = level.reshape(-1, length).sum(axis=1)
    return sum(expected(curve, float(total) / length, spread) for total in sums)
