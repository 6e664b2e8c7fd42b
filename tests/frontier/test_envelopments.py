"""Envelopments beside a solver, and what does not change a score."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier.envelopments import enveloped, scales, super_efficiency
from spmlib.incent.benchmarking.frontier.programs import ORIENTATIONS, RETURNS
from spmlib.incent.benchmarking.frontier.units import Model

RIGHT = {"variable": (1, 1), "non_increasing": (-np.inf, 1), "non_decreasing": (1, np.inf)}


def solved(used, brought, unit, model, others):
    """The factor of a unit and the sum of its slacks, by HiGHS: nan where there is no mix."""
    (left, right), inward = (used[others], brought[others]), model.orientation == "input"
    fixed = np.array(model.fixed_inputs, int)
    ray = used[unit] * inward
    held = used[unit] * (not inward)
    held[fixed], ray[fixed] = used[unit, fixed], 0.0
    more, asked = brought[unit] * (not inward), brought[unit] * inward
    upper = np.vstack([np.column_stack([-ray, left.T]), np.column_stack([more, -right.T])])
    limit = np.concatenate([held, -asked])
    goal = np.zeros(len(others) + 1)
    goal[0] = 1 if inward else -1
    first = optimum(goal, upper, limit, model)
    if first is None:
        return np.nan, np.nan
    factor = first.x[0]
    tight = limit - upper[:, 0] * factor
    counted = np.ones(len(limit))
    counted[fixed] = 0.0
    goal = np.concatenate([[0.0], counted @ upper[:, 1:]])
    upper[:, 0] = 0.0
    second = optimum(goal, upper, tight + 1e-11, model)
    return factor, counted @ tight - second.fun


def optimum(goal, upper, limit, model):
    if model.returns == "constant":
        made = linprog(goal, upper, limit, method="highs")
    else:
        low, high = RIGHT[model.returns]
        sums = np.concatenate([[0.0], np.ones(len(goal) - 1)])[None]
        above, below = (sums, [high]), (-sums, [-low])
        kept = [each for each in (above, below) if np.isfinite(each[1][0])]
        upper = np.vstack([upper, *(rows for rows, _ in kept)])
        limit = np.concatenate([limit, *(right for _, right in kept)])
        made = linprog(goal, upper, limit, method="highs")
    return made if made.status == 0 else None


def drawn(seed, whole):
    random = np.random.default_rng(seed)
    count, inputs, outputs = random.integers(2, 18), *random.integers(1, 4, 2)
    if whole:  # many ties, and zeros
        used = random.integers(0, 6, (count, inputs)).astype(float)
        brought = random.integers(0, 6, (count, outputs)).astype(float)
        used[:, 0] += 1
        brought[:, -1] += 1
        return used, brought
    return random.lognormal(0, 1, (count, inputs)), random.lognormal(0, 1, (count, outputs))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("returns", RETURNS)
@pytest.mark.parametrize("seed", range(6))
def test_scores_and_slacks_are_those_of_a_solver(seed, returns, orientation):
    used, brought = drawn(seed, seed % 2 == 0)
    every = np.arange(len(used))
    model = Model(returns, orientation)
    found = enveloped(used, brought, model)
    said = np.array([solved(used, brought, unit, model, every) for unit in every])
    assert found.factors == pytest.approx(said[:, 0], rel=1e-7)
    slack = found.input_slacks.sum(1) + found.output_slacks.sum(1)
    assert slack == pytest.approx(said[:, 1], abs=2e-5 * max(1, used.max(), brought.max()))
    beyond = super_efficiency(used, brought, model).factors
    said = [solved(used, brought, unit, model, every[every != unit])[0] for unit in every]
    assert beyond == pytest.approx(np.array(said), rel=1e-7, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
def test_fixed_inputs_are_those_of_a_solver(seed):
    random = np.random.default_rng(seed)
    used, brought = random.lognormal(0, 1, (15, 3)), random.lognormal(0, 1, (15, 2))
    for returns in RETURNS:
        model = Model(returns, fixed_inputs=(0, 2))
        found = enveloped(used, brought, model)
        said = [solved(used, brought, unit, model, np.arange(15)) for unit in range(15)]
        assert found.factors == pytest.approx(np.array(said)[:, 0], rel=1e-7)
        slack = found.input_slacks[:, 1] + found.output_slacks.sum(1)
        assert slack == pytest.approx(np.array(said)[:, 1], abs=1e-4)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("returns", RETURNS)
def test_mixes_do_what_they_say(returns, orientation):
    used, brought = drawn(11, whole=False)
    found = enveloped(used, brought, Model(returns, orientation))
    for unit in range(len(used)):
        peers = found.peers(unit)
        weights = np.array(list(peers.values()))
        assert weights @ used[list(peers)] == pytest.approx(found.input_targets[unit])
        assert weights @ brought[list(peers)] == pytest.approx(found.output_targets[unit])
        assert found.efficient[list(peers)].all()  # one learns from the best
        if returns == "variable":
            assert weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("returns", ["constant", "variable"])
def test_prices_show_each_unit_in_its_best_light(returns):
    used, brought = drawn(5, whole=False)
    found = enveloped(used, brought, Model(returns))
    worth = (found.output_prices[:, None, :] * brought).sum(2)
    cost = (found.input_prices[:, None, :] * used).sum(2)
    assert np.diag(cost) == pytest.approx(1)
    level = found.scores - np.diag(worth)  # what scale adds
    if returns == "constant":
        assert level == pytest.approx(0, abs=1e-9)
    assert (worth + level[:, None] - cost <= 1e-8).all()  # at its prices nobody does better


def test_mix_and_prices_prove_each_other_however_far_numbers_lie_apart():
    random = np.random.default_rng(9)
    used, brought = random.lognormal(0, 3, (60, 2)), random.lognormal(0, 3, (60, 2))
    found = enveloped(used, brought, Model("constant"))
    for unit in range(60):
        peers = found.peers(unit)
        weights = np.array(list(peers.values()))
        factor, cost = found.factors[unit], used @ found.input_prices[unit]
        worth = brought @ found.output_prices[unit]
        assert (weights @ used[list(peers)] <= factor * used[unit] * (1 + 1e-6)).all()
        assert worth[unit] == pytest.approx(factor) and cost[unit] == pytest.approx(1)
        assert (worth <= cost * (1 + 1e-7)).all()


def test_units_of_measure_change_nothing():
    used, brought = drawn(3, whole=False)
    plain = enveloped(used, brought)
    moved = enveloped(used * [1e6, 1e-5, 3][: used.shape[1]], brought * 1e4)
    assert moved.scores == pytest.approx(plain.scores)


def test_translation_changes_nothing_where_returns_vary():
    used, brought = drawn(7, whole=False)
    plain = enveloped(used, brought)
    assert enveloped(used, brought - 50).scores == pytest.approx(plain.scores)
    outward = Model(orientation="output")
    plain = enveloped(used, brought, outward)
    assert enveloped(used - 50, brought, outward).scores == pytest.approx(plain.scores)


def test_order_of_models():
    used, brought = drawn(2, whole=False)
    found = {name: enveloped(used, brought, Model(name)).scores for name in RETURNS}
    assert (found["constant"] <= found["variable"] + 1e-9).all()
    assert (found["non_increasing"] <= found["variable"] + 1e-9).all()
    either = np.minimum(found["non_increasing"], found["non_decreasing"])
    assert either == pytest.approx(found["constant"])
    assert (scales(used, brought).scale <= 1 + 1e-9).all()
    outward = enveloped(used, brought, Model("constant", "output"))
    assert outward.factors == pytest.approx(1 / found["constant"])
    assert outward.scores == pytest.approx(found["constant"])


def test_a_dominated_unit_changes_nothing():
    used, brought = drawn(9, whole=False)
    plain = enveloped(used, brought)
    more = enveloped(np.vstack([used, used[0] * 1.5]), np.vstack([brought, brought[0] * 0.5]))
    assert more.scores[:-1] == pytest.approx(plain.scores)
    assert more.scores[-1] <= 1 / 1.5 + 1e-9
    twice = enveloped(np.vstack([used, used]), np.vstack([brought, brought]))
    assert twice.scores == pytest.approx(np.tile(plain.scores, 2))


def test_others_make_the_frontier():
    found = enveloped([2, 1], [2, 9], Model("constant"), reference=([1, 2], [2, 2]))
    assert found.scores == pytest.approx([0.5, 4.5])  # the second is beyond them
    assert np.isnan(enveloped([1], [9], reference=([1, 2], [2, 2])).scores[0])


def test_many_alike_units_do_not_cycle():
    used = np.tile([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0]], (40, 1))
    found = enveloped(used, np.ones(120), Model("constant"))
    assert found.scores == pytest.approx(np.tile([1, 1, 0.75], 40))


def test_worth_of_slack():
    # all use 1: the first could bring 2.5 more of one thing, or 2 more of the other
    used, brought = [1, 1, 1], [(1, 1), (1, 3), (3.5, 1)]
    assert enveloped(used, brought).output_slacks[0] == pytest.approx([2.5, 0])
    dear = enveloped(used, brought, Model(slack_worth=(1, 1, 5)))
    assert dear.output_slacks[0] == pytest.approx([0, 2])
    assert dear.scores.tolist() == [1, 1, 1] and not dear.efficient[0]


WRONG = {
    "inputs of 2 units and outputs of 3": ([1, 2], [1, 2, 3], Model()),
    "is nan; give a number": ([1, np.nan], [1, 2], Model()),
    "is inf; give a number": ([1, 2], [np.inf, 2], Model()),
    r"outputs\[1, 0\] is -2, below 0": ([1, 2], [1, -2], Model("constant")),
    r"inputs\[1, 0\] is -2, below 0": ([1, -2], [1, 2], Model()),
    "unit 1 has no input above 0": ([1, 0], [1, 2], Model()),
    "unit 0 has no output above 0": ([1, 1], [0, 2], Model("variable", "output")),
    "unit 1 has no output above 0": ([1, 1], [1, 0], Model("constant")),
    "returns 'crs' means nothing; write": ([1], [1], Model("crs")),
    "orientation 'in' means nothing; write one of": ([1], [1], Model("constant", "in")),
    "fixed_inputs has 1; write places from 0 to 0": ([1], [1], Model(fixed_inputs=(1,))),
    "all inputs are fixed": ([1], [1], Model(fixed_inputs=(0,))),
    "is no table of numbers": ([], [], Model()),
    "slack_worth has 1 numbers": ([(1, 2)], [1], Model(slack_worth=(1.0,))),
}


@pytest.mark.parametrize("message", WRONG)
def test_refusals(message):
    with pytest.raises(ParameterError, match=message):
        enveloped(*WRONG[message])
