"""Told: an estimate as tables that a page can hold; their lines add up to what the deals bring."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.estimating.brought import changes, deals, lines, tier
from spmlib.incent.estimating.estimates import Estimate
from spmlib.incent.estimating.outcomes import Part
from spmlib.incent.estimating.thresholds import ahead
from spmlib.incent.estimating.untold import paid_at_booking
from spmlib.incent.explaining import pay_curves
from spmlib.rules.measures import MONEYS

__all__ = ["changes", "curve", "deals", "lines", "main", "standings", "summary", "thresholds"]

if TYPE_CHECKING:
    import pandas as pd


def standings(of: Estimate) -> pd.DataFrame:
    """Where the person stands in each component, without and with the deals.

    Returns:
        component, measure, counts (a currency or units), quota, before, after (counted to date),
        attainment_before, attainment_after (share of quota), tier_before, tier_after (which row
        of how many), earned_before, earned_after (in the period, modifiers included).
    """
    import pandas as pd

    return pd.DataFrame(
        [_standing(of, of.before.parts[name], part) for name, part in of.after.parts.items()]
    )


def thresholds(of: Estimate) -> pd.DataFrame:
    """What lies ahead on each curve: one row of `thresholds.ahead` each."""
    import pandas as pd

    rows = [vars(one) for one in ahead(of)]
    made = pd.DataFrame(rows)
    exact = ("attainment", "start", "rate", "then")
    return made.assign(**{c: [_float(v) for v in made[c]] for c in exact if c in made})


def curve(of: Estimate, component: str | None = None) -> pd.DataFrame:
    """A component's curve, with where the person stands now and comes to, deal by deal.

    Args:
        of: the estimate.
        component: the first with a quota if not given.

    Returns:
        As `pay_curves.curve`, of the window at the period's end; and at: ``now`` where the person
        stands without the deals, the deal's name where each one ends, else empty.

    Raises:
        ParameterError: there is no such component, or it has no curve to date.
    """
    name = component or main(of)
    part = of.after.parts.get(name)
    if part is None or not part.walks or part.component.alone:
        known = ", ".join(n for n, p in of.after.parts.items() if p.walks and not p.component.alone)
        raise ParameterError(f"'{name}' has no curve to date; write one of: {known or 'none'}.")
    walk = part.walks[-1]
    if walk.measured.stick <= 0:
        raise ParameterError(f"{of.standing.payee_id} has no quota for '{name}'.")
    terms = [dict(term) for term in walk.terms]
    marks = {of.before.parts[name].walks[-1].x: "now"}
    marks |= {line.after: line.deal for line in walk.lines if line.deal}
    return _marked(part, terms, marks)


def _marked(part: Part, terms: list[dict[str, Any]], marks: Mapping[int, str]) -> pd.DataFrame:
    import numpy as np

    frame = pay_curves.points(part.component, terms, terms[-1], list(marks))
    at = np.full(len(frame), "", dtype=object)
    counted = frame["credited"].to_numpy() * MONEY
    for x, mark in marks.items():
        at[np.argmin(np.abs(counted - x))] = mark
    return frame.assign(at=at)


def summary(of: Estimate) -> dict[str, Any]:
    """What matters most, of the component that counts first.

    Returns:
        payee_id, period, title (of the plan), currency, component, measure, counts, earned (what
        the deals bring), month_before, month_after, year_after, share_at_booking, deals (how many),
        attainment_before, attainment_after, needed, start, worth, jump, rate, then (of the next
        threshold; empty where there is none), untold.
    """
    name = main(of)
    own = standings(of)
    row = own[own["component"] == name].iloc[0]
    next_ = [one for one in ahead(of) if one.component == name]
    wanted = ("needed", "start", "worth", "jump", "rate", "then")
    told = {w: getattr(next_[0], w) if next_ else None for w in wanted}
    chosen = ("component", "measure", "counts", "attainment_before", "attainment_after")
    return {
        "payee_id": of.standing.payee_id,
        "period": of.standing.ready.period,
        "title": of.standing.plan.title,
        "currency": of.currency,
        "earned": of.change,
        "month_before": of.month[0],
        "month_after": of.month[1],
        "year_after": of.year[1],
        "share_at_booking": paid_at_booking(of.standing)[0],
        "deals": len(of.deals),
        **{c: row[c] for c in chosen},
        **told,
        "untold": of.untold,
    }


def main(of: Estimate) -> str:
    """The first component with a quota and a curve, else the first with a curve, else the first."""
    running = [n for n, p in of.after.parts.items() if p.walks and not p.component.alone]
    quota = [
        n
        for n in running
        if of.after.parts[n].component.thresholds == "quota"
        and of.after.parts[n].walks[-1].measured.stick > 0
    ]
    return (quota or running or list(of.after.parts))[0]


# --- rows --------------------------------------------------------------------------------------


def _standing(of: Estimate, before: Part, after: Part) -> dict[str, Any]:
    component = after.component
    measure = of.standing.ready.parameters.measures[component.measure]
    term = of.standing.held[component.name].stands
    quota = term["quota"] if component.thresholds == "quota" else None
    x = [sum(w.x for w in part.walks) for part in (before, after)]
    return {
        "component": component.name,
        "measure": measure.title,
        "counts": component.currency if measure.sums in MONEYS else "units",
        "quota": None if quota is None else Decimal(quota) / MONEY,
        "before": Decimal(x[0]) / MONEY,
        "after": Decimal(x[1]) / MONEY,
        "attainment_before": x[0] / quota if quota else None,
        "attainment_after": x[1] / quota if quota else None,
        "tier_before": _tier(before),
        "tier_after": _tier(after),
        "earned_before": of.money(before.amount),
        "earned_after": of.money(after.amount),
    }


def _tier(part: Part) -> str:
    if not part.walks or part.component.alone:
        return ""
    walk = part.walks[-1]
    return tier(walk.measured, walk.measured.bracket(Fraction(walk.x)))


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
