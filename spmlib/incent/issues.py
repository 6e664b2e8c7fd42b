"""Issues: what crediting and pay found wrong, one row each, with the place and the remedy."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import PlanError
from spmlib.core.parameters import refuse
from spmlib.core.tables import Issues, Table
from spmlib.incent import shares
from spmlib.incent.attainment import Layout
from spmlib.incent.bookings import Booked
from spmlib.incent.holdings import Holdings
from spmlib.rules.crediting import Crediting


def issues(
    company: Company,
    crediting: Crediting,
    who: Holdings,
    booked: Booked,
    rows: Table[Any],
    places: Table[Any],
    made: Layout,
) -> Table[Issues]:
    """Everything that is wrong, at once: what was read wrongly, credited wrongly, or has no quota."""
    return engine.empty(Issues)


def refuse_days_without_table(held: Table[Any], made: Layout) -> None:
    """Refuse a plan that has no table on some day on which a person holds it.

    Raises:
        PlanError: with the place of the component's first table, and the days.
    """
    lacking = made.placed.filter(nw.col("version") < 0).join(
        held.select("plan_number", "period_number").unique(["plan_number", "period_number"]),
        on=["plan_number", "period_number"],
    )
    found = engine.collected(lacking.sort("component", "segment"))
    if found.height:
        component = made.components[found["component"][0]]
        first = next(iter(component.tables))
        day = made.parts[found["segment"][0]].start
        wrong = f"on {day} someone holds the plan, and the first table starts on {first}"
        refuse(component.place, wrong, f"add a table from {day} or earlier", PlanError)
