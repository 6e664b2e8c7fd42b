"""Readings: tables add up, and say what is measured, assumed and not known."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.revops.value import readings
from spmlib.revops.value.effects import effect
from spmlib.revops.value.money import Worth, above, returns
from spmlib.revops.value.written import Measure
from tests.value.test_effects import NEW_YEAR, noisy

DRAWN = {"hours": np.array([[-2.0] * 12, [-4.0] * 12]), "disputes": np.full((2, 12), -1.0)}
WORTHS = {"hours": Worth(-1, 50), "disputes": Worth(-1, 10)}


def test_the_bridge_adds_up_by_hand():
    made = readings.bridge(returns(DRAWN, WORTHS, 600, 20, 0.0), {"hours": "Hours"})
    assert list(made["step"]) == ["Hours", "disputes", "Set-up", "Running", "Net"]
    assert list(made["amount"]) == pytest.approx([1800, 120, -600, -240, 1080])
    assert list(made["start"]) == pytest.approx([0, 1800, 1920, 1320, 0])
    assert list(made["end"]) == pytest.approx([1800, 1920, 1320, 1080, 1080])


def test_payback_by_hand():
    made = returns(DRAWN, WORTHS, 600, 20, 0.0)
    # 90 a month in one draw, 190 in the other: paid in months 7 and 4.
    assert list(made.payback) == [7, 4]
    told = readings.payback(made)
    assert list(told["paid"][[3, 4, 6, 7]]) == [0, 0.5, 0.5, 1]
    figures = readings.in_figures(made)
    assert (figures["net"], figures["costs"], figures["paid"]) == (1080, 840, 1)
    assert figures["share"] == pytest.approx(1080 / 840)


def test_what_must_be_paid_again_is_not_paid_back():
    late = np.array([0.0] * 6 + [900.0] + [0.0] * 5)
    made = returns({"hours": np.full((1, 12), -2.0)}, WORTHS, 150, late, 0.0)
    # Paid after two months, in debt again in the seventh (-350), and clear from the eleventh.
    assert list(made.payback) == [11]
    assert returns({"hours": np.full((1, 12), -2.0)}, WORTHS, 0, 0, 0.0).payback[0] == 0


def test_effects_assumptions_and_gaps_stand_beside_each_other():
    told = {n: Measure(n, "hours", -1, 1, "") for n in ("made", "guessed", "lost", "gone")}
    known = [effect(noisy(1, moved=-10), NEW_YEAR)]
    guess = {"guessed": readings.Assumed(30, "1.5 h")}
    found = readings.table(known, told, {"lost": "no close"}, guess, {"made": -10.0})
    found = found.set_index("measure")
    assert list(found["method"]) == ["interrupted", "assumed", "unknown", "unknown"]
    assert list(found["why"].iloc[1:]) == ["1.5 h", "no close", "no table has it"]
    assert found.loc["guessed", "money"] == 30 and np.isnan(found.loc["lost", "level"])
    row = found.loc["made"]
    assert row["shown"] and row["low"] < -10 < row["high"] and row["truth"] == -10
    assert row["nw_low"] < row["change"] < row["nw_high"]


def test_a_course_has_its_band_after_the_change():
    made = readings.course(effect(noisy(1), NEW_YEAR))
    assert made["low"].isna().sum() == 24 and made["late"].sum() == 10
    nothing = readings.course(effect(noisy(1, months=26), NEW_YEAR))
    assert nothing["expected"].isna().all()


def test_what_holds_a_measure_is_found_however_far_up():
    worths = {"a": Worth(1, 1, "b"), "b": Worth(1, 1, "c"), "c": Worth(1, 1, "a")}
    assert above("a", worths) == ["b", "c"]
