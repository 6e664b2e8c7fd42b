"""Deliveries: plan documents, quota letters and statements on their way to whoever they are for."""

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
QUOTAS = (("account_executive", "account_manager"), "2026-Q4", "2026-10-12")  # whose, of, sent
BOUNCED = 9  # statements of a thousand
MAILBOX = "550 5.2.2 mailbox full"


def deliveries(people: People, positions: Columns) -> Columns:
    """The table of what happened to documents on their way, up to the last day."""
    rows = [*_plans(people, positions), *_quotas(people, positions), *_statements(positions)]
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
    held = sorted(_held(positions).items())
    answers = _answers(Draws("plan documents"), len(held))
    for ((payee, plan), start), answer in zip(held, answers.tolist(), strict=True):
        day = _working(max(start, int(FIRST) + SENT))
        yield from _letter(people, ("plan", plan, payee, "2026-01-01"), day, answer)


def _quotas(people: People, positions: Columns) -> Iterator[Row]:
    """A letter for each who sells to accounts, with the quota of the last quarter."""
    plans, of, sent = QUOTAS
    day = _number(sent)
    there = sorted(_paid(positions, day, plans))
    answers = _answers(Draws("quota letters"), len(there))
    for payee, answer in zip(there, answers.tolist(), strict=True):
        yield from _letter(people, ("quota", of, payee, "1"), day, answer)


def _letter(
    people: People, named: tuple[str, str, str, str], day: int, answer: int
) -> Iterator[Row]:
    """A letter's moves until its person left: document, of, payee, version as named."""
    gone = {people.id(p): left for p, left in enumerate(people.left) if left}
    for place, (when, what, why) in enumerate(_course(day, answer), 1):
        if when < gone.get(named[2], END):
            by = named[2] if what == "acknowledged" else "sales compensation"
            yield (when, place, *named, what, by, why)


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


def _paid(positions: Columns, day: int, plans: tuple[str, ...] = ("",)) -> set[str]:
    """Who holds a plan on a day, of those whose name begins so."""
    return {
        payee
        for payee, plan, start, end in _stretches(positions)
        if plan and plan.startswith(plans) and start <= day < end
    }


def _stretches(positions: Columns) -> Iterator[tuple[str, str, int, int]]:
    names = ("payee_id", "plan", "start_date", "end_date")
    for payee, plan, start, end in zip(*(positions[name] for name in names), strict=True):
        yield str(payee), str(plan), _number(start), _number(end) if end else END


def _number(day: object) -> int:
    return int(np.datetime64(str(day), "D").astype(np.int64))


def _working(day: int) -> int:
    """The day, or the next on which people work."""
    return int(np.busday_offset(np.datetime64(day, "D"), 0, roll="forward").astype(np.int64))
