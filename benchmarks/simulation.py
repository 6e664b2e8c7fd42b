"""What drawing a year costs: ten thousand companies of everybody who is paid, by their plans.

    python benchmarks/simulation.py

The sample company, known up to its last month, the year after it drawn. Seconds, each once in this
process after a small one to warm up; processor time beside them, for a machine that is busy.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine

from spmlib.incent.modelling.simulated import pays, sensitivity, sets, solver, trials, written
from spmlib.incent.modelling.simulated.pays import Scenario
from spmlib.incent.summaries import budgeted
from spmlib.workbench.opened import opened

DAY = date(2026, 11, 1)
RUNS = 10_000


def main() -> None:
    """Print the figures."""
    bench = opened()
    company, parameters = bench.company, bench.parameters
    decided = written.read(bench.folder / "policies/modelling.yaml")
    pay = budgeted.pay(bench.results, company, parameters, DAY)
    print(machine())
    print("\n| what | s | s of processor |\n|---|---|---|")
    ready = _timed("what is known of everybody", lambda: sets.prepared(company, pay, decided, DAY))
    pays.simulated(ready, runs=500)
    people = len(ready.people)
    _timed(f"{RUNS:,} companies of {people} people", lambda: pays.simulated(ready, runs=RUNS))
    more = {"harder": Scenario(quota=1.05), "richer": Scenario(target=1.05)}
    _timed("the same under three plans", lambda: pays.simulated(ready, more, RUNS))
    values = _timed(
        "every value moved, 2,000 companies", lambda: sensitivity.tornado(ready, parameters)
    )
    wanted = decided.table
    if wanted is not None:
        _timed("a table found, 2,000 companies", lambda: solver.found(ready, parameters, wanted))
    quarters = trials.quarters(DAY, 7)
    tried = _timed("seven quarters tried", lambda: trials.tried(company, pay, decided, quarters))
    print(f"\n{len(values)} values moved.\n")
    print(trials.coverage(tried).round(3).to_string(index=False))
    other = pays.simulated(
        replace(ready, decided=replace(decided, seed=decided.seed + 1)), runs=RUNS
    )
    cost = other.costs["base"]
    print(f"\nOther companies cost {cost.mean():,.0f} ({cost.std():,.0f}).")


def _timed(what: str, run: Callable[[], Any]) -> Any:
    began, worked = time.perf_counter(), time.process_time()
    made = run()
    spent = time.perf_counter() - began
    print(f"| {what} | {spent:.1f} | {time.process_time() - worked:.1f} |", flush=True)
    return made


if __name__ == "__main__":
    main()
