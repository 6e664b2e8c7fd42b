"""Charts of contract costs: what is carried of each year's costs, and how long contracts last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from spmlib.show import words
from spmlib.show.style import (
    INK,
    LINE,
    QUIET,
    SERIES,
    Picture,
    beside,
    colours,
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


@of_rows
def carried(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What is carried, by the year in which it was capitalised, and how it becomes cost.

    Args:
        table: period, cohort, amount [currency], ahead (whether the period is to come); periods in
            order.
        currency: of the amounts.
        title: what is shown.
    """
    wide = table.pivot_table(index="period", columns="cohort", values="amount", aggfunc="sum")
    wide = wide.sort_index().fillna(0.0)
    known = int((~table.groupby("period")["ahead"].first().sort_index()).sum()) - 1
    total = wide.sum(axis=1)
    at = total.index[max(known, 0)]
    alt = (
        f"{title}: {words.short(total[at], currency)} at the end of {words.month(at)}, of which "
        f"{words.short(wide.iloc[max(known, 0)].max())} were capitalised in "
        f"{wide.iloc[max(known, 0)].idxmax()}; all is cost by {words.month(total.index[-1])}."
    )
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        places = range(len(wide))
        layers = axes.stackplot(places, wide.to_numpy(float).T, linewidth=0.6, edgecolor="white")
        for layer, colour in zip(layers, SERIES, strict=False):
            layer.set_color(colour)
            layer.set_edgecolor("white")
        if known + 1 < len(wide):
            axes.axvspan(known, len(wide) - 1, color="white", alpha=0.45, linewidth=0)
            axes.axvline(known, color=INK, linewidth=0.9)
            beside(axes, "as planned", (known, total.max()), (6, 2), color=QUIET, fontsize=8.5)
        headed(axes, title, f"{currency}; by the year in which it was capitalised")
        money_axis(axes)
        month_axis(axes, list(wide.index))
        axes.margins(x=0)
        axes.set_ylim(bottom=min(0.0, float(total.min())))
        handles = [*layers][::-1]
        names = [str(name) for name in wide.columns][::-1]
        axes.legend(handles, names, loc="upper right", frameon=False)
    return made


@of_rows
def lasting(table: pd.DataFrame, title: str) -> Picture:
    """How many contracts go on after some months, group by group.

    Args:
        table: segment, months, alive, low, high (shares); months in order.
        title: what is shown.
    """
    names = list(dict.fromkeys(table["segment"]))
    ends = table.groupby("segment")["alive"].last()
    shade = colours(names)
    longest = float(table["months"].max()) + 3
    said = ", ".join(f"{words.title(name)} {words.percent(ends[name])}" for name in names)
    alt = f"{title}: after {table['months'].max():.0f} months {said}."
    with styled():
        made = picture(3.0, alt)
        axes = made.subplots()
        for name in names:
            rows = table[table["segment"] == name]
            times = [0.0, *rows["months"].astype(float), longest]
            levels = [1.0, *rows["alive"], rows["alive"].iloc[-1]]
            axes.step(times, levels, where="post", color=shade[name], label=words.title(name))
            low = [1.0, *rows["low"], rows["low"].iloc[-1]]
            high = [1.0, *rows["high"], rows["high"].iloc[-1]]
            axes.fill_between(
                times, low, high, step="post", color=shade[name], alpha=0.12, linewidth=0
            )
        headed(axes, title, "share that goes on; shaded: 95 of 100 cases")
        percent_axis(axes, "y")
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.set_ylim(max(0.0, float(table["low"].min()) - 0.08), 1.005)
        axes.set_xlim(0, longest)
        axes.set_xlabel("months since the order", color=QUIET)
        axes.legend(frameon=False, loc="lower left")
        axes.grid(axis="y", color=LINE)
    return made
