"""Parts: the components of a plan as a statement tells them: lines, standing, what lies ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from spmlib.core.money import CURRENCIES
from spmlib.core.statements import Entry, Part, Step
from spmlib.core.tables import MONEY, RATE, SHARE
from spmlib.incent import lines as named
from spmlib.incent.explaining.pieces import pieces
from spmlib.incent.statements.ahead import ahead
from spmlib.incent.statements.cuts import Cut
from spmlib.rules.measures import MONEYS
from spmlib.rules.plans import Component, Plan

Row = Mapping[str, Any]
CREDIT = ("transaction_id", "event_id", "rule", "through_id")


def parts(
    plan: Plan,
    lines: Sequence[Row],
    terms: Sequence[Row],
    attained: Sequence[Row],
    credits: Sequence[Row],
    cut: Cut,
) -> Iterator[Part]:
    """A plan's components in the windows of the month, then the modifiers of the whole plan.

    Args:
        plan: of which lines and terms are.
        lines: of Earnings, of the month.
        terms: of all months.
        attained: of Attainments, of the month: where the person stands.
        credits: of the month.
        cut: the month.
    """
    stood = {(row["component"], row["window"]): row for row in attained if row["plan"] == plan.name}
    how = {tuple(credit[name] for name in CREDIT): _how(credit) for credit in credits}
    standing = [(t["component"], t["window"]) for t in terms if t["period"] == cut.period]
    windows = dict.fromkeys([*standing, *((ln["component"], ln["window"]) for ln in lines)])
    order = list(plan.components)
    for name, window in sorted(windows, key=lambda one: _place(one, order)):
        own = [ln for ln in lines if (ln["component"], ln["window"]) == (name, window)]
        component = plan.components.get(name or "")
        measured = [t for t in terms if (t["component"], t["window"]) == (name, window)]
        entries = tuple(_entry(line, component, measured, how, plan, cut) for line in _sorted(own))
        if component is None:
            yield Part("", "", window, True, None, None, None, None, entries)
            continue
        so_far = [t for t in measured if t["period"] <= cut.period]
        yield _part(component, window, so_far, stood.get((name, window)), entries, cut)


def _part(
    component: Component,
    window: str,
    terms: Sequence[Row],
    stands: Row | None,
    entries: tuple[Entry, ...],
    cut: Cut,
) -> Part:
    money = cut.parameters.measures[component.measure].sums in MONEYS
    quota = stands["quota"] if stands else None
    counted = stands["credited_to_date"] if stands else None
    if terms and stands:  # the curve of today, from where the person stood
        terms = [*terms[:-1], {**terms[-1], "after": counted, "quota": quota}]
    return Part(
        component=component.name,
        clause=component.clause,
        window=window,
        money=money,
        counted=Decimal(counted) / MONEY if counted is not None and not component.alone else None,
        quota=Decimal(quota) / MONEY if quota else None,
        attainment=Decimal(counted) / quota if counted is not None and quota else None,
        ahead=ahead(component, terms, money) if stands else None,
        lines=entries,
    )


def _entry(
    line: Row,
    component: Component | None,
    terms: Sequence[Row],
    how: Mapping[tuple[Any, ...], tuple[tuple[str, str], ...]],
    plan: Plan,
    cut: Cut,
) -> Entry:
    amount = round(Decimal(line["amount"]) / MONEY, CURRENCIES[plan.currency])
    account, product = cut.booked.get(line["transaction_id"] or "", ("", ""))
    return Entry(
        line_id=named.line_id(line),
        kind=line["kind"],
        transaction_id=line["transaction_id"] or "",
        account=account,
        product=product,
        event_date=line["event_date"],
        credited=None if line["credited"] is None else Decimal(line["credited"]) / MONEY,
        amount=amount,
        how=_beside(line, cut) or how.get(tuple(line[name] for name in CREDIT), ()),
        steps=_steps(line, component, terms, amount),
    )


def _steps(
    line: Row, component: Component | None, terms: Sequence[Row], amount: Decimal
) -> tuple[Step, ...]:
    """A line cut at thresholds; as a whole where what is known now no longer explains it."""
    whole = (Step("", amount, line["source"]),)
    if component is None or line["kind"] != "credit" or not terms:
        return whole
    made = tuple(Step(p.words, p.amount, p.place) for p in pieces(component, terms, line))
    return made if made and sum(step.amount for step in made) == amount else whole


def _how(credit: Row) -> tuple[tuple[str, str], ...]:
    """How a credit came about, where it is not simply the whole of a transaction.

    Of whom it rolls up is not told: a statement holds no other person.
    """
    told = []
    if credit["rate"] != RATE:
        amount = Decimal(credit["source_amount"]) / MONEY
        rate = (Decimal(credit["rate"]) / RATE).normalize()
        told.append(("converted", f"{credit['source_currency']} {amount:,.2f} x {rate:f}"))
    if credit["share"] != SHARE:
        told.append(("share", f"{(Decimal(credit['share']) * 100 / SHARE).normalize():f} %"))
    if credit["level"]:
        told.append(("team", ""))
    if credit["event_id"]:
        told.append(("event", str(credit["event_id"])))
    return tuple(told)


def _beside(line: Row, cut: Cut) -> tuple[tuple[str, str], ...]:
    if line["kind"] not in named.BESIDE:
        return ()
    number = str(line["event_id"])
    reason = cut.reasons.get(number, "")
    return (("adjustment", ": ".join(word for word in (number, reason) if word)),)


def _sorted(lines: Sequence[Row]) -> list[Row]:
    kinds = ("restatement", "credit", "prize")
    return sorted(
        lines,
        key=lambda line: (
            kinds.index(line["kind"]) if line["kind"] in kinds else len(kinds),
            line["number"],
            line["event_date"],
            *(line[name] or "" for name in CREDIT),
        ),
    )


def _place(one: tuple[str | None, str], order: Sequence[str]) -> tuple[int, str]:
    name, window = one
    return (order.index(name) if name in order else len(order)), window
