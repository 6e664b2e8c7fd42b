"""Outcomes: what a scenario comes to: quotas, people, what they bring, what it costs.

Scenarios meet the same people, the same history and the same luck, so what differs is the scenario.
What two of them share (a forecast, a sales force) is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from spmlib.core.arrays import Floats
from spmlib.core.company import Company, known_on
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.orchestrate.capacity import outlooks as capacities
from spmlib.orchestrate.capacity import written as capacity
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.outlooks import Force
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.quotas import decisions
from spmlib.orchestrate.quotas import written as quota_files
from spmlib.orchestrate.quotas.outlooks import Prepared
from spmlib.orchestrate.quotas.plans import Planned
from spmlib.orchestrate.quotas.written import QuotaYear
from spmlib.orchestrate.scenarios import replans
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.rules.measures import Measure


@dataclass(frozen=True)
class Cost:
    """What all people of a budget cost, and what the company books, as it was drawn.

    Attributes:
        amounts: the cost, many times over [currency].
        booked: in the same draws [currency].
    """

    amounts: Floats
    booked: Floats


@dataclass(frozen=True)
class Moved:
    """The accounts that change hands, and what is travelled then.

    Attributes:
        accounts: the territory of each account that goes to another.
        travel: of all accounts with a place [km a year]; none where no territories are planned.
    """

    accounts: Mapping[str, str]
    travel: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to.

    Attributes:
        scenario: that was played.
        day: the first that is planned.
        growth: of the year's target, on the year before.
        sold: what was sold of the year before it [currency].
        target: of the company from the day on [currency].
        ready: what quotas are made of.
        quotas: by person and month, in the currency of the comparison.
        force: the people who sell, and the hires.
        held: seats held by month.
        brought: what they bring from the day on, many times over [currency].
        moved: accounts that change hands: as the territories' file has it, and by hand.
        cost: what the company's people cost in the same months, and what they book; none where no
            budget is decided.
    """

    scenario: Scenario
    day: date
    growth: float
    sold: float
    target: float
    ready: Prepared
    quotas: Planned
    force: Force
    held: Floats
    brought: Floats
    moved: Moved
    cost: Cost | None = None

    @property
    def name(self) -> str:
        """The scenario's title."""
        return self.scenario.title


Costs = Callable[[Outcome], Cost]
Moves = Callable[[Scenario, date], Moved]


def outcomes(
    scenarios: Sequence[Scenario],
    company: Company,
    measures: Mapping[str, Measure],
    currency: str,
    until: date,
    costs: Costs | None = None,
    moves: Moves | None = None,
) -> list[Outcome]:
    """What some scenarios of one plan come to, all from the same day on.

    Args:
        scenarios: of one plan.
        company: its tables.
        measures: by name.
        currency: of the comparison.
        until: the day up to which anything is known; a scenario that begins earlier is planned with
            what was known on its first day, and so are those beside it.
        costs: what an outcome costs; none: nothing is said of cost.
        moves: who gets which accounts from a day on; none: only what is moved by hand.

    Raises:
        ParameterError: two scenarios begin on different days, or one in what is not known yet.
    """
    day = _day(scenarios, until)
    known = known_on(company, day, until)
    ready = _prepared(known, measures, currency, day)
    forced = cache(_forced(known, measures, currency, day))
    sold = cache(lambda measure, year: replans.sold(known, measures[measure], currency, year, day))
    return [_outcome(one, day, measures, ready, forced, sold, costs, moves) for one in scenarios]


def _outcome(
    scenario: Scenario,
    day: date,
    measures: Mapping[str, Measure],
    prepared: Callable[..., Prepared],
    forced: Callable[..., Force],
    sold: Callable[..., tuple[float, float]],
    costs: Costs | None,
    moves: Moves | None,
) -> Outcome:
    decided = quota_files.decided(scenario.file("quotas"))
    people = capacity.decided(scenario.file("capacity"))
    for name in (decided.measure, people.measure):
        if name not in measures:
            wrong = f"{scenario.name}: there is no measure '{name}'"
            raise ParameterError(f"{wrong}; write {nearest(name, measures)}.")
    ready = prepared(decided)
    before, had = sold(decided.measure, decided.year)
    begun = day > date(decided.year, 1, 1)
    target = replans.rest(had, decided.growth, before) if begun else replans.year(ready, decided)
    made = decisions.made(ready, decided, target)
    force = forced(people.measure, people.roles, people.ramp, people.refilled, decided.year)
    hires = dict(sorted(people.hires.items()))  # in whatever order they were written
    force = capacities.hired(force, hires)
    own = slice(len(force.starts) - len(ready.months), None)  # months of the plan
    drawn = played(force.seats)[:, own]
    moved = moves(scenario, day) if moves else Moved({})
    told = Outcome(
        scenario=scenario,
        day=day,
        growth=decided.growth,
        sold=before,
        target=target,
        ready=ready,
        quotas=made,
        force=force,
        held=moments(force.seats).held[own],
        brought=drawn.sum(axis=1),
        moved=replace(moved, accounts={**moved.accounts, **scenario.accounts}),
    )
    return told if costs is None else replace(told, cost=costs(told))


def _day(scenarios: Sequence[Scenario], until: date) -> date:
    days = {scenario.start for scenario in scenarios if scenario.start}
    if len(days) > 1:
        listed = " and ".join(map(str, sorted(days)))
        raise ParameterError(f"scenarios begin on {listed}; compare those of one day.")
    day = min(days, default=until)
    if day > until:
        wrong = f"a scenario begins on {day}, and nothing is known after {until}"
        raise ParameterError(f"{wrong}; write a day up to it, or leave `from` out.")
    return day


def _prepared(known: Company, measures: Any, currency: str, day: date) -> Callable[..., Prepared]:
    told: dict[tuple[Any, ...], Prepared] = {}

    def made(decided: QuotaYear) -> Prepared:
        asked = (decided.measure, decided.year, decided.roles, decided.ramp, decided.past)
        key = (*asked, decided.relief, tuple(sorted(decided.mix.items())))
        if key not in told:
            counted = measures[decided.measure]
            told[key] = decisions.prepared(known, counted, currency, day, decided)
        return told[key]

    return made


def _forced(known: Company, measures: Any, currency: str, day: date) -> Callable[..., Force]:
    def made(
        measure: str, roles: Sequence[str], ramp: Sequence[float], refilled: int, year: int
    ) -> Force:
        months = (year + 1 - day.year) * 12 + 1 - day.month  # up to the end of the year
        return capacities.force(
            known, measures[measure], currency, day, roles, ramp, refilled, months
        )

    return made
