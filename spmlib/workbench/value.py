"""Value: a company's own measures by month, and what a change moved in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from spmlib.core import engine
from spmlib.revops.value import effects, money, series, written
from spmlib.revops.value.effects import Effect
from spmlib.revops.value.money import Returns, Worth
from spmlib.revops.value.series import Series
from spmlib.revops.value.written import Policy
from spmlib.workbench import disputed
from spmlib.workbench.opened import Workbench

FILE = "policies/value.yaml"


@dataclass(frozen=True)
class Value:
    """What a change was worth to a company, by the end of a period."""

    policy: Policy
    day: date  # of the change
    measures: dict[str, Series]

    @cached_property
    def effects(self) -> list[Effect]:
        """The effect on each measure: as `effects.effect`."""
        told = self.policy.demands
        return [effects.effect(own, self.day, told) for own in self.measures.values()]

    @property
    def worths(self) -> dict[str, Worth]:
        """What a unit of each measure is worth, as the policy assumes."""
        known = self.policy.measures.values()
        return {one.name: Worth(one.better, one.worth, one.within) for one in known}

    def returns(self, worths: dict[str, Worth] | None = None) -> Returns:
        """Returns of the effects that are worth money: as `money.returns`."""
        told, worth = self.policy, worths or self.worths
        summed = money.counted(self.effects, worth)
        drawn = money.paths(summed, told.months, told.draws, told.seed, told.block)
        return money.returns(drawn, worth, told.set_up, told.running, told.discount)


def value(
    bench: Workbench, period: str, day: date | None = None, table: pl.DataFrame | None = None
) -> Value:
    """The value of a change to a company; `day` and `table` instead of what is written.

    Args:
        bench: the company.
        period: the last that is known.
        day: of the change, if not the policy's.
        table: further measures, or others of the same name: period, measure, value.
    """
    policy = written.read(bench.folder / FILE)
    found = own(bench, period)
    if policy.hours_checking:
        found["hours_checking"] = series.series(policy.hours_checking, "hours_checking")
    if table is not None:
        for name in table["measure"].unique(maintain_order=True):
            found[name] = series.series(table, name)
    return Value(policy, day or policy.change, found)


def own(bench: Workbench, period: str) -> dict[str, Series]:
    """The measures that a company's own tables hold: disputes and days to decide.

    A month without a dispute has none; the days to decide of a month in which nothing was
    raised are unknown, and undecided disputes have none.
    """
    known = disputed.known(bench, period)
    raised = known.rows.with_columns(period=pl.col("raised_date").dt.strftime("%Y-%m"))
    count = raised.group_by("period").agg(value=pl.len().cast(pl.Float64))
    days = raised.drop_nulls("decided_date").group_by("period").agg(value=pl.col("days").median())
    told = _filled(bench, period, count)
    found = {"disputes": series.series(told, "disputes")}
    return found | {"days_to_decide": series.series(days, "days_to_decide")}


def _filled(bench: Workbench, period: str, counted: pl.DataFrame) -> pl.DataFrame:
    """Counts with 0 for months from the first that has any, to the last that is known."""
    calendar = engine.collected(bench.company.calendar).select("period")
    first = counted["period"].min()
    months = calendar.filter(pl.col("period").is_between(pl.lit(first), pl.lit(period)))
    return months.join(counted, on="period", how="left").with_columns(pl.col("value").fill_null(0))
