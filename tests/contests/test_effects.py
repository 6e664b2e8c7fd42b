"""What a SPIFF moved: against published figures, other libraries, and effects that are known."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import clusters, effects, own_history, panels, permuted, placebos
from spmlib.motivate.contests.matches import matched
from spmlib.motivate.contests.returns import pipeline_due, returned


def panel_of(values, names=None):
    """A panel of people x stretches."""
    people, stretches = values.shape
    names = names or [f"P{n:03}" for n in range(people)]
    return pl.DataFrame(
        {
            "payee_id": np.repeat(names, stretches),
            "at": np.tile(np.arange(stretches), people),
            "value": values.ravel(),
        }
    )


def drawn(seed, people=60, treated=25, stretches=12, effect=0.0):
    """Persistent levels, weeks that hang together, and an effect from stretch 8 on."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(3, 10, people)[:, None]
    noise = np.cumsum(rng.normal(0, 2, (people, stretches)), axis=1)
    values = level + noise + rng.normal(0, 5, (people, stretches))
    values[:treated, 8:] += effect
    return panel_of(values), [f"P{n:03}" for n in range(treated)]


@pytest.mark.parametrize(
    ("jersey", "pennsylvania", "difference", "error"),
    [
        (((20.44, 0.51), (21.03, 0.52)), ((23.33, 1.35), (21.17, 0.94)), 2.76, None),
        ((0.59, 0.54), (-2.16, 1.25), 2.76, 1.36),  # row 3: all stores that are available
        ((0.47, 0.48), (-2.28, 1.25), 2.75, 1.34),  # row 4: the balanced sample
        ((0.23, 0.49), (-2.28, 1.25), 2.51, 1.35),  # row 5: closed stores at 0
    ],
)
def test_card_and_krueger(jersey, pennsylvania, difference, error):
    """Card and Krueger (1994), American Economic Review 84, table 3: full-time employment.

    Their rows are rounded to two digits: 0.59 + 2.16 is printed as 2.76, and the error of row 5,
    1.3426 of printed parts, as 1.35.
    """
    one, other = (
        clusters.of_means(*side) if error is None else clusters.of_change(*side)
        for side in (jersey, pennsylvania)
    )
    made = clusters.between(one, other)
    assert made.effect == pytest.approx(difference, abs=0.0101)
    if error is not None:
        assert made.standard_error == pytest.approx(error, abs=0.0101)
        assert made.p_value == pytest.approx(2 * stats.norm.sf(difference / error), abs=0.004)


def test_one_change_for_each_person_is_welchs_test():
    panel, treated = drawn(3, effect=4)
    made = effects.difference_in_differences(panel, treated, range(8), range(8, 12))
    values = panels.wide(panel).values
    change = values[:, 8:].mean(1) - values[:, :8].mean(1)
    other = stats.ttest_ind(change[:25], change[25:], equal_var=False)
    low, high = other.confidence_interval(0.95)
    assert (made.low, made.high, made.p_value) == pytest.approx((low, high, other.pvalue))
    assert made.freedom == pytest.approx(other.df)
    assert (made.treated, made.control) == (25, 35)


def test_it_is_the_coefficient_of_persons_and_stretches():
    """Two-way fixed effects with errors clustered by person, by statsmodels."""
    import statsmodels.formula.api as smf

    panel, treated = drawn(4, people=20, treated=8, effect=3)
    rows = panel.to_pandas()
    rows["on"] = (rows["payee_id"].isin(treated) & (rows["at"] >= 8)).astype(float)
    fit = smf.ols("value ~ on + C(payee_id) + C(at)", rows).fit(
        cov_type="cluster", cov_kwds={"groups": rows["payee_id"].astype("category").cat.codes}
    )
    made = effects.difference_in_differences(panel, treated, range(8), range(8, 12))
    assert made.effect == pytest.approx(fit.params["on"])
    assert made.standard_error == pytest.approx(fit.bse["on"], rel=0.12)  # CR1 there, CR2 here


