"""Pooling and rank sets against numbers that are not ours."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards import adjusting, rank_sets, uncertain
from spmlib.motivate.leaderboards.pooling import james_stein, pooled

# Efron and Morris (1975), table 1: hits of 45 times at bat, and the James-Stein estimates.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
ESTIMATES = [
    0.290, 0.286, 0.281, 0.277, 0.273, 0.273, 0.268, 0.264, 0.259, 0.259,
    0.254, 0.254, 0.254, 0.254, 0.254, 0.249, 0.244, 0.239,
]  # fmt: skip
# Rubin (1981) as in Gelman et al. (2013), tables 5.2 and 5.3: effects, errors, posterior quantiles.
EFFECTS = [28, 8, -3, 7, -1, 1, 18, 12]
ERRORS = [15, 10, 16, 11, 9, 11, 10, 18]
QUANTILES = [
    [-2, 7, 10, 16, 31], [-5, 3, 8, 12, 23], [-11, 2, 7, 11, 19], [-7, 4, 8, 11, 21],
    [-9, 1, 5, 10, 18], [-7, 2, 6, 10, 28], [-1, 7, 10, 15, 26], [-6, 3, 8, 13, 33],
]  # fmt: skip
# PISA 2018, mathematics, OECD countries: mean and standard error (OECD), as csranks takes them.
PISA = """
Australia 491.3600252 1.939833031
Austria 498.9423138 2.970998694
Belgium 508.0703063 2.262662011
Canada 512.0169429 2.357475749
Chile 417.4065563 2.41588757
Colombia 390.9322732 2.989559274
Czechia 499.4676508 2.460661531
Denmark 509.3983746 1.735002337
Estonia 523.4145802 1.743602224
Finland 507.3013618 1.967920411
France 495.4075794 2.320214487
Germany 500.0437805 2.647083096
Greece 451.3703438 3.091228197
Hungary 481.0826364 2.319596741
Iceland 495.1873762 1.953082603
Ireland 499.632894 2.198621128
Israel 463.0345488 3.498563228
Italy 486.5898573 2.780045867
Japan 526.9732502 2.471475318
Korea 525.933002 3.121394315
Latvia 496.1263306 1.962766789
Lithuania 481.1911884 1.953282039
Luxembourg 483.421485 1.097632409
Mexico 408.8014734 2.493225544
Netherlands 519.2309824 2.632277885
New_Zealand 494.489676 1.705942856
Norway 500.9637885 2.219044878
Poland 515.6478747 2.602085176
Portugal 492.4874062 2.684570081
Slovakia 486.1648542 2.555595707
Slovenia 508.8975441 1.363877596
Spain 481.3926126 1.462417763
Sweden 502.3877022 2.654250935
Switzerland 515.3147131 2.908003898
Turkey 453.5077774 2.260406789
United_Kingdom 501.7698992 2.564428111
United_States 478.2447174 3.235444099
"""


@pytest.fixture(scope="module")
def pisa():
    rows = [line.split() for line in PISA.split("\n") if line]
    names = [row[0] for row in rows]
    return names, *(np.array([float(row[at]) for row in rows]) for at in (1, 2))


def test_baseball_is_pulled_in_as_published():
    root = np.sqrt(45)
    moved = root * np.arcsin(2 * np.array(HITS) / 45 - 1)
    back = (np.sin(james_stein(moved, 1.0) / root) + 1) / 2
    assert np.abs(back - ESTIMATES).max() < 0.0015


def test_eight_schools_have_the_published_posterior():
    made = pooled(EFFECTS, np.square(ERRORS), draws=40_000, seed=3)
    found = np.percentile(made.draws, [25, 50, 75], axis=0).T
    assert np.abs(found - np.array(QUANTILES)[:, 1:4]).max() < 1.6


def test_countries_that_may_be_among_the_first_five_are_those_of_csranks(pisa):
    """The vignette of csranks 1.2 names twelve at 95 % and, at 90 %, the same without Sweden."""
    names, score, error = pisa
    twelve = {
        "Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands",
        "Poland", "Slovenia", "Sweden", "Switzerland",
    }  # fmt: skip
    for sure, known in ((0.95, twelve), (0.9, twelve - {"Sweden"})):
        found = rank_sets.top_set(score, error, 5, sure, draws=3000)
        assert {names[at] for at in found} == known


def test_one_country_asked_for_has_the_places_of_csranks(pisa):
    """The United Kingdom, 13th: 8 to 23 in the vignette's output, 7 to 23 in its text."""
    names, score, error = pisa
    made = rank_sets.rank_sets(score, error, together=False, draws=2000)
    at = names.index("United_Kingdom")
    assert made.low[at] in (7, 8)
    assert made.high[at] == 23


