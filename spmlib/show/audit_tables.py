"""Tables of the pay audit: what was found by which check, and how well faults are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def findings(table: pd.DataFrame, currency: str, title: str, most: int = 12) -> GT:
    """The gravest findings, with their evidence.

    Args:
        table: says, payee_id, amount, score, evidence, place, remedy [currency].
        currency: of the amounts.
        title: above the table.
        most: rows.
    """
    rows = table.head(most)
    rows = rows.assign(
        payee_id=["" if words.missing(name) else name for name in rows["payee_id"]],
        amount=[words.money(amount, currency) for amount in rows["amount"]],
        score=percents(rows["score"]),
        place=rows["place"].str.replace("_", "_\N{ZERO WIDTH SPACE}"),  # lines break there
    )
    labels = {"says": "Found", "payee_id": "Person", "amount": "At stake", "score": "Sure"}
    labels |= {"evidence": "Evidence", "place": "Where", "remedy": "What to do"}
    widths = {"says": 14, "payee_id": 8, "amount": 10, "score": 6, "evidence": 30, "place": 14}
    return built(rows, labels, title, currency, right=["amount", "score"],
                 widths=widths | {"remedy": 18})  # fmt: skip


def by_check(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each check found.

    Args:
        table: says, count, amount, largest [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        amount=[
            words.short(a) if n else ""
            for a, n in zip(table["amount"], table["count"], strict=True)
        ],
        largest=[
            words.short(a) if n else ""
            for a, n in zip(table["largest"], table["count"], strict=True)
        ],
        count=[str(n) if n else "none" for n in table["count"]],
    )
    labels = {"says": "Looked for", "count": "Findings", "amount": "At stake"}
    labels |= {"largest": "The largest"}
    return built(rows, labels, title, currency, right=["count", "amount", "largest"])


def measured(table: pd.DataFrame, title: str) -> GT:
    """How many planted faults are found, and how many findings are faults, by kind.

    Args:
        table: says, planted, found, findings, recall, precision, and their _low and _high.
        title: above the table.
    """
    rows = table.assign(
        planted=table["planted"].astype(str),
        recall=percents(table["recall"]),
        precision=percents(table["precision"]),
        **{f"{name}_between": _between(table, name) for name in ("recall", "precision")},
    )
    labels = {"says": "Kind of fault", "planted": "Planted", "recall": "Found"}
    labels |= {"recall_between": "95 of 100 times", "precision": "Findings that are right"}
    labels |= {"precision_between": "95 of 100 times "}
    return built(rows, labels, title, right=[name for name in labels if name != "says"])


def _between(table: pd.DataFrame, name: str) -> list[str]:
    pairs = zip(percents(table[f"{name}_low"]), percents(table[f"{name}_high"]), strict=True)
    return [f"{low} to {high}" for low, high in pairs]
