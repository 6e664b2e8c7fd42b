"""Charts of value: before and after, effects by measure, what they bring, and when it has paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    AMBER,
    BLUE,
    INK,
    ORANGE,
    QUIET,
    Picture,
    beside,
    headed,
    money_axis,
    month_axis,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ROW = 0.42  # inches for one measure


@of_rows
def before_and_after(table: pd.DataFrame, unit: str, title: str) -> Picture:
    """A measure by month, beside what would have come without the change and how sure that is.

    Args:
        table: period, value, expected, low, high (empty before the change), late (bool).
        unit: of the values.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    late = rows[rows["late"]]
    came, without = late["value"].mean(), late["expected"].mean()
    said = "nothing is known of what would have come"
    if not words.missing(without):
        said = f"{words.short(without)} would have come"
    alt = f"{title}: {words.short(came)} {unit} a month since the change, where {said}."
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        axes.fill_between(rows.index, rows["low"], rows["high"], color=ORANGE, alpha=0.18, lw=0)
        axes.plot(rows.index, rows["expected"], color=ORANGE, linestyle=(0, (4, 2)))
        axes.plot(rows.index, rows["value"], color=BLUE, marker="o", markersize=3.5)
        headed(axes, title, f"{unit} a month; dashed: without the change, shaded: where it may lie")
        axes.grid(axis="y")
        if len(late) and len(late) < len(rows):
            axes.axvline(late.index[0] - 0.5, color=QUIET, linewidth=1)
            shift, how = (4, -4), {"va": "top", "color": QUIET, "fontsize": 8.5}
            beside(axes, "change", (late.index[0] - 0.5, axes.get_ylim()[1]), shift, **how)
        month_axis(axes, list(rows["period"]))
        axes.margins(x=0.02)
        if (rows[["value", "expected"]].min() >= 0).all():
            axes.set_ylim(bottom=0)
    return made


