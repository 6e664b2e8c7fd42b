"""Plans: the scenarios of a company's plan, played, and the tables that each would put in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import AccountTerritories, Quotas, Table
from spmlib.incent.summaries import worths
from spmlib.orchestrate.forecasting.outlooks import until
from spmlib.orchestrate.scenarios import currencies, outcomes, replans, written
from spmlib.orchestrate.scenarios.outcomes import Outcome
from spmlib.orchestrate.territories.dated import dated
from spmlib.workbench import plan_costs, plan_territories
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

FOLDER = "scenarios"  # of the parameters


def folder(bench: Workbench, plan: str) -> Path:
    """The folder of a plan's scenarios."""
    return bench.folder / FOLDER / plan


def played(
    bench: Workbench, plan: str, names: Sequence[str], period: str, currency: str = ""
) -> list[Outcome]:
    """What scenarios of a plan come to.

    Args:
        bench: the company and its parameters.
        plan: a folder of ``parameters/scenarios``.
        names: of scenarios.
        period: the last that is known.
        currency: of the comparison; the one most often booked in if empty.

    Raises:
        ParameterError: as `written.read` and `outcomes.outcomes`.
    """
    chosen = [written.read(folder(bench, plan), name) for name in names]
    day, read_in = until(bench.company.calendar, period), worths.chosen(bench.company, currency)
    costs = plan_costs.costs(bench, chosen, day, read_in)
    moves = plan_territories.moves(bench, chosen, day, read_in)
    known = bench.parameters.measures
    return outcomes.outcomes(chosen, bench.company, known, read_in, day, costs, moves)


def in_own(bench: Workbench, of: Outcome, currency: str) -> Table[Quotas]:
    """The quotas of an outcome, each in the currency of the person's plan."""
    own = people_currencies(bench, of.day)
    return currencies.in_own(of.quotas.quotas, bench.company, own, currency)


def people_currencies(bench: Workbench, day: date) -> dict[str, str]:
    """The currency of each person's plan on a day."""
    plans = {name: plan.currency for name, plan in bench.parameters.plans.items()}
    return currencies.of_people(bench.company, plans, day)


def quotas(bench: Workbench, of: Outcome, currency: str) -> Table[Quotas]:
    """All quotas of the company, with those of an outcome in force from its first month on."""
    first = of.ready.months[0][0]
    return replans.spliced(bench.company.quotas, in_own(bench, of, currency), first)


def territories(bench: Workbench, of: Outcome) -> Table[AccountTerritories]:
    """All territories of accounts, with those an outcome moves in force from its first month on."""
    return dated(bench.company.account_territories, of.moved.accounts, of.ready.months[0][0])


@dataclass(frozen=True)
class Again:
    """The rest of a year planned again, and what was there before.

    Attributes:
        of: what was planned.
        quotas: all quotas, in plans' currencies, with the rest of the year planned again.
        before: the quotas as they were, in one currency.
        after: the quotas as they are now, likewise.
        sold: of the year, by month that is over on the last day known [currency].
        had: sold in the year before [currency].
    """

    of: Outcome
    quotas: Table[Quotas]
    before: Table[Quotas]
    after: Table[Quotas]
    sold: dict[str, float]
    had: float


def planned_again(bench: Workbench, of: Outcome, currency: str, until: date) -> Again:
    """A year whose rest an outcome plans again, beside what it was.

    Args:
        bench: the company and its parameters.
        of: a scenario with a day from which it plans.
        currency: to read amounts in.
        until: the day up to which anything is known now.
    """
    company, year = bench.company, of.day.year
    measure, own = bench.measure(of.quotas.measure), people_currencies(bench, of.day)
    now = quotas(bench, of, currency)
    return Again(
        of,
        now,
        currencies.in_one(_of(company.quotas, of), company, own, currency),
        currencies.in_one(_of(now, of), company, own, currency),
        replans.by_month(company, measure, currency, year, until),
        sum(replans.by_month(company, measure, currency, year - 1, of.day).values()),
    )


def _of(rows: Table[Quotas], of: Outcome) -> Table[Quotas]:
    """The quotas of the measure that an outcome plans: others may be no money."""
    return rows.filter(nw.col("measure") == of.quotas.measure)


def tables(bench: Workbench, of: Outcome, currency: str) -> dict[str, pl.DataFrame]:
    """The tables that an outcome would put in force, by name."""
    return {
        "quotas": engine.collected(quotas(bench, of, currency)),
        "account_territories": engine.collected(territories(bench, of)),
    }
