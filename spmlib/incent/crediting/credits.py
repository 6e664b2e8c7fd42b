"""Credits: each transaction divided among the people credited, each line naming its rule."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Credits, Table
from spmlib.incent.crediting import keys
from spmlib.incent.work import Work

BOOKING = ("transaction_id", "event_id", "event_date", "segment", "source_amount")


def credits(work: Work) -> Table[Credits]:
    """The credits of a calculation, in words."""
    booked, people = work.booked, work.who.people.select("person", "payee_id", "paid_in")
    rows = (
        work.rows.drop("segment")
        .join(people, on="person")
        .join(paid_in(work), on="plan_number", how="left")
    )
    told = keys.told(rows, booked.rows, people, *BOOKING, "source_currency", *booked.rates)
    numbered = told.with_columns(
        currency=nw.coalesce("currency", "paid_in"), number=keys.rule_number(), level=keys.level()
    )
    worded = numbered.join(_rules(work), on="number").join(_periods(work), on="segment")
    return worded.with_columns(
        rate=booked.in_currency("rate"), rate_date=booked.in_currency("rate_date")
    ).select(*Credits.columns())


def paid_in(work: Work) -> Table[Any]:
    """The currency of each plan."""
    plans = work.parameters.plans
    return engine.words("plan_number", currency=[plans[name].currency for name in work.who.plans])


def _rules(work: Work) -> Table[Any]:
    rules = list(work.parameters.crediting.rules.values())
    return engine.words(
        "number", rule=[rule.name for rule in rules], rule_source=[rule.place for rule in rules]
    )


def _periods(work: Work) -> Table[Any]:
    return engine.words("segment", period=[part.period for part in work.made.parts])
