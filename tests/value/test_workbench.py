"""Value of a company: its own closes, disputes and statements, or why a measure is not known."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench.value import assessment, measures, planted, shown
from spmlib.workbench.value.measures import forecast_errors
from tests.shared import sample_workbench
from tests.workbench.test_closes import BOOKED, Company

POLICIES = Path(__file__).parents[2] / "parameters/policies"
MOVES = """\
move_id,payee_id,document,of,version,move,move_date,number,by,reason
1,Ann,statement,2026-01,1,sent,2026-02-09,1,me,
2,Ben,statement,2026-01,1,sent,2026-02-12,1,me,
3,Ben,statement,2026-01,2,sent,2026-03-12,1,me,
4,Ann,plan,2026-01,1,sent,2026-03-05,1,me,
"""


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    (made.folder / "policies").mkdir()
    for name in ("audit", "disputes", "value"):
        shutil.copy(POLICIES / f"{name}.yaml", made.folder / "policies")
    return made


def names(company: Company, table: str, text: str) -> None:
    (company.folder / f"{table}.csv").write_text(text)
    sources = company.folder / "sources.yaml"
    sources.write_text(f"{sources.read_text()}{table}: {{file: {table}.csv}}\n")


def test_what_a_company_does_not_have_is_not_known_and_says_why(company: Company):
    made = assessment.value(company.bench, "2026-03")
    why = made.unknown
    assert why["overpaid"] == "no month is closed in the ledger"
    assert why["days_to_close"] == "no month is closed in the ledger, and no statement was sent"
    assert why["disputes"] == "no dispute was ever raised"
    assert why["forecast_error"] == "fewer than 19 months are booked"
    assert why["attainment"] == "nobody has a quota"
    assert why["hours"].startswith("nobody was asked")
    guess = made.assumed["hours_checking"]
    assert guess.level == 1.5 and guess.why.startswith("1.5 hours a month of each of 1 people")
    rows = made.table().set_index("measure")
    assert rows.loc["hours_checking", "money"] == 1.5 * 60
    # Ann earns 10 % of 1,000 in January; Ben of 500, and of 4,000 beyond 3,000 at 20 % in March.
    cost = made.measures["cost_of_sales"]
    assert list(cost.values) == pytest.approx([10, 10, 100 * (250 + 1500 * 0.2) / 4000])
    assert not made.counted and made.returns is None
    assert shown.in_words(made).startswith("Nothing that is worth money")
    assert shown.bridge(made).empty and shown.payback(made).empty
    assert shown.checked(made)["holds"].all()
    with pytest.raises(ParameterError, match="overpaid is not known, because no month is closed"):
        shown.course(made, "overpaid")


def test_a_close_takes_back_what_was_overpaid(company: Company):
    company.closes("2026-01")
    company.knows(BOOKED | {"T1": "2026-01-10,Ben,1000"})  # Ann's January order was Ben's
    company.closes("2026-02")
    made = measures.own(company.bench, "2026-03", audited=False)
    assert dict(
        zip(made.known["overpaid"].periods, made.known["overpaid"].values, strict=True)
    ) == {"2026-02": 100.0}
    close = made.known["days_to_close"]
    assert close.periods == ("2026-01", "2026-02") and (np.diff(close.values) == -28).all()


def test_statements_tell_of_closes_where_no_ledger_does(company: Company):
    names(company, "delivery_moves", MOVES)
    days = measures.own(company.bench, "2026-03", audited=False).known["days_to_close"]
    assert (days.periods, list(days.values)) == (("2026-01",), [9.5])  # 8 and 11 days after January


def test_a_table_stands_instead_and_teams_make_the_company(company: Company):
    months = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
    random = np.random.default_rng(1)
    rows = [
        {"measure": "hours", "team": team, "period": month, "value": 50 + random.standard_normal()}
        for team in "abcde"
        for month in months
    ]
    rows += [{"measure": "disputes", "team": None, "period": m, "value": 3.0} for m in months]
    table = pl.DataFrame(rows)
    starts = {"a": date(2025, 3, 1), "b": date(2025, 6, 1)}
    made = assessment.value(company.bench, "2026-03", None, table, starts, audited=False)
    assert made.effect("hours").method == "staggered"
    assert made.effect("disputes").assumption.endswith("no scatter at all")
    assert [one.name for one in made.counted] == ["hours"]
    assert shown.checked(made)["holds"].all()
    wrong = table.with_columns(measure=pl.lit("hour"))
    with pytest.raises(ParameterError, match="'hour' is no measure of policies"):
        assessment.value(company.bench, "2026-03", table=wrong, audited=False)
    with pytest.raises(ParameterError, match="no period '2031-01'"):
        assessment.value(company.bench, "2031-01")
    with pytest.raises(ParameterError, match="no 'cost'"):
        made.moved(cost=3)


@pytest.mark.nightly
def test_forecasts_know_the_months_before_them_alone():
    random = np.random.default_rng(7)
    months = [f"{2024 + place // 12}-{place % 12 + 1:02}" for place in range(20)]
    booked = dict(zip(months, 100 + 5 * random.standard_normal(20), strict=True))
    every = forecast_errors(booked)
    assert list(every) == months[18:]
    cut = forecast_errors({month: booked[month] for month in months[:19]})
    assert cut == pytest.approx({month: every[month] for month in months[18:19]})
    assert forecast_errors({}) == {} and forecast_errors(dict.fromkeys(months, 0.0)) == {}


def test_disputes_are_known_by_team(company: Company):
    head = "move_id,dispute_id,move,move_date,by,payee_id,plan,period,claimed,currency,reason\n"
    rows = [
        f"{place},DSP-{place:04},raised,{day},{who},{who},seller,2026-01,5,USD,why\n"
        for place, (day, who) in enumerate(
            [("2026-01-20", "Ann"), ("2026-03-02", "Ann"), ("2026-03-05", "Ben")], start=1
        )
    ]
    names(company, "dispute_moves", head + "".join(rows))
    made = assessment.value(company.bench, "2026-04", audited=False)
    assert list(made.measures["disputes"].values) == [1, 0, 2, 0]
    assert list(made.by_team["disputes"]) == ["t"]
    assert shown.checked(made)["holds"].all()


@pytest.mark.nightly
def test_the_sample_company_and_its_sister():
    bench = sample_workbench()
    own, sister = assessment.value(bench, "2026-10"), planted.planted(bench, "2026-10")
    told = shown.in_figures(own)
    assert told["shown"] == 0 and told["low"] < 0 and told["paid"] < 0.5
    assert shown.in_words(own).startswith("Counted: disputes. Net **USD \u2212")
    made = shown.in_figures(sister)
    assert (made["truths"], made["found"], made["false"]) == (7, 5, 0)
    for one in (own, sister):
        assert shown.checked(one)["holds"].all()
    nothing = shown.in_figures(planted.planted(bench, "2026-10", effect=0.0))
    assert nothing["shown"] <= 1
    apart = assessment.value(bench, "2026-10", starts={"sales": date(2026, 1, 1)}, audited=False)
    assert apart.effect("disputes").method == "staggered"
    assert shown.checked(apart)["holds"].all()
    costs = {"set_up": 60_000, "running": 4_000, "discount": 0.08}
    less, more = (shown.tried(sister, **costs, later=by)[0] for by in (3, 0))
    assert less["amount"].iloc[-1] < more["amount"].iloc[-1]
    wrong = sister.moved(by=6)  # by half a year: made-up days find what had come by then
    assert {"hours", "overpaid"} <= wrong.doubted and wrong.returns is None
    assert shown.in_words(wrong).endswith("in doubt.")
