"""Charts of pay on companies drawn: how cost is spread, pay by role, what moves it, a new table."""

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
    from matplotlib.axes import Axes

ROW, HILL = 0.34, 0.95  # inches a bar; height of a hill, of the distance between two
BASE = "base"


@of_rows
def cost_spread(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """How what each scenario costs is spread over companies drawn, and the budget.

    Args:
        table: scenario, cost (of a bin), share; mean, p10, p50, p90, budget, over of the scenario.
        currency: of the amounts.
        title: what is shown.
    """
    groups = list(table.groupby("scenario", sort=False))
    shade, first, budget = (
        colours(name for name, _ in groups),
        groups[0][1].iloc[0],
        table["budget"],
    )
    finding = (
        f"{words.short(first['mean'], currency)} on average, {words.short(first['p90'])} or more"
    )
    over = f"above budget in {words.percent(first['over'])}"
    with styled():
        alt = f"{title}, {words.title(groups[0][0])}: {finding} in 1 of 10 cases; {over}."
        made = picture(1.3 + 0.95 * len(groups), alt)
        axes = made.subplots()
        highest = table["share"].max()
        for place, (name, rows) in enumerate(reversed(groups)):
            hill = place + HILL * rows["share"] / highest
            axes.fill_between(rows["cost"], place, hill, color=shade[name], alpha=0.3, linewidth=0)
            axes.plot(rows["cost"], hill, color=shade[name], linewidth=1.3)
            _marks(axes, rows.iloc[0], place)
            said = (
                f"{words.short(rows['mean'].iloc[0])}\n{words.percent(rows['over'].iloc[0])} over"
            )
            beside(axes, said, (1, place + 0.3), (6, 0), xycoords=("axes fraction", "data"))
        axes.axvline(budget.iloc[0], color=INK, linestyle="--", linewidth=1.2)
        beside(axes, "budget", (budget.iloc[0], len(groups)), (4, 2), va="bottom", color=INK)
        names = [words.title(name) for name, _ in reversed(groups)]
        axes.set_yticks(range(len(groups)), names, va="bottom")
        headed(axes, title, f"{currency} a year; ticks: 1, 5 and 9 of 10 companies below")
        money_axis(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.12, len(groups) + 0.12)
        axes.margins(x=0)
    return made


@of_rows
def pay_by_role(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a person of each role earns in a poor, a usual and a good year, by scenario.

    Args:
        table: scenario, role, target, p10, p50, p90 [currency a person].
        currency: of the amounts.
        title: what is shown.
    """
    names, roles = list(dict.fromkeys(table["scenario"])), list(dict.fromkeys(table["role"]))
    shade, most = colours(names), table.loc[table["p50"].idxmax()]
    each = max(0.36, 0.2 * len(names))
    between = f"{words.short(most['p10'])} to {words.short(most['p90'], currency)}"
    alt = f"{title}: most in the middle is {words.title(most['role'])}, {between} in 8 of 10 cases."
    with styled():
        made = picture(1.3 + each * len(roles), alt)
        axes = made.subplots()
        for number, name in enumerate(names):
            rows = table[table["scenario"] == name].set_index("role").reindex(roles)
            shift = 0.26 * (number - (len(names) - 1) / 2)
            at = [len(roles) - 1 - place - shift for place in range(len(roles))]
            axes.hlines(at, rows["p10"], rows["p90"], color=shade[name], linewidth=5, alpha=0.35)
            axes.scatter(
                rows["p50"], at, color=shade[name], s=22, zorder=3, label=words.title(name)
            )
            if number == 0:
                axes.scatter(rows["target"], at, marker="|", s=120, color=INK, zorder=4)
        axes.set_yticks(range(len(roles)), [words.title(role) for role in reversed(roles)])
        says = f"{currency} a year; dot: middle; band: 8 of 10 cases; black tick: target incentive"
        headed(axes, title, says)
        if len(names) > 1:
            axes.legend(loc="lower right", frameon=False)
        money_axis(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.6, len(roles) - 0.4)
        axes.set_xlim(left=min(0, float(table["p10"].min())))
    return made


@of_rows
def tornado(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a year costs more, or less, for each value moved, the largest at the top.

    Args:
        table: title (of the plan), component, value, cost [currency], place; the largest first.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    first = table.iloc[0]
    more = "more" if first["cost"] > 0 else "less"
    finding = f"{_named(first)}, {words.short(abs(first['cost']), currency)} {more}"
    with styled():
        made = picture(1.2 + ROW * len(rows), f"{title}. Most: {finding}.")
        axes = made.subplots()
        shade = [ORANGE if cost > 0 else BLUE for cost in rows["cost"]]
        axes.barh(rows.index, rows["cost"], color=shade, height=0.62)
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_yticks(rows.index, [_named(row) for _, row in rows.iterrows()], fontsize=8.5)
        for place, row in rows.iterrows():
            file, _, line = row["place"].partition(":")
            said = f"{words.short(row['cost'])}  {f'line {line}' if line else file}"
            how = {"color": QUIET, "fontsize": 8, "ha": "left"}
            beside(axes, said, (max(row["cost"], 0), place), (5, 0), **how)
        headed(axes, title, f"{currency} a year, and where the plan's file says it")
        money_axis(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.margins(x=0.16)
    return made


@of_rows
def two_tables(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a person earns by attainment, by the table in force and by another one.

    Args:
        table: attained (multiple of quota), now, found [currency a person], share (of people and
            years at it).
        currency: of the amounts.
        title: what is shown.
    """
    at = table.iloc[(table["attained"] - 1).abs().argmin()]
    said = f"{words.short(at['found'], currency)} instead of {words.short(at['now'])}"
    with styled():
        made = picture(4.0, f"{title}: at quota {said} a person.")
        axes = made.subplots()
        high = table[["now", "found"]].max(axis=None)
        axes.bar(
            table["attained"],
            table["share"] / table["share"].max() * high * 0.25,
            width=table["attained"].diff().iloc[-1] * 0.9,
            color=LINE,
            zorder=1,
        )
        axes.plot(table["attained"], table["now"], color=QUIET, linestyle="--")
        axes.plot(table["attained"], table["found"], color=BLUE)
        _ends(axes, table)
        headed(
            axes, title, f"{currency} a person and year, by share of quota; grey: where people are"
        )
        money_axis(axes)
        percent_axis(axes, "x")
        axes.grid(False, axis="x")
        axes.set_xlim(table["attained"].iloc[0], table["attained"].iloc[-1])
        axes.set_ylim(bottom=min(0, table[["now", "found"]].min(axis=None)))
    return made


def _marks(axes: Axes, row: pd.Series, place: int) -> None:
    """Ticks of three quantiles below a hill, that of the middle taller."""
    for name, tall in (("p10", 0.07), ("p50", 0.13), ("p90", 0.07)):
        axes.vlines(row[name], place - 0.02, place + tall, color=INK, linewidth=1.4, zorder=4)


def _named(row: pd.Series) -> str:
    """A value of a plan with what it is now, and by how much it is moved."""
    part = f" · {words.title(row['component']).lower()}" if row["component"] else ""
    return f"{row['title']}{part} · {row['value']}"


def _ends(axes: Axes, table: pd.DataFrame) -> None:
    """The names of both lines at their ends, the higher one above."""
    last = table.iloc[-1]
    higher = "found" if last["found"] >= last["now"] else "now"
    for column, text, colour in (("now", "in force", QUIET), ("found", "found", BLUE)):
        shift, side = ((6, -3), "bottom") if column == higher else ((6, 3), "top")
        said = f"{text}\n{words.short(last[column])}"
        beside(axes, said, (last["attained"], last[column]), shift, va=side, color=colour)
