"""Charts of benchmarking: pay against the market, and against what it brings."""

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
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd

ROW = 0.46  # inches
DOTS = 0.52  # of a row that people's dots fill
SKIES = "#8fbfe0"  # of the market: a paler blue
SHOWN = 2.0  # payout and attainment beyond which a dot stands at the edge


@of_rows
def market_ranges(
    table: pd.DataFrame, people: pd.DataFrame, by: str, spread: float, title: str
) -> Picture:
    """Each cohort's pay beside the market: its quarters, the range around it, people as dots.

    Args:
        table: `by`, people, compa_ratio, low, high, market_lower, market_upper; one row for each
            cohort shown.
        people: `by`, compa_ratio, of the same cohorts.
        by: what cohorts are made by.
        spread: of the pay range around the market's median.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    low = 1 / (1 + spread / 2)
    with styled():
        made = picture(1.2 + ROW * len(rows), _ranges_alt(table, by, title))
        axes = made.subplots()
        axes.axvspan(low, low * (1 + spread), color=WASH, linewidth=0, zorder=0)
        axes.axvline(1, color=INK, linewidth=1.2, zorder=1)
        for place, row in rows.iterrows():
            quarters = (row["market_lower"], row["market_upper"])
            axes.plot(quarters, (place, place), color=SKIES, linewidth=11, alpha=0.45, zorder=2,
                      solid_capstyle="butt")  # fmt: skip
            own = people.loc[people[by] == row[by], "compa_ratio"].sort_values()
            heights = [place + DOTS * (n % 5 - 2) / 5 for n in range(len(own))]
            axes.scatter(own, heights, s=13, color=BLUE, alpha=0.75, linewidth=0, zorder=3)
            axes.plot((row["low"], row["high"]), (place, place), color=ORANGE, zorder=4)
            axes.scatter([row["compa_ratio"]], [place], s=46, color=ORANGE, zorder=5)
        names = [f"{words.title(row[by])} ({row['people']:.0f})" for _, row in rows.iterrows()]
        axes.set_yticks(range(len(rows)), names)
        says = "pay over the market's median; bars: its quarters; grey: the pay range"
        headed(axes, title, f"{says}; orange: our median and where it lies")
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.6, len(rows) - 0.4)
    return made


@of_rows
def estimates(
    table: pd.DataFrame,
    by: str,
    value: str,
    title: str,
    says: str,
    usual: tuple[float, float] | None = None,
    percent: bool = False,
) -> Picture:
    """A figure of each group, with where it lies, beside what is published as usual.

    Args:
        table: `by`, people, `value`, low, high; in the order to be shown.
        by: what groups are.
        value: the figure.
        title: what is shown.
        says: what is measured.
        usual: from where to where it usually lies.
        percent: whether it is a share.
    """
    rows = table[table[value].notna()].iloc[::-1].reset_index(drop=True)
    said = words.percent if percent else _times
    told = "; ".join(
        f"{words.title(row[by])} {said(row[value])}" for _, row in rows.iloc[::-1].iterrows()
    )
    with styled():
        made = picture(1.2 + 0.36 * len(rows), f"{title}: {told}.")
        axes = made.subplots()
        if usual:
            axes.axvspan(*usual, color=WASH, linewidth=0, zorder=0)
        axes.hlines(rows.index, rows["low"], rows["high"], color=BLUE, alpha=0.45, linewidth=5)
        axes.scatter(rows[value], rows.index, s=40, color=BLUE, zorder=3)
        for place, row in rows.iterrows():
            end = row[value] if words.missing(row["high"]) else row["high"]
            beside(axes, said(row[value]), (end, place), (8, 0), color=QUIET)
        names = [f"{words.title(row[by])} ({row['people']:.0f})" for _, row in rows.iterrows()]
        axes.set_yticks(rows.index, names)
        headed(axes, title, says)
        percent_axis(axes) if percent else axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlim(left=0)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.margins(x=0.12)
    return made


@of_rows
def pay_and_results(table: pd.DataFrame, title: str) -> Picture:
    """Incentive earned over its target, by attainment: a dot for each person, without a name.

    Args:
        table: attainment, payout.
        title: what is shown.
    """
    above = int((table["payout"] > table["attainment"]).sum())
    alt = (
        f"{title}: {len(table)} people; {above} earned a larger share of their target incentive "
        "than they attained of their goals."
    )
    with styled():
        made = picture(4.4, alt)
        axes = made.subplots()
        axes.plot((0, SHOWN), (0, SHOWN), color=LINE, linewidth=1.4, zorder=0)
        axes.axhline(1, color=QUIET, linewidth=0.8, linestyle="--", zorder=0)
        axes.axvline(1, color=QUIET, linewidth=0.8, linestyle="--", zorder=0)
        x, y = (table[name].clip(0, SHOWN) for name in ("attainment", "payout"))
        axes.scatter(x, y, s=22, color=BLUE, alpha=0.7, linewidth=0)
        headed(
            axes,
            title,
            "incentive earned over target, by attainment; line: as much of one as of the other",
        )
        for which in ("x", "y"):
            percent_axis(axes, which)
        axes.set_xlim(0, SHOWN * 1.02)
        axes.set_ylim(0, SHOWN * 1.02)
    return made


@of_rows
def attainments(table: pd.DataFrame, title: str) -> Picture:
    """How many windows attained how much, bracket by bracket.

    Args:
        table: start, end (empty where a bracket has none), count, share, low, high.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    reached = rows.loc[rows["start"] >= 1, "share"].sum()
    most = rows.loc[rows["count"].idxmax()]
    alt = (
        f"{title}: {words.percent(reached)} of {rows['count'].sum()} reached their goal; most "
        f"attained {_bracket(most)}."
    )
    with styled():
        made = picture(3.4, alt)
        axes = made.subplots()
        colours = [BLUE if start >= 1 else SKIES for start in rows["start"].fillna(-1)]
        axes.bar(rows.index, rows["share"], color=colours, width=0.86)
        errors = (rows["share"] - rows["low"], rows["high"] - rows["share"])
        axes.errorbar(rows.index, rows["share"], yerr=errors, fmt="none", ecolor=QUIET, linewidth=1)
        for place, row in rows.iterrows():
            beside(axes, f"{row['count']:.0f}", (place, row["high"]), (0, 7), ha="center",
                   color=QUIET, fontsize=8)  # fmt: skip
        axes.set_xticks(rows.index, [_bracket(row) for _, row in rows.iterrows()], fontsize=8)
        headed(axes, title, "share of windows by attainment, with their number; dark: goal reached")
        percent_axis(axes, "y")
        axes.spines["left"].set_visible(False)
    return made


