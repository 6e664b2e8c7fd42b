"""Every picture can be drawn, says its finding in words, and leaves its table as it was."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from spmlib.show import charts
from tests.show.attrition_drawn import DRAWN_ATTRITION
from tests.show.audit_drawn import DRAWN_AUDIT
from tests.show.contest_drawn import DRAWN_CONTESTS
from tests.show.delivery_drawn import DRAWN_DELIVERY
from tests.show.dispute_drawn import DRAWN_DISPUTES
from tests.show.gaming_drawn import DRAWN_GAMING
from tests.show.leaderboard_drawn import DRAWN_LEADERBOARDS
from tests.show.maturity_drawn import DRAWN_MATURITY
from tests.show.readiness_drawn import DRAWN_READINESS
from tests.show.roadmap_drawn import DRAWN_ROADMAP
from tests.show.value_drawn import DRAWN_VALUE
from tests.show.visibility_drawn import DRAWN_VISIBILITY


def amounts(*values):
    return [None if value is None else Decimal(value) for value in values]


PNG = b"\x89PNG\r\n\x1a\n"

MONTHS = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02", "2026-02"],
        "team": ["sales", "sales", "partner"],
        "amount": amounts("1200", "-300", "2500000"),
    }
)

YEAR = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"],
        "amount": amounts("1000", "-50"),
        "earned": amounts("1000", "950"),
        "target": amounts("800", "1600"),
    }
)

RULES = pd.DataFrame(
    {
        "rule": ["owner", "managers"],
        "kind": ["direct", "roll_up"],
        "people": [3, 1],
        "amount": amounts("500", "0"),
        "usual": amounts("400", "100"),
    }
)

BRIDGE = pd.DataFrame(
    {
        "step": ["2026-03", "Earned, sales", "2026-04"],
        "amount": amounts("900", "-150.5", "749.5"),
        "start": [0.00, 900.00, 0.00],
        "end": [900.00, 749.50, 749.50],
    }
)

STEPS = pd.DataFrame(
    {
        "component": ["bookings", "bookings", ""],
        "kind": ["credit", "cap", "due"],
        "count": [12, 1, 13],
        "amount": amounts("900", "-150.5", "749.5"),
        "start": amounts("0", "900", "0"),
        "end": amounts("900", "749.5", "749.5"),
    }
)

COSTS = pd.DataFrame(
    {
        "team": ["sales", "marketing"],
        "people": [4, 2],
        "earned": amounts("900", "-20"),
        "amount": amounts("9000", "0"),
        "share": amounts("0.1", None),
    }
)

STANDING = pd.DataFrame(
    {
        "payee_id": ["A", "B", "C"],
        "name": ["Ada", "Ben", "Cy"],
        "team": ["sales", "sales", "partner"],
        "plan": ["seller", "seller", "partner"],
        "title": ["Seller", "Seller", "Partner"],
        "window": ["2026", "2026", "2026-Q1"],
        "attainment": amounts("1.19", "-0.05", "4.2"),
        "pace": amounts("0.33", "0.33", "1"),
    }
)

CURVE = pd.DataFrame(
    {
        "credited": [0.0, 500.0, 1000.0, 2000.0],
        "attainment": [0.0, 0.5, 1.0, 2.0],
        "earned": [0.0, 40.0, 80.0, 200.0],
        "rate": [0.08, 0.08, 0.12, 0.12],
        "place": ["a.yaml:3", "a.yaml:3", "a.yaml:4", "a.yaml:4"],
        "here": [False, True, False, False],
    }
)

DEAL = pd.DataFrame(
    {
        "transaction_id": "T1",
        "event_date": date(2026, 1, 5),
        "payee_id": ["A", "B", "M", "M"],
        "name": ["Ada", "Ben", "Mia", "Mia"],
        "role": ["seller", "seller", "manager", "manager"],
        "rule": ["owner", "shared", "managers", "managers"],
        "kind": ["direct", "split", "roll_up", "roll_up"],
        "through_id": ["A", "B", "A", "B"],
        "level": [0, 0, 1, 1],
        "share": amounts("0.6", "0.4", "0.6", "0.4"),
        "amount": amounts("60", "40", "60", "40"),
        "currency": "USD",
        "source_amount": amounts("100", "100", "100", "100"),
        "source_currency": "JPY",
    }
)

REASONS = pd.DataFrame({"remedy": ["add a rate", "add a rule"], "count": [3, 1]})

FAN = pd.DataFrame(
    {
        "date": [date(2026, month, 1) for month in range(1, 5)],
        "value": [100.0, 120.0, 130.0, 140.0],
        "low_80": [None, None, 110.0, 105.0],
        "high_80": [None, None, 150.0, 180.0],
        "low_95": [None, None, 90.0, 80.0],
        "high_95": [None, None, 170.0, 210.0],
    }
)

TRIED = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"],
        "expected": [100.0, 120.0],
        "low_80": [90.0, 100.0],
        "high_80": [110.0, 140.0],
        "actual": [95.0, 150.0],
    }
)

CHANCES = pd.DataFrame(
    {
        "chance": [0.1, 0.5],
        "won": [0.12, 0.48],
        "low": [0.1, 0.4],
        "high": [0.14, 0.56],
        "deals": [100, 100],
    }
)

CALLS = pd.DataFrame(
    {
        "name": ["Ada", "Ben"],
        "said": [100.0, 200.0],
        "corrected": [90.0, 210.0],
        "low_80": [80.0, 190.0],
        "high_80": [100.0, 230.0],
        "model": [70.0, 190.0],
        "model_low_80": [60.0, 180.0],
        "model_high_80": [80.0, 220.0],
    }
)

TIMES = pd.DataFrame(
    {
        "group": ["all deals"] * 3,
        "days": [0, 7, 14],
        "won": [0.0, 0.2, 0.3],
        "lost": [0.0, 0.1, 0.4],
    }
)

REACHED = pd.DataFrame(
    {
        "name": ["Ada", "Ben"],
        "attainment": [0.9, 1.1],
        "low_80": [0.6, 0.8],
        "high_80": [1.2, 1.5],
        "chance": [0.4, 0.6],
    }
)

BROUGHT = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"],
        "value": [100.0, 90.0],
        "low_80": [80.0, 70.0],
        "high_80": [120.0, 110.0],
        "asked": [95.0, 95.0],
    }
)

SURE = pd.DataFrame({"hires": [0, 2, 4], "chance": [0.1, 0.4, 0.9], "later": [0.1, 0.3, 0.7]})

APART = pd.DataFrame(
    {
        "date": [date(2026, month, 1) for month in range(1, 4)],
        "value": [100.0, 120.0, 110.0],
        "trend": [100.0, 105.0, 111.0],
        "season": [-2.0, 14.0, -1.0],
        "rest": [2.0, 1.0, 0.0],
    }
)

SIDES = pd.DataFrame(
    {
        "scenario": ["base", "expand_emea"],
        "target": [100.0, 110.0],
        "expected": [105.0, 108.0],
        "low_80": [90.0, 95.0],
        "high_80": [120.0, 125.0],
    }
)

AGAIN = pd.DataFrame(
    {
        "period": ["2026-05", "2026-06", "2026-07", "2026-08"],
        "before": [100.0, 110.0, 120.0, 130.0],
        "after": [100.0, 110.0, 90.0, 80.0],
        "sold": [80.0, 95.0, None, None],
    }
)

COURSE = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"],
        "planned": [1e6, 2e6],
        "actual": [1.2e6, None],
        "expected": [1.2e6, 2.3e6],
        "room_low_80": [-1e5, -2e5],
        "room_high_80": [1e5, 2e5],
        "over": [2e5, None],
        "ahead": [2e5, 3e5],
        "ahead_low_80": [2e5, 1e5],
        "ahead_high_80": [2e5, 5e5],
    }
)

RATES = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"],
        "planned": [0.6, 0.52],
        "low_80": [0.5, 0.45],
        "high_80": [0.7, 0.6],
        "actual": [0.55, 0.48],
    }
)

PLACES = pd.DataFrame(
    {
        "region": ["EMEA", "EMEA", "EMEA", "APAC", "APAC"],
        "territory_id": ["E-1", "E-2", "E-1", "A-1", "A-1"],
        "kind": ["account", "account", "home", "account", "home"],
        "label": ["Firm", "Other", "E-1", "Third", "A-1"],
        "latitude": [48.1, 53.5, 50.0, 1.3, -33.9],
        "longitude": [11.6, 10.0, 8.7, 103.8, 151.2],
        "visits": [12, 4, 0, 6, 0],
        "moved": [True, False, False, False, False],
    }
)

FULLNESS = pd.DataFrame(
    {
        "territory_id": ["E-1", "E-2"],
        "name": ["Ada", "vacant"],
        "visits_today": [1.3, 0.0],
        "visits": [1.05, 0.95],
    }
)

SAVING = pd.DataFrame({"moving": [0.0, 500.0], "moved": [40, 10], "km": [90_000.0, 120_000.0]})

CHARGED = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"] * 2,
        "method": ["policy", "policy", "point_in_time", "point_in_time"],
        "charged": [100.0, 80.0, 140.0, 20.0],
        "earned": [140.0, 30.0, 140.0, 30.0],
        "share": [90.0, 80.0, 90.0, 80.0],
    }
)

CARRIED = pd.DataFrame(
    {
        "period": ["2026-09", "2026-10", "2026-10", "2026-11", "2026-12"],
        "cohort": ["2025", "2025", "2026", "2026", "2026"],
        "amount": [900.0, 800.0, 400.0, 200.0, 0.0],
        "ahead": [False, False, False, True, True],
    }
)

LASTING = pd.DataFrame(
    {
        "segment": ["small", "small", "enterprise"],
        "months": [12, 24, 12],
        "alive": [0.9, 0.8, 1.0],
        "low": [0.85, 0.7, 1.0],
        "high": [0.95, 0.9, 1.0],
    }
)

MOVED = pd.DataFrame(
    {
        "payee_id": ["A", "B", "C"],
        "role": ["seller", "seller", "manager"],
        "difference": [500.0, -1500.0, 0.0],
    }
)

SCENARIOS = pd.DataFrame(
    {
        "period": ["2026-01", "2026-02"] * 3,
        "scenario": ["base"] * 2 + ["no_brake"] * 2 + ["harder_year"] * 2,
        "over": amounts("0", "0", "100", "1500", "-200", "-9000"),
    }
)

TO_DATE = pd.DataFrame(
    {"period": ["2026-01", "2026-02"], "now": [100.0, 250.0], "then": [100.0, 200.0]}
)

SPREAD = pd.DataFrame({"share": [0.5, 1.0], "now": [100.0, 250.0], "then": [90.0, 260.0]})

DOTS = pd.DataFrame(
    {
        "scenario": ["base", "base", "more"],
        "payee_id": ["A", "B", "A"],
        "attainment": [0.8, 1.1, 0.7],
        "payout": [0.75, 1.2, 0.6],
    }
)

CURVES = pd.DataFrame(
    {
        "scenario": ["base"] * 3 + ["more"] * 3,
        "attainment": [0.0, 1.0, 1.1] * 2,
        "payout": [0.0, 1.0, 1.2, 0.0, 1.1, 1.5],
    }
)

HILLS = pd.DataFrame(
    {
        "scenario": ["base"] * 3 + ["no_brake"] * 3,
        "cost": [90.0, 100.0, 110.0] * 2,
        "share": [0.2, 0.6, 0.2, 0.1, 0.6, 0.3],
        "mean": [100.0] * 3 + [102.0] * 3,
        "p10": 90.0,
        "p50": 100.0,
        "p90": 110.0,
        "budget": 105.0,
        "over": [0.2] * 3 + [0.3] * 3,
    }
)

ROLES = pd.DataFrame(
    {
        "scenario": ["base", "base", "no_brake", "no_brake"],
        "role": ["account_executive", "sales_manager"] * 2,
        "target": [80.0, 90.0] * 2,
        "p10": [40.0, 60.0, 45.0, 60.0],
        "p50": [85.0, 95.0, 88.0, 95.0],
        "p90": [160.0, 130.0, 170.0, 130.0],
    }
)

VALUES = pd.DataFrame(
    {
        "title": ["Seller", "Seller"],
        "component": ["bookings", ""],
        "value": ["rate from 0%", "quotas"],
        "cost": [1500.0, -300.0],
        "place": ["seller.yaml:12", "quotas"],
    }
)

TWO = pd.DataFrame(
    {
        "attained": [0.0, 0.5, 1.0, 1.5],
        "now": [0.0, 30.0, 80.0, 140.0],
        "found": [0.0, 25.0, 78.0, 150.0],
        "share": [0.1, 0.4, 0.4, 0.1],
    }
)

WALKED = CURVE.assign(at=["", "now", "D1", "D2"])

TEAM = pd.DataFrame(
    {
        "payee_id": ["A", "B", "C"],
        "attainment_before": [0.8, 0.2, float("nan")],
        "attainment_after": [1.1, 0.3, float("nan")],
    }
)

COHORTS = pd.DataFrame(
    {
        "role": ["seller", "manager"],
        "people": [9.0, 5.0],
        "compa_ratio": [0.95, 1.1],
        "low": [0.9, 1.0],
        "high": [1.0, 1.2],
        "market_lower": [0.88, 0.9],
        "market_upper": [1.13, 1.1],
    }
)

OWN = pd.DataFrame({"role": ["seller"] * 9 + ["manager"] * 5, "compa_ratio": [1.0] * 14})

ASKED = pd.DataFrame(
    {
        "role": ["seller", "manager", "lead"],
        "people": [9.0, 5.0, 2.0],
        "value": [4.6, 20.1, None],
        "low": [4.4, None, None],
        "high": [5.1, None, None],
    }
)

PAIRS = pd.DataFrame({"attainment": [0.5, 1.0, 1.6], "payout": [0.4, 1.1, 2.4]})

BRACKETS = pd.DataFrame(
    {
        "start": [None, 0.5, 1.0],
        "end": [0.5, 1.0, None],
        "count": [1, 5, 4],
        "share": [0.1, 0.5, 0.4],
        "low": [0.0, 0.2, 0.2],
        "high": [0.4, 0.8, 0.7],
    }
)

UNEQUAL = pd.DataFrame({"people": [0.0, 0.5, 1.0], "sold": [0.0, 0.3, 1.0], "paid": [0, 0.4, 1.0]})

SCORED = pd.DataFrame(
    {
        "unit": ["H1", "H2", "H3"],
        "score": [1.0, 0.8, 0.5],
        "corrected": [0.9, 0.7, 0.45],
        "low_95": [0.8, 0.65, 0.4],
        "high_95": [0.99, 0.79, 0.49],
        "used": [100.0, 200.0, 150.0],
        "brought": [50.0, 60.0, 40.0],
        "frontier": [50.0, 75.0, 62.5],
    }
)

ADDED = pd.DataFrame(
    {
        "payee_id": ["H1", "H2"],
        "raw": [0.5, -0.4],
        "effect": [0.2, -0.1],
        "low_pair": [0.1, -0.2],
        "high_pair": [0.3, 0.0],
    }
)

TOLD = pd.DataFrame({"method": ["own_results", "patch"], "error": [0.4, 0.25]})

DRAWN = {
    "map_of": (
        PLACES,
        lambda t: charts.map_of(t, "Territories"),
        "Territories: 3 territories in EMEA, APAC; 1 account of 3 change hands",
    ),
    "balance": (
        FULLNESS,
        lambda t: charts.balance(t, "visits", 0.1, "Visits"),
        "Visits: 2 of 2 lie outside the limits today, 0 as planned",
    ),
    "frontier": (
        SAVING,
        lambda t: charts.frontier(t, 500.0, "Moves"),
        "Moves: 120K km with 10 accounts moved, 90K km with 40",
    ),
    "scenarios": (
        SIDES,
        lambda t: charts.scenarios(t, "USD", "Scenarios"),
        "Scenarios: Expand EMEA brings most, 108 on average; 1 of 2 fall short of their target",
    ),
    "planned_again": (
        AGAIN,
        lambda t: charts.planned_again(t, "USD", "Quotas"),
        "Quotas: from July 2026 on USD 170 instead of USD 250 is asked",
    ),
    "fan": (
        FAN,
        lambda t: charts.fan(t, "USD", "Sales"),
        "USD 140 is expected in April 2026, USD 105 to USD 180 in 8 of 10",
    ),
    "fans": (
        FAN.assign(region="AMER"),
        lambda t: charts.fans(t, "region", "USD", "Sales"),
        "Expected in April 2026: AMER USD 140",
    ),
    "taken_apart": (
        APART,
        lambda t: charts.taken_apart(t, "USD", "Sales"),
        "The trend changed by USD 11; the season is highest in February 2026",
    ),
    "tried": (
        TRIED,
        lambda t: charts.tried(t, "USD", "Tried"),
        "Tried: 1 of 2 months came within the interval of 80 %",
    ),
    "calibration": (
        CHANCES,
        lambda t: charts.calibration(t, "Chances"),
        "Of the tenth with the best chances, 50 % on average, 48 % were won",
    ),
    "called": (
        CALLS,
        lambda t: charts.called(t, "USD", "Calls"),
        "Calls: 1 of 2 say more than 9 of 10 cases of their deals",
    ),
    "times_to_close": (
        TIMES,
        lambda t: charts.times_to_close(t, "Times"),
        "Of all deals, 30 % are won within a year, half of them by day 7",
    ),
    "reachable": (
        REACHED,
        lambda t: charts.reachable(t, "Quotas"),
        "Quotas: 1 of 2 are as likely as not to reach their quota",
    ),
    "capacity": (
        BROUGHT,
        lambda t: charts.capacity(t, "USD", "Capacity"),
        "Capacity: in 1 of 2 months less is brought than asked, on average",
    ),
    "sureness": (
        SURE,
        lambda t: charts.sureness(t, "Hires"),
        "Hires: 10 % with 0 hires, 90 % with 4",
    ),
    "reforecast": (
        COURSE,
        lambda t: charts.reforecast(t, "USD", "Cost"),
        "Cost: USD 2.3M by February 2026, 300K above budget",
    ),
    "cost_of_sales": (
        RATES,
        lambda t: charts.cost_of_sales(t, "USD", "Cost of sales"),
        "Cost of sales: 0.48 USD for 1 USD by February 2026; 0.52 were planned",
    ),
    "monthly": (MONTHS, lambda t: charts.monthly(t, "team", "USD", "Credited"), "Partner USD 2.5M"),
    "monthly_parts": (
        MONTHS,
        lambda t: charts.monthly_parts(t, "team", "USD", "Earned"),
        "largest in February 2026: Partner, USD 2.5M",
    ),
    "earned_to_date": (
        YEAR,
        lambda t: charts.earned_to_date(t, "USD", "Ada"),
        "Ada has earned USD 950 by February 2026, against a target incentive of USD 1.6K to date",
    ),
    "by_rule": (RULES, lambda t: charts.by_rule(t, "USD", "2026-02"), "largest is Owner"),
    "ranked": (
        REASONS,
        lambda t: charts.ranked(t, ["remedy"], "count", "Issues", "issue"),
        "Most: Add a rate (3 issues)",
    ),
    "costs": (
        COSTS,
        lambda t: charts.costs(t, "USD", "Cost"),
        "Sales earned most, USD 900, 10.0 %",
    ),
    "waterfall": (
        STEPS,
        lambda t: charts.waterfall(t, "USD", "Pay"),
        "Bookings (12 lines) 900.00; Bookings, cap (1 line) −150.50; due USD 749.50",
    ),
    "bridge": (
        BRIDGE,
        lambda t: charts.bridge(t, "USD", "Pay"),
        "March 2026 900.00; Earned, sales −150.50; April 2026 USD 749.50",
    ),
    "standings": (
        STANDING,
        lambda t: charts.standings(t, "2026-04", "A"),
        "2 of 3 people are ahead of the calendar. Highest is Cy with 420 % of quota, lowest Ben",
    ),
    "pay_curve": (CURVE, lambda t: charts.pay_curve(t, "USD", "Pay"), "USD 40 at 50 % of quota"),
    "credited_through": (
        DEAL,
        lambda t: charts.credited_through(t, "Credits"),
        "Ada (owner, 60.0 %) and Ben (shared, 40.0 %), and rolled up to 1 manager",
    ),
    "charged": (
        CHARGED,
        lambda t: charts.charged(t, "USD", "Charged"),
        "Charged: as the policy says USD 5 a month from the share of what windows cost, point in "
        "time USD 55",
    ),
    "carried": (
        CARRIED,
        lambda t: charts.carried(t, "USD", "Carried"),
        "Carried: USD 1.2K at the end of October 2026, of which 800 were capitalised in 2025; all "
        "is cost by December 2026",
    ),
    "lasting": (
        LASTING,
        lambda t: charts.lasting(t, "Going on"),
        "Going on: after 24 months Small 80 %, Enterprise 100 %",
    ),
    "winners": (
        MOVED,
        lambda t: charts.winners(t, "USD", "Moved"),
        "Moved: 1 person wins, 1 lose, 1 earn the same; USD \N{MINUS SIGN}1K in all.",
    ),
    "cost_differences": (
        SCENARIOS,
        lambda t: charts.cost_differences(t, "USD", "Cost"),
        "Cost, to February 2026: No brake USD 1.5K and Harder year USD \N{MINUS SIGN}9K.",
    ),
    "paid_to_date": (
        TO_DATE,
        lambda t: charts.paid_to_date(t, "USD", "Paid"),
        "Paid: USD 200, 50 (20 %) below now.",
    ),
    "spread": (
        SPREAD,
        lambda t: charts.spread(t, "USD", "Spread"),
        "Spread: half earn USD 90 or less, 100 as it is.",
    ),
    "on_curve": (
        DOTS,
        lambda t: charts.on_curve(t, CURVES, "Pay"),
        "Pay: 1 of 2 people are at quota or above; at 120% of it the curves pay, in multiples of "
        "pay at quota: Base 1.20 and More 1.50.",
    ),
    "cost_spread": (
        HILLS,
        lambda t: charts.cost_spread(t, "USD", "Pay"),
        "Pay, Base: USD 100 on average, 110 or more in 1 of 10 cases; above budget in 20 %",
    ),
    "pay_by_role": (
        ROLES,
        lambda t: charts.pay_by_role(t, "USD", "Pay"),
        "Pay: most in the middle is Sales manager, 60 to USD 130 in 8 of 10 cases",
    ),
    "tornado": (
        VALUES,
        lambda t: charts.tornado(t, "USD", "Values"),
        "Values. Most: Seller · bookings · rate from 0%, USD 1.5K more",
    ),
    "two_tables": (
        TWO,
        lambda t: charts.two_tables(t, "USD", "Tables"),
        "Tables: at quota USD 78 instead of 80 a person",
    ),
    "deals_on_curve": (
        WALKED,
        lambda t: charts.deals_on_curve(t, "USD", "Pay"),
        "Pay: 2 deals, from 50 % of quota to 200 % of quota; USD 160 more on this curve",
    ),
    "team_ahead": (
        TEAM,
        lambda t: charts.team_ahead(t, {"A": "A, seller"}, "The team"),
        "The team: 1 of 2 people would reach quota, now 0",
    ),
    "market_ranges": (
        COHORTS,
        lambda t: charts.market_ranges(t, OWN, "role", 0.5, "Pay"),
        "Pay, the median of pay over the market's median: Seller 0.95; Manager 1.10",
    ),
    "estimates": (
        ASKED,
        lambda t: charts.estimates(t, "role", "value", "Asked", "quota over pay", (5, 8)),
        "Asked: Seller 4.6; Manager 20.1",
    ),
    "pay_and_results": (
        PAIRS,
        lambda t: charts.pay_and_results(t, "Pay"),
        "Pay: 3 people; 2 earned a larger share of their target incentive than they attained",
    ),
    "attainments": (
        BRACKETS,
        lambda t: charts.attainments(t, "Attained"),
        "Attained: 40 % of 10 reached their goal; most attained 50 to",
    ),
    "lorenz": (
        UNEQUAL,
        lambda t: charts.lorenz(t, "Sellers"),
        "Sellers: the lower half of the people sold 30 % and were paid 40 %",
    ),
    "own_best": (
        SCORED,
        lambda t: charts.own_best(t, "Executives"),
        "Executives: from 90 % to 45 % of their best",
    ),
    "best_practice": (
        SCORED,
        lambda t: charts.best_practice(t, "potential", "bookings", "USD", "Executives"),
        "Executives: 1 of 3 are on the frontier of bookings for potential",
    ),
    "pulled_in": (
        ADDED,
        lambda t: charts.pulled_in(t, "Added"),
        "to 20 %; 1 of 2 can be told from the last",
    ),
    "foretold": (
        TOLD,
        lambda t: charts.foretold(t, "Foretold"),
        "patch was least wrong, 25 %",
    ),
}

DRAWN |= DRAWN_ATTRITION
DRAWN |= DRAWN_AUDIT
DRAWN |= DRAWN_CONTESTS
DRAWN |= DRAWN_ROADMAP
DRAWN |= DRAWN_DELIVERY
DRAWN |= DRAWN_DISPUTES
DRAWN |= DRAWN_GAMING
DRAWN |= DRAWN_LEADERBOARDS
DRAWN |= DRAWN_VALUE
DRAWN |= DRAWN_MATURITY
DRAWN |= DRAWN_READINESS
DRAWN |= DRAWN_VISIBILITY


def test_every_chart_is_tried():
    assert set(DRAWN) == set(charts.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_says_its_finding_and_leaves_its_table_alone(name):
    table, drawn, finding = DRAWN[name]
    before = table.copy(deep=True)
    made = drawn(table)
    assert finding in made.alt
    assert made.png().startswith(PNG)
    assert_frame_equal(table, before)


@pytest.mark.parametrize("name", ["monthly", "credited_through"])
def test_a_picture_is_the_same_whenever_it_is_drawn(name):
    table, drawn, _ = DRAWN[name]
    assert drawn(table).png() == drawn(table).png()


def test_a_notebook_keeps_picture_and_words():
    made = charts.monthly(MONTHS, "team", "USD", "Credited")
    data, about = made._repr_mimebundle_()
    assert data["text/plain"] == about["image/png"]["alt"] == made.alt
    assert data["image/png"].startswith(PNG)


def test_a_curve_without_quota_is_drawn_by_what_is_credited():
    table = CURVE.assign(attainment=float("nan"))
    assert "USD 40 at 500" in charts.pay_curve(table, "USD", "Pay").alt


def test_a_year_without_target_has_one_line():
    made = charts.earned_to_date(YEAR.assign(target=amounts("0", "0")), "USD", "Ada")
    assert "target" not in made.alt
    assert made.png().startswith(PNG)


def test_drawing_needs_no_pyplot():
    """Pyplot keeps every figure alive, and looks for a screen."""
    code = """
import sys, pandas
from decimal import Decimal
from spmlib.show import charts
table = pandas.DataFrame({"remedy": ["a"], "count": [1]})
charts.ranked(table, ["remedy"], "count", "Issues", "issue").png()
print("matplotlib.pyplot" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_an_estimate_is_not_said_to_the_cent():
    steps = BRIDGE.assign(amount=[900.0, -150.5, 749.5])
    assert "March 2026 900; Earned" in charts.bridge(steps, "USD", "Expected").alt
