"""Charts of accruals: what months were charged with, beside what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    WASH,
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

POINT, POLICY = "point_in_time", "policy"


@of_rows
def charged(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What months were charged with before their close, point in time and as the policy says.

    Args:
        table: period, method (point_in_time and policy are drawn), charged, earned (by the month,
            as known now), share (of what its windows cost) [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = {name: own.reset_index(drop=True) for name, own in table.groupby("method")}
    point, policy = rows[POINT], rows[POLICY]
    places = range(len(policy))
    off = {name: (own["charged"] - own["share"]).abs().mean() for name, own in rows.items()}
    alt = (
        f"{title}: as the policy says {words.short(off[POLICY], currency)} a month from the share "
        f"of what windows cost, point in time {words.short(off[POINT], currency)}."
    )
    with styled():
        made = picture(3.8, alt)
        axes = made.subplots()
        axes.bar(places, policy["earned"], color=WASH, edgecolor=QUIET, linewidth=0.6, width=0.62)
        axes.plot(places, policy["share"], color=INK, linestyle=(0, (4, 2)))
        axes.plot(places, point["charged"], color=ORANGE, marker="s", markersize=4)
        axes.plot(places, policy["charged"], color=BLUE, marker="o", markersize=4)
        headed(axes, title, f"{currency} a month; bars: earned, as known now")
        money_axis(axes)
        month_axis(axes, list(policy["period"]))
        said = {
            "point in time": ORANGE,
            "as the policy says": BLUE,
            "share of windows (dashed)": INK,
        }
        for place, (name, colour) in enumerate(said.items()):
            height = 0.98 - 0.085 * place
            axes.text(1.015, height, name, transform=axes.transAxes, color=colour, va="top")
        axes.margins(x=0.02)
    return made
