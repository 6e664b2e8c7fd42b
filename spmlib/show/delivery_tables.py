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
WIDTHS = (9, 20, 10, 11, 20, 12, 9, 9)  # percent
COUNTS = {
    "documents": "Documents",
    "reached": "Arrived",
    "acknowledged": "Acknowledged",
    "share": "Share",
    "chased": "Reminded",
    "open": "Open",
    "overdue": "Overdue",
    "longest": "Longest [days]",
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
    labels = {by: first[by]} | COUNTS
    widths = dict.fromkeys(labels, 9) | {by: 19, "documents": 11, "acknowledged": 16}
    return built(rows, labels, title, right=list(COUNTS), widths=widths)


def waiting(table: pd.DataFrame, title: str) -> GT:
    """Who has not acknowledged, the most overdue first, and what is done about it.

    Args:
        table: payee_id, role, manager_id, document, of, next, sent_date, overdue_days,
            chased_count.
        title: above the table.
    """
    order = ["overdue_days", "payee_id", "of"]
    rows = table.sort_values(order, ascending=[False, True, True], ignore_index=True)
    rows = rows.assign(
        role=[words.title(role) for role in rows["role"]],
        document=[words.title(document) for document in rows["document"]],
        sent_date=[words.day(day) for day in rows["sent_date"]],
        next=[NEXT.get(step, "") for step in rows["next"]],
    )
    labels = {"payee_id": "Person", "role": "Role", "manager_id": "Manager"}
    labels |= {"document": "Document", "next": "What comes next", "sent_date": "Sent"}
    labels |= {"overdue_days": "Days overdue", "chased_count": "Reminders"}
    widths = dict(zip(labels, WIDTHS, strict=True))
    return built(rows, labels, title, right=list(labels)[-3:], widths=widths)


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
