"""Periods of any calendar of twelve a year, and beyond its ends."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from spmlib.core import engine, periods
from spmlib.core.errors import ParameterError
from spmlib.incent.contract_costs import conventions, schedules
from spmlib.incent.contract_costs.grids import EPOCH, grid
from spmlib.incent.contract_costs.plain import cost_rows
from spmlib.incent.contract_costs.terms import Terms


def calendar(folder, text):
    path = folder / "calendar.yaml"
    path.write_text(text, "utf-8")
    return periods.calendar(path)


MONTHS = "kind: months\nfrom: 2026-01-28\nfirst_day: 28\nuntil: 2027-01-28\n"
WEEKS = "kind: 4-4-5\nfrom: 2025-12-29\nfirst_year: 2026\nuntil: 2026-12-28\n"


def test_periods_go_on_beyond_a_calendar(tmp_path):
    made = grid(calendar(tmp_path, MONTHS), date(2025, 6, 1), date(2028, 6, 1))
    assert (np.diff(made.edges) > 27).all()
    assert made.day(0) <= date(2025, 6, 1)
    assert made.day(len(made)) > date(2028, 6, 1)
    first = grid(calendar(tmp_path, MONTHS), date(2026, 3, 1), date(2026, 3, 1)).names[0]
    assert made.names.count(first) == 1
    assert made.day(made.named(first)) == date(2026, 1, 28)
    with pytest.raises(ParameterError, match="there is no period '2099-01'"):
        made.named("2099-01")


@pytest.mark.parametrize("text", [MONTHS, WEEKS])
def test_a_benefit_counts_the_periods_of_the_calendar(tmp_path, text):
    known = calendar(tmp_path, text)
    ends = engine.collected(known)["start_date"].to_list()
    late = (ends[1] - EPOCH).days - 1  # the last day of the first period
    start = date.fromordinal(EPOCH.toordinal() + late)
    costs = cost_rows([{"cost_id": "A", "amount": 1200, "months": 12, "start_date": start}])
    rows = engine.collected(schedules.schedule(costs, None, None, known))
    assert rows["amortised"].unique().to_list() == [100 * 10**4]
    assert rows["period"].to_list() == engine.collected(known)["period"].to_list()


def test_days_count_the_days_of_weeks(tmp_path):
    known = calendar(tmp_path, WEEKS)
    costs = cost_rows(
        [{"cost_id": "A", "amount": "365.00", "months": 12, "start_date": date(2026, 1, 1)}]
    )
    rows = engine.collected(schedules.schedule(costs, None, Terms("days"), known))
    # Weeks of 4, 4 and 5 from 29 December 2025: 25 days of the first, then 28 and 35.
    assert [amount // 10**4 for amount in rows["amortised"].to_list()[:3]] == [25, 28, 35]
    assert rows["amortised"].sum() == 365 * 10**4


def test_quarters_are_refused(tmp_path):
    listed = "".join(
        f"  2026-Q{q}: {{start: 2026-{3 * q - 2:02}-01, quarter: q, half: h, year: 2026}}\n"
        for q in range(1, 5)
    )
    known = calendar(tmp_path, f"kind: listed\nuntil: 2027-01-01\nperiods:\n{listed}")
    with pytest.raises(ParameterError, match="need a calendar of twelve periods a year"):
        grid(known, date(2026, 1, 1), date(2026, 2, 1))


def test_leap_days_have_no_second_year():
    made = grid(None, date(2027, 1, 1), date(2029, 1, 1))
    assert made.day(made.named("2028-03")) == date(2028, 3, 1)


def test_units_begin_where_their_start_counts():
    made = grid(None, date(2026, 1, 1), date(2026, 12, 31))
    days = np.array([(date(2026, 2, day) - EPOCH).days for day in (1, 15, 16, 28)])
    nearest = conventions.zero(conventions.CONVENTIONS["nearest_month"], days, made)
    assert (nearest - nearest[0]).tolist() == [0, 0, 1, 1]
    halves = conventions.zero(conventions.CONVENTIONS["half_month"], days, made)
    assert set(halves.tolist()) == {2 * made.named("2026-02")}
