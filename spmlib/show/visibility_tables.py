"""Tables of field transparency: regions, a team, what lies ahead, levels of pay, who sees what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

NONE = "\N{EN DASH}"


def regions(table: pd.DataFrame, title: str) -> GT:
    """Regions side by side.

    Args:
        table: name, people, middle, booked, earned, cost, cover.
        title: above the table.
    """
    rows = table.assign(
        name=[words.title(name) if name.islower() else name for name in table["name"]],
        middle=_each(table["middle"], words.percent),
        booked=_each(table["booked"], _whole),
        earned=_each(table["earned"], _whole),
        cost=_each(table["cost"], lambda v: f"{v:.1%}"),
        cover=_each(table["cover"], lambda v: f"{v:.1f}×"),
    )
    labels = {"name": "Region", "people": "People", "middle": "Median attainment"}
    labels |= {"booked": "Booked", "earned": "Earned", "cost": "Cost of sales", "cover": "Cover"}
    return built(rows, labels, title, right=list(labels)[1:])


def team(table: pd.DataFrame, title: str) -> GT:
    """A team: where each stands, and what to look at.

    Args:
        table: payee_id, role, attainment, pace, pipeline, cover, disputes, look.
        title: above the table.
    """
    rows = table.assign(
        role=[words.title(role) for role in table["role"]],
        attainment=_each(table["attainment"], words.percent),
        pace=_each(table["pace"], words.percent),
        pipeline=_each(table["pipeline"], _whole),
        cover=_each(table["cover"], lambda v: f"{v:.1f}×"),
        disputes=_each(table["disputes"], lambda v: f"{v:.0f}"),
    )
    labels = {"payee_id": "Person", "role": "Role", "attainment": "Attainment", "pace": "Pace"}
    labels |= {
        "pipeline": "Open deals",
        "cover": "Cover",
        "disputes": "Disputes",
        "look": "Look at",
    }
    return built(rows, labels, title, right=["attainment", "pace", "pipeline", "cover", "disputes"])


def ahead(table: pd.DataFrame, title: str) -> GT:
    """What lies ahead of one person, component by component.

    Args:
        table: component, window, missing, threshold, worth, rate, then, step, deal.
        title: above the table.
    """
    labels = {"component": "Component", "window": "Window", "threshold": "Next threshold"}
    labels |= {"missing": "Missing", "worth": "Worth", "rate": "Rate now", "then": "Then"}
    labels |= {"step": "The next 1,000 earns", "deal": "A usual deal earns"}
    rows = table.assign(component=[words.title(name) for name in table["component"]])
    return built(rows, labels, title, right=list(labels)[2:])


def levels(table: pd.DataFrame, title: str, currency: str) -> GT:
    """The way down from the company to a line.

    Args:
        table: level, name, amount, people, count, inside (the sum of what is under it).
        title: above the table.
        currency: of the amounts.
    """
    rows = table.assign(
        level=[words.title(level) for level in table["level"]],
        amount=[f"{value:,.2f}" for value in table["amount"]],
        inside=_each(table["inside"], lambda v: f"{v:,.2f}"),
    )
    labels = {"level": "Level", "name": "Which", "amount": f"Earned [{currency}]"}
    labels |= {"inside": "Sum of what is under it", "people": "People", "count": "Lines"}
    return built(rows, labels, title, right=["amount", "inside", "people", "count"])


def scopes(table: pd.DataFrame, title: str) -> GT:
    """Who sees what of whom, by role.

    Args:
        table: role, viewers, and of each kind of thing how far (words) and of how many at most.
        title: above the table.
    """
    rows = table.assign(role=[words.title(role) for role in table["role"]])
    labels = {"role": "Role", "viewers": "People"}
    labels |= {what: words.title(what) for what in ("attainment", "pay", "pipeline", "disputes")}
    return built(rows, labels, title, right=["viewers"])


def _each(values: Any, told: Any) -> list[str]:
    return [NONE if value is None or value != value else told(float(value)) for value in values]


def _whole(value: float) -> str:
    return f"{value:,.0f}"
