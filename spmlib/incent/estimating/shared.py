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
    import numpy as np


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


def part_of(value: int, unit: int, parts: Parts, number: int, policy: str) -> int:
    """A part by largest remainder; with ``any``, each share by itself.

    Args:
        value: of the whole [ticks].
        unit: the least that is divided, if the value is whole in it [ticks].
        parts: who has what.
        number: of the part, 0 the owner's.
        policy: of the company.
    """
    least = unit if value % unit == 0 else 1
    sign, size = (-1 if value < 0 else 1), abs(value) // least
    if policy == "any":
        return whole(Fraction(value * parts[number], least * SHARE)) * least
    exact = [divmod(size * share, SHARE) for share in parts.shares]
    left = size - sum(floor for floor, _ in exact)
    ranked = sorted(range(len(exact)), key=lambda n: (-exact[n][1], n))
    extra = 1 if number in ranked[:left] else 0
    return (exact[number][0] + extra) * least * sign


def equal(
    values: np.ndarray, unit: np.ndarray, part: np.ndarray, sharing: np.ndarray
) -> np.ndarray:
    """Each an equal number of units; those left over go to the first.

    Args:
        values: of the wholes [ticks].
        unit: the least that is divided [ticks].
        part: whose it is, from 1.
        sharing: among how many.
    """
    import numpy as np

    least = np.where(values % unit == 0, unit, 1)
    size = np.abs(values) // least
    floor = size // sharing
    extra = part <= size - floor * sharing
    return (floor + extra) * least * np.where(values < 0, -1, 1)


def scaled(values: np.ndarray, unit: np.ndarray, share: np.ndarray | int) -> np.ndarray:
    """Values times a share in parts of 10^8, rounded to the unit, halves away from zero.

    In 64 bits: what is whole in 10^8 is multiplied apart from the rest, so that nothing wraps.
    """
    import numpy as np

    least = np.where(values % unit == 0, unit, 1)
    high, low = np.divmod(np.abs(values) // least, SHARE)
    whole_, rest = np.divmod(low * share, SHARE)
    size = high * share + whole_ + (2 * rest >= SHARE)
    return size * least * np.where(values < 0, -1, 1)
