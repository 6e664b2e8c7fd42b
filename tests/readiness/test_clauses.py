"""A rule as a clause: the plan reader takes it, and the calculation pays what was given by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import calculated
from spmlib.revops.readiness import clauses, clusters, disguised, written
from spmlib.revops.readiness.clauses import Term
from spmlib.rules import measures, plans
from tests import small

ROOT = Path(__file__).parents[2]
POLICY = written.read(ROOT / "parameters/policies/readiness.yaml")
MEASURES = measures.read(ROOT / "parameters/measures.yaml")
FILES = sorted((ROOT / "parameters/plans").glob("*.yaml"))
COUNTED = "bookings: {sum: amount}\nmeetings: {sum: quantity}\n"
SOLD = [("1000.15", 3), ("-200.5", 1), ("333.33", 4), ("12.01", 2), ("70000", 9), ("4.4", 5)]
DAY = date(2026, 2, 1)


def half_up(amount):
    return (abs(amount) * 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR").copy_sign(
        amount
    ) / 100


TERMS = [
    Term("rate", Decimal("0.02125"), "bookings"),
    Term("rate", Decimal("-0.02"), "bookings"),
    Term("rate", Decimal("7.5"), "meetings", per="units"),
    Term("amount", Decimal(400), "bookings"),
    Term("amount", Decimal("-120.5"), "bookings"),
    Term("rate", Decimal("0.015"), "bookings", "quarter"),
]


def hand(term):
    """What somebody would pay by hand from February on, month by month."""
    paid = {}
    for month in range(2, 7):
        if term.over == "quarter" and month % 3:
            continue
        first = month if term.over == "month" else max(month - 2, 1)
        sold = SOLD[first - 1 : month]
        base = sum(Decimal(amount) if term.per == "money" else count for amount, count in sold)
        own = term.value if term.kind == "amount" else half_up(term.value * base)
        paid[f"2026-{month:02}"] = own
    return paid


def company(plan):
    payee, held = small.person("A", plan)
    sales = [
        small.sale(f"T{n}", "A", date(2026, n, 3 * n), amount, quantity=count)
        for n, (amount, count) in enumerate(SOLD, 1)
    ]
    return small.company(payees=[payee], positions=[held], transactions=sales)


@pytest.mark.parametrize("term", TERMS, ids=clauses.spoken)
def test_what_is_found_by_hand_is_paid_by_its_clause(term, tmp_path):
    paid = hand(term)
    by_hand = {"period": list(paid), "payee_id": "A", "amount": [float(a) for a in paid.values()]}
    rows = clusters.clustered(pl.DataFrame(by_hand), POLICY.similar)
    known = pl.DataFrame(
        [
            ("A", f"2026-{month:02}", name, over, per, float(sum(Decimal(s[at]) for s in sold)))
            for at, (name, per) in enumerate([("bookings", "money"), ("meetings", "units")])
            for over, length in (("month", 1), ("quarter", 3))
            for month in range(1, 7)
            if (sold := SOLD[month - 1 - (month - 1) % length : month])
        ],
        schema=("payee_id", "period", "measure", "over", "per", "value"),
        orient="row",
    )
    policy = POLICY if term.over == "month" else written.Policy(0.8, 10, 0.5, 2, 0.05, 0.8)
    rule = disguised.found(rows, policy, known).rules.row(0, named=True)
    assert (rule["kind"], rule["exact"]) == (term.kind, 1)
    assert Decimal(f"{rule['value']:.8g}") == term.value
    assert term.kind == "amount" or (rule["measure"], rule["over"]) == (term.measure, term.over)

    begins = date(2026, 1, 1) if term.over == "quarter" else DAY
    text = clauses.clause("By hand", term, begins, since=date(2025, 1, 1))
    base = small.plan(table="{2025-01-01: [{from: 0, rate: 10%}]}").strip()
    small.written(tmp_path, base + "\n", measures=COUNTED)
    (tmp_path / "plans/seller_by_hand.yaml").write_text(
        clauses.amended(base, "seller_by_hand", text)
    )
    made = calculated(company("seller_by_hand"), small.parameters(tmp_path), "2026-06")
    earned = engine.collected(made.earnings).filter(pl.col("component") == "by_hand")
    window = "period" if term.over == "month" else "window"
    sums = earned.group_by(window).agg(pl.col("amount").sum()).sort(window)["amount"].to_list()
    assert [Decimal(a) / 10_000 for a in sums if a] == [a for a in paid.values() if a]
    assert engine.collected(made.issues).is_empty()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_plan_of_the_company_takes_a_clause(file, tmp_path):
    name = f"{file.stem}_extra"
    names = {"units": "analytics_seats", "money": "new_bookings"}
    own = [replace(term, measure=names[term.per]) for term in TERMS]
    early = date(2024, 1, 1)
    parts = [clauses.clause(f"extra {n}", t, DAY, since=early) for n, t in enumerate(own)]
    path = tmp_path / f"{name}.yaml"
    path.write_text(clauses.amended(file.read_text("utf-8"), name, *parts), "utf-8")
    made, before = plans.plan(path, MEASURES), plans.plan(file, MEASURES)
    added = [f"extra_{n}" for n in range(len(TERMS))]
    assert set(made.components) == {*before.components, *added}
    assert made.components["extra_0"].tables[DAY][0].gives == TERMS[0].value
    assert made.payment == before.payment or made.payment is not None


def test_a_clause_says_what_it_pays():
    assert clauses.spoken(TERMS[0]) == "2.125 % of bookings of the month."
    assert clauses.spoken(TERMS[2]) == "7.50 for each of meetings of the month."
    assert "0.0000001" not in clauses.clause("x", TERMS[3], DAY)
    assert clauses.clause("x", TERMS[3], DAY, since=DAY).count("from:") == 1
    assert clauses.clause("x", TERMS[3], DAY, since=DAY - timedelta(1)).count("from:") == 2


def test_values_that_change():
    later = {date(2026, 7, 1): Decimal(425)}
    text = clauses.clause("car", TERMS[3], DAY, later=later)
    assert text.splitlines()[2] == "    400.00 each month. From 2026-07-01: 425.00 each month."
    assert text.endswith("    2026-07-01:\n      - {from: 0, amount: 425.00}\n")
    with pytest.raises(ParameterError, match="no later than the first"):
        clauses.clause("car", TERMS[3], DAY, later={DAY: Decimal(1)})


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("rat", Decimal(1), "m"), "kind 'rat' means nothing; write .*rate"),
        (("rate", Decimal("1.5"), "m"), "above 100 %"),
        (("rate", Decimal(0), "m"), "pays nothing"),
        (("amount", Decimal("NaN"), "m"), "pays nothing"),
        (("amount", Decimal(1), ""), "names no measure"),
        (("rate", Decimal("0.1"), "m", "year"), "over 'year' means nothing"),
        (("rate", Decimal("0.1"), "m", "month", "boxes"), "per 'boxes' means nothing"),
    ],
)
def test_terms_that_cannot_be_meant(words, wrong):
    with pytest.raises(ParameterError, match=wrong):
        Term(*words)


def test_plans_that_take_no_clause():
    text = clauses.clause("bookings", TERMS[0], DAY)
    with pytest.raises(ParameterError, match="has 'bookings' already"):
        clauses.amended(small.plan(), "other", text)
    with pytest.raises(ParameterError, match="no line 'components:'"):
        clauses.amended("plan: x\n", "other", text)
    with pytest.raises(ParameterError, match="no line 'plan:'"):
        clauses.amended("components:\n", "other", text)
