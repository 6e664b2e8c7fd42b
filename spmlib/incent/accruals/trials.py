"""Trials: how good each method would have been, month by month, with what was known then.

A month's charge is set beside two truths. What the month earned, as it is known now: point in time
aims at that. And its share of what its windows cost in the end: the methods that look ahead aim at
that::

    share = cost of the window x credited in the month / credited in all

or by months where the policy says over_time; with cost and credits of windows that are not over yet
as they are expected now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.accruals import costs
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.known import OWN, Known
from spmlib.incent.accruals.late import rounded
from spmlib.incent.accruals.to_date import KEY, to_date
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

POLICY = "policy"
TRIED = (POLICY, "point_in_time", "effective_rate", "simulated")
TRUTHS = ("earned", "share")
AMOUNTS = ("charged", *TRUTHS)


def trials(
    books: Books,
    months: Sequence[str],
    now: str,
    currency: str,
    methods: Iterable[str] = TRIED,
) -> pd.DataFrame:
    """What each month would have been charged with by each method, beside what came of it.

    Args:
        books: of the company.
        months: that are over, in order.
        now: the month at whose end truths are told.
        currency: to read amounts in.
        methods: of `written.METHODS`; policy: as the policy says for each component.

    Returns:
        period, method, charged, earned, share [currency, estimates].
    """
    import polars as pl

    at = cache(partial(_to_date, books))
    charged = [_charged(books, at, month, method) for method in methods for month in months]
    rows = pl.concat(charged).join(truths(books, now), on=["period", "currency"], how="left")
    filled = rows.with_columns(pl.col(AMOUNTS).fill_null(0))
    tried = _read(filled, books, currency)
    order = {method: place for place, method in enumerate(methods)}
    return tried.sort_values(["method", "period"], key=lambda c: c.replace(order)).reset_index(
        drop=True
    )


def errors(tried: pd.DataFrame) -> pd.DataFrame:
    """How far each method was from both truths.

    Args:
        tried: of `trials`.

    Returns:
        method, and of each truth bias (mean difference) and error (mean absolute difference), both
        over the mean of the truth: earned_bias, earned_error, share_bias, share_error.
    """
    import pandas as pd

    made = []
    for method, rows in tried.groupby("method", sort=False):
        told: dict[str, object] = {"method": method}
        for truth in TRUTHS:
            off, usual = rows["charged"] - rows[truth], rows[truth].abs().mean()
            told[f"{truth}_bias"] = off.mean() / usual if usual else float("nan")
            told[f"{truth}_error"] = off.abs().mean() / usual if usual else float("nan")
        made.append(told)
    return pd.DataFrame(made)


def truths(books: Books, now: str) -> pl.DataFrame:
    """What months earned, and their share of what their windows cost, as told at a month's end.

    Returns:
        period, currency, earned, share [ticks].
    """
    import polars as pl

    known = books.ends(now)
    costing = _windows(books, known)
    key = [*OWN, "window", "period"]
    earned = known.earned.group_by([*KEY, "period"]).agg(earned=pl.col("amount").sum())
    own = known.attained.filter(pl.col("period") <= now).join(costing, on=[*OWN, "window"])
    part = (
        pl.when("by_time")
        .then(1 / pl.col("months"))
        .otherwise(pl.col("credited") / (MONEY * pl.col("whole")))
    )
    shared = own.with_columns(share=pl.col("cost") * part).select(*key, "share", "currency")
    both = earned.join(shared, on=[*key, "currency"], how="full", nulls_equal=True, coalesce=True)
    told = both.with_columns(
        pl.col("earned").fill_null(0),
        share=rounded(pl.coalesce("share", pl.col("earned").cast(pl.Float64)), "currency"),
    )
    return told.group_by("period", "currency").agg(pl.col(TRUTHS).sum())


def _windows(books: Books, known: Known) -> pl.DataFrame:
    """Each window that a method may look ahead in: what it costs and is credited in all.

    Returns:
        payee_id, plan, component, window, currency, cost [ticks], whole, months, by_time.
    """
    import polars as pl

    curves = costs.components(known, books.parameters)
    names = [
        (plan, name, books.policy.method(plan, name).name == "over_time")
        for (plan, name), of in curves.items()
        if of.curved and of.length > 1
    ]
    looked = pl.DataFrame(names, [*OWN[1:], "by_time"], orient="row")
    now = to_date(known, books.parameters, books.policy, "effective_rate")
    over = pl.col("period") <= known.period
    credited = known.attained.group_by(*OWN, "window").agg(
        whole=pl.col("credited").filter(over).sum() / MONEY, months=pl.len()
    )
    ahead = pl.col("rate") * pl.col("forecast") * MONEY
    told = now.join(looked, on=OWN[1:]).join(credited, on=[*OWN, "window"])
    made = told.with_columns(
        cost=pl.coalesce(ahead, pl.col("earned").cast(pl.Float64)),
        whole=pl.coalesce("forecast", "whole"),
    )
    return made.filter((pl.col("whole") > 0) | pl.col("by_time")).select(
        *KEY, "cost", "whole", "months", "by_time"
    )


def _charged(
    books: Books, at: Callable[[str, str], pl.DataFrame], month: str, method: str
) -> pl.DataFrame:
    """What a month would have been charged with: period, method, currency, charged [ticks]."""
    import polars as pl

    last = books.before(month)
    parts = [at(month, method)]
    if last is not None:
        parts.append(at(last, method).with_columns(-pl.col("charged")))
    summed = pl.concat(parts).group_by("currency").agg(pl.col("charged").sum())
    return summed.select("currency", "charged", period=pl.lit(month), method=pl.lit(method))


def _to_date(books: Books, month: str, method: str) -> pl.DataFrame:
    """What would have been taken as cost by a month's end, by currency [ticks]."""
    import polars as pl

    said = "" if method == POLICY else method
    rows = to_date(books.ends(month), books.parameters, books.policy, said)
    charged = pl.sum_horizontal("earned", "late", "smoothed").sum()
    return rows.group_by("currency").agg(charged=charged)


def _read(rows: pl.DataFrame, books: Books, currency: str) -> pd.DataFrame:
    """Amounts of all currencies in one, as numbers."""
    import polars as pl

    long = rows.unpivot(AMOUNTS, index=["period", "method", "currency"], value_name="amount")
    read = engine.collected(worth(engine.brought(long), books.company, currency))
    wide = read.pivot(
        "variable", index=["period", "method"], values="amount", aggregate_function="sum"
    )
    made = wide.select("period", "method", *(pl.col(name) / MONEY for name in AMOUNTS))
    return made.to_pandas()
