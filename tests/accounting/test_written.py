"""A policy says what it says, and what cannot be meant is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.accruals import written
from spmlib.rules import measures, plans
from tests import small
from tests.accounting import kept

FOLDER = Path(__file__).parents[2] / "parameters"
SAID = kept.POLICY + "plans:\n  seller: {bookings: simulated}\n"


def read(folder, text):
    small.written(folder, small.plan())
    path = folder / "accruals.yaml"
    path.write_text(text, "utf-8")
    return written.read(path, small.parameters(folder).plans)


def test_the_policy_says_what_it_says(tmp_path):
    told = read(tmp_path, SAID)
    assert told.method("seller", "bookings").name == "simulated"
    assert told.method("seller", "bookings").place == "accruals.yaml:14"
    assert told.method("other", "bookings").name == "point_in_time"
    assert (told.outlook, told.paid_after, told.late.months) == ("quota", 1, 12)
    assert told.simulation == written.Simulation(200, 1, 0.3)
    assert told.accounts["accrued_commissions"] == "2210 Accrued commissions"
    assert told.places["accrued_commissions"] == "accruals.yaml:8"


def test_the_sample_companys_policy_is_read():
    known = plans.read(FOLDER / "plans", measures.read(FOLDER / "measures.yaml"))
    told = written.read(FOLDER / "policies/accruals.yaml", known)
    assert set(told.accounts) == set(written.ACCOUNTS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("method: point_in_time", "method: straight", ":1: `method: straight` means nothing"),
        ("method: point_in_time\n", "", "'method' is missing; add `method: point_in_time`"),
        ("outlook: quota", "outlook: guess", ":2: `outlook: guess` means nothing; write"),
        ("{bookings: simulated}", "{bookings: drawn}", ":14: `bookings: drawn` means nothing"),
        (
            "{bookings:",
            "{booking:",
            ":14: plan seller has no component 'booking'; write one of: bookings",
        ),
        ("  seller:", "  sellr:", ":14: there is no plan 'sellr'; write"),
        ("{bookings: simulated}", "simulated", ":14: `seller` is not written as `name: value`"),
        ("draws: 200", "draws: 0", ":3: 0 cannot be meant; write 1 or more"),
        ("draws: 200, ", "", "'draws' is missing; add `draws: 400`"),
        ("spread: 30%", "spread: -1%", ":3: a spread of -1% cannot be meant"),
        ("spread: 30%", "spread: 30", "spread 30 is above 1 and has no %"),
        ("settled: 2", "settled: 0", ":4: 0 cannot be meant; write 1 or more"),
        ("settled: 2", "settle: 2", ":4: 'settle' is not a word of late; write 'settled'"),
        ("paid_after: 1", "paid_after: -1", ":5: -1 cannot be meant; write 0 or more"),
        ("paid_after: 1\n", "", "'paid_after' is missing"),
        ("  payroll_liability: 2250 Payroll payable\n", "", "'payroll_liability' is missing"),
        ("payroll_liability:", "payroll_liabilty:", "'payroll_liabilty' is not a word of accounts"),
        ("2250 Payroll payable", "", "a word is missing here"),
        ("paid_after", "paid_in", ":5: 'paid_in' is not a word of accruals; write"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_with_its_line(tmp_path, old, new, said):
    assert old in SAID
    with pytest.raises(ParameterError) as refused:
        read(tmp_path, SAID.replace(old, new, 1))
    assert said in str(refused.value)
