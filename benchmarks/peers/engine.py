"""The engine of spmlib: a company from Parquet, and its results as Parquet."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import INPUTS, Issues
from spmlib.incent.calculation import Parameters, calculated
from spmlib.rules import crediting, measures, plans

PARAMETERS = Path(__file__).parents[1] / "company"
RESULTS = ("credits", "attainments", "earnings", "payouts")


def ready(data: Path, out: Path) -> None:
    """Nothing is prepared."""


def run(data: Path, out: Path, _: None) -> None:
    """Read, calculate, write."""
    results = calculated(company(data), parameters())
    for name in RESULTS:
        getattr(results, name).sink_parquet(out / f"{name}.parquet")


def company(data: Path) -> Company:
    """The company that `generator` wrote."""
    tables = {name: engine.table(pl.scan_parquet(data / f"{name}.parquet")) for name in INPUTS}
    return Company(**tables, issues=engine.empty(Issues))


def parameters() -> Parameters:
    """What the files in ``benchmarks/company`` say."""
    known = measures.read(PARAMETERS / "measures.yaml")
    return Parameters(
        known,
        plans.read(PARAMETERS / "plans", known),
        crediting.read(PARAMETERS / "crediting.yaml"),
    )
