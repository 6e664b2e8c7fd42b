"""Districts: the best connected, balanced territories with free centres, against all there are."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.connected.districts import districts
from spmlib.orchestrate.territories.connected.neighbours import neighbours, pieces
from tests.shared import REAL, needs
from tests.territories.test_contiguity import connected, grid

SHORT = 5.0  # seconds in which the program is not solved to its end
FOLDER = "territory/rios_2DU"


def published(name):
    """Costs, measures, how many territories, tolerances and neighbours of a published map."""
    lines = (REAL / FOLDER / f"{name}-edited.dat").read_text("utf-8").split("\n")
    units = int(lines[0])
    values = np.array([line.split() for line in lines[1 : units + 1]], float)
    edges = int(lines[units + 1])
    pairs = np.array([line.split() for line in lines[units + 2 : units + 2 + edges]], int)
    last = lines[units + 2 + edges].split()
    far = np.sqrt(((values[:, None, 1:3] - values[None, :, 1:3]) ** 2).sum(axis=2))
    measures = values[:, 3:6].T
    tolerances = [float(each) for each in last[2:5]]
    return far, measures, int(last[0]), tolerances, neighbours(pairs, units)


@needs(FOLDER)
@pytest.mark.parametrize(
    "name",
    [
        "2DU60-05-1",
        "2DU60-05-4",
        pytest.param("2DU60-05-2", marks=pytest.mark.nightly),
        pytest.param("2DU60-05-3", marks=pytest.mark.nightly),
        pytest.param("2DU60-05-5", marks=pytest.mark.nightly),
    ],
)
def test_published_maps_are_cut_at_their_proven_optimum(name):
    with (REAL / FOLDER / "proven_optima.csv").open(encoding="utf-8") as file:
        optimum = {row["instance"]: float(row["objective"]) for row in csv.DictReader(file)}[name]
    far, measures, count, tolerances, of = published(name)
    made = districts(far, measures, count, tolerances, of, seconds=300)
    assert made.proven and made.within
    assert made.cost == pytest.approx(optimum, abs=0.001)
    assert made.bound == pytest.approx(optimum, abs=0.001)
    assert pieces(of, made.territories, count).tolist() == [1] * count
    mean = measures.sum(axis=1) / count
    for territory in range(count):
        part = measures[:, made.territories == territory].sum(axis=1) / mean
        assert (np.abs(part - 1) <= np.array(tolerances) + 1e-9).all()


def tried(costs, measures, count, tolerance, of) -> float:
    """The cheapest of all plans there are, each territory around the best of its units."""
    units = len(costs)
    plans = np.indices((count,) * (units - 1), dtype=np.int8).reshape(units - 1, -1)
    plans = np.concatenate([np.zeros((1, plans.shape[1]), np.int8), plans])  # names mean nothing
    total = np.zeros(plans.shape[1])
    for territory in range(count):
        there = plans == territory
        load = measures @ there / (measures.sum(axis=1)[:, None] / count)
        around = np.where(there, costs.T @ there, np.inf).min(axis=0)
        total += np.where((np.abs(load - 1) <= tolerance + 1e-9).all(axis=0), around, np.inf)
    for at in np.argsort(total):
        if not np.isfinite(total[at]) or connected(of, plans[:, at]):
            return total[at]
    return np.inf


@pytest.mark.parametrize(
    ("rows", "columns", "count", "kinds"),
    [(3, 4, 2, 1), (3, 4, 2, 2), (3, 4, 3, 1), (2, 5, 3, 2), (3, 3, 4, 1)],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_small_grids_are_cut_as_well_as_can_be(rows, columns, count, kinds, seed):
    random = np.random.default_rng([seed, rows, columns, count])
    of, units = grid(rows, columns), rows * columns
    at = np.column_stack(np.divmod(np.arange(units), columns)).astype(float)
    costs = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    costs *= random.uniform(0.3, 2, (units, units))  # roads are not straight: many pieces
    measures = random.integers(1, 5, (kinds, units)).astype(float)
    cheapest = tried(costs, measures, count, 0.4, of)
    assert np.isfinite(cheapest)
    made = districts(costs, measures, count, 0.4, of)
    assert made.proven and connected(of, made.territories)
    assert made.cost == pytest.approx(cheapest)
    own = costs[np.arange(units), made.centres[made.territories]].sum()
    assert own == pytest.approx(made.cost)


@pytest.mark.parametrize(("tolerance", "there"), [(0.24, False), (0.25, True), (0.26, True)])
def test_a_row_of_uneven_fields_has_one_plan_or_none(tolerance, there):
    row = neighbours([(0, 1), (1, 2), (2, 3)], 4)
    costs = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0)))
    fields = [3.0, 2.0, 2.0, 1.0]  # 3 and 1, 2 and 2 would be even, but not connected
    if there:
        made = districts(costs, fields, 2, tolerance, row)
        load = np.bincount(made.territories, fields)
        assert sorted(load) == [3, 5] and connected(row, made.territories)
        assert made.cost == made.bound == 2
    else:
        with pytest.raises(ParameterError, match="no territories are connected and within limits"):
            districts(costs, fields, 2, tolerance, row)


def test_islands_have_centres_of_their_own():
    of = neighbours([(0, 1), (1, 2), (3, 4), (4, 5)], 6)
    costs = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0)))
    made = districts(costs, np.ones(6), 2, 0.0, of)
    assert made.centres.tolist() == [1, 4]
    with pytest.raises(ParameterError, match="join pieces of the map that are too small"):
        districts(costs, np.ones(6), 3, 0.0, of)


@needs(FOLDER)
@pytest.mark.nightly
def test_what_is_cut_short_says_how_good_it_may_be():
    far, measures, count, tolerances, of = published("2DU60-05-3")
    made = districts(far, measures, count, tolerances, of, seconds=SHORT)
    assert made.bound <= 5507.881 <= made.cost + 0.001
    assert made.proven == (made.gap < 2e-7)
    assert pieces(of, made.territories, count).tolist() == [1] * count


def test_no_time_at_all_is_told():
    costs = np.random.default_rng(0).random((30, 30))
    with pytest.raises(ParameterError, match="no plan was found in 0 seconds; give more"):
        districts(costs, np.ones(30), 3, 0.1, grid(5, 6), seconds=0)
