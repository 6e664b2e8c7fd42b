"""Improvements: a sister company's measures by team and month, with planted effects of a change.

The sample company changed nothing. In this copy some teams did, each from a day of its own, and
what that moved is known: so it can be seen what is found, what is missed, and what is found where
nothing was planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

STARTS = {
    "sales": date(2025, 9, 1),
    "customer_success": date(2025, 11, 1),
    "marketing": date(2026, 1, 1),
}  # the others never started
SIZES = {  # how much of a measure falls to a team, about 1
    "sales": 1.15,
    "customer_success": 1.05,
    "marketing": 0.95,
    "partner": 1.0,
    "presales": 0.9,
    "product": 0.95,
}
# Level of a team, share of it that the change moves, scatter (share of the level), trend a year
# (share), season (share); None as level: of the company as a whole, not of teams.
MEASURES = {
    "overpaid": (2_600, -0.45, 0.16, 0.0, 0.05),
    "disputes": (7.0, -0.4, 0.13, 0.04, 0.05),
    "days_to_decide": (14.0, -0.3, 0.12, 0.0, 0.0),
    "hours": (64.0, -0.3, 0.08, 0.05, 0.06),
    "hours_checking": (34.0, -0.35, 0.1, 0.0, 0.0),
    "attainment": (88.0, 0.0, 0.07, 0.0, 0.08),
    "cost_of_sales": (8.0, 0.0, 0.06, 0.0, 0.06),
}
WHOLE = {  # of the company as a whole
    "days_to_close": (11.0, -0.35, 0.09, 0.0, 0.04),
    "forecast_error": (14.0, -0.1, 0.25, 0.0, 0.0),
}
SET_UP = {"2025-07": 25_000, "2025-08": 35_000}
RUNNING = {"2025-09": 6_000, "2026-03": 4_000}  # a month, from each month on
CORRELATION = 0.3  # of neighbouring months


@dataclass(frozen=True)
class Improved:
    """A sister company in which some teams changed.

    Attributes:
        rows: measure, team (null: the company as a whole), period, value.
        starts: days on which teams started.
        moved: what was planted, a month of a team that had started, or of the company.
        set_up: cost by month; running: a month, by the month from which it holds [USD].
    """

    rows: pl.DataFrame
    starts: Mapping[str, date]
    moved: Mapping[str, float]
    set_up: Mapping[str, float]
    running: Mapping[str, float]


def improved(periods: list[str], seed: int = 43, effect: float = 1.0) -> Improved:
    """The measures of a sister company, and what was planted in them.

    Args:
        periods: months in order.
        seed: of the draws.
        effect: how much of what is usually planted; 0 for nothing at all.
    """
    random = np.random.default_rng(seed)
    first = min(STARTS.values())
    found, moved = [], {}
    for name, (level, share, *noise) in MEASURES.items():
        moved[name] = level * share * effect
        common = _shocks(random, len(periods))
        for team, size in SIZES.items():
            late = _late(periods, STARTS[team]) if team in STARTS else np.zeros(len(periods))
            own = _course(random, periods, level * size, noise, common) + moved[name] * late
            found.append(_rows(name, team, periods, own))
    for name, (level, share, *noise) in WHOLE.items():
        moved[name] = level * share * effect
        own = _course(random, periods, level, noise, np.zeros(len(periods)))
        found.append(_rows(name, None, periods, own + moved[name] * _late(periods, first)))
    return Improved(pl.concat(found), STARTS, moved, SET_UP, RUNNING)


def _course(random, periods, level, noise, common):  # type: ignore[no-untyped-def]
    """A level with its trend, season and scatter, half of which teams have in common."""
    scatter, trend, season = noise
    months = np.arange(len(periods))
    angle = 2 * np.pi * (np.array([int(p[5:]) for p in periods]) - 1) / 12
    shocks = _shocks(random, len(periods)) * 0.8 + common * 0.6
    return level * (1 + trend * months / 12 + season * np.cos(angle) + scatter * shocks)


def _shocks(random, count):  # type: ignore[no-untyped-def]
    """Shocks of variance 1 that resemble their neighbours."""
    made = random.standard_normal(count + 24)
    for place in range(1, len(made)):
        left = (1 - CORRELATION**2) ** 0.5
        made[place] = CORRELATION * made[place - 1] + left * made[place]
    return made[24:]


def _late(periods, day):  # type: ignore[no-untyped-def]
    return np.array([period >= f"{day:%Y-%m}" for period in periods], float)


def _rows(name: str, team: str | None, periods: list[str], values: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "measure": [name] * len(periods),
            "team": pl.Series([team] * len(periods), dtype=pl.String),
            "period": periods,
            "value": np.maximum(values, 0).round(2),
        }
    )
