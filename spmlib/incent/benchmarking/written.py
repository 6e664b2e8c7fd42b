"""Written: how pay is set against the market, ``parameters/policies/benchmarking.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import refuse
from spmlib.core.tables import MarketPay
from spmlib.core.written import Block, Items
from spmlib.incent.benchmarking.ageing import CONVENTIONS

WORDS = ("market", "cells", "uncertainty", "performance")
MARKET = (
    *("measure", "ageing", "weigh", "organisations", "largest_share", "spread", "least_months"),
    *("jobs", "places", "wider"),
)
PLACED_BY = ("currency", "territory_id", "team", "role", "plan")
WEIGHED = ("incumbents", "equal")


@dataclass(frozen=True)
class Job:
    """What a role is called in surveys.

    Attributes:
        name: the surveys' job.
        levels: the surveys' level by the years employed from which it holds; "" is all levels.
    """

    name: str
    levels: Mapping[int, str]


@dataclass(frozen=True)
class Rule:
    """The place of those whose columns hold one of the words."""

    place: str
    among: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Band:
    """What is published as usual."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Policy:
    """What a company decides of benchmarking."""

    measure: str
    convention: str
    rates: Mapping[str, float]  # a year, by place or currency
    weigh: str
    organisations: int
    largest_share: float
    spread: float
    least_months: int
    jobs: Mapping[str, Job]  # by role
    places: tuple[Rule, ...]
    wider: Mapping[str, str]
    people: int  # of the smallest cell shown
    sure: float
    runs: int
    seed: int
    edges: tuple[float, ...]
    threshold: float
    top: float
    expected: Mapping[str, Band]


