"""How a month stands: closed or not, issues, disputes, SPIFFs and documents, at its end."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.show import start_tables
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench, opened
from spmlib.workbench.start import state
from tests.workbench import another_company

SPIFF = """\
spiff: rush
title: Rush
clause: Whoever books most wins.
window: {from: 2026-09-15, until: 2026-10-15}
eligible: {role: AE}
score: {measure: new_bookings}
currency: EUR
prizes: {places: {1: 100}}
"""
DISPUTES = """\
move_id,dispute_id,move,move_date,number,by,payee_id,plan,period,granted,currency,remedy,due_date
1,D1,raised,2026-10-05,1,007,007,seller,2026-09,,EUR,,2026-10-30
2,D2,raised,2026-10-06,1,007,007,seller,2026-09,,EUR,,2026-10-31
3,D3,raised,2026-10-07,1,008,008,seller,2026-09,,EUR,,2026-11-20
4,D3,acknowledged,2026-10-08,2,me,,,,,,,
5,D3,investigating,2026-10-08,3,me,,,,,,,
6,D3,accepted,2026-10-20,4,me,,,,500.00,EUR,data,
7,D4,raised,2026-11-01,1,008,008,seller,2026-10,,EUR,,2026-11-15
"""
DOCUMENTS = """\
move_id,payee_id,document,of,version,move,move_date,number,by,reason
1,007,plan,seller,1,sent,2026-10-01,1,me,
2,008,plan,seller,1,sent,2026-10-24,1,me,
3,007,statement,2026-09,1,sent,2026-10-10,1,me,
"""


def bench(root, tables=(), **files: str) -> Workbench:
    text = another_company.FILES["parameters/sources.yaml"]
    text += "".join(f"{name}: {{file: ../data/{name}.csv}}\n" for name in tables)
    another_company.write(root, **{"parameters/sources.yaml": text}, **files)
    return opened(root / "parameters")


def told(made: Workbench, period: str = "2026-10") -> dict[str, str]:
    rows = state.state(made, period)
    return dict(zip(rows["what"], rows["stands"], strict=True))


def test_of_a_company_that_has_done_nothing_yet(tmp_path):
    assert told(bench(tmp_path)) == {
        "The month": "open; no month has been closed yet",
        "Data": "3 issues; 2 of them keep something from counting",
        "Disputes": "none was ever raised",
        "SPIFFs": "none is running",
        "Documents": "nothing was ever sent",
    }


def test_a_month_is_closed_next_or_not_in_turn(tmp_path):
    made = bench(tmp_path)
    book = closes.kept(made)
    done = closes.close(made, book, closes.preview(made, book, "2026-10"))
    closed = told(made)["The month"]
    assert closed.startswith("closed as number 1 on ")
    assert closed.endswith(done.closed[:4])
    assert told(made, "2026-11")["The month"] == (
        "open, the next to close; the last closed is October 2026"
    )
    for period in ("2026-09", "2026-12"):
        assert told(made, period)["The month"] == (
            "not in turn to be closed; the last closed is October 2026"
        )


def test_a_spiff_runs_if_its_window_has_a_day_of_the_month(tmp_path):
    """Those that end are told first; a window is open on its right."""
    windows = {
        "a": "{from: 2026-09-15, until: 2026-10-01}",
        "b": "{from: 2026-09-15, until: 2026-10-02}",
        "c": "{from: 2026-09-15, until: 2026-10-15}",
        "d": "{from: 2026-10-31, until: 2026-12-01}",
        "e": "{from: 2026-11-01, until: 2026-12-01}",
    }
    named = {
        f"parameters/spiffs/{name}.yaml": SPIFF.replace("rush", name)
        .replace("Rush", name.upper())
        .replace("{from: 2026-09-15, until: 2026-10-15}", window)
        for name, window in windows.items()
    }
    assert told(bench(tmp_path, **named))["SPIFFs"] == (
        "B until 1 Oct 2026, C until 14 Oct 2026 and D until 30 Nov 2026"
    )


def test_disputes_stand_as_at_the_end_of_the_month(tmp_path):
    """D1 was due on the last day but one, D2 on the last; D3 is granted; D4 comes later."""
    made = bench(tmp_path, ["dispute_moves"], **{"data/dispute_moves.csv": DISPUTES})
    assert (
        told(made)["Disputes"] == "2 open, 1 of them overdue; 1 accepted, to be paid with a close"
    )
    assert told(made, "2026-11")["Disputes"].startswith("3 open, 3 of them overdue; 1 ")
    assert told(made, "2026-09")["Disputes"] == "none was ever raised"


def test_documents_wait_from_the_day_of_the_first_reminder(tmp_path):
    """After a week: Ann's plan waits, Bob's is due on the last day; statements ask nothing."""
    files = {"data/delivery_moves.csv": DOCUMENTS}
    made = bench(tmp_path, ["delivery_moves"], **files)
    assert told(made)["Documents"] == (
        "what is to be acknowledged is not said; write policies/mail.yaml"
    )
    mail = (state.project.OWN.parent / "parameters/policies/mail.yaml").read_text("utf-8")
    made = bench(tmp_path, ["delivery_moves"], **files, **{"parameters/policies/mail.yaml": mail})
    assert told(made)["Documents"] == "2 of 2 wait for an answer, 1 of them overdue"
    assert told(made, "2026-09")["Documents"].startswith("0 of 0")


def test_more_is_told_by_notebooks_that_are_there(tmp_path):
    made = bench(tmp_path)
    assert (
        "[51_disputes](51_disputes.ipynb)" in start_tables.state(state.state(made, "2026-10")).data
    )
    (tmp_path / "notebooks").mkdir()
    assert state.state(made, "2026-10")["notebook"].tolist() == [""] * 5


def test_a_month_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="there is no period '2026-13'"):
        state.state(bench(tmp_path), "2026-13")


def test_titles_never_become_markup(tmp_path):
    text = SPIFF.replace("title: Rush", 'title: "<b>Rush</b> | [x](y)"')
    made = bench(tmp_path, **{"parameters/spiffs/rush.yaml": text})
    data = start_tables.state(state.state(made, "2026-10")).data
    assert r"\<b\>Rush\</b\> \| \[x\](y) until 14 Oct 2026" in data
