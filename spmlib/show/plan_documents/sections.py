"""Sections: what a plan document says, in its reader's words and figures, for page and PDF."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from spmlib.core.plan_documents import Clause, Example, Goal, PlanDocument, PlanPart
from spmlib.core.statements import Entry
from spmlib.show.documents import Reader
from spmlib.show.plan_documents import drawn

STEPS = {" of the personal rate": "step_of_rate", " of target": "step_of_target"}
STEPS |= {" and rising": "step_rising", " to date": "step_to_date", "less ": "step_less"}


def said(of: PlanDocument, reader: Reader) -> dict[str, Any]:
    """A plan document in words, lists and dictionaries, for templates to place."""
    words = {"version": reader.day(of.version), "currency": of.currency, "source": of.source}
    who = reader.say("yours", name=of.name, payee_id=of.payee_id) if of.payee_id else ""
    return {
        "heading": reader.say("title", title=of.title),
        "version": reader.say("version", **words),
        "lead": reader.say("lead"),
        "who": who,
        "goals_note": reader.say("goals_note"),
        "goals_head": _goals_head(of, reader),
        "goals": [_goal(goal, of, reader) for goal in of.goals],
        "parts": [_part(part, of, reader) for part in of.parts],
        "clauses": [_clause(clause, reader) for clause in of.clauses],
        "labels": {
            key: text
            for key, text in reader.texts.said.items()
            if key.startswith(("label_", "heading_")) and "{" not in text
        },
    }


def _goals_head(of: PlanDocument, reader: Reader) -> list[str]:
    shares = [reader.share(share, 0) for share, _ in of.goals[0].pays] if of.goals else []
    return [reader.say("label_goal"), reader.say("label_quota"), *shares]


def _goal(goal: Goal, of: PlanDocument, reader: Reader) -> list[str]:
    quota = _counted(goal.quota, goal.money, of.currency, reader)
    pays = [reader.amount(pay, of.currency) for _, pay in goal.pays]
    return [f"{_name(goal.component)}, {goal.window}", quota, *pays]


def _part(part: PlanPart, of: PlanDocument, reader: Reader) -> dict[str, Any]:
    with_when = any(row.when for row in part.rows)
    rows = [
        [
            *([reader.numbers_in(row.when)] if with_when else []),
            reader.numbers_in(row.start),
            reader.numbers_in(row.gives),
            row.place,
        ]
        for row in part.rows
    ]
    head = [reader.say("label_when")] if with_when else []
    head += [reader.say("label_from"), reader.say(f"label_gives_{part.word}")]
    svg = drawn.curve(part, of.currency, reader) if part.curve else ""
    return {
        "name": _name(part.name),
        "text": part.text,
        "clauses": [_clause(clause, reader) for clause in part.clauses],
        "table": reader.say("heading_table", since=reader.day(part.since)),
        "head": [*head, reader.say("label_written")],
        "rows": rows,
        "svg": svg,
        "picture": base64.b64encode(svg.encode()).decode(),
        "alt": _alt(part, of, reader) if part.curve else "",
        "example": _example(part.example, of, reader) if part.example else None,
    }


def _alt(part: PlanPart, of: PlanDocument, reader: Reader) -> str:
    def pays(x: float) -> str:
        return reader.money(Decimal(str(round(drawn.at(part, x), 2))), of.currency)

    if part.of_quota:
        return reader.say("curve_alt_quota", half=pays(0.5), whole=pays(1.0), more=pays(1.5))
    most = part.curve[-1][0]
    return reader.say(
        "curve_alt_amount", more=pays(most), most=reader.number(Decimal(str(most)), 0)
    )


def _example(of: Example, document: PlanDocument, reader: Reader) -> dict[str, Any]:
    intro = []
    if of.quota is not None:
        quota = _counted(of.quota, of.money, document.currency, reader)
        intro.append(reader.say("example_goal", quota=quota))
    if of.target is not None:
        target = reader.money(of.target, document.currency)
        intro.append(reader.say("example_target", target=target))
    return {
        "intro": " ".join(intro) or reader.say("example_simple"),
        "rows": [_row(line, of, document, reader) for line in of.lines],
        "total": reader.say("example_total", total=reader.money(of.total, document.currency)),
    }


def _row(line: Entry, of: Example, document: PlanDocument, reader: Reader) -> list[str]:
    steps = [_step(step.words, reader) for step in line.steps]
    amounts = [reader.amount(step.amount, document.currency) for step in line.steps]
    how = [f"{step} = {amount}" for step, amount in zip(steps, amounts, strict=True) if step]
    number = line.transaction_id.removeprefix("deal ")
    counted = line.credited
    return [
        number,
        "" if counted is None else _counted(counted, of.money, document.currency, reader),
        "; ".join(how) if number else reader.say("restated"),
        reader.amount(line.amount, document.currency),
    ]


def _clause(of: Clause, reader: Reader) -> list[str]:
    """A sentence and its place."""
    words = {key: reader.numbers_in(word) for key, word in of.words.items() if key != "measure"}
    for key in ("of", "over"):
        if key in of.words:
            words[key] = reader.say(f"{key}_{of.words[key]}")
    if "day" in of.words:
        words["day"] = of.words["day"]
    return [reader.say(of.key, **words, measure=of.words.get("measure", "")), of.place]


def _step(words: str, reader: Reader) -> str:
    written = reader.numbers_in(words)
    for english, key in STEPS.items():
        own = english.replace(english.strip(), reader.say(key))
        written = written.replace(english, own)
    return written


def _counted(value: Decimal, money: bool, currency: str, reader: Reader) -> str:
    if money:
        return reader.amount(value, currency)
    return reader.number(value, 0 if value == value.to_integral_value() else 2)


def _name(component: str) -> str:
    return component.replace("_", " ").capitalize()
