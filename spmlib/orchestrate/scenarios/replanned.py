"""Replanned: what planning the rest of a year again changes, and what must hold of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.tables import MONEY, Quotas, Table
from spmlib.orchestrate.quotas.people import months
from spmlib.orchestrate.scenarios.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

KEY, ENDS = ["payee_id", "measure"], ["start_date", "end_date"]


def by_month(
    of: Outcome, before: Table[Quotas], after: Table[Quotas], sold: Mapping[str, float]
) -> pd.DataFrame:
    """What was asked month by month, what is asked now, and what was sold in months that are over.

    Args:
        of: the rest of a year.
        before: quotas as they were, in one currency; those over several months count by days.
        after: quotas as they are now.
        sold: by month, e.g. 2026-01; months that it lacks are not over.

    Returns:
        period, before, after, sold [currency]; of people who carry a quota in the rest of the year.
    """
    import pandas as pd

    year = months(of.ready.months[0][0].year)
    periods = [f"{first:%Y-%m}" for first, _ in year]
    made = {"period": periods}
    sides = {"before": _own(of, before), "after": _own(of, after)}
    asked = {name: _spread(rows, year).sum(axis=0) for name, rows in sides.items()}
    return pd.DataFrame(made | asked | {"sold": [sold.get(period) for period in periods]})


def by_person(
    of: Outcome, before: Table[Quotas], after: Table[Quotas], names: Mapping[str, str]
) -> pd.DataFrame:
    """Each person's quota of the rest of the year.

    Returns:
        payee_id, name, before, after, difference [currency]; the largest difference first.
    """
    import pandas as pd

    sides = {}
    for name, table in (("before", before), ("after", after)):
        rows = _own(of, table)
        rest = _spread(rows, of.ready.months).sum(axis=1)
        sides[name] = pd.Series(rest, index=rows["payee_id"].to_list()).groupby(level=0).sum()
    both = pd.DataFrame(sides).fillna(0.0).rename_axis("payee_id").reset_index()
    both.insert(1, "name", [names.get(person, person) for person in both["payee_id"]])
    both["difference"] = both["after"] - both["before"]
    by = both["difference"].abs().sort_values(ascending=False, kind="stable").index
    return both.loc[by].reset_index(drop=True)


def checks(of: Outcome, had: float, before: Table[Quotas], after: Table[Quotas]) -> pd.DataFrame:
    """What must hold of a year whose rest was planned again: check, says, holds.

    Args:
        of: the rest.
        had: what was sold in the year before [currency].
        before: all quotas as they were.
        after: all quotas as they are now.
    """
    import pandas as pd

    day = of.ready.months[0][0]
    was, now = engine.collected(before), engine.collected(after)
    ours = now["payee_id"].is_in(list(of.quotas.people)) & (now["measure"] == of.quotas.measure)
    kept = was.filter(was["end_date"] <= day)
    same = kept.join(now, on=list(Quotas.columns()), how="semi", nulls_equal=True)
    others = was.join(now.filter(ours).select(KEY).unique(), on=KEY, how="anti")
    alike = others.join(now, on=list(Quotas.columns()), how="semi", nulls_equal=True)
    whole = had * (1 + of.growth)
    apart = abs(of.sold + of.target - whole)
    left = now.filter(ours & (now["start_date"] >= day))
    rest = of.quotas.units.sum() * of.quotas.unit
    people, planned = left["payee_id"].n_unique(), len(of.quotas.people)
    over = _overlaps(now.filter(ours))
    rows = [
        (
            f"Quotas that end by {day} are as they were",
            f"{len(same):,} of {len(kept):,} rows",
            len(same) == len(kept),
        ),
        (
            "Quotas of other people and measures are as they were",
            f"{len(alike):,} of {len(others):,} rows",
            len(alike) == len(others),
        ),
        (
            "Sold and still to be sold are the year's target",
            f"{of.sold:,.0f} + {of.target:,.0f}, {whole:,.0f}",
            bool(apart < 0.01),
        ),
        (
            "Everybody planned has the rest of the year, once",
            f"{people} of {planned} people, {over} days twice",
            people == planned and over == 0,
        ),
        (
            "What was given out is not below the target",
            f"{rest:,.0f}, {of.target:,.0f}",
            bool(rest >= of.target - of.quotas.unit * planned),
        ),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _own(of: Outcome, quotas: Table[Quotas]) -> pl.DataFrame:
    """The quotas of the people and the measure that are planned."""
    rows = engine.collected(quotas)
    people = rows["payee_id"].is_in(list(of.quotas.people))
    return rows.filter(people & (rows["measure"] == of.quotas.measure))


def _spread(rows: pl.DataFrame, months: Sequence[tuple[date, date]]) -> Floats:
    """The part of each quota that falls into each month, by days [units]."""
    start, end = (rows[name].to_numpy().astype("datetime64[D]") for name in ENDS)
    first, after = (np.array(side, "datetime64[D]") for side in zip(*months, strict=True))
    low = np.maximum(start[:, None], first[None, :])
    high = np.minimum(end[:, None], after[None, :])
    days = (high - low).astype(int).clip(min=0)
    amount = rows["amount"].to_numpy() / MONEY
    made: Floats = amount[:, None] * days / (end - start).astype(int)[:, None]
    return made


def _overlaps(rows: pl.DataFrame) -> int:
    """How many days are covered by a second quota of a person and measure."""
    import polars as pl

    following = rows.sort(*KEY, "start_date").with_columns(
        then=pl.col("start_date").shift(-1).over(KEY)
    )
    twice = (pl.col("end_date") - pl.col("then")).dt.total_days().clip(lower_bound=0)
    return int(following.select(twice.sum()).item() or 0)
