"""Charts of attrition: survival with bands, chances against what came, reasons, value at risk."""

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
    colours,
    headed,
    money_axis,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd

DASHES = ("-", "--", "-.", ":")
YEAR = 12


@of_rows
def staying(table: pd.DataFrame, title: str, says: str = "", most: int = 60) -> Picture:
    """The share still there month by month, by group, each with its band.

    Args:
        table: group, months, stays, low, high.
        title: what is shown.
        says: what band and months are.
        most: months that are drawn.
    """
    rows = table[table["months"] <= most]
    names = list(dict.fromkeys(rows["group"]))
    last = rows.groupby("group", sort=False)["stays"].last()
    parts = ", ".join(f"{words.title(name)} {words.percent(last[name])}" for name in names)
    with styled():
        made = picture(3.8, f"{title}: at the end {parts} are still there.")
        axes = made.subplots()
        shades = colours(names)
        for number, name in enumerate(names):
            own = rows[rows["group"] == name]
            axes.fill_between(
                own["months"], own["low"], own["high"], step="post", color=shades[name],
                alpha=0.14, linewidth=0,
            )  # fmt: skip
            axes.step(
                own["months"], own["stays"], where="post", color=shades[name],
                linestyle=DASHES[number % len(DASHES)], label=words.title(name),
            )  # fmt: skip
        headed(axes, title, says)
        percent_axis(axes, "y")
        axes.set_ylim(0 if rows["low"].min() < 0.5 else None, 1)
        span = int(rows["months"].max())
        axes.set_xticks(range(0, span + 1, YEAR if span > 24 else 3))
        axes.set_xlabel("months", color=QUIET)
        axes.margins(x=0)
        axes.legend(loc="lower left", frameon=False)
    return made


@of_rows
def foretold_and_came(table: pd.DataFrame, title: str, says: str = "") -> Picture:
    """Chances that were said against shares that left, by group of rising chances.

    Args:
        table: predicted, observed, low, high, left.
        title: what is shown.
        says: what a group is.
    """
    rows = table.reset_index(drop=True)
    inside = int(((rows["low"] <= rows["predicted"]) & (rows["predicted"] <= rows["high"])).sum())
    alt = (
        f"{title}: of {len(rows)} groups {inside} have the chance that was said in their interval."
    )
    with styled():
        made = picture(3.8, alt)
        axes = made.subplots()
        top = float(max(rows["high"].max(), rows["predicted"].max())) * 1.05
        axes.plot([0, top], [0, top], color=LINE)
        spread = [rows["observed"] - rows["low"], rows["high"] - rows["observed"]]
        axes.errorbar(
            rows["predicted"], rows["observed"], yerr=spread, fmt="o", color=BLUE, markersize=5,
            elinewidth=1.2, capsize=0,
        )  # fmt: skip
        place = (top * 0.86, top * 0.86)
        beside(axes, "as foretold", place, (6, -12), color=QUIET, fontsize=8)
        headed(axes, title, says)
        percent_axis(axes, "x")
        percent_axis(axes, "y")
        axes.set_xlim(0, top)
        axes.set_ylim(0, top)
        axes.set_xlabel("chance that was said", color=QUIET)
    return made


@of_rows
def leaving_reasons(table: pd.DataFrame, title: str, says: str = "") -> Picture:
    """Of how many people each reason is told, those that can be changed apart.

    Args:
        table: reason, changeable (yes, no), people, mean.
        title: what is shown.
        says: what people are counted among.
    """
    rows = table[table["people"] > 0].sort_values(["changeable", "people"]).reset_index(drop=True)
    if rows.empty:
        rows = table.head(1)
    can = rows[rows["changeable"] == "yes"]
    first = can.iloc[-1] if len(can) else rows.iloc[-1]
    many = words.counted(first["people"], "person", "people")
    alt = f"{title}: {words.title(first['reason'])} is told of {many}."
    with styled():
        made = picture(1.1 + 0.34 * len(rows), alt)
        axes = made.subplots()
        shades = [BLUE if word == "yes" else QUIET for word in rows["changeable"]]
        axes.barh(range(len(rows)), rows["people"], color=shades, height=0.62)
        for place, row in enumerate(rows.itertuples()):
            beside(axes, f"{row.people:,}", (row.people, place), (4, 0), color=INK, fontsize=8.5)
        axes.set_yticks(range(len(rows)), [words.title(name) for name in rows["reason"]])
        headed(axes, title, says or "people; blue: can be changed, grey: cannot")
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.margins(x=0.08)
    return made


@of_rows
def value_at_risk(table: pd.DataFrame, currency: str, title: str, most: int = 12) -> Picture:
    """What may be lost with each manager, or person, the most first, with its interval if there.

    Args:
        table: name, at_risk, share; at_risk_low and at_risk_high where there are.
        currency: of the amounts.
        title: what is shown.
        most: how many are drawn.
    """
    rows = table.head(most).iloc[::-1].reset_index(drop=True)
    first = rows.iloc[-1]
    alt = f"{title}: most with {first['name']}, {words.short(first['at_risk'], currency)}."
    with styled():
        made = picture(1.2 + 0.3 * len(rows), alt)
        axes = made.subplots()
        axes.barh(range(len(rows)), rows["at_risk"], color=BLUE, height=0.62)
        ends = rows["at_risk"]
        if "at_risk_low" in rows:
            axes.hlines(range(len(rows)), rows["at_risk_low"], rows["at_risk_high"], color=ORANGE)
            ends = rows["at_risk_high"]
        for place, row in enumerate(rows.itertuples()):
            says = f"{words.percent(row.share)}"
            beside(axes, says, (ends[place], place), (5, 0), color=QUIET, fontsize=8.5)
        axes.set_yticks(range(len(rows)), list(rows["name"]))
        lines = "; line: interval" if "at_risk_low" in rows else ""
        headed(axes, title, f"{currency}, chance times value{lines}; share of the value beside")
        money_axis(axes, "x")
        axes.margins(x=0.1)
        axes.set_xlim(left=0)
    return made
