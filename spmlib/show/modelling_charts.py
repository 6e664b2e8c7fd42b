"""Charts of other plans: what each would have cost, who wins and loses, and pay by attainment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.style import (
    INK,
    ORANGE,
    QUIET,
    Picture,
    beside,
    colours,
    headed,
    money_axis,
    month_axis,
    nothing,
    of_rows,
    percent_axis,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAMED = 3  # people at each end who are named by their id
APART = 0.09  # of the height, between words at the ends of lines
BASE = "base"


@of_rows
def cost_differences(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """How much more or less each scenario would have cost, month by month, to date.

    Args:
        table: period, scenario (``base`` is left out), over (the differences run on) [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table[table["scenario"] != BASE].astype({"over": float})
    periods = list(dict.fromkeys(table["period"]))
    names = list(dict.fromkeys(rows["scenario"]))
    ends = {n: rows.loc[rows["scenario"] == n, "over"].iloc[-1] for n in names}
    said = [f"{words.title(n)} {words.short(ends[n], currency)}" for n in names]
    alt = f"{title}, to {words.month(periods[-1])}: {words.listed(said)}." if said else title
    with styled():
        made = picture(3.6, alt)
        axes = made.subplots()
        axes.axhline(0, color=INK, linewidth=1.2)
        for name, colour in colours(names).items():
            own = rows[rows["scenario"] == name].reset_index(drop=True)
            axes.plot(own.index, own["over"], color=colour, marker="o", markersize=3.5)
        _ends(axes, len(periods) - 1, ends, colours(names))
        headed(axes, title, f"{currency}, to date; 0: as it is")
        money_axis(axes)
        month_axis(axes, periods)
        axes.margins(x=0.02)
    return made


@of_rows
def winners(
    table: pd.DataFrame, currency: str, title: str, span: str = "in the year to date"
) -> Picture:
    """Who wins and who loses, one stem for each person, from the largest gain to the largest loss.

    Args:
        table: payee_id, role, difference [currency]; those who neither win nor lose are counted.
        currency: of the amounts.
        title: what is shown.
        span: of what.
    """
    told = table.assign(difference=table["difference"].astype(float))
    moved = told[told["difference"] != 0].sort_values("difference", ascending=False)
    rows = moved.reset_index(drop=True)
    gain, loss = int((rows["difference"] > 0).sum()), int((rows["difference"] < 0).sum())
    same = len(told) - len(rows)
    counts = f"{words.counted(gain, 'person wins', 'win')}, {loss} lose, {same} earn the same"
    alt = f"{title}: {counts}; {words.short(rows['difference'].sum(), currency)} in all."
    if rows.empty:
        return nothing(f"{title}: nobody's pay moves")
    with styled():
        made = picture(3.8, alt)
        axes = made.subplots()
        for role, colour in colours(dict.fromkeys(rows["role"])).items():
            own = rows[rows["role"] == role]
            axes.vlines(own.index, 0, own["difference"], color=colour, linewidth=1.6)
            axes.scatter(own.index, own["difference"], color=colour, s=22, zorder=3)
            axes.plot([], [], color=colour, marker="o", label=words.title(role))
        _ids(axes, rows)
        axes.axhline(0, color=INK, linewidth=1.2)
        headed(axes, title, f"{currency} more or less {span}; {counts}")
        axes.legend(frameon=False, loc="upper right", fontsize=8.5)
        money_axis(axes)
        axes.set_xticks([])
        axes.margins(x=0.03, y=0.2)
    return made


@of_rows
def on_curve(table: pd.DataFrame, curves: pd.DataFrame, title: str) -> Picture:
    """Pay by attainment: the curve of each scenario, and where people stand under it.

    Args:
        table: scenario, payee_id, attainment, payout (1: pay at quota, as it is).
        curves: scenario, attainment, payout; rising.
        title: what is shown.
    """
    names = list(dict.fromkeys(curves["scenario"]))
    tones = {BASE: INK} | colours([name for name in names if name != BASE])
    farthest = max(1.2, float(table["attainment"].max()) * 1.08)
    base = table[table["scenario"] == names[0]]
    over = int((base["attainment"] >= 1).sum())
    alt = f"{title}: {over} of {len(base)} people are at quota or above; at {farthest:.0%} of it "
    drawn = curves[curves["attainment"] <= farthest]
    tops = drawn.groupby("scenario", sort=False)["payout"].last()
    said = [f"{words.title(name)} {tops[name]:.2f}" for name in names]
    with styled():
        made = picture(
            4.2, alt + f"the curves pay, in multiples of pay at quota: {words.listed(said)}."
        )
        axes = made.subplots()
        for name in names:
            line = drawn[drawn["scenario"] == name]
            axes.plot(line["attainment"], line["payout"], color=tones[name], linewidth=1.6)
            dots = table[table["scenario"] == name]
            at = (dots["attainment"], dots["payout"])
            axes.scatter(*at, color=tones[name], s=24, zorder=3, alpha=0.75, linewidth=0)
        for line_at in (axes.axvline, axes.axhline):
            line_at(1, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)))
        _ends(axes, farthest, dict(tops), tones, short=False)
        headed(axes, title, "multiples of pay at quota, by share of quota; dots: people")
        percent_axis(axes)
        axes.set_xlim(0, farthest)
        axes.set_ylim(bottom=0)
    return made


