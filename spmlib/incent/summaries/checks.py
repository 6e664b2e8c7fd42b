"""Checks: what must hold between the tables of a calculation, whatever the numbers.

Each function returns a small pandas table: check, says (with the figures compared), holds. A
notebook shows it and asserts that all hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.explain import Receipt
from spmlib.core.tables import (
    SHARE,
    Attainments,
    Credits,
    Earnings,
    Issues,
    Payments,
    Payouts,
    Postings,
    Table,
)
from spmlib.rules.crediting import Crediting

if TYPE_CHECKING:
    import pandas as pd

Found = tuple[str, str, bool]


def of_reading(company: Company) -> pd.DataFrame:
    """Rows in are rows used and rows refused; whatever is refused is named."""
    import pandas as pd

    reads = pd.DataFrame(engine.collected(company.reads).to_dicts())
    came, used, refused = (int(reads[f"rows_{n}"].sum()) for n in ("in", "used", "refused"))
    named = _count(company.issues.filter(nw.col("effect") == "refused").unique(["place"]))
    rows = f"{came:,} rows came in = {used:,} used + {refused:,} refused"
    return _table(
        ("Nothing is dropped in silence", rows, came == used + refused),
        ("What is refused is named", f"{refused:,} refused, {named:,} named", refused <= named),
    )


def of_crediting(
    credits: Table[Credits], issues: Table[Issues], company: Company, crediting: Crediting
) -> pd.DataFrame:
    """Credits add up as the policy says, and nothing is left out."""
    kinds = {
        kind: [r.name for r in crediting.base if r.kind == kind] for kind in ("direct", "split")
    }
    own = credits.filter(nw.col("event_id").is_null(), nw.col("level") == 0)
    parts = own.filter(nw.col("rule").is_in(kinds["direct"] + kinds["split"]))
    keys = ("transaction_id", "source_amount")
    sums = (
        parts.filter(nw.col("source_currency") == nw.col("currency"))
        .group_by(*keys)
        .agg(
            nw.col("amount").sum(), nw.col("share").sum(), currencies=nw.col("currency").n_unique()
        )
    )
    whole = sums.filter(nw.col("share") == SHARE)
    wrong = _count(whole.filter(nw.col("amount") != nw.col("source_amount")))
    over = _count(
        parts.group_by("transaction_id").agg(nw.col("share").sum()).filter(nw.col("share") > SHARE)
    )
    lost = _lost(credits, issues, company)
    shared = f"{_count(whole):,} bookings credited whole in their own currency, {wrong:,} unequal"
    return _table(
        ("The parts of a booking add up to it", shared, wrong == 0),
        (
            "Nobody gives away more than there is",
            f"{over:,} bookings credited beyond 100 % by owner and splits",
            over == 0 or crediting.policy == "any",
        ),
        (
            "Every booking is credited, or named in issues",
            f"{_count(company.transactions):,} bookings, {lost:,} neither credited nor named",
            lost == 0,
        ),
        _same_above(credits),
    )


def of_pay(
    earnings: Table[Earnings],
    payments: Table[Payments],
    payouts: Table[Payouts],
    attainments: Table[Attainments],
) -> pd.DataFrame:
    """Lines add up to payouts, in every currency, and months to what stands to date."""
    keys = ("payee_id", "period", "plan", "currency")
    lines: Table[Any] = earnings.select(*keys, "amount")
    terms: Table[Any] = payments.filter(nw.col("kind") != "earned").select(*keys, "amount")
    due = engine.stacked([lines, terms]).group_by(*keys).agg(lines=nw.col("amount").sum())
    paid: Table[Any] = payouts
    both = paid.join(due, on=[*keys], how="left")
    wrong = _count(both.filter(nw.col("amount") != nw.col("lines").fill_null(0)))
    unpaid = _count(due.join(paid, on=[*keys], how="anti").filter(nw.col("lines") != 0))
    place = ("payee_id", "plan", "component", "window")
    last = attainments.sort("period").unique([*place], keep="last", order_by=["period"])
    months = attainments.group_by(*place).agg(months=nw.col("credited").sum())
    off = _count(
        last.join(months, on=[*place]).filter(nw.col("months") != nw.col("credited_to_date"))
    )
    return _table(
        (
            "The lines of a month add up to what is paid",
            f"{_count(payouts):,} payouts, {wrong:,} that differ from their lines",
            wrong == 0,
        ),
        ("No line is left unpaid", f"{unpaid:,} sums of lines without a payout", unpaid == 0),
        (
            "Months add up to what is credited to date",
            f"{_count(last):,} windows, {off:,} that differ",
            off == 0,
        ),
    )


def of_news(lines: Table[Postings], then: Table[Earnings], now: Table[Earnings]) -> pd.DataFrame:
    """Corrections are just what lies between what was known and what is known."""
    tables_: tuple[Table[Any], ...] = (lines, then, now)
    sums = [_by_person(rows, f"sum_{n}") for n, rows in enumerate(tables_)]
    both = sums[2].join(sums[1], on="payee_id", how="left")
    joined = both.join(sums[0], on="payee_id", how="left").with_columns(
        *(nw.col(f"sum_{n}").fill_null(0) for n in range(3))
    )
    off = _count(joined.filter(nw.col("sum_1") + nw.col("sum_0") != nw.col("sum_2")))
    strange = _count(lines.filter(nw.col("now") - nw.col("was") != nw.col("amount")))
    return _table(
        (
            "What was known and the corrections are what is known",
            f"{_count(sums[2]):,} people, {off:,} who differ",
            off == 0,
        ),
        (
            "Each correction is what is less what was",
            f"{_count(lines):,} lines, {strange:,} that are not",
            strange == 0,
        ),
    )


def _by_person(rows: Table[Any], name: str) -> Table[Any]:
    return rows.group_by("payee_id").agg(nw.col("amount").sum().alias(name))


def of_receipts(receipts: Iterable[Receipt], payouts: Table[Payouts]) -> pd.DataFrame:
    """The pieces of a person's receipts add up to what is paid."""
    return _table(*(_receipt(receipt, payouts) for receipt in receipts))


