"""Automation: the share that the system does by itself, and what takes it past a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Taken:
    """An exception taken on, and the share once it is."""

    name: str
    size: float
    share: float


@dataclass(frozen=True)
class Cover:
    """What takes the share past a goal."""

    share: float | None  # now; None if there is nothing at all
    goal: float
    reached: float | None  # with what is taken
    taken: tuple[Taken, ...]
    enough: bool
    needs: int | None  # exceptions that the goal takes; None if all of them do not
    all: float | None  # share with every exception taken on

    @property
    def says(self) -> str:
        """What it takes, in a sentence."""
        if self.share is None or self.reached is None or self.all is None:
            return "Nothing is done by the system or by hand: there is no share."
        if not self.needs and self.needs is not None:
            return f"{self.share:.1%} are automated: the goal of {self.goal:.0%} is reached."
        if self.enough:
            return (
                f"{self.needs} take it from {self.share:.1%} to {self.reached:.1%}; "
                f"the goal is {self.goal:.0%}."
            )
        if self.needs is not None:
            return (
                f"{len(self.taken)} take it to {self.reached:.1%} only; "
                f"{self.needs} reach the goal of {self.goal:.0%}."
            )
        return (
            f"All exceptions together take it to {self.all:.1%}; the goal of {self.goal:.0%} "
            "also takes work that no cluster holds."
        )


def share(automated: float, manual: float) -> float | None:
    """The share that is automated; None of nothing.

    Defined as::

        automated / (automated + manual)

    >>> share(30, 10)
    0.75
    """
    for size in (automated, manual):
        if size < 0:
            raise ParameterError(f"a size of {size} is below 0; give absolute amounts.")
    whole = Fraction(automated) + Fraction(manual)
    return float(Fraction(automated) / whole) if whole else None


def shares(automated: pl.DataFrame, manual: pl.DataFrame) -> pl.DataFrame:
    """The share automated by month, of lines and of money.

    A line counts as it is, whatever its sign; money is absolute amounts, so that what is taken
    does not hide what was given. Months in which nothing happened have no row.

    Args:
        automated, manual: period, amount: one row per line.

    Returns:
        period, lines, by_hand, lines_share, money, money_by_hand, money_share.
    """
    import polars as pl

    def sums(rows: pl.DataFrame, lines: str, money: str) -> pl.DataFrame:
        made = {lines: pl.len().cast(pl.Int64), money: pl.col("amount").abs().sum()}
        return rows.group_by("period").agg(**made)

    left = sums(automated, "lines", "money")
    right = sums(manual, "by_hand", "money_by_hand")
    both = left.join(right, on="period", how="full", coalesce=True).fill_null(0).sort("period")
    whole = {"lines_share": ("lines", "by_hand"), "money_share": ("money", "money_by_hand")}
    made = {name: pl.col(a) / (pl.col(a) + pl.col(b)) for name, (a, b) in whole.items()}
    tidy = both.with_columns(**{name: pl.when(e.is_finite()).then(e) for name, e in made.items()})
    return tidy.select(
        "period", "lines", "by_hand", "lines_share", "money", "money_by_hand", "money_share"
    )


def cover(
    automated: float, exceptions: Mapping[str, float], goal: float, most: int, other: float = 0
) -> Cover:
    """The fewest exceptions that take the share to a goal, at most so many.

    The share is additive: whatever set is taken, it rises by the sum of its sizes over a whole
    that stays the same. So no set of k beats the k largest, and taking the largest first reaches
    the goal with the fewest. Of equal size the first name comes first. A goal is reached at it.

    Args:
        automated: what the system does: lines, or absolute money.
        exceptions: size by name, absolute.
        goal: share from 0 to 1.
        most: exceptions that may be taken on.
        other: done by hand and in no exception, such as the register.

    Raises:
        ParameterError: a size is negative, the goal is no share, or `most` is below 1.
    """
    if not 0 <= goal <= 1 or most < 1:
        wrong = f"a goal of {goal} within {most} exceptions means nothing"
        raise ParameterError(f"{wrong}; give a share from 0 to 1, and at least one.")
    for name, size in [("automated", automated), ("other", other), *exceptions.items()]:
        if not size >= 0:
            raise ParameterError(f"'{name}' has size {size}; give absolute amounts.")
    order = sorted(exceptions, key=lambda name: (-Fraction(exceptions[name]), name))
    sizes = [Fraction(exceptions[name]) for name in order]
    whole = Fraction(automated) + sum(sizes, Fraction(0)) + Fraction(other)
    if not whole:
        return Cover(None, goal, None, (), False, None, None)
    sums = [Fraction(automated)]
    for each in sizes:
        sums.append(sums[-1] + each)
    met = [place for place, found in enumerate(sums) if found >= Fraction(repr(goal)) * whole]
    needs = met[0] if met else None
    count = min(most, len(order) if needs is None else needs)
    taken = tuple(
        Taken(name, float(size), float(found / whole))
        for name, size, found in zip(order[:count], sizes, sums[1:], strict=False)
    )
    enough = needs is not None and needs <= most
    reached = float(sums[count] / whole)
    return Cover(
        float(sums[0] / whole), goal, reached, taken, enough, needs, float(sums[-1] / whole)
    )
