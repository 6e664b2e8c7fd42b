"""Disguised: rules that no plan file holds, found among what is given by hand.

First by money and words: a formula (`formulas`) that gives amounts of one cluster to the cent, for
one person in several months. Then by money alone, whatever the reasons say, where a formula gives a
person's amounts nearly every month. Last, clusters whose amounts or rates are steady but not exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spmlib.revops.readiness import clusters, formulas, merging, steady
from spmlib.revops.readiness.formulas import KEY
from spmlib.revops.readiness.written import Policy

if TYPE_CHECKING:
    import polars as pl

KINDS = ("amount", "rate", "amount each", "rate each")
FOUND_BY = {
    "words": "by amount and reason",
    "amounts": "by amounts alone",
    "near": "steady, not exact",
}
LABELLED = ("row", *KEY, "found_by", "label")
INSIDE = ("row", "at", "unit", "amount_", "cents")


@dataclass(frozen=True)
class Found:
    """Rules in disguise.

    Attributes:
        rules: one row each, largest first: rule, kind, measure, over, value (the last; null for
            each person's own), currency, found_by, exact (share of its lines that the formula
            gives to the cent), cause, component, reason, lines, money, net, months, people.
        rows: the rows that were looked through, with rule (null where there is none).
        terms: what each person has: rule, payee_id, kind, measure, over, value, first, last
            (periods).
    """

    rules: pl.DataFrame
    rows: pl.DataFrame
    terms: pl.DataFrame


def found(rows: pl.DataFrame, policy: Policy, credited: pl.DataFrame | None = None) -> Found:
    """The rules that hide in exceptions.

    Args:
        rows: as `clusters.clustered` gives; unit is the smallest money of each row's currency
            (0.01 where it is not said); base, if there, is what an amount may be a share of.
        policy: what is decided.
        credited: payee_id, period, measure, value [as amounts], and where known over (month,
            quarter) and per (money, units): what a formula may be of. The first measure is
            preferred.

    Raises:
        ParameterError: a column is missing.
    """
    import polars as pl

    table = formulas.counted(rows.drop("base", strict=False))
    known = formulas.checked(_with_base(rows, credited))
    every = formulas.hits(table, known)
    worded = _chosen(every, policy.months, ["cluster"], everybody=True)
    worded = _joined(worded, every)
    left = every.join(worded, on="row", how="anti")
    alone = _chosen(_regular(left, policy), policy.months, ["payee_id"], everybody=False)
    exact = _numbered(worded, alone)
    nearly = steady.nearly(table, exact, known, policy)
    both = pl.concat([exact, nearly.select(exact.columns)])
    near = steady.steady(table.join(both, on="row", how="anti"), known, policy)
    return _told(table, pl.concat([both, near.select(exact.columns)]))


def _with_base(rows: pl.DataFrame, credited: pl.DataFrame | None) -> pl.DataFrame | None:
    """What was credited, with the base that the rows bring themselves."""
    import polars as pl

    if "base" not in rows.columns or credited is not None:
        return credited
    key = ["payee_id", "period"]
    own = rows.filter(pl.col("base").is_not_null()).select(
        *key, measure=pl.lit("base"), value=pl.col("base").cast(pl.Float64)
    )
    return own.unique([*key], keep="first", maintain_order=True)


def _chosen(hits: pl.DataFrame, months: int, by: list[str], everybody: bool) -> pl.DataFrame:
    """The formulas that give most, one after the other in each group, with the rows they give.

    Args:
        hits: of `formulas.hits`.
        months: in which a formula gives one person's amounts, at least.
        by: the columns of groups, which share no row.
        everybody: whether those are told too whom it gives fewer months.
    """
    import polars as pl

    key = [*by, *KEY]
    person = [*dict.fromkeys([*key, "payee_id"])]
    taken = [hits.head(0)]
    while len(hits):
        months_ = hits.group_by(person).agg(pl.col("period").n_unique())
        often = months_.filter(pl.col("period") >= months)
        held = hits.join(often, on=key if everybody else person, how="semi")
        if held.is_empty():
            break
        once = held.sort("row").unique([*person, "period"], keep="first", maintain_order=True)
        sizes = once.group_by(key).agg(pl.len(), pl.col("order").first())
        down = [True, False, False, False, *[False] * len(by)]
        ranked = sizes.sort("len", "order", "over", "value", *by, descending=down)
        placed = once.join(ranked.with_row_index("place").select(*key, "place"), on=key)
        won = placed.sort("place").unique("row", keep="first", maintain_order=True)
        # Those that lose no row to a larger one are as large as they will ever be.
        whole = won.group_by(key).agg(pl.len()).join(sizes, on=[*key, "len"], how="semi")
        taken.append(won.drop("place").join(whole, on=key, how="semi"))
        hits = held.join(taken[-1], on="row", how="anti")
    return pl.concat(taken)


def _joined(chosen: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """With rows worded otherwise that a rule gives, in months for which its person had none."""
    import polars as pl

    holder = ["payee_id", *KEY]
    left = hits.join(chosen, on="row", how="anti").drop("cluster")
    own = chosen.select(*holder, "cluster").unique(holder, keep="first", maintain_order=True)
    more = left.join(own, on=holder).join(chosen, on=[*holder, "period"], how="anti")
    first = more.sort("order", "row").unique("row", keep="first", maintain_order=True)
    once = first.unique([*holder, "period"], keep="first", maintain_order=True)
    return pl.concat([chosen, once.select(chosen.columns)])


def _regular(hits: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Those of formulas that give a person's amounts nearly every month, from first to last."""
    import polars as pl

    holder, at = ["payee_id", *KEY], pl.col("at")
    spans = hits.group_by(holder).agg(pl.col("period").n_unique(), span=at.max() - at.min() + 1)
    often = spans.filter(pl.col("period") >= policy.held * pl.col("span") - 1e-9)
    return hits.join(often, on=holder, how="semi")


