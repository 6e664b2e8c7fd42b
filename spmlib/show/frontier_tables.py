"""Tables of the own frontier: whom to learn from, and where two methods disagree.

People stand by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import between, built, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def to_learn(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Units with the most to gain, what they would bring more, and whom to ask.

    Args:
        table: unit, corrected, low_95, high_95, more, more_low_95, more_high_95 [currency], peers.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        corrected=percents(table["corrected"]),
        sure=[
            f"{words.percent(low)} to {words.percent(high)}"
            for low, high in zip(table["low_95"], table["high_95"], strict=True)
        ],
        more=shorts(table["more"]),
        span=between(table, "more_low_95", "more_high_95"),
    )
    labels = {"unit": "Who", "corrected": "Of the best", "sure": "In 95 of 100 cases"}
    labels |= {"more": "Could bring more", "span": "Between", "peers": "To learn from"}
    right = ["corrected", "sure", "more", "span"]
    return built(rows, labels, title, currency, right=right, widths={"peers": 32})


def both(table: pd.DataFrame, title: str) -> GT:
    """The places of two methods beside each other.

    Args:
        table: unit, corrected (score), effect, score_place, effect_place, apart.
        title: above the table.
    """
    rows = table.assign(
        corrected=percents(table["corrected"]),
        effect=[words.percent(share, 1) for share in table["effect"]],
    )
    labels = {"unit": "Who", "corrected": "Of the best", "score_place": "Place by score"}
    labels |= {"effect": "Adds", "effect_place": "Place by that", "apart": "Places apart"}
    return built(rows, labels, title, right=[name for name in labels if name != "unit"])


def foresight(table: pd.DataFrame, title: str) -> GT:
    """How well the earlier quarters foretold the later, by what was used.

    Args:
        table: method, people, correlation (empty where all were told the same), error.
        title: above the table.
    """
    rows = table.assign(
        method=[words.title(name) for name in table["method"]],
        correlation=["" if words.missing(c) else f"{c:.2f}" for c in table["correlation"]],
        error=percents(table["error"]),
    )
    labels = {"method": "Told by", "correlation": "Agrees in order", "error": "Off by"}
    return built(rows, labels, title, right=["correlation", "error"])
