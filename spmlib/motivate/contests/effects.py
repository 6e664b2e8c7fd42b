"""Effects: what a SPIFF moved, against people alike who were not eligible.

Difference in differences: by how much more the eligible changed from the baseline to the window
than the others did. It says what the SPIFF moved if, without it, both would have changed alike;
whether they did before is told beside (`event_study`, `ReadOut.trend`). Each person is one
cluster. What reaches all eligible people at once and has nothing to do with the SPIFF (a fair, a
new product) is in the effect too, and no interval shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames
from spmlib.motivate.contests.clusters import Difference, difference, mean
from spmlib.motivate.contests.panels import Wide, wide

if TYPE_CHECKING:
    import polars as pl

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


@dataclass(frozen=True)
class ReadOut:
    """What a SPIFF did, in the measure's units, summed over all treated people.

    Attributes:
        moved: in the window, beyond what would have come.
        pulled_forward: what is missing after the window [above 0 if something is].
        held_back: what is missing between the announcement and the start [likewise].
        net: moved - pulled_forward - held_back, with an interval of its own.
        trend: by how much more the treated grew from stretch to stretch of the baseline; its
            interval contains 0 where both went alike.
        brought: what the treated brought in the window.
        lift, lift_low, lift_high: moved over what would have come; empty if that is not above 0.
        left_out: people who were not there in all stretches.
    """

    moved: Difference
    pulled_forward: Difference | None
    held_back: Difference | None
    net: Difference
    trend: Difference | None
    brought: float
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    left_out: int


def difference_in_differences(
    panel: Any,
    treated: Iterable[Any],
    before: Iterable[Any],
    window: Iterable[Any],
    weights: Any = None,
    sure: float = SURE,
) -> Difference:
    """By how much more the treated changed from before to the window, for a person and stretch.

    Defined as, with means over stretches, weighed by their days::

        change of a person = mean in the window - mean before
        effect             = mean change of the treated - weighed mean change of the others

    Args:
        panel: payee_id, at, value (and days): a row for each person and stretch.
        treated: ids of the eligible; everybody else in the panel is a control.
        before, window: the stretches, by their `at`.
        weights: payee_id and weight of controls, of `matches.matched`; all alike if none.
        sure: what the interval promises.

    Raises:
        ParameterError: a stretch or a treated person is not in the panel, or a group has fewer than
            two people who were there in all stretches compared.

    >>> import polars as pl
    >>> rows = [("A", 0, 5.0), ("A", 1, 9.0), ("B", 0, 6.0), ("B", 1, 9.0)]
    >>> rows += [("C", 0, 5.0), ("C", 1, 6.0), ("D", 0, 4.0), ("D", 1, 6.0)]
    >>> panel = pl.DataFrame(rows, schema=["payee_id", "at", "value"], orient="row")
    >>> difference_in_differences(panel, ["A", "B"], [0], [1]).effect
    2.0
    """
    held = wide(panel)
    return sides(held, treated, mean_change(held, before, window), weights).difference(sure)


def read_out(
    panel: Any,
    treated: Iterable[Any],
    before: Iterable[Any],
    window: Iterable[Any],
    after: Iterable[Any] = (),
    announced: Iterable[Any] = (),
    weights: Any = None,
    sure: float = SURE,
) -> ReadOut:
    """What a SPIFF moved, what of it came out of the time after it or before it, and the net.

    Defined as, for each person, the baseline taken for as many days::

        beyond(stretches) = sum in them - their days * mean of a day before
        moved = beyond(window);  pulled_forward = -beyond(after);  held_back = -beyond(announced)

    each as difference to the others, times the number of treated people.

    Args:
        panel, treated, before, window, weights, sure: as of `difference_in_differences`.
        after: the stretches after the window; as long as the window, or shorter.
        announced: the stretches between announcement and start.

    Raises:
        ParameterError: as of `difference_in_differences`.
    """
    held = wide(panel)
    treated = frames.people(treated)
    base = list(before)
    parts = {"window": list(window), "after": list(after), "announced": list(announced)}
    every = [at for labels in parts.values() for at in labels]
    used = there(held, [*base, *every])

    def told(labels: list[Any], sign: float = 1.0) -> Difference:
        own = sides(held, treated, beyond(held, base, labels), weights, used)
        return own.difference(sure).times(sign * len(own.treated))

    moved = told(parts["window"])
    chosen = sides(held, treated, _sum(held, parts["window"]), weights, used)
    brought = float(chosen.treated.sum())
    lifts = [lift(value, brought) for value in (moved.effect, moved.low, moved.high)]
    slope = sides(held, treated, slopes(held, base), weights, used) if len(base) > 1 else None
    return ReadOut(
        moved=moved,
        pulled_forward=told(parts["after"], -1.0) if parts["after"] else None,
        held_back=told(parts["announced"], -1.0) if parts["announced"] else None,
        net=told(every),
        trend=slope.difference(sure) if slope else None,
        brought=brought,
        lift=lifts[0],
        lift_low=lifts[1],
        lift_high=lifts[2],
        left_out=chosen.left_out,
    )


def event_study(
    panel: Any,
    treated: Iterable[Any],
    before: Iterable[Any],
    weights: Any = None,
    sure: float = SURE,
    draws: int = 2000,
    seed: int = 1,
) -> tuple[pl.DataFrame, float]:
    """The effect in each stretch against the mean of those before; those before are placebos.

    Args:
        panel, treated, before, weights, sure: as of `difference_in_differences`.
        draws, seed: for the chance of the placebos.

    Returns:
        at, effect, standard_error, low, high [for a person and day, or stretch if the panel has
        no days], placebo (whether it is of before), treated, control (people); and the chance of a
        placebo as far from 0 as the farthest, if both groups went alike: signs drawn anew for each
        person's part, the largest of all placebos each time, so that many are not found guilty of
        being many.

    Raises:
        ParameterError: as of `difference_in_differences`.
    """
    import polars as pl

    held = wide(panel)
    base = list(before)
    known = set(base)
    rows, drawn = [], []
    order = {who: n for n, who in enumerate(held.people)}
    for at in held.at:
        used = there(held, [*base, at])
        own = sides(held, treated, mean_change(held, base, [at]), weights, used)
        made = own.difference(sure)
        rows.append(
            {"at": at, "effect": made.effect, "standard_error": made.standard_error,
             "low": made.low, "high": made.high, "placebo": at in known,
             "treated": made.treated, "control": made.control}
        )  # fmt: skip
        if at in known and made.standard_error > 0:
            parts = np.zeros(len(order))
            chosen = chosen_of(held, treated, weights, used)
            for mask, side, weight in (
                (chosen[0], own.treated, None),
                (chosen[1], own.control, own.weights),
            ):
                parts[mask] = mean(side, weight).parts
            drawn.append((abs(made.effect) / made.standard_error, parts / made.standard_error))
    return pl.DataFrame(rows), _farthest(drawn, draws, seed)


def mean_change(held: Wide, before: Iterable[Any], window: Iterable[Any]) -> Any:
    """Each person's mean of a day in the window, less that before."""
    one, other = held.columns(before), held.columns(window)
    _refuse_empty(one, other)
    return _mean(held, other) - _mean(held, one)


