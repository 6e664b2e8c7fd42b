"""Charts of a roadmap: what is done when, whether a pilot pays, and what owning costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core.months import number, period_of
from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PINK,
    QUIET,
    SERIES,
    WASH,
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
    from matplotlib.axes import Axes

PILLARS = {"orchestrate": (BLUE, ""), "motivate": (PINK, "///"), "incent": (GREEN, "...")}
ROW = 0.27  # inches


@of_rows
def roadmap_gantt(table: pd.DataFrame, start: str, months: int, title: str) -> Picture:
    """What is done when, what needs what, and what cannot be late.

    Pillars differ by colour and hatch; what is critical has a bold edge; a thin line runs from the
    end of a bar to where it may end at the latest.

    Args:
        table: name, pillar, state (in_place, planned, left), begin, end, late (months from 0),
            critical, needs.
        start: the first month, 2026-11.
        months: of the horizon.
        title: what is shown.
    """
    counts = table["state"].value_counts()
    said = ", ".join(f"{counts.get(s, 0)} {s.replace('_', ' ')}" for s in ("in_place", "planned"))
    bold = [words.title(name) for name in table[table["critical"]]["name"]]
    alt = f"{title}: {said}, {counts.get('left', 0)} not within {months} months."
    alt += f" {words.listed(bold)} cannot be late." if bold else ""
    with styled():
        made = picture(1.3 + ROW * len(table), alt)
        axes = made.subplots()
        spots: dict[str, tuple[int, float]] = {}
        for place, row in table.iterrows():
            colour, hatch = PILLARS.get(row["pillar"], (QUIET, "xx"))
            how: dict[str, Any] = {"edgecolor": colour, "linewidth": 0.8, "height": 0.62}
            if row["state"] == "planned":
                wide = max(row["end"] - row["begin"], 0.15)
                axes.barh(place, wide, left=row["begin"], facecolor="white", hatch=hatch, **how)
                axes.barh(place, wide, left=row["begin"], color=colour, alpha=0.35, height=0.62)
                _slack(axes, place, row, colour)
                spots[row["name"]] = (place, row["end"])
            else:
                text = "in place" if row["state"] == "in_place" else "does not fit"
                axes.text(0.15, place, text, color=QUIET, va="center", fontsize=8)
        for place, row in table.iterrows():
            for need in row["needs"] if row["state"] == "planned" else []:
                if need in spots:
                    other, end = spots[need]
                    line: dict[str, Any] = {"color": QUIET, "linewidth": 0.7, "alpha": 0.7}
                    line["linestyle"] = (0, (2, 2))
                    axes.plot([end, end, row["begin"]], [other, place, place], **line)
        axes.set_yticks(table.index, [words.title(name) for name in table["name"]], fontsize=8.5)
        axes.set_ylim(len(table) - 0.4, -0.9)
        axes.set_xlim(0, months)
        ticks = list(range(0, months + 1, 3))
        axes.set_xticks(ticks, [period_of(number(start) + tick) for tick in ticks], fontsize=8)
        axes.grid(axis="x", color=LINE)
        axes.set_axisbelow(True)
        headed(
            axes, title, "bold: cannot be late; line: may end so late; dashes: begins only after"
        )
        _legend(axes, table)
    return made


@of_rows
def pilot_gain(table: pd.DataFrame, currency: str, now: float, title: str) -> Picture:
    """What a pilot is worth more than all at once, by the chance that a wave fails.

    Args:
        table: chance, gain, low_80, high_80 [currency].
        currency: of the amounts.
        now: the chance that is assumed.
        title: what is shown.
    """
    near = table.iloc[(table["chance"] - now).abs().argmin()]
    more = "more" if near["gain"] > 0 else "less"
    alt = (
        f"{title}: at {words.percent(now)} a pilot is worth "
        f"{words.short(abs(near['gain']), currency)} {more}."
    )
    with styled():
        made = picture(3.4, alt)
        axes = made.subplots()
        axes.fill_between(table["chance"], table["low_80"], table["high_80"], color=WASH)
        axes.plot(table["chance"], table["gain"], color=BLUE)
        axes.axhline(0, color=INK, linewidth=0.9)
        axes.axvline(now, color=ORANGE, linestyle=(0, (4, 2)))
        top = float(table["high_80"].max())
        beside(axes, "assumed", (now, top), (4, -2), color=ORANGE, fontsize=8.5, ha="left")
        money_axis(axes)
        percent_axis(axes)
        axes.set_xlabel("chance that a wave fails")
        headed(axes, title, f"{currency}, mean and the middle 80 of 100 runs")
    return made


@of_rows
def ownership_years(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What ways to own a system have cost by year, discounted.

    Args:
        table: way, year, total [currency].
        currency: of the amounts.
        title: what is shown.
    """
    last = table[table["year"] == table["year"].max()].sort_values("total")
    named = [
        f"{words.title(w)} {words.short(t, currency)}"
        for w, t in zip(last["way"], last["total"], strict=True)
    ]
    with styled():
        made = picture(3.6, f"{title}: {words.listed(named)}.")
        axes = made.subplots()
        marks = ("o", "s", "^", "D", "v")
        ends = []
        for place, (way, own) in enumerate(table.groupby("way", sort=False)):
            colour, mark = SERIES[place % len(SERIES)], marks[place % len(marks)]
            totals = own["total"].astype(float)
            axes.plot(own["year"], totals, color=colour, marker=mark, markersize=4)
            ends.append((float(totals.iloc[-1]), way, colour))
        gap, floor = max(end for end, *_ in ends) * 0.075, -float("inf")
        for end, way, colour in sorted(ends):
            floor = max(end, floor + gap)
            spot = (float(table["year"].max()), floor)
            beside(axes, words.title(way), spot, (8, 0), color=colour, ha="left", fontsize=9)
        axes.set_xticks(sorted(set(table["year"])))
        axes.set_xlabel("year")
        money_axis(axes)
        headed(axes, title, f"{currency} discounted, up to the end of each year")
    return made


