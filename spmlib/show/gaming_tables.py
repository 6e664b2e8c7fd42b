"""Tables of the gaming audit: what was found, dearest first, and the tests beside placebos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

LEAST = 0.001  # chances below it are told as less


def rules(table: pd.DataFrame, currency: str, title: str, most: int = 12) -> GT:
    """Where plans can be played, dearest first.

    Args:
        table: kind, plan, component, where, amount [currency], evidence, source, remedy.
        currency: of the amounts.
        title: above the table.
        most: rows that are shown.
    """
    shown = table[table["payee_id"].isna()].head(most)
    rows = shown.assign(
        kind=[words.title(kind) for kind in shown["kind"]],
        plan=[_plan(row) for row in shown.itertuples()],
        amount=shorts(shown["amount"]),
    )
    labels = {"kind": "Kind", "plan": "Plan", "where": "Where", "amount": "A year"}
    labels |= {"evidence": "What was counted", "remedy": "How it would be closed"}
    widths = {"kind": 10, "plan": 17, "where": 13, "amount": 7, "evidence": 29, "remedy": 24}
    return built(rows, labels, title, currency, right=["amount"], widths=widths)


def people(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Signs in bookings: indications to be looked into, with their chance.

    Args:
        table: kind, payee_id, where, amount [currency], p_adjusted, evidence.
        currency: of the amounts.
        title: above the table.
    """
    shown = table[table["payee_id"].notna()]
    rows = shown.assign(
        kind=[words.title(kind) for kind in shown["kind"]],
        amount=shorts(shown["amount"]),
        chance=chances(shown["p_adjusted"]),
    )
    labels = {"payee_id": "Person", "kind": "Sign", "where": "Where", "amount": "A year"}
    labels |= {"chance": "Chance if not", "evidence": "What was counted"}
    widths = {"payee_id": 9, "kind": 12, "where": 15, "amount": 8, "chance": 11, "evidence": 45}
    return built(rows, labels, title, currency, right=["amount", "chance"], widths=widths)


def placebos(table: pd.DataFrame, title: str) -> GT:
    """The tests at thresholds, and at points at which nothing is paid.

    Args:
        table: at, below, above, p_near, p_density.
        title: above the table.
    """
    rows = table.assign(
        at=[
            "The thresholds" if at == 0 else f"{words.percent(at)} beside them"
            for at in table["at"]
        ],
        p_near=chances(table["p_near"]),
        p_density=chances(table["p_density"]),
    )
    labels = {"at": "At", "below": "Just below", "above": "Just above"}
    labels |= {"p_near": "Binomial test", "p_density": "Density test"}
    right = [name for name in labels if name != "at"]
    return built(rows, labels, title, "chance of as many above, if nobody plays", right=right)


def tried(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What a threshold that is tried is worth.

    Args:
        table: what, amount [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        amount=[f"{amount:,.2f}".replace("-", words.MINUS) for amount in table["amount"]]
    )
    return built(rows, {"what": "", "amount": currency}, title, right=["amount"])


def chances(column: pd.Series) -> list[str]:
    """Chances with three decimals; empty where there are none."""
    return ["" if words.missing(p) else f"< {LEAST}" if p < LEAST else f"{p:.3f}" for p in column]


def _plan(row: object) -> str:
    plan, component = (words.title(getattr(row, name)) for name in ("plan", "component"))
    return f"{plan}: {component.lower()}" if component else plan
