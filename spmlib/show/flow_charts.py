"""Flow charts: one transaction to everybody who is credited with it, and through whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.style import (
    COLOURS,
    INK,
    QUIET,
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

Place = tuple[float, float]  # where a box begins, and the height of its middle

BOX, HEIGHT = 0.82, 0.84  # of a box, in columns and rows
ROW = 0.6  # inches for one person
LETTER = 0.056  # columns that a letter takes, about
LINES = (-0.27, -0.09, 0.1, 0.28)  # where the lines of a box stand


@of_rows
def credited_through(table: pd.DataFrame, title: str) -> Picture:
    """A transaction at the left, those credited with it beside it, their managers to the right.

    A line's colour says which kind of rule it follows, its width how large the share is.

    Args:
        table: transaction_id, event_date, source_amount, source_currency, payee_id, name, role,
            rule, kind, through_id, level, share, amount, currency; the credits of one booking.
        title: what is shown.
    """
    boxes = _boxes(table)
    rows = int(boxes.groupby("level").size().max())
    places = _places(boxes, rows)
    with styled():
        made = picture(1.0 + ROW * rows, _alt(table, title))
        axes = made.subplots()
        axes.axis("off")
        for link in _links(table).itertuples():
            _draw_link(axes, places, link, (rows - 1) / 2)
        _draw_transaction(axes, table.iloc[0], (0.0, (rows - 1) / 2))
        for box in boxes.itertuples():
            _draw_person(axes, places[(box.level, box.payee_id)], box)
        axes.set_xlim(-0.02, int(boxes["level"].max()) + 1 + BOX + 0.02)
        axes.set_ylim(rows - 0.4, -0.6)
        headed(axes, title, " ")
        _name_kinds(axes, table)
    return made


def _boxes(table: pd.DataFrame) -> pd.DataFrame:
    """A person on a level, whatever the number of credits that lead there."""
    keys = ["level", "payee_id", "name", "role"]
    first = {name: (name, "first") for name in ("rule", "share", "amount", "currency")}
    return table.groupby(keys, sort=False, as_index=False).agg(count=("rule", "size"), **first)


def _links(table: pd.DataFrame) -> pd.DataFrame:
    """From whom each credit comes: the person one level below on the same way up."""
    below = table[["through_id", "level", "payee_id"]].drop_duplicates()
    below = below.assign(level=below["level"] + 1).rename(columns={"payee_id": "from_id"})
    joined = table.merge(below, on=["through_id", "level"], how="left")
    return joined.drop_duplicates(["level", "payee_id", "from_id", "rule"])


def _places(boxes: pd.DataFrame, rows: int) -> dict[tuple[int, str], Place]:
    """Each level in the middle of the height."""
    places = {}
    for level, group in boxes.groupby("level"):
        top = (rows - len(group)) / 2
        for row, payee in enumerate(group["payee_id"]):
            places[(int(level), payee)] = (int(level) + 1.0, top + row)
    return places


def _draw_link(axes: Axes, places: dict[tuple[int, str], Place], link: Any, middle: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    right, end = places[(link.level, link.payee_id)]
    start = places.get((link.level - 1, link.from_id), (0.0, middle))
    left = start[0] + BOX
    half = (left + right) / 2
    points = [(left, start[1]), (half, start[1]), (half, end), (right, end)]
    path = Path(points, [Path.MOVETO, *[Path.CURVE4] * 3])
    shape: dict[str, Any] = {"linewidth": 1 + 3 * float(link.share), "alpha": 0.7}
    axes.add_patch(PathPatch(path, fill=False, edgecolor=COLOURS.get(link.kind, QUIET), **shape))


def _draw_transaction(axes: Axes, first: pd.Series, place: Place) -> None:
    amount = words.money(first["source_amount"], first["source_currency"])
    day = f"{first['event_date']:%d %B %Y}".lstrip("0")
    _draw_box(axes, place, (first["transaction_id"], day, "", ""), INK, "white")
    text = f"{first['source_currency']} {amount}"
    how: dict[str, Any] = {"color": "white", "fontsize": 7.2, "fontweight": "bold", "va": "center"}
    axes.text(place[0] + 0.04, place[1] + 0.2, text, **how)


def _draw_person(axes: Axes, place: Place, box: Any) -> None:
    share = words.percent(box.share, 1).replace(".0", "")
    amount = f"{box.currency} {words.money(box.amount, box.currency)}"
    how = (f"{words.title(box.rule)}, {share}", amount)
    many = (f"{words.title(box.rule)},", f"{box.count} credits")
    texts = (box.name, words.title(box.role), *(how if box.count == 1 else many))
    _draw_box(axes, place, texts, WASH, INK)


def _draw_box(axes: Axes, place: Place, texts: tuple[str, ...], fill: str, ink: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = (place[0], place[1] - HEIGHT / 2)
    shape: dict[str, Any] = {
        "boxstyle": "round,pad=0,rounding_size=0.03",
        "linewidth": 0,
        "zorder": 2,
    }
    axes.add_patch(FancyBboxPatch(corner, BOX, HEIGHT, color=fill, **shape))
    for line, text in zip(LINES, texts, strict=True):
        weight = "bold" if line == LINES[0] else "normal"
        how: dict[str, Any] = {"color": ink, "fontweight": weight, "va": "center", "zorder": 3}
        axes.text(place[0] + 0.04, place[1] + line, text, fontsize=6.6, **how)


def _name_kinds(axes: Axes, table: pd.DataFrame) -> None:
    """The kinds of rule that are there, each in its colour, below the title."""
    x = 0.0
    for kind in dict.fromkeys(table["kind"]):
        how = {"color": COLOURS.get(kind, QUIET), "fontsize": 8.5, "fontweight": "bold"}
        beside(axes, kind.replace("_", "-"), (x, -0.62), (0, 0), va="bottom", **how)
        x += LETTER * len(kind) + 0.12


def _alt(table: pd.DataFrame, title: str) -> str:
    own = table[table["level"] == 0].itertuples()
    said = [f"{row.name} ({row.rule}, {words.percent(row.share, 1)})" for row in own]
    above = table.loc[table["level"] > 0, "payee_id"].nunique()
    rolled = f", and rolled up to {words.counted(above, 'manager')}" if above else ""
    return f"{title}: {words.listed(said)}{rolled}."
