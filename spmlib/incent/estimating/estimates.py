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
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY
from spmlib.incent.estimating import asking, counted, untold
from spmlib.incent.estimating.asking import Asked
from spmlib.incent.estimating.deals import Deal, rows
from spmlib.incent.estimating.left import Seen
from spmlib.incent.estimating.outcomes import Earned, earned
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.shared import parted
from spmlib.incent.estimating.standings import Held, Standing
from spmlib.incent.estimating.taken import standing
from spmlib.incent.estimating.walks import Line
from spmlib.rules.plans import Component

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
        return asking.asked(self.standing.ready, [self.payee_id])

    @property
    def payee_id(self) -> str:
        """Who it is."""
        return self.standing.payee_id


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
    return Payee(stands, earned(stands, {}, {}))


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
    after = earned(stands, lines, more)
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