@of_rows
def effects_by_measure(table: pd.DataFrame, title: str) -> Picture:
    """How much of what was before each change moved, with its interval; 0 is nothing.

    Args:
        table: says, better (1 where more is), base, change, low, high, nw_low, nw_high, truth,
            shown, doubted; measures without an interval are left out.
        title: what is shown.
    """
    rows = table.dropna(subset=["change", "low"]).iloc[::-1].reset_index(drop=True)
    kinds = [_kind(row) for row in rows.itertuples()]
    counts = {kind: kinds.count(kind) for kind in KINDS}
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    parts = {name: rows[name].astype(float) / rows["base"].abs() for name in SHARES}
    shade = [KINDS[kind] for kind in kinds]
    with styled():
        made = picture(1.3 + ROW * len(rows), f"{title}: {said or 'no measure has an interval'}.")
        axes = made.subplots()
        axes.axvline(0, color=QUIET, linewidth=1)
        axes.hlines(rows.index - 0.22, parts["nw_low"], parts["nw_high"], color=QUIET, lw=1)
        axes.hlines(rows.index, parts["low"], parts["high"], color=shade, linewidth=5, alpha=0.4)
        axes.scatter(parts["change"], rows.index, color=shade, s=34, zorder=3)
        planted = parts["truth"].notna()
        where = (parts["truth"][planted], rows.index[planted])
        axes.scatter(*where, marker="D", s=30, facecolors="none", edgecolors=INK, zorder=4)
        axes.set_yticks(rows.index, list(rows["says"]))
        axes.set_ylim(-0.7, max(len(rows) - 0.3, 0.7))
        for place, kind in enumerate(kinds):
            how = {"xycoords": axes.get_yaxis_transform(), "fontsize": 8.5}
            beside(axes, kind, (1, place), (6, 0), color=shade[place], **how)
        thin = "thin: by Newey and West's errors" if parts["nw_low"].notna().any() else ""
        extra = "; ".join([thin] * bool(thin) + ["diamond: planted"] * bool(planted.any()))
        headed(axes, title, "change, of the mean before" + (f"; {extra}" if extra else ""))
        percent_axis(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    return made


@of_rows
def value_bridge(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """From what each measure brings, less what the change costs, to what is left.

    Args:
        table: step, amount, start, end, low, high [currency]; what is left as its last row.
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    said = "; ".join(f"{r.step} {words.short(r.amount)}" for r in table.iloc[:-1].itertuples())
    net = words.short(rows["amount"].iloc[0], currency)
    with styled():
        made = picture(1.2 + ROW * len(rows), f"{title}: {said}; left {net}.")
        axes = made.subplots()
        shade = [INK, *(BLUE if amount >= 0 else ORANGE for amount in rows["amount"][1:])]
        axes.barh(rows.index, rows["end"] - rows["start"], left=rows["start"], color=shade,
                  height=0.55)  # fmt: skip
        wide = rows["high"] > rows["low"]
        ends = [rows["start"] + rows[name] for name in ("low", "high")]
        axes.hlines(rows.index[wide], ends[0][wide], ends[1][wide], color=QUIET, linewidth=1.4)
        axes.axvline(0, color=QUIET, linewidth=0.8)
        right = [max(row) for row in zip(rows["start"], rows["end"], ends[1], strict=True)]
        for place, (edge, amount) in enumerate(zip(right, rows["amount"], strict=True)):
            beside(axes, words.short(amount), (edge, place), (5, 0), color=INK, fontsize=9)
        axes.set_yticks(rows.index, list(rows["step"]))
        headed(axes, title, f"{currency}, discounted to the change; lines: 9 of 10 cases")
        money_axis(axes, "x")
        axes.margins(x=0.14)
    return made


@of_rows
def payback_curve(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What is left by each month from the change on, and the chance that it has paid.

    Args:
        table: month (from 0), net (median), low, high [currency], paid (chance).
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    last = rows.iloc[-1]
    alt = (
        f"{title}: after {int(last['month'])} months {words.short(last['net'], currency)} are "
        f"left, {words.span(last, 'low', 'high')} in 9 of 10 cases; it has paid with a chance of "
        f"{words.percent(last['paid'])}."
    )
    with styled():
        made = picture(4.6, alt)
        above, below = made.subplots(2, 1, sharex=True, height_ratios=[2.2, 1])
        above.fill_between(rows["month"], rows["low"], rows["high"], color=BLUE, alpha=0.2, lw=0)
        above.plot(rows["month"], rows["net"], color=BLUE)
        above.axhline(0, color=QUIET, linewidth=1)
        headed(above, title, f"{currency} to date, discounted; shaded: 9 of 10 cases")
        money_axis(above)
        above.spines["bottom"].set_visible(False)
        above.tick_params(axis="x", length=0)
        below.plot(rows["month"], rows["paid"], color=INK)
        headed(below, "Chance that it has paid")
        percent_axis(below, "y")
        below.set_ylim(0, 1.02)
        below.set_xlabel("months from the change", color=QUIET)
        _end(above, last["month"], last["net"], words.short(last["net"]), BLUE)
        _end(below, last["month"], last["paid"], words.percent(last["paid"]), INK)
        above.margins(x=0)
    return made


KINDS = {"better": BLUE, "worse": ORANGE, "in doubt": AMBER, "nothing shown": QUIET}
SHARES = ("change", "low", "high", "nw_low", "nw_high", "truth")


def _kind(row: object) -> str:
    """What is said of a measure's effect, in a word."""
    told = {name: getattr(row, name) for name in ("shown", "doubted", "better", "change")}
    if not told["shown"]:
        return "nothing shown"
    if told["doubted"]:
        return "in doubt"
    return "better" if told["change"] * told["better"] > 0 else "worse"


def _end(axes: Axes, month: float, value: float, text: str, colour: str) -> None:
    beside(axes, text, (month, value), (6, 0), color=colour, fontsize=9)
