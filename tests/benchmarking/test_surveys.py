"""Surveys aged and put together, people matched to them, cohorts and what it costs to catch up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking import aims, cohorts, differences, matches, people, surveys
from spmlib.rules.plans import Plan
from tests import small
from tests.benchmarking.companies import DAY, company, many, policy, row

PLANS: dict[str, Plan] = {}  # everybody is paid in their own currency


def priced(tmp_path, rows, **words):
    """The market of some rows."""
    return surveys.market(company([], rows), policy(tmp_path), DAY, **words)


def cell(market, **words) -> dict[str, float]:
    """A cell's points by name."""
    wanted = {"job": "sales", "level": "", "place": "", "currency": "USD"} | words
    found = [
        n for n, about in enumerate(market.cells.to_dicts()) if wanted.items() <= about.items()
    ]
    assert len(found) == 1
    return dict(zip(surveys.NAMES, market.points[found[0]].tolist(), strict=True))


# --- surveys


def test_a_survey_of_six_months_ago_is_aged_by_half_a_year(tmp_path):
    made = priced(tmp_path, [row("A", "sales", 100_000)])
    assert cell(made)["p50"] == pytest.approx(103_000)
    assert cell(made)["p25"] == pytest.approx(92_700)
    assert np.isnan(cell(made)["p10"])
    assert made.cells["months"].to_list() == [6]


def test_the_other_convention_and_other_rates(tmp_path):
    rows = [row("A", "sales", 100_000)]
    assert cell(priced(tmp_path, rows, convention="geometric"))["p50"] == pytest.approx(
        100_000 * 1.06**0.5
    )
    assert cell(priced(tmp_path, rows, rates={"USD": 0.02}))["p50"] == pytest.approx(101_000)


def test_the_rate_of_a_place_goes_before_that_of_its_currency(tmp_path):
    made = priced(tmp_path, [row("A", "sales", 100_000, place="JP")])
    assert cell(made, place="JP")["p50"] == pytest.approx(106_000)


def test_a_survey_of_the_day_itself_is_not_aged_and_a_later_one_not_used(tmp_path):
    made = priced(
        tmp_path,
        [
            row("A", "sales", 100_000, effective_date=DAY),
            row("B", "sales", 90_000, effective_date=date(2026, 9, 2)),
        ],
    )
    assert cell(made)["p50"] == 100_000
    assert made.left_out.select("survey", "why").rows() == [("B", "asked after the day")]


def test_the_latest_of_a_survey_counts(tmp_path):
    made = priced(
        tmp_path,
        [
            row("A", "sales", 80_000, effective_date=date(2025, 3, 1)),
            row("A", "sales", 100_000),
        ],
    )
    assert cell(made)["p50"] == pytest.approx(103_000)
    assert made.left_out["why"].to_list() == ["the survey asked again since"]


def test_surveys_are_weighed_by_incumbents_or_alike(tmp_path):
    rows = [row("A", "sales", 100_000, incumbents=30), row("B", "sales", 60_000, incumbents=10)]
    assert cell(priced(tmp_path, rows))["p50"] == pytest.approx(90_000 * 1.03)
    alike = surveys.market(company([], rows), policy(tmp_path, weigh="equal"), DAY)
    assert cell(alike)["p50"] == pytest.approx(80_000 * 1.03)
    assert alike.cells.select("surveys", "incumbents", "organisations").rows() == [("A, B", 40, 16)]


def test_a_point_that_one_survey_lacks_is_not_told(tmp_path):
    rows = [row("A", "sales", 100_000, p90=150_000), row("B", "sales", 100_000)]
    assert np.isnan(cell(priced(tmp_path, rows))["p90"])


