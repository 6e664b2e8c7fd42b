"""Small companies whose findings are plain, and the command that prints them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import calculated
from spmlib.incent.gaming import findings, readings, written
from spmlib.workbench.cli import app
from tests import small

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "accumulate": "month",
    "crossing": "whole",
    "boundary": "upper",
    "table": "{2026-01-01: [{from: 0, rate: 5%}, {from: 1_000, rate: 10%}]}",
}


def audited(folder, *amounts, **words):
    """The audit of one seller with an order in the middle of each month."""
    said = small.parameters(small.written(folder, small.plan(**words)))
    company = small.company(
        payees=[{"payee_id": "ada", "name": "Ada", "currency": "USD"}],
        positions=[
            {"payee_id": "ada", "start_date": date(2026, 1, 1), "role": "seller", "plan": "seller",
             "status": "active"}
        ],
        transactions=[
            {"transaction_id": f"t{month}", "event_date": date(2026, month, 15),
             "owner_id": "ada", "currency": "USD", "amount": amount}
            for month, amount in enumerate(amounts, 1)
        ],
    )  # fmt: skip
    results = calculated(company, said, "2026-12")
    decided = written.read(ROOT / "parameters/policies/gaming.yaml")
    return findings.audit(company, said, results, decided, "2026-12")


def test_a_retroactive_threshold_is_worth_its_jump_in_each_window_near_it(tmp_path):
    """Large deals are of 1,150: eleven of twelve months ended within that of 1,000.

    Each of them is worth the jump of 50 and a usual deal (1,000) at 5 % more.
    """
    audit = audited(tmp_path, *[1000] * 6, 900, 950, 1100, 1150, 1150, 9000, **WHOLE)
    found = readings.table(audit)
    row = found[found["kind"] == "retroactive"].iloc[0]
    assert row["where"] == "1,000" and row["source"].startswith("seller.yaml:")
    assert row["amount"] == pytest.approx(11 * (50 + 1000 * 0.05))
    assert "11 of 12 windows" in row["evidence"]
    assert found["payee_id"].isna().all()


def test_windows_are_pulled_forward_into_by_what_their_curve_says(tmp_path):
    """A large deal (1,150) first in a month earns 115; from 900 on it earns 205 - 45, and so on."""
    audit = audited(tmp_path, *[1000] * 6, 900, 950, 1100, 1150, 1150, 9000, **WHOLE)
    found = readings.table(audit).set_index("kind")
    assert found.loc["pulling_forward", "amount"] == pytest.approx(45 + 47.5)
    assert "2 of 12 windows" in found.loc["pulling_forward", "evidence"]
    assert "sandbagging" not in found.index


def test_a_falling_rate_is_a_reason_to_hold_back(tmp_path):
    """10 % up to 1,000, 4 % beyond; a large deal is one of 1,100, first in a month 104."""
    table = "{2026-01-01: [{from: 0, rate: 10%}, {from: 1_000, rate: 4%}]}"
    audit = audited(tmp_path, *[500] * 2, *[1100] * 10, accumulate="month", table=table)
    found = readings.table(audit).set_index("kind")
    assert found.loc["sandbagging", "amount"] == pytest.approx(2 * (104 - 74) + 10 * (104 - 44))


def test_a_plan_without_thresholds_leaves_nothing_to_play(tmp_path):
    audit = audited(tmp_path, *[1000] * 12)
    assert readings.table(audit).empty
    assert readings.timed(audit).empty


def test_a_company_without_bookings_has_no_findings(tmp_path):
    assert engine.collected(findings.findings(audited(tmp_path, **WHOLE))).is_empty()


def test_an_unknown_period_or_component_is_refused(tmp_path):
    audit = audited(tmp_path, 1000, **WHOLE)
    with pytest.raises(ParameterError, match="there is no period '2030-01'"):
        findings.audit(
            audit.company, audit.parameters, audit.results, audit.decided, "2030-01", "USD"
        )
    with pytest.raises(ParameterError, match=r"there is no component 'seller\.nothing'"):
        readings.of_plan(audit, "seller", "nothing")


def test_a_table_that_is_tried_says_what_playing_it_is_worth():
    """2 % up to 20,000, then 3 % of everything: the jump is 200, and 5,000 more earn 50 more."""
    _, told = readings.played(20_000, 0.02, 0.03, 5000)
    assert told["amount"].tolist() == pytest.approx([200, 250, -50], abs=0.01)
    _, marginal = readings.played(20_000, 0.02, 0.03, 5000, "what lies above")
    assert marginal["amount"].tolist() == pytest.approx([0, 50, -50], abs=0.01)


def test_the_command_prints_findings_with_file_and_line(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(app, ["gaming", "2026-10", "--most", "3", "--to", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "account_executive" in done.output and "more: --most" in done.output
    assert (tmp_path / "gaming_findings.csv").read_text("utf-8").startswith("kind,plan,component")
