"""The pictures of value, each with a small table and its finding."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

NAN = float("nan")
COURSE = pd.DataFrame(
    {
        "period": ["2025-11", "2025-12", "2026-01", "2026-02"],
        "value": [10.0, 12.0, 6.0, 8.0],
        "expected": [11.0, 11.0, 11.0, 11.0],
        "low": [NAN, NAN, 9.0, 8.5],
        "high": [NAN, NAN, 13.0, 13.5],
        "late": [False, False, True, True],
    }
)
EFFECTS = pd.DataFrame(
    {
        "says": ["Disputes", "Attainment", "Hours", "Forecast error", "Days"],
        "better": [-1, 1, -1, -1, -1],
        "base": [10.0, 80.0, 100.0, 12.0, NAN],
        "change": [-4.0, -8.0, -9.0, 1.0, NAN],
        "low": [-6.0, -12.0, -14.0, -2.0, NAN],
        "high": [-2.0, -4.0, -4.0, 4.0, NAN],
        "nw_low": [-5.0, NAN, NAN, -1.0, NAN],
        "nw_high": [-3.0, NAN, NAN, 3.0, NAN],
        "truth": [-3.5, NAN, NAN, 0.0, NAN],
        "shown": [True, True, True, False, False],
        "doubted": [False, False, True, False, False],
    }
)
BRIDGE = pd.DataFrame(
    {
        "step": ["Hours", "Set-up", "Net"],
        "amount": [90_000.0, -60_000.0, 30_000.0],
        "start": [0.0, 90_000.0, 0.0],
        "end": [90_000.0, 30_000.0, 30_000.0],
        "low": [70_000.0, -60_000.0, 10_000.0],
        "high": [110_000.0, -60_000.0, 50_000.0],
    }
)
PAYBACK = pd.DataFrame(
    {
        "month": [0, 1, 2],
        "net": [-100.0, -20.0, 60.0],
        "low": [-100.0, -50.0, -10.0],
        "high": [-100.0, 10.0, 130.0],
        "paid": [0.0, 0.1, 0.85],
    }
)
DRAWN_VALUE = {
    "before_and_after": (
        COURSE,
        lambda t: charts.before_and_after(t, "disputes", "Disputes"),
        "7 disputes a month since the change, where 11 would have come",
    ),
    "effects_by_measure": (
        EFFECTS,
        lambda t: charts.effects_by_measure(t, "Effects"),
        "1 better, 1 worse, 1 in doubt, 1 nothing shown",
    ),
    "value_bridge": (
        BRIDGE,
        lambda t: charts.value_bridge(t, "USD", "Worth"),
        "Hours 90K; Set-up −60K; left USD 30K",
    ),
    "payback_curve": (
        PAYBACK,
        lambda t: charts.payback_curve(t, "USD", "Payback"),
        "after 2 months USD 60 are left, −10 to 130 in 9 of 10 cases",
    ),
}
