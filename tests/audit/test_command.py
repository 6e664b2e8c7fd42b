"""The command: findings are printed and written, and the exit code says whether pay may leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from typer.testing import CliRunner

from spmlib.incent.audit.audits import audited
from spmlib.workbench import audit_commands, audits
from spmlib.workbench.cli import app
from tests import small
from tests.audit.ledgers import USD, made, policy


@pytest.fixture
def audit():
    adjustment = {
        "adjustment_id": "J1", "payee_id": "ann", "plan": "seller",
        "event_date": date(2026, 1, 5), "cause": "goodwill", "amount": 1200, "requested_by": "=1+1",
    }  # fmt: skip
    books = made(adjustments=[adjustment], payees=[small.person("ann", "seller")[0]])
    return audited(books, policy(), "2026-01")


def run(monkeypatch, made_, *words):
    monkeypatch.setattr(audit_commands, "opened_here", lambda: None)
    monkeypatch.setattr(audits, "audit", lambda bench, period, currency: made_)
    return CliRunner().invoke(app, ["audit", "2026-01", *words])


def test_a_grave_finding_stops_the_pay(monkeypatch, audit, tmp_path):
    told = run(monkeypatch, audit, "--to", str(tmp_path / "found.csv"))
    assert told.exit_code == 1
    assert "1 findings, 1,200.00 USD at stake" in told.output and "stop the pay" in told.output
    found = pd.read_csv(tmp_path / "found.csv")
    assert found["finding_id"].tolist() == ["unapproved:J1"] and found["amount"].item() == 1200


def test_what_is_below_the_limit_does_not(monkeypatch, audit):
    grave = replace(audit, policy=replace(audit.policy, stop=(1201 * USD, 0.5)))
    assert run(monkeypatch, grave).exit_code == 0
    at = replace(audit, policy=replace(audit.policy, stop=(1200 * USD, 1.0)))
    assert run(monkeypatch, at).exit_code == 1


def test_no_findings(monkeypatch, audit):
    told = run(monkeypatch, replace(audit, findings=audit.findings.head(0)))
    assert told.exit_code == 0 and "no findings" in told.output


def test_no_word_is_taken_for_a_formula(audit, tmp_path):
    rows = audit.findings.with_columns(
        evidence=audit.findings["evidence"].replace_strict({}, default="=1+1")
    )
    audits.write(replace(audit, findings=rows), tmp_path / "found.csv")
    assert pd.read_csv(tmp_path / "found.csv")["evidence"].item() == "'=1+1"


def test_only_csv_is_written(monkeypatch, audit, tmp_path):
    told = run(monkeypatch, audit, "--to", str(tmp_path / "found.xlsx"))
    assert told.exit_code == 2 and "write found.csv" in told.stderr
