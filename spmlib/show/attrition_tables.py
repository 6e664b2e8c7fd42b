"""Tables of attrition: rates of groups, figures out of time, reasons, flag rates, leaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def rates(table: pd.DataFrame, title: str, says: str = "") -> GT:
    """Leavers for a person's year, by group.

    Args:
        table: group, people, person_months, left, rate, low, high.
        title: above the table.
        says: below it.
    """
    rows = table.assign(
        group=[words.title(name) for name in table["group"]],
        rate=percents(table["rate"]),
        between=_between(table, "low", "high"),
    )
    labels = {"group": "Group", "people": "People", "person_months": "Months", "left": "Left"}
    labels |= {"rate": "A year", "between": "95 % interval"}
    return built(rows, labels, title, says, right=list(labels)[1:])


def figures(table: pd.DataFrame, title: str, says: str = "") -> GT:
    """How good chances were, method by method.

    Args:
        table: name, span, rows, left, expected, and the fields of `Scores`.
        title: above the table.
        says: below it.
    """
    rows = table.assign(
        auc=[f"{value:.2f}" for value in table["auc"]],
        auc_between=[f"{a:.2f} to {b:.2f}" for a, b in _pairs(table, "auc_low", "auc_high")],
        skill=[_percent(value) for value in table["skill"]],
        skill_between=[
            f"{_percent(a)} to {_percent(b)}" for a, b in _pairs(table, "skill_low", "skill_high")
        ],
        slope=["" if words.missing(value) else f"{value:.2f}" for value in table["slope"]],
        expected=[f"{value:.0f}" for value in table["expected"]],
    )
    labels = {"method": "Method", "left": "Left", "expected": "Foretold", "auc": "AUC"}
    labels |= {"auc_between": "95 % interval", "skill": "Skill", "skill_between": "95 % interval "}
    labels |= {"slope": "Slope"}
    rows["span"] = [f"Within {span}" for span in rows["span"]]
    rows["method"] = rows["name"]
    right = [name for name in labels if name != "method"]
    widths = dict(zip(labels, (25, 7, 10, 8, 15, 10, 17, 8), strict=True))
    return built(rows, labels, title, says, group="span", right=right, widths=widths)


def people(table: pd.DataFrame, currency: str, title: str, says: str = "", most: int = 10) -> GT:
    """People and what may be lost with them, the most first.

    Args:
        table: payee_id, manager_id, role, chance, low, high, value, at_risk, top_performer,
            and can_change and others (reasons in words).
        currency: of the amounts.
        title: above the table.
        says: below it.
        most: rows shown.
    """
    shown = table.head(most)
    rows = shown.assign(
        chance=percents(shown["chance"]),
        between=_between(shown, "low", "high"),
        value=shorts(shown["value"]),
        at_risk=shorts(shown["at_risk"]),
        top=["top" if word == "yes" else "" for word in shown["top_performer"]],
    )
    labels = {"payee_id": "Person", "manager_id": "Manager", "top": "Rank"}
    labels |= {"chance": "12 months", "between": "95 % interval", "value": f"Value, {currency}"}
    labels |= {"at_risk": "At risk", "can_change": "Can be changed", "others": "Cannot"}
    right = ["chance", "between", "value", "at_risk"]
    widths = dict(zip(labels, (8, 9, 7, 10, 14, 11, 9, 20, 12), strict=True))
    return built(rows, labels, title, says, right=right, widths=widths)


def flag_rates(table: pd.DataFrame, title: str, says: str = "") -> GT:
    """How often protected groups are flagged.

    Args:
        table: column, group, people, flagged, share, low, high, ratio, sign, p_value.
        title: above the table.
        says: below it.
    """
    rows = table.assign(
        column=[words.title(name) for name in table["column"]],
        group=[words.title(name) for name in table["group"]],
        share=percents(table["share"]),
        between=_between(table, "low", "high"),
        ratio=["" if words.missing(value) else f"{value:.2f}" for value in table["ratio"]],
        p_value=[f"{value:.2f}" for value in table["p_value"]],
    )
    labels = {"group": "Group", "people": "People", "flagged": "Flagged", "share": "Share"}
    labels |= {"between": "95 % interval", "ratio": "Of the highest", "p_value": "Chance if alike"}
    labels |= {"sign": "Sign"}
    right = ["people", "flagged", "share", "between", "ratio", "p_value"]
    return built(rows, labels, title, says, group="column", right=right)


def leaks(table: pd.DataFrame, title: str) -> GT:
    """Features that are known only afterwards; a row that says so where there are none.

    Args:
        table: feature, kind, figure, says.
        title: above the table.
    """
    import pandas as pd

    rows = (
        table if len(table) else pd.DataFrame({"feature": ["None"], "says": ["no sign of a leak"]})
    )
    labels = {"feature": "Feature", "says": "What is seen"}
    return built(rows, labels, title, widths={"feature": 25, "says": 75})


def _percent(share: float) -> str:
    """A share with one decimal, and none that is less than none."""
    return words.percent(0.0 if abs(share) < 0.0005 else share, 1)


def _pairs(table: pd.DataFrame, low: str, high: str) -> list[tuple[float, float]]:
    return list(zip(table[low], table[high], strict=True))


def _between(table: pd.DataFrame, low: str, high: str) -> list[str]:
    return [f"{words.percent(a)} to {words.percent(b)}" for a, b in _pairs(table, low, high)]
