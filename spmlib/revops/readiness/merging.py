"""Merging: what is one rule although its reasons are worded in several ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.revops.readiness.formulas import KEY

if TYPE_CHECKING:
    import polars as pl


def merged(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with one label for those of one rule.

    Two labels are one rule where the same formula goes on under the other label for the same
    person, or the same rate is taken of the same measure; never where both pay a person in one
    month: then they are two.

    Args:
        rows: label, currency, payee_id, period, kind, measure, over, value.
    """
    import numpy as np
    import polars as pl
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    labels = rows.select("label").unique().sort("label").with_row_index("node")
    if len(labels) < 2:
        return rows
    own = rows.join(labels, on="label").select("node", "currency", "payee_id", "period", *KEY)
    formula = ["currency", *KEY]
    holder = [*formula, "payee_id"]
    rates = own.filter(pl.col("kind") == "rate")
    twice = _pairs(own.unique(["node", *holder, "period"]), [*holder, "period"])
    linked = pl.concat([_pairs(own, holder), _pairs(rates, formula)]).unique()
    edges = linked.join(twice, on=["node", "other"], how="anti")
    shape = (len(labels), len(labels))
    ends = (edges["node"].to_numpy(), edges["other"].to_numpy())
    graph = csr_matrix((np.ones(len(edges)), ends), shape=shape)
    part = pl.Series("part", connected_components(graph, directed=False)[1])
    named = labels.with_columns(part).with_columns(one=pl.col("label").min().over("part"))
    return (
        rows.join(named.select("label", "one"), on="label").drop("label").rename({"one": "label"})
    )


def _pairs(rows: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The pairs of labels that share something."""
    import polars as pl

    own = rows.select("node", *on).unique()
    both = own.join(own.rename({"node": "other"}), on=on, nulls_equal=True)
    return both.filter(pl.col("node") < pl.col("other")).select("node", "other").unique()
