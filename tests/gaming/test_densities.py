"""The tests for heaps: right under the null, against theory, and seeing what is planted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, kstest

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming import bunching, odds
from spmlib.incent.gaming.densities import best_bandwidths, constants, density_test


def heap(rng, size, share):
    """Values of which a share of those just below 0 are just above it."""
    x = rng.standard_normal(size)
    moved = (x < 0) & (x > -0.3) & (rng.random(size) < share)
    return np.where(moved, -x / 2, x)


def test_constants_of_the_edge_are_those_of_theory():
    """Local linear fit of the distribution function, triangular kernel, at an edge.

    S = [[1/2, 1/6], [1/6, 1/12]], c = [1/12, 1/20]; e1' S^-1 c / 2! = 1/5 + ..: solved by hand.
    """
    gram = np.array([[1 / 2, 1 / 6], [1 / 6, 1 / 12]])
    c = np.array([1 / 12, 1 / 20])
    bias, variance = constants(1)
    assert bias == pytest.approx(np.linalg.solve(gram, c)[1] / 2, rel=1e-9)
    assert variance > 0


@pytest.mark.parametrize(("size", "width"), [(500, 0.4), (2000, 0.2)])
def test_the_variance_is_that_of_theory(size, width):
    """Uniform values: the variance of each density is the constant over n h."""
    rng = np.random.default_rng(2)
    made = [density_test(rng.random(size), 0.5, width) for _ in range(60)]
    told = np.mean([one.right_error**2 for one in made])
    assert told == pytest.approx(constants(3)[1] / (size * width), rel=0.1)


@pytest.mark.parametrize("law", ["normal", "exponential", "uniform"])
def test_p_values_are_uniform_where_nobody_plays(law):
    rng = np.random.default_rng(5)
    draw = {"normal": rng.standard_normal, "exponential": rng.standard_exponential,
            "uniform": rng.random}[law]  # fmt: skip
    at = {"normal": 0.0, "exponential": 1.0, "uniform": 0.5}[law]
    p = np.array([density_test(draw(800), at).p_value for _ in range(250)])
    assert kstest(p, "uniform").pvalue > 0.001
    assert binom.sf((p < 0.05).sum() - 1, 250, 0.05) > 0.001


def test_a_heap_is_seen_and_more_surely_the_larger_it_is():
    rng = np.random.default_rng(7)
    power = [
        np.mean([density_test(heap(rng, 1000, share)).above < 0.05 for _ in range(40)])
        for share in (0.0, 0.3, 0.7)
    ]
    assert power[0] <= 0.15 < power[1] < power[2]
    assert power[2] > 0.7


def test_the_mirror_image_has_the_mirrored_statistic():
    x = np.random.default_rng(3).gamma(3, 1, 600)
    one, other = density_test(x, 2.0, 0.8), density_test(-x, -2.0, 0.8)
    assert one.statistic == pytest.approx(-other.statistic, rel=1e-6)
    assert one.above == pytest.approx(other.below, rel=1e-6)
    scaled = density_test(1000 * x, 2000.0, 800.0)
    assert scaled.statistic == pytest.approx(one.statistic, rel=1e-6)
    assert scaled.left * 1000 == pytest.approx(one.left, rel=1e-6)


def test_both_densities_are_near_those_of_the_law():
    x = np.random.default_rng(11).standard_normal(40_000)
    made = density_test(x, 0.5)
    assert made.left == pytest.approx(0.3521, abs=5 * made.left_error)
    assert made.right == pytest.approx(0.3521, abs=5 * made.right_error)
    assert made.left_error < 0.03


def test_bandwidths_shrink_with_more_values():
    rng = np.random.default_rng(1)
    widths = [
        np.median([best_bandwidths(np.sort(rng.standard_normal(n) - 0.8))[0] for _ in range(30)])
        for n in (300, 10_000)
    ]
    assert widths[1] < widths[0]


def test_lumps_are_told():
    x = np.round(np.random.default_rng(4).standard_normal(500), 1)
    assert density_test(x).lumpy > 0.8
    assert density_test(np.random.default_rng(4).standard_normal(500)).lumpy == 0


def test_the_binomial_test_counts_each_side():
    made = bunching.near([-0.04, -0.01, 0.0, 0.01, 0.049, 0.05], 0.05)
    assert (made.below, made.above) == (2, 3)
    assert made.p_value == pytest.approx(0.5)
    assert bunching.near([1.0], 0.05).p_value == 1


def test_excess_and_missing_mass_are_those_planted():
    rng = np.random.default_rng(9)
    x = rng.uniform(-1, 1, 20_000)
    moved = (x < 0) & (x > -0.1) & (rng.random(len(x)) < 0.5)
    x = np.where(moved, -x, x)
    made = bunching.excess(x, 0.025, 0.1, 0.1, reach=0.8, degree=2, draws=200)
    assert made.excess == pytest.approx(moved.sum(), abs=120)
    assert made.missing == pytest.approx(moved.sum(), abs=120)
    assert made.low < moved.sum() < made.high
    assert made.normalised == pytest.approx(made.excess / 250, rel=0.05)
    still = bunching.excess(rng.uniform(-1, 1, 20_000), 0.025, 0.1, 0.1, reach=0.8, degree=2)
    assert still.low < 0 < still.high


def test_corrections_are_the_published_ones():
    """Holm and Benjamini-Hochberg against statsmodels."""
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(2).random(25) ** 3
    assert bunching.adjusted(p, "holm") == pytest.approx(multipletests(p, method="holm")[1])
    assert bunching.adjusted(p, "bh") == pytest.approx(multipletests(p, method="fdr_bh")[1])
    with_gap = bunching.adjusted([0.01, np.nan, 0.5])
    assert np.isnan(with_gap[1]) and with_gap[0] == 0.02


def test_odds_are_fishers_and_the_binomial():
    from scipy.stats import fisher_exact

    made = odds.among_own([4], [10], [2], [40])
    assert made[0] == pytest.approx(fisher_exact([[4, 6], [2, 38]], "greater")[1])
    rate = odds.rate_of_peers([4, 1, 0], [10, 20, 30])
    assert rate[0] == pytest.approx(1.5 / 51)
    assert odds.among_peers([4, 1, 0], [10, 20, 30])[0] == pytest.approx(binom.sf(3, 10, 1.5 / 51))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: density_test([1.0] * 30), "0 values lie below 0 and 30 above"),
        (lambda: density_test(np.linspace(-1, 1, 99), 0.0, 0.0), "bandwidth: 0 is not above 0"),
        (lambda: density_test(np.linspace(-1, 1, 99), 0.0, 0.01), "takes in"),
        (lambda: density_test(np.linspace(-1, 1, 99), 0.0, order=7), "order: 7 is no order"),
        (lambda: bunching.near([1.0], 0.0), "width: 0 is not above 0"),
        (lambda: bunching.excess([1.0], 0.0, 1.0, 1.0), "widths are above 0"),
        (lambda: bunching.excess([1.0], 0.1, 0.1, 0.1, reach=0.3), "leaves too few bins"),
        (lambda: bunching.adjusted([0.1], "none"), "'none' is no correction"),
        (lambda: bunching.adjusted([1.1]), "outside 0 to 1"),
    ],
)
def test_what_cannot_be_tested_is_refused(call, says):
    with pytest.raises(ParameterError, match=says):
        call()
