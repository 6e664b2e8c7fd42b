"""Readiness, reproduced: what clauses pay, calculated as plans are, against what was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import Parameters, earned
from spmlib.incent.work import begun
from spmlib.rules.crediting import Crediting
from spmlib.rules.measures import Filter
from spmlib.rules.plans import Plan
from spmlib.workbench.readiness.assessment import Readiness
from spmlib.workbench.readiness.clauses import Sketch, cadence, read, sketches

GIVEN = {"rule": pl.Int64, "payee_id": pl.String, "window": pl.String, "amount": pl.Float64}


def reproduced(of: Readiness) -> pl.DataFrame:
    """What the clauses pay, calculated as plans are, against what was given by hand.

    Everybody who has a rule holds a plan of just their clauses, over all months; each clause is
    read by the plan reader and paid by the calculation.

    Returns:
        rule, lines (given), exact (of them paid to the cent), given, paid (for these), beyond
        (paid for months in which nobody gave anything) [units of the plans' currencies].
    """
    every = [sketch for rule in of.found.rules["rule"] for sketch in sketches(of, rule)]
    if not every:
        return _compared(pl.DataFrame(schema=GIVEN), pl.DataFrame(schema=GIVEN))
    held, made = _held(every), {}
    names: dict[frozenset[int], str] = {}
    moved: dict[tuple[str, str], str] = {}
    for (who, plan), places in held.items():
        own = names.setdefault(places, f"by_hand_{len(names) + 1}")
        moved[who, plan] = own
        if own not in made:
            currency = of.bench.parameters.plans[plan].currency
            made[own] = read(_alone(own, currency, [every[n] for n in sorted(places)]), own, of)
    return _compared(_given(of), _paid(of, made, moved))


def credited_alike(crediting: Crediting, copies: Mapping[str, str]) -> Crediting:
    """The crediting rules, with a copy named wherever a rule names the plan that it is a copy of.

    Args:
        crediting: the rules.
        copies: the plan that each copy is of.
    """

    def named(who: Filter) -> Filter:
        more = [copy for copy, plan in copies.items() if plan in who.among]
        return replace(who, among=(*who.among, *more)) if who.column == "plan" else who

    rules = {
        name: replace(rule, who=tuple(named(who) for who in rule.who))
        for name, rule in crediting.rules.items()
    }
    return replace(crediting, rules=rules)


def _held(every: list[Sketch]) -> dict[tuple[str, str], frozenset[int]]:
    """The clauses of each person and plan, by their places."""
    held: dict[tuple[str, str], set[int]] = {}
    for place, sketch in enumerate(every):
        for who in sketch.holders:
            held.setdefault((who, sketch.plan), set()).add(place)
    return {key: frozenset(places) for key, places in sorted(held.items())}


def _alone(name: str, currency: str, own: list[Sketch]) -> str:
    """A plan of clauses only, each named for its rule."""
    head = f"plan: {name}\nsource: adjustments by hand\ncurrency: {currency}\ncomponents:\n"
    parts = []
    for number, sketch in enumerate(own, 1):
        lines = sketch.text.splitlines()[1:]
        parts += [f"  rule_{sketch.rule}_{number}:", *(f"  {line}" for line in lines)]
    return head + "\n".join(parts) + "\n"


def _given(of: Readiness) -> pl.DataFrame:
    rows = of.found.rows.filter(pl.col("rule").is_not_null())
    return _windowed(of, rows.select("rule", "payee_id", "period", "amount"))


def _paid(
    of: Readiness, made: Mapping[str, Plan], moved: Mapping[tuple[str, str], str]
) -> pl.DataFrame:
    """What the calculation pays by the clauses."""
    company, said = of.bench.company, of.bench.parameters
    positions = engine.collected(company.positions)
    keys = [*zip(positions["payee_id"], positions["plan"], strict=True)]
    own = pl.Series("plan", [moved.get(key) for key in keys], dtype=pl.String)
    changed = replace(company, positions=engine.brought(positions.with_columns(own)))
    copies = {new: plan for (_, plan), new in moved.items()}
    parameters = Parameters(said.measures, made, credited_alike(said.crediting, copies))
    _, owed = earned(begun(changed, parameters, of.computed.period))
    rules = (
        engine.collected(owed.earnings)
        .filter(pl.col("component").is_not_null())
        .with_columns(
            rule=pl.col("component").str.extract(r"^rule_(\d+)_").cast(pl.Int64),
            amount=pl.col("amount") / MONEY,
        )
    )
    return _windowed(of, rules.select("rule", "payee_id", "period", "amount"))


def _windowed(of: Readiness, rows: pl.DataFrame) -> pl.DataFrame:
    """Sums by rule, person and window: the month, or the quarter of rules that go by quarters.

    Windows count that end in the months looked through.
    """
    calendar = engine.collected(of.bench.company.calendar).select("period", "quarter", "end_date")
    last = pl.col("period").sort_by("end_date").last().over("quarter")
    ends = calendar.with_columns(quarter_end=last)
    named = rows.join(ends, on="period").join(cadence(of), on="rule")
    quarterly = pl.col("over") == "quarter"
    window = pl.when(quarterly).then("quarter").otherwise("period")
    over = pl.when(quarterly).then("quarter_end").otherwise("period").is_in(of.months)
    made = named.filter(over).group_by("rule", "payee_id", window=window)
    return made.agg(pl.col("amount").sum()).select(*GIVEN)


def _compared(given: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    key = ["rule", "payee_id", "window"]
    both = given.join(paid.rename({"amount": "paid"}), on=key, how="full", coalesce=True)
    there = pl.col("amount").is_not_null()
    filled = both.with_columns(pl.col("paid").fill_null(0.0))
    same = there & ((pl.col("amount") - pl.col("paid")).abs() < 1 / (2 * MONEY))
    return (
        filled.group_by("rule")
        .agg(
            lines=there.sum().cast(pl.Int64),
            exact=same.sum().cast(pl.Int64),
            given=pl.col("amount").sum(),
            paid=pl.col("paid").filter(there).sum(),
            beyond=pl.col("paid").filter(~there).sum(),
        )
        .sort("rule")
    )
