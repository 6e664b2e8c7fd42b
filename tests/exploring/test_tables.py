"""Tables are at hand by name, exact, in one order, and errors say what would be right."""

from __future__ import annotations

import inspect
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import spmlib
from spmlib.core.errors import ParameterError
from spmlib.core.tables import INPUTS, RESULTS
from spmlib.workbench.opened import Workbench
from tests.workbench.test_closes import BOOKED, Company


def test_to_import_spmlib_brings_no_library_of_tables():
    code = "import spmlib, sys; print(sorted({'pandas', 'polars', 'numpy'} & set(sys.modules)))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


@pytest.mark.parametrize("inside", ["", "parameters"])
def test_a_company_is_opened_from_its_folder_or_from_its_parameters(company: Company, inside: str):
    opened = spmlib.open(company.folder.parent / inside)
    assert opened.payees["payee_id"].to_list() == ["Ann", "Ben"]


def test_a_company_is_opened_from_within_its_folder(company, monkeypatch):
    monkeypatch.chdir(company.folder / "plans")
    assert spmlib.open().folder == company.folder


def test_what_is_no_company_is_not_opened(tmp_path: Path):
    with pytest.raises(ParameterError, match="nowhere: there is no such folder; write the folder"):
        spmlib.open(tmp_path / "nowhere")
    with pytest.raises(ParameterError, match=r"it holds no parameters/; write the folder"):
        spmlib.open(tmp_path)


def test_every_table_is_an_attribute_and_tab_completes_it(small: Workbench):
    assert {*INPUTS, *RESULTS} <= {*dir(small)} & {*dir(small.tables)}
    assert list(small.tables) == list(INPUTS | RESULTS)
    for name in small.tables:
        by_name = small.pandas(name)
        columns = list(by_name.columns)
        pd.testing.assert_frame_equal(small.tables[name][columns], getattr(small, name)[columns])
        assert len(small.tables[name]) == len(by_name)
        assert list(small.tables.columns(name)) == list((INPUTS | RESULTS)[name].columns())


def test_to_complete_a_name_computes_nothing(company: Company):
    bench = company.bench
    for one in (bench, bench.tables):
        assert "earnings" in dir(one)
        assert isinstance(inspect.getattr_static(one, "earnings"), property)
    assert "results" not in vars(bench)


def test_amounts_are_decimals_and_rows_in_order(small: Workbench):
    payouts = small.payouts
    assert payouts["amount"].sum() == Decimal(900)
    assert isinstance(payouts["amount"].iloc[0], Decimal)
    keys = payouts[["payee_id", "period"]].apply(tuple, axis=1).to_list()
    assert keys == sorted(keys)


def test_what_is_done_to_a_frame_changes_nothing_in_the_company(small: Workbench):
    frame = small.payouts
    frame.loc[:, "amount"] = Decimal(0)
    frame["more"] = 1
    assert small.payouts["amount"].sum() == Decimal(900)
    assert "more" not in small.payouts
    assert small.sql("select sum(amount) as paid from payouts")["paid"][0] == Decimal(900)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("payout", "there is no table 'payout'; write 'payouts' \\(company.tables lists all\\)"),
        ("qqq", "there is no table 'qqq'; company.tables lists all"),
        ("postings", "no table 'postings' but in closes; write company.closed"),
        ("forecasts", "no table 'forecasts' here: an analysis makes it; docs/tables.md"),
    ],
)
def test_a_misspelt_table_is_said(small: Workbench, name: str, says: str):
    for asked in (lambda: getattr(small, name), lambda: small.tables[name]):
        with pytest.raises(ParameterError, match=says):
            asked()
    assert not hasattr(small, name)


def test_a_file_that_cannot_be_read_is_said_and_its_issues_are_shown(company: Company):
    (company.folder / "booked.csv").unlink()
    bench = company.bench
    assert "booked.csv" in repr(bench)
    assert bench.issues["what"].str.contains("booked.csv").any()
    assert bench.tables.issues.equals(bench.issues)
    with pytest.raises(ParameterError, match=r"booked\.csv"):
        _ = bench.payouts


def test_a_company_can_be_explained(small: Workbench):
    made = small.explain("Ann", "2026-02")
    assert [receipt.total for receipt in made] == [Decimal(200)]
    assert "2,000.00 x 10 %" in repr(made)
    assert "Ann (Ann), February 2026" in made._repr_html_()
    # without a period: the last one in which anything was booked
    assert small.explain("Ben")[0].period == "2026-03"
    with pytest.raises(ParameterError, match="there is no payee 'Anne'; write an id such as 'Ann'"):
        small.explain("Anne", "2026-02")
    with pytest.raises(ParameterError, match="there is no period '2026-13'; the calendar has"):
        small.explain("Ann", "2026-13")


def test_a_glance_says_how_the_company_stands(small: Workbench):
    assert "small\n  Months        12 (2026-01 to 2026-12; booked until 2026-03)" in repr(small)
    assert "open (no month is closed yet)" in repr(small)


HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>&amp;'


def test_what_people_write_never_becomes_markup(company: Company, tmp_path: Path):
    company.knows(BOOKED | {HOSTILE.replace('"', ""): "2026-03-11,Ann,5"})
    people = company.folder / "payees.csv"
    people.write_text(
        people.read_text().replace("Ann,Ann,", f"Ann,{HOSTILE.replace(chr(34), '')},")
    )
    home = tmp_path / "<script>alert(3)<script>"
    company.folder.parent.rename(home)
    company.folder = home / "parameters"
    bench = company.bench
    shown = [
        bench,
        bench.tables,
        bench.explain("Ann", "2026-03"),
        bench.show("payees"),
        bench.show("transactions", HOSTILE),
        bench.show(bench.sql('select name as "<b>name" from payees')),
    ]
    for one in shown:
        html = one._repr_html_()
        assert not any(
            tag in html for tag in ("<script", "<img", "<b>", "http:", "https:", "@import")
        )
    assert "&lt;script&gt;alert(2)" in bench.show("payees")._repr_html_()


def test_what_was_asked_to_be_totalled_is_there(small: Workbench):
    text = repr(small.show("earnings", total="credited"))
    assert "Total" in text
    assert "7,500.00" in text
    with pytest.raises(ParameterError, match="no column 'credits'; write 'credited'"):
        small.show("earnings", total="credits")
    with pytest.raises(ParameterError, match="'plan' holds no numbers"):
        small.show("earnings", total="plan")
    assert "no rows" in repr(small.show(small.payouts.head(0)))
    assert "Total" not in repr(small.show("payees"))
