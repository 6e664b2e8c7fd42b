"""Measures: what came of the companies drawn, each figure with its unit and its standard error.

A standard error says how far a figure might lie elsewhere with other random numbers, not how wrong
the model is: `trials` asks that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.modelling.simulated.pays import BASE, Simulated

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"p5": 0.05, "p10": 0.10, "p50": 0.50, "p90": 0.90, "p95": 0.95}
CENT = 0.01  # what somebody gains or loses at least
TAIL = 0.95  # of the companies cost less than this quantile


def mean(drawn: Floats) -> tuple[float, float]:
    """The mean of independent draws, and its standard error: sd / sqrt(n)."""
    return float(drawn.mean()), float(drawn.std(ddof=1) / np.sqrt(len(drawn)))


def quantile(drawn: Floats, share: float) -> tuple[float, float]:
    """A quantile of independent draws, and its standard error.

    Defined as half the distance between the quantiles one binomial standard deviation,
    sqrt(p (1 - p) / n), below and above.

    Source:
        David and Nagaraja, "Order Statistics" (2003), section 7.1: intervals free of distribution.
    """
    away = np.sqrt(share * (1 - share) / len(drawn))
    at = np.clip([share, share - away, share + away], 0.0, 1.0)
    middle, low, high = np.quantile(drawn, at)
    return float(middle), float((high - low) / 2)


def shortfall(drawn: Floats, share: float) -> tuple[float, float]:
    """The mean of the draws at or beyond a quantile, and its standard error: expected shortfall.

    Source:
        Rockafellar and Uryasev, "Optimization of conditional value-at-risk" (2000): the least, over
        c, of c + E(max(x - c, 0)) / (1 - p); its error is that of the mean at the best c.
    """
    at = float(np.quantile(drawn, share, method="inverted_cdf"))
    return mean(at + np.maximum(drawn - at, 0.0) / (1 - share))


def costs(of: Simulated, budget: float | None = None) -> pd.DataFrame:
    """What each scenario costs, with the budget set against it.

    Args:
        of: what was drawn.
        budget: of the year's variable pay [currency]; what base is expected to cost and the room
            that the file gives if not given.

    Returns:
        scenario, mean, mean_se, sd, then p5, p10, p50, p90 and p95, each with its `_se` [currency];
        difference and difference_se (from base, company by company) [currency]; rate and rate_se
        (pay for 1 credited to those who carry the decided measure); budget; at_risk (p95 less
        budget), at_risk_se, beyond and beyond_se (mean of the twentieth of companies that cost
        most, less budget) [currency]; over and over_se (share of companies above budget).
    """
    import pandas as pd

    limit = of.costs[BASE].mean() * (1 + of.ready.decided.room) if budget is None else budget
    rows = []
    for name, cost in of.costs.items():
        row: dict[str, object] = {"scenario": name}
        row["mean"], row["mean_se"] = mean(cost)
        row["sd"] = float(cost.std(ddof=1))
        for word, share in QUANTILES.items():
            row[word], row[f"{word}_se"] = quantile(cost, share)
        row["difference"], row["difference_se"] = mean(cost - of.costs[BASE])
        row["rate"], row["rate_se"] = _rate(cost, of.booked)
        tail, tail_se = shortfall(cost, TAIL)
        over = (cost > limit).astype(float)
        row |= {"budget": limit, "at_risk": row["p95"] - limit, "at_risk_se": row["p95_se"]}  # type: ignore[operator]
        row |= {"beyond": tail - limit, "beyond_se": tail_se}
        row["over"], row["over_se"] = mean(over)
        rows.append(row)
    return pd.DataFrame(rows)


def roles(of: Simulated, by: str = "role") -> pd.DataFrame:
    """What a person of each role (plan, team) earns and attains, all people and companies together.

    Returns:
        scenario, the column `by`, people, target (mean), mean, p10, p50, p90 [currency a person],
        reached (share at or above quota), excellent (the attainment that a tenth surpass); both nan
        without quotas.
    """
    import pandas as pd

    groups = of.people[by].to_numpy()
    target = of.people["target"].to_numpy()
    rows = []
    for name, paid in of.pays.items():
        for group in dict.fromkeys(groups):
            own = groups == group
            attained = of.attained[own]
            known = attained[np.isfinite(attained)]
            row = {
                "scenario": name,
                by: group,
                "people": int(own.sum()),
                "target": target[own].mean(),
            }
            row["mean"] = paid[own].mean()
            row |= dict(
                zip(("p10", "p50", "p90"), np.quantile(paid[own], (0.1, 0.5, 0.9)), strict=True)
            )
            row["reached"] = float((known >= 1).mean()) if len(known) else np.nan
            row["excellent"] = float(np.quantile(known, 0.9)) if len(known) else np.nan
            rows.append(row)
    return pd.DataFrame(rows)


def people(of: Simulated, scenario: str, base: str = BASE) -> pd.DataFrame:
    """Who gains and who loses under a scenario, person by person, run by run.

    Returns:
        payee_id, role, plan, target, before, after (mean pay), difference, difference_se, p10 and
        p90 of the difference [currency], gains and gains_se (share of companies in which the person
        earns more by a cent or more), loses; the largest gain first.
    """
    made = of.people.to_pandas()[["payee_id", "role", "plan", "target"]]
    apart = of.pays[scenario] - of.pays[base]
    low, high = np.quantile(apart, (0.1, 0.9), axis=1)
    gains = (apart >= CENT).mean(axis=1)
    made = made.assign(
        before=of.pays[base].mean(axis=1),
        after=of.pays[scenario].mean(axis=1),
        difference=apart.mean(axis=1),
        difference_se=apart.std(axis=1, ddof=1) / np.sqrt(of.runs),
        p10=low,
        p90=high,
        gains=gains,
        gains_se=np.sqrt(gains * (1 - gains) / of.runs),
        loses=(apart <= -CENT).mean(axis=1),
    )
    return made.sort_values("difference", ascending=False, kind="stable").reset_index(drop=True)


def differences(of: Simulated, base: str = BASE) -> pd.DataFrame:
    """What each scenario costs more than base, company by company.

    Returns:
        scenario, difference, difference_se, p10, p90 [currency], dearer (share of companies in
        which it costs more), winners and losers (people who gain, or lose, a cent on average).
    """
    import pandas as pd

    rows = []
    for name, paid in of.pays.items():
        if name == base:
            continue
        apart = paid - of.pays[base]
        cost, each = apart.sum(axis=0), apart.mean(axis=1)
        row: dict[str, object] = {"scenario": name}
        row["difference"], row["difference_se"] = mean(cost)
        row["p10"], row["p90"] = np.quantile(cost, (0.1, 0.9))
        row |= {"dearer": float((cost > 0).mean())}
        row |= {"winners": int((each >= CENT).sum()), "losers": int((each <= -CENT).sum())}
        rows.append(row)
    columns = [
        "scenario",
        "difference",
        "difference_se",
        "p10",
        "p90",
        "dearer",
        "winners",
        "losers",
    ]
    return pd.DataFrame(rows, columns=columns)


def pay_for_performance(of: Simulated) -> pd.DataFrame:
    """How pay follows attainment on each plan: rank correlation within each company drawn.

    Defined as Spearman's correlation of pay over target incentive (pay itself without targets) and
    attainment, among those with a quota on the plan; companies in which all are alike say nothing.

    Returns:
        scenario, plan, people, title, correlation (mean), correlation_se, p10, p90.
    """
    import pandas as pd

    names, target = of.people["plan"].to_numpy(), of.people["target"].to_numpy()
    rows = []
    for scenario, paid in of.pays.items():
        for name in dict.fromkeys(names):
            own = (names == name) & np.isfinite(of.attained[:, 0])
            if own.sum() < 3:
                continue
            scaled = paid[own] / np.where(target[own] > 0, target[own], 1.0)[:, None]
            told = _spearman(scaled, of.attained[own])
            told = told[np.isfinite(told)]
            if len(told) < 2:
                continue
            middle, error = mean(told)
            low, high = np.quantile(told, (0.1, 0.9))
            row = {"scenario": scenario, "plan": name, "people": int(own.sum())}
            row["title"] = of.ready.known[name].plan.title
            rows.append(
                row | {"correlation": middle, "correlation_se": error, "p10": low, "p90": high}
            )
    return pd.DataFrame(rows)


def _rate(cost: Floats, booked: Floats) -> tuple[float, float]:
    """A ratio of two means, and its standard error to first order."""
    rate = float(cost.mean() / booked.mean())
    return rate, float((cost - rate * booked).std(ddof=1) / np.sqrt(len(cost)) / booked.mean())


def _spearman(one: Floats, other: Floats) -> Floats:
    """Rank correlations of columns, ties at their mean rank."""
    from scipy.stats import rankdata

    a, b = rankdata(one, axis=0), rankdata(other, axis=0)
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    spread = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.divide(
        (a * b).sum(axis=0), spread, out=np.full(len(spread), np.nan), where=spread > 0
    )
