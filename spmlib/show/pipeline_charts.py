"""Charts of the pipeline: what it would have said, whether chances hold, calls, and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    QUIET,
    WASH,
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

ROW, APART = 0.42, 0.2  # inches of a person's row, and between their two marks


@of_rows
def tried(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What would have been expected of each month as it began, and what came.

    Args:
        table: period, expected, low_80, high_80, actual [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    inside = (rows["actual"] >= rows["low_80"]) & (rows["actual"] <= rows["high_80"])
    alt = f"{title}: {inside.sum()} of {len(rows)} months came within the interval of 80 %."
    with styled():
        made = picture(3.4, alt)
        axes = made.subplots()
        at = range(len(rows))
        axes.vlines(at, rows["low_80"], rows["high_80"], color=ORANGE, alpha=0.35, linewidth=7)
        axes.scatter(at, rows["expected"], color=ORANGE, s=26, zorder=3, marker="_", linewidth=2.2)
        axes.scatter(at, rows["actual"], color=BLUE, s=24, zorder=4)
        says = f"{currency} a month; orange: expected, 8 of 10 cases; blue: what came"
        headed(axes, title, says)
        axes.set_ylim(bottom=0)
        money_axis(axes)
        month_axis(axes, list(rows["period"]))
    return made


@of_rows
def calibration(table: pd.DataFrame, title: str) -> Picture:
    """Whether deals were won as often as their chances said.

    Args:
        table: chance, won, low, high, deals; one row for each tenth of the deals.
        title: what is shown.
    """
    last = table.iloc[-1]
    alt = (
        f"{title}. Of the tenth with the best chances, {words.percent(last['chance'])} on average, "
        f"{words.percent(last['won'])} were won."
    )
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        top = max(table["chance"].max(), table["high"].max())
        axes.plot([0, top], [0, top], color=QUIET, linewidth=0.9)
        axes.vlines(table["chance"], table["low"], table["high"], color=BLUE, linewidth=1.6)
        axes.scatter(table["chance"], table["won"], color=BLUE, s=26, zorder=3)
        headed(axes, title, "share won by chance; lines: 95 of 100 cases; grey: as it should be")
        percent_axis(axes, "x")
        percent_axis(axes, "y")
        axes.set_xlim(0, top * 1.03)
        axes.set_ylim(0, top * 1.03)
    return made


@of_rows
def called(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What each leader says, what came of it before, and what the deals say.

    Args:
        table: name, said, corrected, low_80, high_80, model, model_low_80, model_high_80
            [currency]; the first on top.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    above = (rows["said"] > rows["model_high_80"]).sum()
    alt = f"{title}: {above} of {len(rows)} say more than 9 of 10 cases of their deals."
    with styled():
        made = picture(1.1 + ROW * len(rows), alt)
        axes = made.subplots()
        for place, row in rows.iterrows():
            axes.axhline(place, color=LINE, linewidth=0.6, zorder=0)
            axes.scatter([row["said"]], [place], color=INK, marker="D", s=26, zorder=4)
            for shift, colour, name, low, high in (
                (APART / 2, ORANGE, "corrected", "low_80", "high_80"),
                (-APART / 2, BLUE, "model", "model_low_80", "model_high_80"),
            ):
                axes.hlines(place + shift, row[low], row[high], color=colour, linewidth=3)
                axes.scatter([row[name]], [place + shift], color=colour, s=24, zorder=3)
        axes.set_yticks(range(len(rows)), list(rows["name"]))
        says = f"{currency}; black: said; orange: corrected by what came of it; blue: the deals"
        headed(axes, title, says)
        money_axis(axes, "x")
        axes.set_xlim(left=0)
        axes.set_ylim(-0.6, len(rows) - 0.4)
    return made


@of_rows
def times_to_close(table: pd.DataFrame, title: str) -> Picture:
    """How many deals are won, lost and still open, day by day: a panel for each group.

    Args:
        table: group, days, won, lost.
        title: what is shown.
    """
    groups = list(dict.fromkeys(table["group"]))
    first = table[table["group"] == groups[0]]
    half = first.loc[first["won"] >= first["won"].iloc[-1] / 2, "days"].iloc[0]
    won = words.percent(first["won"].iloc[-1])
    alt = f"{title}. Of {groups[0]}, {won} are won within a year, half of them by day {half}."
    with styled():
        made = picture(3.0, alt)
        panels = made.subplots(1, len(groups), sharey=True, squeeze=False)[0]
        for axes, group in zip(panels, groups, strict=True):
            _ends(axes, table[table["group"] == group])
            axes.set_title(words.title(group), fontsize=9)
        panels[0].set_ylabel("share of deals")
        percent_axis(panels[0], "y")
        made.suptitle(title, x=0.01, ha="left", color=INK)
    return made


def _ends(axes: Axes, rows: pd.DataFrame) -> None:
    """Won from below, lost from above, open between."""
    axes.fill_between(rows["days"], 0, rows["won"], color=GREEN, alpha=0.75, linewidth=0)
    axes.fill_between(rows["days"], rows["won"], 1 - rows["lost"], color=WASH, linewidth=0)
    axes.fill_between(rows["days"], 1 - rows["lost"], 1, color=QUIET, alpha=0.55, linewidth=0)
    middle = rows["days"].max() * 0.62
    last = rows.iloc[-1]
    beside(axes, "won", (middle, last["won"] / 2), (0, 0), color=INK, ha="center")
    beside(axes, "lost", (middle, 1 - last["lost"] / 2), (0, 0), color=INK, ha="center")
    axes.set_xlim(0, rows["days"].max())
    axes.set_ylim(0, 1)
    axes.set_xticks([0, 90, 180, 270, 360])
    axes.set_xlabel("days")
