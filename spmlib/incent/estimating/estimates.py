"""Estimates: what some deals would bring a person in a period, to the minor unit.

    ready = ready_(company, parameters, "2026-11")
    asked = payee(ready, "H1061")
    estimate(asked, [Deal("A", date(2026, 11, 20), 40_000, kind="new")]).change

The same curves, modifiers and roundings as the engine, for one person: were the deals booked, the
engine would pay this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY
from spmlib.incent.estimating import counted, untold
from spmlib.incent.estimating.counted import Asked
from spmlib.incent.estimating.deals import Deal, rows
from spmlib.incent.estimating.left import Effect, Month, Seen, effects
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.shared import parted
from spmlib.incent.estimating.standings import Held, Standing, standing, walked
from spmlib.incent.estimating.walks import Line, Walk
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Payee:
    """One person, ready to be asked what deals would bring."""

    standing: Standing
    without: Earned  # any deal

    @cached_property
    def asked(self) -> Asked:
        """For the person's credits."""
        return counted.asked(self.standing.ready, [self.payee_id])

    @property
    def payee_id(self) -> str:
        """Who it is."""
        return self.standing.payee_id


@dataclass(frozen=True)
class Part:
    """What one component comes to in the period.

    Attributes:
        walks: its windows that the period lies in; none of a ranking.
        effects: of its modifiers.
        amount: earned in the period, with them [minor units].
        months: of the window that its modifiers see, the period last.
        looked: what its matrix looks at: the first over the second.
    """

    component: Component
    walks: tuple[Walk, ...]
    effects: tuple[Effect, ...]
    amount: int
    months: tuple[Month, ...]
    looked: Seen = (0, 0)

    @property
    def earlier(self) -> list[tuple[int, int]]:
        """Before and after each modifier, at the end of the period before [minor units]."""
        return _before(of_component(self.component, self.months[:-1]), self.component.modifiers)


@dataclass(frozen=True)
class Whole:
    """What the modifiers of a whole plan see, and do.

    Attributes:
        plan: whose they are.
        effects: of each.
        months: that they see, the period last; none without modifiers.
    """

    plan: Plan
    effects: tuple[Effect, ...] = ()
    months: tuple[Month, ...] = ()

    @property
    def earlier(self) -> list[tuple[int, int]]:
        """Before and after each modifier, at the end of the period before [minor units]."""
        return _before(of_plan(self.plan, self.months[:-1]), self.plan.modifiers)


@dataclass(frozen=True)
class Earned:
    """What a person comes to in the period.

    Attributes:
        parts: by component.
        whole: what the whole plan's modifiers do.
        month: earned in the period [minor units].
    """

    parts: Mapping[str, Part]
    whole: Whole
    month: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Of the whole plan's modifiers."""
        return self.whole.effects


@dataclass(frozen=True)
class Estimate:
    """What deals would bring a person.

    Attributes:
        standing: where the person stands without them.
        deals: as asked.
        before, after: what the period comes to without and with them.
        untold: what is not estimated, in words.
    """

    standing: Standing
    deals: tuple[Deal, ...]
    before: Earned
    after: Earned
    untold: tuple[str, ...]

    @property
    def currency(self) -> str:
        """Of the plan."""
        return self.standing.plan.currency

    @property
    def month(self) -> tuple[Decimal, Decimal]:
        """Earned in the period, without and with the deals."""
        return self.money(self.before.month), self.money(self.after.month)

    @property
    def year(self) -> tuple[Decimal, Decimal]:
        """Earned in the year so far, without and with the deals."""
        without = self.standing.year + self.before.month
        return self.money(without), self.money(self.standing.year + self.after.month)

    @property
    def change(self) -> Decimal:
        """What the deals bring, in all."""
        return self.month[1] - self.month[0]

    def money(self, minor_units: int) -> Decimal:
        """Minor units as an amount."""
        return Decimal(minor_units).scaleb(-CURRENCIES[self.currency])


def payee(ready: Ready, payee_id: str) -> Payee:
    """A person, ready to be asked.

    Raises:
        ParameterError: nobody has the id, or the person holds no plan in the period.
    """
    stands = standing(ready, payee_id)
    return Payee(stands, _earned(stands, {}, {}))


