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
