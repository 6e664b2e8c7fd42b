"""Chances: how likely it is that a deal closes in a span, and that it is won if it does.

Closing and winning are two logistic regressions on labels: what is known of a deal is put into
bands, each band adds to the log odds, and each kind of label is held towards 0 as its name says in
`SPREAD`. Won, lost and still open are competing ends; time is counted span by span.

Source:
    Discrete-time competing risks: Allison, "Discrete-time methods for the analysis of event
    histories" (1982). The penalty is the logarithm of a normal prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.pipeline import kernels
from spmlib.orchestrate.pipeline.deals import NONE

if TYPE_CHECKING:
    import polars as pl

AGES = (7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 150, 180, 270, 365)  # days
STAYS = (7, 14, 30, 60, 90, 180)
PUSHED = 3  # times put off, from which it is counted no more
THIRDS, SIZES = (1 / 3, 2 / 3), ("smaller", "middle", "larger")  # of amounts
# How far labels usually lie apart [log odds].
SPREAD = {
    "stage": 1.0,
    "category": 1.0,
    "age": 1.0,
    "staying": 0.7,
    "due": 1.0,
    "pushes": 0.5,
    "amount": 0.5,
    "owner": 0.35,
    "lead": 0.5,
    "place": 1.0,
    "category and due": 0.7,
    "stage and due": 0.7,
    "place and age": 1.0,
}
LABEL = 0.5  # of the company's own labels
SEASON = ("place", "place and age")
STEPS, ENOUGH, SMALL = 40, 1e-6, 1e-9
DOUBT = 2.0  # earlier days that "chances are right" weighs


@dataclass(frozen=True)
class Labels:
    """The labels of rows: what each row has in every column, as numbers."""

    columns: tuple[str, ...]
    words: tuple[tuple[str, str], ...]  # column and label of each number
    codes: Whole  # rows x columns; 0 is what all have
    spread: Floats  # of each number


@dataclass(frozen=True)
class Fit:
    """What each label adds to the log odds of closing, and of winning if closed."""

    closing: Floats
    winning: Floats

    def closes(self, codes: Whole) -> Floats:
        """How likely rows close in their span."""
        return _chance(self.closing[codes].sum(axis=1))

    def wins(self, codes: Whole) -> Floats:
        """How likely rows are won if they close."""
        return _chance(self.winning[codes].sum(axis=1))


def labelled(rows: pl.DataFrame, labels: tuple[str, ...], seasonal: bool = True) -> Labels:
    """The rows of `snapshots.exposures` as labels.

    Args:
        rows: deals and spans.
        labels: the columns of the company's own.
        seasonal: whether the place of a span in its quarter counts.
    """
    banded = rows.select(**_bands(labels))
    telling = [name for name in banded.columns if seasonal or name not in SEASON]
    words: list[tuple[str, str]] = [("all", "")]
    spread, codes = [10.0], [np.zeros(len(rows), np.int64)]
    for name in telling:
        at, known = numbered(banded[name])
        codes.append(at + len(words))
        words += [(name, word) for word in known]
        spread += [SPREAD.get(name, LABEL)] * len(known)
    return Labels(
        ("all", *telling),
        tuple(words),
        np.ascontiguousarray(np.stack(codes, axis=1)),
        np.array(spread),
    )


def numbered(column: pl.Series) -> tuple[Whole, list[str]]:
    """The labels of a column as numbers, and the labels in the order of their numbers."""
    import polars as pl

    known = column.unique().sort()
    at = column.replace_strict(known, np.arange(len(known)), return_dtype=pl.Int64)
    return at.to_numpy(), known.to_list()


def fitted(
    labels: Labels, closed: Whole, won: Whole, which: Whole, begin: Fit | None = None
) -> Fit:
    """What labels add to the log odds, learnt from some of the rows.

    Args:
        labels: of all rows.
        closed: whether each row closed in its span.
        won: whether it was won.
        which: whether a row is learnt from: its span was over.
        begin: an earlier fit to start from, for speed.
    """
    ended = which & closed
    closing = _logistic(labels, closed, which, begin.closing if begin else None)
    return Fit(closing, _logistic(labels, won, ended, begin.winning if begin else None))


def corrected(chance: Floats, earlier: Floats, came: Whole, days: int) -> Floats:
    """Chances moved as earlier ones, made in the same way, turned out to be wrong.

    Log odds are shifted by what fits earlier days best; that they are right as they are weighs as
    much as `DOUBT` of those days.

    Args:
        chance: to be corrected.
        earlier: chances said on earlier days.
        came: whether that came.
        days: how many earlier days there are.

    Source:
        Calibration in the large: Steyerberg, "Clinical prediction models" (2019), 15.3.
    """
    if not days:
        return chance
    odds, shift = _odds(earlier), 0.0
    doubt = DOUBT / days * (earlier * (1 - earlier)).sum() + SMALL
    for _ in range(STEPS):
        said = _chance(odds + shift)
        slope = (came - said).sum() - doubt * shift
        step = slope / ((said * (1 - said)).sum() + doubt)
        shift += float(np.clip(step, -1, 1))
        if abs(step) < ENOUGH:
            break
    return _chance(_odds(chance) + shift)


def _logistic(labels: Labels, came: Whole, which: Whole, begin: Floats | None) -> Floats:
    """The penalised maximum of the likelihood, by Newton's method."""
    codes = np.ascontiguousarray(labels.codes[which])
    came = came[which].astype(float)
    penalty = 1 / labels.spread**2
    if begin is None:
        begin = np.zeros(len(labels.words))
        share = (came.sum() + 0.5) / (len(came) + 1)
        begin[0] = np.log(share / (1 - share))
    now = begin
    for _ in range(STEPS):
        chance = _chance(now[codes].sum(axis=1))
        slope, curve = kernels.curvature(codes, len(now), came - chance, chance * (1 - chance))
        step = np.linalg.solve(curve + np.diag(penalty), slope - penalty * now)
        now = now + step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < ENOUGH:
            break
    return now


