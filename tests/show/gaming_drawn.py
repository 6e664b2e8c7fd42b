"""The pictures of the gaming audit, each with a small table and its finding."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

CURVE = pd.DataFrame(
    {
        "credited": [0.0, 100.0, 200.0, 300.0],
        "paid": [0.0, 2.0, 6.0, 9.0],
        "moved": [0.0, 1.0, 0.5, -0.5],
        "cliff": ["", "", "retroactive", ""],
        "jump": [0.0, 0.0, 2.0, 0.0],
    }
)
SIDES = pd.DataFrame(
    {
        "start": [-0.2, -0.1, 0.0, 0.1],
        "end": [-0.1, 0.0, 0.1, 0.2],
        "density": [1.0, 0.5, 2.0, 1.0],
        "side": ["left", "left", "right", "right"],
        "fitted": [0.7, 0.7, 1.9, 1.9],
        "low": [0.5, 0.5, 1.4, 1.4],
        "high": [0.9, 0.9, 2.4, 2.4],
    }
)
OPEN = pd.DataFrame(
    {
        "deal": ["O1", "O2"],
        "amount": [90_000.0, 20_000.0],
        "expected": ["2026-Q4", "2026-Q4"],
        "best": ["2027-Q1", "2026-Q4"],
        "gain": [1200.0, 1200.0],
    }
)
DRAWN_GAMING = {
    "cliffs": (
        CURVE,
        lambda t: charts.cliffs(t, "USD", "Services"),
        "1 threshold; pay jumps by USD 2 at the most",
    ),
    "heaped": (
        SIDES,
        lambda t: charts.heaped(t, "Thresholds"),
        "the density is 0.70 just below and 1.90 just above",
    ),
    "timed": (
        OPEN,
        lambda t: charts.timed(t, "USD", "Open deals"),
        "1 deal moved gain USD 1.2K",
    ),
}
