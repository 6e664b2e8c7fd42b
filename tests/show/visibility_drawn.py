"""Small tables for the charts of field transparency, and what each picture has to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

STANDINGS = pd.DataFrame(
    {
        "component": ["new_business", "renewals"],
        "window": ["2026", "2026-Q4"],
        "attainment": [0.82, 1.3],
        "elapsed": [0.83, 0.34],
        "state": ["on pace", "reached"],
    }
)
CURVE = pd.DataFrame(
    {"attainment": [0.0, 0.5, 1.0, 2.0], "earned": [0.0, 50.0, 100.0, 400.0]}
).assign(here=[False, True, False, False])
TEAM = pd.DataFrame({"payee_id": ["H1", "H2"], "pace": [0.5, 1.2], "state": ["behind", "ahead"]})
RATES = pd.DataFrame({"attainment": [-0.1, 0.5, 0.99, 1.0, 2.4]})
DRAWN_VISIBILITY = {
    "field_bullets": (STANDINGS, lambda t: charts.field_bullets(t, "Standing"), "Renewals 130"),
    "field_curve": (
        CURVE,
        lambda t: charts.field_curve(t, "Curve", "USD", 1.0),
        "next threshold at 100",
    ),
    "field_dots": (TEAM, lambda t: charts.field_dots(t, "Team"), "1 of 2 people behind"),
    "field_distribution": (
        RATES,
        lambda t: charts.field_distribution(t, "All"),
        "2 of 5 people reached quota",
    ),
}
