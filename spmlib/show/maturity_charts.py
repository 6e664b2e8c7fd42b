"""Charts of maturity: scores, who answered what, answers beside data, effect against effort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.maturity_tables import figure
from spmlib.show.style import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    QUIET,
    SKY,
    WASH,
    Picture,
    beside,
    headed,
    of_rows,
    picture,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SHADES = ("#e3edf5", "#bcd6e8", "#86b6d6", "#3f8abd", "#0b5a94")  # a level, light to dark
DARK = 0.6  # of the scale, from which words on a shade are white


@of_rows
def maturity_scores(table: pd.DataFrame, title: str) -> Picture:
    """Scores, what they may be once all is answered, peers' bands and the target.

    Args:
        table: by, name, low, score, high, answered, asked, gap, peer_low, peer_high, target.
        title: what is shown.
    """
    rows = table.reset_index(drop=True)
    whole = rows.iloc[0]
    places = [-place - 0.6 * ((rows["by"][:place + 1] != rows["by"].shift()[:place + 1]).sum() - 1)
              for place in range(len(rows))]  # fmt: skip
    now = "not answered" if words.missing(whole["score"]) else f"{whole['score']:.0f} of 100"
    span = f"{whole['low']:.0f} to {whole['high']:.0f} once all is answered"
    says = f"{now}, {span}" if whole["answered"] < whole["asked"] else now
    with styled():
        made = picture(1.5 + 0.34 * len(rows), f"{title}: {says}.")
        axes = made.subplots()
        axes.barh(places, rows["peer_high"] - rows["peer_low"], left=rows["peer_low"], height=0.62,
                  color=LINE, label="peers (assumed)")  # fmt: skip
        axes.hlines(places, rows["low"], rows["high"], color=SKY, linewidth=3.5,
                    label="once all is answered")  # fmt: skip
        axes.plot(rows["score"], places, "o", color=BLUE, markersize=8, label="as answered")
        axes.axvline(rows["target"][0], color=INK, linestyle=(0, (4, 2)), linewidth=0.9)
        for place, row in zip(places, rows.to_dict("records"), strict=True):
            said = f"{_score(row)}{row['answered']} of {row['asked']} answered"
            beside(axes, said, (100, place), (8, 0), color=QUIET, fontsize=8.5)
        axes.set_yticks(places, [_name(name) for name in rows["name"]])
        axes.set_xlim(0, 100)
        axes.set_ylim(min(places) - 0.7, 0.7)
        axes.grid(axis="x")
        headed(axes, title, f"0 to 100; dashed: the target of {rows['target'][0]:g}")
        made.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8.5)
    return made


@of_rows
def maturity_answers(table: pd.DataFrame, title: str) -> Picture:
    """Which level each team answered, what the data show, and how many levels are missing.

    Args:
        table: question, team (``data`` for what the data show), asked, level, top, target, gap.
        title: what is shown.
    """
    questions, teams = list(dict.fromkeys(table["question"])), list(dict.fromkeys(table["team"]))
    open_ = int((table["asked"] & table["level"].isna() & (table["team"] != "data")).sum())
    first = table.drop_duplicates("question")
    worst = first.loc[first["gap"].idxmax(), "question"] if (first["gap"] > 0).any() else ""
    far = f"; farthest from target: {_name(worst).lower()}" if worst else ""
    with styled():
        made = picture(1.1 + 0.42 * len(questions), f"{title}: {open_} unanswered{far}.")
        axes = made.subplots()
        for row in table.to_dict("records"):
            _cell(axes, row, questions.index(row["question"]), _column(teams, row["team"]))
        for row in first.to_dict("records"):
            gap = "?" if words.missing(row["gap"]) else f"{row['gap']:g}" if row["gap"] else "–"
            where = (_column(teams, "data") + 1.35, questions.index(row["question"]))
            beside(axes, gap, where, (0, 0), ha="center", color=ORANGE if gap != "–" else QUIET,
                   fontweight="bold")  # fmt: skip
        labels = [*map(_name, teams), "To target"]
        ticks = [*(_column(teams, team) for team in teams), _column(teams, "data") + 1.35]
        axes.set_xticks(ticks, labels)
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(questions)), [_name(name) for name in questions])
        axes.set_xlim(-0.55, ticks[-1] + 0.55)
        axes.set_ylim(len(questions) - 0.45, -0.55)
        axes.spines[:].set_visible(False)
        says = "levels; ? is not answered or not known; empty is not asked; last: levels missing"
        axes.set_title(title, pad=40)
        how = {"xycoords": "axes fraction", "color": QUIET, "fontsize": 8.5}
        beside(axes, says, (0, 1), (0, 26), va="baseline", **how)
    return made


@of_rows
def answers_and_data(table: pd.DataFrame, title: str) -> Picture:
    """The level that was answered and the one that the data show, where something measures it.

    Args:
        table: question, answered, figure, value, unit, measured, worst, best, next_at, cases, top.
        title: what is shown.
    """
    rows = table[table["figure"] != ""].iloc[::-1].reset_index(drop=True)
    more = int((rows["answered"] - rows["measured"] >= 1).sum())
    known = int(rows["measured"].notna().sum())
    alt = f"{title}: {known} of {len(rows)} are known; of {more} more is said than the data show."
    top = int(rows["top"].max())
    with styled():
        made = picture(1.4 + 0.5 * len(rows), alt)
        axes = made.subplots()
        axes.hlines(range(len(rows)), 1, top, color=WASH, linewidth=6)
        axes.hlines(range(len(rows)), rows["answered"], rows["measured"], color=QUIET, linewidth=1)
        axes.plot(rows["answered"], range(len(rows)), "o", color=BLUE, markersize=10,
                  label="answered", fillstyle="none", markeredgewidth=2.2)  # fmt: skip
        axes.hlines(range(len(rows)), rows["worst"], rows["best"], color=ORANGE, linewidth=4,
                    alpha=0.45, label="what chance may make of it")  # fmt: skip
        axes.plot(rows["measured"], range(len(rows)), "D", color=ORANGE, markersize=6,
                  label="the data show")  # fmt: skip
        for place, row in enumerate(rows.to_dict("records")):
            beside(axes, _of(row), (top, place), (16, 0), color=QUIET, fontsize=8.5)
        axes.set_yticks(range(len(rows)), [_name(name) for name in rows["question"]])
        axes.set_xticks(range(1, top + 1))
        axes.set_xlim(0.8, top * 2.1)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.spines["bottom"].set_visible(False)
        headed(axes, title, "level, and beside it what was measured and on how many cases")
        made.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8.5)
    return made


@of_rows
def effect_and_effort(table: pd.DataFrame, title: str) -> Picture:
    """What each step brings against the days it takes, numbered as ranked.

    Args:
        table: rank, does, question, effect, effort, instead; the best first.
        title: what is shown.
    """
    best = table.iloc[0]
    alt = f"{title}: first {best['does'][:1].lower()}{best['does'][1:]}, {best['effort']:g} days."
    spots = table.groupby(["effort", "effect"], sort=False)
    with styled():
        made = picture(4.0, alt)
        axes = made.subplots()
        far = max(float(table["effort"].max()), 1.0) * 1.2
        high = float(table["effect"].max()) * 1.18
        slope = float(best["effect"] / best["effort"])
        taken = [(x / far, y / high, 0.02) for (x, y), _ in spots]
        axes.plot([0, far], [0, far * slope], color=LINE, linewidth=1)
        axes.plot([0, far], [0, far * slope / 2], color=LINE, linewidth=1)
        for (effort, effect), own in spots:
            other = bool((own["instead"] > 0).all())
            axes.plot(effort, effect, "o", markersize=11, color="white" if other else BLUE,
                      markeredgecolor=BLUE, markeredgewidth=1.6)  # fmt: skip
            shift = _free(effort / far, effect / high, taken)
            beside(axes, _ranked(own), (effort, effect), (10, shift), color=INK, fontsize=8.5)
        axes.set_xlim(0, far)
        axes.set_ylim(0, high)
        axes.set_xlabel("effort [person-days]")
        axes.grid(axis="y")
        says = "effect [weighted points] against effort; hollow: instead of a better step; lines: "
        headed(axes, title, f"{says}as much a day as the first, and half")
    return made


def _ranked(steps: pd.DataFrame) -> str:
    ranks = ", ".join(str(rank) for rank in steps["rank"])
    names = [_name(name).lower() for name in dict.fromkeys(steps["question"])]
    return f"{ranks}  {words.listed(names)}"


def _free(x: float, y: float, taken: list[tuple[float, float, float]]) -> float:
    """How far up or down words go that would lie on others [points], of a picture from 0 to 1."""
    for shift in (0, 12, -12, 24, -24):
        at = y + shift / 230
        if not any(x + 0.02 < right + wide and right < x + 0.2 and abs(above - at) < 0.045
                   for right, above, wide in taken):  # fmt: skip
            break
    taken.append((x + 0.02, at, 0.18))
    return shift


def _name(name: str) -> str:
    return words.title(name)


def _column(teams: list[str], team: str) -> float:
    """Where a team stands; the data a little apart."""
    return teams.index(team) + (0.35 if team == "data" else 0.0)


def _cell(axes: Axes, row: dict[str, Any], y: int, x: float) -> None:
    from matplotlib.patches import Rectangle

    if not row["asked"]:
        return
    known = not words.missing(row["level"])
    share = (row["level"] - 1) / (row["top"] - 1) if known else 0.0
    shade = SHADES[round(share * (len(SHADES) - 1))] if known else "white"
    about: dict[str, Any] = {} if known else {"hatch": "////", "edgecolor": LINE}
    axes.add_patch(Rectangle((x - 0.46, y - 0.42), 0.92, 0.84, facecolor=shade, **about))
    text = f"{row['level']:g}" if known else "?"
    beside(axes, text, (x, y), (0, 0), ha="center", color="white" if share > DARK else INK)


def _score(row: dict[str, Any]) -> str:
    if words.missing(row["score"]):
        return ""
    short = f"{row['gap']:.0f} short; " if row["gap"] >= 0.5 else "reached; "
    return f"{row['score']:.0f}, {short}"


def _of(row: dict[str, Any]) -> str:
    name = words.title(row["figure"])
    if words.missing(row["value"]):
        return f"{name}: not known"
    cases = words.counted(row["cases"], "case")
    said = f"{name} {figure(row['value'], row['unit'])}, {cases}"
    if words.missing(row["next_at"]):
        return said
    return f"{said}; level {row['measured'] + 1:g} from {figure(row['next_at'], row['unit'])}"