def test_weighing_needs_incumbents_where_there_are_several(tmp_path):
    rows = [row("A", "sales", 100_000, incumbents=None), row("B", "sales", 60_000)]
    with pytest.raises(ParameterError, match="the survey 'A' does not say how many incumbents"):
        priced(tmp_path, rows)
    assert cell(priced(tmp_path, rows[:1]))["p50"] == pytest.approx(103_000)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"organisations": 4}, "too few organisations"),
        ({"organisations": 5}, None),
        ({"organisations": 6}, None),
        ({"organisations": None}, None),
        ({"largest_share": "0.25"}, None),
        ({"largest_share": "0.26"}, "one organisation has too many of the people"),
        ({"p25": None, "p50": None, "p75": None}, "no point is told"),
    ],
)
def test_which_rows_count(tmp_path, words, why):
    made = priced(tmp_path, [row("A", "sales", 100_000, **words)])
    assert made.left_out["why"].to_list() == ([why] if why else [])
    assert len(made.cells) == (why is None)


def test_wages_of_an_hour(tmp_path):
    made = priced(tmp_path, [row("A", "sales", 50, hours=2080)])
    assert cell(made)["p50"] == pytest.approx(50 * 2080 * 1.03)


def test_other_measures_are_other_rows(tmp_path):
    rows = [row("A", "sales", 100_000), row("A", "sales", 150_000, measure="target_cash")]
    assert cell(priced(tmp_path, rows))["p50"] == pytest.approx(103_000)
    assert cell(priced(tmp_path, rows, measure="target_cash"))["p50"] == pytest.approx(154_500)


def test_a_top_code_stays_one_when_aged_and_when_put_together(tmp_path):
    coded = row("A", "sales", 100_000, p90=150_000, top_code=150_000)
    made = priced(tmp_path, [coded, row("B", "sales", 100_000, p90=140_000)])
    assert made.least.tolist() == [[False] * 4 + [True]]
    assert cell(made)["p90"] == pytest.approx(145_000 * 1.03)


def test_errors_of_surveys_are_put_together(tmp_path):
    rows = [row(name, "sales", 100_000, relative_error="0.04") for name in "AB"]
    assert priced(tmp_path, rows).cells["relative_error"][0] == pytest.approx(0.04 / 2**0.5)
    assert priced(tmp_path, [*rows, row("C", "sales", 1_000)]).cells["relative_error"][0] is None


def test_a_currency_without_a_rate(tmp_path):
    with pytest.raises(ParameterError, match="no rate ages surveys in CHF, only USD, EUR, JP"):
        priced(tmp_path, [row("A", "sales", 100_000, currency="CHF")])


def test_no_survey_at_all(tmp_path):
    made = surveys.market(company([], []), policy(tmp_path), DAY)
    assert len(made.cells) == len(made.points) == 0
    placed = matched(tmp_path, many(6), [])
    assert placed["why"].to_list() == ["no survey of sales in USD counts"] * 6
    assert cohorts.cohorts(placed, ["role"], policy(tmp_path)).empty
    assert np.isnan(cohorts.everybody(placed, policy(tmp_path))["compa_ratio"])


# --- people and matches


def matched(tmp_path, persons, rows, payments=None, rates=(), **words):
    firm = company(persons, rows, currency_rates=list(rates))
    said = policy(tmp_path, **words)
    who = people.people(firm, said, PLANS, DAY, payments)
    return matches.matched(who, surveys.market(firm, said, DAY), said)


def one(tmp_path, held=None, about=None, rows=None, **words):
    """Where one seller stands, by name."""
    told = [row("A", "sales", 50_000)] if rows is None else rows
    return matched(tmp_path, [("P", about or {}, held or {})], told, **words).to_dicts()[0]


def test_a_person_beside_the_market(tmp_path):
    made = one(tmp_path)
    assert made["median"] == pytest.approx(51_500)
    assert made["compa_ratio"] == pytest.approx(50_000 / 51_500)
    assert (made["low"], made["high"]) == pytest.approx((41_200, 61_800))
    assert made["penetration"] == pytest.approx((50_000 - 41_200) / (61_800 - 41_200))
    assert made["percentile"] == pytest.approx(25 + 25 * (50_000 - 46_350) / (51_500 - 46_350))
    assert made["how"] == "all levels, wider place"


