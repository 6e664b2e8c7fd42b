"""Spreads: how far attainments vary, told apart by what is shared: market, team, person, luck.

A quarter of a person is what is expected of it times one plus five parts: of the market in the year
and in the quarter, of the team in the year and in the quarter, of the person in the year (a quota
set too high or too low stays so all year), and luck. Each part shows in how pairs of quarters go
together; what is left of a quarter's own variance is luck.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spmlib.core.arrays import Floats, Whole

MONTHS = 3  # of a quarter


@dataclass(frozen=True)
class Shared:
    """What people vary by together: standard deviations over what is expected."""

    market_year: float = 0.0
    market_quarter: float = 0.0
    team_year: float = 0.0
    team_quarter: float = 0.0

    def variance(self, quarters: int = 4) -> tuple[float, float]:
        """The variance of so many quarters of one year that all share, and that a team shares."""
        return (
            self.market_year**2 + self.market_quarter**2 / quarters,
            self.team_year**2 + self.team_quarter**2 / quarters,
        )


@dataclass(frozen=True)
class Own:
    """What people on one plan vary by on their own in one measure.

    Attributes:
        person: standard deviation of a person's year, over what is expected: the quota's error.
        luck: that of one month.
        seen: how many quarters of people it is made of.
        people: how many people.
        common: standard deviation of a quarter that all on the plan share, beyond all plans.
    """

    person: float
    luck: float
    seen: int = 0
    people: int = 0
    common: float = 0.0


@dataclass(frozen=True)
class Quarters:
    """Quarters of people, one row each: what came over what was expected, less 1.

    Attributes:
        rest: how far it lies from what was expected.
        person: a number for each person.
        team: one for each team.
        quarter: one for each quarter, rising; four to a calendar year, the first a multiple of 4.
        season: how many levels of the season were fitted to them.
    """

    rest: Floats
    person: Whole
    team: Whole
    quarter: Whole
    season: int = 0

    @property
    def year(self) -> Whole:
        """A number for each calendar year."""
        return self.quarter // 4

    @property
    def free(self) -> float:
        """By how much a fitted season made what all share smaller: 1 without one."""
        count = len(np.unique(self.quarter))
        return count / max(count - self.season, 1)


def shared(of: Quarters, market: float = 0.0) -> Shared:
    """What all share, and what teams share, from how pairs of quarters go together.

    Defined as the mean of the products of pairs, of

        other teams, same quarter        market year + market quarter
        other teams, another quarter     market year
        same team, same quarter          the above + team year + team quarter
        same team, another quarter       market year + team year

    each of different people in one calendar year, none below 0. A season fitted to few years takes
    part of the market with it: market quarters are scaled up by quarters / (quarters - season).

    Args:
        of: quarters of all plans.
        market: what a year's market is at least: two or three years do not show it.

    Source:
        Searle, Casella and McCulloch, "Variance Components" (1992), chapter 5: moments.
    """
    told = _moments(of)
    apart_q, apart_y = told["other team, quarter"], max(told["other team, year"], 0.0)
    near_q, near_y = told["team, quarter"], told["team, year"]
    market_quarter = max(apart_q - apart_y, 0.0) * of.free
    team_year = max(near_y - apart_y, 0.0)
    team_quarter = max(near_q - max(apart_q, 0.0) - team_year, 0.0)
    return Shared(
        max(float(np.sqrt(apart_y)), market),
        *(float(np.sqrt(part)) for part in (market_quarter, team_year, team_quarter)),
    )


def own(of: Quarters, among: Shared, least: float = 0.0) -> Own:
    """What those on one plan vary by on their own in a measure.

    Defined as::

        person = pairs of quarters of one person and year, less what market and team share of a year
        common = pairs of one quarter and other teams, less what all share
        luck   = variance of a quarter, less all of these; a month's is 3 times that

    Args:
        of: quarters of one plan and measure.
        among: what all and teams share.
        least: of the person's standard deviation: nobody's quota is certain.
    """
    told = _moments(of)
    market, team = among.variance(1)
    person = max(told["person, year"] - among.market_year**2 - among.team_year**2, 0.0)
    count = len(of.rest)
    whole = told["itself"] * count / max(count - of.season, 1)
    common = max(told["other team, quarter"] * of.free - market, 0.0)
    luck = max(whole - person - market - team - common, 0.0)
    people = len(np.unique(of.person))
    return Own(
        max(float(np.sqrt(person)), least),
        float(np.sqrt(luck * MONTHS)),
        count,
        people,
        float(np.sqrt(common)),
    )


def held(parts: dict[str, Own], much: float) -> dict[str, Own]:
    """Each plan's own spread held towards that of all: weight n / (n + much) on its own.

    Defined on variances, with n people for a quota's error, and n quarters of people for luck,
    which every quarter shows anew. The mean of all weighs each plan by its quarters.

    Args:
        parts: by plan and measure.
        much: how many of a plan count as much as all plans together.

    Source:
        Bühlmann, "Experience rating and credibility" (1967).
    """
    seen = np.array([part.seen for part in parts.values()], float)
    if not seen.sum():
        return parts
    squares = np.array([(part.person**2, part.luck**2) for part in parts.values()])
    mean = (squares * seen[:, None]).sum(axis=0) / seen.sum()
    made = {}
    for (name, part), square in zip(parts.items(), squares, strict=True):
        known = np.array([part.people, part.seen], float)
        weight = np.divide(known, known + much, out=np.zeros(2), where=known > 0)
        person, luck = np.sqrt(weight * square + (1 - weight) * mean)
        made[name] = replace(part, person=float(person), luck=float(luck))
    return made


def correlations(among: Shared, of: Own, months: int = 12) -> tuple[float, float, float]:
    """How the attainment of two people on a plan, of a year or part of it, goes together.

    Returns:
        correlation within a team, across teams, and the standard deviation of attainment over what
        is expected; of small shares, as variances add up.
    """
    quarters = max(months // MONTHS, 1)
    market, team = among.variance(quarters)
    market += of.common**2 / quarters
    total = market + team + of.person**2 + of.luck**2 / months
    if total <= 0:
        return 0.0, 0.0, 0.0
    return (market + team) / total, market / total, float(np.sqrt(total))


def _moments(of: Quarters) -> dict[str, float]:
    """The mean products of pairs of quarters, by what the two share; 0 where there is no pair."""
    keys = {
        "quarter": of.quarter,
        "team quarter": _joined(of.team, of.quarter),
        "itself": np.arange(len(of.rest)),
        "year": of.year,
        "team year": _joined(of.team, of.year),
        "person year": _joined(of.person, of.year),
    }
    sums = {name: _pairs(of.rest, key) for name, key in keys.items()}
    told = {
        "itself": sums["itself"],
        "other team, quarter": sums["quarter"] - sums["team quarter"],
        "other team, year": sums["year"]
        - sums["quarter"]
        - sums["team year"]
        + sums["team quarter"],
        "team, quarter": sums["team quarter"] - sums["itself"],
        "team, year": sums["team year"]
        - sums["team quarter"]
        - sums["person year"]
        + sums["itself"],
        "person, year": sums["person year"] - sums["itself"],
    }
    return {name: float(p / n) if n > 0 else 0.0 for name, (p, n) in told.items()}


def _pairs(rest: Floats, key: Whole) -> Floats:
    """The sum of the products of all pairs that share a key, and their number."""
    _, place = np.unique(key, return_inverse=True)
    sums, counts = np.bincount(place, rest), np.bincount(place)
    return np.array([(sums**2).sum(), (counts.astype(float) ** 2).sum()])


def _joined(one: Whole, other: Whole) -> Whole:
    return np.unique(np.stack([one, other]), axis=1, return_inverse=True)[1].reshape(-1)
