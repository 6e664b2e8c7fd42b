"""Arrays: what arrays of numbers are called in signatures."""

from __future__ import annotations

import numpy as np

Floats = np.ndarray  # of double precision: estimates, never money that is paid
Whole = np.ndarray  # of whole numbers
