"""Value planted: a made-up sister company in which some teams changed, and what was planted."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.summaries import worths
from spmlib.revops.value import teams, written
from spmlib.workbench.opened import Workbench
from spmlib.workbench.value.assessment import FILE, Value, by_team, whole

PLANTED = "data/sample_company/improvements.py"  # beside the folder of parameters


def planted(bench: Workbench, period: str, seed: int = 43, effect: float = 1.0) -> Value:
    """The value of a change to a sister company in which some teams changed and others did not.

    Args:
        bench: whose policy and calendar it has.
        period: the last that is known.
        seed: of the draws.
        effect: how much of what is usually planted; 0 for nothing.

    Raises:
        ParameterError: the project has no such company.
    """
    path = bench.folder.parent / PLANTED
    if not path.exists():
        raise ParameterError(f"{path}: there is no made-up company; copy it from the project.")
    bench.refuse_period(period)
    calendar = engine.collected(bench.company.calendar).sort("start_date")["period"].to_list()
    made = _module(path).improved(calendar[: calendar.index(period) + 1], seed, effect)
    policy = written.read(bench.folder / FILE)
    policy = replace(policy, set_up=made.set_up, running=made.running)
    parts = by_team(made.rows)
    sums = {n: teams.total(own, policy.measures[n].adds) for n, own in parts.items()}
    why = {"at_stake": "the copy has no pay that could be audited"}
    return Value(policy, min(made.starts.values()), sums | whole(made.rows), parts,
                 made.starts, why, {}, made.moved, worths.chosen(bench.company))  # fmt: skip


def _module(path: Path) -> Any:
    """A module of the sample company's script, which is no part of the library."""
    folder = str(path.parents[1])
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(f"{path.parent.name}.{path.stem}")
