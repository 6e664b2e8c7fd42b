"""Plain: numbers and arrays alike, checked once before they are computed with."""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError


def numbers(values: Any, what: str) -> Floats:
    """Numbers in double precision, whatever they came as.

    Raises:
        ParameterError: one is no finite number.
    """
    try:
        made = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        made = np.array(np.nan)
    if not np.isfinite(made).all():
        raise ParameterError(f"{what}: there is a value that is no number; leave it out.")
    return made


def positive(values: Any, what: str) -> Floats:
    """As `numbers`, all above 0."""
    made = numbers(values, what)
    if (made <= 0).any():
        raise ParameterError(f"{what}: {made.min():g} is not above 0; give amounts above 0.")
    return made


def some(values: Any, what: str) -> Floats:
    """As `numbers`, one after the other, at least one of none below 0."""
    made = np.atleast_1d(numbers(values, what))
    if made.size == 0:
        raise ParameterError(f"{what}: there is no value; give one or more.")
    if (made < 0).any():
        raise ParameterError(f"{what}: {made.min():g} is below 0; give values of 0 or more.")
    return made


def bare(made: Any) -> Any:
    """A number where numbers were given, an array where one was."""
    return float(made) if np.ndim(made) == 0 else made
