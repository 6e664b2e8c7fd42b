"""Roll-forwards, portfolios, other currencies and entries: identities, and published balances."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, RATE, CurrencyRates
from spmlib.incent import journals
from spmlib.incent.contract_costs import (
    entries,
    portfolios,
    roll_forwards,
    schedules,
    translations,
)
from spmlib.incent.contract_costs.plain import change_rows, cost_rows, rolled
from spmlib.incent.contract_costs.terms import Terms
from tests import small
from tests.shared import accounting

START = date(2026, 1, 1)
ACCOUNTS = {name: name for _, lines in entries.ENTRIES.values() for name, _, _ in lines} | {
    "payroll_tax_expense": "payroll_tax_expense"
}


def cost(name, amount, months=12, start=START, **words):
    return {"cost_id": name, "amount": amount, "months": months, "start_date": start, **words}


def test_a_published_roll_forward():
    # F1: Equity LifeStyle Properties, 10-K 2018, with the adjustment of adoption, in thousands.
    case = accounting("F1")
    now, then, expected = case["inputs"]["y2018"], case["inputs"]["y2017"], case["expected"]
    moved = pl.DataFrame(
        {
            "adopted": [0, case["inputs"]["adoption"]],
            "capitalised": [then["add"], now["add"]],
            "amortised": [then["amort"], now["amort"]],
        }
    )
    rows = roll_forwards.closed(moved, then["open"])
    assert rows["closing"].to_list() == [expected["close_2017"], expected["close_2018"]]
    first = rows["opening"][1] + rows["adopted"][1]
    assert first == expected["open_2018"]
    net = rows["capitalised"] - rows["amortised"]
    assert net.to_list() == [expected["net_2017"], expected["net_2018"]]


def test_another_published_roll_forward():
    # Yelp, 10-Q of June 2020, other non-current assets: 15,138 + 4,214 - 9,923 = 9,429 thousand.
    moved = pl.DataFrame({"capitalised": [4214], "amortised": [9923]})
    assert roll_forwards.closed(moved, 15138)["closing"].to_list() == [9429]


def test_what_was_adopted_is_carried_over():
    costs = [cost("A", 8200, 48, how="adopted"), cost("B", 1200, 12)]
    rows = rolled(costs)
    assert rows["adopted"].tolist()[:2] == [8200, 0]
    assert rows["capitalised"].tolist()[:2] == [1200, 0]
    assert (rows["opening"].iloc[1:].to_numpy() == rows["closing"].iloc[:-1].to_numpy()).all()


def test_maturity_is_what_is_carried():
    lives = schedules.lived(cost_rows([cost("A", 1000, 36), cost("B", "77.77", 25)]))
    ahead = roll_forwards.maturity(lives, "2026-12")
    at = lives.sums("all", "2026-12", "2026-12").row(0, named=True)
    assert ahead["amortised"].sum() == at["closing"]
    assert ahead["year"].to_list() == ["2027", "2028"]
    assert ahead["amortised"][0] == at["current"]
    later = schedules.lived(cost_rows([cost("A", 1000, 36, date(2027, 2, 1))]))
    with pytest.raises(ParameterError, match="capitalised or changed after 2027-01"):
        roll_forwards.maturity(later, "2027-01")


def test_years_are_the_sums_of_their_months():
    lives = schedules.lived(cost_rows([cost("A", 1000, 36, date(2026, 5, 3))]))
    years = dict(zip(lives.grid.names, lives.grid.years, strict=True))
    rows = engine.collected(roll_forwards.by_year(roll_forwards.roll_forward(lives), years))
    assert rows["period"].to_list() == ["2026", "2027", "2028", "2029"]
    assert rows["opening"].to_list()[1:] == rows["closing"].to_list()[:-1]
    assert roll_forwards.broken(engine.brought(rows)).is_empty()


def test_rows_that_do_not_add_up_are_found():
    lives = schedules.lived(cost_rows([cost("A", 1000, 3)]))
    rows = engine.collected(roll_forwards.roll_forward(lives))
    assert roll_forwards.broken(engine.brought(rows)).is_empty()
    wrong = rows.with_columns(amortised=pl.col("amortised") + 1)
    assert len(roll_forwards.broken(engine.brought(wrong))) == 3
    apart = rows.with_columns(opening=pl.col("opening") + 1, capitalised=pl.col("capitalised") - 1)
    assert len(roll_forwards.broken(engine.brought(apart))) == 2


# --- portfolios ----------------------------------------------------------------------------------


def many(count, seed):
    draw = np.random.default_rng(seed)
    starts = [date(2026, int(draw.integers(1, 4)), int(draw.integers(1, 28))) for _ in range(count)]
    costs = [
        cost(str(n), Decimal(int(draw.integers(1, 10**6))) / 100, 36, start, portfolio="p")
        for n, start in enumerate(starts)
    ]
    changes = []
    for n in draw.choice(count, count // 4, replace=False):
        day = date(2026, 4, 1) + timedelta(days=int(draw.integers(0, 700)))
        part = Decimal(int(draw.integers(1, 5))) / 4
        changes.append({"cost_id": str(n), "kind": "terminated", "change_date": day, "share": part})
        if draw.integers(0, 2):
            back = (costs[n]["amount"] * part / 2).quantize(Decimal("0.01"))
            changes.append(
                {"cost_id": str(n), "kind": "clawed_back", "change_date": day, "amount": back}
            )
    return costs, changes


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("convention", "count"), [("month_of_start", 3), ("half_month", 3), ("nearest_month", 6)]
)
def test_portfolios_differ_by_rounding_alone(seed, convention, count):
    costs, changes = many(200, seed)
    rows, terms = (cost_rows(costs), change_rows(changes)), Terms(convention=convention)
    alone = schedules.lived(*rows, terms)
    together = schedules.lived(*portfolios.gathered(*rows, convention), terms)
    assert len(together.costs) == count  # one for each month of start, or half of one
    one, other = alone.sums(), together.sums()
    joined = one.join(other, "period", suffix="_other")
    for name in ("closing", "amortised", "written_off", "clawed_back", "recovered", "current"):
        apart = (joined[name] - joined[f"{name}_other"]).abs().max()
        # Half a cent for each contract, and as much for each share of eight decimals.
        assert apart <= 200 * MONEY // 100, name
    assert (joined["capitalised"] == joined["capitalised_other"]).all()


def test_costs_with_other_changes_stay_alone():
    revised = {"cost_id": "1", "kind": "revised", "change_date": date(2027, 1, 1), "months": 24}
    costs, changes = portfolios.gathered(
        cost_rows([cost(str(n), 100) for n in range(5)]), change_rows([revised])
    )
    assert engine.collected(costs)["cost_id"].to_list().count("1") == 1
    assert len(engine.collected(costs)) == 2
    assert engine.collected(changes)["cost_id"].to_list() == ["1"]


# --- other currencies ----------------------------------------------------------------------------


def rates(*rows):
    return pl.DataFrame(
        [
            {"currency": "EUR", "period": p, "average": int(a * RATE), "closing": int(c * RATE)}
            for p, a, c in rows
        ]
    )


def test_rates_have_a_column_of_their_own():
    lives = schedules.lived(cost_rows([cost("A", 300, 3, currency="EUR"), cost("B", 30, 3)]))
    known = rates(("2026-01", 1.1, 1.2), ("2026-02", 1.2, 1.0), ("2026-03", 1.0, 1.0))
    rows = engine.collected(translations.closing(roll_forwards.roll_forward(lives), known, "USD"))
    assert rows["capitalised"].to_list() == [360 * MONEY, 0, 0]
    assert rows["amortised"].to_list() == [120 * MONEY, 130 * MONEY, 110 * MONEY]
    # 200 euros at 1.2 and 20 dollars; 100 at 1.0 and 10; nothing.
    assert rows["closing"].to_list() == [260 * MONEY, 110 * MONEY, 0]
    assert rows["exchange"].to_list() == [20 * MONEY, -20 * MONEY, 0]
    assert roll_forwards.broken(engine.brought(rows)).is_empty()


def test_a_rate_that_is_missing_is_told():
    lives = schedules.lived(cost_rows([cost("A", 300, 3, currency="EUR")]))
    with pytest.raises(ParameterError, match="no rate of EUR to USD in 2026-02"):
        translations.closing(roll_forwards.roll_forward(lives), rates(("2026-01", 1, 1)), "USD")


def test_historical_rates_stay():
    table = small.table(
        CurrencyRates,
        [
            {"currency": "EUR", "to_currency": "USD", "start_date": day, "rate": rate}
            | {"kind": "spot"}
            for day, rate in ((date(2025, 12, 29), "1.5"), (date(2026, 2, 1), "3"))
        ],
    )
    costs = cost_rows([cost("A", 300, 3, currency="EUR")])
    ended = {"cost_id": "A", "change_date": date(2026, 3, 1)}
    changes = change_rows(
        [ended | {"kind": "clawed_back", "amount": 30}, ended | {"kind": "terminated"}]
    )
    lives = schedules.lived(*translations.historical(costs, changes, table, "USD"))
    rows = lives.sums()
    assert rows["currency"].unique().to_list() == ["USD"]
    assert rows["amortised"].to_list() == [150 * MONEY, 150 * MONEY, 0]
    assert rows["clawed_back"].to_list() == [0, 0, 15 * MONEY]
    early = cost_rows([cost("A", 300, 3, date(2025, 1, 1), currency="EUR")])
    with pytest.raises(ParameterError, match="no rate from EUR to USD by 2025-01-01"):
        translations.historical(early, change_rows([]), table, "USD")


# --- entries -------------------------------------------------------------------------------------


def posted(costs, changes, period, **terms):
    lives = schedules.lived(cost_rows(costs), change_rows(changes), Terms(**terms))
    rows = roll_forwards.roll_forward(lives, "team")
    made = entries.postings(rows, period, date(2026, 5, 31), ACCOUNTS, ACCOUNTS)
    return engine.collected(journals.journal(made))


def booked(lines, kind):
    own = lines.filter(pl.col("entry_id").str.contains(f" {kind} "))
    return [(row["account"], (row["debit"] - row["credit"]) / MONEY) for row in own.to_dicts()]


def test_a_clawback_in_the_ledger():
    # E3: receivable 6,000.00; the asset 5,333.33; amortisation 666.67.
    case = accounting("E3")
    paid = case["inputs"]
    ended = {"cost_id": "A", "change_date": date(2026, 1 + paid["cancel_after"], 1)}
    changes = [
        ended | {"kind": "clawed_back", "amount": paid["commission"]},
        ended | {"kind": "terminated"},
    ]
    lines = posted(
        [cost("A", paid["commission"], paid["months"], team="sales")], changes, "2026-05"
    )
    amounts = [float(amount) for _, amount in case["expected"]["entries"]]
    assert booked(lines, "clawback") == [
        ("receivable", amounts[0]),
        ("asset", -amounts[1]),
        ("amortisation", -amounts[2]),
    ]
    assert booked(lines, "write_off") == []
    assert booked(lines, "reclassification") == [("asset_current", -2000), ("asset", 2000)]


def test_entries_of_the_first_month():
    costs = [cost("A", 1200, 24, team="sales"), cost("B", 12, 24, team="sales, taxes")]
    lines = posted(costs, [], "2026-01")
    assert booked(lines, "capitalisation") == [
        ("asset", 1212),
        ("commission_expense", -1200),
        ("payroll_tax_expense", -12),
    ]
    assert booked(lines, "amortisation") == [("amortisation", 50.5), ("asset", -50.5)]
    assert booked(lines, "reclassification") == [("asset_current", 606), ("asset", -606)]


def test_the_ledger_holds_the_asset():
    costs, changes = many(60, 9)
    costs = [row | {"team": "sales"} for row in costs]
    lives = schedules.lived(cost_rows(costs), change_rows(changes))
    rows = roll_forwards.roll_forward(lives, "team")
    held = {"asset": 0, "asset_current": 0}
    for row in lives.sums().to_dicts():
        made = entries.postings(rows, row["period"], START, ACCOUNTS, ACCOUNTS)
        lines = engine.collected(journals.journal(made))
        for name in held:
            own = lines.filter(pl.col("account") == name)
            held[name] += own["debit"].sum() - own["credit"].sum()
        assert held["asset_current"] == row["current"]
        assert held["asset"] == row["closing"] - row["current"]


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("impaired", 100, [("impairment", 500), ("asset", -500)]),
        ("reversed", 10**6, []),
    ],
)
def test_impairments_in_the_ledger(kind, amount, expected):
    change = {"cost_id": "A", "kind": kind, "amount": amount, "change_date": date(2026, 7, 1)}
    lines = posted([cost("A", 1200, team="sales")], [change], "2026-07", framework="ifrs")
    assert booked(lines, "impairment") == expected
