"""Effects beside statsmodels' mixed models and closed forms; places by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier.effects import drawn, effects
from spmlib.incent.benchmarking.frontier.places import comparison, places
from spmlib.incent.benchmarking.frontier.shrinkage import james_stein, pulled_in


def made(seed, people=30, each=6, person=0.4, place=0.3):
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), random.integers(each - 2, each + 3, people))
    where = random.integers(0, 7, len(who))
    facts = random.normal(size=(len(who), 2))
    adds, gives = person * random.normal(size=people), place * random.normal(size=7)
    rest = 0.6 * random.normal(size=len(who))
    return 1 + facts @ [0.5, -0.2] + adds[who] + gives[where] + rest, who, facts, where, adds


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_people_are_those_of_a_mixed_model(seed):
    result, who, facts, _, _ = made(seed)
    found = effects(result, who, facts)
    fit = sm.MixedLM(result, sm.add_constant(facts), groups=who).fit(reml=True)
    assert found.slopes == pytest.approx(fit.fe_params, abs=1e-5)
    assert found.person_spread**2 == pytest.approx(fit.cov_re[0, 0], rel=1e-3)
    assert found.rest_spread**2 == pytest.approx(fit.scale, rel=1e-4)
    assert found.likelihood == pytest.approx(-2 * fit.llf, abs=1e-6)
    said = [fit.random_effects[each].iloc[0] for each in found.people]
    assert found.person == pytest.approx(said, abs=1e-4)


def test_people_and_places_are_those_of_a_mixed_model():
    result, who, facts, where, _ = made(4)
    found = effects(result, who, facts, where)
    table = pd.DataFrame({"y": result, "a": facts[:, 0], "b": facts[:, 1], "who": who})
    table = table.assign(where=where, one=1)
    parts = {"who": "0+C(who)", "where": "0+C(where)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a model of one group is unusual
        fit = sm.MixedLM.from_formula("y~a+b", groups="one", vc_formula=parts, data=table).fit()
    assert found.likelihood == pytest.approx(-2 * fit.llf, abs=1e-5)
    spreads = np.array([found.place_spread, found.person_spread]) ** 2
    assert sorted(spreads) == pytest.approx(sorted(fit.vcomp), rel=2e-2)
    said = fit.random_effects[1]
    by_name = {name: value for name, value in said.items() if name.startswith("who")}
    assert found.person == pytest.approx(
        [by_name[f"who[C(who)[{each}]]"] for each in found.people], abs=2e-3
    )


def test_balanced_people_by_hand():
    # two observations each: means 1, 2, 6 around 3; within 0.5 each; between (14/2 - 0.25)
    result = np.array([0.5, 1.5, 1.5, 2.5, 5.5, 6.5])
    found = effects(result, [0, 0, 1, 1, 2, 2])
    within, between = 0.5, 7 - 0.25
    assert found.rest_spread**2 == pytest.approx(within, rel=1e-4)
    assert found.person_spread**2 == pytest.approx(between, rel=1e-3)
    share = between / (between + within / 2)
    assert found.person == pytest.approx(share * np.array([-2, -1, 3]), rel=1e-4)
    assert found.raw == pytest.approx([-2, -1, 3], rel=1e-4)
    even, _ = pulled_in([1.0, 2.0, 6.0], [0.25] * 3)
    assert found.person + 3 == pytest.approx(even, rel=1e-4)


def test_less_known_is_pulled_in_more():
    result, who, facts, _, _ = made(5)
    keep = (who != 0) | (np.arange(len(who)) == 0)
    found = effects(result[keep], who[keep], facts[keep])
    share = found.person / found.raw
    assert (np.abs(found.person) < np.abs(found.raw)).all()
    assert share[0] == share.min() and found.observations[0] == 1
    assert found.person_errors[0] == found.person_errors.max()


def test_pulled_in_is_nearer_the_truth():
    better = 0
    for seed in range(20):
        result, who, facts, _, adds = made(seed, place=0.0)
        found = effects(result, who, facts)
        better += ((found.person - adds) ** 2).sum() < ((found.raw - adds) ** 2).sum()
    assert better >= 18


def test_draws_are_the_prediction():
    result, who, facts, where, _ = made(6, people=60)
    found = effects(result, who, facts, where)
    draws = drawn(found, 4000, seed=1)
    assert draws.mean(0) == pytest.approx(found.person, abs=0.06)
    assert (draws.std(0) / found.person_errors).mean() == pytest.approx(1, abs=0.06)
    assert drawn(found, 50, 3).tolist() == drawn(found, 50, 3).tolist()


def test_draws_hold_the_truth():
    inside = []
    for seed in range(25):
        result, who, facts, _, adds = made(seed, people=15, place=0.0)
        found = effects(result, who, facts)
        low, high = np.quantile(drawn(found, 1000, seed), [0.025, 0.975], axis=0)
        inside.append(((low <= adds) & (adds <= high)).mean())
    assert 0.92 <= np.mean(inside) <= 0.98


def test_people_who_do_not_differ_are_told_so():
    result, who, facts, _, _ = made(1, person=0.0, place=0.0)
    found = effects(result, who, facts)
    assert found.person_spread < 0.15
    stands = places(drawn(found, 2000))
    assert (stands.high - stands.low > 20).all()  # any place is possible
    assert stands.first.max() < 0.7


def test_places_by_hand():
    draws = np.array(
        [[3.0, 2.0, 1.0, 0.0], [2.0, 3.0, 1.0, 0.0], [3.0, 2.0, 0.0, 1.0], [4, 3, 2, 1]]
    )
    found = places(draws, first=2)
    assert found.place.tolist() == [1.25, 1.75, 3.25, 3.75]
    assert found.first.tolist() == [1, 1, 0, 0]
    assert found.top_quarter.tolist() == [0.75, 0.25, 0, 0]
    assert found.above_median.tolist() == [1, 1, 0, 0]
    assert found.low.tolist() == [1, 1, 3, 3] and found.high.tolist() == [2, 2, 4, 4]


WRONG = {
    "differ in length": ([1.0, 2.0], [1, 2, 3], None),
    "is no number": ([1.0, np.nan, 2, 3], [1, 1, 2, 3], None),
    "2 people cannot be told apart": ([1.0, 2, 3, 4], [1, 1, 2, 2], None),
    "3 observations of 3 people": ([1.0, 2, 3], [1, 2, 3], None),
    "facts repeat each other": ([1.0, 2, 3, 4], [1, 1, 2, 3], [[1], [1], [1], [1]]),
}


@pytest.mark.parametrize("message", WRONG)
def test_refusals(message):
    with pytest.raises(ParameterError, match=message):
        effects(*WRONG[message])


def test_refusals_of_small_functions():
    with pytest.raises(ParameterError, match="3 numbers are too few; give 4"):
        james_stein([1, 2, 3], 1)
    with pytest.raises(ParameterError, match="variance is not above 0"):
        james_stein([1, 2, 3, 4], 0)
    with pytest.raises(ParameterError, match="one of the numbers is missing"):
        pulled_in([1, 2, np.nan], [1, 1, 1])
    with pytest.raises(ParameterError, match="differ in number"):
        pulled_in([1, 2, 3], [1, 1, 1, 1])
    with pytest.raises(ParameterError, match="two or more standard errors"):
        comparison([1.0, 0.0])
    with pytest.raises(ParameterError, match="draws are no table"):
        places([1.0, 2.0])