def _receipt(receipt: Receipt, payouts: Table[Payouts]) -> Found:
    own = (nw.col("payee_id") == receipt.payee_id) & (nw.col("period") == receipt.period)
    paid = engine.collected(payouts.filter(own, nw.col("plan") == receipt.plan))["amount"].sum()
    lines = [line for section in receipt.sections for line in section.lines]
    pieces = sum((piece.amount for line in lines for piece in line.pieces), Decimal(0))
    due = Decimal(paid).scaleb(-4)
    says = f"{pieces:,} in pieces, {receipt.total:,} in lines, {due:,.2f} paid ({receipt.currency})"
    return (f"The receipt of {receipt.name} adds up", says, pieces == receipt.total == due)


def _lost(credits: Table[Credits], issues: Table[Issues], company: Company) -> int:
    """Bookings that are neither credited to anyone nor named."""
    named = issues.filter(nw.col("table") == "transactions").select(transaction_id="row")
    credited = credits.select("transaction_id")
    booked: Table[Any] = company.transactions
    rows = booked.join(credited, on="transaction_id", how="anti")
    return _count(rows.join(named, on="transaction_id", how="anti"))


def _same_above(credits: Table[Credits]) -> Found:
    """What rolls up is what the person below was credited with, share for share."""
    keys = ["transaction_id", "event_id", "through_id", "share"]
    own = credits.filter(nw.col("level") == 0).with_columns(nw.col("event_id").fill_null(""))
    above = credits.filter(nw.col("level") == 1).with_columns(nw.col("event_id").fill_null(""))
    strange = _count(above.join(own.select(*keys), on=keys, how="anti"))
    says = f"{_count(above):,} credits of managers, {strange:,} without one below"
    return ("A manager's credit has its like below", says, strange == 0)


def _count(rows: Table[Any]) -> int:
    return int(engine.collected(rows.select(nw.len())).item())


def _table(*found: Found) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(found), columns=["check", "says", "holds"])
