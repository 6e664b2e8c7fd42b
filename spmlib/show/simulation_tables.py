"""Tables of pay on companies drawn: cost and risk, plans, people, a table found, trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import between, built, numbers, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def costs(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What scenarios cost, and what is at risk.

    Args:
        table: scenario, mean, mean_se, difference, difference_se, p5, p95, rate, at_risk,
            beyond [currency], over.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        scenario=[words.title(name) for name in table["scenario"]],
        mean=_give_or_take(table, "mean"),
        difference=["" if not d else said for d, said in zip(
            table["difference"], _give_or_take(table, "difference"), strict=True)],
        between=between(table, "p5", "p95"),
        rate=percents(table["rate"]),
        over=percents(table["over"]),
        at_risk=shorts(table["at_risk"]),
        beyond=shorts(table["beyond"]),
    )  # fmt: skip
    labels = {"scenario": "Scenario", "mean": "Mean", "difference": "Beside base"}
    labels |= {"between": "9 of 10 cases", "rate": "Of sales", "over": "Above budget"}
    labels |= {"at_risk": "At risk", "beyond": "Worst twentieth"}
    says = f"{currency}; at risk: 19 of 20 cases less budget; worst twentieth: its mean less budget"
    return built(rows, labels, title, says, right=list(labels)[1:], widths={"scenario": 16})


def plans(table: pd.DataFrame, title: str) -> GT:
    """How plans pay by attainment, and how many are where.

    Args:
        table: scenario, title, people, threshold, below, reached, excellence, leverage.
        title: above the table.
    """
    rows = table.assign(
        scenario=[words.title(name) for name in table["scenario"]],
        threshold=percents(table["threshold"]),
        below=percents(table["below"]),
        reached=percents(table["reached"]),
        excellence=percents(table["excellence"]),
        leverage=numbers(table["leverage"]),
    )
    labels = {"title": "Plan", "people": "People", "threshold": "Pays from", "below": "Below that"}
    labels |= {"reached": "Reach quota", "excellence": "Excellent", "leverage": "Leverage"}
    several = table["scenario"].nunique() > 1
    says = "leverage: pay at the excellent attainment over pay at quota"
    return built(
        rows,
        labels,
        title,
        says,
        group="scenario" if several else None,
        right=list(labels)[1:],
        widths={"title": 28},
    )


def variation(table: pd.DataFrame, title: str) -> GT:
    """How far attainment varies, and how people's goes together.

    Args:
        table: title, people, quarters, person, luck, year, same_team, other_team.
        title: above the table.
    """
    rows = table.assign(
        person=percents(table["person"]),
        luck=percents(table["luck"]),
        year=percents(table["year"]),
        same_team=numbers(table["same_team"]),
        other_team=numbers(table["other_team"]),
    )
    labels = {"title": "Plan", "people": "People", "quarters": "Quarters seen"}
    labels |= {"person": "Quota error", "luck": "Luck of a month", "year": "A year"}
    labels |= {"same_team": "Same team", "other_team": "Other teams"}
    says = "standard deviations over what is expected; correlation of two people's years"
    return built(rows, labels, title, says, right=list(labels)[1:], widths={"title": 24})


def followed(table: pd.DataFrame, title: str) -> GT:
    """How pay follows attainment within companies.

    Args:
        table: scenario, title, people, correlation, p10, p90.
        title: above the table.
    """
    low, high = numbers(table["p10"]), numbers(table["p90"])
    rows = table.assign(
        scenario=[words.title(name) for name in table["scenario"]],
        correlation=numbers(table["correlation"]),
        between=[f"{a} to {b}" for a, b in zip(low, high, strict=True)],
    )
    labels = {"title": "Plan", "people": "People", "correlation": "Rank correlation"}
    labels |= {"between": "8 of 10 companies"}
    several = table["scenario"].nunique() > 1
    right = ["people", "correlation", "between"]
    return built(rows, labels, title, group="scenario" if several else None, right=right)


def people(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Who gains and who loses.

    Args:
        table: payee_id, role, before, difference, p10, p90 [currency], gains, loses.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        role=[words.title(role) for role in table["role"]],
        before=shorts(table["before"]),
        difference=shorts(table["difference"]),
        between=between(table, "p10", "p90"),
        gains=percents(table["gains"]),
        loses=percents(table["loses"]),
    )
    labels = {"payee_id": "Person", "role": "Role", "before": "Pay now", "difference": "Difference"}
    labels |= {"between": "8 of 10 cases", "gains": "Gains", "loses": "Loses"}
    return built(rows, labels, title, currency, right=list(labels)[2:])


def rows(table: pd.DataFrame, title: str) -> GT:
    """A table that was found, row by row.

    Args:
        table: row, when, word, now, exact, rounded, place.
        title: above the table.
    """
    made = table.assign(
        now=[_rate(value) for value in table["now"]],
        exact=[_rate(value, 3) for value in table["exact"]],
        rounded=[_rate(value) for value in table["rounded"]],
    )
    labels = {"row": "From", "now": "In force", "exact": "Exact", "rounded": "In whole steps"}
    labels |= {"place": "Written in"}
    if (table["when"] != "").any():
        labels = {"when": "When"} | labels
    return built(made, labels, title, right=["now", "exact", "rounded"])


def conditions(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What was asked of a table, and what it comes to.

    Args:
        table: condition, wanted, now, exact, rounded, miss.
        currency: of the cost.
        title: above the table.
    """
    says = {"cost": f"Cost ({currency})", "pay mix": "Pay mix", "leverage": "Leverage"}
    made = table.assign(
        condition=[says[name] for name in table["condition"]],
        miss=[words.percent(miss, 2) for miss in table["miss"]],
        **{
            side: [_figure(n, v) for n, v in zip(table["condition"], table[side], strict=True)]
            for side in ("wanted", "now", "exact", "rounded")
        },
    )
    labels = {"condition": "", "wanted": "Asked", "now": "In force", "exact": "Exact"}
    labels |= {"rounded": "In whole steps", "miss": "Missed by"}
    return built(made, labels, title, right=list(labels)[1:])


def trials(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What was drawn for quarters that are over, and what came.

    Args:
        table: period, people, expected, low_80, high_80, actual [currency], within,
            attained_within.
        currency: of the amounts.
        title: above the table.
    """
    made = table.assign(
        expected=shorts(table["expected"]),
        between=between(table, "low_80", "high_80"),
        actual=shorts(table["actual"]),
        within=["yes" if held else "no" for held in table["within"]],
        attained_within=percents(table["attained_within"]),
    )
    labels = {"period": "Quarter", "people": "People", "expected": "Expected"}
    labels |= {"between": "8 of 10 cases", "actual": "Came", "within": "Within"}
    labels |= {"attained_within": "People within theirs"}
    return built(made, labels, title, currency, right=list(labels)[1:])


def _give_or_take(table: pd.DataFrame, column: str) -> list[str]:
    """Amounts with their standard errors."""
    pairs = zip(table[column], table[f"{column}_se"], strict=True)
    return [f"{words.short(amount)} ± {words.short(error)}" for amount, error in pairs]


def _rate(value: float, places: int = 2) -> str:
    """A share as a percentage with no more digits than it needs."""
    said = f"{value * 100:.{places}f}"
    return f"{said.rstrip('0').rstrip('.') if '.' in said else said} %"


def _figure(name: str, value: float) -> str:
    if words.missing(value):
        return ""
    if name == "cost":
        return words.short(value)
    return words.percent(value, 1) if name == "pay mix" else f"{value:.3f}"
