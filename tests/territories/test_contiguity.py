"""Contiguity: territories in one piece, within limits, near the best there is.

Whether a territory is connected is asked of a slow and obvious walk; small maps are tried whole.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.plans import Plan, assigned
from spmlib.orchestrate.territories.connected.neighbours import neighbours, neighbours_of, pieces
from spmlib.orchestrate.territories.connected.plans import contiguous
from spmlib.orchestrate.territories.connected.repairs import repaired
from spmlib.orchestrate.territories.problems import FREE, problem

RUNS = 10


def grid(rows, columns):
    """Pairs of fields that share a side, row by row."""
    at = np.arange(rows * columns).reshape(rows, columns)
    across = np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()])
    down = np.column_stack([at[:-1].ravel(), at[1:].ravel()])
    return neighbours(np.concatenate([across, down]), rows * columns)


def walked(pairs, sellers, seller) -> int:
    """In how many pieces a territory lies, by walking from unit to unit."""
    left = {unit for unit, has in enumerate(sellers) if has == seller}
    count = 0
    while left:
        count, ahead = count + 1, [left.pop()]
        while ahead:
            here = ahead.pop()
            for one, other in pairs:
                if one == here and other in left:
                    left.remove(other)
                    ahead.append(other)
    return count


def connected(of, sellers) -> bool:
    pairs = [tuple(each) for each in of.pairs]
    return all(walked(pairs, sellers, each) == 1 for each in np.unique(sellers))


def mapped(rows, columns, sellers, seed=0, kinds=1, **more):
    """A grid whose sellers live on it, with measures and what giving a field costs."""
    random = np.random.default_rng(seed)
    units = rows * columns
    places = np.column_stack(np.divmod(np.arange(units), columns)).astype(float)
    homes = places[random.choice(units, sellers, replace=False)]
    size = random.integers(1, 9, (kinds, units)).astype(float)
    far = np.sqrt(((places[:, None] - homes[None]) ** 2).sum(axis=2))
    asked = problem(far * size[0][:, None], size, **({"tolerances": 0.3} | more))
    return grid(rows, columns), asked


def at_random(asked, seed):
    """A plan that looks at nothing, with a bound that is none."""
    given_ = np.random.default_rng(seed).integers(0, asked.sellers, asked.accounts)
    nothing = np.zeros((len(asked.measures), asked.sellers))
    return Plan(asked, given_, 0.0, nothing)


def best(of, asked) -> float:
    """The cheapest connected plan within limits, of all there are; infinite if there is none."""
    cheapest = np.inf
    for told in product(range(asked.sellers), repeat=asked.accounts):
        sellers = np.array(told)
        cost = asked.cost(sellers)
        if (
            cost < cheapest
            and asked.allowed[np.arange(asked.accounts), sellers].all()
            and asked.beyond(sellers).max() < 1e-9
            and connected(of, sellers)
        ):
            cheapest = cost
    return cheapest


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_pieces_are_those_of_a_walk(seed, sellers):
    of = grid(4, 5)
    plan = np.random.default_rng(seed).integers(0, sellers, 20)
    pairs = [tuple(each) for each in of.pairs]
    assert pieces(of, plan, 4).tolist() == [walked(pairs, plan, each) for each in range(4)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(2, 6))
def test_any_plan_is_made_connected(seed, kinds, sellers):
    of, asked = mapped(7, 8, sellers, seed, kinds)
    made = contiguous(asked, of, at_random(asked, seed), sweeps=100)
    assert connected(of, made.sellers)
    assert set(made.sellers) == set(range(sellers))


@pytest.mark.parametrize("kinds", [1, 2, 3])
def test_plans_are_within_limits_of_every_measure_and_near_the_bound(kinds):
    of, asked = mapped(15, 20, 6, 1, kinds, tolerances=0.1)
    plan = assigned(asked, 0)
    made = contiguous(asked, of, plan)
    assert made.within and connected(of, made.sellers)
    assert made.bound == plan.bound
    assert plan.bound <= made.cost
    assert made.gap < 0.02
    again = contiguous(asked, of, plan)
    assert (again.sellers == made.sellers).all()


@pytest.mark.parametrize("seed", range(8))
def test_small_maps_are_cut_as_well_as_can_be(seed):
    locked = np.full(10, FREE)
    locked[seed] = 1
    random = np.random.default_rng(seed)
    of, asked = mapped(
        2, 5, 3, seed, 1 + seed % 3, tolerances=0.6, today=random.integers(0, 3, 10), moving=2.0,
        locked=locked,
    )  # fmt: skip
    cheapest = best(of, asked)
    assert np.isfinite(cheapest)
    made = contiguous(asked, of, at_random(asked, seed), runs=RUNS)
    assert made.within and connected(of, made.sellers) and made.sellers[seed] == 1
    assert made.cost == pytest.approx(cheapest)


@pytest.mark.parametrize(("tolerance", "within"), [(0.24, False), (0.25, True), (0.26, True)])
def test_a_row_of_uneven_fields_can_be_cut_in_one_way_only(tolerance, within):
    row = neighbours([(0, 1), (1, 2), (2, 3)], 4)
    asked = problem(np.ones((4, 2)), [3.0, 2.0, 2.0, 1.0], tolerance)  # 5 and 3 are 4 and a quarter
    plan = Plan(asked, np.array([0, 1, 1, 0]), 4.0, np.zeros((1, 2)))
    assert plan.within
    made = contiguous(asked, row, plan)
    assert connected(row, made.sellers)
    assert made.within is within
    assert sorted(asked.loads(made.sellers)[0]) == [3, 5]


def test_dear_moves_keep_units_where_they_are():
    of, free = mapped(8, 8, 4, 5, tolerances=0.5)
    today = repaired(free, of, np.arange(64) // 16)
    dear = problem(free.costs, free.measures, 0.5, today=today, moving=1e4)
    start = Plan(dear, assigned(free, 0).sellers, 0.0, np.zeros((1, 4)))
    made = contiguous(dear, of, start)
    assert made.within and connected(of, made.sellers)
    cheap = contiguous(free, of, replaced(start, free))
    assert made.moved < dear.moved(cheap.sellers)


def replaced(plan, asked):
    return Plan(asked, plan.sellers, plan.bound, plan.prices)


def test_locked_units_far_apart_are_joined_through_units_between():
    locked = np.full(25, FREE)
    locked[[0, 24]] = 0  # opposite corners of five by five
    locked[12] = 1
    of, asked = grid(5, 5), problem(np.ones((25, 2)), np.ones(25), 0.3, locked=locked)
    made = contiguous(asked, of, at_random(asked, 0))
    assert made.within and connected(of, made.sellers)
    assert (made.sellers[[0, 24]] == 0).all() and made.sellers[12] == 1


@pytest.mark.parametrize("seed", range(6))
def test_who_may_not_have_a_unit_does_not_get_it(seed):
    random = np.random.default_rng(seed)
    may = np.ones((63, 3), bool)
    may[(np.arange(63) % 9 > 5), seed % 3] = False  # in the east another language is spoken
    may[random.choice(63, 4, replace=False), random.integers(0, 3)] = False
    may[:, 0] |= ~may.any(axis=1)
    of, asked = mapped(7, 9, 3, seed, allowed=may, tolerances=0.5)
    made = contiguous(asked, of, at_random(asked, 3))
    assert made.within and connected(of, made.sellers)
    assert may[np.arange(63), made.sellers].all()


def test_fields_of_a_chessboard_cannot_be_had_by_colour():
    at = np.arange(36)
    colour = (at // 6 + at % 6) % 2
    locked = np.where(at % 6 < 4, colour, FREE)
    asked = problem(np.ones((36, 2)), np.ones(36), 0.9, locked=locked)
    with pytest.raises(ParameterError, match="are for seller 0 alone, and no way joins them"):
        contiguous(asked, grid(6, 6), at_random(asked, 0))


def test_units_that_hang_on_one_go_with_it():
    """Two fields are reached by a third alone: without them it cannot go."""
    spit = neighbours([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (2, 6)], 7)
    costs = np.array([[9.0, 1], [9, 1], [9, 1], [9, 1], [9, 1], [1, 9], [1, 9]])
    asked = problem(costs, np.ones(7), 0.9)
    start = Plan(asked, np.array([0, 0, 0, 1, 1, 0, 0]), 7.0, np.zeros((1, 2)))
    assert contiguous(asked, spit, start).sellers.tolist() == [1, 1, 1, 1, 1, 0, 0]


def test_a_seller_without_units_gets_some():
    of, asked = mapped(4, 6, 3, 4, tolerances=0.5)
    start = Plan(asked, np.zeros(24, np.int64), 0.0, np.zeros((1, 3)))
    made = contiguous(asked, of, start)
    assert made.within and pieces(of, made.sellers, 3).tolist() == [1, 1, 1]


def islands(second):
    """A mainland of ten units in a row, and an island of some."""
    row = [(at, at + 1) for at in range(9)]
    return neighbours(row + [(at, at + 1) for at in range(10, 9 + second)], 10 + second)


def test_an_island_that_is_enough_for_a_seller_is_one_territory():
    asked = problem(np.ones((15, 3)), np.ones(15), 0.2)
    start = Plan(asked, np.repeat([0, 1, 2], 5), 15.0, np.zeros((1, 3)))
    made = contiguous(asked, islands(5), start)
    assert made.within and (made.sellers[10:] == 2).all()


@pytest.mark.parametrize(
    ("second", "more", "message"),
    [
        (1, {}, "unit 10 alone lie"),
        (3, {}, "units 10, 11, 12 lie apart from the rest of the map and are less than any seller"),
        (
            5,
            {
                "locked": np.array([0, 1, *[FREE] * 13]),
                "allowed": np.repeat([[True] * 3, [True, True, False]], [10, 5], axis=0),
            },
            "no way was found to unit 10 from a seller who may have it",
        ),
        (5, {"locked": np.array([0, *[FREE] * 13, 0])}, "units 0 and 14 are for seller 0 alone"),
        (
            5,
            {"locked": np.array([FREE, 0, 1, 0, *[FREE] * 11])},
            "units 1 and 3 are for seller 0 alone, and no way joins them",
        ),
    ],
)
def test_maps_that_cannot_be_cut_are_told(second, more, message):
    units = 10 + second
    asked = problem(np.ones((units, 3)), np.ones(units), 0.2, **more)
    start = Plan(asked, np.arange(units) % 2, 0.0, np.zeros((1, 3)))
    with pytest.raises(ParameterError) as raised:
        contiguous(asked, islands(second), start)
    assert message in str(raised.value)


def test_more_pieces_of_the_map_than_sellers_are_told():
    of = neighbours([(0, 1), (2, 3), (4, 5)], 6)
    asked = problem(np.ones((6, 2)), np.ones(6), 1.0)
    with pytest.raises(ParameterError, match=r"the map is in 3 pieces .* there are 2 sellers"):
        contiguous(asked, of, at_random(asked, 0))


def test_neighbours_of_another_map_are_refused():
    _, asked = mapped(3, 3, 2)
    with pytest.raises(ParameterError, match="neighbours are of 12 units and the problem is of 9"):
        contiguous(asked, grid(3, 4), at_random(asked, 0))


def test_pairs_count_both_ways_and_once_and_name_units_that_are_there():
    of = neighbours([(0, 1), (1, 0), (2, 2), (1, 2)], 4)
    assert of.pairs.tolist() == [[0, 1], [1, 0], [1, 2], [2, 1]]
    assert neighbours(of.graph(), 4).pairs.tolist() == of.pairs.tolist()
    with pytest.raises(ParameterError, match=r"pair 1 of neighbours names units \[1, 3\]"):
        neighbours([(0, 1), (1, 3)], 3)
    with pytest.raises(ParameterError, match=r"pair 0 of neighbours names units \[-1, 0\]"):
        neighbours([(-1, 0)], 3)


def test_places_in_a_hexagon_touch_their_middle_and_each_other():
    angle = np.radians(np.arange(6) * 60)
    of = neighbours_of(np.append(0.0, np.sin(angle)), np.append(0.0, np.cos(angle)))
    degree = np.diff(of.starts)
    assert degree.tolist() == [6, 3, 3, 3, 3, 3, 3]


def test_places_make_one_map_without_long_edges_on_both_sides_of_the_date_line():
    random = np.random.default_rng(0)
    north, east = random.uniform(-20, -10, 80), random.uniform(-5, 5, 80)
    of = neighbours_of(north, east)
    across = neighbours_of(north, (east + 180 + 180) % 360 - 180)
    assert of.pairs.tolist() == across.pairs.tolist()
    assert pieces(of, np.zeros(80, int), 1) == [1]
    far_off = neighbours_of(np.append(north, 40.0), np.append(east, 0.0))
    assert (far_off.others == 80).sum() == 1  # only by the edge that joins it
    assert pieces(far_off, np.zeros(81, int), 1) == [1]
    twice = neighbours_of(np.append(north, north[7]), np.append(east, east[7]))
    assert 80 in twice.pairs[twice.pairs[:, 0] == 7, 1]


def test_places_on_one_line_make_no_map():
    with pytest.raises(ParameterError, match="5 places make no triangles"):
        neighbours_of(np.arange(5.0), np.full(5, 3.0))
    with pytest.raises(ParameterError, match="2 places make no triangles"):
        neighbours_of(np.arange(2.0), np.arange(2.0))
