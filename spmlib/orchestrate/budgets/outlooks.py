"""Outlooks: the budget of a year for a company as it is known on a day.

ready = prepared(company, pay, decided, day)     # once
budget = made(ready)                             # for each plan of hires and quotas
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.pay import Pay
from spmlib.core.tables import Quotas, Table
from spmlib.orchestrate.budgets import costs, earned, habits, pasts, people, plans, rates
from spmlib.orchestrate.budgets.costs import KINDS
from spmlib.orchestrate.budgets.earned import Sold
from spmlib.orchestrate.budgets.habits import Habit
from spmlib.orchestrate.budgets.heads import Presence, present
from spmlib.orchestrate.budgets.pasts import Past
from spmlib.orchestrate.budgets.plans import PlanPay
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.capacity.outlooks import LATE, attrition
from spmlib.orchestrate.forecasting.outlooks import before
from spmlib.orchestrate.forecasting.panels import Floats
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

RUNS, SEED = 2_000, 20240501
HALF = 6  # months of a year that are over, from which it says how plans pay


@dataclass(frozen=True)
class Known:
    """What is known of one plan.

    Attributes:
        plan: how it pays in the year planned.
        habits: by measure, how it comes in.
        ratios: by component, what was earned over what the curve gives.
        last: the calendar year before the day, or under way on it.
    """

    plan: PlanPay
    habits: Mapping[str, Habit]
    ratios: Mapping[str, float]
    last: Past


@dataclass(frozen=True)
class Prepared:
    """All that a year's budget is made of.

    Attributes:
        company: as it was given.
        decided: the year's file.
        until: the day up to which anything is known.
        seats: who is paid on the day, of `people.seated`.
        leaves: the share of people who leave within a year.
        known: by plan.
        rates: by currency, what one unit is worth in each month of the year: 12.
        booked: what the company books for each unit credited to those who carry the measure.
        base_year: the calendar year whose quotas and pay are grown.
    """

    company: Company
    decided: BudgetYear
    until: date
    seats: pl.DataFrame
    leaves: float
    known: Mapping[str, Known]
    rates: Mapping[str, Floats]
    booked: float
    base_year: int

    @property
    def first(self) -> int:
        """The first month of the year, from 0, that is not over."""
        return self.until.month - 1 if self.until.year == self.decided.year else 0

    @property
    def ahead(self) -> int:
        """Months from the day to the first of January of the year; 0 if that is over."""
        return max((self.decided.year - self.until.year) * 12 - self.until.month + 1, 0)


@dataclass(frozen=True)
class Budget:
    """What a sales force costs in a year, seat by seat on average and in all as drawn.

    Attributes:
        seats: one row per seat: payee_id (or planned), team, role, plan, paid_in, base, target.
        months: of the year, from the day on which it is made, e.g. 2027-01.
        currency: of all amounts.
        kinds: by kind of `costs.KINDS`, the mean: seats x months [currency].
        heads: how many hold each seat on average: seats x months.
        credited: of the main measure of each plan, the mean: seats x months [plan's unit].
        drawn: the cost of all: runs x months [currency].
        teams: by team, the cost drawn: runs x months [currency].
        bookings: of the company in the measure of cost of sales, drawn: runs x months [currency].
        variable: of all, drawn: runs x months [currency].
    """

    seats: pd.DataFrame
    months: tuple[str, ...]
    currency: str
    kinds: Mapping[str, Floats]
    heads: Floats
    credited: Floats
    drawn: Floats
    teams: Mapping[str, Floats]
    bookings: Floats
    variable: Floats


def prepared(
    company: Company, pay: Pay, measure: Measure, decided: BudgetYear, until: date
) -> Prepared:
    """What is known for the budget of a year.

    Args:
        company: its positions, payees, quotas, transactions and rates.
        pay: what plans pay, and paid; of `spmlib.incent.summaries.budgeted`.
        measure: the one that the file names, set against cost.
        decided: what the year's file says.
        until: the day up to which anything is known, the first of a month.

    Raises:
        ParameterError: the year is over or more than two years away; nobody is paid on the day.
    """
    gap = (decided.year - until.year) * 12 + 1 - until.month
    if not -11 <= gap <= 24:
        raise ParameterError(f"a budget of {decided.year} cannot be made on {until}; name a day.")
    seats = people.seated(company, until)
    last = until.year if until.month > 1 else until.year - 1
    over = until.month - 1 or 12
    told = {}
    for name in dict.fromkeys(seats["plan"]):
        told[name] = _known(name, company, pay, decided.year, last, over)
    currencies = {known.plan.currency for known in told.values()} | set(seats["paid_in"])
    worth = rates.rates(company, currencies, decided.currency, decided.year, until)
    then = rates.rates(company, currencies, decided.currency, last, until)
    return Prepared(
        company,
        decided,
        until,
        seats,
        attrition(company, until, tuple(dict.fromkeys(seats["role"]))),
        told,
        worth,
        _booked(company, measure, decided.currency, told, then, date(last, 1, 1), until),
        last,
    )


def made(
    ready: Prepared,
    hires: Mapping[str, Mapping[str, int]] | None = None,
    quotas: Table[Quotas] | None = None,
    leaves: float | None = None,
    quoted_in: str = "",
    runs: int = RUNS,
) -> Budget:
    """The budget of the year, or of what is left of it.

    Args:
        ready: what is known.
        hires: by role, how many begin in each month, e.g. {"account_executive": {"2027-01": 2}};
            those of the year's file, as far as they are to come, if not given.
        quotas: of the year, person by person; those of the year before, grown as the file says,
            for whoever has none. What people are expected to sell does not change with them.
        leaves: the share of people who leave within a year; as in the two years before if not
            given.
        quoted_in: the currency of those quotas; that of each person's plan if not given.
        runs: how many times the year is drawn. Two budgets meet the same luck.

    Raises:
        ParameterError: nobody has a role, or a month is over or beyond the year.
    """
    import polars as pl

    to_come = _to_come(ready) if hires is None else hires
    extra = people.hired(ready.seats, to_come, ready.until, ready.decided.year)
    market = np.random.default_rng(SEED).standard_normal(runs)
    asked = _Asked(ready, quotas, quoted_in, ready.leaves if leaves is None else leaves, runs)
    parts = []
    for name, known in ready.known.items():
        own = pl.concat([ready.seats.filter(plan=name), extra.filter(plan=name)])
        parts.append(_of_plan(own, known, asked, market))
    return _together(ready, parts)


def _to_come(ready: Prepared) -> dict[str, dict[str, int]]:
    """The hires of the year's file that are not over."""
    return {
        role: {month: number for month, number in months.items() if month >= f"{ready.until:%Y-%m}"}
        for role, months in ready.decided.hires.items()
    }


@dataclass(frozen=True)
class _Asked:
    """What is asked of every plan alike."""

    ready: Prepared
    quotas: Table[Quotas] | None
    quoted_in: str
    leaves: float
    runs: int


@dataclass(frozen=True)
class _Part:
    """The seats of one plan."""

    seats: pl.DataFrame
    kinds: Mapping[str, Floats]
    teams: Mapping[str, Floats]
    heads: Floats
    credited: Floats
    drawn: Floats
    bookings: Floats
    variable: Floats


def _known(name: str, company: Company, pay: Pay, year: int, last: int, over: int) -> Known:
    """What is known of one plan."""
    now = plans.in_force(pay, date(year, 12, 31))[name]
    recent = pasts.past(now, last, company, pay)
    earlier = pasts.past(now, last - 1, company, pay)
    seen = [(recent, over), (earlier, 12)]
    told = {m: habits.habit(m, seen) for m in recent.sold.credited}
    judged, months, of = (recent, over, last) if over >= HALF else (earlier, 12, last - 1)
    then = plans.in_force(pay, date(of, 12, 31)).get(name, now)
    ratios = earned.ratios(then, judged.sold, judged.earned, months)
    return Known(now, told, ratios, recent)


def _of_plan(seats: pl.DataFrame, known: Known, asked: _Asked, market: Floats) -> _Part:
    """What the seats of one plan cost."""
    ready, plan = asked.ready, known.plan
    held = _presence(seats, known, asked)
    sold = _sold(seats, known, asked, held, market)
    first, decided = ready.first, ready.decided
    worth = ready.rates[plan.currency]
    raised = _raised(ready)
    variable = earned.earned(plan, sold, known.ratios)[..., first:] * worth[first:]
    base = (seats["base"].to_numpy()[:, None] / 12 * raised * worth)[:, None, first:]
    paid_in = seats["paid_in"].to_list()
    taxes = costs.taxed(paid_in, decided, {c: w[first] for c, w in ready.rates.items()})
    now = held.since(first)
    by_kind = costs.costed(
        base,
        variable,
        now.held,
        now.begun,
        seats["team"].to_list(),
        taxes,
        decided,
        _paid(seats, known, ready),
    )
    total = sum(by_kind.values())
    teams = seats["team"].to_numpy()
    main = plan.main.measure
    carries = main == decided.measure
    bookings = sold.credited[main].sum(axis=0)[:, first:] * worth[first:] * ready.booked
    return _Part(
        seats,
        {kind: amounts.mean(axis=1) for kind, amounts in by_kind.items()},
        {team: np.asarray(total)[teams == team].sum(axis=0) for team in dict.fromkeys(teams)},
        now.held.mean(axis=1),
        sold.credited[main].mean(axis=1)[:, first:],
        np.asarray(total).sum(axis=0),
        bookings if carries else np.zeros_like(bookings),
        variable.sum(axis=0),
    )


def _presence(seats: pl.DataFrame, known: Known, asked: _Asked) -> Presence:
    """Seats as they are held in the twelve months of the year; months gone by as they were."""
    ready = asked.ready
    months = ready.ahead + 12 - ready.first
    drawn = present(
        seats["tenure"].to_numpy(),
        seats["opens"].to_numpy(),
        asked.leaves,
        ready.decided.refilled,
        LATE,
        months,
        asked.runs,
        _random("heads", known.plan.name),
    ).since(ready.ahead)
    if not ready.first:
        return drawn
    gone = _rows(known.last.sold.held[:, 0], known.last.people, seats)[:, None, : ready.first]
    shape = (len(seats), asked.runs, ready.first)
    return Presence(
        np.concatenate([np.broadcast_to(gone, shape), drawn.held], axis=-1),
        np.concatenate([np.full(shape, 999), drawn.tenure], axis=-1),
        np.concatenate([np.zeros(shape), drawn.begun], axis=-1),
    )


def _sold(seats: pl.DataFrame, known: Known, asked: _Asked, held: Presence, market: Floats) -> Sold:
    """What the seats of a plan are credited with in the year, and what is asked of them."""
    ready, first = asked.ready, asked.ready.first
    shape = (len(seats), asked.runs, 12)
    ramped = held.part(ready.decided.ramp)
    person = _random("person", known.plan.name).standard_normal(shape[:2])
    target = seats["target"].to_numpy()[:, None, None] / 12 * _raised(ready) * held.held
    credited, goals = {}, {}
    for name, habit in known.habits.items():
        usual, given = _asked(name, habit, seats, known, asked)
        expected = habit.expected(usual, np.ones((len(seats), 12)))
        if not habit.measured and _is_money(known.plan, name):
            expected = expected * _growth(ready)
        luck = _luck(habit, known.plan.name, name, shape)
        came = _rows(known.last.sold.credited[name][:, 0], known.last.people, seats)[:, :first]
        sure, left = habit.told(expected[:, :first], came)
        rest = habits.drawn(
            Habit(habit.measured, habit.centre, habit.season, habit.noise, left),
            expected * (sure[:, None] if first else 1.0),
            ramped,
            market,
            person,
            luck,
        )
        rest[..., :first] = came[:, None]
        credited[name] = rest
        if habit.measured:
            goals[name] = given[:, None] * ramped
    return Sold(credited, goals, target, held.held, seats["rate"].to_numpy())


def _asked(
    measure: str, habit: Habit, seats: pl.DataFrame, known: Known, asked: _Asked
) -> tuple[Floats, Floats]:
    """The usual quotas of a full year, and those that hold: seats x 12."""
    ready = asked.ready
    names = seats["payee_id"].to_list()
    if not habit.measured:
        return np.zeros((len(seats), 12)), np.zeros((len(seats), 12))
    last = known.last
    grown = _growth(ready) if _is_money(known.plan, measure) else 1.0
    there = last.sold.held[:, 0]
    own = np.divide(
        last.sold.goals[measure][:, 0], there, out=np.zeros_like(there), where=there > 0
    )
    full = np.where(own > 0, own, np.nan)
    with np.errstate(invalid="ignore"):
        heads = np.isfinite(full).sum(axis=0)
        usual = np.where(heads > 0, np.nansum(full, axis=0) / np.maximum(heads, 1), 0.0)
    rows = _rows(own, last.people, seats)
    rows = np.where(rows > 0, rows, usual) * grown
    if asked.quotas is None:
        return rows, rows
    given = pasts.goals(asked.quotas, measure, names, ready.decided.year)
    if asked.quoted_in:
        given = given * ready.rates[asked.quoted_in] / ready.rates[known.plan.currency]
    return rows, np.where(given.sum(axis=1, keepdims=True) > 0, given, rows)


def _paid(seats: pl.DataFrame, known: Known, ready: Prepared) -> Floats:
    """What each seat was paid of the year before its first month to come [currency]."""
    gone = slice(0, ready.first)
    worth = ready.rates[known.plan.currency][gone]
    paid = _rows(np.sum(list(known.last.earned.values()), axis=0), known.last.people, seats)
    held = _rows(known.last.sold.held[:, 0], known.last.people, seats)
    base = seats["base"].to_numpy()[:, None] / 12 * held
    return ((paid + base)[:, gone] * worth).sum(axis=1)


def _raised(ready: Prepared) -> Floats:
    """By what pay is raised in each month; nothing where the raise is over on the day."""
    months = np.array([f"{ready.decided.year}-{month:02}" for month in range(1, 13)])
    fresh = ready.decided.raised_from >= f"{ready.until:%Y-%m}"
    return np.where(fresh & (months >= ready.decided.raised_from), 1 + ready.decided.raised, 1.0)


def _growth(ready: Prepared) -> float:
    """By what quotas and sales in money grow on the year that is known."""
    return float((1 + ready.decided.growth) ** (ready.decided.year - ready.base_year))


def _is_money(plan: PlanPay, measure: str) -> bool:
    return next((c.unit == "money" for c in plan.components if c.measure == measure), True)


def _rows(values: Floats, names: tuple[str, ...], seats: pl.DataFrame) -> Floats:
    """The values of seats, by who holds them; 0 for those of whom nothing is known."""
    places = {name: place for place, name in enumerate(names)}
    found = np.array([places.get(name, -1) for name in seats["payee_id"]])
    return np.where((found >= 0)[:, None], values[np.maximum(found, 0)], 0.0)


def _luck(habit: Habit, plan: str, measure: str, shape: tuple[int, ...]) -> Floats:
    """Gamma numbers with mean 1 and the spread of months; the same seats meet the same luck."""
    if habit.noise <= 0:
        return np.ones(shape)
    form = 1 / habit.noise**2
    return _random(measure, plan).standard_gamma(form, shape) / form


def _random(*words: str) -> np.random.Generator:
    return np.random.default_rng([SEED, crc32(" ".join(words).encode())])


def _booked(
    company: Company,
    measure: Measure,
    currency: str,
    told: Mapping[str, Known],
    worth: Mapping[str, Floats],
    first: date,
    until: date,
) -> float:
    """What the company books for each unit credited to those whose plan counts the measure first.

    Raises:
        ParameterError: no plan does.
    """
    import narwhals as nw

    from spmlib.core import engine

    carriers = [known for known in told.values() if known.plan.main.measure == measure.name]
    if not carriers:
        counted = sorted({known.plan.main.measure for known in told.values()})
        wrong = f"measure: no plan counts '{measure.name}' first"
        raise ParameterError(f"{wrong}; write one of: {', '.join(counted)}.")
    sold = before(sales(company, measure, [], currency).history, until)
    rows = engine.collected(sold.filter(nw.col("date") >= first))
    credited = sum(
        (
            known.last.sold.credited[measure.name][:, 0].sum(axis=0) * worth[known.plan.currency]
        ).sum()
        for known in carriers
    )
    return float(rows["value"].sum() / credited) if credited > 0 else 1.0


def _together(ready: Prepared, parts: list[_Part]) -> Budget:
    import polars as pl

    teams: dict[str, Floats] = {}
    for part in parts:
        for team, amounts in part.teams.items():
            teams[team] = teams.get(team, 0.0) + amounts
    year = ready.decided.year
    return Budget(
        seats=pl.concat([part.seats for part in parts]).to_pandas(),
        months=tuple(f"{year}-{month + 1:02}" for month in range(ready.first, 12)),
        currency=ready.decided.currency,
        kinds={kind: np.concatenate([part.kinds[kind] for part in parts]) for kind in KINDS},
        heads=np.concatenate([part.heads for part in parts]),
        credited=np.concatenate([part.credited for part in parts]),
        drawn=np.sum([part.drawn for part in parts], axis=0),
        teams=dict(sorted(teams.items())),
        bookings=np.sum([part.bookings for part in parts], axis=0),
        variable=np.sum([part.variable for part in parts], axis=0),
    )
