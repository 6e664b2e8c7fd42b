"""Outlooks: only what was known, amounts that add up, intervals that hold, and hard cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.company import as_known
from spmlib.core.errors import ParameterError
from spmlib.core.tables import CallRecords
from spmlib.orchestrate.pipeline import draws, outlooks
from spmlib.orchestrate.pipeline.outlooks import outlook
from spmlib.orchestrate.pipeline.stacks import stacked
from tests.pipeline import companies
from tests.pipeline.companies import DAY, change, opportunity

MID = date(2025, 9, 12)


@pytest.fixture(scope="module")
def company():
    return companies.company(11)


@pytest.fixture(scope="module")
def made(company):
    return outlook(company, DAY, "USD")


def tables(made):
    """All that an outlook says, as frames."""
    names = ("months", "chances", "tried", "calls", "times", "stages")
    return {name: engine.collected(getattr(made, name)) for name in names}


@pytest.mark.parametrize("day", [date(2025, 10, 1), MID])
def test_what_came_later_changes_nothing(company, day):
    now, then = (tables(outlook(of, day, "USD")) for of in (company, as_known(company, day)))
    for name, frame in now.items():
        assert frame.equals(then[name]), name


@pytest.mark.parametrize("ago", [1, 5, 14])
def test_what_would_have_been_said_is_what_was_said(company, made, ago):
    at = made.asked.last - ago
    day = made.asked.days["day"][at]
    then = outlook(company, day, "USD")
    for name in ("values", "width", "weights"):
        now, was = getattr(made.stack, name)[at], getattr(then.stack, name)[-1]
        np.testing.assert_allclose(now, was[: len(now)], rtol=1e-4, err_msg=name)
    chances = made.trials.rows.filter(pl.col("number") == at, pl.col("lead") == 0)
    were = then.trials.rows.filter(pl.col("number") == at, pl.col("lead") == 0)
    np.testing.assert_allclose(chances["chance"], were["chance"], atol=1e-4)


def test_the_order_of_rows_changes_nothing(company, made):
    turned = {
        name: engine.table(engine.collected(getattr(company, name)).reverse())
        for name in ("opportunities", "opportunity_history")
    }
    other = tables(outlook(replace(company, **turned), DAY, "USD"))
    for name, frame in tables(made).items():
        assert frame.equals(other[name]), name


def test_twice_the_amounts_are_twice_as_much(company, made):
    rows = engine.collected(company.opportunity_history)
    twice = engine.table(rows.with_columns(pl.col("amount") * 2))
    other = outlook(replace(company, opportunity_history=twice), DAY, "USD")
    one, two = engine.collected(made.months), engine.collected(other.months)
    for name in ("value", "low_80", "high_95", "total", "total_low_95"):
        np.testing.assert_allclose(two[name], 2 * one[name], rtol=1e-9)
    assert engine.collected(other.chances)["wins"].equals(engine.collected(made.chances)["wins"])


def test_deals_add_up_to_the_answer(made):
    rows = engine.collected(made.chances)
    trials = made.trials
    assert rows["expected"].sum() + trials.fresh[-1, 0] + trials.now.so_far == pytest.approx(
        trials.parts[-1, 0, 0]
    )
    months = engine.collected(made.months)
    assert months["total"].to_list() == pytest.approx(np.cumsum(months["value"]).tolist())


def test_what_is_won_so_far_counts_and_bounds_the_month(company):
    made = outlook(company, MID, "USD")
    ends = made.deals.closings.filter(pl.col("won") & (pl.col("day") >= date(2025, 9, 1)))
    assert made.trials.now.so_far == pytest.approx(ends["amount"].sum())
    assert made.trials.now.so_far > 0
    assert engine.collected(made.months)["low_95"][0] >= made.trials.now.so_far


def test_draws_have_the_mean_and_the_spread_of_independent_deals(made):
    rows = draws.today(made.trials)
    count = rows["deal"].n_unique()
    calm = replace(
        made.trials,
        levels=np.ones_like(made.trials.levels),
        now=replace(
            made.trials.now,
            ratios=np.ones(1),
            arrivals=tuple(
                replace(a, like=np.zeros(1), weights=np.ones(1)) for a in made.trials.now.arrivals
            ),
        ),
    )
    played = draws.drawn(calm, np.zeros(count, np.int64), np.ones(1), np.zeros(1))[:, :, 0]
    chance, worth = (rows[name].to_numpy().reshape(count, -1) for name in ("chance", "worth"))
    mean = (chance * worth).sum(axis=0)
    alone = (chance * (1 - chance) * worth**2).sum(axis=0)
    both = alone + (draws.UNSURE * mean) ** 2
    np.testing.assert_allclose(played.mean(axis=0), mean, rtol=0.02)
    np.testing.assert_allclose(played.std(axis=0), np.sqrt(both), rtol=0.05)


def test_groups_of_draws_add_up_to_the_whole(made):
    count = draws.today(made.trials)["deal"].n_unique()
    apart = draws.drawn(made.trials, np.arange(count) % 3, np.full(3, 1 / 3), np.zeros(3))
    whole = draws.drawn(made.trials, np.zeros(count, np.int64), np.ones(1), np.zeros(1))
    np.testing.assert_allclose(apart.sum(axis=2), whole[:, :, 0], rtol=1e-9)


def test_intervals_hold_what_comes_and_chances_are_as_often_right():
    held, asked_, came, said = {80: 0.0, 95: 0.0}, 0, 0.0, 0.0
    for seed in range(6):
        of = outlook(companies.company(seed), DAY, "USD", leads=1)
        rows = outlooks.first(of)
        asked_ += len(rows)
        for level in held:
            held[level] += (
                (rows["actual"] >= rows[f"low_{level}"]) & (rows["actual"] <= rows[f"high_{level}"])
            ).sum()
        judged = outlooks.calibration(of)
        came += (judged["won"] * judged["deals"]).sum()
        said += (judged["chance"] * judged["deals"]).sum()
    assert 0.75 <= held[80] / asked_ <= 0.93
    assert held[95] / asked_ >= 0.92
    assert came / said == pytest.approx(1, abs=0.06)


def test_deals_beat_amounts_times_odds_out_of_sample():
    wrong = outlooks.accuracy(outlook(companies.company(5, 2500), DAY, "USD", 1))
    error = wrong.set_index("answer")["error"]
    assert error["pipeline"] < error["same_place"]
    assert error["expected"] < error["last_quarter"]


def test_answers_weigh_as_they_were_right_with_what_was_known():
    actual = np.full((12, 1), 100.0)
    parts = np.stack([actual + 1, actual + 30, np.full((12, 1), np.nan)], axis=2)
    parts[:3] = np.nan
    ends = np.arange(12)[:, None, None] < np.arange(12)[None, None, :]
    made = stacked(parts, actual, np.full((12, 1), 25.0), ends)
    assert np.isnan(made.values[:3]).all()
    assert made.weights[3, 0].tolist() == [0.5, 0.5, 0]
    assert made.weights[-1, 0, 0] > 0.95
    changed = actual.copy()
    changed[-1] = 1e9  # is not known on any of the days
    again = stacked(parts, changed, np.full((12, 1), 25.0), ends)
    np.testing.assert_array_equal(again.values, made.values)


def ended(name, day, status="won", **more):
    """A deal opened 20 days before it ended."""
    return [
        change(name, day - timedelta(20), amount=100, **more),
        change(name, day, status, amount=100, **more),
    ]


def several(count=12, **more):
    """A won and a lost deal every month, from January 2024 on."""
    rows = []
    for n in range(count):
        day = date(2024 + n // 12, n % 12 + 1, 5)
        rows += [*ended(f"W{n}", day, **more), *ended(f"L{n}", day, "lost", **more)]
    return rows


def about(history):
    days = {}
    for row in history:
        days.setdefault(row["opportunity_id"], row["change_date"])
    return [opportunity(name, day) for name, day in days.items()]


OPEN = change("O", date(2024, 12, 20), amount=50)
HARD = {
    "plain": [*several(), OPEN],
    "nothing open": several(),
    "three periods": [*several(3), change("O", date(2024, 3, 20), amount=50)],
    "no amounts": [row | {"amount": None} for row in [*several(), OPEN]],
    "amounts of 0": [row | {"amount": 0} for row in [*several(), OPEN]],
    "negative amounts": [row | {"amount": -100} for row in [*several(), OPEN]],
    "all won": [row for row in [*several(), OPEN] if row["opportunity_id"][0] != "L"],
    "all lost": [row for row in [*several(), OPEN] if row["opportunity_id"][0] != "W"],
    "one huge deal": [*several(), change("O", date(2024, 12, 20), amount=10**9)],
    "a month without": [
        row for row in [*several(), OPEN] if row["opportunity_id"] not in ("W5", "L5")
    ],
    "open for years": [change("A", date(2016, 1, 1), amount=10), *several(), OPEN],
}


@pytest.mark.parametrize("name", HARD)
def test_hard_cases_give_numbers_or_say_what_is_missing(name):
    history = HARD[name]
    day = date(2024, 4, 1) if name == "three periods" else date(2025, 1, 1)
    made = outlook(companies.of(about(history), history), day, "USD")
    found = tables(made)
    for column in ("value", "low_80", "high_80", "low_95", "high_95", "total"):
        assert found["months"][column].is_finite().all(), column
    months = found["months"]
    assert (months["low_95"] <= months["low_80"]).all()
    assert (months["high_80"] <= months["high_95"]).all()
    assert found["chances"].height == (name != "nothing open") + (name == "open for years")
    assert outlooks.accuracy(made)["answer"].notna().all()
    outlooks.bridge(made), outlooks.moved(made), outlooks.course(made), outlooks.calibration(made)


def test_leads_that_make_no_sense_are_refused(company):
    with pytest.raises(ParameterError, match="leads cannot be 0; write 1 or more"):
        outlook(company, DAY, "USD", leads=0)


def test_the_bridge_ends_where_the_answer_is(made):
    steps = outlooks.bridge(made)
    assert steps["end"].iloc[-1] == pytest.approx(made.stack.values[-1, 0])
    assert steps["amount"].iloc[:-1].sum() == pytest.approx(steps["amount"].iloc[-1])


def test_reasons_say_what_moves_a_chance(made):
    rows = outlooks.chances(made)
    late = rows[rows["stage"] == "late"]
    assert late["reasons"].str.contains("in stage late").mean() > 0.9
    assert rows["wins"].between(0, 1).all()
    assert (rows.groupby("stage")["wins"].mean().sort_values().index == ["early", "late"]).all()


# --- calls --------------------------------------------------------------------------------------

LED = [
    {"payee_id": name, "start_date": date(2023, 1, 1), "manager_id": boss, "role": "r", "team": "t"}
    for name, boss in (("S", "M"), ("M", "D"), ("D", None), ("T", "D"))
]


def said(person, month, amount, category="commit", day=28):
    """A call of 2024, given in the month before."""
    before = date(2024, month, 1) - timedelta(31 - day)
    return {
        "payee_id": person,
        "period": f"2024-{month:02}",
        "call_date": before,
        "category": category,
        "amount": amount,
        "currency": "USD",
    }


def calling(*calls):
    history = [*several(11), change("O", date(2024, 11, 20), amount=50)]
    rows = [row | {"owner_id": "S"} for row in about(history)]
    return companies.of(rows, history, forecast_calls=list(calls), positions=LED)


def records(*calls, day=date(2024, 12, 1)):
    made = outlook(calling(*calls), day, "USD")
    rows = engine.pandas(made.calls, CallRecords)
    return made, rows.set_index(["payee_id", "category"])


def test_a_call_is_corrected_by_what_came_of_earlier_ones():
    often = [said("M", month, 200) for month in range(2, 12)]  # 100 came each time
    _, rows = records(*often, said("M", 12, 300), said("D", 12, 100, "best_case"))
    of = rows.loc[("M", "commit")]
    assert of["calls"] == 10
    assert of["came"] == pytest.approx(0.5)
    assert (of["said"], of["corrected"]) == (300, pytest.approx(150))
    assert of["error"] == pytest.approx(1)
    assert of["corrected_error"] == pytest.approx(0, abs=1e-9)
    alone = rows.loc[("D", "best_case")]
    assert (alone["calls"], alone["came"], alone["corrected"]) == (0, 1, 100)


def test_the_last_call_before_the_day_counts_and_no_later_one():
    early = said("M", 12, 500, day=1)
    late = said("M", 12, 400, day=25)
    after = said("M", 12, 999) | {"call_date": date(2024, 12, 1)}
    _, rows = records(early, late, after)
    assert rows.loc[("M", "commit"), "said"] == 400


def test_people_are_led_through_the_hierarchy_and_those_at_the_top_speak_for_all():
    made, rows = records(said("S", 12, 10), said("M", 12, 20), said("D", 12, 40), said("T", 12, 1))
    models = rows["model"]
    assert models["S", "commit"] == models["M", "commit"] == models["D", "commit"] > 0
    assert models["T", "commit"] == 0
    named = outlooks.called(made, {"D": "Director"})
    assert named.loc[named["top"], "name"].to_list() == ["Director"]
    assert outlooks.together(named)["said"] == 40


def test_without_calls_there_are_no_records(made):
    assert engine.collected(made.calls).is_empty()
    assert outlooks.together(outlooks.called(made, {}))["said"] == 0


def test_the_chance_of_a_call_falls_with_what_is_said():
    chances = [records(said("M", 12, amount))[1]["chance"].item() for amount in (1, 100, 10**6)]
    assert chances[0] >= chances[1] >= chances[2]
    assert chances[2] == 0
