"""A company that is not the sample one is checked, paid, explained and reported all the same."""

from __future__ import annotations

import csv
import shutil

import pytest

from tests.workbench.another_company import FILES

RUN = "run: 2026-10\nperiod: 2026-10\nnotebooks:\n"
ALL = ("00_start_here", "20_crediting", "21_commissions")


@pytest.fixture
def company(workbench):
    """The folder without notebooks of its own: the workbench's are run on it."""
    shutil.rmtree(workbench.root / "notebooks")
    return workbench


def test_its_rows_are_counted_and_what_is_wrong_is_told(company):
    made = company.spm("check")
    assert made.exit_code == 1
    says = made.stdout.splitlines()
    assert "transactions  orders.csv        6     4        2         0" in says
    assert (
        "refused: orders.csv:5: owner_id '009' is not in payees; add it to payees, " in made.stdout
    )
    assert "refused: orders.csv:6: event_date '33.04.2026' is no day" in made.stdout
    assert "the calendar months of 2026 are taken" in made.stdout
    assert says[-1] == "3 issues; 2 rows refused"


def test_its_pay_is_explained(company):
    made = company.spm("explain", "007", "2026-10")
    assert "1,000,000.00 x 8 %" in made.stdout
    assert "200,000.00 x 12 %" in made.stdout
    # 80,000 and 24,000
    assert made.stdout.splitlines()[-1].split() == ["Due", "in", "EUR", "104,000.00"]


def test_who_earned_nothing_reads_where_they_stand(company):
    made = company.spm("explain", "008", "2026-09")
    assert "counted to date 100,000.00 of quota 500,000.00 (20.0%)" in made.stdout
    assert made.stdout.splitlines()[-1].split() == ["Due", "in", "EUR", "0.00"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("explain", "7", "2026-10"), "there is no payee '7'; write an id such as"),
        (
            ("explain", "007", "2026-13"),
            "there is no period '2026-13'; the calendar has 2026-01 to 2026-12.",
        ),
    ],
)
def test_what_is_not_there_is_said(company, words, says):
    made = company.spm(*words)
    assert made.exit_code == 2
    assert says in made.stderr


def test_its_month_is_reported_with_its_tables(company):
    company.run(RUN + "".join(f"  {name}: {{}}\n" for name in ALL))
    made = company.spm("report")
    assert made.exit_code == 0, made.stderr
    for name in ALL:
        page = company.page(f"{name}.html")
        assert "FAILS" not in page
        assert ">nan" not in page
    with (company.results / "tables/payroll.csv").open(encoding="utf-8") as file:
        paid = {row["payee_id"]: row["payroll_amount"] for row in csv.DictReader(file)}
    assert paid == {"007": "104000.0000", "008": "20000.0400"}
    assert "tables/payroll.csv" in company.page("index.html")


def test_a_month_without_pay_or_bookings_is_reported_too(company):
    company.run(
        RUN.replace("2026-10", "2026-09") + "".join(f"  {n}: {{}}\n" for n in ALL), "2026-09"
    )
    made = company.spm("report")
    assert made.exit_code == 0, made.stderr


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("parameters/plans/seller.yaml", "8%", "8", "rate 8 is above 1 and has no %"),
        ("parameters/measures.yaml", "sum", "summ", "'summ' is not a word of a measure"),
        ("parameters/crediting.yaml", "direct", "derict", "`kind: derict` means nothing"),
        (
            "parameters/sources.yaml",
            "people.csv",
            "peeple.csv",
            "peeple.csv: there is no such file",
        ),
        ("data/orders.csv", "Order", "Ordre", "there is no column 'Order' in orders.csv"),
    ],
)
def test_what_cannot_be_computed_is_refused_and_nothing_is_written(company, name, old, new, says):
    (company.root / name).write_text(FILES[name].replace(old, new, 1), encoding="utf-8")
    company.run(RUN + "  00_start_here: {}\n")
    made = company.spm("report")
    assert made.exit_code == 2
    assert says in made.stderr
    assert not (company.root / "results").exists()
