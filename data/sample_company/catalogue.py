"""The catalogue: products with list prices, and what currencies are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from .days import FIRST, LAST, month_start, number, written
from .draws import Draws, Whole

# product, name, family, list price a seat or unit [USD], gross margin [thousandths], odds
PRODUCTS = (
    ("PL-100", "Bench Core", "Platform", 240, 800, 22),
    ("PL-200", "Bench Team", "Platform", 420, 810, 20),
    ("PL-300", "Bench Enterprise", "Platform", 690, 830, 12),
    ("PL-410", "Compliance Trail", "Platform", 180, 840, 9),
    ("PL-420", "Sample Registry", "Platform", 150, 820, 7),
    ("AN-100", "Insight", "Analytics", 310, 860, 14),
    ("AN-200", "Insight Forecast", "Analytics", 520, 870, 8),
    ("AN-300", "Quality Signals", "Analytics", 380, 850, 8),
    ("EQ-100", "Gauge Link", "Equipment", 890, 460, 6),
    ("EQ-200", "Edge Box", "Equipment", 2400, 420, 3),
    ("SV-100", "Onboarding", "Services", 1500, 330, 0),
    ("SV-200", "Training Day", "Services", 1200, 380, 0),
    ("SV-300", "Integration", "Services", 1800, 290, 0),
)
PRICE = np.array([p[3] for p in PRODUCTS], np.int64)
MARGIN = np.array([p[4] for p in PRODUCTS], np.int64)
WEIGHT = np.array([p[5] for p in PRODUCTS], np.int64)
FAMILY = np.array([p[2] for p in PRODUCTS])
SUBSCRIBED = np.isin(FAMILY, ["Platform", "Analytics"])

# US dollars for one unit [ten-thousand-millionths] on the first day, and the plan rate of each year
DOLLARS = {
    "USD": 10**10,
    "EUR": 10_720_000_000,
    "GBP": 12_540_000_000,
    "JPY": 64_100_000,
    "IDR": 616_000,
}
PLAN = {
    2024: {
        "USD": 10**10,
        "EUR": 10_800_000_000,
        "GBP": 12_600_000_000,
        "JPY": 67_000_000,
        "IDR": 640_000,
    },
    2025: {
        "USD": 10**10,
        "EUR": 10_600_000_000,
        "GBP": 12_700_000_000,
        "JPY": 65_000_000,
        "IDR": 625_000,
    },
    2026: {
        "USD": 10**10,
        "EUR": 10_900_000_000,
        "GBP": 12_900_000_000,
        "JPY": 66_000_000,
        "IDR": 620_000,
    },
}
INTO = ("USD", "EUR", "JPY", "GBP")  # currencies that plans are written in, or people paid in
# The price book: local price for a hundred dollars of list price, and the step it is rounded to
BOOK = {
    "USD": (100, 1),
    "EUR": (95, 1),
    "GBP": (82, 1),
    "JPY": (15_000, 100),
    "IDR": (1_600_000, 10_000),
}
MINOR = {
    "USD": 100,
    "EUR": 100,
    "GBP": 100,
    "JPY": 10_000,
    "IDR": 10_000,
}  # ticks of the smallest price


def products() -> dict[str, Sequence[object]]:
    """The table of products."""
    made: dict[str, Sequence[object]] = {
        name: [p[i] for p in PRODUCTS] for i, name in enumerate(("product_id", "name", "family"))
    }
    return made | {"list_price": [p[3] for p in PRODUCTS]}


def local_price(product: Whole, currency: np.ndarray) -> Whole:
    """List prices in the price book of a currency [whole units]."""
    many, step = (np.array([BOOK[c][i] for c in currency.tolist()], np.int64) for i in (0, 1))
    return PRICE[product] * many // (100 * step) * step


def dollars_to(dollars: Whole, currency: np.ndarray, year: int) -> Whole:
    """Whole dollars as whole units of currencies, at a year's plan rates."""
    worth = np.array([PLAN[year][c] for c in currency.tolist()], np.int64)
    return dollars * (10**10 // 1000) // (worth // 1000)


def currency_rates() -> dict[str, Sequence[object]]:
    """The table of rates: spot of each Monday, average of each month, the plan's of each year."""
    days, worth = _weeks()
    rows = _rows("spot", days, worth) + _averages(days, worth) + _planned()
    names = ["currency", "to_currency", "start_date", "rate", "kind"]
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _weeks() -> tuple[Whole, dict[str, Whole]]:
    first = FIRST - timedelta(days=FIRST.weekday())
    days = np.arange(number(first), number(LAST), 7, dtype=np.int64)
    return days, {c: _walk(c, start, len(days)) for c, start in DOLLARS.items()}


def _walk(currency: str, start: int, weeks: int) -> Whole:
    """A drawn path that is pulled back to where it began."""
    if currency == "USD":
        return np.full(weeks, start, np.int64)
    steps = Draws(f"currency {currency}").between(-8000, 8000, weeks).tolist()
    path = [start]
    for step in steps[1:]:
        path.append(path[-1] + start * step // 10**6 + (start - path[-1]) // 60)
    return np.array(path, np.int64)


def _rows(kind: str, days: Whole, worth: dict[str, Whole]) -> list[tuple[str, ...]]:
    texts = written(days)
    return [
        (source, to, on, _rate(int(a), int(b)), kind)
        for to in INTO
        for source in worth
        if source != to
        for on, a, b in zip(texts, worth[source], worth[to], strict=True)
    ]


def _averages(days: Whole, worth: dict[str, Whole]) -> list[tuple[str, ...]]:
    month = (
        np.maximum(days, number(FIRST))
        .astype("datetime64[D]")
        .astype("datetime64[M]")
        .astype(np.int64)
    )
    every = np.unique(month)
    mean = {
        c: np.array([w[month == m].sum() // (month == m).sum() for m in every])
        for c, w in worth.items()
    }
    return _rows("average", month_start(every), mean)


def _planned() -> list[tuple[str, ...]]:
    days = np.array([number(date(year, 1, 1)) for year in PLAN])
    return _rows(
        "plan", days, {c: np.array([rates[c] for rates in PLAN.values()]) for c in DOLLARS}
    )


def _rate(source: int, to: int) -> str:
    """Units of one currency for one of another, six significant digits, at most ten decimals."""
    scaled = (source * 10**10 + to // 2) // to
    step = 10 ** max(0, len(str(scaled)) - 6)
    whole, part = divmod((scaled + step // 2) // step * step, 10**10)
    return f"{whole}.{part:010d}".rstrip("0").rstrip(".")