def test_a_percentile_is_as_uncertain_as_its_survey(tmp_path):
    sound = one(tmp_path)
    assert sound["surely_above"] == sound["percentile"] == sound["surely_below"]
    rows = [row("A", "sales", 50_000, relative_error="0.05")]
    made = one(tmp_path, rows=rows)
    assert made["surely_above"] == 0  # a tenth higher, the lowest point would be above pay
    z = 1.959963985 * 0.05
    pay = 50_000 / (1 - z)
    assert made["surely_below"] == pytest.approx(50 + 25 * (pay - 51_500) / (61_800 - 51_500))


def test_part_timers_are_compared_in_full_time(tmp_path):
    assert one(tmp_path, {"base_pay": 40_000, "full_time": "0.8"})["base"] == 50_000


@pytest.mark.parametrize(
    ("hired", "level"),
    [
        (date(2026, 8, 31), "entry"),
        (date(2024, 9, 2), "entry"),
        (date(2024, 8, 31), "senior"),
        (date(2010, 1, 1), "senior"),
    ],
)
def test_levels_by_years_employed(tmp_path, hired, level):
    held = {"start_date": hired}
    assert one(tmp_path, held, {"hire_date": hired})["level"] == level


def test_places_by_the_first_rule_that_fits(tmp_path):
    assert one(tmp_path, {"territory_id": "east"})["place"] == "NY"
    assert one(tmp_path, {"territory_id": "west"})["place"] == "US"
    assert one(tmp_path)["place"] == "US"
    assert one(tmp_path, about={"currency": "GBP"})["place"] == ""


def test_own_level_goes_before_own_place(tmp_path):
    """Sought in the order: own level in ever wider places, then all levels likewise."""
    steps = [
        row("A", "sales", 1_000, level="entry", place="NY"),
        row("A", "sales", 2_000, level="entry", place="US"),
        row("A", "sales", 3_000, level="entry"),
        row("A", "sales", 4_000, place="NY"),
        row("A", "sales", 5_000, place="US"),
        row("A", "sales", 6_000),
    ]
    held, about = {"territory_id": "east"}, {"hire_date": date(2026, 1, 1)}
    found = [one(tmp_path, held, about, steps[n:]) for n in range(len(steps))]
    assert [round(f["median"] / 1_030) for f in found] == [1, 2, 3, 4, 5, 6]
    assert [f["how"] for f in found] == [
        "own level, own place",
        "own level, wider place",
        "own level, wider place",
        "all levels, own place",
        "all levels, wider place",
        "all levels, wider place",
    ]


def test_the_market_is_in_the_persons_own_currency(tmp_path):
    rows = [row("A", "sales", 50_000), row("A", "sales", 40_000, currency="EUR", place="EMEA")]
    made = one(tmp_path, about={"currency": "EUR"}, rows=rows)
    assert made["median"] == pytest.approx(40_600)
    assert one(tmp_path, about={"currency": "EUR"}, rows=rows[:1])["why"] == (
        "no survey of sales in EUR counts"
    )


def test_a_role_without_a_job(tmp_path):
    made = one(tmp_path, {"role": "poet"})
    assert made["why"] == "the policy names no job of the role"
    assert made["compa_ratio"] is None


def test_a_market_without_a_median_but_with_quarters(tmp_path):
    made = one(tmp_path, rows=[row("A", "sales", None, p25=40_000, p75=60_000)])
    assert made["median"] == pytest.approx(51_500)
    alone = one(tmp_path, rows=[row("A", "sales", None, p75=60_000)])
    assert alone["median"] is None
    assert (alone["percentile"], alone["at_least"], alone["at_most"]) == (None, 0, 75)


