"""A real company's orders, quotas and sellers, paid through its parameter files alone.

The figures are those that the data's own README states, and that were worked out without spmlib.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from spmlib.workbench.opened import Workbench, opened

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("SPMLIB_SHARED", HERE.parent.parent / "shared"))
pytestmark = pytest.mark.skipif(
    not (SHARED / "real" / "adventureworks").exists(),
    reason=f"AdventureWorks is not in {SHARED}; set SPMLIB_SHARED to where it is",
)


@pytest.fixture(scope="module")
def adventureworks() -> Workbench:
    return opened(HERE / "real" / "adventureworks")


@pytest.fixture(scope="module")
def earnings(adventureworks: Workbench) -> pd.DataFrame:
    return adventureworks.pandas("earnings")


def test_every_order_is_credited_whole_to_its_seller(adventureworks: Workbench) -> None:
    credits = adventureworks.pandas("credits")
    assert len(credits) == 3796
    assert credits["amount"].sum() == adventureworks.pandas("transactions")["amount"].sum()
    assert round(credits["amount"].sum(), 2) == Decimal("80450596.98")


def test_commission_to_date_is_rounded_once_for_each_seller(earnings: pd.DataFrame) -> None:
    commission = earnings[earnings["component"] == "commission"]
    assert commission["amount"].sum() == Decimal("1100987.79")


def test_one_seller(adventureworks: Workbench, earnings: pd.DataFrame) -> None:
    """289 of the sales system is 291 of the warehouse."""
    by_seller = earnings[earnings["component"] == "commission"].groupby("payee_id")["amount"].sum()
    assert Decimal("170066.77") in set(by_seller)


def test_attainment_of_163_quota_quarters(adventureworks: Workbench) -> None:
    attainments = adventureworks.pandas("attainments")
    goals = attainments[attainments["component"] == "quarter_goal"].dropna(subset=["attainment"])
    quarters = goals.sort_values("period").groupby(["payee_id", "window"])["attainment"].last()
    reached = quarters.astype(float)
    assert len(reached) == 163
    assert round(reached.median(), 3) == 0.848
    assert round(reached.quantile(0.1), 3) == 0.747
    assert round(reached.quantile(0.9), 3) == 0.938
    assert (reached >= 1).sum() == 8


def test_the_eight_quarters_at_quota_earn_their_bonus(earnings: pd.DataFrame) -> None:
    bonus = earnings[earnings["component"] == "quarter_goal"]
    assert bonus["amount"].sum() == 8 * Decimal(1000)


def test_every_receipt_adds_up_to_what_is_due(adventureworks: Workbench) -> None:
    due = adventureworks.pandas("payouts").set_index(["payee_id", "period"])["amount"]
    for payee_id, period in due.index[::25]:
        (receipt,) = adventureworks.receipts(payee_id, period)
        pieces = [p.amount for s in receipt.sections for line in s.lines for p in line.pieces]
        assert sum(pieces) == receipt.total == due[payee_id, period]
