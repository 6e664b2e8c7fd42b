"""What a what-if of a whole company costs: arrays beside the engine, in the same run.

    python benchmarks/modelling.py

120 payees and 5,000 transactions of the seeded company, and the sample company with all its months;
every plan with a rate and the level of quotas moved. Medians of many runs in this process, after
one to warm up. That both pay the same cents is checked in the run.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import generator
from machine import machine
from peers import engine as peer

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.incent.calculation import Parameters, calculated
from spmlib.incent.modelling import checks
from spmlib.incent.modelling.arrays.evaluated import Levers, evaluated
from spmlib.incent.modelling.arrays.taken import Taken, taken
from spmlib.rules.plans import Component, Plan
from spmlib.workbench.opened import opened

PEOPLE, TRANSACTIONS = 120, 5_000
DATA = Path(__file__).parent / "data" / f"{TRANSACTIONS}_{PEOPLE}"


def main() -> int:
    """Print the figures; 1 if arrays and engine differ."""
    print(machine())
    print("\n| | people | lines | taken once, ms | arrays, ms | engine, ms | months apart |")
    print("|---|---|---|---|---|---|---|")
    bench = opened()
    generator.company(DATA, TRANSACTIONS, PEOPLE)
    cases = {
        f"{TRANSACTIONS:,} transactions, {PEOPLE} payees": (peer.company(DATA), peer.parameters()),
        "the sample company, 34 months": (bench.company, bench.parameters),
    }
    return max(_measured(name, *case) for name, case in cases.items())


def _measured(name: str, company: Company, parameters: Parameters) -> int:
    results = calculated(company, parameters)
    at_hand = taken(company, parameters, results)
    once = _median(lambda: taken(company, parameters, results), 3)
    plans = {key: _moved(plan) for key, plan in parameters.plans.items()}
    levers = Levers(quotas=dict.fromkeys(plans, 1.1))
    quick = _median(lambda: evaluated(at_hand, plans, levers), 21)
    other = replace(parameters, plans=plans)
    exact = _median(lambda: engine.collected(calculated(company, other).payouts), 3)
    off = int(checks.off(at_hand, results.earnings)["apart"].sum()) + _apart(
        at_hand, plans, calculated(company, other).earnings
    )
    lines = sum(len(each.line) for each in at_hand.counted.values())
    people = len(at_hand.payees)
    print(f"| {name} | {people} | {lines:,} | {once:.0f} | {quick:.0f} | {exact:.0f} | {off} |")
    return int(off > 0)


def _apart(at_hand: Taken, plans: dict[str, Plan], earnings: object) -> int:
    """The months of people and components in which a moved rate is not paid as the engine does."""
    said, paid = evaluated(at_hand, plans), checks.as_arrays(at_hand, earnings)  # type: ignore[arg-type]
    return sum(int((np.abs(said[key] - paid[key]) > checks.CENT).sum()) for key in paid)


def _moved(plan: Plan) -> Plan:
    """The plan with the last row of every table a tenth higher."""
    return replace(plan, components={n: _higher(c) for n, c in plan.components.items()})


def _higher(component: Component) -> Component:
    tables = {
        day: (*rows[:-1], replace(rows[-1], gives=_tenth(rows[-1].gives)))
        for day, rows in component.tables.items()
    }
    return replace(component, tables=tables)


def _tenth(number: object) -> object:
    from spmlib.core import parameters
    from spmlib.core.written import word

    said = round(float(number) * (110 if number.percent else 1.1), 6)  # type: ignore[attr-defined, arg-type]
    return parameters.number(word(f"{said:f}{'%' if number.percent else ''}", number.place))  # type: ignore[attr-defined]


def _median(run: Callable[[], object], times: int) -> float:
    """The median of some runs [ms]."""
    run()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1000


if __name__ == "__main__":
    sys.exit(main())
