"""Permuted: how large an effect chance gives, when eligibility is dealt out anew among people.

No law of errors is assumed: what was seen is compared with all, or many, other ways in which the
same number of people could have been eligible. If it was drawn by lot, the chance is exact.

Source: Fisher (1935), The Design of Experiments; the interval is of the effects that are not
refused (Rosenbaum 2002, Observational Studies, section 2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests.clusters import refuse_share

STEPS = 60  # halvings of the interval's ends


@dataclass(frozen=True)
class Permuted:
    """What chance alone would give.

    Attributes:
        effect: the difference of means that was seen.
        p_value: share of the ways with as large a difference either way.
        low, high: the effects, the same for everybody, that are not refused.
        exact: whether all ways were gone through.
        ways: how many were.
    """

    effect: float
    p_value: float
    low: float
    high: float
    exact: bool
    ways: int


def permuted(
    treated: Any, control: Any, sure: float = 0.95, draws: int = 9999, seed: int = 1
) -> Permuted:
    """The difference of two groups' means, and what it would be if dealt out anew.

    Args:
        treated, control: the change of each person.
        sure: what the interval promises.
        draws: ways gone through, where there are more.
        seed: of the draws.

    Raises:
        ParameterError: a group is empty.
    """
    refuse_share(sure)
    one, other = np.asarray(treated, float), np.asarray(control, float)
    if not len(one) or not len(other):
        raise ParameterError("a group has nobody in it; give one person of each at least.")
    if not np.isfinite([*one, *other]).all():
        raise ParameterError("a change is no number; leave out whoever has none.")
    y, k = np.concatenate([one, other]), len(one)
    chosen, exact = _ways(len(y), k, draws, seed)
    share = np.zeros((len(chosen), len(y)))
    np.put_along_axis(share, chosen, 1.0, axis=1)
    took = share[:, :k].sum(1) / k  # of those chosen, who are treated
    weighed = share / k - (1 - share) / (len(y) - k)
    seen, moved = weighed @ y, took - (k - took * k) / (len(y) - k)
    effect = float(one.mean() - other.mean())
    slack = 1e-9 * max(1.0, float(np.abs(y).max()))

    def chance(at: float) -> float:
        hits = np.abs(seen - at * moved) >= abs(effect - at) - slack
        return float(hits.mean()) if exact else float((hits.sum() + 1) / (len(hits) + 1))

    wide = float(y.max() - y.min()) * 2 + abs(effect) + slack
    ends = [_end(chance, effect, side * wide, 1 - sure) for side in (-1, 1)]
    return Permuted(effect, chance(0.0), ends[0], ends[1], exact, len(chosen))


def _ways(count: int, k: int, draws: int, seed: int) -> tuple[Any, bool]:
    if comb(count, k) <= draws:
        return np.array(list(combinations(range(count), k))), True
    rng = np.random.default_rng(seed)
    order = rng.permuted(np.tile(np.arange(count), (draws, 1)), axis=1)
    return order[:, :k], False


def _end(chance: Any, effect: float, wide: float, refused: float) -> float:
    """Where the chance of an effect falls to what is refused; infinite where it never does."""
    near, far = 0.0, wide
    for _ in range(8):
        if chance(effect + far) <= refused:
            break
        far *= 4
    else:
        return float(np.sign(wide) * np.inf)
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if chance(effect + middle) <= refused else (middle, far)
    return effect + (near + far) / 2
