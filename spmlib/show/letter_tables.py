"""Tables of letters: how many of what, what plans say differently, and what that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, moneys

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def by_kind(table: pd.DataFrame, title: str) -> GT:
    """Letters by what they are of.

    Args:
        table: document, people, changes.
        title: above the table.
    """
    labels = {"document": "Letter", "people": "People", "changes": "Changes told"}
    rows = table.assign(document=[words.title(kind) for kind in table["document"]])
    return built(rows, labels, title, right=["people", "changes"])


def by_plan(table: pd.DataFrame, title: str) -> GT:
    """The same deals by both versions of each plan.

    Args:
        table: plan, people, more, less, was, now [currency], share, currency.
        title: above the table.
    """
    labels = {"plan": "Plan", "people": "People", "more": "Paid more", "less": "Paid less"}
    labels |= {"currency": "Currency", "was": "By the old", "now": "By the new", "share": "More"}
    rows = table.assign(
        was=moneys(table, "was"),
        now=moneys(table, "now"),
        share=["" if words.missing(x) else words.percent(x, 1) for x in table["share"]],
    )
    right = ["people", "more", "less", "was", "now", "share"]
    return built(rows, labels, title, right=right)


def terms(table: pd.DataFrame, title: str) -> GT:
    """What a plan says differently.

    Args:
        table: component, what, at, was, now, place.
        title: above the table.
    """
    labels = {"component": "Component", "what": "What", "at": "At", "was": "Was", "now": "Is"}
    labels["place"] = "As written in"
    rows = table.assign(
        component=[words.title(name or "whole_plan") for name in table["component"]],
        what=[words.title(name) for name in table["what"]],
    )
    widths = {"component": 19, "what": 13, "at": 9, "was": 14, "now": 14, "place": 31}
    return built(rows, labels, title, widths=widths)
