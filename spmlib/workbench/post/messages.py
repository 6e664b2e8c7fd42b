"""Messages: one for one person, with that person's documents and nothing else.

A message says the same to the byte whenever it is made again on the same moment, and its Message-ID
says which delivery it is: a second copy, sent after a crash, can be told from a second letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from spmlib.core.documents import Document, hidden
from spmlib.core.errors import SpmError
from spmlib.workbench.post.addresses import Person, wrong

POLICY = SMTP.clone(cte_type="7bit")  # servers need not know more


class NotTheirs(SpmError):
    """A document would go to somebody else."""


def message(
    sender: tuple[str, str],
    reply_to: str,
    person: Person,
    subject: str,
    text: str,
    about: str,
    moment: datetime,
    files: Sequence[Document] = (),
) -> bytes:
    """A message, as it goes over the wire.

    Args:
        sender: name and address.
        reply_to: the address answers go to; the sender's if empty.
        person: who alone gets it.
        subject: one line.
        text: what it says.
        about: what its Message-ID is made from: the same for the same delivery.
        moment: when, with its offset from UTC.
        files: all of this person.

    Raises:
        NotTheirs: a document is of another person, or the address is not one.
        ValueError: a header holds a line end.
    """
    others = {file.payee_id for file in files} - {person.payee_id}
    if others:
        what = f"a document of {', '.join(sorted(others))} would go to {person.payee_id}"
        raise NotTheirs(f"post: {what}; send each only to the person whose it is.")
    if wrong(person.address):
        raise NotTheirs(f"post: the address of {person.payee_id} {wrong(person.address)}.")
    if any(map(hidden, (subject, person.name, *sender, reply_to))):
        raise ValueError("a header holds a line end or what nobody sees.")
    made = EmailMessage(POLICY)
    made["From"] = Address(sender[0], addr_spec=sender[1])
    made["To"] = Address(person.name, addr_spec=person.address)
    if reply_to:
        made["Reply-To"] = Address(addr_spec=reply_to)
    made["Subject"] = subject
    made["Date"] = moment
    made["Message-ID"] = message_id(about, sender[1])
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
    made.set_content(text)
    for file in files:
        main, _, sub = file.media_type.partition("/")
        made.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    if files:
        made.set_boundary(f"={hashlib.sha256(about.encode()).hexdigest()[:40]}=")  # else by lot
    return made.as_bytes()


def message_id(about: str, sender: str) -> str:
    """What names a message for good, made from what it is about.

    >>> message_id("statement/2026-10/1/P001", "pay@firm.example")
    '<70034202ed674cfe588b3843f09b59ab@firm.example>'
    """
    digits = hashlib.sha256(about.encode()).hexdigest()[:32]
    return f"<{digits}@{sender.rpartition('@')[2]}>"
