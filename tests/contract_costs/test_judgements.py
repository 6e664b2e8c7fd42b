"""Benefits, the expedient, recoverability and thresholds: published cases, and the edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.contract_costs import allocations, benefits, recoverability, schedules
from spmlib.incent.contract_costs.plain import cost_rows, scheduled, straight_line
from spmlib.rules import employer_taxes
from tests.shared import accounting


def test_incremental_costs_of_a_bid():
    # A1, as IFRS 15 example 36: what is paid whether or not the contract is won is no asset.
    case = accounting("A1")
    paid, expected = case["inputs"], case["expected"]
    months = benefits.months_of_benefit(12 * paid["term_years"])
    parts = straight_line(paid["sales_commission"], months)
    assert sum(parts[:12]) == Decimal(expected["amortisation_per_year"])
    assert paid["due_diligence"] + paid["travel_to_bid"] == Decimal(expected["expense_now"])


def test_commensurate():
    case = accounting("B3")
    for (first, again), alike in zip(
        case["inputs"]["pairs"], case["expected"]["commensurate"], strict=True
    ):
        assert benefits.commensurate(first, again) is alike


@pytest.mark.parametrize(
    ("initial", "renewal", "tolerance", "alike"),
    [
        ("0.10", "0.09", "0.10", True),  # exactly at the tolerance
        ("0.10", "0.0899", "0.10", False),
        ("0.10", "0.12", 0, True),
        (0, 0, 0, True),
    ],
)
def test_tolerance(initial, renewal, tolerance, alike):
    assert benefits.commensurate(initial, renewal, tolerance) is alike


@pytest.mark.parametrize("wrong", [(-1, 1, 0), (1, -1, 0), (1, 1, "1.1"), (1, 1, "-0.1")])
def test_shares_below_nothing(wrong):
    with pytest.raises(ParameterError, match="shares are 0 or more"):
        benefits.commensurate(*wrong)


def test_expedient():
    case = accounting("C1")
    months = [
        benefits.months_of_benefit(
            row["term_m"],
            row["expected_renewals"],
            renewals_commensurate=row["commission_on_renewal"] != "none",
        )
        for row in case["inputs"]["rows"]
    ]
    assert months == case["expected"]["amort_months"]
    assert [benefits.may_expense(m) for m in months] == case["expected"]["may_expense"]


def test_benefits_end_with_what_is_sold():
    assert benefits.months_of_benefit(36, 4, 12, most=60) == 60
    assert benefits.months_of_benefit(84, 0, most=60) == 60
    with pytest.raises(ParameterError, match="a term of 0 months"):
        benefits.months_of_benefit(0)
    with pytest.raises(ParameterError, match="-1 renewals"):
        benefits.months_of_benefit(12, -1)


def test_two_parts():
    # 6 % at first and 2 % on renewal: a third is of the first term, the rest of all of it.
    assert benefits.in_two_parts("100.00", 6, 2) == (Decimal("33.33"), Decimal("66.67"))
    assert benefits.in_two_parts(100, 5, 7) == (100, 0)
    assert benefits.in_two_parts(100, 3, 1, "JPY") == (33, 67)
    with pytest.raises(ParameterError, match="no parts"):
        benefits.in_two_parts(100, 0, 1)


def test_taxes_up_to_the_wage_base():
    # G3: above the wage base social security costs nothing; a flat 7.65 % would be 765.00.
    case = accounting("G3")
    paid, expected = case["inputs"], case["expected"]
    taxes = {
        "social_security": employer_taxes.Tax(Decimal("0.062"), Decimal(paid["ss_base"])),
        "medicare": employer_taxes.Tax(Decimal("0.0145")),
    }
    due = employer_taxes.on_pay(taxes, paid["commission"], paid["ytd_wages"])
    assert due["social_security"] == Decimal(expected["ss"])
    assert due["medicare"] == Decimal(expected["medicare"])
    whole = paid["commission"] + sum(due.values())
    assert whole == Decimal(expected["capitalised"])
    assert straight_line(whole, paid["months"])[0] == Decimal(expected["monthly_first"])


# --- thresholds ----------------------------------------------------------------------------------

TABLE = {0: "0", 10: "0.02", 20: "0.05"}


def test_thresholds():
    case = accounting("D1")
    values = [case["inputs"]["contract_value"]] * 25
    earned = allocations.cumulative(values, TABLE)
    for count, amount in case["expected"]["cumulative"].items():
        assert earned[int(count) - 1] == Decimal(amount)
    fresh = allocations.contributions(values, earned)
    for count, amount in case["expected"]["marginal"].items():
        of = fresh[fresh["after"] == int(count)]["amount"]
        assert sum(of) == Decimal(amount)
        assert len(of) == int(count)  # every contract so far contributes
    assert sum(fresh["amount"]) == earned[-1]


def test_no_threshold_for_the_first():
    with pytest.raises(ParameterError, match="nothing holds for the first contract"):
        allocations.cumulative([1], {2: "0.1"})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=12),
    st.integers(-(10**14), 10**14),
)
def test_shares_add_up_and_are_near(weights, total):
    rows = pl.DataFrame({"group": ["a"] * len(weights), "weight": weights, "total": total})
    shared = allocations.allocated(rows, ["group"], "total", "weight")["allocated"].to_list()
    whole = sum(weights)
    assert sum(shared) == (total if whole else 0)
    for part, weight in zip(shared, weights, strict=True):
        assert not whole or abs(part - Fraction(total * weight, whole)) < 1
        assert weight or part == 0


def test_left_over_cents_go_to_the_largest_rests():
    rows = pl.DataFrame({"group": ["a"] * 3, "weight": [1, 1, 1], "total": [200] * 3})
    shared = allocations.allocated(rows, ["group"], "total", "weight")
    assert shared["allocated"].to_list() == [67, 67, 66]
    yen = allocations.allocated(rows, ["group"], "total", "weight", 100)
    assert yen["allocated"].to_list() == [100, 100, 0]


# --- recoverability ------------------------------------------------------------------------------


def test_impairment():
    case = accounting("E5")
    given_, expected = case["inputs"], case["expected"]
    most = recoverability.recoverable(
        given_["remaining_consideration_unconstrained_credit_adjusted"],
        given_["remaining_direct_costs"],
    )
    assert most == Decimal(expected["recoverable"])
    assert recoverability.loss(given_["carrying"], most) == Decimal(expected["loss"])


def test_renewals_and_credit_risk_count():
    assert recoverability.recoverable(50, 35, renewals=20, renewal_costs=4, credit_loss=1) == 30
    assert recoverability.recoverable(10, 35) == 0
    assert recoverability.loss(15, 15) == 0


@pytest.mark.parametrize(
    ("recoverable", "framework", "back"),
    [
        (5_000, "ifrs", 1_000),
        (6_000, "ifrs", 2_000),
        (9_000, "ifrs", 2_000),  # never above what would be carried unimpaired
        (3_000, "ifrs", 0),
        (9_000, "us_gaap", 0),
    ],
)
def test_reversals(recoverable, framework, back):
    assert recoverability.reversal(4_000, recoverable, 6_000, framework) == back


def test_reversal_under_no_framework():
    with pytest.raises(ParameterError, match="'gaap' means nothing"):
        recoverability.reversal(1, 1, 1, "gaap")


def test_a_contract_with_several_costs_is_tested_as_one():
    day = date(2026, 1, 1)
    rows = cost_rows(
        {"cost_id": name, "contract_id": "K", "amount": amount, "months": 24, "start_date": day}
        for name, amount in (("A", 2400), ("B", 1200), ("C", "0.24"))
    )
    lives = schedules.lived(rows)
    found = recoverability.impairments(lives, [("K", 1500 * MONEY)], date(2027, 1, 1))
    whole = schedules.lived(rows, found)
    summed = whole.sums("all", "2027-01", "2027-01").row(0, named=True)
    assert summed["opening"] == int(1800.12 * MONEY)
    assert summed["impaired"] == int(Decimal("300.12") * MONEY)
    with pytest.raises(ParameterError, match="begins no period; write 2027-01-01"):
        recoverability.impairments(lives, [("K", 0)], date(2027, 1, 2))


# --- refusals ------------------------------------------------------------------------------------

START = date(2026, 1, 1)
GOOD = {"cost_id": "A", "amount": 100, "months": 12, "start_date": START}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"amount": "100.005"}, "finer than its currency"),
        ({"amount": "0.5", "currency": "JPY"}, "finer than its currency"),
        ({"amount": None}, "it has no amount"),
        ({"currency": "XXY"}, "no code of ISO 4217"),
        ({"months": 0}, "months are not 1 or more"),
        ({"months": None}, "neither months nor a pattern"),
        ({"months": 2000}, "more than 100 years"),
        ({"start_date": None}, "it has no start_date"),
        ({"how": "guessed"}, "neither incurred nor adopted"),
        ({"pattern": "ramp"}, "no pattern of that name"),
        ({"cost_id": None}, "its id is not its own"),
        ({"amount": 10**14}, "too large to be exact"),
        ({"amount": 10**15}, "no exact number of its column"),
    ],
)
def test_costs_that_mean_nothing(words, says):
    with pytest.raises(ParameterError, match=says):
        scheduled([GOOD | words])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"cost_id": "B"}, "there is no such cost"),
        ({"kind": "ended"}, "its kind is none of"),
        ({"kind": "added"}, "it has no amount"),
        ({"amount": 1}, "only added, clawed_back, impaired and reversed"),
        ({"change_date": date(2025, 12, 31)}, "before the cost became an asset"),
        ({"change_date": None}, "it has no change_date"),
        ({"kind": "revised"}, "either months or months_left"),
        ({"kind": "revised", "months": 5, "months_left": 5}, "either months or months_left"),
        ({"kind": "revised", "months": 0}, "months are not 1 or more"),
        ({"kind": "revised", "months_left": -1}, "months_left are below 0"),
        ({"share": "1.5"}, "share is not from 0 to 1"),
        ({"kind": "clawed_back", "amount": -1}, "has the sign of the cost"),
        ({"kind": "clawed_back", "amount": "100.01"}, "more is clawed back"),
        ({"kind": "clawed_back", "amount": "1.001"}, "finer than its currency"),
    ],
)
def test_changes_that_mean_nothing(words, says):
    change = {"cost_id": "A", "kind": "terminated", "change_date": START}
    with pytest.raises(ParameterError, match=says):
        scheduled([GOOD], [change | words])


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"framework": "gaap"}, "framework: 'gaap' means nothing"),
        ({"convention": "daily"}, "there is no convention 'daily'"),
        ({"clawbacks": "all"}, "clawbacks: 'all' means nothing"),
        ({"patterns": {"p": []}}, "pattern p"),
        ({"patterns": {"p": [-1, 2]}}, "pattern p"),
        ({"patterns": {"p": [1]}, "convention": "days"}, "the convention counts days"),
    ],
)
def test_terms_that_mean_nothing(terms, says):
    with pytest.raises(ParameterError, match=says):
        scheduled([GOOD], **terms)


def test_two_costs_of_one_name():
    with pytest.raises(ParameterError, match="its id is not its own"):
        scheduled([GOOD, GOOD])


def test_floats_are_no_amounts():
    with pytest.raises(ParameterError, match="no exact number"):
        scheduled([GOOD | {"amount": 100.10}])
    with pytest.raises(ParameterError, match="no exact number"):
        scheduled([GOOD | {"amount": "1,5"}])


def test_words_that_no_table_has():
    with pytest.raises(ParameterError, match="ContractCosts has no 'month'; write 'months'"):
        scheduled([{"cost_id": "A", "month": 3}])


def test_nothing_comes_of_nothing():
    assert len(scheduled([])) == 0
