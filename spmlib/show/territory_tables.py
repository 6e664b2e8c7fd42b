"""Tables of territories: regions and their certificates, territories, accounts that move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def regions(table: pd.DataFrame, title: str) -> GT:
    """What each region's plan comes to, and how good that is.

    Args:
        table: region, accounts, territories, km_today, km, moved, gap, within, beyond_today.
        title: above the table.
    """
    rows = table.assign(
        km_today=[words.short(km) for km in table["km_today"]],
        km=[words.short(km) for km in table["km"]],
        gap=[words.percent(gap, 2) for gap in table["gap"]],
        within=_held(table["within"]),
    )
    labels = {"region": "Region", "accounts": "Accounts", "territories": "Territories"}
    labels |= {"beyond_today": "Beyond a limit today", "km_today": "Km today", "km": "Km planned"}
    labels |= {"moved": "Accounts moved", "within": "Limits held", "gap": "Above the bound"}
    right = [name for name in labels if name not in ("region", "within")]
    return built(rows, labels, title, "km a year, there and back", right=right)


def territories(table: pd.DataFrame, title: str) -> GT:
    """Each territory as it is and as it is planned.

    Args:
        table: territory_id, name, accounts, gained, lost, km_today, km, saving [km].
        title: above the table.
    """
    rows = table.assign(
        km_today=[words.short(km) for km in table["km_today"]],
        km=[words.short(km) for km in table["km"]],
        saving=[words.short(round(km)) if km >= 0.5 else "" for km in table["saving"]],
    )
    labels = {"territory_id": "Territory", "name": "Held by", "accounts": "Accounts"}
    labels |= {"gained": "Gained", "lost": "Lost", "km_today": "Km today", "km": "Km planned"}
    labels |= {"saving": "A point wider saves"}
    right = [name for name in labels if name not in ("territory_id", "name")]
    said = "km a year"
    return built(rows, labels, title, said, right=right, widths={"name": 22})


def moves(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Accounts that change hands.

    Args:
        table: account_id, name, giver, taker, visits, potential [currency], saved [km a year].
        currency: of potentials.
        title: above the table.
    """
    rows = table.assign(
        potential=[words.short(amount) for amount in table["potential"]],
        saved=[words.short(km) for km in table["saved"]],
    )
    labels = {"account_id": "Account", "name": "Name", "giver": "From", "taker": "To"}
    labels |= {"visits": "Visits", "potential": "Potential", "saved": "Km saved"}
    right = ["visits", "potential", "saved"]
    said = f"{currency} and km a year"
    return built(rows, labels, title, said, right=right, widths={"name": 26})


def by_hand(table: pd.DataFrame, title: str) -> GT:
    """Accounts put back, one by one.

    Args:
        table: name, giver, taker, more [km a year], within.
        title: above the table.
    """
    rows = table.assign(
        more=[words.short(round(km)) for km in table["more"]],
        within=["yes" if within else "no" for within in table["within"]],
    )
    labels = {"name": "Account", "giver": "Back in", "taker": "Instead of", "more": "More km"}
    labels |= {"within": "Limits still hold"}
    return built(rows, labels, title, "km a year, moves included", right=["more"])


def frontier(table: pd.DataFrame, title: str) -> GT:
    """Travel against moved accounts: what a move has to save, and what comes of it.

    Args:
        table: moving, moved, km, gap, within.
        title: above the table.
    """
    rows = table.assign(
        moving=[f"{km:,.0f}" for km in table["moving"]],
        km=[words.short(km) for km in table["km"]],
        gap=[words.percent(gap, 2) for gap in table["gap"]],
        within=_held(table["within"]),
    )
    labels = {"moving": "A move has to save", "moved": "Accounts moved", "km": "Km"}
    labels |= {"within": "Limits held", "gap": "Above the bound, at most"}
    right = ["moving", "moved", "km", "gap"]
    return built(rows, labels, title, "km a year", right=right)


def numbers(table: pd.DataFrame, title: str) -> GT:
    """What more or fewer territories would travel.

    Args:
        table: territories, km, gap, worst_load, within.
        title: above the table.
    """
    rows = table.assign(
        km=[words.short(km) for km in table["km"]],
        gap=[words.percent(gap, 1) for gap in table["gap"]],
        worst_load=percents(table["worst_load"]),
        within=_held(table["within"]),
    )
    labels = {"territories": "Territories", "km": "Km", "gap": "Above the bound, at most"}
    labels |= {"worst_load": "Fullest, of the mean", "within": "Limits held"}
    right = ["territories", "km", "gap", "worst_load"]
    return built(rows, labels, title, "km a year, there and back", right=right)


def _held(within: pd.Series) -> list[str]:
    """Whether limits are held, in words."""
    return ["all" if held else "not all" for held in within]
