"""Ready: what the engine computed up to a period's end, kept for many estimates of that period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine, parameters
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Earnings, Table, Terms
from spmlib.incent import calculation
from spmlib.incent.calculation import Parameters
from spmlib.incent.crediting import holdings
from spmlib.incent.earning import attainment, limits, seconds
from spmlib.incent.earning.seconds import Second
from spmlib.incent.work import Work, begun
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl

Looks = dict[tuple[str, str, int], int]  # plan, component, modifier (-1: matrix): its number


@dataclass(frozen=True)
class Ready:
    """A company as the engine left it at a period's end.

    Attributes:
        work: of the calculation up to that end.
        every_term, every_line: its Terms and Earnings, of all years.
        period: of the estimate.
        start, end: its first day, and the first day after it.
        looks: under which number each value that a rule looks at is found.
    """

    work: Work
    every_term: Table[Terms]
    every_line: Table[Earnings]
    period: str
    start: date
    end: date
    looks: Looks

    @property
    def company(self) -> Company:
        """Its tables."""
        return self.work.company

    @property
    def parameters(self) -> Parameters:
        """What its files say."""
        return self.work.parameters

    @cached_property
    def periods(self) -> pl.DataFrame:
        """The year's periods up to this one: period_number, period, period_end, windows."""
        import polars as pl

        every = engine.collected(self.work.made.periods).sort("period_number")
        own = every.filter(pl.col("period") == self.period)
        return every.filter(
            pl.col("year").is_in(own["year"].implode()),
            pl.col("period_number") <= own["period_number"][0],
        )

    @cached_property
    def terms(self) -> pl.DataFrame:
        """The Terms of the year up to the period."""
        return self._of_year(self.every_term).sort("segment_start")

    @cached_property
    def earnings(self) -> pl.DataFrame:
        """The Earnings of the year up to the period."""
        return self._of_year(self.every_line)

    @cached_property
    def by_person(self) -> tuple[dict[str, pl.DataFrame], ...]:
        """Terms, Earnings and what rules look at, each by payee_id."""
        return tuple(
            {
                str(name): rows
                for (name,), rows in made.partition_by("payee_id", as_dict=True).items()
            }
            for made in (self.terms, self.earnings, self.seen)
        )

    def own(self, table: int, payee_id: str) -> list[dict[str, Any]]:
        """A person's rows of one of the tables of `by_person`, by its place."""
        rows = self.by_person[table].get(payee_id)
        return [] if rows is None else rows.to_dicts()

    @cached_property
    def seen(self) -> pl.DataFrame:
        """What rules look at: payee_id, number, period, value, base."""
        import polars as pl

        asked = list(_asked(self.work))
        schema = {"payee_id": pl.String, "number": pl.Int64, "period": pl.String}
        if not asked:
            return pl.DataFrame(schema=schema | {"value": pl.Int64, "base": pl.Int64})
        found = engine.collected(seconds.seconds(asked, self.work))
        people = engine.collected(self.work.who.people.select("person", "payee_id"))
        numbered = found.join(self.periods.select("period_number", "period"), on="period_number")
        return numbered.join(people, on="person").select(*schema, "value", "base")

    @cached_property
    def limits(self) -> dict[tuple[str, str, str], int]:
        """The target that modifiers look at in the period: by payee_id, plan, component [ticks]."""
        windows = {str(name) for name in self.periods.row(-1) if isinstance(name, str)}
        people = engine.collected(self.work.who.people.select("person", "payee_id"))
        found: dict[tuple[str, str, str], int] = {}
        for key, table in limits.of_modifiers(self.work).items():
            rows = engine.collected(table.filter(nw.col("span").is_in(sorted(windows))))
            rows = rows.join(people, on="person").select("payee_id", "target")
            found |= {(payee_id, *key): target for payee_id, target in rows.iter_rows()}
        return found

    @cached_property
    def held(self) -> pl.DataFrame:
        """The positions that hold on some day of the period, with people and plans numbered."""
        import polars as pl

        over = (pl.col("start_date") < self.end) & (pl.col("end_date") > self.start)
        return engine.collected(self.work.who.held).filter(over)

    @cached_property
    def reached(self) -> dict[str, pl.DataFrame]:
        """Whose credits come to whom in the period, by rule that names them."""
        held, crediting = engine.brought(self.held), self.parameters.crediting
        return {
            rule.name: engine.collected(holdings.reach(held, rule, crediting))
            for rule in crediting.base
        }

    @cached_property
    def people(self) -> dict[str, int]:
        """Everybody's number by id."""
        rows = engine.collected(self.work.who.people.select("payee_id", "person"))
        return dict(rows.iter_rows())

    @cached_property
    def roles(self) -> dict[str, str]:
        """Everybody who holds a position in the period, as a page may call them: id and role."""
        rows = self.held.sort("start_date").select("payee_id", "role")
        return {who: f"{who}, {str(role).replace('_', ' ')}" for who, role in rows.iter_rows()}

    def plan(self, payee_id: str) -> Plan:
        """The plan that a person holds last in the period.

        Raises:
            ParameterError: nobody has the id, or the person holds no plan.
        """
        import polars as pl

        if payee_id not in self.people:
            raise ParameterError(f"there is no payee '{payee_id}'; write one of payees.")
        own = self.held.filter(pl.col("payee_id") == payee_id, pl.col("plan_number") >= 0)
        if own.is_empty():
            raise ParameterError(
                f"{payee_id} holds no plan in {self.period}; choose a person or period with one."
            )
        return self.parameters.plans[own.sort("start_date")["plan"][-1]]

    def _of_year(self, table: Any) -> pl.DataFrame:
        names = self.periods["period"].to_list()
        return engine.collected(table.filter(nw.col("period").is_in(names)))


