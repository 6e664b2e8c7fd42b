"""Horizons: the chance to leave within 3, 6 and 12 months, with its interval, from a month on.

What is known today says less of the tenth month ahead than of the next. So every past month is
taken as a day on which one stood: the hazard of each span ahead (up to 3, from 3 to 6, from 6 to
12 months) is a logistic regression on what was known then, whose coefficients change from span to
span along a line. Features are not foretold, and none is taken to stay as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import AttritionRisks
from spmlib.motivate.attrition import designs, logistic
from spmlib.motivate.attrition.designs import Design
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.logistic import Maximum

if TYPE_CHECKING:
    import polars as pl

MOST = 150_000  # stacked rows learnt from; above, months are thinned
FREE = 10.0  # the spans' own columns are as large, so that the penalty hardly holds them
FIRST = 0.75  # part of the months on which one stood that are learnt from to choose the penalty


@dataclass(frozen=True)
class Horizons:
    """Fitted chances of spans ahead.

    Attributes:
        edges: in months, from 0.
        design: how rows become columns.
        found: coefficients of all spans.
        covariance: of the coefficients, over people.
        penalty: chosen out of time.
        rows, leavers: stacked rows learnt from, and those of them who left.
    """

    edges: tuple[int, ...]
    design: Design
    found: Maximum
    covariance: Floats
    penalty: float
    rows: int
    leavers: int

    def stays(self, rows: Any, coefficients: Floats | None = None) -> Floats:
        """The chance to be still there after each edge but 0: rows x edges (x draws)."""
        b = self.found.coefficients if coefficients is None else coefficients
        stay = [1 - logistic.chances(columns @ b) for columns in self.spans(rows)]
        return np.cumprod(np.stack(stay), axis=0).swapaxes(0, 1)

    def spans(self, rows: Any) -> list[Floats]:
        """The columns of each span."""
        plain = self.design.columns(frame(rows))[:, 1:]
        count = len(self.edges) - 1
        return [_columns(plain, k, count) for k in range(count)]

    def curves(self, rows: Any) -> Floats:
        """The chance to be still there after 0, 1, 2 ... months: rows x months.

        Between edges the hazard is the same in every month.
        """
        stay = np.column_stack([np.ones(len(rows)), self.stays(rows)])
        months = np.arange(self.edges[-1] + 1)
        logs = np.log(np.clip(stay, 1e-12, 1))
        return np.exp(np.stack([np.interp(months, self.edges, row) for row in logs]))


def fitted(
    table: Any,
    features: Sequence[str],
    horizons: Sequence[int] = (3, 6, 12),
    *,
    protected: Sequence[str] = (),
    penalties: Sequence[float] = (3.0, 10.0, 30.0),
    before: Any = None,
) -> Horizons:
    """Chances of spans ahead, learnt from person-months.

    Args:
        table: as `PersonMonths`: payee_id, month, left, and features.
        features: columns to use.
        horizons: ends of the spans, rising [months].
        protected: columns that are refused.
        penalties: tried.
        before: nothing that happened in this month or later is learnt from; all if not given.

    Raises:
        ParameterError: there are fewer months than the longest horizon, or nobody left in a span.
    """
    rows = _followed(frame(table), before)
    edges = (0, *(int(h) for h in horizons))
    made = designs.design(rows, features, protected)
    plain = made.columns(rows)[:, 1:]
    at, until, last = (rows[name].to_numpy() for name in ("at", "until", "last"))
    stack = [_span(at, until, last, edges, k) for k in range(len(edges) - 1)]
    counts = [int(y[there].sum()) for there, y in stack]
    if min(counts) < 5 or any(not there.any() for there, _ in stack):
        raise ParameterError(
            f"horizons: {min(counts)} leavers in a span of {list(horizons)} months; give more "
            "months, or shorter horizons."
        )
    every = max(1, -(-sum(int(there.sum()) for there, _ in stack) // MOST))
    keep = at % every == 0
    spans = len(stack)
    parts = [(there & keep, y) for there, y in stack]
    columns = np.concatenate([_columns(plain[t], k, spans) for k, (t, _) in enumerate(parts)])
    outcome = np.concatenate([y[there] for there, y in parts])
    who = rows["who"].to_numpy()
    people = np.concatenate([who[there] for there, _ in parts])
    since = np.concatenate([at[there] for there, _ in parts])
    ends = np.concatenate([at[there] + edges[k + 1] for k, (there, _) in enumerate(parts)])
    penalty = _penalty(columns, outcome, since, ends, penalties)
    found = logistic.maximum(columns, outcome, penalty)
    spread = logistic.covariance(found, columns, outcome, people)
    return Horizons(edges, made, found, spread, penalty, len(outcome), int(outcome.sum()))


def risks(
    fit: Horizons, table: Any, sure: float = 0.95, draws: int = 400, seed: int = 33
) -> pl.DataFrame:
    """Each person's chance to leave within each horizon, with its interval.

    The interval is of the chance itself, not of what will happen: coefficients are drawn from
    their normal law over people.

    Args:
        fit: fitted chances.
        table: one row a person: payee_id, month and features.
        sure, draws, seed: of intervals.

    Returns:
        The table `AttritionRisks`.
    """
    import polars as pl

    rows = keyed(frame(table), "people", ("month",))
    mean = fit.found.coefficients
    root = _root(fit.covariance)
    rng = np.random.default_rng(seed)
    drawn = fit.stays(rows, mean[:, None] + root @ rng.standard_normal((len(mean), draws)))
    tail = (1 - sure) / 2
    low, high = np.quantile(1 - drawn, (tail, 1 - tail), axis=2)
    chance = 1 - fit.stays(rows)
    who = rows.select("payee_id", "month")
    made = [
        who.with_columns(
            months=pl.lit(edge).cast(pl.Int64), chance=pl.Series(chance[:, k]),
            low=pl.Series(low[:, k]), high=pl.Series(high[:, k]),
        )
        for k, edge in enumerate(fit.edges[1:])
    ]  # fmt: skip
    return pl.concat(made).select(*AttritionRisks.columns()).sort("payee_id", "months")


def came(table: Any, month: Any, months: int) -> pl.DataFrame:
    """Who of those there at a month's start had left so many months later: payee_id, came.

    Who was hired since is not among them.
    """
    import polars as pl

    rows = _followed(frame(table), None)
    start = rows.filter(pl.col("month") == month)
    gone = pl.col("until") < pl.col("at") + months
    return start.select("payee_id", came=gone.cast(pl.Int64))


def past(table: Any, months: int, before: Any) -> pl.DataFrame:
    """The rows of earlier months with who had left so many months later, all before a month.

    Returns:
        The rows whose span was over by then, with `came`.
    """
    import polars as pl

    rows = _followed(frame(table), before)
    over = pl.col("at") + months - 1 <= pl.col("last")
    return rows.filter(over).with_columns(
        came=(pl.col("until") < pl.col("at") + months).cast(pl.Int64)
    )


def _followed(rows: pl.DataFrame, before: Any) -> pl.DataFrame:
    """Rows whose month is over, with numbers of months, of the last one, and of the person."""
    import polars as pl

    needed(rows, ("payee_id", "month", "left"), "person-months")
    told = keyed(rows, "person-months", ("month",)).filter(pl.col("left").is_not_null())
    if before is not None:
        told = told.filter(pl.col("month") < before)
    if told.is_empty():
        raise ParameterError("horizons: no month is over; give rows with an outcome.")
    at = pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()
    told = told.with_columns(at=at)
    left = pl.when(pl.col("left") == 1).then("at").max().over("payee_id")
    whole = told["at"].max()
    return told.with_columns(
        until=left.fill_null(10**6),  # the month of leaving
        last=pl.when(left.is_not_null()).then(whole).otherwise(pl.col("at").max().over("payee_id")),
        who=pl.col("payee_id").rank("dense").cast(pl.Int64) - 1,
    )


def _span(
    at: Whole, until: Whole, last: Whole, edges: Sequence[int], k: int
) -> tuple[np.ndarray, Floats]:
    """Who was there when a span began and is followed to its end, and who left in it."""
    begin, end = at + edges[k], at + edges[k + 1]
    return (end - 1 <= last) & (until >= begin), (until < end).astype(float)


def _columns(plain: Floats, k: int, spans: int) -> Floats:
    """Columns of one span: constant, the spans' own, features, and features along the line."""
    own = np.zeros((len(plain), spans - 1))
    if k:
        own[:, k - 1] = FREE
    far = k / max(spans - 1, 1)
    return np.column_stack([np.ones(len(plain)), own, plain, plain * far])


