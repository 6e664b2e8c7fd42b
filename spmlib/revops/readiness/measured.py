"""Measured: how many planted rules are found, and how much of what is called a rule is one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from spmlib.revops.readiness.disguised import Found

if TYPE_CHECKING:
    import polars as pl

HALF = 0.5  # of a rule's rows, from which it counts as found; of what is called one, as right


@dataclass(frozen=True)
class Measured:
    """What was planted, and what was found; draws add up."""

    rules: int  # planted
    found: int  # of them: half of their rows and more are in one rule that was called
    called: int  # rules that were called
    right: int  # of them: more than half of their rows are of one planted
    rows: int  # planted as parts of rules
    rows_called: int
    rows_right: int  # called, and planted

    def __add__(self, other: Measured) -> Measured:
        """The sums of two draws."""
        return Measured(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def shares(self) -> dict[str, float | None]:
        """Recall and precision of rules and of rows; None of nothing."""
        pairs = {
            "rules_found": (self.found, self.rules),
            "rules_right": (self.right, self.called),
            "rows_found": (self.rows_right, self.rows),
            "rows_right": (self.rows_right, self.rows_called),
        }
        return {name: part / whole if whole else None for name, (part, whole) in pairs.items()}


def measured(found: Found, truth: pl.DataFrame, key: str = "adjustment_id") -> Measured:
    """What was found, against what was planted.

    Args:
        found: what is called a rule.
        truth: the key, and rule: the number of the one each row was planted for; -1 for none.
        key: the column that names a row, in both.
    """
    import polars as pl

    planted = truth.select(key, "rule").filter(pl.col("rule") >= 0).rename({"rule": "planted"})
    rows = found.rows.select(key, "rule").join(planted, on=key, how="left")
    called = rows.drop_nulls("rule")
    both = called.drop_nulls("planted").group_by("rule", "planted").agg(both=pl.len())
    sized = both.join(planted.group_by("planted").agg(all=pl.len()), on="planted").join(
        called.group_by("rule").agg(own=pl.len()), on="rule"
    )
    got = sized.filter(pl.col("both") >= HALF * pl.col("all"))["planted"].n_unique()
    right = sized.filter(pl.col("both") > HALF * pl.col("own"))["rule"].n_unique()
    return Measured(
        planted["planted"].n_unique(), got, called["rule"].n_unique(), right,
        len(planted), len(called), int(both["both"].sum()),
    )  # fmt: skip
