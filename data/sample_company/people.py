"""People: who sat in which seat when, worked out from the moves, and the payees that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import names
from .days import END, START, number, written
from .draws import TALENT, Draws, Whole
from .organisation import EMPTY, EXTRA, MOVES, Seat, seats
from .places import part, places

HOMES = {
    "AMER": ["US", "US", "US", "CA", "US"],
    "EMEA": ["GB", "DE", "FR", "GB", "DE", "NL", "ES"],
    "APAC": ["SG", "AU"],
    "JP": ["JP"],
    "-": ["US", "US", "GB", "US", "DE", "US"],
}
PAID_IN = {"GB": "GBP", "DE": "EUR", "FR": "EUR", "NL": "EUR", "ES": "EUR", "JP": "JPY"}
LOCALES = {  # Indonesia is sold to from Singapore
    "US": "en_US",
    "CA": "en_CA",
    "GB": "en_GB",
    "SG": "id_ID",
    "AU": "en_AU",
    "ID": "id_ID",
    "DE": "de_DE",
    "FR": "fr_FR",
    "NL": "nl_NL",
    "ES": "es_ES",
    "IT": "it_IT",
    "JP": "ja_JP",
    "MX": "es_MX",
}


@dataclass(frozen=True)
class Stint:
    """One person in one seat over some days [days since 1970]."""

    person: int
    seat: Seat
    start: int
    end: int
    status: str = "active"


@dataclass(frozen=True)
class People:
    """Everybody who works for the firm, and when they did what."""

    stints: tuple[Stint, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    hired: tuple[int, ...]
    left: tuple[int, ...]  # 0 while employed
    talent: Whole  # thousandths

    def id(self, person: int) -> str:
        """The person's number."""
        return f"H{1001 + 3 * person}"


def people() -> People:
    """Who held which seat when, worked out from the moves in order of day."""
    roster = Roster(seats())
    for key in roster.seats:
        if key not in EMPTY and key not in EXTRA:
            roster.join(key, START)
    for line in MOVES.strip().splitlines():
        on, what, seat, *to = line.split()
        roster.move(number(date.fromisoformat(on)), what, seat, *to)
    return roster.people()


class Roster:
    """Who sits where, while the moves are read in order."""

    def __init__(self, every: dict[str, Seat]) -> None:
        self.seats = every
        self.holder: dict[str, int] = {}
        self.now: dict[int, tuple[str, int, str]] = {}  # person: seat, since, status
        self.stints: list[Stint] = []
        self.homes: list[str] = []
        self.hired: list[int] = []
        self.left: dict[int, int] = {}
        self.years = Draws("years of service").between(2, 120, 400).tolist()

    def move(self, day: int, what: str, seat: str, to: str = "") -> None:
        """One line of the moves."""
        if what == "hire":
            self.join(seat, day)
        elif what == "leave":
            self.left[self.holder[seat]] = day
            self.rise(self.holder[seat], day)
        elif what == "swap":
            one, other = self.holder[seat], self.holder[to]
            self.sit(to, one, day)
            self.sit(seat, other, day)
        else:
            self.sit(to or seat, self.holder[seat], day, "leave" if what == "absent" else "active")

    def join(self, seat: str, day: int) -> None:
        """Somebody new takes a seat; those there on the first day came at some time before."""
        market, person = self.seats[seat].market, len(self.homes)
        self.homes.append(HOMES[market][person % len(HOMES[market])])
        before = day - 29 * self.years[person]
        self.hired.append(before - (before + 3) % 7 if day == START else day)  # a Monday
        self.sit(seat, person, day)

    def sit(self, seat: str, person: int, day: int, status: str = "active") -> None:
        """A person sits in a seat from a day on."""
        self.rise(person, day)
        self.holder[seat], self.now[person] = person, (seat, day, status)

    def rise(self, person: int, day: int) -> None:
        """A person's stint ends."""
        if person in self.now:
            seat, since, status = self.now.pop(person)
            self.stints.append(Stint(person, self.seats[seat], since, day, status))

    def people(self) -> People:
        """Everybody, once all moves are read."""
        for person in list(self.now):
            self.rise(person, END)
        return People(
            stints=tuple(sorted(self.stints, key=lambda s: (s.person, s.start))),
            names=tuple(names.people(self.homes)),
            countries=tuple(self.homes),
            hired=tuple(self.hired),
            left=tuple(self.left.get(person, 0) for person in range(len(self.homes))),
            talent=Draws("talent").spread(TALENT, len(self.homes)),
        )


def payees(firm: People) -> dict[str, Sequence[object]]:
    """The table of payees."""
    ids = [firm.id(person) for person in range(len(firm.names))]
    first = {stint.person: stint.seat.territory for stint in reversed(firm.stints)}
    return {
        "payee_id": ids,
        "name": list(firm.names),
        "email": [f"{'.'.join(n.lower().split())}@halden.example" for n in firm.names],
        "currency": [PAID_IN.get(country, "USD") for country in firm.countries],
        "hire_date": written(np.array(firm.hired)),
        "leave_date": written(np.array([day or -1 for day in firm.left])),
        **places("bases", list(firm.countries), [part(first[n]) for n in range(len(ids))]),
        "locale": [LOCALES[country] for country in firm.countries],
    }
