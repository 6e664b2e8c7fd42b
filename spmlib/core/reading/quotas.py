"""Quotas without an end: each holds until the person's next one for the measure."""

from __future__ import annotations

from datetime import date

import polars as pl

from spmlib.core.reading import issues

OF = ["payee_id", "measure"]
AFTER = "spm:after"


def ended(frame: pl.DataFrame, last: date | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Quotas with an end in every row, and the issues of those that nothing ends.

    Args:
        frame: the quotas as they could be read.
        last: the day on which the calendar ends, if there is one.
    """
    starts = frame.select(*OF, "start_date").drop_nulls().unique().sort("start_date")
    after = starts.with_columns(pl.col("start_date").shift(-1).over(OF).alias(AFTER))
    joined = frame.join(after, on=[*OF, "start_date"], how="left", maintain_order="left")
    end = pl.coalesce("end_date", AFTER, pl.lit(last, pl.Date))
    made = joined.with_columns(end_date=end).drop(AFTER)
    what = "end_date is empty, and neither a later quota nor the calendar ends it"
    unended = pl.col("end_date").is_null() & pl.col("start_date").is_not_null()
    return made, issues.found(made, "quotas", unended, what, "write end_date, or a calendar")
