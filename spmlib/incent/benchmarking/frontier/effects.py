"""Effects: what people and places add to a result, pulled in by how little is known of each.

A few good quarters are half luck. So what somebody adds is estimated beside what all others add: it
is pulled towards 0, the more the fewer observations there are and the more they vary. How far
people differ, how far territories do, and how much is left, is estimated from the data (restricted
maximum likelihood).

Defined as::

    y = X b + person + territory + rest,   person ~ N(0, s1^2), territory ~ N(0, s2^2)

by Henderson's equations with the lambdas s1^2/s^2 and s2^2/s^2 at which

    (n - p) log s^2 + log |C| + sum q log lambda

is least; C is the matrix of the equations. People's part of C is diagonal and taken out first.

Source:
    Henderson 1975 (best linear unbiased prediction); Patterson, Thompson 1971 (restricted maximum
    likelihood); Robinson, "That BLUP is a good thing", Statistical Science 6 (1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.incent.benchmarking.frontier.layouts import Layout, layout_of

LEAST, MOST = -9.0, 6.0  # log of a variance over that of the rest, as far as is looked
GRID = 25  # values of each that draws choose among


@dataclass(frozen=True)
class Effects:
    """What people and places add, and what is known of it.

    Attributes:
        people: names of the people, as the columns of `person` stand.
        places: names of the places; empty if there are none.
        slopes: what one more of each fact does; the first is the level.
        slope_errors: their standard errors.
        person: what each adds, pulled in.
        person_errors: standard errors of that (of the prediction).
        place: what each place adds.
        place_errors: alike.
        raw: the mean of what is left of each person's results without them: not pulled in.
        observations: how many each person has.
        person_spread: standard deviation of people.
        place_spread: of places.
        rest_spread: of what is left.
        likelihood: minus twice the restricted log likelihood, with its constants.
        fitted: what is expected of each observation without its person: X b + territory.
    """

    people: tuple[Any, ...]
    places: tuple[Any, ...]
    slopes: Floats
    slope_errors: Floats
    person: Floats
    person_errors: Floats
    place: Floats
    place_errors: Floats
    raw: Floats
    observations: Whole
    person_spread: float
    place_spread: float
    rest_spread: float
    likelihood: float
    fitted: Floats
    layout: Layout


def effects(
    result: Any, people: Sequence[Any], facts: Any = None, places: Sequence[Any] | None = None
) -> Effects:
    """What each person adds to a result, beside known facts and the place they hold.

    Args:
        result: one number an observation, such as the log of a quarter's bookings.
        people: whose it is.
        facts: observations x facts; a level is added.
        places: where it was brought, if that is to count.

    Raises:
        ParameterError: lengths differ, a number is missing, there are not more observations than
            people and facts together leave free, or facts repeat each other.
    """
    from scipy.optimize import minimize

    names, layout = layout_of(result, people, facts, places)
    two = len(names[1]) > 1
    starts = [(-1.0, -1.0), (1.0, -3.0), (-4.0, -4.0)] if two else [(-1.0,), (1.5,), (-4.0,)]
    bounds = [(LEAST, MOST)] * len(starts[0])
    found = [
        minimize(lambda at: _deviance(layout, at), start, method="L-BFGS-B", bounds=bounds)
        for start in starts
    ]
    near = min(found, key=lambda each: each.fun).x
    # Slopes by differences stop early where it is flat; a simplex goes on to the last digits.
    fine = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 2000}
    best = minimize(
        lambda at: _deviance(layout, at), near, method="Nelder-Mead", bounds=bounds, options=fine
    ).x
    return _told(layout, names, np.array(best))


def drawn(of: Effects, samples: int = 4000, seed: int = 0) -> Floats:
    """What each person may add: samples x people.

    How far people and places differ is drawn too, by its likelihood (a flat prior on the standard
    deviations), so that intervals are honest where few people are compared.

    Args:
        of: the effects.
        samples: how many.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    layout = of.layout
    free = len(layout.result) - layout.facts.shape[1]
    steps = np.linspace(LEAST, MOST, GRID)
    two = len(of.places) > 1
    grid = [(a, b) for a in steps for b in steps] if two else [(a,) for a in steps]
    found = np.array([_deviance(layout, np.array(at)) - sum(at) for at in grid])
    chance = np.exp(-(found - found.min()) / 2)
    counts = random.multinomial(samples, chance / chance.sum())
    parts = []
    for at, count in zip(grid, counts, strict=True):
        if count:
            parts.append(_drawn_at(layout, np.array(at), int(count), free, random))
    return np.concatenate(parts)


