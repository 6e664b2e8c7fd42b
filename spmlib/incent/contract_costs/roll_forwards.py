"""Roll-forwards: from what was carried at a period's begin to what is at its end.

    closing = opening + adopted + capitalised - amortised - written_off - clawed_back - impaired
              + reversed + exchange

Source: ASC 340-40-50-3, IFRS 15.127-128.
"""

from __future__ import annotations

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import CostRollForward, Table
from spmlib.incent.contract_costs.schedules import ALL, Lives

PLUS = ("adopted", "capitalised", "reversed", "exchange")
MINUS = ("amortised", "written_off", "clawed_back", "impaired")
KEY = ("group", "currency")


def roll_forward(
    of: Lives, by: str = ALL, first: str | None = None, last: str | None = None
) -> Table[CostRollForward]:
    """The asset's roll-forward by period, group and currency.

    Args:
        of: costs, as `schedules.lived` made them ready.
        by: a column of the costs, e.g. portfolio or team; all: of everything.
        first: the first period shown.
        last: the last one.
    """
    rows = of.sums(by, first, last).with_columns(exchange=pl.lit(0, dtype=pl.Int64))
    return engine.brought(rows.select(*CostRollForward.columns()))


def closed(movements: pl.DataFrame, opening: int = 0) -> pl.DataFrame:
    """Movements of periods in order, with what is carried before and after each.

    Args:
        movements: any of `PLUS` and `MINUS` [ticks]; those left out are 0.
        opening: what is carried before the first [ticks].

    Returns:
        The same rows with opening and closing.
    """
    known = movements.with_columns(
        **{name: pl.lit(0, dtype=pl.Int64) for name in (*PLUS, *MINUS) if name not in movements}
    )
    ends = known.with_columns(closing=opening + _net().cum_sum())
    return ends.with_columns(opening=pl.col("closing").shift(1, fill_value=opening))


def by_year(rolled: Table[CostRollForward], years: dict[str, str]) -> Table[CostRollForward]:
    """The same by year: the first opening, the last closing, movements summed.

    Args:
        rolled: by period.
        years: the year of each period.
    """
    rows = engine.collected(rolled).with_columns(
        year=pl.col("period").replace_strict(years, return_dtype=pl.String)
    )
    summed = rows.group_by(*KEY, "year", maintain_order=True).agg(
        pl.col("opening").first(),
        pl.col(*PLUS, *MINUS, "recovered").sum(),
        pl.col("closing", "current").last(),
    )
    return engine.brought(summed.rename({"year": "period"}).select(*CostRollForward.columns()))


def maturity(of: Lives, after: str, by: str = ALL) -> pl.DataFrame:
    """What becomes cost in each year to come, of what is carried at a period's end.

    Args:
        of: costs and those changes that are known by then.
        after: the period.
        by: as in `roll_forward`.

    Returns:
        group, year, amortised [ticks], currency. They add up to the closing of the period.

    Raises:
        ParameterError: something changes after the period: it was not known by then.
    """
    place = of.grid.named(after)
    ahead = of.sums(by).filter(pl.col("period").is_in(of.grid.names[place + 1 :]))
    moved = [name for name in (*MINUS, *PLUS) if name in ahead and name != "amortised"]
    if len(ahead) and ahead.select(pl.sum_horizontal(pl.col(moved).abs().sum())).item():
        wrong = f"something is capitalised or changed after {after}"
        raise ParameterError(f"{wrong}; give what was known by then alone.")
    years = dict(zip(of.grid.names, of.grid.years, strict=True))
    named = ahead.with_columns(year=pl.col("period").replace_strict(years, return_dtype=pl.String))
    summed = named.group_by("group", "currency", "year", maintain_order=True)
    made = summed.agg(pl.col("amortised").sum()).filter(pl.col("amortised") != 0)
    return made.select("group", "year", "amortised", "currency")


def broken(rolled: Table[CostRollForward]) -> pl.DataFrame:
    """The rows that do not add up, or do not open as the one before closed: none should."""
    rows = engine.collected(rolled)
    before = pl.col("closing").shift(1).over(KEY)
    wrong = (pl.col("opening") + _net() != pl.col("closing")) | (pl.col("opening") != before)
    return rows.filter(wrong.fill_null(False))


def _net() -> pl.Expr:
    return pl.sum_horizontal(*PLUS) - pl.sum_horizontal(*MINUS)
