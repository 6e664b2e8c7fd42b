"""The tables of a close are those that were closed, whatever becomes known later."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.ledger import LedgerError
from spmlib.workbench.opened import Workbench
from tests.workbench.test_closes import BOOKED, FILES, Company


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return {}


@pytest.fixture(scope="module")
def bench(tmp_path_factory, january) -> Workbench:
    """January and February are closed; a booking, and then the plan, changed after January."""
    company = Company(tmp_path_factory.mktemp("companies") / "small")
    company.closes("2026-01")
    made = company.bench.closed("2026-01")
    january |= {name: made[name] for name in made}
    company.knows(BOOKED | {"T1": "2026-01-10,Ann,1500"})
    company.closes("2026-02")
    company.writes(FILES["plans/seller.yaml"].replace("rate: 10%", "rate: 50%"))
    return company.bench


def amounts(payouts: pd.DataFrame) -> dict[str, Decimal]:
    rows = zip(payouts["payee_id"], payouts["amount"], strict=True)
    return {payee: amount for payee, amount in rows if amount}


def test_a_close_keeps_its_tables_after_later_changes(bench: Workbench, january):
    made = bench.closed("2026-01")
    assert list(made) == list(january)
    assert {"earnings", "payouts", "payroll", "postings", "payables", "issues"} <= {*january}
    assert all(made[name].equals(january[name]) for name in january)
    assert amounts(made.payouts) == {"Ann": Decimal(100), "Ben": Decimal(50)}
    now = bench.payouts[bench.payouts["period"] == "2026-01"]
    assert amounts(now) == {"Ann": Decimal(750), "Ben": Decimal(250)}


def test_earnings_are_those_known_at_the_close(bench: Workbench):
    known = "select period, sum(amount) as s from earnings group by period order by period"
    assert bench.closed("2026-01").sql(known)["s"].to_list() == [150]
    # Ann's 3,500: 10 % of 1,500 in January; then 1,500 at 10 % and 500 at 20 %
    assert bench.closed("2026-02").sql(known)["s"].to_list() == [200, 250]


def test_sums_of_a_close_in_sql_are_those_of_its_frames_and_what_was_paid(bench: Workbench):
    february = bench.closed("2026-02")
    found = february.sql("select payee_id, amount from payouts")
    assert amounts(found) == amounts(february.payouts) == {"Ann": Decimal(300)}
    for name in february:
        assert february.sql(f"select count(*) as n from {name}")["n"][0] == len(february[name])


def test_a_close_lists_and_completes_its_tables(bench: Workbench):
    made = bench.closed()
    assert repr(made).startswith("2026-02, closed on ")
    assert {"earnings", "payouts", "postings", "payables", "disputes", "opening"} <= {*dir(made)}
    assert "payouts" in made._repr_html_()
    assert "300.00" in repr(made.show("payouts"))
    with pytest.raises(ParameterError, match=r"'transactions' in a close; company.transactions is"):
        _ = made.transactions
    with pytest.raises(ParameterError, match=r"'credits' in a close; company.credits is"):
        made.sql("select * from credits")


def test_a_period_that_is_not_closed_is_said(bench: Workbench, company: Company):
    with pytest.raises(
        LedgerError, match="2026-03 is not closed; the ledger has 2026-01 to 2026-02"
    ):
        bench.closed("2026-03")
    with pytest.raises(ParameterError, match="there is no period '2026-13'; the calendar has"):
        bench.closed("2026-13")
    for period in (None, "2026-01"):
        with pytest.raises(LedgerError, match=r"no month is closed yet; company\.tables has"):
            company.bench.closed(period)


def test_a_table_that_was_changed_afterwards_is_refused(bench: Workbench):
    (path,) = (bench.folder.parent / "ledger").rglob("0002-*/payouts.parquet")
    there = path.read_bytes()
    path.write_bytes(there + b" ")
    try:
        with pytest.raises(LedgerError, match="are not what was closed"):
            _ = bench.closed("2026-02").payouts
    finally:
        path.write_bytes(there)


def test_a_glance_says_what_is_closed(bench: Workbench):
    assert "closed to 2026-02 (2 on record" in repr(bench)
    assert "2026-03 is open" in repr(bench)
    path = bench.folder.parent / "ledger/closes/0002.json"
    there = path.read_bytes()
    path.write_text("{")
    try:
        assert "not known (the ledger cannot be read" in repr(bench)
    finally:
        path.write_bytes(there)
