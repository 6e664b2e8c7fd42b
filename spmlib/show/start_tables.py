"""Tables of the first page: where to go, how the month stands, one person's receipt.

The first two are Markdown, not great_tables: their links lead to notebooks in JupyterLab, and the
site's pages turn them into links to pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from spmlib.show import findings, tables, words

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

WIDTHS = {"day": 11, "line": 14, "how": 38, "amount": 12, "place": 25}  # of a receipt [%]
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def questions(table: pd.DataFrame) -> Any:
    """Which notebook answers what, area by area.

    Args:
        table: area, question, notebook, takes.
    """
    parts = []
    for area, own in table.groupby("area", sort=False):
        parts += [
            f"**{plain(area)}**",
            _grid(["You want to know", "Open", "You may choose"], _asked(own)),
        ]
    return _markdown("\n\n".join(parts) or "There are no notebooks beside this one.")


def state(table: pd.DataFrame) -> Any:
    """How the month stands.

    Args:
        table: what, stands, notebook (empty: none).
    """
    pairs = zip(table["what"], table["stands"], table["notebook"], strict=True)
    rows = [[f"**{plain(what)}**", plain(says), link(name)] for what, says, name in pairs]
    return _markdown(_grid(["", "How it stands", "More"], rows))


def receipt(table: pd.DataFrame) -> GT:
    """One person's receipt.

    Args:
        table: as `tables.receipt`, and payee_id, role, month, source in every row.
    """
    from great_tables import loc, style

    about = table.iloc[0]
    who = ", ".join(filter(None, [str(about["payee_id"]), words.title(about["role"])]))
    title = f"Receipt of {who}, for {words.month(about['month'])}"
    made = tables.receipt(table, title, str(about["source"]))
    whole = made.tab_style(style.css("overflow-wrap: anywhere"), loc.body(columns="place"))
    return whole.cols_width({name: f"{width}%" for name, width in WIDTHS.items()})


def link(notebook: str) -> str:
    """A link to a notebook that lies beside this one; nothing where there is none.

    >>> link("20_crediting"), link("")
    ('[20_crediting](20_crediting.ipynb)', '')
    """
    from urllib.parse import quote

    return f"[{notebook}]({quote(notebook)}.ipynb)" if notebook else ""


def plain(text: Any) -> str:
    r"""Text as Markdown that shows just this text, in one line.

    >>> print(plain("a|b <b> [x](y)"))
    a\|b \<b\> \[x\](y)
    """
    whole = findings.BROKEN.sub(findings.UNBROKEN, " ".join(str(text).split()))
    return MARKS.sub(r"\\\1", whole)


def _asked(own: pd.DataFrame) -> list[list[str]]:
    rows = zip(own["question"], own["notebook"], own["takes"], strict=True)
    return [[plain(question), link(name), plain(takes)] for question, name, takes in rows]


def _grid(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _markdown(text: str) -> Any:
    from IPython.display import Markdown

    return Markdown(text)  # type: ignore[no-untyped-call]
