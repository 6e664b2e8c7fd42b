"""Charts of budgets: the year to date and to its end, and cost for what is booked."""

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
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@of_rows
def reforecast(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What was spent to date, what is expected to the year's end, and the budget.

    Above what was spent, below how far that is from the budget.

    Args:
        table: period, planned, actual (empty where it is to come), expected (empty where it is
            over); to date; less planned: room_low_80, room_high_80 (of the budget), over, ahead,
            ahead_low_80, ahead_high_80 [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    last = rows.iloc[-1]
    end, over = ("actual", "over") if words.missing(last["expected"]) else ("expected", "ahead")
    side = "above" if last[over] > 0 else "below"
    alt = (
        f"{title}: {words.short(last[end], currency)} by {words.month(last['period'])}, "
        f"{words.short(abs(last[over]))} {side} budget."
    )
    with styled():
        made = picture(5.2, alt)
        above, below = made.subplots(2, 1, sharex=True)
        above.plot(rows.index, rows["planned"], color=ORANGE, linestyle="--")
        above.plot(rows.index, rows["expected"], color=BLUE, linestyle=":")
        above.plot(rows.index, rows["actual"], color=INK, marker="o", markersize=4)
        _named(above, rows, {"planned": ("budget", ORANGE), "expected": ("expected", BLUE)})
        headed(above, title, f"{currency} to date; black: spent")
        above.set_ylim(bottom=0)
        _band(below, rows, "room_low_80", "room_high_80", ORANGE, 0.15)
        _band(below, rows, "ahead_low_80", "ahead_high_80", BLUE, 0.3)
        below.axhline(0, color=ORANGE, linestyle="--")
        below.plot(rows.index, rows["ahead"], color=BLUE, linestyle=":")
        below.plot(rows.index, rows["over"], color=INK, marker="o", markersize=4)
        _named(below, rows, {"ahead": ("expected", BLUE)})
        headed(below, "Above the budget", f"{currency} to date; shaded: 8 of 10 cases")
        for axes in (above, below):
            money_axis(axes)
            axes.margins(x=0.02)
        month_axis(below, list(rows["period"]))
    return made


@of_rows
def cost_of_sales(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What is spent for 1 of bookings, to date: planned and actual.

    Args:
        table: period, planned, low_80, high_80, actual [currency for 1 of bookings].
        currency: of both.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    last = rows.iloc[-1]
    alt = (
        f"{title}: {last['actual']:.2f} {currency} for 1 {currency} by "
        f"{words.month(last['period'])}; {last['planned']:.2f} were planned."
    )
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        _band(axes, rows, "low_80", "high_80", ORANGE, 0.15)
        axes.plot(rows.index, rows["planned"], color=ORANGE, linestyle="--")
        axes.plot(rows.index, rows["actual"], color=INK, marker="o", markersize=4)
        _named(axes, rows, {"planned": ("budget", ORANGE), "actual": ("actual", INK)}, False)
        headed(axes, title, f"{currency} for 1 {currency} booked in the year to date")
        axes.grid(axis="y")
        month_axis(axes, list(rows["period"]))
        axes.set_ylim(bottom=0)
        axes.margins(x=0.02)
    return made


def _band(axes: Axes, rows: pd.DataFrame, low: str, high: str, colour: str, alpha: float) -> None:
    axes.fill_between(rows.index, rows[low], rows[high], color=colour, alpha=alpha, linewidth=0)


def _named(
    axes: Axes, rows: pd.DataFrame, names: dict[str, tuple[str, str]], money: bool = True
) -> None:
    """Names and values at the ends of lines, the higher one above."""
    last = {column: rows[column].iloc[-1] for column in names}
    last = {column: value for column, value in last.items() if not words.missing(value)}
    highest = max(last, key=lambda column: last[column], default="")
    for column, value in last.items():
        name, colour = names[column]
        shift, side = ((9, -4), "bottom") if column == highest else ((9, 4), "top")
        said = words.short(value) if money else f"{value:.2f}"
        text = f"{name}\n{said}"
        beside(axes, text, (len(rows) - 1, value), shift, va=side, color=colour or QUIET)
