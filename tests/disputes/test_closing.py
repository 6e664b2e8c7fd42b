"""The register beside the ledger: two who write at once, and what a close pays it closes once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spmlib.core import engine, ledger, registers
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent import lines
from spmlib.incent.disputes.moves import MoveRefused
from spmlib.workbench import closes, disputes
from tests.workbench.test_closes import BOOKED, Company

POLICY = Path(__file__).parents[2] / "parameters/policies/disputes.yaml"
LATE = BOOKED | {"T5": "2026-01-15,Ann,700"}
DAY, NOW = date(2026, 3, 2), "2026-03-02T12:00:00+00:00"
BY = "sales compensation"
WRITER = """
import sys
from datetime import date
from decimal import Decimal
from spmlib.workbench import closes, disputes
from spmlib.workbench.opened import opened
bench = opened(sys.argv[1])
book = disputes.kept(closes.kept(bench))
for name in ("T1", "T3"):
    try:
        about = disputes.claim(bench, "Ann", "2026-02", [], name, Decimal(5), "Wrong.")
        disputes.record_raised(bench, book, about, sys.argv[2], date(2026, 3, 2), "2026-03-02")
    except disputes.moves.MoveRefused:
        pass
"""


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    (made.folder / "policies").mkdir()
    shutil.copy(POLICY, made.folder / "policies/disputes.yaml")
    return made


def book(company: Company):
    return disputes.kept(closes.kept(company.bench))


def raise_(company: Company, transaction: str = "T5", named=(), claimed="70", by="Ann") -> str:
    bench = company.bench
    amount = Decimal(claimed)
    about = disputes.claim(bench, "Ann", "2026-01", named, transaction, amount, "It is missing.")
    return disputes.record_raised(bench, book(company), about, by, DAY, NOW)


def move(company: Company, name: str, word: str, by: str = BY, **said) -> None:
    disputes.record(company.bench, book(company), name, word, by, DAY, NOW, **said)


def accepted(company: Company, granted: str, remedy: str = "data") -> str:
    name = raise_(company)
    move(company, name, "acknowledged", cause="late_booking")
    said = {"granted": Decimal(granted), "remedy": remedy, "reason": "Recorded late."}
    move(company, name, "accepted", **said)
    return name


def status(company: Company, name: str) -> tuple[str, int | None]:
    rows = disputes.table(company.bench, book(company), date(2027, 1, 1)).to_dicts()
    return next((row["status"], row["close"]) for row in rows if row["dispute_id"] == name)


def test_ids_run_and_lines_are_those_of_the_statement(company):
    earned = engine.collected(company.bench.results.earnings)
    own = lines.named(earned).filter(earned["transaction_id"] == "T1")["line_id"].to_list()
    assert raise_(company, "", own, "10") == "DSP-0001"
    assert raise_(company, "T3", (), "10") == "DSP-0002"
    rows = disputes.table(company.bench, book(company), DAY).to_dicts()
    assert [row["lines"] for row in rows] == [own[0], None]
    assert rows[0]["claimed"] == 10 * MONEY and rows[0]["plan"] == "seller"
    with pytest.raises(MoveRefused, match=f"{own[0]} is disputed by DSP-0001 already"):
        raise_(company, "", own, "11")


REFUSED = {
    "Ann has no line 'FFFFFFFFFF' in 2026-01; write": ("", ["FFFFFFFFFF"]),
    "there is no transaction 'T9'; it has to be booked first": ("T9", []),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_what_is_not_there_cannot_be_disputed(company, wrong):
    with pytest.raises(ParameterError, match=wrong):
        raise_(company, *REFUSED[wrong])


def test_a_dispute_that_is_not_there(company):
    with pytest.raises(ParameterError, match="there is no dispute 'DSP-0007'"):
        move(company, "DSP-0007", "acknowledged")
    with pytest.raises(ParameterError, match="'closed' is not recorded by hand"):
        move(company, raise_(company, "T1"), "closed")


def test_data_corrected_is_paid_once_and_closes_the_dispute(company):
    company.closes("2026-01", "2026-02")
    company.knows(LATE)
    name = accepted(company, "70")
    month = company.previews("2026-03")
    assert month.tables["disputes"].to_dicts()[0] == {
        "dispute_id": name, "payee_id": "Ann", "remedy": "data", "granted": 70 * MONEY,
        "posted": 70 * MONEY, "met": True, "currency": "USD",
    }  # fmt: skip
    company.closes("2026-03")
    assert status(company, name) == ("closed", 3)
    assert company.paid("2026-03")["Ann"] == 140  # and T3 is moved onto 20 %
    company.closes("2026-04")
    assert "Ann" not in company.paid("2026-04")
    assert disputes.settle(company.bench, closes.kept(company.bench), NOW) == []


def test_a_difference_that_is_not_what_was_granted_leaves_it_open(company):
    company.closes("2026-01", "2026-02")
    company.knows(LATE)
    name = accepted(company, "71")
    company.closes("2026-03")
    assert status(company, name) == ("accepted", None)
    made = closes.kept(company.bench)
    row = made.table(made.closes()[-1], "disputes").to_dicts()[0]
    assert (row["granted"], row["posted"], row["met"]) == (71 * MONEY, 70 * MONEY, False)


def test_killed_between_close_and_register_the_next_makes_it_good(company):
    company.closes("2026-01", "2026-02")
    company.knows(LATE)
    name = accepted(company, "70")
    months, month = closes.kept(company.bench), company.previews("2026-03")
    ledger.close(months, month.before, month.period, month.tables, {}, NOW)
    assert status(company, name) == ("accepted", None)
    company.closes("2026-04")
    assert status(company, name) == ("closed", 3)
    assert "Ann" not in company.paid("2026-04")
    closings = [row for row in registers.rows(book(company)) if row["move"] == "closed"]
    assert len(closings) == 1


def test_two_who_raise_at_once_lose_nothing_and_share_no_line(company):
    folder = str(company.folder)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, folder, who]) for who in ("Ann", "Ben")
    ]
    assert [each.wait() for each in writers] == [0, 0]
    rows = disputes.table(company.bench, book(company), DAY)
    assert rows["dispute_id"].to_list() == ["DSP-0001", "DSP-0002"]
    assert sorted(rows["transaction_id"]) == ["T1", "T3"]


def test_causes_are_proposed_for_what_is_on_record(company):
    company.knows(LATE)
    name = raise_(company, "T1", (), "100")
    found = disputes.proposed(company.bench, book(company), name)
    assert found["cause"].to_list()[0] in ("none", "plan_misread")
    with pytest.raises(ParameterError, match="there is no dispute 'X'"):
        disputes.proposed(company.bench, book(company), "X")


def test_an_adjustment_granted_is_paid_in_the_next_close_and_never_again(company):
    company.closes("2026-01", "2026-02")
    bench, words = company.bench, ("Ann", "2026-01", [], "T1", Decimal(30), "A share is missing.")
    about = disputes.claim(bench, *words)
    name = disputes.record_raised(bench, book(company), about, "Ann", DAY, NOW)
    move(company, name, "acknowledged", cause="missing_split")
    said = {"granted": Decimal("30.25"), "remedy": "adjustment", "reason": "Both say so."}
    move(company, name, "accepted", **said)
    for _ in range(2):  # replayed, a preview is the same
        month = company.previews("2026-03")
        posted = month.tables["postings"].filter(month.tables["postings"]["kind"] == "adjustment")
        assert posted.select("period", "event_id", "amount").rows() == [("2026-01", name, 302_500)]
    company.closes("2026-03")
    assert company.paid("2026-03")["Ann"] == Decimal("30.25")
    assert status(company, name) == ("closed", 3)
    company.closes("2026-04", "2026-05")
    assert "Ann" not in company.paid("2026-04")
    assert "Ann" not in company.paid("2026-05")


def test_of_a_month_before_the_first_close_too(company):
    bench = company.bench
    about = disputes.claim(bench, "Ann", "2026-01", [], "T1", Decimal(30), "A share is missing.")
    name = disputes.record_raised(bench, book(company), about, "Ann", DAY, NOW)
    move(company, name, "acknowledged", cause="missing_split")
    move(company, name, "accepted", granted=Decimal(30), remedy="adjustment", reason="So it is.")
    company.closes("2026-02")
    assert company.paid("2026-02")["Ann"] == 230  # 10 % of 2,000, and 30
    assert status(company, name) == ("closed", 1)
    company.closes("2026-03")
    assert "Ann" not in company.paid("2026-03")