def test_weights_are_those_of_weighed_least_squares():
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    one, other, weights = rng.normal(3, 2, 9), rng.normal(0, 4, 14), rng.integers(1, 6, 14) * 1.0
    made = clusters.difference(one, other, weights)
    x = sm.add_constant(np.r_[np.ones(9), np.zeros(14)])
    w = np.r_[np.ones(9), weights]
    fit = sm.WLS(np.r_[one, other], x, weights=w).fit()
    assert made.effect == pytest.approx(fit.params[1])
    rest = (np.r_[one, other] - fit.predict(x)) ** 2
    share = np.r_[np.full(9, 1 / 9), weights / weights.sum()]
    assert made.standard_error**2 == pytest.approx((share**2 * rest / (1 - share)).sum())


def test_degrees_of_freedom_are_bell_and_mccaffreys():
    """Against the matrices themselves."""
    w = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    m = np.eye(5) - np.outer(np.ones(5), w)
    root = np.diag(np.sqrt(w**2 / (1 - w)))
    g = root @ m @ m.T @ root
    made = clusters.mean([1.0, 2, 5, 3, 9], w)
    assert made.freedom == pytest.approx(np.trace(g) ** 2 / np.trace(g @ g))
    assert clusters.mean([1.0, 2, 5]).freedom == pytest.approx(2)
    assert clusters.mean([1.0, 2, 5]).variance == pytest.approx(np.var([1, 2, 5], ddof=1) / 3)


def test_moved_and_pulled_forward_add_up_to_the_net():
    panel, treated = drawn(6, effect=5)
    asked = (range(2, 7), range(8, 10), range(10, 12), [7])
    made = effects.read_out(panel, treated, *asked)
    parts = made.moved.effect - made.pulled_forward.effect - made.held_back.effect
    assert made.net.effect == pytest.approx(parts)
    values = panels.wide(panel).values
    own = values[:, 7:12].sum(1) - 5 * values[:, 2:7].mean(1)
    net = own[:25].mean() - own[25:].mean()
    assert made.net.effect == pytest.approx(25 * net)
    assert made.brought == pytest.approx(values[:25, 8:10].sum())
    assert made.lift == pytest.approx(made.moved.effect / (made.brought - made.moved.effect))
    assert made.lift_low < made.lift < made.lift_high
    daily = effects.difference_in_differences(panel, treated, range(2, 7), range(8, 10))
    assert made.moved.effect == pytest.approx(daily.effect * 2 * 25)


def test_a_known_effect_without_noise_is_found_exactly():
    values = np.tile([[10.0], [20], [30], [40]], (1, 6)) + np.arange(6)
    values[:2, 3] += 7  # moved
    values[:2, 4] -= 3  # pulled forward
    values[:2, 2] -= 1  # held back
    made = effects.read_out(panel_of(values), ["P000", "P001"], [0, 1], [3], [4], [2])
    told = (made.moved, made.pulled_forward, made.held_back, made.net)
    assert [one.effect for one in told] == pytest.approx([14, 6, 2, 6])
    assert made.trend.effect == pytest.approx(0)
    assert [one.standard_error for one in told] == pytest.approx([0, 0, 0, 0])


def test_stretches_of_unequal_length_count_by_their_days():
    rows = panel_of(np.array([[28.0, 31, 62], [28, 31, 31], [56, 62, 62], [28, 31, 31]]))
    rows = rows.with_columns(days=pl.col("at").replace_strict({0: 28, 1: 31, 2: 31}))
    made = effects.difference_in_differences(rows, ["P000", "P001"], [0, 1], [2])
    assert made.effect == pytest.approx(0.5)  # 1 a day more of one, 0 of the other


def test_pre_periods_are_placebos_and_a_diverging_trend_is_told():
    panel, treated = drawn(8, effect=6)
    study, chance = effects.event_study(panel, treated, range(8))
    assert study["placebo"].to_list() == [True] * 8 + [False] * 4
    assert chance > 0.05
    assert (study.filter(~pl.col("placebo"))["low"] > 0).any()
    grows = panel.with_columns(
        value=pl.col("value")
        + pl.when(pl.col("payee_id").is_in(treated)).then(pl.col("at") * 4).otherwise(0)
    )
    _, apart = effects.event_study(grows, treated, range(8))
    made = effects.read_out(grows, treated, range(8), range(8, 12))
    assert apart < 0.01
    assert made.trend.low > 0


