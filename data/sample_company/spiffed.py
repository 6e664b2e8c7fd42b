"""Spiffed: a copy of the firm's bookings in which a SPIFF moved something, some of it from later.

Nothing of the kind is in the sample company. A copy in which it is shows whether a read-out finds
what was planted, and finds nothing where nothing was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

CENT = 100  # ticks


def planted(
    transactions: pl.DataFrame,
    who: Sequence[str],
    kind: str,
    window: tuple[date, date],
    after: tuple[date, date],
    lift: float,
    pulled: float,
    seed: int = 31,
) -> pl.DataFrame:
    """A copy of bookings in which some people brought more in a window, and less after it.

    Args:
        transactions: of the firm [ticks].
        who: the people, by id.
        kind: of what they brought more.
        window, after: first day, and first day no longer.
        lift: what is added, as a share of what was there; each booking by its own draw about it.
        pulled: the part of what is added that comes out of the time after.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    theirs = pl.col("owner_id").is_in(list(who)) & (pl.col("kind") == kind) & (pl.col("amount") > 0)
    early, late = (
        theirs & pl.col("event_date").is_between(*days, closed="left") for days in (window, after)
    )
    drawn = pl.Series(rng.gamma(4, 0.25, transactions.height))
    added = (pl.col("amount") * drawn * lift / CENT).round().cast(pl.Int64) * CENT
    rows = transactions.with_columns(extra=pl.when(early).then(added).otherwise(0))
    sums = {
        "taken": pl.col("extra").sum().over("currency"),
        "later": pl.col("amount").filter(late).sum().over("currency"),
    }
    rows = rows.with_columns(**sums)
    part = (pulled * pl.col("taken") / pl.max_horizontal("later", 1)).clip(0, 1)
    gone = (pl.col("amount") * part / CENT).round().cast(pl.Int64) * CENT
    amount = pl.col("amount") + pl.col("extra") - pl.when(late).then(gone).otherwise(0)
    return rows.with_columns(amount=amount).drop("extra", *sums)
