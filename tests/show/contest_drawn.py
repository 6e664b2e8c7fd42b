"""Small tables for the charts of contests, and what each picture has to say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from spmlib.show import charts

RACE = pd.DataFrame(
    {
        "payee_id": ["H1", "H2"],
        "place": [1, 2],
        "score": [5.0, 2.0],
        "prize": [300.0, 0.0],
        "behind": [np.nan, 3.0],
    }
)
COSTS = pd.DataFrame({"cost": [10_000.0, 12_000.0, 20_000.0]})
PARTS = pd.DataFrame(
    {
        "part": ["Moved", "Net"],
        "effect": [120_000.0, 90_000.0],
        "low": [60_000.0, -5_000.0],
        "high": [180_000.0, 185_000.0],
    }
)
MONTHS = pd.DataFrame(
    {
        "month": [date(2026, 6, 1), date(2026, 7, 1)],
        "brought": [100.0, 300.0],
        "year_before": [90.0, 200.0],
        "window": [False, True],
    }
)
STUDY = pd.DataFrame(
    {
        "at": [date(2026, month, 15) for month in range(3, 9)],
        "stretch": ["before", "before", "announced", "window", "window", "after"],
        "effect": [2.0, -3.0, -1.0, 12.0, 9.0, -6.0],
        "low": [-4.0, -9.0, -8.0, 5.0, -1.0, -13.0],
        "high": [8.0, 3.0, 6.0, 19.0, 19.0, 1.0],
    }
)
DRAWN_CONTESTS = {
    "spiff_study": (
        STUDY,
        lambda t: charts.spiff_study(t, "Months", "USD for a person and day"),
        "2 of 2 intervals contain 0",
    ),
    "contest_race": (RACE, lambda t: charts.contest_race(t, "Race", "orders"), "H1 leads with 5"),
    "prizes_ahead": (
        COSTS,
        lambda t: charts.prizes_ahead(t["cost"], "Prizes", "USD", 9_000.0, 15_000.0),
        "half of the draws stay below USD 12",
    ),
    "spiff_moved": (PARTS, lambda t: charts.spiff_moved(t, "Moved", "USD"), "Net USD 90"),
    "contest_months": (
        MONTHS,
        lambda t: charts.contest_months(t, "Months", "USD"),
        "USD 300 in the window",
    ),
}
