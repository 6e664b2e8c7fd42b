"""The curve that is drawn is the curve that is paid."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.explaining import pay_curves


@pytest.mark.parametrize(
    ("attained", "pays"),
    [(0, 0), (0.5, 400), (0.995, 796), (1, 800), (1.005, 806), (2, 2000)],
)
def test_below_at_and_above_the_threshold(results, parameters, attained, pays):
    curve = pay_curves.curve(results.terms, parameters.plans, "Ada", "bookings", "2026-04")
    found = curve[np.isclose(curve["attainment"], attained)]
    assert found["earned"].iloc[0] == pytest.approx(pays)


def test_the_dot_is_where_the_person_is_before_modifiers(results, parameters):
    curve = pay_curves.curve(results.terms, parameters.plans, "Ada", "bookings", "2026-04")
    here = curve[curve["here"]].iloc[-1]
    # 8 % of 10,000 and 12 % of 1,900; the cap of 1,000 comes after
    assert (here["credited"], here["earned"]) == pytest.approx((11_900, 1028))


def test_a_curve_of_money_goes_beyond_where_the_person_is(results, parameters):
    curve = pay_curves.curve(results.terms, parameters.plans, "Ada", "deals", "2026-04")
    assert curve["attainment"].isna().all()
    assert curve["credited"].max() > curve.loc[curve["here"], "credited"].iloc[0] == 9000


def test_the_main_component_has_a_quota(results, parameters):
    plans = parameters.plans
    assert pay_curves.main_component(results.terms, plans, "Ben", "2026-04") == "bookings"


def test_who_holds_no_plan_has_no_curve(results, parameters):
    with pytest.raises(ParameterError, match="Mia holds no plan in 2026-04"):
        pay_curves.main_component(results.terms, parameters.plans, "Mia", "2026-04")
    with pytest.raises(ParameterError, match="Ada has no component 'bonus' in 2026-04"):
        pay_curves.curve(results.terms, parameters.plans, "Ada", "bonus", "2026-04")
