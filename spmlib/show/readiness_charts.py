"""Charts of readiness: the share automated month by month, and as exceptions are taken on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    Picture,
    beside,
    headed,
    month_axis,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WHOSE = {"own": ("the company", BLUE, "-"), "planted": ("copy, planted", ORANGE, "--")}
PANELS = {"lines_share": "by volume", "money_share": "by money"}
LOOKS = {"by volume": (BLUE, "o", "-"), "by money": (ORANGE, "s", "--")}


@of_rows
def automated_shares(table: pd.DataFrame, goal: float, title: str) -> Picture:
    """The share automated month by month, by volume and by money, of a company and of its copy.

    Args:
        table: period, whose (own, planted), lines_share, money_share; in the order of months.
        goal: the share that is aimed at.
        title: what is shown.
    """
    periods = list(dict.fromkeys(sorted(table["period"])))
    last = {
        whose: table[table["whose"] == whose].iloc[-1] for whose in dict.fromkeys(table["whose"])
    }
    said = "; ".join(
        f"{WHOSE[whose][0]} {words.percent(row['lines_share'])} by volume, "
        f"{words.percent(row['money_share'])} by money"
        for whose, row in last.items()
    )
    with styled():
        made = picture(3.1, f"{title}. In {words.month(periods[-1])}: {said}.")
        panels = made.subplots(1, 2, sharey=True)
        for axes, (column, name) in zip(panels, PANELS.items(), strict=True):
            for whose, rows in table.groupby("whose", sort=False):
                _, colour, line = WHOSE[str(whose)]
                places = [periods.index(period) for period in rows["period"]]
                shown = rows[column].astype(float)
                axes.plot(places, shown, color=colour, linestyle=line, marker="o", markersize=3)
            axes.axhline(goal, color=INK, linewidth=0.9, linestyle=":")
            month_axis(axes, periods, 4)
            percent_axis(axes, "y")
            axes.set_ylim(0, 1.04)
            axes.set_title(name, color=QUIET)
        ends = [(float(row["money_share"]), whose) for whose, row in last.items()]
        for share, whose in ends:
            label, colour, _ = WHOSE[str(whose)]
            beside(panels[1], label, (len(periods) - 1, share), (8, 0), color=colour)
        low = (0, goal), (0, -8)
        beside(panels[0], f"goal {words.percent(goal)}", *low, color=INK, fontsize=8)
        made.suptitle(title, x=0.01, ha="left", color=INK)
    return made


@of_rows
def automation_curve(table: pd.DataFrame, most: int, title: str) -> Picture:
    """The share automated as exceptions are taken on, largest first, and where it meets the goal.

    Args:
        table: by (by volume, by money), place (exceptions taken on), share, goal.
        most: exceptions that may be taken on.
        title: what is shown.
    """
    goal = float(table["goal"].iloc[0])
    met = {str(by): _met(rows, goal) for by, rows in table.groupby("by", sort=False)}
    said = [
        f"{by} {words.counted(at, 'exception')}" if at is not None else f"{by} all are too few"
        for by, at in met.items()
    ]
    finding = f"to {words.percent(goal)} it takes {' and '.join(said)}"
    with styled():
        made = picture(3.5, f"{title}: {finding}.")
        axes = made.subplots()
        for by, rows in table.groupby("by", sort=False):
            colour, marker, line = LOOKS[str(by)]
            places, shares = rows["place"], rows["share"].astype(float)
            axes.plot(places, shares, color=colour, linestyle=line, marker=marker, markersize=3.5)
            beside(axes, str(by), (places.iloc[-1], shares.iloc[-1]), (7, 0), color=colour)
            _crossing(axes, met[str(by)], rows, colour)
        axes.axhline(goal, color=INK, linewidth=0.9, linestyle=":")
        axes.axvline(most, color=QUIET, linewidth=0.9)
        low = float(table["share"].min())
        beside(axes, f"at most {most}", (most, low), (4, 0), color=QUIET, fontsize=8)
        end = (float(table["place"].max()), goal)
        how = {"color": INK, "fontsize": 8, "ha": "right"}
        beside(axes, f"goal {words.percent(goal)}", end, (0, -8), **how)
        percent_axis(axes, "y")
        axes.set_xlabel("exceptions taken on, the largest first", color=QUIET, fontsize=8.5)
        headed(axes, title, finding[:1].upper() + finding[1:])
    return made


def _met(rows: pd.DataFrame, goal: float) -> int | None:
    there = rows[rows["share"] >= goal - 1e-12]
    return None if there.empty else int(there["place"].iloc[0])


def _crossing(axes: Axes, at: int | None, rows: pd.DataFrame, colour: str) -> None:
    """A ring where the goal is met."""
    if at is None:
        return
    share = float(rows.loc[rows["place"] == at, "share"].iloc[0])
    ring: dict[str, Any] = {
        "facecolors": "none",
        "edgecolors": colour,
        "linewidths": 1.4,
        "zorder": 4,
    }
    axes.scatter([at], [share], s=110, **ring)