def weekly(seed, sizes, weeks=26, swing=0.0, rise=0.0):
    """Weeks of few large deals; the treated sell twice as much each."""
    rng = np.random.default_rng(seed)
    level = np.r_[rng.gamma(4, 0.5, sizes[0]), rng.gamma(4, 0.25, sizes[1])]
    season = 1 + swing * np.sin(np.arange(weeks) / 6)
    count = rng.poisson(level[:, None] * season)
    cell = np.repeat(np.arange(count.size), count.ravel())
    made = np.bincount(cell, rng.lognormal(3, 1, len(cell)), count.size).reshape(count.shape)
    made[: sizes[0]] *= 1 + rise * np.linspace(-1, 1, weeks)
    return panel_of(made), [f"P{n:03}" for n in range(sizes[0])]


@pytest.mark.parametrize("weighed", [False, True])
def test_placebos_of_many_weeks_of_few_people_cry_wolf_no_more_often_than_they_say(weighed):
    cried = []
    for seed in range(100):
        values = panels.wide(weekly(seed, (8, 30))[0]).values
        own = values - values.mean(1, keepdims=True)
        weights = 1.0 + np.arange(30) % 3 if weighed else None
        cried.append(placebos.chance(own[:8], own[8:], weights, draws=199) <= 0.05)
    assert np.mean(cried) <= 0.12


def test_placebos_see_groups_that_drift_apart():
    panel, treated = weekly(1, (30, 40), rise=0.9)
    assert effects.event_study(panel, treated, range(26))[1] < 0.01
    weights = {f"P{n:03}": 1.0 + n % 3 for n in range(30, 70)}
    assert effects.event_study(panel, treated, range(26), weights)[1] < 0.01


def test_placebos_where_nothing_varies_say_nothing():
    values = np.tile([[1.0], [2], [3], [4]], (1, 4))
    assert effects.event_study(panel_of(values), ["P000", "P001"], range(3))[1] == 1.0


def test_growth_is_the_ratio_of_a_poisson_regression():
    import statsmodels.api as sm

    panel, treated = weekly(2, (20, 50))
    made = effects.read_out(panel, treated, range(16), range(16, 26), growth=True)
    rows = panel.to_pandas()
    rows["t"] = rows["payee_id"].isin(treated) * 1.0
    rows["w"] = (rows["at"] >= 16) * 1.0
    x = np.column_stack([np.ones(len(rows)), rows["t"], rows["w"], rows["t"] * rows["w"]])
    family = sm.families.Poisson()
    groups = rows["payee_id"].astype("category").cat.codes
    fit = sm.GLM(rows["value"].to_numpy(), x, family=family).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    assert made.lift == pytest.approx(np.exp(fit.params[3]) - 1)
    came, otherwise = np.exp(fit.params.sum()), np.exp(fit.params[:3].sum())
    slope = np.array([came - otherwise] * 3 + [came])  # of what was moved, by each coefficient
    error = np.sqrt(slope @ fit.cov_params() @ slope) * 10 * 20
    assert made.moved.effect == pytest.approx((came - otherwise) * 10 * 20)
    assert made.moved.standard_error == pytest.approx(error, rel=0.05)
    daily = effects.difference_in_differences(panel, treated, range(16), range(16, 26), growth=True)
    assert daily.effect * 10 * 20 == pytest.approx(made.moved.effect)


def test_growth_takes_out_a_season_that_multiplies():
    """A group on twice the level, and a season that lifts both by as many percent."""
    values = np.array([[100.0, 150], [120, 180], [50, 75], [60, 90]])
    asked = (panel_of(values), ["P000", "P001"], [0], [1])
    assert effects.difference_in_differences(*asked, growth=True).effect == pytest.approx(0)
    assert effects.difference_in_differences(*asked).effect == pytest.approx(27.5)
    parts = effects.read_out(panel_of(values[:, [0, 1, 0]]), ["P000", "P001"], [0], [1], [2],
                             growth=True)  # fmt: skip
    assert parts.net.effect == pytest.approx(parts.moved.effect - parts.pulled_forward.effect)
    values[2:, 0] = 0
    with pytest.raises(ParameterError, match="the others brought nothing before"):
        effects.difference_in_differences(panel_of(values), *asked[1:], growth=True)


