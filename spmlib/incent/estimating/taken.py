"""Taken: a person's standing, taken from the tables that the engine computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from spmlib.core import conversion
from spmlib.incent.estimating.left import Month, Seen
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.standings import Held, Standing, Window, span_of
from spmlib.incent.estimating.walks import Line, walk
from spmlib.incent.lines import BESIDE
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

Row = Mapping[str, Any]


def standing(ready: Ready, payee_id: str) -> Standing:
    """Where a person stands.

    Raises:
        ParameterError: nobody has the id, or the person holds no plan in the period.
    """
    plan = ready.plan(payee_id)
    terms = [row for row in ready.own(0, payee_id) if row["plan"] == plan.name]
    own = [row for row in ready.own(1, payee_id) if row["plan"] == plan.name]
    lines = [row for row in own if row["kind"] not in BESIDE]  # no modifier sees them
    seen = _seen(ready, payee_id)
    unit = conversion.minor(plan.currency)
    held = {
        name: made
        for name, component in plan.components.items()
        if (made := _held(component, terms, lines, ready, unit)) is not None
    }
    months = {
        name: _made_months(
            of.spans, of.component.modifiers, (plan.name, name), seen, ready, payee_id
        )
        for name, of in held.items()
    }
    months[""] = _plan_months(plan, terms, seen, ready, payee_id)
    now = ready.period
    due: dict[str, int] = {}
    for line in lines:
        if line["component"] is not None:
            due[line["period"]] = due.get(line["period"], 0) + line["amount"] // unit
    year = sum(line["amount"] for line in lines if line["period"] != now) // unit
    looked = {n: by[now] for n, by in seen.items() if now in by}
    return Standing(ready, payee_id, plan, held, months, due, year, looked)


def _held(
    component: Component, terms: Sequence[Row], lines: Sequence[Row], ready: Ready, unit: int
) -> Held | None:
    """A component with its windows; none where the person does not hold it in the period."""
    own = [t for t in terms if t["component"] == component.name]
    mine = [ln for ln in lines if ln["component"] == component.name]
    now = dict.fromkeys(t["window"] for t in own if t["period"] == ready.period)
    if not now:
        return None
    spans: dict[str, Fraction] = {}
    windows = tuple(_window(component, name, own, mine, ready) for name in now)
    paid = [ln for ln in mine if ln["kind"] in ("prize", "clawback")]
    other = sum(ln["amount"] for ln in paid if ln["period"] == ready.period) // unit
    spans = _spans(component, own, mine, ready, unit)
    return Held(component, windows, spans, other)


def _window(
    component: Component, name: str, terms: Sequence[Row], lines: Sequence[Row], ready: Ready
) -> Window:
    own = [t for t in terms if t["window"] == name]
    mine = [ln for ln in lines if ln["window"] == name and ln["kind"] == "credit"]
    booked = [_line(ln, component, ready) for ln in mine if ln["period"] == ready.period]
    earlier = [_line(ln, component, ready) for ln in mine if ln["period"] != ready.period]
    ordered = sorted(earlier, key=lambda line: (line.day, line.order))
    return Window(tuple(own), tuple(ordered), tuple(booked))


def _line(row: Row, component: Component, ready: Ready) -> Line:
    rules = list(ready.parameters.crediting.rules)
    order = (
        row["transaction_id"] or "",
        row["event_id"] or "",
        rules.index(row["rule"]) if row["rule"] else -1,
        0,
        ready.people.get(row["through_id"] or "", -1),
    )
    return Line(
        row["event_date"],
        order,
        row["credited"] or 0,
        before=row["before"] or 0,
        after=row["after"] or 0,
        amount=row["amount"] // conversion.minor(component.currency),
    )


def _spans(
    component: Component, terms: Sequence[Row], lines: Sequence[Row], ready: Ready, unit: int
) -> dict[str, Fraction]:
    """What was earned to date at the end of each earlier period of the modifiers' window."""
    periods = _of_span(span_of(component.modifiers, component), ready)[:-1]
    there = [p for p in periods if any(t["period"] == p for t in terms)]
    if component.alone or component.thresholds == "place":
        kinds = ("credit", "prize")
        paid = [ln for ln in lines if ln["kind"] in kinds]
        fresh = {p: _sum(ln["amount"] // unit for ln in paid if ln["period"] == p) for p in there}
    else:
        fresh = _fresh(component, terms, lines, ready)
    return dict(zip(there, accumulate(fresh[p] for p in there), strict=True))


def _sum(amounts: Iterable[int]) -> Fraction:
    return Fraction(sum(amounts))


def _fresh(
    component: Component, terms: Sequence[Row], lines: Sequence[Row], ready: Ready
) -> dict[str, Fraction]:
    """What each earlier period added to its windows, exactly."""
    added: dict[str, Fraction] = {}
    before = [t for t in terms if t["period"] != ready.period]
    for name in dict.fromkeys(t["window"] for t in before):
        window = _window(component, name, before, lines, ready)
        exact = walk(component, window.terms, window.earlier, (), "").exact
        for (_, last), (period, to_date) in pairwise([("", Fraction(0)), *exact.items()]):
            added[period] = added.get(period, Fraction(0)) + to_date - last
    return added


def _of_span(column: str, ready: Ready) -> list[str]:
    """The periods up to this one that share its window of a length."""
    rows = ready.periods.to_dicts()
    return [row["period"] for row in rows if row[column] == rows[-1][column]]


def _seen(ready: Ready, payee_id: str) -> dict[int, dict[str, Seen]]:
    made: dict[int, dict[str, Seen]] = {}
    for row in ready.own(2, payee_id):
        made.setdefault(row["number"], {})[row["period"]] = (row["value"], row["base"])
    return made


def _plan_months(
    plan: Plan,
    terms: Sequence[Row],
    seen: Mapping[int, Mapping[str, Seen]],
    ready: Ready,
    payee_id: str,
) -> tuple[Month, ...]:
    if not plan.modifiers:
        return ()
    column = {"month": "period"}.get(plan.modifiers[0].over, plan.modifiers[0].over)
    there = {t["period"] for t in terms}
    earlier = dict.fromkeys((p for p in _of_span(column, ready)[:-1] if p in there), Fraction(0))
    return _made_months(earlier, plan.modifiers, (plan.name, ""), seen, ready, payee_id)


def _made_months(
    exact: Mapping[str, Fraction],
    modifiers: Sequence[Modifier],
    key: tuple[str, str],
    seen: Mapping[int, Mapping[str, Seen]],
    ready: Ready,
    payee_id: str,
) -> tuple[Month, ...]:
    """The months that modifiers see, before the period and in it."""
    ends = dict(ready.periods.select("period", "period_end").iter_rows())
    numbers = [ready.looks.get((*key, n)) for n in range(len(modifiers))]
    return tuple(
        Month(
            end=ends[period],
            exact=exact.get(period, Fraction(0)),
            target=ready.limits.get((payee_id, *key), 0),
            seen=tuple(
                (0, 0) if n is None else seen.get(n, {}).get(period, (0, 0)) for n in numbers
            ),
        )
        for period in [*exact, ready.period]
    )
