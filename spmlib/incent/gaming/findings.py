"""Findings: where plans can be played, and whether anybody seems to, dearest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import RATE, GamingFindings, Table
from spmlib.incent.calculation import Parameters, Results
from spmlib.incent.gaming import (
    bookings,
    people_found,
    pipelines,
    rules_found,
    standings,
    windows_found,
)
from spmlib.incent.gaming.rules_found import Row
from spmlib.incent.gaming.written import Decisions
from spmlib.incent.summaries import worths

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Audit:
    """A company as the audit sees it, up to a period's end.

    Attributes:
        company, parameters, results: what is audited.
        decided: what counts as a sign.
        period: the last one.
        currency: to read amounts in.
    """

    company: Company
    parameters: Parameters
    results: Results
    decided: Decisions
    period: str
    currency: str

    @cached_property
    def ends(self) -> pl.DataFrame:
        """Where everybody ended each window: `standings.ended`."""
        plans = self.parameters.plans
        return standings.ended(self.results.terms, self.company, plans, self.period)

    @cached_property
    def against(self) -> pl.DataFrame:
        """Each window against each threshold: `standings.against`."""
        return standings.against(self.ends, self.parameters.plans)

    @cached_property
    def deals(self) -> pl.DataFrame:
        """The sizes of deals by component in the last year: `standings.usual_deals`."""
        return standings.usual_deals(self.results.earnings, self.decided.deals, self.since)

    @cached_property
    def quarters(self) -> pl.DataFrame:
        """What was booked, by quarter [currency]."""
        return self._until(bookings.bookings(self.company, self.currency, "quarter"))

    @cached_property
    def months(self) -> pl.DataFrame:
        """What was booked, by month [currency of the limits]."""
        return self._until(bookings.bookings(self.company, self.decided.currency, "month"))

    @cached_property
    def timings(self) -> dict[tuple[str, str], Any]:
        """The best timing of everybody's open deals: `pipelines.timings`."""
        counted = _of_opportunities(self.company, self.parameters)
        return pipelines.timings(
            self.company, self.results.terms, self.parameters.plans, counted, self.period,
            self.decided.pipeline, self.decided.freedom,
        )  # fmt: skip

    @cached_property
    def pooled(self) -> dict[str, Any]:
        """All windows against all thresholds at once: `people_found.pooled`."""
        return people_found.pooled(self.against, self.decided)

    @cached_property
    def shut(self) -> pl.DataFrame:
        """Quarters that paid no more for whom: payee_id, window_end, shut.

        The last threshold was passed, or the next one was further off than `out_of_reach`.
        """
        import polars as pl

        rows = self.against.filter(
            pl.col("window_end").dt.month().is_in([1, 4, 7, 10]), pl.col("counts") != "units"
        )
        better = (pl.col("jump") > 0) | (pl.col("slope") > 0)
        ahead = better & (pl.col("distance") < 0)
        reach = ahead & (pl.col("distance") > -self.decided.out_of_reach)
        grouped = rows.group_by("payee_id", "window_end").agg(open_=reach.any(), any_=better.any())
        return grouped.filter("any_").select("payee_id", "window_end", shut=~pl.col("open_"))

    @property
    def since(self) -> str:
        """The first of the twelve periods up to the period."""
        names = engine.collected(self.company.calendar.sort("start_date"))["period"].to_list()
        return str(names[max(names.index(self.period) - 11, 0)])

    @property
    def years(self) -> float:
        """How long bookings go back [years]."""
        days = self.months["day"]
        first, last = days.min(), self.months["window_end"].max()
        return max((last - first).days / 365.25, 1 / 12) if len(days) else 1.0  # type: ignore[operator, union-attr]

    def _until(self, rows: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        end = engine.collected(self.company.calendar.filter(nw.col("period") == self.period))
        return rows.filter(pl.col("day") < end["end_date"][0])


def audit(
    company: Company,
    parameters: Parameters,
    results: Results,
    decided: Decisions,
    period: str,
    currency: str = "",
) -> Audit:
    """A company as the audit sees it.

    Raises:
        ParameterError: the calendar has no such period, or nothing is booked in the currency.
    """
    periods = engine.collected(company.calendar.select("period"))["period"].to_list()
    if period not in periods:
        raise ParameterError(f"there is no period '{period}'; write one of the calendar's.")
    chosen = worths.chosen(company, currency)
    return Audit(company, parameters, results, decided, period, chosen)


def findings(of: Audit) -> Table[GamingFindings]:
    """Everything that was found, dearest first, in one currency."""
    import polars as pl

    rates = _rates(of)
    rows = []
    for row, currency in _rows(of):
        rows.append(row | {"amount": row["amount"] * rates.get(currency, 0.0)})
    columns = GamingFindings.columns()
    kinds = {
        name: pl.Float64 if column.kind == "estimate" else pl.String
        for name, column in columns.items()
    }
    made = pl.DataFrame([row | {"currency": of.currency} for row in rows], schema=kinds)
    return engine.brought(made.sort("amount", "kind", "where", descending=[True, False, False]))


def first_day(of: Audit) -> date:
    """The first day of the audit's period."""
    rows = of.company.calendar.filter(nw.col("period") == of.period)
    day = engine.collected(rows)["start_date"][0]
    assert isinstance(day, date)
    return day


def _rows(of: Audit) -> Iterator[tuple[Row, str]]:
    """Each finding with the currency of its amount."""
    day = first_day(of)
    plans = of.parameters.plans
    for found in (
        rules_found.cliffs_found(of.against, of.deals),
        rules_found.modifiers_found(of.results, of.parameters, of.since),
        rules_found.single_deals_found(of.parameters, of.deals, day),
        rules_found.extremes_found(of.parameters, of.deals, of.ends.filter("last_year"), day),
        rules_found.returns_found(of.results, of.parameters, of.months, of.years),
        rules_found.timings_found(of.timings, plans),
        windows_found.moved_found(of.ends.filter("last_year"), of.deals, plans),
        windows_found.mixes_found(of.parameters, of.ends.filter("last_year"), of.deals, day),
        people_found.heaps_found(of.against, of.decided, of.years),
        people_found.heapers_found(of.against, of.decided, of.years),
    ):
        for row in found:
            yield row, plans[row["plan"]].currency
    for found, currency in (
        (people_found.reversals_found(of.months, of.decided, of.years), of.decided.currency),
        (people_found.splits_found(of.months, of.decided, of.years), of.decided.currency),
        (people_found.late_found(of.quarters, of.decided, of.years), of.currency),
        (people_found.held_found(of.quarters, of.shut, of.decided, of.years), of.currency),
    ):
        for row in found:
            yield row, currency


def _rates(of: Audit) -> dict[str, float]:
    """What one unit of each currency is worth in the audit's, at the period."""
    rows = engine.collected(
        worths.rates(of.company, of.currency).filter(nw.col("period") == of.period)
    )
    made = dict(zip(rows["currency"], (rows["worth_rate"] / RATE).to_list(), strict=True))
    return made | {of.currency: 1.0}


def _of_opportunities(company: Company, parameters: Parameters) -> list[str]:
    """The measures that sum amounts of new deals, as opportunities are."""
    kinds = engine.collected(company.opportunities)["kind"].drop_nulls().unique().to_list() or [
        "new"
    ]
    return [
        name
        for name, measure in parameters.measures.items()
        if measure.sums == "amount"
        and measure.per is None
        and any(f.column == "kind" and set(f.among) == set(kinds) for f in measure.where)
        and not any(f.column in ("channel", "new_logo", "term_months") for f in measure.where)
    ]
