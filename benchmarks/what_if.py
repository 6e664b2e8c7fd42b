"""What a payee's what-if costs: a thousand sizes of the next deal, on the curve they stand on.

    python benchmarks/what_if.py

Beside the arrays stands the exact way, the engine once more on that payee's tables alone. The
sample company, its last month; the median of many runs in this process, after one to warm up.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import narwhals as nw
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import calculated
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.workbench.opened import Workbench, opened

PAYEE, COMPONENT, PERIOD = "H1061", "new_business", "2026-10"
SIZES = np.linspace(0, 500_000, 1000)


def main() -> None:
    """Print the figures."""
    bench = opened()
    print(machine())
    print("\n| a what-if of one payee | ms |\n|---|---|")
    measured = standing(bench)
    arrays = _median(lambda: deals(*measured))
    print(f"| {len(SIZES):,} deals on the curve, as arrays | {arrays:.2f} |")
    alone, plan = of_payee(bench.company), measured[0].component.plan
    own = replace(bench.parameters, plans={plan: bench.parameters.plans[plan]})
    exact = _median(lambda: engine.collected(calculated(alone, own).payouts), 9)
    print(f"| the engine on the payee's own tables and plan, to the cent | {exact:.0f} |")


def standing(bench: Workbench) -> tuple[Measured, float]:
    """The payee's curve, and where they stand on it [ticks]."""
    own = (nw.col("payee_id") == PAYEE) & (nw.col("component") == COMPONENT)
    terms = engine.collected(bench.results.terms.filter(own).sort("segment_start")).to_dicts()
    last = [term for term in terms if term["period"] == PERIOD][-1]
    window = [term for term in terms if term["window"] == last["window"]]
    component = bench.parameters.plans[last["plan"]].components[COMPONENT]
    return Measured(component, window, last, ""), float(last["after"])


def deals(measured: Measured, here: float) -> np.ndarray:
    """What each size of the next deal would earn [currency]."""
    stick, pay = float(measured.stick), float(measured.pay)
    after = (here + SIZES * MONEY) / stick
    at = curves.curve_of_floats(measured.curve, np.append(after, here / stick))
    return pay * (at[:-1] - at[-1]) / MONEY


def of_payee(company: Company) -> Company:
    """The company as far as it concerns the payee."""
    own = {}
    for field in fields(Company):
        frame = getattr(company, field.name)
        for key in ("payee_id", "owner_id"):
            if key in engine.names(frame) and field.name != "splits":
                frame = frame.filter(nw.col(key) == PAYEE)
        own[field.name] = engine.kept(frame)
    return replace(company, **own)


def _median(run: Callable[[], object], times: int = 201) -> float:
    """The median of some runs [ms]."""
    run()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1000


if __name__ == "__main__":
    main()
