"""Draws of whole numbers from a seeded stream: no binary float, so the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

SEED = 20240501
FINE = 1_000_000  # steps between two quantiles
Whole = np.ndarray[Any, np.dtype[np.int64]]

# Quantiles: (share of the draws below [hundredths of a percent], value [thousandths of the mean]).
HEAVY = (
    (0, 60),
    (500, 145),
    (1000, 205),
    (2500, 350),
    (5000, 650),
    (7500, 1180),
    (9000, 2040),
    (9500, 2850),
    (9900, 5200),
    (9990, 9800),
    (10000, 16000),
)  # deal sizes
TALENT = (
    (0, 560),
    (1000, 700),
    (2500, 840),
    (5000, 985),
    (7500, 1150),
    (9000, 1330),
    (10000, 1620),
)
GENTLE = ((0, 700), (2500, 900), (5000, 1000), (7500, 1100), (10000, 1300))


class Draws:
    """The stream of one stage; stages do not disturb one another."""

    def __init__(self, stage: str) -> None:
        self.bits = np.random.PCG64([SEED, *stage.encode()])

    def below(self, limit: int | Whole, size: int) -> Whole:
        """Whole numbers from 0 up to, not including, the limit, each as likely."""
        return (self.bits.random_raw(size) >> np.uint64(1)).astype(np.int64) % limit

    def between(self, low: int, high: int, size: int) -> Whole:
        """Whole numbers from low to high, both included, each as likely."""
        return low + self.below(high - low + 1, size)

    def chance(self, thousandths: int | Whole, size: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """True so many times in a thousand."""
        return self.below(1000, size) < thousandths

    def chosen(self, weights: Any, size: int) -> Whole:
        """Places in a list of whole weights, drawn in proportion to them."""
        steps = np.cumsum(np.asarray(weights, np.int64))
        return np.searchsorted(steps, self.below(int(steps[-1]), size), side="right").astype(
            np.int64
        )

    def spread(self, table: tuple[tuple[int, int], ...], size: int) -> Whole:
        """Values with the quantiles of a table [thousandths], linear between them."""
        place, value = np.array(table, np.int64).T
        drawn = self.below(10_000 * FINE, size)
        row = np.searchsorted(place * FINE, drawn, side="right") - 1
        inside = (drawn - place[row] * FINE) // 1000
        return value[row] + (value[row + 1] - value[row]) * inside // (
            (place[row + 1] - place[row]) * 1000
        )

    def shuffled(self, size: int) -> Whole:
        """The numbers below size in a drawn order."""
        return np.argsort(self.bits.random_raw(size), kind="stable").astype(np.int64)


def rounded(number: Any, parts: int | Whole) -> Any:
    """Whole multiples of the parts, halves away from zero, of a whole number."""
    return np.sign(number) * ((2 * np.abs(number) + parts) // (2 * parts)) * parts
