"""The first receipt that somebody sees: one person's month, by id, and its lines add up."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from spmlib.core.errors import ParameterError
from spmlib.show import start_tables, widgets
from spmlib.workbench.opened import opened
from spmlib.workbench.start import receipt
from tests.workbench import another_company


@pytest.fixture
def bench(tmp_path):
    another_company.write(tmp_path)
    return opened(tmp_path / "parameters")


def test_its_rows_add_up_to_what_is_due(bench):
    """1,200,000 against 1,000,000: 80,000 and 24,000."""
    rows = receipt.receipt(bench, "2026-10", "007")
    lines = rows[~rows["kind"].isin(["clause", "sum", "due"])]["amount"]
    assert lines.sum() == Decimal(104_000) == rows["amount"].iloc[-1]
    assert set(rows["role"]) == {"AE"}
    assert set(rows["source"]) == {"Seller. a letter"}


def test_it_names_nobody(bench):
    shown = start_tables.receipt(receipt.receipt(bench, "2026-10", "007")).as_raw_html()
    assert "Receipt of 007, AE, for October 2026" in shown
    assert "Ann" not in shown
    assert [one.name for one in receipt.receipts(bench, "2026-10", "007")] == ["007"]


def test_somebody_else_is_one_choice_away(bench):
    """As notebook 00 has it: what stands there first, and after another person is chosen."""
    live = widgets.live(
        partial(receipt.receipt, bench, "2026-10"),
        start_tables.receipt,
        payee=widgets.choice("Whose receipt", "007", receipt.people(bench, "2026-10")),
    )
    assert "104,000.00" in live.still()
    assert "20,000.04" in live.at(payee="008").still()  # 8 % of 250,000.50
    assert "Receipt of 007" not in live.html


def test_whoever_is_asked_for_is_shown_first(bench):
    assert receipt.people(bench, "2026-10") == ["007", "008"]
    assert receipt.chosen(bench, "2026-10", "008") == "008"
    assert receipt.chosen(bench, "2026-10") in ("007", "008")


def test_who_is_not_there_is_said(bench):
    with pytest.raises(ParameterError, match="there is no payee '009'"):
        receipt.receipt(bench, "2026-10", "009")


def test_who_held_no_plan_yet_is_said(tmp_path):
    people = another_company.FILES["data/people.csv"] + "010;Cleo;01.12.2026;AE;sales;007;1,00\n"
    another_company.write(tmp_path, **{"data/people.csv": people})
    made = opened(tmp_path / "parameters")
    assert "010" not in receipt.people(made, "2026-10")
    with pytest.raises(ParameterError, match="010 holds no plan in 2026-10; choose somebody who"):
        receipt.receipt(made, "2026-10", "010")
