"""Drivers: what moves sales, step by step: numbers that are known ahead, and events."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Drivers, Table
from spmlib.orchestrate.forecasting import histories, workdays
from spmlib.orchestrate.forecasting.panels import Frequency, frequency

EVENT = 1.0  # the only value of an event: it holds or it does not


def working_days(first: date, last: date, steps: str = "month") -> Table[Drivers]:
    """The working days (Monday to Friday) of each step from one day's to another's."""
    kind = frequency(steps)
    numbers = _between(first, last, kind)
    share = workdays.counts("working days", numbers, kind)
    return _table("working days", numbers, np.round(share * kind.days * 5 / 7), kind)


def event(name: str, first: date, until: date, steps: str = "month") -> Table[Drivers]:
    """An event: 1 in each step of which any day lies in it.

    Args:
        name: of the event.
        first: its first day.
        until: the first day no longer; for what stays, one beyond all that is forecast.
        steps: month, quarter or week.

    Raises:
        ParameterError: it ends before it begins.
    """
    if until <= first:
        raise ParameterError(f"event '{name}' ends on {until}, before it begins; end it later.")
    kind = frequency(steps)
    numbers = _between(first, until - timedelta(1), kind)
    return _table(name, numbers, np.full(len(numbers), EVENT), kind)


def together(drivers: list[Table[Drivers]]) -> Table[Drivers]:
    """Several drivers as one table."""
    return engine.stacked(drivers)


def by_step(
    drivers: Table[Drivers] | None, numbers: Whole, steps: Frequency
) -> tuple[tuple[str, ...], Floats]:
    """Drivers as columns.

    Args:
        drivers: any; none is no columns.
        numbers: of the steps.
        steps: of which kind.

    Returns:
        Their names, and steps x drivers; 0 in a step without a row.

    Raises:
        ParameterError: a driver that is no event ends before the steps do, or one never changes.
    """
    import polars as pl

    if drivers is None:
        return (), np.zeros((len(numbers), 0))
    rows = engine.collected(drivers).with_columns(histories.step_number(steps).alias("n"))
    summed = rows.group_by("driver", "n").agg(pl.col("value").sum()).sort("driver", "n")
    names, table = tuple(summed["driver"].unique().sort()), []
    for name in names:
        own = summed.filter(pl.col("driver") == name)
        column = np.zeros(len(numbers))
        there = own.filter(pl.col("n").is_between(numbers[0], numbers[-1]))
        column[there["n"].to_numpy() - numbers[0]] = there["value"].to_numpy()
        if own["value"].unique().to_list() != [EVENT] and own["n"][-1] < numbers[-1]:
            last = histories.days(numbers[-1:], steps)[0]
            raise ParameterError(f"driver '{name}' ends before {last}; give it up to then.")
        if np.ptp(column) == 0:
            raise ParameterError(f"driver '{name}' never changes; leave it out.")
        table.append(column)
    return names, np.stack(table, axis=1)


def _between(first: date, last: date, kind: Frequency) -> Whole:
    import polars as pl

    ends = pl.DataFrame({"date": [first, last]}).select(histories.step_number(kind).alias("n"))["n"]
    return np.arange(ends[0], ends[1] + 1)


def _table(name: str, numbers: Whole, values: Floats, kind: Frequency) -> Table[Drivers]:
    import polars as pl

    rows = {"driver": name, "date": histories.days(numbers, kind), "value": values}
    return engine.brought(pl.DataFrame(rows))
