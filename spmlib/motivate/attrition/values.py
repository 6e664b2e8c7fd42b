"""Values: what hangs on a person, times the chance to lose it: where to act first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame, keyed, needed

if TYPE_CHECKING:
    import polars as pl


def pipeline_values(opportunities: Any, parts: Mapping[str, float]) -> pl.DataFrame:
    """What each person's open deals count: payee_id, pipeline.

    Args:
        opportunities: payee_id, category, amount [one currency]; open ones only.
        parts: of a deal that counts, by category; others count nothing.
    """
    import polars as pl

    rows = keyed(frame(opportunities), "opportunities")
    needed(rows, ("payee_id", "category", "amount"), "opportunities")
    part = pl.col("category").replace_strict(dict(parts), default=0.0, return_dtype=pl.Float64)
    return rows.group_by("payee_id").agg(pipeline=(part * pl.col("amount").cast(pl.Float64)).sum())


def at_risk(
    risks: Any,
    credits: Any,
    pipeline: Any = None,
    months: int = 12,
    people: Any = None,
) -> pl.DataFrame:
    """Each person's value and the part of it that may be lost, the most first.

    Defined as::

        value   = credited to date in the year + open deals as far as they count
        at_risk = chance * value

    Args:
        risks: as `AttritionRisks`.
        credits: payee_id, amount: credited to date, one row a person or several [one currency].
        pipeline: as `pipeline_values`.
        months: which horizon.
        people: payee_id and columns to be kept beside, e.g. manager_id, role, top_performer.

    Returns:
        payee_id, chance, low, high, credited, pipeline, value, at_risk, at_risk_low,
        at_risk_high, place (from 1), and the columns of people.

    Raises:
        ParameterError: no risk has that horizon, or an amount is not a number.
    """
    import polars as pl

    rows = keyed(frame(risks), "risks").filter(pl.col("months") == months)
    if rows.is_empty():
        raise ParameterError(f"value at risk: no chance for {months} months; name another horizon.")
    told = keyed(frame(credits), "credits")
    needed(told, ("payee_id", "amount"), "credits")
    if told["amount"].cast(pl.Float64).is_nan().any():
        raise ParameterError("credits: an amount is not a number; leave it empty or correct it.")
    sums = told.group_by("payee_id").agg(credited=pl.col("amount").cast(pl.Float64).sum())
    made = rows.select("payee_id", "chance", "low", "high").join(sums, on="payee_id", how="left")
    if pipeline is not None:
        made = made.join(
            keyed(frame(pipeline), "pipeline").select("payee_id", "pipeline"),
            on="payee_id",
            how="left",
        )
    else:
        made = made.with_columns(pipeline=pl.lit(0.0))
    made = made.with_columns(pl.col("credited", "pipeline").fill_null(0.0))
    made = made.with_columns(value=pl.col("credited") + pl.col("pipeline")).with_columns(
        at_risk=pl.col("chance") * pl.col("value"),
        at_risk_low=pl.col("low") * pl.col("value"),
        at_risk_high=pl.col("high") * pl.col("value"),
    )
    if people is not None:
        beside = keyed(frame(people), "people")
        kept = [name for name in beside.columns if name not in made.columns]
        made = made.join(beside.select("payee_id", *kept), on="payee_id", how="left")
    made = made.sort("at_risk", "payee_id", descending=[True, False])
    return made.with_columns(place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def top_performers(rows: Any, share: float) -> pl.DataFrame:
    """Who is among the best of their role, by attainment of twelve months.

    Args:
        rows: one row a person: payee_id, role, attainment_12m.
        share: of the role that counts as best.

    Returns:
        payee_id, top_performer (yes, no; empty where there is no attainment).
    """
    import polars as pl

    told = frame(rows)
    needed(told, ("payee_id", "role", "attainment_12m"), "people")
    best = pl.col("attainment_12m")
    above = (best.rank("max") - 1) / best.count()
    is_top = (above >= 1 - share).over("role") if len(told) else pl.lit(None)
    word = pl.when(is_top).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return told.select("payee_id", top_performer=pl.when(best.is_not_null()).then(word))


def by_manager(values: pl.DataFrame) -> pl.DataFrame:
    """What is at risk with each manager: manager_id, people, value, at_risk, share; most first."""
    import polars as pl

    needed(values, ("manager_id", "value", "at_risk"), "values")
    made = values.group_by("manager_id").agg(
        people=pl.len().cast(pl.Int64), value=pl.col("value").sum(), at_risk=pl.col("at_risk").sum()
    )
    part = pl.when(pl.col("value") > 0).then(pl.col("at_risk") / pl.col("value"))
    return made.with_columns(share=part).sort("at_risk", descending=True)
