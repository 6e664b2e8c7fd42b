"""Charts over months: panels of bars, stacked parts, and earnings to date against target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    WASH,
    Picture,
    beside,
    colours,
    headed,
    money_axis,
    month_axis,
    of_rows,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_PARTS = 7  # colours that can be told apart


@of_rows
def monthly(table: pd.DataFrame, by: str, currency: str, title: str) -> Picture:
    """A panel of bars for each group, on one scale of its own, the last month in full colour.

    Args:
        table: period, the column `by`, amount [currency]; one row for each pair.
        by: what makes a panel: team, kind ...
        currency: of the amounts.
        title: what is shown.
    """
    wide = _wide(table, by)
    last = wide.iloc[-1].sort_values(ascending=False)
    said = words.listed([f"{words.title(n)} {words.short(a, currency)}" for n, a in last.items()])
    shade = colours(wide.columns)
    with styled():
        made = picture(
            1.15 + 1.05 * len(last), f"{title}. In {words.month(wide.index[-1])}: {said}."
        )
        panels = made.subplots(len(last), 1, sharex=True, squeeze=False)[:, 0]
        for axes, name in zip(panels, last.index, strict=True):
            _bars(axes, wide[name], shade[name], currency)
            axes.set_title(words.title(name), color=shade[name])
        month_axis(panels[-1], list(wide.index))
        made.suptitle(title, x=0.01, ha="left", color=INK)
    return made


@of_rows
def monthly_parts(table: pd.DataFrame, by: str, currency: str, title: str) -> Picture:
    """Stacked bars: what each month is made of; what is negative hangs below.

    Args:
        table: period, the column `by`, amount [currency].
        by: what the parts are: team, component ...
        currency: of the amounts.
        title: what is shown.
    """
    wide = _wide(table, by)
    wide = wide[wide.abs().sum().sort_values(ascending=False).index[:MOST_PARTS]]
    shade = colours(wide.columns)
    largest = wide.iloc[-1].idxmax()
    finding = f"largest in {words.month(wide.index[-1])}: {words.title(largest)}, "
    with styled():
        alt = f"{title}; {finding}{words.short(wide.iloc[-1][largest], currency)}."
        made = picture(3.6, alt)
        axes = made.subplots()
        _stack(axes, wide, shade)
        headed(axes, title, f"{currency} a month")
        money_axis(axes)
        month_axis(axes, list(wide.index))
        _named_at_side(axes, {name: shade[name] for name in wide.columns})
    return made


@of_rows
def earned_to_date(table: pd.DataFrame, currency: str, name: str) -> Picture:
    """A person's earnings to date as a line against the target incentive, the months as bars.

    Args:
        table: period, amount (of the month), earned (to date), target (to date) [currency].
        currency: of the amounts.
        name: whose they are.
    """
    rows = table.assign(**{c: table[c].astype(float) for c in ("amount", "earned", "target")})
    last, places = rows.iloc[-1], range(len(rows))
    sums = f"{words.short(last.earned, currency)} by {words.month(last.period)}"
    against = f", against a target incentive of {words.short(last.target, currency)} to date"
    with styled():
        made = picture(3.4, f"{name} has earned {sums}{against if last.target else ''}.")
        axes = made.subplots()
        axes.bar(places, rows["amount"], color=WASH, edgecolor=QUIET, linewidth=0.6, width=0.62)
        axes.plot(places, rows["earned"], color=BLUE, marker="o", markersize=4)
        ahead = last.earned >= last.target
        label = f"earned\n{words.short(last.earned, currency)}"
        _end(axes, len(rows) - 1, last.earned, label, BLUE, above=ahead)
        if last.target:
            axes.plot(places, rows["target"], color=ORANGE, linestyle=(0, (4, 2)))
            label = f"target\n{words.short(last.target, currency)}"
            _end(axes, len(rows) - 1, last.target, label, ORANGE, above=not ahead)
        headed(axes, f"{name}: the year so far", f"{currency} to date (lines) and by month (bars)")
        money_axis(axes)
        month_axis(axes, list(rows["period"]))
        axes.margins(x=0.02)
    return made


def _wide(table: pd.DataFrame, by: str) -> Any:
    """A row for each period, a column for each group, as floats to be drawn."""
    rows = table.assign(amount=table["amount"].astype(float))
    wide = rows.pivot(index="period", columns=by, values="amount").sort_index().fillna(0.0)
    return wide.loc[:, (wide != 0).any()]


def _bars(axes: Axes, amounts: Any, colour: str, currency: str) -> None:
    """Bars of one group, the last one marked and named."""
    places = range(len(amounts))
    axes.bar(places, amounts, color=colour, alpha=0.35, width=0.7)
    axes.bar(places[-1:], amounts.iloc[-1:], color=colour, width=0.7)
    label = words.short(amounts.iloc[-1], currency)
    beside(axes, label, (len(amounts) - 0.6, amounts.iloc[-1] / 2), (7, 0), color=colour)
    axes.set_xlim(-0.6, len(amounts) + 0.12 * len(amounts))
    money_axis(axes)
    axes.locator_params(axis="y", nbins=3)


def _stack(axes: Axes, wide: Any, shade: dict[str, str]) -> None:
    import numpy as np

    above, below = np.zeros(len(wide)), np.zeros(len(wide))
    for name in wide.columns:
        amounts = wide[name].to_numpy()
        base = np.where(amounts >= 0, above, below)
        axes.bar(range(len(wide)), amounts, bottom=base, color=shade[name], width=0.7)
        above, below = above + np.maximum(amounts, 0), below + np.minimum(amounts, 0)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)


def _named_at_side(axes: Axes, shade: dict[str, str]) -> None:
    """Names in their colours, beside the bars, the lowest part at the bottom."""
    top = len(shade)
    for place, (name, colour) in enumerate(shade.items()):
        height = 0.98 - 0.085 * (top - 1 - place)
        axes.text(
            1.015, height, words.title(name), transform=axes.transAxes, color=colour, va="top"
        )


def _end(axes: Axes, x: float, y: float, label: str, colour: str, above: bool) -> None:
    """A name at the end of a line, on that side of it where no other line ends."""
    shift, side = ((9, -4), "bottom") if above else ((9, 4), "top")
    beside(axes, label, (x, y), shift, va=side, color=colour)
