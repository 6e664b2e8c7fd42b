"""A place that changes after a month is closed: the difference is posted in the next close."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import polars as pl

from tests.workbench.test_closes import BOOKED, Company

SPRINT = """\
spiff: sprint
window: {from: 2026-01-01, until: 2026-02-01}
score: {measure: bookings}
currency: USD
kept: 60
prizes:
  places: {1: 300, 2: 100}
"""


def test_a_late_cancellation_turns_the_places_and_the_difference_is_posted_once(tmp_path: Path):
    company = Company(tmp_path)
    (company.folder / "spiffs").mkdir()
    (company.folder / "spiffs/sprint.yaml").write_text(SPRINT)
    company.closes("2026-01")
    assert company.paid("2026-01") == {"Ann": D(400), "Ben": D(150)}  # 100 and 300, 50 and 100
    company.knows(BOOKED, ["E1,T1,cancellation,2026-02-20,-800"])
    posted = company.previews("2026-02").tables["postings"]
    turned = posted.filter(pl.col("kind") == "spiff").sort("payee_id")
    assert turned.select("payee_id", "period", "was", "now").rows() == [
        ("Ann", "2026-01", 3_000_000, 1_000_000),
        ("Ben", "2026-01", 1_000_000, 3_000_000),
    ]
    assert set(turned["reason"]) == {"moved"}  # by what others did
    company.closes("2026-02")
    # Ann: 10 % of 2,000 less 800, and 200 less; Ben: 200 more
    assert company.paid("2026-02") == {"Ann": D(-80), "Ben": D(200)}
    later = company.previews("2026-03").tables["postings"]
    assert later.filter(pl.col("kind") == "spiff").is_empty()
