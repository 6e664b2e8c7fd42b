"""Prizes of a ranking: people placed by what they were credited, ties sharing their places."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from tests.oracles.desk import Desk, counted, plain
from tests.oracles.goals import Period, Person
from tests.oracles.reading import Component, Plan, in_force

Prizes = dict[tuple[str, str], Fraction]  # by component and window


def prizes(
    plan: Plan, people: list[Person], calendar: list[Period], places: int
) -> dict[str, Prizes]:
    """What each person won, by component and window."""
    won: dict[str, Prizes] = {person.name: {} for person in people}
    for c in plan.components:
        if c.thresholds == "place":
            desks = [Desk(plan, person, calendar, places) for person in people]
            for window in Desk(plan, people[0], calendar, places).windows(c.accumulate):
                for name, prize in _of_window(c, desks, window, places).items():
                    won[name][c.name, window[-1].window(c.accumulate)] = prize
    return won


def _of_window(
    c: Component, desks: list[Desk], window: list[Period], places: int
) -> dict[str, Fraction]:
    credited = {}
    for desk in desks:
        found = counted(desk, c, window[0].start, window[-1].end)
        total = sum((plain(k.values[c.measure]) for k in found), Fraction(0))
        if total > 0 and desk.person.held(desk.plan.name, window[-1].last):
            credited[desk.person.name] = total
    rows = [(row.start, row.value) for row in in_force(c.tables, window[-1].last)]
    won, place = {}, 1
    for total in sorted(set(credited.values()), reverse=True):
        tied = sorted(name for name in credited if credited[name] == total)
        taken = range(place, place + len(tied))
        purse = sum((_amount(rows, n) for n in taken), Fraction(0))
        won.update(_shared(tied, purse, places))
        place += len(tied)
    return won


def _amount(rows: list[tuple[Fraction, Fraction]], place: int) -> Fraction:
    """The amount of a place: that of its own row; a place that no row names has none."""
    return sum((amount for row, amount in rows if row == place), Fraction(0))


def _shared(tied: list[str], purse: Fraction, places: int) -> dict[str, Fraction]:
    """Equal shares of the purse in whole minor units; what is left over goes to the first."""
    units = floor(purse * 10**places)
    each, over = divmod(units, len(tied))
    return {name: Fraction(each + (i < over), 10**places) for i, name in enumerate(tied)}
