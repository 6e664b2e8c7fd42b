"""Prizes: what a place, a level or so many units of the score win, within the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core import conversion
from spmlib.core.tables import MONEY
from spmlib.rules.spiffs.written import Budget, Prize, Spiff

if TYPE_CHECKING:
    import polars as pl


def won(placed: pl.DataFrame, spiff: Spiff) -> pl.DataFrame:
    """Everybody's prize, and the file and line of what gives it.

    Defined as::

        prize = the place's amount (tied: their places' sum, shared equally)
                + the amount of the highest level reached + each * floor(score / per)

    and, beyond the budget, less of it for all, or nothing for who came later.

    Args:
        placed: payee_id, competing, score [ticks], place, tied, reached_date; a place that is
            empty wins nothing.
        spiff: what is won.

    Returns:
        The same with prize [ticks of the SPIFF's currency] and source; whole minor units, those
        left over by sharing go to the largest remainders, and of equal ones to the first ids.
    """
    import polars as pl

    unit = conversion.minor(spiff.currency)
    made = placed.with_columns(prize=pl.lit(0, pl.Int64), source=pl.lit(None, pl.String))
    for prizes in (
        _of_places(placed, spiff, unit),
        _of_levels(placed, spiff),
        _of_each(placed, spiff),
    ):
        if prizes is not None:
            joined = made.join(prizes, on="payee_id", how="left")
            made = joined.with_columns(
                prize=pl.col("prize") + pl.col("amount").fill_null(0),
                source=pl.coalesce("source", "at"),
            ).drop("amount", "at")
    if spiff.budget is not None:
        made = _within(made, spiff.budget, unit)
    return made


def _of_places(placed: pl.DataFrame, spiff: Spiff, unit: int) -> pl.DataFrame | None:
    import polars as pl

    if not spiff.places:
        return None
    table = _table(spiff.places, int).rename({"from": "nth"})
    takers = placed.filter(pl.col("place") <= len(spiff.places))
    if spiff.ties == "all":
        return takers.join(table, left_on="place", right_on="nth").select(
            "payee_id", "amount", "at"
        )
    taken = takers.join(table, how="cross").filter(
        pl.col("nth") >= pl.col("place"), pl.col("nth") < pl.col("place") + pl.col("tied")
    )
    pots = taken.group_by("payee_id", "competing", "place", "tied").agg(
        pot=pl.col("amount").sum(), at=pl.col("at").sort_by("nth").first()
    )
    even = pots.with_columns(weight=pl.lit(1, pl.Int64))
    return shared(even, "weight", ("competing", "place"), unit).select("payee_id", "amount", "at")


def _of_levels(placed: pl.DataFrame, spiff: Spiff) -> pl.DataFrame | None:
    import polars as pl

    if not spiff.levels:
        return None
    table = _table(spiff.levels, lambda score: int(score * MONEY))
    takers = placed.filter(pl.col("place").is_not_null()).sort("score")
    reached = takers.join_asof(table, left_on="score", right_on="from", strategy="backward")
    return reached.filter(pl.col("amount").is_not_null()).select("payee_id", "amount", "at")


def _of_each(placed: pl.DataFrame, spiff: Spiff) -> pl.DataFrame | None:
    import polars as pl

    if spiff.each is None:
        return None
    times = pl.col("score") // int(spiff.each.per * MONEY)
    if spiff.each.most is not None:
        times = pl.min_horizontal(times, pl.lit(spiff.each.most, pl.Int64))
    amount = times * int(spiff.each.amount * MONEY)
    takers = placed.filter(pl.col("place").is_not_null(), times > 0)
    return takers.select("payee_id", amount=amount, at=pl.lit(spiff.each.place))


def _within(made: pl.DataFrame, budget: Budget, unit: int) -> pl.DataFrame:
    """The prizes as the budget lets them be."""
    import polars as pl

    most = int(budget.amount * MONEY)
    if budget.over == "pay" or int(made["prize"].sum()) <= most:
        return made
    if budget.over == "share":
        pots = made.with_columns(pot=pl.lit(most, pl.Int64))
        cut = shared(pots, "prize", (), unit)
        return cut.with_columns(prize="amount").drop("amount", "pot")
    daily = made.group_by("reached_date").agg(day=pl.col("prize").sum()).sort("reached_date")
    left = daily.with_columns(pot=(most - pl.col("day").cum_sum() + pl.col("day")).clip(0))
    pots = made.join(left, on="reached_date", how="left", nulls_equal=True).with_columns(
        pot=pl.min_horizontal("pot", "day")
    )
    cut = shared(pots, "prize", ("reached_date",), unit)
    return cut.with_columns(prize="amount").drop("amount", "pot", "day")


def shared(pots: pl.DataFrame, by: str, over: tuple[str, ...], unit: int) -> pl.DataFrame:
    """What each row gets of its group's ``pot``, in proportion to a column, to the minor unit.

    Source: largest remainder; of equal remainders the first ids get the units left over.
    """
    import polars as pl

    group: list[Any] = list(over) or [pl.lit(0)]
    total = pl.col(by).sum().over(group)
    exact = (pl.col("pot") // unit).cast(pl.Int128) * pl.col(by).cast(pl.Int128)
    ratio = pots.with_columns(
        _whole=pl.when(total > 0).then(exact // total).otherwise(0).cast(pl.Int64),
        _rest=pl.when(total > 0).then(exact % total).otherwise(0).cast(pl.Int64),
        _units=pl.col("pot") // unit,
        _some=total > 0,
    ).sort("payee_id")
    turn = (pl.col("_rest") * -1).rank("ordinal").over(group)
    left = pl.when("_some").then(pl.col("_units") - pl.col("_whole").sum().over(group)).otherwise(0)
    extra = (turn <= left).cast(pl.Int64)
    amount = (pl.col("_whole") + extra) * unit
    return ratio.with_columns(amount=amount).drop("_whole", "_rest", "_units", "_some")


def _table(prizes: tuple[Prize, ...], scaled: Any) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {
            "from": [scaled(prize.at) for prize in prizes],
            "amount": [int(prize.amount * MONEY) for prize in prizes],
            "at": [prize.place for prize in prizes],
        },
        schema={"from": pl.Int64, "amount": pl.Int64, "at": pl.String},
    ).sort("from")
