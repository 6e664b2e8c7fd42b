"""Written: ``parameters/roadmap.yaml``, and what is assumed in ``parameters/policies``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.errors import ParameterError
from spmlib.core.written import Block
from spmlib.revops.roadmap.capabilities import PILLARS, TEAMS, Capability, ordered
from spmlib.revops.roadmap.ownership import KINDS, Cost
from spmlib.revops.roadmap.pilots import Team, with_pilot
from spmlib.revops.roadmap.rollouts import Rollout

CAPABILITY = ("pillar", "needs", "effect", "ramp", "effort", "months", "teams", "in_place")
POLICY = ("currency", "start", "horizon", "discount", "people", "rollout", "ownership")
OWNERSHIP = ("years", "users", "sensitivity", "ways")
COST = ("amount", "every", "rises", "for_each_user")
WHOLE = ("attempts",)
PILOT = ("pilot", "pilot: sales")
TEAM = ("benefit", "harm")


@dataclass(frozen=True)
class Policy:
    """What a company decides and assumes for its roadmap."""

    currency: str
    start: str  # month
    horizon: int  # months
    discount: Decimal  # a year
    people: Mapping[str, float]  # person-days a month, by skill
    teams: Mapping[str, Team]
    pilot: tuple[str, ...]
    rollout: Rollout
    years: int
    users: int
    sensitivity: Decimal
    ways: Mapping[str, tuple[Cost, ...]]


def capabilities(path: Path) -> list[Capability]:
    """The capabilities of a file, each after what it needs.

    Raises:
        ParameterError: a word, pillar or need is unknown, needs go in a circle, or a number is odd.
    """
    entry = written.read(path)
    parameters.known(entry, ("capabilities",), "the roadmap")
    listed = parameters.needed(entry, "capabilities", "capabilities: {forecast: {...}}")
    rows = parameters.block(listed, "capabilities", "forecast: {...}")
    return ordered([_capability(rows, name) for name in rows])


def policy(path: Path) -> Policy:
    """What a policy's file decides.

    Raises:
        ParameterError: a word is unknown or missing, or a number is odd.
    """
    entry = written.read(path)
    parameters.known(entry, POLICY, "the roadmap's policy")
    for name in POLICY:
        parameters.needed(entry, name, f"{name}: ...")
    people = parameters.block(entry["people"], "people", "{analyst: 20}")
    horizon = _whole(entry["horizon"], 1)
    discount = _rate(entry["discount"], "discount")
    rollout = parameters.block(entry["rollout"], "rollout", "{teams: {...}, pilot: sales}")
    teams, pilot = _teams(rollout), parameters.words(parameters.needed(rollout, *PILOT))
    own = parameters.block(entry["ownership"], "ownership", "{years: 5, ...}")
    parameters.known(own, OWNERSHIP, "ownership")
    for name in OWNERSHIP:
        parameters.needed(own, name, f"{name}: ...")
    ways = parameters.block(own["ways"], "ways", "{open_workbench: {...}}")
    return Policy(
        currency=parameters.currency(entry),
        start=_month(entry["start"]),
        horizon=horizon,
        discount=discount,
        people={skill: _above(people[skill]) for skill in people},
        teams=teams,
        pilot=pilot,
        rollout=_rollout(rollout, teams, pilot, float(horizon), float(discount)),
        years=_whole(own["years"], 1),
        users=_whole(own["users"], 0),
        sensitivity=_part(own["sensitivity"]),
        ways={way: _costs(ways[way]) for way in ways},
    )


def together(capabilities: Sequence[Capability], decided: Policy) -> list[Capability]:
    """The capabilities, once there are people for each of them.

    Raises:
        ParameterError: one needs a skill that nobody has, or more of one than there is within the
            horizon.
    """
    for each in capabilities:
        place = each.place or "?"
        for skill, days in each.effort.items():
            if each.done or days == 0:
                continue
            if skill not in decided.people:
                wrong = f"'{each.name}' needs '{skill}', whom `people` of the policy does not name"
                parameters.refuse(
                    place, wrong, f"write {parameters.nearest(skill, decided.people)}"
                )
            there = decided.people[skill] * decided.horizon
            if days > there:
                wrong = (
                    f"'{each.name}' needs {days:g} person-days of {skill}, and there are "
                    f"{there:g} in {decided.horizon} months"
                )
                parameters.refuse(place, wrong, "cut it into parts, or raise `people`")
    return list(capabilities)


def _capability(rows: Block, name: str) -> Capability:
    entry = parameters.block(rows[name], name, f"{name}: {{pillar: incent, ...}}")
    parameters.known(entry, CAPABILITY, "a capability")
    effort = (
        parameters.block(entry["effort"], "effort", "{analyst: 20}") if "effort" in entry else {}
    )
    in_place = parameters.choice(entry, "in_place", ("yes", "no"), "no") == "yes"
    return Capability(
        name=name,
        pillar=parameters.choice(entry, "pillar", PILLARS),
        needs=_words(entry, "needs"),
        effect=_above(entry.get("effect", written.word("0", entry.place))),
        ramp=parameters.shares(entry["ramp"]) if "ramp" in entry else (),
        effort={skill: _above(effort[skill]) for skill in effort},
        months=_whole(entry["months"], 0) if "months" in entry else 1,
        teams=_words(entry, "teams"),
        done=in_place,
        place=rows.places[name],
    )


def _words(entry: Block, key: str) -> tuple[str, ...]:
    return parameters.words(entry[key]) if key in entry else ()


def _above(word: Any) -> float:
    made = parameters.number(word)
    if made < 0:
        parameters.refuse(made.place, f"{word} is below 0", "write 0 or more")
    return float(made)


def _whole(word: Any, least: int) -> int:
    made = parameters.whole(word)
    if made < least:
        wrong = f"{word} is below {least}"
        parameters.refuse(parameters.place_of(word), wrong, f"write {least} or more")
    return made


def _rate(word: Any, what: str) -> Decimal:
    made = parameters.share(word, what)
    if made <= -1:
        wrong = f"the {what} is {word}"
        parameters.refuse(parameters.place_of(word), wrong, "write more than -100%")
    return made


def _part(word: Any) -> Decimal:
    made = parameters.share(word, "sensitivity")
    if not 0 <= made <= 1:
        wrong = f"the sensitivity is {word}"
        parameters.refuse(parameters.place_of(word), wrong, "write 0% to 100%")
    return made


def _month(word: Any) -> str:
    parameters.day(written.word(f"{word}-01", parameters.place_of(word)))
    return str(word)


def _teams(rollout: Block) -> dict[str, Team]:
    told = parameters.needed(rollout, "teams", "teams: {sales: {benefit: 9_000, harm: 20_000}}")
    rows = parameters.block(told, "teams", "{sales: {benefit: 9_000, harm: 20_000}}")
    parameters.known(rows, TEAMS, "the revenue teams")
    made = {}
    for name in rows:
        entry = parameters.block(rows[name], name, "{benefit: 9_000, harm: 20_000}")
        parameters.known(entry, TEAM, "a team")
        made[name] = Team(**{key: _above(entry[key]) for key in entry})
    return made


def _rollout(
    block: Block, teams: Mapping[str, Team], pilot: Sequence[str], horizon: float, rate: float
) -> Rollout:
    own = ("horizon", "rate", "benefit", "harm", "pilot_benefit", "pilot_harm")
    parameters.known(block, [f.name for f in fields(Rollout) if f.name not in own], "a rollout")
    told: dict[str, Any] = {
        name: parameters.whole(block[name]) if name in WHOLE else _above(block[name])
        for name in block
        if name not in ("teams", "pilot")
    }
    try:
        return with_pilot(Rollout(**told, horizon=horizon, rate=rate), teams, pilot)
    except ParameterError as error:
        name = next((name for name in block if str(error).startswith(f"{name} ")), "pilot")
        raise ParameterError(f"{block.places[name]}: {error}") from None


def _costs(entry: Any) -> tuple[Cost, ...]:
    block = parameters.block(entry, "a way", "{licences: {amount: 90}}")
    parameters.known(block, KINDS, "what a system costs")
    made = []
    for kind in block:
        cost = parameters.block(block[kind], kind, "{amount: 90}")
        parameters.known(cost, COST, "a cost")
        try:
            made.append(_cost(kind, cost))
        except ParameterError as error:
            told = str(error)
            raise ParameterError(
                told if ":" in told.split(" ")[0] else f"{cost.place}: {told}"
            ) from None
    return tuple(made)


def _cost(kind: str, cost: Block) -> Cost:
    return Cost(
        kind=kind,
        amount=parameters.number(parameters.needed(cost, "amount", "amount: 90")),
        every=parameters.whole(cost["every"]) if "every" in cost else 1,
        rises=parameters.share(cost["rises"]) if "rises" in cost else Decimal(0),
        users=parameters.choice(cost, "for_each_user", ("yes", "no"), "no") == "yes",
    )
