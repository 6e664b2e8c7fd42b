"""Explained: why a scenario pays one person more or less: rule by rule, with both places.

Lines of earnings are cut where they run from one row of a table into the next (`explaining`), and
summed by row: what a row gives now stands beside what the same row of the scenario gives. The
differences add up to the person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine, parameters
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.explaining.pieces import pieces
from spmlib.incent.lines import BESIDE
from spmlib.incent.modelling import issued
from spmlib.incent.modelling.compared import in_year
from spmlib.incent.modelling.modelled import Modelled
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan, Row

if TYPE_CHECKING:
    import pandas as pd

WHOLE = "whole_plan"
Rule = tuple[str, str, str, int, int]  # plan, component, kind, table's day in the order, row
Found = dict[Rule, tuple[Decimal, str, str]]  # amount, what the rule says, file and line


def explained(base: Modelled, other: Modelled, payee_id: str, until: str) -> pd.DataFrame:
    """What every rule gave one person in the year to date, as it is and under a scenario.

    Returns:
        plan, component, kind (credit, restatement, prize, clawback, or a modifier), now, then,
        difference [plan currency, exact], rule_now, rule_then (what the row says), source_now,
        source_then (file and line); rules in the order of plans; those that give nothing in either
        left out.

    Raises:
        ParameterError: the person earned nothing in either.
    """
    import pandas as pd

    both = [_found(model, payee_id, until) for model in (base, other)]
    rules = sorted({*both[0], *both[1]}, key=_order(base, other))
    if not rules:
        raise ParameterError(f"{payee_id} earns nothing in the year to {until}; write another.")
    nothing = (Decimal(0), "", "")
    rows = []
    for rule in rules:
        (now, said, at), (then, said_then, at_then) = (one.get(rule, nothing) for one in both)
        if now or then:
            rows.append((*rule[:3], now, then, then - now, said, said_then, at, at_then))
    names = ["plan", "component", "kind", "now", "then", "difference"]
    return pd.DataFrame(
        rows, columns=[*names, "rule_now", "rule_then", "source_now", "source_then"]
    )


def goals(base: Modelled, other: Modelled, payee_id: str, until: str) -> pd.DataFrame:
    """The quotas and target incentives of one person that a scenario changes.

    Returns:
        component, window, goal (quota or target), now, then [plan currency or units, exact],
        attainment_now, attainment_then (of a quota, at the end of the window or of the period),
        source (file and line of what multiplies it); windows of the year in their order.
    """
    import pandas as pd
    import polars as pl

    key = ["plan", "component", "window"]
    year = engine.collected(in_year(base.company, until).select("period"))["period"]
    both = []
    for model in (base, other):
        terms = engine.collected(model.results.terms.filter(nw.col("payee_id") == payee_id))
        own = terms.filter(pl.col("period").is_in(year)).sort("segment_start")
        both.append(own.unique(key, keep="last", maintain_order=True))
    joined = both[0].join(both[1], on=key, suffix="_then", maintain_order="left")
    rows = []
    for row in joined.to_dicts():
        for goal in ("quota", "target"):
            now, then = row[goal], row[f"{goal}_then"]
            if now != then and now is not None and then is not None:
                reached = [
                    _reached(row["after"], x) if goal == "quota" else None for x in (now, then)
                ]
                place = _multiplied(other, row["plan"], row["component"], goal)
                amounts = (Decimal(now) / MONEY, Decimal(then) / MONEY)
                rows.append((row["component"], row["window"], goal, *amounts, *reached, place))
    names = ["component", "window", "goal", "now", "then"]
    return pd.DataFrame(rows, columns=[*names, "attainment_now", "attainment_then", "source"])


def _reached(credited: int, quota: int) -> float | None:
    return credited / quota if quota > 0 else None


def _multiplied(other: Modelled, plan: str, component: str, goal: str) -> str:
    """Where a scenario says by what goals of a component are multiplied; empty if it does not."""
    quotas, targets = issued.factors(other.scenario)
    measure = other.parameters.plans[plan].components[component].measure
    found = [f.place for f in quotas if f.measure == measure] if goal == "quota" else []
    found += [f.place for f in targets] if goal == "target" else []
    return ", ".join(dict.fromkeys(found))


def most_moved(differences: Any, scenario: str) -> str:
    """The person whose pay a scenario changes most, up or down; the first of several by id.

    Args:
        differences: of `compared.differences`.

    Raises:
        ParameterError: there are no people in that scenario.
    """
    import polars as pl

    rows = engine.collected(differences).filter(pl.col("scenario") == scenario)
    if rows.is_empty():
        raise ParameterError(f"nobody is paid under '{scenario}'; model it first.")
    ranked = rows.sort(pl.col("difference").abs(), "payee_id", descending=[True, False])
    return str(ranked["payee_id"][0])


def _found(model: Modelled, payee_id: str, until: str) -> Found:
    """What each rule gave."""
    plans, made = model.parameters.plans, Found()
    year = in_year(model.company, until).select("period")
    own = nw.col("payee_id") == payee_id
    lines = engine.collected(model.results.earnings.filter(own).join(year, on="period")).to_dicts()
    terms = engine.collected(model.results.terms.filter(own)).sort("segment_start").to_dicts()
    key = ("plan", "component", "window")
    windows = {
        at: list(rows)
        for at, rows in groupby(
            sorted(terms, key=lambda t: [t[k] for k in key]), lambda t: tuple(t[k] for k in key)
        )
    }
    for line in lines:
        plan = plans[line["plan"]]
        segments = windows.get(tuple(line[k] for k in key), [])
        for rule, amount, source in _pieces(plan, segments, line):
            before = made.get(rule, (Decimal(0), "", ""))[0]
            made[rule] = (before + amount, _said(plan, rule, source), source)
    return made


def _pieces(
    plan: Plan, segments: list[dict[str, Any]], line: Mapping[str, Any]
) -> Iterator[tuple[Rule, Decimal, str]]:
    """A line as rules and amounts."""
    name, kind = line["component"] or WHOLE, line["kind"]
    whole = Decimal(line["amount"]) / MONEY
    if kind != "credit" or not segments:
        number = line["number"]
        if kind in ("restatement", "prize"):
            yield (plan.name, name, kind, 0, 0), whole, line["source"]
        else:
            yield (plan.name, name, kind, -1, number), whole, line["source"]
        return
    component = plan.components[name]
    places = _places(component)
    for piece in pieces(component, segments, line):
        table, row = places.get(piece.place, (0, 0))
        yield (plan.name, name, kind, table, row), piece.amount, piece.place


def _places(component: Component) -> dict[str, tuple[int, int]]:
    """Which table and which row of it stands at a file and line."""
    return {
        row.place: (number, at)
        for number, rows in enumerate(component.tables.values())
        for at, row in reversed(list(enumerate(rows, start=1)))
    }


def _said(plan: Plan, rule: Rule, source: str) -> str:
    """What a rule says, in a few words."""
    _, name, kind, table, number = rule
    if kind == "credit" and number:
        rows = list(plan.components[name].tables.values())[table]
        there = [row for row in rows if row.place == rows[number - 1].place]
        return "; ".join(_row(plan, row) for row in there)  # several, written on one line
    if kind in ("restatement", "prize", "clawback", *BESIDE):
        return ""
    modifiers = plan.modifiers if name == WHOLE else plan.components[name].modifiers
    return _modifier(modifiers[number - 1]) if number else ""


def _row(plan: Plan, row: Row) -> str:
    when = "" if row.when is None else f"at {parameters.said(row.when)}, "
    gives = parameters.said(row.gives)
    money = "" if row.gives.percent else f"{plan.currency} "
    return f"{when}from {parameters.said(row.start)}: {money}{gives}"


def _modifier(modifier: Modifier) -> str:
    if modifier.limits:
        return f"{modifier.kind} {parameters.said(list(modifier.limits.values())[-1])}"
    if modifier.at_least is not None:
        word = "above" if modifier.strict else "at least"
        return f"{modifier.kind}: {modifier.measure} {word} {parameters.said(modifier.at_least)}"
    return f"{modifier.kind} by {modifier.measure}"


def _order(base: Modelled, other: Modelled) -> Any:
    """Rules as their plans are written: components in their order, then those of the whole plan."""
    places: dict[tuple[str, str], int] = {}
    for model in (base, other):
        for plan in model.parameters.plans.values():
            for name in (*plan.components, WHOLE):
                places.setdefault((plan.name, name), len(places))
    kinds = (
        "credit",
        "restatement",
        "prize",
        "gate",
        "multiplier",
        "floor",
        "cap",
        "clawback",
        *BESIDE,
    )
    return lambda rule: (places[rule[:2]], kinds.index(rule[2]), rule[3], rule[4])
