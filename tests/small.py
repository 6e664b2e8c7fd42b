"""Small companies in plain rows: the tables that a test does not name are as plain as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from spmlib.core import engine, tables
from spmlib.core.company import Company
from spmlib.incent.calculation import Parameters
from spmlib.rules import crediting, measures, plans

NATIVE = {"id": pl.String, "text": pl.String, "day": pl.Date}
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
Rows = Sequence[Mapping[str, Any]]


def company(**rows: Rows) -> Company:
    """A company of 2026: amounts are given in units, days as days."""
    given = {"calendar": months(2026)} | rows
    made = {name: table(tables.INPUTS[name], given.get(name, ())) for name in tables.INPUTS}
    others = [f.name for f in fields(Company) if f.name not in made]
    empty = {name: engine.empty(tables.RESULTS[name]) for name in others}
    return Company(**made, **empty)


def parameters(folder: Path) -> Parameters:
    """What the files of a folder say about pay."""
    counted = measures.read(folder / "measures.yaml")
    rules = crediting.read(folder / "crediting.yaml")
    return Parameters(counted, plans.read(folder / "plans", counted), rules)


OWNER = "events: [booking, cancellation]\nrules:\n  owner: {kind: direct}\n"  # crediting.yaml
MEASURES = "bookings: {sum: amount}\n"  # measures.yaml


def plan(name: str = "seller", currency: str = "USD", payment: str = "", **words: str) -> str:
    """The text of a plan of one component: 10 % of bookings, but for what words say otherwise.

    A word that is empty is left out.
    """
    usual = {
        "measure": "bookings",
        "accumulate": "year",
        "thresholds": "money",
        "pays": "rate",
        "crossing": "split",
        "table": "{2026-01-01: [{from: 0, rate: 10%}]}",
    }
    said = "".join(f"    {word}: {text}\n" for word, text in (usual | words).items() if text)
    terms = f"payment: {payment}\n" if payment else ""
    head = f"\nplan: {name}\nsource: none\ncurrency: {currency}\n"
    return f"{head}components:\n  bookings:\n{said}{terms}"


def written(folder: Path, *plans: str, crediting: str = OWNER, measures: str = MEASURES) -> Path:
    """The folder, with the parameter files of some plans."""
    (folder / "plans").mkdir(exist_ok=True)
    for text in plans:
        name = text.split("plan: ", 1)[1].split("\n", 1)[0]
        (folder / f"plans/{name}.yaml").write_text(text, "utf-8")
    (folder / "crediting.yaml").write_text(crediting, "utf-8")
    (folder / "measures.yaml").write_text(measures, "utf-8")
    return folder


def table(definition: type[tables.Definition], rows: Rows) -> tables.Table[Any]:
    """Rows as a table of the engine, each column there."""
    columns = definition.columns()
    schema = {name: NATIVE.get(column.kind, pl.Int64) for name, column in columns.items()}
    made = [
        {name: _cell(column, row.get(name)) for name, column in columns.items()} for row in rows
    ]
    return engine.table(pl.DataFrame(made, schema=schema))


def person(name: str, plan: str | None, **words: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A payee and the one position held, all year and before."""
    payee = {"payee_id": name, "name": name, "currency": "USD", "hire_date": date(2025, 1, 1)}
    held = {"start_date": date(2025, 1, 1), "role": "seller", "team": "sales", "plan": plan}
    return payee, {"payee_id": name, "target_incentive": 12_000, **held, **words}


def sale(name: str, owner: str, day: date, amount: Any, **words: Any) -> dict[str, Any]:
    """A booking in dollars."""
    row = {"transaction_id": name, "event_date": day, "owner_id": owner, "amount": amount}
    return {"kind": "booking", "currency": "USD", **row, **words}


def quota(name: str, amount: Any, measure: str = "bookings") -> dict[str, Any]:
    """A quota for the year."""
    start, end = YEAR
    stretch = {"payee_id": name, "start_date": start, "end_date": end}
    return {**stretch, "measure": measure, "amount": amount}


def months(year: int) -> list[dict[str, Any]]:
    """The calendar months of a year."""
    return [_month(year, month) for month in range(1, 13)]


def _month(year: int, month: int) -> dict[str, Any]:
    return {
        "period": f"{year}-{month:02}",
        "start_date": date(year, month, 1),
        "end_date": date(year + month // 12, month % 12 + 1, 1),
        "quarter": f"{year}-Q{(month + 2) // 3}",
        "half": f"{year}-H{(month + 5) // 6}",
        "year": str(year),
    }


def _cell(column: tables.Column, given: Any) -> Any:
    if given is None:
        return column.default
    if column.kind not in tables.SCALE:
        return given
    scaled = Fraction(given) * tables.SCALE[column.kind]
    assert scaled == int(scaled), f"{given} has more decimals than its column"
    return int(scaled)
