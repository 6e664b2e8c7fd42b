"""Planning: rounding quotas of 20,000 people, playing 500 seats through, giving out accounts.

python benchmarks/planning.py             all of it
python benchmarks/planning.py contiguous  one part: people, places, contiguous or centres

`centres` are the published instances of territories with free centres; they are read from
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
from scipy.spatial.distance import cdist

from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import seats
from spmlib.orchestrate.compiled import compiled
from spmlib.orchestrate.quotas.roundings import rounded
from spmlib.orchestrate.territories.balanced.plans import assigned
from spmlib.orchestrate.territories.centred.plans import centred
from spmlib.orchestrate.territories.connected.neighbours import Neighbours, neighbours_of, pieces
from spmlib.orchestrate.territories.connected.plans import contiguous
from spmlib.orchestrate.territories.problems import Problem, problem

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.territories.test_centres import PUBLISHED, published


def main() -> None:
    compiled()
    print(machine())
    parts = {"people": people, "places": territories, "contiguous": connected}
    parts |= {"centres": centres}
    for part in sys.argv[1:] or parts:
        parts[part]()


def people() -> None:
    """Quotas rounded, and seats played through."""
    random = np.random.default_rng(0)
    for many in (500, 20_000):
        ideal = random.lognormal(7, 0.5, many)[:, None] * random.dirichlet(np.ones(12) * 20, many)
        team = np.arange(many) // 10
        whole, spent, waited = timed(lambda x=ideal, t=team: rounded(x, [t, t // 10]))
        apart = np.abs(whole - ideal).max()
        rows = np.abs(whole.sum(1) - ideal.sum(1)).max()
        months = np.abs(whole.sum(0) - ideal.sum(0)).max()
        row = np.bincount(team // 10, whole.sum(1)) - np.bincount(team // 10, ideal.sum(1))
        print(
            f"\n{many:,} people, 12 months, 4 layers: {spent:.2f} s CPU, {waited:.2f} s; furthest"
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


def territories() -> None:
    """Accounts in and around towns, heavy-tailed workloads, 5 % of balance."""
    for accounts, sellers, kinds, tried in (
        (1_000, 20, 1, (0.0, 10.0)),
        (10_000, 100, 1, (0.0, 60.0)),
        (10_000, 100, 2, (0.0, 30.0)),
        (100_000, 500, 1, (0.0,)),
    ):
        asked = scattered(accounts, sellers, kinds, 0)
        for seconds in tried:
            plan, spent, waited = timed(lambda a=asked, s=seconds: assigned(a, s))
            print(
                f"\n{accounts:,} accounts, {sellers} sellers, {kinds} measures, {seconds:.0f} s of "
                f"rounds: gap {plan.gap:.3%}, within limits {plan.within}, {spent:.2f} s CPU, "
                f"{waited:.2f} s",
                flush=True,
            )


def scattered(accounts: int, sellers: int, kinds: int, seed: int) -> Problem:
    """Towns of unlike size, one account in seven in the country; sellers live near accounts."""
    random = np.random.default_rng(seed)
    count = max(5, int(accounts**0.5))
    towns, people = random.uniform(0, 1000, (count, 2)), random.pareto(1.3, count) + 1
    town = random.choice(count, accounts, p=people / people.sum())
    around = (6 + 10 * random.random(count))[town][:, None]
    places = towns[town] + random.normal(0, 1, (accounts, 2)) * around
    rural = random.random(accounts) < 0.15
    places[rural] = random.uniform(0, 1000, (int(rural.sum()), 2))
    sizes = np.maximum(1, np.round(random.lognormal(0, 0.8, (kinds, accounts)) * 10))
    homes = places[random.choice(accounts, sellers, replace=False)]
    far = cdist(places, homes + random.normal(0, 3, (sellers, 2)))
    return problem(far * sizes[0][:, None], sizes, 0.05)


def connected() -> None:
    """Units of a map, half of them in towns; each seller's have to be in one piece; 5 %."""
    gaps, spent = [], []
    for seed in range(5):
        beside, asked = districts(1_000, 20, seed)
        first, before, _ = timed(lambda a=asked: assigned(a, 0.0))
        plan, after, _ = timed(lambda a=asked, b=beside, f=first: contiguous(a, b, f))
        whole = (pieces(beside, plan.sellers, asked.sellers) == 1).all()
        gaps.append(plan.gap)
        spent.append(before + after)
        before_it = pieces(beside, first.sellers, asked.sellers).sum()
        print(
            f"\nmap {seed}, {asked.accounts:,} units, {asked.sellers} sellers: gap {first.gap:.2%} "
            f"in {before_it} pieces; connected {whole}: {plan.gap:.2%}, within limits "
            f"{plan.within}; {before:.2f} + {after:.2f} s CPU"
        )
    print(
        f"\nconnected: gap over the bound without neighbours {np.mean(gaps):.2%} on average, "
        f"{max(gaps):.2%} at most; {np.mean(spent):.2f} s CPU, {max(spent):.2f} at most"
    )


def districts(units: int, sellers: int, seed: int) -> tuple[Neighbours, Problem]:
    """A map in one piece, with heavy-tailed workloads; sellers live at units."""
    random = np.random.default_rng(seed)
    around = units - units // 2
    towns = random.uniform(0, 1000, (max(8, sellers // 2), 2))
    in_towns = towns[random.integers(len(towns), size=around)] + random.normal(0, 45, (around, 2))
    places = np.concatenate([random.uniform(0, 1000, (units // 2, 2)), in_towns])
    size = np.maximum(1, np.round(random.lognormal(0, 0.8, units) * 10))
    homes = places[random.choice(units, sellers, replace=False)]
    far = np.sqrt(((places[:, None] - homes[None]) ** 2).sum(axis=2))
    beside = neighbours_of(places[:, 0] / 111, places[:, 1] / 111)  # km as degrees
    return beside, problem(far * size[:, None], size, 0.05)


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