@pytest.mark.nightly
@pytest.mark.parametrize("sizes", [(40, 40), (20, 60), (8, 30)])
def test_intervals_hold_the_effect(sizes):
    held = []
    for seed in range(400):
        panel, treated = weekly(seed, sizes)
        made = effects.difference_in_differences(panel, treated, range(18), range(18, 26))
        held.append(made.low <= 0 <= made.high)
    assert 0.92 <= np.mean(held) <= 0.985


def test_who_is_not_there_throughout_is_left_out_and_counted():
    panel, treated = drawn(9)
    gone = panel.filter(~((pl.col("payee_id") == "P001") & (pl.col("at") == 9)))
    empty = panel.with_columns(
        value=pl.when((pl.col("payee_id") == "P001") & (pl.col("at") == 9))
        .then(None)
        .otherwise("value")
    )
    one, other = (effects.read_out(rows, treated, range(8), range(8, 10)) for rows in (gone, empty))
    assert one == other
    assert (one.left_out, one.moved.treated) == (1, 24)


def test_frames_of_pandas_are_taken():
    panel, treated = drawn(10)
    asked = (treated, range(8), range(8, 12))
    made = effects.difference_in_differences(panel.to_pandas(), *asked)
    assert made == effects.difference_in_differences(panel, *asked)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"treated": ["X"]}, "the panel has no row of X"),
        ({"treated": []}, "0 people show no spread"),
        ({"treated": ["P000"]}, "1 people show no spread"),
        ({"before": []}, "before has no stretches"),
        ({"window": [99]}, "the panel has no stretch 99; it has 0 to 11"),
        ({"sure": 95}, "sure=95 is no share"),
        ({"weights": {"P030": 1.0, "P031": -1}}, "the weight of P031 is -1"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, says):
    panel, treated = drawn(1)
    asked = {"treated": treated, "before": range(8), "window": range(8, 12)} | change
    with pytest.raises(ParameterError, match=says):
        effects.difference_in_differences(panel, **asked)


def strange(**columns):
    """Numbers for ids, midnights for months."""
    made = {"payee_id": [1, 1, 2, 2, 3, 3, 12, 12], "value": [1, 5, 2, 6, 3, 4, 4, 4]}
    days = [datetime(2026, 1, 1), datetime(2026, 2, 1)] * 4
    return pl.DataFrame(made | {"at": days} | columns)


def test_ids_that_are_numbers_and_days_that_are_midnights_are_taken():
    told = effects.difference_in_differences(
        strange(), [1, 2], [date(2026, 1, 1)], [datetime(2026, 2, 1)]
    )
    assert told.effect == 3.5
    with pytest.raises(ParameterError, match="1 people show no spread"):
        effects.difference_in_differences(strange(), "12", [date(2026, 1, 1)], [date(2026, 2, 1)])
    near = matched(strange(), [1], [date(2026, 1, 1)], {1: "a", 12: "a", 2: "b"}, 1)
    assert near.weights["payee_id"].to_list() == ["12"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"at": [None, "a"] * 4}, "a stretch has no name or no days"),
        ({"days": [0] * 8}, "a stretch has no name or no days"),
        ({"value": ["x"] * 8}, "value holds no numbers"),
    ],
)
def test_a_panel_that_says_nothing_is_refused(columns, says):
    with pytest.raises(ParameterError, match=says):
        effects.difference_in_differences(strange(**columns), [1, 2], ["a"], ["b"])


def test_a_stretch_is_of_one_side_only():
    panel, treated = drawn(1)
    for asked in ((range(8), [7, 8]), (range(8), [8], [8])):
        with pytest.raises(ParameterError, match="stands in two places"):
            effects.read_out(panel, treated, *asked)


@pytest.mark.parametrize("compared", [clusters.difference, permuted.permuted])
def test_what_is_no_number_is_no_change(compared):
    with pytest.raises(ParameterError, match="a change is no number"):
        compared([1.0, np.nan, 2], [2.0, 3])


def test_a_person_with_two_rows_is_refused():
    panel, treated = drawn(1)
    with pytest.raises(ParameterError, match="P000 has two rows for 0; add them up first"):
        effects.difference_in_differences(pl.concat([panel, panel[:1]]), treated, [0], [1])


