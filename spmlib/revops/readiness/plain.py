"""Plain: a table of adjustments looked through in one call, whatever it was made with."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import clusters, disguised
from spmlib.revops.readiness.disguised import Found
from spmlib.revops.readiness.written import Policy

if TYPE_CHECKING:
    import polars as pl


def looked_through(
    adjustments: Any, policy: Policy, credited: Any = None, names: Collection[str] = ()
) -> Found:
    """The rules that hide in a table of adjustments.

    Args:
        adjustments: period, amount, and what is there of payee_id, cause, reason, component,
            currency, unit: a polars or pandas table, a list of rows or a mapping of columns.
        policy: what is decided; `written.read` reads it.
        credited: payee_id, period, measure, value, likewise: what an amount may be a rate of.
        names: words that say who, not why, as `wording.names` gives.

    Raises:
        ParameterError: a column is missing, or it is no table.

    >>> policy = Policy(0.8, 10, 0.5, 3, 0.05, 0.8)
    >>> paid = {"period": [1, 2, 3], "payee_id": ["A"] * 3, "amount": [20, 30, 50]}
    >>> sold = {**paid, "measure": ["bookings"] * 3, "value": [1000, 1500, 2500]}
    >>> looked_through(paid, policy, sold).rules.select("kind", "measure", "value").row(0)
    ('rate', 'bookings', 0.02)
    """
    known = None if credited is None else _periods(_frame(credited, "what was credited"))
    rows = clusters.clustered(_frame(adjustments, "adjustments"), policy.similar, names)
    return disguised.found(_periods(rows), policy, known)


def _frame(given: Any, what: str) -> pl.DataFrame:
    import polars as pl

    if isinstance(given, pl.DataFrame):
        return given
    try:
        if hasattr(given, "iloc"):
            return pl.from_pandas(given)
        return pl.DataFrame(given, infer_schema_length=None)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        wrong = f"{what} make no table ({str(error).splitlines()[0]})"
        raise ParameterError(f"{wrong}; give rows with the same columns.") from None


def _periods(rows: pl.DataFrame) -> pl.DataFrame:
    """With periods as words, so that both tables say them alike."""
    import polars as pl

    if "period" not in rows.columns:
        return rows
    return rows.with_columns(pl.col("period").cast(pl.String))
