"""Charts of estimates: deals as steps on a person's pay curve, and a team's way to quota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.standing_charts import ROOM, thresholds
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    SKY,
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
    from matplotlib.axes import Axes


@of_rows
def deals_on_curve(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """A pay curve with where a person stands, and each deal as a step along it.

    Args:
        table: credited, attainment, earned [currency], rate, place, at (now, a deal, or nothing);
            rising, at the same value in the order of the deals.
        currency: of what is earned.
        title: what is shown.
    """
    x = "attainment" if bool(table["attainment"].notna().all()) else "credited"
    marks = table[table["at"] != ""]
    now = marks[marks["at"] == "now"].iloc[0]
    steps = marks[marks["at"] != "now"]
    end = steps.iloc[-1] if len(steps) else now
    says = f"from {_where(now, x)} to {_where(end, x)}" if len(steps) else f"at {_where(now, x)}"
    more = words.short(end["earned"] - now["earned"], currency)
    with styled():
        alt = f"{title}: {words.counted(len(steps), 'deal')}, {says}; {more} more on this curve."
        made = picture(3.7, alt)
        axes = made.subplots()
        axes.plot(table[x], table["earned"], color=BLUE, linewidth=1.4)
        thresholds(axes, table, x)
        _walked(axes, table, now, end, x)
        axes.scatter(steps[x], steps["earned"], s=26, color=ORANGE, zorder=4)
        axes.scatter([now[x]], [now["earned"]], s=52, color=INK, zorder=5)
        _named(axes, now, steps, x, currency)
        of = "share of quota" if x == "attainment" else "what is credited"
        headed(axes, title, f"earned [{currency}] by {of}; deals from now on in orange")
        money_axis(axes)
        (percent_axis if x == "attainment" else money_axis)(axes, "x")
        axes.grid(False, axis="x")
        axes.set_xlim(left=min(0, table[x].min()), right=table[x].max())
        low, high = min(0, table["earned"].min()), max(0, table["earned"].max())
        axes.set_ylim(low, high + ROOM * (high - low or 1))
    return made


@of_rows
def team_ahead(table: pd.DataFrame, names: Mapping[str, str], title: str) -> Picture:
    """How much of quota each person of a team has reached, and what deals add, as bars.

    Args:
        table: payee_id, attainment_before, attainment_after; who has no quota is left out.
        names: by payee_id, how each is called on the page.
        title: what is shown.
    """
    rows = table[table["attainment_after"].notna()].sort_values("attainment_after", kind="stable")
    before, after = rows["attainment_before"].astype(float), rows["attainment_after"].astype(float)
    there = int((after >= 1).sum())
    was = int((before >= 1).sum())
    says = f"{there} of {words.counted(len(rows), 'person', 'people')} would reach quota, now {was}"
    with styled():
        made = picture(0.9 + 0.27 * len(rows), f"{title}: {says}.")
        axes = made.subplots()
        heights = range(len(rows))
        axes.barh(heights, before, color=BLUE, height=0.62)
        axes.barh(heights, after - before, left=before, color=SKY, height=0.62)
        for height, value in zip(heights, after, strict=True):
            beside(axes, words.percent(value), (max(value, 0), height), (5, 0), fontsize=8)
        axes.axvline(1, color=INK, linewidth=1.1)
        axes.set_yticks(list(heights), [names.get(one, one) for one in rows["payee_id"]])
        headed(axes, title, "share of quota to date: dark without the deals, light with them")
        percent_axis(axes)
        axes.set_xlim(min(0, before.min()), max(1.12, after.max() * 1.08))
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.spines["left"].set_visible(False)
    return made


def _where(row: pd.Series, x: str) -> str:
    return f"{words.percent(row[x])} of quota" if x == "attainment" else words.short(row[x])


def _walked(axes: Axes, table: pd.DataFrame, now: pd.Series, end: pd.Series, x: str) -> None:
    """The part of the curve that the deals walk along."""
    low, high = sorted((now[x], end[x]))
    part = table[(table[x] >= low) & (table[x] <= high)]
    axes.plot(part[x], part["earned"], color=ORANGE, linewidth=3, zorder=3)
    axes.fill_between(part[x], part["earned"], color=ORANGE, alpha=0.12, linewidth=0)


def _named(axes: Axes, now: pd.Series, steps: pd.DataFrame, x: str, currency: str) -> None:
    """Where the person stands, and comes to; further deals are dots."""
    how = {"fontsize": 8.5, "va": "top"}
    label = f"now {words.short(now['earned'], currency)}"
    beside(axes, label, (now[x], now["earned"]), (8, -6), color=INK, fontweight="bold", **how)
    if len(steps):
        end = steps.iloc[-1]
        label = f"{_where(end, x)}\n{words.short(end['earned'], currency)}"
        about = {**how, "va": "bottom", "ha": "right", "color": ORANGE, "fontweight": "bold"}
        beside(axes, label, (end[x], end["earned"]), (-8, 8), **about)
    axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
