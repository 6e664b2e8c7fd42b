"""Tables of other plans: figures side by side, winners and losers, why one person's pay moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, numbers, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

ISSUED = ("quotas", "target_incentives")  # what is multiplied, and stands in no file of a plan


def changes(table: pd.DataFrame, title: str) -> GT:
    """What each scenario changes, who decided that, when and why.

    Args:
        table: as Decisions.
        title: above the table.
    """
    issued = table["file"].isin(ISSUED)
    rows = table.assign(
        scenario=[words.title(name) for name in table["scenario"]],
        word=[f"{row.file}: {' › '.join(row.word.split('.'))}" for row in table.itertuples()],
        was=table["was"].where(~issued, table["was"].fillna("as issued")).fillna("nothing"),
        value=table["value"].fillna("nothing"),
        signed=[f"{row.author}, {words.day(row.decided_date)}" for row in table.itertuples()],
    )
    labels = {"word": "Word", "was": "Was", "value": "Would be", "reason": "Because"}
    labels |= {"signed": "Says", "place": "Written in"}
    widths = {"word": 20, "was": 15, "value": 14, "reason": 20, "signed": 13, "place": 18}
    return built(rows, labels, title, group="scenario", widths=widths)


def figures(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Figures of plans as rows, scenarios as columns.

    Args:
        table: as PayFigures.
        currency: of the amounts.
        title: above the table.
    """
    told = [_cell(row.value, row.unit) for row in table.itertuples()]
    rows = table.assign(told=told, figure=[_figure(row) for row in table.itertuples()])
    names = list(dict.fromkeys(table["scenario"]))
    wide = rows.pivot(index="figure", columns="scenario", values="told")
    wide = wide.loc[list(dict.fromkeys(rows["figure"])), names].reset_index()
    labels = {"figure": ""} | {name: words.title(name) for name in names}
    return built(wide, labels, title, currency, right=names, widths={"figure": 44})


def groups(table: pd.DataFrame, column: str, currency: str, title: str) -> GT:
    """Winners and losers by role, team or plan; groups in which nobody moves are left out.

    Args:
        table: scenario, the column, people, winners, losers, now, then, difference [currency].
        column: the group.
        currency: of the amounts.
        title: above the table.
    """
    moved = table[(table["winners"] > 0) | (table["losers"] > 0)]
    rows = moved.assign(
        scenario=[words.title(name) for name in moved["scenario"]],
        **{column: [words.title(name) for name in moved[column]]},
        **{name: shorts(moved[name]) for name in ("now", "then", "difference")},
    )
    labels = {column: words.title(column), "people": "People", "winners": "Win", "losers": "Lose"}
    labels |= {"now": "Earned now", "then": "Then", "difference": "Difference"}
    right = [name for name in labels if name != column]
    return built(rows, labels, title, currency, group="scenario", right=right, widths={column: 30})


def leverages(table: pd.DataFrame, title: str) -> GT:
    """How steeply plans pay those who reach most.

    Args:
        table: scenario, plan, people, best, leverage, threshold.
        title: above the table.
    """
    rows = table.assign(
        plan=[words.title(name) for name in table["plan"]],
        best=percents(table["best"]),
        leverage=numbers(table["leverage"]),
        threshold=percents(table["threshold"]),
        scenario=[words.title(name) for name in table["scenario"]],
    )
    labels = {"scenario": "Scenario", "people": "People", "best": "One in ten reaches"}
    labels |= {"leverage": "Paid then, over pay at quota", "threshold": "Nothing is earned up to"}
    right = ["people", "best", "leverage", "threshold"]
    return built(rows, labels, title, group="plan", right=right)


def explained(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Why one person would earn more or less: rule by rule, those that stay the same left out.

    Args:
        table: component, kind, now, then, difference [currency], rule_now, rule_then, source_now,
            source_then.
        currency: of the amounts.
        title: above the table.
    """
    moved = table[table["difference"] != 0]
    rows = moved.assign(
        component=[words.title(name) for name in moved["component"]],
        now=[words.money(amount, currency) for amount in moved["now"]],
        then=[words.money(amount, currency) for amount in moved["then"]],
        difference=[words.money(amount, currency) for amount in moved["difference"]],
        was=[_rule(row.rule_now, row.source_now, row.kind) for row in moved.itertuples()],
        would=[_rule(row.rule_then, row.source_then, row.kind) for row in moved.itertuples()],
    )
    labels = {"was": "As it is", "now": "Earned", "would": "Would be", "then": "Would earn"}
    right = ["now", "then", "difference"]
    widths = {"was": 29, "would": 29}
    labels |= {"difference": "Difference"}
    return built(rows, labels, title, currency, group="component", right=right, widths=widths)


def goals(table: pd.DataFrame, currency: str, title: str) -> GT:
    """The quotas and targets of one person that a scenario changes.

    Args:
        table: component, window, goal, now, then [currency or units], attainment_now,
            attainment_then, source.
        currency: of money.
        title: above the table.
    """
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        goal=[words.title(name) for name in table["goal"]],
        now=[words.plain(amount) for amount in table["now"]],
        then=[words.plain(amount) for amount in table["then"]],
        reached=percents(table["attainment_now"]),
        would=percents(table["attainment_then"]),
    )
    labels = {"goal": "", "window": "Window", "now": "As issued", "reached": "Reached"}
    labels |= {"then": "Would be", "would": "Then reached", "source": "Written in"}
    right = ["now", "reached", "then", "would"]
    return built(rows, labels, title, currency, group="component", right=right)


def _rule(said: str, source: str, kind: str) -> str:
    return f"{said or words.title(kind)} ({source})" if source else "nothing"


def _figure(row: tuple[str, ...]) -> str:
    """A figure's name, and what it is."""
    name = words.title(row.figure).replace("Pay p", "Pay P")  # type: ignore[attr-defined]
    return f"{name}: {row.says}"  # type: ignore[attr-defined]


def _cell(value: float, unit: str) -> str:
    """A figure as it is read: 6.8M, 7.6 %, 0.81."""
    if words.missing(value):
        return ""
    if unit == "share":
        return words.percent(value, 1)
    return words.short(value) if unit == "currency" else f"{value:.2f}".replace("-", words.MINUS)
