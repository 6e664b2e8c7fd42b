"""Quotas: what was asked of each person, in round numbers of the currency of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from . import catalogue
from .customers import Customers
from .days import month_start, number, written
from .draws import Whole, rounded
from .people import People, Stint
from .standards import EDGES, Key, expected, held, key

# plan: measure, months of a stretch, and how much of the standard is asked [thousandths]
ASKED = {
    "account_executive": ("new_bookings", 12, 950),
    "account_executive_emea": ("new_bookings", 6, 900),
    "account_executive_japan": ("new_bookings", 3, 760),
    "account_manager": ("expansion_bookings", 3, 970),
    "channel_sales": ("channel_bookings", 12, 980),
    "sales_manager": ("team_bookings", 1, 975),
    "customer_success": ("renewals", 3, 870),
    "customer_success_lead": ("renewals", 1, 860),
    "partner_manager": ("partner_bookings", 3, 900),
    "solution_engineer": ("analytics_bookings", 3, 980),
    "marketing_development": ("meetings", 1, 940),
    "marketing_manager": ("meetings", 1, 880),
    "executive": ("organisation_bookings", 3, 960),
}
CURRENCY = {"account_executive_emea": "EUR", "account_executive_japan": "JPY"}
MISSING = ("AE-EE-4", date(2025, 11, 3))  # blemish: a new seller whose first quota was never issued


def quotas(
    firm: People, customers: Customers, lines: pl.DataFrame, due: pl.DataFrame
) -> dict[str, Sequence[object]]:
    """The table of quotas."""
    months = expected(firm, customers, lines, due)
    rows = [row for stint in held(firm) for row in _issued(firm, stint, months)]
    names = ["payee_id", "measure", "start_date", "end_date", "amount"]
    return {
        name: list(column)
        for name, column in zip(names, zip(*sorted(rows), strict=True), strict=True)
    }


def _issued(
    firm: People, stint: Stint, months: dict[str, dict[Key, Whole]]
) -> list[tuple[str, ...]]:
    """The rows of quotas that a person was given for the time in a seat."""
    plan = stint.seat.plan
    measure, step, asked = ASKED[plan]
    rows = _rows(firm, stint, measure, step, months[plan][key(stint)] * asked // 1000)
    if plan == "account_manager":  # whose pay also depends on the renewals of the territory
        measure, step, asked = ASKED["customer_success"]
        rows += _rows(firm, stint, measure, step, months["renewals"][key(stint)] * asked // 1000)
    return rows


def _rows(
    firm: People, stint: Stint, measure: str, step: int, months: Whole
) -> list[tuple[str, ...]]:
    """One row for each stretch; the stretch in which somebody leaves was issued to its end."""
    rows = []
    for first in range(54 * 12, 57 * 12, step):
        start, end = max(stint.start, int(month_start(first))), int(month_start(first + step))
        if stint.end != firm.left[stint.person] or step <= 3:
            end = min(stint.end, end)
        if start < min(end, stint.end) and (stint.seat.key, start) != (
            MISSING[0],
            number(MISSING[1]),
        ):
            overlap = np.clip(np.minimum(EDGES[1:], end) - np.maximum(EDGES[:-1], start), 0, None)
            amount = int((months * overlap // np.diff(EDGES)).sum())
            days = written(np.array([start, end]))
            rows.append(
                (firm.id(stint.person), measure, *days, _asked(stint, measure, amount, start))
            )
    return rows


def _asked(stint: Stint, measure: str, amount: int, start: int) -> str:
    """An amount in the plan's currency, in round numbers."""
    if measure == "meetings":
        return str(max(1, amount))
    currency = CURRENCY.get(stint.seat.plan, "USD")
    year = int(np.datetime64(start, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
    local = amount * (10**10 // 1000) // (catalogue.PLAN[year][currency] // 1000)
    return str(int(rounded(local, 100_000 if currency == "JPY" else 500)) or 500)