def _numbered(worded: pl.DataFrame, alone: pl.DataFrame) -> pl.DataFrame:
    """The rows with a label that those of one rule share.

    What money alone found joins the one rule in words with the same formula, if there is just one.
    Formulas of one cluster that differ by their value only are one rule, each person's own.
    """
    import polars as pl

    same = ["currency", *KEY]
    ours = worded.group_by(same).agg(pl.col("cluster").unique())
    single = ours.filter(pl.col("cluster").list.len() == 1).explode("cluster")
    moved = alone.drop("cluster").join(single, on=same)
    rest = alone.join(single, on=same, how="anti").with_columns(found_by=pl.lit("amounts"))
    both = pl.concat([worded, moved.select(worded.columns)])
    both = both.with_columns(found_by=pl.lit("words"))
    parts = [
        both.with_columns(label=pl.format("c{} {} {} {}", "cluster", *KEY[:3])),
        rest.with_columns(label=pl.format("a{} {} {} {} {}", *same)),
    ]
    return merging.merged(pl.concat(parts)).select(*LABELLED, exact=pl.lit(1.0))


def _told(rows: pl.DataFrame, labelled: pl.DataFrame) -> Found:
    """The rules, largest first, with their rows and what each person has."""
    import polars as pl

    marked = rows.join(labelled, on="row", how="left").sort("row")
    size = pl.col("size").sum()
    order = (
        marked.filter(pl.col("label").is_not_null())
        .group_by("label")
        .agg(size, pl.len())
        .sort("size", "len", "label", descending=[True, True, False])
        .with_row_index("rule", 1)
        .select("label", pl.col("rule").cast(pl.Int64))
    )
    named = marked.join(order, on="label", how="left", maintain_order="left").drop("label")
    own = named.filter(pl.col("rule").is_not_null())
    last = own.group_by("rule", "payee_id").agg(pl.col("value").sort_by("at").last())
    latest = last.group_by("rule").agg(
        each=pl.col("value").n_unique() > 1, value=pl.col("value").mode().sort().first()
    )
    kinds = (
        own.group_by("rule")
        .agg(
            *(pl.col(name).first() for name in ("kind", "measure", "over", "currency")),
            pl.col("found_by").mode().sort().last(),
            exact=pl.col("exact").mean(),
        )
        .join(latest, on="rule")
        .with_columns(
            kind=pl.when("each").then(pl.col("kind") + " each").otherwise("kind"),
            value=pl.when(~pl.col("each")).then("value"),
        )
        .drop("each")
    )
    told = kinds.join(clusters.summary(own, "rule"), on="rule").sort("rule")
    terms = own.group_by("rule", "payee_id", *KEY).agg(
        first=pl.col("period").min(), last=pl.col("period").max()
    )
    plain = named.drop(*INSIDE, *LABELLED[1:-1], "exact")
    return Found(told, plain, terms.sort("rule", "payee_id", "value"))
