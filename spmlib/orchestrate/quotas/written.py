"""Written: how the quotas of a year come about, a file of ``parameters/quotas``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.written import Block, Items
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.ramps import Absence

WORDS = (
    *("year", "measure", "roles", "growth", "mix", "history"),
    *("layers", "ramp", "relief", "moves", "unit"),
)
STEP = ("over", "least", "most", "adjusted")
RELIEF = ("from", "until", "share", "reason")
MOVE = ("from", "to", "on", "share", "accounts")
PAST = ("years", "weights", "winsorised")


@dataclass(frozen=True)
class Past:
    """How what people sold in past years makes the basis ``history``.

    Attributes:
        weights: of the last year, the one before, and so on; as many as years are looked at.
        tails: the share of people at either end of a year that is pulled in.
    """

    weights: tuple[float, ...] = (0.5, 0.5)
    tails: float = 0.05


@dataclass(frozen=True)
class Move:
    """Accounts that go from one person to another, and carry their quota.

    Attributes:
        giver: whose they are.
        taker: who gets them.
        day: from which.
        share: of the giver's quota; none: what the accounts are of all the giver's potential.
        accounts: which.
        place: file and line.
    """

    giver: str
    taker: str
    day: date
    share: float | None = None
    accounts: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class QuotaYear:
    """What a company decides of a year's quotas."""

    year: int
    measure: str
    roles: tuple[str, ...]
    growth: float  # of the target, on the twelve months before
    mix: Mapping[str, float]
    layers: tuple[Layer, ...]
    ramp: tuple[float, ...]
    unit: int
    past: Past = field(default_factory=Past)
    relief: tuple[Absence, ...] = ()
    moves: tuple[Move, ...] = ()


def read(path: Path) -> QuotaYear:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> QuotaYear:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number, share or day; relief or a
            move lies outside of the year; the message says in which line.
    """
    parameters.known(entry, WORDS, "quotas")
    year = parameters.whole(parameters.needed(entry, "year", "year: 2027"))
    mix = parameters.block(
        parameters.needed(entry, "mix", "mix: {history: 1}"), "mix", "{history: 1}"
    )
    steps = parameters.block(
        parameters.needed(entry, "layers", "layers: {payee_id: {}}"), "layers", "{payee_id: {}}"
    )
    return QuotaYear(
        year=year,
        measure=parameters.text(parameters.needed(entry, "measure", "measure: bookings")),
        roles=parameters.words(parameters.needed(entry, "roles", "roles: [account_executive]")),
        growth=float(parameters.share(parameters.needed(entry, "growth", "growth: 10%"), "growth")),
        mix={name: float(parameters.number(mix[name])) for name in mix},
        layers=tuple(_layer(name, steps[name]) for name in steps),
        ramp=parameters.shares(entry["ramp"]) if "ramp" in entry else (),
        unit=parameters.whole(entry["unit"]) if "unit" in entry else 100,
        past=_past(entry["history"]) if "history" in entry else Past(),
        relief=_reliefs(entry["relief"], year) if "relief" in entry else (),
        moves=_moves(entry["moves"], year) if "moves" in entry else (),
    )


def _layer(name: str, entry: Block) -> Layer:
    told = parameters.block(entry, f"layer '{name}'", "{over: 5%}")
    parameters.known(told, STEP, "a layer")
    share = {word: float(parameters.number(told[word])) for word in STEP[:-1] if word in told}
    byhand = told.get("adjusted", {})
    adjusted = {node: float(parameters.number(byhand[node])) for node in byhand}
    return Layer(str(name), adjusted=adjusted, **share)


def _past(written_: Any) -> Past:
    entry = parameters.block(written_, "history", "{years: 3, weights: [50%, 30%, 20%]}")
    parameters.known(entry, PAST, "history")
    weights = parameters.shares(entry["weights"]) if "weights" in entry else ()
    years = parameters.whole(entry["years"]) if "years" in entry else len(weights) or 2
    if years < 1:
        parameters.refuse(entry.places["years"], f"{years} years are no history", "write 1 or more")
    weights = weights or (1 / years,) * years
    if len(weights) != years or min(weights) < 0 or sum(weights) <= 0:
        wrong = f"{len(weights)} weights for {years} years, or none above 0"
        parameters.refuse(entry.place, wrong, "write one for each year, the last year's first")
    tails = _part(entry["winsorised"], 0.5) if "winsorised" in entry else 0.05
    return Past(tuple(weights), tails)


def _reliefs(written_: Any, year: int) -> tuple[Absence, ...]:
    entry = parameters.block(written_, "relief", "{H1042: {from: 2027-03-01, until: 2027-06-01}}")
    made = []
    for person in entry:
        several = entry[person] if isinstance(entry[person], Items) else [entry[person]]
        made += [_relief(person, one, year) for one in several]
    return tuple(made)


def _relief(person: str, written_: Any, year: int) -> Absence:
    entry = parameters.block(
        written_, f"relief of {person}", "{from: 2027-03-01, until: 2027-06-01}"
    )
    parameters.known(entry, RELIEF, "relief")
    begin = parameters.day(parameters.needed(entry, "from", f"from: {year}-03-01"))
    end = parameters.day(parameters.needed(entry, "until", f"until: {year}-06-01"))
    if end <= begin:
        right = "`until` is the first day after it"
        parameters.refuse(entry.places["until"], f"relief ends on {end}, as it begins", right)
    if end <= date(year, 1, 1) or begin > date(year, 12, 31):
        right = f"write days of {year}"
        parameters.refuse(entry.places["from"], f"relief lies outside of {year}", right)
    share = _part(entry["share"]) if "share" in entry else 1.0
    reason = parameters.text(entry["reason"]) if "reason" in entry else "relief"
    return Absence(person, begin, end, share, reason, entry.place)


def _moves(written_: Any, year: int) -> tuple[Move, ...]:
    if not isinstance(written_, Items):
        right = "write `- {from: H1042, to: H1043, on: 2027-07-01, share: 10%}`"
        parameters.refuse(parameters.place_of(written_), "moves are not a list", right)
    return tuple(_move(one, year) for one in written_)


def _move(written_: Any, year: int) -> Move:
    example = "{from: H1042, to: H1043, on: 2027-07-01, share: 10%}"
    entry = parameters.block(written_, "a move", example)
    parameters.known(entry, MOVE, "a move")
    day = parameters.day(parameters.needed(entry, "on", f"on: {year}-07-01"))
    if day.year != year:
        right = f"write a day of {year}"
        parameters.refuse(entry.places["on"], f"accounts move on {day}", right)
    if ("share" in entry) == ("accounts" in entry):
        right = "write either `share: 10%` or `accounts: [A1, A2]`"
        parameters.refuse(entry.place, "how much quota moves is not said once", right)
    return Move(
        giver=parameters.text(parameters.needed(entry, "from", "from: H1042")),
        taker=parameters.text(parameters.needed(entry, "to", "to: H1043")),
        day=day,
        share=_part(entry["share"]) if "share" in entry else None,
        accounts=parameters.words(entry["accounts"]) if "accounts" in entry else (),
        place=entry.place,
    )


def _part(written_: Any, most: float = 1.0) -> float:
    """A share from 0 to 1."""
    made = parameters.share(written_)
    if not 0 <= made <= most:
        parameters.refuse(made.place, f"{written_} is no part", f"write 0% to {most:.0%}")
    return float(made)
