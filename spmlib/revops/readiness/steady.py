"""Steady: clusters whose amounts, or rates of what was credited, stay near their middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.revops.readiness import formulas
from spmlib.revops.readiness.written import Policy

if TYPE_CHECKING:
    import polars as pl

SURE = 2  # times the months: rows that it takes to believe a rate that is not exact


def steady(rows: pl.DataFrame, credited: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The rows of clusters that are nearly a rule: the amounts, or one rate, with some rounding.

    A cluster is one where it recurs in at least `months` different months and at least `held` of
    its rows lie within `steady` of their middle (the median): of the amounts; of the person's own
    amounts, of people with two and more; or of amount over a measure, where it has twice as many
    rows as months are asked for, since of many measures one is always steady for a few rows.

    Args:
        rows: of `formulas.counted`.
        credited: of `formulas.checked`.
        policy: what is decided.

    Returns:
        row, kind, measure, over, value (the middle), found_by, label, exact (1 where the middle
        gives the amount to the cent).
    """
    import polars as pl

    recurring = pl.col("period").n_unique().over("cluster") >= policy.months
    some = rows.filter(recurring & (pl.col("cents") != 0))
    tried = pl.concat([_amounts(some), _own_amounts(some), _rates(some, credited)])
    group = ["cluster", "kind", "measure", "over"]
    near = (pl.col("given") - pl.col("value")).abs() <= policy.steady * pl.col("value").abs() * (
        1 + 1e-9
    )
    sizes = some.group_by("cluster").agg(lines=pl.len())
    kept = tried.with_columns(near=near).group_by(*group, "order").agg(kept=pl.col("near").sum())
    enough = (pl.col("kept") >= policy.held * pl.col("lines") - 1e-9) & (
        (pl.col("kind") != "rate") | (pl.col("lines") >= SURE * policy.months)
    )
    best = (
        kept.join(sizes, on="cluster")
        .filter(enough)
        .sort("kept", "order", "over", descending=[True, False, False])
        .unique("cluster", keep="first", maintain_order=True)
    )
    own = tried.join(best.select(group), on=group, how="semi")
    exact = formulas.gives(pl.col("value"), pl.col("base"))
    return own.select(
        "row",
        *formulas.KEY[:2],
        over=pl.col("over").replace("own", ""),
        value="value",
        found_by=pl.lit("near"),
        label=pl.format("n{}", "cluster"),
        exact=exact.cast(pl.Float64),
    )


def nearly(
    rows: pl.DataFrame, exact: pl.DataFrame, credited: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """The rows that a rule's formula gives within `steady`, in a month without an exact one.

    Args:
        rows: of `formulas.counted`.
        exact: the rows that rules give to the cent: row, kind, measure, over, value, found_by,
            label.
        credited: of `formulas.checked`.
        policy: what is decided.
    """
    import polars as pl

    rule, formula = ["label", "found_by"], list(formulas.KEY)
    place = exact.join(rows.select("row", "cluster", "payee_id", "period"), on="row")
    held = place.select(*rule, *formula, "cluster", "payee_id").unique(maintain_order=True)
    left = rows.join(exact, on="row", how="anti").join(held, on=["cluster", "payee_id"])
    bases = credited.select("payee_id", "period", "measure", "over", base="value")
    based = left.join(bases, on=["payee_id", "period", "measure", "over"], how="left")
    given = pl.col("value") * pl.when(pl.col("kind") == "amount").then(1.0).otherwise("base")
    off = (pl.col("amount_") / given - 1).abs()
    paid = ["label", "payee_id", "period"]
    return (
        based.with_columns(off=off)
        .filter(pl.col("off") <= policy.steady * (1 + 1e-9))
        .join(place, on=paid, how="anti")
        .sort("off", "row")
        .unique("row", keep="first", maintain_order=True)
        .unique(paid, keep="first", maintain_order=True)
        .select("row", *formula, *rule, exact=pl.lit(0.0))
    )


def _amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Each amount with the cluster's middle."""
    import polars as pl

    return _shaped(rows, pl.col("amount_").median().over("cluster"), order=-2)


def _own_amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Each amount with the middle of the person's own, of people with two and more."""
    import polars as pl

    person = ["cluster", "payee_id"]
    again = rows.filter((pl.len().over(person) > 1) & (pl.col("payee_id") != ""))
    return _shaped(again, pl.col("amount_").median().over(person), order=-1)


def _shaped(rows: pl.DataFrame, middle: pl.Expr, order: int) -> pl.DataFrame:
    import polars as pl

    none = pl.lit("")
    return rows.select(
        *("row", "cluster", "cents", "unit"),
        kind=pl.lit("amount"),
        measure=none,
        over=pl.lit("own" if order == -1 else ""),
        value=middle,
        given=pl.col("amount_"),
        base=pl.lit(1.0),
        order=pl.lit(order, pl.Int64),
    )


def _rates(rows: pl.DataFrame, credited: pl.DataFrame) -> pl.DataFrame:
    """Each amount over each measure, with the cluster's middle rate."""
    import polars as pl

    joined = rows.join(credited.rename({"value": "base"}), on=["payee_id", "period"])
    rated = joined.with_columns(given=pl.col("amount_") / pl.col("base"))
    return rated.select(
        *("row", "cluster", "cents", "unit"),
        kind=pl.lit("rate"),
        measure="measure",
        over="over",
        value=pl.col("given").median().over("cluster", "measure", "over"),
        given="given",
        base="base",
        order="order",
    )
