"""Balanced plans: prices against the linear programme, pairs, counted limits, likely sellers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.dives import dived
from spmlib.orchestrate.territories.balanced.likely import NOBODY, charged, likely
from spmlib.orchestrate.territories.balanced.plans import assigned
from spmlib.orchestrate.territories.balanced.prices import bound, priced
from spmlib.orchestrate.territories.balanced.scaled import scaled, unscaled
from spmlib.orchestrate.territories.balanced.searches import searched
from spmlib.orchestrate.territories.balanced.softened import softened
from spmlib.orchestrate.territories.problems import better, problem
from tests.territories.test_territories import made, optimum


def relaxation(of) -> float:
    """What the plan costs if accounts may be divided, by HiGHS on all pairs."""
    each = sparse.kron(sparse.identity(of.accounts), np.ones((1, of.sellers)))
    rows, right = [], []
    for row, least, most in zip(of.measures, of.least, of.most, strict=True):
        load = sparse.kron(row[None], sparse.identity(of.sellers))
        rows += [load, -load]
        right += [most, -least]
    top = np.where(of.allowed.ravel(), 1.0, 0.0)
    told = linprog(
        of.full.ravel(),
        A_ub=sparse.vstack(rows),
        b_ub=np.concatenate(right),
        A_eq=each,
        b_eq=np.ones(of.accounts),
        bounds=np.stack([np.zeros(len(top)), top], axis=1),
    )
    assert told.status == 0
    return float(told.fun)


@pytest.mark.parametrize("kinds", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_prices_are_as_good_as_those_of_the_linear_programme(kinds, seed):
    of = made(300, 8, seed, kinds, tolerances=0.1)
    best = relaxation(of)
    told = priced(of)
    assert told.bound <= best * (1 + 1e-9)
    assert told.bound >= best * (1 - 1e-4)


def test_sellers_far_from_all_still_get_their_part():
    random = np.random.default_rng(1)
    places = random.normal(0, 1, (400, 2))
    homes = np.concatenate([random.normal(0, 1, (9, 2)), [[60.0, 60.0]]])
    far = np.sqrt(((places[:, None] - homes[None]) ** 2).sum(axis=2))
    of = problem(far, np.ones(400), 0.05)
    plan = assigned(of, 0)
    assert plan.within
    assert plan.bound >= relaxation(of) * (1 - 1e-4)
    assert 0 <= plan.gap < 0.002


def test_the_softened_sum_has_the_slope_and_curvature_of_small_steps():
    of = scaled(made(40, 4, 3, 2))
    prices = np.random.default_rng(0).normal(0, 1, of.least.shape)
    seller, cost = likely(of, prices, 4)
    soft, step = 0.2 * of.spread, 1e-5 * of.spread
    _, load, curved = softened(seller, cost, of.sizes, of.weights, prices, soft)
    for k, s in ((0, 0), (1, 2)):
        up, down = prices.copy(), prices.copy()
        up[k, s] += step
        down[k, s] -= step
        high, load_high, _ = softened(seller, cost, of.sizes, of.weights, up, soft)
        low, load_low, _ = softened(seller, cost, of.sizes, of.weights, down, soft)
        assert (high - low) / (2 * step) == pytest.approx(load[k, s], rel=1e-4)
        falls = -(load_high - load_low).ravel() / (2 * step)
        assert falls == pytest.approx(curved[k * 4 + s], rel=1e-3, abs=1e-6)


def test_likely_sellers_are_the_cheapest_and_every_seller_is_looked_at():
    of = scaled(made(200, 12, 2, allowed=np.random.default_rng(0).random((200, 12)) < 0.8))
    prices = np.random.default_rng(4).normal(0, of.spread, of.least.shape)
    seller, cost = likely(of, prices, 3, share=False)
    full = of.costs + of.sizes @ prices
    np.testing.assert_array_equal(seller, np.argsort(full, axis=1)[:, :3])
    np.testing.assert_allclose(charged(of, prices, seller, cost), np.sort(full, axis=1)[:, :3])
    shared, _ = likely(of, prices, 5)
    looked = np.bincount(shared[shared != NOBODY], minlength=12)
    assert looked.min() > 0
    alone = np.full((200, 12), False)
    alone[:, 0] = True
    few, _ = likely(scaled(made(200, 12, 2, allowed=alone, tolerances=20.0)), prices, 3)
    assert (few[:, 0] == 0).all()
    assert (few[:, 1:] == NOBODY).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2))
def test_each_step_is_whole_and_none_makes_a_plan_worse(seed, kinds):
    of = made(60, 4, seed, kinds, tolerances=0.15)
    told = priced(of)
    first = dived(told)
    assert first.min() >= 0 and first.max() < 4
    second = searched(of, told, first)
    if of.beyond(first).max() == 0:
        assert of.cost(second) <= of.cost(first) + 1e-9
        assert of.beyond(second).max() <= 1e-9 * of.totals.max()
    assert (better(of, second, first) == second).all()


def test_plans_are_the_same_each_time_without_a_clock():
    one, other = (assigned(made(400, 8, 5, 2, tolerances=0.1), rounds=5) for _ in range(2))
    np.testing.assert_array_equal(one.sellers, other.sellers)


def test_more_rounds_never_make_a_plan_dearer():
    of = made(600, 10, 6, tolerances=0.05)
    costs = [assigned(of, rounds=many).cost for many in (0, 5, 20)]
    assert costs == sorted(costs, reverse=True)
    assert all(cost >= relaxation(of) * (1 - 1e-9) for cost in costs)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_what_goes_together_does_and_what_is_apart_is(seed):
    random = np.random.default_rng(seed)
    order = random.permutation(24)
    together = [(int(order[0]), int(order[1])), (int(order[1]), int(order[2]))]
    apart = [(int(order[a]), int(order[b])) for a, b in ((2, 3), (3, 4), (5, 6), (7, 8))]
    of = made(24, 3, seed, tolerances=0.3, together=together, apart=apart)
    best = paired(of, together, apart)
    plan = assigned(of, rounds=5)
    assert of.parted(plan.sellers)
    if np.isfinite(best):
        assert plan.within
        assert plan.bound <= best * (1 + 1e-9)
        assert plan.cost == pytest.approx(best, rel=2e-3)
        assert bound(of, plan.prices) == pytest.approx(plan.bound)


def paired(of, together, apart) -> float:
    """The cheapest whole plan with pairs, by HiGHS on all pairs of account and seller."""
    count, sellers = of.accounts, of.sellers
    limits = [LinearConstraint(sparse.kron(sparse.identity(count), np.ones((1, sellers))), 1, 1)]
    for row, least, most in zip(of.measures, of.least, of.most, strict=True):
        limits.append(
            LinearConstraint(sparse.kron(row[None], sparse.identity(sellers)), least, most)
        )
    for sign, pairs, top in ((-1, together, 0), (1, apart, 1)):
        for one, other in pairs:
            both = np.zeros((1, count))
            both[0, one], both[0, other] = 1, sign
            rows = sparse.kron(both, sparse.identity(sellers))
            limits.append(LinearConstraint(rows, -top if sign > 0 else 0, top))
    told = milp(
        of.full.ravel(), integrality=np.ones(count * sellers), bounds=Bounds(0, 1),
        constraints=limits,
    )  # fmt: skip
    return float(told.fun) if told.x is not None else np.inf


def test_pairs_hold_in_large_plans_too():
    random = np.random.default_rng(8)
    pairs = random.permutation(500).reshape(-1, 2)
    of = made(500, 10, 8, tolerances=0.1, together=pairs[:30].tolist(), apart=pairs[30:90].tolist())
    plan = assigned(of, rounds=10)
    assert plan.within
    assert plan.gap < 0.02


def test_one_account_by_hand_takes_along_what_goes_with_it():
    of = made(60, 3, together=[(7, 8)])
    plan = assigned(of, 0)
    to = int((plan.sellers[7] + 1) % 3)
    other = plan.with_account(7, to)
    assert other.sellers[7] == other.sellers[8] == to


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"together": [(1, 2)], "apart": [(2, 1)]},
            "accounts 2 and 1 must go together and must not",
        ),
        ({"together": [(1, 2)], "locked": [-1, 0, 1, *[-1] * 17]}, r"accounts [1, 2], that go tog"),
        ({"apart": [(1, 2)], "locked": [-1, 0, 0, *[-1] * 17]}, "both locked to seller 0"),
    ],
)
def test_pairs_that_contradict_are_told(more, message):
    more = {name: np.array(value) if name == "locked" else value for name, value in more.items()}
    with pytest.raises(ParameterError) as raised:
        problem(np.ones((20, 2)), np.full(20, 10.0), 0.5, **more)
    assert message in str(raised.value)


def test_limits_of_what_is_counted_are_whole():
    of = problem(np.ones((10, 3)), np.array([3.0, 4, 5, 6, 7, 8, 9, 10, 11, 12]), 0.1)
    assert of.totals[0] / 3 * 0.9 == pytest.approx(22.5)
    assert of.least[0].tolist() == [23.0] * 3
    assert of.most[0].tolist() == [27.0] * 3
    half = problem(np.ones((10, 3)), np.arange(3, 13) + 0.5, 0.1)
    assert half.least[0, 0] == pytest.approx(half.totals[0] / 3 * 0.9)


def test_scaled_prices_are_those_of_the_measures():
    of = made(50, 4, 2, 2)
    told = priced(of)
    np.testing.assert_allclose(unscaled(of, told.scaled), told.prices)
    assert told.bound == pytest.approx(bound(of, told.prices))


def test_one_seller_has_it_all():
    of = problem(np.arange(5.0)[:, None], np.ones(5), 0.05)
    plan = assigned(of, 0)
    assert plan.sellers.tolist() == [0] * 5
    assert plan.cost == 10
    assert plan.gap == pytest.approx(0, abs=1e-9)


def test_accounts_without_workload_go_to_the_nearest():
    of = made(100, 4, 1)
    size = of.measures.copy()
    size[0, :10] = 0
    free = problem(of.costs, size, 0.1)
    plan = assigned(free, 0)
    assert plan.within
    assert (plan.sellers[:10] == free.costs[:10].argmin(axis=1)).all()
    assert plan.bound <= optimum(free) + 1e-6
