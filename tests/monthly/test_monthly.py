"""`spm monthly`: all of a month; what is done stays, what fails is told and done again."""

from __future__ import annotations

import json
import os
import re
import signal
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench import project
from spmlib.workbench.monthly import fingerprints, month, written
from spmlib.workbench.monthly.logs import Log
from spmlib.workbench.monthly.prepared import last_over, prepared
from spmlib.workbench.monthly.steps import Steps
from spmlib.workbench.monthly.written import Policy
from spmlib.workbench.opened import opened
from tests.monthly.conftest import BEARS, RUN, SENDS, steps
from tests.monthly.test_locks import holding

ALL = ("check", "close", "report:20_crediting", "reports", "tables", "statements", "index")
DAY = date(2026, 11, 1)
MADE = ("20_crediting.html", "manifest.json", "monthly.json", "index.html", "tables/payroll.csv")


ADDED = (  # to a file of the company, and whether it is another company then
    ("data/orders.csv", "7;16.10.2026;008;1,00;new\n", True),
    ("parameters/plans/seller.yaml", "# a word\n", True),
    ("parameters/policies/more.yaml", "a: b\n", True),
    ("parameters/policies/monthly.yaml", "# a word\n", False),
    ("parameters/runs/2026-10.yaml", "# a word\n", False),
    ("data/unused.csv", "a\n", False),
)


def test_each_step_is_a_line_and_a_notebook_that_fails_fails_the_month_alone(made_once):
    firm, made = made_once
    assert made.exit_code == 1
    ended = steps(made)
    failed = dict.fromkeys(("report:21_commissions", "reports", "end"), "failed")
    assert list(ended) == ["begin", *ALL[:3], "report:21_commissions", *ALL[3:], "summary", "end"]
    skipped = {"close": "skipped", "summary": "skipped"}
    assert ended == dict.fromkeys(ended, "done") | skipped | failed
    assert "cell 4 (under 'A section'): ZeroDivisionError: division by zero" in made.stderr
    assert "look at report:21_commissions, reports" in made.stderr
    assert (firm.results / "monthly.log").read_text(encoding="utf-8") == made.stderr
    assert "1 of 2 reports could not be made" in (firm.results / "index.html").read_text("utf-8")
    record = json.loads((firm.results / "monthly.json").read_text("utf-8"))
    assert "report:20_crediting" in record
    assert "report:21_commissions" not in record  # so that it is done again
    told = json.loads((firm.results / "manifest.json").read_text("utf-8"))
    assert [report["status"] for report in told["reports"]] == ["good", "failed"]


def test_all_of_a_month_is_there(made_once):
    firm, _ = made_once
    for name in MADE:
        assert (firm.results / name).stat().st_size, name
    assert len(list(firm.results.glob("statements/00*/statement-2026-10.*"))) == 4  # two people
    assert firm.closes() == []  # nobody said so


def test_what_is_done_is_not_done_again(firm):
    page = firm.results / "20_crediting.html"
    before = page.stat().st_mtime_ns
    made = firm.monthly()
    assert made.exit_code == 0, made.output
    ended = steps(made)
    # the index has one report less
    assert [name for name in ALL if ended[name] == "done"] == ["reports", "index"]
    assert "0 made, 1 unchanged, 0 failed" in made.stderr
    assert page.stat().st_mtime_ns == before
    assert "could not be made" not in (firm.results / "index.html").read_text("utf-8")
    assert steps(firm.monthly())["index"] == "unchanged"


@pytest.mark.nightly
def test_a_notebook_that_is_mended_is_made_and_the_others_stay(firm):
    firm.workbench.notebook("21_commissions", "1 / 1")
    firm.workbench.run(RUN + "  21_commissions: {}\n")
    made = firm.monthly("--jobs", "1")
    assert made.exit_code == 0, made.output
    assert "1 made, 1 unchanged, 0 failed" in made.stderr
    assert not list(firm.results.glob("*FAILED*"))


