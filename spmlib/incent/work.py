"""Work: what the steps of a calculation share: parameters, people, layout and credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import Table
from spmlib.incent.crediting import bookings, holdings
from spmlib.incent.crediting import naming as crediting
from spmlib.incent.crediting.bookings import Booked
from spmlib.incent.crediting.holdings import Holdings
from spmlib.incent.earning import goals, windows
from spmlib.incent.earning.layout import (
    Layout,
    layout,
    refuse_days_without_table,
    refuse_half_restated,
)
from spmlib.rules.crediting import Crediting
from spmlib.rules.measures import Measure
from spmlib.rules.plans import Plan
from spmlib.rules.spiffs.written import Spiff


@dataclass(frozen=True)
class Parameters:
    """What a company's parameter files say about pay."""

    measures: Mapping[str, Measure]
    plans: Mapping[str, Plan]
    crediting: Crediting
    spiffs: Mapping[str, Spiff] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What the steps share."""

    company: Company
    parameters: Parameters
    who: Holdings
    made: Layout
    held: Table[Any]
    booked: Booked
    rows: Table[Any]  # of crediting.credited
    used: Mapping[str, Measure]


def begun(company: Company, parameters: Parameters, through: str | None = None) -> Work:
    """Everything up to the credits: the start of a calculation.

    Raises:
        OverflowRefused: what somebody is credited with, or expected to sell, would not fit in sum.
    """
    components = [c for plan in parameters.plans.values() for c in plan.components.values()]
    who = holdings.holdings(company, parameters.plans)
    changes = _rate_changes(who, parameters.plans)
    parts = windows.segments(company.calendar, components, changes)
    refuse_half_restated(components, parts)
    made = layout(components, who.plans, parts, through)
    segments = windows.frame(parts).select("segment", "segment_start", "segment_end", "period")
    numbered = made.periods.select("period", "period_number", "period_start", "year")
    held = goals.active(who, segments.join(numbered, on="period"))
    refuse_days_without_table(held, made)
    used = {name: parameters.measures[name] for name in _names(parameters)}
    said = {plan.currency for plan in parameters.plans.values()}
    said |= {spiff.currency for spiff in parameters.spiffs.values()}
    currencies = sorted(said | _paid_in(who))
    days = windows.days(windows.upto(parts, through))
    booked = bookings.booked(company, parameters.crediting, list(used.values()), days, currencies)
    rows = engine.kept(crediting.credited(company, parameters.crediting, who, booked))
    engine.refuse_sums(rows, "person", booked.sums)
    engine.refuse_sums(company.quotas, "payee_id", ["amount"])
    return Work(company, parameters, who, made, held, booked, rows, used)


def _names(parameters: Parameters) -> list[str]:
    """The measures that plans and SPIFFs count or look at."""
    found: dict[str, None] = {spiff.measure: None for spiff in parameters.spiffs.values()}
    for plan in parameters.plans.values():
        for component in plan.components.values():
            found[component.measure] = None
            if component.matrix:
                found[component.matrix.measure] = None
            found |= {m.measure: None for m in component.modifiers if m.measure}
        found |= {m.measure: None for m in plan.modifiers if m.measure}
    return list(found)


def _rate_changes(who: Holdings, plans: Mapping[str, Plan]) -> set[date]:
    """The days on which somebody's personal rate may change, where a plan pays by it."""
    by_rate = [
        number
        for number, name in enumerate(who.plans)
        if any(c.pays == "personal_rate" for c in plans[name].components.values())
    ]
    if not by_rate:
        return set()
    held = who.held.filter(nw.col("plan_number").is_in(by_rate))
    return set(engine.collected(held.select("start_date").unique(["start_date"]))["start_date"])


def _paid_in(who: Holdings) -> set[str]:
    return set(engine.collected(who.held.select("currency").unique(["currency"]))["currency"])
