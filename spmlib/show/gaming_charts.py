"""Charts of the gaming audit: cliffs on a curve, heaps at thresholds, a pipeline's timing."""

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

BARS = "#c9d2dc"
KINDS = {
    "retroactive": "new rate for all",
    "jump": "pay jumps",
    "drop": "pay falls",
    "rate": "rate changes",
    "crossing": "new rate for the deal",
    "cap": "cap",
    "floor": "floor ends",
}


@of_rows
def cliffs(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a curve pays with its cliffs marked, and what a deal is worth wherever it is booked.

    Args:
        table: credited, paid, moved [currency], cliff (kind or empty), jump; rising.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    marked = rows[rows["cliff"] != ""]
    largest = float(marked["jump"].abs().max()) if len(marked) else 0.0
    count = words.counted(len(marked), "threshold")
    alt = f"{title}: {count}; pay jumps by {words.short(largest, currency)} at the most."
    with styled():
        made = picture(5.0, alt)
        above, below = made.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        above.plot(rows["credited"], rows["paid"], color=BLUE)
        for row in marked.itertuples():
            for axes in (above, below):
                axes.axvline(row.credited, color=ORANGE, linewidth=1, linestyle=":")
            jump = f"\n{row.jump:+,.0f}" if abs(row.jump) >= 0.5 else ""
            place = (row.credited, float(rows["paid"].max()))
            says = f"{KINDS.get(row.cliff, row.cliff)}{jump}"
            beside(above, says, place, (4, -2), va="top", color=ORANGE, fontsize=8)
        headed(above, title, f"paid for what is credited in a window, {currency}")
        below.axhline(0, color=LINE)
        below.plot(rows["credited"], rows["moved"], color=INK)
        says = f"beyond what it earns first in a window, {currency}; below 0: better held back"
        headed(below, "What one more large deal earns", says)
        for axes in (above, below):
            money_axis(axes)
            axes.margins(x=0)
        below.xaxis.set_major_formatter(lambda amount, _: words.short(amount))
        above.set_ylim(bottom=0)
    return made


@of_rows
def heaped(table: pd.DataFrame, title: str) -> Picture:
    """How values lie on each side of a threshold, with the density of each side at it.

    Args:
        table: start, end, density, side (left, right), fitted (at the end towards the threshold),
            low, high (at the threshold); rising.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    left, right = (rows[rows["side"] == side] for side in ("left", "right"))
    told = [
        part["fitted"].iloc[place] if len(part) else 0.0 for part, place in ((left, -1), (right, 0))
    ]
    alt = f"{title}: the density is {told[0]:.2f} just below and {told[1]:.2f} just above."
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        middle = (rows["start"] + rows["end"]) / 2
        axes.bar(middle, rows["density"], width=rows["end"] - rows["start"], color=BARS, ec="white")
        at = float(right["start"].min()) if len(right) else 0.0
        shift = 0.006 * float(rows["end"].max() - rows["start"].min())
        for part, edge, place, colour in ((left, "end", -1, BLUE), (right, "start", 0, ORANGE)):
            if part.empty:
                continue
            axes.plot(part[edge], part["fitted"], color=colour, linewidth=2)
            one = part.iloc[place]
            spot = at + (shift if place == 0 else -shift)
            axes.vlines(spot, one["low"], one["high"], color=colour, linewidth=4, alpha=0.6)
        axes.axvline(at, color=INK, linewidth=1)
        headed(axes, title, "density; lines: fitted to each side; bars: 95 % at the threshold")
        percent_axis(axes, "x")
        axes.set_ylim(bottom=0)
        axes.margins(x=0)
        axes.set_xlabel("credited over the threshold, less 1", color=QUIET)
    return made


@of_rows
def timed(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """Open deals by window, as they come and as they would pay best.

    Args:
        table: deal, amount [currency], expected, best (windows), gain.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    names = sorted({*rows["expected"], *rows["best"]}, key=lambda name: (name == "after", name))
    gain = words.short(float(rows["gain"].iloc[0]), currency)
    moved = int((rows["expected"] != rows["best"]).sum())
    many = words.counted(moved, "deal")
    with styled():
        made = picture(1.0 + 0.32 * len(rows), f"{title}: {many} moved gain {gain}.")
        axes = made.subplots()
        place = {name: number for number, name in enumerate(names)}
        spots = rows.iloc[::-1].reset_index(drop=True)
        for row in spots.itertuples():
            ends = place[row.expected], place[row.best]
            if ends[0] != ends[1]:
                axes.annotate(
                    "", (ends[1], row.Index), (ends[0], row.Index),
                    arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 1.6, "shrinkA": 5},
                )  # fmt: skip
        axes.scatter([place[n] for n in spots["expected"]], spots.index, color=BLUE, s=34, zorder=3)
        axes.set_yticks(spots.index, [words.short(a) for a in spots["amount"]])
        axes.set_xticks(range(len(names)), ["next year" if n == "after" else n for n in names])
        axes.set_xlim(-0.4, len(names) - 0.6)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        headed(axes, title, f"dot: as it comes; arrow: where it pays most; {currency} each")
    return made
