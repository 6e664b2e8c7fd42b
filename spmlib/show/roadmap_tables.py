"""Tables of a roadmap: orders side by side, ways to roll out, and what owning costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.show import words
from spmlib.show.table_style import between, built, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

SHORTER = {"implementation": "Set-up"}  # as wide as its column


def firsts(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Orders side by side: first, value, less, done, left [currency, months]."""
    named = {"best": "Any, as it is best"}
    rows = table.assign(
        first=[named.get(name, f"{words.title(name)} first") for name in table["first"]],
        value=shorts(table["value"]),
        less=shorts(table["less"]),
    )
    labels = {"first": "First", "value": "Brings", "less": "Less than the best"}
    labels |= {"done": "Done after months", "left": "Do not fit"}
    return built(rows, labels, title, f"{currency}, discounted", right=list(labels)[1:])


def ways(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Ways to roll out: way, worth, low_80, high_80, first, whole, never, regret."""
    rows = table.assign(
        between=between(table, "low_80", "high_80"),
        worth=shorts(table["worth"]),
        first=_months(table["first"]),
        whole=_months(table["whole"]),
        never=percents(table["never"]),
        regret=shorts(table["regret"]),
    )
    labels = {"way": "Way", "worth": "Worth on average", "between": "In 80 of 100 runs"}
    labels |= {"first": "First team live", "whole": "All live", "never": "Not all in time"}
    labels |= {"regret": "Regret"}
    says = f"{currency}, discounted; months: the median"
    return built(rows, labels, title, says, right=list(labels)[1:])


def owned(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What ways cost over the years by kind: way, kinds, total."""
    kinds = [name for name in table if name != "way"]
    rows = table.assign(
        way=[words.title(way) for way in table["way"]],
        **{kind: shorts(table[kind]) for kind in kinds},
    )
    labels = {"way": "Way"} | {kind: SHORTER.get(kind, words.title(kind)) for kind in kinds}
    says = f"{currency}, discounted; every number is an assumption"
    return built(rows, labels, title, says, right=kinds)


def _months(column: pd.Series) -> list[str]:
    return [f"{value:.1f}" if np.isfinite(value) else "never" for value in column]
