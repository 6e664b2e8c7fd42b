"""Pay curves: what a component pays from nothing to twice its quota, as points to be drawn.

For pictures and what-if, in floats; what is paid comes from the engine, what explains it from
`spmlib.incent.explaining.pieces`, and a test holds the three together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, Table, Terms
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import pandas as pd

POINTS = 401  # on each curve


def curve(
    terms: Table[Terms], plans: Mapping[str, Plan], payee_id: str, component: str, period: str
) -> pd.DataFrame:
    """What a person's component pays, with the terms that hold at a period's end.

    With ``crossing: transaction`` the curve is that of very small transactions. Modifiers are left
    out: they look at more than what was credited.

    Returns:
        credited [currency or units], attainment (share of quota; empty where there is none),
        earned [currency], rate (what the bracket gives), place (file and line), here (whether
        it is the point where the person stands); rising.

    Raises:
        ParameterError: the person has no such component in the period, or no quota for it.
    """
    own = (nw.col("payee_id") == payee_id) & (nw.col("component") == component)
    rows = engine.collected(terms.filter(own).sort("segment_start")).to_dicts()
    last = [row for row in rows if row["period"] == period]
    if not last:
        raise ParameterError(f"{payee_id} has no component '{component}' in {period}.")
    if (
        plans[last[-1]["plan"]].components[component].thresholds == "quota"
        and not last[-1]["quota"]
    ):
        raise ParameterError(f"{payee_id} has no quota for '{component}' in {period}.")
    window = [row for row in rows if row["window"] == last[-1]["window"]]
    return points(plans[last[-1]["plan"]].components[component], window, last[-1])


def main_component(
    terms: Table[Terms], plans: Mapping[str, Plan], payee_id: str, period: str
) -> str:
    """The first component of a person's plan that has a quota, else the first."""
    own = terms.filter(nw.col("payee_id") == payee_id, nw.col("period") == period)
    rows = engine.collected(own).to_dicts()
    if not rows:
        raise ParameterError(f"{payee_id} holds no plan in {period}.")
    names = list(plans[rows[-1]["plan"]].components)
    with_quota = [name for name in names if _has_quota(rows, name)]
    return (with_quota or names)[0]


def _has_quota(rows: Sequence[Mapping[str, Any]], component: str) -> bool:
    return any(row["component"] == component and (row["quota"] or 0) > 0 for row in rows)


def points(
    component: Component,
    terms: Sequence[Mapping[str, Any]],
    term: Mapping[str, Any],
    also: Sequence[int] = (),
) -> pd.DataFrame:
    """The points of a component's curve, as `curve` gives them.

    Args:
        component: not one of places.
        terms: the segments of its window, in order.
        term: the one whose curve is drawn; the person stands at its end.
        also: further values that are to be among the points [ticks].
    """
    import numpy as np
    import pandas as pd

    smooth = component.crossing == "transaction" and component.word == "rate"
    drawn = replace(component, crossing="split") if smooth else component
    measured = Measured(drawn, terms, term, "")
    stick, here = float(measured.stick), float(term["after"])
    starts = [float(b.start) for b in measured.curve[1:]]
    asked = [here / stick, *(x / stick for x in also)]
    reach = 2.0 if component.thresholds == "quota" else 1.3 * max([*starts, *asked])
    multiples = np.linspace(0, reach, POINTS)
    multiples = np.unique(np.concatenate([multiples, starts, asked]))
    multiples = multiples[(multiples >= min(0, *asked)) & (multiples <= max(reach, *asked))]
    at = curves.curve_of_floats(measured.curve, multiples, component.boundary or "upper")
    brackets = [measured.curve[n] for n in np.searchsorted(starts, multiples, "right")]
    return pd.DataFrame(
        {
            "credited": multiples * stick / MONEY,
            "attainment": multiples if component.thresholds == "quota" else np.nan,
            "earned": float(measured.pay) * at / MONEY + _offset(measured),
            "rate": [float(b.gives) for b in brackets],
            "place": [b.place for b in brackets],
            "here": np.isclose(multiples, here / stick),
        }
    )


def _offset(measured: Measured) -> float:
    return float(measured.offset * measured.unit) / MONEY
