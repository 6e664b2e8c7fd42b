"""Proposals on planted faults: the true cause comes first, with the amount that it cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import calculated
from spmlib.incent.disputes import cases, causes, written
from tests import small

DECIDED = written.read(Path(__file__).parents[2] / "parameters/policies/disputes.yaml")
CREDITING = """\
events: [booking, cancellation]
splits: {policy: at_most_whole}
rules:
  owner: {kind: direct}
  shared: {kind: split}
  leads: {kind: roll_up, of: [owner, shared], levels: 1}
"""
PLAN = small.plan(
    thresholds="money",
    table="{2026-01-01: [{from: 0, rate: 10%}, {from: 10_000, rate: 20%}]}",
    modifiers="[{cap: {2026-01-01: 3_000.00}}]",
)
MARCH = date(2026, 3, 10)


def company(*sales, **rows):
    old = date(2025, 1, 1)
    people = [small.person(name, "seller", manager_id="M") for name in "AB"]
    people += [small.person(name, "seller") for name in "MN"]
    payees, positions = ([pair[n] for pair in people] for n in (0, 1))
    given = {"payees": payees, "positions": positions, "transactions": sales}
    given["accounts"] = [{"account_id": "K", "name": "K"}]
    placed = {"account_id": "K", "territory_id": "west", "start_date": old}
    return small.company(**given | {"account_territories": [placed]} | rows)


def proposals(tmp_path, made, names, claimed=None, payee="A", period="2026-03"):
    said = small.parameters(small.written(tmp_path, PLAN, crediting=CREDITING))
    credits = engine.collected(calculated(made, said).credits)
    ticks = None if claimed is None else int(Decimal(claimed) * MONEY)
    case = cases.case(made, said, credits, payee, "seller", period, names, ticks)
    rows = causes.proposed(case, made, DECIDED, date(2026, 4, 1)).to_dicts()
    return [(row["cause"], Decimal(row["amount"]) / MONEY, row["fits"]) for row in rows], rows


def test_late_booking(tmp_path):
    made = company(
        small.sale("T1", "A", MARCH, 9_000),
        small.sale("T2", "A", MARCH, 2_000, recorded_date=date(2026, 4, 3)),
    )
    found, rows = proposals(tmp_path, made, ["T2"], 300)
    assert found[0] == ("late_booking", 300, "yes")  # 1,000 at 10 % and 1,000 at 20 %
    assert "recorded on 2026-04-03, after 2026-03 was closed" in rows[0]["evidence"]


@pytest.mark.parametrize(("known", "late"), [(date(2026, 3, 31), False), (date(2026, 4, 1), True)])
def test_late_is_from_the_day_of_the_close_on(tmp_path, known, late):
    made = company(small.sale("T1", "A", MARCH, 1_000, recorded_date=known))
    found, _ = proposals(tmp_path, made, ["T1"])
    assert (found[0][0] == "late_booking") == late


def test_wrong_owner_by_deal(tmp_path):
    deal = {"opportunity_id": "O", "created_date": MARCH, "owner_id": "A", "deal_id": "D",
            "currency": "USD"}  # fmt: skip
    made = company(small.sale("T1", "B", MARCH, 5_000, deal_id="D"), opportunities=[deal])
    found, rows = proposals(tmp_path, made, ["T1"], 500)
    assert found[0] == ("wrong_owner", 500, "yes")
    assert "T1 became of a deal that A pursued" in rows[0]["evidence"]


@pytest.mark.parametrize("owner", ["B", None])
def test_wrong_owner_by_territory(tmp_path, owner):
    made = company(small.sale("T1", owner, MARCH, 5_000, account_id="K"))
    held = engine.collected(made.positions).to_dicts()
    held = [
        {k: v for k, v in row.items() if k not in ("target_incentive", "full_time")}
        | {"target_incentive": 12_000}
        | ({"territory_id": "west"} if row["payee_id"] == "A" else {})
        for row in held
    ]
    made = company(small.sale("T1", owner, MARCH, 5_000, account_id="K"), positions=held)
    found, rows = proposals(tmp_path, made, ["T1"], 500)
    assert found[0] == ("wrong_owner", 500, "yes")
    assert "account K lies in west, which A holds" in rows[0]["evidence"]


def test_missing_split(tmp_path):
    sales = [small.sale(f"T{n}", "B", date(2026, 2, n), 1_000, account_id="K") for n in (1, 2, 3)]
    made = company(
        *sales,
        small.sale("T9", "B", MARCH, 4_000, account_id="K"),
        splits=[
            {"transaction_id": f"T{n}", "payee_id": "A", "share": Decimal("0.4")} for n in (1, 2, 3)
        ],
    )
    found, rows = proposals(tmp_path, made, ["T9"], 160)
    assert found[0] == ("missing_split", 160, "yes")  # 40 % of 4,000 at 10 %
    assert "3 of 3 other deals of B with the account are shared, mostly 40%" in rows[0]["evidence"]


def test_hierarchy(tmp_path):
    made = company(small.sale("T1", "A", MARCH, 5_000))
    _, first = small.person("A", "seller", manager_id="M", end_date=date(2026, 3, 20))
    _, then = small.person("A", "seller", manager_id="N", start_date=date(2026, 3, 20))
    others = [small.person(name, "seller")[1] for name in "BMN"]
    made = company(small.sale("T1", "A", MARCH, 5_000), positions=[first, then, *others])
    found, rows = proposals(tmp_path, made, ["T1"], 500, payee="N")
    assert found[0] == ("hierarchy", 500, "yes")
    assert "A reports to N from 2026-03-20, and to M on 2026-03-10" in rows[0]["evidence"]


def test_plan_misread_top_rate(tmp_path):
    made = company(small.sale("T1", "A", MARCH, 12_000))
    found, rows = proposals(tmp_path, made, ["T1"], 1_000)
    # 10,000 at 10 % and 2,000 at 20 % is 1,400; 20 % of all, 2,400
    assert found[0] == ("plan_misread", 1_000, "yes")
    assert "the rate reached counted for all" in rows[0]["evidence"]
    assert rows[0]["due"] == 0


def test_plan_misread_cap(tmp_path):
    made = company(small.sale("T1", "A", MARCH, 30_000))
    found, rows = proposals(tmp_path, made, ["T1"], 2_000)  # 1,000 + 4,000, capped at 3,000
    assert found[0] == ("plan_misread", 2_000, "yes")
    assert "without the cap" in rows[0]["evidence"]


def test_plan_misread_gross_and_full(tmp_path):
    back = {"event_id": "E", "transaction_id": "T1", "event": "cancellation",
            "event_date": date(2026, 3, 20), "amount": -2_000}  # fmt: skip
    made = company(small.sale("T1", "A", MARCH, 5_000), events=[back])
    found, rows = proposals(tmp_path, made, ["T1"], 200)
    assert found[0] == ("plan_misread", 200, "yes") and "gross" in rows[0]["evidence"]
    shared = [{"transaction_id": "T1", "payee_id": "A", "share": Decimal("0.4")}]
    made = company(small.sale("T1", "B", MARCH, 5_000), splits=shared)
    found, rows = proposals(tmp_path, made, ["T1"], 300)
    assert found[0] == ("plan_misread", 300, "yes") and "in full" in rows[0]["evidence"]


def test_nothing_explains_it(tmp_path):
    made = company(small.sale("T1", "A", MARCH, 5_000))
    found, rows = proposals(tmp_path, made, ["T1"], 77)
    assert found == [("none", 0, "no")]
    assert "the re-run gives the same cents" in rows[0]["evidence"]


def test_what_cannot_be_re_run_is_refused(tmp_path):
    made = company(small.sale("T1", "A", MARCH, 5_000))
    with pytest.raises(ParameterError, match="there is no transaction 'T7'; book it first"):
        proposals(tmp_path, made, ["T7"])