def read(path: Path) -> Policy:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, is no number or share, or cannot be meant.
    """
    parameters.known(entry, WORDS, "benchmarking")
    market = _block(entry, "market", "market: {measure: base, ...}")
    parameters.known(market, MARKET, "market")
    ageing = _block(market, "ageing", "ageing: {convention: simple, rates: {USD: 3%}}")
    parameters.known(ageing, ("convention", "rates"), "ageing")
    return Policy(
        measure=parameters.choice(market, "measure", MarketPay.columns()["measure"].among),
        convention=parameters.choice(ageing, "convention", CONVENTIONS),
        rates={at: _rate(rate) for at, rate in _block(ageing, "rates", "rates: {}").items()},
        weigh=parameters.choice(market, "weigh", WEIGHED),
        organisations=_count(market, "organisations", "organisations: 5"),
        largest_share=_within(market, "largest_share", "largest_share: 25%"),
        spread=_spread(market),
        least_months=_count(market, "least_months", "least_months: 3"),
        jobs={role: _job(job) for role, job in _block(market, "jobs", "jobs: {}").items()},
        places=_places(market),
        wider=_wider(market),
        **_small(entry),
        **_performance(entry),
    )


def _small(entry: Block) -> dict[str, Any]:
    """How small a cell may be, and how sure figures are told."""
    cells = _block(entry, "cells", "cells: {people: 5}")
    parameters.known(cells, ("people",), "cells")
    about = _block(entry, "uncertainty", "uncertainty: {sure: 95%, runs: 2000, seed: 1}")
    parameters.known(about, ("sure", "runs", "seed"), "uncertainty")
    sure = _within(about, "sure", "sure: 95%")
    if not 0 < sure < 1:
        refuse(about.places["sure"], f"nothing is sure to {sure:.0%}", "write 50% to 99%")
    return {
        "people": _count(cells, "people", "people: 5"),
        "sure": sure,
        "runs": _count(about, "runs", "runs: 2000"),
        "seed": _count(about, "seed", "seed: 20240501", least=0),
    }


def _performance(entry: Block) -> dict[str, Any]:
    words = _block(entry, "performance", "performance: {edges: [0%, 100%]}")
    parameters.known(words, ("edges", "threshold", "top", "expected"), "performance")
    example = "edges: [0%, 50%, 100%, 150%]"
    edges = parameters.shares(parameters.needed(words, "edges", example))
    if len(edges) < 2 or any(b <= a for a, b in pairwise(edges)):
        refuse(words.places["edges"], "the edges do not rise", f"write `{example}`")
    top = _within(words, "top", "top: 20%")
    if top <= 0:
        refuse(words.places["top"], "the top 0% are nobody", "write `top: 20%`")
    bands = _block(words, "expected", "expected: {}") if "expected" in words else Block()
    return {
        "edges": edges,
        "threshold": float(
            parameters.share(parameters.needed(words, "threshold", "threshold: 50%"))
        ),
        "top": top,
        "expected": {name: _band(band) for name, band in bands.items()},
    }


def _band(said: Any) -> Band:
    example = "{from: 3%, to: 9%, source: ZS}"
    block = parameters.block(said, "a range that is expected", example)
    parameters.known(block, ("from", "to", "source"), "a range that is expected")
    low, high = (
        float(parameters.number(parameters.needed(block, name, f"{name}: 3%")))
        for name in ("from", "to")
    )
    if high <= low:
        refuse(block.places["to"], f"the range ends at {block['to']}", "write more than `from`")
    return Band(low, high, parameters.text(parameters.needed(block, "source", "source: ZS")))


def _job(said: Any) -> Job:
    block = parameters.block(said, "the job of a role", "{job: field_sales, level: career}")
    parameters.known(block, ("job", "level", "levels"), "a job")
    name = str(parameters.text(parameters.needed(block, "job", "job: field_sales")))
    if "levels" not in block:
        return Job(name, {0: str(parameters.text(block["level"])) if "level" in block else ""})
    if "level" in block:
        refuse(block.places["level"], "a role has one level or several", "delete one of both")
    example = "{0: entry, 2: career}"
    levels = parameters.block(block["levels"], "levels by years employed", example)
    years = {key: parameters.whole(written.word(key, levels.places[key])) for key in levels}
    if not years or list(years.values()) != sorted({*years.values()}) or min(years.values()) != 0:
        wrong = "levels do not rise from 0 years"
        refuse(block.places["levels"], wrong, f"write `levels: {example}`")
    return Job(name, {years[key]: str(parameters.text(levels[key])) for key in levels})


def _places(market: Block) -> tuple[Rule, ...]:
    example = "places: [{place: US, currency: USD}]"
    rules = parameters.needed(market, "places", example)
    if not isinstance(rules, Items):
        refuse(market.places["places"], "places are no list", f"write `{example}`")
    return tuple(_rule(rule) for rule in rules)


def _rule(said: Any) -> Rule:
    block = parameters.block(said, "a place", "{place: US, currency: USD}")
    parameters.known(block, ("place", *PLACED_BY), "a place")
    place = str(parameters.text(parameters.needed(block, "place", "place: US")))
    among = {name: parameters.words(block[name]) for name in block if name != "place"}
    return Rule(place, {name: tuple(str(w) for w in words) for name, words in among.items()})


def _wider(market: Block) -> dict[str, str]:
    if "wider" not in market:
        return {}
    block = _block(market, "wider", "wider: {US-NY: US}")
    made = {str(place): str(parameters.text(block[place])) for place in block}
    for place in made:
        seen, at = {place}, place
        while at in made:
            at = made[at]
            if at in seen:
                refuse(block.places[place], f"'{place}' lies in itself", "name a wider place")
            seen.add(at)
    return made


def _block(entry: Block, key: str, example: str) -> Block:
    return parameters.block(parameters.needed(entry, key, example), f"`{key}`", f"`{example}`")


def _rate(said: Any) -> float:
    made = parameters.share(said, "rate")
    if made <= -1:
        refuse(made.place, f"a market cannot fall by {said}", "write a rate above -100%")
    return float(made)


def _count(entry: Block, key: str, example: str, least: int = 1) -> int:
    made = parameters.whole(parameters.needed(entry, key, example))
    if made < least:
        refuse(entry.places[key], f"{made} cannot be meant", f"write {least} or more")
    return made


def _within(entry: Block, key: str, example: str) -> float:
    made = float(parameters.share(parameters.needed(entry, key, example), key))
    if not 0 <= made <= 1:
        refuse(entry.places[key], f"{entry[key]} is no part of the whole", "write 0% to 100%")
    return made


def _spread(market: Block) -> float:
    made = parameters.share(parameters.needed(market, "spread", "spread: 50%"), "spread")
    if made <= 0:
        refuse(made.place, f"a range of {market['spread']} is none", "write more, e.g. 50%")
    return float(made)
