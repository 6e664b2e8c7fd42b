"""Findings: what matters most, said large: a sentence, and a few figures as tiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from spmlib.show import words

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import HTML

BROKEN = re.compile(r"(?<=\b[A-Z]{3}) (?=[\d\N{MINUS SIGN}])|(?<=\d) (?=%)")
UNBROKEN = "\N{NO-BREAK SPACE}"


def tiles(figures: Mapping[str, tuple[str, str]]) -> HTML:
    """A few figures, large: name -> (figure, remark)."""
    from IPython.display import HTML

    shape = "grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))"
    each = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(figure)} "
        f"<small>{escape(remark)}</small></dd></div>"
        for name, (figure, remark) in figures.items()
    )
    return HTML(  # type: ignore[no-untyped-call]
        f'<dl class="tiles" style="display:grid;gap:1px;{shape}">{each}</dl>'
    )


def sentence(text: str) -> Any:
    """A finding, in a sentence, as prose; amounts do not break between lines."""
    from IPython.display import Markdown

    return Markdown(BROKEN.sub(UNBROKEN, text))  # type: ignore[no-untyped-call]


def booking(about: pd.Series) -> Any:
    """One booking in a sentence, as far as it is known.

    Args:
        about: transaction_id, event_date, kind, account, product, owner, amount, currency.
    """
    amount = f"{about['currency']} {words.money(about['amount'], about['currency'])}"
    parts = [f"**{about['transaction_id']}**: {words.title(about['kind']) or 'A'} booking of"]
    parts += [f"**{amount}** on {words.day(about['event_date'])}"]
    known = {"by": "account", "for": "product", "owned by": "owner"}
    parts += [f"{how} {about[c]}" for how, c in known.items() if not words.missing(about[c])]
    return sentence(f"{', '.join([' '.join(parts[:2]), *parts[2:]])}.")
