"""Plain: schedules of costs given as plain rows, without a company.

scheduled(
    [{"cost_id": "A", "amount": "3000.00", "start_date": date(2026, 1, 1), "months": 60}],
    [{"cost_id": "A", "kind": "terminated", "change_date": date(2029, 1, 1)}],
)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import (
    SCALE,
    ContractCosts,
    CostChanges,
    CostRollForward,
    CostSchedules,
    Definition,
    Table,
)
from spmlib.incent.contract_costs import roll_forwards, schedules
from spmlib.incent.contract_costs.terms import Terms

if TYPE_CHECKING:
    import pandas as pd

Rows = Iterable[Mapping[str, Any]]
LARGEST = 9 * 10**18  # what an integer of 64 bits holds
NATIVE: dict[str, Any] = {"id": pl.String, "text": pl.String, "day": pl.Date}


def scheduled(costs: Rows, changes: Rows = (), **terms: Any) -> pd.DataFrame:
    """What becomes of some costs, period by period, in exact decimals.

    Args:
        costs: cost_id, amount (a Decimal, a whole number or a text), start_date, months, and any
            other column of ContractCosts; without currency in US dollars.
        changes: cost_id, kind, change_date, and amount, months, months_left or share.
        terms: of `Terms`: convention, framework, clawbacks, patterns.

    Returns:
        The columns of CostSchedules [currency].

    Raises:
        ParameterError: a row has an unknown column or an amount that is not exact, or means
            nothing.

    >>> rows = scheduled([{"cost_id": "A", "amount": 54_00, "months": 36,
    ...                    "start_date": date(2026, 1, 1)}])
    >>> str(rows["amortised"].iloc[0]), len(rows)
    ('150.0000', 36)
    """
    made = schedules.schedule(cost_rows(costs), change_rows(changes), Terms(**terms))
    return engine.pandas(made, CostSchedules)


def rolled(costs: Rows, changes: Rows = (), by: str = "all", **terms: Any) -> pd.DataFrame:
    """The roll-forward of some costs, group by group: as `scheduled`, summed."""
    found = schedules.lived(cost_rows(costs), change_rows(changes), Terms(**terms))
    return engine.pandas(roll_forwards.roll_forward(found, by), CostRollForward)


def by_year(costs: Rows, changes: Rows = (), by: str = "all", **terms: Any) -> pd.DataFrame:
    """The roll-forward of some costs by calendar year: as `rolled`, from first opening to closing.

    >>> rows = by_year([{"cost_id": "A", "amount": 30, "months": 48,
    ...                  "start_date": date(2026, 1, 1)}])
    >>> [str(amount) for amount in rows["closing"]]
    ['22.5000', '15.0000', '7.5000', '0.0000']
    """
    found = schedules.lived(cost_rows(costs), change_rows(changes), Terms(**terms))
    years = dict(zip(found.grid.names, found.grid.years, strict=True))
    yearly = roll_forwards.by_year(roll_forwards.roll_forward(found, by), years)
    return engine.pandas(yearly, CostRollForward)


def cost_rows(costs: Rows) -> Table[ContractCosts]:
    """Plain rows as a table of costs; see `scheduled`."""
    return _rows(ContractCosts, [{"currency": "USD", **row} for row in costs])


def change_rows(changes: Rows) -> Table[CostChanges]:
    """Plain rows as a table of changes; see `scheduled`."""
    return _rows(CostChanges, list(changes))


def straight_line(amount: Decimal | int | str, months: int, currency: str = "USD") -> list[Decimal]:
    """What an amount comes to each month, evenly, to the cent.

    >>> [str(part) for part in straight_line("100.00", 3)]
    ['33.33', '33.34', '33.33']
    """
    start = {"start_date": date(2001, 1, 1), "months": months, "currency": currency}
    parts = scheduled([{"cost_id": "it", "amount": amount, **start}])["amortised"]
    found = [_plain(part) for part in parts]
    return found + [Decimal("0.00")] * (months - len(found))


def _plain(amount: Decimal) -> Decimal:
    """An amount without the zeros beyond its cents."""
    short = amount.quantize(Decimal("0.01"))
    return short if short == amount else amount


def _rows(definition: type[Definition], rows: list[Mapping[str, Any]]) -> Table[Any]:
    columns = definition.columns()
    for row in rows:
        for name in row:
            if name not in columns:
                near = nearest(name, columns)
                raise ParameterError(f"{definition.__name__} has no '{name}'; write {near}.")
    given = {
        name: [_cell(row.get(name, column.default), name, column.kind) for row in rows]
        for name, column in columns.items()
    }
    kinds = {name: NATIVE.get(column.kind, pl.Int64) for name, column in columns.items()}
    return engine.table(pl.DataFrame(given, schema=kinds))


def _cell(value: Any, name: str, kind: str) -> Any:
    if value is None or kind not in SCALE:
        return value
    try:
        if isinstance(value, float):
            raise InvalidOperation
        exact = Decimal(value) * SCALE[kind]
    except (InvalidOperation, TypeError, ValueError):
        exact = Decimal("NaN")
    odd = exact.is_nan() or exact.is_infinite() or abs(exact) > LARGEST
    if odd or exact != exact.to_integral_value():
        remedy = 'write a text or a Decimal, such as "1234.50"'
        raise ParameterError(f"{name}: {value!r} is no exact number of its column; {remedy}.")
    return int(exact)
