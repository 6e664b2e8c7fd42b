"""Charts of field transparency: attainment, the curve ahead, a team by pace, everybody together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    QUIET,
    Picture,
    beside,
    headed,
    money_axis,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd

LOOKS = {
    "behind": (ORANGE, "s"),
    "on pace": (BLUE, "o"),
    "ahead": (GREEN, "^"),
    "reached": (GREEN, "D"),
}
BAND = 0.1  # of quota, a bar of the distribution


@of_rows
def field_bullets(table: pd.DataFrame, title: str) -> Picture:
    """Attainment of each component as a bar; where it should be by now, and quota, as marks.

    Args:
        table: component, window, attainment, elapsed, state; those with a quota.
        title: what is shown.
    """
    told = table.iloc[::-1].reset_index(drop=True)
    alt = f"{title}: " + "; ".join(
        f"{words.title(row.component)} {words.percent(row.attainment)}"
        for row in table.itertuples()
    )
    with styled():
        made = picture(0.9 + 0.42 * len(told), alt + ".")
        axes = made.subplots()
        for place, row in enumerate(told.itertuples()):
            axes.barh(place, max(row.attainment, 0), height=0.42, color=LOOKS[row.state][0])
            axes.plot([row.elapsed] * 2, [place - 0.34, place + 0.34], color=INK, linewidth=2)
            how = {"va": "center", "color": QUIET, "fontsize": 9}
            at = (max(row.attainment, row.elapsed, 0), place)
            beside(axes, words.percent(row.attainment), at, (6, 0), **how)
        axes.axvline(1, color=INK, linestyle=(0, (4, 2)), linewidth=0.9)
        names = [f"{words.title(r.component)}, {r.window}" for r in told.itertuples()]
        axes.set_yticks(range(len(told)), names)
        axes.set_xlim(0, max(1.15, float(told["attainment"].max()) * 1.12))
        headed(axes, title, "share of quota; solid mark: where the pace would be; dashed: quota")
        percent_axis(axes)
    return made


@of_rows
def field_curve(table: pd.DataFrame, title: str, currency: str, start: float | None) -> Picture:
    """What a component pays by share of quota, where one stands, and the next threshold.

    Args:
        table: attainment, earned, here.
        title: what is shown.
        currency: of what is earned.
        start: share of quota of the next threshold; none beyond the last.
    """
    here = table[table["here"]].iloc[0]
    ahead = f", next threshold at {words.percent(start)}" if start is not None else ""
    alt = (
        f"{title}: {words.percent(here['attainment'])} of quota, "
        f"{words.short(here['earned'], currency)} by the curve{ahead}."
    )
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        axes.plot(table["attainment"], table["earned"], color=BLUE, linewidth=2)
        at = (float(here["attainment"]), float(here["earned"]))
        axes.plot(*at, "o", color=INK, markersize=8, zorder=3)
        beside(axes, "You are here", at, (8, -12), color=INK, fontsize=9)
        if start is not None:
            near = table.iloc[(table["attainment"] - start).abs().argsort()[:1]]
            there = (start, float(near["earned"].iloc[0]))
            axes.plot(
                *there, "o", markersize=11, markerfacecolor="none", color=ORANGE, markeredgewidth=2
            )
            beside(axes, "Next threshold", there, (10, -14), color=ORANGE, fontsize=9)
        headed(axes, title, f"{currency} earned in the window, by share of quota")
        percent_axis(axes)
        money_axis(axes)
        axes.margins(x=0.01)
    return made


@of_rows
def field_dots(table: pd.DataFrame, title: str) -> Picture:
    """A team by pace, the slowest on top: squares are behind, the line reaches quota.

    Args:
        table: payee_id, pace, state; those with a quota, in the order to be shown.
        title: what is shown.
    """
    told = table.iloc[::-1].reset_index(drop=True)
    behind = int((table["state"] == "behind").sum())
    alt = f"{title}: {behind} of {words.counted(len(table), 'person', 'people')} behind."
    with styled():
        made = picture(0.9 + 0.26 * len(told), alt)
        axes = made.subplots()
        for place, row in enumerate(told.itertuples()):
            colour, marker = LOOKS[row.state]
            axes.plot([1, row.pace], [place, place], color=LINE, linewidth=1.5, zorder=1)
            axes.plot(row.pace, place, marker, color=colour, markersize=8, zorder=2)
        axes.axvline(1, color=INK, linestyle=(0, (4, 2)), linewidth=0.9)
        axes.set_yticks(range(len(told)), list(told["payee_id"]))
        axes.set_ylim(-0.6, len(told) - 0.4)
        headed(axes, title, "attainment over the share of the window that is over")
        percent_axis(axes)
    return made


@of_rows
def field_distribution(table: pd.DataFrame, title: str) -> Picture:
    """How many people stand in each band of attainment.

    Args:
        table: attainment.
        title: what is shown.
    """
    import numpy as np

    rates = table["attainment"].astype(float)
    reached = int((rates >= 1).sum())
    alt = (
        f"{title}: {reached} of {words.counted(len(rates), 'person', 'people')} reached quota; "
        f"half stand below {words.percent(float(rates.median()))}."
    )
    with styled():
        made = picture(3.0, alt)
        axes = made.subplots()
        edges = np.arange(0, max(1.6, float(rates.max()) + BAND), BAND)
        counts, edges = np.histogram(rates.clip(0), bins=edges)
        colours = [GREEN if start >= 1 - 1e-9 else BLUE for start in edges[:-1]]
        axes.bar(edges[:-1], counts, width=BAND * 0.9, align="edge", color=colours)
        axes.axvline(float(rates.median()), color=AMBER, linewidth=2)
        headed(axes, title, "people by attainment; green: quota reached; line: the median")
        percent_axis(axes)
    return made
