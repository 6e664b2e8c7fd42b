"""Charts of scenarios: what each may bring against its target, and a year planned again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    Picture,
    headed,
    money_axis,
    month_axis,
    of_rows,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd

ROW = 0.42  # inches
WASH = "#c9d2dc"


@of_rows
def scenarios(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What each scenario is expected to bring, and its target, one line for each.

    Args:
        table: scenario, target, expected, low_80, high_80 [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    most = rows.loc[rows["expected"].idxmax()]
    finding = f"{words.title(most['scenario'])} brings most, {words.short(most['expected'])}"
    short = int((rows["expected"] < rows["target"]).sum())
    alt = f"{title}: {finding} on average; {short} of {len(rows)} fall short of their target."
    with styled():
        made = picture(1.2 + ROW * len(rows), alt)
        axes = made.subplots()
        axes.hlines(rows.index, rows["low_80"], rows["high_80"], color=LINE, linewidth=7)
        axes.scatter(rows["expected"], rows.index, color=BLUE, s=42, zorder=3)
        axes.scatter(
            rows["target"], rows.index, marker="|", s=260, color=ORANGE, linewidth=2, zorder=3
        )
        axes.set_yticks(rows.index, [words.title(name) for name in rows["scenario"]])
        headed(axes, title, f"{currency}; dot and band: expected, 8 of 10 cases; tick: target")
        money_axis(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.6, len(rows) - 0.4)
    return made


@of_rows
def planned_again(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What was asked month by month, what is asked now, and what was sold.

    Args:
        table: period, before, after, sold (empty in months that are not over) [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    apart = (rows["after"] - rows["before"]).abs() > 1
    first = words.month(rows.loc[apart.idxmax(), "period"]) if apart.any() else "no month"
    before, after = rows.loc[apart, "before"].sum(), rows.loc[apart, "after"].sum()
    says = f"{words.short(after, currency)} instead of {words.short(before, currency)}"
    with styled():
        made = picture(3.5, f"{title}: from {first} on {says} is asked.")
        axes = made.subplots()
        axes.bar(rows.index, rows["sold"], color=WASH, width=0.62, zorder=1)
        axes.step(rows.index, rows["before"], color=ORANGE, linestyle="--", where="mid", zorder=2)
        axes.step(rows.index, rows["after"], color=BLUE, where="mid", zorder=3)
        if apart.any():
            axes.axvline(apart.idxmax() - 0.5, color=INK, linewidth=0.9)
        says = f"{currency} a month; grey: sold; dashed: asked before; blue: asked now"
        headed(axes, title, says)
        money_axis(axes)
        month_axis(axes, list(rows["period"]))
        axes.set_ylim(bottom=0)
    return made