def beyond(held: Wide, before: Iterable[Any], labels: Iterable[Any]) -> Any:
    """Each person's sum in some stretches, less what the baseline brings in as many days."""
    one, other = held.columns(before), held.columns(labels)
    _refuse_empty(one, other)
    return held.values[:, other].sum(1) - held.days[other].sum() * _mean(held, one)


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


def _mean(held: Wide, columns: list[int]) -> Any:
    return held.values[:, columns].sum(1) / held.days[columns].sum()


def _sum(held: Wide, labels: Iterable[Any]) -> Any:
    return held.values[:, held.columns(labels)].sum(1)


def _refuse_empty(one: list[int], other: list[int]) -> None:
    if not one or not other:
        side = "before" if not one else "the window"
        raise ParameterError(f"{side} has no stretches; name one at least by its `at`.")


def lift(moved: float, brought: float) -> float | None:
    """What was moved over what would have come otherwise; none if that is not above 0."""
    otherwise = brought - moved
    return moved / otherwise if otherwise > 0 else None


def _farthest(drawn: list[tuple[float, Any]], draws: int, seed: int) -> float:
    """The chance of a largest placebo as far from 0, by signs drawn anew for each person."""
    if not drawn:
        return 1.0
    seen = max(score for score, _ in drawn)
    parts = np.array([part for _, part in drawn])
    signs = np.random.default_rng(seed).integers(0, 2, (draws, parts.shape[1])) * 2.0 - 1
    largest = np.abs(signs @ parts.T).max(1)
    return float(((largest >= seen - 1e-12).sum() + 1) / (draws + 1))
