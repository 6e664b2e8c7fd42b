"""Sending: what is made goes to whom it belongs to, once, and it is on record that it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from spmlib.core import engine, registers
from spmlib.core.documents import Document
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Ledger
from spmlib.incent.distribution import moves
from spmlib.workbench import closes, deliveries
from spmlib.workbench.opened import Workbench
from spmlib.workbench.post import addresses, claims, errands, outgoing, reminders
from spmlib.workbench.post.addresses import Person
from spmlib.workbench.post.claims import Errand
from spmlib.workbench.post.errands import Outcome
from spmlib.workbench.post.outgoing import Held, Letter
from spmlib.workbench.post.smtp import Post
from spmlib.workbench.post.written import Mail


@dataclass(frozen=True)
class Ready:
    """What would go, what may not, and what has gone."""

    letters: list[Letter]
    held: list[Held]
    gone: list[Held]  # sent before, or nobody knows


def ready(
    bench: Workbench,
    book: Ledger,
    mail: Mail,
    documents: Iterable[Document],
    day: date,
    by_mail: bool = True,
    again: bool = False,
) -> Ready:
    """What of some documents would go, as the register stands.

    Args:
        bench: the company.
        book: the register of deliveries.
        mail: what the company decides of its post.
        documents: as their makers made them.
        day: the day.
        by_mail: by mail, else into a folder.
        again: also what has left, or may have.
    """
    letters, held = outgoing.sorted_out(documents, people(bench), mail, day, by_mail)
    known = [*deliveries.before(bench), *registers.rows(book)]
    last = moves.lasts(known)
    files = {row["delivery_id"]: row["files"] for row in known if row.get("files")}
    fresh, gone = [], []
    for letter in letters:
        before = last.get(letter.delivery_id, "")
        if "sending" in moves.permitted(before, again):
            fresh.append(letter)
        else:
            other = files.get(letter.delivery_id, outgoing.files(letter)) != outgoing.files(letter)
            gone.append(Held(letter.delivery_id, _why(before, other)))
    return Ready(fresh, held, gone)


def posted(
    bench: Workbench,
    book: Ledger,
    mail: Mail,
    letters: Sequence[Letter],
    by: str,
    again: bool = False,
) -> Iterator[Outcome]:
    """Send letters by mail; yields what became of each.

    Raises:
        ParameterError: the company sends no mail.
        Unreachable: the server cannot be spoken to.
    """
    moment = datetime.now(UTC).replace(microsecond=0)
    if not letters:
        return
    yield from _handed_in(
        bench,
        book,
        mail,
        lambda post: [outgoing.mailed(one, mail, moment, post.hand_in) for one in letters],
        by,
        again,
    )


def put(
    bench: Workbench,
    book: Ledger,
    mail: Mail,
    letters: Sequence[Letter],
    folder: Path,
    by: str,
    again: bool = False,
) -> Iterator[Outcome]:
    """Write letters into a folder, each person's into one of their own."""
    made = [outgoing.put(one, folder) for one in letters]
    brought = deliveries.before(bench)
    yield from errands.run(book, made, mail.pace.batch, by, closes.now, again, brought)


def chased(
    bench: Workbench,
    book: Ledger,
    mail: Mail,
    rows: Sequence[Mapping[str, Any]],
    day: date,
    by: str,
) -> Iterator[Outcome]:
    """Remind people, as rows of `Deliveries` say; yields what became of each reminder.

    Raises:
        ParameterError: the company sends no mail.
        Unreachable: the server cannot be spoken to.
    """
    moment = datetime.now(UTC).replace(microsecond=0)

    def made(post: Post) -> list[Errand]:
        return reminders.errands(rows, people(bench), mail, day, moment, post.hand_in)[0]

    if made(Post(mail)):
        yield from _handed_in(bench, book, mail, made, by)


def people(bench: Workbench) -> dict[str, Person]:
    """Everybody who may get post, by id."""
    return addresses.by_id(engine.collected(bench.company.payees).to_dicts())


def uncertain(book: Ledger, by: str) -> list[str]:
    """The deliveries of which nobody knows, once what ended runs left open is settled."""
    return claims.settle_others(book, by, closes.now())


def _handed_in(
    bench: Workbench,
    book: Ledger,
    mail: Mail,
    made: Callable[[Post], list[Errand]],
    by: str,
    again: bool = False,
) -> Iterator[Outcome]:
    if not mail.send:
        right = "write `send: yes` into policies/mail.yaml, or give a folder"
        raise ParameterError(f"mail.yaml: it says `send: no`; {right}.")
    brought = deliveries.before(bench)
    with Post(mail) as post:  # nothing is claimed before the server has taken the login
        yield from errands.run(book, made(post), mail.pace.batch, by, closes.now, again, brought)


def _why(before: str, other: bool) -> str:
    if before in claims.ENDS:
        return claims.UNSURE
    changed = ", but says something else now: it needs a version of its own" if other else ""
    return f"it was {before} already{changed}"
