"""Draws: companies of a year: what everybody is credited with if market, teams and luck fall so.

Companies come in batches of fixed size, each with random numbers of its own by plan and measure,
so that the first thousand of ten thousand are those of one thousand, and every plan that is
compared pays for the same sales.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.spreads import MONTHS
from spmlib.rules.estimated.earned import Sold, gathered

BATCH = 500  # companies that fit a processor's cache
BEYOND = 1 + 1e-12  # a multiple of quota is reached, not missed by a rounding


@dataclass(frozen=True)
class Batch:
    """Companies that are drawn together.

    Attributes:
        number: which batch.
        runs: how many companies.
        factors: what a quarter of each team is of what is expected of it: teams x runs x 4.
    """

    number: int
    runs: int
    factors: Floats


def batches(ready: Prepared, runs: int) -> Iterator[tuple[slice, Batch]]:
    """Batches of companies, each with its place among all runs.

    Defined as the product of lognormal factors of mean 1: market in the year and in the quarter,
    team in the year and in the quarter. What people are on their own is drawn in `drawn`.
    """
    among = ready.among
    spreads = (among.market_year, among.market_quarter, among.team_year, among.team_quarter)
    year, quarter, team_year, team_quarter = (_width(spread) for spread in spreads)
    squares = year**2 + quarter**2 + team_year**2 + team_quarter**2
    for number, first in enumerate(range(0, runs, BATCH)):
        size = min(BATCH, runs - first)
        market = _random(ready, number, "market").standard_normal((BATCH, 5))[:size]
        teams = _random(ready, number, "teams").standard_normal((ready.teams, BATCH, 5))[:, :size]
        log = year * market[:, :1] + quarter * market[:, 1:]
        log = log + team_year * teams[..., :1] + team_quarter * teams[..., 1:]
        yield slice(first, first + size), Batch(number, size, np.exp(log - squares / 2))


def drawn(ready: Prepared, known: Known, batch: Batch, length: int) -> Sold:
    """What those on one plan are credited with in a batch of companies, and what is asked of them.

    Args:
        ready: what is known of all.
        known: of those on the plan.
        batch: which companies.
        length: months of the parts of the year that the plan looks at, of `earned.lattice`.
    """
    name = known.plan.name
    person = _random(ready, batch.number, "people", name).standard_normal(
        (len(known.people), BATCH)
    )
    credited = {}
    for measure, expected in known.expected.items():
        own = known.own[measure]
        width = _width(own.person)
        alone = np.exp(width * person[:, : batch.runs] - width**2 / 2)
        factor = (
            batch.factors[known.team] * alone[..., None] * _common(ready, known, batch, measure)
        )
        luck = _luck(own.luck, expected, _random(ready, batch.number, name, measure), batch.runs)
        if length % MONTHS == 0:
            credited[measure] = gathered(gathered(luck, MONTHS) * factor, length)
        else:
            luck *= np.repeat(factor, MONTHS, axis=-1)
            credited[measure] = gathered(luck, length)
    goals = {measure: gathered(asked, length)[:, None] for measure, asked in known.goals.items()}
    return Sold(credited, goals, *_held(known, length), known.rate)


def expected(known: Known, length: int, level: float | None = None) -> Sold:
    """One company in which all comes as expected; with a level, the main measure at it.

    Args:
        known: of those on the plan.
        length: as in `drawn`.
        level: multiple of each window's quota, in every part of it.
    """
    credited = {m: gathered(came, length)[:, None] for m, came in known.expected.items()}
    goals = {m: gathered(asked, length)[:, None] for m, asked in known.goals.items()}
    main = known.plan.main.measure
    if level is not None and main in goals:
        credited[main] = level * BEYOND * goals[main]
    return Sold(credited, goals, *_held(known, length), known.rate)


def _held(known: Known, length: int) -> tuple[Floats, Floats]:
    target = gathered(known.target, length)[:, None]
    return target, np.full_like(target, float(length))


def _common(ready: Prepared, known: Known, batch: Batch, measure: str) -> Floats:
    """What a quarter of all on a plan is of what is expected of it: runs x 4."""
    width = _width(known.own[measure].common)
    random = _random(ready, batch.number, known.plan.name, measure, "common")
    normal = random.standard_normal((BATCH, 4))[: batch.runs]
    return np.asarray(np.exp(width * normal - width**2 / 2))


def _luck(spread: float, expected: Floats, random: np.random.Generator, runs: int) -> Floats:
    """What is expected of each month times gamma numbers of mean 1: people x runs x 12."""
    people = len(expected)
    if spread <= 0:
        return np.repeat(expected[:, None], runs, axis=1)
    form = 1 / spread**2
    made = random.standard_gamma(form, (people, BATCH, 12))[:, :runs]
    made *= (expected / form)[:, None]
    return made


def _width(spread: float) -> float:
    """Of a lognormal factor of mean 1 with that standard deviation."""
    return float(np.sqrt(np.log1p(spread**2)))


def _random(ready: Prepared, batch: int, *words: str) -> np.random.Generator:
    return np.random.default_rng([ready.decided.seed, batch, crc32(" ".join(words).encode())])
