"""Tables of benchmarking: cohorts in the market, surveys and their ageing, aims, roles, figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, numbers, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

NAMES = {"role": "Role", "level": "Level", "place": "Place", "team": "Team", "currency": "Currency"}


def cohorts(table: pd.DataFrame, by: Sequence[str], title: str, sure: float = 0.95) -> GT:
    """How cohorts stand in the market; those that are not shown are counted below.

    Args:
        table: the columns of `by`, people, compa_ratio, low, high, below, above, widened, shown.
        by: one or two of role, level, place, team, currency.
        title: above the table.
        sure: the chance with which intervals hold.
    """
    kept = table[table["shown"] == "yes"]
    rows = kept.assign(
        **{name: [_named(value, name) for value in kept[name]] for name in by},
        people=_counts(kept["people"]),
        compa_ratio=numbers(kept["compa_ratio"]),
        between=_between(kept),
        below=_counts(kept["below"]),
        above=_counts(kept["above"]),
        widened=_counts(kept["widened"]),
    )
    labels = {name: NAMES[name] for name in by}
    labels |= {"people": "People", "compa_ratio": "Compa-ratio", "between": _cases(sure)}
    labels |= {"below": "Below the range", "above": "Above it", "widened": "Market widened"}
    right = [name for name in labels if name not in by]
    return built(rows, labels, title, _hidden(table), right=right)


def aged(table: pd.DataFrame, title: str) -> GT:
    """By what each survey is aged, in both conventions.

    Args:
        table: survey, currency, effective_date, months, rate, simple, geometric (factors).
        title: above the table.
    """
    rows = table.assign(
        day=[words.day(day) for day in table["effective_date"]],
        months=[f"{months:.1f}".removesuffix(".0") for months in table["months"]],
        rate=[words.percent(rate, 1) for rate in table["rate"]],
        simple=[f"{factor:.4f}" for factor in table["simple"]],
        geometric=[f"{factor:.4f}" for factor in table["geometric"]],
        apart=[
            words.percent(one - other, 2)
            for one, other in zip(table["simple"], table["geometric"], strict=True)
        ],
    )
    labels = {"survey": "Survey", "currency": "", "day": "Asked", "months": "Months since"}
    labels |= {"rate": "A year", "simple": "Simple", "geometric": "Geometric", "apart": "Apart"}
    right = ("months", "rate", "simple", "geometric", "apart")
    return built(rows, labels, title, right=right)


def found(table: pd.DataFrame, title: str) -> GT:
    """How people's market was found.

    Args:
        table: what, found, people.
        title: above the table.
    """
    rows = table.assign(
        what=[text[:1].upper() + text[1:] for text in table["what"]],
        people=_counts(table["people"]),
    )
    labels = {"what": "Market found at, or why not", "people": "People"}
    return built(rows, labels, title, right=("people",), widths={"what": 75})


def quarters(table: pd.DataFrame, title: str, sure: float = 0.95) -> GT:
    """How many people are paid as which quarter of the market.

    Args:
        table: quarter, people, share, low, high; empty where not shown.
        title: above the table.
        sure: the chance with which intervals hold.
    """
    rows = table.assign(
        quarter=[text[:1].upper() + text[1:] for text in table["quarter"]],
        people=_counts(table["people"]),
        share=percents(table["share"]),
        between=[
            "" if words.missing(low) else f"{words.percent(low)} to {words.percent(high)}"
            for low, high in zip(table["low"], table["high"], strict=True)
        ],
    )
    labels = {"quarter": "Paid as the market's", "people": "People", "share": "Share"}
    labels |= {"between": _cases(sure)}
    return built(rows, labels, title, right=("people", "share", "between"), widths={"quarter": 40})


def aims(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What it costs to bring everybody up to a percentile of the market.

    Args:
        table: role, people, raised, cost, pay [currency a year], share, shown.
        currency: of the amounts.
        title: above the table.
    """
    kept = table[table["shown"] == "yes"]
    rows = kept.assign(
        role=kept["role"].map(words.title),
        people=_counts(kept["people"]),
        raised=_counts(kept["raised"]),
        cost=shorts(kept["cost"]),
        share=[words.percent(share, 1) for share in kept["share"]],
    )
    labels = {"role": "Role", "people": "People", "raised": "Paid less", "cost": "To reach it"}
    labels |= {"share": "Of their pay"}
    right = ("people", "raised", "cost", "share")
    says = "; ".join(part for part in (f"{currency} a year", _hidden(table)) if part)
    return built(rows, labels, title, says, right=right, widths={"role": 36})


def roles(table: pd.DataFrame, title: str, sure: float = 0.95) -> GT:
    """How roles are paid, and what is asked of them.

    Args:
        table: role, people, base_share, payout, quota_to_ote, low, high, excellence, shown.
        title: above the table.
        sure: the chance with which intervals hold.
    """
    kept = table[table["shown"] == "yes"]
    rows = kept.assign(
        role=kept["role"].map(words.title),
        people=_counts(kept["people"]),
        mix=[_mix(share) for share in kept["base_share"]],
        quota_to_ote=[_one(value) for value in kept["quota_to_ote"]],
        between=[
            f"{_one(low)} to {_one(high)}" if not words.missing(low) else ""
            for low, high in zip(kept["low"], kept["high"], strict=True)
        ],
        payout=percents(kept["payout"]),
        excellence=numbers(kept["excellence"]),
    )
    labels = {"role": "Role", "people": "People", "mix": "Pay mix", "quota_to_ote": "Quota to OTE"}
    labels |= {"between": _cases(sure), "payout": "Earned of target", "excellence": "P90 / P50"}
    right = [name for name in labels if name != "role"]
    return built(rows, labels, title, _hidden(table), right=right)


def figures(table: pd.DataFrame, title: str, sure: float = 0.95) -> GT:
    """Figures with their intervals.

    Args:
        table: figure, value, low, high, count, how.
        title: above the table.
        sure: the chance with which intervals hold.
    """
    rows = table.assign(
        figure=[text[:1].upper() + text[1:] for text in table["figure"]],
        value=numbers(table["value"]),
        between=_between(table),
        count=_counts(table["count"]),
    )
    labels = {"figure": "", "value": "Value", "between": _cases(sure), "count": "People"}
    labels |= {"how": "Interval by"}
    return built(rows, labels, title, right=("value", "between", "count"))


def _cases(sure: float) -> str:
    return f"In {sure * 100:g} of 100 cases"


def _hidden(table: pd.DataFrame) -> str:
    """How many rows are not shown."""
    count = int((table["shown"] != "yes").sum())
    return f"{words.counted(count, 'row')} of few people not shown" if count else ""


def _between(table: pd.DataFrame) -> list[str]:
    pairs = zip(numbers(table["low"]), numbers(table["high"]), strict=True)
    return [f"{low} to {high}" if low else "" for low, high in pairs]


def _counts(column: pd.Series) -> list[str]:
    return ["" if words.missing(value) else f"{value:,.0f}" for value in column]


def _named(value: str, by: str) -> str:
    return value if by in ("place", "currency") else words.title(value)


def _mix(share: float) -> str:
    return "" if words.missing(share) else f"{share * 100:.0f} / {100 - share * 100:.0f}"


def _one(value: float) -> str:
    return "" if words.missing(value) else f"{value:.1f}"
