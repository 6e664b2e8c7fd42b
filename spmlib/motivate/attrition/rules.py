"""Rules: the one-rule baseline, and rates of groups as chances: what a model has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

QUANTILES = np.arange(1, 20) / 20
WORDS = 30  # of a column that are tried


@dataclass(frozen=True)
class Rule:
    """One question with two answers.

    Attributes:
        feature: asked of.
        at: number from which, or word for which, the answer is yes.
        yes, no: chance to leave.
        rows: for which it was yes where it was learnt, as a share.
    """

    feature: str
    at: float | str
    yes: float
    no: float
    rows: float

    @property
    def says(self) -> str:
        """The rule in words, with its two chances."""
        if isinstance(self.at, str):
            question = f"{self.feature.replace('_', ' ')} is {self.at}"
        else:
            question = f"{self.feature.replace('_', ' ')} is {self.at:.2g} or more"
        return f"{question}: {self.yes:.1%}, else {self.no:.1%}"

    def chances(self, rows: pl.DataFrame) -> Floats:
        """The chance of each row."""
        return np.where(asked(rows, self.feature, self.at), self.yes, self.no)


@dataclass(frozen=True)
class GroupChances:
    """The share that left in each group, as everybody's chance; that of all where there is none."""

    by: str
    known: dict[str, float]
    usual: float

    def chances(self, rows: pl.DataFrame) -> Floats:
        """The chance of each row."""
        import polars as pl

        words = rows[self.by].cast(pl.String).fill_null("not told").to_list()
        return np.array([self.known.get(word, self.usual) for word in words])


def one_rule(rows: pl.DataFrame, outcome: Floats, features: Sequence[str]) -> Rule:
    """The one question that tells most of who left: largest gain of log likelihood.

    Numbers are cut at their twentieths; each answer needs a hundredth of the rows.

    Raises:
        ParameterError: no feature differs between rows.

    Source:
        Holte, "Very simple classification rules perform well on most datasets" (1993).
    """
    best: tuple[float, Rule] | None = None
    for name in features:
        for at in tried(rows, name):
            yeses = asked(rows, name, at)
            count = yeses.sum()
            if min(count, len(yeses) - count) < max(5, len(yeses) / 100):
                continue
            yes, no = _share(outcome[yeses]), _share(outcome[~yeses])
            height = _height(outcome[yeses], yes) + _height(outcome[~yeses], no)
            if best is None or height > best[0] + 1e-9:
                best = height, Rule(name, at, yes, no, float(yeses.mean()))
    if best is None:
        raise ParameterError("one rule: no feature differs between enough rows; give others.")
    return best[1]


def group_chances(rows: pl.DataFrame, outcome: Floats, by: str) -> GroupChances:
    """The share that left in each group of a column."""
    import polars as pl

    told = pl.DataFrame({"word": rows[by].cast(pl.String).fill_null("not told"), "y": outcome})
    shares = told.group_by("word").agg(pl.col("y").sum(), n=pl.len())
    known = {r["word"]: (r["y"] + 0.5) / (r["n"] + 1) for r in shares.to_dicts() if r["n"] >= 30}
    return GroupChances(by, known, _share(outcome))


def tried(rows: pl.DataFrame, name: str) -> list[float | str]:
    """The numbers and words of a column that are asked for."""
    import polars as pl

    told = rows[name]
    if told.dtype.is_numeric() or told.dtype == pl.Boolean:
        values = told.cast(pl.Float64).drop_nulls().drop_nans().to_numpy()
        return sorted({float(v) for v in np.quantile(values, QUANTILES)}) if len(values) else []
    if told.dtype.is_temporal():
        return []
    words = told.cast(pl.String).drop_nulls().unique().sort().to_list()
    return list(words) if len(words) <= WORDS else []


def asked(rows: pl.DataFrame, name: str, at: float | str) -> np.ndarray:
    """Whether each row's number is at least, or its word is, what is asked for."""
    import polars as pl

    if isinstance(at, str):
        told = rows[name].cast(pl.String) == at
    else:
        told = rows[name].cast(pl.Float64, strict=False) >= at
    return told.fill_null(False).to_numpy()


def _share(outcome: Floats) -> float:
    return float((outcome.sum() + 0.5) / (len(outcome) + 1))


def _height(outcome: Floats, chance: float) -> float:
    left = outcome.sum()
    return float(left * np.log(chance) + (len(outcome) - left) * np.log(1 - chance))
