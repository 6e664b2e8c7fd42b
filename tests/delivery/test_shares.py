"""How much is acknowledged, how fast, and who has nothing."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.incent.distribution import shares
from tests import small
from tests.delivery.test_standing import deliveries, move, on

# Remission of 21 patients given 6-MP, in weeks: Freireich et al., Blood 21 (1963), and the estimate
# as it is printed in many courses. True: the remission ended then; else it was still going on.
ENDED = [(6, 3), (7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1)]
LASTING = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_published_remissions():
    ended = [week for week, count in ENDED for _ in range(count)]
    curve = shares.still_open([*ended, *LASTING], [True] * len(ended) + [False] * len(LASTING))
    got = dict(zip(curve["day"].to_list()[1:], curve["open"].round(3).to_list()[1:], strict=True))
    assert got == PRINTED
    assert curve["at_risk"].to_list() == [21, 21, 17, 15, 12, 11, 7, 6]
    assert shares.days_until(curve, 0.5) == 23
    assert shares.days_until(curve, 0.25) == 13
    assert shares.days_until(curve, 0.9) == math.inf


def test_as_statsmodels_has_it():
    from statsmodels.duration.survfunc import SurvfuncRight

    draw = np.random.default_rng(3)
    for _ in range(20):
        days, done = draw.integers(1, 30, 50), draw.random(50) < 0.7
        theirs = SurvfuncRight(days, done.astype(int))
        ours = shares.still_open(days.tolist(), done.tolist())[1:]
        kept = np.isin(theirs.surv_times, ours["day"].to_numpy())
        assert theirs.surv_prob[kept] == pytest.approx(ours["open"].to_numpy())


def test_without_open_ones_it_is_the_plain_share():
    days = [1, 1, 2, 3, 8]
    curve = shares.still_open(days, [True] * 5)
    assert curve["open"].to_list() == pytest.approx([1, 0.6, 0.4, 0.2, 0])
    assert [shares.days_until(curve, s) for s in (0.4, 0.41, 0.8, 1)] == [1, 2, 3, 8]


def test_nobody_answered_and_nobody_asked():
    assert shares.still_open([5, 9], [False, False])["open"].to_list() == [1.0]
    assert shares.days_until(shares.still_open([], []), 0.5) == math.inf


@pytest.mark.parametrize(("days", "done"), [([1, 2], [True]), ([-1], [True])])
def test_what_is_no_time_is_refused(days, done):
    with pytest.raises(ValueError, match="one number from 0 up"):
        shares.still_open(days, done)


def test_shares_by_hand():
    rows = [move("sent", 0, "A"), move("acknowledged", 2, "A"), move("sent", 0, "B")]
    rows += [move("chased", 7, "B"), move("sending", 0, "C"), move("failed", 0, "C")]
    rows += [move("sent", 0, "A", document="statement")]
    (row,) = shares.acknowledged(deliveries(rows, 10)).to_dicts()
    assert row == {
        "team": "sales",
        "documents": 3,
        "reached": 2,
        "acknowledged": 1,
        "share": pytest.approx(1 / 3),
        "open": 1,
        "overdue": 1,
        "chased": 1,
        "longest": 3,
    }
    assert shares.waited(deliveries(rows, 10), "plan") == ([2, 10], [True, False])


def test_parts_add_up_to_the_whole():
    rows = [move("sent", n, who, document=d) for n, who in enumerate("ABC") for d in ("plan", "q")]
    made = deliveries(rows, 40)
    whole = shares.acknowledged(made, ("asked",))
    by_person = shares.acknowledged(made, ("payee_id",))
    for name in ("documents", "reached", "acknowledged", "open", "overdue", "chased"):
        assert whole[name].sum() == by_person[name].sum()


def test_who_holds_a_plan_and_has_no_document_is_named():
    rows = [move("sent", 0, "A"), move("failed", 0, "B"), move("sent", 0, "M", of="other")]
    held = [
        {"payee_id": one, "start_date": on(-30), "end_date": end, "plan": plan, "team": "sales"}
        for one, plan, end in [
            *(("A", "seller", None), ("B", "seller", None), ("C", "seller", None)),
            *(("M", None, None), ("D", "seller", on(5)), ("E", "seller", on(6))),
        ]
    ]
    people = [{"payee_id": one} for one in "ABCDEM"]
    positions = engine.collected(small.company(payees=people, positions=held).positions)
    got = shares.lacking(deliveries(rows, 5), positions, "plan", on(5))
    assert got.select("payee_id", "status").rows() == [("B", "failed"), ("C", None), ("E", None)]


def test_an_old_version_counts_as_none():
    rows = [move("sent", 0), move("acknowledged", 1), move("failed", 5, version="2")]
    held = [{"payee_id": "A", "start_date": on(-30), "plan": "seller"}]
    positions = engine.collected(small.company(positions=held).positions)
    made = deliveries(rows, 9)
    assert shares.lacking(made, positions, "plan", on(9))["status"].to_list() == ["failed"]
    assert made.filter(pl.col("version") == "1")["status"].to_list() == ["superseded"]


def test_what_was_sent_by_hand():
    rows = [move("sent", 0, "A", of="2026-01"), move("bounced", 0, "A", of="2026-01", number=2)]
    rows += [move("sent", 1, "A", of="2026-01"), move("sent", 0, "B", of="2026-01")]
    rows += [move("bounced", 1, "B", of="2026-01"), move("sending", 0, "C", of="2026-01")]
    rows += [move("sent", 0, "A", of="2026-02"), move("acknowledged", 1, "A", of="2026-02")]
    brought = pl.DataFrame([{"version": "1"} | row for row in rows]).select(
        "payee_id", "document", "of", "version", "move"
    )
    got = shares.sent(deliveries(rows, 5), brought, "plan")
    assert got.rows() == [("2026-01", 3, 1, 2, 1, 1), ("2026-02", 1, 1, 0, 0, 0)]
    assert shares.sent(deliveries(rows, 5), brought, "statement").is_empty()
