"""Every move of a dispute, permitted or not; who may do it, and what it has to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.incent.disputes import moves, written
from spmlib.incent.disputes.moves import MOVES, PERMITTED, Claim, MoveRefused

FILE = Path(__file__).parents[2] / "parameters/policies/disputes.yaml"
DECIDED = written.read(FILE)
DAY = date(2026, 11, 10)
CLAIM = Claim("P1", "seller", "2026-10", date(2026, 11, 1), ("0A1B2C3D4E",), "",
              Decimal("120.50"), "USD", "The owner is wrong.", "wrong_owner")  # fmt: skip
BY = "sales compensation"
WAYS = {  # how a dispute comes to stand so
    "raised": (),
    "acknowledged": ("acknowledged",),
    "investigating": ("acknowledged", "investigating"),
    "accepted": ("acknowledged", "accepted"),
    "rejected": ("acknowledged", "rejected"),
    "withdrawn": ("withdrawn",),
    "closed": ("acknowledged", "accepted", "closed"),
}
SAID = {
    "accepted": {"granted": Decimal("100.00"), "remedy": "data", "reason": "It is so."},
    "rejected": {"reason": "It is not."},
}


def step(rows, move, by=None, day=DAY, **said):
    if move == "closed":
        moves.refuse(rows[0]["dispute_id"], rows[-1]["move"], move)
        return moves.closed(rows[0]["dispute_id"], 7, "2026-11", day)
    who = by or ("P1" if move == "withdrawn" else BY)
    return moves.moved(rows, move, who, day, DECIDED, SAID.get(move, {}) | said)


def standing(status):
    rows = [moves.raised("DSP-0001", CLAIM, "P1", DAY, DECIDED)]
    for move in WAYS[status]:
        rows.append(step(rows, move))
    assert rows[-1]["move"] == status
    return rows


@pytest.mark.parametrize("last", MOVES)
@pytest.mark.parametrize("move", MOVES)
def test_each_move_after_each(last, move):
    rows = standing(last)
    if move in PERMITTED[last]:
        assert step(rows, move)["move"] == move
    else:
        right = " or ".join(PERMITTED[last]) or "that is its end; raise another"
        with pytest.raises(MoveRefused, match=f"it cannot be {move}, it is {last}; .*{right}"):
            step(rows, move)


def test_what_may_follow_is_this_and_no_more():
    pairs = {(last, move) for last, options in PERMITTED.items() for move in options}
    assert pairs == {
        ("", "raised"), ("raised", "acknowledged"), ("raised", "withdrawn"),
        ("acknowledged", "investigating"), ("acknowledged", "accepted"),
        ("acknowledged", "rejected"), ("acknowledged", "withdrawn"),
        ("investigating", "accepted"), ("investigating", "rejected"),
        ("investigating", "withdrawn"), ("accepted", "closed"),
    }  # fmt: skip


RAISED = {
    "nobody says so": ({}, {"by": " "}),
    "no line is named": ({"lines": ()}, {}),
    "a line is named twice": ({"lines": ("A", "A")}, {}),
    "nothing is said": ({"says": ""}, {}),
    "0 is claimed": ({"claimed": Decimal(0)}, {}),
    "the window ended 90 days after 2026-10 ended": ({}, {"day": date(2027, 1, 30)}),
}


@pytest.mark.parametrize("wrong", RAISED)
def test_what_cannot_be_raised(wrong):
    claim, said = RAISED[wrong]
    words = {"by": "P1", "day": DAY} | said
    with pytest.raises(MoveRefused, match=wrong):
        moves.raised("DSP-0001", replace(CLAIM, **claim), words["by"], words["day"], DECIDED)


def test_the_last_day_of_the_window_is_in_it():
    row = moves.raised("DSP-0001", CLAIM, "P1", date(2027, 1, 29), DECIDED)
    assert row["due_date"] == "2027-02-13"  # 15 days for a wrong owner


def test_large_claims_are_due_sooner():
    for amount, due in ((5000, "2026-11-25"), (5001, "2026-11-17"), (-5001, "2026-11-17")):
        claim = replace(CLAIM, claimed=Decimal(amount))
        assert moves.raised("D", claim, "P1", DAY, DECIDED)["due_date"] == due


@pytest.mark.parametrize("status", MOVES)
def test_a_line_is_in_one_dispute_at_a_time(status):
    known = standing(status)
    if status in ("rejected", "withdrawn", "closed"):
        moves.raised("DSP-0002", CLAIM, "P1", DAY, DECIDED, known)
    else:
        with pytest.raises(MoveRefused, match="0A1B2C3D4E is disputed by DSP-0001 already"):
            moves.raised("DSP-0002", CLAIM, "P1", DAY, DECIDED, known)


MOVED = {
    "P1 raised it; let somebody else decide": ("accepted", {"by": "P1"}),
    "P2 may not decide; ask one of: sales compensation": ("rejected", {"by": "P2"}),
    "P2 did not raise it": ("withdrawn", {"by": "P2"}),
    "no reason is given": ("rejected", {"reason": " "}),
    "no amount is granted": ("accepted", {"granted": None}),
    "0 is granted; reject it": ("accepted", {"granted": Decimal(0)}),
    "1.005 has more decimals than USD": ("accepted", {"granted": Decimal("1.005")}),
    "remedy 'cash' means nothing": ("accepted", {"remedy": "cash"}),
    "above what one alone may grant": ("accepted", {"granted": Decimal("2500.01")}),
    "decides and approves": ("accepted", {"granted": Decimal(3000), "approved_by": BY}),
    "P1 raised it": ("accepted", {"granted": Decimal(3000), "approved_by": "P1"}),
    "2026-11-09 is before its last move": ("rejected", {"day": date(2026, 11, 9)}),
    "nothing is granted when it is rejected": ("rejected", {"granted": Decimal(1)}),
}


@pytest.mark.parametrize("wrong", MOVED)
def test_who_may_move_it_and_how(wrong):
    move, said = MOVED[wrong]
    with pytest.raises(MoveRefused, match=wrong):
        step(standing("acknowledged"), move, **said)


def test_two_decide_above_the_limit_and_one_at_it():
    rows = standing("acknowledged")
    assert step(rows, "accepted", granted=Decimal("2500.00"))["granted"] == "2500.00"
    two = step(rows, "accepted", granted=Decimal("-2500.01"), approved_by="finance")
    assert two["approved_by"] == "finance"


def test_a_cause_has_to_be_known_before_it_is_accepted():
    rows = [moves.raised("D", replace(CLAIM, cause=""), "P1", DAY, DECIDED)]
    rows.append(step(rows, "acknowledged"))
    with pytest.raises(MoveRefused, match="no cause is given"):
        step(rows, "accepted")
    with pytest.raises(ParameterError, match="'owner' is no cause; write 'wrong_owner'"):
        step(rows, "accepted", cause="owner")
    assert step(rows, "accepted", cause="hierarchy")["cause"] == "hierarchy"


def test_a_new_cause_brings_its_owner():
    rows = standing("acknowledged")
    assert step(rows, "investigating", cause="hierarchy")["owner"] == "people operations"
    assert step(rows, "investigating", cause="hierarchy", owner="me")["owner"] == "me"


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from([BY, "P1", "P2"])), max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_tried_the_dispute_stays_consistent(tries):
    rows = standing("raised")
    for move, by in tries:
        try:
            rows.append(step(rows, move, by))
        except MoveRefused:
            continue
    words = [row["move"] for row in rows]
    assert words[0] == "raised" and words.count("raised") == 1
    assert all(b in PERMITTED[a] for a, b in pairwise(words))
    assert len(set(words)) == len(words)
    assert sum(word in ("accepted", "rejected", "withdrawn") for word in words) <= 1
    assert ("closed" in words) <= ("accepted" in words)
    assert all(row["by"] == BY for row in rows if row["move"] in ("accepted", "rejected"))


BROKEN = {
    "'windows' is not a word": ("window: 90", "windows: 90"),
    "`window: 0` is below 1": ("window: 90 ", "window: 0 "),
    "'deciders' is missing": ("deciders: [", "# ["),
    "'USX' is no currency": ("{USD: 2_500", "{USX: 2_500"),
    "'-1' is no amount": ("{USD: 2_500", "{USD: -1"),
    "'late' is not a word of causes": ("late_booking:", "late:"),
    "'days' is missing": ("days: 10}", "}"),
}


@pytest.mark.parametrize("wrong", BROKEN)
def test_what_is_written_wrong_is_refused_with_its_line(tmp_path, wrong):
    old, new = BROKEN[wrong]
    path = tmp_path / "disputes.yaml"
    path.write_text(FILE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ParameterError, match=rf"disputes.yaml:\d+: .*{wrong}"):
        written.read(path)
