"""Charts of disputes: what they are about, and how much of pay is disputed over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    SKY,
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


@of_rows
def disputed_causes(table: pd.DataFrame, title: str) -> Picture:
    """Disputes by cause: granted, rejected, and others (open or withdrawn).

    Args:
        table: cause, count, granted_count, decided_count; one row for each cause.
        title: what is shown.
    """
    rows = table.sort_values(["count", "cause"], ascending=[True, False], ignore_index=True)
    refused = rows["decided_count"] - rows["granted_count"]
    other = rows["count"] - rows["decided_count"]
    total, good = int(rows["count"].sum()), int(rows["granted_count"].sum())
    says = f"{good} of {words.counted(total, 'dispute')} accepted, {int(refused.sum())} rejected"
    parts = [("accepted", rows["granted_count"], ORANGE), ("rejected", refused, BLUE)]
    parts.append(("open or withdrawn", other, SKY))
    with styled():
        made = picture(1.3 + 0.42 * len(rows), f"{title}: {says}.")
        axes = made.subplots()
        left = rows["count"] * 0
        for name, count, colour in parts:
            if count.sum():
                axes.barh(range(len(rows)), count, left=left, color=colour, height=0.62, label=name)
            left = left + count
        names = ["Not yet said" if words.missing(c) else words.title(c) for c in rows["cause"]]
        axes.set_yticks(range(len(rows)), names)
        for place, count in enumerate(rows["count"]):
            beside(axes, f"{count}", (count, place), (6, 0), color=INK, fontsize=9)
        axes.set_xlim(0, max(rows["count"].max() * 1.12, 1))
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        headed(axes, title, says[:1].upper() + says[1:])
        axes.legend(loc="lower right", frameon=False, fontsize=8.5)
    return made


@of_rows
def disputed_shares(table: pd.DataFrame, title: str) -> Picture:
    """The share of statements that was disputed, month by month.

    Args:
        table: period, statements, disputed, share_by_count; one row for each month.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    disputed, total = int(rows["disputed"].sum()), int(rows["statements"].sum())
    mean = disputed / total
    says = f"{disputed} of {words.counted(total, 'statement')}, {words.percent(mean, 1)} (line)"
    with styled():
        made = picture(3.0, f"{title}: {says}.")
        axes = made.subplots()
        axes.bar(range(len(rows)), rows["share_by_count"], color=BLUE, width=0.7)
        axes.axhline(mean, color=ORANGE, linewidth=1.2)
        month_axis(axes, list(rows["period"]))
        axes.set_ylim(0, max(rows["share_by_count"].max() * 1.15, 0.01))
        percent_axis(axes, "y")
        headed(axes, title, says)
    return made
