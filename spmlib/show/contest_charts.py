"""Charts of contests: the race, what it may cost, what it moved, and month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd

BARS = 40  # of a distribution
STRETCHES = {
    "before": (QUIET, "o"),
    "announced": (AMBER, "D"),
    "window": (BLUE, "s"),
    "after": (ORANGE, "^"),
}
SAID = {
    "before": "before: placebos",
    "announced": "announced",
    "window": "window",
    "after": "after",
}


@of_rows
def contest_race(table: pd.DataFrame, title: str, unit: str) -> Picture:
    """Scores as bars, the best on top; hollow, what the next prize still needs.

    Args:
        table: payee_id, place, score, prize, behind (to the next prize; may be empty).
        title: what is shown.
        unit: what is counted.
    """
    told = table.iloc[::-1].reset_index(drop=True)
    first = table.iloc[0]
    winners = int((table["prize"] > 0).sum())
    alt = (
        f"{title}: {first['payee_id']} leads with {first['score']:,.4g}; "
        f"{words.counted(winners, 'person', 'people')} would win something."
    )
    with styled():
        made = picture(0.9 + 0.27 * len(told), alt)
        axes = made.subplots()
        for place, row in enumerate(told.itertuples()):
            won = row.prize > 0
            axes.barh(place, row.score, height=0.6, color=GREEN if won else BLUE)
            if not words.missing(row.behind):
                axes.barh(
                    place, row.behind, left=row.score, height=0.6,
                    facecolor="none", edgecolor=QUIET, linestyle=(0, (2, 2)), linewidth=0.9,
                )  # fmt: skip
        axes.set_yticks(range(len(told)), list(told["payee_id"]))
        axes.set_ylim(-0.6, len(told) - 0.4)
        headed(axes, title, f"{unit}; green: would win now; dashed: what the next prize needs")
    return made


def prizes_ahead(
    costs: Any, title: str, currency: str, now: float, budget: float | None
) -> Picture:
    """How prizes may end, as a distribution, with what they cost now and the budget.

    Args:
        costs: of each draw [currency].
        title: what is shown.
        currency: of the prizes.
        now: what they would cost if it ended now.
        budget: as written, if one is.
    """
    import numpy as np

    drawn = np.asarray(costs, float)
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9])
    alt = (
        f"{title}: half of the draws stay below {words.short(middle, currency)}, eight of ten lie "
        f"between {words.short(low)} and {words.short(high)}; now it is {words.short(now)}."
    )
    with styled():
        made = picture(3.0, alt)
        axes = made.subplots()
        top = max(float(drawn.max()), budget or 0.0, now) * 1.04 or 1.0
        counts, edges = np.histogram(drawn, bins=np.linspace(0, top, BARS + 1))
        axes.bar(edges[:-1], counts / len(drawn), width=edges[1] * 0.92, align="edge", color=BLUE)
        height = float(counts.max()) / len(drawn) * 1.12
        axes.set_ylim(0, height)
        marks = [(now, "now", QUIET, 0.96)]
        if budget is not None:
            marks.append((budget, "budget", ORANGE, 0.86))
        for value, said, colour, at in marks:
            axes.axvline(value, color=colour, linewidth=2)
            beside(axes, said, (value, height * at), (5, 0), color=colour, fontsize=9)
        axes.set_yticks([])
        headed(axes, title, f"{currency} of prizes at the end, as drawn")
        money_axis(axes, "x")
    return made


@of_rows
def spiff_moved(table: pd.DataFrame, title: str, currency: str) -> Picture:
    """What a SPIFF moved, pulled forward and held back, and the net, each with its interval.

    Args:
        table: part, effect, low, high [currency].
        title: what is shown.
        currency: of the effects.
    """
    told = table.iloc[::-1].reset_index(drop=True)
    alt = f"{title}: " + "; ".join(
        f"{row.part} {words.short(row.effect, currency)} "
        f"({words.short(row.low)} to {words.short(row.high)})"
        for row in table.itertuples()
    )
    with styled():
        made = picture(0.9 + 0.42 * len(told), alt + ".")
        axes = made.subplots()
        for place, row in enumerate(told.itertuples()):
            clear = row.low > 0 or row.high < 0
            colour = BLUE if clear else QUIET
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2.4)
            axes.plot(row.effect, place, "o", color=colour, markersize=8)
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_yticks(range(len(told)), list(told["part"]))
        axes.set_ylim(-0.6, len(told) - 0.4)
        headed(axes, title, f"{currency}, with 95 % interval; grey: cannot be told from nothing")
        money_axis(axes, "x")
    return made


@of_rows
def spiff_study(table: pd.DataFrame, title: str, says: str) -> Picture:
    """The effect in each stretch with its interval: placebos before, then the window, then after.

    Args:
        table: at, stretch (before, announced, window, after), effect, low, high.
        title: what is shown.
        says: what is measured, and how.
    """
    before = table[table["stretch"] == "before"]
    held = int(((before["low"] <= 0) & (before["high"] >= 0)).sum())
    inside = table[table["stretch"] == "window"]
    clear = int(((inside["low"] > 0) | (inside["high"] < 0)).sum())
    alt = (
        f"{title}: before the window {held} of {words.counted(len(before), 'interval')} contain 0, "
        f"as all should; in the window {clear} of {len(inside)} lie clear of it."
    )
    with styled():
        made = picture(3.4, alt)
        axes = made.subplots()
        for stretch, (colour, marker) in STRETCHES.items():
            own = table["stretch"] == stretch
            places = [place for place, there in enumerate(own) if there]
            if not places:
                continue
            rows = table[own]
            axes.vlines(places, rows["low"], rows["high"], color=colour, linewidth=2.4, alpha=0.6)
            axes.plot(places, rows["effect"], marker, color=colour, markersize=7)
            middle = (places[0] + places[-1]) / 2
            axes.text(
                middle, 1.0, SAID[stretch], color=colour, ha="center", va="bottom", fontsize=8.5,
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip
            if stretch == "window":
                ends = (places[0] - 0.5, places[-1] + 0.5)
                axes.axvspan(*ends, color=LINE, alpha=0.5, linewidth=0)
        axes.axhline(0, color=INK, linewidth=0.9)
        axes.set_xlim(-0.5, len(table) - 0.5)
        axes.set_xticks(range(len(table)), [f"{at.day} {at:%b}" for at in table["at"]])
        axes.set_title(title, pad=34)
        beside(axes, says, (0, 1), (0, 21), va="baseline", xycoords="axes fraction", color=QUIET,
               fontsize=8.5)  # fmt: skip
        money_axis(axes)
    return made


@of_rows
def contest_months(table: pd.DataFrame, title: str, currency: str) -> Picture:
    """What was brought month by month, this year and the year before, the window shaded.

    Args:
        table: month, brought, year_before, window.
        title: what is shown.
        currency: of what is brought.
    """
    inside = table[table["window"]]
    alt = (
        f"{title}: {words.short(inside['brought'].sum(), currency)} in the window, "
        f"{words.short(inside['year_before'].sum())} in the same months a year before."
    )
    with styled():
        made = picture(3.0, alt)
        axes = made.subplots()
        places = range(len(table))
        marked = [n for n, there in enumerate(table["window"]) if there]
        if marked:
            axes.axvspan(min(marked) - 0.5, max(marked) + 0.5, color=LINE, alpha=0.5, linewidth=0)
        axes.plot(places, table["brought"], "o-", color=BLUE, linewidth=2)
        axes.plot(places, table["year_before"], "s--", color=AMBER, linewidth=1.6)
        axes.set_xlim(-0.5, len(table) - 0.5)
        axes.set_xticks(list(places), [f"{month:%b}" for month in table["month"]])
        axes.set_ylim(0, None)
        headed(axes, title, f"{currency} a month; dashed: the year before; shaded: the window")
        money_axis(axes)
    return made
