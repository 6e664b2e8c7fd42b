"""Small tables for the charts of disputes, and what each picture has to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

CAUSES = pd.DataFrame(
    {
        "cause": ["late_booking", "plan_misread", None],
        "count": [5, 3, 1],
        "granted_count": [4, 0, 0],
        "decided_count": [5, 3, 0],
    }
)
SHARES = pd.DataFrame(
    {
        "period": ["2026-08", "2026-09"],
        "statements": [100, 100],
        "disputed": [3, 1],
        "share_by_count": [0.03, 0.01],
    }
)
DRAWN_DISPUTES = {
    "disputed_causes": (
        CAUSES,
        lambda t: charts.disputed_causes(t, "Disputes"),
        "4 of 9 disputes accepted, 4 rejected",
    ),
    "disputed_shares": (
        SHARES,
        lambda t: charts.disputed_shares(t, "Disputed"),
        "4 of 200 statements, 2.0 %",
    ),
}