def _chance(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def _odds(chance: Floats) -> Floats:
    sure = np.clip(chance, SMALL, 1 - SMALL)
    return np.log(sure / (1 - sure))


def _bands(labels: tuple[str, ...]) -> dict[str, pl.Expr]:
    """What is known of a deal as labels."""
    import polars as pl

    age = pl.col("age") + (pl.col("begin") - pl.col("day")).dt.total_days()
    due = pl.col("due")
    when = (
        pl.when(due.is_null())
        .then(pl.lit("not known"))
        .when(due < pl.col("day"))
        .then(pl.lit("overdue"))
        .when(due < pl.col("begin"))
        .then(pl.lit("before"))
        .when(due < pl.col("end"))
        .then(pl.lit("in it"))
        .otherwise(pl.lit("after"))
    )
    amount = pl.col("amount")  # against the other deals of the day
    size = (amount.rank() - 0.5) / amount.count()
    place = pl.col("place").cast(pl.String)
    both = {
        "stage": pl.col("stage"),
        "category": pl.col("category"),
        "age": _band(age, AGES, _days(AGES)),
        "staying": _band(pl.col("staying"), STAYS, _days(STAYS)),
        "due": when,
        "pushes": pl.min_horizontal("pushes", pl.lit(PUSHED, pl.Int64)).cast(pl.String),
        "amount": _band(size.over("number"), THIRDS, SIZES).fill_null("not known"),
        "owner": pl.col("owner"),
        "lead": pl.col("lead").cast(pl.String),
        "place": place,
    }
    crossed = {
        "category and due": pl.concat_str(both["category"], pl.lit(", "), when),
        "stage and due": pl.concat_str(both["stage"], pl.lit(", "), when),
        "place and age": pl.concat_str(place, pl.lit(", "), both["age"]),
    }
    return both | {name: pl.col(name).fill_null(NONE) for name in labels} | crossed


def _band(value: pl.Expr, edges: Sequence[float], words: Sequence[str]) -> pl.Expr:
    """In which band a number lies, in words; nothing where there is no number."""
    import polars as pl

    above = pl.sum_horizontal([(value >= edge).cast(pl.Int64) for edge in edges])
    named = above.replace_strict(dict(enumerate(words)), return_dtype=pl.String)
    return pl.when(value.is_not_null()).then(named)


def _days(edges: Sequence[int]) -> list[str]:
    """The bands between numbers of days in words."""
    between = [f"{low} to {high - 1}" for low, high in pairwise(edges)]
    return [f"under {edges[0]}", *between, f"{edges[-1]} and more"]
