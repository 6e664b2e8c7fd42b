"""Schedules: against every order there is, published slack, and odd input."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap.best import best, compared, pillar_first
from spmlib.revops.roadmap.capabilities import Capability, ordered, with_needs
from spmlib.revops.roadmap.moves import otherwise, sensitivity
from spmlib.revops.roadmap.paths import latest, three_points, timed
from spmlib.revops.roadmap.program import clashes
from spmlib.revops.roadmap.schedules import in_turn, value, work
from tests.shared import examples

# Taylor, "Introduction to Management Science", the instructor's solutions of chapter 8: arrows from
# event to event, how long each takes, and its published earliest and latest begin.
TAYLOR = {
    "1-2": (8, 0, 1),
    "1-3": (10, 0, 0),
    "1-4": (9, 0, 6),
    "2-5": (6, 8, 9),
    "2-6": (4, 8, 16),
    "3-5": (5, 10, 10),
    "4-5": (0, 9, 15),
    "4-7": (7, 9, 20),
    "5-7": (12, 15, 15),
    "5-8": (15, 15, 16),
    "6-9": (18, 12, 20),
    "7-8": (4, 27, 27),
    "8-9": (7, 31, 31),
}
# The project with two resources of python-mip's examples/rcpsp.py, whose least time is 21.
TIMES = [0, 3, 2, 5, 4, 2, 3, 4, 2, 4, 6, 0]
FIRST = [0, 5, 0, 1, 1, 3, 3, 2, 4, 5, 2, 0]
SECOND = [0, 1, 4, 4, 3, 2, 1, 4, 0, 2, 5, 0]
AFTER = "0-1 0-2 0-3 1-4 1-5 2-9 2-10 3-8 4-6 4-7 5-9 5-10 6-8 6-9 7-8 8-11 9-11 10-11"


def taylor():
    return [
        Capability(name, months=row[0], needs=tuple(n for n in TAYLOR if n[-1] == name[0]))
        for name, row in TAYLOR.items()
    ]


def test_published_begins_and_slack():
    found = timed(taylor())
    assert {
        name: (each.takes, each.earliest, each.latest) for name, each in found.items()
    } == TAYLOR
    assert [name for name in found if found[name].critical] == ["1-3", "3-5", "5-7", "7-8", "8-9"]
    assert found["1-4"].slack == 6


def test_people_without_limit_have_the_published_slack():
    of = work(taylor(), {}, 50)
    made = best(of)
    assert max(made.starts[name] + TAYLOR[name][0] for name in TAYLOR) == 38
    assert latest(of, made.starts) == {name: row[2] for name, row in TAYLOR.items()}
    assert three_points(2, 3.5, 8) == (4.0, 1.0)


def test_the_published_project_takes_its_least_time_with_these_people():
    pairs = [pair.split("-") for pair in AFTER.split()]
    rows = [
        Capability(
            str(job),
            needs=tuple(one for one, two in pairs if two == str(job)),
            effect=float(job == 11),
            effort={"one": FIRST[job] * long, "two": SECOND[job] * long},
            months=long,
        )
        for job, long in enumerate(TIMES)
    ]
    of = work(rows, {"one": 6, "two": 8}, 25)
    made = best(of)
    assert (made.exact, made.value, made.starts["11"]) == (True, 25 - 21, 21)
    assert min(latest(of, made.starts)[name] - made.starts[name] for name in made.starts) == 0


def test_who_is_late_with_these_people_by_hand():
    # a and b want all of x in turn; c wants y alone and may wait until both are done
    rows = [Capability(name, effect=9 - n, effort={"x": 2}) for n, name in enumerate("ab")]
    of = work([*rows, Capability("c", effect=1, effort={"y": 1})], {"x": 2, "y": 1}, 9)
    starts = best(of).starts
    assert starts == {"a": 0, "b": 1, "c": 0}
    assert latest(of, starts) == {"a": 0, "b": 1, "c": 1}


@pytest.mark.parametrize("seed", range(3))
def test_clashes_are_the_pairs_that_do_not_go_together(seed):
    of = drawn(seed)
    free = of.free[:, 0]
    pairs = {pair for group in clashes(of, free) for pair in permutations(group, 2)}
    for one, two in permutations(range(len(of.rows)), 2):
        many = (of.uses[one] + of.uses[two] > free + 1e-9).any()
        names = [of.rows[two].name, of.rows[one].name]
        needs = names[0] in with_needs(of.rows, names[1:]) or names[1] in with_needs(
            of.rows, names[:1]
        )
        assert ((one, two) in pairs) == bool(many or needs)


def drawn(seed):
    """A small random instance."""
    luck = np.random.default_rng(seed)
    rows = []
    for n in range(6):
        needs = tuple(f"c{m}" for m in range(n) if luck.random() < 0.25)
        effort = {"a": float(luck.integers(0, 9)), "b": float(luck.integers(0, 9))}
        pillar = ("orchestrate", "motivate", "incent")[luck.integers(3)]
        effect = float(luck.integers(0, 9))
        months = int(luck.integers(1, 4))
        rows.append(Capability(f"c{n}", pillar, needs, effect, (0.5,), effort, months))
    return work(rows, {"a": 4.0, "b": 5.0}, int(luck.integers(7, 13)), 0.1)


@pytest.mark.parametrize("seed", range(examples(4)))
def test_best_is_the_best_of_every_order(seed):
    of = drawn(seed)
    oracle = max(value(of, in_turn(of, order)) for order in permutations(range(6)))
    made = best(of)
    assert made.exact
    assert made.value == pytest.approx(oracle)
    rough = best(of, small=0)
    assert rough.value <= oracle + 1e-9 <= rough.bound + 1e-6
    for each in compared(of, of.rows).values():
        assert each.value <= oracle + 1e-6


@pytest.mark.parametrize("seed", range(examples(2)))
def test_nobody_works_twice_and_needs_are_in_place(seed):
    of = drawn(seed)
    for made in compared(of, of.rows).values():
        used = np.zeros_like(of.free)
        for row, each in enumerate(of.rows):
            if each.name in made.starts:
                start = made.starts[each.name]
                used[:, start : start + of.takes[row]] += of.uses[row][:, None]
                ends = [made.starts[of.rows[n].name] + of.takes[n] for n in of.needs[row]]
                assert max(ends, default=0) <= start
        assert (used <= of.free + 1e-6).all()
        assert set(made.starts) | set(made.left) == {each.name for each in of.rows}


def test_an_effort_twice_the_people_takes_two_months():
    of = work([Capability("a", effect=10, effort={"x": 8})], {"x": 4}, 4)
    assert of.takes == (2,)
    assert best(of).value == 20  # live in months 3 and 4


def test_a_ramp_and_a_discount_by_hand():
    of = work([Capability("a", effect=100, ramp=(0.5,), months=1)], {}, 3, 0.21)
    assert best(of).value == pytest.approx(50 / 1.21 ** (2 / 12) + 100 / 1.21 ** (3 / 12))


def test_nothing_to_do():
    made = best(work([Capability("a", done=True)], {"x": 1}, 12))
    assert (made.starts, made.left, made.value, made.gap) == ({}, {}, 0.0, 0.0)


def test_without_effect_it_is_still_done_last():
    rows = [Capability("idle", effort={"x": 1}), Capability("useful", effect=5, effort={"x": 1})]
    assert best(work(rows, {"x": 1}, 6)).starts == {"useful": 0, "idle": 1}


def test_zero_people_are_told():
    rows = [Capability("a", effect=5, effort={"x": 1}), Capability("b", needs=("a",), effect=1)]
    made = best(work(rows, {"x": 0}, 6))
    assert made.left == {"a": "nobody has time as x", "b": "needs a, which does not fit"}
    assert made.value == 0


def test_a_horizon_too_short_is_told():
    made = best(work([Capability("a", effect=5, months=7)], {}, 6))
    assert made.left == {"a": "takes 7 months, which do not fit into the 6 of the horizon"}


def test_equal_values_go_as_written():
    rows = [Capability(name, effect=5, effort={"x": 2}) for name in "cab"]
    assert best(work(rows, {"x": 2}, 9)).starts == {"c": 0, "a": 1, "b": 2}


@pytest.mark.parametrize(("order", "first"), [("abcd", "ab"), ("dbca", "dc"), ("cadb", "cd")])
def test_of_equal_schedules_what_is_written_first_begins_first(order, first):
    # two at a time, and b and d not together
    y = {"a": 0, "b": 1, "c": 0, "d": 1}
    rows = [Capability(name, effect=5, effort={"x": 2, "y": y[name]}) for name in order]
    made = best(work(rows, {"x": 4, "y": 1}, 6))
    assert sorted(name for name in made.starts if made.starts[name] == 0) == sorted(first)


def test_more_people_never_bring_less_and_fewer_never_more():
    rows = [
        Capability("a", effect=5, effort={"x": 4, "y": 1}, months=1),
        Capability("b", effect=4, effort={"x": 3}, needs=("a",)),
        Capability("c", effect=3, effort={"y": 3}, ramp=(0.5,)),
    ]
    people = {"x": 2.0, "y": 1.0}
    made = best(work(rows, people, 9, 0.1))
    assert otherwise(made, rows, people, 9, 0.1) == pytest.approx(made.value)
    told = {name: pair for name, *pair in sensitivity(made, rows, people, 9, 0.1, 0.5)}
    for skill in people:
        low, high = told[f"people: {skill}"]
        assert low <= made.value + 1e-9
        assert high >= made.value - 1e-9
    assert told["effect"] == pytest.approx([made.value / 2, made.value * 1.5])
    for what in ("effort and time", "delay of benefit", "discount rate"):
        assert told[what][0] >= made.value >= told[what][1]


def test_a_pillar_first_has_the_people_first():
    rows = [
        Capability("rich", "incent", effect=9, effort={"x": 1}),
        Capability("poor", "motivate", effect=1, effort={"x": 1}),
    ]
    of = work(rows, {"x": 1}, 4)
    assert pillar_first(of, "motivate").starts == {"poor": 0, "rich": 1}
    assert pillar_first(of, "motivate").value == 3 + 18
    assert best(of).value == 27 + 2
    assert pillar_first(of, "orchestrate").value == 29  # which has no work


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([Capability("a", needs=("b",)), Capability("b", needs=("a",))], "a needs b needs a"),
        ([Capability("a", needs=("a",))], "in a circle .a needs a."),
        ([Capability("quotas"), Capability("a", needs=("quota",))], "write 'quotas'"),
        ([Capability("a"), Capability("a")], "there twice"),
        ([Capability("a", effect=-1)], "below 0"),
        ([Capability("a", effort={"x": float("nan")})], "below 0"),
        ([Capability("a", pillar="incnt")], "'incnt' of 'a' is unknown; write 'incent'"),
        ([Capability("a", teams=("sale",))], "'sale' of 'a' is unknown; write 'sales'"),
        ([Capability("a", ramp=(0.5, 0.2))], "do not fall"),
        ([Capability("b"), Capability("a", needs=("b",), done=True)], "in place but needs 'b'"),
    ],
)
def test_odd_capabilities_are_refused(rows, says):
    with pytest.raises(ParameterError, match=says):
        ordered(rows)


@pytest.mark.parametrize(("people", "months", "rate"), [({"x": -1}, 6, 0), ({}, 0, 0), ({}, 6, -1)])
def test_odd_limits_are_refused(people, months, rate):
    with pytest.raises(ParameterError):
        work([Capability("a")], people, months, rate)
