"""What plans leave open to play, held against the curves themselves and slow, obvious oracles."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming import discounts, extremes, mixing, orders, returns, sandbagging
from spmlib.incent.gaming.cliffs import cliffs, gate, moved, multipliers, worth
from spmlib.incent.gaming.paid import paying
from spmlib.incent.gaming.splitting import additivity, best_split, merged
from spmlib.incent.gaming.timing import Account, Deal, best, paid_for
from spmlib.rules.payments import Clawback
from tests.shared import SHARED

CENT = Fraction(1, 100)
SERVICES = [(0, "2%"), (20_000, "3%"), (45_000, "4%")]


def commission(name):
    path = SHARED / "worked-examples/commission.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    return next(case for case in json.loads(path.read_text("utf-8")) if case["id"] == name)


@pytest.mark.parametrize("boundary", ["upper", "lower"])
@pytest.mark.parametrize(
    ("table", "words"),
    [
        (SERVICES, {"crossing": "whole"}),
        ([(0, 0), (20, 300), (30, 600)], {"pays": "amount"}),
        ([(0, 0), ("80%", "50%"), ("100%", "100%")], {"pays": "target", "quota": 700, "target": 9}),
        ([(0, "8%"), (1, "5%")], {"crossing": "whole", "quota": 100_000}),
    ],
)
def test_each_jump_is_pay_at_the_threshold_less_pay_just_below_it(table, words, boundary):
    paid = paying(table, boundary=boundary, **words)
    found = cliffs(paid)
    assert len(found) == len(table) - 1
    for cliff in found:
        tiny = Fraction(1, 10**12)
        here, there = (
            (cliff.at, cliff.at - tiny) if boundary == "upper" else (cliff.at + tiny, cliff.at)
        )
        side = here if boundary == "upper" else there
        slope = cliff.slope_below if boundary == "upper" else cliff.slope_above
        assert paid.at(here) - paid.at(there) == cliff.jump + slope * tiny, side


def test_marginal_rates_have_no_jump_and_a_cap_ends_what_is_paid():
    paid = paying([(0, "8%"), (1, "12%")], quota=1_000_000, cap=100_000)
    assert [(c.kind, float(c.at), float(c.jump)) for c in cliffs(paid)] == [
        ("rate", 1_000_000, 0),
        ("cap", pytest.approx(1_166_666.67, abs=0.01), 0),
    ]
    assert paid.at(cliffs(paid)[1].at) == 100_000


def test_a_floor_ends_where_the_curve_passes_it():
    found = cliffs(paying([(0, "10%")], floor=300))
    assert [(c.kind, c.at, c.slope_below, c.slope_above) for c in found] == [
        ("floor", 3000, 0, Fraction(1, 10))
    ]


def test_a_falling_rate_for_all_is_a_drop_worth_holding_a_deal_back_for():
    paid = paying([(0, "10%"), (1000, "6%")], crossing="whole")
    (drop,) = cliffs(paid)
    assert (drop.kind, drop.jump) == ("drop", -40)
    assert sandbagging.held(paid, paid, 100, 950, 0).gain > 0


def test_gates_and_multipliers_hang_on_what_is_earned():
    paid = paying([(0, "10%")])
    assert gate(paid, 5000, "80%").jump == 500
    steps = multipliers(paid, 5000, [(0, "0.95"), ("68%", 1), ("80%", "1.03")])
    assert [(c.at, c.jump) for c in steps] == [(Fraction("0.68"), 25), (Fraction("0.8"), 15)]


def test_published_retroactive_tables_jump_by_the_difference_of_rates():
    """Oracle's flat rates: all of the attainment earns the rate of its tier."""
    case = commission("A3")
    tiers = case["inputs"]["tiers"]
    paid = paying([(low, rate) for low, _, rate in tiers], crossing="whole")
    for value, rate in zip(case["inputs"]["values"], case["expected"]["rates"], strict=True):
        assert paid.at(value) == value * Fraction(rate)
    for cliff, (low, _, rate), before in zip(cliffs(paid), tiers[1:], tiers, strict=False):
        assert cliff.jump == low * (Fraction(rate) - Fraction(before[2]))


def test_a_published_marginal_table_has_no_jump():
    case = commission("A21")
    paid = paying([(low, rate) for low, _, rate in case["inputs"]["tiers"]])
    values = zip(case["inputs"]["values"], case["expected"]["payouts"], strict=True)
    assert all(paid.at(value) == Fraction(payout) for value, payout in values)
    assert all(cliff.kind == "rate" and cliff.jump == 0 for cliff in cliffs(paid))


