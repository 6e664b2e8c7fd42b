"""Receipts: what one person is due for a period, read aloud down to transactions and rule lines.

A line of Earnings becomes pieces (`pieces`); the pieces add up to the line, the lines to what is
due. That they do is a test over everybody in the sample company.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

import narwhals as nw

from spmlib.core import engine, parameters
from spmlib.core.errors import ParameterError
from spmlib.core.explain import Line, Piece, Receipt, Section
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import RATE, SHARE
from spmlib.incent.calculation import Results
from spmlib.incent.explaining.pieces import Term, pieces, said
from spmlib.rules.plans import Component, Plan

Row = Mapping[str, Any]  # of Earnings or Credits
WORDS = {
    "restatement": "what stood before, by the curve that holds now",
    "prize": "prize for the place taken",
    "clawback": "taken back, at the rate once paid",
    "gate": "withheld by the gate, or released",
    "multiplier": "multiplied",
    "cap": "above the cap",
    "floor": "up to the floor",
    "adjustment": "by hand",
    "spiff": "won in a SPIFF",
}
PAYMENT = "payment"  # the section of payment terms
PAID = {
    "event": "kept until billed or collected (-), or released",
    "hold": "kept back by the hold (-), or released",
    "draw": "drawn in advance",
    "recovery": "recovered of what was drawn",
    "guarantee": "up to the guarantee",
    "carried": "carried from the month before",
    "minimum": "up to the minimum",
    "maximum": "above the maximum",
    "correction": "correction of months that are closed",
    "terms": "what changed payment terms make of months that are closed",
}


def receipts(
    results: Results,
    plans: Mapping[str, Plan],
    names: Mapping[str, str],
    payee_id: str,
    period: str,
) -> list[Receipt]:
    """The receipts of one person and period, one for each plan held.

    A plan that earned nothing has a receipt too, with its components and no lines.

    Raises:
        ParameterError: nobody has the id.
    """
    if payee_id not in names:
        close = parameters.nearest(payee_id, names).split(" (")[0][:80]
        raise ParameterError(f"there is no payee '{payee_id}'; write an id such as {close}.")
    own = nw.col("payee_id") == payee_id
    lines = engine.collected(results.earnings.filter(own, nw.col("period") == period)).to_dicts()
    terms = engine.collected(results.terms.filter(own)).to_dicts()
    credits = engine.collected(results.credits.filter(own, nw.col("period") == period)).to_dicts()
    made = receipts_of(lines, terms, plans, names, credits)
    earning = {receipt.plan for receipt in made}
    idle = [t for t in terms if t["period"] == period and t["plan"] not in earning]
    own_month = own & (nw.col("period") == period)
    payments = engine.collected(results.payments.filter(own_month)).to_dicts()
    balances = engine.collected(results.balances.filter(own_month)).to_dicts()
    every = [*made, *_idle(sorted(idle, key=_receipt_key), plans, names)]
    return [_with_payment(receipt, payments, balances) for receipt in every]


def _with_payment(receipt: Receipt, payments: Sequence[Row], balances: Sequence[Row]) -> Receipt:
    """The receipt with a section for payment terms, where there are any."""
    own = [r for r in payments if r["plan"] == receipt.plan and r["kind"] != "earned"]
    outstanding = [r for r in balances if r["plan"] == receipt.plan]
    if not own and not outstanding:
        return receipt
    lines = []
    for row in sorted(own, key=lambda row: list(PAID).index(row["kind"])):
        amount = _money(row["amount"], receipt.currency)
        piece = Piece(PAID[row["kind"]], amount, row["source"])
        lines.append(Line(row["kind"], row["kind"], None, None, amount, (piece,)))
    standing = _outstanding(outstanding[0]) if outstanding else ""
    section = Section(PAYMENT, "", receipt.period, standing, tuple(lines))
    return replace(receipt, sections=(*receipt.sections, section))


def _outstanding(row: Row) -> str:
    """What is outstanding at a month's end, in words."""
    words = {
        "unpaid": "not yet billed or collected",
        "held": "held",
        "owed": "drawn and not yet recovered",
        "carried": "carried into the next month",
    }
    return ", ".join(f"{said(row[name])} {text}" for name, text in words.items() if row[name])


def receipts_of(
    lines: Sequence[Mapping[str, Any]],
    terms: Sequence[Term],
    plans: Mapping[str, Plan],
    names: Mapping[str, str],
    credits: Sequence[Mapping[str, Any]] = (),
) -> list[Receipt]:
    """The receipts that rows of Earnings make, with the Terms (and Credits) of their people."""
    told = {_credit_key(credit): _told(credit) for credit in credits}
    by_curve: dict[tuple[Any, ...], list[Term]] = {}
    for term in sorted(terms, key=lambda t: t["segment_start"]):
        by_curve.setdefault(_curve_key(term), []).append(term)
    made = []
    ordered = sorted(lines, key=_line_order)
    for (payee_id, period, name), group in groupby(ordered, key=_receipt_key):
        sections = tuple(_sections(list(group), by_curve, plans[name], told))
        made.append(_receipt(names[payee_id], payee_id, period, plans[name], sections))
    return made


