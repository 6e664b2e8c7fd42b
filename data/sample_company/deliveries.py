"""Deliveries: this year's plan documents and statements on their way to whoever they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .days import END, MONTH, month_start, written
from .draws import Draws, Whole
from .people import People

Columns = Mapping[str, Sequence[object]]
Move = tuple[int, str, str]  # day, what, why

FIRST = month_start((2026 - 1970) * 12)  # plans of the year were sent in its January
SENT, STATEMENT = 11, 7  # plans: days into January; statements: working days into the next month
AFTER, EVERY, ESCALATE, MOST = 7, 7, 2, 4  # as parameters/policies/mail.yaml says
ANSWERS = (78, 11, 5, 3, 3)  # at once, after a reminder, after two, after the manager's word, never
QUICK = (22, 26, 20, 14, 10, 5, 3)  # after how many days, of those who answer at once
BOUNCED = 9  # statements of a thousand
MAILBOX = "550 5.2.2 mailbox full"


def deliveries(people: People, positions: Columns) -> Columns:
    """The table of what happened to documents on their way, up to the last day."""
    rows = [*_plans(people, positions), *_statements(positions)]
    rows = sorted(row for row in rows if row[0] < END)
    day = np.array([row[0] for row in rows], np.int64)
    told = list(zip(*rows, strict=True))
    return {
        "move_id": [f"M{n:05d}" for n in range(1, len(rows) + 1)],
        "payee_id": list(told[4]),
        "document": list(told[2]),
        "of": list(told[3]),
        "version": list(told[5]),
        "move": list(told[6]),
        "move_date": written(day),
        "number": [str(n) for n in told[1]],
        "by": list(told[7]),
        "reason": list(told[8]),
    }


Row = tuple[int, int, str, str, str, str, str, str, str]


def _plans(people: People, positions: Columns) -> Iterator[Row]:
    """A document for each person and plan held this year, and what became of it."""
    gone = {people.id(p): day for p, day in enumerate(people.left) if day}
    held = sorted(_held(positions).items())
    answers = _answers(Draws("plan documents"), len(held))
    for ((payee, plan), start), answer in zip(held, answers.tolist(), strict=True):
        day = _working(max(start, int(FIRST) + SENT))
        last = gone.get(payee, END)
        for place, (when, what, why) in enumerate(_course(day, answer), 1):
            if when < last:
                by = payee if what == "acknowledged" else "sales compensation"
                yield (when, place, "plan", plan, payee, "2026-01-01", what, by, why)


def _statements(positions: Columns) -> Iterator[Row]:
    """A statement for each paid person and month, sent early in the next; a few came back."""
    draws = Draws("statements")
    for month in range((2026 - 1970) * 12 - 1, int(MONTH[-1])):
        there = sorted(_paid(positions, int(month_start(month + 1)) - 1))
        day = int(
            np.busday_offset(
                month_start(month + 1).astype("datetime64[D]"), STATEMENT, roll="forward"
            ).astype(np.int64)
        )
        period = str(np.datetime64(month, "M"))
        back = draws.chance(BOUNCED, len(there))
        for payee, came_back in zip(there, back.tolist(), strict=True):
            moves = [(day, "sent", "")]
            if came_back:
                moves += [(day, "bounced", MAILBOX), (_working(day + 2), "sent", "sent again")]
            for place, (when, what, why) in enumerate(moves, 1):
                by = "mail server" if what == "bounced" else "sales compensation"
                yield (when, place, "statement", period, payee, "1", what, by, why)


def _course(day: int, answer: int) -> Iterator[Move]:
    """A plan document's moves: sent, reminded until answered; answer below 0: never."""
    yield day, "sent", ""
    for place in range(MOST):
        when = day + AFTER + EVERY * place
        if 0 <= answer <= when - day:
            break
        yield when, "escalated" if place >= ESCALATE else "chased", ""
    if answer >= 0:
        yield day + answer, "acknowledged", ""


def _answers(draws: Draws, size: int) -> Whole:
    """After how many days each is acknowledged; -1: never."""
    kind, quick = draws.chosen(ANSWERS, size), draws.chosen(QUICK, size)
    later = AFTER + EVERY * (kind - 1) + draws.between(1, 5, size)
    answer = np.where(kind == 0, quick, later)
    return np.where(kind == len(ANSWERS) - 1, -1, answer)


def _held(positions: Columns) -> dict[tuple[str, str], int]:
    """Who holds which plan in the year, and since when [days since 1970]."""
    found: dict[tuple[str, str], int] = {}
    for payee, plan, start, end in _stretches(positions):
        if plan and end > FIRST:
            key = (payee, plan)
            found[key] = min(found.get(key, END), start)
    return found


def _paid(positions: Columns, day: int) -> set[str]:
    """Who holds a plan on a day."""
    return {p for p, plan, start, end in _stretches(positions) if plan and start <= day < end}


def _stretches(positions: Columns) -> Iterator[tuple[str, str, int, int]]:
    names = ("payee_id", "plan", "start_date", "end_date")
    for payee, plan, start, end in zip(*(positions[name] for name in names), strict=True):
        yield str(payee), str(plan), _number(start), _number(end) if end else END


def _number(day: object) -> int:
    return int(np.datetime64(str(day), "D").astype(np.int64))


def _working(day: int) -> int:
    """The day, or the next on which people work."""
    return int(np.busday_offset(np.datetime64(day, "D"), 0, roll="forward").astype(np.int64))
