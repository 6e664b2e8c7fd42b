"""Charts of plans: who is likely to reach a quota, and what a sales force can bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    QUIET,
    Picture,
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

ROW = 0.19  # inches


@of_rows
def reachable(table: pd.DataFrame, title: str) -> Picture:
    """What attainment is to be expected of each quota, the likeliest to be reached on top.

    Args:
        table: name, attainment, low_80, high_80, chance.
        title: what is shown.
    """
    rows = table.dropna(subset=["attainment"]).sort_values("attainment").reset_index(drop=True)
    even = int((rows["chance"] >= 0.5).sum())
    alt = f"{title}: {even} of {len(rows)} are as likely as not to reach their quota."
    with styled():
        made = picture(1.1 + ROW * len(rows), alt)
        axes = made.subplots()
        colour = rows["chance"].ge(0.5).map({True: BLUE, False: ORANGE})
        axes.hlines(rows.index, rows["low_80"], rows["high_80"], color=LINE, linewidth=3.4)
        axes.scatter(rows["attainment"], rows.index, c=colour, s=20, zorder=3)
        axes.axvline(1, color=INK, linewidth=1.1)
        axes.set_yticks(rows.index, list(rows["name"]), fontsize=7.5)
        says = "attainment: what is as likely to be beaten as not, and 8 of 10 cases"
        headed(axes, title, says)
        percent_axis(axes)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.8, len(rows) - 0.2)
        axes.set_xlim(left=0)
    return made


@of_rows
def capacity(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a sales force can bring month by month, against what is asked of it.

    Args:
        table: period, value, low_80, high_80, asked [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    short = int((rows["value"] < rows["asked"]).sum())
    alt = f"{title}: in {short} of {len(rows)} months less is brought than asked, on average."
    with styled():
        made = picture(3.5, alt)
        axes = made.subplots()
        axes.fill_between(
            rows.index, rows["low_80"], rows["high_80"], color=BLUE, alpha=0.2, linewidth=0
        )
        axes.plot(rows.index, rows["value"], color=BLUE)
        axes.plot(rows.index, rows["asked"], color=ORANGE, linestyle="--")
        says = f"{currency} a month; blue: brought, 8 of 10 cases; dashed: asked"
        headed(axes, title, says)
        money_axis(axes)
        month_axis(axes, list(rows["period"]))
        axes.set_ylim(bottom=0)
    return made


@of_rows
def sureness(table: pd.DataFrame, title: str) -> Picture:
    """How surely a target is reached, by how many are hired, now or later.

    Args:
        table: hires, chance, later (chance with a later start).
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    first, last = rows.iloc[0], rows.iloc[-1]
    alt = (
        f"{title}: {words.percent(first['chance'])} with {first['hires']:.0f} hires, "
        f"{words.percent(last['chance'])} with {last['hires']:.0f}."
    )
    with styled():
        made = picture(3.0, alt)
        axes = made.subplots()
        axes.plot(rows["hires"], rows["chance"], color=BLUE, marker="o", markersize=4)
        axes.plot(rows["hires"], rows["later"], color=ORANGE, marker="o", markersize=4)
        axes.axhline(0.8, color=QUIET, linewidth=0.8, linestyle=":")
        headed(axes, title, "chance by number of hires; blue: as planned, orange: later")
        percent_axis(axes, "y")
        axes.set_xlabel("hires")
        axes.set_ylim(0, 1)
    return made
