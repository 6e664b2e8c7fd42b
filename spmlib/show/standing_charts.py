"""Charts of standing: everybody against quota, and one person on the curve of their plan."""

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
    from matplotlib.axes import Axes

BAND = 0.72  # of a row that the dots of one plan fill
ROOM = 0.14  # of the height, above a curve, for what its brackets give
MOST = 1.6  # share of quota beyond which a dot stands at the edge


@of_rows
def standings(table: pd.DataFrame, period: str, marked: str = "") -> Picture:
    """Everybody's attainment as sorted dots, a row for each plan, with 100 % and the calendar.

    Args:
        table: payee_id, name, team, plan, title, window, attainment, pace (share of the
            window gone by).
        period: the month.
        marked: the payee_id of one to be named.
    """
    rows = table.assign(x=table["attainment"].astype(float), pace=table["pace"].astype(float))
    groups = [group for _, group in rows.groupby(["team", "plan", "window"], sort=True)]
    ahead = int((rows["x"] >= rows["pace"]).sum())
    with styled():
        made = picture(1.1 + 0.47 * len(groups), _standing_alt(rows, ahead, period))
        axes = made.subplots()
        for place, group in enumerate(reversed(groups)):
            _dots(axes, place, group.sort_values("x"), marked)
        axes.axvline(1, color=INK, linewidth=1.2)
        names = [_group_name(group) for group in reversed(groups)]
        axes.set_yticks([place + BAND / 2 for place in range(len(groups))], names)
        says = "share of the window's quota; the grey tick is the share of the window gone by"
        headed(axes, f"Attainment by team and plan, {words.month(period)}", says)
        percent_axis(axes)
        axes.spines["left"].set_visible(False)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5])
        axes.set_xlim(min(0, rows["x"].min()) - 0.015, MOST + 0.32)
        axes.set_ylim(-0.15, len(groups))
    return made


@of_rows
def pay_curve(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a component pays as more is credited, with the person's place on the curve.

    Args:
        table: credited, attainment, earned [currency], rate (of the bracket), place, here; rising.
        currency: of what is earned.
        title: what is shown.
    """
    of_quota = bool(table["attainment"].notna().all())
    x = "attainment" if of_quota else "credited"
    here = table[table["here"]].iloc[-1]
    where = words.percent(here["attainment"]) + " of quota" if of_quota else words.short(here[x])
    with styled():
        alt = f"{title}: {words.short(here['earned'], currency)} at {where}, where the person is; "
        made = picture(3.7, alt + _ends(table, x, currency))
        axes = made.subplots()
        axes.fill_between(table[x], table["earned"], color=BLUE, alpha=0.08, linewidth=0)
        axes.plot(table[x], table["earned"], color=BLUE)
        thresholds(axes, table, x)
        _here(axes, here, x, f"{where}\n{words.short(here['earned'], currency)}")
        headed(
            axes,
            title,
            f"earned [{currency}] by {'share of quota' if of_quota else 'what is credited'}",
        )
        money_axis(axes)
        (percent_axis if of_quota else money_axis)(axes, "x")
        axes.set_xlim(left=0, right=table[x].max())
        axes.grid(False, axis="x")
        low, high = min(0, table["earned"].min()), max(0, table["earned"].max())
        axes.set_ylim(low, high + ROOM * (high - low or 1))
    return made


def _dots(axes: Axes, place: int, group: pd.DataFrame, marked: str) -> None:
    """The dots of one plan, the lowest attainment at the bottom; blue where ahead of time."""
    step = BAND / max(len(group), 2)
    heights = place + step * (0.5 + 0.5 * (len(group) == 1)) + step * _ranks(group)
    ahead = group["x"] >= group["pace"]
    axes.hlines(place - 0.12, 0, MOST + 0.32, color=LINE, linewidth=0.7)
    axes.vlines(group["pace"].iloc[0], place, place + BAND, color=QUIET, linewidth=2.4, alpha=0.55)
    colour = ahead.map({True: BLUE, False: ORANGE})
    axes.scatter(group["x"].clip(upper=MOST), heights, s=17, c=colour, linewidth=0, zorder=3)
    axes.text(
        MOST + 0.05,
        place + BAND / 2,
        f"{ahead.sum()} of {len(group)} ahead",
        va="center",
        color=QUIET,
    )
    for row, height in zip(group.itertuples(), heights, strict=True):
        if row.payee_id == marked:
            axes.scatter(
                [min(row.x, MOST)], [height], s=70, facecolor="none", edgecolor=INK, zorder=4
            )
            dot = (min(row.x, MOST), height)
            beside(axes, row.name, dot, (8, -2), va="top", fontweight="bold")


def _ranks(group: pd.DataFrame) -> pd.Series:
    import pandas as pd

    return pd.Series(range(len(group)), index=group.index, dtype=float)


def _group_name(group: pd.DataFrame) -> str:
    first = group.iloc[0]
    return f"{first['title']}\n{words.title(first['team'])} · {first['window']}"


def _standing_alt(rows: pd.DataFrame, ahead: int, period: str) -> str:
    best, least = rows.loc[rows["x"].idxmax()], rows.loc[rows["x"].idxmin()]
    return (
        f"Attainment by team and plan in {words.month(period)}: {ahead} of {len(rows)} people "
        f"are ahead of the calendar. Highest is {best['name']} with "
        f"{words.percent(best['x'])} of quota, "
        f"lowest {least['name']} with {words.percent(least['x'])}."
    )


def thresholds(axes: Axes, table: pd.DataFrame, x: str) -> None:
    """A line where each bracket begins, and what it gives along the top."""
    for (place, _), bracket in table.groupby(["place", "rate"], sort=False):
        start, end = bracket[x].iloc[0], bracket[x].iloc[-1]
        if start > table[x].iloc[0]:
            axes.axvline(start, color=LINE, linewidth=1, zorder=0)
        file_line = str(place).rsplit(":", 1)
        label = f"{_given(bracket['rate'].iloc[0])}\nline {file_line[-1]}"
        if end - start > 0.04 * table[x].max():
            how = {"xycoords": axes.get_xaxis_transform(), "ha": "center", "va": "top"}
            beside(axes, label, ((start + end) / 2, 0.99), (0, 0), color=QUIET, fontsize=8, **how)


def _given(rate: float) -> str:
    """What a bracket gives: a share, or a sum of money."""
    return words.percent(rate, 1).replace(".0", "") if abs(rate) <= 10 else words.short(rate)


def _here(axes: Axes, here: pd.Series, x: str, label: str) -> None:
    axes.vlines(here[x], 0, here["earned"], color=ORANGE, linewidth=1, linestyle=(0, (3, 2)))
    axes.scatter([here[x]], [here["earned"]], s=58, color=ORANGE, zorder=4)
    how = {"color": ORANGE, "fontweight": "bold", "va": "top"}
    beside(axes, label, (here[x], here["earned"]), (10, -4), **how)


def _ends(table: pd.DataFrame, x: str, currency: str) -> str:
    last = table.iloc[-1]
    far = words.percent(last[x]) + " of quota" if x == "attainment" else words.short(last[x])
    return f"{words.short(last['earned'], currency)} at {far}."
