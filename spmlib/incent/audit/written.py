"""Written: what pay is audited for, `parameters/policies/audit.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, Items, Number, needed, refuse
from spmlib.core.tables import MONEY, SHARE

WORDS = {
    "stop": {"amount": "1_000", "score": "70%"},
    "least": "25",
    "duplicates": {"days": "4", "share": "0.2%", "alike": "60%", "sure": "45%", "scores": "{}"},
    "credits": "bookings: {rules: [owner, shared], most: 100%}",
    "leavers": {"trailing": "12"},
    "outliers": {
        "months": "12", "history": "6", "times": "4.5", "ratio": "2.5", "least": "1_000"
    },
    "prices": {
        "by": "[product_id, kind, currency]", "history": "20", "times": "6", "ratio": "3"
    },
    "splits": {"by": "[[owner_id, segment]]", "deals": "6", "share": "85%"},
    "adjustments": {"months": "3", "limits": "[1_000]", "below": "5%", "digits": "300"},
    "totals": {"months": "12", "history": "6", "sure": "99%", "share": "20%"},
    "reviewed": "[]",
}  # fmt: skip
DIFFER = ("amount", "day", "product", "quantity", "kind", "owner", "customer")
REVIEWED = {"finding": "duplicates:T1+T2", "by": "A. Name", "date": "2026-11-03", "reason": "why"}


@dataclass(frozen=True)
class Duplicates:
    """When two lines may be one that was booked twice."""

    days: int
    share: float
    alike: float
    sure: float
    scores: Mapping[str, float]
    place: str = ""


@dataclass(frozen=True)
class Most:
    """What the shares of one transaction by some rules may add up to."""

    name: str
    rules: tuple[str, ...]
    most: int  # parts of 10^8
    place: str


@dataclass(frozen=True)
class Unusual:
    """When something is far from what is usual."""

    history: int  # so many before it
    times: float  # robust standard deviations
    ratio: float  # and so many times what is expected
    months: int = 0
    least: int = 0  # [ticks]
    by: tuple[str, ...] = ()  # what lines alike share
    place: str = ""


@dataclass(frozen=True)
class Standing:
    """When deals of a kind are always shared."""

    by: tuple[tuple[str, ...], ...]
    deals: int
    share: float
    place: str = ""


@dataclass(frozen=True)
class Hands:
    """What is looked for in adjustments by hand."""

    months: int
    limits: tuple[int, ...]  # [ticks]
    below: float
    digits: int
    place: str = ""


@dataclass(frozen=True)
class Totals:
    """When a plan's pay of a month is another than expected."""

    months: int
    history: int
    sure: float
    share: float
    place: str = ""


@dataclass(frozen=True)
class Reviewed:
    """A finding that somebody looked at and accepted."""

    finding: str
    by: str
    date: date
    reason: str
    place: str


@dataclass(frozen=True)
class Policy:
    """What pay is audited for."""

    stop: tuple[int, float]  # [ticks], score
    least: int  # [ticks]
    duplicates: Duplicates
    credits: tuple[Most, ...]
    trailing: int
    outliers: Unusual
    prices: Unusual
    splits: Standing
    adjustments: Hands
    totals: Totals
    reviewed: tuple[Reviewed, ...]
    places: Mapping[str, str]  # where each part is written


def read(path: Path) -> Policy:
    """The policy that a file says: as `decided`."""
    return decided(parameters.read(path))


def decided(entry: Block) -> Policy:
    """The policy that is written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number, share or day that can be
            meant.
    """
    parameters.known(entry, WORDS, "an audit")
    return Policy(
        stop=_stop(_part(entry, "stop")),
        least=_money(needed(entry, "least", "least: 25")),
        duplicates=_duplicates(_part(entry, "duplicates")),
        credits=_credits(needed(entry, "credits", f"credits: {{{WORDS['credits']}}}")),
        trailing=_whole(_part(entry, "leavers"), "trailing", 0),
        outliers=_unusual(_part(entry, "outliers")),
        prices=_unusual(_part(entry, "prices")),
        splits=_standing(_part(entry, "splits")),
        adjustments=_hands(_part(entry, "adjustments")),
        totals=_totals(_part(entry, "totals")),
        reviewed=_reviewed(entry["reviewed"]) if "reviewed" in entry else (),
        places=dict(entry.places),
    )


def _part(entry: Block, name: str) -> Block:
    """A part of the policy with all its words."""
    words: Any = WORDS[name]
    example = "{" + ", ".join(f"{word}: {value}" for word, value in words.items()) + "}"
    written = needed(entry, name, f"{name}: {example}")
    part = parameters.block(written, f"`{name}`", example)
    parameters.known(part, words, f"`{name}`")
    part.place = entry.places[name]
    for word, value in words.items():
        needed(part, word, f"{word}: {value}")
    return part


