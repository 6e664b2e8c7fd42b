"""Territories with free centres: exact optima, published instances, bounds, limits, bad input."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.centred.bounds import bound
from spmlib.orchestrate.territories.centred.plans import centred, how_many
from spmlib.orchestrate.territories.centred.problems import Sited, numbered, sited
from spmlib.orchestrate.territories.problems import FREE
from tests.shared import REAL, examples, needs

PUBLISHED = ["SJC1", "SJC2", "SJC3a", "lin318_005", "lin318_040", "u724_010"]


def made(accounts=16, candidates=8, territories=3, seed=0, **more) -> Sited:
    """Accounts and candidates on a square; the way there is longer than the way back."""
    random = np.random.default_rng(seed)
    places, sites = random.random((accounts, 2)) * 100, random.random((candidates, 2)) * 100
    far = np.sqrt(((places[:, None] - sites[None]) ** 2).sum(axis=2))
    size = random.integers(5, 30, accounts).astype(float)
    costs = far * (1 + 0.3 * (places[:, None, 0] > sites[None, :, 0])) * size[:, None]
    limits = {} if more.keys() & {"most", "tolerance"} else {"tolerance": 0.25}
    return sited(costs, size, territories, **limits, **more)


def optimum(of: Sited) -> float:
    """The cheapest plan there is, by HiGHS on all pairs; infinite if there is none."""
    count, sites = of.accounts, of.candidates
    pairs = count * sites
    least, most = of.limits
    most = np.minimum(most, of.size.sum())
    served = sparse.hstack(
        [sparse.kron(sparse.identity(count), np.ones((1, sites))), sparse.csr_array((count, sites))]
    )
    load = sparse.kron(of.size[None], sparse.identity(sites))
    opened = np.concatenate([np.zeros(pairs), np.ones(sites)])
    rows = [
        LinearConstraint(served, 1, 1),
        LinearConstraint(sparse.hstack([load, -sparse.diags_array(most)]), -np.inf, 0),
        LinearConstraint(sparse.hstack([load, -sparse.diags_array(least)]), 0, np.inf),
        LinearConstraint(opened[None], of.territories, of.territories),
    ]
    low = np.zeros(pairs + sites)
    low[pairs + of.fixed] = 1
    for site, account in enumerate(of.own):
        if account != FREE:
            row = np.zeros((1, pairs + sites))
            row[0, account * sites + site], row[0, pairs + site] = 1, -1
            rows.append(LinearConstraint(row, 0, np.inf))
    told = milp(
        np.concatenate([of.costs.ravel(), np.zeros(sites)]),
        integrality=np.ones(pairs + sites),
        bounds=Bounds(low, 1),
        constraints=rows,
        options={"mip_rel_gap": 0.0},
    )
    return float(told.fun) if told.x is not None else np.inf


def published(name: str) -> tuple[Sited, float]:
    """A published instance, and the cheapest plan that anybody has found of it."""
    rows = (REAL / "territory" / f"{name}.dat").read_text("utf-8").split()
    count, territories = int(rows[0]), int(rows[1])
    values = np.array(rows[2 : 2 + 4 * count], float).reshape(count, 4)
    place = values[:, :2]
    far = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    with (REAL / "territory" / "bks.csv").open(encoding="utf-8") as lines:
        best = {
            row["instance"]: float(row["best_found_in_public_sources"])
            for row in csv.DictReader(lines)
        }
    own = np.arange(count)
    return sited(far, values[:, 3], territories, values[:, 2], own=own), best[name]


@settings(max_examples=examples(2), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.2, 0.5]), st.sampled_from([(), (2,), (1, 5, 0)]))
def test_small_plans_are_the_best_there_is(seed, tolerance, fixed):
    of = made(seed=seed, tolerance=tolerance, fixed=fixed)
    best = optimum(of)
    if not np.isfinite(best):
        return
    plan = centred(of, seed=seed, shakes=3000)
    assert plan.within
    assert plan.cost == pytest.approx(best, rel=1e-6)
    assert plan.bound <= best * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_centres_that_keep_their_own_account_are_the_best_there_is(seed):
    random = np.random.default_rng(seed)
    place, size = random.random((20, 2)), random.integers(1, 9, 20).astype(float)
    far = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    of = sited(far, size, 4, most=np.ceil(size.sum() / 4 * 1.1), own=np.arange(20))
    plan = centred(of, shakes=3000)
    assert plan.within
    assert plan.cost == pytest.approx(optimum(of), rel=1e-6)
    assert plan.sellers[plan.centres].tolist() == [0, 1, 2, 3]


@needs("territory")
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_instances_are_met(name):
    of, best = published(name)
    plan = centred(of, seconds=2)
    assert plan.within
    assert plan.cost <= best * 1.01
    assert plan.bound <= best
    assert len(set(plan.centres.tolist())) == of.territories
    assert (plan.sellers[plan.centres] == np.arange(of.territories)).all()


@pytest.mark.nightly
@needs("territory")
def test_published_instances_are_met_to_two_in_ten_thousand():
    gaps = [centred(of).cost / best - 1 for of, best in map(published, PUBLISHED)]
    assert np.mean(gaps) <= 0.0002


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(-2, 3), st.sampled_from([None, 0.25]))
def test_any_multipliers_give_a_bound(seed, times, tolerance):
    random = np.random.default_rng(seed)
    limits = {"most": 150.0} if tolerance is None else {"tolerance": tolerance}
    of = made(10, 5, 2, seed % 50, **limits)
    multipliers = times * of.costs.mean(axis=1) * random.random(10)
    assert bound(of, multipliers) <= optimum(of) + 1e-6


def test_the_bound_is_that_of_the_linear_programme():
    of = made(10, 5, 2, most=120.0)
    size, most = of.size, of.limits[1]
    least = np.inf
    for pair in [(a, b) for a in range(5) for b in range(a)]:  # whole centres, parted accounts
        costs = of.costs[:, list(pair)]
        rows = [
            LinearConstraint(sparse.kron(sparse.identity(10), np.ones((1, 2))), 1, 1),
            LinearConstraint(sparse.kron(size[None], sparse.identity(2)), -np.inf, most[:2]),
        ]
        told = milp(costs.ravel(), bounds=Bounds(0, 1), constraints=rows)
        least = min(least, told.fun)
    plan = centred(of, shakes=200)
    assert plan.bound <= least * (1 + 1e-9)
    assert plan.bound >= 0.9 * least


def test_the_certificate_can_be_computed_again():
    plan = centred(made(80, 30, 6), shakes=500)
    assert bound(plan.problem, plan.multipliers) == plan.bound
    assert 0 <= plan.gap < 0.1
    assert plan.cost == pytest.approx(plan.bound * (1 + plan.gap))


def test_fixed_centres_stay_and_the_others_are_found():
    free = centred(made(60, 20, 5), shakes=2000)
    wrong = [n for n in range(20) if n not in free.centres][:2]
    plan = centred(made(60, 20, 5, fixed=wrong), shakes=2000)
    assert plan.centres[:2].tolist() == wrong
    assert plan.within
    assert plan.cost > free.cost
    everyone = centred(made(60, 20, 5, fixed=free.centres.tolist()), shakes=2000)
    assert everyone.cost == pytest.approx(free.cost, rel=1e-3)


@pytest.mark.parametrize("tolerance", [0.02, 0.05, 0.2])
def test_both_limits_hold(tolerance):
    plan = centred(made(150, 40, 6, tolerance=tolerance), shakes=3000)
    assert plan.within
    share = plan.loads / plan.problem.mean
    assert share.min() >= 1 - tolerance - 1e-9
    assert share.max() <= 1 + tolerance + 1e-9


def test_lower_limits_change_the_plan():
    most = centred(made(60, 20, 5, most=1e9), shakes=2000)
    both = centred(made(60, 20, 5, tolerance=0.05), shakes=2000)
    assert most.loads.min() < 0.95 * most.problem.mean
    assert most.cost < both.cost
    assert both.bound <= both.cost


def test_the_same_seed_gives_the_same_plan():
    one, same, other = (centred(made(300, 100, 20), seed=s, shakes=30) for s in (1, 1, 2))
    assert one.sellers.tolist() == same.sellers.tolist()
    assert one.bound == same.bound
    assert one.sellers.tolist() != other.sellers.tolist()


def test_weights_do_not_change_what_is_near():
    of = made(80, 30, 6)
    dear = sited(of.costs * 1000, of.size / 1000, 6, tolerance=0.25)
    one, other = centred(of, shakes=2000), centred(dear, shakes=2000)
    assert other.cost == pytest.approx(1000 * one.cost, rel=1e-3)


def test_accounts_without_load_go_to_the_nearest():
    of = made(40, 10, 3)
    size = of.size.copy()
    size[:5] = 0
    plan = centred(sited(of.costs, size, 3, tolerance=0.2), shakes=500)
    nearest = of.costs[:5][:, plan.centres].argmin(axis=1)
    assert plan.sellers[:5].tolist() == nearest.tolist()


def test_more_territories_are_nearer():
    rows = how_many(made(60, 20, 5), [3, 5, 8], seconds=0.5)
    assert rows["territories"].tolist() == [3, 5, 8]
    assert rows["cost"].is_monotonic_decreasing
    assert (rows["bound"] <= rows["cost"]).all()
    assert rows["within"].all()
    assert rows["worst_load"].between(1, 1.25 + 1e-9).all()


def test_one_territory_and_every_candidate():
    one = made(12, 5, 1, tolerance=0.0)
    assert centred(one, shakes=50).cost == pytest.approx(one.costs.sum(axis=0).min())
    every = made(12, 5, 5, most=1e9)
    assert centred(every, shakes=50).cost == pytest.approx(every.costs.min(axis=1).sum())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"territories": 5}, "5 territories are asked of 4 candidates"),
        ({"territories": 0}, "0 territories are asked of 4 candidates; ask for 1 at least"),
        ({"most": 49.0}, "2 territories carry 98 at most, less than the 100 there is"),
        ({"most": [60.0, 39.0, 38.0, 1.0]}, "carry 99 at most"),
        ({"most": [99.0, 9.0, 0.0, 9.0], "fixed": [1, 2]}, "carry 9 at most, less than the 100"),
        ({"most": 9.0, "territories": 4}, "account 0 is 10, larger than the 9 that any"),
        ({"most": [90.0, 20, 20, 20], "tolerance": 0.1}, "carry 75 at most"),
        ({"most": [90.0, 90, 90, 9], "tolerance": 0.2}, "a capacity of 9 lies below the least"),
        ({"tolerance": 1.0}, "the tolerance is 1.0; it is a share of the mean"),
        ({"fixed": [1, 1]}, "fixed centres [1, 1] are to be different candidates"),
        ({"fixed": [4]}, "counted from 0 to 3"),
        ({"fixed": [0, 1, 2]}, "3 centres are fixed and 2 territories asked"),
        ({"own": [0, 0, 1, 2]}, "own names one account for each candidate, no account twice"),
        ({"own": [0, 10, FREE, FREE]}, "own names accounts from 0 to 9, or FREE"),
        ({"size": np.full(9, 10.0)}, "sizes (9,); costs are accounts x candidates"),
        ({"size": np.full(10, -1.0)}, "a size or capacity is negative or missing"),
        ({"costs": np.full((10, 4), np.nan)}, "the cost of account 0 at candidate 0 is nan"),
        ({"costs": np.full((10, 4), -2.0)}, "the cost of account 0 at candidate 0 is -2.0"),
    ],
)
def test_what_cannot_be_is_told(more, message):
    asked = {"costs": np.ones((10, 4)), "size": np.full(10, 10.0), "territories": 2}
    with pytest.raises(ParameterError) as raised:
        sited(**(asked | more))
    assert message in str(raised.value)


def test_limits_just_met_are_no_error():
    assert sited(np.ones((10, 4)), np.full(10, 10.0), 2, most=50.0).territories == 2
    with pytest.raises(ParameterError, match="1 territories carry 50 at most"):
        numbered(sited(np.ones((10, 4)), np.full(10, 10.0), 2, most=50.0), 1)
