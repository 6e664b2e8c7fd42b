r"""The calculation: from a company's transactions to what everyone is owed, table by table.

    bookings -> credits -> lines -> places -> attainments
                             \-> earnings (curves, then modifiers) -> payments -> payouts -> payroll

Each step is a module named for what it makes; this one only says in which order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import (
    Attainments,
    Balances,
    Credits,
    Earnings,
    Issues,
    Payments,
    Payouts,
    Payroll,
    SpiffScores,
    SpiffStandings,
    Table,
    Terms,
)
from spmlib.incent import gaps, issues
from spmlib.incent.crediting import credits
from spmlib.incent.earning import (
    attainment,
    clawbacks,
    commissions,
    earnings,
    matrices,
    window_goals,
)
from spmlib.incent.earning.earnings import Owed
from spmlib.incent.paying import payables, payments, payroll
from spmlib.incent.paying.payables import Payables
from spmlib.incent.paying.payments import History
from spmlib.incent.work import Parameters, Work, begun

__all__ = ["Parameters", "Results", "calculated", "earned"]


@dataclass(frozen=True)
class Results:
    """The tables of one calculation."""

    credits: Table[Credits]
    attainments: Table[Attainments]
    terms: Table[Terms]
    earnings: Table[Earnings]
    payments: Table[Payments]
    balances: Table[Balances]
    payouts: Table[Payouts]
    payroll: Table[Payroll]
    spiff_scores: Table[SpiffScores]
    spiff_standings: Table[SpiffStandings]
    payables: Callable[[], Payables]  # computed when asked for: what a close records
    issues: Table[Issues]


def calculated(
    company: Company,
    parameters: Parameters,
    through: str | None = None,
    history: History | None = None,
) -> Results:
    """Everything that a company owes, by transaction, component, person and period.

    Args:
        company: its tables.
        parameters: what its parameter files say about pay.
        through: the last period computed; later bookings are left out. All of the calendar if none.
        history: what earlier closes recorded, when the last period is about to be closed.

    Raises:
        ParameterError: a filter names a column that nobody brings; a plan has no table on a day on
            which someone holds it.
        OverflowRefused: an amount is too large to be exact.
    """
    work = begun(company, parameters, through)
    places, owed = earned(work)
    payable = cache(partial(payables.payables, owed, work))
    paid = payments.paid(owed, payable, work, history)
    due = payroll.payroll(paid.payouts, work)
    return Results(
        credits=credits.credits(work),
        attainments=attainment.attainments(places, work),
        terms=attainment.terms(places, work),
        earnings=owed.earnings,
        payments=paid.payments,
        balances=paid.balances,
        payouts=paid.payouts,
        payroll=due,
        spiff_scores=owed.spiffs.scores,
        spiff_standings=owed.spiffs.standings,
        payables=payable,
        issues=issues.issues(gaps.Seen(work, places, due, owed.spiffs)),
    )


def earned(work: Work) -> tuple[Table[Any], Owed]:
    """How everybody stands, place by place, and what everybody earned: all but payment terms."""
    lines = engine.kept(clawbacks.applied(attainment.lines(work), work))
    targets = window_goals.targets(work)
    places = window_goals.with_goals(attainment.places(lines, work), targets, work)
    places = matrices.by_place(places, work)
    found = commissions.earned(lines, places, work.made, matrices.by_transaction(lines, work))
    return places, earnings.owed(found, targets, work)
