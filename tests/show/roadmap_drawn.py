"""Small tables for the charts of a roadmap, and what each picture has to say."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from spmlib.show import charts

PLANNED = pd.DataFrame(
    {
        "name": ["crediting", "commissions", "spiffs", "quotas"],
        "pillar": ["incent", "incent", "motivate", "orchestrate"],
        "state": ["in_place", "planned", "planned", "left"],
        "begin": [None, 0, 2, None],
        "end": [None, 2, 3, None],
        "late": [None, 2, 5, None],
        "critical": [False, True, False, False],
        "needs": [[], ["crediting"], ["commissions"], []],
    }
)
GAINS = pd.DataFrame(
    {"chance": [0.0, 0.5, 1.0], "gain": [-9e4, 1e4, 2e5], "low_80": -1e5, "high_80": 3e5}
)
YEARS = pd.DataFrame(
    {
        "way": ["own", "own", "rent", "rent"],
        "year": [0, 1, 0, 1],
        "total": [Decimal(100_000), Decimal(120_000), Decimal(0), Decimal(90_000)],
    }
)
SENSITIVE = pd.DataFrame(
    {
        "what": ["own: people", "discount rate"],
        "low": [Decimal(90_000), Decimal(55_000)],
        "high": [Decimal(-10_000), Decimal(45_000)],
        "base": Decimal(50_000),
    }
)
DRAWN_ROADMAP = {
    "roadmap_gantt": (
        PLANNED,
        lambda t: charts.roadmap_gantt(t, "2026-11", 12, "Roadmap"),
        "1 in place, 2 planned, 1 not within 12 months. Commissions cannot be late",
    ),
    "pilot_gain": (
        GAINS,
        lambda t: charts.pilot_gain(t, "USD", 0.5, "Pilot"),
        "a pilot is worth USD 10",
    ),
    "ownership_years": (YEARS, lambda t: charts.ownership_years(t, "USD", "Owning"), "Rent USD 90"),
    "roadmap_tornado": (
        SENSITIVE,
        lambda t: charts.roadmap_tornado(t, "USD", "Rent less own"),
        "Own, people moves it most",
    ),
}
