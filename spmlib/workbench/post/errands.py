"""Errands: messages that go out once each, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from spmlib.core.ledger import Ledger
from spmlib.core.registers import Rows
from spmlib.workbench.post import claims, progress
from spmlib.workbench.post.claims import Errand
from spmlib.workbench.post.smtp import FAILED, UNKNOWN, Reply, Unreachable

HELD = "held"


@dataclass(frozen=True)
class Outcome:
    """What became of an errand: sent, failed, unknown, or held: it may not go."""

    errand: Errand
    reply: Reply


def run(
    book: Ledger,
    errands: Sequence[Errand],
    batch: int,
    by: str,
    now: Callable[[], str],
    again: bool = False,
    brought: Rows | None = None,
) -> Iterator[Outcome]:
    """Do errands, each once; yields what became of each as it goes.

    Args:
        book: the register.
        errands: in their order.
        batch: how many are claimed together; one by one where no progress can be kept.
        by: who sends.
        now: the moment, ISO 8601.
        again: whether what has left, or may have, goes out once more.
        brought: what is known beside the register, as its rows.

    Raises:
        Unreachable: there is no server any more; what had not gone is on record as failed.
    """
    size = batch if progress.lasting(book) else 1
    waiting = iter(errands)
    with progress.begun(book) as kept:
        while part := list(islice(waiting, size)):
            told = claims.claimed(book, part, kept.run, by, now(), again, brought or [])
            yield from (Outcome(one, Reply(HELD, why)) for one, why in told if why)
            mine = [one for one, why in told if not why]
            if mine:
                yield from _done(book, mine, kept, by, now)
    progress.done(book, kept.run)


def _done(
    book: Ledger,
    mine: Sequence[Errand],
    kept: progress.Progress,
    by: str,
    now: Callable[[], str],
) -> Iterator[Outcome]:
    """Do what was claimed, and record what became of it, also where the run has to stop."""
    became: dict[str, tuple[str, str]] = {}
    try:
        for one in mine:
            kept.write(one.key, progress.BEGAN)
            became[one.key] = (UNKNOWN, claims.NOBODY)
            try:
                reply = one.go()
            except Unreachable as error:
                became[one.key] = (FAILED, str(error))
                kept.write(one.key, *became[one.key])
                raise
            became[one.key] = (reply.outcome, reply.said)
            kept.write(one.key, *became[one.key])
            yield Outcome(one, reply)
    finally:
        claims.settle(book, kept.run, by, now(), became)
