"""Tables of delivery: who has acknowledged what, who is chased, and what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

NEXT = {
    "send": "Send it again",
    "look": "Find out whether it left",
    "chase": "Remind",
    "escalate": "Tell the manager",
    "visit": "Speak with the person",
}
COUNTS = {
    "documents": "Documents",
    "reached": "Arrived",
    "acknowledged": "Acknowledged",
    "share": "Share",
    "chased": "Reminded",
    "open": "Open",
    "overdue": "Overdue",
    "longest": "Longest overdue [days]",
}


def acknowledged(table: pd.DataFrame, title: str, by: str = "team") -> GT:
    """How much is acknowledged, by team or manager.

    Args:
        table: the column of `by`, and the columns of `COUNTS`.
        title: above the table.
        by: team, manager_id or document.
    """
    rows = table.assign(
        **{by: [words.title(name) if by != "manager_id" else name for name in table[by]]},
        share=percents(table["share"]),
        longest=["" if days == 0 else f"{days:,}" for days in table["longest"]],
    )
    first = {"team": "Team", "manager_id": "Manager", "document": "Document"}
    return built(rows, {by: first[by]} | COUNTS, title, right=list(COUNTS))


def waiting(table: pd.DataFrame, title: str) -> GT:
    """Who has not acknowledged, the most overdue first, and what is done about it.

    Args:
        table: payee_id, role, of, sent_date, overdue_days, chased_count, manager_id, next.
        title: above the table.
    """
    order = ["overdue_days", "payee_id", "of"]
    rows = table.sort_values(order, ascending=[False, True, True], ignore_index=True)
    rows = rows.assign(
        role=[words.title(role) for role in rows["role"]],
        of=[words.title(of) for of in rows["of"]],
        sent_date=[words.day(day) for day in rows["sent_date"]],
        next=[NEXT.get(step, "") for step in rows["next"]],
    )
    labels = {"payee_id": "Person", "role": "Role", "of": "Plan", "sent_date": "Sent"}
    labels |= {"overdue_days": "Days overdue", "chased_count": "Reminders"}
    labels |= {"manager_id": "Manager", "next": "What comes next"}
    return built(rows, labels, title, right=["sent_date", "overdue_days", "chased_count"])


def sent(table: pd.DataFrame, title: str) -> GT:
    """What was sent of each month or plan, and what became of it.

    Args:
        table: of, documents, sent, bounced (at least once), failed, unsure.
        title: above the table.
    """
    labels = {"documents": "Documents", "sent": "Arrived", "bounced": "Came back once"}
    labels |= {"failed": "Not arrived", "unsure": "Nobody knows"}
    rows = table.assign(
        of=[words.month(of) for of in table["of"]],
        **{name: ["" if count == 0 else f"{count:,}" for count in table[name]] for name in labels},
    )
    return built(rows, {"of": "Month"} | labels, title, right=list(labels))