@pytest.mark.parametrize("wrong", [pd.DataFrame({"payee_id": ["A"]}), 5])
def test_what_is_no_panel_is_refused(wrong):
    with pytest.raises(ParameterError, match=r"no column at, value|no table"):
        effects.difference_in_differences(wrong, ["A"], [0], [1])


# --- by permutation ----------------------------------------------------------------------------


def test_all_ways_are_gone_through_where_they_are_few():
    """Five and five: 252 ways; against scipy's exact permutation test."""
    rng = np.random.default_rng(2)
    one, other = rng.normal(1.5, 1, 5), rng.normal(0, 1, 5)
    made = permuted.permuted(one, other)
    there = stats.permutation_test(
        (one, other), lambda a, b: abs(a.mean() - b.mean()), alternative="greater"
    )
    assert made.exact and made.ways == 252
    assert made.p_value == pytest.approx(there.pvalue)
    assert made.low < made.effect < made.high


def test_the_interval_holds_the_effects_that_are_not_refused():
    rng = np.random.default_rng(3)
    one, other = rng.normal(3, 1, 12), rng.normal(0, 1, 15)
    made = permuted.permuted(one, other, draws=1999)
    inside = permuted.permuted(one - made.low - 0.02, other, draws=1999)
    beyond = permuted.permuted(one - made.low + 0.02, other, draws=1999)
    assert inside.p_value > 0.05 >= beyond.p_value
    welch = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert (made.low, made.high) == pytest.approx((welch.low, welch.high), abs=0.15)


def test_too_few_to_refuse_anything_have_an_endless_interval():
    made = permuted.permuted([1.0], [0.0, 0.1])
    assert (made.low, made.high) == (-np.inf, np.inf)
    with pytest.raises(ParameterError, match="a group has nobody in it"):
        permuted.permuted([], [1.0])


# --- who is compared with whom ------------------------------------------------------------------


def test_the_nearest_of_the_same_segment_are_taken():
    values = np.array([[10.0, 10], [50, 50], [11, 11], [12, 12], [48, 48], [10, 10]])
    alike = {"P000": "a", "P001": "a", "P002": "a", "P003": "a", "P004": "a", "P005": "b"}
    made = matched(panel_of(values), ["P000", "P001"], [0, 1], alike, neighbours=1)
    assert made.weights.rows() == [("P002", 1.0), ("P004", 1.0)]
    two = matched(panel_of(values), ["P000", "P001"], [0, 1], alike, neighbours=2)
    assert dict(two.weights.rows()) == {"P002": 0.5, "P003": 1.0, "P004": 0.5}
    near = matched(panel_of(values), ["P000", "P001"], [0, 1], alike, 1, farthest=0.08)
    assert (near.treated, near.unmatched) == (["P000"], ["P001"])


def test_matching_brings_levels_together():
    rng = np.random.default_rng(1)
    level = np.r_[rng.uniform(40, 80, 20), rng.uniform(10, 90, 80)]
    panel = panel_of(level[:, None] + rng.normal(0, 3, (100, 6)))
    made = matched(panel, [f"P{n:03}" for n in range(20)], range(6))
    row = made.balance.row(0, named=True)
    assert abs(row["apart"]) > 0.2
    assert abs(row["apart_matched"]) < 0.1
    assert made.weights["weight"].sum() == pytest.approx(20)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"neighbours": 0}, "0 neighbours match nobody"),
        ({"earlier": []}, "no earlier stretches"),
        ({"treated": ["nobody"]}, "one group has nobody"),
        ({"alike": {"P000": "a"}}, "nobody who is eligible has anybody alike"),
    ],
)
def test_what_cannot_be_matched_is_refused(change, says):
    asked = {"treated": ["P000"], "earlier": [0, 1]} | change
    with pytest.raises(ParameterError, match=says):
        matched(panel_of(np.ones((4, 2))), **asked)


