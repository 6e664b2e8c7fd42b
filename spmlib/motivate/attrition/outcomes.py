"""Outcomes: who left, however a table says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import needed

if TYPE_CHECKING:
    import polars as pl

YES = ("yes", "y", "true", "1", "left", "leaver")
NO = ("no", "n", "false", "0", "stayed", "stayer")


def outcomes(rows: pl.DataFrame, name: str) -> Floats:
    """A column of outcomes as 0 and 1.

    Raises:
        ParameterError: it is not there, has empty cells, or holds other words.
    """
    import polars as pl

    needed(rows, (name,), "outcome")
    told = rows[name].fill_nan(None) if rows[name].dtype.is_float() else rows[name]
    if told.null_count():
        at = int(told.is_null().arg_max() or 0) + 1
        raise ParameterError(f"outcome '{name}', row {at}: it is empty; write yes or no.")
    words = told.cast(pl.Float64).cast(pl.Int64, strict=False) if told.dtype.is_float() else told
    if told.dtype.is_float() and not (words.cast(pl.Float64) == told).all():
        words = told
    plain = words.cast(pl.String).str.strip_chars().str.to_lowercase()
    wrong = plain.filter(~plain.is_in([*YES, *NO]))
    if len(wrong):
        raise ParameterError(
            f"outcome '{name}': '{wrong[0]}' is neither yes nor no; write yes/no, true/false or "
            "1/0 (1: left)."
        )
    return plain.is_in(list(YES)).to_numpy().astype(float)
