"""Standings: where one person stands in a period, component by component, before any deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from spmlib.core import conversion
from spmlib.incent.earning import seconds
from spmlib.incent.estimating.left import Month, Seen
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.walks import Line, Term, Walk, cell_of, walk
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    pass

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """One window of a component that the period lies in."""

    terms: tuple[Term, ...]
    earlier: tuple[Line, ...]
    booked: tuple[Line, ...]  # in the period


@dataclass(frozen=True)
class Held:
    """One component as a person holds it.

    Attributes:
        component: of the plan.
        windows: those that the period lies in: one, or two where a table restarts within it.
        spans: earned in the window of its modifiers to date, by earlier period [minor units].
        ended: earned by the end of the period before, in windows that are over.
        other: what prizes and clawbacks gave in the period [minor units].
    """

    component: Component
    windows: tuple[Window, ...]
    spans: Mapping[str, Fraction]
    other: int

    @property
    def stands(self) -> Term:
        """The terms at the period's end."""
        return self.windows[-1].terms[-1]


@dataclass(frozen=True)
class Standing:
    """A person under the plan held at a period's end.

    Attributes:
        ready: the company in the period.
        payee_id, plan: who, and under which plan.
        held: by component.
        months: by modifiers' owner ("" is the whole plan): the window's months so far.
        due: what was earned in each period of the plan modifiers' window, without them, by
            period; nothing of the period itself [minor units].
        year: what was earned in the year before the period, with everything [minor units].
        looked: the value and base of what each rule looks at, by its number, at the period's end.
    """

    ready: Ready
    payee_id: str
    plan: Plan
    held: Mapping[str, Held]
    months: Mapping[str, tuple[Month, ...]]
    due: Mapping[str, int]
    year: int
    looked: Mapping[int, Seen]

    @property
    def unit(self) -> int:
        """The currency's minor unit [ticks]."""
        return conversion.minor(self.plan.currency)

    def number(self, component: str, modifier: int) -> int | None:
        """Under which number a modifier (-1: the matrix) finds what it looks at."""
        return self.ready.looks.get((self.plan.name, component, modifier))


def standing(ready: Ready, payee_id: str) -> Standing:
    """Where a person stands.

    Raises:
        ParameterError: nobody has the id, or the person holds no plan in the period.
    """
    plan = ready.plan(payee_id)
    terms = [row for row in ready.own(0, payee_id) if row["plan"] == plan.name]
    lines = [row for row in ready.own(1, payee_id) if row["plan"] == plan.name]
    seen = _seen(ready, payee_id)
    unit = conversion.minor(plan.currency)
    held = {
        name: made
        for name, component in plan.components.items()
        if (made := _held(component, terms, lines, ready, unit)) is not None
    }
    months = {name: _months(held[name], terms, seen, ready) for name in held}
    months[""] = _plan_months(plan, terms, seen, ready)
    now = ready.period
    due: dict[str, int] = {}
    for line in lines:
        if line["component"] is not None:
            due[line["period"]] = due.get(line["period"], 0) + line["amount"] // unit
    year = sum(line["amount"] for line in lines if line["period"] != now) // unit
    looked = {n: by[now] for n, by in seen.items() if now in by}
    return Standing(ready, payee_id, plan, held, months, due, year, looked)


def walked(of: Held, fresh: Mapping[int, Sequence[Line]], period: str, seen: Seen) -> list[Walk]:
    """The component's windows with some lines more, by number of the window.

    Args:
        of: the component.
        fresh: the lines that are not booked.
        period: of the estimate.
        seen: what the matrix looks at, with those lines.
    """
    made = []
    for n, window in enumerate(of.windows):
        component = of.component
        cell = None
        if component.matrix and not component.alone:
            cell = cell_of(component, window.terms[-1]["table_date"], seen)
        lines = [*window.booked, *fresh.get(n, ())]
        made.append(walk(component, window.terms, window.earlier, lines, period, cell))
    return made


def span_of(modifiers: Sequence[Modifier], component: Component) -> str:
    """The column of periods that says which window a component's modifiers see."""
    over = seconds.over(modifiers, component) if modifiers else component.accumulate
    return "period" if over in ("month", "transaction") else over


# --- taken from the tables ---------------------------------------------------------------------


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


def _months(
    of: Held, terms: Sequence[Row], seen: Mapping[int, Mapping[str, Seen]], ready: Ready
) -> tuple[Month, ...]:
    """The months that a component's modifiers see, before the period and in it."""
    component = of.component
    column = span_of(component.modifiers, component)
    own = [t for t in terms if t["component"] == component.name]
    target = _target([component.name], own, column, ready)
    key = (component.plan, component.name)
    return _made_months(of.spans, component.modifiers, key, target, seen, ready)


def _plan_months(
    plan: Plan, terms: Sequence[Row], seen: Mapping[int, Mapping[str, Seen]], ready: Ready
) -> tuple[Month, ...]:
    if not plan.modifiers:
        return ()
    column = {"month": "period"}.get(plan.modifiers[0].over, plan.modifiers[0].over)
    names = [c.name for c in plan.components.values() if c.pays == "target"]
    target = _target(names, terms, column, ready)
    there = {t["period"] for t in terms}
    earlier = dict.fromkeys((p for p in _of_span(column, ready)[:-1] if p in there), Fraction(0))
    return _made_months(earlier, plan.modifiers, (plan.name, ""), target, seen, ready)


def _made_months(
    exact: Mapping[str, Fraction],
    modifiers: Sequence[Modifier],
    key: tuple[str, str],
    target: int,
    seen: Mapping[int, Mapping[str, Seen]],
    ready: Ready,
) -> tuple[Month, ...]:
    ends = dict(ready.periods.select("period", "period_end").iter_rows())
    numbers = [ready.looks.get((*key, n)) for n in range(len(modifiers))]
    return tuple(
        Month(
            end=ends[period],
            exact=exact.get(period, Fraction(0)),
            target=target,
            seen=tuple(
                (0, 0) if n is None else seen.get(n, {}).get(period, (0, 0)) for n in numbers
            ),
        )
        for period in [*exact, ready.period]
    )


def _target(names: Sequence[str], terms: Sequence[Row], column: str, ready: Ready) -> int:
    """The target of some components over the windows that end in a span [ticks]."""
    span = set(_of_span(column, ready))
    windows: dict[tuple[str, str], tuple[str, int]] = {}
    for term in terms:
        if term["component"] in names:
            key = (term["component"], term["window"])
            windows[key] = (term["period"], max(term["target"] or 0, windows.get(key, ("", 0))[1]))
    return sum(target for last, target in windows.values() if last in span)
