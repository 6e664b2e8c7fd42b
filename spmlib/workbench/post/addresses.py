"""Addresses: whom a document may go to, and whom not, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from spmlib.core.documents import hidden

# What RFC 5321, 4.1.2, calls a dot-string and a domain; quoted names and literals are not taken.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*")
LONGEST, LONGEST_NAME = 254, 64  # characters of an address and of what stands before @

__all__ = ["Person", "folded", "hidden", "reason_not_to", "shared", "wrong"]


@dataclass(frozen=True)
class Person:
    """Somebody who gets post."""

    payee_id: str
    name: str
    address: str  # empty if there is none
    leave_date: date | None = None


def wrong(address: str) -> str:
    """What is wrong with an address; empty if it is one.

    >>> wrong("a@firm.example"), wrong("a@firm.example, b@firm.example")
    ('', 'is not one address')
    """
    if not address.isascii():
        return "holds letters that mail servers need not know"
    name = address.rpartition("@")[0]
    if not ADDRESS.fullmatch(address) or len(address) > LONGEST or len(name) > LONGEST_NAME:
        return "is not one address"
    return ""


def folded(address: str) -> str:
    """An address as mailboxes are told apart: capitals make no difference."""
    return address.strip().casefold()


def shared(people: Iterable[Person]) -> frozenset[str]:
    """The addresses that belong to several people."""
    counts = Counter(folded(person.address) for person in people if person.address)
    return frozenset(address for address, count in counts.items() if count > 1)


def reason_not_to(
    person: Person | None,
    twice: frozenset[str],
    allowed: frozenset[str],
    domains: tuple[str, ...],
    gone_on: date | None,
) -> str:
    """Why nothing may go to a person; empty if it may.

    Args:
        person: whose the document is; None if nobody has its payee_id.
        twice: the addresses of several people, as `shared`.
        allowed: those of them that may be used, folded.
        domains: to which alone post goes; any if empty.
        gone_on: the day on which who has left gets nothing any more; None if they do.
    """
    if person is None:
        return "nobody has this payee_id"
    if hidden(person.name):
        return "the name holds a line end or what nobody sees"
    if not person.address:
        return "there is no address"
    at = folded(person.address)
    if wrong(person.address):
        return f"the address {wrong(person.address)}"
    if at in twice and at not in allowed:
        return "the address is somebody else's too"
    if domains and at.rpartition("@")[2] not in domains:
        return f"the address is not of {', '.join(domains)}"
    if gone_on is not None and person.leave_date is not None and person.leave_date <= gone_on:
        return f"left on {person.leave_date}"
    return ""


def by_id(people: Iterable[Mapping[str, object]]) -> dict[str, Person]:
    """People by id, from rows as `Payees`."""
    return {
        str(row["payee_id"]): Person(
            str(row["payee_id"]),
            str(row["name"]),
            str(row["email"] or ""),
            row["leave_date"] if isinstance(row["leave_date"], date) else None,
        )
        for row in people
    }
