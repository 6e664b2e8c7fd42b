"""Two sides compared: the lines of each person add up to the difference, and are read with ease."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from spmlib.workbench import changes, closes, differences, exports
from spmlib.workbench.cli import app
from spmlib.workbench.differences import Difference
from tests.shared import sample_workbench
from tests.workbench.test_closes import BOOKED, FILES, Company

SAMPLE = Path(__file__).resolve().parents[2] / "parameters"
PLAN = FILES["plans/seller.yaml"]
Said = Callable[..., Result]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def spm(company: Company, monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.chdir(company.folder.parent)
    return lambda *words: CliRunner().invoke(app, words)


def corrected(company: Company) -> None:
    """Two months closed, the second of which corrects the first."""
    company.closes("2026-01")
    company.knows({**BOOKED, "T1": "2026-01-10,Ann,1500", "T9": "2026-01-15,Ann,100"})
    company.closes("2026-02")


def other(company: Company, plan: str) -> Path:
    """A second set of parameters, in which the plan is another."""
    folder = Path(shutil.copytree(company.folder, company.folder.parent / "other"))
    (folder / "plans/seller.yaml").write_text(plan)
    return folder


def found(company: Company, one: str, two: str, period: str = "") -> Difference:
    book = closes.kept(company.bench)
    sides = [differences.side(company.bench, book, word, period) for word in (one, two)]
    return differences.difference(*sides)


def assert_lines_add_up(made: Difference) -> None:
    key = list(differences.PERSON)
    sums = (
        made.lines.group_by(key).agg(pl.col("difference").sum()).filter(pl.col("difference") != 0)
    )
    assert made.people.select(*key, "difference").sort(key).equals(sums.sort(key))


def test_a_changed_rate_is_read_aloud(company: Company, spm: Said):
    folder = other(company, PLAN.replace("rate: 20%", "rate: 30%"))
    assert spm("diff", "now", str(folder), "--period", "2026-03").stdout.splitlines() == [
        f"1 person is paid something else with {folder} than with now: +150.00 USD.",
        "",
        "Written differently:",
        "    plans/seller.yaml:11",
        "        was  table: {2026-01-01: [{from: 0, rate: 10%}, {from: 3000, rate: 20%}]}",
        "        now  table: {2026-01-01: [{from: 0, rate: 10%}, {from: 3000, rate: 30%}]}",
        "",
        "Ben, seller: 550.00 -> 700.00 USD (+150.00)",
        "       +150.00  bookings  seller.yaml:11",
        "           +150.00  T4, owner: 550.00 -> 700.00",
    ]


def test_two_closes_are_read_aloud_with_each_correction_and_its_reason(company: Company, spm: Said):
    corrected(company)
    assert spm("diff", "2026-01", "2026-02").stdout.splitlines() == [
        "2 people are paid something else with 2026-02 than with 2026-01: +170.00 USD.",
        "",
        "Ann, seller: 100.00 -> 320.00 USD (+220.00)",
        "       +220.00  bookings  seller.yaml:11",
        "           +160.00  earned in the month itself: 100.00 -> 260.00",
        "            +50.00  T1, owner, of 2026-01, credited with another amount: 0.00 -> 50.00",
        "            +10.00  T9, owner, of 2026-01, booked for a closed month, and known since: "
        "0.00 -> 10.00",
        "",
        "Ben, seller: 50.00 -> 0.00 USD (-50.00)",
        "        -50.00  bookings  seller.yaml:11: 50.00 -> 0.00",
    ]


def test_who_is_paid_the_same_is_not_named(company: Company, spm: Said):
    said = spm("diff", "now", "now", "--period", "2026-03").stdout
    assert said == "0 people are paid something else with now than with now.\n"


def test_what_is_too_much_to_print_is_summed(company: Company, spm: Said):
    company.knows(
        {f"T{n}": f"2026-01-{n + 1:02},{'Ann' if n < 9 else 'Ben'},100" for n in range(12)}
    )
    folder = other(company, PLAN.replace("rate: 10%", "rate: 12%"))
    said = spm("diff", "now", str(folder), "--period", "2026-01", "--most", "1").stdout
    assert "            +8.00  in 4 more lines\n" in said
    assert said.endswith("\nand 1 more, each with less; `--most` prints them.\n")


@pytest.mark.parametrize("terms", ["{minimum: 0, maximum: 400}", "{event: {collection: 100%}}"])
def test_what_payment_terms_do_differently_is_a_line(company: Company, terms: str):
    folder = other(company, f"{PLAN}payment: {terms}\n")
    made = found(company, "now", str(folder), "2026-03")
    assert made.people.rows() == [("Ben", "seller", "USD", 550_0000, *made.people.row(0)[4:])]
    assert made.lines.select("kind", "source").rows()[0][1] == "seller.yaml:12"
    assert_lines_add_up(made)


def test_the_lines_of_closes_previews_and_computed_months_add_up(company: Company):
    company.writes(f"{PLAN}payment: {{event: {{booking: 50%, collection: 50%}}, maximum: 150}}\n")
    corrected(company)
    company.knows(
        {**BOOKED, "T1": "2026-01-10,Ben,1500"},
        ["E1,T3,cancellation,2026-02-25,-700", "E2,T2,collection,2026-01-30,500"],
    )
    book = closes.kept(company.bench)
    words = [("2026-01", ""), ("2026-02", ""), ("preview", "2026-03"), ("now", "2026-02")]
    sides = [differences.side(company.bench, book, *word) for word in words]
    for one in sides:
        for two in sides:
            made = differences.difference(one, two)
            assert_lines_add_up(made)
            assert made.people.is_empty() == (one is two)


@pytest.mark.nightly
def test_the_lines_of_a_company_with_every_kind_of_plan_add_up(tmp_path: Path):
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "parameters"))
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text().replace("../data/", f"{SAMPLE.parent}/data/"))
    for path in (folder / "plans").iterdir():
        text = re.sub(r"(rate|payout|factor): (\d+)", r"\1: 1\2", path.read_text())
        path.write_text(text)
    bench = sample_workbench()
    book = closes.kept(bench)
    one, two = (differences.side(bench, book, w, "2026-10") for w in ("now", str(folder)))
    made = differences.difference(one, two)
    assert made.people["plan"].n_unique() > 5
    assert made.lines["component"].null_count() > 0
    assert_lines_add_up(made)


def test_a_difference_is_written_as_tables_to_the_cent(company: Company, spm: Said, tmp_path: Path):
    corrected(company)
    said = spm("diff", "2026-01", "2026-02", "--to", str(tmp_path / "a/b"))
    assert said.stdout.count("Written: ") == 2
    people, lines = (read(tmp_path / f"a/b/{name}.csv") for name in ("people", "lines"))
    assert list(people[0].values()) == ["Ann", "seller", "USD", "100.0000", "320.0000", "220.0000"]
    by_size = [(r["transaction_id"], r["reason"], r["difference"]) for r in lines[:3]]
    assert by_size == [
        ("", "month", "160.0000"),
        ("T1", "changed", "50.0000"),
        ("T9", "late", "10.0000"),
    ]
    assert sum(Decimal(r["difference"]) for r in lines) == Decimal("170.0000")


def test_no_word_that_is_written_is_a_formula(company: Company, spm: Said, tmp_path: Path):
    company.knows({"=1+1": "2026-03-10,Ben,4000", "-2": "2026-03-11,Ben,-2000"})
    folder = other(company, PLAN.replace("rate: 10%", "rate: 5%"))
    spm("diff", "now", str(folder), "--period", "2026-03", "--to", str(tmp_path))
    lines = read(tmp_path / "lines.csv")
    assert {r["transaction_id"] for r in lines} == {"'=1+1", "'-2"}
    assert read(tmp_path / "people.csv")[0]["difference"] == "-100.0000"


def test_only_words_at_whose_beginning_a_formula_could_stand_are_changed():
    words = ["=A1", "+1", "-1", "@x", "\t=1", "\r=1", "a=1", "'=1", "", None, "1-1"]
    table = pd.DataFrame({"word": pd.Series(words, dtype="str"), "number": [-1] * len(words)})
    made = exports.harmless(table)
    plain = [f"'{word}" for word in words[:6] if word] + ["a=1", "'=1", ""]
    assert made["word"].to_list()[:9] == plain
    assert made["word"].isna().to_list() == [word is None for word in words]
    assert made["number"].equals(table["number"])
    assert table["word"].to_list()[0] == "=A1"  # what is given stays as it was


def test_the_lines_in_which_parameters_differ_are_found(tmp_path: Path):
    for name, text in {"one/a.yaml": "x: 1\ny: 2\n", "two/a.yaml": "x: 1\nz: 3\ny: 2\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "two/b.yaml").write_text("")
    one, two = tmp_path / "one", tmp_path / "two"
    first, second = changes.hashes(one), changes.hashes(two)
    added = (changes.Change("a.yaml:2", (), ("z: 3",)), changes.Change("b.yaml", (), ()))
    gone = (changes.Change("a.yaml:2", ("z: 3",), ()), changes.Change("b.yaml", (), ()))
    assert changes.between(first, one, second, two) == added
    assert changes.between(second, two, first, one) == gone
    assert changes.between(first, one, first, one) == ()
    unread = tuple(changes.Change(name, (), ()) for name in ("a.yaml", "b.yaml"))
    assert changes.between(first, None, second, two) == unread


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
