"""Tables of leaderboards: the board as a reader may see it, and which groups are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

STATES = {
    "shown": "shown",
    "small": "hidden: too few people",
    "with another": "hidden, so that no hidden one can be computed",
}
UP, DOWN = "▲", "▼"


def ranking(table: pd.DataFrame, title: str, top: int, points: bool = False) -> GT:
    """A board, place by place.

    Args:
        table: name, own, gap, place, score (a share), came, moved, place_low, place_high,
            adjusted_place, adjusted_low, adjusted_high, top_chance, is_best.
        title: above the table.
        top: how many the first are.
        points: scores are differences in points, written with their sign.
    """
    rows = table.assign(
        name=[f"{row.name_} (you)" if row.own else row.name_ for row in _rows(table)],
        place=[f"{place:g}" for place in table["place"]],
        score=[words.percent(s) if not points else f"{s * 100:+.0f}" for s in table["score"]],
        change=[_change(row) for row in _rows(table)],
        between=[
            _between(*pair) for pair in zip(table["place_low"], table["place_high"], strict=True)
        ],
        adjusted=[f"{place:g}" for place in table["adjusted_place"]],
        within=[
            _between(*pair)
            for pair in zip(table["adjusted_low"], table["adjusted_high"], strict=True)
        ],
        chance=[words.percent(chance) for chance in table["top_chance"]],
        best=["personal best" if best == "yes" else "" for best in table["is_best"]],
    )
    labels = {"place": "Place", "name": "Who", "score": "Points" if points else "Attained"}
    labels |= {"change": "Since last month", "between": "Possible places"}
    labels |= {"adjusted": "Adjusted", "within": "Possible, adjusted"}
    labels |= {"chance": f"Among the first {top}", "best": ""}
    right = ["place", "score", "change", "between", "adjusted", "within", "chance"]
    widths = {"place": 7, "name": 20, "score": 9, "change": 11, "between": 11, "adjusted": 9}
    widths |= {"within": 11, "chance": 10, "best": 12}
    return built(rows, labels, title, right=right, widths=widths)


def groups(table: pd.DataFrame, title: str) -> GT:
    """Groups and whether they are shown.

    Args:
        table: group, persons, state.
        title: above the table.
    """
    rows = table.assign(state=table["state"].map(STATES))
    labels = {"group": "Group", "persons": "People with a place", "state": ""}
    return built(rows, labels, title, right=["persons"])


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.rename(columns={"name": "name_"}).itertuples())


def _change(row: Any) -> str:
    came, moved = row.came, row.moved
    if came in ("up", "down"):
        return f"{UP if came == 'up' else DOWN} {abs(moved):g}"
    return {"new": "new", "returned": "back"}.get(came, "")


def _between(low: float, high: float) -> str:
    if words.missing(low) or words.missing(high):
        return ""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
