"""Contests: whether intervals hold what they say, of read-outs and of projections.

    python benchmarks/contests.py [draws]

Companies are drawn in which the truth is known. Weeks of a person hang together, levels of people
differ, and what is booked is many small deals and few large ones. Then the same with controls that
are chosen, with placebos, and for the cost of a SPIFF that is running.
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta

import numpy as np
import polars as pl
from machine import machine

from spmlib.motivate.contests import effects, panels, projections
from spmlib.motivate.contests.clusters import difference
from spmlib.motivate.contests.matches import matched
from spmlib.motivate.contests.permuted import permuted
from spmlib.motivate.contests.prizes_drawn import drawn
from spmlib.rules.spiffs.written import Each, Spiff

WEEKS = {"earlier": range(26), "before": range(26, 52), "window": range(52, 65)}
SIZES = ((40, 40), (20, 60), (8, 30), (5, 50), (4, 6))


def main(draws: int = 400) -> None:
    """Print all figures."""
    print(machine())
    print(f"\nIntervals of 95 % that held the effect, {draws} draws each; and what they refuse")
    for law in ("normal", "deals"):
        for sizes in SIZES:
            print(f"  {law:7} {sizes[0]:3} and {sizes[1]:3}: {_held(law, sizes, draws)}")
    print("\nThe same, three nearest of 80 others chosen for each of 20 from another level")
    for on, growth in (("earlier", False), ("earlier", True), ("before", False)):
        told = "grown alike" if growth else "changed by as much"
        print(f"  on the stretches {on:8}, {told:18}: {_matched(on, growth, draws)}")
    print("\nThe same, treated on twice the level, no match: changed by as much, and grown alike")
    for growth in (False, True):
        print(f"  {'growth' if growth else 'change'}: {_levels_apart(growth, draws)}")
    print("\nPlacebos of 26 weeks: how often they cry wolf at 5 %")
    for sizes in SIZES:
        print(f"  {sizes[0]:3} and {sizes[1]:3}: {_wolf(sizes, draws // 2):.3f}")
    print("\nEffects that are told from nothing, by what is added in the window")
    for sizes in ((40, 40), (20, 60), (8, 30)):
        shares = {lift: _seen(sizes, lift, draws // 2) for lift in (0.1, 0.25, 0.5, 1.0)}
        told = "  ".join(f"{lift:.0%}: {share:.2f}" for lift, share in shares.items())
        print(f"  {sizes[0]:3} and {sizes[1]:3}: {told}")
    print("\nProjected cost, half-way: intervals of 80 % that held what came")
    for people in (10, 25, 60):
        print(f"  {people:3} people: {_projected(people, draws)}")
    _timed()


def company(
    rng: np.random.Generator, law: str, people: int, level: np.ndarray, swing: float = 0.3
) -> np.ndarray:
    """Weeks of some people: people x weeks; a common season, and weeks that hang together."""
    weeks = 65
    season = 1 + swing * np.sin(2 * np.pi * np.arange(weeks) / 52)
    drift = np.zeros((people, weeks))
    for week in range(1, weeks):
        drift[:, week] = 0.8 * drift[:, week - 1] + rng.normal(0, 0.15, people)
    rate = np.clip(level[:, None] * (season + drift), 0.01, None)
    if law == "normal":
        return rate * 20 + rng.normal(0, 6, (people, weeks))
    count = rng.poisson(rate)
    cell = np.repeat(np.arange(count.size), count.ravel())
    sizes = rng.lognormal(np.log(20) - 0.5, 1.0, len(cell))
    return np.bincount(cell, sizes, count.size).reshape(people, weeks)


def _levels(rng: np.random.Generator, people: int, mean: float = 1.0) -> np.ndarray:
    return rng.gamma(4, mean / 4, people)


def _change(values: np.ndarray) -> np.ndarray:
    before, window = list(WEEKS["before"]), list(WEEKS["window"])
    return values[:, window].mean(1) - values[:, before].mean(1)


def _held(law: str, sizes: tuple[int, int], draws: int) -> str:
    rng = np.random.default_rng(31)
    told, dealt, wide, errors = [], [], [], []
    for _ in range(draws):
        one, other = (_change(company(rng, law, n, _levels(rng, n))) for n in sizes)
        made = difference(one + 5.0, other)
        told.append(made.low <= 5.0 <= made.high)
        wide.append(made.high - made.low)
        errors.append(made.effect - 5.0)
        by_lot = permuted(one + 5.0, other, draws=499)
        dealt.append(by_lot.low <= 5.0 <= by_lot.high)
    return (
        f"by person {np.mean(told):.3f}, by permutation {np.mean(dealt):.3f}; "
        f"mean error {np.mean(errors):+.3f}, width {np.mean(wide):.1f}"
    )


def _matched(on: str, growth: bool, draws: int) -> str:
    rng = np.random.default_rng(32)
    told, errors = [], []
    for _ in range(draws):
        level = np.r_[_levels(rng, 20, 1.5), _levels(rng, 80)]
        values = company(rng, "deals", 100, level)
        values[:20, list(WEEKS["window"])] += 5.0
        panel, treated = _panel(values), [f"P{n:03}" for n in range(20)]
        found = matched(panel, treated, WEEKS[on])
        made = effects.difference_in_differences(
            panel, found.treated, WEEKS["before"], WEEKS["window"], found.weights, growth=growth
        )
        told.append(made.low <= 5.0 <= made.high)
        errors.append(made.effect - 5.0)
    return f"held {np.mean(told):.3f}, mean error {np.mean(errors):+.3f}"


def _levels_apart(growth: bool, draws: int) -> str:
    rng = np.random.default_rng(37)
    told, errors = [], []
    for _ in range(draws):
        level = np.r_[_levels(rng, 25, 2.0), _levels(rng, 60)]
        panel, treated = _panel(company(rng, "deals", 85, level)), [f"P{n:03}" for n in range(25)]
        made = effects.difference_in_differences(
            panel, treated, WEEKS["before"], WEEKS["window"], growth=growth
        )
        told.append(made.low <= 0 <= made.high)
        errors.append(made.effect)
    return f"held {np.mean(told):.3f}, mean error {np.mean(errors):+.3f}"


def _wolf(sizes: tuple[int, int], draws: int) -> float:
    rng = np.random.default_rng(33)
    cried = []
    for _ in range(draws):
        values = company(rng, "deals", sum(sizes), _levels(rng, sum(sizes)))[:, 26:]
        treated = [f"P{n:03}" for n in range(sizes[0])]
        cried.append(effects.event_study(_panel(values), treated, range(26), draws=299)[1] <= 0.05)
    return float(np.mean(cried))


def _seen(sizes: tuple[int, int], lift: float, draws: int) -> float:
    rng = np.random.default_rng(34)
    seen = []
    for _ in range(draws):
        one, other = (company(rng, "deals", n, _levels(rng, n)) for n in sizes)
        one[:, list(WEEKS["window"])] *= 1 + lift
        seen.append(difference(_change(one), _change(other)).low > 0)
    return float(np.mean(seen))


def _panel(values: np.ndarray) -> pl.DataFrame:
    people, weeks = values.shape
    names = [f"P{n:03}" for n in range(people)]
    return pl.DataFrame(
        {
            "payee_id": np.repeat(names, weeks),
            "at": np.tile(np.arange(weeks), people),
            "value": values.ravel(),
        }
    )


def spiff() -> Spiff:
    """Two months, 20 for each unit up to 40 of them."""
    from spmlib.core.parameters import number
    from spmlib.core.written import word

    written = {name: number(word(value, "it:1")) for name, value in (("each", "20"), ("per", "1"))}
    return Spiff(
        name="it", title="It", clause="", place="it:1", announced=None, start=date(2026, 10, 1),
        end=date(2026, 12, 1), eligible=(), hired_before=None, stay=False, measure="orders",
        rules=(), minimum=None, kept=0, fair=None, groups=None, currency="USD", places=(),
        levels=(), each=Each(written["each"], written["per"], 40, "it:1"), ties="share",
        budget=None, paid=None, at={},
    )  # fmt: skip


def scored(rng: np.random.Generator, people: int) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Scores since May, those of the window up to its middle, and at its end."""
    first, day, end = date(2026, 5, 5), date(2026, 11, 1), date(2026, 12, 1)
    span = (end - first).days
    who = np.repeat(np.arange(people), rng.poisson(rng.gamma(1.5, 0.04, people) * span))
    when = rng.integers(0, span, len(who))
    size = np.ceil(rng.lognormal(1, 0.8, len(who)))
    days = [first + timedelta(int(n)) for n in when]
    rows = pl.DataFrame({"payee_id": who, "event_date": days, "score": size})
    rows = rows.with_columns(pl.format("P{}", "payee_id").alias("payee_id"))
    inside = when >= (date(2026, 10, 1) - first).days
    early = inside & (when < (day - first).days)
    now, ended = (np.bincount(who[m], size[m], people) for m in (early, inside))
    return rows.filter(pl.col("event_date") < day), now, ended


