"""Schedules: against every order there is, published slack, and odd input."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap.best import best, compared, pillar_first
from spmlib.revops.roadmap.capabilities import Capability, ordered
from spmlib.revops.roadmap.paths import three_points, timed
from spmlib.revops.roadmap.schedules import in_turn, value, work

# Hillier, Lieberman, "Introduction to Operations Research", the Reliable Construction Co.
RELIABLE = {
    "A": (2, ""),
    "B": (4, "A"),
    "C": (10, "B"),
    "D": (6, "C"),
    "E": (4, "C"),
    "F": (5, "E"),
    "G": (7, "D"),
    "H": (9, "EG"),
    "I": (7, "C"),
    "J": (8, "FI"),
    "K": (4, "J"),
    "L": (5, "J"),
    "M": (2, "H"),
    "N": (6, "KL"),
}


def reliable():
    return [Capability(name, months=n, needs=tuple(needs)) for name, (n, needs) in RELIABLE.items()]


def test_the_published_project_takes_44_weeks_along_its_path():
    found = timed(reliable())
    assert max(each.earliest + each.takes for each in found.values()) == 44
    assert "".join(name for name in sorted(found) if found[name].critical) == "ABCEFJLN"
    slack = {name: each.slack for name, each in found.items() if not each.critical}
    assert slack == {"D": 4, "G": 4, "H": 4, "M": 4, "I": 2, "K": 1}


def test_people_without_limit_finish_with_the_critical_path():
    made = best(work(reliable(), {}, 50))
    assert max(made.starts[n] + RELIABLE[n][0] for n in RELIABLE) == 44
    assert three_points(2, 3.5, 8) == (4.0, 1.0)


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


@pytest.mark.parametrize("seed", range(8))
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


@pytest.mark.parametrize("seed", range(4))
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
