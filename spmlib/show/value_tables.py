"""Tables of value: effects by measure, what is not known, and what would have come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

METHODS = {
    "interrupted": "Trend and season",
    "before_after": "Mean before",
    "staggered": "Teams not yet started",
    "none": "None",
    "assumed": "Assumed",
    "unknown": "Not known",
}

WIDTHS = {
    "says": 24,
    "months": 9,
    "base": 8,
    "change": 8,
    "range": 14,
    "peer": 14,
    "placebo": 9,
    "verdict": 14,
    "truth": 8,
}


def effects(table: pd.DataFrame, title: str) -> GT:
    """Effects by measure, with intervals, made-up days and what is counted in money.

    Args:
        table: says, unit, better, method, before, after, base, change, low, high, nw_low, nw_high,
            shown, truth, placebo, doubted, counted; measures without an effect are left out.
        title: above the table.
    """
    known = table.dropna(subset=["change"])
    rows = type(table)(
        {
            "says": [_named(row.says, row.unit) for row in known.itertuples()],
            "months": [_months(row) for row in known.to_dict("records")],
            "base": [words.short(value) for value in known["base"]],
            "change": [_signed(value) for value in known["change"]],
            "range": [_range(row, "low", "high") for row in known.to_dict("records")],
            "peer": [_range(row, "nw_low", "nw_high") for row in known.to_dict("records")],
            "placebo": [words.percent(value) for value in known["placebo"]],
            "verdict": [_verdict(row) for row in known.to_dict("records")],
            "truth": [_signed(value) for value in known["truth"]],
        }
    )
    labels = {"says": "Measure", "months": "Months", "base": "Before"}
    labels |= {"change": "Change", "range": "95 % interval", "peer": "Newey and West"}
    labels |= {"placebo": "At made-up days", "verdict": "Says", "truth": "Planted"}
    labels = {name: said for name, said in labels.items() if (rows[name] != "").any()}
    right = [name for name in labels if name not in ("says", "verdict")]
    widths = {name: wide for name, wide in WIDTHS.items() if name in labels}
    return built(rows, labels, title, "Months before + after", right=right, widths=widths)


def ways(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each measure came to lately, what it is compared with, or why it is not known.

    Args:
        table: says, unit, level [unit], money [currency], before, after, method, why.
        currency: of the money.
        title: above the table.
    """
    rows = type(table)(
        {
            "says": [_named(row.says, row.unit) for row in table.itertuples()],
            "level": [_level(value) for value in table["level"]],
            "money": [_level(value) for value in table["money"]],
            "months": [_months(row) for row in table.to_dict("records")],
            "method": [METHODS[name] for name in table["method"]],
            "why": [_sentence(row) for row in table.to_dict("records")],
        }
    )
    labels = {"says": "Measure", "level": "A month", "money": currency, "months": "Months"}
    labels |= {"method": "Compared with", "why": "On the assumption, or because"}
    widths = {"says": 22, "level": 8, "money": 7, "months": 9, "method": 14, "why": 40}
    says = "A month of the last twelve, and what it is worth; months before + after"
    return built(rows, labels, title, says, right=["level", "money", "months"], widths=widths)


def worths(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What a unit of each measure is worth, and what holds it already.

    Args:
        table: says, unit, worth [currency a unit], within (in words), counted.
        currency: of the worths.
        title: above the table.
    """
    rows = table.assign(
        worth=[words.money(value, currency) if value else "" for value in table["worth"]],
        counted=["yes" if value else "" for value in table["counted"]],
    )
    labels = {"says": "Measure", "unit": "Unit", "worth": "Worth a unit, assumed"}
    labels |= {"within": "Held by", "counted": "Counted"}
    return built(rows, labels, title, currency, right=["worth"])


def _named(says: str, unit: str) -> str:
    """A measure with its unit, where the one does not say the other."""
    short = {"percentage points": "points"}.get(unit, unit)
    return says if short in says.lower() else f"{says}, {short}"


def _signed(value: Any) -> str:
    if words.missing(value):
        return ""
    return ("+" if value > 0 else "") + words.short(value)


def _level(value: Any) -> str:
    return "" if words.missing(value) else words.short(value)


def _months(row: dict[str, Any]) -> str:
    return "" if words.missing(row["before"]) else f"{row['before']:.0f} + {row['after']:.0f}"


def _range(row: dict[str, Any], low: str, high: str) -> str:
    return "" if words.missing(row[low]) else words.span(row, low, high)


def _verdict(row: dict[str, Any]) -> str:
    if words.missing(row["low"]):
        return "No interval"
    if not row["shown"]:
        return "Nothing shown"
    if row["doubted"]:
        return "In doubt"
    better = row["change"] * row["better"] > 0
    return ("Better" if better else "Worse") + (", counted" if row["counted"] else "")


def _sentence(row: dict[str, Any]) -> str:
    said = str(row["why"])
    return f"{said[:1].upper()}{said[1:]}."
