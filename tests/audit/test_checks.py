"""Checks: a planted case is found with its exact amount, and its innocent twin is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from spmlib.incent.audit import (
    by_hand,
    changes,
    credited,
    digits,
    leavers,
    missing_splits,
    outliers,
    standings,
    totals,
)
from spmlib.incent.audit.audits import audited, every, summary
from spmlib.incent.audit.checks import CHECKS, SAYS
from tests import small
from tests.audit.ledgers import USD, accounts, computed, credit, line, made, policy, sale

DAY = date(2026, 3, 10)


def one(found: pl.DataFrame):
    assert found.height == 1, found["evidence"].to_list()
    return found.row(0, named=True)


# --- credits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("second", "held_back"), [("0.49", None), ("0.5", None), ("0.7", 100 / 6)])
def test_shares_below_at_and_above_what_the_policy_allows(second, held_back):
    books = made(
        transactions=[sale("T1", DAY, 1000)],
        credits=[credit("T1", "ann", "0.5", DAY), credit("T1", "bob", second, DAY, rule="shared")],
        earnings=[line("T1", "ann", 50, DAY), line("T1", "bob", 50, DAY, rule="shared")],
    )
    found = credited.over_credited(books, policy())
    if held_back is None:
        assert found.is_empty()
        return
    row = one(found)
    assert row["amount"] == round(held_back * USD)  # 100 * (1 - 100 / 120)
    assert "120 %" in row["evidence"] and row["place"] == "audit.yaml:15"


def test_three_thirds_are_a_whole():
    third = "0.33333334"
    people = ("ann", "bob", "cid")
    books = made(
        transactions=[sale("T1", DAY, 1000)],
        credits=[credit("T1", name, third, DAY) for name in people],
        earnings=[line("T1", name, 50, DAY) for name in people],
    )
    assert credited.over_credited(books, policy()).is_empty()


def test_a_manager_credited_at_two_levels_with_one_credit():
    up = {"through_id": "ann", "rule": "leads", "payee_id": "max"}
    books = made(
        transactions=[sale("T1", DAY, 1000)],
        credits=[credit("T1", "ann", 1, DAY), credit("T1", "max", 1, DAY, **up | {"level": 1}),
                 credit("T1", "max", 1, DAY, **up | {"level": 2}),
                 credit("T1", "top", 1, DAY, **up | {"payee_id": "top", "level": 2})],
        earnings=[line("T1", "max", 30, DAY, through_id="ann"),
                  line("T1", "max", 30, DAY, through_id="ann", rule="other")],
    )  # fmt: skip
    row = one(credited.double_roll_ups(books, policy()))
    assert row["payee_id"] == "max" and row["amount"] == 30 * USD  # one of the two is right


# --- people --------------------------------------------------------------------------------------


def left(on, **words):
    payee, held = small.person("ann", "seller")
    payout = {"payee_id": "ann", "plan": "seller", "currency": "USD"}
    return made(
        payees=[payee | {"leave_date": on}],
        positions=[held],
        transactions=[sale("T1", DAY, 1000)],
        earnings=[line("T1", "ann", 100, DAY)],
        payouts=[payout | {"period": "2026-03", "amount": 100},
                 payout | {"period": "2026-05", "amount": 70}],
        **words,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "amounts"),
    [
        (None, {}),
        (date(2026, 6, 1), {}),  # after the last payment's month
        (date(2026, 5, 1), {"2026-05": 70}),  # its first day is the first no longer employed
        (date(2026, 3, 11), {"2026-05": 70}),  # the booking came before
        (DAY, {"2026-03": 100, "2026-05": 70}),
    ],
)
def test_who_left_is_paid_for_nothing_after_it(on, amounts):
    found = leavers.leavers(left(on), policy())
    assert dict(found.select("period", "amount").iter_rows()) == {
        period: amount * USD for period, amount in amounts.items()
    }


def test_a_plan_that_pays_when_customers_do_may_pay_on(tmp_path):
    terms = "{event: {collection: 100%}}"
    folder = small.written(tmp_path, small.plan(payment=terms))
    plans = small.parameters(folder).plans
    assert plans["seller"].payment.by_event
    found = leavers.leavers(left(date(2026, 3, 11), plans=plans), policy())
    assert found.is_empty()
    soon = replace(policy(), trailing=1)
    found = leavers.leavers(left(date(2026, 3, 11), plans=plans), soon)
    assert found["period"].to_list() == ["2026-05"]  # two months on


def test_paid_without_a_position_or_on_leave():
    payee, held = small.person("ann", "seller")
    payout = {"payee_id": "ann", "plan": "seller", "currency": "USD", "amount": 100}
    payouts = [payout | {"period": f"2026-{month:02}"} for month in (2, 3, 4)]
    stretches = [held | {"end_date": DAY}, held | {"start_date": DAY, "status": "leave"}]
    found = standings.inactive(made(payees=[payee], positions=stretches, payouts=payouts), policy())
    assert found["period"].to_list() == ["2026-04"]  # of March ten days were active
    active = made(payees=[payee], positions=[held], payouts=payouts)
    assert standings.inactive(active, policy()).is_empty()


def test_another_currency_than_the_plan_or_the_person_is_told(tmp_path):
    plans = small.parameters(small.written(tmp_path, small.plan())).plans
    payee, _ = small.person("ann", "seller")
    row = {"payee_id": "ann", "plan": "seller", "period": "2026-03", "amount": 100, "rate": 1,
           "currency": "USD", "payroll_amount": 100, "payroll_currency": "USD"}  # fmt: skip
    wrong = [{"payroll_currency": "EUR"}, {"payroll_amount": 101}, {"payroll_amount": None}]
    for cell in ({}, *wrong):
        books = made(payees=[payee], payroll=[row | cell], plans=plans)
        assert standings.currencies(books, policy()).height == bool(cell)


def test_a_payout_that_is_not_the_sum_of_its_lines():
    key = {"payee_id": "ann", "plan": "seller", "period": "2026-03", "currency": "USD"}
    lines = [key | {"kind": "earned", "amount": 90}, key | {"kind": "draw", "amount": 10}]
    for amount, off in ((100, None), ("100.01", 0.01), (60, 40)):
        found = totals.unexplained(
            made(payouts=[key | {"amount": amount}], payments=lines), policy()
        )
        assert [a / USD for a in found["amount"]] == ([] if off is None else [off])


# --- orders --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason", "stake"),
    [
        ({"amount": 1500}, "changed", 50),
        ({"owner_id": "bob"}, "owner", 100),
        ({"event_date": date(2026, 1, 20)}, "day", 100),
        (None, "withdrawn", 100),
        ({}, None, 0),
    ],
)
def test_orders_changed_after_they_paid(tmp_path, change, reason, stake):
    people = [small.person(name, "seller") for name in ("ann", "bob")]
    rows = {
        "payees": [payee for payee, _ in people],
        "positions": [held for _, held in people],
        "accounts": accounts("Fenwick"),
        "products": [{"product_id": "P1", "name": "P"}],
    }
    order = sale("T1", date(2026, 2, 10), 1000)
    late = sale("T9", date(2026, 2, 11), 300)
    before = computed(tmp_path, small.plan(), transactions=[order], **rows)
    known = before.earnings.filter(pl.col("period") <= "2026-02")
    now = [late] + ([] if change is None else [order | change])
    books = computed(tmp_path, small.plan(), transactions=now, **rows)
    found = changes.changes(replace(books, recorded=known), policy())
    if reason is None:
        assert found.is_empty()  # T9 is late, and no change
        return
    row = one(found)
    assert row["finding_id"] == f"changes:T1/2026-03/{reason}"
    assert row["amount"] == stake * USD and row["period"] == "2026-03"


def test_nothing_on_record_nothing_changed():
    assert changes.changes(made(), policy()).is_empty()


@pytest.mark.parametrize(("margin", "found"), [("0.01", 0), (0, 0), ("-0.01", 1)])
def test_lines_at_a_loss(margin, found):
    books = made(transactions=[sale("T1", DAY, 1000, margin=margin)],
                 earnings=[line("T1", "ann", 100, DAY)])  # fmt: skip
    assert standings.margins(books, policy())["amount"].to_list() == [100 * USD] * found


@pytest.mark.parametrize(("amount", "found"), [(100, 0), (290, 0), (310, 1), (1000, 1)])
def test_a_nought_too_many_shows_in_the_price(amount, found):
    usual = [sale(f"U{n:02}", DAY, 95 + n % 11) for n in range(30)]
    books = made(transactions=[*usual, sale("T1", DAY, amount)],
                 earnings=[line("T1", "ann", 100, DAY)])  # fmt: skip
    told = outliers.prices(books, policy())
    assert told["transaction_id"].to_list() == ["T1"] * found
    if amount == 1000:  # ten times the median pays nine tenths too much
        assert told["amount"].item() == 90 * USD


# --- splits --------------------------------------------------------------------------------------


def shared(many: int, of: int = 10):
    sales = [sale(f"T{n:02}", date(2026, 1, 1 + n), 500) for n in range(of)]
    splits = [
        {"transaction_id": f"T{n:02}", "payee_id": "bob", "share": "0.25"} for n in range(many)
    ]
    last = sale("T99", DAY, 500)
    return made(
        transactions=[*sales, last], splits=splits,
        accounts=[accounts("Fenwick")[0] | {"segment": "large"}],
        earnings=[line("T99", "ann", 80, DAY)],
    )  # fmt: skip


def test_a_deal_alone_where_all_before_it_were_shared():
    row = one(missing_splits.missing_splits(shared(10), policy()))
    assert row["transaction_id"] == "T99" and row["amount"] == 20 * USD  # a quarter of 80
    assert row["score"] == 1.0 and "10 of 10" in row["evidence"] and "bob" in row["evidence"]


@pytest.mark.parametrize(("many", "of", "found"), [(9, 10, 1), (8, 10, 0), (6, 6, 1), (5, 5, 0)])
def test_how_often_and_how_many_deals_make_it_usual(many, of, found):
    assert missing_splits.missing_splits(shared(many, of), policy()).height == found


def test_who_pursued_the_deal_is_credited_with_something():
    payees = [small.person(name, "seller")[0] for name in ("ann", "bob")]
    pursued = {"opportunity_id": "O1", "created_date": DAY, "owner_id": "bob", "currency": "USD"}
    rows = {"payees": payees, "transactions": [sale("T1", DAY, 500, deal_id="D1")],
            "opportunities": [pursued | {"deal_id": "D1"}],
            "earnings": [line("T1", "ann", 80, DAY)]}  # fmt: skip
    alone = made(credits=[credit("T1", "ann", 1, DAY)], **rows)
    row = one(missing_splits.opportunity_owners(alone, policy()))
    assert row["finding_id"] == "opportunity_owners:D1/bob" and row["amount"] == 80 * USD
    both = [credit("T1", "ann", "0.5", DAY), credit("T1", "bob", "0.5", DAY, rule="shared")]
    assert missing_splits.opportunity_owners(made(credits=both, **rows), policy()).is_empty()
    rows["payees"][1]["leave_date"] = DAY  # who had left needs no credit
    gone = made(credits=[credit("T1", "ann", 1, DAY)], **rows)
    assert missing_splits.opportunity_owners(gone, policy()).is_empty()


# --- by hand -------------------------------------------------------------------------------------


def adjusted(name: str, month: int, amount=100, **words):
    usual = {
        "adjustment_id": name,
        "payee_id": "ann",
        "plan": "seller",
        "event_date": date(2026, month, 1),
        "cause": "goodwill",
        "amount": amount,
        "requested_by": "operations",
        "approved_by": "finance",
    }
    return usual | words


def of_hand(check, *rows):
    return check(made(adjustments=rows, payees=[small.person("ann", "seller")[0]]), policy())


def test_three_months_in_a_row():
    assert of_hand(by_hand.repeated_adjustments, adjusted("J1", 1), adjusted("J2", 2)).is_empty()
    row = one(of_hand(by_hand.repeated_adjustments, *(adjusted(f"J{n}", n) for n in (1, 2, 3))))
    assert row["period"] == "2026-03" and row["amount"] == 100 * USD
    assert "3 months in a row" in row["evidence"] and "300.00 USD in all" in row["evidence"]


def test_gaps_other_causes_and_other_approvers_are_no_row():
    gap = [adjusted(f"J{n}", n) for n in (1, 2, 4, 5)]
    causes = [adjusted(f"J{n}", n, cause=f"cause {n}") for n in (1, 2, 3)]
    people = [adjusted(f"J{n}", n, approved_by=f"person {n}") for n in (1, 2, 3)]
    for rows in (gap, causes, people):
        assert of_hand(by_hand.repeated_adjustments, *rows).is_empty()


@pytest.mark.parametrize(
    ("amount", "found"),
    [("949.99", 0), (950, 1), ("999.99", 1), (1000, 1), ("1000.01", 0), (-990, 0), (4800, 1)],
)
def test_just_below_a_limit(amount, found):
    assert of_hand(by_hand.below_limit, adjusted("J1", 1, amount)).height == found


@pytest.mark.parametrize(
    ("approver", "why"),
    [
        ("finance", None),
        (None, "nobody approved it"),
        (" Operations ", "who asked for it approved it"),
        ("ann", "the person paid approved it"),
    ],
)
def test_approved_by_somebody_else(approver, why):
    found = of_hand(by_hand.unapproved, adjusted("J1", 1, 120, approved_by=approver))
    assert found.height == (why is not None)
    if why:
        assert one(found)["evidence"].startswith(why) and found["amount"].item() == 120 * USD


def test_the_same_adjustment_twice():
    twice = [adjusted("J1", 1), adjusted("J2", 1), adjusted("J3", 1, 101), adjusted("J4", 2)]
    assert one(of_hand(by_hand.adjusted_twice, *twice))["finding_id"] == "adjusted_twice:J1+J2"


def test_first_digits_against_benford():
    """Powers of two follow the law; equal digits do not."""
    law = digits.first_digits(np.array([2.0**n for n in range(500)]))
    assert law.p_value > 0.99 and law.deviation < digits.CONFORMS
    flat = digits.first_digits(np.repeat(np.arange(1, 10), 100))
    assert flat.p_value < 1e-6 and flat.deviation == pytest.approx(
        np.abs(1 / 9 - digits.BENFORD).mean()
    )
    assert digits.first_digits(np.array([1e-4, 0.00999, 1000, -300])).shares.tolist() == [
        0.5, 0, 0.25, 0, 0, 0, 0, 0, 0.25
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no amount but 0"):
        digits.first_digits(np.zeros(3))


# --- all together --------------------------------------------------------------------------------


def test_every_check_finds_nothing_in_empty_books():
    assert set(SAYS) == set(CHECKS)
    assert every(made(), policy()).is_empty()


def test_findings_are_ranked_and_what_was_reviewed_is_counted():
    told = [("J1", 1, 120), ("J2", 1, 700), ("J3", 2, 900), ("J4", 1, 20)]
    rows = [adjusted(*row, approved_by=None) for row in told]
    books = made(adjustments=rows, payees=[small.person("ann", "seller")[0]])
    seen = policy()
    first = audited(books, seen, "2026-01")
    assert first.findings["finding_id"].to_list() == [
        "unapproved:J2",
        "unapproved:J1",
    ]  # J4: too little
    from spmlib.incent.audit.written import Reviewed

    looked = Reviewed("unapproved:J2", "A. Name", DAY, "right", "audit.yaml:40")
    again = audited(books, replace(seen, reviewed=(looked,)), "2026-01")
    assert again.findings["finding_id"].to_list() == ["unapproved:J1"]
    assert again.reviewed["finding_id"].to_list() == ["unapproved:J2"]
    assert again.at_stake == 120 * USD and again.stops.is_empty()
    assert audited(books, replace(seen, stop=(700 * USD, 1.0)), "2026-01").stops.height == 1
    assert summary(first.findings).row(0, named=True) == {
        "check": "unapproved", "count": 2, "largest": 700 * USD, "amount": 820 * USD
    }  # fmt: skip
