"""Crediting rules: who is credited with what (``parameters/crediting.yaml``), as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, Number, choice, needed, refuse
from spmlib.rules import measures
from spmlib.rules.measures import Filter

MOST = 2**5  # rules: their number is a part of the key that orders credits
WORDS = ("currency_rate", "events", "splits", "rules")
RATES = {"event": "spot", "average": "average", "plan": "plan"}
POLICIES = ("whole", "at_most_whole", "any")
CREDITED = ("booking", "cancellation", "billing", "collection")
COMMON = ("kind", "who", "where", "from", "until", "share")
KINDS: dict[str, tuple[str, ...]] = {
    "direct": COMMON,
    "split": (*COMMON[:5],),
    "territory": COMMON,
    "overlay": (*COMMON, "match", "divide"),
    "team": (*COMMON, "match", "divide"),
    "roll_up": (*COMMON, "of", "levels"),
}


@dataclass(frozen=True)
class Rule:
    """One rule of crediting."""

    name: str
    kind: str  # a key of KINDS
    place: str
    who: tuple[Filter, ...]  # columns of the position on the day
    where: tuple[Filter, ...]  # columns of the transaction, its account and its product
    match: Mapping[str, str]  # column of the position: column of the transaction
    start: date | None
    until: date | None
    share: Decimal
    divided: bool  # one credit shared equally among those who qualify
    of: tuple[str, ...]  # the rules whose credits roll up
    levels: int


@dataclass(frozen=True)
class Crediting:
    """The crediting rules of a company."""

    place: str
    currency_rate: str  # spot, average or plan: the kind of rate that converts
    events: tuple[str, ...]
    policy: str  # what the shares of a transaction's splits must add up to
    rules: Mapping[str, Rule]

    @property
    def base(self) -> list[Rule]:
        """The rules that credit people with transactions."""
        return [rule for rule in self.rules.values() if rule.kind != "roll_up"]

    @property
    def roll_ups(self) -> list[Rule]:
        """The rules that credit managers with their people's credits."""
        return [rule for rule in self.rules.values() if rule.kind == "roll_up"]


def read(path: Path) -> Crediting:
    """The crediting rules that a file holds.

    Raises:
        ParameterError: a rule has an unknown kind or word, or names a rule that does not exist.
    """
    return told(parameters.read(path))


def told(entry: Block) -> Crediting:
    """The crediting rules that a file says, once it is read.

    Raises:
        ParameterError: as `read`.
    """
    parameters.known(entry, WORDS, "the crediting rules")
    written = parameters.block(
        needed(entry, "rules", "rules: {owner: {kind: direct}}"),
        "`rules`",
        "`owner: {kind: direct}` below it",
    )
    rules = {name: _rule(name, written[name], written.places[name]) for name in written}
    if not rules:
        refuse(entry.places["rules"], "there is no rule", "add `owner: {kind: direct}`")
    if len(rules) > MOST:
        wrong = f"{len(rules)} rules are too many"
        refuse(entry.places["rules"], wrong, f"use up to {MOST}, each with wider `who` and `where`")
    _check_roll_ups(rules)
    return Crediting(
        place=entry.place,
        currency_rate=RATES[choice(entry, "currency_rate", RATES, "event")],
        events=_events(entry),
        policy=_policy(entry),
        rules=rules,
    )


def _rule(name: str, written: Any, place: str) -> Rule:
    entry = parameters.block(written, f"rule '{name}'", "{kind: direct}")
    entry.place = place
    kind = choice(entry, "kind", KINDS)
    parameters.known(entry, KINDS[kind], f"a rule of kind '{kind}'")
    _check_days(entry)
    return Rule(
        name=name,
        kind=kind,
        place=place,
        who=measures.filters(entry["who"], "who", "team: sales") if "who" in entry else (),
        where=measures.filters(entry["where"]) if "where" in entry else (),
        match=_match(entry["match"]) if "match" in entry else {},
        start=parameters.day(entry["from"]) if "from" in entry else None,
        until=parameters.day(entry["until"]) if "until" in entry else None,
        share=_share(entry),
        divided=choice(entry, "divide", ("equally", "no"), "no") == "equally",
        of=parameters.words(needed(entry, "of", "of: [owner]")) if kind == "roll_up" else (),
        levels=_levels(entry) if kind == "roll_up" else 0,
    )


def _check_days(entry: Block) -> None:
    if "from" in entry and "until" in entry:
        start, end = parameters.day(entry["from"]), parameters.day(entry["until"])
        if end <= start:
            wrong = f"the rule holds until {end}, and only from {start}"
            refuse(entry.places["until"], wrong, "write an `until` after `from`")


def _share(entry: Block) -> Decimal:
    made = parameters.share(entry["share"]) if "share" in entry else Number(1)
    if made <= 0 or made > 1:
        refuse(
            made.place,
            f"a share of {parameters.said(made)} cannot be credited",
            "write a share above 0% and up to 100%",
        )
    return made


def _levels(entry: Block) -> int:
    levels = parameters.whole(needed(entry, "levels", "levels: 3"))
    if not 1 <= levels <= 20:
        refuse(entry.places["levels"], f"{levels} levels cannot be meant", "write 1 to 20")
    return levels


def _match(written: Any) -> dict[str, str]:
    entry = parameters.block(written, "`match`", "{territory_id: region}")
    return {column: parameters.text(entry[column]) for column in entry}


def _events(entry: Block) -> tuple[str, ...]:
    events = parameters.words(entry["events"]) if "events" in entry else ("booking", "cancellation")
    for event in events:
        if event not in CREDITED:
            place = parameters.place_of(event)
            refuse(place, f"'{event}' is no event", f"write {parameters.nearest(event, CREDITED)}")
    return events


def _policy(entry: Block) -> str:
    if "splits" not in entry:
        return "at_most_whole"
    splits = parameters.block(entry["splits"], "`splits`", "{policy: whole}")
    parameters.known(splits, ("policy",), "`splits`")
    return choice(splits, "policy", POLICIES)


def _check_roll_ups(rules: Mapping[str, Rule]) -> None:
    base = [name for name, rule in rules.items() if rule.kind != "roll_up"]
    for rule in rules.values():
        for name in rule.of:
            if name not in base:
                remedy = f"write {parameters.nearest(name, base)}"
                refuse(rule.place, f"'{name}' is no rule whose credits can roll up", remedy)
