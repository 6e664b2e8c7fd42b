"""Tables of accruals: what a month is charged with, what is owed, the journal, how good it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, moneys, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

METHODS = {
    "policy": "As the policy says",
    "point_in_time": "Point in time",
    "effective_rate": "Effective rate",
    "simulated": "Simulated",
    "over_time": "Over time",
}


def teams(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What a month is charged with, team by team.

    Args:
        table: team, earned, late, smoothed, corrected, reversed, amount, taxes, total [currency].
        currency: of the amounts.
        title: above the table.
    """
    labels = {"earned": "Earned", "late": "Late, expected", "smoothed": "Open windows"}
    labels |= {"corrected": "Known since", "reversed": "Last month's estimates"}
    labels |= {"amount": "Commissions", "taxes": "Taxes", "total": "Together"}
    rows = table.assign(
        team=[words.title(team) for team in table["team"]],
        **{name: shorts(table[name]) for name in labels},
    )
    return built(rows, {"team": "Team"} | labels, title, currency, right=list(labels))


def windows(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What methods add for open windows, component by component.

    Args:
        table: plan, component, method, people, gone, earned, smoothed, accrued [currency].
        currency: of the amounts.
        title: above the table.
    """
    amounts = {"earned": "Earned to date", "smoothed": "Method adds", "accrued": "Accrued to date"}
    rows = table.assign(
        plan=[words.title(plan) for plan in table["plan"]],
        component=[words.title(name) for name in table["component"]],
        method=[METHODS[name] for name in table["method"]],
        gone=percents(table["gone"]),
        **{name: shorts(table[name]) for name in amounts},
    )
    labels = {"plan": "Plan", "component": "Component", "method": "Method", "people": "People"}
    labels |= {"gone": "Credited of expected"} | amounts
    right = ["people", "gone", *amounts]
    return built(rows, labels, title, currency, right=right)


def made_of(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What is owed at a month's end, by what it is made of.

    Args:
        table: says, amount [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(amount=[words.money(amount, currency) for amount in table["amount"]])
    return built(rows, {"says": "What is owed", "amount": currency}, title, right=["amount"])


def rolled(table: pd.DataFrame, title: str) -> GT:
    """How what is owed came from one month's end to the next.

    Args:
        table: currency, opening, earned, late, smoothed, corrected, reversed, paid, closing.
        title: above the table.
    """
    labels = {"opening": "Owed before", "earned": "Earned", "late": "Late, expected"}
    labels |= {"smoothed": "Open windows", "corrected": "Known since"}
    labels |= {"reversed": "Last month's estimates", "paid": "Paid", "closing": "Owed"}
    said = {name: moneys(table, name) for name in labels}
    turned = {"step": list(labels.values())}
    turned |= {
        currency: [said[name][place] for name in labels]
        for place, currency in enumerate(table["currency"])
    }
    rows = type(table)(turned)
    names = list(table["currency"])
    return built(rows, {"step": ""} | {n: n for n in names}, title, right=names)


def taxes(table: pd.DataFrame, title: str) -> GT:
    """Employer taxes on pay, by currency and tax.

    Args:
        table: currency, tax, opening, charged, paid, closing [currency].
        title: above the table.
    """
    labels = {"opening": "Owed before", "charged": "Charged", "paid": "Paid", "closing": "Owed"}
    rows = table.assign(
        tax=[words.title(name) for name in table["tax"]],
        **{name: moneys(table, name) for name in labels},
    )
    every = {"currency": "Currency", "tax": "Tax"} | labels
    return built(rows, every, title, right=list(labels))


def journal(table: pd.DataFrame, title: str) -> GT:
    """Entries of a journal.

    Args:
        table: entry_id, entry_date, account, team, debit, credit, currency, description.
        title: above the table.
    """
    sides = {
        side: [
            said if amount else ""
            for said, amount in zip(moneys(table, side), table[side], strict=True)
        ]
        for side in ("debit", "credit")
    }
    headed = table["description"] + ", " + table["entry_date"].map(words.day)
    rows = table.assign(
        entry=headed + " (" + table["currency"] + ")",
        team=["" if words.missing(team) else words.title(team) for team in table["team"]],
        **sides,
    )
    labels = {"account": "Account", "team": "Team", "debit": "Debit", "credit": "Credit"}
    return built(rows, labels, title, group="entry", right=["debit", "credit"])


def errors(table: pd.DataFrame, title: str) -> GT:
    """How far each method was from what months earned, and from their share of their windows.

    Args:
        table: method, earned_bias, earned_error, share_bias, share_error.
        title: above the table.
    """
    labels = {"earned_bias": "Bias: earned", "earned_error": "Error: earned"}
    labels |= {"share_bias": "Bias: share of window", "share_error": "Error: share of window"}
    rows = table.assign(
        method=[METHODS[name] for name in table["method"]],
        **{name: [words.percent(value, 1) for value in table[name]] for name in labels},
    )
    return built(rows, {"method": "Method"} | labels, title, right=list(labels))


def true_ups(table: pd.DataFrame, currency: str, title: str) -> GT:
    """The largest true-ups.

    Args:
        table: payee_id, plan, component, period, reason, amount [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        plan=[words.title(plan) for plan in table["plan"]],
        component=["" if words.missing(name) else words.title(name) for name in table["component"]],
        period=[words.month(period) for period in table["period"]],
        amount=[words.money(amount, currency) for amount in table["amount"]],
    )
    labels = {"payee_id": "Person", "plan": "Plan", "component": "Component", "period": "Month"}
    labels |= {"reason": "Mostly because", "amount": currency}
    widths = {"payee_id": 9, "plan": 19, "component": 15, "period": 16, "reason": 29}
    return built(rows, labels, title, right=["amount"], widths=widths)
