"""Plan documents say all that a plan says, and their examples pay what the engine pays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from html import unescape
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
import yaml
from pypdf import PdfReader

from spmlib.core.plan_documents import PlanDocument
from spmlib.incent.plan_documents import document
from spmlib.incent.plan_documents.documents import version
from spmlib.rules import measures, plans
from spmlib.rules.plans import CHOICES, Plan
from spmlib.show import plan_documents as drawn
from spmlib.show.plan_documents.rendered import FOLDER
from tests import small
from tests.shared import examples

ROOT = Path(__file__).parents[2]
MEASURES = measures.read(ROOT / "parameters/measures.yaml")
PLANS = plans.read(ROOT / "parameters/plans", MEASURES)
TEXTS = {
    name: yaml.safe_load((FOLDER / "texts" / f"{name}.yaml").read_text("utf-8"))
    for name in ("en", "id")
}
ON = date(2026, 10, 31)
HOSTILE = '<script>alert(1)</script> #import "x" $a$ *b*'
TWO = "{2026-01-01: [{from: 0%, rate: 5%}, {from: 100%, rate: 8%}]}"


@pytest.fixture(scope="module")
def made() -> dict[str, PlanDocument]:
    """Three plans that differ; all of them by ``make test-all``."""
    names = ["account_executive", "customer_success_lead", "marketing_development"]
    names += sorted({*PLANS} - {*names})
    return {name: document(PLANS[name], MEASURES, ON) for name in names[: examples(3)]}


def told(folder: Path, **words: str) -> PlanDocument:
    return document(*read(folder, small.plan(**words)), ON)


def read(folder: Path, text: str) -> tuple[Plan, dict[str, measures.Measure]]:
    said = small.parameters(small.written(folder, text))
    return said.plans["seller"], dict(said.measures)


def test_plans_of_the_company_are_told_in_both_languages(made: dict[str, PlanDocument]):
    for one in made.values():
        for locale in ("en_US", "id_ID"):
            page = drawn.html(replace(one, locale=locale)).decode()
            assert all(part.name.replace("_", " ").capitalize() in page for part in one.parts)


def test_every_place_is_a_line_of_the_plan(made: dict[str, PlanDocument]):
    for name, one in made.items():
        lines = (ROOT / f"parameters/plans/{name}.yaml").read_text("utf-8").splitlines()
        clauses = [*one.clauses, *(c for part in one.parts for c in part.clauses)]
        for place in [c.place for c in clauses] + [r.place for p in one.parts for r in p.rows]:
            file, _, line = place.partition(":")
            assert file == f"{name}.yaml" and lines[int(line) - 1].strip()


@pytest.mark.parametrize("word", CHOICES)
def test_every_choice_of_a_component_has_its_sentence(word: str):
    silent = {("within", "step"), ("proration", "none"), ("quota", "window")}
    silent |= {("group", "transaction")}
    for value in CHOICES[word]:
        if (word, value) not in silent:
            key = "quota_to_date" if word == "quota" else f"{word}_{value}"
            assert key in TEXTS["en"] and key in TEXTS["id"]


GATE = "gate: {{measure: bookings, {}: 80%, of: quota, otherwise: {}}}"
MODIFIERS = {
    GATE.format("at_least", "withhold"): "gate_least_withhold",
    GATE.format("at_least", "lose"): "gate_least_lose",
    GATE.format("more_than", "withhold"): "gate_more_withhold",
    GATE.format("more_than", "lose"): "gate_more_lose",
    "cap: {2026-01-01: 80.00}": "plan_cap_amount",
    "floor: {2026-01-01: 80.00}": "plan_floor_amount",
}
PAYMENTS = {
    "{event: {booking: 40%, collection: 60%}}": ["event_booking", "event_collection"],
    "{event: {billing: 100%}, advance: 50%}": ["event_billing", "payment_advance"],
    "{hold: {until: employed, months: 2}}": ["hold_employed"],
    "{hold: {until: collected}}": ["hold_collected"],
    "{draw: {kind: recoverable, amount: 100.00, months: 3}}": [
        "draw_recoverable",
        "draw_recovered",
    ],
    "{draw: {kind: non_recoverable, amount: 100.00, months: 3}}": ["draw_non_recoverable"],
    "{guarantee: {amount: 100.00, months: 3}}": ["guarantee"],
    "{clawback: {within_months: 6, schedule: pro_rata, at: paid_rate}}": ["clawback_pro_rata"],
    "{clawback: {within_months: 6, schedule: full, at: current_curve}}": ["clawback_full"],
}


@pytest.mark.parametrize("modifier", MODIFIERS)
def test_every_modifier_has_its_sentence(tmp_path: Path, modifier: str):
    text = small.plan(thresholds="quota", table=TWO) + f"modifiers:\n  - {modifier}\n"
    one = document(*read(tmp_path, text), ON)
    assert MODIFIERS[modifier] in [clause.key for clause in one.clauses]
    assert drawn.html(one) and drawn.html(replace(one, locale="id_ID"))


@pytest.mark.parametrize("payment", PAYMENTS)
def test_every_term_of_payment_has_its_sentence(tmp_path: Path, payment: str):
    one = told(tmp_path, payment=payment)
    keys = [clause.key for clause in one.clauses]
    wanted = [key.replace("payment_advance", "advance") for key in PAYMENTS[payment]]
    assert set(wanted) <= set(keys)
    assert drawn.html(one) and drawn.html(replace(one, locale="id_ID"))


@pytest.mark.parametrize(
    ("crossing", "paid"),
    [
        # a quota of 100,000: deals of 60,000, 40,000, 25,000, and the last one reversed
        ("split", [D(3000), D(2000), D(2000), D(-2000)]),
        # at 100 % all of it earns 8 %: 8,000 less 3,000; then 2,000 more
        ("whole", [D(3000), D(5000), D(2000), D(-2000)]),
    ],
)
def test_examples_are_paid_to_the_cent(tmp_path: Path, crossing: str, paid: list[D]):
    boundary = "upper" if crossing == "whole" else ""
    one = told(tmp_path, thresholds="quota", table=TWO, crossing=crossing, boundary=boundary)
    example = one.parts[0].example
    assert example is not None and example.quota == D(100_000)
    assert example.deals == (D(60_000), D(40_000), D(25_000), D(-25_000))
    assert [line.amount for line in example.lines] == paid
    assert example.total == sum(paid)


def test_examples_reverse_to_what_they_were(made: dict[str, PlanDocument]):
    for one in made.values():
        for part in one.parts:
            if part.example is not None:
                *_, last, back = [x for x in part.example.lines if x.transaction_id]
                assert last.amount == -back.amount, part.name


def test_the_curve_is_the_plans(tmp_path: Path):
    points = dict(told(tmp_path, thresholds="quota", table=TWO).parts[0].curve)
    assert points[0.5] == pytest.approx(2500) and points[1.0] == pytest.approx(5000)
    assert points[1.5] == pytest.approx(9000)


def test_the_version_is_the_latest_date_that_holds():
    plan = PLANS["account_executive"]
    assert version(plan, ON) == date(2026, 1, 1)
    assert version(plan, date(2025, 12, 31)) == date(2025, 7, 1)
    assert version(plan, date(2020, 1, 1)) == date(2024, 1, 1)


def test_pages_and_pdfs_are_inert_and_tagged(made: dict[str, PlanDocument]):
    bad = replace(made["customer_success_lead"], title=HOSTILE, source=HOSTILE, locale="id_ID")
    page = drawn.html(bad).decode()
    assert "<script" not in page and "default-src 'none'" in unescape(page)
    assert re.findall(r"<th(?! scope)[ >]", page) == [] and 'alt="Bayaran' in page
    reader = PdfReader(BytesIO(drawn.pdf(bad)))
    assert HOSTILE in " ".join("\n".join(p.extract_text() for p in reader.pages).split())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "id"
    assert drawn.pdf(bad) == drawn.pdf(bad)


def test_catalogues_have_the_same_texts_with_the_same_words():
    assert list(TEXTS["en"]) == list(TEXTS["id"])
    for key, text in TEXTS["en"].items():
        asked = [{n for _, n, _, _ in Formatter().parse(t) if n} for t in (text, TEXTS["id"][key])]
        assert asked[0] == asked[1], key


def test_sentences_are_short():
    lengths = [len(text.split()) for text in TEXTS["en"].values()]
    assert max(lengths) <= 32 and sum(lengths) / len(lengths) < 14
