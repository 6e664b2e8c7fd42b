"""Disguised: rules that no plan file holds: exceptions that recur at a steady amount or rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spmlib.revops.readiness.written import Policy

if TYPE_CHECKING:
    import polars as pl

KINDS = ("amount", "rate", "amount each")


def disguised(rows: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The clusters that are rules in disguise, largest first.

    A cluster is one where it recurs in at least `months` different months and at least `held` of
    its rows lie within `steady` of their middle (the median): of the amounts; of amount over
    `base`, where there is one; or of the person's own amounts, of people with two and more.

    Args:
        rows: as `clusters.clustered` gives; `base`, where known, is what an amount is a share of.
        policy: what is decided.

    Returns:
        cluster, kind (amount, rate, amount each), middle (amount or rate; null for amount each),
        kept (share of rows that keep to it), months, lines, money, cause, component, reason.
    """
    import polars as pl

    found = _tried(rows, policy.steady)
    sums = rows.group_by("cluster").agg(
        *(pl.col(name).first() for name in ("cause", "component")),
        reason=pl.col("reason").mode().sort().first(),
        months=pl.col("period").n_unique(),
        lines=pl.len(),
        money=pl.col("amount").abs().sum(),
    )
    steady = found.filter(pl.col("kept") >= policy.held - 1e-12)
    best = steady.sort("cluster", "order").unique("cluster", keep="first", maintain_order=True)
    recurring = best.join(sums, on="cluster").filter(pl.col("months") >= policy.months)
    return recurring.drop("order").sort("money", "cluster", descending=[True, False])


def clause(name: str, component: str, kind: str, middle: float | None, day: str) -> str:
    """The YAML of a component that would hold a rule: a sketch, to be worded by who owns the plan.

    Args:
        name: of the new component.
        component: beside which it stands, and whose measure it would take.
        kind: one of `KINDS`.
        middle: amount [currency], or rate; none for an amount of each person's own.
        day: the first on which it holds.
    """
    lines = [f"{_name(name)}:", f"  measure: {component or '…'}"]
    if kind == "rate":
        lines += ["  accumulate: month", "  thresholds: money", "  pays: rate", "  crossing: split"]
        row = f"{{from: 0, rate: {100 * (middle or 0):.4g}%}}"
    else:
        lines += ["  accumulate: month", "  thresholds: money", "  pays: amount"]
        lines += ["  crossing: whole", "  boundary: upper"]
        said = "…" if middle is None else f"{middle:.2f}"
        row = f"{{from: 0, amount: {said}}}"
    return "\n".join([*lines, "  table:", f"    {day}:", f"      - {row}"]) + "\n"


def _tried(rows: pl.DataFrame, steady: float) -> pl.DataFrame:
    """Of each cluster and kind, the middle and the share of rows near it."""
    import polars as pl

    base = pl.col("base").cast(pl.Float64) if "base" in rows.columns else pl.lit(None, pl.Float64)
    amount = pl.col("amount").cast(pl.Float64)
    table = rows.with_columns(amount=amount, rate=pl.when(base != 0).then(amount / base))
    own = pl.col("amount").median().over("cluster", "payee_id")
    again = (pl.len().over("cluster", "payee_id") > 1) & (pl.col("payee_id") != "")
    middles = {
        "amount": (pl.col("amount"), pl.col("amount").median().over("cluster")),
        "rate": (pl.col("rate"), pl.col("rate").median().over("cluster")),
        "amount each": (pl.when(again).then(pl.col("amount")), own),
    }
    parts = []
    for order, (kind, (value, middle)) in enumerate(middles.items()):
        near = ((value - middle).abs() <= steady * middle.abs() * (1 + 1e-9)).fill_null(False)
        parts.append(
            table.with_columns(near=near, middle=middle)
            .group_by("cluster")
            .agg(kept=pl.col("near").mean(), middle=pl.col("middle").first())
            .with_columns(kind=pl.lit(kind), order=pl.lit(order))
        )
    every = pl.concat(parts)
    return every.with_columns(
        middle=pl.when(pl.col("kind") != "amount each").then(pl.col("middle"))
    )


def _name(words: str) -> str:
    return "_".join(re.findall(r"\w+", words.casefold())) or "rule"
