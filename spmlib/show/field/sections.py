"""Sections: what a field page says, in its reader's words and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from spmlib.core.field_pages import FieldPage, Report, Standing, Sum
from spmlib.show.documents import Reader
from spmlib.show.field import drawn, others

NONE = "\N{EN DASH}"


def said(of: FieldPage, reader: Reader) -> dict[str, Any]:
    """A field page in words, lists and dictionaries, for its template to place."""
    return {
        "heading": reader.say("title", month=reader.month(of.start)),
        "who": reader.say(
            "who",
            name=of.name,
            payee_id=of.viewer_id,
            role=of.role.replace("_", " "),
            day=reader.last(of.end),
        ),
        "kind": of.kind,
        "lead": _lead(of, reader),
        "leave": reader.say("on_leave") if of.on_leave else "",
        "place": _place(of, reader),
        "standings": [
            _standing(one, reader) for one in of.standings if one.quota or one.credited or one.ahead
        ],
        "pays": [_pay(pay, reader) for pay in of.pays],
        "pipeline": [
            [
                word(o.category) or reader.say("no_category"),
                str(o.deals),
                reader.money(o.amount, o.currency),
            ]
            for o in of.pipeline
        ],
        "disputes": None
        if of.disputes is None
        else [
            [
                d.dispute_id,
                d.period,
                word(d.status),
                reader.day(d.raised, "medium"),
                reader.day(d.due, "medium") if d.due else NONE,
            ]
            for d in of.disputes
        ],
        **others.said(of, reader),
        "tree": tree(of.made_of, of.currency, reader) if of.made_of else None,
        "converted": reader.say("converted", currency=of.currency),
    }


def _lead(of: FieldPage, reader: Reader) -> str:
    """The one sentence to read."""
    first = next((one for one in of.standings if one.attainment is not None), None)
    if first is None or first.attainment is None:
        return reader.say("lead_no_quota")
    words = {
        "component": word(first.component).capitalize(),
        "share": reader.share(first.attainment),
    }
    words |= {"window": first.window, "credited": amount(first.credited, first, reader)}
    words["quota"] = amount(first.quota or Decimal(0), first, reader)
    return reader.say(f"lead_{first.state.replace(' ', '_')}", **words)


def _place(of: FieldPage, reader: Reader) -> str:
    if of.place is None:
        return ""
    return reader.say("place", place=of.place, among=of.among, role=of.role.replace("_", " "))


def _standing(of: Standing, reader: Reader) -> dict[str, Any]:
    start = float(of.ahead.start) if of.ahead and of.ahead.of_quota else None
    return {
        "name": word(of.component).capitalize(),
        "window": of.window,
        "credited": amount(of.credited, of, reader),
        "quota": amount(of.quota, of, reader) if of.quota else NONE,
        "attainment": NONE if of.attainment is None else reader.share(of.attainment),
        "pace": NONE if of.pace is None else reader.share(of.pace, 0),
        "expected": NONE
        if of.expected is None or not of.left_periods
        else amount(of.expected, of, reader),
        "asked": amount(of.asked, of, reader) if of.asked else NONE,
        "state": reader.name("state", of.state.replace(" ", "_")),
        "tone": of.state.replace(" ", "-"),
        "bar": drawn.bullet(of.attainment, of.elapsed),
        "alt": reader.say(
            "bar_alt",
            share=NONE if of.attainment is None else reader.share(of.attainment),
            elapsed=reader.share(of.elapsed, 0),
        ),
        "ahead": _ahead(of, reader),
        "steps": _steps(of, reader),
        "curve": drawn.curve(of.curve, start),
        "curve_alt": reader.say("curve_alt", component=word(of.component)),
    }


def _ahead(of: Standing, reader: Reader) -> str:
    """What the next threshold is worth."""
    if of.ahead is None:
        return ""
    start = of.ahead.start
    told = (
        reader.share(start, 0 if start * 100 == int(start * 100) else 1)
        if of.ahead.of_quota
        else amount(start, of, reader)
    )
    words = {"needed": amount(of.ahead.needed, of, reader), "start": told}
    return reader.say("ahead", worth=reader.money(of.ahead.worth, of.currency), **words)


def _steps(of: Standing, reader: Reader) -> list[str]:
    """What a little more earns, in sentences."""
    if of.steps is None:
        return []
    told, steps = [], of.steps
    if of.money:
        now = reader.share(steps.rate, 2)
        key = "rate_then" if steps.then is not None and steps.then != steps.rate else "rate"
        told.append(reader.say(key, rate=now, then=reader.share(steps.then or Decimal(0), 2)))
    if steps.step is not None and steps.step_earns is not None:
        earns = reader.money(steps.step_earns, of.currency)
        told.append(reader.say("step", step=amount(steps.step, of, reader), earns=earns))
    if steps.deal is not None and steps.deal_earns is not None:
        earns = reader.money(steps.deal_earns, of.currency)
        told.append(reader.say("deal", deal=amount(steps.deal, of, reader), earns=earns))
    return told


def _pay(pay: Any, reader: Reader) -> dict[str, Any]:
    return {
        "plan": pay.plan,
        "rows": [
            [reader.say("earned"), reader.money(pay.earned, pay.currency)],
            [reader.say("due"), reader.money(pay.due, pay.currency)],
            *(
                [reader.name("balance", kind), reader.money(v, pay.currency)]
                for kind, v in pay.pending
            ),
        ],
    }


def tree(of: Sum, currency: str, reader: Reader) -> dict[str, Any]:
    """An amount and what it is made of, to be opened level by level."""
    name = (
        reader.name("node", of.level) + ": " + word(of.name)
        if of.level in ("company", "region", "component")
        else of.name
    )
    return {
        "name": name if of.level != "company" else reader.name("node", "company"),
        "level": of.level,
        "amount": reader.money(of.amount, currency),
        "count": reader.say("lines", count=of.count),
        "inside": [tree(each, currency, reader) for each in of.inside],
    }


def amount(value: Decimal, of: Standing | Report, reader: Reader) -> str:
    """An amount without cents, or a count."""
    assert isinstance(of, Standing)
    if of.money:
        return f"{of.currency}\N{NO-BREAK SPACE}{reader.number(value, 0)}"
    return reader.number(value, 0 if value == value.to_integral_value() else 1)


def word(name: str) -> str:
    """A name of a table as words."""
    return name.replace("_", " ")
