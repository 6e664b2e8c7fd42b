"""How a SPIFF may end: prizes as the rules pay them, rates as theory has them, coverage."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.motivate.contests import projections, rates
from spmlib.motivate.contests.prizes_drawn import drawn
from spmlib.rules.spiffs import prizes
from spmlib.rules.spiffs.standings import _placed
from tests.contests.spiffs_of import scored, spiff_of, standing_of

DAY = date(2026, 11, 1)
PLACES = "{places: {1: 5_000, 2: 3_000, 3: 1_000}}"
EVERYTHING = "{places: {1: 900, 2: 400}, levels: {3: 300, 6: 800}, each: {amount: 50, per: 2}}"
KINDS = [
    (PLACES, "ties: share"),
    (PLACES, "ties: all"),
    (PLACES, "ties: first"),
    (PLACES, "minimum: 4"),
    ("{levels: {3: 300, 6: 800}}", ""),
    ("{each: {amount: 200, per: 1, most: 3}}", ""),
    (EVERYTHING, "minimum: 2"),
    (EVERYTHING, "budget: {amount: 2_000, over: share}"),
    (EVERYTHING, "budget: {amount: 2_000, over: first}\nties: all"),
    (EVERYTHING, "budget: {amount: 2_000, over: pay}"),
    (PLACES, "groups: territory_id"),
]


@pytest.mark.parametrize(("won", "more"), KINDS)
def test_draws_are_paid_as_the_rules_pay(won, more):
    """Draw by draw against the exact function; every score has its own day."""
    spiff = spiff_of(won, more)
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 8, (40, 9)).astype(float)
    groups = np.array(["A", "B", "A"] * 3) if spiff.groups else np.array([""] * 9)
    fits = np.array([True] * 8 + [False])
    reached = rng.permuted(np.tile(np.arange(9), (40, 1)), axis=1)
    made = drawn(scores, groups, fits, spiff, reached)
    least = float(spiff.minimum or 0)
    for n, row in enumerate(scores):
        holds = fits & (row > 0) & (row >= least)
        rows = pl.DataFrame(
            {
                "payee_id": [f"H{k}" for k in range(9)],
                "competing": groups,
                "score": (row * MONEY).astype(np.int64),
                "reached_date": [date(2026, 10, 1) + timedelta(int(d)) for d in reached[n]],
                "why": [None if ok else "no" for ok in holds],
            }
        )
        exact = prizes.won(_placed(rows, spiff), spiff).sort("payee_id")
        assert exact["place"].fill_null(0).to_list() == made.places[n].tolist()
        assert exact["prize"].to_numpy() / MONEY == pytest.approx(made.prizes[n], abs=0.011)


def test_rates_learn_from_everybody():
    """Of rates that differ, the gamma's moments are found; of alike ones, a point."""
    rng = np.random.default_rng(4)
    days = np.full(4000, 100.0)
    apart = rng.poisson(rng.gamma(2.0, 1 / 40, 4000) * 100)
    shape, exposure = rates.prior(apart, days)
    assert (shape, exposure) == pytest.approx((2.0, 40.0), rel=0.08)
    shape, exposure = rates.prior(np.full(50, 5), np.full(50, 100.0))
    assert shape / exposure == pytest.approx(0.05)
    assert shape >= 1e5
    assert rates.prior(np.zeros(5), np.full(5, 10.0)) == (0.5, 50.0)


def test_a_person_is_pulled_towards_everybody():
    rows = scored(*[("H0", (10, n), 1) for n in range(1, 21)], ("H1", (10, 5), 1))
    known = rates.rates(rows, ["H0", "H1", "H2"], date(2026, 10, 1), DAY)
    raw = known.counts / known.days
    assert known.counts.tolist() == [20, 1, 0]
    assert known.daily[0] < raw[0] and known.daily[2] > 0
    assert known.daily[0] > known.daily[1] > known.daily[2]
    late = rates.rates(rows, ["H0"], date(2026, 10, 1), DAY, {"H0": date(2026, 10, 22)})
    assert late.days[0] == 10


def test_cancellations_are_no_scores():
    rows = scored(("H0", (10, 1), 5), ("H0", (10, 2), -5), ("H0", (10, 3), 0))
    assert rates.rates(rows, ["H0"], date(2026, 10, 1), DAY).counts.tolist() == [1]


def test_the_mean_cost_is_that_of_theory():
    """One rate for all, 1 a score and nothing else: the cost is Poisson."""
    rows = scored(*[(f"H{n}", (10, d), 1) for n in range(30) for d in range(1, 32, 3)])
    spiff = spiff_of("{each: {amount: 10, per: 1}}")
    made = projections.projection(standing_of([11] * 30), rows, spiff, DAY, history=31, draws=8000)
    expected = 30 * 11 / 31 * 30 * 10
    assert made.now == 30 * 110
    assert made.cost - made.now == pytest.approx(expected, rel=0.01)
    assert made.costs.std() == pytest.approx(np.sqrt(expected / 10) * 10, rel=0.05)
    assert made.budget is None and made.exceeds is None
    assert made.people["expected"].mean() == pytest.approx(11 + 11 / 31 * 30, rel=0.01)


