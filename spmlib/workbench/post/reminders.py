"""Reminders: messages to who has not acknowledged, and in the end to the manager; no documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from spmlib.workbench.post import messages, written
from spmlib.workbench.post.addresses import Person, reason_not_to, shared
from spmlib.workbench.post.claims import Errand
from spmlib.workbench.post.messages import NotTheirs
from spmlib.workbench.post.outgoing import HandIn, Held
from spmlib.workbench.post.smtp import FAILED, Reply
from spmlib.workbench.post.written import Mail

ROW = ("delivery_id", "document", "of", "version", "payee_id")


def due(deliveries: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The deliveries to be chased on a day, from rows of `Deliveries`."""
    return [
        row
        for row in deliveries
        if row["next"] in ("chase", "escalate") and row["next_date"] and row["next_date"] <= day
    ]


def errands(
    rows: Sequence[Mapping[str, Any]],
    people: Mapping[str, Person],
    mail: Mail,
    day: date,
    moment: datetime,
    hand_in: HandIn,
) -> tuple[list[Errand], list[Held]]:
    """One message for each delivery to be chased, and one for each manager who is told.

    Args:
        rows: of `Deliveries`, as `due` gives them.
        people: everybody, by id.
        mail: what the company decides.
        day: the day.
        moment: the same, with its time.
        hand_in: hands a message to the server.

    Returns:
        The errands, and what may not go.
    """
    told = [row for row in rows if row["next"] == "escalate"]
    groups = [(row["payee_id"], [row]) for row in rows if row["next"] == "chase"]
    by_manager = groupby(sorted(told, key=_manager), key=_manager)
    groups += [(manager, list(members)) for manager, members in by_manager]
    twice, made, held = shared(people.values()), [], []
    gone_on = day if mail.leavers == "hold" else None
    for whom, members in groups:
        person = people.get(whom)
        why = reason_not_to(person, twice, mail.shared_addresses, mail.domains, gone_on)
        if members[0]["next"] == "escalate" and not whom:
            why = "there is no manager to tell"
        if why or person is None:
            held += [Held(row["delivery_id"], why) for row in members]
        else:
            made.append(_errand(person, members, people, mail, day, moment, hand_in))
    return made, held


def planned(
    rows: Sequence[Mapping[str, Any]], people: Mapping[str, Person], mail: Mail, day: date
) -> tuple[list[Errand], list[Held]]:
    """What `errands` would be on a day, without a server."""

    def nowhere(to: str, content: bytes) -> Reply:
        return Reply(FAILED, "nothing is sent in a rehearsal")

    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return errands(rows, people, mail, day, moment, nowhere)


def _errand(
    person: Person,
    rows: list[Mapping[str, Any]],
    people: Mapping[str, Person],
    mail: Mail,
    day: date,
    moment: datetime,
    hand_in: HandIn,
) -> Errand:
    first = rows[0]
    chase = first["next"] == "chase"
    key = "/".join(
        (first["next"], person.payee_id, first["delivery_id"], str(first["chased_count"]))
    )
    said = next(iter(mail.texts[written.REMINDER if chase else written.ESCALATION].values()))
    names = [f"- {people[row['payee_id']].name}: {row['document']} {row['of']}" for row in rows]
    words = {"name": person.name, "of": first["of"], "version": first["version"]}
    words |= {"document": first["document"], "people": "\n".join(names)}
    words["days"] = str((day - first["sent_date"]).days)

    def go() -> Reply:
        subject, text = (written.filled(part, **words) for part in (said.subject, said.text))
        try:
            made = messages.message(mail.sender, mail.reply_to, person, subject, text, key, moment)
        except (NotTheirs, ValueError) as error:
            return Reply(FAILED, str(error))
        return hand_in(person.address, made)

    own = tuple({name: row[name] for name in ROW} for row in rows)
    return Errand(key, own, person.address, "chasing", "chased" if chase else "escalated", go)


def _manager(row: Mapping[str, Any]) -> str:
    return row["manager_id"] or ""
