"""Markets: what surveys say a role is paid, as one median for a role, currency and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame, keyed, needed

if TYPE_CHECKING:
    import polars as pl


def role_medians(market_pay: Any, jobs: Mapping[str, str]) -> pl.DataFrame:
    """The market's median base pay of each role.

    Rows of all levels and places of a job are weighed by their incumbents (alike where nobody says
    how many): a position in the market that is good enough to foretell with, not to set pay by; for
    that see the benchmarking of pay.

    Args:
        market_pay: as `MarketPay`.
        jobs: the surveys' job of each role.

    Returns:
        role, currency, effective_date, p50 [the unit of the survey], as `person_months` takes them.

    Raises:
        ParameterError: no row is of base pay of one of the jobs.
    """
    import polars as pl

    rows = keyed(frame(market_pay), "market_pay", ("effective_date",))
    needed(rows, ("job", "currency", "effective_date", "measure", "p50"), "market_pay")
    roles = pl.DataFrame(
        {"role": list(jobs), "job": list(jobs.values())},
        schema={"role": pl.String, "job": pl.String},
    )
    base = rows.filter(pl.col("measure") == "base", pl.col("p50").is_not_null())
    both = base.join(roles, on="job")
    if both.is_empty():
        raise ParameterError(
            "market_pay: no row is of base pay of one of the jobs; name the surveys' own jobs."
        )
    if "incumbents" not in both.columns:
        both = both.with_columns(incumbents=pl.lit(1.0))
    weight = pl.col("incumbents").cast(pl.Float64).fill_null(1.0)
    median = (pl.col("p50").cast(pl.Float64) * weight).sum() / weight.sum()
    made = both.group_by("role", "currency", "effective_date").agg(p50=median)
    return made.sort("role", "currency", "effective_date")
