"""Charts of forecasts: what was, what is expected, how sure that is; and a course taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    Picture,
    headed,
    money_axis,
    month_axis,
    of_rows,
    picture,
    styled,
)

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from matplotlib.axes import Axes

PANEL = 1.5  # inches
PARTS = ("trend", "season", "rest")


@of_rows
def fan(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What was sold month by month, and what is expected, with its intervals.

    Args:
        table: date, value, low_80, high_80, low_95, high_95 [currency]; bands empty in the past.
        currency: of the amounts.
        title: what is shown.
    """
    last = table.iloc[-1]
    name = words.month(f"{last['date']:%Y-%m}")
    with styled():
        made = picture(3.6, f"{title}. {_said(last, name, currency)}.")
        axes = made.subplots()
        _fan(axes, table, list(table["date"]))
        headed(axes, title, f"{currency} a month; darker: 8 of 10 cases, lighter: 95 of 100")
    return made


@of_rows
def fans(table: pd.DataFrame, by: str, currency: str, title: str) -> Picture:
    """A fan for each group, each on a scale of its own.

    Args:
        table: the column `by`, and the columns of `fan`.
        by: what makes a panel.
        currency: of the amounts.
        title: what is shown.
    """
    groups = list(dict.fromkeys(table[by]))
    every = sorted(set(table["date"]))
    lasts = {group: table.loc[table[by] == group, "value"].iloc[-1] for group in groups}
    said = "; ".join(f"{group} {words.short(last, currency)}" for group, last in lasts.items())
    name = words.month(f"{table['date'].iloc[-1]:%Y-%m}")
    with styled():
        made = picture(0.8 + PANEL * len(groups), f"{title}. Expected in {name}: {said}.")
        panels = made.subplots(len(groups), 1, sharex=True, squeeze=False)[:, 0]
        for axes, group in zip(panels, groups, strict=True):
            _fan(axes, table[table[by] == group], every)
            axes.set_title(group)
        made.suptitle(title, x=0.01, ha="left", color=INK)
    return made


@of_rows
def taken_apart(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """A course taken apart into trend, season and rest, on one scale.

    Args:
        table: date, value, trend, season, rest [currency].
        currency: of the amounts.
        title: what is shown.
    """
    names = [f"{day:%Y-%m}" for day in table["date"]]
    top = table.loc[table["season"].idxmax(), "date"]
    highest = words.month(f"{top:%Y-%m}")
    rise = words.short(table["trend"].iloc[-1] - table["trend"].iloc[0], currency)
    alt = f"{title}. The trend changed by {rise}; the season is highest in {highest}."
    with styled():
        made = picture(0.8 + PANEL * len(PARTS), alt)
        panels = made.subplots(len(PARTS), 1, sharex=True, squeeze=False)[:, 0]
        for axes, part in zip(panels, PARTS, strict=True):
            axes.set_title(words.title(part))
            if part == "trend":
                axes.plot(range(len(table)), table["value"], color=QUIET, linewidth=0.8)
                axes.plot(range(len(table)), table[part], color=BLUE)
            else:
                axes.bar(range(len(table)), table[part], color=BLUE, width=0.7)
            money_axis(axes)
        month_axis(panels[-1], names)
        made.suptitle(title, x=0.01, ha="left", color=INK)
    return made


def _fan(axes: Axes, table: pd.DataFrame, every: list[date]) -> None:
    """A fan on an axis of all dates."""
    known = table["low_80"].isna().to_numpy()
    places, last = [every.index(day) for day in table["date"]], int(known.sum()) - 1
    ahead = places[max(last, 0) :]
    rows = table.iloc[max(last, 0) :]
    for level, alpha in ((95, 0.15), (80, 0.3)):
        bands = [rows[f"{side}_{level}"].fillna(rows["value"]) for side in ("low", "high")]
        axes.fill_between(ahead, *bands, color=ORANGE, alpha=alpha, linewidth=0)
    axes.plot(places[: last + 1], table["value"].iloc[: last + 1], color=BLUE)
    axes.plot(ahead, rows["value"], color=ORANGE)
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    money_axis(axes)
    month_axis(axes, [f"{day:%Y-%m}" for day in every])


def _said(row: Any, name: str, currency: str) -> str:
    low, high = (words.short(row[side], currency) for side in ("low_80", "high_80"))
    return (
        f"{words.short(row['value'], currency)} is expected in {name}, {low} to {high} in 8 of 10"
    )
