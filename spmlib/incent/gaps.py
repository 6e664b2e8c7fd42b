"""Gaps: what plans look for and do not find: a quota, a value to sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Payroll, Table
from spmlib.incent.earning import seconds
from spmlib.incent.earning.layout import named, spans
from spmlib.incent.earning.spiffs import Spiffs
from spmlib.incent.earning.window_goals import Need, window_quotas
from spmlib.incent.work import Work

WITHOUT = {  # a quota
    "gate": "stays shut",
    "multiplier": "takes its first factor",
    "matrix": "takes its first rows",
}


@dataclass(frozen=True)
class Seen:
    """The tables in which something may be wrong."""

    work: Work
    places: Table[Any]
    payroll: Table[Payroll]
    spiffs: Spiffs


def goalless(seen: Seen) -> Table[Any]:
    """Components that count in quota, for people who have none."""
    counting = [n for n, c in enumerate(seen.work.made.components) if c.thresholds == "quota"]
    lacking = nw.col("component").is_in(counting) & (nw.col("quota").fill_null(0) <= 0)
    rows = seen.places.filter(lacking).select(
        "person", "component", "window", "plan_number", "period_number"
    )
    first = rows.group_by("person", "plan_number", "component", "window").agg(
        period_number=nw.col("period_number").min()
    )
    words = named(first, seen.work.made, seen.work.who)
    what = nw.concat_str(
        nw.lit("there is no quota for '"),
        nw.col("measure"),
        nw.lit("' in "),
        nw.col("window"),
        nw.lit(", so component '"),
        nw.col("component"),
        nw.lit("' pays nothing"),
    )
    return words.select(row="payee_id", what=what)


def ungauged(seen: Seen) -> Table[Any]:
    """Gates, multipliers and matrices over a quota that the person does not have."""
    work = seen.work
    gauged = list(_gauged(work))
    quotas = window_quotas([need for need, _ in gauged], work)
    if quotas is None:
        return _nothing(work)
    spanned = engine.stacked([spans(need.number, need.over, work.made) for need, _ in gauged])
    told = engine.made(
        {
            "number": [need.number for need, _ in gauged],
            "plan_number": [need.plan_number for need, _ in gauged],
            "start": [f"there is no quota for '{need.measure}' in " for need, _ in gauged],
            "end": [f", so {effect}" for _, effect in gauged],
        },
        {"number": int, "plan_number": int, "start": str, "end": str},
    )
    holding = work.held.filter(nw.col("period_number") <= work.made.last)
    holding = holding.select("person", "plan_number", "period_number").unique()
    every = holding.join(told, on="plan_number").join(spanned, on=["number", "period_number"])
    gone = every.join(quotas, on=["person", "number", "period_number"], how="left")
    gone = gone.filter(nw.col("quota_of_window").fill_null(0) <= 0)
    first = gone.unique(["person", "number", "span"]).join(work.who.people, on="person")
    return first.select(row="payee_id", what=nw.concat_str("start", "span", "end"))


def empty(seen: Seen) -> Table[Any]:
    """Measures that sum a column which is empty in some of what they count."""
    work = seen.work
    frames = [_nothing(work)]
    booked = work.booked.rows.filter(nw.col("event_id").is_null())
    for measure in work.used.values():
        for name in sorted({measure.sums, measure.per or "amount"} - {"amount", "count"}):
            given = work.company.transactions.select("transaction_id", given=name)
            rows = booked.filter(work.booked.has(measure.name)).join(given, on="transaction_id")
            counted = rows.select(all=nw.len(), none=nw.col("given").is_null().sum())
            numbers = [nw.col(n).cast(nw.String) for n in ("none", "all")]
            what = nw.concat_str(
                numbers[0], nw.lit(" of "), numbers[1], nw.lit(f" that it counts have no {name}")
            )
            found = counted.filter(nw.col("none") > 0)
            frames.append(found.select(row=nw.lit(measure.name), what=what))
    return engine.stacked(frames)


def _gauged(work: Work) -> Iterator[tuple[Need, str]]:
    """What is looked at over a quota, and what happens to those who have none."""
    numbers = count()
    for plan in work.parameters.plans.values():
        for c in plan.components.values():
            for m in (m for m in c.modifiers if m.of != "none"):
                over = seconds.over(c.modifiers, c)
                need = seconds.need(work, next(numbers), c, m.measure, over)
                yield need, f"the {m.kind} of '{c.name}' {WITHOUT[m.kind]}"
            if c.matrix and c.matrix.of != "none":
                need = seconds.need(work, next(numbers), c, c.matrix.measure, c.accumulate)
                yield need, f"the matrix of '{c.name}' {WITHOUT['matrix']}"
        first = next(iter(plan.components.values()))
        for m in (m for m in plan.modifiers if m.of != "none"):
            need = seconds.need(work, next(numbers), first, m.measure, m.over)
            yield need, f"the {m.kind} of the plan {WITHOUT[m.kind]}"


def unconverted(seen: Seen) -> Table[Any]:
    """Payouts that no rate leads into the currency that the person is paid in."""
    rows = seen.payroll.filter(nw.col("payroll_amount").is_null(), nw.col("amount") != 0)
    first = rows.unique(["payee_id", "currency"], keep="first", order_by=["period"])
    pair = nw.concat_str(nw.lit("there is no rate from "), "currency", nw.lit(" to "))
    what = nw.concat_str(pair, "payroll_currency", nw.lit(" for the pay of "), "period")
    return first.select(row="payee_id", what=what)


def _nothing(work: Work) -> Table[Any]:
    return work.who.people.head(0).select(row="payee_id", what="payee_id")
