"""The rest of a year planned again: what has happened is kept, and everything adds up."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, AccountTerritories, Quotas
from spmlib.orchestrate.quotas import plans
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.plans import planned
from spmlib.orchestrate.scenarios import currencies, replans
from tests import small

YEAR = [(date(2026, m, 1), date(2026 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
JULY = date(2026, 7, 1)


def quotas(*rows):
    names = ("payee_id", "measure", "start_date", "end_date", "amount")
    return small.table(Quotas, [dict(zip(names, row, strict=True)) for row in rows])


def rows(table):
    return [(*row[:4], Fraction(row[4], MONEY)) for row in engine.collected(table).iter_rows()]


# --- quotas, kept and planned again -------------------------------------------------------------


def test_what_ends_by_the_day_stays_what_goes_on_is_cut_and_what_follows_is_planned():
    held = quotas(
        ("Ann", "bookings", date(2026, 1, 1), date(2026, 7, 1), 600),  # ends on the day
        ("Ann", "bookings", date(2026, 7, 1), date(2027, 1, 1), 700),  # begins on it
        ("Ann", "meetings", date(2026, 1, 1), date(2027, 1, 1), 90),  # another measure
        ("Ben", "bookings", date(2026, 1, 1), date(2027, 1, 1), 3650),  # goes on beyond it
        ("Cy", "bookings", date(2026, 1, 1), date(2027, 1, 1), 1000),  # is not planned
        ("Dee", "bookings", date(2026, 6, 30), date(2026, 7, 2), 9),  # cut in half, to whole units
    )
    new = quotas(
        ("Ann", "bookings", JULY, date(2027, 1, 1), 500),
        ("Ben", "bookings", JULY, date(2027, 1, 1), 800),
        ("Dee", "bookings", JULY, date(2027, 1, 1), 100),
    )
    assert rows(replans.spliced(held, new, JULY)) == [
        ("Ann", "bookings", date(2026, 1, 1), JULY, 600),
        ("Ann", "bookings", JULY, date(2027, 1, 1), 500),
        ("Ann", "meetings", date(2026, 1, 1), date(2027, 1, 1), 90),
        ("Ben", "bookings", date(2026, 1, 1), JULY, 1810),  # 181 of 365 days
        ("Ben", "bookings", JULY, date(2027, 1, 1), 800),
        ("Cy", "bookings", date(2026, 1, 1), date(2027, 1, 1), 1000),
        ("Dee", "bookings", date(2026, 6, 30), JULY, 5),
        ("Dee", "bookings", JULY, date(2027, 1, 1), 100),
    ]


def test_what_begins_before_the_day_is_no_plan_of_the_rest():
    new = quotas(("Ann", "bookings", date(2026, 6, 30), date(2027, 1, 1), 1))
    with pytest.raises(ParameterError, match="a quota planned for Ann begins before 2026-07-01"):
        replans.spliced(quotas(), new, JULY)


@st.composite
def stretches(draw):
    """Stretches of days of one person that follow one another, and an amount for each."""
    ends = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=6)))
    return [
        (date(2026, 6, 1) + timedelta(one), date(2026, 6, 1) + timedelta(other), draw(AMOUNTS))
        for one, other in pairwise(ends)
    ]


AMOUNTS = st.integers(0, 10**9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(stretches(), min_size=1, max_size=4), st.integers(0, 60), st.sets(st.integers(0, 3))
)
def test_day_by_day_the_past_is_what_it_was_and_the_rest_what_is_planned(people, after, again):
    """An oracle that looks at every day of every person."""
    day = date(2026, 6, 1) + timedelta(after)
    held = [(str(n), "m", *stretch) for n, own in enumerate(people) for stretch in own]
    new = [(str(n), "m", day, day + timedelta(30), 70 + n) for n in again]
    made = rows(replans.spliced(quotas(*held), quotas(*new), day))
    for n in range(4):
        for ahead in range(-1, 95):
            at = date(2026, 6, 1) + timedelta(ahead)
            side = new if n in again and at >= day else held
            amount = _daily(made, str(n), at)
            assert abs(amount - _daily(side, str(n), at)) <= Fraction(1, 2)
    planned = sum(row[4] for row in new)
    kept = [row for row in made if row[:4] not in {row[:4] for row in new}]
    assert sum(row[4] for row in made) == planned + sum(row[4] for row in kept)


def _daily(rows, person, day):
    return sum(
        (
            Fraction(row[4], (row[3] - row[2]).days)
            for row in rows
            if row[0] == person and row[2] <= day < row[3]
        ),
        Fraction(0),
    )


# --- what the rest has to bring -----------------------------------------------------------------


def test_the_rest_has_to_bring_what_the_target_still_lacks():
    assert replans.rest(1000.0, 0.1, 400.0) == pytest.approx(700)
    assert replans.rest(1000.0, -0.5, 0.0) == pytest.approx(500)


@pytest.mark.parametrize(("sold", "refused"), [(1099.0, False), (1100.0, True), (1200.0, True)])
def test_a_target_that_is_reached_leaves_nothing_to_plan(sold, refused):
    if not refused:
        assert replans.rest(1000.0, 0.1, sold) > 0
        return
    with pytest.raises(ParameterError, match="which reaches the year's target of 1,100"):
        replans.rest(1000.0, 0.1, sold)


# --- accounts that move carry their quota -------------------------------------------------------


def made(people, amounts):
    frame = pl.DataFrame({"payee_id": list(people), "last": [None] * len(people)}).with_columns(
        pl.col("last").cast(pl.Float64)
    )
    total = float(sum(amounts))
    steps = [Layer("payee_id")]
    return planned(frame, np.array(amounts, float), YEAR, total, steps, unit=1)


WORTH = pl.DataFrame(
    {
        "account_id": ["1", "2", "3", "4"],
        "territory_id": ["north", "north", "south", "west"],
        "value": [300.0, 100.0, 50.0, 10.0],
    }
)


def test_accounts_that_move_carry_their_quota():
    before = made(["Ann", "Ben"], [1200, 2400])
    held = {"Ann": "north", "Ben": "south"}
    after = replans.carried(before, held, WORTH, {"1": "south"}, JULY)
    assert after.units[0].tolist() == [100] * 6 + [25] * 6  # three quarters of north go
    assert after.units[1].tolist() == [200] * 6 + [275] * 6
    by_hand = plans.moved(before, "Ann", "Ben", 0.75, JULY)
    np.testing.assert_array_equal(after.units, by_hand.units)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 5000), min_size=4, max_size=4).filter(any),
    st.dictionaries(st.sampled_from(list("1234")), st.sampled_from(["north", "south", "west"])),
    st.sampled_from([first for first, _ in YEAR]),
)
def test_no_quota_is_lost_when_accounts_move(amounts, moved, day):
    held = dict(zip("ABCD", ["north", "north", "south", "elsewhere"], strict=True))
    before = made("ABCD", amounts)
    after = replans.carried(before, held, WORTH, moved, day)
    np.testing.assert_array_equal(after.units.sum(axis=0), before.units.sum(axis=0))
    past = np.array([first < day for first, _ in YEAR])
    np.testing.assert_array_equal(after.units[:, past], before.units[:, past])
    np.testing.assert_array_equal(after.units[3], before.units[3])
    assert (after.units >= 0).all()


def test_what_goes_to_where_nobody_is_stays():
    before = made(["Ann", "Ben"], [1200, 2400])
    held = {"Ann": "north", "Ben": "south"}
    for moved in ({"1": "west"}, {"4": "north"}, {"1": "north"}, {}, {"9": "north"}):
        after = replans.carried(before, held, WORTH, moved, JULY)
        np.testing.assert_array_equal(after.units, before.units)


def test_accounts_that_change_are_those_in_another_territory_on_the_day():
    def held(*given):
        names = ("account_id", "territory_id", "start_date", "end_date")
        return small.table(AccountTerritories, [dict(zip(names, r, strict=True)) for r in given])

    was = held(
        ("1", "north", date(2026, 1, 1), None),
        ("2", "north", date(2026, 1, 1), JULY),
        ("3", "north", date(2026, 1, 1), None),
    )
    now = held(
        ("1", "north", date(2026, 1, 1), JULY),
        ("1", "south", JULY, None),
        ("3", "north", date(2026, 1, 1), None),
        ("4", "west", JULY, None),
    )
    told = replans.changed(was, now, JULY).rows()
    assert told == [("1", "north", "south"), ("4", None, "west")]
    assert replans.changed(was, now, JULY - timedelta(1)).rows() == [("2", "north", None)]


# --- currencies ---------------------------------------------------------------------------------


def company(**more):
    rates = [
        {"currency": one, "to_currency": other, "start_date": date(2026, 1, 1), "rate": rate}
        for one, other, rate in (("USD", "EUR", "0.8"), ("EUR", "USD", "1.25"))
    ]
    held = [
        {"payee_id": "Ann", "plan": "abroad", "start_date": date(2026, 1, 1)},
        {"payee_id": "Ben", "plan": "abroad", "start_date": date(2025, 1, 1)},
        {"payee_id": "Ben", "plan": "home", "start_date": date(2026, 3, 1)},
    ]
    given = {"currency_rates": [{"kind": "plan", **rate} for rate in rates], "positions": held}
    return small.company(**(given | more))


def test_quotas_are_said_in_the_currency_of_each_persons_plan_and_back():
    firm, plans_ = company(), {"abroad": "EUR", "home": "USD"}
    own = currencies.of_people(firm, plans_, date(2026, 6, 1))
    assert own == {"Ann": "EUR", "Ben": "USD"}
    assert currencies.of_people(firm, plans_, date(2026, 2, 28)) == {"Ann": "EUR", "Ben": "EUR"}
    asked = quotas(
        ("Ann", "m", JULY, date(2026, 8, 1), 100),
        ("Ben", "m", JULY, date(2026, 8, 1), 100),
        ("Cy", "m", JULY, date(2026, 8, 1), 100),
    )
    turned = currencies.in_own(asked, firm, own, "USD")
    assert [row[4] for row in rows(turned)] == [80, 100, 100]
    assert rows(currencies.in_one(turned, firm, own, "USD")) == rows(asked)


def test_a_rate_that_is_missing_is_said():
    firm = company(currency_rates=[])
    asked = quotas(("Ann", "m", JULY, date(2026, 8, 1), 100))
    with pytest.raises(
        ParameterError, match="USD has no spot rate into EUR on 2026-07-01; add one"
    ):
        currencies.in_own(asked, firm, {"Ann": "EUR"}, "USD")
