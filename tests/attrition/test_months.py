"""Person-months: who was there, who left when, and that a row knows nothing of its own month."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import markets, months
from tests.attrition.companies import HELD, PAYEE, decided, frame, made, rows, sister

DAY = date(2024, 9, 1)


def left(leave: date | None, day: date = DAY) -> list[tuple[int, int | None]]:
    told = made(day, frame(PAYEE | {"leave_date": leave}))
    return [(month.month, out) for month, out in told.select("month", "left").rows()]


def test_months_run_from_the_first_start_employed_to_the_one_to_foretell():
    """Hired on 15 March: first there at the start of April."""
    assert left(None) == [(4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, None)]


def test_who_leaves_in_a_month_left_in_it():
    assert left(date(2024, 6, 20))[-1] == (6, 1)


def test_who_is_gone_on_a_first_day_left_in_the_month_before():
    """The first day no longer employed is 1 July, so the last one is 30 June."""
    assert left(date(2024, 7, 1))[-1] == (6, 1)
    assert left(date(2024, 7, 2))[-1] == (7, 1)


def test_who_will_leave_later_is_not_known_to():
    assert left(date(2024, 9, 2))[-1] == (9, None)
    assert left(date(2024, 9, 1))[-1] == (8, 1)


def test_a_month_that_is_not_over_has_no_outcome_and_nobody_who_left_in_it():
    assert left(None, date(2024, 9, 15))[-1] == (9, None)
    assert left(date(2024, 9, 10), date(2024, 9, 15))[-1] == (8, 0)


def test_who_leaves_before_the_first_start_has_no_row():
    assert left(date(2024, 3, 30)) == []


def test_tenure_counts_whole_months_in_bands():
    told = made(date(2024, 10, 1))
    assert told["tenure_months"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert told["tenure"].to_list() == ["under 6 months"] * 5 + ["6 to 11 months"] * 2
    assert told["season"].to_list() == ["Q2"] * 3 + ["Q3"] * 3 + ["Q4"]


def test_a_new_manager_counts_from_its_day_for_so_many_months():
    held = frame(HELD, HELD | {"start_date": date(2024, 5, 10), "manager_id": "N"})
    told = made(date(2024, 12, 1), positions=held)
    flags = {row["month"].month: row["manager_changed"] for row in told.to_dicts()}
    assert flags == {4: 0, 5: 0, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1, 12: 0}
    assert told["manager_id"].to_list()[:3] == ["M", "M", "N"]


def test_pay_is_set_against_that_of_a_year_ago():
    first = HELD | {"start_date": date(2023, 1, 1), "base_pay": 80.0, "target_incentive": 20.0}
    raised = first | {"start_date": date(2024, 6, 1), "base_pay": 90.0}
    told = made(DAY, frame(PAYEE | {"hire_date": date(2023, 1, 1)}), frame(first, raised))
    change = {(r["month"].year, r["month"].month): r["pay_change"] for r in told.to_dicts()}
    assert change[2023, 12] is None
    assert change[2024, 5] == pytest.approx(0)
    assert change[2024, 6] == pytest.approx(0.1)


QUOTA = {"payee_id": "A", "measure": "bookings", "start_date": date(2024, 1, 1)}
SOLD = {"payee_id": "A", "measure": "bookings"}


def attained(credited: list[float], **tables) -> pl.DataFrame:
    quota = frame(QUOTA | {"end_date": date(2025, 1, 1), "amount": 12 * 100.0 * 366 / 365.25})
    told = [
        SOLD | {"period": f"2024-{n:02}", "credited": amount}
        for n, amount in enumerate(credited, 4)
    ]
    return made(DAY, quotas=quota, attainments=frame(*told), **tables)


def test_attainment_is_of_months_before_and_bad_months_are_counted():
    """Quota 100 a month; sold 100, 100, 50, 30, 40 from April on; three months below 70 %."""
    told = {r["month"].month: r for r in attained([100, 100, 50, 30, 40]).to_dicts()}
    assert told[4]["attainment_last"] is None  # April is not over at its start
    assert told[5]["attainment_last"] == pytest.approx(1, rel=1e-3)
    assert told[8]["attainment_3m"] == pytest.approx(0.6, rel=1e-3)
    assert told[9]["attainment_3m"] == pytest.approx(0.4, rel=1e-3)
    assert told[9]["attainment_12m"] == pytest.approx(0.64, rel=1e-3)
    assert told[9]["attainment_fall"] == pytest.approx(0.24, rel=1e-2)
    assert [told[m]["below_months"] for m in (5, 6, 7, 8, 9)] == [0, 0, 0, 1, 2]


def test_figures_that_are_known_later_are_used_later():
    told = made(DAY, payouts=frame({"payee_id": "A", "period": "2024-05", "amount": 5.0}),
                positions=frame(HELD | {"target_incentive": 60.0}))  # fmt: skip
    paid = {r["month"].month: r["payout_12m"] for r in told.to_dicts()}
    assert paid[6] is None  # May is closed in June
    assert paid[7] == pytest.approx(1)


def test_what_was_recorded_later_is_not_used():
    sold = SOLD | {"period": "2024-05", "attainment": 0.5}
    early, late = (sold | {"recorded_date": date(2024, 6, d)} for d in (1, 2))
    on_time = sold | {"recorded_date": date(2024, 5, 31)}
    for row, used in ((on_time, 0.5), (early, None), (late, None)):
        told = {r["month"].month: r for r in made(DAY, attainments=frame(row)).to_dicts()}
        assert told[6]["attainment_last"] == used


def test_quotas_are_set_against_those_of_a_year_ago():
    before = QUOTA | {"start_date": date(2023, 1, 1), "end_date": date(2024, 1, 1), "amount": 365.0}
    now = QUOTA | {"end_date": date(2025, 1, 1), "amount": 366 * 1.25}
    told = made(DAY, quotas=frame(before, now))
    assert told["quota_change"].to_list() == pytest.approx([0.25] * len(told))


def test_disputes_are_open_between_their_days_and_rejected_ones_count_for_a_year():
    moves = [("raised", date(2024, 5, 3)), ("rejected", date(2024, 7, 1))]
    told = frame(*({"dispute_id": "D", "payee_id": "A" if move == "raised" else None,
                    "move": move, "move_date": day} for move, day in moves))  # fmt: skip
    by_month = {r["month"].month: r for r in made(DAY, disputes=told).to_dicts()}
    assert [by_month[m]["disputes_open"] for m in (5, 6, 7, 8)] == [0, 1, 1, 0]
    assert [by_month[m]["disputes_rejected"] for m in (7, 8, 9)] == [0, 1, 1]
    state = frame({"payee_id": "A", "raised_date": date(2024, 5, 3), "status": "rejected",
                   "decided_date": date(2024, 7, 1)})  # fmt: skip
    same = made(DAY, disputes=state)
    assert same.equals(made(DAY, disputes=told))


def test_pay_position_is_against_the_market_or_enough_peers():
    people = frame(*(PAYEE | {"payee_id": name} for name in "ABCDE"))
    held = [HELD | {"payee_id": name, "base_pay": 80.0 + 10 * n} for n, name in enumerate("ABCDE")]
    told = made(DAY, people, frame(*held)).filter(pl.col("month") == DAY)
    assert told["compa_ratio"].to_list() == pytest.approx([0.8, 0.9, 1.0, 1.1, 1.2])
    fewer = made(DAY, people.head(4), frame(*held[:4]))
    assert fewer["compa_ratio"].null_count() == len(fewer)
    market = [{"role": "seller", "currency": "USD", "effective_date": day, "p50": p50}
              for day, p50 in ((date(2024, 1, 1), 100.0), (date(2024, 8, 2), 200.0))]  # fmt: skip
    told = made(DAY, people, frame(*held), market=frame(*market)).filter(payee_id="A")
    assert told["compa_ratio"].to_list() == pytest.approx([0.8] * 5 + [0.4])


def test_part_time_pay_is_set_against_full_time():
    half = HELD | {"base_pay": 50.0, "full_time": 0.5}
    market = [
        {"role": "seller", "currency": "USD", "effective_date": date(2024, 1, 1), "p50": 100.0}
    ]
    assert made(DAY, positions=frame(half), market=frame(*market))["compa_ratio"][0] == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"payees": frame(PAYEE, PAYEE)}, "payees: A comes twice"),
        ({"payees": frame(PAYEE | {"leave_date": date(2024, 1, 1)})}, "leaves before being hired"),
        ({"payees": frame(PAYEE).drop("leave_date")}, "payees: there is no column 'leave_date'"),
        ({"positions": frame(HELD).drop("role")}, "positions: there is no column 'role'"),
        ({"disputes": frame({"who": "A"})}, "neither moves"),
        ({"attainments": frame({"payee_id": "A", "period": "spring"})}, "'spring' is no month"),
        ({"market": frame({"role": "seller"})}, "market: there is no column 'currency'"),
    ],
)
def test_tables_that_cannot_be_are_refused(change, says):
    with pytest.raises(ParameterError, match=says):
        made(DAY, **change)


def test_periods_of_another_calendar_are_those_it_says():
    calendar = frame({"period": "P5", "start_date": date(2024, 5, 1), "end_date": date(2024, 6, 1)})
    sold = frame(SOLD | {"period": "P5", "attainment": 0.5})
    told = made(DAY, attainments=sold, calendar=calendar)
    assert told.filter(pl.col("month") == date(2024, 6, 1))["attainment_last"][0] == 0.5


def test_no_row_knows_what_came_after_its_month():
    """Cut off at a day, the rows up to it are the same as they were: the oracle of lagging."""
    told = sister()
    day = date(2025, 8, 1)
    before = pl.col("month") < day
    cut = months.person_months(
        told.payees, told.positions.filter(pl.col("start_date") <= day), day, decided(),
        quotas=told.quotas.filter(pl.col("start_date") <= day),
        attainments=told.attainments.filter(pl.col("period") < "2025-08"),
        payouts=told.payouts.filter(pl.col("period") < "2025-08"),
        disputes=told.dispute_moves.filter(pl.col("move_date") < day), market=told.market,
    )  # fmt: skip
    assert cut.filter(before).equals(rows().filter(before))
    now = pl.col("month") == day
    there = rows().filter(now).drop("left")
    assert cut.filter(now).drop("left").equals(there)


def test_each_person_and_month_has_one_row_and_everybody_who_left_left_once():
    told = rows()
    assert not told.select("payee_id", "month").is_duplicated().any()
    gone = sister().payees.filter(pl.col("leave_date") <= sister().day)
    assert told["left"].sum() == len(gone)
    last = told.filter(pl.col("left") == 1).join(gone, on="payee_id")
    within = last["leave_date"] - last["month"]
    assert within.min() > timedelta(0)
    assert within.max() <= timedelta(31)


def test_tables_of_pandas_with_words_for_days_and_numbers_for_people_are_the_same():
    import pandas as pd

    people = pd.DataFrame([{"payee_id": 7, "hire_date": "2024-03-15", "leave_date": None}])
    held = pd.DataFrame([{"payee_id": 7, "start_date": "2024-03-15", "role": "seller",
                          "manager_id": None}])  # fmt: skip
    sold = pd.DataFrame([{"payee_id": 7, "period": "2024-05", "attainment": 0.5}])
    told = made(DAY, people, held, attainments=sold)
    assert told["payee_id"].unique().to_list() == ["7"]
    assert told["left"].to_list() == [0, 0, 0, 0, 0, None]
    assert told["attainment_last"].to_list()[2] == 0.5


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (frame(PAYEE | {"hire_date": "15/03/2024"}), "'15/03/2024' in hire_date is no day"),
        (frame(PAYEE | {"hire_date": None}, hire_date=pl.Date), "payees: A has no hire_date"),
        ("payees.csv", "a table is a str"),
    ],
)
def test_days_that_are_none_are_refused(table, says):
    with pytest.raises(ParameterError, match=says):
        made(DAY, table)


def test_surveys_become_one_median_for_a_role():
    """Two levels of 30 and 10 people; another job and target cash are left out."""
    row = {"job": "field", "currency": "USD", "effective_date": date(2024, 1, 1), "measure": "base"}
    told = frame(
        row | {"p50": 100.0, "incumbents": 30.0}, row | {"p50": 140.0, "incumbents": 10.0},
        row | {"p50": 999.0, "incumbents": 9.0, "measure": "target_cash"},
        row | {"p50": 999.0, "incumbents": 9.0, "job": "other"},
    )  # fmt: skip
    made_ = markets.role_medians(told, {"seller": "field"})
    assert made_.rows() == [("seller", "USD", date(2024, 1, 1), 110.0)]
    plain = markets.role_medians(told.drop("incumbents"), {"seller": "field"})
    assert plain["p50"].to_list() == [120.0]
    paid = made(DAY, positions=frame(HELD | {"base_pay": 99.0}), market=made_)
    assert paid["compa_ratio"].to_list() == pytest.approx([0.9] * 6)
    with pytest.raises(ParameterError, match="no row is of base pay"):
        markets.role_medians(told, {"seller": "sales"})
