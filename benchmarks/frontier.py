"""What own-best comparisons cost: envelopments, their bootstrap, and effects pulled in.

    python benchmarks/frontier.py

Beside them stands what is usually done: scipy's linear program for each unit (HiGHS), and
statsmodels' mixed model, in the same run and on the same numbers. Seconds of processor time, after
one run to warm up. Then how often intervals hold a known frontier.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine
from scipy.optimize import linprog

from spmlib.incent.benchmarking.frontier.bootstraps import bootstrapped
from spmlib.incent.benchmarking.frontier.effects import drawn, effects
from spmlib.incent.benchmarking.frontier.envelopments import enveloped
from spmlib.incent.benchmarking.frontier.units import Model

OUTWARD = Model("variable", "output")
PEER = 1_000  # units at most that the peer is asked
TRIALS = 30


def main() -> None:
    """Print the figures."""
    print(machine())
    enveloped(*units(50), OUTWARD)
    print("\n| units x 3 inputs x 2 outputs | s | HiGHS, one program each, s | largest distance |")
    print("|---|---|---|---|")
    for count in (100, 1_000, 10_000):
        used, brought = units(count)
        seconds, found = timed(partial(enveloped, used, brought, OUTWARD))
        beside, apart = "", ""
        if count <= PEER:
            slow, said = timed(partial(one_by_one, used, brought))
            beside, apart = f"{slow:.2f}", f"{np.abs(said - found.factors).max():.0e}"
        print(f"| {count:,} | {seconds:.3f} | {beside} | {apart} |")
    bootstrapped(*units(50), OUTWARD, samples=100)
    used, brought = units(120)
    seconds, _ = timed(partial(bootstrapped, used, brought, OUTWARD, samples=2000))
    print(f"\nbootstrap, 120 units, 2,000 samples: {seconds:.1f} s")
    mixed()
    covered()


def units(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Units with three inputs and two outputs, below a smooth frontier."""
    random = np.random.default_rng(seed)
    used = random.lognormal(0, 0.5, (count, 3))
    reached = np.exp(0.3 * np.log(used).sum(1) - np.abs(random.normal(0, 0.35, count)))
    return used, reached[:, None] * random.lognormal(0, [0.1, 0.2], (count, 2))


def one_by_one(used: np.ndarray, brought: np.ndarray) -> np.ndarray:
    """The factors of all units, each by a linear program of its own."""
    return np.array([solved(used, brought, unit) for unit in range(len(used))])


def solved(used: np.ndarray, brought: np.ndarray, unit: int) -> float:
    """The factor of a unit by a linear program of its own."""
    goal = np.r_[-1.0, np.zeros(len(used))]
    upper = np.r_[np.c_[np.zeros(3), used.T], np.c_[brought[unit], -brought.T]]
    limit = np.r_[used[unit], 0.0, 0.0]
    sums = np.r_[0.0, np.ones(len(used))][None]
    return float(linprog(goal, upper, limit, sums, [1.0], method="highs").x[0])


def mixed() -> None:
    """Effects of people and places beside statsmodels."""
    import pandas as pd
    import statsmodels.api as sm

    random = np.random.default_rng(1)
    who, where = np.repeat(np.arange(120), 8), random.integers(0, 12, 960)
    facts = random.normal(size=(960, 3))
    adds = 0.3 * random.normal(size=120)[who] + 0.2 * random.normal(size=12)[where]
    result = facts @ [0.5, -0.2, 0.1] + adds + 0.5 * random.normal(size=960)
    seconds, found = timed(lambda: effects(result, who, facts, where))
    draws, _ = timed(lambda: drawn(found))
    table = pd.DataFrame(facts, columns=["a", "b", "c"]).assign(y=result, who=who, where=where)
    parts = {"who": "0+C(who)", "where": "0+C(where)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.MixedLM.from_formula(
            "y~a+b+c", groups="one", vc_formula=parts, data=table.assign(one=1)
        )
        slow, fit = timed(model.fit)
    print(
        f"effects of 120 people and 12 places, 960 observations: {seconds:.2f} s, draws "
        f"{draws:.2f} s; MixedLM {slow:.2f} s; likelihoods "
        f"{abs(found.likelihood + 2 * fit.llf):.0e} apart"
    )


def covered() -> None:
    """How often intervals of 95 % hold a known frontier, drawn in about the edge and the mean."""
    print("\n| known frontier | units | edge | mean (1998) | error, as seen | corrected |")
    print("|---|---|---|---|---|---|")
    for returns, inputs, count in (
        ("constant", 1, 50),
        ("constant", 2, 60),
        ("variable", 1, 50),
        ("variable", 1, 100),
        ("variable", 2, 60),
    ):
        found = np.array([_trial(returns, inputs, count, seed) for seed in range(TRIALS)])
        edge, mean, seen, corrected = found.mean(0)
        print(
            f"| {returns}, {inputs} inputs | {count} | {edge:.0%} | {mean:.0%} | "
            f"{seen**0.5:.3f} | {corrected**0.5:.3f} |"
        )


def _trial(returns: str, inputs: int, count: int, seed: int) -> list[float]:
    random = np.random.default_rng(1000 + seed)
    used = random.uniform(1, 9, (count, inputs))
    distances = np.exp(np.abs(random.normal(0, 0.35, count)))
    reached = used.mean(1) if returns == "constant" else np.sqrt(used).mean(1)
    brought, truth, model = reached / distances, 1 / distances, Model(returns, "output")
    made = [
        bootstrapped(used, brought, model, 400, seed, about=about) for about in ("edge", "mean")
    ]
    inside = [float(((b.low <= truth) & (truth <= b.high)).mean()) for b in made]
    errors = [float(((x - truth) ** 2).mean()) for x in (made[0].scores, made[0].corrected)]
    return [*inside, *errors]


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time, and what came of it."""
    began = time.process_time()
    made = run()
    return time.process_time() - began, made


if __name__ == "__main__":
    main()
