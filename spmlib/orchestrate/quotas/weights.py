"""Weights: what a target is shared out by: one basis, or several blended.

A basis is a number for each person: the same for all (even), what they sold (history), what their
accounts could buy (potential), what is open (pipeline), what is expected (forecast), the months in
which they can sell (capacity). Of each basis a person has a share; a blend weighs shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import QuotaBases, Table

if TYPE_CHECKING:
    import polars as pl

EVEN = "even"
PRIOR = 6  # months


def basis(name: str, values: Mapping[str, float]) -> Table[QuotaBases]:
    """A basis from numbers by person."""
    import polars as pl

    rows = {"payee_id": list(values), "basis": name, "value": [float(v) for v in values.values()]}
    return engine.brought(pl.DataFrame(rows, schema_overrides={"payee_id": pl.String}))


def history(
    years: Sequence[Mapping[str, float]],
    tails: float = 0.05,
    weights: Sequence[float] | None = None,
) -> dict[str, float]:
    """What people sold over several years, each year's largest and smallest pulled in.

    A year counts as a share of its total, so that growth of the whole does not weigh later years
    more; who sold nothing in a year (was not there) has the mean of the years there were.

    Args:
        years: what each person sold, year by year.
        tails: the share of people at either end whose result is taken as that of the next one in.
        weights: of each year; all alike if not given.
    """
    shares: dict[str, list[tuple[float, float]]] = {}
    for year, weight in zip(years, weights or [1.0] * len(years), strict=True):
        people = [person for person, sold in year.items() if sold > 0]
        sold = winsorised(np.array([year[person] for person in people]), tails)
        mean = sold.mean() if len(sold) else 1.0
        for person, value in zip(people, sold, strict=True):
            shares.setdefault(person, []).append((float(value / mean), weight))
    return {
        person: sum(value * weight for value, weight in pairs) / total
        for person, pairs in shares.items()
        if (total := sum(weight for _, weight in pairs)) > 0
    }


def capacity(sold: Mapping[str, float], carried: Mapping[str, float]) -> dict[str, float]:
    """What each person brings in a month in which they carry a full quota.

    Held towards that of all together as if everybody had been like all for `PRIOR` months: who
    has just come is taken to be like all.

    Args:
        sold: by person, in some stretch of time.
        carried: the full months that each carried in it, ramping people less.
    """
    months = sum(carried.values())
    usual = sum(sold.get(person, 0.0) for person in carried) / months if months > 0 else 0.0
    return {
        person: (max(sold.get(person, 0.0), 0.0) + PRIOR * usual) / (there + PRIOR)
        for person, there in carried.items()
    }


def winsorised(values: Floats, tails: float) -> Floats:
    """The values with those beyond two quantiles pulled in to them.

    Source:
        Tukey, "The future of data analysis" (1962).
    """
    if not len(values):
        return values
    low, high = np.quantile(values, [tails, 1 - tails])
    return np.clip(values, low, high)


def blended(people: Sequence[str], bases: Table[QuotaBases], mix: Mapping[str, float]) -> Floats:
    """The weight of each person: shares of each basis, weighed as the mix says; adding up to 1.

    Args:
        people: in order; who has no row of a basis has none of it.
        bases: any; ``even`` need not be given.
        mix: basis: weight.

    Raises:
        ParameterError: a basis is not there, is negative or adds up to nothing, or the mix does.
    """
    import polars as pl

    rows = engine.collected(bases).filter(pl.col("payee_id").is_in(list(people)))
    if (rows["value"] < 0).any():
        worst = rows.filter(pl.col("value") < 0).row(0, named=True)
        raise ParameterError(
            f"{worst['payee_id']} has {worst['value']:,.0f} of {worst['basis']}; write 0 or more."
        )
    total = sum(mix.values())
    if min(mix.values(), default=0.0) < 0 or total <= 0:
        raise ParameterError("the mix adds up to nothing; write positive weights, e.g. history: 1.")
    made = np.zeros(len(people))
    for name, weight in mix.items():
        made += weight / total * _shares(people, rows, name)
    return made


def _shares(people: Sequence[str], rows: pl.DataFrame, name: str) -> Floats:
    """Each person's share of one basis."""
    import polars as pl

    if name == EVEN:
        return np.full(len(people), 1 / max(len(people), 1))
    known = rows["basis"].unique().sort().to_list()
    if name not in known:
        near = nearest(name, [*known, EVEN])
        raise ParameterError(f"there is no basis '{name}'; write {near}.")
    own = rows.filter(pl.col("basis") == name).group_by("payee_id").agg(pl.col("value").sum())
    values = dict(own.iter_rows())
    made = np.array([values.get(person, 0.0) for person in people])
    if made.sum() <= 0:
        raise ParameterError(f"basis '{name}' adds up to nothing; leave it out.")
    return made / made.sum()
