"""What may happen to a document, and what may not."""

from __future__ import annotations

from itertools import product

import pytest

from spmlib.incent.distribution import moves
from spmlib.incent.distribution.moves import MoveRefused

EVERY = ["", *moves.MOVES]


def test_each_move_says_what_may_follow():
    assert set(moves.PERMITTED) == set(EVERY)
    for last in EVERY:
        assert moves.permitted(last, again=True) <= set(moves.MOVES)


@pytest.mark.parametrize(("last", "move"), list(product(EVERY, moves.MOVES)))
def test_what_is_not_permitted_is_refused_and_said(last, move):
    if move in moves.permitted(last):
        moves.refuse("plan/x/1/A", last, move)
        return
    with pytest.raises(MoveRefused, match=f"plan/x/1/A: it cannot be {move}, .+; .+"):
        moves.refuse("plan/x/1/A", last, move)


def test_what_left_goes_again_only_where_somebody_says_so():
    for last in ("sending", "sent", "chasing", "chased", "not_chased", "escalated"):
        assert "sending" not in moves.permitted(last)
        assert "sending" in moves.permitted(last, again=True)
    for last in ("acknowledged", "withdrawn"):
        assert "sending" not in moves.permitted(last, again=True)
    for last in ("", "prepared", "failed", "bounced"):
        assert "sending" in moves.permitted(last)


def test_what_never_left_cannot_be_acknowledged_or_chased():
    for last in ("", "prepared", "failed", "bounced"):
        assert not {"acknowledged", "chased", "chasing"} & moves.permitted(last)


def test_a_run_that_ends_late_does_not_undo_an_answer():
    rows = [{"delivery_id": "a", "move": move} for move in ("sending", "acknowledged", "sent")]
    assert moves.lasts(rows) == {"a": "acknowledged"}
    assert moves.lasts([*rows, {"delivery_id": "a", "move": "withdrawn"}]) == {"a": "withdrawn"}