def _idle(
    terms: Sequence[Term], plans: Mapping[str, Plan], names: Mapping[str, str]
) -> Iterator[Receipt]:
    """Receipts of plans that earned nothing: where each component stands."""
    for (payee_id, period, name), group in groupby(terms, key=_receipt_key):
        by_component = {(term["component"], term["window"]): term for term in group}
        sections = (
            Section(c, plans[name].components[c].clause, window, _standing([term], period), ())
            for (c, window), term in by_component.items()
        )
        yield _receipt(names[payee_id], payee_id, period, plans[name], tuple(sections))


def _receipt(
    name: str, payee_id: str, period: str, plan: Plan, sections: tuple[Section, ...]
) -> Receipt:
    about = (plan.name, plan.title, plan.source, plan.currency)
    return Receipt(payee_id, name, period, *about, sections)


def _receipt_key(row: Row) -> tuple[str, str, str]:
    return row["payee_id"], row["period"], row["plan"]


def _sections(
    lines: list[Row],
    by_curve: Mapping[tuple[Any, ...], list[Term]],
    plan: Plan,
    told: Mapping[Any, str],
) -> Iterator[Section]:
    for (name, window), group in groupby(lines, key=lambda row: (row["component"], row["window"])):
        component = plan.components.get(name or "")
        rows = list(group)
        terms = by_curve.get(_curve_key(rows[0]), [])
        inner = tuple(_line(row, component, terms, plan, told) for row in rows)
        clause = component.clause if component else "The whole plan."
        yield Section(name or "", clause, window, _standing(terms, rows[0]["period"]), inner)


def _line(
    row: Row,
    component: Component | None,
    terms: Sequence[Term],
    plan: Plan,
    told: Mapping[Any, str],
) -> Line:
    made = pieces(component, terms, row) if component and row["kind"] == "credit" else []
    amount = _money(row["amount"], plan.currency)
    if not made:
        made = [Piece(WORDS.get(row["kind"], str(row["kind"])), amount, row["source"])]
    credited = None if row["credited"] is None else Decimal(row["credited"]).scaleb(-4)
    label = f"{row['transaction_id']} {row['rule']}" if row["transaction_id"] else row["kind"]
    if row["kind"] == "adjustment":
        label = f"adjustment {row['event_id']}"
    if row["kind"] == "spiff":
        label = f"SPIFF {row['event_id']}"
    credit = told.get(_credit_key(row), "")
    return Line(row["kind"], label, row["event_date"], credited, amount, tuple(made), credit)


def _told(credit: Row) -> str:
    """How a credit came about, where it is not simply the whole of a transaction."""
    parts = []
    if credit["rate"] != RATE:
        rate = (Decimal(credit["rate"]) / RATE).normalize()
        parts.append(f"{credit['source_currency']} {said(credit['source_amount'])} x {rate:f}")
    if credit["share"] != SHARE:
        parts.append(f"{(Decimal(credit['share']) * 100 / SHARE).normalize():f} %")
    if credit["level"]:
        parts.append(f"rolled up {credit['level']} from {credit['through_id']}")
    if credit["event_id"]:
        parts.append(f"event {credit['event_id']}")
    return ", ".join([*parts, credit["rule_source"]]) if parts else ""


def _credit_key(row: Row) -> tuple[Any, ...]:
    names = ("payee_id", "transaction_id", "event_id", "rule", "through_id")
    return tuple(row[name] for name in names)


def _standing(terms: Sequence[Term], period: str) -> str:
    there = [t for t in terms if t["period"] == period]
    if not there:
        return ""
    last = there[-1]
    words = f"counted to date {said(last['after'])}"
    if last["quota"]:
        return words + f" of quota {said(last['quota'])} ({last['after'] / last['quota']:.1%})"
    return words


def _curve_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["payee_id"], row["plan"], row["component"], row["window"]


def _line_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    kinds = ("restatement", "credit", "prize")
    kind = kinds.index(row["kind"]) if row["kind"] in kinds else len(kinds)
    last = row["component"] is None
    words = [row[c] or "" for c in ("payee_id", "period", "plan", "component", "window")]
    inner = (
        kind,
        row["number"],
        row["event_date"],
        row["transaction_id"] or "",
        row["event_id"] or "",
    )
    return (*words[:3], last, *words[3:], *inner, row["rule"] or "", row["through_id"] or "")


def _money(ticks: int, currency: str) -> Decimal:
    return round(Decimal(ticks).scaleb(-4), CURRENCIES[currency])
