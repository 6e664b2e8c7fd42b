"""Replans: the rest of a year planned again from a day on, what has happened kept.

What was sold before the day stays sold, and what was asked before it stays asked: quotas that end
by the day are untouched, one that goes on is cut at it, by days. From the day on the rest of the
year's target is shared out anew among those who are there. So, exactly::

    the year's target   = sold before the day + target of the rest
    a person's year     = quotas kept         + quotas of the rest
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, AccountTerritories, Quotas, Table
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.orchestrate.quotas import roundings
from spmlib.orchestrate.quotas.outlooks import Prepared
from spmlib.orchestrate.quotas.plans import Planned, with_units
from spmlib.orchestrate.quotas.written import QuotaYear
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import polars as pl


def year(ready: Prepared, decided: QuotaYear) -> float:
    """The target of a year to come: what was sold in twelve months, grown."""
    return ready.last * (1 + decided.growth)


def sold(
    company: Company, measure: Measure, currency: str, year: int, day: date
) -> tuple[float, float]:
    """What was sold of a year before a day, and in the whole of the year before [currency]."""
    history = sales(company, measure, [], currency).history
    rows = engine.collected(history.filter(nw.col("date") < day).select("date", "value"))
    years = rows["date"].dt.year()
    return (
        float(rows.filter(years == year)["value"].sum()),
        float(rows.filter(years == year - 1)["value"].sum()),
    )


def by_month(
    company: Company, measure: Measure, currency: str, year: int, until: date
) -> dict[str, float]:
    """What was sold in each month of a year that is over on a day: 2026-01 and so on [currency]."""
    import polars as pl

    history = sales(company, measure, [], currency).history
    own = (nw.col("date") >= date(year, 1, 1)) & (nw.col("date") < min(until, date(year + 1, 1, 1)))
    rows = engine.collected(history.filter(own).select("date", "value"))
    named = rows.with_columns(period=pl.col("date").dt.strftime("%Y-%m"))
    return dict(named.group_by("period").agg(pl.col("value").sum()).sort("period").iter_rows())


def rest(had: float, growth: float, sold: float) -> float:
    """What the rest of a year has to bring for its target.

    Defined as::

        had * (1 + growth) - sold

    Args:
        had: in the year before [currency].
        growth: of the year's target on that.
        sold: of the year so far [currency].

    Raises:
        ParameterError: the target is reached already.

    Example:
        >>> rest(100.0, 0.5, 60.0)
        90.0
    """
    target = had * (1 + growth)
    if target <= sold:
        wrong = f"{sold:,.0f} is sold, which reaches the year's target of {target:,.0f}"
        raise ParameterError(f"{wrong}; write a higher growth, or leave the quotas as they are.")
    return target - sold


def spliced(held: Table[Quotas], planned: Table[Quotas], day: date) -> Table[Quotas]:
    """Quotas with those of some people planned anew from a day on.

    Args:
        held: all quotas so far.
        planned: anew, none of them beginning before the day.
        day: from which.

    Returns:
        The rows held, unchanged if they end by the day or are of other people or measures; those
        that go on beyond it are cut at it, in proportion to their days and to whole units; those
        that begin later are left out; then the rows planned. In order of person, measure and day.

    Raises:
        ParameterError: a planned row begins before the day.
    """
    import polars as pl

    new = engine.collected(planned)
    if (new["start_date"] < day).any():
        early = new.filter(new["start_date"] < day)["payee_id"][0]
        raise ParameterError(f"a quota planned for {early} begins before {day}; plan from it on.")
    key = ["payee_id", "measure"]
    rows = engine.collected(held)
    anew = new.select(key).unique().with_columns(anew=pl.lit(True))
    both = rows.join(anew, on=key, how="left", maintain_order="left")
    goes_on = pl.col("anew").fill_null(False) & (pl.col("end_date") > day)
    stays = both.filter(~goes_on | (pl.col("start_date") < day))
    cut = stays.with_columns(
        amount=pl.when(goes_on).then(_part(day)).otherwise(pl.col("amount")),
        end_date=pl.when(goes_on).then(pl.lit(day)).otherwise(pl.col("end_date")),
    )
    names = list(Quotas.columns())
    made = pl.concat([cut.select(names), new.select(names)])
    return engine.brought(made.sort(*key, "start_date", maintain_order=True))


def _part(day: date) -> pl.Expr:
    """The part of a quota that falls before a day, by days, in whole units."""
    import polars as pl

    before = (pl.lit(day) - pl.col("start_date")).dt.total_days()
    days = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    return (pl.col("amount") * before * 2 + days * MONEY) // (days * 2 * MONEY) * MONEY


def carried(
    made: Planned,
    territories: Mapping[str, str],
    worth: pl.DataFrame,
    moved: Mapping[str, str],
    day: date,
) -> Planned:
    """The quotas once accounts change territories on a day: they carry their quota.

    What leaves a territory is the share that its moved accounts have of its worth. It is taken from
    its people, and added to those of the territory it goes to, in proportion to their quotas.

    Args:
        made: before.
        territories: of each person.
        worth: account_id, territory_id, value: what each account is worth where it is.
        moved: the new territory of each account that changes.
        day: the first of a month of the plan, or earlier.

    Returns:
        Each month adds up to what it was; nothing of territories changes that hold no people, and
        what goes to one of these stays.
    """
    share = _shares(worth, moved)
    ours = [territories.get(person, "") for person in made.people]
    nodes = sorted(set(ours))
    at = np.array([nodes.index(node) for node in ours])
    flows = np.zeros((len(nodes), len(nodes)))
    for (one, other), part in share.items():
        if one in nodes and other in nodes:
            flows[nodes.index(one), nodes.index(other)] += part
    units = made.units.astype(float)
    sums = np.zeros((len(nodes), units.shape[1]))
    np.add.at(sums, at, units)
    able = sums > 0  # where there is a quota to take a part of, and to add to
    gone = flows[:, :, None] * sums[:, None, :] * able[None, :, :]
    change = gone.sum(axis=0) - gone.sum(axis=1)
    change *= np.array([first >= day for first, _ in made.months])
    ratio = np.divide(change, sums, out=np.zeros_like(sums), where=able)
    ideal = units * (1 + ratio[at])
    return with_units(made, roundings.rounded(ideal))


def _shares(worth: pl.DataFrame, moved: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """By territory left and territory gone to: the share of the worth of the one that goes."""
    import polars as pl

    goes = pl.DataFrame(
        {"account_id": list(moved), "to": list(moved.values())},
        schema={"account_id": pl.String, "to": pl.String},
    )
    all_ = worth.with_columns(share=pl.col("value") / pl.col("value").sum().over("territory_id"))
    both = all_.join(goes, on="account_id").filter(pl.col("to") != pl.col("territory_id"))
    sums = both.group_by("territory_id", "to").agg(pl.col("share").sum())
    known = sums.filter(pl.col("share").is_finite())
    return {(one, other): part for one, other, part in known.iter_rows()}


def changed(
    held: Table[AccountTerritories], planned: Table[AccountTerritories], day: date
) -> pl.DataFrame:
    """The accounts that are in another territory on a day: account_id, was, now."""
    rows = [
        engine.collected(engine.on(side, day)).select("account_id", "territory_id")
        for side in (held, planned)
    ]
    both = (
        rows[0]
        .rename({"territory_id": "was"})
        .join(rows[1].rename({"territory_id": "now"}), on="account_id", how="full", coalesce=True)
    )
    return both.filter(both["was"].ne_missing(both["now"])).sort("account_id")