def test_a_deal_moved_across_a_cliff_gains_what_both_windows_say():
    paid = paying(SERVICES, crossing="whole")
    gain = moved(paid, paid, 5000, 16_000, 0)
    assert gain == (paid.at(21_000) - paid.at(16_000)) - paid.at(5000) == 210
    assert worth(paid, 20_000, 5000) == max(
        moved(paid, paid, 5000, x, 0) for x in (20_000 - CENT, 15_000)
    )


def test_a_linear_plan_cannot_be_timed():
    year = paying([(0, "8%")])
    deals = [Deal(str(n), 1000 * n, (0, 1)) for n in range(1, 6)]
    assert best(deals, [Account(year, (0,)), Account(year, (1,))]).gain == 0


def pipeline(seed):
    rng = np.random.default_rng(seed)
    curve = paying(
        [(0, "5%"), (int(rng.integers(50, 150)), "8%"), (int(rng.integers(200, 300)), "4%")],
        crossing=("split", "whole")[seed % 2],
        boundary=("upper", "lower")[seed // 2 % 2],
        cap=(None, 18)[seed // 4 % 2],
        floor=(None, 3)[seed // 8 % 2],
    )
    prize = paying([(0, 0), (400, 50)], pays="amount")
    deals = []
    for n in range(int(rng.integers(1, 7))):
        windows = tuple(sorted(rng.choice(3, int(rng.integers(1, 4)), replace=False).tolist()))
        deals.append(Deal(str(n), int(rng.integers(-2000, 20_000)) / 100, windows))
    accounts = [Account(curve, (0,), 37), Account(curve, (1,)), Account(curve, (2,))]
    return deals, [*accounts, Account(prize, (0, 1, 2), 100)]


@pytest.mark.parametrize("seed", range(32))
def test_the_best_timing_is_that_of_all_assignments(seed):
    deals, accounts = pipeline(seed)
    every = product(*(deal.windows for deal in deals))
    most = max(paid_for(deals, accounts, windows) for windows in every)
    made = best(deals, accounts)
    assert made.pays == most
    assert made.gain == most - paid_for(deals, accounts, [d.as_it_comes for d in deals])
    assert sum(made.sums[0]) == sum(made.sums[1])


@pytest.mark.parametrize("seed", range(8))
def test_a_long_pipeline_as_a_program_pays_as_much(seed):
    deals, accounts = pipeline(seed)
    by_program = best(deals, accounts, most=0)
    assert by_program.proven
    assert abs(by_program.pays - best(deals, accounts).pays) <= CENT


def test_the_best_order_is_that_of_all_orders():
    paid = paying([(0, "5%"), (100, "10%"), (250, "4%")], crossing="transaction")
    deals = [80, 60, 45, 120, 7]

    def pays(order):
        x, total = Fraction(0), Fraction(0)
        for n in order:
            total += paid.of_deal(x, deals[n])
            x += deals[n]
        return total

    order, amount = orders.best_order(paid, deals)
    assert amount == pays(order) == max(map(pays, permutations(range(len(deals)))))


@pytest.mark.parametrize(
    "paid",
    [
        paying([(0, 250), (100, 750), (400, 1500)], pays="amount", boundary="lower", alone=True),
        paying([(0, "1%"), (200, "5%")], alone=True),
        paying([(0, "5%"), (200, "1%")], alone=True),
        paying([(0, "8%")], windfall=150),
    ],
)
def test_the_best_split_in_two_is_that_of_all_splits(paid):
    for size in (90, 230):
        cents = range(1, size * 100)
        alone = [float(paid.of_deal(0, Fraction(n, 100))) for n in cents]
        every = np.array(alone) + np.array(alone)[::-1]
        whole = float(paid.of_deal(0, size))
        made = best_split(paid, size)
        assert float(made.apart) == pytest.approx(max(every.max(), whole), abs=1e-9)
        assert sum(made.parts) == size and made.gain >= 0


def test_pay_is_super_additive_where_rates_rise_and_sub_additive_where_they_fall():
    rising, falling = paying([(0, "1%"), (100, "5%")]), paying([(0, "5%"), (100, "1%")])
    assert merged(rising, 80, 80) > 0 > merged(falling, 80, 80)
    assert merged(paying([(0, "5%")]), 80, 80) == 0
    assert max(split for _, split, _ in additivity(rising, 300, 60)) == 0
    assert max(join for _, _, join in additivity(falling, 300, 60)) == 0


def test_a_deal_is_held_back_once_the_cap_is_reached_and_not_before():
    year = paying([(0, "5%"), (1, "10%")], quota=1000, cap=60)
    assert [h.why for h in sandbagging.over(year, year, 100, 500, (900, 1100, 1500))] == [
        "", "capped", "capped"
    ]  # fmt: skip
    assert sandbagging.pulled(year, year, 100, 1000, 0) == 5


def test_a_windfall_limit_keeps_what_lies_beyond_it():
    one = extremes.extreme(paying([(0, "10%")], windfall=100), 350)
    assert (one.pays, one.unlimited, one.kept, one.counted) == (10, 35, 25, 100)


@pytest.mark.parametrize(
    ("months", "share"), [(0, 1), (3, Fraction(3, 4)), (11, Fraction(1, 12)), (12, 0), (13, 0)]
)
def test_what_is_taken_back_ends_with_the_window(months, share):
    terms = Clawback("plan:1", 12, "pro_rata", (), "paid_rate")
    assert returns.taken_back(terms, months) == share
    assert returns.kept(paying([(0, "10%")]), 1000, 0, terms, months) == 100 * (1 - share)


def test_without_a_clawback_a_cancellation_counts_in_full_where_the_window_stands():
    year = paying([(0, "5%"), (100_000, "8%")], crossing="whole")
    assert returns.kept(year, 20_000, 90_000, None, 3) == 0
    later = returns.kept(year, 20_000, 90_000, None, 14, later=30_000)
    assert later == (110_000 * Fraction("0.08") - 4500) - 1000


def test_the_discount_worth_giving_leaves_the_deal_just_across():
    paid = paying(SERVICES, crossing="whole")
    (one,) = discounts.to_cross(paid, 18_000, 4000)
    at_it = 18_000 + 4000 * (1 - one.most)
    assert at_it == 20_000 and one.margin_lost == 2000
    assert one.gain == paid.at(20_000) - paid.at(18_000) - paid.at(4000)
    assert discounts.to_cross(paid, 10_000, 4000) == []
    assert discounts.break_even(1000, 200, 4000) == Fraction(1, 5)


def test_a_discount_is_never_deeper_than_pay_in_the_next_window_allows():
    paid = paying([(0, "5%"), (100, "6%")])
    (one,) = discounts.to_cross(paid, 95, 100, otherwise=4)
    assert paid.at(95 + 100 * (1 - one.most)) - paid.at(95) >= 4
    assert paid.at(95 + 100 * (1 - one.most) - CENT) - paid.at(95) < 4


def test_a_kind_that_pays_more_is_found():
    flat = {"new": (paying([(0, "8%")]), 0), "more": (paying([(0, "2%")]), 0)}
    kinds = {"new": ["new", "more"], "renewal": ["more"], "service": []}
    found = [(m.called, m.instead, m.gain) for m in mixing.mixed(kinds, flat, 1000)]
    assert found == [("service", "new", 100), ("renewal", "new", 80), ("service", "renewal", 20)]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: paying([]), "the rows do not rise from 0"),
        (lambda: paying([(0, 1), (0, 2)]), "the rows do not rise from 0"),
        (lambda: paying([(0, "8%")], pays="rates"), "`pays: rates` means nothing"),
        (lambda: paying([(0, "8%")], crossing="all"), "`crossing: all` means nothing"),
        (lambda: paying([(0, 1)], pays="target"), "there is no target"),
        (lambda: paying([(0, "8%")], quota=0), "a quota of 0 cannot be met"),
        (lambda: best([Deal("a", 1, ())], []), "a: it may be booked in []"),
        (
            lambda: best([], [Account(paying([(0, 1)], alone=True), (0,))]),
            "a curve pays deal by deal",
        ),
        (lambda: orders.best_order(paying([(0, 1)]), [1] * 16), "there are 16 deals"),
        (lambda: best_split(paying([(0, 1)]), 0), "what is split is above 0"),
        (lambda: worth(paying([(0, 1)], alone=True), 1, 1), "only what adds up in a window"),
        (lambda: sandbagging.held(paying([(0, 1)]), paying([(0, 1)]), 0, 0, 0), "above 0"),
        (lambda: returns.taken_back(None, -1), "not cancelled before it is booked"),
        (lambda: discounts.to_cross(paying([(0, 1)]), 0, 0), "what is discounted is above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, says):
    with pytest.raises(ParameterError, match=says.replace("[", r"\[").replace("]", r"\]")):
        call()
