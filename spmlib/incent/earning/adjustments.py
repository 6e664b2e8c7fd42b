"""Adjustments: what somebody adds to pay by hand, or takes from it; a line of earnings each.

An adjustment comes after curves and modifiers: no cap cuts it and no gate withholds it. It is
payable at once, and counts as earned for draws, holds, guarantees and bounds as any line does. It
is paid once somebody else than who asked for it has approved it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import Earnings, Table
from spmlib.incent.work import Work
from spmlib.rules.plans import Plan

KIND = "adjustment"
APPROVED = (nw.col("approved_by") != nw.col("requested_by")).fill_null(False)
MISSING: dict[str, Any] = dict.fromkeys(("transaction_id", "rule", "through_id"), nw.String)
MISSING |= dict.fromkeys(("credited", "before", "after"), nw.Int64)


def adjusted(work: Work) -> list[Table[Earnings]]:
    """The lines of adjustments, plan by plan; none where there are none."""
    if engine.collected(work.company.adjustments.head(1)).is_empty():
        return []
    return [_lines(plan, work) for plan in work.parameters.plans.values()]


def unfit(work: Work) -> Table[Any]:
    """Adjustments that are not paid, and why: row, what."""
    rows = work.company.adjustments
    plans = list(work.parameters.plans)
    named = nw.concat_str(nw.lit("there is no plan '"), nw.col("plan"), nw.lit("'"))
    approver = nw.lit("nobody but who asked for it approved it")
    days = work.made.parts[0].start, work.made.parts[-1].end
    outside = f"its day lies outside the calendar, {days[0]} to {days[1]}"
    within = (nw.col("event_date") >= days[0]) & (nw.col("event_date") < days[1])
    found = [
        rows.filter(~nw.col("plan").is_in(plans)).select(row="adjustment_id", what=named),
        rows.filter(~APPROVED).select(row="adjustment_id", what=approver),
        rows.filter(~within).select(row="adjustment_id", what=nw.lit(outside)),
        *_of_plans(rows, work),
    ]
    return engine.stacked(found)


def unheld(work: Work) -> Table[Any]:
    """Adjustments for days on which the person does not hold the plan: row, what."""
    held = engine.open_ended(work.company.positions).select(
        "payee_id", "plan", held_from="start_date", held_to="end_date"
    )
    rows = work.company.adjustments
    both = rows.join(held, on=["payee_id", "plan"])
    fine = both.filter(engine.during("event_date", "held_from", "held_to")).select("adjustment_id")
    other = rows.filter(nw.col("plan").is_in(list(work.parameters.plans)))
    what = nw.lit("the person does not hold the plan on its day")
    return other.join(fine, on="adjustment_id", how="anti").select(row="adjustment_id", what=what)


def _of_plans(rows: Table[Any], work: Work) -> Iterator[Table[Any]]:
    """Adjustments that fit no component, or are smaller than money."""
    for plan in work.parameters.plans.values():
        own, unit = rows.filter(nw.col("plan") == plan.name), conversion.minor(plan.currency)
        component = nw.col("component")
        other = ~component.is_null() & ~component.is_in(list(plan.components))
        what = nw.concat_str(
            nw.lit(f"{plan.name} has no component '"), component.fill_null(""), nw.lit("'")
        )
        yield own.filter(other).select(row="adjustment_id", what=what)
        finer = nw.lit(f"its amount is finer than {plan.currency} is paid in")
        yield own.filter(nw.col("amount") % unit != 0).select(row="adjustment_id", what=finer)


def _lines(plan: Plan, work: Work) -> Table[Earnings]:
    component = nw.col("component")
    rows = work.company.adjustments.filter(
        nw.col("plan") == plan.name,
        APPROVED,
        component.is_null() | component.is_in(list(plan.components)),
        nw.col("amount") % conversion.minor(plan.currency) == 0,
    )
    periods = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    dated: Table[Any] = rows.join(
        periods.select("period", "period_start", "period_end"), how="cross"
    )
    nothing = {name: nw.lit(None, dtype=kind) for name, kind in MISSING.items()}
    return (
        dated.filter(engine.during("event_date", "period_start", "period_end"))
        .with_columns(
            kind=nw.lit(KIND),
            number=nw.lit(0).cast(nw.Int64),
            window=nw.col("period"),
            event_id=nw.col("adjustment_id"),
            currency=nw.lit(plan.currency),
            source=nw.concat_str(nw.lit("adjustments"), nw.col("adjustment_id"), separator=" "),
        )
        .drop("transaction_id")
        .with_columns(**nothing)
        .select(*Earnings.columns())
    )
