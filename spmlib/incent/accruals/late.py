"""Late: what a month has earned that is not yet known when it ends.

Learnt from earlier months of the same place (in its window where that is a quarter or a half year,
in its quarter otherwise): the share of what a component earned that became known only after the
month, times what each person usually earns in it there::

    late = share late x mean earned

So objectives that are scored after the quarter are expected whole, and orders that are booked late
as far as some always are. It is reversed with the next month's end, when they are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.conversion import minor
from spmlib.core.tables import MONEY
from spmlib.incent.accruals.known import OWN, Known
from spmlib.incent.accruals.written import Late

if TYPE_CHECKING:
    import polars as pl

CELL = ["plan", "component", "place"]


def expected(known: Known, learnt: Late) -> pl.DataFrame:
    """What is expected to become known of the month that ended.

    Returns:
        payee_id, plan, component, window, currency, late [ticks, whole minor units]; not 0.
    """
    import polars as pl

    months = known.windows.filter(pl.col("places") == 1)["period"].sort().to_list()
    last = months.index(known.period) - learnt.settled
    learning = months[max(last - learnt.months + 1, 0) : last + 1]
    placed = _placed(known)
    own = placed.filter(pl.col("period").is_in(learning))
    here = placed.filter(pl.col("period") == known.period)
    shares, people, every = _shares(own), _means(own, [*OWN, "place"]), _means(own, CELL)
    rows = (
        here.join(shares, on=CELL)
        .join(people, on=[*OWN, "place"], how="left")
        .join(every.rename({"mean": "usual"}), on=CELL, how="left")
    )
    estimate = pl.col("share") * pl.coalesce("mean", "usual").fill_null(0.0)
    late = rounded(estimate, "currency")
    made = rows.with_columns(late=late).filter(pl.col("late") != 0)
    return made.select(*OWN, "window", "currency", "late").sort(*OWN)


def rounded(estimate: pl.Expr, currency: str) -> pl.Expr:
    """An estimate [ticks] as whole minor units of its currency, halves away from zero [ticks]."""
    import polars as pl

    unit = pl.col(currency).replace_strict(_units(), return_dtype=pl.Int64)
    whole = (estimate.abs() / unit + 0.5).floor().cast(pl.Int64) * unit
    return pl.when(estimate < 0).then(-whole).otherwise(whole)


def _placed(known: Known) -> pl.DataFrame:
    """Who holds which component in which month, and what it earned in how much of it late."""
    import polars as pl

    quarter = known.windows.filter(pl.col("places") == 3).select("period", in_quarter="place")
    held = known.attained.filter(pl.col("period") <= known.period)
    told = held.join(known.windows, on=["window", "period"]).join(quarter, on="period")
    inside = pl.col("places").is_in([3, 6])
    earned = known.earned.group_by(*OWN, "period").agg(
        pl.col("amount").sum(), pl.col("currency").first()
    )
    currencies = known.earned.group_by("plan").agg(pl.col("currency").first())
    return (
        told.select(
            *OWN,
            "window",
            "period",
            place=pl.when(inside).then(pl.col("place")).otherwise(pl.col("in_quarter")),
        )
        .join(earned.drop("currency"), on=[*OWN, "period"], how="left")
        .join(known.late, on=[*OWN, "period"], how="left")
        .join(currencies, on="plan")
        .with_columns(pl.col("amount", "booked", "late").fill_null(0))
    )


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    """The share of what was booked that was late, between none and all of it."""
    import polars as pl

    summed = rows.group_by(CELL).agg(pl.col("booked", "late").sum())
    there = summed.filter(pl.col("booked") > 0)
    share = (pl.col("late") / pl.col("booked")).clip(-1.0, 1.0)
    return there.select(*CELL, share=share)


def _means(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    import polars as pl

    return rows.group_by(by).agg(mean=pl.col("amount").mean())


def _units() -> dict[str, int]:
    from spmlib.core.money import CURRENCIES

    return {code: minor(code) for code in CURRENCIES if 10 ** CURRENCIES[code] <= MONEY}
