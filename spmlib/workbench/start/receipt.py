"""Receipt: one person's month as rows, by id and role: the first receipt that somebody sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.explain import Receipt
from spmlib.incent.explaining.shortened import shortened
from spmlib.incent.summaries import earned
from spmlib.workbench.opened import Workbench
from spmlib.workbench.start.state import days

if TYPE_CHECKING:
    import pandas as pd

MOST = 8  # lines of a section


def receipt(bench: Workbench, period: str, payee: str) -> pd.DataFrame:
    """Why somebody is due what they are due for a month.

    Args:
        bench: the company.
        period: the month.
        payee: whose, by payee_id.

    Returns:
        As `shortened`, and in every row payee_id, role (empty if none on the month's last day),
        month, source (where the plan is signed).

    Raises:
        ParameterError: nobody has the id, the calendar has no such period, or the person holds no
            plan in it.
    """
    own = receipts(bench, period, payee)
    source = "; ".join(dict.fromkeys(f"{one.title}. {one.source}" for one in own))
    role = _role(bench, period, payee)
    rows = shortened(own, MOST)
    return rows.assign(payee_id=payee, role=role, month=period, source=source)


def receipts(bench: Workbench, period: str, payee: str) -> list[Receipt]:
    """The receipts behind it, whole, one for each plan held; the id stands for the name.

    Raises:
        ParameterError: as `receipt`.
    """
    made = bench.receipts(payee, period)
    if not made:
        raise ParameterError(f"{payee} holds no plan in {period}; choose somebody who does.")
    return [replace(one, name=payee) for one in made]


def people(bench: Workbench, period: str) -> list[str]:
    """Who holds a plan in a month, by payee_id."""
    held = bench.results.attainments.filter(nw.col("period") == period)
    rows = engine.collected(held.select("payee_id").unique("payee_id").sort("payee_id"))
    return list(rows["payee_id"])


def chosen(bench: Workbench, period: str, payee: str = "") -> str:
    """Whose receipt is shown first: who is asked for, else the one that notebook 21 follows."""
    if payee:
        return payee
    plans, results = bench.parameters.plans, bench.results
    standing = earned.attainment(results.attainments, bench.company, plans, period)
    return earned.typical(standing, results.attainments, period)


def _role(bench: Workbench, period: str, payee: str) -> str:
    last = nw.lit(days(bench, period)[1])
    holds = nw.col("end_date").is_null() | (nw.col("end_date") > last)
    own = bench.company.positions.filter(
        nw.col("payee_id") == payee, nw.col("start_date") <= last, holds
    )
    roles = engine.collected(own.select("role"))["role"].to_list()
    return str(roles[0]) if roles and roles[0] else ""
