"""Panels: many series of equal steps, one after the other in one array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest


@dataclass(frozen=True)
class Frequency:
    """How long a step is."""

    name: str
    season: int  # steps in a year
    days: float  # of a step, on average


FREQUENCIES = {
    "month": Frequency("month", 12, 365.2425 / 12),
    "quarter": Frequency("quarter", 4, 365.2425 / 4),
    "week": Frequency("week", 52, 7.0),
}
BETWEEN = " / "  # the labels that make a series' name
SPARSE = 1 / 3  # the share of steps without sales from which a series is sparse


def frequency(name: str) -> Frequency:
    """A frequency by its name.

    Raises:
        ParameterError: there is no such frequency.
    """
    if name not in FREQUENCIES:
        known = nearest(name, FREQUENCIES)
        raise ParameterError(f"there is no frequency '{name}'; write {known}.")
    return FREQUENCIES[name]


def within(lengths: Whole) -> Whole:
    """The place of each value in its series, from 0: for lengths 2 and 3, 0 1 0 1 2."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


@dataclass(frozen=True)
class Panel:
    """Many series of equal steps; no step of a series is missing."""

    names: tuple[str, ...]
    values: Floats  # all series, one after the other
    offsets: Whole  # where each begins in `values`, and where the last ends
    ends: Whole  # the number of each series' last step, counted alike in all
    season: int
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what each belongs to

    @cached_property
    def lengths(self) -> Whole:
        """The steps of each series."""
        return np.diff(self.offsets)

    @cached_property
    def short(self) -> Whole:
        """Whether a series has no more than two years."""
        return self.lengths <= 2 * self.season

    @cached_property
    def level(self) -> Floats:
        """The mean size of each series over its last year."""
        recent = self.ending(self.season)
        return np.nanmean(np.abs(recent), axis=1)

    @cached_property
    def lowest(self) -> Floats:
        """The least value of each series."""
        return np.minimum.reduceat(self.values, self.offsets[:-1])

    @cached_property
    def empty(self) -> Whole:
        """Whether a series never was anything but 0."""
        return np.maximum.reduceat(np.abs(self.values), self.offsets[:-1]) == 0

    @cached_property
    def sparse(self) -> Whole:
        """Whether a third of a series' steps, or more, are without sales."""
        nothing = np.add.reduceat(self.values == 0, self.offsets[:-1])
        return (nothing >= SPARSE * self.lengths) & (nothing < self.lengths)

    def ending(self, steps: int) -> Floats:
        """The last steps of each series, NaN where it is shorter: series x steps."""
        at = self.offsets[1:, None] + np.arange(-steps, 0)
        there = at >= self.offsets[:-1, None]
        return np.where(there, self.values[np.maximum(at, 0)], np.nan)

    def before(self, steps: int, which: Whole) -> Panel:
        """What was known some steps ago of some of the series."""
        lengths = self.lengths[which] - steps
        return replace(
            self,
            names=tuple(self.names[n] for n in which),
            values=self.values[np.repeat(self.offsets[:-1][which], lengths) + within(lengths)],
            offsets=np.concatenate([[0], np.cumsum(lengths)]),
            ends=self.ends[which] - steps,
            groups={word: tuple(labels[n] for n in which) for word, labels in self.groups.items()},
        )
