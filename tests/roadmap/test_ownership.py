"""Ownership: by hand, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap.ownership import Cost, breaks_even, paid, sensitivity, total

D = Decimal
BOUGHT = [Cost("implementation", D(1000), every=0), Cost("support", D(100), rises=D("0.1"))]
RENTED = [Cost("licences", D(5), users=True, every=1)]


def test_what_is_paid_by_hand():
    assert paid(BOUGHT, 3, 7) == [D(1000), D(110), D(121), D("133.1")]
    assert paid(RENTED, 2, 80) == [0, 400, 400]
    assert paid([Cost("upgrade", D(50), every=2)], 5, 1) == [0, 0, 50, 0, 50, 0]


def test_a_rise_that_equals_the_discount_leaves_the_amount():
    assert total(BOUGHT, 3, 1, D("0.1")) == D(1300)  # 1,000 + 3 * 100
    assert total(BOUGHT, 3, 1, D(0)) == D("1364.1")


def test_the_year_in_which_buying_has_cost_no_more():
    # 1,000, 1,110, 1,231, 1,364.1 against 400 a year: 1,200 after three, 1,600 after four
    assert breaks_even(BOUGHT, RENTED, 5, 80, D(0)) == 4
    assert breaks_even(BOUGHT, RENTED, 3, 80, D(0)) is None
    assert breaks_even(RENTED, RENTED, 3, 80, D(0)) == 0
    assert breaks_even(RENTED, BOUGHT, 5, 80, D(0)) is None  # cheaper at first only


def test_the_widest_change_stands_first():
    rows = sensitivity({"a": BOUGHT, "b": RENTED}, "a", "b", 4, 80, D(0), D("0.2"))
    assert rows[0] == ("b: licences", D("-230.51"), D("409.49"))
    told = {name: (low, high) for name, low, high in rows}
    assert told["users"] == told["b: licences"]
    assert told["years"] == (D("-164.1"), D("328.439"))  # three years, five
    # 1,600 - 1,000 - 110 - 121 - 133.1 - 146.41 = 89.49, and 320 either way
    assert told["discount rate"] == (D("89.49"), D("89.49"))


@pytest.mark.parametrize(
    "odd", [{"kind": "beer"}, {"amount": D(-1)}, {"every": -1}, {"rises": D(-1)}]
)
def test_odd_costs_are_refused(odd):
    with pytest.raises(ParameterError):
        Cost(**({"kind": "people", "amount": D(1)} | odd))


def test_odd_years_and_rates_are_refused():
    with pytest.raises(ParameterError, match="1 or more years"):
        total(BOUGHT, 0, 1, D(0))
    with pytest.raises(ParameterError, match="discount rate"):
        total(BOUGHT, 1, 1, D(-1))
