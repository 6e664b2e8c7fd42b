"""Checks: what must hold of estimates, whatever the numbers: they are the engine's, to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, Earnings, Table
from spmlib.incent.estimating import told
from spmlib.incent.estimating.estimates import Estimate, estimate, payee
from spmlib.incent.estimating.pipelines import as_deals
from spmlib.incent.estimating.ready import Ready, ready
from spmlib.incent.estimating.teams import Team
from spmlib.incent.lines import BESIDE

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Found = tuple[str, str, bool]


def of_estimate(of: Estimate) -> pd.DataFrame:
    """Without deals nothing changes what the engine computed; with them all lines add up.

    Returns:
        check, says, holds.
    """
    stands = of.standing
    computed = earned(stands.ready.every_line, stands.payee_id, stands.ready.period)
    lines, brought = told.changes(of)["amount"].sum(), told.deals(of)["earned"].sum()
    own = told.lines(of)["amount"].sum()
    return _table(
        [
            _same("Without deals it is what the engine computed", of.month[0], computed),
            _same("All lines add up to what the deals bring", Decimal(lines), of.change),
            _same("Deals add up to their lines", Decimal(brought), Decimal(own)),
        ]
    )


def of_late_deal(of: Ready, earnings: Table[Earnings], payee_id: str, period: str) -> pd.DataFrame:
    """The last deal booked in a period, taken out and put back as an estimate, earns the same.

    Args:
        of: whose company and parameters are meant.
        earnings: computed with everything booked, up to the period.
        payee_id: whose deal.
        period: over already.

    Raises:
        ParameterError: the person booked nothing in the period.
    """
    company = of.company
    last = engine.collected(_booked(of, payee_id, period)).sort("event_date", "transaction_id")
    if last.is_empty():
        raise ParameterError(f"{payee_id} booked nothing in {period}; choose somebody who did.")
    row = last.tail(1)
    name = row["transaction_id"][0]
    left = company.transactions.filter(nw.col("transaction_id") != name)
    gone = replace(company, transactions=engine.kept(left))
    before = ready(gone, of.parameters, period)
    made = estimate(payee(before, payee_id), as_deals(row.drop("start_date", "end_date")))
    computed = earned(earnings, payee_id, period)
    return _table([_same(f"{name} taken out and put back", made.month[1], computed)])


def of_team(of: Team, expected: pd.DataFrame, deals: pl.DataFrame) -> pd.DataFrame:
    """The arrays of a team, and the exact estimate of each of its people, differ by no cent.

    Args:
        of: the team.
        expected: of `teams.estimated`.
        deals: that it was estimated with.
    """
    own = as_deals(deals)
    exact = [estimate(one, own).change for one in of.people]
    apart = [abs(float(a) - b) for a, b in zip(exact, expected["change"], strict=True)]
    worst = max(apart, default=0.0)
    return _table(
        [("The team's arrays are the exact estimates", f"{worst:.4f} apart", worst < 0.005)]
    )


def earned(earnings: Table[Earnings], payee_id: str, period: str) -> Decimal:
    """What a plan's curves and modifiers gave somebody in a period [plan currency]."""
    mine = (nw.col("payee_id") == payee_id) & (nw.col("period") == period)
    own = earnings.filter(mine, ~nw.col("kind").is_in(BESIDE))
    return Decimal(int(engine.collected(own.select("amount"))["amount"].sum())) / MONEY


def _booked(of: Ready, payee_id: str, period: str) -> Table[Any]:
    """What somebody booked in a period, alone."""
    calendar: Table[Any] = of.company.calendar
    days = calendar.filter(nw.col("period") == period).select("start_date", "end_date")
    split: Table[Any] = of.company.splits
    rows: Table[Any] = of.company.transactions.filter(nw.col("owner_id") == payee_id)
    alone = rows.join(split.select("transaction_id"), on="transaction_id", how="anti")
    return alone.join(days, how="cross").filter(engine.during("event_date"))


def _same(check: str, one: Decimal, other: Decimal) -> Found:
    return check, f"{one:,.2f} and {other:,.2f}", one == other


def _table(rows: list[Found]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["check", "says", "holds"])
