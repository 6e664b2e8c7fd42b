"""Evidence: what was seen of how long contracts last, and what renewals are paid for.

Estimates, to be held beside the policy: the product-limit estimate of how long subscriptions go on
(Kaplan and Meier, 1958), how many that came due were renewed, and commission for what is sold.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.incent.contract_costs import contracts, translations
from spmlib.incent.contract_costs.benefits import commensurate
from spmlib.incent.contract_costs.companies import Prepared

if TYPE_CHECKING:
    import pandas as pd

SURE = 1.96  # standard errors: 95 of 100 cases
DAYS = 365.25 / 12


def lasting(ready: Prepared, until: date) -> pd.DataFrame:
    """How long subscriptions go on, by segment, where the policy follows their renewals.

    Returns:
        segment, months, alive (share), low, high (in 95 of 100 cases), count (at risk); a row for
        each number of months at which some ended.
    """
    import pandas as pd

    rows = _followed(ready, until)
    parts = [
        survival(part["life"].to_numpy(), part["lapsed"].to_numpy()).assign(segment=segment)
        for (segment,), part in sorted(rows.group_by("segment"), key=lambda pair: str(pair[0]))
    ]
    columns = ["segment", "months", "alive", "low", "high", "count"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def survival(months: np.ndarray, over: np.ndarray) -> pd.DataFrame:
    """The product-limit estimate of how many go on.

    Defined as::

        alive(t) = product over the times s <= t at which some ended of (1 - ended(s) / at risk(s))

    Args:
        months: how long each was followed.
        over: whether it ended then; else it goes on for at least as long.

    Returns:
        months, count (at risk), alive, low, high (Greenwood's variance, 95 of 100 cases).

    Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958).
    """
    import pandas as pd

    times, ended = np.unique(months[over], return_counts=True)
    risk = np.array([(months >= time).sum() for time in times], np.int64)
    alive = np.cumprod(1 - ended / np.maximum(risk, 1))
    spread = ended / np.maximum(risk * (risk - ended), 1)
    error = SURE * alive * np.sqrt(np.cumsum(spread))
    return pd.DataFrame(
        {
            "months": times,
            "count": risk,
            "alive": alive,
            "low": np.clip(alive - error, 0, 1),
            "high": np.clip(alive + error, 0, 1),
        }
    )


def renewed(ready: Prepared, until: date) -> pd.DataFrame:
    """How many subscriptions that came due were renewed, beside the policy.

    Returns:
        segment, due, renewed, rate (share renewed), life (months that they last if it stays so:
        the term over the share not renewed), policy (months of benefit, mean).
    """
    import pandas as pd

    rows = _followed(ready, until)
    told = rows.group_by("segment").agg(
        due=(pl.col("renewals") + pl.col("lapsed").cast(pl.Int64)).sum(),
        renewed=pl.col("renewals").sum(),
        term=pl.col("months").mean(),
        policy=pl.col("benefit").mean(),
    )
    told = told.filter(pl.col("due") > 0).sort("segment")
    rate = told["renewed"].to_numpy() / told["due"].to_numpy()
    lost = np.where(rate < 1, 1 - rate, np.nan)
    return pd.DataFrame(
        {
            "segment": told["segment"].to_list(),
            "due": told["due"].to_numpy(),
            "renewed": told["renewed"].to_numpy(),
            "rate": rate,
            "life": 12 / lost + told["term"].to_numpy() - 12,
            "policy": told["policy"].to_numpy(),
        }
    )


def paid_for(ready: Prepared) -> pd.DataFrame:
    """What is paid for each unit that is sold, by row of benefits, and whether renewals are alike.

    Returns:
        row, sold, paid [policy's currency], share (paid over sold), alike (as new subscriptions,
        within the policy's tolerance).
    """
    import pandas as pd

    currency = ready.policy.currency
    rates = translations.rates(ready.rates, ready.calendar, currency)
    last = rates.sort("period").group_by("currency").last().select("currency", rate="closing")
    sold = ready.contracts.join(last, "currency", "left").with_columns(rate=_rate(currency))
    booked = sold.group_by("row").agg(sold=(pl.col("amount") * pl.col("rate")).sum())
    paid = ready.contributed.rows.join(last, "currency", "left").with_columns(rate=_rate(currency))
    paid = paid.join(ready.contracts.select("transaction_id", "row"), "transaction_id")
    summed = paid.group_by("row").agg(paid=(pl.col("amount") * pl.col("rate")).sum())
    both = booked.join(summed, "row").filter(pl.col("sold") > 0).sort("sold", descending=True)
    made = pd.DataFrame({name: both[name].to_list() for name in ("row", "sold", "paid")})
    made["share"] = made["paid"] / made["sold"]
    first = max(float(made["share"].iloc[0]), 0.0) if len(made) else 0.0
    least = ready.policy.tolerance
    made["alike"] = [
        commensurate(str(first), str(max(share, 0.0)), least) for share in made["share"]
    ]
    return made


def _rate(currency: str) -> pl.Expr:
    own = pl.col("currency") == currency
    return pl.when(own).then(1.0).otherwise(pl.col("rate") / 10**10).fill_null(0.0) / 10**4


def _followed(ready: Prepared, until: date) -> pl.DataFrame:
    """The lines followed: as `contracts.lapsed`, with life (months) and benefit (months)."""
    policy = ready.policy
    if policy.lapses is None:
        return pl.DataFrame(schema={"segment": pl.String, "life": pl.Int64, "lapsed": pl.Boolean})
    rows = contracts.lapsed(ready.contracts, policy.lapses, until)
    # Of those whose end came lately it is not known yet: they are followed until just before it.
    known = pl.min_horizontal(pl.lit(until), pl.col("ends") - pl.duration(days=1))
    days = (pl.when("lapsed").then("ends").otherwise(known) - pl.col("begun")).dt.total_days()
    months = days / DAYS
    life = pl.when("lapsed").then(months.round()).otherwise(months.floor())
    benefit = ready.contracts.select("transaction_id", benefit="months")
    lived = rows.with_columns(life=life.cast(pl.Int64))
    return lived.join(benefit, "transaction_id")


def until(ready: Prepared) -> date:
    """The day up to which contracts are followed: the end of the last period."""
    rows = engine.collected(ready.calendar).filter(pl.col("period") == ready.period)
    day: date = rows["end_date"].to_list()[0]
    return day