def estimate(asked: Payee, deals: Sequence[Deal]) -> Estimate:
    """What deals would bring a person, were they booked in the period.

    Args:
        asked: of `payee`.
        deals: owned by the person, or by whoever they name.

    Returns:
        With the lines of every component, before and after.

    Raises:
        ParameterError: a deal's day lies outside the period; what it says is unknown; there is no
            rate for its currency.
    """
    stands = asked.standing
    own = tuple(_owned(deal, stands) for deal in deals)
    found = credited(asked.asked, own).filter_person(stands) if own else None
    if found is None or found.is_empty():
        told = untold.told(stands, own, found)
        return Estimate(stands, own, asked.without, asked.without, told)
    lines, more = _lines(found, stands), _more(found, stands)
    after = _earned(stands, lines, more)
    return Estimate(stands, own, asked.without, after, untold.told(stands, own, found))


@dataclass(frozen=True)
class Credited:
    """Credits of deals."""

    rows: pl.DataFrame

    def filter_person(self, stands: Standing) -> pl.DataFrame:
        """Those of one person under the plan of the standing."""
        import polars as pl

        number = stands.ready.work.who.plans.index(stands.plan.name)
        person = stands.ready.people[stands.payee_id]
        return self.rows.filter(pl.col("person") == person, pl.col("plan_number") == number)


def credited(of: Asked, deals: Sequence[Deal]) -> Credited:
    """The credits of some people with deals that are checked first.

    Raises:
        ParameterError: as `estimate`.
    """
    ready = of.ready
    checked(ready, deals)
    split = parted(deals, ready.parameters.crediting.policy)
    if not any(rule.kind == "split" for rule in ready.parameters.crediting.base):
        split = {}
    return Credited(counted.credits(of, rows(deals, ready.company), split))


def checked(ready: Ready, deals: Sequence[Deal]) -> None:
    """Refuse deals of other days, or of nobody.

    Raises:
        ParameterError: a deal's day lies outside the period, or nobody has its owner's id.
    """
    for deal in deals:
        if not ready.start <= deal.day < ready.end:
            raise ParameterError(
                f"{deal.deal_id} is of {deal.day}, and {ready.period} goes from {ready.start} "
                f"until {ready.end}; write a day within it."
            )
        if deal.owner_id not in ready.people:
            raise ParameterError(
                f"{deal.deal_id}: there is no payee '{deal.owner_id}'; write one of payees."
            )


def _owned(deal: Deal, stands: Standing) -> Deal:
    """A deal with its owner and currency, where it does not say them."""
    return replace(
        deal,
        owner_id=deal.owner_id or stands.payee_id,
        currency=deal.currency or stands.plan.currency,
    )


def _lines(found: pl.DataFrame, stands: Standing) -> dict[str, dict[int, list[Line]]]:
    """The lines of deals by component, and by number of its window."""
    measures = stands.ready.parameters.measures
    made: dict[str, dict[int, list[Line]]] = {name: {} for name in stands.held}
    for row in found.iter_rows(named=True):
        for name, held in stands.held.items():
            component = held.component
            if row[f"has {component.measure}"]:
                line = _line(row, component, measures[component.measure].sums, stands)
                made[name].setdefault(_window_of(held, line), []).append(line)
    return made


def _line(row: Mapping[str, Any], component: Component, sums: str, stands: Standing) -> Line:
    order = (row["transaction_id"], "", row["rule_number"], row["level"], row["origin"])
    value = _limited(row[sums], component, row["event_date"])
    seen = (0, 0)
    if component.matrix and component.alone and row[f"has {component.matrix.measure}"]:
        second = stands.ready.parameters.measures[component.matrix.measure]
        seen = (row[second.sums], row[second.per] if second.per else MONEY)
    return Line(row["event_date"], order, value, row["transaction_id"], seen)


def _limited(value: int, component: Component, day: Any) -> int:
    """No more than the windfall limit, as it stood when the segment of the day began."""
    started = [start for start in component.windfall if start <= day]
    if not started:
        return value
    most = int(component.windfall[max(started)] * MONEY)
    return max(-most, min(most, value))


def _window_of(held: Held, line: Line) -> int:
    """In which of the windows of the period a line falls: two where a table restarts."""
    starts = [window.terms for window in held.windows]
    now = held.stands["period"]
    begun = [
        n
        for n, terms in enumerate(starts)
        if min(t["segment_start"] for t in terms if t["period"] == now) <= line.day
    ]
    return max(begun, default=0)


