"""Written: how a year's pay is drawn and what a table has to meet, ``policies/modelling.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import refuse
from spmlib.core.written import Block

WORDS = (
    *("year", "currency", "measure", "growth", "market", "least", "credibility", "runs", "seed"),
    *("excellence", "room", "table"),
)
TABLE = ("plan", "component", "cost", "leverage", "mix", "step", "most", "rising")


@dataclass(frozen=True)
class Wanted:
    """What a new table of one component has to meet; none of what is not asked.

    Attributes:
        plan: whose.
        component: which.
        cost: of those on the plan, over what they are expected to cost now, less 1.
        leverage: pay at excellence over pay at 100 % of quota.
        mix: variable pay at 100 % of quota over base and variable pay.
        step: rates and payouts are whole multiples of it; 0: as they come.
        most: no rate or payout above.
        rising: whether none may lie below the row before.
    """

    plan: str
    component: str
    cost: float | None = None
    leverage: float | None = None
    mix: float | None = None
    step: float = 0.0
    most: float = float("inf")
    rising: bool = False


@dataclass(frozen=True)
class Decisions:
    """What a company decides of how it tries plans on years to come."""

    year: int
    currency: str
    measure: str  # of cost of sales
    growth: float
    market: float  # a standard deviation
    least: float  # of quota errors, a standard deviation
    credibility: float  # people, or quarters of people, that count as much as all
    runs: int
    seed: int
    excellence: float  # share of people and years that stay below the attainment called excellent
    room: float  # of the budget, above what is expected
    table: Wanted | None


def read(path: Path) -> Decisions:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Decisions:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number, share or currency; a spread
            is negative; less than two companies are drawn.
    """
    parameters.known(entry, WORDS, "modelling")
    return Decisions(
        year=parameters.whole(parameters.needed(entry, "year", "year: 2027")),
        currency=_currency(entry),
        measure=parameters.text(parameters.needed(entry, "measure", "measure: bookings")),
        growth=_share(entry, "growth"),
        market=_spread(entry, "market"),
        least=_spread(entry, "least"),
        credibility=_count(entry, "credibility", 0, 10),
        runs=_count(entry, "runs", 2, 10_000),
        seed=_count(entry, "seed", 0, 1),
        excellence=_between(entry, "excellence", 0.9),
        room=_share(entry, "room"),
        table=_wanted(entry["table"]) if "table" in entry else None,
    )


def _wanted(said: Any) -> Wanted:
    block = parameters.block(said, "the table to be found", "{plan: seller, component: bookings}")
    parameters.known(block, TABLE, "the table to be found")
    made = Wanted(
        plan=parameters.text(parameters.needed(block, "plan", "plan: seller")),
        component=parameters.text(parameters.needed(block, "component", "component: bookings")),
        cost=_share(block, "cost") if "cost" in block else None,
        leverage=_number(block, "leverage") if "leverage" in block else None,
        mix=_between(block, "mix", 0.5) if "mix" in block else None,
        step=_spread(block, "step"),
        most=_number(block, "most") if "most" in block else float("inf"),
        rising=parameters.choice(block, "rising", ("yes", "no"), "no") == "yes",
    )
    if made.cost is None and made.leverage is None and made.mix is None:
        refuse(block.place, "nothing is asked of the table", "write `cost`, `mix` or `leverage`")
    return made


def _currency(entry: Block) -> str:
    said = parameters.text(parameters.needed(entry, "currency", "currency: USD"))
    if said not in CURRENCIES:
        refuse(entry.places["currency"], f"'{said}' is no currency", "write a code such as USD")
    return str(said)


def _share(entry: Block, key: str) -> float:
    made = float(parameters.share(entry[key], key)) if key in entry else 0.0
    if made <= -1:
        refuse(entry.places[key], f"'{entry[key]}' leaves nothing", "write more than -100%")
    return made


def _spread(entry: Block, key: str) -> float:
    made = _share(entry, key)
    if made < 0:
        refuse(entry.places[key], f"'{entry[key]}' is below 0", "write a share of 0% or more")
    return made


def _between(entry: Block, key: str, default: float) -> float:
    made = float(parameters.share(entry[key], key)) if key in entry else default
    if not 0 < made < 1:
        refuse(entry.places[key], f"'{entry[key]}' is not between 0% and 100%", "write e.g. 90%")
    return made


def _number(entry: Block, key: str) -> float:
    made = float(parameters.number(entry[key]))
    if made <= 0:
        refuse(entry.places[key], f"'{entry[key]}' is not above 0", "write e.g. 1.5")
    return made


def _count(entry: Block, key: str, least: int, default: int) -> int:
    made = parameters.whole(entry[key]) if key in entry else default
    if made < least:
        refuse(entry.places[key], f"'{entry[key]}' is too few", f"write {least} or more")
    return made
