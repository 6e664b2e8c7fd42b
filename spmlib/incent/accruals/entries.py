"""Entries: an accrual in the general ledger, month by month.

accrual       Dr commission expense by team   Cr accrued commissions: earned, and estimates
correction    the same, of what became known of earlier months
reversal      the estimates of the month before, taken back
payment       Dr accrued commissions          Cr payroll liability: what the month paid
taxes         Dr payroll tax expense by team  Cr accrued payroll taxes
taxes paid    Dr accrued payroll taxes        Cr payroll taxes payable

Commissions are in the currency of the plan, taxes in that of the payroll.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.tables import JournalLines, Table
from spmlib.incent.accruals.month import Month
from spmlib.incent.accruals.written import Policy
from spmlib.incent.journals import journal

if TYPE_CHECKING:
    import polars as pl

COLUMNS = (
    *("entry_id", "entry_date", "account", "team", "amount", "currency", "description", "source"),
)
CHARGED = {  # which parts of an accrual are one entry, and what it says
    "accrual": (("earned", "late", "smoothed"), "Commissions earned, and estimates"),
    "correction": (("corrected",), "Commissions of earlier months, known since"),
    "reversal": (("reversed",), "Estimates of the month before, reversed"),
}


def entries(month: Month, policy: Policy) -> Table[JournalLines]:
    """The journal of a month's accrual.

    Args:
        month: of `month.month`.
        policy: whose accounts it posts to.
    """
    import polars as pl

    rows = month.charged
    made = [
        _posted(
            rows.select("team", "currency", amount=pl.sum_horizontal(parts)),
            (name, said),
            ("commission_expense", "accrued_commissions"),
            month,
            policy,
        )
        for name, (parts, said) in CHARGED.items()
    ]
    nobody = pl.lit(None, pl.String)
    paid = month.roll_forward.select("currency", team=nobody, amount=-pl.col("paid"))
    said = ("payment", "Commissions paid")
    made.append(_posted(paid, said, ("accrued_commissions", "payroll_liability"), month, policy))
    due = month.taxes.select("team", "currency", amount="charged")
    said = ("taxes", "Employer taxes on accrued commissions")
    made.append(_posted(due, said, ("payroll_tax_expense", "accrued_payroll_taxes"), month, policy))
    handed = month.taxes.select("currency", team=nobody, amount=-pl.col("paid"))
    said = ("taxes paid", "Employer taxes on commissions paid")
    made.append(
        _posted(handed, said, ("accrued_payroll_taxes", "payroll_taxes_payable"), month, policy)
    )
    return journal(pl.concat(made))


def _posted(
    rows: pl.DataFrame,
    told: tuple[str, str],
    accounts: tuple[str, str],
    month: Month,
    policy: Policy,
) -> pl.DataFrame:
    """Postings that debit one account, by team, and credit another with the sum.

    Args:
        rows: team, currency, amount [ticks].
        told: what the entry is called and says.
        accounts: debited and credited, as the policy calls them.
        month: whose accrual it is.
        policy: whose accounts they are.
    """
    import polars as pl

    name, said = told
    day = date(month.day.year, month.day.month, 1) if name == "reversal" else month.day
    debits = rows.group_by("team", "currency").agg(pl.col("amount").sum()).sort("currency", "team")
    credits = debits.group_by("currency", maintain_order=True).agg(-pl.col("amount").sum())
    sides = [debits, credits.with_columns(team=pl.lit(None, pl.String)).select(debits.columns)]
    booked = [
        side.with_columns(
            account=pl.lit(policy.accounts[account]), source=pl.lit(policy.places[account])
        )
        for side, account in zip(sides, accounts, strict=True)
    ]
    return (
        pl.concat(booked)
        .with_columns(
            entry_id=pl.lit(f"{month.period} {name} ") + pl.col("currency"),
            entry_date=pl.lit(day),
            description=pl.lit(said),
        )
        .select(*COLUMNS)
        .sort("entry_id", maintain_order=True)
    )
