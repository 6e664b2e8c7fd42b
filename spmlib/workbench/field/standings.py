"""Field standings: where one person stands in one component, in exact amounts, for a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from spmlib.core.field_pages import Standing
from spmlib.core.statements import Next
from spmlib.core.tables import MONEY
from spmlib.rules.measures import MONEYS
from spmlib.workbench import next_steps
from spmlib.workbench.field.visibility import Field

_FIGURES = ("credited", "quota", "attainment", "elapsed", "expected", "pace", "asked")


def standing(of: Field, row: dict[str, Any], own: bool = False) -> Standing:
    """A row of `FieldStandings` in amounts; with what lies right ahead, if it is one's own."""
    plan = of.bench.parameters.plans[row["plan"]]
    component = plan.components[row["component"]]
    money = of.bench.parameters.measures[row["measure"]].sums in MONEYS
    ahead = of.ahead.get((row["payee_id"], row["plan"], row["component"], row["window"]))
    key = (row["payee_id"], row["plan"], row["component"])
    terms = of.terms.get(key, []) if own else []
    terms = [term for term in terms if term["window"] == row["window"]]
    step = of.policy.steps.get(plan.currency) if money else Decimal(1)
    deal = Decimal(of.deals[key]) / MONEY if own and money and key in of.deals else None
    return Standing(
        component=row["component"],
        window=row["window"],
        money=money,
        currency=plan.currency,
        **{name: _decimal(row[name]) for name in _FIGURES},  # type: ignore[arg-type]
        left_periods=row["left_periods"],
        state=row["state"],
        ahead=ahead,
        near=_near(of, row, ahead),
        steps=next_steps.steps(component, terms, ahead, step, deal) if own else None,
        curve=next_steps.points(component, terms) if own else (),
    )


def _near(of: Field, row: dict[str, Any], ahead: Next | None) -> bool:
    if ahead is None or not row["quota"]:
        return False
    return float(ahead.needed) <= of.policy.near * row["quota"]


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 6)))
