"""Written: what a company decides of what its changes were worth, ``policies/value.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import block, day, needed, number, refuse, share, text
from spmlib.core.written import Block
from spmlib.revops.value.effects import Demands

WORDS = ("change", "set_up", "running", "discount", "months", "draws", "seed", "block", "demands",
         "measures", "hours_checking")  # fmt: skip
DIRECTIONS = {"less": -1, "more": 1}


@dataclass(frozen=True)
class Measure:
    """A measure: its unit, which way is better, what a unit is worth, and what it is within.

    `worth` is an assumption [currency a unit]; `within` names a measure that holds it already.
    """

    name: str
    unit: str
    better: int  # 1 where more is, -1 where less is
    worth: float
    within: str


@dataclass(frozen=True)
class Policy:
    """What is decided: the day, costs [currency], discount a year, horizon and demands."""

    change: date
    set_up: float
    running: float  # a month
    discount: float
    months: int
    draws: int
    seed: int
    block: int
    demands: Demands
    measures: dict[str, Measure]
    hours_checking: dict[str, float]  # shadow accounting, by period, from a survey


def read(path: Path) -> Policy:
    """The policy that a file holds.

    Raises:
        ParameterError: a word is unknown or missing, or a number is out of its bounds.
    """
    entry = written.read(path)
    parameters.known(entry, WORDS, "value.yaml")
    checked = block(entry.get("hours_checking") or Block(), "hours_checking", "2026-01: 1.5")
    measures = _measures(entry)
    return Policy(
        change=day(needed(entry, "change", "change: 2026-01-01")),
        set_up=_amount(entry, "set_up", "set_up: 60_000"),
        running=_amount(entry, "running", "running: 4_000"),
        discount=float(share(needed(entry, "discount", "discount: 8%"))),
        months=_count(entry, "months", "months: 36"),
        draws=_count(entry, "draws", "draws: 4_000"),
        seed=_count(entry, "seed", "seed: 43"),
        block=_count(entry, "block", "block: 3"),
        demands=_demands(entry),
        measures=measures,
        hours_checking={str(p): float(number(v)) for p, v in checked.items()},
    )


def _demands(entry: Block) -> Demands:
    example = "demands: {trend: 12, season: 24, mean: 4, after: 3, slope: 9, sure: 95%}"
    own = block(needed(entry, "demands", example), "demands", example)
    names = ("trend", "season", "mean", "after", "slope")
    parameters.known(own, (*names, "sure"), "demands")
    asked = {name: _count(own, name, example) for name in names}
    return Demands(**asked, sure=float(share(needed(own, "sure", "sure: 95%"))))


def _measures(entry: Block) -> dict[str, Measure]:
    example = "disputes: {unit: disputes, better: less, worth: 120}"
    own = block(needed(entry, "measures", example), "measures", example)
    found = {name: _measure(name, told, example) for name, told in own.items()}
    for name, made in found.items():
        if made.within and made.within not in found:
            refuse(own.places[name], f"'{made.within}' is no measure", "name one of the file")
    return found


def _measure(name: str, told: Any, example: str) -> Measure:
    own = block(told, name, example)
    parameters.known(own, ("unit", "better", "worth", "within"), name)
    better = text(needed(own, "better", example))
    if better not in DIRECTIONS:
        refuse(own.place, f"'{better}' is no direction", "write less or more")
    unit = str(text(needed(own, "unit", example)))
    within = str(text(own["within"])) if "within" in own else ""
    return Measure(name, unit, DIRECTIONS[better], _amount(own, "worth", example), within)


def _amount(entry: Block, key: str, example: str) -> float:
    made = number(needed(entry, key, example))
    if made < 0:
        refuse(made.place, f"{key} is below 0", "write 0 or more")
    return float(made)


def _count(entry: Block, key: str, example: str) -> int:
    made = number(needed(entry, key, example), f"a whole number ({key})", example)
    if made != int(made) or made < 1:
        refuse(made.place, f"{key} is no whole number above 0", f"write it as in {example}")
    return int(made)
