"""Clusters: exceptions by cause: the cause word first, then the wording of the reason.

Rows are of one cluster where cause, component and sign are the same and their reasons' words are
alike, directly or by way of others. Whoever reads a cluster can see why a row is in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

WORD = re.compile(r"[^\W\d_]{3,}")  # three letters and more: no numbers, ids or articles
MONTHS = frozenset(
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "the",
        "and",
        "for",
        "per",
    )
)
KEYS = ("cause", "component", "sign")
NEEDED = ("period", "amount")


def tokens(reason: str | None) -> frozenset[str]:
    """The words of a reason that say why: without numbers, ids, months and small words.

    >>> sorted(tokens("Car allowance for March 2026, H1025"))
    ['allowance', 'car']
    """
    plain = unicodedata.normalize("NFKC", reason or "").casefold()
    found = re.split(r"[\s,;.:/()]+", plain)
    whole = [part for part in found if not any(sign.isdigit() for sign in part)]
    return frozenset(WORD.findall(" ".join(whole))) - MONTHS


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of two sets' words that both have; 1 of two empty sets.

    Defined as::

        |both| / |either|                                            (Jaccard 1901)

    >>> similarity(frozenset({"car", "allowance"}), frozenset({"car"}))
    0.5
    """
    either = one | other
    return len(one & other) / len(either) if either else 1.0


def groups(reasons: Sequence[str | None], similar: float) -> list[int]:
    """The number of each reason's group: reasons at least so similar, or linked by others that are.

    Numbers follow the order in which groups first appear.
    """
    if not 0 < similar <= 1:
        raise ParameterError(f"similar {similar} is out of range; write a share above 0, up to 1.")
    sets = [tokens(reason) for reason in reasons]
    distinct = {words: place for place, words in enumerate(dict.fromkeys(sets))}
    labels = _linked(list(distinct), similar)
    return [labels[distinct[words]] for words in sets]


def clustered(rows: pl.DataFrame, similar: float) -> pl.DataFrame:
    """The rows with their cluster, numbered by size of money, largest first.

    Args:
        rows: period, amount, and what is there of cause, component, reason, payee_id, base; one
            row per exception.
        similar: share of words from which two reasons are the same.

    Raises:
        ParameterError: a column is missing.
    """
    import polars as pl

    missing = [name for name in NEEDED if name not in rows.columns]
    if missing:
        raise ParameterError(f"exceptions have no column '{missing[0]}'; give {', '.join(NEEDED)}.")
    table = _filled(rows)
    keys = table.select(*KEYS, "reason").unique(maintain_order=True).sort(*KEYS, "reason")
    parts = [
        part.with_columns(
            group=pl.Series(groups(part["reason"].to_list(), similar), dtype=pl.Int64)
        )
        for part in keys.partition_by(*KEYS, maintain_order=True)
    ]
    labelled = (
        table.join(pl.concat(parts), on=[*KEYS, "reason"])
        if parts
        else table.with_columns(group=pl.lit(0, dtype=pl.Int64))
    )
    named = [*KEYS, "group"]
    sizes = labelled.group_by(named).agg(money=pl.col("amount").abs().sum(), lines=pl.len())
    order = sizes.sort("money", "lines", *named, descending=[True, True, *[False] * 4])
    numbered = order.with_row_index("cluster", 1).select(*named, "cluster")
    return labelled.join(numbered, on=named).drop("group", "sign").sort("order").drop("order")


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per cluster: cause, component, reason, lines, money, months, people, largest first.

    Args:
        rows: as `clustered` gives; money is the sum of absolute amounts.
    """
    import polars as pl

    return (
        rows.sort("period", "reason")
        .group_by("cluster")
        .agg(
            pl.col("cause").first(),
            pl.col("component").first(),
            reason=pl.col("reason").mode().sort().first(),
            lines=pl.len(),
            money=pl.col("amount").abs().sum(),
            net=pl.col("amount").sum(),
            months=pl.col("period").n_unique(),
            people=pl.col("payee_id").n_unique(),
        )
        .sort("cluster")
    )


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns that may be missing, empty where nothing is said."""
    import polars as pl

    texts = ("cause", "component", "reason", "payee_id")
    absent = [pl.lit("").alias(name) for name in texts if name not in rows.columns]
    made = rows.with_columns(absent).with_columns(
        pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in texts
    )
    return made.with_columns(
        cause=pl.col("cause").str.to_lowercase(), sign=pl.col("amount").sign().cast(pl.Int8)
    ).with_row_index("order")


def _linked(sets: Sequence[frozenset[str]], similar: float) -> list[int]:
    """Connected parts of the graph in which sets that are similar enough are joined."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    names = {name: place for place, name in enumerate(sorted(frozenset().union(*sets)))}
    at = [(row, names[name]) for row, words in enumerate(sets) for name in sorted(words)]
    rows, columns = (np.array([pair[k] for pair in at], dtype=int) for k in (0, 1))
    shape = (len(sets), max(len(names), 1))
    has = csr_matrix((np.ones(len(at), dtype=np.int64), (rows, columns)), shape=shape)
    both = (has @ has.T).tocoo()  # only pairs that share a word
    size = np.array([len(words) for words in sets])
    either = size[both.row] + size[both.col] - both.data
    near = both.data >= similar * either - 1e-12
    pairs = (both.row[near], both.col[near])
    graph = csr_matrix((np.ones(int(near.sum())), pairs), shape=(len(sets), len(sets)))
    found = connected_components(graph, directed=False)[1]
    order = {label: place for place, label in enumerate(dict.fromkeys(found.tolist()))}
    return [order[label] for label in found.tolist()]
