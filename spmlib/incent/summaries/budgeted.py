"""Budgeted: what a company's plans pay, as curves and rules, and what they paid, for planning.

Estimates in double precision: for budgets and what-if, never for pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company, as_known
from spmlib.core.pay import Pay
from spmlib.core.tables import (
    MONEY,
    Attainments,
    Definition,
    Earnings,
    PayCurves,
    PayRecords,
    PayRules,
    Table,
)
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.rules import curves
from spmlib.rules.measures import MONEYS, Measure
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan


def pay(results: Results, company: Company, parameters: Parameters, day: date) -> Pay:
    """How people are paid and were paid before a day.

    Args:
        results: of the calculation.
        company: whose calendar says when periods end.
        parameters: its plans and measures.
        day: periods that end later are left out.
    """
    return Pay(
        pay_curves(parameters.plans, parameters.measures),
        pay_rules(parameters.plans),
        pay_records(results.attainments, results.earnings, company, day),
    )


def known_pay(company: Company, parameters: Parameters, day: date) -> Pay:
    """As `pay`, of what was known before a day: the calculation as it would have been then."""
    before = company.calendar.filter(nw.col("end_date") <= day)
    through = engine.collected(before.select(nw.col("period").max()))["period"][0]
    then = as_known(company, day)
    return pay(calculated(then, parameters, through), then, parameters, day)


def pay_curves(plans: Mapping[str, Plan], measures: Mapping[str, Measure]) -> Table[PayCurves]:
    """Every bracket of every dated table of every component."""
    rows = [
        row
        for plan in plans.values()
        for component in plan.components.values()
        for row in _brackets(plan, component, measures[component.measure])
    ]
    return _table(PayCurves, rows)


def pay_rules(plans: Mapping[str, Plan]) -> Table[PayRules]:
    """Every step of every gate, multiplier, cap and floor."""
    rows: list[dict[str, Any]] = []
    for plan in plans.values():
        for component in plan.components.values():
            rows += _rules(plan.name, component.name, component.modifiers)
        rows += _rules(plan.name, None, plan.modifiers)
    return _table(PayRules, rows)


def pay_records(
    attainments: Table[Attainments], earnings: Table[Earnings], company: Company, day: date
) -> Table[PayRecords]:
    """What people were credited with and earned in the periods that end by a day."""
    over = company.calendar.filter(nw.col("end_date") <= day).select("period")
    keys = ["payee_id", "plan", "component", "period"]
    paid = earnings.filter(~nw.col("component").is_null()).group_by(*keys)
    joined = attainments.join(over, on="period").join(
        paid.agg(earned=nw.col("amount").sum()), on=keys, how="left"
    )
    scaled = joined.with_columns(
        credited=nw.col("credited").cast(nw.Float64) / MONEY,
        earned=nw.col("earned").fill_null(0).cast(nw.Float64) / MONEY,
    )
    return engine.kept(scaled.select(*PayRecords.columns()))


def _brackets(plan: Plan, component: Component, measure: Measure) -> Iterator[dict[str, Any]]:
    """The brackets; with ``crossing: transaction`` those of very small transactions."""
    matrix = component.matrix
    smooth = component.crossing == "transaction" and component.word == "rate"
    drawn = replace(component, crossing="split") if smooth else component
    told = {
        "plan": plan.name,
        "component": component.name,
        "title": plan.title,
        "currency": plan.currency,
        "measure": component.measure,
        "unit": "money" if measure.sums in MONEYS else "count",
        "window": component.accumulate,
        "counts": component.thresholds,
        "quota": component.quota,
        "pays": component.pays,
        "weight": None if component.weight is None else float(component.weight),
        "matrix": matrix.measure if matrix else None,
        "matrix_of": matrix.of if matrix else None,
        "matrix_boundary": matrix.boundary if matrix else None,
        "boundary": component.boundary or "upper",
    }
    for start, table in component.tables.items():
        for when, rows in curves.cells(table):
            for bracket in curves.brackets(drawn, rows):
                yield told | {
                    "table_date": start,
                    "when": None if when is None else float(when),
                    "start": float(bracket.start),
                    "constant": float(bracket.constant),
                    "slope": float(bracket.slope),
                    "bend": float(bracket.bend),
                    "source": str(bracket.place),
                }


def _rules(
    plan: str, component: str | None, modifiers: tuple[Modifier, ...]
) -> list[dict[str, Any]]:
    rows = []
    for number, modifier in enumerate(modifiers, start=1):
        told = {
            "plan": plan,
            "component": component,
            "number": number,
            "kind": modifier.kind,
            "measure": modifier.measure or None,
            "of": modifier.of if modifier.measure else None,
            "window": modifier.over or None,
            "strict": "yes" if modifier.strict or modifier.boundary == "lower" else "no",
            "otherwise": modifier.otherwise or None,
            "source": str(modifier.place),
        }
        rows += [told | step for step in _steps(modifier)]
    return rows


def _steps(modifier: Modifier) -> Iterator[dict[str, Any]]:
    """The dated steps or limits of a modifier; of a gate, the one value at which it opens."""
    none = {"table_date": None, "start": None, "factor": None, "limit": None, "of_target": "no"}
    if modifier.at_least is not None:
        yield none | {"start": float(modifier.at_least)}
    for day, steps in modifier.steps.items():
        for step in steps:
            yield none | {
                "table_date": day,
                "start": float(step.start),
                "factor": float(step.factor),
            }
    for day, limit in modifier.limits.items():
        share = "yes" if limit.percent else "no"
        yield none | {"table_date": day, "limit": float(limit), "of_target": share}


def _table(definition: type[Definition], rows: list[dict[str, Any]]) -> Table[Any]:
    """Rows as a table of a definition, each column there."""
    import polars as pl

    kinds = {"id": pl.String, "text": pl.String, "day": pl.Date, "estimate": pl.Float64}
    columns = definition.columns()
    schema = {name: kinds.get(column.kind, pl.Int64) for name, column in columns.items()}
    return engine.brought(pl.DataFrame([{n: row[n] for n in schema} for row in rows], schema))
