"""Formulas: what gives an amount to the cent: itself, or a rate times what somebody was credited.

A rate is taken as people write one: the fewest decimals that give the amount. That one row fits is
luck; that the same formula gives month after month to the cent is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

CREDITED = ("payee_id", "period", "measure", "value")
KEY = ("kind", "measure", "over", "value")  # what makes two formulas the same
FINEST = 5  # decimals of a rate: 0.001 %
FINEST_EACH = 2  # decimals of an amount for each unit
UNIT = 0.01  # where rows do not say what the smallest money is
SLACK = 1e-6  # of a unit: what a product of doubles may lack of a half


def counted(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with row (their number), at (of their period), unit (smallest money) and cents.

    Cents are the amount in the smallest money, whole.
    """
    import polars as pl

    unit = pl.col("unit").cast(pl.Float64) if "unit" in rows.columns else pl.lit(UNIT)
    at = pl.col("period").cast(pl.String).rank("dense").cast(pl.Int64)
    made = rows.with_columns(at=at, unit=unit, amount_=pl.col("amount").cast(pl.Float64))
    cents = _rounded(pl.col("amount_") / pl.col("unit"))
    return made.with_columns(cents=cents).with_row_index("row")


def checked(credited: pl.DataFrame | None) -> pl.DataFrame:
    """What was credited, with over (month, where it is not said), per and order of measures.

    Raises:
        ParameterError: a column is missing, or a person has a measure twice in a month.
    """
    import polars as pl

    if credited is None:
        text = dict.fromkeys(("payee_id", "period", "measure", "over", "per"), pl.String)
        return pl.DataFrame(schema=text | {"value": pl.Float64, "order": pl.Int64})
    for name in CREDITED:
        if name not in credited.columns:
            wanted = ", ".join(CREDITED)
            raise ParameterError(f"what was credited has no column '{name}'; give {wanted}.")
    usual = {"over": "month", "per": "money"}
    filled = credited.with_columns(
        pl.lit(word).alias(name) for name, word in usual.items() if name not in credited.columns
    )
    key = ["payee_id", "period", "measure", "over"]
    if filled.select(key).is_duplicated().any():
        raise ParameterError("what was credited has a measure twice; give one row for each month.")
    order = filled.select("measure").unique(maintain_order=True).with_row_index("order")
    named = filled.join(order.with_columns(pl.col("order").cast(pl.Int64)), on="measure")
    made = named.select(*key, "per", pl.col("value").cast(pl.Float64), "order")
    return made.filter(pl.col("value") != 0)


def hits(rows: pl.DataFrame, credited: pl.DataFrame) -> pl.DataFrame:
    """Every formula that gives a row to the cent.

    Args:
        rows: of `counted`; payee_id, period, and whatever is to stay with them.
        credited: of `checked`.

    Returns:
        the rows once for each formula, with kind (amount, rate), measure, over, value and order
        (the plainest first); a formula that gives nothing is none.
    """
    import polars as pl

    some = rows.filter(pl.col("cents") != 0)
    amounts = some.with_columns(
        kind=pl.lit("amount"),
        measure=pl.lit(""),
        over=pl.lit(""),
        value=pl.col("cents") * pl.col("unit"),
        order=pl.lit(-1, pl.Int64),
    )
    own = some.select("row", "payee_id", "period", "cents", "unit").join(
        credited.rename({"value": "base"}), on=["payee_id", "period"]
    )
    key = ["payee_id", "measure", "over"]
    tried = own.with_columns(value=_shortest()).filter(pl.col("value").is_not_null())
    formulas = tried.select(*key, "value").unique()
    given = own.join(formulas, on=key).filter(gives(pl.col("value"), pl.col("base")))
    rates = some.join(given.select("row", *key[1:], "value", "order"), on="row").with_columns(
        kind=pl.lit("rate")
    )
    return pl.concat([amounts, rates.select(amounts.columns)])


def gives(rate: pl.Expr, base: pl.Expr) -> pl.Expr:
    """Whether a rate of a base is a row's amount, rounded half away from zero as pay is."""
    import polars as pl

    return _rounded(rate * base / pl.col("unit")) == pl.col("cents")


def _shortest() -> pl.Expr:
    """The rate of the fewest decimals that gives the amount; null if none does."""
    import polars as pl

    ratio = pl.col("cents") * pl.col("unit") / pl.col("base")
    each = pl.col("per") == "units"
    tries = []
    for places in range(FINEST + 1):
        value = ratio.round(places)
        allowed = pl.when(each).then(places <= FINEST_EACH).otherwise(value.abs() <= 1)
        fits = allowed & (value != 0) & gives(value, pl.col("base"))
        tries.append(pl.when(fits).then(value))
    return pl.coalesce(tries)


def _rounded(value: pl.Expr) -> pl.Expr:
    """Half away from zero, whole."""
    import polars as pl

    whole = (value.abs() + 0.5 + SLACK).floor()
    return (whole * value.sign()).cast(pl.Int64)
