"""Sides: a number for each person of a panel, of the treated and of those they are compared with.

A read-out is a number for each person (`mean_change`, `beyond`, `slopes`), two groups, and what the
controls weigh. To compare by another number: write it here, of a `Wide` panel, one for each person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames
from spmlib.motivate.contests.clusters import Difference, difference
from spmlib.motivate.contests.panels import Wide

SURE = 0.95


@dataclass(frozen=True)
class Sides:
    """The treated and the others, each with a number and a weight."""

    treated: Any
    control: Any
    weights: Any
    left_out: int  # people who were not there in all stretches that are compared

    def difference(self, sure: float = SURE) -> Difference:
        """By how much more the treated changed."""
        return difference(self.treated, self.control, self.weights, sure)


def told(held: Wide, labels: Iterable[Any]) -> list[Any]:
    """Some stretches as the panel names them.

    Raises:
        ParameterError: the panel has none of that name.
    """
    return [held.at[column] for column in held.columns(labels)]


def refuse_overlap(before: list[Any], labels: list[Any]) -> None:
    """Refuse a stretch that is of the baseline and of what is compared with it, or named twice.

    Raises:
        ParameterError: there is one, or one of both is empty.
    """
    _refuse_empty(before, labels)
    every = [*before, *labels]
    twice = [at for n, at in enumerate(every) if at in every[:n]]
    if twice:
        raise ParameterError(f"{twice[0]} stands in two places; a stretch is before, or it is not.")


def mean_change(held: Wide, before: Iterable[Any], window: Iterable[Any]) -> Any:
    """Each person's mean of a day in the window, less that before."""
    one, other = held.columns(before), held.columns(window)
    _refuse_empty(one, other)
    return mean_of(held, other) - mean_of(held, one)


def beyond(held: Wide, before: Iterable[Any], labels: Iterable[Any]) -> Any:
    """Each person's sum in some stretches, less what the baseline brings in as many days."""
    one, other = held.columns(before), held.columns(labels)
    _refuse_empty(one, other)
    return held.values[:, other].sum(1) - held.days[other].sum() * mean_of(held, one)


def compared(
    held: Wide,
    treated: Iterable[Any],
    before: list[Any],
    labels: list[Any],
    weights: Any,
    used: Any,
    growth: bool,
) -> Sides:
    """What each person brought in some stretches beyond their baseline, or beyond its growth.

    With growth each person's number is what they brought less their baseline times the others'
    factor; those of the others, which add up to 0, weigh as the treated baseline does on theirs,
    so that the factor's own error is in the interval.

    Raises:
        ParameterError: the others brought nothing before, so that nothing can have grown.
    """
    own = sides(held, treated, beyond(held, before, labels), weights, used)
    if not growth:
        return own
    base = sides(held, treated, sum_of(held, before), weights, used)
    then = sides(held, treated, sum_of(held, labels), weights, used)
    weight = own.weights / own.weights.sum()
    at_first = float(weight @ base.control)
    if at_first <= 0:
        raise ParameterError("the others brought nothing before the window; write growth=False.")
    factor = float(weight @ then.control) / at_first
    scaled = float(base.treated.mean()) / at_first
    return Sides(
        then.treated - factor * base.treated,
        scaled * (then.control - factor * base.control),
        own.weights,
        own.left_out,
    )


def slopes(held: Wide, before: Iterable[Any]) -> Any:
    """By how much each person grew from stretch to stretch, by least squares [of a day]."""
    columns = held.columns(before)
    steps = np.arange(len(columns)) - (len(columns) - 1) / 2
    daily = held.values[:, columns] / held.days[columns]
    return daily @ steps / (steps @ steps) if len(columns) > 1 else daily[:, 0] * 0


def there(held: Wide, labels: Iterable[Any]) -> Any:
    """Who was there in all of some stretches."""
    return ~np.isnan(held.values[:, held.columns(labels)]).any(1)


def chosen_of(held: Wide, treated: Iterable[Any], weights: Any, used: Any) -> tuple[Any, Any, Any]:
    """Which people are treated, which are controls, and what each of these weighs."""
    ids = set(frames.people(treated))
    unknown = sorted(ids - set(held.people))
    if unknown and len(unknown) == len(ids):
        raise ParameterError(f"the panel has no row of {unknown[0]}, who is treated; add some.")
    is_treated = np.array([who in ids for who in held.people], bool)
    weight = np.ones(len(held.people))
    if weights is not None:
        given = _weights(weights)
        weight = np.array([given.get(who, 0.0) for who in held.people])
    one, other = is_treated & used, ~is_treated & used & (weight > 0)
    return one, other, weight[other]


def sides(
    held: Wide, treated: Iterable[Any], numbers: Any, weights: Any = None, used: Any = None
) -> Sides:
    """The numbers of the treated and of the others.

    Args:
        held: the panel.
        treated: ids.
        numbers: of each person; not a number for who was not there.
        weights: payee_id and weight of controls.
        used: who is compared; all who have a number if none.

    Raises:
        ParameterError: nobody who is treated is in the panel.
    """
    has = ~np.isnan(numbers)
    used = has if used is None else used & has
    treated = frames.people(treated)
    one, other, weight = chosen_of(held, treated, weights, used)
    whole = chosen_of(held, treated, weights, np.ones(len(held.people), bool))
    left_out = int(whole[0].sum() - one.sum() + whole[1].sum() - other.sum())
    return Sides(numbers[one], numbers[other], weight, left_out)


def _weights(weights: Any) -> Mapping[str, float]:
    if not isinstance(weights, Mapping):
        rows = frames.taken(weights, ("payee_id", "weight"), "the weights")
        weights = dict(zip(rows["payee_id"].to_list(), rows["weight"].to_list(), strict=True))
    made = {str(who): float(np.nan if w is None else w) for who, w in weights.items()}
    for who, weight in made.items():
        if not 0 <= weight < np.inf:
            raise ParameterError(f"the weight of {who} is {weight}; give one from 0 on.")
    return made


def mean_of(held: Wide, columns: list[int]) -> Any:
    """Each person's mean of a day in some columns."""
    return held.values[:, columns].sum(1) / held.days[columns].sum()


def sum_of(held: Wide, labels: Iterable[Any]) -> Any:
    """Each person's sum in some stretches."""
    return held.values[:, held.columns(labels)].sum(1)


def _refuse_empty(one: list[Any], other: list[Any]) -> None:
    if not one or not other:
        side = "before" if not one else "the window"
        raise ParameterError(f"{side} has no stretches; name one at least by its `at`.")
