"""Layers: a target brought down from the company to its people, and every step of it kept.

At each layer a node's target is shared among the nodes below by their weights, within bounds on
growth, with what was decided by hand; and it may be given out more than once (over-assignment), so
that the company reaches its target though not everybody does. What is decided at a layer stays
decided below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import QuotaLayers, Table
from spmlib.orchestrate.quotas.shares import shared

if TYPE_CHECKING:
    import polars as pl

COMPANY = "company"


@dataclass(frozen=True)
class Layer:
    """One step down.

    Attributes:
        name: a column of the people, e.g. region; the last layer is payee_id.
        over: what the nodes of this layer are given beyond their parent's target, as a share of it.
        least: the least growth over the year before, e.g. -0.1; none if not given.
        most: the most growth.
        adjusted: amounts added to single nodes by hand; the others of the parent make up for them.
    """

    name: str
    over: float = 0.0
    least: float | None = None
    most: float | None = None
    adjusted: Mapping[str, float] = field(default_factory=dict)


def brought_down(
    people: pl.DataFrame, weights: Floats, target: float, layers: Sequence[Layer]
) -> Table[QuotaLayers]:
    """A company's target as targets of all its nodes.

    Args:
        people: payee_id, the columns of the layers, and last (the year before; empty for new
            people); each node of a layer lies in one node of the layer above.
        weights: of each person.
        target: of the company.
        layers: from the top to ``payee_id``.

    Raises:
        ParameterError: a layer is no column, over-assignment is negative, an adjustment names
            nobody, or bounds leave no way; the message says where.
    """
    import polars as pl

    _refuse(people, layers, target)
    rows = people.with_columns(weight=pl.Series(weights), company=pl.lit(COMPANY))
    amounts = {COMPANY: float(target)}
    made = [_row(COMPANY, COMPANY, None, 1.0, float(target), 0.0, 0.0, _last(rows))]
    above = COMPANY
    for layer in layers:
        nodes = _nodes(rows, layer.name, above)
        below: dict[str, float] = {}
        for parent in nodes.partition_by("parent", maintain_order=True):
            name = parent["parent"][0]
            told = _shared(parent, amounts[name] * (1 + layer.over), layer, name)
            made += told
            below |= {row["node"]: row["amount"] for row in told}
        amounts, above = below, layer.name
    frame = pl.DataFrame(made, infer_schema_length=None, schema_overrides={"last": pl.Float64})
    given = frame.group_by(node="parent").agg(given=pl.col("amount").sum())
    frame = frame.join(given, on="node", how="left", maintain_order="left")
    bottom = pl.col("layer") == layers[-1].name
    over = pl.when(bottom).then(0.0).otherwise(pl.col("given") - pl.col("amount"))
    return engine.brought(frame.with_columns(over=over).select(*QuotaLayers.columns()))


def _nodes(rows: pl.DataFrame, name: str, above: str) -> pl.DataFrame:
    """The nodes of a layer: node, parent, weight, last (empty where nobody has any)."""
    import polars as pl

    last = pl.when(pl.col("last").is_not_null().any()).then(pl.col("last").sum())
    return (
        rows.group_by(node=name, parent=above, maintain_order=True)
        .agg(weight=pl.col("weight").sum(), last=last)
        .sort("parent", "node")
    )


def _shared(nodes: pl.DataFrame, amount: float, layer: Layer, parent: str) -> list[dict[str, Any]]:
    """A parent's target among its nodes."""
    names, last = nodes["node"].to_list(), nodes["last"].fill_null(np.nan).to_numpy()
    weights = nodes["weight"].to_numpy()
    share = weights / weights.sum() if weights.sum() > 0 else np.full(len(names), 1 / len(names))
    weighed = share * amount
    low, high = _bounds(last, layer)
    byhand = np.array([layer.adjusted.get(name, 0.0) for name in names])
    try:
        bounded = shared(amount, share, low, high)
        left = shared(amount - byhand.sum(), share, low, high)
    except ParameterError as wrong:
        where = f"{layer.name} below {parent}"
        raise ParameterError(f"{where}: {wrong}") from None
    final = left + byhand
    pairs = zip(names, share, weighed, bounded, final, nodes["last"], strict=True)
    return [
        _row(layer.name, name, parent, part, by, within - by, made - within, was)
        for name, part, by, within, made, was in pairs
    ]


def _bounds(last: Floats, layer: Layer) -> tuple[Floats, Floats]:
    """The least and the most of each node; none for those without a year before."""
    known = np.isfinite(last) & (last > 0)
    low, high = np.zeros(len(last)), np.full(len(last), np.inf)
    if layer.least is not None:
        low[known] = np.maximum(last[known] * (1 + layer.least), 0.0)
    if layer.most is not None:
        high[known] = last[known] * (1 + layer.most)
    return low, high


def _row(
    layer: str,
    node: str,
    parent: str | None,
    weight: float,
    weighed: float,
    bounded: float,
    adjusted: float,
    last: float | None,
) -> dict[str, Any]:
    amount = weighed + bounded + adjusted
    parts = {"weighed": weighed, "bounded": bounded, "adjusted": adjusted, "amount": amount}
    return {
        "layer": layer,
        "node": node,
        "parent": parent,
        "weight": float(weight),
        **{name: float(value) for name, value in parts.items()},
        "last": last,
    }


def _last(rows: pl.DataFrame) -> float | None:
    return float(rows["last"].sum()) if rows["last"].is_not_null().any() else None


def _refuse(people: pl.DataFrame, layers: Sequence[Layer], target: float) -> None:
    if people.is_empty():
        raise ParameterError("there is nobody to carry a quota; name roles that somebody holds.")
    if not np.isfinite(target) or target < 0:
        raise ParameterError(f"the target is {target}; write 0 or more.")
    if not layers or layers[-1].name != "payee_id":
        raise ParameterError("the last layer is not payee_id; end the layers with it.")
    above = None
    for layer in layers:
        if layer.name not in people.columns:
            near = nearest(layer.name, people.columns)
            raise ParameterError(f"there is no column '{layer.name}'; write {near}.")
        if layer.over < 0:
            raise ParameterError(
                f"{layer.name} is over-assigned by {layer.over:.0%}; write 0% or more."
            )
        missing = set(layer.adjusted) - set(people[layer.name])
        if missing:
            near = nearest(min(missing), people[layer.name].unique())
            raise ParameterError(f"{layer.name} has no '{min(missing)}' to adjust; write {near}.")
        _refuse_split(people, layer.name, above)
        above = layer.name


def _refuse_split(people: pl.DataFrame, name: str, above: str | None) -> None:
    """Refuse a node that lies in two of the layer above."""
    import polars as pl

    if above is None:
        return
    parents = people.group_by(name).agg(pl.col(above).n_unique().alias("many"))
    split = parents.filter(pl.col("many") > 1)
    if len(split):
        node = split[name][0]
        raise ParameterError(
            f"{name} '{node}' lies in several of {above}; give it one, or leave the layer out."
        )
