"""Checks: all that pay is looked through for, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spmlib.incent.audit import (
    by_hand,
    changes,
    credited,
    digits,
    duplicates,
    leavers,
    missing_splits,
    outliers,
    standings,
    totals,
)
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl

Check = Callable[[Books, Policy], "pl.DataFrame"]

CHECKS: dict[str, Check] = {
    "duplicates": duplicates.duplicates,
    "over_credited": credited.over_credited,
    "double_roll_ups": credited.double_roll_ups,
    "leavers": leavers.leavers,
    "inactive": standings.inactive,
    "changes": changes.changes,
    "outliers": outliers.outliers,
    "prices": outliers.prices,
    "missing_splits": missing_splits.missing_splits,
    "opportunity_owners": missing_splits.opportunity_owners,
    "repeated_adjustments": by_hand.repeated_adjustments,
    "below_limit": by_hand.below_limit,
    "unapproved": by_hand.unapproved,
    "adjusted_twice": by_hand.adjusted_twice,
    "digits": digits.digits,
    "margins": standings.margins,
    "currencies": standings.currencies,
    "totals": totals.totals,
    "unexplained": totals.unexplained,
}
SAYS = {
    "duplicates": "Booked twice",
    "over_credited": "Credited above policy",
    "double_roll_ups": "Rolled up twice",
    "leavers": "Paid after leaving",
    "inactive": "Paid without a position",
    "changes": "Changed after pay",
    "outliers": "Far above own months",
    "prices": "Far above usual prices",
    "missing_splits": "Usually shared, and not now",
    "opportunity_owners": "Pursued by somebody else",
    "repeated_adjustments": "Adjusted month after month",
    "below_limit": "Just below a limit",
    "unapproved": "Approved by nobody else",
    "adjusted_twice": "Adjusted twice",
    "digits": "First digits of adjustments",
    "margins": "Paid on a loss",
    "currencies": "Currency does not fit",
    "totals": "Plan's total above expectation",
    "unexplained": "Does not add up",
}
