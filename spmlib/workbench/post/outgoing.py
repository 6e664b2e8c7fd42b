"""Outgoing: documents put together by person, and those that may not go, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from spmlib.core.documents import Document
from spmlib.workbench.post import folders, messages, written
from spmlib.workbench.post.addresses import Person, reason_not_to, shared
from spmlib.workbench.post.claims import Errand
from spmlib.workbench.post.messages import NotTheirs
from spmlib.workbench.post.smtp import FAILED, Reply
from spmlib.workbench.post.written import Mail

HandIn = Callable[[str, bytes], Reply]


@dataclass(frozen=True)
class Letter:
    """What goes to one person together."""

    person: Person
    files: tuple[Document, ...]

    @property
    def delivery_id(self) -> str:
        """What names it."""
        return self.files[0].delivery_id


@dataclass(frozen=True)
class Held:
    """What may not go."""

    delivery_id: str
    reason: str


def together(documents: Iterable[Document]) -> dict[str, tuple[Document, ...]]:
    """Documents by delivery, in the order of their first.

    Raises:
        NotTheirs: two files of one delivery have one name.
    """
    made: dict[str, tuple[Document, ...]] = {}
    for one in documents:
        made[one.delivery_id] = (*made.get(one.delivery_id, ()), one)
    for name, files in made.items():
        if len({file.name.casefold() for file in files}) < len(files):
            raise NotTheirs(f"{name}: two of its files have one name; give each its own.")
    return made


def sorted_out(
    documents: Iterable[Document],
    people: Mapping[str, Person],
    mail: Mail,
    day: date,
    by_mail: bool = True,
) -> tuple[list[Letter], list[Held]]:
    """What goes to whom, and what is held back.

    Args:
        documents: whoever made them.
        people: everybody, by id; also those who get nothing now, since an address may be theirs.
        mail: what the company decides.
        day: the day.
        by_mail: whether addresses are needed.
    """
    twice = shared(people.values())
    gone_on = day if mail.leavers == "hold" else None
    letters, held = [], []
    for name, files in together(documents).items():
        person = people.get(files[0].payee_id)
        why = "" if person or by_mail else "nobody has this payee_id"
        if by_mail:
            why = reason_not_to(person, twice, mail.shared_addresses, mail.domains, gone_on)
            if not why and written.text_of(mail, files[0].document, files[0].language) is None:
                why = f"mail.yaml has no text for a {files[0].document}"
        if why or person is None:
            held.append(Held(name, why))
        else:
            letters.append(Letter(person, files))
    return letters, held


def mailed(letter: Letter, mail: Mail, moment: datetime, hand_in: HandIn) -> Errand:
    """The errand of a letter that goes by mail."""
    first, person = letter.files[0], letter.person
    name = messages.message_id(letter.delivery_id, mail.sender[1])

    def go() -> Reply:
        try:
            made = content(letter, mail, moment)
        except (NotTheirs, ValueError) as error:
            return Reply(FAILED, str(error))
        return hand_in(person.address, made)

    row = {**about(letter), "message_id": name, "language": first.language}
    return Errand(letter.delivery_id, (row,), person.address, "sending", "sent", go)


def put(letter: Letter, folder: Path) -> Errand:
    """The errand of a letter that is written into a folder."""

    def go() -> Reply:
        return folders.put(folder, letter.files)

    row = about(letter)
    return Errand(letter.delivery_id, (row,), str(folder), "sending", "sent", go)


def content(letter: Letter, mail: Mail, moment: datetime) -> bytes:
    """The message of a letter."""
    first = letter.files[0]
    said = written.text_of(mail, first.document, first.language)
    if said is None:
        raise NotTheirs(f"mail.yaml: there is no text for a {first.document}; write one.")
    words = {"name": letter.person.name, "of": first.of, "version": first.version}
    words |= {"document": first.document, "days": "", "people": ""}
    return messages.message(
        mail.sender,
        mail.reply_to,
        letter.person,
        written.filled(said.subject, **words),
        written.filled(said.text, **words),
        letter.delivery_id,
        moment,
        letter.files,
    )


def about(letter: Letter) -> dict[str, Any]:
    """What the register keeps of a letter."""
    first = letter.files[0]
    return {
        "delivery_id": letter.delivery_id,
        "document": first.document,
        "of": first.of,
        "version": first.version,
        "payee_id": first.payee_id,
        "files": files(letter),
    }


def files(letter: Letter) -> dict[str, str]:
    """The hash of each of its files, by name."""
    return {file.name: file.sha256 for file in letter.files}
