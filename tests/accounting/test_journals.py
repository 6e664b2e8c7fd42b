"""Entries balance, or are refused."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent import journals


def postings(*rows):
    """Postings of (entry, account, amount, currency)."""
    told = {"entry_date": date(2026, 10, 31), "team": "sales", "description": "d", "source": "p:1"}
    return pl.DataFrame(
        [
            {"entry_id": e, "account": a, "amount": int(x * MONEY), "currency": c, **told}
            for e, a, x, c in rows
        ],
        schema_overrides={"amount": pl.Int64},
    )


def test_accrue_then_pay():
    # Worked example G1: 19,000.00 is accrued, then paid.
    made = journals.journal(
        postings(
            ("accrue", "expense", 19000, "USD"),
            ("accrue", "liability", -19000, "USD"),
            ("pay", "liability", 19000, "USD"),
            ("pay", "cash", -19000, "USD"),
        )
    )
    rows = engine.collected(made)
    assert rows["debit"].to_list() == [19000 * MONEY, 0, 19000 * MONEY, 0]
    assert rows["credit"].to_list() == [0, 19000 * MONEY, 0, 19000 * MONEY]
    assert rows["line"].to_list() == [1, 2, 1, 2]


def test_nothing_is_no_line():
    rows = engine.collected(journals.journal(postings(("e", "expense", 0, "USD"))))
    assert rows.is_empty()


@pytest.mark.parametrize(
    ("over", "says"),
    [(0.01, "0.0100 USD too much is debited"), (-0.01, "0.0100 USD too much is credited")],
)
def test_a_cent_too_much_is_refused(over, says):
    with pytest.raises(ParameterError, match=f"entry e: {says}"):
        journals.journal(postings(("e", "expense", 5 + over, "USD"), ("e", "cash", -5, "USD")))


def test_currencies_balance_each_for_itself():
    with pytest.raises(ParameterError, match="too much is debited"):
        journals.journal(postings(("e", "expense", 5, "USD"), ("e", "cash", -5, "EUR")))
