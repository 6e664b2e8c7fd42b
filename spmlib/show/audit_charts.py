"""Charts of the pay audit: what was at stake month by month, and how well faults are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    Picture,
    beside,
    headed,
    money_axis,
    month_axis,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

RECALL, PRECISION = 0.95, 0.80  # what is asked of each kind


@of_rows
def at_stake(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What the findings of months had at stake; above each bar how many there were.

    Args:
        table: period, count, amount [currency], in the order of months.
        currency: of the amounts.
        title: what is shown.
    """
    top = table.loc[table["amount"].idxmax()]
    alt = (
        f"{title}: most in {words.month(top['period'])}, {words.short(top['amount'], currency)}; "
        f"{words.counted(int(table['count'].sum()), 'finding')} in {len(table)} months."
    )
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        places = range(len(table))
        axes.bar(places, table["amount"], color=BLUE, width=0.62)
        for place, (amount, count) in enumerate(zip(table["amount"], table["count"], strict=True)):
            if count:
                how = {"ha": "center", "va": "bottom", "color": QUIET, "fontsize": 8}
                beside(axes, str(count), (place, float(amount)), (0, 2), **how)
        headed(axes, title, f"{currency}; above each bar the number of findings")
        money_axis(axes)
        month_axis(axes, list(table["period"]))
        axes.margins(x=0.02, y=0.12)
    return made


@of_rows
def found_and_false(table: pd.DataFrame, title: str) -> Picture:
    """Recall and precision by kind of fault, with 95 % intervals, and what is asked of them.

    Args:
        table: says, recall, precision, and their _low and _high.
        title: what is shown.
    """
    below = int(((table["recall"] < RECALL) | (table["precision"] < PRECISION)).sum())
    alt = (
        f"{title}: {len(table) - below} of {words.counted(len(table), 'kind')} of fault are found "
        f"in {words.percent(RECALL)} of cases with {words.percent(PRECISION)} of findings right."
    )
    rows = table.iloc[::-1].reset_index(drop=True)
    with styled():
        made = picture(0.9 + 0.27 * len(rows), alt)
        left, right = made.subplots(1, 2, sharey=True)
        _intervals(left, rows, "recall", RECALL, BLUE)
        _intervals(right, rows, "precision", PRECISION, ORANGE)
        left.set_yticks(range(len(rows)), list(rows["says"]))
        headed(left, title, "of planted faults found, with 95 % intervals")
        headed(right, " ", "of findings that are faults")
    return made


def _intervals(axes: Axes, rows: pd.DataFrame, name: str, asked: float, colour: str) -> None:
    places = range(len(rows))
    axes.hlines(
        places, rows[f"{name}_low"], rows[f"{name}_high"], color=colour, linewidth=2, alpha=0.5
    )
    axes.plot(rows[name], places, "o", color=colour, markersize=5)
    axes.axvline(asked, color=INK, linestyle=(0, (4, 2)), linewidth=0.9)
    percent_axis(axes)
    axes.set_xlim(min(0.5, float(rows[f"{name}_low"].min()) - 0.02), 1.02)
    axes.set_ylim(-0.6, len(rows) - 0.4)
