"""Every change is in one letter of one person; the same deals are paid by both, to the cent."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal as D
from html import unescape
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from spmlib.core.errors import ParameterError
from spmlib.core.letters import Change, Letter
from spmlib.incent.calculation import Parameters
from spmlib.incent.letters import letters
from spmlib.incent.letters.changes import KINDS
from spmlib.incent.letters.same_deals import same_deals
from spmlib.incent.letters.terms import differences
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Matrix
from spmlib.show import letters as drawn
from spmlib.show.letters.rendered import FOLDER
from tests import small

SINCE, UNTIL = date(2026, 6, 30), date(2026, 7, 31)
OLD = "[{from: 0%, rate: 5%}, {from: 100%, rate: 8%}]"
NEW = "[{from: 0%, rate: 6%}, {from: 100%, rate: 8%}]"
PLAN = small.plan(thresholds="quota", table=f"{{2026-01-01: {OLD}, 2026-07-15: {NEW}}}")
HOSTILE = '<script>alert(1)</script> #import "x" $a$ *b*'


def held(payee_id: str = "A", start: date = date(2025, 1, 1), **words: Any) -> dict[str, Any]:
    usual = {"role": "r", "team": "t", "plan": "seller", "target_incentive": 1000}
    return {"payee_id": payee_id, "start_date": start} | usual | words


def quota(amount: int, start: date, end: date) -> dict[str, Any]:
    return {
        "payee_id": "A",
        "measure": "bookings",
        "start_date": start,
        "end_date": end,
        "amount": amount,
    }


def company(**rows: Any) -> Any:
    usual: dict[str, Any] = {
        "payees": [
            {"payee_id": who, "name": f"{who}na", "currency": "USD", "hire_date": date(2025, 1, 1)}
            for who in "ABC"
        ],
        "positions": [held()],
        "quotas": [quota(1000, date(2026, 1, 1), date(2027, 1, 1))],
        "transactions": [
            {
                "transaction_id": f"T{month}",
                "event_date": date(2026, month, 10),
                "owner_id": "A",
                "currency": "USD",
                "amount": 300,
            }
            for month in range(1, 7)
        ],
    }
    return small.company(**(usual | rows))


def said(folder: Path, *plans: str) -> Parameters:
    return small.parameters(small.written(folder, *(plans or (PLAN,))))


def test_a_new_rate_in_words_and_in_money(tmp_path: Path):
    (one,) = letters(company(), said(tmp_path), SINCE, UNTIL)
    assert (one.document, one.start) == ("plan_change", date(2026, 7, 15))
    (told,) = one.differences
    assert (told.component, told.what, told.at, told.was, told.now) == (
        *("bookings", "rate", "0%", "5%", "6%"),
    )
    # 1,800 against 1,000: 1,000 at 5 % and 800 at 8 % are 114; at 6 % and 8 % 124
    assert one.deals is not None and (one.deals.was, one.deals.now) == (D(114), D(124))
    assert [(d.transaction_id, d.was, d.now) for d in one.deals.deals] == [
        ("T3", D(15), D(18)),
        ("T2", D(15), D(18)),
        ("T1", D(15), D(18)),
    ]


def test_who_is_not_touched_gets_none(tmp_path: Path):
    plain = small.plan(thresholds="quota", table=f"{{2026-01-01: {OLD}}}")
    assert letters(company(), said(tmp_path, plain), SINCE, UNTIL) == []


@pytest.mark.parametrize("column", list(KINDS))
def test_each_column_of_a_position_is_told_once(tmp_path: Path, column: str):
    day = date(2026, 7, 10)
    others = {"plan": "buyer", "status": "leave", "manager_id": "B"}
    value = others.get(column, "other" if KINDS[column] in ("role", "territory") else D("0.5"))
    rows = [held(end_date=day), held(start=day, **{column: value})]
    plans = [
        small.plan(table=f"{{2026-01-01: {OLD}}}", thresholds="quota", name=n)
        for n in ("seller", "buyer")
    ]
    (one,) = letters(company(positions=rows), said(tmp_path, *plans), SINCE, UNTIL)
    (change,) = one.changes
    assert (change.what, change.kind, change.start) == (column, KINDS[column], day)
    assert one.start == day


def test_managers_are_named(tmp_path: Path):
    day = date(2026, 7, 1)
    rows = [held(end_date=day, manager_id="B"), held(start=day, manager_id="C")]
    made = letters(company(positions=rows), said(tmp_path), SINCE, UNTIL)
    (one,) = [letter for letter in made if letter.document == "manager"]
    assert (one.changes[0].was, one.changes[0].now) == ("Bna", "Cna")


def test_a_quota_that_is_cut_in_two_is_told(tmp_path: Path):
    rows = [
        quota(1000, date(2026, 1, 1), date(2026, 7, 1)),
        quota(1400, date(2026, 7, 1), date(2027, 1, 1)),
    ]
    made = letters(company(quotas=rows), said(tmp_path), SINCE, UNTIL)
    (one,) = [letter for letter in made if letter.document == "quota"]
    assert one.changes == (
        Change(
            "quota",
            "bookings",
            "1000 (2026-01-01 - 2026-07-01)",
            "1400 (2026-07-01 - 2027-01-01)",
            date(2026, 7, 1),
            (D(1000), D(1400)),
            days=((date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2027, 1, 1))),
        ),
    )


def test_customers_that_come_and_go(tmp_path: Path):
    day = date(2026, 7, 5)
    made = letters(
        company(
            positions=[held(territory_id="N"), held("B", territory_id="S")],
            accounts=[{"account_id": "1", "name": "One"}],
            account_territories=[
                {
                    "account_id": "1",
                    "territory_id": "N",
                    "start_date": date(2026, 1, 1),
                    "end_date": day,
                },
                {"account_id": "1", "territory_id": "S", "start_date": day},
            ],
        ),
        said(tmp_path),
        SINCE,
        UNTIL,
    )
    told = {one.payee_id: one.changes for one in made if one.document == "territory"}
    assert [(c.was, c.now) for c in told["A"]] == [("1 One", "")]
    assert [(c.was, c.now) for c in told["B"]] == [("", "1 One")]


def test_who_came_or_left_has_no_letter(tmp_path: Path):
    day = date(2026, 7, 5)
    rows = [held(end_date=day), held("B", start=day)]
    made = letters(company(positions=rows), said(tmp_path), SINCE, UNTIL)
    assert {one.payee_id for one in made if one.document != "plan_change"} == set()


def test_days_the_wrong_way_round_are_refused(tmp_path: Path):
    with pytest.raises(ParameterError, match="is not after 2026-07-31; write the earlier day"):
        letters(company(), said(tmp_path), UNTIL, UNTIL)


PLAIN = small.plan(thresholds="quota", table=f"{{2026-01-01: {OLD}}}")
DAY = date(2026, 7, 5)


def test_each_change_begins_on_its_own_day(tmp_path: Path):
    later = date(2026, 7, 20)
    rows = [
        held(end_date=DAY, manager_id="B"),
        held(start=DAY, end_date=later, manager_id="C"),
        held(start=later, manager_id="C", base_pay=5),
    ]
    made = letters(company(positions=rows), said(tmp_path, PLAIN), SINCE, UNTIL)
    assert {one.document: one.start for one in made} == {"manager": DAY, "plan_change": later}


def test_a_value_that_comes_back_is_no_change(tmp_path: Path):
    later = date(2026, 7, 20)
    rows = [
        held(end_date=DAY, manager_id="B"),
        held(start=DAY, end_date=later, manager_id="C"),
        held(start=later, manager_id="B"),
    ]
    assert letters(company(positions=rows), said(tmp_path, PLAIN), SINCE, UNTIL) == []


def owned(start: date, end: date | None = None, territory: str = "N") -> dict[str, Any]:
    return {
        "account_id": "1",
        "territory_id": territory,
        "start_date": start,
        "end_date": end,
    }


@pytest.mark.parametrize(
    ("positions", "accounts"),
    [
        ([held(territory_id="N")], [owned(date(2024, 1, 1), DAY)]),  # it goes
        ([held(territory_id="N")], [owned(DAY)]),  # it comes
        # the person comes to where it has long been
        (
            [held(end_date=DAY, territory_id="S"), held(start=DAY, territory_id="N")],
            [owned(date(2024, 1, 1))],
        ),
        # it comes, and the position is written anew afterwards
        (
            [
                held(territory_id="N", end_date=date(2026, 7, 20)),
                held(start=date(2026, 7, 20), territory_id="N"),
            ],
            [owned(DAY)],
        ),
    ],
)
def test_customers_come_and_go_on_their_day(tmp_path: Path, positions: Any, accounts: Any):
    rows = {"accounts": [{"account_id": "1", "name": "One"}], "account_territories": accounts}
    (one,) = letters(company(positions=positions, **rows), said(tmp_path, PLAIN), SINCE, UNTIL)
    assert one.document == "territory" and one.start == DAY
    assert [c.start for c in one.changes if c.kind == "account"] == [DAY]


def test_a_customer_that_moves_within_the_persons_territories_is_none(tmp_path: Path):
    positions = [held(end_date=DAY, territory_id="N"), held(start=DAY, territory_id="S")]
    moves = [owned(date(2026, 1, 1), DAY), owned(DAY, territory="S")]
    made = letters(
        company(positions=positions, accounts=[{"account_id": "1"}], account_territories=moves),
        said(tmp_path, PLAIN),
        SINCE,
        UNTIL,
    )
    assert [c.kind for one in made for c in one.changes] == ["territory"]


def test_who_comes_is_not_told_of_terms_they_never_had(tmp_path: Path):
    assert letters(company(positions=[held(start=DAY)]), said(tmp_path), SINCE, UNTIL) == []


def test_the_next_months_quota_like_the_last_is_no_change(tmp_path: Path):
    rows = [quota(100, date(2026, m, 1), date(2026, m + 1, 1)) for m in range(1, 12)]
    assert letters(company(quotas=rows), said(tmp_path, PLAIN), SINCE, UNTIL) == []


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ((1000, date(2026, 4, 1)), "1,000 (Apr 1, 2026 to Jun 30, 2026)"),
        (None, "none"),
    ],
)
def test_quotas_are_written_with_their_days(tmp_path: Path, before: Any, told: str):
    rows = [quota(1000, date(2026, 7, 1), date(2027, 1, 1))]
    rows += [quota(before[0], before[1], date(2026, 7, 1))] if before else []
    (one,) = letters(company(quotas=rows), said(tmp_path, PLAIN), SINCE, UNTIL)
    page = drawn.html(one, "x").decode()
    assert f"<td>{told}</td><td>1,000 (Jul 1, 2026 to Dec 31, 2026)</td>" in page
    assert (
        "(1 Jul 2026 sampai 31 Des 2026)" in drawn.html(replace(one, locale="id_ID"), "x").decode()
    )


def test_a_quota_that_ends_goes_on_its_day(tmp_path: Path):
    rows = [quota(1000, date(2026, 1, 1), DAY)]
    (one,) = letters(company(quotas=rows), said(tmp_path, PLAIN), SINCE, UNTIL)
    assert (one.document, one.start, one.changes[0].now) == ("quota", DAY, "")


def test_a_plan_of_another_currency_is_not_compared_in_money(tmp_path: Path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old, new = said(tmp_path / "old", PLAIN), said(tmp_path / "new", PLAIN.replace("USD", "EUR"))
    (one,) = letters(company(), new, SINCE, UNTIL, before=old)
    assert one.deals is None and [d.what for d in one.differences] == ["currency"]
    page = drawn.html(one, "x").decode()
    assert "your own deals" not in page  # none are told


TRIED = {
    "clause": "Another",
    "category": "other",
    "group": "month",
    "measure": "margin",
    "accumulate": "quarter",
    "thresholds": "money",
    "quota": "to_date",
    "pays": "target",
    "weight": D("0.4"),
    "crossing": "whole",
    "within": "interpolate",
    "boundary": "lower",
    "on_change": "restart",
    "proration": "days",
}
CALLED = {"plan", "name", "place", "currency", "places"}


def test_every_word_of_a_component_that_changes_is_told(tmp_path: Path):
    plan = said(tmp_path).plans["seller"]
    of = plan.components["bookings"]
    compared = {one.name for one in fields(Component)} - CALLED
    assert compared == {*TRIED, "tables", "matrix", "windfall", "modifiers"}
    for word, value in TRIED.items():
        other = replace(plan, components={"bookings": replace(of, **{word: value})})
        told = differences(plan, other, SINCE, SINCE)
        assert [one.what for one in told] == [word]


def test_each_word_of_a_matrix_is_told(tmp_path: Path):
    plan = said(tmp_path).plans["seller"]
    whole = Matrix("discount", "none", "upper", "p")
    for word in ("measure", "of", "boundary"):
        both = [
            replace(plan, components={"b": replace(plan.components["bookings"], matrix=one)})
            for one in (whole, replace(whole, **{word: "other"}))
        ]
        assert [one.what for one in differences(*both, SINCE, SINCE)] == ["matrix"]


def test_a_slope_that_becomes_a_payout_is_told(tmp_path: Path):
    both = []
    for word in ("rate", "payout"):
        (tmp_path / word).mkdir()
        words = {"pays": "target", "weight": "100%", "proration": "none"}
        words["boundary"] = "upper" if word == "payout" else ""
        table = f"{{2026-01-01: [{{from: 0%, {word}: 100%}}]}}"
        plan = small.plan(thresholds="quota", table=table, **words)
        both.append(said(tmp_path / word, plan).plans["seller"])
    told = [(d.what, d.was, d.now) for d in differences(*both, SINCE, SINCE)]
    assert ("payout", "rate 100%", "payout 100%") in told


def test_modifiers_in_another_order_are_told(tmp_path: Path):
    # 114 capped at 100, of which half is 50; half of 114 is 57, which no cap cuts
    cap = "  - cap: {2026-01-01: 100.00}\n"
    half = (
        "  - multiplier: {measure: bookings, of: quota, boundary: upper, "
        "table: {2026-01-01: [{from: 0%, factor: 50%}]}}\n"
    )
    both = []
    for number, text in enumerate((cap + half, half + cap)):
        (tmp_path / str(number)).mkdir()
        both.append(said(tmp_path / str(number), f"{PLAIN}modifiers:\n{text}"))
    (one,) = letters(company(), both[1], SINCE, UNTIL, before=both[0])
    (told,) = one.differences
    assert (told.what, told.was, told.now) == ("order", "cap, multiplier", "multiplier, cap")
    assert one.deals is not None and (one.deals.was, one.deals.now) == (D(50), D(57))


def test_components_that_come_and_go_are_told(tmp_path: Path):
    plan = said(tmp_path).plans["seller"]
    none = replace(plan, components={})
    assert [one.what for one in differences(plan, none, SINCE, SINCE)] == ["component"]
    assert [one.was for one in differences(none, plan, SINCE, SINCE)] == [""]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("cap: {2026-01-01: 80.00}", "cap: {2026-01-01: 90.00}", ("cap", "", "80.00", "90.00")),
        ("cap: {2026-01-01: 80.00}", "", ("cap", "", "80.00", "")),
        ("", "floor: {2026-01-01: 10.00}", ("floor", "", "", "10.00")),
        (
            "gate: {measure: bookings, at_least: 80%, of: quota, otherwise: withhold}",
            "gate: {measure: bookings, at_least: 90%, of: quota, otherwise: withhold}",
            ("gate", "at_least", "80%", "90%"),
        ),
        (
            "gate: {measure: bookings, at_least: 80%, of: quota, otherwise: withhold}",
            "gate: {measure: bookings, at_least: 80%, of: quota, otherwise: lose}",
            ("gate", "otherwise", "withhold", "lose"),
        ),
        (
            "cap: {2026-01-01: 80.00, over: year}",
            "cap: {2026-01-01: 80.00, over: half}",
            ("cap", "over", "year", "half"),
        ),
    ],
)
def test_modifiers_that_change_are_told(
    tmp_path: Path, was: str, now: str, told: tuple[str, str, str, str]
):
    plans = []
    for number, text in enumerate((was, now)):
        (tmp_path / str(number)).mkdir()
        more = f"modifiers:\n  - {text}\n" if text else ""
        plans.append(said(tmp_path / str(number), PLAN + more).plans["seller"])
    (one,) = differences(*plans, SINCE, SINCE)
    assert (one.what, one.at, one.was, one.now) == told


def test_every_word_of_a_modifier_is_compared():
    from spmlib.incent.letters.terms import LOOKS

    known = {*LOOKS, "kind", "place", "steps", "limits"}
    assert {one.name for one in fields(Modifier)} == known


@pytest.mark.parametrize(
    ("was", "now", "what"),
    [
        ("", "{hold: {until: employed, months: 2}}", "payment_hold"),
        (
            "{draw: {kind: recoverable, amount: 100.00, months: 1}}",
            "{draw: {kind: recoverable, amount: 200.00, months: 1}}",
            "payment_draw",
        ),
    ],
)
def test_terms_of_payment_that_change_are_told(tmp_path: Path, was: str, now: str, what: str):
    plans = []
    for number, text in enumerate((was, now)):
        (tmp_path / str(number)).mkdir()
        plans.append(said(tmp_path / str(number), small.plan(payment=text)).plans["seller"])
    assert what in [one.what for one in differences(*plans, SINCE, SINCE)]


def test_two_versions_of_a_file_are_compared_like_two_days(tmp_path: Path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old = said(tmp_path / "old", small.plan(thresholds="quota", table=f"{{2026-01-01: {OLD}}}"))
    new = said(tmp_path / "new", small.plan(thresholds="quota", table=f"{{2026-01-01: {NEW}}}"))
    (one,) = letters(company(), new, SINCE, UNTIL, before=old)
    assert one.deals is not None and (one.deals.was, one.deals.now) == (D(114), D(124))


def test_deals_add_up_to_parts(tmp_path: Path):
    parameters = said(tmp_path, PLAN + "modifiers:\n  - cap: {2026-01-01: 100.00}\n")
    months = [f"2026-{month:02}" for month in range(1, 7)]
    made = same_deals(company(), parameters, parameters, (SINCE, UNTIL), months, {("A", "seller")})[
        "A", "seller"
    ]
    assert made.parts == (("bookings", D(114), D(124)), ("", D(-14), D(-24)))
    assert made.was == made.now == D(100)


def _letter(**words: Any) -> Letter:
    change = Change("quota", "bookings", "", "", UNTIL, (D(1000), D("1400.5")))
    usual = {"name": "Ana", "locale": "en_US", "document": "quota", "start": UNTIL, "plan": "P"}
    return Letter(payee_id="A", changes=(change,), **(usual | words))


def test_pages_and_pdfs_are_inert_tagged_and_in_the_readers_words(tmp_path: Path):
    (one,) = letters(company(), said(tmp_path), SINCE, UNTIL)
    bad = replace(one, name=HOSTILE, plan=HOSTILE)
    page = drawn.html(bad, HOSTILE).decode()
    assert "<script" not in page and "default-src 'none'" in unescape(page)
    assert re.findall(r"<th(?! scope)[ >]", page) == []
    reader = PdfReader(BytesIO(drawn.pdf(replace(bad, locale="id_ID"), HOSTILE)))
    text = " ".join("\n".join(p.extract_text() for p in reader.pages).split())
    assert HOSTILE in text and reader.trailer["/Root"]["/Lang"] == "id"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert drawn.pdf(one, "x") == drawn.pdf(one, "x")


def test_amounts_are_written_for_the_reader():
    page = drawn.html(_letter(locale="id_ID"), "x").decode()
    assert "1.400,50" in page and "Kuota: bookings" in page


@pytest.mark.parametrize("document", ["plan_change", "quota", "territory", "manager"])
def test_each_kind_has_its_words_in_both_languages(document: str):
    for locale in ("en_US", "id_ID"):
        assert drawn.html(_letter(document=document, locale=locale), "x")


def test_catalogues_have_the_same_texts_with_the_same_words():
    en, other = (
        yaml.safe_load((FOLDER / "texts" / f"{name}.yaml").read_text("utf-8"))
        for name in ("en", "id")
    )
    assert list(en) == list(other)
    for key, text in en.items():
        asked = [{n for _, n, _, _ in Formatter().parse(t) if n} for t in (text, other[key])]
        assert asked[0] == asked[1], key
