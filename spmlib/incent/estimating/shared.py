"""Shared: what each of some people has of a deal that they share; parts add up to the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.tables import SHARE
from spmlib.incent.estimating.deals import Deal, ticks
from spmlib.incent.estimating.left import whole

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Parts:
    """Who shares in a deal: the owner first, then colleagues in the order of their ids."""

    names: tuple[str, ...]
    shares: tuple[int, ...]  # parts of 10^8; of the owner: what is left

    def __getitem__(self, number: int) -> int:
        return self.shares[number]


Shares = Mapping[str, Parts]


def parted(deals: Sequence[Deal], policy: str) -> dict[str, Parts]:
    """The deals that are split, with who has what.

    Raises:
        ParameterError: the shares break the company's policy.
    """
    made = {}
    for deal in deals:
        if not deal.splits:
            continue
        names = sorted(deal.splits)
        shares = [ticks(deal.splits[n], "share", f"{deal.deal_id}: share") or 0 for n in names]
        total = sum(shares)
        right = {"whole": total == SHARE, "at_most_whole": total <= SHARE, "any": total >= 0}
        if not right[policy]:
            most = "add up to 100 %" if policy == "whole" else "come to at most 100 %"
            told = f"the shares of {deal.deal_id} come to {float(total / SHARE):.0%}"
            raise ParameterError(f"{told}; write shares that {most}.")
        rest = SHARE if policy == "any" else SHARE - total
        made[deal.deal_id] = Parts((deal.owner_id, *names), (rest, *shares))
    return made


def cut(rows: pl.DataFrame, name: str, unit: pl.Expr, split: Shares, policy: str) -> pl.DataFrame:
    """Rows with a value cut to the part of whoever is credited, in deals that are split."""
    import polars as pl

    own = rows["transaction_id"].is_in(list(split))
    if not own.any():
        return rows
    shares = rows.select("transaction_id", "part", "by_split", name, least=unit).to_dicts()
    made = [
        _part(row[name], row["least"], split[row["transaction_id"]], row["part"], policy)
        if row["by_split"] and row["transaction_id"] in split
        else row[name]
        for row in shares
    ]
    return rows.with_columns(pl.Series(name, made, pl.Int64))


def _part(value: int, unit: int, parts: Parts, number: int, policy: str) -> int:
    """A part by largest remainder; with ``any``, each share by itself."""
    least = unit if value % unit == 0 else 1
    sign, size = (-1 if value < 0 else 1), abs(value) // least
    if policy == "any":
        return whole(Fraction(value * parts[number], least * SHARE)) * least
    exact = [divmod(size * share, SHARE) for share in parts.shares]
    left = size - sum(floor for floor, _ in exact)
    ranked = sorted(range(len(exact)), key=lambda n: (-exact[n][1], n))
    extra = 1 if number in ranked[:left] else 0
    return (exact[number][0] + extra) * least * sign
