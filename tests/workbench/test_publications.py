"""Plans are approved by others than decided them, for what they are, and published for good."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from spmlib.core import ledger
from spmlib.core.ledger import LedgerError
from spmlib.orchestrate.scenarios import written
from spmlib.workbench import approvals, proposals, publications
from spmlib.workbench.approvals import PlanRefused
from spmlib.workbench.cli import app
from spmlib.workbench.proposals import Proposal
from tests.workbench.test_closes import Company

ROOT = Path(__file__).resolve().parents[2]
QUOTAS = "year: 2027\nmeasure: bookings\nroles: [r]\ngrowth: 10%\nmix: {even: 1}\nlayers: {}\n"
BASE = "author: board\ndate: 2026-10-01\nreason: first\napprovers: [officer, controller]\n"
MORE = """\
author: sales
date: 2026-11-03
reason: more
changes:
  - {file: quotas, word: growth, to: 12%, author: finance}
"""


@pytest.fixture
def bench(tmp_path):
    company = Company(tmp_path)
    for name, text in (
        ("quotas/2027.yaml", QUOTAS),
        ("scenarios/2027/base.yaml", BASE),
        ("scenarios/2027/more.yaml", MORE),
    ):
        path = company.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return company.bench


@pytest.fixture
def book(tmp_path):
    return ledger.at(tmp_path / "record")


def proposal(bench, name="more", amount=1):
    """A scenario as its files are, with quotas of some amount."""
    scenario = written.read(bench.folder / "scenarios/2027", name)
    frame = pl.DataFrame({"payee_id": ["Ann"], "amount": [amount]})
    tables = {"quotas": frame, "account_territories": frame.head(0)}
    return proposals.proposed(bench, scenario, tables)


def test_all_who_are_asked_have_to_approve(bench, book):
    made = proposal(bench)
    assert approvals.missing(book, made) == ["officer", "controller"]
    approvals.approve(book, made, "officer", "fine")
    assert approvals.missing(book, made) == ["controller"]
    with pytest.raises(PlanRefused, match="not approved by controller; ask for `spm plan approve"):
        publications.publish(bench, book, made)
    approvals.approve(book, made, "controller", "affordable")
    assert approvals.missing(book, made) == []
    published = publications.publish(bench, book, made)
    assert published.about["approvals"] == [1, 2]
    assert {"inputs", "parameters", "versions"} <= set(published.about)
    assert book.table(published, "quotas").equals(made.tables["quotas"])


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("sales", "sales decided changes of it; let somebody else approve it"),
        ("finance", "finance decided changes of it"),
        ("anybody", "anybody is not asked to approve it; its approvers are officer, controller"),
    ],
)
def test_who_decided_or_is_not_asked_does_not_approve(bench, book, by, says):
    with pytest.raises(PlanRefused, match=says):
        approvals.approve(book, proposal(bench), by, "x")
    assert book.closes() == []


def test_what_nobody_signed_is_not_approved(bench, book):
    (bench.folder / "scenarios/2027/base.yaml").unlink()
    with pytest.raises(PlanRefused, match="nobody signed it; write `author`"):
        approvals.approve(book, proposal(bench, "base"), "officer", "x")


def test_where_nobody_is_named_anybody_but_the_authors_approves(bench, book):
    made = proposal(bench)
    made = replace(made, scenario=replace(made.scenario, approvers=()))
    assert approvals.missing(book, made) == ["anybody"]
    approvals.approve(book, made, "anybody", "x")
    assert approvals.missing(book, made) == []


def test_nobody_approves_the_same_twice(bench, book):
    approvals.approve(book, proposal(bench), "officer", "x")
    with pytest.raises(PlanRefused, match="officer approved it as it stands; publish it"):
        approvals.approve(book, proposal(bench), "officer", "x")


@pytest.mark.parametrize("name", ["quotas/2027.yaml", "scenarios/2027/more.yaml"])
def test_a_changed_file_voids_approvals_until_it_is_changed_back(bench, book, name):
    approvals.approve(book, proposal(bench), "officer", "x")
    path = bench.folder / name
    before = path.read_text()
    path.write_text(before + "# a remark\n")
    (void,) = approvals.approvals(book, proposal(bench))
    assert void.void.startswith(f"{name} changed since ")
    assert approvals.missing(book, proposal(bench)) == ["officer", "controller"]
    with pytest.raises(PlanRefused, match=rf"\(officer: {name} changed since"):
        publications.publish(bench, book, proposal(bench))
    approvals.approve(book, proposal(bench), "officer", "still")  # the file as it is now
    path.write_text(before)
    told = approvals.approvals(book, proposal(bench))
    assert [made.void == "" for made in told] == [True, False]


def test_a_file_of_another_scenario_voids_nothing(bench, book):
    approvals.approve(book, proposal(bench), "officer", "x")
    (bench.folder / "scenarios/2027/other.yaml").write_text(MORE)
    (made,) = approvals.approvals(book, proposal(bench))
    assert made.void == ""
    assert approvals.approvals(book, proposal(bench, "other")) == []


def test_other_quotas_from_the_same_files_void_approvals(bench, book):
    approvals.approve(book, proposal(bench, amount=1), "officer", "x")
    (made,) = approvals.approvals(book, proposal(bench, amount=2))
    assert made.void.startswith("quotas come out differently since ")


def approved(bench, book, made: Proposal):
    for who in ("officer", "controller"):
        approvals.approve(book, made, who, "x")
    return publications.publish(bench, book, made)


def test_what_is_published_stays_and_a_later_one_is_the_next(bench, book):
    first = approved(bench, book, proposal(bench, amount=1))
    with pytest.raises(PlanRefused, match=r"was published on .*, and nothing has changed"):
        publications.publish(bench, book, proposal(bench, amount=1))
    second = approved(bench, book, proposal(bench, amount=2))
    assert (first.number, second.number) == (3, 6)
    assert book.table(first, "quotas")["amount"].to_list() == [1]
    assert book.table(second, "quotas")["amount"].to_list() == [2]


def test_what_was_tampered_with_shows(bench, book):
    made = approved(bench, book, proposal(bench))
    path = Path(book.root) / made.tables["quotas"]["path"]
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(LedgerError, match="are not what was closed"):
        publications.export(book, made, Path(book.root) / "out")
    entry = Path(book.root) / "closes/0001.json"
    entry.write_text(entry.read_text().replace("officer", "nobody"))
    with pytest.raises(LedgerError, match="does not follow what stands before it"):
        approvals.missing(book, proposal(bench))


def test_of_two_at_once_one_is_told(bench, book):
    made, before = proposal(bench), book.closes()
    approvals.approve(book, made, "officer", "x")
    with pytest.raises(LedgerError, match="was written by somebody else"):
        ledger.close(book, before, "more", {}, {"step": "approved"}, "2026-11-03")


def test_checks_of_approvals_hold(bench):
    for name in ("more", "base"):
        assert publications.checks(bench, proposal(bench, name))["holds"].all()
    told = approvals.standing(bench, [proposal(bench), proposal(bench, "base")])
    assert told["authors"].tolist() == ["finance, sales", "board"]
    assert told["missing"].tolist() == ["officer, controller"] * 2


# --- the commands, on the sample company --------------------------------------------------------


@pytest.fixture
def spm(tmp_path, monkeypatch):
    """The sample company without budgets, in a folder of its own."""
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    shutil.rmtree(tmp_path / "parameters/budgets")
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["plan", *words])


def test_a_plan_is_compared_approved_and_published(spm, tmp_path):
    made = spm("compare", "2026", "base", "second_half")
    assert made.exit_code == 0, made.output
    assert "quotas growth: 10% -> 8%" in made.stdout
    assert "sales leadership, 2026-07-08, second_half.yaml:8" in made.stdout
    refused = spm("publish", "2026", "second_half")
    assert refused.exit_code == 2
    assert "it is not approved by chief revenue officer, chief financial officer" in refused.stderr
    for who, left in (
        ("chief revenue officer", "Still to approve: chief financial officer."),
        ("chief financial officer", "fine (holds)"),
    ):
        made = spm("approve", "2026", "second_half", "--by", who, "--reason", "fine")
        assert made.exit_code == 0, made.output
        assert left in made.stdout
    made = spm("publish", "2026", "second_half")
    assert made.exit_code == 0, made.output
    assert "Published 2026/second_half as number 3" in made.stdout
    folder = tmp_path / "results/plans/2026/second_half/0003"
    published = pl.read_csv(folder / "quotas.csv", infer_schema=False)
    held = pl.read_csv(ROOT / "data/quotas.csv", infer_schema=False)
    assert published.columns == held.columns
    past = [rows.filter(pl.col("end_date") <= "2026-07-01") for rows in (published, held)]
    key = held.columns[:-1]
    kept = past[1].join(past[0], on=key, how="left", suffix="_now")
    assert (kept["amount"].cast(pl.Float64) == kept["amount_now"].cast(pl.Float64)).all()
    refused = spm("compare", "2026", "base", "second_haf")
    assert refused.exit_code == 2
    assert "there is no scenario 'second_haf'; write 'second_half'" in refused.stderr
