"""Market pay: what two surveys, invented as the firm is, say is paid for its jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .draws import GENTLE, Draws, Whole, rounded

# job, base pay of the middle in the United States, target incentive [thousandths of base], levels
JOBS = """
field_sales            106000 700 entry career senior
account_management      99000 570 career senior
customer_success        93000 250 career senior
sales_development       61000 470 entry career
solution_engineering   141000 260 career senior
sales_management       162000 560 -
sales_direction        214000 560 -
customer_success_lead  133000 310 -
partner_management     121000 460 -
partner_direction      176000 480 -
channel_sales           81000 660 -
marketing_management   121000 330 -
sales_executive        372000 620 -
"""
LEVELS = {"entry": 810, "career": 980, "senior": 1150, "": 1000}  # thousandths of the middle
BASE = (775, 885, 1000, 1135, 1290)  # tenth, quarter, half ... [thousandths of the half]
CASH = (710, 845, 1000, 1195, 1420)
FEW = {"partner_direction": 3, "marketing_management": 4}  # organisations, of Meridian
LARGE = ("channel_sales",)  # where one organisation has most of the people
SHOWN = 30  # people, from which the tenths are told
TOP = {"base": 400_000, "target_cash": 800_000}  # US dollars: more than that is not told


@dataclass(frozen=True)
class Survey:
    """What a survey asks, of whom, and when."""

    name: str
    day: str
    places: tuple[tuple[str, str, int, int], ...]  # place, currency, thousandths, step
    levels: bool
    shift: int  # thousandths of what the market pays, in its sample


SURVEYS = (
    Survey(
        "Meridian",
        "2025-09-01",
        (
            ("US", "USD", 1000, 100),
            ("EU", "EUR", 955, 100),
            ("GB", "GBP", 835, 100),
            ("JP", "JPY", 141_000, 10_000),
        ),
        True,
        990,
    ),
    Survey(
        "Northlight",
        "2026-04-01",
        (("US", "USD", 1000, 500), ("EMEA", "EUR", 940, 500), ("", "USD", 965, 500)),
        False,
        1030,
    ),
)


def market_pay() -> dict[str, Sequence[object]]:
    """The table of market pay: one row for each survey, job, level, place and measure."""
    rows = [row for survey in SURVEYS for row in _rows(survey)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _rows(survey: Survey) -> Iterator[dict[str, object]]:
    """A survey's rows, each with a sample of its own."""
    draws = Draws(f"market {survey.name}")
    for line in JOBS.strip().splitlines():
        job, base, incentive, *levels = line.split()
        for level in levels if survey.levels and levels != ["-"] else [""]:
            for place, currency, worth, step in survey.places:
                size = int(draws.between(7, 48, 1)[0])
                size = FEW.get(job, size) if survey.levels else size
                luck = int(draws.spread(GENTLE, 1)[0])
                middle = int(base) * LEVELS[level] * worth // 10**6 * survey.shift // 1000
                middle = middle * (9_000 + luck) // 10_000
                many = size * int(draws.between(2, 9, 1)[0])
                share = int(draws.between(60, 240, 1)[0]) + 250 * (job in LARGE and survey.levels)
                about = {
                    "survey": survey.name,
                    "job": job,
                    "level": level,
                    "place": place,
                    "currency": currency,
                    "effective_date": survey.day,
                }
                for measure, points, whole in (
                    ("base", BASE, middle),
                    ("target_cash", CASH, middle * (1000 + int(incentive)) // 1000),
                ):
                    told = rounded(whole * np.array(points, np.int64) // 1000, step)
                    yield {
                        **about,
                        "measure": measure,
                        **_points(told, many, TOP[measure] if currency == "USD" else 0),
                        "incumbents": many,
                        "organisations": size,
                        "largest_share": f"0.{share:03}",
                    }


def _points(told: Whole, many: int, top: int) -> dict[str, object]:
    """The points that are told: no tenths of few people, and nothing above a top code."""
    names = ("p10", "p25", "p50", "p75", "p90")
    shown = {
        name: "" if many < SHOWN and name in ("p10", "p90") else str(min(amount, top or amount))
        for name, amount in zip(names, told.tolist(), strict=True)
    }
    return {**shown, "top_code": str(top or "")}