def _more(found: pl.DataFrame, stands: Standing) -> dict[int, Seen]:
    """What deals add to what each rule looks at."""
    measures, plan = stands.ready.parameters.measures, stands.plan
    made: dict[int, Seen] = {}
    for (name, component, n), number in stands.ready.looks.items():
        if name != plan.name:
            continue
        of = plan.components[component] if component else None
        modifiers = of.modifiers if of else plan.modifiers
        measure = measures[
            of.matrix.measure if of and of.matrix and n < 0 else modifiers[n].measure
        ]
        own = found.filter(found[f"has {measure.name}"])
        base = int(own[measure.per].sum()) if measure.per else 0
        made[number] = (int(own[measure.sums].sum()), base)
    return made


def _earned(
    stands: Standing, lines: Mapping[str, Mapping[int, Sequence[Line]]], more: Mapping[int, Seen]
) -> Earned:
    """What the period comes to, with some lines more."""
    parts = {
        name: _part(held, lines.get(name, {}), more, stands) for name, held in stands.held.items()
    }
    month = sum(part.amount for part in parts.values())
    if not stands.plan.modifiers:
        return Earned(parts, Whole(stands.plan), month)
    months, total, made = stands.months[""], 0, []
    for one, period in zip(months[:-1], _earlier(stands), strict=True):
        total += stands.due.get(period, 0)
        made.append(replace(one, exact=Fraction(total)))
    last = replace(months[-1], exact=Fraction(total + month), seen=_looks("", stands, more))
    seen_months = (*made, last)
    found = of_plan(stands.plan, seen_months)
    whole = Whole(stands.plan, found, seen_months)
    return Earned(parts, whole, month + sum(effect.amount for effect in found))


def of_plan(plan: Plan, months: Sequence[Month]) -> tuple[Effect, ...]:
    """What a whole plan's modifiers do in the last of some months."""
    first = next(iter(plan.components.values()))
    if not months:
        return ()
    return tuple(effects(plan.modifiers, months, plan.currency, first.boundary or "upper"))


def _before(found: Sequence[Effect], modifiers: Sequence[Modifier]) -> list[tuple[int, int]]:
    return [(effect.before, effect.left) for effect in found] or [(0, 0)] * len(modifiers)


def _earlier(stands: Standing) -> list[str]:
    """The periods before this one that the plan's modifiers see."""
    ends = {row["period_end"]: row["period"] for row in stands.ready.periods.iter_rows(named=True)}
    return [ends[month.end] for month in stands.months[""][:-1]]


def _part(
    held: Held, lines: Mapping[int, Sequence[Line]], more: Mapping[int, Seen], stands: Standing
) -> Part:
    component, period = held.component, stands.ready.period
    walks: list[Walk] = []
    if component.thresholds == "place":
        amount = held.other
        fresh = Fraction(amount)
    else:
        seen = _look(component.name, -1, stands, more)
        walks = walked(held, lines, period, seen)
        amount = sum(walk.amount for walk in walks)
        fresh = sum((_fresh(walk, period) for walk in walks), Fraction(0))
        amount += held.other
    months = stands.months[component.name]
    to_date = (months[-2].exact if len(months) > 1 else Fraction(0)) + fresh
    last = replace(months[-1], exact=to_date, seen=_looks(component.name, stands, more))
    seen_months = (*months[:-1], last)
    found = of_component(component, seen_months)
    amount += sum(effect.amount for effect in found)
    looked = _look(component.name, -1, stands, more)
    return Part(component, tuple(walks), found, amount, seen_months, looked)


def of_component(component: Component, months: Sequence[Month]) -> tuple[Effect, ...]:
    """What a component's modifiers do in the last of some months."""
    boundary = component.boundary or "upper"
    if not months:
        return ()
    return tuple(effects(component.modifiers, months, component.currency, boundary))


def _fresh(walk: Walk, period: str) -> Fraction:
    """What the period adds to a window, exactly."""
    if walk.component.alone:
        return Fraction(walk.amount)
    ends = list(walk.exact.values())
    return ends[-1] - (ends[-2] if len(ends) > 1 else 0)


def _looks(component: str, stands: Standing, more: Mapping[int, Seen]) -> tuple[Seen, ...]:
    """What each modifier looks at, with the deals."""
    of = stands.held[component].component if component else stands.plan
    return tuple(_look(component, n, stands, more) for n in range(len(of.modifiers)))


def _look(component: str, n: int, stands: Standing, more: Mapping[int, Seen]) -> Seen:
    number = stands.number(component, n)
    if number is None:
        return (0, 0)
    value, base = stands.looked.get(number, (0, 0))
    added = more.get(number, (0, 0))
    return value + added[0], base + added[1]
