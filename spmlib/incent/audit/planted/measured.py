"""Measured: how many planted faults the audit finds, and how many of its findings are faults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.checks import CHECKS
from spmlib.incent.audit.planted import hands, lines, people, sharing
from spmlib.incent.audit.planted.copies import Planted, recent
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl

Plant = Callable[[Books, np.random.Generator, int], Planted]

FAULTS: dict[str, Plant] = {
    "duplicates": lines.duplicates,
    "over_credited": sharing.over_credited,
    "double_roll_ups": sharing.double_roll_ups,
    "leavers": people.leavers,
    "inactive": people.inactive,
    "changes": lines.changes,
    "outliers": people.outliers,
    "prices": lines.prices,
    "missing_splits": sharing.missing_splits,
    "opportunity_owners": sharing.opportunity_owners,
    "repeated_adjustments": hands.repeated_adjustments,
    "below_limit": hands.below_limit,
    "unapproved": hands.unapproved,
    "adjusted_twice": hands.adjusted_twice,
    "margins": lines.margins,
    "currencies": people.currencies,
    "totals": people.totals,
    "unexplained": people.unexplained,
}
BY_TRANSACTION = ("duplicates", "over_credited", "changes", "prices", "margins")


def measured(
    books: Books,
    policy: Policy,
    seeds: Sequence[int],
    many: int = 12,
    genuine: Collection[str] = (),
    kinds: Iterable[str] = tuple(FAULTS),
) -> pl.DataFrame:
    """Recall and precision by kind of fault, each kind planted in copies of its own.

    Defined as::

        recall    = planted faults found / planted faults
        precision = findings that are planted faults / findings that are no genuine ones

    of the check that is to find the kind, in the months in which faults are planted. What the
    check finds elsewhere in the same months counts against it, unless it is named as genuine.

    Args:
        books: of the company, to be copied.
        policy: what is looked for.
        seeds: one copy of the books for each kind and seed.
        many: faults of a kind in a copy.
        genuine: findings (finding_id) of the company's own that are no false alarms.
        kinds: names of `FAULTS`.

    Returns:
        kind, planted, found, findings (that are not genuine), recall, recall_low and recall_high
        (95 %), precision, precision_low and precision_high.
    """
    import polars as pl

    rows = []
    for kind in kinds:
        counts = np.sum(
            [_counted(books, policy, kind, seed, many, genuine) for seed in seeds], axis=0
        )
        planted, found, right, findings = (int(count) for count in counts)
        recall, precision = interval(found, planted), interval(right, findings)
        rows.append(
            {
                "kind": kind,
                "planted": planted,
                "found": found,
                "findings": findings,
                **_named("recall", recall),
                **_named("precision", precision),
            }
        )
    return pl.DataFrame(rows)


def interval(hits: int, of: int, sure: float = 1.959963984540054) -> tuple[float, float, float]:
    """A share and its interval in which it lies in 95 of 100 cases.

    Defined as::

        (hits + z^2/2 -+ z * sqrt(hits * (of - hits) / of + z^2/4)) / (of + z^2)

    Args:
        hits: of those counted.
        of: those counted; without any, nothing is known: (nan, 0, 1).
        sure: z, in standard deviations.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927).

    Example:
        >>> [round(part, 4) for part in interval(81, 263)]
        [0.308, 0.2553, 0.3662]
    """
    if of == 0:
        return float("nan"), 0.0, 1.0
    middle, square = hits + sure**2 / 2, sure**2
    wide = sure * sqrt(hits * (of - hits) / of + square / 4)
    low, high = (middle - wide) / (of + square), (middle + wide) / (of + square)
    return hits / of, max(0.0, low), min(1.0, high)


def keys(found: pl.DataFrame, kind: str) -> list[str]:
    """What findings of a check are about, as planted faults are named."""
    import polars as pl

    if kind in BY_TRANSACTION:
        return found["transaction_id"].to_list()
    about = pl.col("finding_id").str.strip_prefix(f"{kind}:")
    return found.select(about)["finding_id"].to_list()


def _counted(
    books: Books, policy: Policy, kind: str, seed: int, many: int, genuine: Collection[str]
) -> tuple[int, int, int, int]:
    """Planted, found, findings that are right, and findings that are not genuine."""
    import polars as pl

    rng = np.random.default_rng([seed, list(FAULTS).index(kind)])
    planted = FAULTS[kind](books, rng, many)
    months = recent(planted.books)
    found = CHECKS[kind](planted.books, policy).filter(
        pl.col("amount") >= max(policy.least, 1), pl.col("period").is_in(months)
    )
    found = found.filter(~pl.col("finding_id").is_in(list(genuine)))
    told, wanted = keys(found, kind), set(planted.keys)
    return len(wanted), len(wanted & set(told)), sum(key in wanted for key in told), len(told)


def _named(name: str, told: tuple[float, float, float]) -> Mapping[str, float]:
    return {name: told[0], f"{name}_low": told[1], f"{name}_high": told[2]}
