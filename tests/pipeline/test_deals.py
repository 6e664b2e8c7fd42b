"""Deals: what is known of them on each day, and what became of them, from rows made by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.pipeline import moves, snapshots
from spmlib.orchestrate.pipeline.deals import deals
from tests.pipeline import companies
from tests.pipeline.companies import change, opportunity

JAN, FEB, MAR, APR, MAY = (date(2024, month, 1) for month in (1, 2, 3, 4, 5))


def told(*history, day=MAY, about=None, **more):
    """The deals of some histories, each opened on its first day."""
    names = list(dict.fromkeys(row["opportunity_id"] for row in history))
    opened = {n: next(r["change_date"] for r in history if r["opportunity_id"] == n) for n in names}
    rows = about or [opportunity(name, opened[name]) for name in names]
    return deals(companies.of(rows, history, **more), day, "USD")


DONE = [change("Z", JAN), change("Z", date(2024, 1, 5), "won", amount=5)]


def test_states_say_since_when_a_stage_lasts_and_how_often_a_deal_was_put_off():
    due = [date(2024, 2, n) for n in (10, 5, 20)]
    made = told(
        *DONE,
        change("A", JAN, stage="early", close_date=due[0]),
        change("A", FEB, stage="early", close_date=due[1]),  # brought forward
        change("A", MAR, stage="late", close_date=None),
        change("A", APR, stage="late", close_date=due[2]),  # put off
    )
    rows = made.states.filter(pl.col("deal") == 0).to_dict(as_series=False)
    assert rows["staged"] == [JAN, JAN, MAR, MAR]
    assert rows["pushes"] == [0, 0, 0, 1]
    assert rows["due"] == [due[0], due[1], None, due[2]]


def test_the_last_row_of_a_day_stands_and_none_lies_before_the_deal_was_opened():
    made = told(
        *DONE,
        change("A", JAN, amount=1),
        change("A", FEB, amount=2),
        change("A", FEB, amount=3),
        about=[opportunity("Z", JAN), opportunity("A", FEB)],
    )
    (state,) = made.states.filter(pl.col("deal") == 1).to_dicts()
    assert (state["day"], state["amount"]) == (FEB, 3)


def test_nothing_of_the_day_asked_or_later_is_known():
    rows = [*DONE, change("A", JAN, amount=7), change("A", MAR, "won", amount=9)]
    assert told(*rows, day=MAR).closings["day"].to_list() == [date(2024, 1, 5)]
    assert told(*rows, day=date(2024, 3, 2)).closings["day"].to_list() == [MAR, date(2024, 1, 5)]
    later = [*rows, change("B", MAY, amount=1), change("Z", MAY, "open", amount=1)]
    assert told(*later).states.equals(told(*rows).states)


def test_a_deal_opened_again_was_not_closed_and_counts_once_when_it_is():
    first = [change("A", JAN), change("A", FEB, "lost"), change("A", MAR, "open")]
    assert "A" not in _closed(told(*DONE, *first))
    made = told(*DONE, *first, change("A", APR, "won", amount=4))
    assert _closed(made)["A"] == (APR, True, 4.0)


def _closed(made):
    rows = made.closings.join(made.about, on="deal")
    return {r["opportunity_id"]: (r["day"], r["won"], r["amount"]) for r in rows.to_dicts()}


def test_amounts_are_in_one_currency_at_the_last_rate_before_the_day():
    rates = [
        {"currency": "EUR", "to_currency": "USD", "start_date": day, "rate": rate, "kind": "spot"}
        for day, rate in ((JAN, "1.10"), (APR, "1.20"), (MAY, "9"))
    ]
    about = [opportunity("Z", JAN), opportunity("A", JAN, currency="EUR")]
    made = told(*DONE, change("A", JAN, amount=100), about=about, currency_rates=rates)
    assert made.states.filter(pl.col("amount").is_between(100, 130))["amount"].to_list() == [120.0]


def test_what_cannot_be_used_becomes_an_issue():
    about = [opportunity("Z", JAN), opportunity("A", JAN, currency="CHF"), opportunity("B", JAN)]
    made = told(*DONE, change("A", JAN, amount=100), about=about)
    assert made.issues["what"].to_list() == [
        "1 opportunities have no history",
        "1 opportunities have no rate",
    ]
    assert made.about["opportunity_id"].to_list() == ["Z"]


def test_too_little_is_refused_with_what_would_be_right():
    empty = companies.of([], [])
    with pytest.raises(ParameterError, match="nothing was pursued before 2024-05-01"):
        deals(empty, MAY, "USD")
    with pytest.raises(ParameterError, match="no deal was won or lost before 2024-05-01"):
        told(change("A", JAN))
    with pytest.raises(ParameterError, match="3 are needed"):
        snapshots.asked(told(*DONE, day=MAR), 1)
    with pytest.raises(ParameterError, match="no period of the calendar has 2031-01-01"):
        snapshots.asked(told(*DONE, day=date(2031, 1, 1)), 1)


def test_days_lie_alike_in_their_periods_and_spans_begin_with_them():
    made = snapshots.asked(told(*DONE, day=date(2024, 5, 31)), 2)
    days = made.days["day"].to_list()
    assert days == [date(2024, m, d) for m, d in ((1, 31), (2, 29), (3, 31), (4, 30), (5, 31))]
    last = made.spans.tail(2).to_dicts()
    assert [row["begin"] for row in last] == [date(2024, 5, 31), date(2024, 6, 1)]
    assert [row["place"] for row in last] == [1, 2]


def test_the_calendar_says_how_many_periods_are_ahead():
    made = told(*DONE, day=date(2026, 11, 1))
    assert snapshots.asked(made, 9).spans.filter(pl.col("number") == 34)["lead"].to_list() == [0, 1]


def test_exposures_say_what_became_of_each_deal_in_each_span():
    rows = [change("A", JAN), change("A", date(2024, 3, 5), "lost"), change("B", FEB)]
    made = told(*DONE, *rows)
    asked = snapshots.asked(made, 2)
    found = snapshots.exposures(made, asked).join(
        made.about.select("deal", "opportunity_id"), on="deal"
    )
    seen = found.filter(pl.col("opportunity_id") == "A").select("number", "lead", "open", "closed")
    assert seen.rows() == [
        (1, 0, True, False),  # asked on 1 February of February, and of March
        (1, 1, True, True),
        (2, 0, True, True),
        (2, 1, False, False),
    ]
    assert found.filter(pl.col("opportunity_id") == "B")["number"].unique().sort().to_list() == [
        2,
        3,
        4,
    ]


def test_moves_are_told_apart_and_add_up():
    soon, later = date(2024, 4, 20), date(2024, 6, 20)
    rows = [
        *(change(name, JAN, amount=100, close_date=soon) for name in "WLPGSO"),
        change("M", JAN, amount=70, close_date=later),
        change("W", date(2024, 4, 5), "won", amount=90),
        change("L", date(2024, 4, 6), "lost", amount=100),
        change("P", date(2024, 4, 7), amount=130, close_date=later),
        change("G", date(2024, 4, 8), amount=140, close_date=soon),
        change("S", date(2024, 4, 9), amount=80, close_date=soon),
        change("M", date(2024, 4, 10), amount=75, close_date=soon),
        change("N", date(2024, 4, 11), amount=60, close_date=soon),
        change("N2", date(2024, 4, 11), amount=60, close_date=later),
    ]
    made = moves.moved(told(*DONE, *rows), APR, APR, MAY)
    assert dict(zip(made["step"], made["amount"], strict=True)) == {
        "Open on 1 Apr": 600,
        "New": 60,
        "Moved here": 75,
        "Made larger": 40,
        "Made smaller": -20,
        "Put off": -100,
        "Lost": -100,
        "Won": -100,
        "Open on 1 May": 455,
    }
    assert made["amount"].iloc[:-1].sum() == made["end"].iloc[-1] == 455
