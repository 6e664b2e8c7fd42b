"""A company's contract costs: out of its earnings, by its policy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import calculated
from spmlib.incent.contract_costs import (
    checks,
    companies,
    contracts,
    entries,
    evidence,
    outlooks,
    schedules,
    written,
)
from spmlib.rules.employer_taxes import EmployerTaxes, Tax
from tests import small

ACCOUNTS = "\n".join(f"  {name}: {name}" for name in written.ACCOUNTS)
POLICY = """
framework: us_gaap
currency: USD
convention: month_of_start
expedient: yes
components: {{2024-01-01: {{seller: {{bookings: {judged}}}}}}}
benefits:
  2024-01-01:
    - {{name: contracts, {benefit}, because: the contract}}
{more}
accounts:
{accounts}
"""
YES = "{incremental: yes, because: it is}"
SHARED = "{incremental: yes, allocated: over_window, because: all counted}"


def policy(folder, judged=YES, benefit="months: 36", more=""):
    path = folder / "contract_costs.yaml"
    told = POLICY.format(judged=judged, benefit=benefit, more=more, accounts=ACCOUNTS)
    path.write_text(told, "utf-8")
    return written.read(path)


def earned(folder, *plans, words=None, **rows):
    payee, held = small.person("P", "seller", **(words or {}))
    company = small.company(payees=[payee], positions=[held], **rows)
    parameters = small.parameters(small.written(folder, *(plans or (small.plan(),))))
    return company, calculated(company, parameters).earnings


def prepared(folder, decided, period="2026-12", taxes=None, **rows):
    company, earnings = earned(folder, **rows)
    return companies.prepared(company, earnings, decided, period, taxes)


def at(ready, period, column):
    row = ready.lives.sums("all", period, period).row(0, named=True)
    return Decimal(row[column]) / MONEY


def cancelled(name, of, day, amount):
    return {
        "event_id": name,
        "transaction_id": of,
        "event": "cancellation",
        "event_date": day,
        "amount": amount,
    }


def test_a_sale_that_is_cancelled_and_clawed_back(tmp_path):
    # Worked example E3 out of a plan: 10 % of 60,000 comes back whole after four months.
    ready = prepared(
        tmp_path,
        policy(tmp_path),
        transactions=[small.sale("T", "P", date(2026, 1, 1), 60_000)],
        events=[cancelled("E", "T", date(2026, 5, 1), -60_000)],
    )
    assert at(ready, "2026-01", "capitalised") == 6000
    assert at(ready, "2026-04", "closing") == Decimal("5333.33")
    assert at(ready, "2026-05", "clawed_back") == Decimal("5333.33")
    assert at(ready, "2026-05", "recovered") == Decimal("666.67")
    assert at(ready, "2026-05", "written_off") == 0
    assert at(ready, "2026-05", "closing") == 0
    assert checks.checks(ready)["holds"].all()
    cost = engine.collected(ready.costs).row(0, named=True)
    assert cost["source"] == "contract_costs.yaml:9"
    assert cost["policy_date"] == date(2024, 1, 1)


def test_a_part_that_is_cancelled(tmp_path):
    ready = prepared(
        tmp_path,
        policy(tmp_path),
        transactions=[small.sale("T", "P", date(2026, 1, 1), 60_000)],
        events=[
            cancelled("E", "T", date(2026, 7, 1), -15_000),
            cancelled("F", "T", date(2026, 10, 1), -45_000),
        ],
    )
    # A quarter: 1,500 come back, 1,250 of it still an asset; nothing is lost.
    assert at(ready, "2026-07", "clawed_back") == 1250
    assert at(ready, "2026-07", "written_off") == 0
    assert at(ready, "2026-07", "closing") == Decimal("3625.00")
    assert at(ready, "2026-10", "closing") == 0
    assert checks.checks(ready)["holds"].all()


def test_what_no_plan_claws_back_is_written_off(tmp_path):
    plan = small.plan(modifiers="", clawback="")
    company, earnings = earned(
        tmp_path,
        plan,
        transactions=[small.sale("T", "P", date(2026, 1, 1), 60_000)],
    )
    gone = small.company(
        payees=[small.person("P", "seller")[0]],
        positions=[small.person("P", "seller")[1]],
        transactions=[small.sale("T", "P", date(2026, 1, 1), 60_000)],
        events=[cancelled("E", "T", date(2026, 5, 1), -60_000)],
    )
    # The earnings know of no clawback: the contract is over all the same.
    ready = companies.prepared(gone, earnings, policy(tmp_path), "2026-12")
    assert at(ready, "2026-05", "written_off") == Decimal("5333.33")
    assert at(ready, "2026-05", "closing") == 0
    assert company is not gone


THRESHOLDS = small.plan(
    crossing="whole",
    boundary="upper",
    table="{2026-01-01: [{from: 0, rate: 0%}, {from: 10_000, rate: 2%}, {from: 20_000, rate: 5%}]}",
)


@pytest.mark.parametrize(("judged", "each"), [(SHARED, {50}), (YES, None)])
def test_a_jump_is_not_of_one_contract(tmp_path, judged, each):
    # Worked example D1: 25 contracts of 1,000, two a month; 1,250 in all, 50 for each.
    sales = [
        small.sale(f"T{n:02}", "P", date(2026, 1 + n // 3, 1 + n % 3), 1_000) for n in range(25)
    ]
    company, earnings = earned(tmp_path, THRESHOLDS, transactions=sales)
    ready = companies.prepared(company, earnings, policy(tmp_path, judged), "2026-12")
    rows = ready.contributed.rows
    assert rows["amount"].sum() == 1250 * MONEY
    by_contract = rows.group_by("transaction_id").agg(pl.col("amount").sum())
    if each:
        assert {amount / MONEY for amount in by_contract["amount"]} == each
    assert checks.checks(ready)["holds"].all()
    # What is earned later for a contract is amortised over what is left of its benefit.
    whole = engine.collected(schedules.schedule(ready.costs, ready.changes))
    ends = whole.group_by("cost_id").agg(pl.col("period").max())
    if each:
        assert ends.filter(pl.col("cost_id").str.starts_with("T00"))["period"][0] == "2028-12"


def test_the_expedient(tmp_path):
    sold = [small.sale("T", "P", date(2026, 1, 1), 60_000)]
    short = prepared(tmp_path, policy(tmp_path, benefit="months: 12"), transactions=sold)
    assert len(engine.collected(short.costs)) == 0
    assert short.expensed["amount"].sum() == 6000 * MONEY
    assert short.expensed["reason"].to_list() == ["within a year"]
    longer = prepared(tmp_path, policy(tmp_path, benefit="months: 13"), transactions=sold)
    assert at(longer, "2026-01", "capitalised") == 6000
    again = "months: 12, renewals: 2, renewal_commissions: none"
    more = prepared(tmp_path, policy(tmp_path, benefit=again), transactions=sold)
    assert engine.collected(more.costs)["months"].to_list() == [36]
    alike = "months: 12, renewals: 4, renewal_commissions: commensurate"
    none = prepared(tmp_path, policy(tmp_path, benefit=alike), transactions=sold)
    assert len(engine.collected(none.costs)) == 0
    assert checks.checks(none)["holds"].all()


def test_what_is_not_incremental_is_expensed(tmp_path):
    sold = [small.sale("T", "P", date(2026, 1, 1), 60_000)]
    no = "{incremental: no, because: it is salary}"
    ready = prepared(tmp_path, policy(tmp_path, no), transactions=sold)
    assert ready.expensed["reason"].to_list() == ["not incremental"]
    assert outlooks.judged(ready, "2026-01")["capitalised"].sum() == 0


def test_employer_taxes_up_to_the_wage_base(tmp_path):
    # Worked example G3: 170,000 of base pay by February, a wage base of 176,100.
    taxes = {
        "social_security": {date(2024, 1, 1): Tax(Decimal("0.062"), Decimal(176100))},
        "medicare": {date(2024, 1, 1): Tax(Decimal("0.0145"))},
    }
    sold = [small.sale("T", "P", date(2026, 2, 1), 100_000)]
    decided = policy(tmp_path, more="taxes: yes")
    ready = prepared(
        tmp_path,
        decided,
        taxes=EmployerTaxes({"USD": taxes}),
        transactions=sold,
        words={"base_pay": 1_020_000},
    )
    assert at(ready, "2026-02", "capitalised") == Decimal("10523.20")
    # 10,000 and 523.20 are costs of their own: 277.78 and 14.53.
    assert at(ready, "2026-02", "amortised") == Decimal("292.31")
    lines = engine.collected(entries.journal(ready, "2026-02"))
    levied = lines.filter(pl.col("account") == "payroll_tax_expense")
    assert levied["credit"].to_list() == [int(Decimal("523.20") * MONEY)]
    gathered = prepared(
        tmp_path,
        policy(tmp_path, more="taxes: yes\nunit: portfolio"),
        taxes=EmployerTaxes({"USD": taxes}),
        transactions=sold,
        words={"base_pay": 1_020_000},
    )
    again = engine.collected(entries.journal(gathered, "2026-02"))
    assert again.drop("source").equals(lines.drop("source"))
    assert checks.checks(ready)["holds"].all()
    with pytest.raises(ParameterError, match="no taxes are given"):
        prepared(tmp_path, decided, transactions=sold)


def test_a_portfolio_is_as_its_contracts(tmp_path):
    sales = [small.sale(f"T{n}", "P", date(2026, 1, 1 + n), 1_000 + n) for n in range(20)]
    events = [cancelled("E", "T3", date(2026, 6, 15), -1_003)]
    alone = prepared(tmp_path, policy(tmp_path), transactions=sales, events=events)
    together = prepared(
        tmp_path, policy(tmp_path, more="unit: portfolio"), transactions=sales, events=events
    )
    assert len(engine.collected(together.costs)) == 1
    for period in ("2026-01", "2026-06", "2026-12"):
        apart = at(alone, period, "closing") - at(together, period, "closing")
        assert abs(apart) <= Decimal("0.10")
    assert checks.checks(together)["holds"].all()


def test_components_that_nobody_judged(tmp_path):
    sold = [small.sale("T", "P", date(2026, 1, 1), 60_000)]
    decided = policy(tmp_path)
    other = written.Policy(**{**decided.__dict__, "components": {}})
    with pytest.raises(
        ParameterError, match=r"nothing is said of seller\.bookings from 2026-01-01"
    ):
        prepared(tmp_path, other, transactions=sold)


def test_contracts_that_no_benefit_fits(tmp_path):
    sold = [small.sale("T", "P", date(2026, 1, 1), 60_000)]
    with pytest.raises(ParameterError, match="no benefit fits T of 2026-01-01"):
        prepared(
            tmp_path, policy(tmp_path, benefit="where: {kind: new}, months: 36"), transactions=sold
        )
    with pytest.raises(ParameterError, match="there is no column 'months'"):
        prepared(tmp_path, policy(tmp_path, benefit="term: months, months: 36"), transactions=sold)
    with pytest.raises(ParameterError, match="there is no column 'began' for `start`"):
        prepared(tmp_path, policy(tmp_path, more="start: began"), transactions=sold)
    with pytest.raises(ParameterError, match="there is no period '2030-01'"):
        prepared(tmp_path, policy(tmp_path), "2030-01", transactions=sold)


# --- renewals ------------------------------------------------------------------------------------

LAPSES = "lapses: {kinds: [new], match: [account_id], early: 60, grace: 45}"


def subscriptions():
    """Three new ones of 12 months: renewed twice, renewed once, never."""
    rows = [
        ("T1", "new", "A", date(2024, 1, 1)),
        ("T2", "renewal", "A", date(2024, 12, 20)),
        ("T3", "renewal", "A", date(2026, 1, 10)),
        ("T4", "new", "B", date(2024, 1, 1)),
        ("T5", "renewal", "B", date(2024, 12, 20)),
        ("T6", "new", "C", date(2024, 3, 1)),
        ("T7", "renewal", "C", date(2025, 9, 1)),  # too late: something new
        ("T8", "new", "D", date(2025, 12, 1)),
    ]
    return pl.DataFrame(
        [
            {
                "transaction_id": name,
                "kind": kind,
                "account_id": account,
                "booked": day,
                "term": 12,
                "segment": "small",
            }
            for name, kind, account, day in rows
        ]
    )


def test_renewals_are_followed(tmp_path):
    lapses = policy(tmp_path, more=LAPSES).lapses
    found = contracts.lapsed(subscriptions(), lapses, date(2026, 7, 1))
    told = {row["transaction_id"]: row for row in found.to_dicts()}
    assert {name: row["renewals"] for name, row in told.items()} == {
        "T1": 2,
        "T4": 1,
        "T6": 0,
        "T8": 0,
    }
    assert {name: row["ends"] for name, row in told.items()} == {
        "T1": date(2027, 1, 1),
        "T4": date(2026, 1, 1),
        "T6": date(2025, 3, 1),
        "T8": date(2026, 12, 1),
    }
    assert [name for name, row in told.items() if row["lapsed"]] == ["T4", "T6"]


@pytest.mark.parametrize(("day", "lapsed"), [(date(2025, 4, 15), False), (date(2025, 4, 16), True)])
def test_a_lapse_is_known_once_its_grace_is_over(tmp_path, day, lapsed):
    lapses = policy(tmp_path, more=LAPSES).lapses
    found = contracts.lapsed(subscriptions(), lapses, day)
    assert found.filter(pl.col("transaction_id") == "T6")["lapsed"].to_list() == [lapsed]


def test_survival_is_the_product_limit():
    # Kaplan and Meier: of six, one ends at 1, one at 3 with four left, one at 5 with two left.
    import numpy as np
    from statsmodels.duration.survfunc import SurvfuncRight

    months = np.array([1, 2, 3, 4, 5, 6])
    over = np.array([True, False, True, False, True, False])
    rows = evidence.survival(months, over)
    assert rows["alive"].tolist() == pytest.approx([5 / 6, 5 / 6 * 3 / 4, 5 / 6 * 3 / 4 / 2])
    draw = np.random.default_rng(3)
    months, over = draw.integers(1, 40, 500), draw.random(500) < 0.4
    known = SurvfuncRight(months, over.astype(int))
    rows = evidence.survival(months, over)
    assert rows["alive"].tolist() == pytest.approx(known.surv_prob.tolist())
    error = known.surv_prob_se
    low = np.clip(known.surv_prob - 1.96 * error, 0, 1)
    assert rows["low"].tolist() == pytest.approx(low.tolist(), nan_ok=True)
