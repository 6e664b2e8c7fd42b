"""Bootstraps: what they say of known frontiers, and that they say it again."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier.bootstraps import bootstrapped, smoothing
from spmlib.incent.benchmarking.frontier.envelopments import enveloped
from spmlib.incent.benchmarking.frontier.units import Model

LINE = Model("constant", "output")


def known(seed, count=30, inputs=1):
    """Units below a straight frontier, and how far below."""
    random = np.random.default_rng(seed)
    used = random.uniform(1, 9, (count, inputs))
    distances = np.exp(np.abs(random.normal(0, 0.35, count)))
    return used, used.mean(1) / distances, 1 / distances


@pytest.mark.parametrize("orientation", ["input", "output"])
@pytest.mark.parametrize("returns", ["constant", "variable", "non_increasing"])
def test_intervals_lie_below_the_estimate(returns, orientation):
    used, brought, _ = known(1, 40, 2)
    model = Model(returns, orientation)
    found = bootstrapped(used, brought, model, samples=200)
    assert found.scores == pytest.approx(enveloped(used, brought, model).scores)
    assert (found.low < found.corrected).all() and (found.corrected < found.high).all()
    assert (found.high <= found.scores).all() and (found.bias > 0).all()
    assert found.advised.all()
    inward = 1 / enveloped(used, brought, model).scores
    assert (found.replicates.mean(0) < inward).all()


def test_the_same_seed_says_the_same():
    used, brought, _ = known(2)
    one, again, other = (bootstrapped(used, brought, LINE, 150, seed) for seed in (4, 4, 5))
    assert one.low.tolist() == again.low.tolist()
    assert one.low.tolist() != other.low.tolist()


def test_both_orientations_agree_under_constant_returns():
    used, brought, _ = known(3)
    one = bootstrapped(used, brought, LINE, 150)
    other = bootstrapped(used, brought, Model("constant", "input"), 150)
    assert one.low == pytest.approx(other.low)
    assert one.corrected == pytest.approx(other.corrected)


def held(about, samples=200, trials=40):
    """In how many of some trials the interval held the truth, on average over units."""
    found = []
    for trial in range(trials):
        used, brought, truth = known(100 + trial)
        made = bootstrapped(used, brought, LINE, samples, trial, about=about)
        found.append(((made.low <= truth) & (truth <= made.high)).mean())
    return np.mean(found)


def test_intervals_hold_a_known_frontier():
    assert held("edge") >= 0.85
    assert held("mean") <= 0.5  # as published in 1998: the edge moves inwards


def test_correction_brings_scores_nearer_the_truth():
    plain, corrected = [], []
    for trial in range(30):
        used, brought, truth = known(trial)
        made = bootstrapped(used, brought, LINE, 100, trial)
        plain.append(((made.scores - truth) ** 2).mean())
        corrected.append(((made.corrected - truth) ** 2).mean())
    assert np.mean(corrected) < 0.7 * np.mean(plain)


def test_more_units_make_it_surer():
    widths = []
    for count in (20, 160):
        used, brought, _ = known(6, count)
        made = bootstrapped(used, brought, LINE, 150)
        widths.append((made.high - made.low).mean())
    assert widths[1] < widths[0] / 3


def test_fixed_inputs_stay_where_they_are():
    used, brought, _ = known(7, 40, 2)
    found = bootstrapped(used, brought, Model("variable", fixed_inputs=(1,)), 150)
    free = bootstrapped(used, brought, Model("variable"), 150)
    assert (found.scores <= free.scores + 1e-9).all()
    assert (found.low <= found.high).all()


def test_bandwidth_by_hand():
    # 1.1 and 1.5, 1.2 above 1; mirrored .9, .8, .5: deviation 0.3406, quartiles 0.825 and 1.175
    distances = np.array([1.0, 1.1, 1.2, 1.5])
    mirrored = np.array([1.1, 1.2, 1.5, 0.9, 0.8, 0.5])
    spread = mirrored.std(ddof=1)
    narrow = min(spread, (1.175 - 0.825) / 1.34)
    said = 1.06 * narrow * 6**-0.2 * 0.75**0.2 * distances.std(ddof=1) / spread
    assert smoothing(distances) == pytest.approx(said)


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("5 samples say nothing", {"samples": 5}),
        ("sure is 95", {"sure": 95}),
        ("bandwidth is -1", {"bandwidth": -1}),
        ("about 'edges' means nothing", {"about": "edges"}),
    ],
)
def test_refusals(message, options):
    used, brought, _ = known(8)
    with pytest.raises(ParameterError, match=message):
        bootstrapped(used, brought, LINE, **options)


def test_too_few_off_the_frontier():
    with pytest.raises(ParameterError, match="2 of 4 units are off the frontier"):
        bootstrapped([1, 2, 3, 4], [1, 2, 2, 2], LINE)
