"""The sample company's documents at a month's end, and checks that can fail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.distribution import checks
from spmlib.workbench import distribution
from spmlib.workbench.opened import Workbench
from tests import small
from tests.delivery.test_standing import deliveries, move, on
from tests.shared import sample_workbench

DATA = Path(__file__).resolve().parents[2] / "data"
COUNTED = ["documents", "reached", "acknowledged", "open", "overdue", "chased"]


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return sample_workbench()


def test_the_sample_companys_plans(bench):
    kept = distribution.known(bench, "plan", "2026-10")
    assert kept.day == date(2026, 10, 31)
    told = kept.told()
    assert 0.9 < told["share"] < 1
    assert told["median"] <= told["ninety"]
    assert kept.checked()["holds"].all()
    steps = kept.waiting().groupby("document")["next"].unique()
    assert set(steps["plan"]) == {"visit"}
    assert set(steps["quota"]) <= {"escalate"}  # sent on 12 October, reminded on the 19th and 26th
    assert kept.lacking().empty
    by_team, by_manager = (kept.acknowledged(by)[COUNTED].sum() for by in ("team", "manager_id"))
    assert by_team.to_dict() == by_manager.to_dict()
    assert by_team["acknowledged"] == told["acknowledged"]


@pytest.mark.parametrize("month", [1, 2, 6])
def test_what_was_known_at_a_months_end_is_counted_in_the_file(bench, month):
    ends = f"2026-{month + 1:02}-01"
    moves = pl.read_csv(DATA / "delivery_moves.csv", infer_schema=False)
    gone = pl.read_csv(DATA / "payees.csv", infer_schema=False).filter(pl.col("leave_date") < ends)
    rows = moves.filter((pl.col("document") == "plan") & (pl.col("move_date") < ends))
    there = rows.join(gone, on="payee_id", how="anti")
    counts = {move: len(there.filter(pl.col("move") == move)) for move in ("sent", "acknowledged")}
    told = distribution.known(bench, "plan", f"2026-{month:02}").told()
    assert (told["documents"], told["acknowledged"]) == (counts["sent"], counts["acknowledged"])


def test_before_anything_was_sent_there_is_nothing(bench):
    kept = distribution.known(bench, "plan", "2025-11")
    assert kept.told()["documents"] == 0
    assert kept.curve["open"].tolist() == [1.0]
    assert len(kept.lacking()) > 100  # holds a plan, and no document of it yet


def test_statements_of_a_month_are_known_a_month_later(bench):
    kept = distribution.known(bench, "statement", "2026-10")
    sent = kept.sent("statement").set_index("of")
    assert sent.index.tolist()[-1] == "2026-09"
    assert (sent["sent"] == sent["documents"]).all()
    assert sent["bounced"].sum() > 0
    assert kept.told()["documents"] == 0  # none has to be acknowledged


def test_a_month_that_is_not_there_is_refused(bench):
    with pytest.raises(ParameterError, match="there is no period '2031-13'"):
        distribution.known(bench, "plan", "2031-13")


def holds(rows, made=None, day=9) -> list[bool]:
    held = [{"payee_id": "A", "start_date": on(-30), "plan": "seller"}]
    numbered = [{"move_id": f"{n:03}"} | row for n, row in enumerate(rows)]
    company = small.company(positions=held, delivery_moves=numbered)
    moves, positions = map(engine.collected, (company.delivery_moves, company.positions))
    made = deliveries(rows, day) if made is None else made
    return checks.checked(made, moves, positions, "plan", on(day))["holds"].tolist()


def test_each_check_can_fail():
    rows = [move("sent", 0), move("acknowledged", 1)]
    assert holds(rows) == [True] * 4
    assert holds([]) == [True] * 4
    made = deliveries(rows, 9)
    assert not holds(rows, made.head(0))[0]
    other = made.with_columns(version=pl.lit("2"))
    assert not holds(rows, pl.concat([made, other]))[1]
    assert not holds([move("acknowledged", 1)])[2]
    assert not holds(rows, pl.concat([made, other]))[3]