def _drawn_at(layout: Layout, at: Floats, count: int, free: int, random: Any) -> Floats:
    """Draws of what people add, given how far they differ."""
    solution = _solved(layout, at)
    rest = np.sqrt(solution.squares / random.chisquare(free, count))
    middle, inner = solution.second, np.linalg.cholesky(np.linalg.inv(solution.schur))
    second = middle + (random.standard_normal((count, layout.size)) @ inner.T) * rest[:, None]
    mean = (layout.sums - second @ layout.edge.T) / solution.diagonal
    noise = random.standard_normal(mean.shape) / np.sqrt(solution.diagonal)
    return mean + noise * rest[:, None]


@dataclass(frozen=True)
class _Solution:
    diagonal: Floats  # of people's part
    schur: Floats  # of the other part, people taken out
    second: Floats  # slopes, then places
    first: Floats  # people
    squares: float  # y'Py of a rest of 1


def _solved(layout: Layout, at: Floats) -> _Solution:
    """Henderson's equations at the logs of the two lambdas."""
    width = layout.facts.shape[1]
    diagonal = layout.each + np.exp(-at[0])
    corner = layout.corner.copy()
    if len(at) > 1:
        more = np.arange(width, layout.size)
        corner[more, more] += np.exp(-at[1])
    over = layout.edge / diagonal[:, None]
    schur = corner - layout.edge.T @ over
    right = layout.right - over.T @ layout.sums
    second = np.linalg.solve(schur, right)
    first = (layout.sums - layout.edge @ second) / diagonal
    fit = first @ layout.sums + second @ layout.right
    return _Solution(diagonal, schur, second, first, float(layout.result @ layout.result - fit))


def _deviance(layout: Layout, at: Floats) -> float:
    """Minus twice the restricted log likelihood, the variance of the rest at its best."""
    made = _solved(layout, at)
    free = len(layout.result) - layout.facts.shape[1]
    sizes = [len(layout.each), layout.size - layout.facts.shape[1]][: len(at)]
    spread = float(np.dot(sizes, at))
    volume = np.log(made.diagonal).sum() + np.linalg.slogdet(made.schur)[1]
    variance = max(made.squares, 1e-300) / free
    return float(free * (np.log(2 * np.pi * variance) + 1) + volume + spread)


def _told(layout: Layout, names: tuple[tuple[Any, ...], tuple[Any, ...]], at: Floats) -> Effects:
    made = _solved(layout, at)
    width = layout.facts.shape[1]
    rest = made.squares / (len(layout.result) - width)
    inside = np.linalg.inv(made.schur)
    over = layout.edge / made.diagonal[:, None]
    errors = np.sqrt(rest * (1 / made.diagonal + np.einsum("ij,jk,ik->i", over, inside, over)))
    seconds = np.sqrt(rest * np.diag(inside))
    two = len(at) > 1
    place = made.second[width:] if two else np.zeros(0)
    fitted = layout.facts @ made.second[:width] + (place[layout.places] if two else 0.0)
    left = np.bincount(layout.people, layout.result - fitted, len(layout.each))
    bounded = [float(np.exp(each)) if each > LEAST + 1e-6 else 0.0 for each in at]
    return Effects(
        people=names[0],
        places=names[1] if two else (),
        slopes=made.second[:width],
        slope_errors=seconds[:width],
        person=made.first,
        person_errors=errors,
        place=place,
        place_errors=seconds[width:] if two else np.zeros(0),
        raw=left / layout.each,
        observations=layout.each.astype(np.int64),
        person_spread=float(np.sqrt(bounded[0] * rest)),
        place_spread=float(np.sqrt(bounded[1] * rest)) if two else 0.0,
        rest_spread=float(np.sqrt(rest)),
        likelihood=_deviance(layout, at),
        fitted=fitted,
        layout=layout,
    )
