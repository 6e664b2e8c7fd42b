"""Books of small companies: a folder of plans and policies, and what follows from a few sales."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core.tables import MONEY
from spmlib.incent.accruals import books
from spmlib.incent.accruals.books import Books
from tests import small

POLICY = """\
method: point_in_time
outlook: quota
simulation: {draws: 200, seed: 1, spread: 30%}
late: {months: 12, settled: 2}
paid_after: 1
accounts:
  commission_expense: 6110 Commissions
  accrued_commissions: 2210 Accrued commissions
  payroll_liability: 2250 Payroll payable
  payroll_tax_expense: 6150 Payroll taxes
  accrued_payroll_taxes: 2215 Accrued payroll taxes
  payroll_taxes_payable: 2255 Payroll taxes payable
"""
TAXES = """\
USD:
  social_security: {2026-01-01: {share: 6.2%, ceiling: 184_500}}
  medicare: {2026-01-01: {share: 1.45%}}
EUR:
  social_insurance: {2026-01-01: {share: 20%}}
"""
# 8 % up to a year's quota, 12 % above it.
ACCELERATED = {
    "thresholds": "quota",
    "table": "{2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}]}",
}


def policy(method: str = "point_in_time", **words: str) -> str:
    """The text of a policy: plain, but for its method and what words say."""
    lines = POLICY.replace("method: point_in_time", f"method: {method}").splitlines(keepends=True)
    made = [
        f"{name}: {words.pop(name)}\n" if (name := line.split(":")[0]) in words else line
        for line in lines
    ]
    return "".join(made)


def opened(
    folder: Path, *plans: str, said: str = POLICY, measures: str = small.MEASURES, **rows: Any
) -> Books:
    """The books of a small company."""
    small.written(folder, *plans, measures=measures)
    (folder / "policies").mkdir(exist_ok=True)
    (folder / books.POLICY).write_text(said, "utf-8")
    (folder / books.TAXES).write_text(TAXES, "utf-8")
    return books.opened(folder, small.company(**rows), small.parameters(folder))


def seller(name: str = "A", plan: str = "seller", **words: Any) -> dict[str, Any]:
    """The tables of one person who sells."""
    payee, held = small.person(name, plan, **words)
    return {"payees": [payee], "positions": [held]}


def sales(*amounts: Any, owner: str = "A", late: int = 0) -> list[dict[str, Any]]:
    """A sale on the tenth of each month from January on, each recorded so many days later."""
    return [
        small.sale(
            f"{owner}{number}",
            owner,
            date(2026, number, 10),
            amount,
            recorded_date=date.fromordinal(date(2026, number, 10).toordinal() + late),
        )
        for number, amount in enumerate(amounts, start=1)
        if amount
    ]


def ticks(amount: Any) -> int:
    """An amount in ticks."""
    return round(amount * MONEY)
