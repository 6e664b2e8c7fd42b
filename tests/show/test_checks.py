"""Checks hold on a sound company, and fail on one that was tampered with."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from spmlib.incent.explaining.receipts import receipts
from spmlib.incent.summaries import checks
from tests import small


def failing(table):
    return list(table.loc[~table["holds"], "check"])


def test_all_hold_on_a_sound_company(company, results, parameters):
    of_crediting = checks.of_crediting(
        results.credits, results.issues, company, parameters.crediting
    )
    assert failing(of_crediting) == []
    assert (
        failing(
            checks.of_pay(results.earnings, results.payments, results.payouts, results.attainments)
        )
        == []
    )


def test_a_payout_that_is_a_cent_off_is_found(results):
    wrong = results.payouts.with_columns(nw.col("amount") + 100)
    found = checks.of_pay(results.earnings, results.payments, wrong, results.attainments)
    assert failing(found) == ["The lines of a month add up to what is paid"]


def test_a_line_without_payout_is_found(results):
    fewer = results.payouts.filter(nw.col("payee_id") != "Ben")
    found = checks.of_pay(results.earnings, results.payments, fewer, results.attainments)
    assert failing(found) == ["No line is left unpaid"]


def test_a_month_that_is_missing_to_date_is_found(results):
    wrong = results.attainments.with_columns(nw.col("credited_to_date") + 1)
    found = checks.of_pay(results.earnings, results.payments, results.payouts, wrong)
    assert failing(found) == ["Months add up to what is credited to date"]


def test_a_lost_credit_is_found(company, results, parameters):
    fewer = results.credits.filter(nw.col("transaction_id") != "T4")
    found = checks.of_crediting(fewer, results.issues, company, parameters.crediting)
    assert failing(found) == ["Every booking is credited, or named in issues"]


def test_a_credit_that_is_a_tick_off_is_found(company, results, parameters):
    wrong = results.credits.with_columns(nw.col("amount") + 1)
    found = checks.of_crediting(wrong, results.issues, company, parameters.crediting)
    assert failing(found) == ["The parts of a booking add up to it"]


def test_a_share_too_many_is_found_unless_the_policy_allows_it(company, results, parameters):
    wrong = results.credits.with_columns(nw.col("share") + 1)
    found = checks.of_crediting(wrong, results.issues, company, parameters.crediting)
    assert failing(found) == ["Nobody gives away more than there is"]
    loose = replace(parameters.crediting, policy="any")
    assert failing(checks.of_crediting(wrong, results.issues, company, loose)) == []


def test_a_managers_credit_without_its_like_below_is_found(company, results, parameters):
    below = (nw.col("level") == 0) & (nw.col("payee_id") == "Ben")
    found = checks.of_crediting(
        results.credits.filter(~below), results.issues, company, parameters.crediting
    )
    assert failing(found) == ["A manager's credit has its like below"]


def test_a_receipt_that_is_not_what_was_paid_is_found(results, parameters):
    made = receipts(results, parameters.plans, {"Ada": "Ada"}, "Ada", "2026-04")
    assert failing(checks.of_receipts(made, results.payouts)) == []
    wrong = results.payouts.with_columns(nw.col("amount") - 100)
    assert failing(checks.of_receipts(made, wrong)) == ["The receipt of Ada adds up"]


def test_rows_that_vanish_in_reading_are_found():
    row = {"table": "payees", "place": "payees.csv", "rows_in": 3, "rows_used": 2}
    reads = small.tables.Reads
    made = small.table(reads, [row | {"rows_refused": 0, "rows_left_out": 0}])
    company = replace(small.company(), reads=made)
    assert failing(checks.of_reading(company)) == ["Nothing is dropped in silence"]
