"""Potentials: what each account could buy in a year, as somebody in marketing estimated it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from .commitments import won
from .customers import Customers
from .draws import Draws, rounded

USUAL = {"enterprise": 160_000, "mid_market": 45_000, "small": 12_000}  # US dollars a year
SIZES = ((0, 250), (2500, 560), (5000, 860), (7500, 1260), (9500, 2300), (10000, 4200))
MORE = (1050, 1900)  # of what was bought in the last year [thousandths]: from, to
STEP = 1_000  # US dollars


def potentials(firm: Customers, pursued: pl.DataFrame) -> dict[str, Sequence[object]]:
    """The table of account potentials: never less than what an account just bought."""
    draws = Draws("potentials")
    size = len(firm.names)
    usual = np.array([USUAL[s] for s in firm.segment.tolist()], np.int64)
    guess = usual * draws.spread(SIZES, size) // 1000
    bought = np.zeros(size, np.int64)
    rows = won(pursued).group_by("account").agg(pl.col("worth").sum())
    bought[rows["account"].to_numpy()] = rows["worth"].to_numpy()
    amount = np.maximum(guess, bought * draws.between(*MORE, size) // 1000)
    return {
        "account_id": firm.id(np.arange(size)).tolist(),
        "amount": [str(n) for n in np.maximum(STEP, rounded(amount, STEP)).tolist()],
        "currency": ["USD"] * size,
    }
