"""What the oracle works with: a person's plan, calendar and credits, and the lines it writes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from tests.oracles import curves, goals
from tests.oracles.deals import Deal
from tests.oracles.goals import Credit, Period, Person, Value
from tests.oracles.reading import Component, Plan, Row, in_force

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Line:
    """A line of the receipt."""

    component: str | None  # None: a modifier of the whole plan
    window: str
    period: str
    kind: str  # credit, restatement, prize, clawback, gate, multiplier, cap or floor
    number: int  # a modifier's place in the order written, from 1
    transaction: str | None
    amount: Fraction
    event: str = ""  # the cancellation that it comes from; empty: the booking itself


@dataclass(frozen=True)
class Desk:
    """All that is needed to work out one person's pay under one plan."""

    plan: Plan
    person: Person
    calendar: list[Period]
    places: int  # decimals of the currency: JPY 0, USD 2, KWD 3
    ratios: frozenset[str] = frozenset()  # measures with `per`
    units: frozenset[str] = frozenset()  # measures that sum a quantity or a count, not money
    prizes: dict[tuple[str, str], Fraction] = field(default_factory=dict)  # component and window
    deals: dict[str, Deal] = field(default_factory=dict)  # by transaction
    cancellations_count: bool = True  # whether the crediting rules credit them

    def held(self, period: Period) -> bool:
        """Whether the person holds the plan in the period, if only for a day."""
        return bool(goals.held_days(self.person, self.plan.name, period.start, period.end))

    def windows(self, accumulate: str) -> list[list[Period]]:
        """The calendar, window by window."""
        names = list(dict.fromkeys(p.window(accumulate) for p in self.calendar))
        return [[p for p in self.calendar if p.window(accumulate) == name] for name in names]

    def year(self, window: list[Period]) -> list[Period]:
        """The periods of the window's year."""
        return [p for p in self.calendar if p.year == window[0].year]

    def quota(self, measure: str, proration: str, window: list[Period], until: date) -> Fraction:
        """The quota of the window up to a day."""
        return goals.quota(
            self.person,
            self.plan.name,
            measure,
            proration,
            self.calendar,
            window[0].start,
            until,
            4 if measure in self.units else self.places,
        )

    def target(self, c: Component | None, over: str, window: list[Period]) -> Fraction:
        """The target incentive of a stretch of windows: the component's, or all components'."""
        parts = [c] if c else [part for part in self.plan.components if part.pays == "target"]
        inside = [
            (part, within)
            for part in parts
            for within in self.windows(
                over if part.accumulate == "transaction" else part.accumulate
            )
            if window[0].start <= within[0].start and within[-1].end <= window[-1].end
        ]
        return sum((self._target(part, within) for part, within in inside), NOTHING)

    def _target(self, c: Component, window: list[Period]) -> Fraction:
        return goals.target(
            self.person,
            self.plan.name,
            c.proration,
            c.accumulate,
            c.weight,
            window,
            self.year(window),
            self.places,
        )


def earned(found: list[Line], period: str) -> Fraction:
    """What the lines of a period add up to."""
    return sum((line.amount for line in found if line.period == period), NOTHING)


def counted(desk: Desk, c: Component, start: date, end: date) -> list[Credit]:
    """The credits that count for the component in a stretch, in order, limited by the windfall."""
    credits = [
        replace(k, values={c.measure: _limited(c, k.values[c.measure], k.day)})
        for k in desk.person.credits
        if c.measure in k.values and start <= k.day < end
        if desk.person.held(desk.plan.name, k.day)
    ]
    return sorted(credits, key=lambda k: (k.day, k.transaction, k.event))


def _limited(c: Component, value: Value, day: date) -> Value:
    if not c.windfall or isinstance(value, tuple):
        return value
    most = in_force(c.windfall, day).value
    return max(-most, min(most, value))


def plain(value: Value) -> Fraction:
    assert isinstance(value, Fraction), "a component counts a sum, not a ratio"
    return value


def second(
    desk: Desk, words: dict[str, str], proration: str, window: list[Period], period: Period
) -> Fraction | None:
    """The value of a second measure in the window to date, over what `of` says, if it has one."""
    measure, of = words["measure"], words.get("of", "none")
    values = [
        k.values[measure]
        for k in desk.person.credits
        if measure in k.values and window[0].start <= k.day < period.end
        if desk.person.held(desk.plan.name, k.day)
    ]
    tops = [v[0] if isinstance(v, tuple) else v for v in values]
    bottom = Fraction(1)
    if measure in desk.ratios:
        bottom = sum((v[1] for v in values if isinstance(v, tuple)), NOTHING)
    if of != "none":
        until = window[-1].end if of == "quota" else period.end
        bottom = desk.quota(measure, proration, window, until)
        if bottom <= 0:
            return None
    return sum(tops, NOTHING) / bottom if bottom > 0 else None


def chosen(rows: list[Row], value: Fraction | None, boundary: str) -> list[Row]:
    """The rows of a matrix that hold at the second measure's value."""
    whens = sorted({row.when for row in rows if row.when is not None})
    when = whens[0 if value is None else curves.reached(whens, value, boundary)]
    return [row for row in rows if row.when == when]
