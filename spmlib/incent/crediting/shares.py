"""Shares: amounts divided among people, so that the parts add up to the whole.

An amount that is whole in minor units is divided in minor units; one that is finer, in the finest
unit. What is left over by rounding down goes to the largest remainders, the owner first,
then in the order of ids. Negative amounts divide as their mirror image.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import SHARE, Splits, Table

MOST_PARTS = 1000


def scaled(rows: Table[Any], share: nw.Expr, values: Mapping[str, int]) -> Table[Any]:
    """The rows with each value times a share, rounded to its unit.

    Args:
        share: in parts of 10^8.
        values: the columns, and the least unit of each [ticks].
    """
    wide = share.cast(engine.WIDE)
    return rows.with_columns(
        **{
            name: (
                engine.rounded(engine.wide(name) * wide, _unit(name, unit) * SHARE)
                * _unit(name, unit)
            ).cast(nw.Int64)
            for name, unit in values.items()
        }
    )


def participants(splits: Table[Splits], policy: str) -> Table[Any]:
    """Who shares in each transaction that is split: the people named, and the owner's rest.

    Returns:
        transaction_id, payee_id (empty: the owner), share, part (0 is the owner); only
        transactions whose shares keep to the policy.
    """
    totals = splits.group_by("transaction_id").agg(total=nw.col("share").sum())
    fitting = totals.filter(_fits(policy))
    named = splits.join(fitting.select("transaction_id"), on="transaction_id").select(
        "transaction_id",
        "payee_id",
        "share",
        part=nw.col("payee_id").rank("ordinal").over("transaction_id").cast(nw.Int64),
    )
    rest = fitting.filter(nw.col("total") < SHARE).select(
        "transaction_id",
        payee_id=nw.lit(None, dtype=nw.String),
        share=SHARE - nw.col("total"),
        part=nw.lit(0).cast(nw.Int64),
    )
    return named if policy == "any" else engine.stacked([named, rest])


def unfitting(splits: Table[Splits], policy: str) -> Table[Any]:
    """The transactions whose shares break the policy: transaction_id, total."""
    totals = splits.group_by("transaction_id").agg(total=nw.col("share").sum())
    return totals.filter(~_fits(policy))


def parts(rows: Table[Any], policy: str, values: Mapping[str, int]) -> Table[Any]:
    """Rows of (transaction, participant) with each value cut to the participant's part.

    Args:
        rows: with ``order`` (the transaction), ``part``, ``share`` and the whole values.
    """
    if policy == "any":
        return scaled(rows, nw.col("share"), values)
    cut = {name: _largest_remainder(name, unit) for name, unit in values.items()}
    floors = {f"floor {name}": floor for name, (floor, _, _) in cut.items()}
    remainders = {f"rest {name}": rest for name, (_, rest, _) in cut.items()}
    rows = rows.with_columns(**floors, **remainders)
    return rows.with_columns(**{name: final for name, (_, _, final) in cut.items()}).drop(
        *floors, *remainders
    )


def equal(rows: Table[Any], values: Mapping[str, int]) -> Table[Any]:
    """Rows of (transaction, member) with each value divided equally among the members.

    Args:
        rows: with ``order``, ``part`` (from 1, in the order of ids) and ``sharing`` (how many).
    """
    part, sharing = nw.col("part"), nw.col("sharing")
    return rows.with_columns(
        share=engine.divided(nw.lit(SHARE) * part, sharing)
        - engine.divided(nw.lit(SHARE) * (part - 1), sharing),
        **{name: _equal(name, unit) for name, unit in values.items()},
    )


def product(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """The share of a share."""
    return engine.rounded(one.cast(engine.WIDE) * other.cast(engine.WIDE), SHARE).cast(nw.Int64)


def _equal(name: str, unit: int) -> nw.Expr:
    """Each an equal number of units; those left over go to the first."""
    least = _unit(name, unit)
    size = engine.divided(nw.col(name).abs(), least)
    floor = engine.divided(size, nw.col("sharing"))
    extra = (
        nw.when(nw.col("part") <= size - floor * nw.col("sharing"))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
    )
    sign = nw.when(nw.col(name) < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    return ((floor + extra) * least * sign).cast(nw.Int64)


def _largest_remainder(name: str, unit: int) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """The whole units below the part, what remains (distinct in a transaction), and the part."""
    least = _unit(name, unit)
    size = engine.divided(nw.col(name).abs(), least)
    exact = size.cast(engine.WIDE) * engine.wide("share")
    floor = engine.divided(exact, SHARE).cast(nw.Int64)
    remainder = (exact % SHARE).cast(nw.Int64) * MOST_PARTS + (MOST_PARTS - 1 - nw.col("part"))
    left = size - nw.col(f"floor {name}").sum().over("order")
    place = nw.col(f"rest {name}").rank("ordinal", descending=True).over("order").cast(nw.Int64)
    extra = nw.when(place <= left).then(nw.lit(1)).otherwise(nw.lit(0))
    sign = nw.when(nw.col(name) < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    return floor, remainder, ((nw.col(f"floor {name}") + extra) * least * sign).cast(nw.Int64)


def _unit(name: str, unit: int) -> nw.Expr:
    """The unit an amount is divided in: the minor one if it is whole in it, else the finest."""
    found = nw.when(nw.col(name) % unit == 0).then(nw.lit(unit)).otherwise(nw.lit(1))
    return found.cast(nw.Int64)  # else literals are of 32 bits, and their product wraps


def _fits(policy: str) -> nw.Expr:
    total = nw.col("total")
    return {"whole": total == SHARE, "at_most_whole": total <= SHARE, "any": total >= 0}[policy]
