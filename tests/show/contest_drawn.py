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
DRAWN_CONTESTS = {
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
