"""Own history: what a SPIFF moved where everybody was eligible, against the same people before.

With nobody left to compare with, each person is compared with the same weeks of earlier years:
the change from the baseline to the window, less the same change a year before. That takes the
season out, but not what else was new this year: a product, a price, the market. So it is weaker
evidence than people who were not eligible, and is told as such (`SAYS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import placebos
from spmlib.motivate.contests.clusters import Difference, Mean, between, mean
from spmlib.motivate.contests.effects import ReadOut, lift
from spmlib.motivate.contests.panels import Wide, wide
from spmlib.motivate.contests.sides import beyond, mean_change

if TYPE_CHECKING:
    import polars as pl

SAYS = (
    "Everybody was eligible, so people are compared with their own year before: weaker evidence, "
    "for what else was new this year counts as moved."
)


def over_own_history(
    panel: Any,
    before: Sequence[date],
    window: Sequence[date],
    after: Sequence[date] = (),
    announced: Sequence[date] = (),
    years: Sequence[int] = (1,),
    sure: float = 0.95,
) -> ReadOut:
    """What a SPIFF moved against the same stretches of earlier years, over all people there then.

    Args:
        panel: payee_id, at (first days), value (and days), this year's and earlier ones.
        before, window, after, announced: this year's stretches, by their first days.
        years: how many years before; the mean of several.
        sure: what the interval promises.

    Returns:
        As of `effects.read_out`; its controls are the same people, each difference is one
        person's, so the interval is that of paired differences (Student's t). There is no trend.

    Raises:
        ParameterError: a stretch of an earlier year is not in the panel, or fewer than two people
            were there in all of them.
    """
    held = wide(panel)
    base, every = list(before), [*window, *after, *announced]
    parts = {"window": list(window), "after": list(after), "announced": list(announced)}
    numbers = {
        name: [beyond(held, _years(base, back), _years(labels, back)) for back in (0, *years)]
        for name, labels in parts.items()
        if labels
    }
    whole = [beyond(held, _years(base, back), _years(every, back)) for back in (0, *years)]
    used = ~np.isnan(np.array(whole)).any(0)
    for rows in numbers.values():
        used &= ~np.isnan(np.array(rows)).any(0)
    count = int(used.sum())
    if count < 2:
        raise ParameterError(
            f"{count} people were there in all stretches of this year and earlier ones; "
            "give a longer panel, or fewer stretches."
        )

    def told(rows: list[Any], sign: float = 1.0) -> Difference:
        return _paired(rows[0][used], np.mean(rows[1:], axis=0)[used], sure).times(sign * count)

    moved = told(numbers["window"])
    brought = float(held.values[used][:, held.columns(window)].sum())
    lifts = [lift(value, brought) for value in (moved.effect, moved.low, moved.high)]
    return ReadOut(
        moved=moved,
        pulled_forward=told(numbers["after"], -1.0) if "after" in numbers else None,
        held_back=told(numbers["announced"], -1.0) if "announced" in numbers else None,
        net=told(whole),
        trend=None,
        brought=brought,
        lift=lifts[0],
        lift_low=lifts[1],
        lift_high=lifts[2],
        left_out=len(held.people) - count,
    )


def event_study(
    panel: Any, before: Sequence[date], labels: Sequence[date], sure: float = 0.95
) -> tuple[pl.DataFrame, float]:
    """The change in each stretch against the same a year before; those of the baseline placebos.

    Args:
        panel: payee_id, at (first days), value (and days), this year's and the year before's.
        before: this year's baseline.
        labels: this year's stretches that are told, those of the baseline among them.
        sure: what intervals promise.

    Returns:
        As of `effects.event_study` [for a person and day, or stretch if the panel has no days]; the
        chance is that of each person's deviations with their signs drawn anew.

    Raises:
        ParameterError: a stretch of this year or the year before is not in the panel, or fewer than
            two people were there in all of a baseline.
    """
    import polars as pl

    held, base, rows = wide(panel), list(before), []
    numbers = {at: _apart(held, base, at) for at in labels}
    for at, apart in numbers.items():
        used = ~np.isnan(apart)
        if used.sum() < 2:
            raise ParameterError(f"{int(used.sum())} people were there on {at} and a year before.")
        made = _paired(apart[used], np.zeros(int(used.sum())), sure)
        rows.append(
            {"at": at, "effect": made.effect, "standard_error": made.standard_error,
             "low": made.low, "high": made.high, "placebo": at in base,
             "treated": made.treated, "control": made.control}
        )  # fmt: skip
    own = np.column_stack([numbers[at] for at in base if at in numbers])
    own = own[~np.isnan(own).any(1)]
    return pl.DataFrame(rows), placebos.chance_of_one(own)


def _apart(held: Wide, before: Sequence[date], at: date) -> Any:
    """By how much more each person changed from the baseline to a stretch than a year before."""
    now, then = (mean_change(held, _years(before, back), _years([at], back)) for back in (0, 1))
    return now - then


def placebo_years(
    panel: Any, before: Sequence[date], window: Sequence[date], backs: Iterable[int]
) -> pl.DataFrame:
    """The same comparison for earlier years, in which there was no such SPIFF.

    Returns:
        year (of the window's first day), moved, low, high, people; years that the panel does not
        hold have no row.
    """
    import polars as pl

    held, rows = wide(panel), []
    for back in backs:
        needed = [*_years(before, back + 1), *_years(window, back + 1), *_years(window, back)]
        if set(needed) - set(held.at):
            continue
        made = over_own_history(panel, _years(before, back), _years(window, back))
        rows.append(
            {"year": window[0].year - back, "moved": made.moved.effect, "low": made.moved.low,
             "high": made.moved.high, "people": made.moved.treated}
        )  # fmt: skip
    schema = {"year": pl.Int64, "moved": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(rows, schema=schema | {"people": pl.Int64})


def _paired(now: Any, then: Any, sure: float) -> Difference:
    """Paired differences as one mean against 0, with both means told."""
    from dataclasses import replace

    own = mean(now - then)
    made = between(own, Mean(0.0, 0.0, 1.0, own.count), sure)
    return replace(made, treated_change=float(now.mean()), control_change=float(then.mean()))


def _years(labels: Iterable[date], back: int) -> list[date]:
    """The same days some years before; 29 February becomes the 28th."""
    return [_year(day, back) for day in labels]


def _year(day: date, back: int) -> date:
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return day.replace(year=day.year - back, day=28)
