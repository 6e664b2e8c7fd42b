"""Leaderboards: how long boards take, whether intervals hold, and whether adjusting foretells.

    python -m benchmarks.leaderboards

Seconds of a board of 10,000 people and 24 months, in 200 groups and in one; coverage of places in
simulated companies; on the sample company, which board of a half year is nearer to the next.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import polars as pl

from spmlib.motivate.leaderboards import boards, panels, pooling, rank_sets, uncertain
from spmlib.motivate.leaderboards.scores import Kind
from spmlib.workbench.leaderboards import leaderboards
from spmlib.workbench.opened import opened

PEOPLE, MONTHS, GROUPS = 10_000, 24, 200
RULES = boards.Rules(kind=Kind("attainment", window=3), adjust="linear")


def company(seed: int) -> tuple[panels.Grid, pl.DataFrame, pl.DataFrame]:
    """A large company: a grid, groups, and what is expected of people."""
    rng = np.random.default_rng(seed)
    names = [f"P{number}" for number in range(PEOPLE)]
    months = [f"{2025 + at // 12}-{at % 12 + 1:02}" for at in range(MONTHS)]
    rows = {
        "payee_id": np.repeat(names, MONTHS),
        "period": np.tile(months, PEOPLE),
        "value": rng.gamma(2, 1e4, PEOPLE * MONTHS),
        "quota": np.full(PEOPLE * MONTHS, 2e4),
    }
    grid = panels.grid(pl.DataFrame(rows))
    groups = {"payee_id": names, "group": [f"G{at % GROUPS}" for at in range(PEOPLE)]}
    about = {"potential": rng.gamma(2, 1e5, PEOPLE), "months": rng.uniform(0, 60, PEOPLE)}
    return grid, pl.DataFrame(groups), pl.DataFrame({"payee_id": names, **about})


def coverage(spread: float, companies: int = 300, people: int = 30) -> dict[str, float]:
    """How often 95 % intervals held the true place: pooled, redrawn as it is, rank sets."""
    held: dict[str, list[float]] = {"pooled": [], "redrawn": [], "sets": [], "sets together": []}
    for seed in range(companies):
        rng = np.random.default_rng(seed)
        true = rng.normal(0, spread, people)
        variance = 0.09 * rng.uniform(0.5, 2, people)
        score = true + rng.normal(size=people) * np.sqrt(variance)
        place = (-true).argsort().argsort() + 1
        drawn = score + np.sqrt(variance) * rng.standard_normal((500, people))
        pooled = pooling.pooled(score, variance, None, 500, seed).draws
        for name, draws in (("pooled", pooled), ("redrawn", drawn)):
            made = uncertain.places_drawn(draws)
            held[name].append(float(((made.low <= place) & (place <= made.high)).mean()))
        for name, together in (("sets", False), ("sets together", True)):
            sets = rank_sets.rank_sets(score, np.sqrt(variance), together=together, draws=500)
            inside = (sets.low <= place) & (place <= sets.high)
            held[name].append(float(inside.all() if together else inside.mean()))
    return {name: float(np.mean(values)) for name, values in held.items()}


def foretold() -> pl.DataFrame:
    """Mean absolute error against the half year that followed, of three readings of a half year."""
    made = leaderboards(opened(Path(__file__).parents[1] / "parameters"))
    board = made.decided.board("attainment")
    rules = boards.Rules(
        kind=Kind("attainment", window=6, least_present=0.5), adjust="linear", draws=200
    )
    grid, groups, rows = made.grid(board.measure), made.groups(board), []
    for now, later in (("2025-06", "2025-12"), ("2025-12", "2026-06"), ("2026-04", "2026-10")):
        day = made.calendar.filter(period=now)["end_date"][0]
        people = made.people(day).select("payee_id", "potential", "months")
        told = boards.board(grid, now, rules, groups, people)
        after = boards.placed(grid, later, rules, groups).select("payee_id", later="score")
        both = told.join(after, on="payee_id").drop_nulls(["score", "later"])
        level = both["later"].mean() - both["score"].mean()  # what all had in common
        off = {
            name: float((both["later"] - both[name] - level).abs().mean())
            for name in ("score", "adjusted", "pooled")
        }
        rows.append({"half year to": now, "people": len(both), **off})
    return pl.DataFrame(rows)


def main() -> None:
    """Print all figures."""
    started = time.process_time()
    grid, groups, people = company(1)
    print(f"grid: {time.process_time() - started:.1f} s")
    for name, given in (("200 groups", groups), ("one group", None)):
        started = time.process_time()
        boards.board(grid, "2026-12", RULES, given, people)
        print(f"board, {name}: {time.process_time() - started:.1f} s of CPU")
    for spread in (0.0, 0.15, 0.3, 0.9):
        told = ", ".join(f"{name} {share:.3f}" for name, share in coverage(spread).items())
        print(f"spread {spread:g}: {told}")
    print(foretold())


if __name__ == "__main__":
    main()
