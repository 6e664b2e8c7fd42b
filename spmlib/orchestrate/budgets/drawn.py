"""Drawn: the budget of a year: every plan's seats drawn, paid and costed, and put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.tables import Quotas, Table
from spmlib.orchestrate.budgets import costs, people, years
from spmlib.orchestrate.budgets.costs import KINDS
from spmlib.orchestrate.budgets.known import Known, Prepared
from spmlib.orchestrate.budgets.years import Asked
from spmlib.rules.estimated import earned

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

RUNS = 1_000


@dataclass(frozen=True)
class Costed:
    """What seats cost, month by month: planned, or as it was.

    Attributes:
        seats: one row per seat: payee_id (or planned), team, role, plan, paid_in, base, target.
        months: e.g. 2027-01.
        currency: of all amounts.
        kinds: by kind of `costs.KINDS`: seats x months [currency]; planned, the mean.
        heads: how many hold each seat: seats x months.
        sold: in the main measure of each plan: seats x months [plan's unit; where it pays a share
            of target, in months of quota].
        worth: what one unit of the plan's currency is worth: seats x months.
    """

    seats: pd.DataFrame
    months: tuple[str, ...]
    currency: str
    kinds: Mapping[str, Floats]
    heads: Floats
    sold: Floats
    worth: Floats

    @property
    def total(self) -> Floats:
        """The cost of each seat: seats x months."""
        return np.sum([self.kinds[kind] for kind in KINDS], axis=0)

    def upto(self, months: int) -> Costed:
        """The first so many months."""
        cut = {kind: amounts[:, :months] for kind, amounts in self.kinds.items()}
        return Costed(
            self.seats,
            self.months[:months],
            self.currency,
            cut,
            self.heads[:, :months],
            self.sold[:, :months],
            self.worth[:, :months],
        )


@dataclass(frozen=True)
class Budget(Costed):
    """What a sales force is planned to cost, on average and as drawn.

    Attributes:
        drawn: the cost of all: runs x months [currency].
        teams: by team, the cost drawn: runs x months [currency].
        bookings: of the company in the measure of cost of sales, drawn: runs x months [currency].
        variable: of all, drawn: runs x months [currency].
    """

    drawn: Floats
    teams: Mapping[str, Floats]
    bookings: Floats
    variable: Floats


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

    to_come = ready.to_come if hires is None else hires
    extra = people.hired(ready.seats, to_come, ready.until, ready.decided.year)
    market = years.market(runs)
    asked = Asked(ready, quotas, quoted_in, ready.leaves if leaves is None else leaves, runs)
    parts = []
    for name, known in ready.known.items():
        own = pl.concat([ready.seats.filter(plan=name), extra.filter(plan=name)])
        parts.append(_of_plan(own, known, asked, market))
    return _together(ready, parts)


@dataclass(frozen=True)
class _Part:
    """The seats of one plan."""

    seats: pl.DataFrame
    kinds: Mapping[str, Floats]
    teams: Mapping[str, Floats]
    heads: Floats
    sold: Floats
    worth: Floats
    drawn: Floats
    bookings: Floats
    variable: Floats


def _of_plan(seats: pl.DataFrame, known: Known, asked: Asked, market: Floats) -> _Part:
    """What the seats of one plan cost."""
    ready, plan = asked.ready, known.plan
    held = years.presence(seats, known, asked)
    sold = years.sold(seats, known, asked, held, market)
    first, decided = ready.first, ready.decided
    worth = ready.rates[plan.currency]
    variable = earned.earned(plan, sold, known.ratios)[..., first:] * worth[first:]
    base = (seats["base"].to_numpy()[:, None] / 12 * ready.raised * worth)[:, None, first:]
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
        earned.by_quota(plan, sold).mean(axis=1)[:, first:],
        np.broadcast_to(worth[first:], (len(seats), 12 - first)),
        np.asarray(total).sum(axis=0),
        bookings if carries else np.zeros_like(bookings),
        variable.sum(axis=0),
    )


def _paid(seats: pl.DataFrame, known: Known, ready: Prepared) -> Floats:
    """What each seat was paid of the year before its first month to come [currency]."""
    gone = slice(0, ready.first)
    worth = ready.rates[known.plan.currency][gone]
    paid = years.rows(np.sum(list(known.last.earned.values()), axis=0), known.last.people, seats)
    held = years.rows(known.last.sold.held[:, 0], known.last.people, seats)
    base = seats["base"].to_numpy()[:, None] / 12 * held
    return ((paid + base)[:, gone] * worth).sum(axis=1)


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
        sold=np.concatenate([part.sold for part in parts]),
        worth=np.concatenate([part.worth for part in parts]),
        drawn=np.sum([part.drawn for part in parts], axis=0),
        teams=dict(sorted(teams.items())),
        bookings=np.sum([part.bookings for part in parts], axis=0),
        variable=np.sum([part.variable for part in parts], axis=0),
    )
