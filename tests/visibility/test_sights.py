"""Who sees whom: peers, former managers, levels in between, empty seats, rings, and leavers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.visibility import hierarchy, sights, written

POLICY = written.read(Path(__file__).resolve().parents[2] / "parameters/policies/visibility.yaml")
DAY = date(2026, 6, 30)
START = date(2026, 1, 1)
PEOPLE = [
    ("CRO", None, "chief_revenue_officer"),
    ("DIR", "CRO", "sales_director"),
    ("ONE", "DIR", "sales_manager"),
    ("TWO", "DIR", "sales_manager"),
    ("A", "ONE", "account_executive"),
    ("B", "ONE", "account_executive"),
    ("C", "TWO", "account_executive"),
]


def positions(*rows, without=()):
    """Those above, but for people of `without`, and rows: who, manager, role, start, end."""
    plain = [(*row, START, None) for row in PEOPLE if row[0] not in without]
    names = ["payee_id", "manager_id", "role", "start_date", "end_date"]
    kinds = dict.fromkeys(names[:3], pl.String) | dict.fromkeys(names[3:], pl.Date)
    made = pl.DataFrame([*plain, *rows], schema=kinds, orient="row")
    return made.with_columns(team=pl.lit("sales"), plan=pl.lit("p"), status=pl.lit("active"))


def seen(rows, viewer, what="attainment", day=DAY, since=None):
    return set(sights.visible(rows, viewer, day, POLICY, since).people[what])


@pytest.mark.parametrize(
    ("viewer", "attainment", "pay"),
    [
        ("A", {"A"}, {"A"}),  # not peers, not the manager
        ("ONE", {"ONE", "A", "B"}, {"ONE"}),  # the team, not its pay; not the other team
        ("TWO", {"TWO", "C"}, {"TWO"}),
        ("DIR", {"DIR", "ONE", "TWO", "A", "B", "C"}, {"DIR", "ONE", "TWO", "A", "B", "C"}),
        ("CRO", {row[0] for row in PEOPLE}, {row[0] for row in PEOPLE}),
    ],
)
def test_each_sees_as_far_as_the_role(viewer, attainment, pay):
    assert seen(positions(), viewer) == attainment
    assert seen(positions(), viewer, "pay") == pay


def test_a_move_of_manager_counts_from_its_day():
    moved = positions(
        ("A", "ONE", "account_executive", START, date(2026, 5, 1)),
        ("A", "TWO", "account_executive", date(2026, 5, 1), None),
        without={"A"},
    )
    before, after = date(2026, 4, 30), date(2026, 5, 1)
    assert ("A" in seen(moved, "ONE", day=before), "A" in seen(moved, "TWO", day=before)) == (
        True,
        False,
    )
    assert ("A" in seen(moved, "ONE", day=after), "A" in seen(moved, "TWO", day=after)) == (
        False,
        True,
    )
    assert "A" not in seen(moved, "ONE", since=date(2026, 1, 1))  # moved, not gone
    assert "A" in seen(moved, "DIR", day=before) and "A" in seen(moved, "DIR", day=after)


def test_who_left_sees_nothing_and_is_seen_for_the_month_only():
    left = positions(("A", "ONE", "account_executive", START, date(2026, 6, 15)), without={"A"})
    with pytest.raises(ParameterError, match=r"A holds no position on 2026-06-30 and sees nothing"):
        seen(left, "A")
    assert "A" not in seen(left, "ONE")
    assert "A" in seen(left, "ONE", since=date(2026, 6, 1))
    assert "A" not in seen(left, "ONE", since=date(2026, 6, 15))
    assert "A" in seen(left, "CRO")


def test_an_empty_seat_does_not_cut_the_chain_and_gives_nobody_else_sight():
    vacant = positions(("ONE", "DIR", "sales_manager", START, date(2026, 6, 1)), without={"ONE"})
    assert {"A", "B"} <= seen(vacant, "DIR", "pay")
    assert "A" not in seen(vacant, "TWO")


@pytest.mark.parametrize("manager", ["A", "B", "ONE"])
def test_a_ring_is_refused(manager):
    ring = positions(("ONE", manager, "sales_manager", START, None), without={"ONE"})
    with pytest.raises(
        ParameterError, match=r"positions on 2026-06-30: .* who reports to .*; give one"
    ):
        sights.sights(ring, DAY, POLICY)


def test_later_and_unknown_positions_give_nothing():
    later = positions(("A", "TWO", "account_executive", date(2026, 7, 1), None))
    assert "A" not in seen(later, "TWO")
    with pytest.raises(ParameterError, match="X holds no position"):
        seen(later, "X")


def test_two_roles_see_as_the_wider_and_two_managers_both():
    both = positions(
        ("B", None, "sales_director", START, None), ("A", "TWO", "account_executive", START, None)
    )
    assert "A" in seen(both, "ONE") and "A" in seen(both, "TWO")
    assert seen(both, "B") == {"B"}  # a director of nobody


def test_columns_of_what_is_not_seen_are_empty():
    sight = sights.visible(positions(), "ONE", DAY, POLICY)
    rows = pl.DataFrame(
        {"payee_id": ["A", "C", "ONE"], "attainment": [0.5, 0.6, 0.7], "earned": [11, 12, 13]}
    )
    assert sight.shown(rows).rows() == [("A", 0.5, None), ("ONE", 0.7, 13)]
    assert "earned" not in sight.columns("A") and "earned" in sight.columns("ONE")
    assert sight.columns("C") == ()


def test_a_refusal_says_who_may():
    table = sights.sights(positions(), DAY, POLICY)
    sights.refuse_unseen(table, "DIR", "A", "pay")
    with pytest.raises(ParameterError, match=r"ONE may not see the pay of A; A, DIR, CRO may\."):
        sights.refuse_unseen(table, "ONE", "A", "pay")
    with pytest.raises(ParameterError, match=r"'wages' is nothing that is seen; write attainment"):
        sights.refuse_unseen(table, "ONE", "A", "wages")


def test_everybody_has_one_team_of_one_region():
    made = hierarchy.places(positions(), DAY, POLICY.regions)
    held = {row["payee_id"]: (row["team_id"], row["region_id"]) for row in made.to_dicts()}
    assert held["A"] == ("ONE", "DIR") and held["ONE"] == ("ONE", "DIR")
    assert held["DIR"] == ("DIR", "DIR") and held["CRO"] == ("CRO", "CRO")
    assert made["payee_id"].is_unique().all()
    assert made.group_by("team_id").agg(pl.col("region_id").n_unique())["region_id"].max() == 1


@pytest.mark.parametrize("seed", range(8))
def test_trees_at_random_against_walking_up(seed):
    import random

    draw = random.Random(seed)
    above = {str(n): str(draw.randrange(n)) if n else None for n in range(40)}
    roles = ["sales_manager", "sales_director", "account_executive", "chief_revenue_officer"]
    role = {who: draw.choice(roles) for who in above}
    rows = pl.DataFrame(
        [(who, boss, role[who], START, None) for who, boss in above.items()],
        schema=positions()
        .select("payee_id", "manager_id", "role", "start_date", "end_date")
        .schema,
        orient="row",
    ).with_columns(team=pl.lit("t"), plan=pl.lit("p"), status=pl.lit("active"))
    found = set(
        sights.sights(rows, DAY, POLICY).filter("pay").select("viewer_id", "payee_id").rows()
    )
    wanted = set()
    for who in above:
        wanted.add((who, who))
        boss, steps = above[who], 1
        while boss is not None:
            scope = POLICY.scope(role[boss], "pay")
            if scope in ("region", "company") or (scope == "team" and steps == 1):
                wanted.add((boss, who))
            boss, steps = above[boss], steps + 1
        heads = [v for v in above if POLICY.scope(role[v], "pay") == "company"]
        wanted |= {(head, who) for head in heads}
    assert found == wanted
