"""Amounts: what a deal comes to if it is won, from what is said of it and from those won before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.pipeline.chances import numbered

if TYPE_CHECKING:
    import polars as pl

WEIGHT = 10  # deals that the mean of all weighs, against a label's own
MOST = 10.0  # times what was said, beyond which a ratio is taken as that


@dataclass(frozen=True)
class Amounts:
    """What is expected of each row, and how far what came lay from it.

    Attributes:
        expected: of each row, if it is won [currency].
        ratios: what won deals came to over what was expected of them; their mean is 1.
    """

    expected: Floats
    ratios: Floats


def coded(rows: pl.DataFrame, labels: tuple[str, ...]) -> dict[str, Whole]:
    """The stage and the labels of rows as numbers, made once for `amounts`."""
    return {name: numbered(rows[name])[0] for name in ("stage", *labels)}


def amounts(said: Floats, codes: Mapping[str, Whole], came: Floats, which: Whole) -> Amounts:
    """What rows come to if they are won.

    Where an amount is said, it is that, times what won deals of the stage came to over what was
    said of them; else the mean of won deals like it, by the label that tells most.

    Args:
        said: of each row; NaN where nothing is.
        codes: of `coded`.
        came: what each deal was won for [currency], where `which`.
        which: rows whose deal is known to be won.
    """
    there = said > 0
    share = np.clip(np.divide(came, said, out=np.ones(len(said)), where=there), 0, MOST)
    told = which & there
    ratio = _means(codes["stage"], share, told, np.where(told, said, 0.0))
    every = np.ones(len(said))
    labels = [name for name in codes if name != "stage"]
    best = max(labels, key=lambda name: _told(codes[name], came, which), default="")
    like = codes[best] if best else np.zeros(len(said), np.int64)
    expected = np.where(there, np.nan_to_num(said) * ratio, _means(like, came, which, every))
    ratios = np.divide(came, expected, out=np.ones(len(came)), where=expected > 0)[which]
    ratios = np.clip(ratios, 0, MOST)
    usable = len(ratios) and ratios.mean() > 0
    return Amounts(expected, ratios / ratios.mean() if usable else np.ones(1))


def _means(codes: Whole, values: Floats, which: Whole, weights: Floats) -> Floats:
    """The mean of each row's label, held towards the mean of all."""
    size = int(codes.max(initial=0)) + 1
    weight = np.where(which, weights, 0.0)
    all_ = (weight * values).sum() / weight.sum() if weight.sum() > 0 else 1.0
    typical = weight[which].mean() if which.any() else 1.0
    total = np.bincount(codes, np.where(which, weight * values, 0.0), size)
    count = np.bincount(codes, weight, size)
    return ((total + WEIGHT * typical * all_) / (count + WEIGHT * typical))[codes]


def _told(codes: Whole, values: Floats, which: Whole) -> float:
    """How much of the values' spread a label explains."""
    if not which.any():
        return 0.0
    means = _means(codes, values, which, np.ones(len(values)))[which]
    return float(means.var())
