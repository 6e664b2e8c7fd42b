"""Charts of territories: where they are, how they are balanced, and what moving accounts saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    QUIET,
    SERIES,
    Picture,
    beside,
    headed,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MARKS = "osD^vPX"  # a shape beside each colour, for those who tell shapes more easily
ROW = 0.34  # inches


@of_rows
def map_of(table: pd.DataFrame, title: str) -> Picture:
    """Where territories are: a mark for each account, a star for each home, region by region.

    Args:
        table: region, territory_id, kind (account, home), label, latitude, longitude [degrees],
            visits, moved.
        title: what is shown.
    """
    regions = list(dict.fromkeys(table["region"]))
    spans = [_span(table[table["region"] == name]) for name in regions]
    moved = int(table["moved"].sum())
    count = table["territory_id"].nunique()
    alt = (
        f"{title}: {count} territories in {', '.join(regions)}; "
        f"{words.counted(moved, 'account')} of {int((table['kind'] == 'account').sum())} change "
        "hands."
    )
    wide = [max(east / north, 0.55) for east, north in spans]
    with styled():
        made = picture(3.9 if len(regions) > 1 else 4.6, alt)
        places = made.subplots(1, len(regions), width_ratios=wide, squeeze=False)[0]
        for axes, name in zip(places, regions, strict=True):
            _region(axes, table[table["region"] == name])
            axes.set_title(name, fontsize=9, color=QUIET, pad=4)
        made.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
        says = "marks: accounts, ringed where they change hands; stars: homes; degrees"
        made.supxlabel(says, x=0.01, ha="left", color=QUIET, fontsize=8)
    return made


@of_rows
def balance(table: pd.DataFrame, measure: str, tolerance: float, title: str) -> Picture:
    """What each territory has of a measure, today and as planned, beside what it is to have.

    Args:
        table: territory_id, name, and of the measure its part today and as planned (1: its share).
        measure: the column; `<measure>_today` is the other.
        tolerance: how far a territory may lie from 1.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    off = [
        int(((rows[n] - 1).abs() > tolerance + 0.005).sum()) for n in (f"{measure}_today", measure)
    ]
    alt = f"{title}: {off[0]} of {len(rows)} lie outside the limits today, {off[1]} as planned."
    with styled():
        made = picture(1.0 + ROW * len(rows), alt)
        axes = made.subplots()
        axes.axvspan(1 - tolerance, 1 + tolerance, color=LINE, alpha=0.6, linewidth=0)
        axes.axvline(1, color=INK, linewidth=1)
        axes.hlines(rows.index, rows[f"{measure}_today"], rows[measure], color=LINE, linewidth=2)
        axes.scatter(rows[f"{measure}_today"], rows.index, color=ORANGE, marker="D", s=24, zorder=3)
        axes.scatter(rows[measure], rows.index, color=BLUE, s=34, zorder=4)
        labels = [f"{a}  {b}" for a, b in zip(rows["territory_id"], rows["name"], strict=True)]
        axes.set_yticks(rows.index, labels, fontsize=8)
        headed(
            axes, title, f"{measure}, of its share; diamonds: today, dots: as planned, band: limits"
        )
        percent_axis(axes)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.6, len(rows) - 0.4)
    return made


@of_rows
def frontier(table: pd.DataFrame, chosen: float, title: str) -> Picture:
    """Travel against moved accounts: what each further move saves.

    Args:
        table: moving (what a move has to save [km a year]), moved, km (a year).
        chosen: the value of moving that the plan has.
        title: what is shown.
    """
    rows = table.sort_values("moved").reset_index(drop=True)
    first, last = rows.iloc[0], rows.iloc[-1]
    alt = (
        f"{title}: {words.short(first['km'])} km with {first['moved']:.0f} accounts moved, "
        f"{words.short(last['km'])} km with {last['moved']:.0f}."
    )
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        axes.plot(rows["moved"], rows["km"], color=BLUE, marker="o", markersize=5)
        own = rows[rows["moving"] == chosen]
        axes.scatter(own["moved"], own["km"], s=90, facecolor="none", edgecolor=ORANGE, zorder=4)
        for row in rows.itertuples():
            text = f"{row.moving:,.0f} km"
            beside(axes, text, (row.moved, row.km), (6, 7), fontsize=7.5, color=QUIET)
        headed(
            axes, title, "km a year, by accounts that change hands; beside: what a move has to save"
        )
        axes.yaxis.set_major_formatter(lambda amount, _: words.short(amount))
        axes.grid(axis="y")
        axes.set_xlabel("accounts that change hands")
        axes.set_ylim(0, 1.15 * rows["km"].max())
        axes.set_xlim(0, 1.12 * rows["moved"].max() + 1)
    return made


def _span(rows: pd.DataFrame) -> tuple[float, float]:
    """How far a region reaches: degrees east, as long as degrees north are; degrees north."""
    north = max(float(np.ptp(rows["latitude"])), 2.0)
    middle = np.radians(rows["latitude"].mean())
    return max(float(np.ptp(rows["longitude"]) * np.cos(middle)), 2.0), north


def _region(axes: Axes, rows: pd.DataFrame) -> None:
    names = sorted(rows["territory_id"].unique())
    accounts, homes = (rows[rows["kind"] == kind] for kind in ("account", "home"))
    for place, name in enumerate(names):
        own = accounts[accounts["territory_id"] == name]
        edge = [INK if moved else "none" for moved in own["moved"]]
        axes.scatter(
            own["longitude"], own["latitude"], s=2 + 0.9 * own["visits"],
            color=SERIES[place % len(SERIES)], marker=MARKS[place % len(MARKS)],
            edgecolor=edge, linewidth=0.3, alpha=0.7,
        )  # fmt: skip
    for row in homes.itertuples():
        place = names.index(row.territory_id)
        colour = SERIES[place % len(SERIES)]
        at = (row.longitude, row.latitude)
        axes.scatter(*at, marker="*", s=90, color=colour, edgecolor=INK, linewidth=0.8, zorder=5)
        how = {"fontsize": 7.5, "color": INK, "fontweight": "bold", "zorder": 6}
        beside(axes, row.label, at, (6, 8), **how)
    axes.set_aspect(1 / np.cos(np.radians(rows["latitude"].mean())), adjustable="box")
    axes.grid(color=LINE, linewidth=0.5)
    axes.tick_params(labelsize=7, colors=QUIET)
