"""Stacks: several answers made one, each weighing as it was right before.

An answer's weight is one over its mean squared error on earlier days; one typical day is added to
each, so that few days say little. How wide the answer must be is learnt from the same days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats, Whole

DOUBT = 1.0  # earlier days that "all are as right" weighs
SHARP = 2.0  # how much sooner a better answer prevails than one over its error says
WIDE = 2.0  # earlier days that "the width is right by `START`" weighs
START = 1.3


@dataclass(frozen=True)
class Stack:
    """Answers made one: days x leads.

    Attributes:
        values: what is expected.
        weights: days x leads x parts.
        width: the standard deviation.
    """

    values: Floats
    weights: Floats
    width: Floats


def stacked(parts: Floats, actual: Floats, variance: Floats, over: Whole) -> Stack:
    """Every day's answers made one, with what was known then.

    Args:
        parts: days x leads x parts.
        actual: days x leads; NaN where it is not known.
        variance: of the first part.
        over: whether a span was over by a day: days x leads x days.
    """
    days, leads, count = parts.shape
    values, width = np.full((days, leads), np.nan), np.full((days, leads), np.nan)
    weights = np.full((days, leads, count), np.nan)
    square = (parts - actual[:, :, None]) ** 2
    for day, lead in np.ndindex(days, leads):
        answers = parts[day, lead]
        if np.isnan(answers).all():
            continue
        known = over[:, lead, day] & ~np.isnan(values[:, lead])
        weights[day, lead] = _weights(~np.isnan(answers), square[known, lead])
        values[day, lead] = np.nansum(answers * weights[day, lead])
        apart = (actual[known, lead] - values[known, lead]) ** 2
        factor = _factor(apart, variance[known, lead])
        width[day, lead] = np.sqrt(factor * variance[day, lead])
    return Stack(values, weights, width)


def _weights(given: Whole, wrong: Floats) -> Floats:
    """What each answer weighs, from squared errors on earlier days: days x answers."""
    there = ~np.isnan(wrong) & given
    typical = float(wrong[there].mean()) if there.any() else 0.0
    total = np.where(there, wrong, 0.0).sum(axis=0) + DOUBT * (typical or 1.0)
    mean = total / (there.sum(axis=0) + DOUBT)
    weight = np.where(given, (mean.min() / mean) ** SHARP, 0.0)
    return weight / weight.sum()


def _factor(apart: Floats, variance: Floats) -> float:
    """How many times the variance of an answer was what its errors say."""
    strange = apart[variance > 0] / variance[variance > 0]
    return float((strange.sum() + WIDE * START**2) / (len(strange) + WIDE))
