"""Contests of the sample company: the race, its projection, and what was planted is found."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import own_history
from spmlib.rules.measures import Filter
from spmlib.workbench import contests

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "data"))
from sample_company import spiffed

from tests.shared import sample_workbench

WINDOW, AFTER = (date(2026, 7, 1), date(2026, 10, 1)), (date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture(scope="module")
def made():
    return contests.known(sample_workbench(), "2026-10")


def test_what_must_hold_holds(made):
    projected = made.projection("new_logo_rush")
    checked = contests.checked(made, "new_logo_rush", projected)
    assert checked["holds"].all()
    assert projected.now <= projected.low <= projected.cost <= projected.high <= 24_000.01


def test_nothing_was_planted_and_nothing_is_claimed(made):
    read, gained = made.read_out("services_sprint")
    assert read.moved.low < 0 < read.moved.high and gained.low < 0 < gained.high
    assert "may have moved nothing" in contests.verdict(read, "It", "USD")
    assert contests.parts(read)["part"].to_list()[0] == "Moved in the window"


def test_what_is_planted_is_found_beside_what_was_there(made):
    """A copy differs from the company by what was planted in it, and by nothing else."""
    who = made.standing("services_sprint")["payee_id"].to_list()
    rows = engine.collected(made.bench.company.transactions)
    copy = spiffed.planted(rows, who, "service", WINDOW, AFTER, lift=0.8, pulled=0.25)
    there, _ = made.read_out("services_sprint")
    found, _ = made.changed(copy).read_out("services_sprint")
    more = found.moved.effect - there.moved.effect
    gone = found.pulled_forward.effect - there.pulled_forward.effect
    assert more == pytest.approx(0.8 * there.brought, rel=0.15)
    assert gone == pytest.approx(0.25 * more, rel=0.2)
    assert found.moved.low > 0
    same = spiffed.planted(rows, who, "service", WINDOW, AFTER, lift=0.0, pulled=0.25)
    assert same.equals(rows)


def in_one_region(made, region="AMER"):
    """The same company, had the services sprint been for one region only."""
    spiff = made.spiff("services_sprint")
    here = Filter("territory_id", spiff.place, among=(region,))
    spiffs = made.bench.parameters.spiffs | {
        spiff.name: replace(spiff, eligible=(*spiff.eligible, here))
    }
    parameters = replace(made.bench.parameters, spiffs=spiffs)
    bench = replace(made.bench, parameters=parameters)
    bench.__dict__["results"] = made.bench.results  # scores do not hang on who is eligible
    return contests.Contests(bench, made.day)


def test_who_was_not_eligible_is_what_the_eligible_are_compared_with(made):
    """What was planted in one region is found beside what was there, and nothing where nothing."""
    here = in_one_region(made)
    of = here.compared("services_sprint")
    who = here.standing("services_sprint")["payee_id"].to_list()
    assert set(of.matched.treated) <= set(who)
    assert not set(of.matched.weights["payee_id"]) & set(who)
    assert "alike who were not eligible" in of.says
    assert made.compared("services_sprint").says == own_history.SAYS
    there, _ = here.read_out("services_sprint")
    assert there.moved.low < 0 < there.moved.high
    rows = engine.collected(made.bench.company.transactions)
    copy = spiffed.planted(rows, who, "service", WINDOW, AFTER, lift=2.0, pulled=0.05)
    found, _ = here.changed(copy).read_out("services_sprint")
    assert found.moved.low > 0
    more = found.moved.effect - there.moved.effect
    assert more == pytest.approx(2.0 * there.brought, rel=0.2)
    gone = found.pulled_forward.effect - there.pulled_forward.effect
    assert gone == pytest.approx(0.05 * more, rel=0.25)
    study, chance = here.study("services_sprint")
    assert list(study["stretch"].unique()) == ["before", "announced", "window", "after"]
    assert chance > 0.05


def test_what_was_cancelled_soon_is_taken_off(made):
    spiff = made.spiff("services_sprint")
    gross = made.bookings.brought(replace(spiff, kept=0))["score"].sum()
    soon, late = (
        made.bookings.brought(replace(spiff, kept=days))["score"].sum() for days in (31, 400)
    )
    assert late < soon <= gross


def test_points_are_of_the_month_and_badges_too(made):
    points, badges, challenges = made.games(date(2026, 10, 1))
    assert points["points"].is_monotonic_decreasing and len(points) > 20
    assert (badges["won_date"] >= pl.Series([date(2026, 10, 1)]).to_pandas()[0]).all()
    assert set(challenges["challenge"]) == {"five_services", "team_logos"}


def test_what_runs_cannot_be_read_out_and_what_is_not_there_is_named(made):
    with pytest.raises(ParameterError, match="new_logo_rush runs until 2026-12-01"):
        made.read_out("new_logo_rush")
    with pytest.raises(ParameterError, match="there is no SPIFF 'services'; write 'services_s"):
        made.spiff("services")
