"""Written: what a company decides of what its changes were worth, ``policies/value.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.months import MONTH
from spmlib.core.parameters import block, choice, day, needed, number, refuse, share, text
from spmlib.core.written import Block
from spmlib.revops.value.costs import Costs
from spmlib.revops.value.effects import Demands

WORDS = ("change", "starts", "set_up", "running", "discount", "months", "draws", "seed", "block",
         "demands", "doubt", "hour", "measures", "checking", "surveys")  # fmt: skip
MEASURE = ("unit", "better", "worth", "hours", "within", "teams", "says")
DIRECTIONS = {"less": -1, "more": 1}
SURVEYS = "surveys: {hours: {2026-01: 120}}"
TEAMS = {"sum": True, "mean": False}


@dataclass(frozen=True)
class Measure:
    """A measure: its unit, which way is better, what a unit is worth, and what it is within.

    `worth` is an assumption [currency a unit], or the hours that a unit takes times an hour's;
    `within` names a measure that holds it already; `says` is its name in words.
    """

    name: str
    unit: str
    better: int  # 1 where more is, -1 where less is
    worth: float
    within: str
    adds: bool = True  # whether teams' values add up to the company's
    says: str = ""


@dataclass(frozen=True)
class Policy:
    """What is decided: the day, costs [currency], discount a year, horizon and demands."""

    change: date
    starts: dict[str, date]  # of teams that started on days of their own
    set_up: Costs  # once, or by month
    running: Costs  # a month, or by the month from which it holds
    discount: float
    months: int
    draws: int
    seed: int
    block: int
    demands: Demands
    doubt: float  # share of made-up days at which something is found, above which it is doubted
    measures: dict[str, Measure]
    checking: float  # hours a month in which a person checks the own pay: assumed
    surveys: dict[str, dict[str, float]]  # hours by measure and period, as people said


def read(path: Path) -> Policy:
    """The policy that a file holds.

    Raises:
        ParameterError: a word is unknown or missing, or a number is out of its bounds.
    """
    entry = written.read(path)
    parameters.known(entry, WORDS, "value.yaml")
    starts = block(entry.get("starts") or Block(), "starts", "starts: {sales: 2026-01-01}")
    asked = block(entry.get("surveys") or Block(), "surveys", SURVEYS)
    measures = _measures(entry, _amount(entry, "hour", "hour: 60"))
    return Policy(
        change=day(needed(entry, "change", "change: 2026-01-01")),
        starts={str(team): day(value) for team, value in starts.items()},
        set_up=_costs(entry, "set_up", "set_up: 60_000"),
        running=_costs(entry, "running", "running: 4_000"),
        discount=float(share(needed(entry, "discount", "discount: 8%"))),
        months=_count(entry, "months", "months: 36"),
        draws=_count(entry, "draws", "draws: 4_000"),
        seed=_count(entry, "seed", "seed: 43"),
        block=_count(entry, "block", "block: 3"),
        demands=_demands(entry),
        doubt=float(share(needed(entry, "doubt", "doubt: 20%"))),
        measures=measures,
        checking=_amount(entry, "checking", "checking: 1.5"),
        surveys={name: _survey(asked, name, measures) for name in asked},
    )


def _demands(entry: Block) -> Demands:
    example = (
        "demands: {trend: 12, season: 24, quarter: 18, mean: 4, after: 3, slope: 9, sure: 95%}"
    )
    own = block(needed(entry, "demands", example), "demands", example)
    names = ("trend", "season", "quarter", "mean", "after", "slope")
    parameters.known(own, (*names, "sure"), "demands")
    asked = {name: _count(own, name, example) for name in names}
    sure = share(needed(own, "sure", "sure: 95%"))
    if not 0 < sure < 1:
        refuse(sure.place, f"{sure} is no chance between 0 and 1", "write it as in sure: 95%")
    return Demands(**asked, sure=float(sure))


def _survey(asked: Block, name: str, measures: dict[str, Measure]) -> dict[str, float]:
    """What people said by month: 0 or more, of a measure that there is."""
    if name not in measures:
        refuse(asked.places[name], f"'{name}' is no measure", "name one of the file")
    own = block(asked[name], name, SURVEYS)
    return {_month(own, period): _amount(own, period, SURVEYS) for period in own}


def _month(own: Block, period: Any) -> str:
    if not MONTH.fullmatch(str(period)):
        refuse(own.places[period], f"'{period}' is no month", "write it as 2026-01")
    return str(period)


def _costs(entry: Block, key: str, example: str) -> Costs:
    """One amount, or amounts by month."""
    told = needed(entry, key, example)
    if not isinstance(told, Block):
        return _amount(entry, key, example)
    return {_month(told, period): _amount(told, period, example) for period in told}


def _measures(entry: Block, hour: float) -> dict[str, Measure]:
    example = "disputes: {unit: disputes, better: less, worth: 120}"
    own = block(needed(entry, "measures", example), "measures", example)
    found = {name: _measure(name, told, example, hour) for name, told in own.items()}
    for name, made in found.items():
        if made.within and made.within not in found:
            refuse(own.places[name], f"'{made.within}' is no measure", "name one of the file")
    for name in found:
        if name in _above(name, found):
            refuse(own.places[name], f"'{name}' is held by itself", "let within name another")
    return found


def _above(name: str, found: dict[str, Measure]) -> list[str]:
    """The measures that hold one, as far up as they are new."""
    held: list[str] = []
    outer = found[name].within
    while outer and outer not in held:
        held.append(outer)
        outer = found[outer].within
    return held


def _measure(name: str, told: Any, example: str, hour: float) -> Measure:
    own = block(told, name, example)
    parameters.known(own, MEASURE, name)
    better = DIRECTIONS[choice(own, "better", DIRECTIONS)]
    if ("hours" in own) == ("worth" in own):
        wrong = f"'{name}' has both worth and hours, or neither"
        refuse(own.place, wrong, f"write one of them, e.g. {example}")
    worth = _amount(own, "hours", example) * hour if "hours" in own else 0.0
    worth = worth if "hours" in own else _amount(own, "worth", example)
    unit = str(text(needed(own, "unit", example)))
    within = str(text(own["within"])) if "within" in own else ""
    adds = TEAMS[choice(own, "teams", TEAMS, "sum")]
    says = str(text(own["says"])) if "says" in own else name.replace("_", " ").capitalize()
    return Measure(name, unit, better, worth, within, adds, says)


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
