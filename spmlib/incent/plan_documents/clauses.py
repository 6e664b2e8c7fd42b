"""Clauses: the sentence that each word of a plan stands for, and the words it takes up.

A clause is a key of the texts (`show/plan_documents/texts`) and its words. A test changes every
word of the plan language in turn and asks for its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from spmlib.core.parameters import in_force, said
from spmlib.core.plan_documents import Clause
from spmlib.rules.measures import Measure
from spmlib.rules.modifiers import Modifier
from spmlib.rules.payments import Bound, Draw, Payment
from spmlib.rules.plans import Component, Plan


def of_component(of: Component, measures: Mapping[str, Measure], on: date) -> Iterator[Clause]:
    """What a component says on a day."""
    counted = measures[of.measure].title
    yield Clause(f"accumulate_{of.accumulate}", {"measure": counted}, of.at("accumulate"))
    if of.alone and of.group == "month":
        yield Clause("group_month", {}, of.at("group"))
    yield Clause(f"thresholds_{of.thresholds}", {}, of.at("thresholds"))
    if of.thresholds == "quota" and of.quota == "to_date":
        yield Clause("quota_to_date", {}, of.at("quota"))
    yield Clause(f"pays_{of.pays}", {}, of.at("pays"))
    if of.weight is not None:
        yield Clause("weight", {"weight": said(of.weight)}, of.at("weight"))
    if of.crossing:
        yield Clause(f"crossing_{of.crossing}", {}, of.at("crossing"))
    if of.within == "interpolate":
        yield Clause("within_interpolate", {}, of.at("within"))
    if of.boundary:
        yield Clause(f"boundary_{of.boundary}", {}, of.at("boundary"))
    if of.matrix is not None:
        words = {"measure": _title(of.matrix.measure, measures)}
        yield Clause("matrix", words, of.matrix.place)
    if len(of.tables) > 1:
        yield Clause(f"on_change_{of.on_change}", {}, of.at("on_change"))
    if of.proration and of.proration != "none":
        yield Clause(f"proration_{of.proration}", {}, of.at("proration"))
    most = in_force(of.windfall, on)
    if most is not None:
        yield Clause("windfall", {"amount": said(most)}, most.place)
    for modifier in of.modifiers:
        yield from _modifier(modifier, measures, on)


def of_plan(plan: Plan, measures: Mapping[str, Measure], on: date) -> Iterator[Clause]:
    """What the whole plan says on a day: its modifiers, and when what is earned is paid."""
    for modifier in plan.modifiers:
        yield from _modifier(modifier, measures, on, "plan_")
    if plan.payment is None:
        yield Clause("payment_at_once", {}, plan.place)
    else:
        yield from _payment(plan.payment)


def _modifier(
    of: Modifier, measures: Mapping[str, Measure], on: date, whole: str = ""
) -> Iterator[Clause]:
    words = {"measure": _title(of.measure, measures), "of": of.of, "over": of.over or "window"}
    if of.kind == "gate" and of.at_least is not None:
        limit = {"least": said(of.at_least)}
        more = "more" if of.strict else "least"
        yield Clause(f"gate_{more}_{of.otherwise}", words | limit, of.place)
    if of.kind == "multiplier":
        yield Clause(f"{whole}multiplier", words, of.place)
        for step in in_force(of.steps, on) or ():
            factor = {"start": said(step.start), "factor": said(step.factor)}
            yield Clause("multiplier_step", factor, step.place)
        if of.boundary:
            yield Clause(f"boundary_{of.boundary}", {}, of.place)
    limit_now = in_force(of.limits, on)
    if limit_now is not None:
        kind = "share" if limit_now.percent else "amount"
        yield Clause(
            f"{whole}{of.kind}_{kind}", words | {"limit": said(limit_now)}, limit_now.place
        )


def _payment(terms: Payment) -> Iterator[Clause]:
    for event, share in terms.events.items():
        place = terms.places.get("event", terms.place)
        yield Clause(f"event_{event}", {"share": said(share)}, place)
    if not terms.events:
        yield Clause("payment_at_once", {}, terms.place)
    if terms.advance is not None:
        place = terms.places.get("advance", terms.place)
        yield Clause("advance", {"share": said(terms.advance)}, place)
    if terms.hold is not None:
        words = {"months": str(terms.hold.months)}
        yield Clause(f"hold_{terms.hold.until}", words, terms.hold.place)
    if terms.draw is not None:
        yield from _draw(terms.draw)
    if terms.guarantee is not None:
        words = {"amount": said(terms.guarantee.amount), "months": str(terms.guarantee.months)}
        yield Clause("guarantee", words, terms.guarantee.place)
    if terms.clawback is not None:
        of = terms.clawback
        yield Clause(f"clawback_{of.schedule}", {"months": str(of.within_months)}, of.place)
        for month, share in of.steps if of.schedule == "table" else ():
            words = {"month": str(month), "share": said(share)}
            yield Clause("clawback_step", words, of.place)
        yield Clause(f"clawback_at_{of.at}", {}, of.place)
    for name, bound in (("minimum", terms.minimum), ("maximum", terms.maximum)):
        if bound is not None:
            yield _bound(name, bound)
    if terms.payroll_rate:
        yield Clause(f"payroll_rate_{terms.payroll_rate}", {}, terms.place)


def _draw(of: Draw) -> Iterator[Clause]:
    kind = "recoverable" if of.recoverable else "non_recoverable"
    words = {"amount": said(of.amount), "months": str(of.months), "share": said(of.share)}
    yield Clause(f"draw_{kind}", words, of.place)
    if of.start is not None:
        yield Clause("draw_start", {"day": of.start.isoformat()}, of.place)
    if of.covers:
        yield Clause("draw_covers", {"parts": ", ".join(of.covers).replace("_", " ")}, of.place)
    if of.recoverable:
        yield Clause("draw_recovered", words | {"month": str(of.from_month)}, of.place)
    if of.balance_limit is not None:
        yield Clause("draw_limit", {"amount": said(of.balance_limit)}, of.place)
    if of.forgive_after is not None:
        yield Clause("draw_forgiven_after", {"month": str(of.forgive_after)}, of.place)
    if of.forgive_on is not None:
        yield Clause("draw_forgiven_on", {"day": of.forgive_on.isoformat()}, of.place)


def _bound(name: str, bound: Bound) -> Clause:
    later = "later" if bound.later else "lost"
    return Clause(f"{name}_{later}", {"amount": said(bound.amount)}, bound.place)


def _title(name: str, measures: Mapping[str, Measure]) -> str:
    return measures[name].title if name in measures else name.replace("_", " ")
