"""A year of pay against performance, counted by hand; and the sample company's own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking import checks, returns, years
from spmlib.incent.calculation import calculated
from tests import small
from tests.benchmarking.companies import policy

SALES = [60_000, 90_000, 110_000, 100_000, 40_000, 200_000]
QUOTA = 100_000


def firm(tmp_path, sales=SALES, extra=(), more_people=(), **tables):
    """Sellers A, B ... at 50,000 and 12,000, paid 10 % of what they book against 100,000."""
    people = [small.person(chr(65 + n), "seller", base_pay=50_000) for n in range(len(sales))]
    people += list(more_people)
    booked = [
        small.sale(f"T{n}", chr(65 + n), date(2026, 1 + n, 5), amount)
        for n, amount in enumerate(sales)
    ]
    rows = {
        "payees": [payee for payee, _ in people],
        "positions": [position for _, position in people],
        "transactions": [*booked, *extra],
        "quotas": [small.quota(chr(65 + n), QUOTA) for n in range(len(sales))],
    }
    company = small.company(**(rows | tables))
    plan = small.plan(thresholds="quota", table="{2026-01-01: [{from: 0%, rate: 10%}]}")
    parameters = small.parameters(small.written(tmp_path, plan))
    results = calculated(company, parameters)
    return company, results, parameters


def year(made, currency="USD"):
    company, results, parameters = made
    return years.year(company, results, parameters, "2026", currency)


def person(of, name) -> dict:
    return of.people.filter(of.people["payee_id"] == name).to_dicts()[0]


def test_what_a_person_was_paid_and_asked(tmp_path):
    found = person(year(firm(tmp_path)), "B")
    assert found == pytest.approx(
        {
            "payee_id": "B",
            "role": "seller",
            "team": "sales",
            "part": 1,
            "base": 50_000,
            "target": 12_000,
            "on_target": 62_000,
            "earned": 9_000,
            "credited": 90_000,
            "sold": 90_000,
            "quota": QUOTA,
            "attainment": 0.9,
        }
    )


def test_parts_of_a_year_are_by_days(tmp_path):
    half = small.person("H", "seller", base_pay=50_000, start_date=date(2026, 7, 2))
    gone = small.person("G", "seller", base_pay=50_000, end_date=date(2026, 4, 11))
    away = small.person("W", "seller", base_pay=50_000, status="leave")
    quotas = [small.quota(name, QUOTA) for name in "HGW"]
    of = year(firm(tmp_path, sales=[], more_people=[half, gone, away], quotas=quotas))
    share = (date(2027, 1, 1) - date(2026, 7, 2)).days / 365
    assert person(of, "H")["base"] == pytest.approx(50_000 * share)
    assert person(of, "H")["quota"] == pytest.approx(QUOTA * share)
    assert person(of, "H")["quota"] / person(of, "H")["on_target"] == pytest.approx(100 / 62)
    assert person(of, "G")["part"] == pytest.approx(100 / 365)
    assert (person(of, "W")["part"], person(of, "W")["target"]) == (0, 0)
    assert person(of, "W")["base"] == 50_000


def test_what_rolls_up_is_no_credit_of_ones_own(tmp_path):
    boss, held = small.person("Z", "seller", base_pay=90_000, role="manager")
    company, _, parameters = firm(tmp_path, more_people=[(boss, held)])
    crediting = small.OWNER + "  above: {kind: roll_up, of: [owner], levels: 1}\n"
    parameters = small.parameters(small.written(tmp_path, small.plan(), crediting=crediting))
    results = calculated(company, parameters)
    of = years.year(company, results, parameters, "2026", "USD")
    assert person(of, "Z")["credited"] == 0
    assert of.booked == sum(SALES)


def test_each_booking_counts_once_in_what_everybody_costs(tmp_path):
    """Shared half and half: credited twice over in halves, booked once."""
    splits = [{"transaction_id": "T0", "payee_id": "B", "share": "0.5"}]
    crediting = small.OWNER + "  shared: {kind: split}\n"
    company, _, _ = firm(tmp_path, splits=splits)
    parameters = small.parameters(small.written(tmp_path, small.plan(), crediting=crediting))
    results = calculated(company, parameters)
    of = years.year(company, results, parameters, "2026", "USD")
    assert person(of, "B")["sold"] == 120_000
    assert of.booked == sum(SALES)
    teams = returns.by_team(of, policy(tmp_path))
    paid = 6 * 50_000 + sum(SALES) * 0.1
    assert teams.iloc[-1]["cost_of_sales"] == pytest.approx(paid / sum(SALES))


def test_cost_of_sales_by_team(tmp_path):
    of = year(firm(tmp_path))
    made = returns.by_team(of, policy(tmp_path))
    assert made["team"].tolist() == ["sales", "everybody"]
    assert made["paid"].tolist() == pytest.approx([360_000, 360_000])
    assert made["cost_of_sales"].tolist() == pytest.approx([0.6, 0.6])
    assert made["low"][0] < 0.6 < made["high"][0]
    assert returns.told(made).tolist() == made.loc[1, ["cost_of_sales", "low", "high"]].tolist()


@pytest.mark.parametrize(("number", "shown"), [(4, "few"), (5, "yes"), (6, "yes")])
def test_teams_of_few_are_not_shown(tmp_path, number, shown):
    others = [
        small.person(f"Z{n}", "seller", base_pay=40_000, team="partner") for n in range(number)
    ]
    made = returns.by_team(year(firm(tmp_path, more_people=others)), policy(tmp_path))
    rows = made.set_index("team")
    assert rows.loc["partner", "shown"] == shown
    assert rows.loc["partner", ["people", "paid", "low"]].isna().all() == (shown == "few")
    assert rows.loc["sales", "shown"] == shown  # it would give the other away
    assert rows.loc["everybody", "people"] == 6 + number


def test_what_is_asked_of_a_role(tmp_path):
    made = returns.by_role(year(firm(tmp_path)), policy(tmp_path)).iloc[0]
    assert made["quota_to_ote"] == pytest.approx(100 / 62)
    assert (made["low"], made["high"]) == pytest.approx((100 / 62, 100 / 62))
    assert made["base_share"] == pytest.approx(50 / 62)
    assert made["payout"] == pytest.approx(60_000 / 72_000)
    payouts = np.array(SALES) * 0.1 / 12_000
    assert made["excellence"] == pytest.approx(
        np.percentile(payouts, 90) / np.percentile(payouts, 50)
    )


def test_attainment_of_windows(tmp_path):
    of = year(firm(tmp_path))
    assert sorted(of.windows["attainment"]) == pytest.approx([0.4, 0.6, 0.9, 1.0, 1.1, 2.0])
    made = returns.attained(of, policy(tmp_path))
    assert made["count"].tolist() == [1, 2, 2, 1]
    assert np.isnan(made["end"].iloc[-1])


def test_pay_follows_what_it_is_paid_for(tmp_path):
    of = year(firm(tmp_path))
    said = policy(tmp_path)
    found = returns.followed(of, said).set_index("figure")
    assert found["value"].tolist() == pytest.approx([1, 1, 1])
    assert found.loc["elasticity", ["low", "high"]].tolist() == pytest.approx([1, 1])
    pairs = returns.pairs(of, said)
    assert pairs["payout"].tolist() == pytest.approx((pairs["attainment"] * 10 / 12).tolist())
    assert list(pairs.columns) == ["role", "attainment", "payout"]
    assert returns.pairs(year(firm(tmp_path, SALES[:4])), said).empty


def test_how_unequal_a_role_is(tmp_path):
    of = year(firm(tmp_path))
    made = returns.spread(of, "seller", policy(tmp_path)).set_index("figure")
    slow = sum(abs(a - b) for a in SALES for b in SALES) / (2 * 6 * sum(SALES))
    assert made.loc["Gini coefficient, sold", "value"] == pytest.approx(slow)
    assert made.loc["share of the top 20 %, sold", "value"] == pytest.approx(
        (200_000 + 0.2 * 110_000) / 600_000
    )
    assert made.loc["Gini coefficient, paid", "value"] < slow
    curve = returns.lorenz(of, "seller", policy(tmp_path))
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1, 1])
    assert curve["sold"].tolist()[1] == pytest.approx(40 / 600)


@pytest.mark.parametrize("number", [3, 4])
def test_a_role_of_few_is_not_looked_into(tmp_path, number):
    of, said = year(firm(tmp_path, SALES[:number])), policy(tmp_path)
    for found in (
        lambda: returns.lorenz(of, "seller", said),
        lambda: returns.spread(of, "seller", said),
    ):
        with pytest.raises(ParameterError, match="too few people were 'seller' for half of 2026"):
            found()
    assert returns.by_team(of, said)["shown"].tolist() == ["few", "few"]
    assert returns.by_team(of, said)["paid"].isna().all()


def test_the_last_year_that_is_over(tmp_path):
    company, _, _ = firm(tmp_path)
    assert years.last_whole(company, "2026-12") == "2026"
    with pytest.raises(ParameterError, match="no year of the calendar is over in 2026-11"):
        years.last_whole(company, "2026-11")
    with pytest.raises(ParameterError, match="there is no period '2030-01' in the calendar"):
        years.last_whole(company, "2030-01")
    two = small.company(calendar=[*small.months(2025), *small.months(2026)])
    assert years.last_whole(two, "2026-11") == "2025"


def test_years_refuse(tmp_path):
    made = firm(tmp_path)
    with pytest.raises(ParameterError, match="there is no year '2031' in the calendar"):
        years.year(*made, "2031", "USD")
    with pytest.raises(ParameterError, match="no rate leads from USD to EUR; add one"):
        year(made, "EUR")
    with pytest.raises(ParameterError, match="nobody held a position with pay in 2026"):
        year(firm(tmp_path, sales=[]))


def test_checks_hold_and_find_what_is_lost(tmp_path):
    made = firm(tmp_path)
    of, said = year(made), policy(tmp_path)
    good = checks.of_performance(of, made[1].payments, made[0], "seller", said)
    assert good["holds"].all()
    from dataclasses import replace

    lost = replace(of, people=of.people.head(5))
    bad = checks.of_performance(lost, made[1].payments, made[0], "seller", said)
    assert not bad["holds"][0]
