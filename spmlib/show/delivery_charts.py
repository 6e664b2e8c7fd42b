"""Charts of delivery: how fast documents are acknowledged, and where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    QUIET,
    SKY,
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

LATER = 1.15  # of the last answer's day: how far the days go


@of_rows
def acknowledged_after(
    table: pd.DataFrame, median: float, reminders: Sequence[int], title: str
) -> Picture:
    """The share that has acknowledged after so many days, with the days of reminders.

    Args:
        table: day, at_risk, acknowledged, open (share), as `still_open` gives them.
        median: days until half have; infinite if they never did.
        reminders: days after which people are reminded.
        title: what is shown.
    """
    done, asked = 1 - table["open"], int(table["at_risk"].iloc[0])
    last, end = int(table["day"].max()), float(done.iloc[-1])
    half = "half never did" if median == float("inf") else f"half did in {_days(median)}"
    says = f"{half}, {words.percent(end)} within {_days(last)}"
    alt = f"{title}: of {words.counted(asked, 'document')}, {says}."
    width = max(last * LATER, 1.0)
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        for place, day in enumerate(day for day in reminders if day <= width):
            axes.axvline(day, color=LINE, linewidth=1.2, zorder=0)
            text = "first reminder" if place == 0 else f"day {day}"
            beside(axes, text, (day, 0.02), (4, 0), color=QUIET, fontsize=8.5, va="bottom")
        days, share = [*table["day"], width], [*done, end]
        axes.fill_between(days, 0, share, step="post", color=BLUE, alpha=0.10, linewidth=0)
        axes.step(days, share, where="post", color=BLUE)
        if median <= width:
            axes.plot([median], [0.5], marker="o", color=ORANGE, markersize=6, linestyle="")
            beside(axes, f"half: {_days(median)}", (median, 0.5), (9, -11), color=INK, fontsize=9)
        beside(axes, words.percent(end), (width, end), (6, 0), color=INK, fontsize=9)
        axes.set_xlim(0, width)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("Days since it was sent")
        percent_axis(axes, "y")
        headed(axes, title, f"Share acknowledged, of {words.counted(asked, 'document')}")
    return made


@of_rows
def acknowledged_by_team(table: pd.DataFrame, title: str) -> Picture:
    """How many documents each team has acknowledged, and how many are open or overdue.

    Args:
        table: team, documents, acknowledged, overdue; one row for each team.
        title: what is shown.
    """
    rows = table.sort_values(["documents", "team"], ascending=[True, False], ignore_index=True)
    other = rows["documents"] - rows["acknowledged"] - rows["overdue"]
    total, done, late = (int(rows[n].sum()) for n in ("documents", "acknowledged", "overdue"))
    says = f"{done} of {words.counted(total, 'document')} acknowledged, {late} overdue"
    parts = [("acknowledged", rows["acknowledged"], BLUE), ("open, not yet due", other, SKY)]
    parts += [("overdue", rows["overdue"], ORANGE)]
    with styled():
        made = picture(1.1 + 0.42 * len(rows), f"{title}: {says}.")
        axes = made.subplots()
        left = rows["documents"] * 0
        for name, count, colour in parts:
            if count.sum():
                axes.barh(range(len(rows)), count, left=left, color=colour, height=0.62, label=name)
            left = left + count
        axes.set_yticks(range(len(rows)), [words.title(team) or "No team" for team in rows["team"]])
        for place, row in enumerate(rows.itertuples()):
            text = f"{row.acknowledged} of {row.documents}"
            beside(axes, text, (row.documents, place), (6, 0), color=INK, fontsize=9)
        axes.set_xlim(0, max(rows["documents"].max() * 1.12, 1))
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        headed(axes, title, says[:1].upper() + says[1:])
        axes.legend(loc="lower right", frameon=False, fontsize=8.5)
    return made


def _days(number: float) -> str:
    return words.counted(number, "day")