@of_rows
def paid_to_date(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """What a plan paid to date, as it is and as tried.

    Args:
        table: period, now, then [currency].
        currency: of the amounts.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    now, then = float(rows["now"].iloc[-1]), float(rows["then"].iloc[-1])
    said = "the same" if round(then - now, 2) == 0 else words.above(then - now, now or 1.0)
    alt = f"{title}: {words.short(then, currency)}, {said}{'' if said == 'the same' else ' now'}."
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        axes.fill_between(rows.index, rows["now"], rows["then"], color=ORANGE, alpha=0.15)
        axes.plot(rows.index, rows["now"], color=INK, marker="o", markersize=3.5)
        axes.plot(rows.index, rows["then"], color=ORANGE, marker="o", markersize=3.5)
        ends = {"as it is": now, "as tried": then}
        _ends(axes, len(rows) - 1, ends, {"as it is": INK, "as tried": ORANGE})
        headed(axes, title, f"{currency}, to date; as tried: {said}")
        money_axis(axes)
        month_axis(axes, list(rows["period"]))
        axes.margins(x=0.02)
        axes.set_ylim(bottom=min(0, rows["then"].min()))
    return made


@of_rows
def spread(table: pd.DataFrame, currency: str, title: str) -> Picture:
    """How pay is spread: people from the lowest paid to the highest, as it is and as tried.

    Args:
        table: share (of people who earn this or less), now, then [currency].
        currency: of the amounts.
        title: what is shown.
    """
    middle = table.iloc[(len(table) - 1) // 2]
    alt = (
        f"{title}: half earn {words.short(middle['then'], currency)} or less, "
        f"{words.short(middle['now'])} as it is."
    )
    with styled():
        made = picture(3.2, alt)
        axes = made.subplots()
        axes.step(table["share"], table["now"], where="pre", color=INK)
        axes.step(table["share"], table["then"], where="pre", color=ORANGE)
        for at in (0.1, 0.5, 0.9):
            axes.axvline(at, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)))
        headed(axes, title, f"{currency} by share of people who earn it or less; orange: as tried")
        money_axis(axes)
        percent_axis(axes)
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
    return made


def _ids(axes: Axes, rows: pd.DataFrame) -> None:
    """The ids of those at both ends."""
    ends = rows[(rows.index < NAMED) | (rows.index >= len(rows) - NAMED)]
    for place, row in ends.iterrows():
        up = row["difference"] > 0
        shift, side = ((0, 6), "bottom") if up else ((0, -6), "top")
        how = {"ha": "center", "va": side, "color": QUIET, "fontsize": 7.5, "rotation": 90}
        beside(axes, row["payee_id"], (place, row["difference"]), shift, **how)


def _ends(
    axes: Axes, x: float, ends: dict[str, float], tones: dict[str, str], short: bool = True
) -> None:
    """Names and values at the ends of lines, kept apart where lines end together."""
    low, high = axes.get_ylim()
    room, last, places = APART * (high - low), float("-inf"), []
    ordered = sorted(ends.items(), key=lambda pair: pair[1])
    for _, value in ordered:
        last = max(value, last + room)
        places.append(last)
    higher = sum(places) - sum(ends.values())
    for (name, value), place in zip(ordered, places, strict=True):
        said = words.short(value) if short else f"{value:.2f}"
        at = (x, place - higher / len(ends))
        beside(axes, f"{words.title(name)} {said}", at, (9, 0), color=tones[name])
