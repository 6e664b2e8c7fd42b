"""Tables of a roadmap: orders side by side, ways to roll out, and what owning costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


LINES = {
    "at_best": "Benefit, were all live on the first day",
    "delay": "Lost as teams are live later",
    "never": "Lost as teams are never live",
    "preparing": "Preparing",
    "both": "Running two processes",
    "failures": "Failures: rework and harm",
    "worth": "Worth on average",
}
ASSUMED = {  # what is assumed of a rollout, in words
    "fails": "Chance that a wave fails",
    "learns": "Share of that chance a pilot takes away",
    "harm": "Harm of a failure, all teams",
    "benefit": "Benefit of all teams, a month",
    "parallel": "Two processes, a team and month",
    "watch": "Months from the pilot to the others",
    "months": "Months to prepare",
    "both": "Months of two processes",
    "each": "Preparing, a team",
    "fixed": "Preparing, once",
    "rate": "Discount rate",
    "saves": "Share of cost a pilot saves",
    "again": "Rework, share of the cost",
    "rework": "Months of rework",
    "varies": "How much times vary",
    "horizon": "Months looked at",
}
SHARES = ("fails", "learns", "saves", "varies", "again", "rate")
COUNTED = ("watch", "months", "both", "rework", "horizon")


def lines(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What either way is worth, line by line: line, at_once, pilot, more."""
    amounts = {name: shorts(table[name]) for name in ("at_once", "pilot", "more")}
    rows = table.assign(line=table["line"].map(LINES), **amounts)
    labels = {"line": "On average", "at_once": "All at once", "pilot": "A pilot first"}
    labels["more"] = "The pilot, more"
    says = f"{currency}, discounted; losses and costs below 0; the last line is the sum"
    return built(rows, labels, title, says, right=list(labels)[1:])


def equal(table: pd.DataFrame, title: str) -> GT:
    """Where a pilot and all at once are worth the same: what, assumed, low, high, at."""
    shown = table.assign(
        what=table["what"].map(ASSUMED),
        assumed=_amounts(table, "assumed"),
        at=[_spots(row) for row in table.to_dict("records")],
    )
    labels = {"what": "Each alone", "assumed": "Assumed", "at": "Equal at"}
    return built(shown, labels, title, right=["assumed", "at"])


def pilots(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Each team as the pilot: team, worth, more, never, chosen."""
    chosen = table["chosen"].map({True: " (assumed)", False: ""})
    rows = table.assign(
        team=table["team"].map(words.title) + chosen,
        worth=shorts(table["worth"]),
        more=shorts(table["more"]),
        never=percents(table["never"]),
    )
    labels = {"team": "Pilot", "worth": "Worth on average", "more": "More than all at once"}
    labels["never"] = "Not all in time"
    return built(rows, labels, title, f"{currency}, discounted", right=list(labels)[1:])


def served(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each team gets: team, in_place, planned, first, whole, left, effect."""
    rows = table.assign(
        team=table["team"].map(words.title),
        first=_months(table["first"]),
        whole=_months(table["whole"]),
        effect=shorts(table["effect"]),
    )
    labels = {"team": "Team", "in_place": "In place", "planned": "Planned", "left": "Do not fit"}
    labels |= {"first": "First done", "whole": "All done", "effect": "Brings a month"}
    says = f"done after months; {currency}, a capability's effect shared evenly among its teams"
    return built(rows, labels, title, says, right=list(labels)[1:])


def even(table: pd.DataFrame, currency: str, title: str) -> GT:
    """From when one way has cost no more than others: other, first, year, saves."""
    rows = table.assign(
        other=table["other"].map(words.title),
        first=shorts(table["first"]),
        year=[year_of(each) for each in table["year"]],
        saves=shorts(table["saves"]),
    )
    labels = {"other": "Against", "first": "More at the start", "year": "Breaks even"}
    labels["saves"] = "Saved by the last year"
    return built(rows, labels, title, f"{currency}, discounted", right=list(labels)[1:])


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


def year_of(year: float | None) -> str:
    """The year in which something has broken even, in words."""
    if words.missing(year):
        return "never"
    return f"end of year {year:.0f}" if year else "from the start"


def _spots(row: dict[str, Any]) -> str:
    """Where they are equal, or up to where they are not."""
    spots = " and ".join(_amount(row["what"], each) for each in row["at"])
    return spots or f"nowhere up to {_amount(row['what'], row['high'])}"


def _amounts(table: pd.DataFrame, column: str) -> list[str]:
    return [_amount(*pair) for pair in zip(table["what"], table[column], strict=True)]


def _amount(what: str, amount: float) -> str:
    if what in SHARES:
        return words.percent(amount)
    return f"{amount:.1f}" if what in COUNTED else words.short(amount)
