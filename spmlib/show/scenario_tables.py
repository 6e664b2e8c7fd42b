"""Tables of scenarios: side by side, what is written differently, who approved what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

COUNTS = {"people": ",.1f", "accounts": ",.0f"}


def side_by_side(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Scenarios as columns, measures as rows; what is played through with what 8 of 10 lie in.

    Args:
        table: as ScenarioMeasures.
        currency: of the amounts.
        title: above the table.
    """
    told = [_cell(row.value, row.low_80, row.high_80, row.unit) for row in table.itertuples()]
    rows = table.assign(told=told)
    wide = rows.pivot(index="measure", columns="scenario", values="told")
    names = list(dict.fromkeys(table["scenario"]))
    wide = wide.loc[list(dict.fromkeys(table["measure"])), names].reset_index()
    wide["measure"] = [words.title(name) for name in wide["measure"]]
    labels = {"measure": ""} | {name: words.title(name) for name in names}
    return built(wide, labels, title, currency, right=names)


def decisions(table: pd.DataFrame, title: str) -> GT:
    """What is written differently: what it was, what it is, who decided that, when and why.

    Args:
        table: as Decisions.
        title: above the table.
    """
    rows = table.assign(
        word=[f"{row.file}: {row.word}" for row in table.itertuples()],
        was=table["was"].fillna("nothing"),
        value=table["value"].fillna("nothing"),
        decided_date=[words.day(day) for day in table["decided_date"]],
    )
    labels = {"word": "Word", "was": "Was", "value": "Is", "author": "Decided by"}
    labels |= {"decided_date": "On", "reason": "Because", "place": "Written in"}
    widths = {"word": 19, "was": 9, "value": 9, "author": 12, "decided_date": 11, "reason": 22}
    return built(rows, labels, title, widths=widths | {"place": 18})


def people(table: pd.DataFrame, currency: str, title: str, columns: Mapping[str, str]) -> GT:
    """Quotas on two sides, person by person or territory by territory.

    Args:
        table: name, the columns, difference [currency].
        currency: of the amounts.
        title: above the table.
        columns: of amounts, and what stands above each.
    """
    labels = {"name": "", **columns, "difference": "Difference"}
    right = [name for name in labels if name != "name"]
    rows = table.assign(**{name: [_whole(amount) for amount in table[name]] for name in right})
    return built(rows, labels, title, currency, right=right, widths={"name": 34})


def approvals(table: pd.DataFrame, title: str) -> GT:
    """Who has to approve each scenario, and who decided it.

    Args:
        table: scenario, authors, approvers, missing.
        title: above the table.
    """
    rows = table.assign(scenario=[words.title(name) for name in table["scenario"]])
    labels = {"scenario": "Scenario", "authors": "Decided by", "approvers": "To be approved by"}
    return built(rows, labels | {"missing": "Still missing"}, title)


def _cell(value: float, low: float, high: float, unit: str) -> str:
    """A measure as it is read: 48.5M (44.8M to 52.4M), 11 %, 47.4."""
    if words.missing(value):
        return ""
    if unit == "share":
        return words.percent(value, 1)
    if unit in COUNTS:
        return f"{value:{COUNTS[unit]}}"
    if unit == "km":
        return f"{words.short(round(value))} km"
    said = words.short if unit == "currency" else "{:.2f}".format
    between = "" if words.missing(low) else f" ({said(low)} to {said(high)})"
    return f"{said(value)}{between}"


def _whole(amount: float) -> str:
    return f"{amount:,.0f}".replace("-", words.MINUS)