@of_rows
def lorenz(table: pd.DataFrame, title: str) -> Picture:
    """How unequally people sell and are paid: the share of all that the lowest share of them has.

    Args:
        table: people, sold, paid [shares], rising.
        title: what is shown.
    """
    half = table.iloc[(table["people"] - 0.5).abs().argmin()]
    alt = (
        f"{title}: the lower half of the people sold {words.percent(half['sold'])} and were paid "
        f"{words.percent(half['paid'])}."
    )
    with styled():
        made = picture(4.2, alt)
        axes = made.subplots()
        axes.plot((0, 1), (0, 1), color=LINE, linewidth=1.4)
        ends = {"sold": (BLUE, "what they sold", -30), "paid": (ORANGE, "what they were paid", 28)}
        for name, (colour, label, shift) in ends.items():
            axes.plot(table["people"], table[name], color=colour)
            place = (half["people"], half[name])
            side = "left" if shift < 0 else "right"
            beside(axes, label, place, (8 if shift < 0 else -8, shift), color=colour, ha=side)
        headed(
            axes, title, "share of all, by the share of people who have least; straight: all alike"
        )
        for which in ("x", "y"):
            percent_axis(axes, which)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
    return made


def _times(value: float) -> str:
    return f"{value:.1f}"


def _bracket(row: pd.Series) -> str:
    if words.missing(row["end"]):
        return f"{words.percent(row['start'])}\nor more"
    if words.missing(row["start"]):
        return f"below\n{words.percent(row['end'])}"
    return f"{row['start'] * 100:.0f} to\n{words.percent(row['end'])}"


def _ranges_alt(table: pd.DataFrame, by: str, title: str) -> str:
    told = "; ".join(
        f"{words.title(row[by])} {row['compa_ratio']:.2f}" for _, row in table.iterrows()
    )
    return f"{title}, the median of pay over the market's median: {told}."
