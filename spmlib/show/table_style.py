"""Table style: one look for every table that is read row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spmlib.show import words

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

WHOLE = ("day", "line", "name", "holds")  # columns whose cells are never broken
OPTIONS: dict[str, Any] = {
    "table_width": "100%",
    "table_font_size": "13.5px",
    "table_font_color": "#1d2733",
    "heading_align": "left",
    "heading_title_font_size": "15px",
    "heading_title_font_weight": "bold",
    "heading_subtitle_font_size": "13px",
    "heading_border_bottom_color": "#1d2733",
    "column_labels_font_weight": "bold",
    "column_labels_border_top_style": "none",
    "column_labels_border_bottom_color": "#1d2733",
    "row_group_font_weight": "bold",
    "row_group_background_color": "#f5f7f9",
    "row_group_padding": "7px",
    "table_border_top_style": "none",
    "table_border_bottom_color": "#5b6673",
    "table_body_hlines_color": "#e9eef3",
    "data_row_padding": "5px",
    "source_notes_font_size": "12px",
    "source_notes_padding": "6px",
}
FONTS = ["inherit", "sans-serif"]


def built(
    rows: pd.DataFrame,
    labels: Mapping[str, str],
    title: str,
    says: str = "",
    group: str | None = None,
    right: Sequence[str] = (),
    widths: Mapping[str, int] | None = None,
) -> GT:
    """A table in the house's look, of those columns that have a label; widths in percent."""
    from great_tables import GT, style
    from great_tables.loc import body

    columns = [*([group] if group else []), *labels]
    shown = rows[columns].astype(object).where(rows[columns].notna(), "")
    made = GT(shown, groupname_col=group, id=_id(title)).tab_header(title, says or None)
    left = [name for name in labels if name not in right]
    made = made.cols_label(dict(labels)).cols_align("left", left)
    if right:
        made = made.cols_align("right", list(right))
    if widths:
        made = made.cols_width({name: f"{width}%" for name, width in widths.items()})
    whole = [name for name in labels if name in (*right, *WHOLE)]
    if whole:
        unbroken = style.css("font-variant-numeric: tabular-nums; white-space: nowrap;")
        made = made.tab_style(unbroken, body(columns=whole))
    return made.tab_options(**OPTIONS).opt_table_font(font=FONTS)


def moneys(table: pd.DataFrame, column: str) -> list[str]:
    """The amounts of a column in words, each in the currency of its row."""
    pairs = zip(table[column], table["currency"], strict=True)
    return [words.money(amount, currency) for amount, currency in pairs]


def percents(column: Any) -> list[str]:
    """Shares as percentages; empty where there are none."""
    return [words.percent(value) for value in column]


def numbers(column: Any) -> list[str]:
    """Numbers with two decimals; empty where there are none."""
    return ["" if words.missing(value) else f"{value:.2f}".replace("-", "−") for value in column]


def shorts(column: Any) -> list[str]:
    """Amounts in three or four digits; empty where there are none."""
    return ["" if words.missing(value) else words.short(value) for value in column]


def between(table: pd.DataFrame, low: str, high: str) -> list[str]:
    """From which to which amount, in three or four digits."""
    pairs = zip(table[low], table[high], strict=True)
    return [f"{words.short(one)} to {words.short(other)}" for one, other in pairs]


def held(table: pd.DataFrame) -> list[str]:
    """How many intervals of 80 and of 95 % held; empty where none was tried."""
    pairs = zip(percents(table["covered_80"]), percents(table["covered_95"]), strict=True)
    return [f"{one} / {other}" if one else "" for one, other in pairs]


def _id(title: str) -> str:
    """An id made of the title's letters, so that it is the same whenever it is made."""
    return "table-" + re.sub(r"\W+", "-", title.lower()).strip("-")
