"""Leavers: a larger sister company whose people leave for planted reasons, by a seeded draw.

The sample company is too small for anything but rates of groups. Here are the tables of a company
of 600 sellers over three years: people, positions, quotas, attainments, payouts, disputes, market,
credits and open deals. Each month somebody's chance to leave follows from what stood at its start,
as `REASONS` says, so that what a method finds can be held to what was planted. Amounts are in
dollars, not in the engine's ticks. Nothing here is read by the sample company's own script.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from sample_company.leaver_tables import (
    RAISE,
    Log,
    Sister,
    calendar,
    days_of,
    keep,
    keep_held,
    keep_hired,
    named,
    tables,
)

REASONS = {  # log odds of leaving in a month, for each
    "attainment": 0.4,  # month in a row with three months below 70 % of quota, 6 at the most
    "quota": 3.0,  # doubling of quota against a year ago
    "manager": 1.3,  # manager new within 6 months
    "pay_position": 8.0,  # of base pay below the market's median, as a share of it
    "disputes": 1.6,  # dispute rejected within 12 months
    "tenure": -0.5,  # 5 years and more
}
CONSTANT = -5.4
MARKET = (95_000.0, 82_000.0, 58_000.0)  # base pay at the beginning, by role
TEAM, NEXT = 12, 1000  # sellers of a manager; number of a team's next one after the one before
BELOW, GROWTH, BEFORE = 0.7, 1.03, 18  # share of quota, of sales a year, months not shown
MANY = 20  # futures drawn at once


@dataclass(frozen=True)
class Seats:
    """How everybody stands at a month's start; one entry a seat, or a year of them."""

    here: np.ndarray
    person: np.ndarray
    role: np.ndarray
    skill: np.ndarray
    hired: np.ndarray  # month, from 0 at the beginning
    base: np.ndarray
    quota: np.ndarray  # a month
    quota_ago: np.ndarray  # seats x 12, last first
    sold: np.ndarray  # seats x 3 months, last first
    asked: np.ndarray  # quotas of the same months
    below: np.ndarray  # months in a row
    manager: np.ndarray
    managed: np.ndarray  # month from which
    rejected: np.ndarray  # seats x 12 months, last first
    waiting: np.ndarray  # months an open dispute has waited; below 0: none
    january: bool


ARRAYS = tuple(f.name for f in fields(Seats) if f.name != "january")


def sister(
    people: int = 600, months: int = 36, seed: int = 33, draws: int = 0, january: bool = False
) -> Sister:
    """The sister company.

    Args:
        people: seats; who leaves is replaced a month or two later.
        months: observed.
        seed: of all draws.
        draws: of futures behind `ahead`; 0: none.
        january: whether all quotas are set in January; else on each person's own anniversary.
    """
    rng = np.random.default_rng(seed)
    log: Log = {}
    before: Log = {}
    seats, vacant = _begun(people, january, rng), np.full(people, -99)
    market, prices = np.array(MARKET), {}
    count = people
    for month in range(-BEFORE, months):
        own = log if month >= 0 else before
        if month == 0:
            keep_hired(log, seats, np.flatnonzero(seats.here), 0)
        seats = _moved(own, seats, month, rng)
        market = market * (1.03 if month % 12 == RAISE else 1.0)
        prices[month] = market
        told = _told(seats, month, market)
        chance = _chance(told)
        keep(own, "truth", seats, month, seats.here, chance=chance, **told)
        leaves = seats.here & (rng.random(people) < chance)
        days = days_of(month, leaves.sum(), rng)
        keep(own, "leaves", seats, month, leaves, leave_date=days)
        seats = _sold(own, seats, month, rng)
        seats = _disputed(own, seats, month, leaves, rng)
        vacant = np.where(leaves, month + rng.integers(1, 3, people), vacant)
        seats = replace(seats, here=seats.here & ~leaves)
        come = ~seats.here & (vacant == month)
        seats, count = _filled(seats, come, count, month + 1, market, rng)
        if month >= 0:
            keep_hired(log, seats, np.flatnonzero(come), month + 1)
    seats = _moved(log, seats, months, rng)
    keep(log, "asked", seats, months, seats.here, quota=seats.quota)
    ahead = _ahead(seats, months, market, draws, rng)
    for name in ("sales", "moves"):
        log[name] = before[name] + log[name]
    return tables(log, seats, months, prices, ahead, rng)


