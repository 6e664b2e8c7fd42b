"""Seen: the years in which people were on a plan, and what they say of levels and spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmlib.core.company import Company
from spmlib.core.pay import Pay
from spmlib.incent.modelling.simulated import levels, spreads
from spmlib.incent.modelling.simulated.levels import Level, Years
from spmlib.incent.modelling.simulated.spreads import Own, Quarters, Shared
from spmlib.incent.modelling.simulated.written import Decisions
from spmlib.rules.estimated import earned, pasts, plans
from spmlib.rules.estimated.pasts import Past
from spmlib.rules.estimated.plans import PlanPay

HALF = 6  # months of a year that are over, from which it says how plans pay
YEARS = 3  # of history


@dataclass(frozen=True)
class Seen:
    """A plan and the years in which people were on it, the latest first."""

    plan: PlanPay
    pasts: tuple[tuple[Past, int], ...]
    issued: Past  # the year drawn, as far as its quotas are issued
    levels: Mapping[str, Level]
    ratios: Mapping[str, float]
    grown: Mapping[str, float]


def before(until: date) -> tuple[int, int]:
    """The latest calendar year of which anything is over, and how many months of it are."""
    return (until.year, until.month - 1) if until.month > 1 else (until.year - 1, 12)


def unseen(
    plan: PlanPay, company: Company, pay: Pay, until: date, years: Years | None = None
) -> dict[str, float]:
    """By component, what was earned over what the curve gives, under plans as they held then.

    Args:
        plan: which.
        company: its positions and quotas.
        pay: what it paid.
        until: the day up to which anything is known.
        years: those of the plan, the latest first, where they were read already.
    """
    last, _ = before(until)
    read = years or _years(plan, company, pay, until)
    back = 0 if read[0][1] >= HALF or not read[1][0].people else 1
    then = plans.in_force(pay, date(last - back, 12, 31)).get(plan.name, plan)
    judged, months = read[back]
    return earned.ratios(then, judged.sold, judged.earned, months)


def seen(plan: PlanPay, company: Company, pay: Pay, decided: Decisions, until: date) -> Seen:
    """A plan with its years until a day."""
    last, _ = before(until)
    years = _years(plan, company, pay, until)
    measures = dict.fromkeys(m for past, _ in years for m in past.sold.credited)
    unit = {c.measure: c.unit for c in plan.components}
    more = float((1 + decided.growth) ** (decided.year - last))
    drawn = years[0][0]
    return Seen(
        plan,
        years,
        drawn if decided.year == last else pasts.past(plan, decided.year, company, pay),
        {measure: levels.level(measure, years) for measure in measures},
        unseen(plan, company, pay, until, years),
        {measure: more if unit.get(measure, "money") == "money" else 1.0 for measure in measures},
    )


def spread(
    told: Mapping[str, Seen], teams: Mapping[str, int], decided: Decisions
) -> tuple[Shared, dict[str, Own]]:
    """What people vary by together, from the measures that plans count first, and on their own."""
    people = {
        person: number
        for number, person in enumerate(
            dict.fromkeys(
                p for seen in told.values() for past, _ in seen.pasts for p in past.people
            )
        )
    }
    rows = {
        (name, measure): levels.quarters(measure, seen.levels[measure], seen.pasts, people, teams)
        for name, seen in told.items()
        for measure in seen.levels
    }
    main = [
        rows[name, seen.plan.main.measure]
        for name, seen in told.items()
        if seen.levels[seen.plan.main.measure].quoted
    ]
    among = spreads.shared(_all(main), decided.market) if main else Shared(decided.market)
    parts = {f"{p} {m}": spreads.own(of, among, decided.least) for (p, m), of in rows.items()}
    first = {f"{name} {seen.plan.main.measure}" for name, seen in told.items()}
    held = spreads.held({k: v for k, v in parts.items() if k in first}, decided.credibility)
    return among, parts | held


def _all(parts: Sequence[Quarters]) -> Quarters:
    columns = ("rest", "person", "team", "quarter")
    rest, person, team, quarter = (
        np.concatenate([getattr(part, name) for part in parts]) for name in columns
    )
    return Quarters(rest, person, team, quarter, max(part.season for part in parts))


def _years(plan: PlanPay, company: Company, pay: Pay, until: date) -> tuple[tuple[Past, int], ...]:
    """The calendar years of a plan, the latest first, and how many months of each are over."""
    last, over = before(until)
    return tuple(
        (pasts.past(plan, last - back, company, pay), 12 if back else over) for back in range(YEARS)
    )
