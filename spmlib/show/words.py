"""Words: amounts, shares, counts and names as a reader expects to see them printed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

LOCALE = "en_GB"
MINUS = "\N{MINUS SIGN}"
WRITTEN = {"spiff": "SPIFF", "spiffs": "SPIFFs"}
WRITTEN |= {name: name.upper() for name in ("amer", "apac", "arr", "emea", "latam", "mbo")}


def money(amount: Any, currency: str) -> str:
    """An amount to the currency's minor unit, halves away from zero; empty where there is none.

    >>> money(Decimal("-1234.5"), "USD"), money(Decimal("1234567"), "JPY"), money(None, "USD")
    ('−1,234.50', '1,234,567', '')
    """
    from spmlib.core.money import rounded

    if missing(amount):
        return ""
    return f"{rounded(Decimal(amount), currency):,f}".replace("-", MINUS)


def short(amount: Any, currency: str = "") -> str:
    """An amount in three or four digits, with its unit.

    >>> short(1_234_567, "USD"), short(-48_200), short(950.04, "JPY"), short(0), short(0.4000001)
    ('USD 1.2M', '−48K', 'JPY 950', '0', '0.4')
    >>> short(-0.0285), short(1_000_000), short(9.999)
    ('−0.03', '1M', '10')
    """
    from babel.numbers import format_compact_decimal

    size = abs(float(amount))
    size = round(size, 2 if size < 10 else 0)
    places = 1 if size >= 1e6 or 1e3 <= size < 1e4 else 0
    words = format_compact_decimal(size, locale=LOCALE, fraction_digits=places)
    words = re.sub(r"\.0(?!\d)", "", words)
    sign = MINUS if float(amount) < 0 and words != "0" else ""
    return f"{currency} {sign}{words}".strip()


def span(row: Any, low: str, high: str) -> str:
    """From which to which amount, of a row.

    >>> span({"low": 1_200_000, "high": 3_400_000}, "low", "high")
    '1.2M to 3.4M'
    """
    return f"{short(row[low])} to {short(row[high])}"


def above(amount: Any, than: Any) -> str:
    """How far an amount is above or below another, with its share of it.

    >>> above(30_000, 600_000), above(-12_000, 600_000)
    ('30K (5 %) above', '12K (2 %) below')
    """
    side = "above" if amount >= 0 else "below"
    return f"{short(abs(amount))} ({percent(abs(amount) / than)}) {side}"


def percent(share: Any, places: int = 0) -> str:
    """A share as a percentage; empty where there is none.

    >>> percent(Decimal("0.8351")), percent(0.0751, 1), percent(None)
    ('84 %', '7.5 %', '')
    """
    return "" if missing(share) else f"{float(share) * 100:,.{places}f} %".replace("-", MINUS)


def growth(share: Any, than: str) -> str:
    """A change in words; empty where there is nothing to compare with.

    >>> growth(0.39, "a year before"), growth(-0.041, "a year before"), growth(None, "")
    ('39 % more than a year before', '4 % less than a year before', '')
    """
    if missing(share):
        return ""
    return f"{percent(abs(float(share)))} {'less' if share < 0 else 'more'} than {than}"


def counted(number: Any, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "person", "people"), counted(38832, "row")
    ('1 person', '38,832 rows')
    """
    return f"{int(number):,} {one if int(number) == 1 else many or one + 's'}"


def plain(value: Any) -> str:
    """A counted value with no more decimals than it needs.

    >>> plain(Decimal("12.5000")), plain(Decimal("40.0000")), plain(None)
    ('12.5', '40', '')
    """
    if missing(value):
        return ""
    exact = f"{Decimal(value):,f}"
    exact = exact.rstrip("0").rstrip(".") if "." in exact else exact
    return exact.replace("-", MINUS)


def title(name: Any) -> str:
    """A name of the parameters as words.

    >>> title("customer_success"), title("account_executive_emea"), title(None)
    ('Customer success', 'Account executive EMEA', '')
    """
    parts = [] if missing(name) else str(name).split("_")
    words = " ".join(WRITTEN.get(part, part) for part in parts)
    return words[:1].upper() + words[1:]


def month(period: str) -> str:
    """A month in words; a period of any other calendar as it stands.

    >>> month("2026-10"), month("2026-W07")
    ('October 2026', '2026-W07')
    """
    from datetime import datetime

    try:
        return f"{datetime.strptime(period, '%Y-%m'):%B %Y}"
    except ValueError:
        return period


def day(date: Any) -> str:
    """A day in words; empty where there is none.

    >>> from datetime import date
    >>> day(date(2026, 10, 5)), day(None)
    ('5 Oct 2026', '')
    """
    return "" if missing(date) else f"{date.day} {date:%b %Y}"


def listed(names: list[str]) -> str:
    """Names in a sentence.

    >>> listed(["sales"]), listed(["sales", "marketing", "presales"])
    ('sales', 'sales, marketing and presales')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def missing(value: Any) -> bool:
    """Whether a cell is empty, however its table says so."""
    import pandas as pd

    return bool(pd.isna(value))
