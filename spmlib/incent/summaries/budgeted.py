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
    Accounts,
    Attainments,
    Credits,
    Definition,
    Earnings,
    PayCurves,
    PayRecords,
    PayRules,
    Products,
    Table,
    Transactions,
)
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.rules import curves
from spmlib.rules.filters import kinds, matching
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
        engine.stacked(
            [
                pay_records(results.attainments, results.earnings, company, day),
                looked_at(results.credits, company, parameters, day),
            ]
        ),
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
    over: Table[Any] = company.calendar.filter(nw.col("end_date") <= day).select("period")
    keys = ["payee_id", "plan", "component", "period"]
    paid: Table[Any] = earnings.filter(~nw.col("component").is_null())
    counted: Table[Any] = attainments
    joined = counted.join(over, on="period").join(
        paid.group_by(*keys).agg(earned=nw.col("amount").sum()), on=keys, how="left"
    )
    scaled = joined.with_columns(
        credited=nw.col("credited").cast(nw.Float64) / MONEY,
        earned=nw.col("earned").fill_null(0).cast(nw.Float64) / MONEY,
    )
    return engine.kept(scaled.select(*PayRecords.columns()))


def looked_at(
    credits: Table[Credits], company: Company, parameters: Parameters, day: date
) -> Table[PayRecords]:
    """What people were credited with of measures that their plan looks at and does not count."""
    found = [
        (plan.name, measure)
        for plan in parameters.plans.values()
        for measure in _second_measures(plan, parameters.measures)
    ]
    sides: list[tuple[str, Table[Any]]] = [
        ("account_id", company.accounts),
        ("product_id", company.products),
    ]
    lines: Table[Any] = company.transactions.drop("event_date", "currency")
    for column, side in sides:
        fresh = [name for name in engine.names(side) if name not in engine.names(lines)]
        lines = lines.join(side.select(column, *fresh), on=column, how="left")
    known = kinds(engine.names(lines), Transactions, Accounts, Products)
    over: Table[Any] = company.calendar.filter(nw.col("end_date") <= day)
    held = engine.open_ended(company.positions).select("payee_id", "plan", "start_date", "end_date")
    made = []
    for plan, measure in found:
        own = lines.filter(matching(measure.where, known)).select("transaction_id")
        rows: Table[Any] = credits.rename({"amount": "worth"}).join(own, on="transaction_id")
        on = rows.join(held.filter(nw.col("plan") == plan), on="payee_id")
        on = on.filter(engine.during("event_date"))
        summed = on.group_by("payee_id", "plan", "period").agg(credited=nw.col("worth").sum())
        made.append(
            summed.join(over.select("period"), on="period").select(
                "payee_id",
                "plan",
                component=nw.lit(""),
                measure=nw.lit(measure.name),
                window=nw.col("period"),
                period=nw.col("period"),
                credited=nw.col("credited").cast(nw.Float64) / MONEY,
                earned=nw.lit(0.0),
            )
        )
    return engine.kept(engine.stacked(made)) if made else _table(PayRecords, [])


def _second_measures(plan: Plan, measures: Mapping[str, Measure]) -> list[Measure]:
    """The sums of amounts that gates, multipliers and matrices look at and no component counts."""
    components = plan.components.values()
    counted = {c.measure for c in components}
    seen = [m.measure for c in components for m in (*c.modifiers, *plan.modifiers)]
    seen += [c.matrix.measure for c in components if c.matrix]
    names = dict.fromkeys(name for name in seen if name and name not in counted)
    asked = [measures[name] for name in names]
    return [m for m in asked if not m.per and m.sums == "amount" and m.where]


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
