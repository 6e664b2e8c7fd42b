"""Tables of plan documents: who holds what, and worked examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, moneys

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def by_plan(table: pd.DataFrame, title: str) -> GT:
    """Plans by how many hold them.

    Args:
        table: plan, title, people, version, parts, clauses, examples.
        title: above the table.
    """
    labels = {"title": "Plan", "people": "People", "version": "Version", "parts": "Components"}
    labels |= {"clauses": "Sentences", "examples": "Deals in examples"}
    rows = table.assign(version=[words.day(day) for day in table["version"]])
    return built(rows, labels, title, right=["people", "parts", "clauses", "examples"])


def examples(table: pd.DataFrame, title: str) -> GT:
    """Worked examples, component by component.

    Args:
        table: component, deal, counted, how, earned [plan currency], currency.
        title: above the table.
    """
    labels = {"deal": "Deal", "counted": "Counts", "how": "How", "earned": "Earns"}
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        deal=[name.removeprefix("deal ") or "restated" for name in table["deal"]],
        counted=["" if words.missing(x) else f"{x:,.2f}" for x in table["counted"]],
        earned=moneys(table, "earned"),
    )
    widths = {"deal": 10, "counted": 18, "how": 52, "earned": 20}
    return built(rows, labels, title, group="component", right=["counted", "earned"], widths=widths)
