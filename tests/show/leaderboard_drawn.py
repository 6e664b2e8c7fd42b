"""Sample frames of the charts of leaderboards, and what each is to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

PLACES = pd.DataFrame(
    {
        "name": ["Calm Otter 001", "Ada", "Bold Fern 002"],
        "own": [False, True, False],
        "place": [1.0, 2.0, 3.0],
        "place_low": [1.0, 1.0, 2.0],
        "place_high": [2.0, 3.0, 3.0],
        "adjusted_place": [2.0, 1.0, 3.0],
        "adjusted_low": [1.0, 1.0, 1.0],
        "adjusted_high": [3.0, 2.0, 3.0],
    }
)
MONTHLY = pd.DataFrame(
    {
        "name": ["Ada", "Ada", "Calm Otter 001", "Calm Otter 001"],
        "period": ["2026-09", "2026-10"] * 2,
        "place": [2.0, 1.0, 1.0, 2.0],
        "own": [True, True, False, False],
    }
)
RUNS = pd.DataFrame(
    {
        "name": ["Ada", "Calm Otter 001"],
        "own": [True, False],
        "top_run": [4, 0],
        "quota_run": [2, 1],
        "improved_run": [1, 3],
    }
)
DRAWN_LEADERBOARDS = {
    "place_intervals": (
        PLACES,
        lambda t: charts.place_intervals(t, "Sellers"),
        "known within 2 places (median); 2 people of 3 stand elsewhere",
    ),
    "places_by_month": (
        MONTHLY,
        lambda t: charts.places_by_month(t, "Places"),
        "Ada is first in October 2026, of 2 shown",
    ),
    "runs_of_months": (
        RUNS,
        lambda t: charts.runs_of_months(t, "Runs"),
        "the longest run lasts 4 months",
    ),
}
