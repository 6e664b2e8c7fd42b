"""Charts of parts: bars that are compared, ranked, or added up step by step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    COLOURS,
    INK,
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
    from matplotlib.axes import Axes

NARROW = 0.15  # of the largest sum: changes within it are shown on an axis of their own
ROW = 0.3  # inches for one bar


@of_rows
def by_rule(table: pd.DataFrame, currency: str, period: str) -> Picture:
    """What each crediting rule credited in a month, beside what it usually credits.

    Args:
        table: rule, kind, people, amount, usual [currency]; in the order of the rules.
        currency: of the amounts.
        period: the month.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    amounts, usual = rows["amount"].astype(float), rows["usual"].astype(float)
    largest = rows.loc[amounts.idxmax()]
    finding = f"the largest is {words.title(largest['rule'])} with "
    title = f"Credited by rule, {words.month(period)}"
    with styled():
        alt = f"{title}: {finding}{words.short(largest['amount'], currency)}."
        made = picture(1.3 + ROW * len(rows), alt)
        axes = made.subplots()
        shade = [COLOURS.get(kind, QUIET) for kind in rows["kind"]]
        axes.barh(rows.index, amounts, color=shade, height=0.66)
        axes.scatter(usual, rows.index, marker="|", s=170, color=INK, linewidth=1.6, zorder=3)
        says = f"{currency}; the black tick is the average of the twelve months before"
        headed(axes, title, says)
        money_axis(axes, "x")
        axes.set_yticks(rows.index, [words.title(rule) for rule in rows["rule"]])
        _said_at_end(axes, amounts.combine(usual.fillna(0), max), _kinds(rows), shade)
    return made


@of_rows
def ranked(table: pd.DataFrame, labels: list[str], value: str, title: str, one: str) -> Picture:
    """Bars with their numbers, in the colour of the team where there is one.

    Args:
        table: labels and a whole number in each row, in the order to be shown.
        labels: the columns that name a row.
        value: the column of numbers.
        title: what is shown.
        one: what is counted: "issue".
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    most = table.loc[table[value].idxmax()]
    with styled():
        count = words.counted(most[value], one, "people" if one == "person" else "")
        alt = f"{title}. Most: {words.title(most[labels[-1]])} ({count})."
        made = picture(0.8 + ROW * max(len(rows), 2), alt)
        axes = made.subplots()
        shade = [COLOURS.get(name, BLUE) for name in rows[labels[0]]]
        axes.barh(rows.index, rows[value].astype(int), color=shade, height=0.62)
        names = rows[labels].map(words.title).agg(" · ".join, axis=1)
        axes.set_yticks(rows.index, names)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        _said_at_end(axes, rows[value], [f"{n:,}" for n in rows[value]], [INK] * len(rows))
        headed(axes, title)
    return made


@of_rows
def costs(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What each team earned, and how much that is of what it was credited with.

    Args:
        table: team, people, earned, amount (credited) [currency], share.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    earned, first = rows["earned"].astype(float), table.iloc[0]
    finding = f"{words.title(first['team'])} earned most, {words.short(first['earned'], currency)}"
    share = f", {words.percent(first['share'], 1)} of what it was credited with"
    with styled():
        made = picture(1.0 + 0.42 * len(rows), f"{title}. {finding}{share}.")
        axes = made.subplots()
        shade = [COLOURS.get(team, QUIET) for team in rows["team"]]
        axes.barh(rows.index, earned, color=shade, height=0.62)
        axes.set_yticks(rows.index, [words.title(team) for team in rows["team"]])
        texts = [_cost(row, currency) for row in rows.itertuples()]
        _said_at_end(axes, earned, texts, shade)
        headed(axes, title, f"{currency}; and the share of what the team was credited with")
        money_axis(axes, "x")
        axes.set_xlim(right=max(earned.max() * 1.45, 1))
    return made


@of_rows
def waterfall(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """How a sum comes about: each step starts where the one before ended; the sum at the bottom.

    Args:
        table: component, kind, count, amount, start, end [currency]; the sum as its last row.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.assign(step=[_step(row) for row in table.itertuples()])
    return _steps(rows, currency, title, f"due {currency}", sums=1)


