"""Planning: rounding quotas of 20,000 people, playing 500 seats through, giving out accounts.

python benchmarks/planning.py [centres]

With `centres`, the published instances of territories with free centres alone; they are read from
``$SPMLIB_SHARED/real`` (else ``../shared/real``).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import seats
from spmlib.orchestrate.compiled import compiled
from spmlib.orchestrate.quotas.roundings import rounded
from spmlib.orchestrate.territories.assignments import assigned
from spmlib.orchestrate.territories.centres import centred
from spmlib.orchestrate.territories.problems import problem

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.territories.test_centres import PUBLISHED, published


def main() -> None:
    compiled()
    print(machine())
    random = np.random.default_rng(0)
    for people in (500, 20_000):
        ideal = random.lognormal(7, 0.5, people)[:, None] * random.dirichlet(
            np.ones(12) * 20, people
        )
        team = np.arange(people) // 10
        whole, spent, waited = timed(lambda x=ideal, t=team: rounded(x, [t, t // 10]))
        apart = np.abs(whole - ideal).max()
        rows = np.abs(whole.sum(1) - ideal.sum(1)).max()
        months = np.abs(whole.sum(0) - ideal.sum(0)).max()
        row = np.bincount(team // 10, whole.sum(1)) - np.bincount(team // 10, ideal.sum(1))
        print(
            f"\n{people:,} people, 12 months, 4 layers: {spent:.2f} s CPU, {waited:.2f} s; furthest"
        )
        print(
            f"  cells {apart:.2f}, rows {rows:.2f}, months {months:.2f}, "
            f"regions {np.abs(row).max():.2f}"
        )
    opens = np.where(np.arange(500) < 60, random.integers(1, 30, 500), 0)
    force = seats(
        random.integers(0, 60, 500), opens, 80_000.0, 0.5, 0.25, late=(0.5, 0.3, 0.2),
        ramp=(0.0, 0.0, 0.25, 0.5, 0.75, 0.9), season=(0.8, 0.9, 1.3) * 12,
    )  # fmt: skip
    drawn, spent, waited = timed(lambda: played(force))
    told, closed, _ = timed(lambda: moments(force))
    mean = np.abs(drawn.mean(0) - told.mean) / np.sqrt(told.variance / len(drawn))
    variance = drawn.var(0, ddof=1)
    fourth = ((drawn - drawn.mean(0)) ** 4).mean(0)
    spread = np.abs(variance - told.variance) / np.sqrt((fourth - variance**2) / len(drawn))
    print(
        f"\n500 seats, 36 months, 10,000 runs: {spent:.2f} s CPU, {waited:.2f} s; "
        f"closed form {closed:.2f} s"
    )
    print(f"  standard errors apart at most: mean {mean.max():.1f}, variance {spread.max():.1f}")
    territories()
    centres()


def territories() -> None:
    """Accounts in and around towns, heavy-tailed workloads, 5 % of balance."""
    for accounts, sellers in ((200, 5), (1_000, 20), (3_000, 40)):
        random = np.random.default_rng(0)
        towns = random.uniform(0, 1000, (int(accounts**0.5), 2))
        people = random.pareto(1.3, len(towns)) + 1
        town = random.choice(len(towns), accounts, p=people / people.sum())
        places = towns[town] + random.normal(0, 12, (accounts, 2))
        size = np.maximum(1, np.round(random.lognormal(0, 0.8, accounts) * 10))
        homes = places[random.choice(accounts, sellers, replace=False)]
        far = np.sqrt(((places[:, None] - homes[None]) ** 2).sum(axis=2))
        asked = problem(far * size[:, None], size, 0.05)
        for seconds in (0.0, 10.0):
            plan, spent, waited = timed(lambda a=asked, s=seconds: assigned(a, s))
            print(
                f"\n{accounts:,} accounts, {sellers} sellers: gap {plan.gap:.3%}, within limits "
                f"{plan.within}, {spent:.1f} s CPU, {waited:.1f} s"
            )


def centres(seconds: float = 10.0) -> None:
    """Published instances of the capacitated p-median problem, against the best ever found."""
    print("\n| free centres | seconds | cost | best known | above it | above the bound |")
    print("|---|---|---|---|---|---|")
    gaps = []
    for name in PUBLISHED:
        asked, best = published(name)
        plan, spent, _ = timed(lambda a=asked: centred(a, seconds))
        assert plan.within and plan.bound <= best
        gaps.append(plan.cost / best - 1)
        print(
            f"| {name} | {spent:.1f} | {plan.cost:,.2f} | {best:,.2f} | {gaps[-1]:.4%} "
            f"| {plan.gap:.2%} |"
        )
    print(f"\nmean above the best known: {np.mean(gaps):.4%}")


def timed(made: Callable[[], Any]) -> tuple[Any, float, float]:
    spent, waited = time.process_time(), time.perf_counter()
    told = made()
    return told, time.process_time() - spent, time.perf_counter() - waited


if __name__ == "__main__":
    if sys.argv[1:] == ["centres"]:
        compiled()
        print(machine())
        centres()
    else:
        main()