def ready(company: Company, said: Parameters, period: str) -> Ready:
    """What the engine computes up to a period's end, kept for many estimates.

    Args:
        company: its tables, as known today.
        said: what its files say about pay.
        period: of the calendar, begun or not.

    Raises:
        ParameterError: the calendar has no such period.
    """
    rows = engine.collected(company.calendar.sort("start_date")).to_dicts()
    found = {row["period"]: row for row in rows}
    if period not in found:
        near = parameters.nearest(period, found)
        raise ParameterError(f"there is no period '{period}'; write {near}.")
    work = begun(company, said, period)
    of = found[period]
    looks = {key: n for n, key in enumerate(_keys(work))}
    places, owed = calculation.earned(work)
    terms = engine.kept(attainment.terms(places, work))
    return Ready(work, terms, owed.earnings, period, of["start_date"], of["end_date"], looks)


def under_way(company: Company, day: date) -> str:
    """The period that a day lies in.

    Raises:
        ParameterError: the calendar does not have the day.
    """
    rows = engine.collected(company.calendar.filter(nw.col("start_date") <= day))
    rows = rows.filter(rows["end_date"] > day)
    if rows.is_empty():
        raise ParameterError(f"the calendar does not have {day}; add its period.")
    return str(rows["period"][0])


def _keys(work: Work) -> Iterator[tuple[str, str, int]]:
    for component in work.made.components:
        if component.matrix and not component.alone:
            yield component.plan, component.name, -1
        for n, modifier in enumerate(component.modifiers):
            if modifier.measure:
                yield component.plan, component.name, n
    for plan in work.parameters.plans.values():
        for n, modifier in enumerate(plan.modifiers):
            if modifier.measure:
                yield plan.name, "", n


def _asked(work: Work) -> Iterator[Second]:
    """The values that rules look at, in the order of their numbers."""
    plans = work.parameters.plans
    for number, (plan, name, n) in enumerate(_keys(work)):
        of = plans[plan]
        component = of.components[name] if name else next(iter(of.components.values()))
        if n < 0:
            assert component.matrix is not None  # its key says so
            matrix = component.matrix
            need = seconds.need(work, number, component, matrix.measure, component.accumulate)
            yield Second(need, matrix.of)
            continue
        modifiers = component.modifiers if name else of.modifiers
        over = seconds.over(modifiers, component) if name else modifiers[0].over
        need = seconds.need(work, number, component, modifiers[n].measure, over)
        yield Second(need, modifiers[n].of)
