"""A receipt with payment terms adds up to what is paid, and says what is outstanding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from spmlib.core import engine
from spmlib.incent.explaining import receipts
from spmlib.incent.summaries import checks
from tests import small
from tests.payments.test_terms import CASES, computed

DRAWN = CASES[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_receipts_add_up_to_what_is_paid(case, tmp_path):
    results = computed(case, tmp_path)
    plans = small.parameters(tmp_path).plans
    rows = engine.collected(results.payouts).iter_rows(named=True)
    paid = {row["period"]: Decimal(row["amount"]).scaleb(-4) for row in rows}
    for period in {f"2026-{n:02}" for n in range(1, len(case["paid"]) + 1)}:
        made = receipts.receipts(results, plans, {"Ann": "Ann"}, "Ann", period)
        assert sum((r.total for r in made), Decimal(0)) == paid.get(period, 0)
        assert all(checks.of_receipts(made, results.payouts)["holds"])


def test_a_draw_is_read_aloud(tmp_path):
    results = computed(DRAWN, tmp_path)
    plans = small.parameters(tmp_path).plans
    (march,) = receipts.receipts(results, plans, {"Ann": "Ann"}, "Ann", "2026-03")
    said = str(march)
    assert "payment, 2026-03: 500.00 drawn and not yet recovered" in said
    assert "drawn in advance" in said
    assert "seller.yaml:13" in said


def test_the_checks_of_pay_count_the_lines_of_payment_terms(tmp_path):
    results = computed(DRAWN, tmp_path)
    found = checks.of_pay(results.earnings, results.payments, results.payouts, results.attainments)
    assert found["holds"].all()
