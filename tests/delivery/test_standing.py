"""How far each document is: by hand, at the edges, and against a slow oracle."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest

from spmlib.core import engine, tables
from spmlib.incent.distribution import moves, shares, standing
from spmlib.incent.distribution.standing import Chasing
from tests import small

DAY = date(2026, 1, 12)
RULE = Chasing(documents=("plan",), after=7, every=5, escalate=2, most=3)


def on(days: int) -> date:
    return DAY + timedelta(days)


def move(what: str, days: int, payee: str = "A", version: str = "1", number=None, **more):
    row = {"move": what, "move_date": on(days), "payee_id": payee, "version": version}
    return {"document": "plan", "of": "seller", "number": number} | row | more


def deliveries(rows, day: int, left: dict[str, int] | None = None, rule=RULE) -> pl.DataFrame:
    gone = left or {}
    people = [
        {"payee_id": one, "leave_date": on(gone[one]) if one in gone else None} for one in "ABCM"
    ]
    held = [
        {"payee_id": one, "start_date": on(-30), "plan": "seller", "team": "sales", "role": "rep"}
        | {"manager_id": "M"}
        for one in "ABC"
    ]
    numbered = [{"move_id": f"{n:03}"} | row for n, row in enumerate(rows)]
    company = small.company(payees=people, positions=held, delivery_moves=numbered)
    parts = (company.delivery_moves, company.payees, company.positions)
    return standing.deliveries(*map(engine.collected, parts), rule, on(day))


def one(rows, day: int, **more) -> dict:
    (row,) = deliveries(rows, day, **more).to_dicts()
    return row


def test_the_columns_are_those_of_the_table():
    made = deliveries([move("sent", 0)], 3)
    assert made.columns == list(tables.Deliveries.columns())
    assert one([move("sent", 0)], 3)["delivery_id"] == "plan/seller/1/A"
    assert deliveries([], 3).is_empty()


@pytest.mark.parametrize(
    ("day", "overdue", "next_", "due"), [(6, 0, "chase", 7), (7, 0, "chase", 7), (8, 1, "chase", 7)]
)
def test_overdue_from_the_day_after_it_is_due(day, overdue, next_, due):
    row = one([move("sent", 0)], day)
    assert (row["overdue_days"], row["next"], row["next_date"]) == (overdue, next_, on(due))
    assert (row["due_date"], row["days"], row["status"]) == (on(7), day, "sent")


@pytest.mark.parametrize(
    ("chases", "next_", "days"),
    [
        ([], "chase", 7),
        (["chased"], "chase", 7 + 5),
        (["chased", "chased"], "escalate", 8 + 5),
        (["chased", "chased", "escalated"], "visit", 9 + 5),
    ],
)
def test_after_reminders_the_manager_and_then_nobody_else(chases, next_, days):
    row = one([move("sent", 0), *(move(c, 7 + n) for n, c in enumerate(chases))], 20)
    assert (row["next"], row["next_date"]) == (next_, on(days))
    assert row["chased_count"] == len(chases)
    assert (row["team"], row["manager_id"]) == ("sales", "M")


def test_acknowledged_is_the_end_of_it():
    row = one([move("sent", 0), move("chased", 7), move("acknowledged", 9)], 30)
    assert (row["status"], row["acknowledged_date"], row["days"]) == ("acknowledged", on(9), 9)
    assert (row["overdue_days"], row["next"], row["next_date"]) == (0, None, None)


def test_only_what_is_known_on_the_day_counts():
    rows = [move("sent", 0), move("acknowledged", 9)]
    assert one(rows, 8)["status"] == "sent"
    assert one(rows, 9)["status"] == "acknowledged"
    assert deliveries(rows, -1).is_empty()


def test_what_need_not_be_acknowledged_is_never_overdue():
    row = one([move("sent", 0, document="statement")], 100)
    assert (row["asked"], row["overdue_days"], row["next"], row["days"]) == ("no", 0, None, None)


@pytest.mark.parametrize("last", ["failed", "bounced", "prepared"])
def test_what_did_not_arrive_is_sent_again(last):
    before = {"failed": ["sending"], "bounced": ["sent"], "prepared": []}[last]
    row = one([move(what, 0, number=n) for n, what in enumerate([*before, last], 1)], 30)
    assert (row["status"], row["next"], row["overdue_days"]) == (last, "send", 0)


def test_what_nobody_knows_of_is_looked_into():
    assert one([move("sending", 0)], 1)["next"] == "look"
    chasing = one([move("sent", 0), move("chasing", 8)], 30)
    assert (chasing["next"], chasing["status"], chasing["overdue_days"]) == ("look", "sent", 23)


def test_a_new_version_makes_the_old_acknowledgement_void():
    rows = [move("sent", 0), move("acknowledged", 1), move("sent", 5, version="2")]
    old, new = deliveries(rows, 6).to_dicts()
    assert (old["status"], old["superseded_by"]) == ("superseded", "2")
    assert (new["status"], new["superseded_by"], new["next"]) == ("sent", None, "chase")
    assert deliveries(rows, 4)["status"].to_list() == ["acknowledged"]
    withdrawn = deliveries([*rows, move("withdrawn", 7, version="2")], 8)
    assert withdrawn["status"].to_list() == ["acknowledged", "withdrawn"]


def test_versions_of_others_and_of_other_plans_do_not_matter():
    rows = [move("sent", 0), move("sent", 5, "B", "2"), move("sent", 6, of="lead", version="2")]
    assert set(deliveries(rows, 9)["status"]) == {"sent"}


def test_sent_again_the_clock_and_the_reminders_start_again():
    rows = [move("sent", 0), move("chased", 7), move("bounced", 8), move("sent", 9)]
    row = one(rows, 20)
    assert (row["chased_count"], row["due_date"], row["overdue_days"]) == (0, on(16), 4)


@pytest.mark.parametrize(("left", "chased"), [(9, False), (10, False), (11, True)])
def test_who_has_left_is_not_chased(left, chased):
    row = one([move("sent", 0)], 10, left={"A": left})
    assert (row["next"] == "chase") == chased == (row["overdue_days"] == 3)
    assert row["days"] == min(left, 10)
    table = shares.acknowledged(deliveries([move("sent", 0)], 10, left={"A": left}))
    assert len(table) == chased


def test_moves_of_one_day_follow_their_number_then_their_course():
    rows = [move("acknowledged", 0), move("sent", 0)]  # the table need not be in order
    assert one(rows, 0)["status"] == "acknowledged"
    again = [("sent", 3), ("bounced", 2), ("sent", 1)]
    assert one([move(what, 0, number=n) for what, n in again], 0)["status"] == "sent"
    turned = [("sent", 1), ("bounced", 3), ("sending", 2)]
    assert one([move(what, 0, number=n) for what, n in turned], 0)["status"] == "bounced"


def test_against_an_oracle_that_walks_through_all_moves():
    draw = random.Random(7)
    for _ in range(60):
        rows, days = [], 0
        for payee in "ABC":
            last, days = "", 0
            while draw.random() < 0.8:
                options = sorted(moves.permitted(last, again=True))
                if not options:
                    break
                last, days = draw.choice(options), days + draw.randrange(6)
                rows.append(move(last, days, payee, number=len(rows) + 1))
        day = draw.randrange(30)
        told = {row["payee_id"]: row for row in deliveries(rows, day).to_dicts()}
        for payee in "ABC":
            expected = walked([row for row in rows if row["payee_id"] == payee], day)
            got = told.get(payee)
            assert expected == (got and {name: got[name] for name in expected})


def walked(rows, day):
    """What one person's moves come to by a day, step by step."""
    status, sent, answered, chased, count, pending = "prepared", None, None, None, 0, False
    known = [row for row in rows if row["move_date"] <= on(day)]
    if not known:
        return None
    for row in known:
        what, when = row["move"], row["move_date"]
        pending = what == "chasing"
        if what == "sent":
            sent, count, chased = when, 0, None
        if what in ("chased", "escalated"):
            count, chased = count + 1, when
        if what == "acknowledged":
            answered = answered or when
        if what in ("withdrawn", "acknowledged") or (
            what in moves.WAYS and status not in ("withdrawn", "acknowledged")
        ):
            status = what
    waits = status == "sent"
    over = max(0, (on(day) - sent).days - 7) if waits else 0
    return {
        "status": status,
        "sent_date": sent,
        "acknowledged_date": answered,
        "chased_count": count,
        "chased_date": chased,
        "overdue_days": over,
        "next": _step(status, count, pending),
    }


def _step(status, count, pending):
    if status == "sending" or (status == "sent" and pending):
        return "look"
    if status in ("prepared", "failed", "bounced"):
        return "send"
    if status != "sent":
        return None
    return "visit" if count >= 3 else "escalate" if count >= 2 else "chase"
