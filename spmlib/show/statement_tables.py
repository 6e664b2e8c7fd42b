"""Tables of statements: in which languages they are written, and who is close to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, moneys, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def by_language(table: pd.DataFrame, title: str) -> GT:
    """Statements by locale and currency.

    Args:
        table: locale, currency, people, paid [currency], corrected.
        title: above the table.
    """
    labels = {"locale": "Locale", "people": "Statements", "currency": "Paid in"}
    labels |= {"paid": "Paid", "corrected": "With corrections"}
    rows = table.assign(paid=moneys(table, "paid"))
    return built(rows, labels, title, right=["people", "paid", "corrected"])


def closest(table: pd.DataFrame, title: str) -> GT:
    """Whose next threshold pays most for what it takes.

    Args:
        table: payee_id, component, attainment, start, needed, worth, return, currency.
        title: above the table.
    """
    labels = {"payee_id": "Person", "component": "Component", "attainment": "Attained"}
    labels |= {"start": "Threshold", "needed": "Still needed", "worth": "Worth", "return": "Of it"}
    labels["currency"] = "Currency"
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        attainment=percents(table["attainment"]),
        start=percents(table["start"]),
        needed=moneys(table, "needed"),
        worth=moneys(table, "worth"),
        **{"return": [words.percent(share, 1) for share in table["return"]]},
    )
    right = ["attainment", "start", "needed", "worth", "return"]
    return built(rows, labels, title, right=right)
