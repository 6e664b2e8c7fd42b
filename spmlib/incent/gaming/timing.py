"""Timing: to which windows a given pipeline would be booked so that pay is greatest, exactly.

What is paid depends on the sums of windows alone, so deals are added one by one to all sums that
can be reached, each kept once, in whole minor units. Where the sums become too many, the same is
a mixed-integer program: which bracket each window ends in, and how much lies in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact
from spmlib.incent.gaming.programs import Program, solved

MOST = 2_000_000  # sums kept at a time
ALIKE, TIES = 1e-6, 64  # amounts that differ less are the same; so many of them are looked at


@dataclass(frozen=True)
class Deal:
    """A deal that may be booked in some windows.

    Attributes:
        name: what it is called.
        amount: what it would credit [currency].
        windows: the numbers of the windows that it may be booked in, from 0.
        expected: the one it would be booked in as it comes; the first if not said.
    """

    name: str
    amount: Amount
    windows: tuple[int, ...]
    expected: int | None = None

    @property
    def as_it_comes(self) -> int:
        """The window it is booked in if nobody plays."""
        return self.windows[0] if self.expected is None else self.expected


@dataclass(frozen=True)
class Account:
    """A curve with what it counts.

    Attributes:
        paid: what it pays.
        windows: the numbers of the windows it adds up: one for a quarter's curve, four for a
            year's.
        credited: what is credited in them already [currency].
    """

    paid: Paid
    windows: tuple[int, ...]
    credited: Amount = 0


@dataclass(frozen=True)
class Timing:
    """A pipeline as it comes and as it pays most.

    Attributes:
        windows: by deal, the window it is best booked in.
        pays: what all accounts pay then [currency].
        as_booked: what they pay if each deal is booked as it comes.
        sums: booked by window as it is best, and as it comes.
        proven: whether no other booking pays more (within a minor unit).
    """

    windows: tuple[int, ...]
    pays: Fraction
    as_booked: Fraction
    sums: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
    proven: bool = True

    @property
    def gain(self) -> Fraction:
        """What playing the calendar is worth [currency]."""
        return self.pays - self.as_booked


def best(deals: Sequence[Deal], accounts: Sequence[Account], most: int = MOST) -> Timing:
    """The windows in which deals are booked best, and what that is worth.

    Of bookings that pay the same, one that moves few deals, and none if nothing is gained.

    Args:
        deals: with the freedom of each.
        accounts: the curves they count in.
        most: sums kept at a time, before it is solved as a program.

    Raises:
        ParameterError: a deal has no window, or its expected one is none of its windows; it is
            above a windfall limit; a curve pays deal by deal (see `orders.best_order` and
            `splitting`); or it is bent and the pipeline too long to go through all sums.

    >>> from spmlib.incent.gaming.paid import paying
    >>> year = paying([(0, "5%"), (100, "10%")], crossing="whole")
    >>> made = best([Deal("a", 60, (0,)), Deal("b", 50, (0, 1), 1)],
    ...             [Account(year, (0,)), Account(year, (1,))])
    >>> made.windows, float(made.gain)
    ((0, 0), 5.5)
    """
    _refuse(deals, accounts)
    booked = [deal.as_it_comes for deal in deals]
    chosen = _by_sums(deals, accounts, most)
    proven = True
    if chosen is None:
        chosen, proven = _by_program(deals, accounts)
    pays, usual = paid_for(deals, accounts, chosen), paid_for(deals, accounts, booked)
    if pays <= usual:
        chosen, pays = booked, usual
    sums = (tuple(_sums(deals, accounts, w)) for w in (chosen, booked))
    first, second = sums
    return Timing(tuple(chosen), pays, usual, (first, second), proven)


def paid_for(
    deals: Sequence[Deal], accounts: Sequence[Account], windows: Sequence[int]
) -> Fraction:
    """What accounts pay if each deal is booked in a window [currency]."""
    sums = _sums(deals, accounts, windows)
    return sum((a.paid.at(_in(a, sums)) for a in accounts), Fraction(0))


def _in(account: Account, sums: Sequence[Fraction]) -> Fraction:
    return exact(account.credited) + sum((sums[w] for w in account.windows), Fraction(0))


def _count(deals: Sequence[Deal], accounts: Sequence[Account]) -> int:
    numbers = [w for deal in deals for w in deal.windows]
    return 1 + max([*numbers, *(w for a in accounts for w in a.windows)], default=-1)


def _sums(
    deals: Sequence[Deal], accounts: Sequence[Account], windows: Sequence[int]
) -> list[Fraction]:
    made = [Fraction(0)] * _count(deals, accounts)
    for deal, window in zip(deals, windows, strict=True):
        made[window] += exact(deal.amount)
    return made


def _by_sums(deals: Sequence[Deal], accounts: Sequence[Account], most: int) -> list[int] | None:
    """By all sums that can be reached; none where they are too many, or too large."""
    amounts = [exact(deal.amount) for deal in deals]
    unit = lcm(1, *(amount.denominator for amount in amounts))
    whole = [int(amount * unit) for amount in amounts]
    span = 2 * sum(abs(amount) for amount in whole) + 1
    free = sorted({w for deal in deals if len(deal.windows) > 1 for w in deal.windows})
    if span ** max(len(free) - 1, 0) >= 2**62:
        return None
    # The last free window holds what the others do not, so that one number says all sums.
    scale = {w: span**n for n, w in enumerate(free[:-1])}
    states, steps = np.zeros(1, np.int64), []
    for deal, amount in zip(deals, whole, strict=True):
        free_to = len(deal.windows) > 1
        moves = [amount * scale.get(w, 0) if free_to else 0 for w in _ordered(deal)]
        tried = np.concatenate([states + move for move in moves])
        if len(tried) > 4 * most:
            return None
        after, first = np.unique(tried, return_index=True)
        if len(after) > most:
            return None
        steps.append((first // len(states), first % len(states)))
        states = after
    values = _values(states, deals, whole, accounts, free, span, unit)
    tied = np.flatnonzero(values >= values.max() - ALIKE)[:TIES]
    return min((_traced(int(at), deals, steps) for at in tied), key=lambda w: _moves(deals, w))


def _ordered(deal: Deal) -> tuple[int, ...]:
    """The windows of a deal, the one it is expected in first."""
    return tuple(sorted(deal.windows, key=lambda w: w != deal.as_it_comes))


def _moves(deals: Sequence[Deal], windows: Sequence[int]) -> int:
    return sum(d.as_it_comes != w for d, w in zip(deals, windows, strict=True))


def _traced(at: int, deals: Sequence[Deal], steps: list[tuple[Whole, Whole]]) -> list[int]:
    chosen = []
    for deal, (window, before) in zip(reversed(deals), reversed(steps), strict=True):
        chosen.append(_ordered(deal)[int(window[at])])
        at = int(before[at])
    return chosen[::-1]


def _values(
    states: Whole,
    deals: Sequence[Deal],
    whole: Sequence[int],
    accounts: Sequence[Account],
    free: Sequence[int],
    span: int,
    unit: int,
) -> Floats:
    """What accounts pay for each state, in doubles; brackets are chosen in whole numbers."""
    fixed = dict.fromkeys(range(_count(deals, accounts)), 0)
    for deal, amount in zip(deals, whole, strict=True):
        if len(deal.windows) == 1:
            fixed[deal.windows[0]] += amount
    sums: dict[int, Whole] = {w: np.full(len(states), v, np.int64) for w, v in fixed.items()}
    left, half = states.copy(), span // 2
    booked = np.zeros(len(states), np.int64)
    for window in free[:-1]:
        part = (left + half) % span - half
        left = (left - part) // span
        sums[window] = sums[window] + part
        booked += part
    if free:
        total = sum(a for d, a in zip(deals, whole, strict=True) if len(d.windows) > 1)
        sums[free[-1]] = sums[free[-1]] + total - booked
    made = np.zeros(len(states))
    for account in accounts:
        x = np.zeros(len(states), np.int64)
        for window in account.windows:
            x = x + sums[window]
        made += _evaluated(account, x, unit)
    return made


def _evaluated(account: Account, x: Whole, unit: int) -> Floats:
    """A curve at whole numbers of 1 / unit, beyond what is credited."""
    paid, start = account.paid, exact(account.credited)
    place = np.zeros(len(x), np.int64)
    for threshold in paid.thresholds:
        gap = (threshold - start) * unit
        floor = gap.numerator // gap.denominator
        upper = paid.boundary != "lower"
        least = floor if upper and gap.denominator == 1 else floor + 1
        place += x >= least
    parts = np.array([[float(v) for v in (b.constant, b.slope, b.bend)] for b in paid.curve])
    u = (float(start) + x / unit) / float(paid.stick)
    constant, slope, bend = parts[place].T
    value = float(paid.pay) * (constant + slope * u + bend * u * u)
    low = -np.inf if paid.floor is None else float(paid.floor)
    high = np.inf if paid.cap is None else float(paid.cap)
    return np.asarray(np.clip(value, low, high))


def _by_program(deals: Sequence[Deal], accounts: Sequence[Account]) -> tuple[list[int], bool]:
    program = Program([exact(d.amount) for d in deals], [d.windows for d in deals])
    for account in accounts:
        program.add(account.paid, account.windows, exact(account.credited))
    return solved(program)


def _refuse(deals: Sequence[Deal], accounts: Sequence[Account]) -> None:
    for deal in deals:
        if not deal.windows or min(deal.windows) < 0 or deal.as_it_comes not in deal.windows:
            raise ParameterError(
                f"{deal.name}: it may be booked in {list(deal.windows)} and is expected in "
                f"{deal.expected}; give the numbers of windows from 0, the expected one among them."
            )
    limits = [a.paid.windfall for a in accounts if a.paid.windfall is not None]
    for deal in deals:
        if limits and abs(exact(deal.amount)) > min(limits):
            raise ParameterError(
                f"{deal.name}: only {float(min(limits)):,.2f} of a deal counts; give that instead."
            )
    if any(account.paid.by_deal or account.paid.alone for account in accounts):
        raise ParameterError(
            "accounts: a curve pays deal by deal, so that its windows do not matter; ask "
            "`orders.best_order` or `splitting.best_split`."
        )