def _projected(people: int, draws: int) -> str:
    rng = np.random.default_rng(35)
    costs, scores = [], []
    for n in range(draws):
        rows, now, ended = scored(rng, people)
        standing = pl.DataFrame({"payee_id": [f"P{k}" for k in range(people)], "score": now})
        made = projections.projection(standing, rows, spiff(), date(2026, 11, 1), draws=500, seed=n)
        everybody = np.ones(people, bool)
        came = drawn(ended[None, :], np.array([""] * people), everybody, spiff()).prizes.sum()
        costs.append(made.low <= came <= made.high)
        low, high = made.people["low"].to_numpy(), made.people["high"].to_numpy()
        scores.append(((low <= ended) & (ended <= high)).mean())
    return f"costs {np.mean(costs):.3f}, people's final scores {np.mean(scores):.3f}"


def _timed() -> None:
    rng = np.random.default_rng(36)
    values = company(rng, "deals", 2000, _levels(rng, 2000))
    panel, treated = _panel(values), [f"P{n:03}" for n in range(500)]
    began = time.process_time()
    found = matched(panel, treated, WEEKS["earlier"])
    effects.read_out(panel, found.treated, WEEKS["before"], WEEKS["window"], weights=found.weights)
    print(f"\n2,000 people x 65 weeks matched and read out: {time.process_time() - began:.2f} s")
    rows, now, _ = scored(rng, 1000)
    standing = pl.DataFrame({"payee_id": [f"P{k}" for k in range(1000)], "score": now})
    began = time.process_time()
    projections.projection(standing, rows, spiff(), date(2026, 11, 1), draws=4000)
    print(f"1,000 people x 4,000 draws projected: {time.process_time() - began:.2f} s")
    assert panels.wide(panel).values.shape == (2000, 65)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
