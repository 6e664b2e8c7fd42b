"""Fairness: whether some groups are flagged more often than others. They are never inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.rates import wilson

if TYPE_CHECKING:
    import polars as pl


def flagged(chance: Any, share: float) -> Floats:
    """Who is flagged: the likeliest to leave, as many as the share says (1) and the others (0).

    Where the last place is tied, none of those who tie is flagged.

    Example:
        >>> flagged([0.1, 0.4, 0.2, 0.3], 0.5).tolist()
        [0, 1, 0, 1]
    """
    p = np.asarray(chance, float)
    most = int(np.floor(share * len(p) + 1e-9))
    if not most:
        return np.zeros(len(p), int)
    order = np.sort(p)[::-1]
    limit = order[most - 1]
    tied = most < len(p) and order[most] == limit
    return (p > limit if tied else p >= limit).astype(int)


def flag_rates(
    flags: Any,
    groups: Any,
    columns: list[str] | None = None,
    fewest: int = 5,
    four_fifths: float = 0.8,
    sure: float = 0.95,
) -> pl.DataFrame:
    """How often people of each group are flagged, beside the group that is most often.

    Defined as::

        ratio = flagged share / highest flagged share of the column
        sign  = "below four fifths" where ratio < four_fifths
        p_value: Fisher's exact test of the group against all others of the column

    A sign is a question, not a finding: with few people it comes by chance, as its p-value says.

    Args:
        flags: payee_id and flagged (0 or 1).
        groups: payee_id and columns of protected groups.
        columns: which; all if not given.
        fewest: groups of fewer people are not shown.
        four_fifths: of the highest rate.
        sure: of the interval (Wilson).

    Returns:
        column, group, people, flagged, share, low, high, ratio, sign, p_value.

    Raises:
        ParameterError: columns are missing, a person comes twice, or a flag is neither 0 nor 1.

    Source:
        29 CFR 1607.4(D), Uniform Guidelines on Employee Selection Procedures (1978).
    """
    import polars as pl

    said, held = keyed(frame(flags), "flags"), keyed(frame(groups), "groups")
    needed(said, ("payee_id", "flagged"), "flags")
    needed(held, ("payee_id",), "groups")
    for name, table in (("flags", said), ("groups", held)):
        twice = table.filter(pl.col("payee_id").is_duplicated())["payee_id"]
        if len(twice):
            raise ParameterError(f"{name}: {twice[0]} comes twice; give each person one row.")
    if not said["flagged"].cast(pl.Int64).is_in([0, 1]).all():
        raise ParameterError("flags: a flag is neither 0 nor 1; write 1 for who is flagged.")
    named = columns or [name for name in held.columns if name != "payee_id"]
    needed(held, named, "groups")
    both = said.join(held, on="payee_id", how="left")
    made = [row for name in named for row in _of_column(both, name, fewest, four_fifths, sure)]
    kinds = {
        "column": pl.String, "group": pl.String, "people": pl.Int64, "flagged": pl.Int64,
        "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "ratio": pl.Float64,
        "sign": pl.String, "p_value": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(made, schema=kinds)


def fisher(one: int, of_one: int, other: int, of_other: int) -> float:
    """Fisher's exact test, two-sided, of two shares: the chance of a split as rare as this one.

    Example:
        >>> round(fisher(8, 10, 1, 6), 4)
        0.035
    """
    from scipy.special import gammaln

    both, every = one + other, of_one + of_other
    k = np.arange(max(0, both - of_other), min(both, of_one) + 1)

    def ways(of: Any, taken: Any) -> Any:
        return gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1)

    chance = np.exp(ways(of_one, k) + ways(of_other, both - k) - ways(every, both))
    return float(min(chance[chance <= chance[k == one][0] * (1 + 1e-7)].sum(), 1.0))


def _of_column(
    both: pl.DataFrame, name: str, fewest: int, four_fifths: float, sure: float
) -> list[dict[str, Any]]:
    import polars as pl

    word = pl.col(name).cast(pl.String).fill_null("not told")
    counts = both.group_by(word.alias("group")).agg(
        people=pl.len().cast(pl.Int64), flagged=pl.col("flagged").cast(pl.Int64).sum()
    )
    shown = counts.filter(pl.col("people") >= fewest).sort("group").to_dicts()
    most = max((row["flagged"] / row["people"] for row in shown), default=0.0)
    people, flags = int(counts["people"].sum()), int(counts["flagged"].sum())
    made = []
    for row in shown:
        share = row["flagged"] / row["people"]
        low, high = wilson(row["flagged"], row["people"], sure)
        ratio = share / most if most > 0 else None
        others = flags - row["flagged"], people - row["people"]
        p = fisher(row["flagged"], row["people"], *others) if others[1] > 0 else 1.0
        below = ratio is not None and ratio < four_fifths
        sign = "below four fifths" if below else ""
        ends = {"share": share, "low": low, "high": high, "ratio": ratio}
        made.append({"column": name} | row | ends | {"sign": sign, "p_value": p})
    return made
