"""Levels: what usually comes in for a month's quota, or of a person; how far quarters lie off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.modelling.simulated.spreads import Quarters
from spmlib.rules.estimated.pasts import Past

WHOLE = 0.999  # of a quarter held, from which it counts
Years = Sequence[tuple[Past, int]]  # calendar years, the latest first, and how many months are over


@dataclass(frozen=True)
class Level:
    """What comes in of a measure on a plan.

    Attributes:
        quoted: whether it has quotas.
        by_month: for each calendar month, what is credited for 1 of quota, or of a person: 12.
    """

    quoted: bool
    by_month: Floats


def level(measure: str, years: Years) -> Level:
    """What usually comes in, by the month of the year.

    Defined as the sum credited over the sum of quotas (or of people there), of that month in all
    years. Without quotas it is brought to how much came in the latest year.
    """
    came, basis, quoted = _months(measure, years)
    sums, there = came.sum(axis=(0, 1)), basis.sum(axis=(0, 1))
    mean = sums.sum() / there.sum() if there.sum() > 0 else 0.0
    by_month = np.divide(sums, there, out=np.full(12, mean), where=there > 0)
    if not quoted:
        usual = (basis[0] * by_month).sum()
        by_month = by_month * (came[0].sum() / usual if usual > 0 else 1.0)
    return Level(quoted, np.maximum(by_month, 0.0))


def quarters(
    measure: str, of: Level, years: Years, people: Mapping[str, int], teams: Mapping[str, int]
) -> Quarters:
    """How far each quarter of each person lay from what was expected, of quarters held throughout.

    Without quotas, beside the level of all in that year.
    """
    came, basis, quoted = _months(measure, years)
    expected = basis * of.by_month
    if not quoted:
        usual = expected.sum(axis=(1, 2), keepdims=True)
        ratio = came.sum(axis=(1, 2), keepdims=True)
        expected = expected * np.divide(ratio, usual, out=np.zeros_like(usual), where=usual > 0)
    rows: list[tuple[Floats, ...]] = []
    for place, (past, _) in enumerate(years):
        n = len(past.people)
        told = expected[place, :n].reshape(n, 4, 3).sum(axis=-1)
        held = (past.sold.held[:, 0] * (basis[place, :n] > 0)).reshape(n, 4, 3).sum(axis=-1)
        sums = came[place, :n].reshape(n, 4, 3).sum(axis=-1)
        who, when = np.nonzero((held >= 3 * WHOLE) & (told > 0))
        number = np.array([people[person] for person in past.people])[who]
        team = np.array([teams.get(person, 0) for person in past.people])[who]
        rows.append((sums[who, when] / told[who, when] - 1, number, team, when - 4 * place))
    rest, number, team, quarter = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Quarters(rest, number, team, quarter, len(np.unique(quarter % 4)))


def asked(measure: str, past: Past, people: Sequence[str]) -> Floats:
    """The quotas of a full year of people: their own, else the mean of those who have one."""
    there = past.sold.held[:, 0]
    goals = past.sold.goals.get(measure, np.zeros_like(past.sold.held))[:, 0]
    full = np.divide(goals, there, out=np.zeros_like(there), where=there > 0)
    heads = (full > 0).sum(axis=0)
    usual = full.sum(axis=0) / np.maximum(heads, 1)
    usual = np.where(heads > 0, usual, usual[heads > 0].mean() if heads.any() else 0.0)
    places = {person: place for place, person in enumerate(past.people)}
    own = [full[places[p]] if p in places else np.zeros(12) for p in people]
    return np.where(np.array(own) > 0, own, usual)


def _months(measure: str, years: Years) -> tuple[Floats, Floats, bool]:
    """What came and what it is measured by, in months that are over: years x people x 12."""
    most = max(len(past.people) for past, _ in years)
    none = np.zeros((len(years), most, 12))
    came, goals, held = none.copy(), none.copy(), none.copy()
    for place, (past, over) in enumerate(years):
        gone = (np.arange(12) < over) & (np.arange(12) >= _first(past))
        n = len(past.people)
        came[place, :n] = past.sold.credited.get(measure, np.zeros((n, 1, 12)))[:, 0] * gone
        goals[place, :n] = past.sold.goals.get(measure, np.zeros((n, 1, 12)))[:, 0] * gone
        held[place, :n] = past.sold.held[:, 0] * gone
    quoted = bool(goals.any())
    return came, goals if quoted else held, quoted


def _first(past: Past) -> int:
    """The first month in which anybody was credited with anything."""
    sums = sum(np.abs(amounts).sum(axis=(0, 1)) for amounts in past.sold.credited.values())
    there = np.flatnonzero(np.asarray(sums))
    return int(there[0]) if len(there) else 12
