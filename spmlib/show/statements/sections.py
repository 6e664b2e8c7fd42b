"""Sections: what a statement says, in its reader's words and figures, for page and PDF alike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from spmlib.core.statements import Entry, Part, PlanPay, Statement
from spmlib.show.documents import Reader

MOST = 3  # reasons named for a change
WORDS = {" of the personal rate": "step_of_rate", " of target": "step_of_target"}
WORDS |= {" and rising": "step_rising", " to date": "step_to_date", "less ": "step_less"}
SINGLE = 60  # lines of one part that a PDF shows one by one; more are summed by customer
LABELS = ("label_", "heading_", "sum_")


def said(of: Statement, reader: Reader, contact: str, days: int) -> dict[str, Any]:
    """A statement in words, lists and dictionaries, for templates to place."""
    month = reader.month(of.start)
    unknown = reader.say("unknown")
    last = reader.last(of.end)
    return {
        "heading": reader.say("title", month=month),
        "who": reader.say(
            "who", name=of.name, payee_id=of.payee_id, first=reader.day(of.start), last=last
        ),
        "state": reader.say(f"state_{of.state}"),
        "due_for": reader.say("due", month=month),
        "due": unknown if of.paid is None else reader.money(of.paid, of.paid_in),
        "change": _change(of, reader),
        "plans": [_plan(pay, of, reader) for pay in of.plans],
        "corrections": [list(row) for row in _corrections(of, reader)],
        "months": [list(row) for row in _months(of, reader)],
        "totals": len({row.currency for row in of.months}),
        "dispute": reader.say("dispute", contact=contact, days=days),
        "no_lines": reader.say("no_lines"),
        "labels": {k: v for k, v in reader.texts.said.items() if k.startswith(LABELS)},
    }


def _change(of: Statement, reader: Reader) -> str:
    if of.paid is None or of.before is None:
        return ""
    more = of.paid - of.before
    key = "more" if more > 0 else "less" if more < 0 else "same"
    sentence = reader.say(key, amount=reader.money(abs(more), of.paid_in))
    if not more or not of.changes:
        return sentence
    currency = of.plans[0].currency
    reasons = ", ".join(
        f"{_component(what, reader)} {reader.amount(amount, currency, signed=True)}"
        for what, amount in of.changes[:MOST]
    )
    return f"{sentence} {reader.say('mostly', reasons=reasons)}"


def _plan(pay: PlanPay, of: Statement, reader: Reader) -> dict[str, Any]:
    def amount(value: Decimal) -> str:
        return reader.amount(value, pay.currency)

    sums = [[reader.say("sum_earned"), amount(pay.earned)]]
    sums += [[reader.name("terms", kind), amount(value)] for kind, value in pay.terms]
    converted = ""
    if pay.paid is not None and pay.currency != of.paid_in and pay.rate is not None:
        converted = reader.say(
            "converted_due",
            due=reader.money(pay.due, pay.currency),
            rate=reader.numbers_in(f"{pay.rate.normalize():f}"),
            paid=reader.money(pay.paid, of.paid_in),
        )
    return {
        "title": pay.title,
        "source": reader.say("plan_source", source=pay.source),
        "currency": pay.currency,
        "parts": [_part(part, pay, of, reader) for part in pay.parts],
        "sums": sums,
        "due": [reader.say("sum_due"), amount(pay.due)],
        "converted": converted,
        "balances": [[reader.name("balance", k), amount(v)] for k, v in pay.balances],
    }


def _part(part: Part, pay: PlanPay, of: Statement, reader: Reader) -> dict[str, Any]:
    count = len(part.lines)
    return {
        "name": _component(part.component or "whole_plan", reader),
        "clause": part.clause,
        "standing": _standing(part, pay, of, reader),
        "ahead": _ahead(part, pay, reader),
        "bar": _bar(part, reader),
        "amount": reader.amount(part.amount, pay.currency),
        "count": reader.say("lines_one") if count == 1 else reader.say("lines_many", count=count),
        "lines": [_line(line, part, pay, reader) for line in part.lines],
        "summed": _summed(part, pay, reader) if count > SINGLE else [],
        "summed_note": reader.say("summed", count=count),
    }


def _summed(part: Part, pay: PlanPay, reader: Reader) -> list[list[str]]:
    """Lines by customer, those that brought most first: who, how many, counted, earned."""
    sums: dict[str, list[Decimal]] = {}
    for line in part.lines:
        name = line.account or line.transaction_id or reader.name("kind", line.kind)
        total = sums.setdefault(name, [Decimal(0)] * 3)
        more = (Decimal(1), line.credited or Decimal(0), line.amount)
        total[:] = [one + other for one, other in zip(total, more, strict=True)]
    places = 2 if part.money else 0
    return [
        [
            name,
            reader.number(count, 0),
            reader.number(counted, places),
            reader.amount(amount, pay.currency),
        ]
        for name, (count, counted, amount) in sorted(
            sums.items(), key=lambda item: (-abs(item[1][2]), item[0])
        )
    ]


def _standing(part: Part, pay: PlanPay, of: Statement, reader: Reader) -> str:
    if part.counted is None:
        return ""
    window = reader.month(of.start) if part.window == of.period else part.window
    counted = _counted(part.counted, part, pay, reader)
    if part.quota is None or part.attainment is None:
        return reader.say("standing", counted=counted, window=window)
    return reader.say(
        "standing_quota",
        counted=counted,
        quota=_counted(part.quota, part, pay, reader),
        window=window,
        attainment=reader.share(part.attainment),
    )


def _ahead(part: Part, pay: PlanPay, reader: Reader) -> str:
    if part.ahead is None:
        return ""
    of = part.ahead
    return reader.say(
        "next_quota" if of.of_quota else "next_amount",
        needed=_counted(of.needed, part, pay, reader),
        start=reader.share(of.start, 0) if of.of_quota else _counted(of.start, part, pay, reader),
        worth=reader.money(of.worth, pay.currency),
    )


def _bar(part: Part, reader: Reader) -> dict[str, Any] | None:
    """How far attainment is on the way to the next threshold, or to quota."""
    if part.attainment is None:
        return None
    goal = part.ahead.start if part.ahead is not None and part.ahead.of_quota else None
    full = max(goal or Decimal(1), Decimal(1), part.attainment)
    words = {"attainment": reader.share(part.attainment)}
    told = reader.say("bar", **words, start=reader.share(goal, 0)) if goal else None
    return {
        "share": float(max(part.attainment, Decimal(0)) / full),
        "mark": float(goal / full) if goal and goal < full else None,
        "alt": told or reader.say("bar_last", **words),
    }


def _line(line: Entry, part: Part, pay: PlanPay, reader: Reader) -> dict[str, Any]:
    names = (line.transaction_id, line.account, line.product)
    what = " · ".join(name for name in names if name)
    how = ", ".join(_how(kind, value, reader) for kind, value in line.how)
    if what and line.kind != "credit":
        how = reader.name("kind", line.kind)
    steps = [
        [_step(step.words, reader), reader.amount(step.amount, pay.currency), step.place]
        for step in line.steps
    ]
    return {
        "id": line.line_id,
        "what": what or reader.name("kind", line.kind),
        "how": how,
        "day": reader.day(line.event_date, "medium"),
        "counted": ""
        if line.credited is None
        else reader.number(line.credited, 2 if part.money else _places(line.credited)),
        "amount": reader.amount(line.amount, pay.currency),
        "steps": steps,
        "small": " · ".join(
            part for part in (how, *(_told(step, steps) for step in steps)) if part
        ),
    }


def _how(kind: str, value: str, reader: Reader) -> str:
    figures = kind in ("converted", "share")
    return reader.say(f"how_{kind}", value=reader.numbers_in(value) if figures else value)


def _told(step: list[str], steps: list[list[str]]) -> str:
    """A piece in one line of words."""
    words, amount, place = step
    computed = f"{words} = {amount}" if len(steps) > 1 else words
    return f"{computed}, {place}" if words else place


def _step(words: str, reader: Reader) -> str:
    """How a piece was computed, in the reader's words: numbers first, since texts hold none."""
    written = reader.numbers_in(words)
    for english, key in WORDS.items():
        own = english.replace(english.strip(), reader.say(key))
        written = written.replace(english, own)
    return written


