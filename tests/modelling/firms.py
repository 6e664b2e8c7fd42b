"""A firm of two sellers whose pay can be reckoned by hand, and scenarios of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from spmlib.core.company import Company
from spmlib.incent.modelling import modelled, written
from spmlib.incent.modelling.modelled import Modelled
from tests import small

TIERS = """{2026-01-01: [
      {from: 0%, rate: 10%},
      {from: 50%, rate: 12%},
      {from: 100%, rate: 20%}]}
"""
PLAN = small.plan(thresholds="quota", proration="none", table=TIERS) + (
    "modifiers:\n  - cap: {2026-01-01: 50_000.00}\n"
)
SIGNED = "author: finance\ndate: 2026-11-03\nreason: why\n"


def firm() -> Company:
    """Ann sells 150,000 of a quota of 100,000, Bob 40,000 of his."""
    (ann, anns), (bob, bobs) = small.person("Ann", "seller"), small.person("Bob", "seller")
    return small.company(
        payees=[ann, bob],
        positions=[anns, bobs | {"role": "junior"}],
        quotas=[small.quota("Ann", 100_000), small.quota("Bob", 100_000)],
        transactions=[
            small.sale("T1", "Ann", date(2026, 1, 10), 60_000),
            small.sale("T2", "Ann", date(2026, 3, 10), 100_000),
            small.sale("T3", "Ann", date(2026, 4, 10), -10_000),
            small.sale("T4", "Bob", date(2026, 2, 10), 40_000),
        ],
    )


def folder(path: Path, plan: str = PLAN) -> Path:
    """Parameters of the firm."""
    (path / written.FOLDER).mkdir(parents=True, exist_ok=True)
    return small.written(path, plan)


def scenario(parameters: Path, name: str, *changes: str, head: str = SIGNED) -> written.Scenario:
    """A scenario that is written, and read."""
    lines = "".join(f"  - {change}\n" for change in changes)
    path = parameters / written.FOLDER / f"{name}.yaml"
    path.write_text(head + (f"changes:\n{lines}" if lines else ""), "utf-8")
    return written.read(parameters, name)


def models(parameters: Path, *names: str) -> dict[str, Modelled]:
    """Scenarios of the firm, modelled to October."""
    return modelled.every(firm(), parameters, names, "2026-10")
