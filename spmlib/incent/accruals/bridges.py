"""Bridges: why a month costs something else than the one before, in steps that add up exactly.

With E what a component earned in a month, as known at its end, of credits X, for those who hold it
in both::

    joined, left  what those earned who hold a plan in one of the months only
    volume        (X now - X then) x E then / X then
    rate          the rest of what E moved: another place on the curve, limits, terms
    estimates     what was expected late, and what methods add; less that of the month before
    known since   what became known of earlier months
    taxes         the employer's
    currency      what the same amounts are worth at the other month's rates

Steps are told in the currency of each plan or payroll and read at the rates of the month before;
what is left of a cent belongs to rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.known import OWN, Known
from spmlib.incent.accruals.late import rounded
from spmlib.incent.accruals.month import Month
from spmlib.incent.summaries.overview import figures
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

STEPS = {
    "joined": "People who joined",
    "left": "People who left",
    "volume": "More or less credited",
    "rate": "Place on the curve",
    "estimates": "Estimates",
    "known_since": "Known since",
    "taxes": "Employer taxes",
    "currency": "Currency",
}
ESTIMATES = ("late", "smoothed", "reversed")


def bridge(books: Books, then: Month, now: Month, currency: str) -> pd.DataFrame:
    """How the cost of a month becomes that of the next one, taxes included.

    Args:
        books: of the company.
        then: the month before.
        now: the month.
        currency: to read amounts in.

    Returns:
        step, amount, start, end [currency]: the month before, each step of `STEPS` that is not 0,
        the month.
    """
    import polars as pl

    local = steps(books, then, now).with_columns(period=pl.lit(then.period))
    told = dict(_worth(local, books, currency, "step").iter_rows())
    total = _totals(now)
    before, same, after = (
        int(_worth(rows.with_columns(period=pl.lit(at)), books, currency, "period")["amount"].sum())
        for rows, at in ((_totals(then), then.period), (total, then.period), (total, now.period))
    )
    told["currency"] = after - same
    told["rate"] = told.get("rate", 0) + after - before - sum(told.values())  # cents of rounding
    told = {name: told[name] for name in STEPS if told.get(name)}
    amounts = [before, *told.values(), after]
    ends = [sum(amounts[: place + 1]) for place in range(len(amounts) - 1)]
    rows = pl.DataFrame(
        {
            "step": [then.period, *(STEPS[name] for name in told), now.period],
            "amount": amounts,
            "start": [0, *ends[:-1], 0],
            "end": [*ends, after],
        }
    )
    return figures(engine.brought(rows))


def steps(books: Books, then: Month, now: Month) -> pl.DataFrame:
    """The steps in their own currencies: step, currency, amount [ticks]; all but currency."""
    import polars as pl

    key = [*OWN, "currency"]
    sides = [_side(books.ends(month.period), month) for month in (then, now)]
    both = sides[0].join(
        sides[1], on=key, how="full", nulls_equal=True, coalesce=True, suffix="_now"
    )
    numbers = pl.exclude(*key, "there", "there_now")
    filled = both.with_columns(
        numbers.fill_null(0), pl.col("there", "there_now").fill_null(False)
    ).with_columns(pl.col("there", "there_now").max().over("payee_id"))
    moved = pl.col("earned_now") - pl.col("earned")
    stayed, came = pl.col("there") & pl.col("there_now"), pl.col("there_now")
    parts = [
        filled.filter(~pl.col("there") & came).select(
            "currency", step=pl.lit("joined"), amount=moved
        ),
        filled.filter(~came).select("currency", step=pl.lit("left"), amount=moved),
        *_of_curves(filled.filter(stayed)),
        *(
            filled.select(
                "currency", step=pl.lit(name), amount=pl.col(f"{name}_now") - pl.col(name)
            )
            for name in ("estimates", "known_since")
        ),
        *(
            month.taxes.select("currency", step=pl.lit("taxes"), amount=sign * pl.col("charged"))
            for month, sign in ((then, -1), (now, 1))
        ),
    ]
    return pl.concat(parts).group_by("step", "currency").agg(pl.col("amount").sum())


def _side(known: Known, month: Month) -> pl.DataFrame:
    """What each person's component earned and was credited in a month, and whether it is held."""
    import polars as pl

    key = [*OWN, "currency"]
    charged = month.charged.group_by(key).agg(
        pl.col("earned").sum(),
        estimates=pl.sum_horizontal(ESTIMATES).sum(),
        known_since=pl.col("corrected").sum(),
    )
    currencies = known.earned.select("plan", "currency").unique()
    held = known.attained.filter(pl.col("period") == known.period).join(currencies, on="plan")
    credited = held.group_by(key).agg(pl.col("credited").sum(), there=pl.lit(True))
    return charged.join(credited, on=key, how="full", nulls_equal=True, coalesce=True)


def _of_curves(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Volume and rate, component by component."""
    import polars as pl

    columns = ("earned", "earned_now", "credited", "credited_now")
    summed = rows.group_by(*OWN[1:], "currency").agg(pl.col(*columns).sum())
    more = pl.col("credited_now") - pl.col("credited")
    price = pl.col("earned") / pl.col("credited")
    volume = pl.when(pl.col("credited") > 0).then(more * price).otherwise(0.0)
    told = summed.with_columns(volume=rounded(volume, "currency"))
    rest = pl.col("earned_now") - pl.col("earned") - pl.col("volume")
    return [
        told.select("currency", step=pl.lit("volume"), amount="volume"),
        told.select("currency", step=pl.lit("rate"), amount=rest),
    ]


def _totals(month: Month) -> pl.DataFrame:
    """What a month costs, by currency: currency, amount [ticks]."""
    import polars as pl

    parts = [
        month.charged.select("currency", "amount"),
        month.taxes.select("currency", amount="charged"),
    ]
    return pl.concat(parts).group_by("currency").agg(pl.col("amount").sum())


def _worth(rows: pl.DataFrame, books: Books, currency: str, by: str) -> pl.DataFrame:
    """Amounts in one currency, summed by a column: that, amount [ticks]."""
    import polars as pl

    read = engine.collected(worth(engine.brought(rows), books.company, currency))
    return read.group_by(by).agg(pl.col("amount").sum())
