"""Scores: what people are ranked by, as exact fractions: level, attainment, growth, improvement.

Parts of a period are handled by rule: `prorate` brings what was done to a whole period's worth,
`leave_out` gives no score to whoever was away for a day, `as_is` takes what was done. Whoever was
there for less than a share of the days has no score under any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.motivate.leaderboards import ties
from spmlib.motivate.leaderboards.panels import Grid

if TYPE_CHECKING:
    import polars as pl

KINDS = ("level", "attainment", "growth", "improvement")
PARTS = ("prorate", "leave_out", "as_is")
AGAINST = ("year", "window")
UNITS = ("points", "deviations")
WORDS = {
    "kind": KINDS,
    "of": KINDS[:2],
    "against": AGAINST,
    "unit": UNITS,
    "part": PARTS,
}
FINE = 10**6  # parts of one in which an improvement is compared
REASONS = {
    "": "has a score",
    "absent": "was not there",
    "part": "was there for too small a part",
    "no quota": "has no quota, or one that is not above 0",
    "no base": "has nothing above 0 to grow from",
    "no history": "has too few earlier windows",
    "steady": "has never varied, so deviations have no size",
}


@dataclass(frozen=True)
class Kind:
    """What is compared.

    Attributes:
        kind: level (amount), attainment (of quota), growth (over an earlier window), improvement
            (over one's own earlier windows).
        window: periods that count together.
        of: improvement of level or of attainment.
        against: growth against the same periods a year ago, or against the window before.
        year: periods in a year.
        past: earlier windows that an improvement looks at, at the most.
        least_past: and at the least.
        unit: of improvement: points (of quota, or the amount) or deviations (of one's own).
        part: prorate, leave_out or as_is.
        least_present: share of the days below which nobody has a score.
    """

    kind: str = "level"
    window: int = 1
    of: str = "level"
    against: str = "year"
    year: int = 12
    past: int = 12
    least_past: int = 3
    unit: str = "points"
    part: str = "prorate"
    least_present: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        for name, among in WORDS.items():
            if getattr(self, name) not in among:
                wrong = f"{name}: '{getattr(self, name)}' means nothing"
                raise ParameterError(f"{wrong}; write one of {', '.join(among)}.")
        if min(self.window, self.year, self.past) < 1 or self.least_past < 2:
            raise ParameterError("window, year, past: each is 1 or more, and least_past 2 or more.")
        if not 0 <= self.least_present <= 1:
            raise ParameterError(f"least_present: {self.least_present} is no share; write 0 to 1.")


@dataclass(frozen=True)
class Windowed:
    """Sums of a window: value, quota [ticks], present and all days, of each person."""

    value: Whole
    quota: Whole
    present: Whole
    days: int


def windowed(grid: Grid, last: int, size: int) -> Windowed | None:
    """The sums of the window that ends with a period; none if it begins before the first."""
    if last - size + 1 < 0 or last < 0:
        return None
    part = slice(last - size + 1, last + 1)
    sums = (grid.value[:, part], grid.quota[:, part], grid.present[:, part])
    value, quota, present = (s.sum(axis=1) for s in sums)
    return Windowed(value, quota, present, int(grid.days[part].sum()))


def scores(grid: Grid, period: str, kind: Kind = Kind()) -> pl.DataFrame:
    """Everybody's score in the window that ends with a period.

    Defined as::

        level       = value * days / present                                   (prorated)
        attainment  = value / quota
        growth      = (value / present) / (value before / present before) - 1
        improvement = x - mean of x in earlier windows        (over their standard deviation)

    Returns:
        payee_id, above and below (the score as a fraction of whole numbers), score (the same as a
        float, for reading), code (rises with the score; equal only where scores are), value,
        quota [ticks], present (share of days), reached, why (no score, `REASONS`).

    Raises:
        ParameterError: there is no such period.
    """
    import polars as pl

    last = grid.at(period)
    now = windowed(grid, last, kind.window)
    names = pl.DataFrame({"payee_id": grid.people}, schema={"payee_id": pl.String})
    if now is None:
        now = windowed(grid, last, last + 1)
    assert now is not None
    rows = names.with_columns(
        value=pl.Series(now.value), quota=pl.Series(now.quota),
        present=pl.Series(now.present / max(now.days, 1)),
        reached=pl.Series(_reached(grid, last, kind.window)),
    )  # fmt: skip
    above, below, why = _KINDS[kind.kind](grid, last, now, kind)
    away = _away(now, kind)
    why = np.where(away != "", away, why)
    made = rows.with_columns(above=above, below=below, why=pl.Series(why, dtype=pl.String))
    fits = pl.col("why") == ""
    made = made.with_columns(above=pl.when(fits).then("above"), below=pl.when(fits).then("below"))
    return made.with_columns(
        score=pl.col("above").cast(pl.Float64) / pl.col("below").cast(pl.Float64),
        code=ties.codes(made),
    )


def _away(sums: Windowed, kind: Kind) -> Any:
    """Why a window gives no score, from who was there."""
    share = sums.present / max(sums.days, 1)
    most = 1.0 if kind.part == "leave_out" else kind.least_present
    part = np.where(share < most, "part", "")
    return np.where(sums.present == 0, "absent", part)


def _level(grid: Grid, last: int, now: Windowed, kind: Kind) -> tuple[Any, Any, Any]:
    value, unit = _wide(now.value), np.full(len(now.value), MONEY)
    if kind.part != "prorate":
        return value, _wide(unit), ""
    return value * _wide(np.full(len(unit), now.days)), _wide(now.present) * _wide(unit), ""


def _attainment(grid: Grid, last: int, now: Windowed, kind: Kind) -> tuple[Any, Any, Any]:
    return _wide(now.value), _wide(now.quota), np.where(now.quota > 0, "", "no quota")


def _growth(grid: Grid, last: int, now: Windowed, kind: Kind) -> tuple[Any, Any, Any]:
    lag = kind.year if kind.against == "year" else kind.window
    base = windowed(grid, last - lag, kind.window)
    if base is None:
        nothing = _wide(np.zeros(len(now.value), np.int64))
        return nothing, nothing, "no base"
    away = _away(base, kind) != ""
    why = np.where((base.value > 0) & ~away, "", "no base")
    if kind.part != "prorate":
        return _wide(now.value) - _wide(base.value), _wide(base.value), why
    was = _wide(base.value) * _wide(now.present)
    return _wide(now.value) * _wide(base.present) - was, was, why


def _improvement(grid: Grid, last: int, now: Windowed, kind: Kind) -> tuple[Any, Any, Any]:
    past = own_past(grid, last, kind)
    x = _plain(now, kind)
    many = np.isfinite(past).sum(axis=1)
    enough = (many >= kind.least_past) & np.isfinite(x)
    known = np.where(np.isfinite(past), past, 0.0)
    mean = known.sum(axis=1) / np.maximum(many, 1)
    made, why = x - mean, np.where(enough, "", "no history")
    if kind.of == "attainment":
        why = np.where(np.isfinite(x), why, "no quota")
    if kind.unit == "deviations":
        gaps = np.where(np.isfinite(past), past - mean[:, None], 0.0)
        sd = np.sqrt((gaps**2).sum(axis=1) / np.maximum(many - 1, 1))
        steady = sd <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
        why = np.where(steady & (why == ""), "steady", why)
        made = made / np.where(steady, 1.0, sd)
    whole = np.rint(np.where(why == "", made, 0.0) * FINE).astype(np.int64)
    return _wide(whole), _wide(np.full(len(whole), FINE)), why


_KINDS = {
    "level": _level,
    "attainment": _attainment,
    "growth": _growth,
    "improvement": _improvement,
}


def own_past(grid: Grid, last: int, kind: Kind) -> Floats:
    """People x earlier windows, none overlapping, the latest first; NaN where none counts."""
    made = []
    for back in range(1, kind.past + 1):
        sums = windowed(grid, last - back * kind.window, kind.window)
        if sums is None:
            break
        made.append(np.where(_away(sums, kind) == "", _plain(sums, kind), np.nan))
    return np.column_stack(made) if made else np.full((len(grid.people), 0), np.nan)


def _plain(sums: Windowed, kind: Kind) -> Floats:
    """Level or attainment of a window as floats."""
    if kind.of == "attainment":
        return np.where(sums.quota > 0, sums.value / np.maximum(sums.quota, 1), np.nan)
    whole = sums.days / np.maximum(sums.present, 1) if kind.part == "prorate" else 1.0
    return np.asarray(sums.value / MONEY * whole)


def _wide(values: Whole) -> pl.Series:
    import polars as pl

    return pl.Series(np.asarray(values, np.int64)).cast(pl.Int128)


def _reached(grid: Grid, last: int, size: int) -> Whole:
    if not grid.reached.size:
        return np.full(len(grid.people), -1, np.int64)
    return grid.reached[:, max(last - size + 1, 0) : last + 1].max(axis=1)