@of_rows
def bridge(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """How one month's sum becomes the next one's: the first, each change, the second.

    Args:
        table: step, amount, start, end [currency]; the two sums as its first and last rows.
        currency: of the amounts.
        title: what is shown.
    """
    ends = (0, len(table) - 1)
    names = [
        words.month(step) if place in ends else step for place, step in enumerate(table["step"])
    ]
    rows = table.assign(step=names)
    return _steps(rows, currency, title, f"{names[-1]} {currency}", sums=2)


def _steps(table: pd.DataFrame, currency: str, title: str, last: str, sums: int) -> Picture:
    """Bars that start where the one before ended; sums (of both ends, or the last) from zero."""
    rows = table.iloc[::-1]
    start, end = rows["start"].astype(float).to_numpy(), rows["end"].astype(float).to_numpy()
    exact = rows["amount"].dtype.kind != "f"  # an estimate is not said to the cent
    texts = [
        words.money(amount, currency) if exact else words.short(amount) for amount in rows["amount"]
    ]
    said = zip(rows["step"][:0:-1], texts[:0:-1], strict=True)
    steps = "; ".join(f"{step} {text}" for step, text in said)
    with styled():
        made = picture(0.9 + ROW * len(rows), f"{title}: {steps}; {last} {texts[0]}.")
        axes = made.subplots()
        shade = [INK, *(BLUE if up else ORANGE for up in (end >= start)[1:])]
        shade[-1] = INK if sums > 1 else shade[-1]
        places = range(len(rows))
        axes.barh(places, end - start, left=start, color=shade, height=0.6)
        axes.vlines(end[1:], [p - 1.3 for p in places[1:]], places[1:], color=QUIET, linewidth=0.7)
        axes.axvline(0, color=QUIET, linewidth=0.8)
        axes.set_yticks(places, list(rows["step"]))
        _said_at_end(axes, [max(pair) for pair in zip(start, end, strict=True)], texts, shade)
        begin = _begin(start, end) if sums > 1 else 0
        headed(axes, title, f"{currency}; the axis does not begin at 0" if begin else currency)
        money_axis(axes, "x")
        axes.margins(x=0.12)
        if begin:
            axes.set_xlim(left=begin)
    return made


def _begin(start: Any, end: Any) -> float:
    """Where the axis begins: at 0, unless changes would be too small to be seen."""
    low = min(end.min(), start[start > 0].min(initial=end.min()))
    span = end.max() - low
    return float(low - span) if low > 0 and span < NARROW * end.max() else 0.0


def _step(row: Any) -> str:
    """A step in words: what it is, and of how many lines."""
    if row.kind == "due":
        return "Due"
    kind = "" if row.kind == "credit" else f", {row.kind}"
    return f"{words.title(row.component)}{kind} ({words.counted(row.count, 'line')})"


def _kinds(rows: pd.DataFrame) -> list[str]:
    """The kind of each rule and how many people it credited."""
    said = zip(rows["kind"], rows["people"], strict=True)
    return [f"{kind.replace('_', '-')}, {words.counted(n, 'person', 'people')}" for kind, n in said]


def _cost(row: Any, currency: str) -> str:
    earned = words.short(row.earned, currency)
    people = words.counted(row.people, "person", "people")
    return f"{earned} for {people}, {words.percent(row.share, 1)}"


def _said_at_end(axes: Axes, ends: Iterable[Any], texts: list[str], shade: list[str]) -> None:
    """Words to the right of each bar, in its colour."""
    for y, (end, text, colour) in enumerate(zip(ends, texts, shade, strict=True)):
        beside(axes, text, (float(end), y), (7, 0), color=colour, fontsize=8.5)
