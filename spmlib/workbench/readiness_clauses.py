"""Readiness, clauses: the rules found as plan clauses, read and calculated as any plan is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import clauses
from spmlib.revops.readiness.clauses import Term
from spmlib.rules import plans
from spmlib.rules.measures import MONEYS
from spmlib.rules.plans import Plan
from spmlib.workbench.readiness import Readiness

FORMULA = ("kind", "measure", "over", "value")


@dataclass(frozen=True)
class Sketch:
    """A rule as a clause, for those of one plan to whom it gives the same."""

    rule: int
    plan: str  # that they hold
    name: str  # of the plan that would hold the clause: the same where everybody has the rule
    holders: tuple[str, ...]  # ids
    text: str  # of the component
    term: Term

    @property
    def everybody(self) -> bool:
        """Whether all who hold the plan have the rule."""
        return self.name == self.plan


def sketches(of: Readiness, rule: int) -> list[Sketch]:
    """The clauses that would pay a rule: one for each plan and value, or course of values.

    Raises:
        ParameterError: there is no such rule.
    """
    terms = _terms(of).filter(pl.col("rule") == rule)
    if terms.is_empty():
        known = of.found.rules["rule"].to_list()
        right = f"write one of 1 to {len(known)}" if known else "none was found"
        raise ParameterError(f"there is no rule {rule}; {right}.")
    said = of.found.rules.filter(pl.col("rule") == rule).row(0, named=True)
    words = said["reason"] or said["cause"] or f"rule {rule}"
    alike = terms.group_by("plan", "payee_id", *FORMULA[:3], maintain_order=True).agg(
        "first", "value"
    )
    courses = alike.with_columns(
        first=pl.col("first").list.first(), changes=pl.col("first").list.slice(1)
    )
    key = ["plan", *FORMULA, "changes"]  # who began earlier shares a clause with who began later
    return [
        _sketch(of, rule, words, part) for part in courses.partition_by(key, maintain_order=True)
    ]


def example(of: Readiness) -> Sketch | None:
    """The clause for most people of the largest rule; of a rate, if there is one. None of none."""
    rules = of.found.rules
    if rules.is_empty():
        return None
    rates = rules.filter(pl.col("kind").str.starts_with("rate"))
    rule = (rules if rates.is_empty() else rates)["rule"][0]
    return max(sketches(of, rule), key=lambda sketch: len(sketch.holders))


def written(of: Readiness, sketch: Sketch) -> str:
    """The text of the plan file with the clause in it."""
    path = of.bench.folder / "plans" / f"{sketch.plan}.yaml"
    return clauses.amended(path.read_text("utf-8"), sketch.name, sketch.text)


def read(text: str, name: str, of: Readiness) -> Plan:
    """A plan's text as the plan reader takes it.

    Raises:
        PlanError: it cannot be meant.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, "utf-8")
        return plans.plan(path, of.bench.parameters.measures)


def naming(of: Readiness, sketch: Sketch) -> list[str]:
    """The crediting rules that name the plan of a sketch, and would have to name its copy too."""
    rules = of.bench.parameters.crediting.rules.values()
    return [
        rule.name
        for rule in rules
        if not sketch.everybody
        and any(who.column == "plan" and sketch.plan in who.among for who in rule.who)
    ]


def _terms(of: Readiness) -> pl.DataFrame:
    """What each person has by rule and plan: rule, plan, payee_id, the formula, first period.

    Of somebody who changed plans, each plan has the values, and pays what falls in its time.
    """
    rows = of.found.rows.filter(pl.col("rule").is_not_null())
    under = rows.select("rule", "payee_id", "plan").unique()
    terms = of.found.terms.drop("last").join(under, on=["rule", "payee_id"])
    return terms.sort("rule", "plan", "payee_id", "first", "value")


def _sketch(of: Readiness, rule: int, words: str, terms: pl.DataFrame) -> Sketch:
    """A clause for those to whom a rule gives the same.

    Args:
        of: the company, or a copy.
        rule: its number.
        words: that name it.
        terms: payee_id, plan, kind, measure, over, value (a list, in order), first, changes (the
            periods from which later values hold).
    """
    row = terms.row(0, named=True)
    bench, plan = of.bench, of.bench.parameters.plans[row["plan"]]
    counted = row["measure"] or next(iter(plan.components.values())).measure
    units = row["measure"] and bench.parameters.measures[counted].sums not in MONEYS
    value, *others = clauses.exact(row["value"])
    over = row["over"] or "month"
    term = Term(row["kind"], value, counted, over, "units" if units else "money")
    later = {_begins(of, p, over): v for p, v in zip(row["changes"], others, strict=True)}
    first, since = _begins(of, str(terms["first"].min()), over), _since(of, plan.name)
    name = clauses.named(f"{words} {others[-1] if others else value}" if _each(of, rule) else words)
    holders = tuple(terms["payee_id"].unique().sort().to_list())
    everybody = set(holders) >= set(_holders(of, plan.name))
    text = clauses.clause(name, term, first, since=since, later=later)
    whole = plan.name if everybody else f"{plan.name}_{name}"
    return Sketch(rule, plan.name, whole, holders, text, term)


def _each(of: Readiness, rule: int) -> bool:
    kinds = of.found.rules.filter(pl.col("rule") == rule)["kind"]
    return bool(kinds.str.ends_with("each").any())


def _begins(of: Readiness, period: str, over: str) -> date:
    """The first day of the window of a length that a period lies in."""
    calendar = engine.collected(of.bench.company.calendar)
    own = calendar.filter(pl.col("period") == period)
    if over == "month":
        return own["start_date"][0]
    same = calendar.filter(pl.col(over) == own[over][0])
    return same["start_date"].min()  # type: ignore[return-value]


def _since(of: Readiness, plan: str) -> date:
    positions = engine.collected(of.bench.company.positions)
    return positions.filter(pl.col("plan") == plan)["start_date"].min()  # type: ignore[return-value]


def _holders(of: Readiness, plan: str) -> list[str]:
    """Who held a plan in the months."""
    calendar = engine.collected(of.bench.company.calendar)
    days = calendar.filter(pl.col("period").is_in(of.months))
    positions = engine.collected(engine.open_ended(of.bench.company.positions))
    own = positions.filter(
        pl.col("plan") == plan,
        pl.col("start_date") < days["end_date"].max(),
        pl.col("end_date") > days["start_date"].min(),
    )
    return own["payee_id"].unique().to_list()
