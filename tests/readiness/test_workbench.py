"""What a company's own records say was done by hand, and the clauses of what is found in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import written
from spmlib.workbench.readiness import assessment, clauses, copies, exceptions, readings, reproduced
from tests.workbench.test_closes import Company

ROOT = Path(__file__).parents[2]
BOOKED = {
    "T1": "2026-01-10,Ann,1000.25",
    "T2": "2026-01-20,Ben,500",
    "T3": "2026-02-10,Ann,2000.1",
    "T4": "2026-03-10,Ben,4000",
    "T5": "2026-03-11,Ann,333.3",
}
RATED = {"01": "20.01", "02": "40", "03": "6.67"}  # 2 % of Ann's bookings
HEAD = "adjustment_id,payee_id,plan,event_date,amount,cause,reason,requested_by,approved_by\n"


@pytest.fixture
def company(tmp_path):
    made = Company(tmp_path)
    (made.folder / "policies").mkdir()
    for name in ("readiness", "disputes"):
        text = (ROOT / f"parameters/policies/{name}.yaml").read_text()
        (made.folder / f"policies/{name}.yaml").write_text(text)
    made.knows(BOOKED)
    return made


def given(company, *rows):
    (company.folder / "adjustments.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows))
    sources = company.folder / "sources.yaml"
    if "adjustments" not in sources.read_text():
        sources.write_text(sources.read_text() + "adjustments: {file: adjustments.csv}\n")


def rated(number, month, amount, who="Ann", approved="Di"):
    return f"A{number},{who},seller,2026-{month}-15,{amount},owner,fee,Cy,{approved}"


def known(company, period="2026-03"):
    return assessment.known(company.bench, period)


def test_nothing_by_hand(company):
    made = known(company)
    assert made.exceptions.is_empty() and made.kinds().is_empty()
    told = readings.told(made)
    assert (told["lines"], told["lines_share"], told["money_share"]) == (5, 1, 1)
    assert readings.needed(made, "lines") == "none is needed" and made.cover("money").needs == 0
    assert readings.checked(made, reproduced.reproduced(made).to_pandas())["holds"].all()
    assert clauses.example(made) is None


def test_adjustments_somebody_approved(company):
    given(company, *(rated(n, m, a) for n, (m, a) in enumerate(RATED.items())),
          rated(8, "03", 70, who="Ben"), rated(9, "03", 9, approved="Cy"))  # fmt: skip
    made = known(company)
    assert sorted(made.exceptions["amount"]) == [6.67, 20.01, 40, 70]  # A9 pays nothing
    rule = made.found.rules.row(0, named=True)
    assert (rule["measure"], rule["value"], rule["exact"]) == ("bookings", 0.02, 1)
    assert made.kinds().select("name", "sort", "lines").rows() == [
        ("C1", "cause", 1), ("R1", "rule", 3),
    ]  # fmt: skip
    # five lines of the system, four by hand
    assert made.cover("lines").share == pytest.approx(5 / 9)
    assert readings.needed(made, "lines") == "1 is needed, fewer than 10"
    assert made.by_month()["by_hand"].to_list() == [1, 1, 2]


def test_what_nobody_explained_cannot_be_taken_on(company):
    given(company, "A1,Ann,seller,2026-01-15,5000,,,Cy,Di", rated(2, "02", 7))
    made = known(company)
    assert made.kinds()["sort"].to_list() == ["none", "cause"]
    assert made.cover("lines").all == pytest.approx(6 / 7)
    assert readings.needed(made, "money").startswith("all exceptions together are too few")


def test_a_rule_of_some_goes_into_a_copy_and_of_all_into_the_plan(company):
    given(company, *(rated(n, m, a) for n, (m, a) in enumerate(RATED.items())))
    made = known(company)
    (sketch,) = clauses.sketches(made, 1)
    assert (sketch.name, sketch.holders) == ("seller_fee", ("Ann",))
    plan = clauses.read(clauses.written(made, sketch), sketch.name, made)
    assert list(plan.components) == ["fee", "bookings"]
    told = reproduced.reproduced(made).row(0, named=True)
    assert (told["lines"], told["exact"], told["beyond"]) == (3, 3, 0)

    both = [rated(n, f"0{n % 3 + 1}", 50, who="Ann" if n < 3 else "Ben") for n in range(6)]
    given(company, *both)
    made = known(company)
    (sketch,) = clauses.sketches(made, 1)
    assert sketch.everybody and clauses.naming(made, sketch) == []
    plan = clauses.read(clauses.written(made, sketch), "seller", made)
    assert set(plan.components) == {"fee", "bookings"}


def test_an_amount_that_was_raised_is_one_clause(company):
    amounts = {"01": 400, "02": 400, "03": 400, "04": 425, "05": 425, "06": 425}
    given(company, *(rated(n, m, a) for n, (m, a) in enumerate(amounts.items())))
    company.knows(BOOKED | {"T9": "2026-06-02,Ben,10"})
    made = known(company, "2026-06")
    assert made.found.rules.select("kind", "value").rows() == [("amount", 425)]
    (sketch,) = clauses.sketches(made, 1)
    assert sketch.text.count("amount: 4") == 2 and "2026-04-01" in sketch.text
    told = reproduced.reproduced(made).row(0, named=True)
    assert (told["lines"], told["exact"], told["beyond"]) == (6, 6, 0)


def paid_again(company, period):
    made = known(company, period)
    told = reproduced.reproduced(made).row(0, named=True)
    return [one.text for one in clauses.sketches(made, 1)], told


def test_an_amount_each_quarter_and_one_that_ended(company):
    company.knows(BOOKED | {"T9": "2026-10-02,Ben,10"})
    given(company, *(rated(n, m, 1500) for n, m in enumerate(("03", "06", "09"))))
    (text,), told = paid_again(company, "2026-10")
    assert "accumulate: quarter" in text and "1500.00 each quarter." in text
    assert (told["exact"], told["beyond"]) == (3, 0)
    given(company, *(rated(n, m, 60) for n, m in enumerate(("01", "02", "03", "04"))))
    (text,), told = paid_again(company, "2026-10")
    assert "60.00 each month. From 2026-05-01: nothing." in text
    assert (told["exact"], told["beyond"]) == (4, 0)


def test_two_amounts_of_one_person_at_a_time_are_two_clauses(company):
    months = ("01", "02", "03")
    rows = [rated(n + k, m, 60 + k) for k in (0, 10) for n, m in enumerate(months)]
    given(company, *rows)
    texts, told = paid_again(company, "2026-03")
    assert [text.splitlines()[0] for text in texts] == ["fee_60:", "fee_70:"]
    assert (told["lines"], told["exact"], told["given"]) == (3, 3, 390)


def test_months_in_which_nobody_gave_are_told(company):
    given(company, *(rated(n, m, 50) for n, m in enumerate(("01", "02", "04"))))
    company.knows(BOOKED | {"T9": "2026-04-02,Ben,10"})
    told = reproduced.reproduced(known(company, "2026-04")).row(0, named=True)
    assert (told["exact"], told["beyond"]) == (3, 50)  # March


def test_a_closed_month_that_somebody_corrected(company):
    company.closes("2026-01")
    company.knows(BOOKED | {"T1": "2026-01-10,Ben,1000.25", "T9": "2026-01-11,Ann,100"})
    company.closes("2026-02")
    made = known(company)
    assert made.closed == 2
    rows = made.exceptions.select("source", "period", "payee_id", "cause", "amount").rows()
    assert sorted(rows) == [
        ("correction", "2026-02", "Ann", "owner", -100.03),
        ("correction", "2026-02", "Ben", "owner", 100.03),
    ]  # T9 came late: the system's own
    tighter = made.decided(replace(made.policy, corrections=()))
    again = assessment.Readiness(made.computed, decisions=tighter.policy)
    assert again.exceptions.is_empty()


def test_disputes_by_remedy():
    policy = written.read(ROOT / "parameters/policies/readiness.yaml")
    calendar = pl.DataFrame(
        {"period": ["2026-01"], "start_date": [date(2026, 1, 1)], "end_date": [date(2026, 2, 1)]}
    )
    names = ("dispute_id", "status", "remedy", "granted", "decided_date")
    day = date(2026, 1, 31)
    rows = [
        ("D1", "closed", "adjustment", 10, day),
        ("D2", "accepted", "data", 20, day),
        ("D3", "rejected", "adjustment", 30, day),
        ("D4", "accepted", "adjustment", None, day),
        ("D5", "accepted", "adjustment", 40, date(2026, 2, 1)),
    ]
    table = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        payee_id=pl.lit("A"), plan=pl.lit("p"), period=pl.lit("2025-12"), currency=pl.lit("USD"),
        cause=pl.lit("late"), says=pl.lit("it was late"),
    )  # fmt: skip
    made = exceptions.remedied(table, calendar, policy)
    assert made.select("exception_id", "period").rows() == [("D1", "2026-01")]
    wider = replace(policy, remedies=("adjustment", "data"))
    assert exceptions.remedied(table, calendar, wider).height == 2


def test_odd_questions_are_refused(company):
    made = known(company)
    with pytest.raises(ParameterError, match="write lines or money"):
        made.cover("people")
    with pytest.raises(ParameterError, match="no rule 3; none was found"):
        clauses.sketches(made, 3)
    with pytest.raises(ParameterError, match="no period '2031-01'"):
        known(company, "2031-01")


@pytest.mark.nightly
def test_the_sample_company_and_its_copy():
    from spmlib.workbench.opened import opened

    own = assessment.known(opened(ROOT / "parameters"), "2026-10")
    assert own.sources()["lines"].to_list() == [0, 11, 0]
    copy = copies.copy(own)
    truth = readings.against_truth(copy).shares
    assert truth["rules_found"] == truth["rules_right"] == 1 and truth["rows_found"] > 0.99
    told = reproduced.reproduced(copy)
    assert (told["exact"] == told["lines"]).all() and not told["beyond"].sum()
    for rule in copy.found.rules["rule"]:
        for sketch in clauses.sketches(copy, rule):
            text = clauses.written(copy, sketch)
            assert clauses.read(text, sketch.name, copy).name == sketch.name
    assert readings.checked(copy, told.to_pandas())["holds"].all()
