"""Years: the year of the seats of one plan, drawn many times: who is there, and what they sell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.tables import Quotas, Table
from spmlib.orchestrate.budgets import habits
from spmlib.orchestrate.budgets.habits import Habit
from spmlib.orchestrate.budgets.heads import Presence, present
from spmlib.orchestrate.budgets.known import Known, Prepared
from spmlib.orchestrate.capacity.outlooks import LATE
from spmlib.rules.estimated import pasts
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.plans import PlanPay

if TYPE_CHECKING:
    import polars as pl

SEED = 20240501
LONG = 999  # months of tenure of whom nothing is asked


@dataclass(frozen=True)
class Asked:
    """What is asked of every plan alike."""

    ready: Prepared
    quotas: Table[Quotas] | None
    quoted_in: str
    leaves: float
    runs: int


def presence(seats: pl.DataFrame, known: Known, asked: Asked) -> Presence:
    """Seats as they are held in the twelve months of the year; months gone by as they were."""
    ready = asked.ready
    months = ready.ahead + 12 - ready.first
    drawn = present(
        seats["tenure"].to_numpy(),
        seats["opens"].to_numpy(),
        asked.leaves,
        ready.decided.refilled,
        LATE,
        months,
        asked.runs,
        _random("heads", known.plan.name),
    ).since(ready.ahead)
    if not ready.first:
        return drawn
    gone = rows(known.last.sold.held[:, 0], known.last.people, seats)[:, None, : ready.first]
    shape = (len(seats), asked.runs, ready.first)
    return Presence(
        np.concatenate([np.broadcast_to(gone, shape), drawn.held], axis=-1),
        np.concatenate([np.full(shape, LONG), drawn.tenure], axis=-1),
        np.concatenate([np.zeros(shape), drawn.begun], axis=-1),
    )


def sold(seats: pl.DataFrame, known: Known, asked: Asked, held: Presence, market: Floats) -> Sold:
    """What the seats of a plan are credited with in the year, and what is asked of them."""
    ready, first = asked.ready, asked.ready.first
    shape = (len(seats), asked.runs, 12)
    ramped = held.part(ready.decided.ramp)
    person = _random("person", known.plan.name).standard_normal(shape[:2])
    target = seats["target"].to_numpy()[:, None, None] / 12 * ready.raised * held.held
    months = np.random.default_rng(SEED + 1).standard_normal((asked.runs, 12))
    credited, goals = {}, {}
    for name, habit in known.habits.items():
        usual, given = _quotas(name, habit, seats, known, asked)
        expected = habit.expected(usual, np.ones((len(seats), 12)))
        if not habit.measured and _is_money(known.plan, name):
            expected = expected * ready.growth
        luck = _luck(habit, known.plan.name, name, shape)
        came = rows(known.last.sold.credited[name][:, 0], known.last.people, seats)[:, :first]
        sure, left = habit.told(expected[:, :first], came)
        rest = habits.drawn(left, expected * sure[:, None], ramped, market, person, luck, months)
        rest[..., :first] = came[:, None]
        credited[name] = rest
        if habit.measured:
            goals[name] = given[:, None] * ramped
    return Sold(credited, goals, target, held.held, seats["rate"].to_numpy())


def _quotas(
    measure: str, habit: Habit, seats: pl.DataFrame, known: Known, asked: Asked
) -> tuple[Floats, Floats]:
    """The usual quotas of a full year, and those that hold: seats x 12."""
    ready = asked.ready
    names = seats["payee_id"].to_list()
    if not habit.measured:
        return np.zeros((len(seats), 12)), np.zeros((len(seats), 12))
    last = known.last
    grown = ready.growth if _is_money(known.plan, measure) else 1.0
    there = last.sold.held[:, 0]
    asked_of = last.sold.goals.get(measure, np.zeros_like(last.sold.held))[:, 0]
    own = np.divide(asked_of, there, out=np.zeros_like(there), where=there > 0)
    full = np.where(own > 0, own, np.nan)
    heads = np.isfinite(full).sum(axis=0)
    usual = np.nansum(full, axis=0) / np.maximum(heads, 1)
    usual = np.where(heads > 0, usual, usual[heads > 0].mean() if heads.any() else 0.0)
    usual_or_own = rows(own, last.people, seats)
    quotas = np.where(usual_or_own > 0, usual_or_own, usual) * grown
    if asked.quotas is None:
        return quotas, quotas
    given = pasts.goals(asked.quotas, measure, names, ready.decided.year)
    if asked.quoted_in:
        given = given * ready.rates[asked.quoted_in] / ready.rates[known.plan.currency]
    return quotas, np.where(given.sum(axis=1, keepdims=True) > 0, given, quotas)


def market(runs: int) -> Floats:
    """How the market does in each run: standard normal, in equal parts of its chances.

    What all people share does not average out among them, so it is drawn evenly.
    """
    from scipy.special import ndtri

    order = np.random.default_rng(SEED).permutation(runs)
    return np.asarray(ndtri((order + 0.5) / runs))


def rows(values: Floats, names: tuple[str, ...], seats: pl.DataFrame) -> Floats:
    """The values of seats, by who holds them; 0 for those of whom nothing is known."""
    places = {name: place for place, name in enumerate(names)}
    found = np.array([places.get(name, -1) for name in seats["payee_id"]])
    return np.where((found >= 0)[:, None], values[np.maximum(found, 0)], 0.0)


def _is_money(plan: PlanPay, measure: str) -> bool:
    return next((c.unit == "money" for c in plan.components if c.measure == measure), True)


def _luck(habit: Habit, plan: str, measure: str, shape: tuple[int, ...]) -> Floats:
    """Gamma numbers with mean 1 and the spread of months; the same seats meet the same luck."""
    if habit.noise <= 0:
        return np.ones(shape)
    form = 1 / habit.noise**2
    return _random(measure, plan).standard_gamma(form, shape) / form


def _random(*words: str) -> np.random.Generator:
    return np.random.default_rng([SEED, crc32(" ".join(words).encode())])
