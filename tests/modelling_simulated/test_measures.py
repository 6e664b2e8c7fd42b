"""Measures: by hand on companies that can be counted, and errors against what is known of laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from spmlib.incent.modelling.simulated import measures
from spmlib.incent.modelling.simulated.pays import Simulated
from tests import small
from tests.modelling_simulated import made

LAW = norm(10, 2)


@pytest.fixture
def seller(tmp_path):
    return made.pays(made.parameters(tmp_path, small.plan(**made.RATES)))["seller"]


@pytest.fixture
def four(seller):
    """Two people in four companies, under base and another plan."""
    ready = made.ready(made.known(seller, 2), room=0.1)
    base = np.array([[10.0, 20, 30, 40], [40, 10, 20, 30]])
    other = base + np.array([[1.0, 1, -2, 0.001], [-5, -5, -5, -5]])
    attained = np.array([[0.5, 1.0, 1.5, 2.0], [0.9, 0.2, 0.3, 1.1]])
    credited = attained * 100
    return Simulated(
        ready, ready.people, {"base": base, "other": other}, credited, attained, credited.sum(0)
    )


def test_what_a_scenario_costs_by_hand(four):
    told = measures.costs(four).set_index("scenario")
    # Companies cost 50, 30, 50, 70: 50 on average; the budget lies a tenth above.
    assert told.at["base", "mean"] == 50
    assert told.at["base", "sd"] == pytest.approx(np.std([50, 30, 50, 70], ddof=1))
    assert told.at["base", "p50"] == 50
    assert told.at["base", "budget"] == told.at["other", "budget"] == pytest.approx(55)
    assert told.at["base", "over"] == 0.25
    assert told.at["base", "rate"] == pytest.approx(200 / four.booked.sum())
    assert told.at["base", "at_risk"] == pytest.approx(told.at["base", "p95"] - 55)
    assert told.at["other", "mean"] == pytest.approx(45.00025)
    assert measures.costs(four, 100.0)["over"].tolist() == [0.0, 0.0]


def test_who_gains_and_loses_by_hand(four):
    told = measures.people(four, "other").set_index("payee_id")
    first, second = told.loc["seller-0"], told.loc["seller-1"]
    assert (first["before"], second["before"]) == (25, 25)
    assert first["difference"] == pytest.approx(0.00025)
    assert (first["gains"], first["loses"]) == (0.5, 0.25)  # a tenth of a cent is nothing
    assert (second["gains"], second["loses"], second["difference"]) == (0, 1, -5)
    assert second["difference_se"] == pytest.approx(0)
    (row,) = measures.differences(four).to_dict("records")
    assert row["difference"] == pytest.approx(-4.99975)
    assert (row["winners"], row["losers"], row["dearer"]) == (0, 1, 0)


def test_roles_are_all_their_people_and_companies(four):
    told = measures.roles(four).set_index("scenario").loc["base"]
    every = [10, 20, 30, 40, 40, 10, 20, 30]
    assert told["people"] == 2
    assert (told["mean"], told["p50"], told["p90"]) == (25, 25, np.quantile(every, 0.9))
    assert told["reached"] == 4 / 8
    assert told["excellent"] == pytest.approx(np.quantile(four.attained, 0.9))


def test_without_quotas_nothing_is_reached(four):
    told = measures.roles(replace(four, attained=np.full((2, 4), np.nan)))
    assert told[["reached", "excellent"]].isna().all(axis=None)


def test_pay_follows_attainment_as_ranks_of_scipy_do(seller):
    random = np.random.default_rng(2)
    ready = made.ready(made.known(seller, 6))
    attained = random.lognormal(0, 0.4, (6, 50)).round(1)  # with ties
    paid = np.minimum(attained + random.normal(0, 0.2, (6, 50)), 1.2)
    of = Simulated(ready, ready.people, {"base": paid}, attained, attained, attained.sum(0))
    told = measures.pay_for_performance(of).iloc[0]
    ranks = [spearmanr(paid[:, run], attained[:, run]).statistic for run in range(50)]
    assert told["correlation"] == pytest.approx(np.mean(ranks))
    assert told["p10"] == pytest.approx(np.quantile(ranks, 0.1))


def test_two_people_or_all_alike_say_nothing_of_performance(four, seller):
    assert measures.pay_for_performance(four).empty
    ready = made.ready(made.known(seller, 3))
    same = np.ones((3, 4))
    of = Simulated(ready, ready.people, {"base": same}, same, same, same.sum(0))
    assert measures.pay_for_performance(of).empty


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.95])
def test_the_error_of_a_quantile_is_that_of_the_law(share):
    """sqrt(p (1 - p) / n) over the density, and the quantile lies within a few of it."""
    random = np.random.default_rng(5)
    told = np.array([measures.quantile(LAW.rvs(10_000, random), share) for _ in range(40)])
    right = np.sqrt(share * (1 - share) / 10_000) / LAW.pdf(LAW.ppf(share))
    assert told[:, 1].mean() == pytest.approx(right, rel=0.1)
    away = np.abs(told[:, 0] - LAW.ppf(share)) / told[:, 1]
    assert (away < 2).mean() > 0.85


def test_the_mean_of_the_tail_is_that_of_the_law():
    """Of a normal law: mean + sd x density at the quantile over the tail."""
    random = np.random.default_rng(6)
    middle, error = measures.shortfall(LAW.rvs(200_000, random), 0.95)
    right = 10 + 2 * norm.pdf(norm.ppf(0.95)) / 0.05
    assert abs(middle - right) < 4 * error
    assert error < 0.02
    assert measures.shortfall(np.arange(1.0, 21), 0.95)[0] == pytest.approx(20)


def test_a_mean_and_its_error():
    assert measures.mean(np.array([1.0, 3.0])) == (2.0, pytest.approx(1.0))