def standing(made: Sister) -> pl.DataFrame:
    """What each reason added to the log odds of those who were there in the last month."""
    last = made.truth.filter(pl.col("month") == pl.col("month").max())
    gone = made.payees.filter(pl.col("leave_date").is_not_null())
    return last.join(gone, on="payee_id", how="anti")


def _begun(people: int, january: bool, rng: np.random.Generator) -> Seats:
    role = rng.choice(3, people, p=(0.5, 0.3, 0.2))
    base = np.array(MARKET)[role] * np.exp(rng.normal(0, 0.12, people))
    quota = base * 0.9 * np.exp(rng.normal(0, 0.1, people))
    skill = np.exp(rng.normal(0, 0.18, people))
    return Seats(
        np.ones(people, bool), np.arange(people), role, skill,
        -BEFORE - rng.integers(0, 96, people), base, quota,
        np.repeat((quota * 0.85)[:, None], 12, 1),
        quota[:, None] * rng.lognormal(0, 0.3, (people, 3)), np.repeat(quota[:, None], 3, 1),
        np.zeros(people), np.arange(people) // TEAM, np.full(people, -99),
        np.zeros((people, 12)), np.full(people, -1), january,
    )  # fmt: skip


def _told(seats: Seats, month: int, market: np.ndarray) -> dict[str, np.ndarray]:
    """What each reason adds to the log odds, from what stands at a month's start."""
    tenure = month - seats.hired
    change = seats.quota / seats.quota_ago[:, 11] - 1
    ratio = seats.base / market[seats.role]
    return {
        "attainment": REASONS["attainment"] * np.minimum(seats.below, 6),
        "quota": REASONS["quota"] * np.where(tenure >= 12, np.clip(change, 0, 1), 0.0),
        "manager": REASONS["manager"] * (month - seats.managed < 6),
        "pay_position": REASONS["pay_position"] * np.clip(1 - ratio, 0, 0.3),
        "disputes": REASONS["disputes"] * np.minimum(seats.rejected.sum(axis=1), 2),
        "tenure": REASONS["tenure"] * (tenure >= 60),
    }


def _chance(told: dict[str, np.ndarray]) -> np.ndarray:
    return 1 / (1 + np.exp(-(CONSTANT + sum(told.values()))))


def _moved(log: Log | None, seats: Seats, month: int, rng: np.random.Generator) -> Seats:
    """What changes on a first day: quotas in January, pay in April, managers at any time."""
    size = len(seats.here)
    now = calendar(month)
    quota, base = seats.quota, seats.base
    due = (month - seats.hired) % 12 == 0 if not seats.january else now == 1
    if np.any(due):
        fresh = seats.base * 0.9 * GROWTH ** (month / 12) * np.exp(rng.normal(0, 0.2, size))
        quota = np.where(due & (month > seats.hired), fresh, quota)
    if now == 4:
        base = base * (1 + rng.uniform(0.0, 0.055, size))
    teams, team = np.unique(seats.manager, return_inverse=True)
    gone = (rng.random(len(teams)) < 0.03)[team] & (month != 0)
    new = np.where(gone, seats.manager + NEXT, seats.manager)
    managed = np.where(gone, month, seats.managed)
    moved = replace(seats, quota=quota, base=base, manager=new, managed=managed)
    changed = seats.here & (gone | (base != seats.base))
    keep_held(log, moved, np.flatnonzero(changed), month)
    return moved


def _sold(log: Log | None, seats: Seats, month: int, rng: np.random.Generator) -> Seats:
    """A month's sales: what was usual grows slower than quotas."""
    usual = seats.base * 0.9 * GROWTH ** (month / 12) * seats.skill
    sold = usual * rng.lognormal(-0.06, 0.35, len(usual))
    keep(log, "sales", seats, month, seats.here, credited=sold, quota=seats.quota)
    last = np.column_stack([sold, seats.sold[:, :2]])
    asked = np.column_stack([seats.quota, seats.asked[:, :2]])
    low = last.sum(axis=1) / asked.sum(axis=1) < BELOW
    ago = np.column_stack([seats.quota, seats.quota_ago[:, :11]])
    below = np.where(low, seats.below + 1, 0)
    return replace(seats, sold=last, asked=asked, below=below, quota_ago=ago)


