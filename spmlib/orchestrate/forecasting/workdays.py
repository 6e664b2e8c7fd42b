"""Working days: months differ in them, and sales may follow; used where the backtest says so."""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.histories import days
from spmlib.orchestrate.forecasting.panels import Frequency, Panel, within

EVERY = {"working days": "1111100", "days": "1111111"}  # what counts in a week, from Monday
NONE = "none"
SURE = 2.5  # standard errors by which it has to be better
BETTER = 0.98  # of the error without, that the error with it has to be below


def counts(word: str, numbers: Whole, frequency: Frequency) -> Floats:
    """How many days count in steps, over their mean: 1 everywhere for `NONE`.

    Args:
        word: `NONE`, or one of `EVERY`.
        numbers: of the steps.
        frequency: of the steps.
    """
    if word == NONE:
        return np.ones(numbers.shape)
    first = days(numbers.ravel(), frequency).to_numpy()
    after = days(numbers.ravel() + 1, frequency).to_numpy()
    made = np.busday_count(first, after, weekmask=EVERY[word]).reshape(numbers.shape)
    return made / (frequency.days * EVERY[word].count("1") / 7)


def known(panel: Panel) -> Whole:
    """The number of the step of each value of a panel."""
    first = panel.ends - panel.lengths + 1
    return np.repeat(first, panel.lengths) + within(panel.lengths)


def ahead(panel: Panel, horizon: int, back: int = 0) -> Whole:
    """The numbers of the steps ahead of each series, as seen some steps ago: series x steps."""
    return panel.ends[:, None] - back + np.arange(1, horizon + 1)
