"""Window goals: the quota and the target incentive of each component's window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import SHARE, Table
from spmlib.incent.earning import goals
from spmlib.incent.earning.layout import WINDOW, Layout, plan_numbers, spans
from spmlib.incent.work import Work
from spmlib.rules.measures import MONEYS, Measure


@dataclass(frozen=True)
class Need:
    """A measure whose quota someone needs: a component, a gate, a multiplier or a matrix."""

    number: int  # what the answer is filed under
    plan_number: int
    measure: str
    over: str  # the length of the window
    proration: str
    unit: int  # the least unit of the quota [ticks]


def with_goals(places: Table[Any], targets_: Table[Any], work: Work) -> Table[Any]:
    """The places with quota (of the window, or to date), target incentive and personal rate.

    Adds: quota, target [ticks], personal_rate [parts of 10^8]; empty where there is none.

    Args:
        places: of `attainment.places`.
        targets_: of `targets`.
    """
    components = work.made.components
    found = places.join(_rates(work.held), on=["person", "plan_number", "segment"], how="left")
    found = found.join(targets_, on=list(WINDOW), how="left")
    plans = plan_numbers(work.made)
    needs = [
        Need(
            number,
            plans[number],
            component.measure,
            component.accumulate,
            component.proration or "none",
            unit(component.currency, work.used[component.measure]),
        )
        for number, component in enumerate(components)
        if component.thresholds == "quota"
    ]
    quota = window_quotas(needs, work)
    if quota is None:
        return engine.kept(found.with_columns(quota=nw.lit(None, dtype=nw.Int64)))
    quota = quota.rename({"number": "component"})
    joined = found.join(quota, on=["person", "component", "period_number"], how="left")
    to_date = [n for n, c in enumerate(components) if c.quota == "to_date"]
    chosen = nw.when(nw.col("component").is_in(to_date)).then(nw.col("quota_to_date"))
    return engine.kept(
        joined.with_columns(quota=chosen.otherwise(nw.col("quota_of_window"))).drop(
            "quota_to_date", "quota_of_window"
        )
    )


def targets(work: Work) -> Table[Any]:
    """The target incentive of every window, those not yet begun too.

    Returns:
        person, component, window, target [ticks].
    """
    held, made = work.held, work.made
    frames = []
    for word in dict.fromkeys(c.proration for c in made.components if c.pays == "target"):
        chosen = [
            n for n, c in enumerate(made.components) if c.pays == "target" and c.proration == word
        ]
        paid = _with_weight(made, chosen)
        frames.append(goals.targets(held, made.periods, paid, word))
    empty = engine.made(
        {"person": [], "component": [], "window": [], "target": []},
        dict.fromkeys([*WINDOW, "target"], int),
    )
    return engine.kept(engine.stacked([empty, *frames]))


def window_quotas(needs: Sequence[Need], work: Work) -> Table[Any] | None:
    """The quotas that are needed, over each window and to date.

    Returns:
        person, number, period_number, quota_of_window, quota_to_date [ticks]; None without needs.
    """
    frames = [
        _quotas(word, [need for need in needs if need.proration == word], work)
        for word in dict.fromkeys(need.proration for need in needs)
    ]
    return engine.kept(engine.stacked(frames)) if frames else None


def unit(currency: str, measure: Measure) -> int:
    """The least unit of what a measure sums: the currency's minor unit, or the finest [ticks]."""
    return conversion.minor(currency) if measure.sums in MONEYS else 1


def _quotas(word: str, needs: Sequence[Need], work: Work) -> Table[Any]:
    columns = ("number", "plan_number", "measure", "unit")
    rows = {name: [getattr(need, name) for need in needs] for name in columns}
    wanted = engine.made(rows, {"number": int, "plan_number": int, "measure": str, "unit": int})
    distinct = wanted.drop("number").unique(["plan_number", "measure", "unit"])
    found = goals.quotas(
        work.company.quotas, work.who.people, work.held, work.made.periods, distinct, word
    )
    spanned = engine.stacked([spans(need.number, need.over, work.made) for need in needs])
    joined = found.join(wanted, on=["plan_number", "measure"])
    joined = joined.join(spanned, on=["number", "period_number"])
    key = ("person", "number", "span")
    summed = joined.group_by(*key, "period_number").agg(quota=nw.col("quota").sum())
    every = spanned.join(summed.select(*key).unique([*key]), on=["number", "span"])
    filled = every.join(summed, on=[*key, "period_number"], how="left").with_columns(
        quota=nw.col("quota").fill_null(0)
    )
    return filled.select(
        "person",
        "number",
        "period_number",
        quota_of_window=nw.col("quota").sum().over(*key),
        quota_to_date=nw.col("quota").cum_sum().over(*key, order_by="period_number"),
    )


def _rates(held: Table[Any]) -> Table[Any]:
    """The personal rate in each segment; none changes inside one."""
    key = ("person", "plan_number", "segment")
    last = held.with_columns(last=nw.col("to_date").max().over(*key))
    return last.filter(nw.col("to_date") == nw.col("last")).select(
        *key, personal_rate="commission_rate"
    )


def _with_weight(made: Layout, chosen: Sequence[int]) -> Table[Any]:
    weights = engine.made(
        {
            "component": list(chosen),
            "weight": [int((made.components[n].weight or 0) * SHARE) for n in chosen],
            "unit": [conversion.minor(made.components[n].currency) for n in chosen],
        },
        {"component": int, "weight": int, "unit": int},
    )
    key = ("component", "plan_number", "period_number", "window")
    # A window that a new table restarts inside a period counts as the period's last one.
    once = made.placed.group_by("component", "plan_number", "period_number").agg(
        window=nw.col("window").max()
    )
    return once.select(*key).join(weights, on="component")