def test_a_file_that_is_gone_or_changed_is_made_again(firm):
    (firm.results / "tables/payroll.csv").unlink()
    (firm.results / "index.html").write_text("spoilt", encoding="utf-8")
    ended = steps(firm.monthly())
    assert (ended["tables"], ended["index"], ended["statements"]) == ("done", "done", "unchanged")
    assert "spoilt" not in (firm.results / "index.html").read_text("utf-8")


def test_a_record_that_cannot_be_read_costs_time_alone(firm):
    (firm.results / "monthly.json").write_text('{"check": {"outc', encoding="utf-8")
    assert Steps(firm.results, log(firm)).record == {}


def test_refused_rows_are_borne_up_to_a_number(firm):
    ready, _ = started(firm)
    for most, well in ((1, False), (2, True), (3, True)):
        ended = month.checked(replace(ready, policy=Policy(most)))
        assert ended.well == well
        assert (ended.found, ended.said[:26]) == (2, "3 issues, 2 rows refused; ")


def test_refused_data_are_reported_and_not_closed(firm):
    firm.decides("most_refused: 1\n")
    made = firm.monthly("--close")
    assert made.exit_code == 1
    ended = steps(made)
    assert ended["check"] == ended["close"] == "refused"
    assert ended["reports"] == ended["index"] == "done"
    assert "not closed: 2 rows are refused, and monthly.yaml bears 1" in made.stderr
    assert firm.closes() == []
    assert firm.monthly().exit_code == 1  # what was refused stays so while it is the same


def test_data_that_cannot_be_read_at_all_end_the_month_at_once(firm):
    orders = firm.root / "data/orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("Order", "Ordre", 1), encoding="utf-8")
    made = firm.monthly()
    assert made.exit_code == 1
    assert list(steps(made)) == ["begin", "check", "summary", "end"]
    assert "nothing can be computed" in made.stderr
    assert "there is no column 'Order' in orders.csv" in made.stderr


def test_a_month_is_closed_if_that_is_said_and_never_twice(firm):
    ready, at = started(firm)
    closing(ready, at)
    assert at.ended["close"].outcome == "done"
    assert firm.closes() == ["0001.json"]
    before = (firm.root / "ledger/closes/0001.json").read_bytes()
    at = Steps(firm.results, log(firm), again=True)
    closing(ready, at)
    assert at.ended["close"].outcome == "skipped"
    assert at.ended["close"].said.endswith("as number 1")
    assert firm.closes() == ["0001.json"]
    assert (firm.root / "ledger/closes/0001.json").read_bytes() == before
    made = firm.monthly("--period", "2026-12", "--close")  # November comes first
    assert made.exit_code == 2
    assert "2026-12 does not follow 2026-10" in made.stderr
    assert not (firm.root / "results/2026-12").exists()


def test_a_statement_that_nobody_gets_any_more_is_taken_away(firm):
    ready, at = started(firm)
    gone = firm.results / "statements/009/statement-2026-10.pdf"
    own = gone.with_name("a note.txt")
    gone.parent.mkdir()
    for path in (gone, own):
        path.touch()
    kept = at.record["statements"]
    at.record["statements"] = replace(kept, files=(kept.files or {}) | at.files([gone]))
    month.stated(ready, at, "another basis")
    assert at.ended["statements"].outcome == "done"
    assert not gone.exists()
    assert own.exists()  # it was not made here


@pytest.mark.nightly
def test_what_a_close_changes_is_made_again_after_it(firm):
    made = firm.monthly("--close")
    assert made.exit_code == 0
    ended = steps(made)
    assert ended["close"] == ended["statements"] == ended["report:20_crediting"] == "done"
    assert ended["check"] == ended["tables"] == "unchanged"
    again = steps(firm.monthly("--close"))
    assert again["close"] == "skipped"
    assert again["statements"] == again["report:20_crediting"] == "unchanged"
    anew = steps(firm.monthly("--close", "--again"))
    assert "unchanged" not in anew.values()
    assert firm.closes() == ["0001.json"]


def test_what_changes_while_a_month_is_made_makes_it_count_for_nothing(firm):
    ready, at = started(firm)
    month.refuse_news(ready, at, "as it was")
    assert at.ended["inputs"].outcome == "failed"
    assert json.loads((firm.results / "monthly.json").read_text("utf-8")) == {}


