"""Misread: what a plan would pay if it were read otherwise, to compare with what is claimed.

The re-run gives the same cents as the statement; if another reading gives the claim, that is how
the plan was read. Nothing is owed then, but the plan may be worth wording better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import narwhals as nw

from spmlib.core.company import Company
from spmlib.core.errors import SpmError
from spmlib.incent.disputes.cases import Case
from spmlib.incent.disputes.signs import WEAK, Found
from spmlib.incent.disputes.written import Decisions
from spmlib.incent.work import Parameters
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

Changed = tuple[Company, Parameters]


def readings(case: Case, company: Company, decided: Decisions, closed: date) -> Iterator[Found]:
    """Each reading that gives another amount; a reading of which the claim is none is weak."""
    for said, change in READINGS.items():
        try:
            copy, parameters = change(case)
            amount = case.more(copy, parameters)
        except SpmError:
            continue  # the plan cannot be read so
        if amount:
            evidence = f"the re-run gives the same cents; it would be so much more {said}"
            yield Found("plan_misread", None, amount, WEAK, evidence)


def _whole(case: Case) -> Changed:
    """The rate reached counts for all, where the plan lets each part keep its own."""

    def all_at_once(one: Component) -> Component:
        fits = one.crossing == "split" and not one.alone and one.word != "amount"
        return replace(one, crossing="whole") if fits else one

    return case.company, _components(case, all_at_once)


def _uncapped(case: Case) -> Changed:
    return case.company, _without(case, "cap")


def _unmodified(case: Case) -> Changed:
    return case.company, _without(case, "multiplier")


def _ungated(case: Case) -> Changed:
    return case.company, _without(case, "gate")


def _uncut(case: Case) -> Changed:
    """Large orders count in full."""
    return case.company, _components(case, lambda one: replace(one, windfall={}))


def _gross(case: Case) -> Changed:
    """Cancellations do not count."""
    own = nw.col("transaction_id").is_in(list(case.transactions))
    kept = case.company.events.filter(~own | (nw.col("event") != "cancellation"))
    return replace(case.company, events=kept), case.parameters


def _full(case: Case) -> Changed:
    """What is shared counts in full."""
    own = nw.col("transaction_id").is_in(list(case.transactions))
    shared = case.company.splits.filter(own & (nw.col("payee_id") == case.payee_id))
    mine = set(shared.select("transaction_id").collect("polars")["transaction_id"].to_list())
    is_mine = nw.col("transaction_id").is_in(sorted(mine))
    owner = nw.when(is_mine).then(nw.lit(case.payee_id)).otherwise(nw.col("owner_id"))
    return (
        replace(
            case.company,
            transactions=case.company.transactions.with_columns(owner_id=owner),
            splits=case.company.splits.filter(~own),
        ),
        case.parameters,
    )


READINGS: dict[str, Callable[[Case], Changed]] = {
    "if the rate reached counted for all, not for what lies above each threshold": _whole,
    "without the cap": _uncapped,
    "if large orders counted in full": _uncut,
    "gross, without the cancellations": _gross,
    "if the transaction were credited in full instead of shared": _full,
    "without the multiplier": _unmodified,
    "if the gate were open": _ungated,
}


def _components(case: Case, change: Callable[[Component], Component]) -> Parameters:
    plan = case.parameters.plans[case.plan]
    made = {name: change(one) for name, one in plan.components.items()}
    return _with(case, replace(plan, components=made))


def _without(case: Case, kind: str) -> Parameters:
    """The plan without modifiers of a kind."""
    plan = case.parameters.plans[case.plan]

    def left(every: tuple[Modifier, ...]) -> tuple[Modifier, ...]:
        return tuple(one for one in every if one.kind != kind)

    made = {n: replace(c, modifiers=left(c.modifiers)) for n, c in plan.components.items()}
    return _with(case, replace(plan, components=made, modifiers=left(plan.modifiers)))


def _with(case: Case, plan: Plan) -> Parameters:
    return replace(case.parameters, plans={**case.parameters.plans, case.plan: plan})
