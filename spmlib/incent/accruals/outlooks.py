"""Outlooks: what people are expected to be credited with in windows that run on.

What is there, and what the months left bring::

    pace      rest / (gone + rest) x (credited + rest / (gone + rest) x usual)
    run rate  months left / months over x credited
    quota     rest / (gone + rest) x quota

gone and rest are what the months that are over, and those left, usually bring of a window: its
season, learnt from earlier windows of the component; usual is the quota times the attainment of
earlier windows, or where there is no quota what they brought. So at pace a person's own beginning
counts as far as the window is over, and what is usual for the rest of it. Who holds the plan for a
part of the window has only its months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.accruals.known import OWN, Known

if TYPE_CHECKING:
    import polars as pl

MOST = 3.0  # how far above its quota an earlier window is believed
GIVEN = ("payee_id", "component", "amount")


def expected(known: Known, outlook: str, given: pl.DataFrame | None = None) -> pl.DataFrame:
    """What every open window is expected to come to.

    Args:
        known: at the end of a period.
        outlook: pace, run_rate or quota.
        given: a forecast from elsewhere, of whole windows: payee_id, component, amount [plan
            currency, or units], with or without plan and window; it stands where it has a row,
            but for what is credited already.

    Returns:
        payee_id, plan, component, window, credited, expected [plan currency, or units], over and
        left (months), quota, target, personal_rate [ticks, shares].

    Raises:
        ParameterError: the given forecast lacks a column, or has a row twice.
    """
    import polars as pl

    rows = _open(known).join(_usual(known), on=[*OWN[1:]], how="left")
    gone, rest = pl.col("gone"), pl.col("rest")
    quota = pl.col("quota").fill_null(0) / MONEY
    whole = pl.when(gone + rest > 0).then(gone + rest).otherwise(1.0)
    usual = pl.when(quota > 0).then(quota * pl.col("reached")).otherwise(whole * pl.col("brought"))
    left = {
        "pace": rest / whole * (pl.col("credited") + rest / whole * usual),
        "run_rate": pl.col("credited") * pl.col("left") / pl.col("over"),
        "quota": rest / whole * quota,
    }[outlook]
    more = left.fill_null(0.0).clip(lower_bound=0.0)
    made = rows.with_columns(expected=pl.col("credited") + more)
    if given is not None:
        made = _with_given(made, given)
    columns = ("window", "credited", "expected", "over", "left", "quota", "target")
    return made.select(*OWN, *columns, "personal_rate").sort(*OWN, "window")


def _open(known: Known) -> pl.DataFrame:
    """The windows that run on, for who holds the plan in a month over and in one left."""
    import polars as pl

    placed = known.attained.join(known.windows, on=["window", "period"])
    seasoned = placed.join(_season(known), on=[*OWN[1:], "place"], how="left")
    weight = pl.col("weight").fill_null(1 / pl.col("places"))
    over = pl.col("period") <= known.period
    summed = seasoned.group_by(*OWN, "window").agg(
        credited=pl.col("credited").filter(over).sum() / MONEY,
        gone=weight.filter(over).sum(),
        rest=weight.filter(~over).sum(),
        over=over.sum(),
        left=(~over).sum(),
    )
    open_ = summed.filter(pl.col("over") > 0, pl.col("left") > 0)
    return open_.join(known.sticks, on=[*OWN, "window"], how="left")


def _whole(known: Known) -> pl.DataFrame:
    """What was credited in windows that are over, of which every month is there."""
    import polars as pl

    placed = known.attained.join(known.windows, on=["window", "period"])
    key = ["plan", "component", "window"]
    there = pl.col("period").n_unique() == pl.col("places").first()
    whole = placed.group_by(key).agg(whole=there & (pl.col("period").max() <= known.period))
    return placed.join(whole.filter("whole").select(key), on=key)


def _season(known: Known) -> pl.DataFrame:
    """The share of a window's credits that each of its months brings: weight by place."""
    import polars as pl

    key = ["plan", "component"]
    summed = _whole(known).group_by(*key, "place").agg(pl.col("credited").sum().clip(0))
    weight = pl.col("credited") / pl.col("credited").sum().over(key)
    seasoned = summed.filter(pl.col("credited").sum().over(key) > 0)
    return seasoned.select(*key, "place", weight=weight)


def _usual(known: Known) -> pl.DataFrame:
    """Attainment of earlier windows, and what they brought where there is no quota."""
    import polars as pl

    key = ["plan", "component"]
    placed = _whole(known).join(_season(known), on=[*key, "place"], how="left")
    summed = placed.group_by(*OWN, "window").agg(
        credited=pl.col("credited").sum() / MONEY, weight=pl.col("weight").fill_null(0).sum()
    )
    quotas = summed.join(known.sticks, on=[*OWN, "window"], how="left")
    quota = pl.col("quota").fill_null(0) / MONEY
    of = pl.col("credited").filter(quota > 0).sum() / quota.sum()
    brought = pl.col("credited").sum() / pl.col("weight").sum()
    found = quotas.group_by(key).agg(reached=of, brought=brought)
    clipped = pl.col("reached").fill_nan(1.0).fill_null(1.0).clip(0.0, MOST)
    every = known.attained.select(key).unique().join(found, on=key, how="left")
    return every.with_columns(reached=clipped, brought=pl.col("brought").fill_nan(0.0).fill_null(0))


def _with_given(rows: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    missing = [name for name in GIVEN if name not in given.columns]
    if missing:
        wrong = f"the forecast of windows has no column '{missing[0]}'"
        raise ParameterError(f"{wrong}; it needs {', '.join(GIVEN)}.")
    key = [name for name in (*OWN, "window") if name in given.columns]
    asked = given.select(*key, given=pl.col("amount").cast(pl.Float64))
    twice = asked.filter(asked.select(key).is_duplicated())
    if len(twice):
        said = " ".join(map(str, twice.select(key).row(0)))
        raise ParameterError(f"the forecast of windows has two rows of {said}; keep one of them.")
    joined = rows.join(asked, on=key, how="left")
    least = pl.max_horizontal("given", "credited")
    return joined.with_columns(
        expected=pl.when(pl.col("given").is_not_null()).then(least).otherwise("expected")
    )
