"""SPIFFs as data: what a YAML file in ``parameters/spiffs`` says, word by word.

``docs/spiffs.md`` says what each word means. To add a kind of prize: add it to `PRIZES` and to
`Spiff`, and say in `prizes.PRIZES` what it comes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import Block, Number, choice, needed, number, refuse
from spmlib.core.written import word
from spmlib.rules import measures
from spmlib.rules.measures import Filter, Measure

SPIFF = (
    *("spiff", "title", "clause", "announced", "window", "eligible", "hired_before", "stay"),
    *("score", "minimum", "kept", "no_sandbagging", "groups", "currency", "prizes", "ties"),
    *("budget", "paid"),
)
PRIZES = ("places", "levels", "each")
TIES = (
    "share",
    "all",
    "first",
)  # share the sum of their places; each takes the place; who came first
OVER = ("share", "first", "pay")  # beyond the budget: all less; who came first; paid all the same
PLACES = "places: {1: 5_000, 2: 3_000}"


@dataclass(frozen=True)
class Prize:
    """What one place, or one level of the score, gives."""

    at: Number  # the place, or the score from which the level counts
    amount: Number  # [currency of the SPIFF]
    place: str  # file and line


@dataclass(frozen=True)
class Each:
    """An amount for each so many units of the score."""

    amount: Number  # [currency of the SPIFF]
    per: Number  # units of the score
    most: int | None  # times at which it is given
    place: str


@dataclass(frozen=True)
class Fair:
    """No sandbagging: who held deals back before the window wins nothing.

    What was brought in the last ``days`` before the window must come to ``at_least`` a share of
    the person's own pace over the ``of`` days before those.
    """

    days: int
    of: int
    at_least: Fraction
    place: str


@dataclass(frozen=True)
class Budget:
    """The most that the prizes may come to, and what happens beyond it."""

    amount: Number  # [currency of the SPIFF]
    over: str  # of OVER
    place: str


@dataclass(frozen=True)
class Spiff:
    """A SPIFF: who may win what, for which behaviour, when."""

    name: str
    title: str
    clause: str
    place: str
    announced: date | None
    start: date
    end: date  # the first day no longer
    eligible: tuple[Filter, ...]  # columns of the position on the day of the booking
    hired_before: date | None
    stay: bool  # whoever is no longer eligible on the last day wins nothing
    measure: str
    rules: tuple[str, ...]  # crediting rules that count; empty: all that credit people themselves
    minimum: Number | None  # score without which there is no prize
    kept: int  # days after the window in which a cancellation still takes from the score
    fair: Fair | None
    groups: str | None  # column of the position on the last day: each of its values competes alone
    currency: str
    places: tuple[Prize, ...]
    levels: tuple[Prize, ...]
    each: Each | None
    ties: str  # of TIES
    budget: Budget | None
    paid: str | None  # period with which the prizes are earned; that of the last day if none
    at: Mapping[str, str]  # file and line of each word


def read(folder: Path, known: Mapping[str, Measure]) -> dict[str, Spiff]:
    """The SPIFFs of a company by name, one file each; none where there is no such folder.

    Raises:
        ParameterError: ``FILE:LINE: what is wrong; what would be right``.
    """
    for file in sorted(folder.glob("*.yml")):
        wrong = "the name of a SPIFF ends in .yaml"
        refuse(f"{file.name}:1", wrong, f"name it {file.stem}.yaml")
    files = sorted(folder.glob("*.yaml"))
    return {file.stem: told(parameters.read(file), file.stem, known) for file in files}


def told(entry: Block, file: str, known: Mapping[str, Measure]) -> Spiff:
    """The SPIFF that a file says, once it is read.

    Args:
        entry: what it says.
        file: its name, without ``.yaml``.
        known: the measures that are defined.

    Raises:
        ParameterError: it cannot be meant.
    """
    parameters.known(entry, SPIFF, "a SPIFF")
    name = parameters.text(needed(entry, "spiff", f"spiff: {file}"))
    if name != file:
        wrong = f"the SPIFF is named '{parameters.shown(name)}' in a file named '{file}.yaml'"
        refuse(entry.places["spiff"], wrong, f"name both the same, e.g. `spiff: {file}`")
    start, end = _window(entry)
    currency = parameters.currency(entry)
    measure, rules = _score(entry, known)
    prizes = parameters.block(needed(entry, "prizes", PLACES), "`prizes`", PLACES)
    parameters.known(prizes, PRIZES, "prizes")
    if not prizes:
        refuse(entry.places["prizes"], "there is no prize", f"write one, e.g. {PLACES}")
    made = Spiff(
        name=name,
        title=str(entry.get("title", name.replace("_", " ").capitalize())),
        clause=" ".join(str(entry.get("clause", "")).split()),
        place=entry.place,
        announced=_announced(entry, start),
        start=start,
        end=end,
        eligible=measures.filters(entry["eligible"], "eligible", "role: account_executive")
        if "eligible" in entry
        else (),
        hired_before=parameters.day(entry["hired_before"]) if "hired_before" in entry else None,
        stay=choice(entry, "stay", ("yes", "no"), "yes") == "yes",
        measure=measure,
        rules=rules,
        minimum=_above_zero(entry["minimum"], "minimum") if "minimum" in entry else None,
        kept=_days(entry["kept"], 0) if "kept" in entry else 0,
        fair=_fair(entry["no_sandbagging"]) if "no_sandbagging" in entry else None,
        groups=parameters.text(entry["groups"]) if "groups" in entry else None,
        currency=currency,
        places=_places(prizes, currency),
        levels=_levels(prizes, currency),
        each=_each(prizes["each"], currency) if "each" in prizes else None,
        ties=choice(entry, "ties", TIES, "share"),
        budget=_budget(entry["budget"], currency) if "budget" in entry else None,
        paid=parameters.text(entry["paid"]) if "paid" in entry else None,
        at=entry.places,
    )
    _refuse_unaffordable(made)
    return made


def _window(entry: Block) -> tuple[date, date]:
    example = "window: {from: 2026-07-01, until: 2026-10-01}"
    block = parameters.block(needed(entry, "window", example), "`window`", example)
    parameters.known(block, ("from", "until"), "a window")
    start = parameters.day(needed(block, "from", example))
    end = parameters.day(needed(block, "until", example))
    if end <= start:
        wrong = f"the window ends on {end}, and begins on {start}"
        refuse(block.places["until"], wrong, "write the first day that it no longer holds")
    return start, end


def _announced(entry: Block, start: date) -> date | None:
    if "announced" not in entry:
        return None
    day = parameters.day(entry["announced"])
    if day > start:
        wrong = f"it is announced on {day}, after it begins on {start}"
        refuse(entry.places["announced"], wrong, "write a day up to the window's first")
    return day


def _score(entry: Block, known: Mapping[str, Measure]) -> tuple[str, tuple[str, ...]]:
    example = "score: {measure: new_bookings}"
    block = parameters.block(needed(entry, "score", example), "`score`", example)
    parameters.known(block, ("measure", "rules"), "a score")
    name = choice(block, "measure", known)
    if known[name].per:
        wrong = f"'{name}' is a ratio, and a score is a sum"
        refuse(block.places["measure"], wrong, "write a measure without `per`")
    return name, parameters.words(block["rules"]) if "rules" in block else ()


def _places(prizes: Block, currency: str) -> tuple[Prize, ...]:
    made = _by_number(prizes, "places", "1: 5_000", currency)
    for place, prize in enumerate(made, start=1):
        if prize.at != place:
            wrong = f"place {prize.at} comes where place {place} is expected"
            refuse(prize.place, wrong, "name the places from 1 on, without a gap")
    for better, prize in pairwise(made):
        if prize.amount > better.amount:
            wrong = f"place {prize.at} wins more than place {better.at}"
            refuse(prize.place, wrong, "let a better place win at least as much")
    return made


def _levels(prizes: Block, currency: str) -> tuple[Prize, ...]:
    made = _by_number(prizes, "levels", "30_000: 500", currency)
    for lower, prize in pairwise(made):
        if prize.at <= lower.at or prize.amount < lower.amount:
            wrong = f"the level {prize.at:,f} does not give more than {lower.at:,f} does"
            refuse(prize.place, wrong, "write levels and what they give in rising order")
    if made and made[0].at <= 0:
        refuse(made[0].place, f"the level {made[0].at} is not above 0", "write a score above 0")
    return made


def _by_number(prizes: Block, kind: str, example: str, currency: str) -> tuple[Prize, ...]:
    if kind not in prizes:
        return ()
    block = parameters.block(prizes[kind], f"`{kind}`", f"{kind}: {{{example}}}")
    return tuple(
        Prize(
            number(word(key, block.places[key])),
            _money(block[key], currency),
            block.places[key],
        )
        for key in block
    )


def _each(written: Any, currency: str) -> Each:
    block = parameters.block(written, "`each`", "each: {amount: 150, per: 1}")
    parameters.known(block, ("amount", "per", "most"), "each")
    amount = _money(needed(block, "amount", "amount: 150"), currency)
    per = _above_zero(block["per"], "per") if "per" in block else number("1")
    return Each(amount, per, _days(block["most"], 1) if "most" in block else None, block.place)


def _fair(written: Any) -> Fair:
    example = "no_sandbagging: {days: 30, of: 180, at_least: 50%}"
    block = parameters.block(written, "`no_sandbagging`", example)
    parameters.known(block, ("days", "of", "at_least"), "no_sandbagging")
    least = parameters.share(needed(block, "at_least", example))
    if least <= 0:
        refuse(least.place, f"{least} of the usual pace asks for nothing", "write e.g. 50%")
    days = _days(needed(block, "days", example), 1)
    return Fair(days, _days(needed(block, "of", example), 1), Fraction(least), block.place)


def _budget(written: Any, currency: str) -> Budget:
    example = "budget: {amount: 20_000, over: share}"
    block = parameters.block(written, "`budget`", example)
    parameters.known(block, ("amount", "over"), "a budget")
    amount = _money(needed(block, "amount", example), currency)
    return Budget(amount, choice(block, "over", OVER, "pay"), block.place)


def _refuse_unaffordable(spiff: Spiff) -> None:
    """Refuse places that come to more than the budget whoever wins them."""
    if spiff.budget is None or spiff.groups:
        return
    least = sum((prize.amount for prize in spiff.places), number("0"))
    if least > spiff.budget.amount:
        wrong = f"the places win {least:,f}, and the budget is {spiff.budget.amount:,f}"
        refuse(spiff.budget.place, wrong, "raise the budget, or lower the prizes")


def _money(written: Any, currency: str) -> Number:
    made = _above_zero(written, "prize")
    if made.percent or made != round(made, CURRENCIES[currency]):
        wrong = f"'{written}' is no amount of {currency}"
        refuse(made.place, wrong, f"write {CURRENCIES[currency]} decimals at most, and no %")
    return made


def _above_zero(written: Any, what: str) -> Number:
    made = number(written)
    if made <= 0:
        refuse(made.place, f"the {what} {written} is not above 0", "write a number above 0")
    return made


def _days(written: Any, least: int) -> int:
    made = parameters.whole(written)
    if made < least:
        place = parameters.place_of(written)
        refuse(place, f"{made} is below {least}", f"write a whole number from {least} on")
    return made