@of_rows
def roadmap_tornado(
    table: pd.DataFrame, currency: str, title: str, most: int = 10, names: Any = None
) -> Picture:
    """What an answer is with each assumption lower and higher.

    Args:
        table: what, low, high, base [currency]; the widest first.
        currency: of the amounts.
        title: what is shown.
        most: how many assumptions are shown.
        names: what assumptions are called, by `what`, where not by its own words.
    """
    rows = table.head(most).iloc[::-1].reset_index(drop=True)
    base, first = float(table["base"].iloc[0]), table.iloc[0]
    named = {what: (names or {}).get(what) or _named(what) for what in table["what"]}
    says = f"{named[first['what']]} moves it most, to {words.short(first['low'])} or "
    with styled():
        alt = f"{title}: {says}{words.short(first['high'], currency)}."
        made = picture(1.2 + ROW * len(rows), alt)
        axes = made.subplots()
        for column, colour in (("low", BLUE), ("high", ORANGE)):
            wide = rows[column].astype(float) - base
            axes.barh(rows.index, wide, left=base, color=colour, height=0.62)
        axes.axvline(base, color=INK, linewidth=0.9)
        low, high = axes.get_xlim()
        if low < 0 < high:
            axes.axvline(0, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
        axes.set_yticks(rows.index, [named[what] for what in rows["what"]], fontsize=8.5)
        headed(axes, title, f"{currency}; blue: assumption lower, orange: higher")
        money_axis(axes, "x")
    return made


def _named(what: str) -> str:
    return words.title(what.replace(": ", ", "))


def _slack(axes: Axes, place: Any, row: Any, colour: str) -> None:
    """A bold edge around what cannot be late, else a line to where it may end."""
    if row["critical"]:
        bold: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 2.0}
        wide = max(row["end"] - row["begin"], 0.15)
        axes.barh(place, wide, left=row["begin"], height=0.62, **bold)
    elif row["late"] > row["end"]:
        axes.plot([row["end"], row["late"]], [place, place], color=colour, linewidth=2)
        axes.plot([row["late"]], [place], color=colour, marker="|", markersize=8)


def _legend(axes: Axes, table: pd.DataFrame) -> None:
    from matplotlib.patches import Patch

    shown = [name for name in PILLARS if name in set(table["pillar"])]
    patches = [
        Patch(facecolor="white", edgecolor=PILLARS[n][0], hatch=PILLARS[n][1], label=words.title(n))
        for n in shown
    ]
    axes.legend(handles=patches, loc="upper right", frameon=True, fontsize=8.5)
