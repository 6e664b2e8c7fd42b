"""Figures of plain numbers, of a small company that is closed month by month, and of the sample."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.revops.maturity import figures
from spmlib.workbench import closes
from spmlib.workbench.maturity import measured
from spmlib.workbench.maturity.year import Year
from spmlib.workbench.opened import Workbench
from tests import small
from tests.workbench.test_closes import BOOKED, FILES, Company

SOUND = small.parameters(Path(__file__).parents[1] / "broken/sound")
POLICIES = Path(__file__).parents[2] / "parameters/policies"
SENT = """\
move_id,payee_id,document,of,version,move,move_date,number,by,reason
1,Ann,plan,seller,2026-02-01,sent,2026-01-22,1,me,
2,Ben,plan,seller,2026-02-01,sent,2026-02-25,1,me,
3,Ann,statement,2026-01,1,sent,2026-02-09,1,me,
4,Ben,statement,2026-01,1,sent,2026-02-12,1,me,
5,Ann,statement,2026-02,1,sent,2026-03-05,1,me,
"""
DISPUTES = """\
move_id,dispute_id,move,move_date,number,by,payee_id,plan,period,transaction_id,claimed,granted,\
currency,cause,remedy,owner,due_date,approved_by,reason
1,D1,raised,2026-02-03,1,Ann,Ann,seller,2026-01,T1,50,,USD,,,pay,2026-02-20,,Wrong.
2,D1,acknowledged,2026-02-04,2,pay,,,,,,,,owner,,pay,,,
3,D1,investigating,2026-02-05,3,pay,,,,,,,,,,pay,,,
4,D1,accepted,2026-02-06,4,pay,,,,,,50,,owner,adjustment,,,boss,Right.
5,D2,raised,2026-03-03,1,Ann,Ann,seller,2026-02,T3,70,,USD,,,pay,2026-03-20,,Wrong.
6,D3,raised,2026-04-03,1,Ben,Ben,seller,2026-03,T4,90,,USD,,,pay,2026-04-20,,Wrong.
"""
TWICE = "{2026-01-01: [{from: 0, rate: 10%}], 2026-02-01: [{from: 0, rate: 9%}],"
TWICE += " 2026-03-01: [{from: 0, rate: 8%}]}"


def test_nothing_is_no_figure():
    assert figures.forecast_error([], []) is None and figures.rate(0, 0) is None
    assert figures.days_to_close([], []) is None
    assert figures.lead_time([date(2026, 1, 1)], [None]) is None


def test_announced_after_it_held():
    assert figures.lead_time([date(2026, 1, 1)], [date(2026, 1, 11)]) == -10


def test_odd_figures_are_refused():
    with pytest.raises(ParameterError, match="do not pair"):
        figures.forecast_error([1], [1, 2])
    with pytest.raises(ParameterError, match="below 0"):
        figures.rate(-1, 2)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    (made.folder / "policies").mkdir()
    for name in ("audit", "disputes"):
        shutil.copy(POLICIES / f"{name}.yaml", made.folder / "policies")
    return made


def year(company: Company, period: str = "2026-03", measure: str = "") -> Year:
    return Year(company.bench, period, measure)


def names(company: Company, table: str, text: str) -> None:
    (company.folder / f"{table}.csv").write_text(text)
    sources = company.folder / "sources.yaml"
    sources.write_text(f"{sources.read_text()}{table}: {{file: {table}.csv}}\n")


def test_what_a_company_does_not_have_is_not_known_and_says_why(company: Company):
    made = measured.measured(year(company))
    assert all(one.value is None for name, one in made.items() if name not in ("error_rate",))
    whys = {name: one.why for name, one in made.items()}
    assert whys["forecast_error"].startswith("no measure is named")
    assert whys["dispute_rate"].startswith("no dispute is on record")
    assert whys["days_to_close"].startswith("no close of the year is on record")
    assert whys["manual_share"] == "sources.yaml names no table of adjustments"
    assert whys["lead_time"].startswith("of 1 plan changes no document")  # the plan's first day
    # Ann in January and February, Ben in January and March: four statements, none found wrong.
    assert (made["error_rate"].value, made["error_rate"].cases) == (0, 4)
    (company.folder / "policies/audit.yaml").unlink()
    assert "no policy of audits" in measured.error_rate(year(company)).why


def test_a_forecast_of_too_little_says_why(company: Company):
    made = measured.forecast_error(year(company, measure="bookings"))
    assert made.value is None and made.why.startswith("it could not be forecast")


def test_a_later_close_tells_which_statements_were_wrong(company: Company):
    company.closes("2026-01")
    company.knows(BOOKED | {"T1": "2026-01-10,Ben,1000"})  # Ann's January order was Ben's
    company.closes("2026-02")
    found = year(company)
    made = measured.error_rate(found)
    # Wrong: January of both, though nothing is left of Ann's.
    assert (made.value, made.cases) == (0.5, 4)
    assert made.on == "statements; 2 by later closes found wrong"
    days = [date.fromisoformat(one.closed[:10]) for one in closes.kept(company.bench).closes()]
    ends = [date(2026, 2, 1), date(2026, 3, 1)]
    middle = sum((day - end).days for day, end in zip(days, ends, strict=True)) / 2
    assert measured.days_to_close(found) == figures.Figure(
        middle, "months, from the end to the close on record", 2
    )


def test_what_is_sent_tells_of_closes_and_changes(company: Company):
    names(company, "delivery_moves", SENT)
    plan = FILES["plans/seller.yaml"]
    table = "{2026-01-01: [{from: 0, rate: 10%}, {from: 3000, rate: 20%}]}"
    company.writes(plan.replace(table, TWICE))
    found = year(company, "2026-04")
    days = measured.days_to_close(found)
    assert (days.value, days.cases) == (6, 2)  # 8 days after January, 4 after February
    lead = measured.lead_time(found)
    assert (lead.value, lead.cases) == (10, 1)  # of the change in February alone
    assert lead.on == "plan changes whose document was sent, of 3"
    assert measured.days_to_close(year(company, "2026-01")).value is None  # not sent yet


def test_adjustments_by_hand_are_counted_by_statement(company: Company):
    head = "adjustment_id,payee_id,plan,event_date,amount,requested_by,approved_by\n"
    rows = ["A1,Ann,seller,2026-01-15,50,me,you", "A2,Ann,seller,2026-01-20,50,me,you"]
    names(company, "adjustments", head + "".join(f"{row}\n" for row in rows))
    made = measured.manual_share(year(company))
    assert (made.value, made.cases) == (0.25, 4)
    assert made.low < 0.25 < made.high


def test_disputes_raised_and_accepted_are_counted_by_statement(company: Company):
    names(company, "dispute_moves", DISPUTES)
    found = year(company)  # to the end of March: the third is raised after it
    made = measured.measured(found)
    assert (made["dispute_rate"].value, made["dispute_rate"].cases) == (0.5, 4)
    assert (made["error_rate"].value, made["error_rate"].cases) == (0.25, 4)
    assert made["error_rate"].on == "statements; 1 by accepted disputes found wrong"
    assert made["manual_share"].why.endswith("; disputes alone asked for 1")
    names(company, "adjustments", "adjustment_id,payee_id,plan,event_date,amount\n")
    assert measured.manual_share(year(company)).value == 0.25  # the one that D1 asked for


def test_a_year_of_a_leap_day_has_all_its_months():
    rows = small.company(calendar=[*small.months(2024), *small.months(2025)])
    bench = Workbench(Path(), rows, SOUND)
    assert len(Year(bench, "2024-12").periods) == 12
    assert Year(bench, "2025-06").start == date(2024, 7, 1)


@pytest.mark.nightly
def test_the_sample_company():
    from spmlib.workbench.maturity import assessment
    from spmlib.workbench.opened import opened

    bench = opened()
    known = assessment.known(bench, "2026-10", "organisation_bookings")
    shown = {row.question: row for row in known.evidence()}
    assert "no table of adjustments" in shown["adjustments"].why
    assert shown["plan_changes"].value == -11 and shown["plan_changes"].measured == 1
    assert 0.1 < shown["forecast"].value < 0.25 and shown["forecast"].cases == 12
    assert known.checked()["holds"].all()
    assert [score.name for score in known.scores()][:2] == ["all", "orchestrate"]
    # Statements counted by hand: people with pay in the twelve months.
    paid = engine.collected(bench.results.payouts)
    own = paid.filter(pl.col("period").is_between(pl.lit("2025-11"), pl.lit("2026-10")))
    assert shown["disputes"].cases == own.select("payee_id", "period").n_unique()
    less = replace(known, figures={})
    assert all(row.measured is None and row.why for row in less.evidence())
