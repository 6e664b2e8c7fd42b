"""Earned: what drawn credits earn, month by month, under the plans people are paid by.

Earn to date, pay the difference, as the engine does: in each window what is credited to date goes
through the curve, then through gates, multipliers, caps and floors, and a month costs what its end
adds to the month before. Everything is seats x runs x the twelve months of a calendar year, or its
quarters, halves or the year as one, where nothing that a plan looks at ends in between: `lattice`.

What a curve cannot see (orders one by one, places, margins) is taken as it was: `ratios` sets what
was earned beside what the curve would have given of the same credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.rules.estimated.plans import Component, PlanPay, Rule


@dataclass(frozen=True)
class Sold:
    """What those on one plan are credited with in a year, and what is expected of them.

    Where it says 12, there may be 4, 2 or 1 as well: see `lattice` and `gathered`.

    Attributes:
        credited: by measure: seats x runs x 12.
        goals: quotas, by measure: seats x runs x 12, or seats x 1 x 12.
        target: the target incentive of each month [plan currency], shaped alike.
        held: how much of each month, in months, the seat is held, shaped alike.
        rate: each seat's personal rate.
    """

    credited: Mapping[str, Floats]
    goals: Mapping[str, Floats]
    target: Floats
    held: Floats
    rate: Floats


def earned(plan: PlanPay, sold: Sold, ratios: Mapping[str, float] | None = None) -> Floats:
    """What a plan pays for what is credited, all components and modifiers: seats x runs x 12.

    Args:
        plan: how it pays.
        sold: what is credited.
        ratios: by component, as `ratios` makes them; 1 if not given.
    """
    by = ratios or {}
    parts = [by.get(c.name, 1.0) * by_component(c, sold) for c in plan.components]
    return ruled(plan, np.asarray(sum(parts)), sold)


def ruled(plan: PlanPay, total: Floats, sold: Sold) -> Floats:
    """What the rules of the whole plan leave of what its components earn: seats x runs x 12."""
    for rule in plan.rules:
        length = rule.length or 12
        to_date = limited(rule, running(total, length), sold, length, 1.0)
        total = differences(to_date, length)
    return np.asarray(total)


def lattice(plan: PlanPay) -> int:
    """The longest parts of a year whose ends say all that a plan looks at [months].

    Sums to date matter at ends of windows alone, but where each month finds a gate shut and loses
    what it earned.
    """
    looked = [c.length or 12 for c in plan.components]
    looked += [rule.length or 12 for rule in plan.rules]
    looked += [rule.length for c in plan.components for rule in c.rules if rule.length]
    loses = any(rule.loses for c in plan.components for rule in c.rules)
    return 1 if loses else int(np.gcd.reduce(looked))


def gathered(values: Floats, length: int) -> Floats:
    """Sums over parts of a year of so many months: the last axis, a year, becomes 12 / length."""
    return _windows(values, length).sum(axis=-1) if length > 12 // values.shape[-1] else values


def by_component(of: Component, sold: Sold) -> Floats:
    """What one component earns in each month."""
    if of.measure not in sold.credited:
        return np.zeros_like(sold.held)
    if not of.length:
        return sold.credited[of.measure]
    if of.counts == "place":
        length = _steps(sold.held, of.length)
        ends = np.arange(sold.held.shape[-1]) % length == length - 1
        return sold.held * ends * (length / of.length)
    to_date = _curve(of, sold)
    for rule in of.rules:
        to_date = _ruled(rule, to_date, of, sold)
    return differences(to_date, of.length)


def ratios(plan: PlanPay, sold: Sold, was: Mapping[str, Floats], months: int) -> dict[str, float]:
    """By component, what was earned over what the curve gives of what was credited.

    Of orders one by one it is what was earned for each unit credited; of places, for each head.
    1 where the curve gave nothing yet, as a year's goal does that nobody has reached.

    Args:
        plan: how it pays.
        sold: what was credited, one run.
        was: by component, what was earned: seats x 12.
        months: how many months of the year are over.
    """
    made = {}
    for component in plan.components:
        told = by_component(component, sold)[:, 0, :months].sum()
        paid = was[component.name][:, :months].sum() if component.name in was else 0.0
        unknown = 1.0 if component.curved else 0.0
        made[component.name] = float(paid / told) if told > 0 else unknown
    return made


def by_quota(plan: PlanPay, sold: Sold) -> Floats:
    """How much is sold in the measure that a plan counts first: seats x runs x 12.

    What is credited; where the plan pays a share of target, over the quota: one month of quota is
    1, so that quotas which grow with what is sold do not look like more sold for less pay.
    """
    main = plan.main
    came = sold.credited.get(main.measure, np.zeros_like(sold.held))
    goals = sold.goals.get(main.measure)
    if main.pays != "target" or main.counts != "quota" or goals is None:
        return came
    usual = goals.sum(axis=-1, keepdims=True) / np.maximum(sold.held.sum(-1, keepdims=True), 1e-12)
    return np.divide(came, usual, out=np.zeros_like(came), where=usual > 0)


def running(values: Floats, length: int) -> Floats:
    """Sums to date, begun again in every window of so many months."""
    return _windows(values, length).cumsum(axis=-1).reshape(values.shape)


def whole(values: Floats, length: int) -> Floats:
    """The sum of each window, in every month of it."""
    return np.repeat(_windows(values, length).sum(axis=-1), _steps(values, length), axis=-1)


def differences(to_date: Floats, length: int) -> Floats:
    """What each month adds to its window: the reverse of `running`."""
    made = to_date.copy()
    parts, windows = _windows(made, length), _windows(to_date, length)
    parts[..., 1:] -= windows[..., :-1]
    return made


def limited(rule: Rule, to_date: Floats, sold: Sold, length: int, weight: float) -> Floats:
    """What a cap or floor leaves of what is earned to date."""
    there = whole(sold.held, length) > 0
    limit = rule.limit * (weight * whole(sold.target, length) if rule.of_target else 1.0) * there
    if rule.kind == "cap":
        return np.where(there, np.minimum(to_date, limit), to_date)
    return np.maximum(to_date, limit) if rule.kind == "floor" else to_date


def _curve(of: Component, sold: Sold) -> Floats:
    """What the curve gives of what is credited to date."""
    to_date = running(sold.credited[of.measure], of.length)
    stick: Floats | float = 1.0
    if of.counts == "quota":
        goals = sold.goals.get(of.measure, np.zeros_like(sold.held))
        stick = running(goals, of.length) if of.to_date else whole(goals, of.length)
        u = np.divide(to_date, stick, out=np.zeros_like(to_date), where=stick > 0)
    else:
        u = to_date
    made = _cells(of, u, sold)
    made *= _pay(of, stick, sold)
    if of.counts == "quota":
        made *= np.asarray(stick) > 0
    return made


def _pay(of: Component, stick: Floats | float, sold: Sold) -> Floats | float:
    """The stick of pay."""
    if of.pays == "target":
        return of.weight * whole(sold.target, of.length)
    if of.pays == "personal_rate":
        return stick * sold.rate[:, None, None]
    return stick if of.pays in ("rate", "unit") else (whole(sold.held, of.length) > 0) * 1.0


def _cells(of: Component, u: Floats, sold: Sold) -> Floats:
    """The curve's value; of a matrix, in the cell that its measure picks, else in the last one."""
    seen = _seen(of.matrix, of.matrix_of, of.length, sold) if of.matrix else None
    if seen is None:
        return of.curves[-1].at(u)
    made = of.curves[0].at(u)
    for cell in of.curves[1:]:
        reached = _reaches(seen, cell.when, of.matrix_lower)
        made = np.where(reached, cell.at(u), made)
    return made


