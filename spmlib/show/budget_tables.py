"""Tables of budgets: what teams cost, why it differs, and how each way of earning is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import between, built, numbers, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

HOW = {
    "curve": "by its curve, on what is credited to date",
    "each unit credited": "as it was, for each unit credited",
    "place": "as it was, for each head",
}


def kinds(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each team costs, kind by kind.

    Args:
        table: team, heads, base, variable, taxes, tools, travel, recruiting, total [currency].
        currency: of the amounts.
        title: above the table.
    """
    amounts = [name for name in table.columns if name not in ("team", "heads")]
    rows = table.assign(
        team=[words.title(team) for team in table["team"]],
        heads=[f"{count:.1f}" for count in table["heads"]],
        **{name: shorts(table[name]) for name in amounts},
    )
    labels = {"team": "Team", "heads": "Heads"} | {name: words.title(name) for name in amounts}
    return built(rows, labels, title, currency, right=["heads", *amounts], widths={"team": 20})


def budgets(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What budgets come to, and for what bookings.

    Args:
        table: plan, heads, cost, low_80, high_80, bookings [currency], rate.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        heads=[f"{count:.1f}" for count in table["heads"]],
        cost=shorts(table["cost"]),
        between=between(table, "low_80", "high_80"),
        bookings=shorts(table["bookings"]),
        rate=numbers(table["rate"]),
    )
    labels = {"plan": "Budget", "heads": "Heads at the end", "cost": "Cost"}
    labels |= {"between": "In 8 of 10 cases", "bookings": "Bookings", "rate": "Cost for 1 booked"}
    right = [name for name in labels if name != "plan"]
    return built(rows, labels, title, currency, right=right, widths={"plan": 30})


def variances(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Budget against actual, team by team and reason by reason.

    Args:
        table: team, planned, actual, difference, heads, mix, volume, rate, fixed, currency; all
            in the currency.
        currency: of the amounts.
        title: above the table.
    """
    labels = {"planned": "Budget", "actual": "Actual", "difference": "Difference"}
    labels |= {"heads": "Heads", "mix": "Mix", "volume": "Sold", "rate": "Pay for it"}
    labels |= {"fixed": "Fixed", "currency": "Currency"}
    rows = table.assign(
        team=[words.title(team) for team in table["team"]],
        **{name: shorts(table[name].round()) for name in labels},
    )
    right = list(labels)
    return built(rows, {"team": "Team"} | labels, title, currency, right=right)


def simulated(table: pd.DataFrame, title: str) -> GT:
    """How each way of earning is simulated.

    Args:
        table: plan, component, how, ratio.
        title: above the table.
    """
    places = [4 if how == "each unit credited" else 2 for how in table["how"]]
    pairs = zip(table["ratio"], places, strict=True)
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        how=[HOW[how] for how in table["how"]],
        ratio=[f"{ratio:,.{place}f}" for ratio, place in pairs],
    )
    labels = {"component": "Way of earning", "how": "Simulated", "ratio": "Earned over that"}
    return built(rows, labels, title, group="plan", right=["ratio"])
