"""The same small company, calculated by the library: its lines, to be held to the oracle's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import INPUTS, Issues
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.rules import crediting, measures, plans
from tests.oracles import results
from tests.oracles.companies import SmallCompany
from tests.oracles.desk import Line
from tests.oracles.goals import Person

TICKS, SHARES, RATES = 10**4, 10**8, 10**10
CREDITING = """\
currency_rate: event
events: [{credited}]
splits: {{policy: at_most_whole}}
rules:
  owner: {{kind: direct}}
  shared: {{kind: split}}
"""


def worked_out(
    company: SmallCompany, folder: Path
) -> tuple[dict[tuple[str, str], list[Line]], list[str]]:
    """The lines of every person's receipts by person and plan, and what was wrong."""
    made = calculated(_company(company), _parameters(company, folder))
    issues = [row["what"] for row in engine.collected(made.issues).iter_rows(named=True)]
    return results.lines(made), issues


def paid(company: SmallCompany, folder: Path) -> Results:
    """Everything that the company owes up to the end of its calendar."""
    last = company.calendar[-1].name
    return calculated(_company(company), _parameters(company, folder), last)


def tables(company: SmallCompany, folder: Path) -> tuple[Company, Parameters]:
    """The company's tables, and what its files say."""
    return _company(company), _parameters(company, folder)


def _parameters(company: SmallCompany, folder: Path) -> Parameters:
    (folder / "plans").mkdir(parents=True)
    (folder / "measures.yaml").write_text(company.measures)
    (folder / "crediting.yaml").write_text(CREDITING.format(credited=", ".join(company.credited)))
    for text in company.plans:
        name = yaml.safe_load(text)["plan"]
        (folder / "plans" / f"{name}.yaml").write_text(text)
    counted = measures.read(folder / "measures.yaml")
    return Parameters(
        counted,
        plans.read(folder / "plans", counted),
        crediting.read(folder / "crediting.yaml"),
    )


def _company(company: SmallCompany) -> Company:
    tables: dict[str, Any] = {name: engine.empty(table) for name, table in INPUTS.items()}
    rows = {
        "payees": [_payee(company, p) for p in company.people],
        "positions": [row for p in company.people for row in _positions(p)],
        "quotas": [row for p in company.people for row in _quotas(p)],
        "transactions": [_transaction(company, s) for s in company.sales],
        "events": [
            {
                "event_id": e.name,
                "transaction_id": e.transaction,
                "event": e.kind,
                "event_date": e.day,
                "amount": _whole(e.amount, TICKS),
            }
            for e in company.events
        ],
        "splits": [
            {"transaction_id": s.transaction, "payee_id": who, "share": _whole(share, SHARES)}
            for s in company.sales
            for who, share in s.splits.items()
        ],
        "currency_rates": [
            {
                "currency": currency,
                "to_currency": _currency(company),
                "start_date": date(2000, 1, 1),
                "rate": _whole(rate, RATES),
                "kind": "spot",
            }
            for currency, rate in company.rates.items()
        ],
        "calendar": [
            {
                "period": p.name,
                "start_date": p.start,
                "end_date": p.end,
                "quarter": p.quarter,
                "half": p.half,
                "year": p.year,
            }
            for p in company.calendar
        ],
    }
    tables |= {name: _table(name, made) for name, made in rows.items()}
    return Company(**tables, issues=engine.empty(Issues))


def _table(name: str, rows: Sequence[dict[str, Any]]) -> Any:
    """Rows as a table with every column of its definition."""
    columns = INPUTS[name].columns()
    native = {"id": pl.String, "text": pl.String, "day": pl.Date}
    schema = {n: native.get(c.kind, pl.Int64) for n, c in columns.items()}
    return engine.table(pl.DataFrame([{n: r.get(n) for n in schema} for r in rows], schema=schema))


def _payee(company: SmallCompany, person: Person) -> dict[str, Any]:
    return {
        "payee_id": person.name,
        "name": person.name,
        "currency": _currency(company),
        "hire_date": person.hired or min(p.start for p in person.positions),
        "leave_date": person.left,
    }


def _currency(company: SmallCompany) -> str:
    return str(yaml.safe_load(company.plans[0])["currency"])


def _positions(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "payee_id": person.name,
            "start_date": p.start,
            "end_date": p.end,
            "role": "seller",
            "team": "sales",
            "plan": p.plan,
            "target_incentive": _whole(p.target, TICKS),
            "commission_rate": _whole(p.commission_rate, SHARES),
            "status": p.status,
        }
        for p in person.positions
    ]


def _quotas(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "payee_id": person.name,
            "measure": q.measure,
            "start_date": q.start,
            "end_date": q.end,
            "amount": _whole(q.amount, TICKS),
        }
        for q in person.quotas
    ]


def _transaction(company: SmallCompany, sale: Any) -> dict[str, Any]:
    return {
        "transaction_id": sale.transaction,
        "event_date": sale.day,
        "owner_id": sale.owner,
        "kind": sale.kind,
        "currency": sale.currency or _currency(company),
        "amount": _whole(sale.amount, TICKS),
        "margin": _whole(sale.margin, TICKS),
        "quantity": _whole(sale.quantity, TICKS),
    }


def _whole(value: Fraction, scale: int) -> int:
    scaled = value * scale
    assert scaled.denominator == 1, f"{value} has more decimals than its column"
    return int(scaled)
