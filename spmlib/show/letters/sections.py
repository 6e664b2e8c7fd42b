"""Sections: what a letter says, in its reader's words and figures, for page and PDF alike."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spmlib.core.letters import Change, Difference, Letter, SameDeals
from spmlib.show.documents import Reader
from spmlib.show.letters.points import points


def said(of: Letter, reader: Reader, contact: str) -> dict[str, Any]:
    """A letter in words, lists and dictionaries, for templates to place."""
    start = reader.day(of.start)
    return {
        "heading": reader.say(f"title_{of.document}", start=start),
        "who": reader.say("who", name=of.name, payee_id=of.payee_id),
        "plan": reader.say("plan", plan=of.plan) if of.plan else "",
        "lead": reader.say(_lead(of), start=start),
        "changes": [_change(change, reader) for change in of.changes],
        "terms": [_term(difference, reader) for difference in of.differences],
        "deals": _deals(of.deals, reader, start) if of.deals else None,
        "ask": reader.say("ask", contact=contact),
        "labels": {
            key: reader.say(key, start=start)
            for key in reader.texts.said
            if key.startswith(("label_", "heading_changes", "heading_terms"))
        },
    }


def _lead(of: Letter) -> str:
    """Which opening: a letter without deals does not speak of them."""
    alone = of.document == "plan_change" and of.deals is None
    return "lead_plan_change_alone" if alone else f"lead_{of.document}"


def _change(change: Change, reader: Reader) -> list[str]:
    if change.kind == "quota":
        what = reader.say("change_quota", measure=change.what.replace("_", " "))
    else:
        what = reader.name("change", "account" if change.kind == "account" else change.what)
    was, now = change.was, change.now
    if change.amounts is not None:
        was, now = (_amount(value, change.currency, reader) for value in change.amounts)
    if change.days is not None:
        was, now = (_spanned(*one, reader) for one in zip((was, now), change.days, strict=True))
    return [what, _word(was, reader), _word(now, reader), reader.day(change.start, "medium")]


def _spanned(amount: str, days: tuple[date, date] | None, reader: Reader) -> str:
    """A quota with its first day and its last."""
    if days is None:
        return ""
    first, last = (reader.day(day, "medium") for day in (days[0], days[1] - timedelta(days=1)))
    return reader.say("quota_of", amount=amount, first=first, last=last)


def _amount(value: Decimal | None, currency: str, reader: Reader) -> str:
    if value is None:
        return ""
    places = 0 if value == value.to_integral_value() else 2
    return reader.money(value, currency) if currency else reader.number(value, places)


def _word(word: str, reader: Reader) -> str:
    return word.replace("_", " ") if word else reader.say("none")


def _term(of: Difference, reader: Reader) -> list[str]:
    name = of.component.replace("_", " ").capitalize() or reader.say("whole_plan")
    places = list(dict.fromkeys(place for place in (of.was_place, of.now_place) if place))
    return [
        name,
        reader.name("term", of.what),
        reader.numbers_in(of.at.replace("_", " ")),
        reader.numbers_in(_word(of.was, reader)),
        reader.numbers_in(_word(of.now, reader)),
        " → ".join(places),
    ]


def _deals(of: SameDeals, reader: Reader, start: str) -> dict[str, Any]:
    def amounts(was: Decimal, now: Decimal) -> list[str]:
        told = [reader.amount(value, of.currency) for value in (was, now)]
        return [*told, reader.amount(now - was, of.currency, signed=True)]

    more = of.now - of.was
    key = "deals_more" if more > 0 else "deals_less" if more < 0 else "deals_same"
    figures = {"was": of.was, "now": of.now, "difference": abs(more)}
    words = {name: reader.money(value, of.currency) for name, value in figures.items()}
    last = reader.day(of.until - timedelta(days=1), "medium")
    return {
        "heading": reader.say("heading_deals", since=reader.day(of.since, "medium"), until=last),
        "sentence": reader.say(key, start=start, **words),
        "honest": reader.say("deals_honest"),
        "largest": reader.say("deals_largest"),
        "currency": of.currency,
        "points": points(of, start, amounts, reader),
        "parts": [
            [name.replace("_", " ").capitalize() or reader.say("whole_plan"), *amounts(was, now)]
            for name, was, now in of.parts
        ],
        "sum": [reader.say("sum"), *amounts(of.was, of.now)],
        "deals": [
            [
                " · ".join(word for word in (deal.transaction_id, deal.account) if word),
                reader.day(deal.event_date, "medium"),
                *amounts(deal.was, deal.now),
            ]
            for deal in of.deals
        ],
    }
