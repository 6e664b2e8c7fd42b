"""Small tables for the charts of readiness, and what each picture has to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

MONTHS = pd.DataFrame(
    {
        "period": ["2026-09", "2026-10"] * 2,
        "whose": ["own", "own", "planted", "planted"],
        "lines_share": [1.0, 0.99, 0.6, 0.5],
        "money_share": [1.0, None, 0.8, 0.75],
    }
)
CURVE = pd.DataFrame(
    {
        "by": ["by volume"] * 3 + ["by money"] * 2,
        "place": [0, 1, 2, 0, 1],
        "share": [0.6, 0.7, 0.8, 0.5, 0.75],
        "goal": 0.8,
    }
)
DRAWN_READINESS = {
    "automated_shares": (
        MONTHS,
        lambda t: charts.automated_shares(t, 0.8, "Automated"),
        "copy, planted 50 % by volume, 75 % by money",
    ),
    "automation_curve": (
        CURVE,
        lambda t: charts.automation_curve(t, 10, "Taken on"),
        "to 80 % it takes by volume 2 exceptions and by money all are too few",
    ),
}
