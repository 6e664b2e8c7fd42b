"""Money: what all effects are worth together, what they cost, and when that has paid.

The width of each measure's interval is its own; that measures move together is learnt from months
that are resampled for all measures at once. A measure within another adds nothing to the sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.revops.value.effects import Effect
from spmlib.revops.value.series import Floats

TIE = 1e-9  # share of the largest below which two resampled effects are one


@dataclass(frozen=True)
class Worth:
    """What a unit of a measure is worth, which way is better, and what holds it already."""

    better: int
    worth: float
    within: str = ""


@dataclass(frozen=True)
class Returns:
    """Drawn returns [currency].

    Attributes:
        parts: money a month of each counted measure, shape (draws, months) each.
        net: cumulated and discounted, from month 0 (the set-up), shape (draws, months + 1).
        spent: discounted, by month, from month 0, shape (months + 1,).
        factors: what discounts each month, shape (months,).
    """

    parts: Mapping[str, Floats]
    net: Floats
    spent: Floats
    factors: Floats

    @property
    def costs(self) -> float:
        """Discounted, all."""
        return float(self.spent.sum())

    @property
    def values(self) -> dict[str, Floats]:
        """What each measure brings over all months, discounted, shape (draws,) each."""
        return {name: made @ self.factors for name, made in self.parts.items()}

    @property
    def present_value(self) -> Floats:
        """Net present value, shape (draws,)."""
        return self.net[:, -1]

    @property
    def on_investment(self) -> Floats:
        """Return on investment: net present value by discounted costs, shape (draws,)."""
        if self.costs == 0:
            raise ParameterError("returns: there are no costs; a return on nothing has no share.")
        return self.present_value / self.costs

    @property
    def paid(self) -> Floats:
        """Chance to have paid by each month, from month 0, shape (months + 1,)."""
        months = np.arange(self.net.shape[1])
        made: Floats = (self.payback[:, None] <= months).mean(axis=0)
        return made

    @property
    def payback(self) -> Floats:
        """Month from which nothing is left to pay back, to the horizon; infinite where none is."""
        owing = self.net < 0
        last = owing.shape[1] - owing[:, ::-1].argmax(axis=1)
        month = np.where(owing.any(axis=1), last, 0)
        return np.where(month < owing.shape[1], month, np.inf)


def counted(effects: Sequence[Effect], worths: Mapping[str, Worth]) -> list[Effect]:
    """The effects that are summed: bounded, worth money, and not within another that is summed.

    Those that are not shown, too, with all their interval: else only the lucky would be summed.
    """
    able = {e.name: e for e in effects if e.bounded and e.name in worths and worths[e.name].worth}
    return [e for name, e in able.items() if not set(above(name, worths)) & set(able)]


def above(name: str, worths: Mapping[str, Worth]) -> list[str]:
    """The measures that hold one, the nearest first; each once, should they hold one another."""
    found: list[str] = []
    outer = worths[name].within
    while outer and outer not in (name, *found):
        found.append(outer)
        outer = worths[outer].within if outer in worths else ""
    return found


def paths(
    effects: Sequence[Effect], months: int, draws: int, seed: int, block: int = 3
) -> dict[str, Floats]:
    """Effects of each month from the change on, drawn for all measures at once.

    Months seen have their own effect; those ahead the mean of those seen (of teams: that of all
    that started), for no slope goes on for ever. Each measure's draws are ordered as its
    resampled effects are, so that they move together as the measures' months did.

    Returns:
        Shape (draws, months) for each measure [as its series].

    Raises:
        ParameterError: an effect has no interval.
    """
    for effect in effects:
        if not effect.bounded:
            wrong = f"'{effect.name}' has no interval: {effect.assumption}"
            raise ParameterError(f"paths: {wrong}; give those of `counted`.")
    random = np.random.default_rng(seed)
    orders = _orders(effects, draws, random, block)
    return {e.name: _path(e, months, o, random) for e, o in zip(effects, orders, strict=True)}


def returns(
    drawn: Mapping[str, Floats], worths: Mapping[str, Worth], set_up: float,
    running: float | Floats, discount: float,
) -> Returns:  # fmt: skip
    """Returns of drawn effects: months at the end of which money comes, the set-up at the start.

    Args:
        drawn: as `paths`; at least one.
        worths: of each.
        set_up: once, at the start [currency]; running: a month, or of each month, shape (months,)
            [currency]; discount: a year.

    Raises:
        ParameterError: there is no effect to sum, one has no worth, or the discount is -100 % or
            below.
    """
    if not drawn:
        raise ParameterError("returns: no effect is worth money; say what a unit is worth.")
    for name in drawn:
        if name not in worths:
            raise ParameterError(f"returns: '{name}' has no worth; say what a unit is worth.")
    if discount <= -1:
        raise ParameterError(f"discount {discount}: it is -100 % or below; write 8% or so.")
    parts = {name: path * worths[name].better * worths[name].worth for name, path in drawn.items()}
    money = np.sum(list(parts.values()), axis=0)
    factors = (1 + discount) ** (-np.arange(1, money.shape[1] + 1) / 12)
    spent = np.concatenate([[set_up], np.broadcast_to(running, factors.shape) * factors])
    flows = np.column_stack([np.zeros(len(money)), money * factors]) - spent
    return Returns(parts, flows.cumsum(axis=1), spent, factors)


def _path(effect: Effect, months: int, order: Floats, random: np.random.Generator) -> Floats:
    assert effect.fit is not None
    drawn = effect.fit.draws(len(order), random)
    ranked = np.argsort((drawn @ effect.contrasts.T).mean(axis=1))
    drawn = drawn[ranked][order]
    seen, ahead = drawn @ effect.contrasts.T, drawn @ effect.ahead
    if seen.shape[1] >= months:
        return seen[:, :months]
    return np.column_stack([seen, np.repeat(ahead[:, None], months - seen.shape[1], axis=1)])


def _orders(
    effects: Sequence[Effect], draws: int, random: np.random.Generator, block: int
) -> list[Floats]:
    """Places of each draw by measure: ranks of effects from months resampled together."""
    starts = random.integers(0, 1 << 30, (draws, 400))
    places: list[Floats] = []
    periods = sorted({period for effect in effects for period in effect.periods})
    for effect in effects:
        left = dict(zip(effect.periods, np.nan_to_num(effect.residuals), strict=True))
        values = np.array([left.get(period, 0.0) for period in periods])
        late = np.array([period >= effect.start for period in periods])
        blocks = -(-len(values) // block)
        which = (starts[:, :blocks, None] + np.arange(block)) % len(values)
        noise = values[which.reshape(draws, -1)[:, : len(values)]]
        moved = noise[:, late].mean(axis=1) - noise[:, ~late].mean(axis=1)
        fine = np.abs(moved).max() * TIE  # what is no larger is rounding, and no order
        ranked = np.round(moved / fine) if fine else moved
        places.append(ranked.argsort(kind="stable").argsort())
    return places
