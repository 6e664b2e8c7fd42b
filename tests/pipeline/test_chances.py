"""Chances, amounts, times: held against other people's implementations and against known odds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from spmlib.orchestrate.pipeline import chances, durations
from spmlib.orchestrate.pipeline.amounts import amounts, coded
from spmlib.orchestrate.pipeline.arrivals import arrivals
from spmlib.orchestrate.pipeline.chances import Labels
from spmlib.orchestrate.pipeline.deals import deals
from tests.pipeline import companies


def labels(random: np.random.Generator, rows: int, sizes: tuple[int, ...], spread: float) -> Labels:
    """Rows with labels by lot."""
    parts, words = [np.zeros(rows, np.int64)], [("all", "")]
    for place, size in enumerate(sizes):
        parts.append(random.integers(0, size, rows) + len(words))
        words += [(f"k{place}", str(n)) for n in range(size)]
    wide = np.array([10.0, *[spread] * (len(words) - 1)])
    return Labels(
        ("all", *(f"k{n}" for n in range(len(sizes)))), tuple(words), np.stack(parts, 1), wide
    )


def dummies(made: Labels) -> np.ndarray:
    """The labels as a table of zeros and ones."""
    table = np.zeros((len(made.codes), len(made.words)))
    np.put_along_axis(table, made.codes, 1.0, axis=1)
    return table


@pytest.mark.parametrize("seed", range(5))
def test_the_regression_is_the_maximum_that_scipy_finds(seed):
    random = np.random.default_rng(seed)
    made = labels(random, 400, (3, 5), 0.7)
    came = random.random(400) < 0.1 + 0.2 * (made.codes[:, 1] == 1)
    fit = chances.fitted(made, came, came & (random.random(400) < 0.5), np.ones(400, bool))
    table = dummies(made)

    def loss(add: np.ndarray) -> float:
        odds = table @ add
        likelihood = came @ odds - np.logaddexp(0, odds).sum()
        return float(-likelihood + (add**2 / made.spread**2).sum() / 2)

    found = minimize(loss, np.zeros(table.shape[1]), method="BFGS", options={"gtol": 1e-8})
    np.testing.assert_allclose(fit.closing, found.x, atol=2e-5)


def test_without_a_penalty_chances_are_those_of_statsmodels():
    random = np.random.default_rng(7)
    made = labels(random, 2000, (3, 4), 1e3)
    came = random.random(2000) < 0.2 + 0.1 * (made.codes[:, 2] % 2)
    fit = chances.fitted(made, came, came, np.ones(2000, bool))
    table = dummies(made)[:, [0, 2, 3, 5, 6, 7]]  # without a label of each kind: no two ways
    model = sm.GLM(came.astype(float), table, family=sm.families.Binomial()).fit()
    np.testing.assert_allclose(fit.closes(made.codes), model.fittedvalues, atol=1e-5)


def test_a_label_never_seen_adds_nothing():
    made = labels(np.random.default_rng(1), 100, (4,), 1.0)
    seen = made.codes[:, 1] != 4
    came = np.arange(100) % 3 == 0
    fit = chances.fitted(made, came, came, seen)
    assert fit.closing[4] == 0
    assert np.isfinite(chances.fitted(made, came & False, came, seen).closing).all()


def test_chances_come_near_the_odds_by_which_deals_end():
    made = deals(companies.company(3, 4000), companies.DAY, "USD")
    from spmlib.orchestrate.pipeline.snapshots import asked, exposures

    rows = exposures(made, asked(made, 1))
    coded = chances.labelled(rows, made.labels)
    over = (rows["number"] < 24).to_numpy()
    fit = chances.fitted(coded, rows["closed"].to_numpy(), rows["won"].to_numpy(), over)
    closes, wins = fit.closes(coded.codes), fit.wins(coded.codes)
    late = (rows["stage"] == "late").to_numpy()
    odds = companies.WON["late"] + companies.LOST["late"]
    days = (rows["end"] - rows["begin"]).dt.total_days().to_numpy()
    assert closes[late].mean() == pytest.approx((1 - (1 - odds) ** days[late]).mean(), abs=0.02)
    assert wins[late].mean() == pytest.approx(companies.WON["late"] / odds, abs=0.03)


@st.composite
def ends(draw):
    size = draw(st.integers(2, 60))
    whole = st.lists(st.integers(1, 40), min_size=size, max_size=size)
    causes = st.lists(st.integers(0, 2), min_size=size, max_size=size)
    return np.array(draw(whole)), np.array(draw(causes))


@settings(max_examples=60, deadline=None)
@given(ends())
def test_incidence_is_that_of_statsmodels(case):
    left, cause = case
    if not (cause == 1).any():
        return
    known, won, error, lost = durations.incidence(np.zeros(len(left), int), left, cause, 40)
    with np.errstate(divide="ignore", invalid="ignore"):  # where all that are left end at once
        theirs = CumIncidenceRight(left, cause)
    at = theirs.times.astype(int)
    np.testing.assert_allclose(won[at], theirs.cinc[0], atol=1e-12)
    told = np.isfinite(theirs.cinc_se[0])
    np.testing.assert_allclose(error[at][told], theirs.cinc_se[0][told], atol=1e-9)
    if (cause == 2).any():
        np.testing.assert_allclose(lost[at], theirs.cinc[1], atol=1e-12)
    assert known[0] == len(left)


def test_incidence_with_late_entry_leaves_open_what_the_product_limit_leaves():
    random = np.random.default_rng(2)
    entered = random.integers(0, 20, 300)
    left = entered + random.integers(1, 30, 300)
    cause = random.integers(0, 3, 300)
    _, won, _, lost = durations.incidence(entered, left, cause, 60)
    theirs = SurvfuncRight(left, cause > 0, entry=entered - 1)  # at risk after entry
    at = theirs.surv_times.astype(int)
    np.testing.assert_allclose(1 - won[at] - lost[at], theirs.surv_prob, atol=1e-12)


def test_stage_times_are_those_of_the_rows():
    from spmlib.core import engine

    history = []
    for number in range(40):
        name, start = f"O{number}", 10 * number
        history += [
            companies.change(name, start, stage="early"),
            companies.change(name, start + number % 4 + 1, stage="late"),
            companies.change(name, start + 30, "won" if number % 2 else "lost", stage="over"),
        ]
    about = [
        companies.opportunity(f"O{n}", companies.FIRST + companies.timedelta(10 * n))
        for n in range(40)
    ]
    made = deals(companies.of(about, history), companies.DAY, "USD")
    rows = engine.collected(durations.stage_times(made)).to_dicts()
    late, early = rows[1], rows[0]
    assert (early["stage"], late["stage"]) == ("early", "late")
    assert late["usual"] is None  # fewer than 20 were won since closings are known
    times = engine.collected(durations.times_to_close(made))
    everything = times.filter((pl.col("group") == durations.ALL) & (pl.col("days") == 28))
    assert everything["won"].item() == 0
    last = times.filter((pl.col("group") == durations.ALL) & (pl.col("days") == 35))
    assert last["won"].item() + last["lost"].item() == pytest.approx(1)


def test_amounts_follow_what_is_said_and_else_deals_like_it():
    rows = pl.DataFrame(
        {
            "amount": [100.0] * 200 + [None] * 200,
            "stage": ["late"] * 400,
            "product_id": ["a", "b"] * 200,
        }
    )
    came = np.where(np.arange(400) < 200, 80.0, np.where(np.arange(400) % 2, 10.0, 1000.0))
    said, codes = rows["amount"].fill_null(np.nan).to_numpy(), coded(rows, ("product_id",))
    made = amounts(said, codes, came, np.ones(400, bool))
    assert made.expected[:200] == pytest.approx(80, rel=0.02)
    assert made.expected[200] > 5 * made.expected[201]
    assert made.ratios.mean() == pytest.approx(1)
    nothing = amounts(said, coded(rows, ()), came, np.zeros(400, bool))
    assert np.isfinite(nothing.expected).all()
    assert nothing.ratios.tolist() == [1.0]


def test_arrivals_follow_their_place_in_the_quarter_only_where_asked():
    known, place = np.array([30.0, 10.0, 20.0] * 6), np.array([0, 1, 2] * 6)
    assert arrivals(known, place, 0).expected == pytest.approx(30, rel=0.1)
    assert arrivals(known, place, 1).expected == pytest.approx(10, rel=0.15)
    assert arrivals(known, place, 0, seasonal=False).expected == pytest.approx(20, rel=0.1)
    none = arrivals(np.array([]), np.array([]), 0)
    assert (none.expected, none.variance) == (0, 0)
    steady = arrivals(np.full(9, 5.0), np.arange(9) % 3, 1)
    assert (steady.expected, steady.variance) == (pytest.approx(5), pytest.approx(0))
