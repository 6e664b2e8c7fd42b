"""`spm check` and `spm explain` on the sample company, from a folder inside the project."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spmlib.workbench.cli import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def spm(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")
    return lambda *words: CliRunner().invoke(app, words)


def test_check_prints_what_is_refused_and_its_exit_code_says_so(spm):
    made = spm("check")
    lines = made.stdout.splitlines()
    refused = sum(line.startswith("refused: ") for line in lines)
    noted = sum(line.startswith("noted: ") for line in lines)
    assert refused > 0
    assert lines[-1] == f"{refused + noted} issues; {refused} rows refused"
    assert made.exit_code == 1


def test_explain_prints_a_receipt(spm):
    with (ROOT / "data/payees.csv").open(encoding="utf-8") as file:
        payee = next(csv.DictReader(file))["payee_id"]
    made = spm("explain", payee, "2026-10")
    assert made.exit_code == 0
    assert "Due in" in made.stdout


def test_explain_refuses_a_payee_nobody_knows(spm):
    made = spm("explain", "NOBODY", "2026-10")
    assert made.exit_code == 2
    assert "there is no payee 'NOBODY'" in made.stderr


def test_outside_a_project_a_command_says_where_to_go(spm, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    made = spm("report")
    assert made.exit_code == 2
    assert "no folder here or above holds parameters/" in made.stderr