def _ruled(rule: Rule, to_date: Floats, of: Component, sold: Sold) -> Floats:
    """What a rule leaves of what a component earned to date."""
    if rule.kind in ("cap", "floor"):
        return limited(rule, to_date, sold, of.length, of.weight)
    seen = _seen(rule.measure, rule.of, rule.length or of.length, sold)
    if seen is None:
        return to_date
    if rule.kind == "gate":
        opened = _reaches(seen, float(rule.starts[0]), rule.strict)
        if not rule.loses:
            return to_date * opened
        return running(differences(to_date, of.length) * opened, of.length)
    place = np.searchsorted(rule.starts, seen, "left" if rule.strict else "right") - 1
    return to_date * rule.factors[np.maximum(place, 0)]


def _seen(measure: str, of: str, length: int, sold: Sold) -> Floats | None:
    """What a rule looks at, to date; none where it is not drawn."""
    if measure not in sold.credited or (of != "none" and measure not in sold.goals):
        return None
    to_date = running(sold.credited[measure], length)
    if of == "none":
        return to_date
    goals = sold.goals[measure]
    base = running(goals, length) if of == "quota_to_date" else whole(goals, length)
    return np.divide(to_date, base, out=np.zeros_like(to_date), where=base > 0)


def _reaches(seen: Floats, start: float, strict: bool) -> Floats:
    return seen > start if strict else seen >= start


def _steps(values: Floats, length: int) -> int:
    """How many steps of the last axis, a year, are so many months."""
    return max(length * values.shape[-1] // 12, 1)


def _windows(values: Floats, length: int) -> Floats:
    return values.reshape(*values.shape[:-1], -1, _steps(values, length))
