"""Returns: what a year's pay was for, by team and by role, with how sure that is.

Figures of few people are hidden as those of cohorts are (`cells`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking import inequality, performance
from spmlib.incent.benchmarking.attained import attainment_distribution
from spmlib.incent.benchmarking.cells import hidden
from spmlib.incent.benchmarking.intervals import Estimate, ratio_of_sums, resampled
from spmlib.incent.benchmarking.written import Policy
from spmlib.incent.benchmarking.years import Year

if TYPE_CHECKING:
    import pandas as pd

ALL = "everybody"
HALF = 0.5  # of a year at work, from which a person's year says something of pay for performance


def by_team(of: Year, policy: Policy) -> pd.DataFrame:
    """What each team was paid for what it was credited with.

    Teams that are credited beside others (overlays) count what those count too. In the last row, of
    everybody, each booking counts once: people's credits are cut alike to what was booked.

    Returns:
        team, people, paid (base and earned), credited [currency], cost_of_sales, low, high, shown;
        the dearest first, then those not shown, at last everybody.
    """
    import pandas as pd

    rows = of.people.to_pandas()
    paid = (rows["base"] + rows["earned"]).to_numpy(float)
    made = []
    for team, places in sorted(rows.groupby("team").indices.items()):
        credited = rows["credited"].to_numpy(float)[places]
        made.append({"team": team, **_cost(paid[places], credited, policy)})
    table = _hidden(pd.DataFrame(made), policy, "team")
    table = table.sort_values(["shown", "cost_of_sales"], ascending=[False, False])
    credited = rows["credited"].to_numpy(float)
    once = credited * of.booked / credited.sum() if credited.sum() > 0 else credited
    whole = {"team": ALL, **_cost(paid, once, policy), "shown": "yes"}
    if len(paid) < policy.people:
        whole = {"team": ALL, "shown": "few"}
    return pd.concat([table, pd.DataFrame([whole])], ignore_index=True)


def told(teams: pd.DataFrame) -> pd.Series:
    """What each 1 booked costs in the pay of everybody: value, low, high.

    Args:
        teams: as `by_team`.
    """
    last = teams.iloc[-1]
    return last[["cost_of_sales", "low", "high"]].rename({"cost_of_sales": "value"})


def by_role(of: Year, policy: Policy) -> pd.DataFrame:
    """How roles are paid and what is asked of them.

    Returns:
        role, people, base_share (of on-target earnings), quota_to_ote (the median), low, high,
        payout (earned over target incentive of all), excellence (the ninth tenth's payout over the
        median one), shown; empty where a role has no quota in money; by quota over pay.
    """
    import pandas as pd

    rows = of.people.to_pandas()
    made = [
        {"role": role, **_asked(group, policy)} for role, group in rows.groupby("role", sort=True)
    ]
    table = _hidden(pd.DataFrame(made), policy, "role")
    return table.sort_values(
        ["shown", "quota_to_ote", "role"], ascending=[False, False, True]
    ).reset_index(drop=True)


def attained(of: Year, policy: Policy) -> pd.DataFrame:
    """How many windows attained how much: as `attained.attainment_distribution`."""
    return attainment_distribution(of.windows["attainment"].to_numpy(), policy.edges, policy.sure)


def pairs(of: Year, policy: Policy) -> pd.DataFrame:
    """Pay and results of who was at work half the year, of roles large enough: no ids, no order.

    Returns:
        role, attainment, payout (earned over target incentive); by attainment.
    """
    rows = _comparable(of)
    size = rows.groupby("role")["payout"].transform("size")
    kept = rows[size >= policy.people]
    return kept[["role", "attainment", "payout"]].sort_values(
        ["attainment", "payout"], ignore_index=True
    )


def followed(of: Year, policy: Policy) -> pd.DataFrame:
    """How pay follows results.

    Returns:
        figure, value, low, high, count, how: Pearson's and Spearman's correlation of payout and
        attainment, and the elasticity of one to the other.
    """
    rows = _comparable(of)
    payout, attainment = rows["payout"].to_numpy(float), rows["attainment"].to_numpy(float)
    both = (payout > 0) & (attainment > 0)
    found = {
        "Pearson correlation": performance.correlation(payout, attainment, sure=policy.sure),
        "Spearman correlation": performance.correlation(
            payout, attainment, ranks=True, sure=policy.sure
        ),
        "elasticity": performance.elasticity(payout[both], attainment[both], policy.sure),
    }
    return _figures(found)


def spread(of: Year, role: str, policy: Policy) -> pd.DataFrame:
    """How unequal results and pay of a role are: of who was at work half the year.

    Returns:
        figure, value, low, high, count, how: Gini, share of the top, P90 over P50, of what was sold
        and of cash paid.

    Raises:
        ParameterError: the role has too few people to be shown.
    """
    rows = _of_role(of, role, policy)
    made: dict[str, Estimate] = {}
    for name, values in (("sold", rows["sold"]), ("paid", rows["base"] + rows["earned"])):
        amounts = (values / rows["part"]).clip(lower=0).to_numpy(float)
        made |= {f"{what}, {name}": found for what, found in _unequal(amounts, policy).items()}
    return _figures(made)


def lorenz(of: Year, role: str, policy: Policy) -> pd.DataFrame:
    """The Lorenz curves of a role: people, sold, paid [shares].

    Raises:
        ParameterError: the role has too few people to be shown.
    """
    import pandas as pd

    rows = _of_role(of, role, policy)
    curves = {
        name: inequality.lorenz((values / rows["part"]).clip(lower=0).to_numpy(float))
        for name, values in (("sold", rows["sold"]), ("paid", rows["base"] + rows["earned"]))
    }
    people = curves["sold"][0]
    return pd.DataFrame({"people": people, **{name: curve[1] for name, curve in curves.items()}})


def _unequal(amounts: Floats, policy: Policy) -> dict[str, Estimate]:
    def top(values: Any, axis: int = -1) -> Any:
        return inequality.top_share(values, policy.top, axis=axis)

    figures: dict[str, tuple[Callable[..., Any], str]] = {  # quantiles of few are no smooth figures
        "Gini coefficient": (inequality.gini, "BCa"),
        f"share of the top {policy.top:.0%}".replace("%", " %"): (top, "BCa"),
        "P90 over P50": (inequality.excellence_ratio, "percentile"),
    }
    about = (policy.sure, policy.runs, policy.seed)
    return {
        name: resampled(amounts, figure, *about, method)
        for name, (figure, method) in figures.items()
    }


def _of_role(of: Year, role: str, policy: Policy) -> pd.DataFrame:
    rows = of.people.to_pandas()
    kept = rows[(rows["role"] == role) & (rows["part"] >= HALF)]
    if len(kept) < policy.people:
        size = rows[rows["part"] >= HALF].groupby("role").size()
        large = ", ".join(size[size >= policy.people].index) or "none"
        raise ParameterError(
            f"too few people were '{role}' for half of {of.name} to be shown; write one of {large}."
        )
    return kept


def _comparable(of: Year) -> pd.DataFrame:
    rows = of.people.to_pandas()
    known = (rows["part"] >= HALF) & (rows["target"] > 0) & rows["attainment"].notna()
    kept = rows[known]
    return kept.assign(payout=kept["earned"] / kept["target"])


def _cost(paid: Floats, credited: Floats, policy: Policy) -> dict[str, float]:
    found = resampled((paid, credited), ratio_of_sums, policy.sure, policy.runs, policy.seed)
    return {
        "people": float(len(paid)),
        "paid": float(paid.sum()),
        "credited": float(credited.sum()),
        "cost_of_sales": found.value,
        "low": found.low,
        "high": found.high,
    }


def _asked(rows: pd.DataFrame, policy: Policy) -> dict[str, float]:
    carry = rows[rows["quota"].notna() & (rows["on_target"] > 0)]
    made = dict.fromkeys(("quota_to_ote", "low", "high", "excellence"), np.nan)
    if len(carry) >= policy.people:
        ratios = performance.quota_to_ote(carry["quota"], carry["on_target"])
        found = resampled(ratios, np.median, policy.sure, policy.runs, policy.seed)
        made |= {"quota_to_ote": found.value, "low": found.low, "high": found.high}
    whole = rows[(rows["part"] >= HALF) & (rows["target"] > 0)]
    if len(whole) >= policy.people:
        payouts = (whole["earned"] / whole["target"]).clip(lower=0)
        made["excellence"] = inequality.excellence_ratio(payouts)
    target, base = rows["target"].sum(), rows["base"].sum()
    shares = performance.pay_mix(base, target)[0] if base + target > 0 else np.nan
    payout = rows["earned"].sum() / target if target > 0 else np.nan
    return {"people": float(len(rows)), "base_share": shares, "payout": payout, **made}


def _hidden(table: pd.DataFrame, policy: Policy, by: str) -> pd.DataFrame:
    """The table without the figures of few, nor of those that would give them away."""
    counts = table["people"].to_numpy(float)
    away = hidden(counts[None], policy.people)[0]
    made = table.assign(shown=np.where(away, "few", "yes"))
    made.loc[away, [name for name in table.columns if name != by]] = np.nan
    return made


def _figures(found: dict[str, Estimate]) -> pd.DataFrame:
    import pandas as pd

    names = ("value", "low", "high", "count", "how")
    return pd.DataFrame(
        [{"figure": figure, **{n: getattr(e, n) for n in names}} for figure, e in found.items()]
    )
