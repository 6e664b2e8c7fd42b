"""Schedules: costs and what happened to them, period by period, to the cent.

made = lived(costs, changes, terms)      # checked once
made.schedule()                          # a row for each cost and period
made.sums("portfolio")                   # the same summed, without the rows
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.arrays import Whole
from spmlib.core.conversion import minor
from spmlib.core.tables import SHARE, Calendar, ContractCosts, CostChanges, CostSchedules, Table
from spmlib.incent.contract_costs import conventions, givens, lives, refusals
from spmlib.incent.contract_costs.grids import YEAR, Grid
from spmlib.incent.contract_costs.terms import Terms

ALL = "all"


@dataclass(frozen=True)
class Lives:
    """Costs ready to be followed: their rows, and the numbers that the kernel takes."""

    costs: pl.DataFrame
    terms: Terms
    grid: Grid
    last: Whole  # period after which nothing happens, by cost
    given: tuple[Any, ...]  # arrays, as `lives.lived` has them

    @property
    def through(self) -> int:
        """The last period in which anything is carried or changed."""
        return int(self.last.max()) if len(self.last) else 0

    def schedule(self, first: str | None = None, last: str | None = None) -> Table[CostSchedules]:
        """A row for each cost and period in which it is or becomes an asset.

        Args:
            first: the first period shown; all from the beginning if none.
            last: the last one; all to the end if none.
        """
        low, high = self._between(first, last)
        begins = np.maximum(self.costs["first"].to_numpy(), low)
        counts = np.maximum(np.minimum(self.last, high) - begins + 1, 0)
        rows = np.cumsum(counts) - counts
        out = self._lived(low, high, rows - begins, int(counts.sum()))
        cost = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(cost)) - np.repeat(rows - begins, counts)
        moved = out.any(axis=0)
        made = self._amounts(out[:, moved], cost[moved], place[moved])
        return engine.brought(made.select(*CostSchedules.columns()))

    def sums(
        self, by: str = ALL, first: str | None = None, last: str | None = None
    ) -> pl.DataFrame:
        """Movements summed over the costs of each group and currency.

        Args:
            by: a column of the costs; all: of everything.
            first: as in `schedule`.
            last: as in `schedule`.

        Returns:
            group, period, the columns of CostSchedules that are amounts [ticks], currency.
        """
        low, high = self._between(first, last)
        wide = max(high - low + 1, 0)
        column = pl.lit(ALL) if by == ALL else pl.col(by).fill_null("none")
        keys = self.costs.select(group=column.cast(pl.String), currency="currency", how="how")
        number = keys.select(pl.struct(pl.all()).rank("dense").cast(pl.Int64) - 1).to_series()
        groups = int(number.max() + 1) if len(keys) else 0  # type: ignore[operator]
        out = self._lived(low, high, number.to_numpy() * wide - low, groups * wide)
        # One cost stands for its group: all share its currency and how it came in.
        firsts = keys.with_row_index("cost").with_columns(number=number)
        firsts = firsts.unique("number", keep="first").sort("number")
        place = np.tile(np.arange(low, low + wide), groups)
        rows = self._amounts(out, np.repeat(firsts["cost"].to_numpy(), wide), place)
        rows = rows.with_columns(group=firsts["group"].gather(np.repeat(np.arange(groups), wide)))
        amounts = ("opening", "adopted", *lives.MOVEMENTS[1:])
        summed = rows.with_columns(place=place).group_by("group", "currency", "place", "period")
        made = summed.agg(pl.col(amounts).sum()).sort("group", "currency", "place")
        return made.select("group", "period", *amounts, "currency")

    def _amounts(self, out: Whole, cost: Whole, place: Whole) -> pl.DataFrame:
        """Rows of movements [ticks], each with the words of its cost and its period."""
        units = {name: minor(name) for name in self.costs["currency"].unique()}
        unit = np.array([units[name] for name in self.costs["currency"]], np.int64)
        moved = out * unit[cost] if len(cost) else out
        adopted = (self.costs["how"] == "adopted").to_numpy()[cost]
        made = dict(zip(lives.MOVEMENTS, moved, strict=True))
        # What an adopted cost begins with is carried over, not capitalised.
        made["adopted"] = np.where(adopted, made["capitalised"], 0)
        made["capitalised"] = np.where(adopted, 0, made["capitalised"])
        words = {n: self.costs[n].gather(cost) for n in ("cost_id", "currency", "source")}
        names = pl.Series("period", self.grid.names, dtype=pl.String)
        return pl.DataFrame(words | made | {"period": names.gather(place)})

    def _lived(self, low: int, high: int, base: Whole, rows: int) -> Whole:
        out = lives.empty(rows)
        told: Any = (*self.given, SHARE, low, high, base.astype(np.int64), out)
        lives.lived(*told)
        return out

    def _between(self, first: str | None, last: str | None) -> tuple[int, int]:
        low = self.grid.named(first) if first else 0
        high = self.grid.named(last) if last else self.through
        if not first and len(self.costs):
            low = int(self.costs["first"].min())  # type: ignore[arg-type]
        return low, min(high, len(self.grid) - YEAR - 1)


def lived(
    costs: Table[ContractCosts],
    changes: Table[CostChanges] | None = None,
    terms: Terms | None = None,
    calendar: Table[Calendar] | None = None,
    through: date | None = None,
) -> Lives:
    """Costs ready to be followed.

    Defined as::

        amortised to date = rounded(amount * benefit gone by / benefit), differences by period

    and, from a change on, of the carrying amount over the benefit that is left (prospectively).

    Args:
        costs: what became an asset.
        changes: what happened to them; of one day in the order of `lives.KINDS`. What is clawed
            back on the day of a termination is a part of what ended, so that the rest is lost.
        terms: of the policy; the usual ones if none.
        calendar: the company's periods; calendar months if none.
        through: a day that periods shall reach, beyond the last benefit.

    Raises:
        ParameterError: a cost, a change or a term means nothing.

    Source: ASC 340-40-25-1, 35-1 to 35-6; IFRS 15.91, 15.99-104; ASC 250-10-45-17 and IAS 8.36
    (estimates change prospectively).
    """
    terms = terms or Terms()
    refusals.of_terms(terms)
    of = conventions.convention(terms.convention)
    rows = givens.completed(engine.collected(costs), terms)
    refusals.of_costs(rows, list(terms.patterns))
    changed = givens.in_order(changes, rows, terms)
    periods = givens.periods(rows, changed, calendar, through)
    starts = givens.days(rows["start_date"])
    zero = conventions.zero(of, starts, periods)
    totals = givens.span(of.units, rows["start_date"], rows["months"])
    first = periods.place(givens.days(rows["recognised"]))
    told = givens.told(changed, rows, of, periods, zero)
    last = givens.last(of, periods, zero, totals, first, told)
    rows = rows.with_columns(first=pl.Series(first, dtype=pl.Int64))
    units = np.array([minor(name) for name in rows["currency"]], np.int64)
    cents = rows["amount"].to_numpy() // units
    weights, weight_offsets, which = givens.patterns(terms, rows)
    given = (
        *(np.ascontiguousarray(cents, np.int64), first, last, zero, totals, which),
        *(givens.offsets(told, len(rows)), givens.matrix(told), weights, weight_offsets),
        *(conventions.ends(of, periods), of.units, terms.clawbacks == "asset_first"),
    )
    return Lives(rows, terms, periods, last, given)


def schedule(
    costs: Table[ContractCosts],
    changes: Table[CostChanges] | None = None,
    terms: Terms | None = None,
    calendar: Table[Calendar] | None = None,
) -> Table[CostSchedules]:
    """The whole life of each cost, period by period: as `lived`."""
    return lived(costs, changes, terms, calendar).schedule()


__all__ = ["ALL", "Lives", "lived", "schedule"]
