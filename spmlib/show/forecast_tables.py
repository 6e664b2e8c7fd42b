"""Tables of forecasts: what was chosen and how wrong it was, and what months come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import between, built, held, numbers, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


TITLES = {
    "holt_winters": "Holt-Winters",
    "pooled_direct": "Pooled, direct",
    "grown": "Last year, grown",
}


def methods(table: pd.DataFrame, says: Mapping[str, str], title: str) -> GT:
    """How wrong each method was when asked on earlier days, and what it weighs now.

    Args:
        table: method, weight, error, relative_error, bias, covered_80, covered_95.
        says: what each method is.
        title: above the table.
    """
    rows = table.assign(
        method=[TITLES.get(name, words.title(name)) for name in table["method"]],
        says=[says.get(name, "") for name in table["method"]],
        weight=percents(table["weight"]),
        error=numbers(table["error"]),
        relative_error=percents(table["relative_error"]),
        bias=numbers(table["bias"]),
        covered=held(table),
    )
    labels = {"method": "Method", "says": "", "weight": "Weight", "error": "Error"}
    labels |= {"relative_error": "Of naive", "bias": "Bias", "covered": "80 % / 95 % held"}
    return built(rows, labels, title, right=[n for n in labels if n not in ("method", "says")])


def expected(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each month is expected to come to, and all of them up to it.

    Args:
        table: date, value, low_80, high_80, total, total_low_80, total_high_80 [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        month=[words.month(f"{day:%Y-%m}") for day in table["date"]],
        value=[words.short(amount) for amount in table["value"]],
        between=between(table, "low_80", "high_80"),
        total=[words.short(amount) for amount in table["total"]],
        in_all=between(table, "total_low_80", "total_high_80"),
    )
    labels = {"month": "Month", "value": "Expected", "between": "In 8 of 10 cases"}
    labels |= {"total": "Up to then", "in_all": "In 8 of 10 cases"}
    return built(rows, labels, title, f"{currency}", right=[n for n in labels if n != "month"])


def diagnostics(table: pd.DataFrame, title: str) -> GT:
    """Whether a model's errors look as it takes them to be.

    Args:
        table: test, says, statistic, probability, holds.
        title: above the table.
    """
    rows = table.assign(
        test=[words.title(test) for test in table["test"]],
        probability=[f"{value:.2f}" for value in table["probability"]],
        holds=["yes" if holds else "no" for holds in table["holds"]],
    )
    labels = {"test": "Test", "says": "Asks whether", "probability": "Probability"}
    return built(rows, labels | {"holds": "Holds"}, title, right=["probability", "holds"])
