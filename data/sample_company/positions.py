"""Positions: each stint in a seat, cut where pay is raised or the manager changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from .days import END, number, written
from .draws import rounded
from .organisation import Seat, reports, seats
from .people import People, Stint

RAISES = {date(2025, 1, 1): 1030, date(2026, 1, 1): 1035}  # thousandths of last year's pay
CHANNEL_RATES = (70, 75, 65, 80, 60, 75)  # personal commission rates, thousandths


def positions(firm: People) -> dict[str, Sequence[object]]:
    """The table of positions: a stint is cut where pay is raised or the manager changes."""
    rows = [row for stint in firm.stints for row in _rows(firm, stint)]
    columns = (
        "payee_id start_date end_date role team manager_id territory_id plan "
        "target_incentive base_pay commission_rate status"
    )
    return {
        name: list(column)
        for name, column in zip(columns.split(), zip(*rows, strict=True), strict=True)
    }


def _rows(firm: People, stint: Stint) -> list[tuple[object, ...]]:
    seat = stint.seat
    cuts = {stint.start, *(day for day in _changes(firm, seat) if stint.start < day < stint.end)}
    days = [*sorted(cuts), stint.end]
    told = [(day, manager(firm, seat, day), _raised(seat, day)) for day in days[:-1]]
    kept = [
        now
        for before, now in zip([None, *told], told, strict=False)
        if not before or before[1:] != now[1:]
    ]
    starts = np.array([day for day, *_ in kept] + [stint.end if stint.end < END else -1])
    texts = written(starts)
    return [
        (firm.id(stint.person), texts[i], texts[i + 1], seat.role, seat.team, manager,
         seat.territory, seat.plan, target, base, _personal(firm, stint), stint.status)
        for i, (_, manager, (base, target)) in enumerate(kept)
    ]  # fmt: skip


def _changes(firm: People, seat: Seat) -> set[int]:
    """Days on which a seat's pay or manager may change."""
    raises = {number(day) for day in RAISES}
    return (
        raises
        | {day for stint in firm.stints for day in (stint.start, stint.end)}
        | set(reports(seat))
    )


def manager(firm: People, seat: Seat, day: int) -> str:
    """The person reported to on a day; while the manager's seat is empty, the one above."""
    above = seat.manager
    for since, boss in reports(seat).items():
        above = boss if since <= day else above
    if above == "-":
        return ""
    for stint in firm.stints:
        if stint.seat.key == above and stint.start <= day < stint.end:
            return firm.id(stint.person)
    return manager(firm, seats()[above], day)


def _raised(seat: Seat, day: int) -> tuple[int, int]:
    """Base pay and target incentive on a day, in steps of 100."""
    pay = [seat.base, seat.target]
    step = 10_000 if seat.base > 10**6 else 100
    for since, raised in RAISES.items():
        if number(since) <= day:
            pay = [int(rounded(part * raised // 1000, step)) for part in pay]
    return pay[0], pay[1]


def _personal(firm: People, stint: Stint) -> str:
    if stint.seat.plan != "channel_sales":
        return ""
    rate = CHANNEL_RATES[stint.person % len(CHANNEL_RATES)]
    return f"0.{rate:03d}"
