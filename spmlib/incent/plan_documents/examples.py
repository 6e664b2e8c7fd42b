"""Examples: some deals on both sides of every threshold, paid by the engine that pays everybody.

The company of an example has one person, one component and plain deals: what a rule of crediting,
a gate or a second measure would change is left out, and the clauses say it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core import conversion, engine
from spmlib.core.company import Company
from spmlib.core.parameters import in_force
from spmlib.core.plan_documents import Example
from spmlib.core.tables import INPUTS, MONEY, RESULTS, SHARE, Definition, Table
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.incent.explaining.pay_curves import points
from spmlib.incent.statements import known, statements
from spmlib.rules.crediting import Crediting, Rule
from spmlib.rules.measures import MONEYS, Measure
from spmlib.rules.plans import Component, Plan, Row

if TYPE_CHECKING:
    import polars as pl

WHO = "you"
QUOTA = 100_000  # of the window, in what the component counts
UNITS = 20  # likewise, where it counts units
TARGET = 60_000  # a year
RATE = SHARE // 10  # a personal rate of 10 %
MOST = 4  # thresholds that an example crosses
NATIVE = ("id", "text", "day")


def example(plan: Plan, component: Component, measure: Measure, on: date) -> Example | None:
    """A component's example; none for components that pay places.

    Args:
        plan: that it is of.
        component: one of its.
        measure: that it counts.
        on: the day whose table holds.
    """
    if component.thresholds == "place":
        return None
    money = measure.sums in MONEYS
    made = _simple(component, on)
    amounts = _deals(made, money)
    results, parameters, company = _paid(plan, made, measure, amounts, on)
    first = f"{on.year}-01"
    told = statements(known.of_results(results), company, parameters, first)
    entries = [line for s in told for pay in s.plans for part in pay.parts for line in part.lines]
    order = {f"deal {n}": n for n in range(1, len(amounts) + 1)}
    lines = sorted(entries, key=lambda line: order.get(line.transaction_id, 0))
    (term,) = engine.collected(results.terms).filter(_period(first)).head(1).to_dicts()
    return Example(
        quota=_decimal(term["quota"]) if component.thresholds == "quota" else None,
        target=_decimal(term["target"]) if component.pays == "target" else None,
        money=money,
        deals=tuple(Decimal(amount) for amount in amounts),
        lines=tuple(lines),
    )


def curve(
    plan: Plan, component: Component, measure: Measure, on: date
) -> tuple[tuple[float, float], ...]:
    """The points of the curve of an example; none for components that pay places."""
    if component.thresholds == "place":
        return ()
    made = _simple(component, on)
    results, *_ = _paid(plan, made, measure, [1], on)
    terms = engine.collected(results.terms).filter(_period(f"{on.year}-01")).to_dicts()
    deals = _deals(made, measure.sums in MONEYS)
    reach = max(deals) if made.alone else sum(deals[:-1])
    found = points(made, terms[-1:], terms[-1], () if _of_quota(made) else (reach * MONEY,))
    x = "attainment" if _of_quota(made) else "credited"
    rows = found[found[x] >= 0]
    return tuple(zip(rows[x].tolist(), rows["earned"].tolist(), strict=True))


def _of_quota(component: Component) -> bool:
    return component.thresholds == "quota"


def _simple(component: Component, on: date) -> Component:
    """The component as it holds on a day, without what looks at more than what is sold."""
    rows = in_force(component.tables, on) or next(iter(component.tables.values()))
    whens = sorted({row.when for row in rows if row.when is not None})
    chosen: tuple[Row, ...] = tuple(
        replace(row, when=None) for row in rows if not whens or row.when == whens[0]
    )
    most = in_force(component.windfall, on)
    start = date(on.year, 1, 1)
    return replace(
        component,
        tables={start: chosen},
        matrix=None,
        modifiers=(),
        windfall={} if most is None else {start: most},
        quota="window",
    )


def _deals(component: Component, money: bool) -> list[int]:
    """Deals that come up to each threshold, lie on it and go beyond it, and one reversed."""
    whole = QUOTA if money else UNITS
    rows = next(iter(component.tables.values()))
    scale = whole if component.thresholds == "quota" else 1
    marks = sorted({int(Fraction(row.start) * scale) for row in rows if row.start > 0})[:MOST]
    if not marks:
        marks = [whole]
    if component.alone:
        sizes = [max(marks[0] // 2, 1), *marks, marks[-1] + max(marks[-1] // 5, 1)]
        return [*sizes, -sizes[-1]]
    made, at = [], 0
    for mark in marks:
        step = max((mark - at) * 3 // 5, 1)
        made += [step, mark - at - step] if mark - at > step else [mark - at]
        at = mark
    beyond = max(at // 4, 1)
    return [*made, beyond, -beyond]


def _paid(
    plan: Plan, component: Component, measure: Measure, amounts: Sequence[int], on: date
) -> tuple[Results, Parameters, Company]:
    alone = replace(plan, components={component.name: component}, modifiers=(), payment=None)
    sums = measure.sums if measure.sums != "count" else "quantity"
    counted = replace(measure, where=(), per=None, sums=sums)
    owner = Rule("owner", "direct", "", (), (), {}, None, None, Decimal(1), False, (), 0)
    crediting = Crediting("", "event", ("booking",), "whole", {"owner": owner})
    said = Parameters({measure.name: counted}, {plan.name: alone}, crediting)
    company = _company(plan, component, sums, amounts, on)
    return calculated(company, said, f"{on.year}-12"), said, company


def _company(
    plan: Plan, component: Component, sums: str, amounts: Sequence[int], on: date
) -> Company:
    year = date(on.year, 1, 1)
    months = {"month": 1, "quarter": 3, "half": 6}.get(component.accumulate, 12)
    until = date(on.year + months // 12, months % 12 + 1, 1)
    sold = {"owner_id": WHO, "currency": plan.currency}
    money = sums in MONEYS
    unit = conversion.minor(plan.currency) if money else 1
    ticks = [amount * MONEY // unit * unit for amount in amounts]
    rows: dict[str, list[dict[str, Any]]] = {
        "payees": [
            {"payee_id": WHO, "name": WHO, "currency": plan.currency, "hire_date": date(2000, 1, 1)}
        ],
        "positions": [
            {
                "payee_id": WHO,
                "start_date": year,
                "role": "",
                "team": "",
                "plan": plan.name,
                "target_incentive": TARGET * MONEY,
                "commission_rate": RATE,
                "status": "active",
            }
        ],
        "quotas": [
            {
                "payee_id": WHO,
                "measure": component.measure,
                "start_date": year,
                "end_date": until,
                "amount": (QUOTA if money else UNITS) * MONEY,
            }
        ],
        "transactions": [
            {
                "transaction_id": f"deal {n}",
                "event_date": year + timedelta(days=n),
                **sold,
                "amount": size if money else 0,
                sums: size,
            }
            for n, size in enumerate(ticks, start=1)
        ],
        "calendar": [_month(on.year, month) for month in range(1, 13)],
    }
    tables = {name: _table(made, rows.get(name, [])) for name, made in INPUTS.items()}
    others = [one.name for one in fields(Company) if one.name not in tables]
    return Company(**tables, **{name: engine.empty(RESULTS[name]) for name in others})


def _table(definition: type[Definition], rows: Sequence[Mapping[str, Any]]) -> Table[Any]:
    import polars as pl

    native = {"id": pl.String, "text": pl.String, "day": pl.Date}
    columns = definition.columns()
    schema = {name: native.get(column.kind, pl.Int64) for name, column in columns.items()}
    made = [{name: row.get(name, columns[name].default) for name in columns} for row in rows]
    return engine.table(pl.DataFrame(made, schema=schema))


def _month(year: int, month: int) -> dict[str, Any]:
    return {
        "period": f"{year}-{month:02}",
        "start_date": date(year, month, 1),
        "end_date": date(year + month // 12, month % 12 + 1, 1),
        "quarter": f"{year}-Q{(month + 2) // 3}",
        "half": f"{year}-H{(month + 5) // 6}",
        "year": str(year),
    }


def _period(name: str) -> pl.Expr:
    import polars as pl

    return pl.col("period") == name


def _decimal(ticks: int | None) -> Decimal | None:
    return None if ticks is None else Decimal(ticks) / MONEY