def test_a_company_is_the_same_while_its_data_and_parameters_are(firm):
    bench = opened(firm.root / "parameters")
    before = fingerprints.company(bench)
    for name, more, counts in ADDED:
        with (firm.root / name).open("a", encoding="utf-8") as file:
            file.write(more)
        after = fingerprints.company(bench)
        assert (after != before) == counts, name
        before = after


def test_a_query_is_known_by_its_rows_in_whatever_order(firm, tmp_path):
    (firm.root / "data/quotas.csv").unlink()
    sources = firm.root / "parameters/sources.yaml"
    old = "  file: ../data/quotas.csv\n"
    new = "  database: ../data/firm.duckdb\n  sql: select Emp, Quota from quotas\n"
    text = sources.read_text("utf-8")
    assert old in text
    sources.write_text(text.replace(old, new), encoding="utf-8")
    one, same, other = (rows(firm, *quotas) for quotas in (("7", "8"), ("8", "7"), ("7", "9")))
    assert one == same != other


def test_the_code_is_a_part_of_what_results_rest_on(tmp_path):
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    (tmp_path / "__pycache__").mkdir()
    before = fingerprints.code(tmp_path)
    (tmp_path / "__pycache__/a.pyc").write_text("1", encoding="utf-8")
    assert fingerprints.code(tmp_path) == before
    (tmp_path / "a.py").write_text("2", encoding="utf-8")
    assert fingerprints.code(tmp_path) != before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--period", "2026-13"), "'2026-13' is not a month; write 2026-10, or last"),
        (("--period", "../2026"), "'../2026' is not a month"),
        (("--period", "2027-01"), "there is no period '2027-01'; the calendar has 2026-01"),
        (("--run", "2026-09"), "there is no run '2026-09'; take one of: 2026-10"),
        (("--day", "1.11.2026"), "--day: '1.11.2026' is not a day"),
        (("--period", "last", "--day", "2026-01-31"), "no period of the calendar is over on"),
    ],
)
def test_a_wrong_parameter_starts_nothing(firm, words, says):
    before = (firm.results / "monthly.log").read_bytes()
    made = firm.monthly(*words)
    assert made.exit_code == 2
    assert says in made.stderr
    assert (firm.results / "monthly.log").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("most: 2\n", "monthly.yaml:1: 'most' is not a word of monthly"),
        ("most_refused: -1\n", "monthly.yaml:1: -1 rows are no number; write 0 or more"),
        ("summary: {send: maybe}\n", "monthly.yaml:1: "),
        ("summary: {send: yes}\n", "'to' is missing; add `to: [revops@firm.example]`"),
        ("summary: {send: yes, to: [ann]}\n", "'ann' is not one address"),
        ("summary: {send: yes, to: []}\n", "a summary has nobody to go to; name an address"),
        ("summary: yes\n", "`summary` is not written as `name: value`"),
    ],
)
def test_a_wrong_policy_is_refused(tmp_path, text, says):
    path = tmp_path / "monthly.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=re.escape(says)):
        written.read(path)


def test_without_a_policy_nothing_is_borne_and_nothing_sent(tmp_path):
    assert written.read(tmp_path / "monthly.yaml") == Policy(0, ())


def test_a_summary_goes_nowhere_that_mail_does_not(firm):
    path = firm.root / "parameters/policies/mail.yaml"
    text = path.read_text("utf-8")
    firm.decides(SENDS)
    path.write_text(text.replace("send: yes", "send: no"), encoding="utf-8")
    assert "mail.yaml says `send: no`" in firm.monthly().stderr
    path.write_text(text + "domains: [elsewhere.example]\n", encoding="utf-8")
    made = firm.monthly()
    assert made.exit_code == 2
    assert "'ann@firm.example' is not of elsewhere.example" in made.stderr


@pytest.mark.parametrize(
    ("day", "period"),
    [("2026-10-31", "2026-09"), ("2026-11-01", "2026-10"), ("2026-11-30", "2026-10")],
)
def test_last_is_the_last_period_that_is_over(firm, day, period):
    assert last_over(opened(firm.root / "parameters"), date.fromisoformat(day)) == period


