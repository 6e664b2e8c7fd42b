"""The sample company tells rates; switched on with enough leavers, a company shows its people."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import checks, readings
from spmlib.workbench import attrition
from tests.shared import sample_workbench


@pytest.fixture(scope="module")
def bench():
    return sample_workbench()


def test_the_sample_company_tells_rates_and_both_reasons_why(bench):
    own = attrition.insight(bench, "2026-10")
    told = readings.told(own)
    assert (told["people"], told["left"], told["months"]) == (127, 12, 30)
    assert "`enabled: no`" in told["why"] and "12 left, and below 30" in told["why"]
    assert told["low"] < told["rate"] < told["high"]
    assert checks.of_rows(own)["holds"].all()
    assert own.rates("role")["left"].sum() == 12


def test_of_an_earlier_period_later_leavers_are_not_known(bench):
    assert readings.told(attrition.insight(bench, "2025-06"))["left"] == 4


def test_an_unknown_period_is_refused(bench):
    with pytest.raises(ParameterError, match="no period '2030-01'"):
        attrition.insight(bench, "2030-01")


def test_the_made_up_company_shows_people_with_pseudonyms(bench):
    shown = attrition.made_up(bench, people=150)
    people = shown.seen("")
    assert shown.whose == "made-up"
    assert people["payee_id"][0] == "P001" and people["at_risk"].is_sorted(descending=True)
    assert not set(people["payee_id"]) & set(shown.positions["payee_id"])
    assert shown.managers["at_risk"].sum() == pytest.approx(people["at_risk"].sum())
    assert checks.of_people(shown.insight)["holds"].all()
    first = shown.values["manager_id"][0]
    own = shown.seen(first)
    team = shown.values.filter(manager_id=first)["payee_id"]
    assert set(team) <= set(own["payee_id"])
    assert own["payee_id"].str.starts_with("P").sum() == len(own) - len(team)


def test_without_a_made_up_company_it_says_where_one_would_be(bench, tmp_path):
    bare = replace(bench, folder=tmp_path / "parameters")
    with pytest.raises(ParameterError, match="there is no made-up company"):
        attrition.made_up(bare)


@pytest.mark.nightly
def test_switched_on_with_enough_leavers_it_is_the_companys_own(bench):
    """Were twelve leavers enough for the policy, later months would not bear the chances out."""
    told = replace(attrition.policy(bench), enabled=True, leavers=5)
    own = attrition.insight(bench, "2026-10", told)
    assert "no better than luck may" in readings.told(own)["why"]
    assert attrition.shown(bench, "2026-10", decided=told).whose == "made-up"
    shown = attrition.of_company(bench, own, "2026-10")
    assert shown.whose == "own" and shown.currency == "USD"
    assert len(shown.people) == shown.insight.people["payee_id"].n_unique()
    assert shown.credits["amount"].sum() > 1e6
    assert shown.opportunities.filter(pl.col("amount") <= 0).is_empty()
    assert shown.seen("H1001").filter(pl.col("payee_id").str.starts_with("P")).is_empty()