def _disputed(
    log: Log | None, seats: Seats, month: int, leaves: np.ndarray,
    rng: np.random.Generator,
) -> Seats:  # fmt: skip
    """Disputes are raised, wait for one month or two, and half of them are rejected."""
    size = len(seats.here)
    over = (seats.waiting >= 1) & (rng.random(size) < 0.6)
    no = over & (rng.random(size) < 0.5)
    raised = seats.here & (seats.waiting < 0) & (rng.random(size) < 0.02)
    for move, who in (("rejected", no), ("accepted", over & ~no), ("raised", raised)):
        who = who & seats.here & ~leaves
        days = days_of(month, who.sum(), rng) if log is not None else []
        keep(log, "moves", seats, month, who, move=np.repeat(move, size), move_date=days)
    waiting = np.where(over, -1, np.where(seats.waiting >= 0, seats.waiting + 1, -1))
    rejected = np.column_stack([no, seats.rejected[:, :11]]).astype(float)
    return replace(seats, waiting=np.where(raised, 0, waiting), rejected=rejected)


def _filled(
    seats: Seats, come: np.ndarray, count: int, month: int, market: np.ndarray,
    rng: np.random.Generator,
) -> tuple[Seats, int]:  # fmt: skip
    """Somebody new in each seat that is filled."""
    size = len(come)
    fresh = market[seats.role] * np.exp(rng.normal(0, 0.1, size))
    quota = fresh * 0.9 * GROWTH ** (month / 12)
    names = seats.person.copy()
    names[come] = count + np.arange(come.sum())

    def put(new: np.ndarray, old: np.ndarray) -> np.ndarray:
        return np.where(come if old.ndim == 1 else come[:, None], new, old)

    many = np.repeat(quota[:, None], 12, 1)
    made = replace(
        seats,
        here=seats.here | come, person=names,
        skill=put(np.exp(rng.normal(0, 0.18, size)), seats.skill),
        hired=put(np.full(size, month), seats.hired), base=put(fresh, seats.base),
        quota=put(quota, seats.quota), quota_ago=put(many, seats.quota_ago),
        sold=put(many[:, :3] * 0, seats.sold), asked=put(many[:, :3] * 0, seats.asked),
        below=put(np.zeros(size), seats.below), managed=put(np.full(size, -99), seats.managed),
        rejected=put(np.zeros((size, 12)), seats.rejected),
        waiting=put(np.full(size, -1), seats.waiting),
    )  # fmt: skip
    return made, count + int(come.sum())


def _ahead(
    seats: Seats, month: int, market: np.ndarray, draws: int, rng: np.random.Generator
) -> pl.DataFrame:
    """True chances within 3, 6 and 12 months: the share of drawn futures in which one left."""
    there = np.flatnonzero(seats.here)
    own = replace(seats, **{name: getattr(seats, name)[there] for name in ARRAYS})
    left = {months: np.zeros(len(there)) for months in (3, 6, 12)}
    for first in range(0, draws, MANY):
        many = min(MANY, draws - first)
        now = replace(own, **{n: np.concatenate([getattr(own, n)] * many) for n in ARRAYS})
        copies = np.repeat(np.arange(many), len(there)) * 10**7
        now, prices = replace(now, manager=now.manager + copies), market
        gone = nobody = np.zeros(len(copies), bool)
        for step in range(12):
            if step:
                now = _moved(None, now, month + step, rng)
            prices = prices * (1.03 if (month + step) % 12 == RAISE else 1.0)
            gone = gone | (rng.random(len(gone)) < _chance(_told(now, month + step, prices)))
            now = _sold(None, now, month + step, rng)
            now = _disputed(None, now, month + step, nobody, rng)
            if step + 1 in left:
                left[step + 1] += gone.reshape(many, -1).sum(axis=0)
    names = named(own.person)
    return pl.concat(
        pl.DataFrame({"payee_id": names, "months": months, "chance": count / max(draws, 1)})
        for months, count in left.items()
    )
