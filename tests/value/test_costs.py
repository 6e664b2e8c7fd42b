"""Costs: by hand, with the interest of what was spent before, and odd ones refused."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.value.costs import costs


def test_one_figure_each():
    upfront, months = costs(600, 20, "2026-01", 3, 0.08)
    assert upfront == 600 and list(months) == [20, 20, 20]


def test_what_is_spent_before_bears_interest():
    # November's 100 is spent at its end, a month before the start; December's at the start.
    upfront, months = costs({"2025-11": 100, "2025-12": 50, "2026-02": 7}, 0, "2026-01", 3, 0.12)
    assert upfront == pytest.approx(100 * 1.12 ** (1 / 12) + 50)
    assert list(months) == [0, 7, 0]


def test_running_costs_hold_until_the_next():
    _, months = costs(0, {"2026-02": 6, "2026-04": 4}, "2026-01", 5, 0.0)
    assert list(months) == [0, 6, 6, 4, 4]
    upfront, months = costs(0, {"2025-11": 5, "2026-02": 3}, "2026-01", 3, 0.0)
    assert upfront == 10 and list(months) == [5, 3, 3]
    assert costs(0, {"2024-12": 5, "2025-01": 0}, "2026-01", 2, 0.0)[0] == 5
    assert costs({}, {}, "2026-01", 2, 0.08)[0] == 0


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"January": 1}, "set_up, January: this is no month; write it as 2026-01"),
        ({"2026-01": -1}, "below 0"),
        ({"2026-04": 1}, "3 months after the change, beyond the 3"),
    ],
)
def test_odd_costs_are_refused(told, says):
    with pytest.raises(ParameterError, match=says):
        costs(told, 0, "2026-01", 3, 0.08)
