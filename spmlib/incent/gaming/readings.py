"""Readings: what the audit found, as tables that pictures and pages can hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import GamingFindings
from spmlib.incent.gaming.cliffs import cliffs
from spmlib.incent.gaming.densities import Density, line
from spmlib.incent.gaming.findings import Audit, findings, first_day
from spmlib.incent.gaming.paid import Amount, Paid, of_component, paying
from spmlib.incent.gaming.sandbagging import held

if TYPE_CHECKING:
    import pandas as pd

POINTS = 400
WAYS = {"everything": "whole", "what lies above": "split"}  # for what a higher rate holds


def curve(paid: Paid, upto: Amount, deal: Amount) -> pd.DataFrame:
    """What a curve pays and where it can be played, as points to be drawn.

    Returns:
        credited, paid [currency], moved (what a deal of that size is worth there beyond what it
        pays at the start of a window), cliff (kind of a threshold there, or empty), jump; rising.
    """
    import pandas as pd

    found = {cliff.at: cliff for cliff in cliffs(paid) if cliff.at > 0}
    highest, size = Fraction(str(upto)), Fraction(str(deal))
    even = [highest * n / POINTS for n in range(POINTS + 1)]
    near = [at - paid.step for at in found if at <= highest]
    points = sorted({*even, *near, *(at for at in found if at <= highest)})
    start = paid.of_deal(0, size)
    return pd.DataFrame(
        {
            "credited": [float(x) for x in points],
            "paid": [float(paid.at(x)) for x in points],
            "moved": [float(paid.of_deal(x, size) - start) for x in points],
            "cliff": [found[x].kind if x in found else "" for x in points],
            "jump": [float(found[x].jump) if x in found else 0.0 for x in points],
        }
    )


def of_plan(audit: Audit, plan: str, component: str) -> Paid:
    """What a component pays at the median quota and target of those on it.

    Raises:
        ParameterError: there is no such plan or component, or nobody ended a window on it.
    """
    import polars as pl

    plans = audit.parameters.plans
    if plan not in plans or component not in plans[plan].components:
        known = [f"{p}.{c}" for p in plans for c in plans[p].components]
        near = nearest(f"{plan}.{component}", known)
        raise ParameterError(f"there is no component '{plan}.{component}'; write {near}.")
    own = audit.ends.filter(plan=plan, component=component).select(pl.col("stick", "pay").median())
    if own["stick"][0] is None:
        raise ParameterError(f"nobody ended a window on {plan}.{component}; ask of another.")
    stick, pay = (Fraction(str(round(own[name][0], 2))) for name in ("stick", "pay"))
    return of_component(plans[plan].components[component], first_day(audit), stick, pay)


def densities(values: Sequence[float] | np.ndarray, test: Density, bins: int = 40) -> pd.DataFrame:
    """Each side of a threshold: bins, the lines fitted, and the interval of 95 % at it.

    Returns:
        start, end (of the bin), density (of the values in it), side (left, right), fitted (at the
        end towards the threshold; missing beyond the bandwidth), low, high (at the threshold).
    """
    import pandas as pd

    x = np.asarray(values, float)
    far = float(np.max(np.abs(x - test.at)))
    edges = test.at + np.linspace(-far, far, bins + 1)
    counts = np.histogram(x, edges)[0] / len(x) / np.diff(edges)
    right = edges[:-1] >= test.at - 1e-12
    near = np.where(right, edges[:-1], edges[1:] - 1e-9)  # the end towards the threshold
    at = np.where(right, test.right, test.left)
    error = 1.96 * np.where(right, test.right_error, test.left_error)
    return pd.DataFrame(
        {
            "start": edges[:-1],
            "end": edges[1:],
            "density": counts,
            "side": np.where(right, "right", "left"),
            "fitted": line(x, test, near),
            "low": at - error,
            "high": at + error,
        }
    )


def placebos(audit: Audit) -> pd.DataFrame:
    """The tests at thresholds and at points at which nothing is paid.

    Returns:
        at (share above the threshold; 0 is the threshold), p_density, p_near (one-sided: more
        above), below, above (windows near it), lumpy.
    """
    import pandas as pd

    told = audit.pooled
    rows = [(0.0, told["density"], told["near"]), *told["placebos"]]
    return pd.DataFrame(
        {
            "at": [at for at, _, _ in rows],
            "p_density": [d.above if d is not None else np.nan for _, d, _ in rows],
            "p_near": [near.p_value for _, _, near in rows],
            "below": [near.below for _, _, near in rows],
            "above": [near.above for _, _, near in rows],
            "lumpy": [d.lumpy if d is not None else np.nan for _, d, _ in rows],
        }
    ).sort_values("at", ignore_index=True)


def timed(audit: Audit, most: int = 14) -> pd.DataFrame:
    """The open deals of whoever could gain most by timing, as they come and as they pay best.

    Returns:
        deal, amount [plan currency], expected, best (windows), moved (whether they differ), gain
        (of all of them), payee_id, currency; those that move first.
    """
    import pandas as pd

    columns = "deal amount expected best moved gain payee_id currency"
    if not audit.timings:
        return pd.DataFrame(columns=columns.split())
    (who, plan), (made, deals, names) = max(audit.timings.items(), key=lambda kv: kv[1][0].gain)
    rows = [
        {
            "deal": deal.name,
            "amount": float(Fraction(str(deal.amount))),
            "expected": names[deal.as_it_comes],
            "best": names[window],
            "moved": deal.as_it_comes != window,
            "gain": float(made.gain),
            "payee_id": who,
            "currency": audit.parameters.plans[plan].currency,
        }
        for deal, window in zip(deals, made.windows, strict=True)
    ]
    told = pd.DataFrame(rows, columns=columns.split())
    return told.sort_values(["moved", "amount"], ascending=False, ignore_index=True).head(most)


def table(audit: Audit) -> pd.DataFrame:
    """All findings as pandas: the columns of GamingFindings."""
    return engine.pandas(findings(audit), GamingFindings)


def figures(found: pd.DataFrame) -> dict[str, Any]:
    """What the findings come to.

    Returns:
        rules, people (counts), amount (of rules), first (the dearest rule's row), kinds.
    """
    rules = found[found["payee_id"].isna() & found["p_value"].isna()]
    people = found[found["payee_id"].notna()]
    return {
        "rules": len(rules),
        "people": int(people["payee_id"].nunique()),
        "heaps": int((found["payee_id"].isna() & found["p_value"].notna()).sum()),
        "amount": float(rules["amount"].sum()),
        "first": rules.iloc[0] if len(rules) else None,
    }


def played(
    jump_at: float, low: float, high: float, deal: float, way: str = "everything"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table of two rates, to be tried: its curve, and what a deal at the threshold is worth.

    Args:
        jump_at: credit from which the higher rate holds.
        low, high: rates.
        deal: size of the deal that is moved.
        way: for what the higher rate holds, one of `WAYS`.

    Returns:
        `curve`, and: what, amount.
    """
    import pandas as pd

    paid = paying([(0, low), (jump_at, high)], crossing=WAYS[way])
    jump = sum(float(c.jump) for c in cliffs(paid))
    back = held(paid, paid, deal, jump_at, 0)
    rows = {
        "Pay jumps at the threshold by": jump,
        "A deal pulled across it gains at the most": max(
            float(paid.of_deal(x, deal) - paid.of_deal(0, deal))
            for x in (jump_at - 0.01, max(jump_at - deal, 0))
        ),
        "A deal held back once it is passed gains": float(back.gain),
    }
    told = pd.DataFrame({"what": list(rows), "amount": list(rows.values())})
    return curve(paid, 2 * jump_at, deal), told
