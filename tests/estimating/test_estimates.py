"""What single deals bring in small companies whose sums can be done by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.estimating import told
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.estimates import Estimate, estimate, payee
from spmlib.incent.estimating.ready import Ready, ready, under_way
from spmlib.incent.estimating.teams import members
from spmlib.incent.estimating.thresholds import ahead
from tests import small

LAST = date(2026, 3, 31)
TIERS = "{2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}]}"
QUOTA = {"thresholds": "quota", "table": TIERS}
MEASURES = (
    "bookings: {sum: amount, where: {kind: booking}}\n"
    "renewals: {sum: amount, where: {kind: renewal}}\n"
    "margin_rate: {sum: margin, per: amount, where: {kind: booking}}\n"
)


def known(folder: Path, text: str, *sales: dict[str, Any], **rows: Any) -> Ready:
    """A seller with a quota of 1,000 a year, and what was sold, at the end of March."""
    who, position = small.person("Ann", "seller")
    rates = [_rate("EUR", "USD", "1.5", date(2025, 1, 1)), _rate("EUR", "USD", "2", LAST)]
    rates += [_rate("USD", "JPY", "150.33", date(2025, 1, 1))]
    given: dict[str, Any] = {
        "payees": [who],
        "positions": [position],
        "quotas": [small.quota("Ann", 1000), small.quota("Ann", 1000, "renewals")],
        "transactions": list(sales),
        "currency_rates": rates,
    }
    made = small.parameters(small.written(folder, text, measures=MEASURES))
    return ready(small.company(**given | rows), made, "2026-03")


def deal(amount: Any, name: str = "D", **words: Any) -> Deal:
    return Deal(name, words.pop("day", LAST), amount, kind=words.pop("kind", "booking"), **words)


def sold(amount: Any, **words: Any) -> dict[str, Any]:
    return small.sale("T", "Ann", date(2026, 2, 10), amount, **words)


def what_if(of: Ready, *deals: Deal, who: str = "Ann") -> Estimate:
    return estimate(payee(of, who), deals)


def _rate(currency: str, into: str, rate: str, start: date) -> dict[str, Any]:
    row = {"currency": currency, "to_currency": into, "start_date": start}
    return row | {"rate": Fraction(rate), "kind": "spot"}


def test_a_deal_that_crosses_earns_both_rates_and_each_deal_its_own_line(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(870)), deal(100, "A"), deal(200, "B"))
    assert of.change == Decimal("30.80")  # 130 at 8 %, 170 at 12 %
    lines = told.lines(of)
    assert list(lines["amount"]) == [Decimal("8.00"), Decimal("22.80")]
    assert list(lines["words"]) == ["100.00 x 8 %", "30.00 x 8 %; 170.00 x 12 %"]
    assert list(lines["tier"]) == ["1 of 2", "2 of 2"]
    row = told.standings(of).iloc[0]
    assert (row["attainment_before"], row["attainment_after"]) == (0.87, 1.17)
    assert of.month == (Decimal("0.00"), Decimal("30.80"))
    assert of.year == (Decimal("69.60"), Decimal("100.40"))


@pytest.mark.parametrize(
    ("boundary", "amount", "earned", "needed", "worth"),
    [
        ("upper", 99, "7.92", "1.00", "40.08"),  # 1,000 x 12 % is 120, 999 x 8 % is 79.92
        ("upper", 100, "48.00", None, None),
        ("upper", 101, "48.12", None, None),
        ("lower", 99, "7.92", "1.01", "40.08"),  # 1,000 x 8 % still; a cent more is 120.0012
        ("lower", 100, "8.00", "0.01", "40.00"),
        ("lower", 101, "48.12", None, None),
        ("upper", -100, "-8.00", "200.00", "56.00"),
    ],
)
def test_below_at_and_above_a_retroactive_threshold(
    tmp_path, boundary, amount, earned, needed, worth
):
    text = small.plan(**QUOTA | {"crossing": "whole", "boundary": boundary})
    of = what_if(known(tmp_path, text, sold(900)), deal(amount))
    assert of.change == Decimal(earned)
    (row,) = ahead(of)
    assert (row.needed, row.worth) == tuple(
        None if x is None else Decimal(x) for x in (needed, worth)
    )
    if needed:
        assert (row.rate, row.then, row.jump) == (
            Fraction(8, 100),
            Fraction(12, 100),
            Decimal("40.00"),
        )
        assert (
            row.to_quota == Decimal(1000 - 900 - amount) if amount < 100 else row.to_quota is None
        )


def test_the_next_threshold_in_words_of_money(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(870)), deal(60))
    (row,) = ahead(of, "bookings")
    assert (row.attainment, row.start) == (Fraction(93, 100), 1)
    assert (row.needed, row.worth, row.jump) == (Decimal(70), Decimal("5.60"), Decimal("0.00"))
    told_ = told.summary(of)
    assert (told_["needed"], told_["rate"], told_["then"]) == (
        70,
        Fraction(8, 100),
        Fraction(12, 100),
    )


def test_beyond_the_last_threshold_nothing_is_ahead(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(870)), deal(600))
    (row,) = ahead(of)
    assert (row.start, row.needed, row.to_quota, row.then) == (None, None, None, None)


def test_a_deal_below_zero_takes_back_what_its_like_earned(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(1100)), deal(-200))
    assert of.change == Decimal("-20.00")  # 100 at 12 % and 100 at 8 %


def test_a_cap_is_a_line_of_its_own(tmp_path):
    text = small.plan(**QUOTA, modifiers="[{cap: {2026-01-01: 90}}]")
    of = what_if(known(tmp_path, text, sold(1000)), deal(200))
    assert of.change == Decimal("10.00")
    rows = told.changes(of).to_dict("records")
    assert [(r["what"], r["says"], r["amount"]) for r in rows] == [
        ("deals", "", Decimal("24.00")),
        ("cap", "not reached, then reached", Decimal("-14.00")),
    ]
    (row,) = ahead(what_if(known(tmp_path, text, sold(950)), deal(10)))
    assert row.worth == Decimal("3.20")


@pytest.mark.parametrize(("otherwise", "change"), [("withhold", "80.00"), ("lose", "0.00")])
def test_a_gate_that_a_deal_opens(tmp_path, otherwise, change):
    gate = f"{{measure: renewals, at_least: 50%, of: quota, otherwise: {otherwise}}}"
    text = small.plan(**QUOTA, modifiers=f"[{{gate: {gate}}}]")
    of = what_if(known(tmp_path, text, sold(1000)), deal(500, kind="renewal"))
    assert of.change == Decimal(change)
    row = told.changes(of).iloc[-1]
    assert (row["what"], row["says"]) == ("gate", "shut, then open")
    shut = what_if(known(tmp_path, text, sold(1000)), deal(499, kind="renewal"))
    assert shut.change == 0
    assert shut.untold == ("D: no component counts it (kind renewal).",)


def test_a_margin_below_the_years_takes_from_all_of_it(tmp_path):
    table = "{2026-01-01: [{from: 0%, factor: 0.5}, {from: 60%, factor: 1.0}]}"
    modifier = f"[{{multiplier: {{measure: margin_rate, boundary: upper, table: {table}}}}}]"
    of = what_if(
        known(tmp_path, small.plan(**QUOTA, modifiers=modifier), sold(500, margin=300)),
        deal(100, margin=10),
    )
    assert of.change == Decimal("-16.00")  # 8 more, and half of 48 less
    assert list(told.changes(of)["amount"]) == [Decimal("8.00"), Decimal("-24.00")]


def test_yen_have_no_minor_unit_and_dollars_become_yen_at_the_days_rate(tmp_path):
    of = what_if(known(tmp_path, small.plan(currency="JPY")), deal("10.05", currency="USD"))
    assert of.change == Decimal(151)  # 10.05 x 150.33 = 1,510.8 -> 1,511; 10 % of it
    assert of.untold == ()


@pytest.mark.parametrize(("day", "earned"), [(date(2026, 3, 30), "15.00"), (LAST, "20.00")])
def test_a_deal_in_another_currency_takes_the_rate_of_its_day(tmp_path, day, earned):
    of = what_if(known(tmp_path, small.plan()), deal(100, currency="EUR", day=day))
    assert of.change == Decimal(earned)


def test_a_currency_without_a_rate_is_named(tmp_path):
    of = what_if(known(tmp_path, small.plan()), deal(100, currency="GBP"))
    assert of.change == 0
    assert of.untold == ("D: there is no rate from GBP to USD.",)


def test_a_deal_that_is_split_earns_its_share(tmp_path):
    rules = "rules: {owner: {kind: direct}, shared: {kind: split}}\n"
    who, position = small.person("Ann", "seller")
    other, held = small.person("Ben", "seller")
    folder = small.written(tmp_path, small.plan(), crediting=rules, measures=MEASURES)
    rows = {"payees": [who, other], "positions": [position, held]}
    of = ready(small.company(**rows), small.parameters(folder), "2026-03")
    one = deal("100.01", splits={"Ben": "0.5"}, owner_id="Ann")
    # 5,000.5 cents each: the odd cent is the owner's
    assert told.lines(what_if(of, one))["credited"][0] == Decimal("50.01")
    assert told.lines(what_if(of, one, who="Ben"))["credited"][0] == Decimal("50.00")


def test_what_is_paid_at_booking_and_what_later(tmp_path):
    text = small.plan(payment="{event: {booking: 40%, collection: 60%}}")
    rows = told.deals(what_if(known(tmp_path, text), deal("100.15")))
    assert list(rows[["earned", "at_booking", "later"]].iloc[0]) == [
        Decimal("10.02"),
        Decimal("4.01"),
        Decimal("6.01"),
    ]


def test_deals_before_what_is_booked_change_the_lines_of_both(tmp_path):
    text = small.plan(**QUOTA | {"crossing": "transaction", "boundary": "upper"})
    late = small.sale("T", "Ann", date(2026, 3, 20), 600)
    of = what_if(known(tmp_path, text, late), deal(500, day=date(2026, 3, 10)))
    # 500 at 8 %; the booked 600 now cross, all at 12 %
    assert [(r["what"], r["amount"]) for r in told.changes(of).to_dict("records")] == [
        ("deals", Decimal("40.00")),
        ("other deals", Decimal("24.00")),
    ]


def test_places_are_not_estimated_and_said_so(tmp_path):
    table = "{2026-01-01: [{from: 1, amount: 500}, {from: 2, amount: 0}]}"
    text = small.plan(
        thresholds="place", pays="amount", accumulate="month", crossing="", table=table
    )
    of = what_if(known(tmp_path, text), deal(100))
    assert of.change == 0
    assert of.untold[0].startswith("bookings: places depend on what others sell")
    assert ahead(of) == []


def test_nothing_is_nothing(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(100)))
    assert of.change == 0
    assert told.lines(of).empty
    assert told.changes(of).empty
    assert told.curve(of)["at"].tolist().count("now") == 1


def test_the_curve_is_marked_where_each_deal_ends(tmp_path):
    of = what_if(known(tmp_path, small.plan(**QUOTA), sold(870)), deal(100, "A"), deal(200, "B"))
    marked = told.curve(of).query("at != ''")
    assert list(marked["at"]) == ["now", "A", "B"]
    assert list(marked["earned"]) == pytest.approx([69.6, 77.6, 100.4])


ONE = "write a day within it"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (lambda of: what_if(of, who="Zoe"), "there is no payee 'Zoe'; write one of payees."),
        (lambda of: what_if(of, who="Mia"), "Mia holds no plan in 2026-03; choose a person or"),
        (lambda of: what_if(of, deal(1, day=date(2026, 4, 1))), f"until 2026-04-01; {ONE}."),
        (lambda of: what_if(of, deal(1, day=date(2026, 2, 28))), "D is of 2026-02-28, and 2026-03"),
        (lambda of: what_if(of, deal(1), deal(2)), "two deals are called D; call one otherwise."),
        (lambda of: what_if(of, deal(1, currency="usd")), "D: 'usd' is no currency; write an ISO"),
        (
            lambda of: what_if(of, deal("1.00001")),
            "D: amount is 1.00001; write at most 4 decimals.",
        ),
        (
            lambda of: what_if(of, deal(1, account_id="A9")),
            "there is no account 'A9'; write one of",
        ),
        (
            lambda of: what_if(of, deal(1, product_id="P9")),
            "there is no product 'P9'; write one of",
        ),
        (lambda of: what_if(of, deal(1, owner_id="Zoe")), "D: there is no payee 'Zoe'; write one"),
        (lambda of: what_if(of, deal(1, others={"chanel": "x"})), "there is no column 'chanel'"),
        (
            lambda of: what_if(of, deal(1, splits={"Mia": "1.2"})),
            "the shares of D come to 120%; write shares that come to at most 100 %.",
        ),
        (lambda of: ahead(what_if(of), "bonus"), "Ann has no component 'bonus'; write one of"),
        (lambda of: told.curve(what_if(of), "bonus"), "'bonus' has no curve to date; write one of"),
        (lambda of: ready(of.company, of.parameters, "2026-13"), "there is no period '2026-13'"),
        (
            lambda of: under_way(of.company, date(2031, 1, 1)),
            "the calendar does not have 2031-01-01",
        ),
        (lambda of: members(of, "Ann"), "nobody reports to Ann in 2026-03; choose a manager."),
        (lambda of: members(of, "Zoe"), "there is no payee 'Zoe'; write one of payees."),
    ],
)
def test_what_cannot_be_asked_says_what_can(tmp_path, asked, message):
    who, position = small.person("Ann", "seller")
    other, unpaid = small.person("Mia", None)
    rows = {"payees": [who, other], "positions": [position, unpaid]}
    of = known(tmp_path, small.plan(), **rows)
    with pytest.raises(ParameterError) as raised:
        asked(of)
    assert message in str(raised.value)
