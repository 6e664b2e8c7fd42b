"""Programs: the timing of a long pipeline as a mixed-integer program, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Paid

SECONDS = 60.0  # after which the best booking found so far is taken, and said not to be proven


class Program:
    """Which window each deal is booked in, and in which piece each account then ends.

    Defined as: maximise the sum over pieces of constant z + slope x, where z says whether the
    account ends in the piece, x is its credit there, and low z <= x <= high z.
    """

    def __init__(self, amounts: Sequence[Fraction], windows: Sequence[tuple[int, ...]]) -> None:
        self.amounts, self.windows = list(amounts), list(windows)
        self.cost: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.scale = float(max([*map(abs, amounts), Fraction(1)]))
        self.booked = [{w: self._column(0.0, True) for w in own} for own in windows]
        for own in self.booked:
            self.rows.append((dict.fromkeys(own.values(), 1.0), 1.0, 1.0))

    def add(self, paid: Paid, windows: tuple[int, ...], credited: Fraction) -> None:
        """Add an account: its credit lies in exactly one of its pieces."""
        total = sum(map(abs, self.amounts), Fraction(0))
        ends, once = {}, {}
        step = Fraction(1, lcm(*(v.denominator for v in (*self.amounts, credited, paid.step))))
        for low, high, constant, slope in pieces(paid, credited - total, credited + total, step):
            z = self._column(float(constant), True)
            x = self._column(float(slope) * self.scale, False)
            self.rows.append(({x: 1.0, z: -float(high) / self.scale}, -np.inf, 0.0))
            self.rows.append(({x: 1.0, z: -float(low) / self.scale}, 0.0, np.inf))
            ends[x], once[z] = 1.0, 1.0
        for number, own in enumerate(self.booked):
            for window, column in own.items():
                if window in windows:
                    ends[column] = -float(self.amounts[number]) / self.scale
        start = float(credited) / self.scale
        self.rows += [(ends, start, start), (once, 1.0, 1.0)]

    def _column(self, pays: float, whole: bool) -> int:
        self.cost.append(-pays)
        self.whole.append(int(whole))
        return len(self.cost) - 1


def solved(program: Program) -> tuple[list[int], bool]:
    """The window of each deal, and whether it is proven that none pays more.

    Raises:
        ParameterError: no booking was found in time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    at = [(n, c, v) for n, (row, _, _) in enumerate(program.rows) for c, v in row.items()]
    rows, columns, values = (np.array(part) for part in zip(*at, strict=True))
    shape = (len(program.rows), len(program.cost))
    lower, upper = (np.array([row[n] for row in program.rows]) for n in (1, 2))
    whole = np.array(program.whole)
    low = np.where(whole == 1, 0.0, -np.inf)
    found: Any = milp(
        np.array(program.cost),
        constraints=LinearConstraint(coo_array((values, (rows, columns)), shape), lower, upper),
        integrality=whole,
        bounds=Bounds(low, np.where(whole == 1, 1.0, np.inf)),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ParameterError("deals: no timing was found in time; give fewer deals at once.")
    chosen = [max(own, key=lambda w: found.x[own[w]]) for own in program.booked]
    return chosen, bool(found.status == 0)


def pieces(
    paid: Paid, lowest: Fraction, highest: Fraction, step: Fraction
) -> list[tuple[Fraction, Fraction, Fraction, Fraction]]:
    """A curve between two credits as straight pieces: low, high, constant, slope.

    Each ends where the next begins, or a step below where the threshold is not its own.

    Raises:
        ParameterError: the curve is bent.
    """
    if any(bracket.bend for bracket in paid.curve):
        raise ParameterError(
            "accounts: rates glide, which no linear program can say; give fewer deals at once."
        )
    edges = {lowest, highest} | {t for t in paid.thresholds if lowest < t < highest}
    for number, bracket in enumerate(paid.curve):
        for limit in (paid.cap, paid.floor):
            if limit is not None and paid.pay * bracket.slope:
                at = (limit / paid.pay - bracket.constant) / bracket.slope * paid.stick
                if lowest < at < highest and number == _number(paid, at):
                    edges.add(at)
    made = []
    for low, high in pairwise(sorted(edges)):
        one, other = _inner(paid, low, high, step)
        middle = (low + high) / 2
        bracket = paid.curve[_number(paid, middle)]
        slope = paid.pay / paid.stick * bracket.slope
        value = paid.pay * bracket.at(middle / paid.stick)
        if paid.limited(value) != value:
            slope, value = Fraction(0), paid.limited(value)
        made.append((one, other, value - slope * middle, slope))
    return made


def _number(paid: Paid, x: Fraction) -> int:
    return sum(start <= x for start in paid.thresholds)


def _inner(paid: Paid, low: Fraction, high: Fraction, step: Fraction) -> tuple[Fraction, Fraction]:
    """The ends that belong to a piece, where thresholds belong to the next."""
    upper = paid.boundary != "lower"
    first = low if upper or low not in paid.thresholds else low + step
    last = high - step if upper and high in paid.thresholds else high
    return first, max(first, last)
