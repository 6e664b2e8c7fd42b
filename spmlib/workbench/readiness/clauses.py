"""Readiness, clauses: the rules found as plan clauses, read and calculated as any plan is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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
from spmlib.workbench.readiness.assessment import Readiness

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
    courses = _courses(of, terms).partition_by(
        "plan", *FORMULA, "changes", "ended", maintain_order=True
    )
    plans_ = [part["plan"][0] for part in courses]
    return [_sketch(of, rule, words, part, plans_.count(part["plan"][0]) > 1) for part in courses]


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


def cadence(of: Readiness) -> pl.DataFrame:
    """How often each rule gives: rule, over (month, quarter).

    An amount goes by quarters where nobody has it twice in one, in as many quarters as a rule
    recurs in months; a rate by what it is of.
    """
    calendar = engine.collected(of.bench.company.calendar).select("period", "quarter")
    rows = of.found.rows.filter(pl.col("rule").is_not_null()).join(calendar, on="period")
    person = rows.group_by("rule", "payee_id", "quarter").agg(pl.len())
    most = person.group_by("rule").agg(pl.col("len").max(), pl.col("quarter").n_unique())
    rare = (pl.col("len") == 1) & (pl.col("quarter") >= of.policy.months)
    quarterly = pl.col("kind").str.starts_with("amount") & rare
    said = pl.when(pl.col("over") == "").then(pl.lit("month")).otherwise("over")
    over = pl.when(quarterly).then(pl.lit("quarter")).otherwise(said)
    return of.found.rules.join(most, on="rule").select("rule", over=over).sort("rule")


def _terms(of: Readiness) -> pl.DataFrame:
    """What each person has by rule and plan: rule, plan, payee_id, the formula, first, last.

    Of somebody who changed plans, each plan has the values, and pays what falls in its time.
    """
    rows = of.found.rows.filter(pl.col("rule").is_not_null())
    under = rows.select("rule", "payee_id", "plan").unique()
    terms = of.found.terms.join(under, on=["rule", "payee_id"])
    return terms.sort("rule", "plan", "payee_id", "first", "value")


def _courses(of: Readiness, terms: pl.DataFrame) -> pl.DataFrame:
    """The values that each person has one after the other; values at one time stand apart.

    Returns:
        plan, payee_id, kind, measure, over, value (a list), first, changes (the periods from which
        later values hold), ended (the last period, if as many went by without it as a rule recurs
        in; else empty).
    """
    person = ["plan", "payee_id", *FORMULA[:3]]
    order = {period: place for place, period in enumerate(of.months)}
    begun, over = (
        pl.col(name).replace_strict(order, return_dtype=pl.Int64) for name in ("first", "last")
    )
    placed = terms.with_columns(begun=begun, gone=over).sort(*person, "begun", "value")
    before = pl.col("gone").cum_max().shift(1).over(person)
    together = (pl.col("begun") <= before).any().over(person)
    own = placed.with_columns(apart=pl.when(together).then("value"))
    left = len(of.months) - 1 - pl.col("gone").max() >= of.policy.months
    alike = own.group_by(*person, "apart", maintain_order=True).agg(
        "value", "first", ended=pl.when(left).then(pl.col("last").sort_by("gone").last())
    )
    return alike.with_columns(
        first=pl.col("first").list.first(), changes=pl.col("first").list.slice(1)
    )


def _sketch(of: Readiness, rule: int, words: str, terms: pl.DataFrame, several: bool) -> Sketch:
    """A clause for those to whom a rule gives the same.

    Args:
        of: the company, or a copy.
        rule: its number.
        words: that name it.
        terms: of `_courses`.
        several: whether others of the plan have other values: the name says which.
    """
    row = terms.row(0, named=True)
    bench, plan = of.bench, of.bench.parameters.plans[row["plan"]]
    counted = row["measure"] or next(iter(plan.components.values())).measure
    units = row["measure"] and bench.parameters.measures[counted].sums not in MONEYS
    value, *others = clauses.exact(row["value"])
    (over,) = cadence(of).filter(pl.col("rule") == rule)["over"]
    term = Term(row["kind"], value, counted, over, "units" if units else "money")
    later = {_begins(of, p, over): v for p, v in zip(row["changes"], others, strict=True)}
    if row["ended"] and (after := _after(of, row["ended"], over)):
        later[after] = Decimal(0)
    first, since = _begins(of, str(terms["first"].min()), over), _since(of, plan.name)
    later = {day: new for day, new in later.items() if day > first}
    name = clauses.named(f"{words} {others[-1] if others else value}" if several else words)
    holders = tuple(terms["payee_id"].unique().sort().to_list())
    everybody = set(holders) >= set(_holders(of, plan.name))
    text = clauses.clause(name, term, first, since=since, later=later)
    whole = plan.name if everybody else f"{plan.name}_{name}"
    return Sketch(rule, plan.name, whole, holders, text, term)


def _after(of: Readiness, period: str, over: str) -> date | None:
    """The first day after the window of a length that a period lies in."""
    calendar = engine.collected(of.bench.company.calendar)
    label = "period" if over == "month" else over
    own = calendar.filter(pl.col("period") == period)[label][0]
    return calendar.filter(pl.col(label) == own)["end_date"].max()  # type: ignore[return-value]


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