def test_who_is_there_and_paid(tmp_path):
    persons = [
        ("left", {}, {"end_date": date(2026, 8, 31)}),
        ("last_day", {}, {"end_date": DAY}),
        ("new", {}, {"start_date": date(2026, 8, 31)}),
        ("later", {}, {"start_date": DAY}),
        ("unpaid", {}, {"base_pay": None}),
        ("away", {}, {"status": "leave"}),
    ]
    made = matched(tmp_path, persons, [row("A", "sales", 50_000)])
    assert made["payee_id"].to_list() == ["away", "last_day", "new"]


def test_pay_of_a_plan_in_another_currency(tmp_path):
    """Base pay in the plan's dollars, the person and the market in euros."""
    rates = [
        {"currency": "EUR", "to_currency": "USD", "start_date": d, "rate": rate, "kind": kind}
        for d, rate, kind in (
            (date(2026, 8, 1), "1.3", "spot"),
            (date(2026, 1, 1), "1.25", "plan"),
            (date(2026, 9, 1), "1.6", "plan"),
        )
    ]
    plan = small.plan("seller")
    read = small.parameters(small.written(tmp_path, plan)).plans
    rows = [row("A", "sales", 40_000, currency="EUR")]
    firm = company([("P", {"currency": "EUR"}, {})], rows, currency_rates=rates)
    made = people.people(firm, policy(tmp_path), read, DAY).to_dicts()[0]
    assert made["base"] == pytest.approx(40_000)
    none = company([("P", {"currency": "EUR"}, {})], rows)
    said = policy(tmp_path)
    lost = people.people(none, said, read, DAY)
    assert lost["base"].to_list() == [None]
    placed = matches.matched(lost, surveys.market(none, said, DAY), said)
    assert placed["why"].to_list() == ["no rate leads into EUR"]


def test_total_cash_is_made_a_year_of(tmp_path):
    """Eight months of 2026 are over; one was at work since July, one less than three months."""
    paid = [
        {"payee_id": name, "period": month, "plan": "seller", "kind": kind, "amount": amount}
        for name, month, kind, amount in (
            ("all", "2026-02", "earned", 8_000),
            ("all", "2026-03", "recovery", -500),
            ("half", "2026-08", "earned", 1_000),
            ("new", "2026-08", "earned", 9_000),
        )
    ]
    from spmlib.core.tables import RESULTS

    payments = small.table(
        RESULTS["payments"], [p | {"currency": "USD", "number": 0} for p in paid]
    )
    persons = [
        ("all", {}, {}),
        ("half", {}, {"start_date": date(2026, 5, 1)}),
        ("new", {}, {"start_date": date(2026, 8, 1)}),
    ]
    rows = [row("A", "sales", 60_000, measure="total_cash")]
    made = matched(tmp_path, persons, rows, payments, measure="total_cash")
    days = (DAY - date(2026, 1, 1)).days
    assert made["paid"].to_list() == [
        pytest.approx(8_000),
        pytest.approx(1_000 * days / (DAY - date(2026, 5, 1)).days),
        None,
    ]
    assert made["why"].to_list() == [None, None, "too little of a year was worked"]


# --- cohorts


def crowd(tmp_path, *sizes):
    """Sellers, managers ... so many of each, whose pay rises."""
    roles = ("seller", "manager")
    persons, start = [], 0
    for role, size in zip(roles, sizes, strict=False):
        persons += [
            (f"{role}{n}", {}, {"role": role, "base_pay": 40_000 + 1_000 * n}) for n in range(size)
        ]
        start += size
    rows = [row("A", "sales", 50_000), row("A", "lead", 50_000)]
    return matched(tmp_path, persons, rows)


