"""Effects: what a SPIFF moved, against people alike who were not eligible.

Difference in differences: by how much more the eligible changed from the baseline to the window
than the others did. It says what the SPIFF moved if, without it, both would have changed alike;
whether they did before is told beside (`event_study`, `ReadOut.trend`). Each person is one
cluster. What reaches all eligible people at once and has nothing to do with the SPIFF (a fair, a
new product) is in the effect too, and no interval shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spmlib.motivate.contests import frames, placebos
from spmlib.motivate.contests.clusters import Difference
from spmlib.motivate.contests.panels import wide
from spmlib.motivate.contests.sides import (
    SURE,
    chosen_of,
    compared,
    mean_change,
    mean_of,
    refuse_overlap,
    sides,
    slopes,
    sum_of,
    there,
    told,
)

if TYPE_CHECKING:
    import polars as pl


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
    growth: bool = False,
) -> Difference:
    """By how much more the treated changed from before to the window, for a person and stretch.

    Defined as, with means over stretches, weighed by their days::

        change of a person = mean in the window - mean before
        effect             = mean change of the treated - weighed mean change of the others

    and, where both would have grown by the same factor instead::

        effect = mean of the treated in the window
                 - their mean before * mean of the others in the window / that before

    Args:
        panel: payee_id, at, value (and days): a row for each person and stretch.
        treated: ids of the eligible; everybody else in the panel is a control.
        before, window: the stretches, by their `at`.
        weights: payee_id and weight of controls, of `matches.matched`; all alike if none.
        sure: what the interval promises.
        growth: whether both would have grown alike, in percent, rather than changed by as much:
            where the groups sell on different levels, and seasons multiply. The ratio of means of
            a Poisson regression.

    Raises:
        ParameterError: a stretch or a treated person is not in the panel, or a group has fewer than
            two people who were there in all stretches compared; growth from nothing.

    >>> import polars as pl
    >>> rows = [("A", 0, 5.0), ("A", 1, 9.0), ("B", 0, 6.0), ("B", 1, 9.0)]
    >>> rows += [("C", 0, 5.0), ("C", 1, 6.0), ("D", 0, 4.0), ("D", 1, 6.0)]
    >>> panel = pl.DataFrame(rows, schema=["payee_id", "at", "value"], orient="row")
    >>> difference_in_differences(panel, ["A", "B"], [0], [1]).effect
    2.0
    """
    held = wide(panel)
    base, labels = (told(held, given) for given in (before, window))
    refuse_overlap(base, labels)
    used = there(held, [*base, *labels])
    days = held.days[held.columns(labels)].sum()
    own = compared(held, treated, base, labels, weights, used, growth)
    return own.difference(sure).times(1 / days)


def read_out(
    panel: Any,
    treated: Iterable[Any],
    before: Iterable[Any],
    window: Iterable[Any],
    after: Iterable[Any] = (),
    announced: Iterable[Any] = (),
    weights: Any = None,
    sure: float = SURE,
    growth: bool = False,
) -> ReadOut:
    """What a SPIFF moved, what of it came out of the time after it or before it, and the net.

    Defined as, for each person, the baseline taken for as many days::

        beyond(stretches) = sum in them - their days * mean of a day before
        moved = beyond(window);  pulled_forward = -beyond(after);  held_back = -beyond(announced)

    each as difference to the others, times the number of treated people.

    Args:
        panel, treated, before, window, weights, sure, growth: as of `difference_in_differences`.
        after: the stretches after the window; as long as the window, or shorter.
        announced: the stretches between announcement and start.

    Raises:
        ParameterError: as of `difference_in_differences`.
    """
    held = wide(panel)
    treated = frames.people(treated)
    base = told(held, before)
    given = {"window": window, "after": after, "announced": announced}
    parts = {name: told(held, labels) for name, labels in given.items()}
    every = [at for labels in parts.values() for at in labels]
    refuse_overlap(base, every)
    used = there(held, [*base, *every])

    def part(labels: list[Any], sign: float = 1.0) -> Difference:
        own = compared(held, treated, base, labels, weights, used, growth)
        return own.difference(sure).times(sign * len(own.treated))

    moved = part(parts["window"])
    chosen = sides(held, treated, sum_of(held, parts["window"]), weights, used)
    brought = float(chosen.treated.sum())
    lifts = [lift(value, brought) for value in (moved.effect, moved.low, moved.high)]
    slope = sides(held, treated, slopes(held, base), weights, used) if len(base) > 1 else None
    return ReadOut(
        moved=moved,
        pulled_forward=part(parts["after"], -1.0) if parts["after"] else None,
        held_back=part(parts["announced"], -1.0) if parts["announced"] else None,
        net=part(every),
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
        no days], placebo (whether it is of before), treated, control (people); and the chance of
        placebos as far from 0, all together, if both groups went alike (`placebos.chance`).

    Raises:
        ParameterError: as of `difference_in_differences`.
    """
    import polars as pl

    held = wide(panel)
    base = told(held, before)
    known = set(base)
    rows = []
    for at in held.at:
        used = there(held, [*base, at])
        made = sides(held, treated, mean_change(held, base, [at]), weights, used).difference(sure)
        rows.append(
            {"at": at, "effect": made.effect, "standard_error": made.standard_error,
             "low": made.low, "high": made.high, "placebo": at in known,
             "treated": made.treated, "control": made.control}
        )  # fmt: skip
    one, other, weight = chosen_of(held, treated, weights, there(held, base))
    columns = held.columns(base)
    own = held.values[:, columns] / held.days[columns] - mean_of(held, columns)[:, None]
    return pl.DataFrame(rows), placebos.chance(own[one], own[other], weight, draws, seed)


def lift(moved: float, brought: float) -> float | None:
    """What was moved over what would have come otherwise; none if that is not above 0."""
    otherwise = brought - moved
    return moved / otherwise if otherwise > 0 else None
