"""Commitments: what account executives offer to bring in the coming year, each in their own way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from . import catalogue
from .days import END
from .draws import Draws, rounded
from .people import People
from .written import TICKS

YEAR = 365  # days
TEMPERS = (860, 1240)  # what somebody offers, of what they won in a year [thousandths]: from, to
LEAST, STEP = 400_000, 10_000  # US dollars
STRETCH = ("2027-01-01", "2028-01-01")


def commitments(people: People, pursued: pl.DataFrame) -> dict[str, Sequence[object]]:
    """The table of commitments: one row for each account executive of the last day."""
    draws = Draws("commitments")
    selling = sorted(
        s.person for s in people.stints if s.seat.role == "account_executive" and s.end >= END
    )
    came = won(pursued).group_by("owner").agg(pl.col("worth").sum())
    worth = dict(came.iter_rows())
    brought = np.array([worth.get(person, 0) for person in selling], np.int64)
    amount = brought * draws.between(*TEMPERS, len(selling)) // 1000
    amount = np.maximum(LEAST, rounded(amount, STEP))
    return {
        "payee_id": [people.id(person) for person in selling],
        "measure": ["new_bookings"] * len(selling),
        "start_date": [STRETCH[0]] * len(selling),
        "end_date": [STRETCH[1]] * len(selling),
        "amount": [str(n) for n in amount.tolist()],
        "currency": ["USD"] * len(selling),
    }


def won(pursued: pl.DataFrame) -> pl.DataFrame:
    """The deals won in the last year: owner, account, worth [US dollars]."""
    rows = pursued.filter(
        pl.col("won") & (pl.col("closed") >= END - YEAR) & (pl.col("closed") < END)
    )
    rate = np.array([catalogue.DOLLARS[c] for c in rows["currency"].to_list()], np.int64)
    worth = rows["amount"].to_numpy() // TICKS * (rate // 10_000) // 1_000_000
    return rows.select("owner", "account", worth=pl.Series(worth))
