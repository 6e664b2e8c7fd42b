"""Charts of the own frontier: scores, what could be brought, and what people add.

People stand by id: what is shown is where to look and whom to ask, not whom to pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    SKY,
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

ROW, EDGE = 0.19, 1.1  # inches: of a unit, of all else
MOST = 60  # units that fit a page: of more, the first and the last


@of_rows
def own_best(table: pd.DataFrame, title: str) -> Picture:
    """Each unit's score with its interval, the best first; hollow: before the bias is taken off.

    Args:
        table: unit, score, corrected, low_95, high_95.
        title: what is shown.
    """
    rows = _cut(table.sort_values(["corrected", "unit"], ascending=[False, True]))
    middle = words.percent(rows["corrected"].median())
    alt = (
        f"{title}: from {words.percent(rows['corrected'].max())} to "
        f"{words.percent(rows['corrected'].min())} of their best, half of them above {middle}."
    )
    with styled():
        made = picture(EDGE + ROW * len(rows), alt)
        axes = made.subplots()
        places = list(range(len(rows)))
        axes.hlines(places, rows["low_95"], rows["high_95"], color=SKY, linewidth=4, alpha=0.7)
        axes.plot(rows["score"], places, "o", markersize=4, markerfacecolor="white", color=QUIET)
        axes.plot(rows["corrected"], places, "o", markersize=5, color=BLUE)
        axes.axvline(1, color=INK, linewidth=1)
        headed(axes, title, "of what the best would bring; band: 95 of 100 cases; hollow: as seen")
        axes.set_yticks(places, list(rows["unit"]))
        axes.invert_yaxis()
        axes.margins(y=0.02)
        percent_axis(axes)
    return made


@of_rows
def best_practice(
    table: pd.DataFrame, across: str, upward: str, currency: str, title: str
) -> Picture:
    """Units by the one thing they use and the one they bring, and the frontier of the best.

    Args:
        table: unit, used, brought, frontier (what the best would bring of so much).
        across: what is used, in words.
        upward: what is brought, in words.
        currency: of what is brought.
        title: what is shown.
    """
    rows = table.sort_values("used")
    on = rows[rows["brought"] >= rows["frontier"] * (1 - 1e-6)]
    alt = f"{title}: {len(on)} of {len(rows)} are on the frontier of {upward} for {across}."
    with styled():
        made = picture(4.2, alt)
        axes = made.subplots()
        axes.plot(rows["used"], rows["frontier"], color=ORANGE, linewidth=1.5)
        axes.vlines(rows["used"], rows["brought"], rows["frontier"], color=QUIET, linewidth=0.5)
        axes.plot(rows["used"], rows["brought"], "o", markersize=5, color=BLUE)
        axes.plot(on["used"], on["brought"], "o", markersize=6, color=ORANGE)
        for _, row in on.iterrows():
            beside(axes, row["unit"], (row["used"], row["brought"]), (0, 9), ha="center")
        headed(axes, title, f"{upward} [{currency}] by {across}; line: the best of our own")
        money_axis(axes)
        axes.xaxis.set_major_formatter(lambda amount, _: words.short(amount))
        axes.margins(x=0.04, y=0.1)
        axes.set_ylim(bottom=0)
    return made


@of_rows
def pulled_in(table: pd.DataFrame, title: str) -> Picture:
    """What each person added as it was, and pulled in, with intervals to compare two people by.

    Args:
        table: payee_id, raw, effect, low_pair, high_pair [shares].
        title: what is shown.
    """
    rows = _cut(table.sort_values(["effect", "payee_id"], ascending=[False, True]))
    apart = int((rows["low_pair"] > rows["high_pair"].min()).sum())
    alt = (
        f"{title}: raw from {words.percent(rows['raw'].min())} to "
        f"{words.percent(rows['raw'].max())}, pulled in from "
        f"{words.percent(rows['effect'].min())} to {words.percent(rows['effect'].max())}; "
        f"{apart} of {len(rows)} can be told from the last."
    )
    with styled():
        made = picture(EDGE + ROW * len(rows), alt)
        axes = made.subplots()
        places = list(range(len(rows)))
        axes.hlines(places, rows["effect"], rows["raw"], color=QUIET, linewidth=0.6)
        axes.hlines(places, rows["low_pair"], rows["high_pair"], color=SKY, linewidth=4, alpha=0.7)
        axes.plot(rows["raw"], places, "o", markersize=4, markerfacecolor="white", color=QUIET)
        axes.plot(rows["effect"], places, "o", markersize=5, color=BLUE)
        axes.axvline(0, color=INK, linewidth=1)
        headed(axes, title, "beyond what their patch brings; hollow: as it was; blue: pulled in")
        axes.set_yticks(places, list(rows["payee_id"]))
        axes.invert_yaxis()
        axes.margins(y=0.02)
        percent_axis(axes)
    return made


@of_rows
def foretold(table: pd.DataFrame, title: str) -> Picture:
    """How far off each way of telling the later half from the earlier was.

    Args:
        table: method, error (mean distance, as a share).
        title: what is shown.
    """
    rows = table.sort_values("error", ascending=False)
    best = rows.iloc[-1]
    alt = f"{title}: {_said(best['method'])} was least wrong, {words.percent(best['error'])}."
    with styled():
        made = picture(EDGE + 0.32 * len(rows), alt)
        axes = made.subplots()
        names = [_said(method) for method in rows["method"]]
        axes.barh(names, rows["error"], color=[QUIET] * (len(rows) - 1) + [BLUE], height=0.6)
        for place, error in enumerate(rows["error"]):
            beside(axes, words.percent(error), (error, place), (4, 0))
        headed(axes, title, "mean distance of what was told from what came")
        percent_axis(axes)
        axes.margins(x=0.1)
    return made


def _cut(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, or the first and last of them where a page does not hold all."""
    import pandas as pd

    if len(rows) <= MOST:
        return rows
    return pd.concat([rows.head(MOST // 2), rows.tail(MOST // 2)])


def _said(method: str) -> str:
    return str(method).replace("_", " ")