@pytest.mark.parametrize(("few", "shown"), [(4, "few"), (5, "yes"), (6, "yes")])
def test_a_cohort_of_four_five_and_six(tmp_path, few, shown):
    made = cohorts.cohorts(crowd(tmp_path, 30, few), ["role"], policy(tmp_path)).set_index("role")
    assert made.loc["manager", "shown"] == shown
    assert np.isnan(made.loc["manager", "compa_ratio"]) == (shown == "few")
    assert np.isnan(made.loc["manager", "people"]) == (shown == "few")


def test_the_other_cohort_is_hidden_too_where_it_would_give_one_away(tmp_path):
    made = cohorts.cohorts(crowd(tmp_path, 7, 4), ["role"], policy(tmp_path)).set_index("role")
    assert made.loc["seller", "shown"] == "gives another away"
    assert made.drop(columns="shown").isna().all(axis=None)
    assert not np.isnan(cohorts.everybody(crowd(tmp_path, 7, 4), policy(tmp_path))["compa_ratio"])
    assert np.isnan(cohorts.everybody(crowd(tmp_path, 2, 2), policy(tmp_path))["compa_ratio"])


def test_the_figures_of_a_cohort(tmp_path):
    placed = crowd(tmp_path, 11)
    made = cohorts.cohorts(placed, ["role"], policy(tmp_path)).iloc[0]
    assert made["compa_ratio"] == pytest.approx(45_000 / 51_500)
    assert made["low"] <= made["compa_ratio"] <= made["high"]
    assert made["lowest_quarter"] == pytest.approx(42_500 / 51_500)
    assert (made["market_lower"], made["market_upper"]) == pytest.approx((0.9, 1.2))
    assert made["below"] == 2  # 40,000 and 41,000 of a range from 41,200
    assert made["above"] == 0
    assert made["widened"] == 11


def test_cohorts_by_two_columns_add_up(tmp_path):
    said = policy(tmp_path)
    persons = [
        (f"{role}{where}{n}", {}, {"role": role, "territory_id": where})
        for role, where, size in (
            ("seller", "east", 9),
            ("seller", "west", 8),
            ("manager", "east", 7),
            ("manager", "west", 6),
        )
        for n in range(size)
    ]
    placed = matched(tmp_path, persons, [row("A", "sales", 50_000), row("A", "lead", 60_000)])
    made = cohorts.cohorts(placed, ["role", "place"], said)
    assert made["people"].tolist() == [9, 8, 7, 6]
    assert made.loc[0, ["role", "place"]].tolist() == ["seller", "NY"]


def test_dots_are_of_cohorts_that_are_shown_and_have_no_names(tmp_path):
    made = cohorts.shown_people(crowd(tmp_path, 30, 6), "role", policy(tmp_path))
    assert made["role"].value_counts().to_dict() == {"seller": 30, "manager": 6}
    assert list(made.columns) == ["role", "compa_ratio", "percentile"]
    assert made.loc[made["role"] == "seller", "compa_ratio"].is_monotonic_increasing
    assert cohorts.shown_people(crowd(tmp_path, 30, 4), "role", policy(tmp_path)).empty


def test_who_is_outside_of_the_range(tmp_path):
    made = cohorts.outside(crowd(tmp_path, 30), policy(tmp_path))
    assert made["side"].value_counts().to_dict() == {"above": 8, "below": 2}
    assert made["payee_id"].iloc[0] == "seller29"
    assert made["percentile"].iloc[0] == ">75"


def test_quarters_of_the_market(tmp_path):
    """Points at 46,350, 51,500 and 61,800; pay from 40,000 to 69,000 in steps of 1,000."""
    made = cohorts.quarters(crowd(tmp_path, 30), policy(tmp_path))
    assert made["people"].tolist() == [7, 5, 10, 8, 0]
    few = cohorts.quarters(crowd(tmp_path, 14), policy(tmp_path))
    assert few["people"].isna().tolist() == [True, False, True, False, False] or (
        few["people"].isna().sum() >= 2
    )


