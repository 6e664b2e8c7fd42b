"""The tables of a close are those that were closed, whatever becomes known later."""

from __future__ import annotations

from decimal import Decimal

import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.ledger import LedgerError
from tests.workbench.test_closes import BOOKED, Company


def test_a_close_keeps_its_tables_after_later_changes(company: Company):
    company.closes("2026-01", "2026-02")
    january = company.bench.closed("2026-01")
    before = {name: january[name] for name in january}
    company.knows({**BOOKED, "T1": "2026-01-10,Ann,9000"})
    company.closes("2026-03")
    plan = (company.folder / "plans/seller.yaml").read_text()
    company.writes(plan.replace("rate: 10%", "rate: 50%"))
    after = company.bench.closed("2026-01")
    assert list(after) == list(before)
    assert all(after[name].equals(before[name]) for name in before)
    assert dict(zip(after.payouts["payee_id"], after.payouts["amount"], strict=True)) == {
        "Ann": Decimal(100),
        "Ben": Decimal(50),
    }
    now = company.bench.payouts.query("period == '2026-01'")
    assert now["amount"].sum() == 4500 + 250


def test_earnings_are_those_known_at_the_close(company: Company):
    company.closes("2026-01")
    company.knows({**BOOKED, "T1": "2026-01-10,Ann,1500"})
    company.closes("2026-02")
    known = "select period, sum(amount) as s from earnings group by period order by period"
    bench = company.bench
    assert bench.closed("2026-01").sql(known)["s"].to_list() == [150]
    assert bench.closed("2026-02").sql(known)["s"].to_list() == [200, 200]
    assert bench.closed().period == "2026-02"


def test_sums_of_a_close_in_sql_are_what_was_paid(company: Company):
    company.closes("2026-01", "2026-02", "2026-03")
    for period in ("2026-01", "2026-02", "2026-03"):
        made = company.bench.closed(period)
        found = made.sql("select payee_id, amount from payouts where amount <> 0")
        assert dict(zip(found["payee_id"], found["amount"], strict=True)) == company.paid(period)
        assert made.payouts["amount"].sum() == made.sql("select sum(amount) s from payouts")["s"][0]
        for name in made:
            assert len(made[name]) == made.sql(f"select count(*) as n from {name}")["n"][0]


def test_a_close_lists_and_completes_its_tables(company: Company):
    company.closes("2026-01")
    made = company.bench.closed("2026-01")
    assert repr(made).startswith("2026-01, closed on ")
    assert {"earnings", "payouts", "postings", "payables", "disputes", "opening"} <= {*dir(made)}
    assert "payouts" in made._repr_html_()
    assert "150.00" in repr(made.show("payouts"))
    with pytest.raises(ParameterError, match=r"'transactions' in a close; company.transactions is"):
        _ = made.transactions


def test_a_period_that_is_not_closed_is_said(company: Company):
    with pytest.raises(LedgerError, match=r"no month is closed yet; company\.tables has"):
        company.bench.closed()
    with pytest.raises(LedgerError, match="no month is closed yet"):
        company.bench.closed("2026-01")
    company.closes("2026-01")
    with pytest.raises(LedgerError, match=r"2026-02 is not closed; the ledger has 2026-01\."):
        company.bench.closed("2026-02")
    company.closes("2026-02")
    with pytest.raises(
        LedgerError, match="2026-03 is not closed; the ledger has 2026-01 to 2026-02"
    ):
        company.bench.closed("2026-03")
    with pytest.raises(ParameterError, match="there is no period '2026-13'; the calendar has"):
        company.bench.closed("2026-13")


def test_a_table_that_was_changed_afterwards_is_refused(company: Company):
    company.closes("2026-01")
    (path,) = (company.folder.parent / "ledger").rglob("payouts.parquet")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(LedgerError, match="are not what was closed"):
        _ = company.bench.closed("2026-01").payouts