def _penalty(
    columns: Floats, outcome: Floats, since: Whole, ends: Whole, penalties: Sequence[float]
) -> float:
    """The least penalty that tells later months about as well as the best one.

    Learnt from spans that were over by then. Few leave in those months, so the best one is often a
    matter of luck, and too large a penalty hides more than the intervals know.
    """
    if len(penalties) == 1:
        return float(penalties[0])
    first, last = since.min(), since.max()
    cut = first + FIRST * (last - first)
    learn, judge = ends <= cut, since >= cut
    if min(outcome[learn].sum(), outcome[judge].sum()) < 5:
        return float(sorted(penalties)[len(penalties) // 2])
    told: dict[float, Floats] = {}
    begin = None
    for penalty in sorted(penalties, reverse=True):
        found = logistic.maximum(columns[learn], outcome[learn], penalty, begin=begin, enough=1e-3)
        begin = found.coefficients
        odds, y = columns[judge] @ begin, outcome[judge]
        told[float(penalty)] = np.logaddexp(0, odds) - y * odds
    best = min(told.values(), key=np.mean)
    near = [p for p, loss in told.items() if _alike(loss - best)]
    return min(near)


def _alike(more: Floats) -> bool:
    """Whether a loss is above the least by no more than its standard error."""
    return bool(more.mean() <= more.std() / np.sqrt(len(more)))


def _root(covariance: Floats) -> Floats:
    """The symmetric root: the only one that does not hang on the signs of eigenvectors."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.asarray((vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T)
