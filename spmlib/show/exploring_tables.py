"""Tables of whoever explores: a company at a glance, the tables there are, and any one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def glance(facts: Mapping[str, tuple[str, str]], title: str, says: str = "") -> GT:
    """A company at a glance.

    Args:
        facts: for each thing its figure, and a remark.
        title: above the table.
        says: below it.
    """
    import pandas as pd

    rows = pd.DataFrame(
        [(what, figure, remark) for what, (figure, remark) in facts.items()],
        columns=["name", "figure", "remark"],
    )
    labels = {"name": "", "figure": "", "remark": ""}
    return built(rows, labels, title, says, widths={"name": 15, "figure": 20, "remark": 65})


def names(rows: Mapping[str, str], title: str) -> GT:
    """The tables there are.

    Args:
        rows: for each table what one row of it is.
        title: above the table.
    """
    import pandas as pd

    table = pd.DataFrame(list(rows.items()), columns=["name", "row"])
    return built(table, {"name": "Table", "row": "One row per"}, title)


def frame(cells: pd.DataFrame, title: str, right: Sequence[str], totals: int, note: str) -> GT:
    """Any table, its totals in bold below.

    Args:
        cells: in words; the last rows are totals.
        title: above the table.
        right: the columns of numbers.
        totals: how many of the last rows are totals.
        note: below the table.
    """
    from great_tables import style
    from great_tables.loc import body

    made = built(cells, {name: name for name in cells.columns}, title, right=right)
    if totals:
        last = list(range(len(cells) - totals, len(cells)))
        made = made.tab_style(style.text(weight="bold"), body(rows=last))
    return made.tab_source_note(note) if note else made
