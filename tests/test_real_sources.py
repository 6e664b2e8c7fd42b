"""Other companies' files, read through a sources.yaml alone; skipped where they are not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine, sources
from tests.shared import SHARED

HERE = Path(__file__).parent / "real"
pytestmark = pytest.mark.skipif(
    not (SHARED / "real").is_dir(), reason=f"the real data is not there ({SHARED / 'real'})"
)


@pytest.fixture
def company(monkeypatch):
    """Reads the company of a folder below tests/real."""
    monkeypatch.setenv("SPMLIB_SHARED", str(SHARED.resolve()))
    return lambda name: sources.read(HERE / name / "sources.yaml")


def frames(made):
    names = ("payees", "positions", "accounts", "transactions", "quotas", "issues", "reads")
    return {name: engine.collected(getattr(made, name)) for name in names}


def test_adventureworks(company):
    made = frames(company("adventureworks"))
    assert made["reads"].select("table", "rows_in", "rows_used", "rows_left_out").rows() == [
        ("payees", 18, 18, 278),
        ("positions", 18, 18, 278),
        ("accounts", 701, 701, 0),
        ("transactions", 3796, 3796, 0),
        ("quotas", 163, 163, 0),
    ]
    assert made["issues"].select("table", "row", "what", "effect").rows() == [
        ("positions", "277", "manager_id '112' is not in payees", "noted")
    ]
    assert made["transactions"]["amount"].sum() == 804505969823  # 80,450,596.9823
    assert made["positions"]["territory_id"].to_list()[0] == "NA"
    assert made["accounts"]["country"].null_count() == 0


def test_adventureworks_commission_at_personal_rates(company):
    """Ticks times parts of 10^8, exact: the README's 1,100,987.7862 unrounded."""
    made = frames(company("adventureworks"))
    rates = made["positions"].select("payee_id", pl.col("commission_rate").fill_null(0))
    sold = made["transactions"].join(rates, left_on="owner_id", right_on="payee_id")
    assert len(sold) == 3796
    earned = sold.select(pl.col("amount").cast(pl.Int128) * pl.col("commission_rate"))
    assert round(earned.to_series().sum() / 10**12, 4) == 1_100_987.7862


def test_adventureworks_attainment_by_quota(company):
    made = frames(company("adventureworks"))
    sold = made["transactions"].select("owner_id", "event_date", "amount").rename({"amount": "x"})
    every = made["quotas"].join(sold, left_on="payee_id", right_on="owner_id")
    within = pl.col("event_date").is_between("start_date", "end_date", closed="left")
    by_quota = every.filter(within).group_by("payee_id", "start_date", "amount").agg(pl.sum("x"))
    attained = by_quota["x"] / by_quota["amount"]
    assert len(attained) == 163
    assert round(attained.median(), 3) == 0.848
    assert (attained >= 1).sum() == 8


def test_adventureworks_line_by_line(company):
    made = frames(company("adventureworks_order_lines"))
    assert made["reads"].select("table", "rows_in", "rows_used").rows() == [
        ("products", 606, 606),
        ("transactions", 60855, 60855),
    ]
    lines = made["transactions"]
    assert lines["deal_id"].n_unique() == 3796
    assert lines["amount"].sum() == 804505969823
    assert lines["transaction_id"].to_list()[0] == "SO43659-1"


def test_german_excel(company):
    made = frames(company("online_retail"))
    assert made["reads"].rows()[0][2:] == (6023, 6023, 0, 0)
    lines = made["transactions"]
    assert lines["transaction_id"].to_list()[:2] == ["536365-2", "536365-3"]
    assert lines["event_date"].min().isoformat() == "2010-12-01"
    assert lines["amount"].to_list()[0] == 153000
    assert lines["amount"].sum() == -1268240200  # 126,824.02 more cancelled than sold
    assert set(made["issues"]["effect"]) == {"noted"}


def test_german_excel_by_a_key_that_repeats(company, tmp_path):
    """Of lines that are the same one is used; lines that differ under one key are refused."""
    text = (HERE / "online_retail" / "sources.yaml").read_text("utf-8")
    path = tmp_path / "sources.yaml"
    path.write_text(text.replace('[Beleg, "#"]', "[Beleg, Artikel]"), "utf-8")
    made = frames(sources.read(path))
    _, _, rows_in, used, refused, _ = made["reads"].rows()[0]
    assert rows_in == 6023 == used + refused
    what = made["issues"].filter(pl.col("effect") == "refused")["what"]
    copies = what.str.contains("the same in every column").sum()
    assert 0 < copies < refused == len(what)


def test_month_first_and_a_territory_called_na(company):
    made = frames(company("sales_sample"))
    assert made["reads"].rows()[0][2:] == (2664, 2664, 0, 159)
    lines = made["transactions"]
    assert lines["event_date"].to_list()[:2] == [
        lines["event_date"].to_list()[0].replace(2003, 2, 24),
        lines["event_date"].to_list()[0].replace(2003, 5, 7),
    ]
    assert (lines["territory"] == "NA").sum() > 900
    assert lines["territory"].null_count() == 0
    assert lines.filter(pl.col("transaction_id") == "10121-5")["postcode"].to_list() == ["51100"]