def _corrections(of: Statement, reader: Reader) -> Iterator[tuple[str, ...]]:
    for row in of.corrections:
        yield (
            row.period,
            " · ".join(n for n in (_component(row.component, reader), row.transaction_id) if n),
            reader.name("reason", row.reason),
            reader.amount(row.was, row.currency),
            reader.amount(row.now, row.currency),
            f"{row.currency} {reader.amount(row.now - row.was, row.currency, signed=True)}",
        )


def _months(of: Statement, reader: Reader) -> Iterator[tuple[str, ...]]:
    sums: dict[str, list[Decimal]] = {}
    for row in of.months:
        total = sums.setdefault(row.currency, [Decimal(0), Decimal(0)])
        total[0], total[1] = total[0] + row.earned, total[1] + row.paid
        amounts = (reader.amount(value, row.currency) for value in (row.earned, row.paid))
        yield row.period, row.currency, *amounts
    for currency, (earned, paid) in sums.items():
        both = (reader.amount(value, currency) for value in (earned, paid))
        yield reader.say("sum_year"), currency, *both


def _counted(value: Decimal, part: Part, pay: PlanPay, reader: Reader) -> str:
    return reader.money(value, pay.currency) if part.money else reader.number(value, _places(value))


def _places(value: Decimal) -> int:
    return 0 if value == value.to_integral_value() else 2


def _component(name: str, reader: Reader) -> str:
    """What a component, a modifier or a payment term is called."""
    for kind in ("terms", "kind"):
        if f"{kind}_{name}" in reader.texts.said:
            return reader.name(kind, name)
    if name == "whole_plan":
        return reader.say("whole_plan")
    return name.replace("_", " ").capitalize()
