"""Small tables for the charts of maturity, and what each picture has to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

SCORES = pd.DataFrame(
    {
        "by": ["all", "pillar", "pillar", "team"],
        "name": ["all", "incent", "motivate", "sales"],
        "low": [40.0, 50.0, 0.0, 20.0],
        "score": [52.0, 50.0, None, 45.0],
        "high": [60.0, 50.0, 100.0, 80.0],
        "answered": [5, 4, 0, 1],
        "asked": [9, 4, 5, 3],
        "gap": [23.0, 25.0, None, 0.0],
        "peer_low": [None, 40.0, 30.0, None],
        "peer_high": [None, 65.0, 55.0, None],
        "target": 75.0,
    }
)
CELLS = pd.DataFrame(
    {
        "question": ["close"] * 3 + ["forecast"] * 3,
        "team": ["sales", "finance", "data"] * 2,
        "asked": [False, True, True, True, True, True],
        "level": [None, 3.0, None, None, 5.0, 1.0],
        "top": 5,
        "target": 4.0,
        "gap": [1.0] * 3 + [3.0] * 3,
    }
)
EVIDENCE = pd.DataFrame(
    {
        "question": ["close", "forecast", "quotas"],
        "answered": [3.0, 4.0, 2.0],
        "figure": ["days_to_close", "forecast_error", ""],
        "value": [None, 0.25, None],
        "unit": ["days", "share", "days"],
        "measured": [None, 2.0, None],
        "worst": [None, 1.0, None],
        "best": [None, 3.0, None],
        "next_at": [None, 0.2, None],
        "cases": [0, 12, 0],
        "top": 5,
    }
)
STEPS = pd.DataFrame(
    {
        "rank": [1, 2, 3],
        "question": ["close", "forecast", "forecast"],
        "does": ["Close by command", "Test it", "Give intervals"],
        "effect": [50.0, 40.0, 40.0],
        "effort": [2.0, 4.0, 5.0],
        "instead": [0, 0, 2],
    }
)
DRAWN_MATURITY = {
    "maturity_scores": (
        SCORES,
        lambda t: charts.maturity_scores(t, "Maturity"),
        "Maturity: 52 of 100, 40 to 60 once all is answered",
    ),
    "maturity_answers": (
        CELLS,
        lambda t: charts.maturity_answers(t, "Answers"),
        "Answers: 1 unanswered; farthest from target: forecast",
    ),
    "answers_and_data": (
        EVIDENCE,
        lambda t: charts.answers_and_data(t, "Said and shown"),
        "Said and shown: 1 of 2 are known; of 1 more is said than the data show",
    ),
    "effect_and_effort": (
        STEPS,
        lambda t: charts.effect_and_effort(t, "Steps"),
        "Steps: first close by command, 2 days",
    ),
}
