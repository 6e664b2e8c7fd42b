"""A table whose rates, or payouts, never fall never pays less for more."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmlib.rules import curves, measures, plans
from tests import small

MEASURES = {m: measures.Measure(m, m, "", "amount", None, ()) for m in ("bookings",)}
hundredths = st.integers(0, 5000)


@pytest.mark.parametrize(
    ("pays", "word", "crossing"),
    [("rate", "rate", "split"), ("rate", "rate", "whole"), ("amount", "amount", "split")],
)
@pytest.mark.parametrize("within", ["step", "interpolate"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_more_never_earns_less(tmp_path: Path, pays, word, crossing, within, data: Any):
    starts = sorted(data.draw(st.sets(st.integers(1, 30_000), min_size=1, max_size=4)))
    gives = sorted(data.draw(st.lists(hundredths, min_size=len(starts) + 1, max_size=5 + 1)))
    sign = "%" if word == "rate" else ""
    rows = [
        f"{{from: {start / 100}%, {word}: {given_ / 100}{sign}}}"
        for start, given_ in zip([0, *starts], gives, strict=False)
    ]
    text = small.plan(
        thresholds="quota",
        pays=pays,
        crossing=crossing,
        within=within,
        boundary=data.draw(st.sampled_from(["upper", "lower"])),
        table=f"{{2026-01-01: [{', '.join(rows)}]}}",
    )
    path = tmp_path / "seller.yaml"
    path.write_text(text)
    component = plans.plan(path, MEASURES).components["bookings"]
    curve = curves.brackets(component, next(iter(component.tables.values())))
    near = [Fraction(s, 10_000) + Fraction(d, 10**6) for s in starts for d in (-1, 0, 1)]
    others = data.draw(st.lists(st.fractions(0, 4), max_size=10))
    points = sorted([Fraction(0), *near, *others])
    earned = [curves.earned(curve, u, component.boundary) for u in points]
    assert earned == sorted(earned)