def test_a_month_without_a_run_takes_the_latest_but_no_day_of_another_month(firm):
    here = project.found(firm.root)
    ready = prepared(here, "2026-09", DAY)
    assert (ready.run.name, ready.period, ready.run.title) == (
        "2026-10",
        "2026-09",
        "September 2026",
    )
    assert ready.run.reports[0].parameters == {"period": "2026-09"}
    firm.workbench.run(RUN.replace("{}", "{day: 2026-10-15}"))
    assert prepared(here, "2026-10", DAY).run.reports[0].parameters["day"] == "2026-10-15"
    with pytest.raises(ParameterError, match=r"day: 2026-10-15`, which is of its own month; write"):
        prepared(here, "2026-09", DAY)


def test_the_summary_goes_once_to_each_and_holds_no_pay(firm):
    firm.decides(SENDS)
    made = firm.monthly()
    assert made.exit_code == 0, made.output
    assert firm.box.to() == ["ann@firm.example", "bob@firm.example"]
    first, _ = firm.box.messages()
    assert first["subject"] == "October 2026: all is well"
    text = first.get_content().replace("\r", "")
    assert "    report:20_crediting  done\n" in text
    assert str(firm.results.resolve()) in text
    assert "104" not in text.replace(str(firm.root), "")  # what 007 is paid, in thousands
    ended = steps(firm.monthly())
    assert ended["summary:ann@firm.example"] == "unchanged"
    assert len(firm.box.letters) == 2


def test_a_summary_that_is_refused_is_tried_again(firm):
    firm.decides(SENDS)
    firm.box.on_rcpt = lambda to, times: "550 no" if to.startswith("bob") else ""
    try:
        made = firm.monthly()
    finally:
        firm.box.on_rcpt = lambda to, times: ""
    assert made.exit_code == 1
    assert "look at summary:bob@firm.example" in made.stderr
    assert firm.monthly().exit_code == 0
    assert firm.box.to() == ["ann@firm.example", "bob@firm.example"]


@pytest.mark.nightly
def test_a_summary_of_a_month_that_is_not_well_says_how_many_steps_and_quotes_no_row(firm):
    firm.decides(SENDS.replace(BEARS, ""))
    assert firm.monthly().exit_code == 1
    letter = firm.box.messages()[0]
    assert letter["subject"] == "October 2026: 1 step to look at"
    assert "refused" in letter.get_content()
    assert "rows" not in letter.get_content()


def test_of_two_the_second_is_told_who_is_first_and_starts_nothing(firm):
    before = (firm.results / "monthly.log").read_bytes()
    with holding(firm.root / "results/.monthly.lock") as other:
        made = firm.monthly()
    assert made.exit_code == 75
    who = f"process {other.pid} on "
    assert who in made.stderr
    assert "at month 2026-10 since 2026-11-01T04:00:00+00:00; wait until it has" in made.stderr
    assert (firm.results / "monthly.log").read_bytes() == before


def test_a_lock_whose_process_was_killed_is_taken_over_and_the_log_says_so(firm):
    with holding(firm.root / "results/.monthly.lock") as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    made = firm.monthly()
    assert made.exit_code == 0
    assert steps(made)["lock"] == "done"
    assert f"taken over: process {other.pid} on " in made.stderr
    assert "lock" not in steps(firm.monthly())  # it was given back


def log(firm):
    return Log(firm.results / "monthly.log", lambda line: None, lambda: "2026-11-01T05:00:00+00:00")


def started(firm):
    ready = prepared(project.found(firm.root), "2026-10", DAY, close=True)
    return ready, Steps(firm.results, log(firm))


def closing(ready, at):
    data = at.do("check", "", lambda: month.checked(ready))
    month.closed(ready, at, "company", data)


def rows(firm, *quotas):
    """The company's hash, with the quotas of two people in a database in that order."""
    path = firm.root / "data/firm.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as base:
        base.execute("create table quotas (Emp text, Quota integer)")
        base.executemany("insert into quotas values (?, ?)", [(f"00{q}", q) for q in quotas])
    return fingerprints.company(opened(firm.root / "parameters"))
