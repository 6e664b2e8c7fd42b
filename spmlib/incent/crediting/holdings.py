"""Holdings: who held which position, plan and manager on which days, as numbers the engine joins.

People are numbered in the order of their ids. The hierarchy is expanded once, effective-dated, to
(whose credit, who is credited, level, from, to), so that rolling up is a join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import OverflowRefused
from spmlib.core.tables import Positions, Table
from spmlib.rules.crediting import Crediting, Rule
from spmlib.rules.filters import kinds, matching
from spmlib.rules.plans import Plan

UNPAID = -1
PEOPLE = 2**20  # their number is a part of the key that orders credits
ADDED = ("person", "paid_in", "manager", "plan_number", "currency")  # to the columns of positions


@dataclass(frozen=True)
class Holdings:
    """People, and the positions they held."""

    people: Table[Any]  # payee_id, person, leave_date
    held: Table[Any]  # person, manager, plan, start_date, end_date and the columns of Positions
    plans: tuple[str, ...]  # the plans by number


def holdings(company: Company, plans: Mapping[str, Plan]) -> Holdings:
    """Everybody's positions with their people and plans numbered.

    Raises:
        OverflowRefused: more people than numbers for them.
    """
    people = engine.kept(
        company.payees.select("payee_id", "name", "leave_date", "hire_date", paid_in="currency")
        .with_row_index("person", order_by="payee_id")
        .with_columns(person=nw.col("person").cast(nw.Int64))
    )
    _refuse_too_many(people)
    numbered = engine.made(
        {
            "plan": list(plans),
            "plan_number": list(range(len(plans))),
            "currency": [plan.currency for plan in plans.values()],
        },
        {"plan": str, "plan_number": int, "currency": str},
    )
    managers = people.select(manager_id="payee_id", manager="person")
    held = (
        engine.open_ended(company.positions)
        .join(people.select("payee_id", "person", "paid_in"), on="payee_id")
        .join(managers, on="manager_id", how="left")
        .join(numbered, on="plan", how="left")
        .with_columns(
            plan_number=nw.col("plan_number").fill_null(UNPAID).cast(nw.Int64),
            currency=nw.coalesce("currency", "paid_in"),
        )
    )
    return Holdings(people, engine.kept(held), tuple(plans))


def _refuse_too_many(people: Table[Any]) -> None:
    count = people.select(nw.len()).collect("polars").item()
    if count > PEOPLE:
        wrong = f"{count:,} people are too many to be numbered"
        raise OverflowRefused(f"payees: {wrong}; compute at most {PEOPLE:,} at a time.")


def qualifying(held: Table[Any], rule: Rule) -> Table[Any]:
    """The positions that a rule's ``who`` admits."""
    if not rule.who:
        return held
    return held.filter(matching(rule.who, positioned(held)))


def positioned(held: Table[Any]) -> dict[str, str]:
    """The kind of each column of positions: those defined, and those that a source brings."""
    return kinds([name for name in engine.names(held) if name not in ADDED], Positions)


def reach(held: Table[Any], rule: Rule, crediting: Crediting) -> Table[Any]:
    """Who is credited when a rule credits a person: that person, and the managers it rolls up to.

    Returns:
        origin, person, level, rule_number, share, plan_number, currency, start_date, end_date.
    """
    names = list(crediting.rules)
    own = qualifying(held, rule)
    frames = [_reached(own.with_columns(origin=nw.col("person")), 0, rule, names)]
    for roll_up in crediting.roll_ups:
        if rule.name in roll_up.of:
            frames += list(_climbed(own, held, roll_up, names))
    return engine.kept(engine.stacked(frames))


def _climbed(own: Table[Any], held: Table[Any], roll_up: Rule, names: list[str]) -> Iterable[Any]:
    """The managers above, level by level, for the days on which the whole chain held."""
    chain = own.select("manager", "start_date", "end_date", origin="person")
    admitted = qualifying(held, roll_up)
    for level in range(1, roll_up.levels + 1):
        yield _reached(_overlapped(chain, admitted), level, roll_up, names)
        above = _overlapped(chain, held)
        chain = engine.kept(above.select("origin", "manager", "start_date", "end_date"))


def _overlapped(chain: Table[Any], held: Table[Any]) -> Table[Any]:
    """The managers of a chain with their own positions, for the days common to both."""
    above = held.rename({"start_date": "since", "end_date": "until", "person": "person_above"})
    return (
        chain.rename({"manager": "person"})
        .join(above, left_on="person", right_on="person_above")
        .with_columns(
            start_date=nw.max_horizontal("start_date", "since"),
            end_date=nw.min_horizontal("end_date", "until"),
        )
        .filter(nw.col("start_date") < nw.col("end_date"))
    )


def _reached(frame: Table[Any], level: int, rule: Rule, names: list[str]) -> Table[Any]:
    return frame.select(
        "origin",
        "person",
        "plan_number",
        "currency",
        "start_date",
        "end_date",
        level=nw.lit(level).cast(nw.Int64),
        rule_number=nw.lit(names.index(rule.name)).cast(nw.Int64),
        roll_share=nw.lit(int(rule.share * 10**8) if level else 10**8).cast(nw.Int64),
    )