@pytest.mark.parametrize("by", [[], ["name"], ["role", "role"], ["role", "level", "place"]])
def test_cohorts_by_what_is_not_a_column(tmp_path, by):
    with pytest.raises(ParameterError, match="cohorts cannot be made by"):
        cohorts.cohorts(crowd(tmp_path, 5), by, policy(tmp_path))


# --- aims and differences


def test_what_it_costs_to_catch_up(tmp_path):
    said, firm = policy(tmp_path), company([], [])
    placed = crowd(tmp_path, 20)
    market_ = np.full(20, 51_500.0)
    made = aims.cost(placed, market_, firm, said, "USD", DAY)
    pay = placed["pay"].to_numpy()
    assert made.iloc[-1]["cost"] == pytest.approx(np.maximum(51_500 - pay, 0).sum())
    assert made.iloc[0]["raised"] == (pay < 51_500).sum()
    assert made.iloc[0]["share"] == pytest.approx(made.iloc[0]["cost"] / pay.sum())


@pytest.mark.parametrize(("raised", "shown"), [(4, "few"), (5, "yes"), (0, "yes")])
def test_a_cost_of_few_people_is_not_shown(tmp_path, raised, shown):
    said, firm = policy(tmp_path), company([], [])
    aim = np.full(20, 40_000.0 + 1_000 * raised - 500)
    made = aims.cost(crowd(tmp_path, 20), aim, firm, said, "USD", DAY).set_index("role")
    for row_ in ("seller", "everybody"):
        assert made.loc[row_, "shown"] == shown
        assert np.isnan(made.loc[row_, "cost"]) == (shown == "few")


def test_tried_as_decided_is_as_decided(tmp_path):
    said = policy(tmp_path, ageing={"convention": "simple", "rates": {"USD": "6%"}})
    firm = company(many(8), [row("A", "sales", 60_000)])
    who = people.people(firm, said, PLANS, DAY)
    placed = matches.matched(who, now := surveys.market(firm, said, DAY), said)
    by_role, cost = aims.tried(firm, said, who, "USD", DAY, 0.06, "simple", 50)
    assert by_role.equals(cohorts.cohorts(placed, ["role"], said))
    aim = matches.priced(placed, now, 50)
    assert cost.equals(aims.cost(placed, aim, firm, said, "USD", DAY))
    more = aims.tried(firm, said, who, "USD", DAY, 0.12, "simple", 75)[1]
    assert more.iloc[-1]["cost"] == pytest.approx(8 * (72_000 * 1.06 - 50_000))


def test_an_aim_in_a_currency_without_a_rate(tmp_path):
    said, firm = policy(tmp_path), company([], [])
    with pytest.raises(ParameterError, match="no rate leads from USD to EUR; add one"):
        aims.cost(crowd(tmp_path, 5), np.zeros(5), firm, said, "EUR", DAY)


def test_differences_are_found_and_ordered(tmp_path):
    persons = [(f"P{n}", {}, {"base_pay": 50_000 + 100 * n}) for n in range(20)]
    persons[7] = ("P7", {}, {"base_pay": 70_000})
    placed = matched(tmp_path, persons, [row("A", "sales", 50_000)])
    made = differences.differences(placed, company([], []), "USD", DAY, policy(tmp_path))
    assert made.loc[0, "payee_id"] == "P7"
    assert made["outside"].tolist() == [True] + [False] * 19


# --- the sample company


def test_points_of_the_sample_rise_and_some_cells_rest_on_few():
    rows = pl.read_csv(Path(__file__).parents[2] / "data/market_pay.csv")
    points = rows.select(surveys.NAMES).to_numpy().astype(float)
    assert not (np.diff(points, axis=1) < 0).any()
    assert (rows["organisations"] < 5).sum() > 0
    assert (rows["largest_share"] > 0.25).sum() > 0
    assert (points == rows["top_code"].to_numpy()[:, None]).sum() > 0