def test_chances_of_places_add_up():
    rows = scored(*[(f"H{n}", (10, d), 100) for n in range(6) for d in range(1, 25, n + 2)])
    spiff = spiff_of(PLACES, "ties: first\nbudget: {amount: 9_000}")
    made = projections.projection(standing_of([9, 7, 5, 3, 2, 1]), rows, spiff, DAY, history=31)
    by_place = made.chances.group_by("place").agg(pl.col("chance").sum()).sort("place")
    assert by_place["chance"].to_list() == pytest.approx([1, 1, 1])
    assert made.cost == pytest.approx(9000)
    assert (made.low, made.high, made.exceeds) == (9000, 9000, 0.0)
    assert made.people["wins"].sum() == pytest.approx(3)
    assert made.people["leads"].arg_max() == 0 and made.people["leads"].arg_min() > 2


def test_what_is_over_costs_what_it_costs():
    made = projections.projection(
        standing_of([3, 1]), scored(("H0", (10, 5), 3)), spiff_of(PLACES), date(2026, 12, 1)
    )
    assert (made.cost, made.low, made.high, made.now) == (8000, 8000, 8000, 8000)
    assert made.people["wins"].to_list() == [1, 1]


def test_who_may_no_longer_win_wins_nothing():
    stand = standing_of([9, 0, 2]).with_columns(
        why=pl.Series(["held back before the window", "nothing scored", None])
    )
    rows = scored(*[("H1", (10, d), 1) for d in range(1, 30)])
    made = projections.projection(stand, rows, spiff_of(PLACES), DAY, history=31)
    wins = dict(made.people.select("payee_id", "wins").rows())
    assert wins["H0"] == 0 and wins["H1"] > 0.9


def test_nothing_scored_yet_is_no_fault():
    made = projections.projection(standing_of([0, 0]), scored(), spiff_of(PLACES), DAY)
    assert made.now == 0
    assert made.cost >= 0


def test_the_same_seed_gives_the_same():
    rows = scored(*[("H0", (10, d), 1) for d in range(1, 9)])
    asked = (standing_of([8, 0]), rows, spiff_of(PLACES), DAY)
    one, other = (projections.projection(*asked, draws=200, seed=3) for _ in range(2))
    assert one.people.equals(other.people) and one.cost == other.cost


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"draws": 0}, "draws=0"),
        ({"history": 0}, "history=0"),
        ({"season": -1}, "season=-1"),
        ({"sure": 80}, "sure=80 is no share"),
        ({"standing": standing_of([])}, "nobody takes part"),
        ({"standing": pl.concat([standing_of([1])] * 2)}, "stands there twice"),
    ],
)
def test_what_cannot_be_projected_is_refused(change, says):
    asked = {"standing": standing_of([1]), "scores": scored(), "spiff": spiff_of(PLACES)}
    with pytest.raises(ParameterError, match=says):
        projections.projection(**(asked | {"day": DAY} | change))


def test_season_is_the_year_befores():
    start = date(2025, 9, 2)  # 364 days before 2026-09-01
    before = [start - timedelta(days=n) for n in range(1, 31)]
    after = [start + timedelta(days=n // 2) for n in range(60)]
    rows = pl.DataFrame({"event_date": before + after, "score": [1.0] * 90})
    made = projections.seasonal(rows, date(2026, 9, 1), date(2026, 10, 1), 30)
    assert made == pytest.approx(2.0)
    assert projections.seasonal(rows[:30], date(2026, 9, 1), date(2026, 10, 1), 30) == 1.0


def covered(seed, sizes=True):
    """Whether the interval of 80 % held the cost and the sum that came, for one company drawn."""
    rng = np.random.default_rng(seed)
    people = [f"H{n}" for n in range(25)]
    rate = rng.gamma(1.5, 0.04, 25)
    first, end = date(2026, 5, 5), date(2026, 12, 1)
    span = (end - first).days
    count = rng.poisson(rate * span)
    who = np.repeat(np.arange(25), count)
    when = rng.integers(0, span, len(who))
    size = np.ceil(rng.lognormal(1, 0.8, len(who))) if sizes else np.ones(len(who))
    rows = pl.DataFrame(
        {
            "payee_id": np.array(people)[who],
            "event_date": [first + timedelta(int(d)) for d in when],
            "score": size,
        }
    )
    inside = (when >= (date(2026, 10, 1) - first).days) & (when < (DAY - first).days)
    begun = np.bincount(who[inside], size[inside], 25)
    whole = when >= (date(2026, 10, 1) - first).days
    ended = np.bincount(who[whole], size[whole], 25)
    spiff = spiff_of("{each: {amount: 20, per: 1, most: 40}, levels: {10: 100, 20: 300}}")
    known = rows.filter(pl.col("event_date") < DAY)
    stand = standing_of(begun)
    made = projections.projection(stand, known, spiff, DAY, draws=500, seed=seed)
    came = drawn(ended[None, :], np.array([""] * 25), np.ones(25, bool), spiff).prizes.sum()
    low, high = made.people["low"].to_numpy(), made.people["high"].to_numpy()
    return made.low <= came <= made.high, ((low <= ended) & (ended <= high)).mean(), (
        made.people["wins"].to_numpy(), ended > 0)  # fmt: skip


def coverage(seeds):
    """Shares of intervals of 80 % that held: of costs, and of people's final scores."""
    made = [covered(seed) for seed in seeds]
    return np.mean([one[0] for one in made]), np.mean([one[1] for one in made])


def test_intervals_hold_what_comes():
    """Forty companies; the benchmark draws four hundred. Scores are whole, so theirs hold more."""
    cost, scores = coverage(range(40))
    assert 0.64 <= cost <= 0.95
    assert 0.78 <= scores <= 0.95


@pytest.mark.nightly
def test_intervals_hold_what_comes_in_many_companies():
    cost, scores = coverage(range(1000, 1300))
    assert 0.74 <= cost <= 0.86
    assert 0.80 <= scores <= 0.93