def test_matching_on_the_baseline_itself_would_find_what_is_not_there():
    """The reason for earlier stretches: 60 draws without an effect, groups of other levels."""
    on_base, on_earlier = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        level = np.r_[rng.normal(30, 3, 20), rng.normal(20, 3, 60)]
        panel = panel_of(level[:, None] + rng.normal(0, 8, (80, 9)))
        treated = [f"P{n:03}" for n in range(20)]
        for stretches, kept in ((range(3, 6), on_base), (range(3), on_earlier)):
            weights = matched(panel, treated, stretches).weights
            made = effects.difference_in_differences(
                panel, treated, range(3, 6), range(6, 9), weights
            )
            kept.append(made.effect)
    assert np.mean(on_base) > 2  # they fall back after having been chosen
    assert abs(np.mean(on_earlier)) < 0.7


# --- where everybody was eligible ---------------------------------------------------------------


def years(effect=0.0):
    rng = np.random.default_rng(7)
    rows = [
        (f"P{n:02}", date(year, month, 1), 50.0 + n + (month == 9) * 20 + rng.normal(0, 4)
         + effect * (year == 2026 and month >= 7))
        for n in range(30) for year in (2024, 2025, 2026) for month in range(1, 10)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["payee_id", "at", "value"], orient="row")


def test_own_history_takes_the_season_out():
    before, window = ([date(2026, m, 1) for m in months] for months in (range(1, 7), range(7, 10)))
    for effect in (0.0, 10.0):
        made = own_history.over_own_history(years(effect), before, window)
        assert made.moved.low < effect * 3 * 30 < made.moved.high
        assert (made.moved.treated, made.moved.freedom) == (30, pytest.approx(29))
    assert made.moved.low > 0
    both = own_history.over_own_history(years(10), before, window, years=(1, 2))
    assert both.moved.standard_error < made.moved.standard_error
    past = own_history.placebo_years(years(10), before, window, (1, 2))
    assert past["year"].to_list() == [2025]
    assert past["low"][0] < 0 < past["high"][0]


def test_each_month_beside_the_year_before():
    before, window = ([date(2026, m, 1) for m in months] for months in (range(1, 7), range(7, 10)))
    study, chance = own_history.event_study(years(10), before, [*before, *window])
    assert study["placebo"].to_list() == [True] * 6 + [False] * 3
    assert chance > 0.05
    assert (study.filter(~pl.col("placebo"))["low"] > 0).all()
    made = own_history.over_own_history(years(10), before, window)
    whole = study.filter(~pl.col("placebo"))["effect"].sum() * 30
    assert made.moved.effect == pytest.approx(whole)
    late = years(10).with_columns(
        value=pl.col("value")
        + pl.when(pl.col("at").is_between(date(2026, 1, 1), date(2026, 2, 1))).then(9).otherwise(0)
    )
    assert own_history.event_study(late, before, before)[1] < 0.01
    with pytest.raises(ParameterError, match="0 people were there"):
        own_history.event_study(
            years().with_columns(value=pl.lit(None, pl.Float64)), before, before
        )


def test_own_history_is_a_paired_test():
    panel = years(3)
    before, window = [date(2026, 1, 1)], [date(2026, 7, 1)]
    made = own_history.over_own_history(panel, before, window)
    held = panels.wide(panel)
    at = {day: n for n, day in enumerate(held.at)}
    change = [
        held.values[:, at[date(y, 7, 1)]] - held.values[:, at[date(y, 1, 1)]] for y in (2026, 2025)
    ]
    low, high = stats.ttest_rel(*change).confidence_interval()
    assert (made.moved.low, made.moved.high) == pytest.approx((30 * low, 30 * high))


def test_a_year_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="the panel has no stretch 2023-01-01"):
        own_history.over_own_history(years(), [date(2024, 1, 1)], [date(2024, 7, 1)])


# --- stretches and panels ------------------------------------------------------------------------


