"""Heads, habits, taxes, rates and the year's file: by hand, against closed forms, bad input."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.budgets import costs, habits, people, written
from spmlib.orchestrate.budgets.habits import Habit
from spmlib.orchestrate.budgets.heads import present
from spmlib.orchestrate.budgets.written import Tax
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.seats import seats
from spmlib.rules.estimated import pasts, rates
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.pasts import Past
from tests import small

RUNS = 20_000
LATE = (0.5, 0.3, 0.2)


@pytest.mark.parametrize("refilled", [0, 1, 3])
@pytest.mark.parametrize("leaves", [0.0, 0.3, 0.9])
def test_heads_are_those_of_the_closed_form_of_capacity(refilled, leaves):
    tenure, opens = [5] * 6 + [0] * 4, [-1] * 6 + [1, 1, 4, 11]
    random = np.random.default_rng(3)
    made = present(np.array(tenure), np.array(opens), leaves, refilled, LATE, 12, RUNS, random)
    like = seats(tenure, [max(o, 0) for o in opens], leaves=leaves, late=LATE, refilled=refilled)
    told = moments(like).held
    drawn = made.held.sum(axis=0)
    error = drawn.std(axis=0) / np.sqrt(RUNS)
    assert (np.abs(drawn.mean(axis=0) - told) <= 4 * error + 1e-9).all()


def test_who_begins_ramps_up_from_the_first_month():
    made = present(np.array([0]), np.array([2]), 0.0, 3, (1.0,), 6, 1, np.random.default_rng(1))
    assert made.held[0, 0].tolist() == [0, 0, 1, 1, 1, 1]
    assert made.begun[0, 0].tolist() == [0, 0, 1, 0, 0, 0]
    assert made.part((0.0, 0.5))[0, 0].tolist() == [0, 0, 0, 0.5, 1, 1]


def test_every_successor_begins_once():
    made = present(
        np.full(50, 9), np.full(50, -1), 0.8, 1, (1.0,), 24, 40, np.random.default_rng(2)
    )
    comes = np.diff(made.held, axis=-1, prepend=1.0) > 0
    assert (made.begun == comes).all()


def test_more_seats_meet_the_same_luck():
    def drawn(count):
        return present(
            np.full(count, 9), np.full(count, -1), 0.5, 2, (1.0,), 12, 100, np.random.default_rng(7)
        ).held

    assert (drawn(5)[:3] == drawn(3)).all()


def test_taxes_stop_at_the_ceiling_and_go_on_beyond_it():
    tax = Tax(0.10, 1000.0, 0.01)
    pay = np.array([600.0, 399.0, 1.0, 1.0, 500.0]).reshape(1, 1, 5)
    told = costs.employer(pay, [tax])[0, 0]
    assert told == pytest.approx([60, 39.9, 0.1, 0.01, 5])
    # Paid 600 before: the same from there on.
    later = costs.employer(pay[..., 1:], [tax], np.array([600.0]))[0, 0]
    assert later == pytest.approx(told[1:])


def test_what_is_taken_back_takes_its_taxes_back():
    pay = np.array([900.0, 300.0, -300.0]).reshape(1, 1, 3)
    told = costs.employer(pay, [Tax(0.2, 1000.0, 0.0)])[0, 0]
    assert told == pytest.approx([180, 20, -20])


def past(credited, goals=None, held=None, measure="m"):
    credited = np.asarray(credited, float)[:, None]
    there = np.ones_like(credited) if held is None else np.asarray(held, float)[:, None]
    asked = {} if goals is None else {measure: np.asarray(goals, float)[:, None]}
    names = tuple(f"p{n}" for n in range(len(credited)))
    return Past(names, Sold({measure: credited}, asked, there, there, np.ones(len(names))), {})


def test_a_habit_finds_the_spreads_it_was_drawn_with():
    random = np.random.default_rng(5)
    season = np.array([0.5, 0.8, 1.7] * 4)
    of = Habit(True, 0.9, season, 0.6, 0.3)
    goals = np.full((400, 12), 100.0)
    level = of.expected(goals, np.ones((400, 12)))
    came = habits.drawn(
        of,
        level,
        np.ones((400, 1, 12)),
        np.zeros(1),
        random.normal(size=(400, 1)),  # the market stands still: all is theirs
        random.standard_gamma(1 / 0.36, (400, 1, 12)) * 0.36,
    )
    told = habits.habit("m", [(past(came[:, 0], goals), 12)])
    assert told.measured
    assert told.centre == pytest.approx(0.9, rel=0.05)
    assert told.season == pytest.approx(season, rel=0.1)
    assert told.noise == pytest.approx(0.6, rel=0.05)
    assert np.hypot(told.own, told.market) == pytest.approx(0.3, rel=0.12)
    assert told.market**2 / (told.own**2 + told.market**2) == pytest.approx(habits.ALIKE)
    assert told.common < 0.05


def test_without_quotas_a_habit_counts_heads():
    told = habits.habit("m", [(past([[10.0] * 12] * 4, held=[[0.5] * 12] * 4), 12)])
    assert (told.measured, told.centre) == (False, 20.0)
    assert told.noise == pytest.approx(0, abs=1e-9)
    assert np.hypot(told.own, told.market) == pytest.approx(habits.LEAST)


def test_the_market_varies_at_least_as_the_file_says():
    rows = [[10.0] * 12] * 4
    assert habits.habit("m", [(past(rows), 12)], 0.08).market == 0.08
    assert habits.habit("m", [(past(rows), 12)]).market == pytest.approx(0.02 * np.sqrt(0.3))


def test_months_to_come_are_not_counted():
    rows = [[10.0] * 6 + [0.0] * 6] * 4
    told = habits.habit("m", [(past(rows), 6)])
    assert told.centre == 10.0


def test_a_better_year_known_in_part_does_not_look_like_a_season():
    # Twice as much in the first half of the second year, the same in every month of each.
    rows = [(past([[20.0] * 6 + [0.0] * 6] * 3), 6), (past([[10.0] * 12] * 3), 12)]
    told = habits.habit("m", rows)
    assert told.season == pytest.approx(np.ones(12))
    assert told.centre == pytest.approx(20)  # the level is that of the year under way


def test_quotas_that_rise_in_the_year_raise_what_is_expected():
    goals = np.array([[50.0] * 6 + [150.0] * 6] * 3)
    told = habits.habit("m", [(past(goals * 0.9, goals), 12)])
    assert told.season == pytest.approx(np.ones(12))
    assert told.expected(goals, np.ones((3, 12))) == pytest.approx(0.9 * goals)
    assert told.expected(0 * goals, np.ones((3, 12))).sum() == 0


def test_luck_that_all_share_is_told_from_their_own():
    random = np.random.default_rng(8)
    shared = random.standard_gamma(25.0, 12) / 25
    alone = random.standard_gamma(4.0, (300, 12)) / 4
    told = habits.habit("m", [(past(100 * shared * alone), 12), (past(100 * alone), 12)])
    assert told.common == pytest.approx(np.std(shared) / np.sqrt(2), rel=0.3)
    season = habits.habit("m", [(past(100 * alone), 12)])
    assert season.common < 0.05
    assert told.noise == pytest.approx(0.5, rel=0.05)


ALL = np.ones(12)


def test_credibility_is_none_of_luck_and_all_of_what_has_no_luck():
    expected, came = np.full((2, 6), 10.0), np.array([[20.0] * 6, [10.0] * 6])
    sure, left = Habit(True, 1.0, ALL, 0.0, 0.3).told(expected, came)
    # No market: together they are taken as expected; apart, each as they stand beside the other.
    assert sure == pytest.approx([20 / 15, 10 / 15])
    assert left.own == pytest.approx(0)
    wild = Habit(True, 1.0, ALL, 1e6, 0.3, 0.1)
    assert wild.told(expected, came)[0] == pytest.approx([1, 1], abs=1e-6)
    # Luck of six months as large as what is theirs: half of it is believed.
    half = Habit(True, 1.0, ALL, 0.3 * np.sqrt(6), 0.3)
    assert half.told(expected, came)[0] == pytest.approx([1 + 1 / 6, 1 - 1 / 6])


def test_what_all_are_ahead_by_is_the_markets_or_luck_they_share():
    expected = np.full((100, 6), 10.0)
    both, left = Habit(True, 1.0, ALL, 0.0, 0.0, 0.1).told(expected, 1.2 * expected)
    assert both == pytest.approx(np.full(100, 1.2))
    assert left.market == pytest.approx(0)
    lucky = Habit(True, 1.0, ALL, 0.0, 0.0, 0.1, 0.1 * np.sqrt(6))
    assert lucky.told(expected, 1.2 * expected)[0] == pytest.approx(np.full(100, 1.1))


def test_nothing_gone_by_says_nothing():
    of = Habit(True, 1.0, ALL, 0.5, 0.3)
    sure, left = of.told(np.zeros((2, 0)), np.zeros((2, 0)))
    assert sure.tolist() == [1, 1]
    assert left == of
    assert of.told(np.full((2, 3), 5.0), np.zeros((2, 3)))[0] == pytest.approx([1, 1])


def test_quotas_are_spread_over_the_days_they_cover():
    quotas = small.table(
        small.tables.Quotas,
        [
            {"payee_id": "a", "measure": "m", "start_date": date(2026, 1, 1),
             "end_date": date(2026, 4, 1), "amount": 900},
            {"payee_id": "a", "measure": "m", "start_date": date(2025, 12, 31),
             "end_date": date(2026, 1, 2), "amount": 100},
            {"payee_id": "a", "measure": "n", "start_date": date(2026, 1, 1),
             "end_date": date(2027, 1, 1), "amount": 1},
        ],
    )  # fmt: skip
    told = pasts.goals(quotas, "m", ["b", "a"], 2026)
    assert told[0].sum() == 0
    assert told[1][:4] == pytest.approx([310 + 50, 280, 310, 0])


def rate_rows(*rows):
    named = ("currency", "to_currency", "start_date", "rate", "kind")
    return small.company(currency_rates=[dict(zip(named, row, strict=True)) for row in rows])


def test_a_month_has_the_mean_of_its_rates_and_later_months_the_last_known():
    company = rate_rows(
        ("EUR", "USD", date(2025, 12, 20), 2, "spot"),
        ("EUR", "USD", date(2026, 2, 1), 3, "spot"),
        ("EUR", "USD", date(2026, 2, 20), 5, "spot"),
        ("EUR", "USD", date(2026, 3, 1), 9, "spot"),
    )
    told = rates.rates(company, ["EUR", "USD"], "USD", 2026, date(2026, 3, 1))
    assert told["EUR"][:4].tolist() == [2, 4, 5, 5]
    assert told["USD"].tolist() == [1] * 12
    with pytest.raises(ParameterError, match="leads from JPY to USD before 2026-03-01; add"):
        rates.rates(company, ["JPY"], "USD", 2026, date(2026, 3, 1))


def test_the_planned_rate_goes_before_spot_rates():
    company = rate_rows(
        ("EUR", "USD", date(2026, 1, 1), 2, "spot"), ("EUR", "USD", date(2026, 1, 1), 3, "plan")
    )
    assert rates.rates(company, ["EUR"], "USD", 2026, date(2026, 2, 1))["EUR"][0] == 3


SEATS = pl.DataFrame(
    {
        "payee_id": ["a", "b", "c"],
        "team": ["sales"] * 3,
        "role": ["seller", "seller", "seller"],
        "plan": ["x", "x", "y"],
        "paid_in": ["USD", "USD", "EUR"],
        "base": [100.0, 120.0, 70.0],
        "target": [50.0, 70.0, 40.0],
        "rate": [0.0, 0.0, 0.0],
        "tenure": [9, 3, 30],
        "opens": [-1, -1, -1],
    }
)


def test_hires_are_like_the_usual_one_of_their_role():
    told = people.hired(SEATS, {"seller": {"2027-01": 2, "2026-12": 1}}, date(2026, 11, 1), 2027)
    assert told["opens"].to_list() == [2, 2, 1]
    assert told["plan"].to_list() == ["x"] * 3
    assert told["base"].to_list() == [110.0] * 3
    assert set(told["payee_id"]) == {people.PLANNED}


@pytest.mark.parametrize(
    ("hires", "said"),
    [
        ({"selller": {"2027-01": 1}}, "nobody is a 'selller'; write one of: seller"),
        (
            {"seller": {"2026-10": 1}},
            "hires in 2026-10 are not planned; write a month from 2026-11",
        ),
        ({"seller": {"2028-01": 1}}, "hires in 2028-01 are not planned"),
        ({"seller": {"soon": 1}}, "hires in 'soon' cannot be meant"),
    ],
)
def test_hires_that_cannot_be_are_refused(hires, said):
    with pytest.raises(ParameterError, match=said):
        people.hired(SEATS, hires, date(2026, 11, 1), 2027)


FILE = """year: 2027
currency: USD
measure: bookings
raise: 3%
taxes:
  USD: {share: 8%, ceiling: 100_000, beyond: 1%}
  GBP: {share: 15%}
