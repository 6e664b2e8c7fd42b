"""Plans: the quotas of a year, by person and month, from a target and what it is shared out by.

    made = planned(people, weights, months, target, [Layer("region", over=0.05), Layer("payee_id")])
    made.quotas, made.layers

People carry what their ramp and their days allow; what one cannot carry the others of the layer do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, QuotaLayers, Quotas, Table
from spmlib.orchestrate.quotas import roundings
from spmlib.orchestrate.quotas.layers import Layer, brought_down

if TYPE_CHECKING:
    import polars as pl

Months = Sequence[tuple[date, date]]  # first day, and first day after


@dataclass(frozen=True)
class Planned:
    """The quotas of a year.

    Attributes:
        quotas: by person and month, whole units.
        layers: how each target came about.
        people: in order.
        units: people x months, as whole numbers of the unit.
        unit: what amounts are multiples of [currency].
        measure: what quotas count.
        moved: of the units, those that came with accounts, or went with them.
    """

    quotas: Table[Quotas]
    layers: Table[QuotaLayers]
    people: tuple[str, ...]
    months: Months
    units: Whole
    unit: int
    measure: str
    moved: Whole


def planned(
    people: pl.DataFrame,
    weights: Floats,
    months: Months,
    target: float,
    layers: Sequence[Layer],
    carried: Floats | None = None,
    season: Floats | None = None,
    unit: int = 100,
    measure: str = "bookings",
) -> Planned:
    """The quotas of a year by person and month.

    Args:
        people: payee_id, the columns of the layers, and last (what each had the year before).
        weights: of each person, for a full year (`weights.blended`).
        months: of the year.
        target: of the company for the year [currency].
        layers: from the top down to ``payee_id``.
        carried: the part of a full quota each carries in each month (`ramps.carried`).
        season: the share of a year that falls into each month: for all, or people x months.
        unit: of which every quota is a multiple [currency].
        measure: what quotas count.

    Returns:
        Rows, months, and the targets of all nodes in them are whole units and add up.

    Raises:
        ParameterError: as `layers.brought_down`; somebody carries nothing all year; the season is
            negative or nothing.
    """
    count = len(people)
    part = np.ones((count, len(months))) if carried is None else carried
    share = _season(season, count, len(months))
    carries = part * share
    able = carries.sum(axis=1)
    if (able <= 0).any():
        idle = people["payee_id"][int(np.argmin(able))]
        raise ParameterError(f"{idle} carries nothing in any month; leave them out.")
    told = brought_down(people, np.asarray(weights, float) * able, target, layers)
    rows = engine.collected(told)
    final = dict(rows.filter(rows["layer"] == "payee_id").select("node", "amount").iter_rows())
    year = np.array([final[person] for person in people["payee_id"]])
    ideal = year[:, None] * carries / able[:, None] / unit
    groups = [_numbers(people[layer.name]) for layer in reversed(layers[:-1])]
    units = roundings.rounded(ideal, groups)
    names = tuple(people["payee_id"])
    quotas = _table(names, months, units, unit, measure)
    still = np.zeros_like(units)
    return Planned(quotas, told, names, months, units, unit, measure, still)


def moved(made: Planned, person: str, to: str, share: float, day: date) -> Planned:
    """The quotas once accounts go from one person to another on a day: they carry their quota.

    Args:
        made: before.
        person: whose accounts go.
        to: who gets them.
        share: of the first one's quota that the accounts are worth.
        day: from which.

    Raises:
        ParameterError: one of them has no quota, or the share is not from 0 to 1.
    """
    for name in (person, to):
        if name not in made.people:
            raise ParameterError(f"{name} has no quota; name somebody who has one.")
    if not 0 <= share <= 1:
        raise ParameterError(f"the accounts are {share:.0%} of the quota; write 0% to 100%.")
    one, other = made.people.index(person), made.people.index(to)
    left = np.array([_left(first, after, day) for first, after in made.months])
    gone = np.floor(made.units[one] * share * left + 0.5).astype(np.int64)
    change = np.zeros_like(made.units)
    change[one], change[other] = -gone, gone
    return replace(with_units(made, made.units + change), moved=made.moved + change)


def with_units(made: Planned, units: Whole) -> Planned:
    """The plan with other quotas, people x months [units]."""
    quotas = _table(made.people, made.months, units, made.unit, made.measure)
    return replace(made, quotas=quotas, units=units)


def rolled_up(people: pl.DataFrame, amounts: Floats, layers: Sequence[Layer]) -> pl.DataFrame:
    """What people say they will bring, summed up layer by layer: layer, node, amount."""
    import polars as pl

    rows = people.with_columns(amount=pl.Series(amounts), company=pl.lit("company"))
    names = ["company", *(layer.name for layer in layers)]
    sums = [
        rows.group_by(node=name, maintain_order=True)
        .agg(pl.col("amount").sum())
        .select(pl.lit(name).alias("layer"), pl.col("node"), "amount")
        for name in names
    ]
    return pl.concat(sums)


def gaps(
    made: Planned, people: pl.DataFrame, amounts: Floats, layers: Sequence[Layer]
) -> pl.DataFrame:
    """Top-down against bottom-up: layer, node, down, up, gap (what nobody offers to bring)."""
    import polars as pl

    down = engine.collected(made.layers).select("layer", "node", down="amount")
    up = rolled_up(people, amounts, layers).rename({"amount": "up"})
    both = down.join(up, on=["layer", "node"], how="left", maintain_order="left")
    return both.with_columns(gap=pl.col("down") - pl.col("up"))


def _season(season: Floats | None, people: int, months: int) -> Floats:
    made = np.full(months, 1 / months) if season is None else np.asarray(season, float)
    made = np.broadcast_to(made, (people, months))
    total = made.sum(axis=1, keepdims=True)
    if (made < 0).any() or (total <= 0).any():
        raise ParameterError(
            "the season has a negative month or none at all; write shares of a year."
        )
    return made / total


def _left(first: date, after: date, day: date) -> float:
    """The share of a month from a day on."""
    days = (after - max(first, min(day, after))).days
    return days / (after - first).days


def _numbers(column: pl.Series) -> Whole:
    return np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _table(
    people: Sequence[str], months: Months, units: Whole, unit: int, measure: str
) -> Table[Quotas]:
    import polars as pl

    size = len(months)
    frame = pl.DataFrame(
        {
            "payee_id": np.repeat(np.array(people, dtype=object), size),
            "measure": [measure] * (len(people) * size),
            "start_date": [first for first, _ in months] * len(people),
            "end_date": [after for _, after in months] * len(people),
            "amount": (units * unit * MONEY).ravel(),
        },
        schema_overrides={"payee_id": pl.String},
    )
    return engine.brought(frame.select(*Quotas.columns()))
