"""Charts of leaderboards: places with their intervals, places month by month, runs of months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    QUIET,
    WASH,
    Picture,
    beside,
    headed,
    month_axis,
    of_rows,
    picture,
    styled,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

ROW = 0.24  # inches


@of_rows
def place_intervals(table: pd.DataFrame, title: str) -> Picture:
    """The places that each person may have: by the raw score, and adjusted and pulled in.

    Args:
        table: name, own (bool), place, place_low, place_high, adjusted_place, adjusted_low,
            adjusted_high; in order of place.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    wide = float((rows["adjusted_high"] - rows["adjusted_low"]).median())
    moved = int((rows["place"] != rows["adjusted_place"]).sum())
    alt = (
        f"{title}: an adjusted place is known within {wide:.0f} places (median); "
        f"{words.counted(moved, 'person', 'people')} of {len(rows)} stand elsewhere once adjusted."
    )
    with styled():
        made = picture(1.1 + ROW * len(rows), alt)
        pair = made.subplots(1, 2, sharey=True)
        last = float(rows[["place_high", "adjusted_high"]].max().max()) + 0.7
        kinds = (("As it is", "", INK, "places that are possible"), (
            "Adjusted", "adjusted_", BLUE, "for territory, tenure and luck"
        ))  # fmt: skip
        for axes, (head, start, colour, says) in zip(pair, kinds, strict=True):
            low, high = (
                ("place_low", "place_high") if not start else ("adjusted_low", "adjusted_high")
            )
            axes.hlines(rows.index, rows[low], rows[high], color=colour, linewidth=3, alpha=0.3)
            own = rows["own"].astype(bool)
            place = rows[f"{start}place"]
            axes.scatter(place[~own], rows.index[~own], color=colour, s=22, zorder=3)
            axes.scatter(place[own], rows.index[own], color=ORANGE, s=40, zorder=4)
            axes.set_xlim(0.3, last)
            axes.grid(axis="x")
            headed(axes, f"{title}: {head.lower()}" if not start else head, says)
        pair[0].set_yticks(rows.index, list(rows["name"]))
        pair[0].set_ylim(len(rows) - 0.4, -0.6)
        for axes in pair:
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0)
            axes.set_xlabel("place", color=QUIET)
    return made


@of_rows
def places_by_month(table: pd.DataFrame, title: str) -> Picture:
    """Places month by month: who rises and who falls.

    Args:
        table: name, period, place, own (bool), of those who are shown.
        title: what is shown.
    """
    rows = table.dropna(subset=["place"])
    periods = sorted(rows["period"].unique())
    at = {period: number for number, period in enumerate(periods)}
    ends = rows[rows["period"] == periods[-1]].sort_values("place")
    first = ends["name"].iloc[0] if len(ends) else "nobody"
    alt = f"{title}: {first} is first in {words.month(periods[-1])}, of {len(ends)} shown."
    with styled():
        made = picture(1.4 + 0.11 * max(float(rows["place"].max()), 12), alt)
        axes = made.subplots()
        for number, name in enumerate(ends["name"]):
            own = rows[rows["name"] == name].sort_values("period")
            mine = bool(own["own"].iloc[-1])
            colour = ORANGE if mine else BLUE if number < 3 else QUIET
            months = own["period"].map(at)
            strong = mine or number < 3
            axes.plot(
                months, own["place"], color=colour, marker="o", markersize=4 if strong else 3,
                linewidth=2 if strong else 1, alpha=1 if strong else 0.45, zorder=2 + strong,
            )  # fmt: skip
            end = (len(periods) - 1, float(own["place"].iloc[-1]))
            beside(
                axes, f"{own['place'].iloc[-1]:g}  {name}", end, (8, 0), color=colour, fontsize=8
            )
        axes.invert_yaxis()
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        month_axis(axes, periods)
        axes.set_xlim(-0.2, len(periods) - 0.9)
        headed(axes, title, "place at the end of each month; the first on top")
    return made


@of_rows
def runs_of_months(table: pd.DataFrame, title: str) -> Picture:
    """How long people have been at it: months in a row at quota, rising, among the first.

    Args:
        table: name, own (bool), quota_run, improved_run, top_run; the longest first.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    longest = int(rows[["quota_run", "improved_run", "top_run"]].max().max())
    alt = f"{title}: the longest run lasts {words.counted(longest, 'month')}."
    heads = {
        "top_run": "Among the first",
        "quota_run": "At or above quota",
        "improved_run": "Rising",
    }
    with styled():
        made = picture(1.1 + ROW * len(rows), alt)
        for axes, (name, head) in zip(made.subplots(1, 3, sharey=True), heads.items(), strict=True):
            colours = [ORANGE if own else BLUE for own in rows["own"]]
            axes.barh(rows.index, rows[name], color=colours, height=0.62)
            for place, value in enumerate(rows[name]):
                if value:
                    beside(axes, f"{int(value)}", (value, place), (3, 0), color=QUIET, fontsize=8)
            axes.set_xlim(0, longest * 1.2 or 1)
            axes.axvline(0, color=LINE)
            axes.set_xticks([])
            axes.spines[["left", "bottom"]].set_visible(False)
            headed(axes, head, "months in a row")
            axes.set_yticks(rows.index, list(rows["name"]))
            axes.tick_params(axis="y", length=0)
            axes.set_facecolor("white" if len(rows) else WASH)
        axes.invert_yaxis()
    return made