def test_places_at_once_are_those_that_csranks_describes(pisa):
    """Chile, Mexico and Colombia are apart from all others; Korea and Germany share place 7."""
    names, score, error = pisa
    made = rank_sets.rank_sets(score, error, draws=2000)
    last = [names.index(name) for name in ("Chile", "Mexico", "Colombia")]
    assert made.low[last].min() == 35
    assert np.delete(made.high, last).max() == 34
    korea, germany = names.index("Korea"), names.index("Germany")
    assert made.low[germany] <= 7 <= made.high[korea]


def test_places_of_the_posterior_hold_the_true_ones():
    """In simulated companies of 30: 95 % is said; too few draws and places count whole."""
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        true = rng.normal(0, 0.3, 30)
        variance = 0.09 * rng.uniform(0.5, 2, 30)
        made = pooled(true + rng.normal(size=30) * np.sqrt(variance), variance, None, 400, seed)
        found = uncertain.places_drawn(made.draws)
        place = (-true).argsort().argsort() + 1
        held.append(((found.low <= place) & (place <= found.high)).mean())
    assert 0.93 < np.mean(held) < 0.995


def test_nobody_raises_their_own_bar():
    """Leaving one out at once is leaving each out in turn."""
    rng = np.random.default_rng(4)
    x = np.c_[np.ones(30), rng.normal(size=30), rng.uniform(-1, 0, 30)]
    y = x @ [10.0, 2.0, 1.0] + rng.normal(size=30)
    slow = [
        x[i] @ np.linalg.lstsq(np.delete(x, i, 0), np.delete(y, i), rcond=None)[0]
        for i in range(30)
    ]
    assert np.allclose(adjusting.expected_linear(y, x)[0], slow)
    counts = rng.poisson(np.exp(x @ [3, 0.5, 0.3])).astype(float)
    fits = [
        adjusting.expected_ratio(np.delete(counts, i), np.delete(x, i, 0))[1] for i in range(30)
    ]
    slow = [np.exp(x[i] @ fits[i]) for i in range(30)]
    assert np.allclose(adjusting.expected_ratio(counts, x)[0], slow, rtol=5e-3)


def test_one_month_of_luck_does_not_lead():
    made = pooled([1.0, 1.1, 0.9, 1.05, 0.95, 1.2, 0.8, 3.0], [0.01] * 7 + [4.0])
    assert made.mean.argmax() == 5


def test_the_few_and_the_level_are_as_they_are():
    assert pooled([1.0], [1.0]).mean.tolist() == [1.0]
    assert pooled([], []).mean.size == 0
    assert np.allclose(pooled([2.0] * 5, [0.1] * 5).mean, 2.0)
    assert rank_sets.rank_sets([], []).low.size == 0
    level = rank_sets.rank_sets([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert (level.low.tolist(), level.high.tolist()) == ([1, 1, 1], [3, 3, 3])


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (lambda: pooled([1.0], [0.0]), "not above 0"),
        (lambda: pooled([1.0, np.nan], [1.0, 1.0]), "one is missing"),
        (lambda: pooled([1.0], [1.0, 1.0]), "not one for each score"),
        (lambda: james_stein([1, 2, 3], 1.0), "4 scores or more"),
        (lambda: rank_sets.rank_sets([1.0], [-1.0]), "below 0"),
        (lambda: rank_sets.rank_sets([1.0], [1.0], sure=1), "not between 0 and 1"),
        (lambda: rank_sets.top_set([1.0], [1.0], 0), "not 1 or more"),
        (lambda: uncertain.places_drawn(np.ones((2, 2)), 0), "not 1 or more"),
        (lambda: adjusting.design([0.0], [1.0], 9), "not above 0"),
        (lambda: adjusting.design([1.0], [1.0], 0), "not above 0"),
    ],
)
def test_what_cannot_be_is_refused(asked, wrong):
    with pytest.raises(ParameterError, match=wrong):
        asked()
