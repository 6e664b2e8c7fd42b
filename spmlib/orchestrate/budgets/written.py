"""Written: what a year's sales force may cost, a file of ``parameters/budgets``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import refuse
from spmlib.core.written import Block
from spmlib.rules import employer_taxes

WORDS = (
    *(
        "year",
        "currency",
        "measure",
        "growth",
        "market",
        "raise",
        "raise_from",
        "taxes",
        "benefits",
    ),
    *("tools", "travel", "recruiting", "hires", "refilled", "ramp"),
)
OTHER = "other"  # teams that are not named


@dataclass(frozen=True)
class Tax:
    """What an employer pays on pay, up to a ceiling of a year's pay and beyond."""

    share: float
    ceiling: float = float("inf")  # [payroll currency a year]
    beyond: float = 0.0


@dataclass(frozen=True)
class BudgetYear:
    """What a company decides of a year's budget."""

    year: int
    currency: str
    measure: str  # of cost of sales
    growth: float  # of quotas in money and of what is sold, on the year before
    market: float  # how far a year's market may lie from what is expected: a standard deviation
    raised: float  # of base pay and target incentive
    raised_from: str  # month
    taxes: Mapping[str, Tax]  # by payroll currency
    benefits: float  # share of base pay
    tools: float  # [currency] a head and month
    travel: Mapping[str, float]  # by team [currency] a head and month
    recruiting: float  # [currency] a hire
    hires: Mapping[str, Mapping[str, int]]  # by role and month
    refilled: int  # months until a leaver's successor begins
    ramp: tuple[float, ...]

    @property
    def begins(self) -> date:
        """The first day of the year."""
        return date(self.year, 1, 1)

    def travelling(self, team: str) -> float:
        """What a head of a team travels for in a month [currency]."""
        return self.travel.get(team, self.travel.get(OTHER, 0.0))


def read(path: Path) -> BudgetYear:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> BudgetYear:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, is no number or share, or a month is not of
            the year.
    """
    parameters.known(entry, WORDS, "budgets")
    year = parameters.whole(parameters.needed(entry, "year", "year: 2027"))
    return BudgetYear(
        year=year,
        currency=_currency(entry),
        measure=parameters.text(parameters.needed(entry, "measure", "measure: bookings")),
        growth=_share(entry, "growth"),
        market=_share(entry, "market"),
        raised=_share(entry, "raise"),
        raised_from=_month(entry["raise_from"], year) if "raise_from" in entry else f"{year}-01",
        taxes={name: _tax(block) for name, block in _block(entry, "taxes", "{USD: {}}").items()},
        benefits=_share(entry, "benefits"),
        tools=_amount(entry, "tools"),
        travel={
            team: _positive(cost) for team, cost in _block(entry, "travel", "{sales: 900}").items()
        },
        recruiting=_amount(entry, "recruiting"),
        hires={role: _hires(months, year) for role, months in _block(entry, "hires", "{}").items()},
        refilled=parameters.whole(entry["refilled"]) if "refilled" in entry else 3,
        ramp=parameters.shares(entry["ramp"]) if "ramp" in entry else (),
    )


def _currency(entry: Block) -> str:
    said = parameters.text(parameters.needed(entry, "currency", "currency: USD"))
    if said not in CURRENCIES:
        refuse(entry.places["currency"], f"'{said}' is no currency", "write a code such as USD")
    return str(said)


def _block(entry: Block, key: str, example: str) -> Block:
    return parameters.block(entry[key], f"`{key}`", example) if key in entry else Block()


def _share(entry: Block, key: str) -> float:
    return float(parameters.share(entry[key], key)) if key in entry else 0.0


def _amount(entry: Block, key: str) -> float:
    return _positive(entry[key]) if key in entry else 0.0


def _positive(said: Any) -> float:
    made = parameters.number(said, "an amount")
    if made.percent or made < 0:
        refuse(made.place, f"'{said}' is no amount of 0 or more", "write one, e.g. 400.00")
    return float(made)


def _tax(said: Any) -> Tax:
    exact = employer_taxes.tax(said)
    ceiling = float("inf") if exact.ceiling is None else float(exact.ceiling)
    return Tax(float(exact.share), ceiling, float(exact.beyond))


def _hires(said: Any, year: int) -> dict[str, int]:
    block = parameters.block(said, "hires of a role", "{2027-01: 2}")
    made = {_month(month, year, block.places[month]): block[month] for month in block}
    for month, number in made.items():
        if parameters.whole(number) < 0:
            refuse(block.places[month], f"{number} hires cannot be meant", "write 0 or more")
    return {month: parameters.whole(number) for month, number in made.items()}


def _month(said: Any, year: int, place: str = "") -> str:
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    if said not in months:
        where = place or parameters.place_of(said)
        refuse(where, f"'{said}' is no month of {year}", f"write {months[0]} to {months[-1]}")
    return str(said)