tools: 400.00
travel: {sales: 900.00, other: 100.00}
hires: {seller: {2027-03: 2}}
"""


def read(tmp_path, text):
    path = tmp_path / "2027.yaml"
    path.write_text(text, "utf-8")
    return written.read(path)


def test_the_file_says_what_it_says(tmp_path):
    told = read(tmp_path, FILE)
    assert told.taxes == {"USD": Tax(0.08, 100_000.0, 0.01), "GBP": Tax(0.15)}
    assert (told.raised, told.raised_from, told.growth) == (0.03, "2027-01", 0.0)
    assert (told.travelling("sales"), told.travelling("presales")) == (900.0, 100.0)
    assert told.hires == {"seller": {"2027-03": 2}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tools", "tool", "2027.yaml:8: 'tool' is not a word of budgets; write 'tools'"),
        ("USD\nm", "XXQ\nm", "2027.yaml:2: 'XXQ' is no currency"),
        ("measure: bookings\n", "", "'measure' is missing; add `measure: bookings`"),
        ("2027-03: 2", "2026-03: 2", "2027.yaml:10: '2026-03' is no month of 2027; write 2027-01"),
        ("2027-03: 2", "2027-03: -2", "2027.yaml:10: -2 hires cannot be meant; write 0 or more"),
        ("400.00", "-1", "2027.yaml:8: '-1' is no amount of 0 or more"),
        ("400.00", "4%", "2027.yaml:8: '4%' is no amount of 0 or more"),
        ("{share: 15%}", "{share: 15%, beyond: 2%}", "nothing beyond no ceiling; write `ceiling`"),
        ("raise: 3%", "raise: 3", "raise 3 is above 1 and has no %"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(tmp_path, old, new, said):
    assert old in FILE
    with pytest.raises(ParameterError, match=said.replace("(", r"\(")):
        read(tmp_path, FILE.replace(old, new, 1))


def test_a_payroll_currency_without_a_tax_is_refused(tmp_path):
    told = read(tmp_path, FILE)
    with pytest.raises(ParameterError, match="nothing is said of JPY"):
        costs.taxed(["USD", "JPY"], told, {"USD": 1.0, "JPY": 0.01})
    half = costs.taxed(["GBP", "USD"], told, {"USD": 0.5, "GBP": 1.3})
    assert half == [Tax(0.15), Tax(0.08, 50_000.0, 0.01)]
