"""Claims: what is to go is put on record first, so that of two who send at once one does.

What a run that ended in the middle left open is settled by the next: what its file says was sent is
sent, what it had not begun failed and may go now, and what was under way is named and left alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spmlib.core import registers
from spmlib.core.ledger import Ledger
from spmlib.core.registers import Rows
from spmlib.incent.distribution import moves
from spmlib.workbench.post import progress
from spmlib.workbench.post.smtp import FAILED, SENT, Reply

ENDS = {"sending": ("sent", "failed"), "chasing": ("chased", "not_chased")}  # of each claim
ENDED = "the run ended before its turn"
NOBODY = "the run ended while it was under way; nobody knows whether it arrived"

UNSURE = "somebody sends it now, or nobody knows whether it left; ask, then say --again"


@dataclass(frozen=True)
class Errand:
    """One message to one address or folder, and the deliveries it is about."""

    key: str  # what names it in a run
    rows: tuple[Mapping[str, Any], ...]  # the register's, without the move
    to: str
    claim: str  # sending, chasing
    done: str  # sent, chased, escalated
    go: Callable[[], Reply]


class _Nothing(Exception):
    """There is nothing to record."""


def claimed(
    book: Ledger,
    errands: Sequence[Errand],
    run: str,
    by: str,
    when: str,
    again: bool,
    brought: Rows,
) -> list[tuple[Errand, str]]:
    """Claim errands together; each with why it may not go, empty where it may."""
    told: list[tuple[Errand, str]] = []

    def made(known: Rows) -> Rows:
        last = moves.lasts([*brought, *known])
        told.clear()
        rows: Rows = []
        for one in errands:
            told.append((one, _refused(one, last, again)))
            if not told[-1][1]:
                rows += claim_rows(one, run, by)
                last |= {row["delivery_id"]: one.claim for row in one.rows}
        return rows

    _record(book, "claimed", made, when)
    return told


def claim_rows(one: Errand, run: str, by: str) -> Rows:
    """The rows by which a run says that an errand is its own."""
    own = {"move": one.claim, "by": by, "to": one.to, "run": run, "key": one.key, "done": one.done}
    return [{**row, **own} for row in one.rows]


def settle(
    book: Ledger, run: str, by: str, when: str, became: Mapping[str, tuple[str, str]]
) -> None:
    """Record what became of all that a run claimed and is still open.

    Args:
        book: the register.
        run: which one.
        by: who says so.
        when: the moment, ISO 8601.
        became: by key: began, sent, failed or unknown, and what was said; a key that is missing was
            not begun.
    """

    def made(known: Rows) -> Rows:
        mine = [row for row in opened(known) if row.get("run") == run and not row.get("reason")]
        return [_end(row, *became.get(row["key"], (FAILED, ENDED)), by) for row in mine]

    _record(book, "settled", made, when)


def settle_others(book: Ledger, by: str, when: str) -> list[str]:
    """Settle what runs that are over left open; returns the deliveries that nobody knows of."""
    runs = {row["run"] for row in opened(registers.rows(book)) if row.get("run")}
    for run in sorted(runs):
        with progress.left(book, run) as became:
            if became is not None:
                settle(book, run, by, when, became)
    return uncertain(registers.rows(book))


def opened(known: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The last claim of each delivery that no run and nobody has settled."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in known:
        if row["move"] in ENDS:
            found[row["delivery_id"]] = row
        elif row["move"] in ("sent", "failed", "chased", "not_chased", "escalated"):
            found.pop(row["delivery_id"], None)
    return list(found.values())


def uncertain(known: Rows) -> list[str]:
    """The deliveries of which nobody knows whether they, or their reminder, left."""
    last = moves.lasts(known)
    return sorted(name for name, move in last.items() if move in ENDS)


def _refused(one: Errand, last: Mapping[str, str], again: bool) -> str:
    for row in one.rows:
        before = last.get(row["delivery_id"], "")
        if one.claim not in moves.permitted(before, again):
            return UNSURE if before in ENDS else f"it was {before} already"
    return ""


def _end(row: Mapping[str, Any], outcome: str, said: str, by: str) -> dict[str, Any]:
    """The row that ends a claim; one that nobody knows the end of stays open, saying so."""
    done, failed = row["done"], ENDS[row["move"]][1]
    move = done if outcome == SENT else failed if outcome == FAILED else row["move"]
    reason = said or (NOBODY if move in ENDS else "")
    kept = {name: value for name, value in row.items() if name not in ("entry", "recorded")}
    return {**kept, "move": move, "by": by, "reason": reason}


def _record(book: Ledger, kind: str, made: Callable[[Rows], Rows], when: str) -> None:
    """Record rows, if there are any."""

    def some(known: Rows) -> Rows:
        rows = made(known)
        if not rows:
            raise _Nothing
        return rows

    with contextlib.suppress(_Nothing):
        registers.record(book, kind, some, when)