def test_no_stretch_lies_across_the_ends_of_the_window():
    made = panels.spans(
        date(2026, 7, 1), date(2026, 10, 1), "month", 2, 1, 1, announced=date(2026, 6, 15)
    )
    told = [(str(at), str(until), kind) for at, until, kind in made.rows()]
    assert told == [
        ("2026-03-15", "2026-04-15", "earlier"),
        ("2026-04-15", "2026-05-15", "before"),
        ("2026-05-15", "2026-06-15", "before"),
        ("2026-06-15", "2026-07-01", "announced"),
        ("2026-07-01", "2026-08-01", "window"),
        ("2026-08-01", "2026-09-01", "window"),
        ("2026-09-01", "2026-10-01", "window"),
        ("2026-10-01", "2026-11-01", "after"),
    ]
    weeks = panels.spans(date(2026, 7, 1), date(2026, 7, 10), "week", 1, known=date(2026, 7, 9))
    assert weeks["until"].to_list() == [date(2026, 7, 1), date(2026, 7, 8)]
    end = panels.spans(date(2026, 3, 31), date(2026, 4, 30), "month", 1)
    assert end["at"].to_list() == [date(2026, 2, 28), date(2026, 3, 31)]
    with pytest.raises(ParameterError, match="the window ends on"):
        panels.spans(date(2026, 7, 1), date(2026, 7, 1))
    with pytest.raises(ParameterError, match="every='year' means nothing"):
        panels.spans(date(2026, 7, 1), date(2026, 8, 1), "year")


def test_a_panel_has_a_row_for_whoever_was_there_throughout():
    spans = panels.spans(date(2026, 2, 1), date(2026, 3, 1), "month", 1)
    rows = pl.DataFrame(
        {
            "payee_id": ["A", "A", "A", "B", "C"],
            "event_date": ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-01-05"],
            "score": [5, 7, -2, 9, 4],
        }
    )
    people = pl.DataFrame(
        {"payee_id": ["A", "B", "C"], "start_date": [None, None, date(2026, 1, 2)]}
    )
    made = panels.panel(rows, spans, people)
    told = made.select("payee_id", pl.col("at").dt.month(), "days", "value").rows()
    assert told == [("A", 1, 31, 5), ("A", 2, 28, 5), ("B", 1, 31, 0), ("B", 2, 28, 0),
                    ("C", 2, 28, 0)]  # fmt: skip
    assert panels.panel(rows.clear(), spans, people)["value"].sum() == 0
    bad = rows.with_columns(event_date=pl.lit("31.1.2026"))
    with pytest.raises(ParameterError, match="a day of event_date is empty"):
        panels.panel(bad, spans, people)


# --- money ---------------------------------------------------------------------------------------


def test_what_a_unit_of_money_brought():
    net = clusters.between(clusters.of_change(100_000, 30_000), clusters.of_change(0, 0))
    made = returned(net, 0.6, 24_000)
    assert (made.gained, made.each, made.needed) == pytest.approx((60_000, 2.5, 40_000))
    assert (made.low, made.high) == pytest.approx((net.low * 0.6 / 24_000, net.high * 0.025 / 1000))
    free = returned(net, 0.6, 0)
    assert (free.each, free.low, free.high) == (None, None, None)
    for margin, cost, says in ((0, 5, "margin of 0"), (0.5, -1, "prizes of -1")):
        with pytest.raises(ParameterError, match=says):
            returned(net, margin, cost)


def test_what_was_due_soon_on_some_days():
    history = pl.DataFrame(
        [
            ("O1", date(2026, 1, 1), "open", 100, date(2026, 2, 10)),
            ("O1", date(2026, 1, 20), "won", 100, date(2026, 1, 20)),
            ("O2", date(2026, 1, 1), "open", 70, date(2026, 2, 28)),
            ("O2", date(2026, 1, 31), "open", 80, date(2026, 3, 5)),
            ("O3", date(2026, 1, 1), "open", None, date(2026, 2, 1)),
        ],
        schema=["opportunity_id", "change_date", "status", "amount", "close_date"],
        orient="row",
    )
    owners = pl.DataFrame({"opportunity_id": ["O1", "O2", "O3"], "payee_id": ["A", "A", "B"]})
    days = [date(2026, 1, 15), date(2026, 1, 31)]
    made = pipeline_due(history, owners, days, 46, ["A", "B", "C"])
    told = {(who, at.day): value for who, at, value in made.rows()}
    assert told == {("A", 15): 170, ("A", 31): 80, ("B", 15): 0, ("B", 31): 0, ("C", 15): 0,
                    ("C", 31): 0}  # fmt: skip
    with pytest.raises(ParameterError, match="within 0 days"):
        pipeline_due(history, owners, days, 0, ["A"])
