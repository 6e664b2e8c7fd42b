"""Summaries: what a month's statements say together, and what must hold of every one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.statements import Entry, Statement
from spmlib.core.tables import MONEY, Payroll, Table

if TYPE_CHECKING:
    import pandas as pd


def by_language(told: Sequence[Statement]) -> pd.DataFrame:
    """Statements by locale and currency: locale, currency, people, paid [currency], corrected."""
    import pandas as pd

    rows = [(s.locale, s.paid_in, 1, s.paid or Decimal(0), bool(s.corrections)) for s in told]
    made = pd.DataFrame(rows, columns=["locale", "currency", "people", "paid", "corrected"])
    return (
        made.groupby(["locale", "currency"], as_index=False)
        .sum()
        .sort_values(["people", "locale"], ascending=[False, True], ignore_index=True)
    )


def parts(told: Sequence[Statement]) -> dict[str, int]:
    """How much there is to read: people, lines, steps, ahead (of parts with a next threshold)."""
    lines = list(entries(told))
    every = [part for s in told for pay in s.plans for part in pay.parts]
    return {
        "people": len(told),
        "lines": len(lines),
        "steps": sum(len(line.steps) for line in lines),
        "ahead": sum(part.ahead is not None for part in every),
    }


def closest(told: Sequence[Statement]) -> pd.DataFrame:
    """Parts whose next threshold pays most for what it still takes.

    Returns:
        payee_id, component, attainment, start, needed, worth, return (worth over needed), currency;
        of quotas in money, the largest return first.
    """
    import pandas as pd

    rows = [
        (
            s.payee_id,
            part.component,
            float(part.attainment or 0),
            float(part.ahead.start),
            part.ahead.needed,
            part.ahead.worth,
            float(part.ahead.worth / part.ahead.needed),
            pay.currency,
        )
        for s in told
        for pay in s.plans
        for part in pay.parts
        if part.ahead is not None and part.ahead.of_quota and part.money
    ]
    columns = ["payee_id", "component", "attainment", "start", "needed", "worth", "return"]
    made = pd.DataFrame(rows, columns=[*columns, "currency"])
    return made.sort_values(["return", "payee_id"], ascending=[False, True], ignore_index=True)


def checks(told: Sequence[Statement], payroll: Table[Payroll], period: str) -> pd.DataFrame:
    """What must hold of a month's statements: check, says, holds."""
    import pandas as pd

    due = engine.collected(payroll.filter(nw.col("period") == period))
    total = Decimal(int(due["payroll_amount"].fill_null(0).sum())) / MONEY
    said = sum((s.paid or Decimal(0) for s in told), Decimal(0))
    lines = list(entries(told))
    off = [s.payee_id for s in told if not _adds_up(s)]
    unexplained = [one for one in lines if sum(step.amount for step in one.steps) != one.amount]
    missing = set(due["payee_id"]) - {s.payee_id for s in told}
    rows = [
        ("Statements pay what payroll pays", f"{said:,.2f} and {total:,.2f}", said == total),
        ("Whoever is paid has a statement", f"{len(missing)} without one", not missing),
        ("Each adds up from lines to what is due", f"{len(off)} of {len(told)} do not", not off),
        (
            "Each line is explained to the cent",
            f"{len(unexplained)} of {len(lines):,} are not",
            not unexplained,
        ),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def entries(told: Iterable[Statement]) -> Iterable[Entry]:
    """All lines of statements."""
    return (line for s in told for pay in s.plans for part in pay.parts for line in part.lines)


def _adds_up(told: Statement) -> bool:
    return all(
        pay.earned + sum((amount for _, amount in pay.terms), Decimal(0)) == pay.due
        for pay in told.plans
    )
