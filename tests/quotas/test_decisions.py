"""What a year's file decides: read as written, refused with its line, and done to whom it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.quotas import (
    decisions,
    outlooks,
    people,
    plans,
    potentials,
    ramps,
    weights,
    written,
)
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.written import Move, Past, QuotaYear
from tests import small
from tests.quotas.test_judgements import BOOKINGS, TODAY
from tests.quotas.test_judgements import company as sellers

FILE = """\
year: 2027
measure: bookings
roles: [seller]
growth: 0%
mix: {history: 1}
layers: {manager_id: {}, payee_id: {}}
"""


def read(tmp_path, *lines):
    path = tmp_path / "2027.yaml"
    path.write_text(FILE + "\n".join(lines) + "\n", "utf-8")
    return written.read(path)


def test_history_relief_and_moves_are_read_as_written(tmp_path):
    told = read(
        tmp_path,
        "history: {years: 3, weights: [50%, 30%, 20%], winsorised: 10%}",
        "relief:",
        "  A: {from: 2027-03-01, until: 2027-06-01, share: 50%, reason: part time}",
        "  B:",
        "    - {from: 2026-12-01, until: 2027-02-01}",
        "    - {from: 2027-12-01, until: 2028-02-01}",
        "moves:",
        "  - {from: A, to: B, on: 2027-07-01, share: 10%}",
        "  - {from: B, to: A, on: 2027-07-01, accounts: [007, 008]}",
    )
    assert told.past == Past((0.5, 0.3, 0.2), 0.1)
    days = [(one.payee_id, one.begin, one.end, one.share) for one in told.relief]
    assert days == [
        ("A", date(2027, 3, 1), date(2027, 6, 1), 0.5),
        ("B", date(2026, 12, 1), date(2027, 2, 1), 1.0),
        ("B", date(2027, 12, 1), date(2028, 2, 1), 1.0),
    ]
    assert told.relief[0].reason == "part time"
    assert told.relief[2].place == "2027.yaml:12"
    assert (told.moves[0].share, told.moves[0].accounts) == (0.1, ())
    assert (told.moves[1].share, told.moves[1].accounts) == (None, ("007", "008"))
    assert read(tmp_path).past == Past((0.5, 0.5), 0.05)
    assert read(tmp_path, "history: {years: 1}").past.weights == (1.0,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("history: {years: 0}", "2027.yaml:7: 0 years are no history; write 1 or more"),
        ("history: {years: 2, weights: [1]}", "7: 1 weights for 2 years, or none above 0; write"),
        ("history: {weights: [0, 0]}", "7: 2 weights for 2 years, or none above 0"),
        ("history: {winsorised: 51%}", "7: 51% is no part; write 0% to 50%"),
        ("relief: {A: {from: 2027-03-01, untl: 2027-04-01}}", "7: 'untl' is not a word of relief"),
        ("relief: {A: {from: 2027-03-01}}", "7: 'until' is missing; add `until: 2027-06-01`"),
        ("relief: {A: {from: 2027-03-01, until: 2027-03-01}}", "7: relief ends on 2027-03-01, as"),
        ("relief: {A: {from: 2026-03-01, until: 2027-01-01}}", "7: relief lies outside of 2027"),
        ("relief: {A: {from: 2028-01-01, until: 2028-02-01}}", "7: relief lies outside of 2027"),
        ("relief: {A: {from: 2027-03-01, until: 2027-04-01, share: 101%}}", "101% is no part"),
        ("relief: {A: {from: 2027-03-01, until: 2027-04-01, share: -1%}}", "-1% is no part"),
        ("moves: {from: A}", "7: moves are not a list; write `- {from: H1042"),
        ("moves: [{from: A, to: B, on: 2026-12-31, share: 1%}]", "accounts move on 2026-12-31"),
        ("moves: [{from: A, to: B, on: 2027-07-01}]", "7: how much quota moves is not said once"),
        (
            "moves: [{from: A, to: B, on: 2027-07-01, share: 1%, accounts: [a]}]",
            "how much quota moves is not said once; write either `share: 10%` or",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, line, message):
    with pytest.raises(ParameterError) as raised:
        read(tmp_path, line)
    assert message in str(raised.value)


# --- bases --------------------------------------------------------------------------------------


def test_later_years_weigh_more_and_nobody_is_punished_for_years_before_they_came():
    years = [{"A": 30.0, "B": 10.0}, {"A": 10.0, "B": 30.0, "C": 20.0}]
    told = weights.history(years, 0.0, [0.75, 0.25])
    assert told == pytest.approx(
        {"A": 0.75 * 1.5 + 0.25 * 0.5, "B": 0.75 * 0.5 + 0.25 * 1.5, "C": 1.0}
    )
    assert "C" not in weights.history(years, 0.0, [1.0, 0.0])
    assert weights.history(years, 0.0) == weights.history(years, 0.0, [2.0, 2.0])


def test_capacity_is_what_a_full_month_brings_held_towards_all():
    told = weights.capacity({"A": 240.0, "B": 60.0}, {"A": 12, "B": 3, "C": 0})
    usual = 300 / 15
    assert told["A"] == pytest.approx((240 + 6 * usual) / 18)
    assert told["B"] == pytest.approx((60 + 6 * usual) / 9)
    assert told["C"] == pytest.approx(usual)
    assert told["A"] == told["B"]  # 20 a month both
    assert weights.capacity({}, {"A": 0.0}) == {"A": 0.0}


def company(**more):
    """The three sellers with accounts: A has two, B one, nobody has the fourth."""
    base = sellers()
    ids = ("a1", "a2", "b1", "n1")
    worth = {"a1": (30, "USD"), "a2": (60, "EUR"), "b1": (50, "USD"), "n1": (900, "USD")}
    met = [("a1", "B", 1), ("a1", "A", 2), ("a2", "A", 1), ("b1", "B", 1), ("b1", "M", 5)]
    made = small.company(
        accounts=[{"account_id": name, "name": name} for name in ids],
        account_potentials=[
            {"account_id": name, "amount": amount, "currency": currency}
            for name, (amount, currency) in worth.items()
        ],
        opportunities=[
            {"opportunity_id": f"{name}{who}", "created_date": date(2026, month, 1)}
            | {"account_id": name, "owner_id": who, "currency": "USD"}
            for name, who, month in met
        ],
        currency_rates=[
            {"currency": "EUR", "to_currency": "USD", "start_date": day, "rate": rate}
            | {"kind": "spot"}
            for day, rate in ((date(2020, 1, 1), 2), (date(2026, 7, 1), 9))
        ],
        **more,
    )
    return replace(
        base,
        accounts=made.accounts,
        account_potentials=made.account_potentials,
        opportunities=made.opportunities,
        currency_rates=made.currency_rates,
        commitments=made.commitments,
    )


def test_potential_is_that_of_the_accounts_somebody_met_last():
    told = potentials.owned(company(), "USD", TODAY, ["A", "B", "C"])
    assert told.rows() == [("a1", "A", 30.0), ("a2", "A", 120.0), ("b1", "B", 50.0)]
    assert potentials.by_person(told) == {"A": 150.0, "B": 50.0}
    early = potentials.owned(company(), "USD", date(2026, 1, 15), ["A", "B", "C"])
    assert early["payee_id"].to_list() == ["B", "A", "B"]
    with pytest.raises(ParameterError, match="has amounts in EUR, and there is no rate from it to"):
        potentials.owned(company(), "USD", date(2019, 1, 1), ["A"])


def test_commitments_of_the_year_and_measure_count():
    def offer(who, amount, year=2027, measure="bookings", currency="USD"):
        return {
            "payee_id": who, "measure": measure, "start_date": date(year, 1, 1),
            "end_date": date(year + 1, 1, 1), "amount": amount, "currency": currency,
        }  # fmt: skip

    rows = [offer("A", 100), offer("A", 5, 2026), offer("B", 7, measure="x")]
    rows.append(offer("B", 50, currency="EUR"))
    told = decisions.offers(company(commitments=rows), "USD", TODAY, DECIDED)
    assert told == {"A": 100.0, "B": 100.0}


# --- what is decided ----------------------------------------------------------------------------

STEPS = (Layer("manager_id"), Layer("payee_id"))
DECIDED = QuotaYear(2027, "bookings", ("seller",), 0.0, {"history": 1}, STEPS, (), 1)


def ready(said=DECIDED, of=None):
    return decisions.prepared(of or company(), BOOKINGS, "USD", TODAY, said)


def test_the_files_own_mix_is_tried_unless_past_years_do_not_know_it():
    told = ready(replace(DECIDED, mix={"capacity": 1, "even": 2}))
    assert decisions.DECIDED in set(told.errors["method"])
    assert decisions.DECIDED not in set(ready(replace(DECIDED, mix={"potential": 1})).errors.method)
    assert set(outlooks.MIXES) <= set(told.errors["method"])


def test_quota_goes_by_potential_where_it_is_decided():
    said = replace(DECIDED, mix={"potential": 0.5, "even": 0.5})
    quota = decisions.made(ready(said), said, 1200).units.sum(axis=1)
    assert quota.tolist() == [650, 350, 200]  # 450 + 200, 150 + 200, none + 200


def test_relief_takes_its_part_and_the_others_make_up_for_it():
    relief = (ramps.Absence("B", date(2027, 1, 1), date(2028, 1, 1), 0.5, "part time", "f:1"),)
    said = replace(DECIDED, mix={"even": 1}, relief=relief)
    plan = decisions.made(ready(said), said, 1000)
    assert plan.units.sum(axis=1).tolist() == [400, 200, 400]
    told = decisions.lessened(ready(said), {"B": "Ben"})
    assert told["name"].to_list() == ["Ben"]
    assert told[["ramp", "away", "carried"]].iloc[0].to_list() == pytest.approx([0, 0.5, 0.5])
    assert told["why"][0] == "part time, 50% from 2027-01-01 to 2028-01-01"
    wrong = replace(said, relief=(replace(relief[0], payee_id="X"),))
    with pytest.raises(ParameterError, match="f:1: X carries no quota; write one of: A, B, C"):
        ready(wrong)


def on_leave(end):
    """The sellers, C on leave from April until a day."""
    held = [
        {"payee_id": name, "start_date": date(2020, 1, 1), "role": "seller", "team": "sales"}
        | {"territory_id": "N", "manager_id": "M"}
        for name in "AB"
    ]
    off = {"payee_id": "C", "start_date": date(2026, 4, 1), "end_date": end, "status": "leave"}
    held.append(off | {"role": "seller", "team": "sales", "territory_id": "N", "manager_id": "M"})
    return replace(company(), positions=small.company(positions=held).positions)


def test_leave_that_positions_know_takes_quota_away():
    said = replace(DECIDED, mix={"even": 1})
    of = on_leave(date(2027, 3, 1))
    assert people.leaves(of, ["A", "B", "C"], 2027)[0].end == date(2027, 3, 1)
    assert people.leaves(of, ["A", "B", "C"], 2028) == []
    known = ready(said, of)
    assert known.carried[2].tolist() == [0, 0, *[1] * 10]
    assert decisions.lessened(known, {})["why"][0].startswith("leave of absence from 2026-04-01")


def test_who_is_away_all_year_carries_nothing_and_is_left_out():
    known = ready(replace(DECIDED, mix={"even": 1}), on_leave(None))
    assert known.people["payee_id"].to_list() == ["A", "B"]
    assert known.absences == ()
    assert known.carried.shape == (2, 12)


def test_accounts_carry_their_quota_and_what_is_expected():
    move = Move("A", "C", date(2027, 7, 1), accounts=("a2",), place="f:9")  # 120 of 150
    said = replace(DECIDED, moves=(move,))
    known = ready(said)
    before = decisions.made(known, DECIDED, 3900)
    after = decisions.made(known, said, 3900)
    gone = before.units - after.units
    assert gone[0, :6].tolist() == [0] * 6
    assert gone[0, 6:] == pytest.approx(before.units[0, 6:] * 0.8, abs=0.51)
    assert (gone[2] == -gone[0]).all()
    assert after.units.sum() == before.units.sum()
    assert outlooks.checks(known, after)["holds"].all()
    told = decisions.moves(known, said, 3900, {"A": "Ada"})
    assert told[["giver", "taker", "accounts"]].iloc[0].to_list() == ["Ada", "C", 1]
    assert told["amount"].to_list() == [gone[0].sum()]
    one, other = outlooks.expected(known, before)[0], outlooks.expected(known, after)[0]
    assert one.sum() == pytest.approx(other.sum())
    assert other[0] / one[0] == pytest.approx(after.units[0].sum() / before.units[0].sum())
    assert other[1] == one[1]


def test_accounts_of_somebody_else_do_not_move():
    for accounts, message in (
        (("b1",), "f:9: account b1 is not one of A's that has a potential; write one of: a1, a2"),
        (("n1",), "f:9: account n1 is not one of A's"),
    ):
        move = Move("A", "C", date(2027, 7, 1), accounts=accounts, place="f:9")
        with pytest.raises(ParameterError, match=message):
            decisions.made(ready(), replace(DECIDED, moves=(move,)), 3900)
    unknown = Move("A", "X", date(2027, 7, 1), 0.1, place="f:9")
    with pytest.raises(ParameterError, match="f:9: X has no quota; name somebody who has one"):
        decisions.made(ready(), replace(DECIDED, moves=(unknown,)), 3900)


def test_offers_are_held_against_quotas_layer_by_layer():
    known = ready()
    plan = decisions.made(known, DECIDED, 3900)
    rows = decisions.gaps(plan, known, DECIDED, {"A": 1500.0, "B": 2000.0}, {"A": "Ada"})
    assert rows["layer"].to_list() == ["company", "manager_id", *["payee_id"] * 3]
    assert rows["up"].to_list() == [3500, 3500, 1500, 2000, 0]
    assert rows["gap"].to_numpy() == pytest.approx(rows["down"].to_numpy() - rows["up"].to_numpy())
    assert rows["name"].to_list() == ["company", "M", "Ada", "B", "C"]
    assert rows["gap"][2:].sum() == pytest.approx(rows["gap"][0])


def test_moves_keep_what_was_rounded_apart_from_what_moved():
    plan = decisions.made(ready(), DECIDED, 3900)
    twice = plans.moved(plans.moved(plan, "A", "B", 0.5, date(2027, 1, 1)), "B", "C", 1.0, TODAY)
    np.testing.assert_array_equal(twice.units - twice.moved, plan.units)
    assert twice.units[1].sum() == 0
    total = engine.collected(twice.quotas)["amount"].sum()
    assert total == engine.collected(plan.quotas)["amount"].sum()
