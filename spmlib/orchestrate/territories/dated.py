"""Dated: a plan as the rows that crediting uses: who had each account, until when, from when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from spmlib.core import engine
from spmlib.core.tables import AccountTerritories, Table


def dated(
    held: Table[AccountTerritories], planned: Mapping[str, str], day: date
) -> Table[AccountTerritories]:
    """The territories of accounts with a plan in force from a day on.

    Args:
        held: the rows so far.
        planned: the territory of each account from the day on; others stay as they are.
        day: the first on which the plan holds.

    Returns:
        The rows before the day as they were; of planned accounts, what would still hold then ends
        and what would begin later is left out, unless it is what is planned.
    """
    import polars as pl

    rows = engine.collected(held)
    plan = pl.DataFrame(
        {"account_id": list(planned), "planned": list(planned.values())},
        schema={"account_id": pl.String, "planned": pl.String},
    )
    both = rows.join(plan, on="account_id", how="left", maintain_order="left")
    asked = pl.col("planned").is_not_null()
    over = (pl.col("end_date") <= day).fill_null(False)
    ahead = pl.col("start_date") >= day
    stays = asked & ~over & ~ahead & (pl.col("territory_id") == pl.col("planned"))
    goes = asked & ~over & ~ahead & ~stays
    end = pl.when(stays).then(None).when(goes).then(pl.lit(day)).otherwise(pl.col("end_date"))
    before = both.filter(~(asked & ahead)).with_columns(end_date=end)
    kept = both.filter(stays).select("account_id")
    new = plan.join(kept, on="account_id", how="anti", maintain_order="left").select(
        "account_id", territory_id="planned", start_date=pl.lit(day)
    )
    names = list(AccountTerritories.columns())
    made = pl.concat([before.select(names), new], how="diagonal")
    return engine.brought(made.sort("account_id", "start_date").select(names))
