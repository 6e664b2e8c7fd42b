"""Tables of disputes: why, at what cost, what waits, and what a re-run proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

HEADS = {
    "cause": "Cause",
    "payee_id": "Person",
    "plan": "Plan",
    "team": "Team",
    "manager_id": "Manager",
    "owner": "Looked into by",
    "age": "Age [days]",
    "status": "Stands",
}
NONE = {"cause": "Not yet said", "age": "", "owner": "Nobody"}
IDS = ("payee_id", "manager_id", "age")


def counted(table: pd.DataFrame, title: str, by: str = "cause") -> GT:
    """How many are disputed and granted, and for how much.

    Args:
        table: the column of `by`, count, accepted_share, claimed, granted, currency.
        title: above the table.
        by: a column of `HEADS`.
    """
    rows = table.assign(
        **{by: [_named(by, name) for name in table[by]]},
        accepted_share=[_percent(share) for share in table["accepted_share"]],
        claimed=_moneys(table, "claimed"),
        granted=_moneys(table, "granted"),
    )
    labels = {
        by: HEADS[by],
        "count": "Disputes",
        "accepted_share": "Accepted",
        "claimed": "Claimed",
        "granted": "Granted",
    }
    return built(rows, labels, title, right=list(labels)[1:])


def times(table: pd.DataFrame, title: str, by: str = "cause") -> GT:
    """How many days decisions took.

    Args:
        table: the column of `by`, decided, median, p90, longest, late_share.
        title: above the table.
        by: a column of `HEADS`.
    """
    rows = table.assign(
        **{by: [_named(by, name) for name in table[by]]},
        late_share=[_percent(share) for share in table["late_share"]],
        median=[f"{days:.0f}" for days in table["median"]],
        p90=[f"{days:.0f}" for days in table["p90"]],
    )
    labels = {
        by: HEADS[by],
        "decided": "Decided",
        "median": "Half within [days]",
        "p90": "Nine in ten within",
        "longest": "Longest",
        "late_share": "After due",
    }
    return built(rows, labels, title, right=list(labels)[1:])


def waiting(table: pd.DataFrame, title: str) -> GT:
    """Disputes that wait for a decision, by person's id.

    Args:
        table: dispute_id, payee_id, period, status, owner, due_date, overdue_days, claimed,
            currency.
        title: above the table.
    """
    rows = table.assign(
        status=[words.title(name) for name in table["status"]],
        owner=[_named("owner", name) for name in table["owner"]],
        period=[words.month(name) for name in table["period"]],
        due_date=[words.day(day) for day in table["due_date"]],
        overdue_days=["" if days == 0 else f"{days:,}" for days in table["overdue_days"]],
        claimed=_moneys(table, "claimed"),
    )
    labels = {
        "dispute_id": "Dispute",
        "payee_id": "Person",
        "period": "Statement",
        "status": "Stands",
        "owner": "Looked into by",
        "due_date": "Due",
        "overdue_days": "Overdue [days]",
        "claimed": "Claimed",
    }
    return built(rows, labels, title, right=["overdue_days", "claimed"])


def proposed(table: pd.DataFrame, title: str, currency: str) -> GT:
    """What a re-run proposes, the likeliest first.

    Args:
        table: place, cause, amount, fits, evidence.
        title: above the table.
        currency: of the amounts.
    """
    rows = table.assign(
        cause=[_named("cause", name) for name in table["cause"]],
        amount=[words.money(amount, currency) for amount in table["amount"]],
        fits=["as claimed" if word == "yes" else "" for word in table["fits"]],
    )
    labels = {"cause": "Cause", "amount": "Would be more", "fits": "Fits", "evidence": "Evidence"}
    widths = {"cause": 15, "amount": 15, "fits": 10, "evidence": 60}
    return built(rows, labels, title, right=["amount"], widths=widths)


def _named(by: str, name: Any) -> str:
    if words.missing(name):
        return NONE.get(by, "None")
    return str(name) if by in IDS else words.title(name)


def _percent(share: Any) -> str:
    return "" if words.missing(share) else words.percent(share)


def _moneys(table: pd.DataFrame, column: str) -> list[str]:
    pairs = zip(table[column], table["currency"], strict=True)
    return ["" if words.missing(amount) else words.money(amount, code) for amount, code in pairs]