def _stop(part: Block) -> tuple[int, float]:
    return _money(part["amount"]), _share(part, "score")


def _duplicates(part: Block) -> Duplicates:
    scores = parameters.block(part["scores"], "`scores`", "{product: 25%}")
    parameters.known(scores, DIFFER, "`scores`")
    told = {word: _share(scores, word) if word in scores else 1.0 for word in DIFFER}
    return Duplicates(
        days=_whole(part, "days", 0),
        share=_share(part, "share"),
        alike=_share(part, "alike"),
        sure=_share(part, "sure"),
        scores=told,
        place=part.place,
    )


def _credits(written: Any) -> tuple[Most, ...]:
    entry = parameters.block(written, "`credits`", f"`{WORDS['credits']}` below it")
    return tuple(_most(name, entry[name], entry.places[name]) for name in entry)


def _most(name: str, written: Any, place: str) -> Most:
    entry = parameters.block(written, f"`{name}`", "{rules: [owner, shared], most: 100%}")
    entry.place = place
    parameters.known(entry, ("rules", "most"), f"`{name}`")
    most = parameters.share(needed(entry, "most", "most: 100%"))
    if most <= 0:
        refuse(most.place, f"shares of {parameters.said(most)} allow nothing", "write more than 0%")
    rules = parameters.words(needed(entry, "rules", "rules: [owner, shared]"))
    return Most(name, rules, int(most * SHARE), place)


def _unusual(part: Block) -> Unusual:
    return Unusual(
        history=_whole(part, "history", 2),
        times=float(_above(part["times"], 0)),
        ratio=float(_above(part["ratio"], 1)),
        months=_whole(part, "months", 2) if "months" in part else 0,
        least=_money(part["least"]) if "least" in part else 0,
        by=parameters.words(part["by"]) if "by" in part else (),
        place=part.place,
    )


def _standing(part: Block) -> Standing:
    written = part["by"]
    if not isinstance(written, Items) or not written:
        place = parameters.place_of(written)
        refuse(place, "`by` lists no columns that deals share", "write [[owner_id, segment]]")
    by = tuple(parameters.words(columns) for columns in written)
    return Standing(by, _whole(part, "deals", 1), _share(part, "share"), part.place)


def _hands(part: Block) -> Hands:
    limits = part["limits"]
    listed = limits if isinstance(limits, Items) else [limits]
    return Hands(
        months=_whole(part, "months", 2),
        limits=tuple(sorted(_money(limit) for limit in listed)),
        below=_share(part, "below"),
        digits=_whole(part, "digits", 1),
        place=part.place,
    )


def _totals(part: Block) -> Totals:
    return Totals(
        months=_whole(part, "months", 2),
        history=_whole(part, "history", 2),
        sure=_share(part, "sure"),
        share=_share(part, "share"),
        place=part.place,
    )


def _reviewed(written: Any) -> tuple[Reviewed, ...]:
    if not isinstance(written, Items):
        example = "[{finding: ..., by: ..., date: 2026-11-03, reason: ...}]"
        refuse(parameters.place_of(written), "`reviewed` is no list", f"write {example}")
    return tuple(_one_reviewed(item) for item in written)


def _one_reviewed(written: Any) -> Reviewed:
    entry = parameters.block(written, "a finding that was looked at", "{finding: ..., by: ...}")
    parameters.known(entry, REVIEWED, "a finding that was looked at")
    said = {word: needed(entry, word, f"{word}: {value}") for word, value in REVIEWED.items()}
    finding, by, reason = (parameters.text(said[word]) for word in ("finding", "by", "reason"))
    return Reviewed(finding, by, parameters.day(said["date"]), reason, entry.place)


def _share(part: Block, word: str) -> float:
    made = parameters.share(part[word])
    if not 0 <= made <= 1:
        said = parameters.said(made)
        refuse(made.place, f"`{word}: {said}` cannot be meant", "write 0% to 100%")
    return float(made)


def _whole(part: Block, word: str, least: int) -> int:
    made = parameters.whole(part[word])
    if made < least:
        place = parameters.place_of(part[word])
        refuse(place, f"`{word}: {made}` is too few", f"write {least} or more")
    return made


def _money(written: Any) -> int:
    made = parameters.number(written, "an amount", "1_000")
    if made < 0:
        refuse(made.place, f"an amount of {made} cannot be meant", "write 0 or more")
    return int(made * MONEY)


def _above(written: Any, least: int) -> Number:
    made = parameters.number(written, "a number", "4.5")
    if made <= least:
        refuse(made.place, f"{made} is too little", f"write more than {least}")
    return made
