"""Scenarios: territories with other decisions beside those of the file, for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.orchestrate.territories.centred.plans import centred
from spmlib.orchestrate.territories.centred.problems import numbered, sited
from spmlib.orchestrate.territories.outlooks import places, planned, summary
from spmlib.orchestrate.territories.regions import BOTH_WAYS, Region
from spmlib.orchestrate.territories.travel import great_circle
from spmlib.orchestrate.territories.written import TerritoryPlan

if TYPE_CHECKING:
    import pandas as pd

USUAL = 0.1  # tolerance of visits where the file has none
SHAKES = 60  # of the search for centres, for each territory
CELL = 2.0  # degrees: of so many, one place is enough


def frontier(
    regions: Sequence[Region], decided: TerritoryPlan, moving: Sequence[float]
) -> pd.DataFrame:
    """Travel against moved accounts, of all regions together.

    Args:
        regions: of the company.
        decided: as its file has it.
        moving: what moving an account costs [km a year], each a plan.

    Returns:
        moving, moved, km (a year), gap (the largest of the regions), within.
    """
    import pandas as pd

    rows = []
    for cost in moving:
        told = summary(planned(dearer(regions, cost), decided, rounds=0))
        row = {"moving": cost, "moved": int(told["moved"].sum()), "km": told["km"].sum()}
        rows.append(row | {"gap": told["gap"].max(), "within": bool(told["within"].all())})
    return pd.DataFrame(rows)


def dearer(regions: Sequence[Region], moving: float) -> tuple[Region, ...]:
    """The regions, with another cost of moving an account [km a year]."""
    return tuple(
        replace(one, problem=replace(one.problem, moving=float(moving))) for one in regions
    )


def tried(
    regions: Sequence[Region],
    decided: TerritoryPlan,
    region: str,
    moving: float,
    tolerance: float | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One region with other limits: its summary, and its places.

    Args:
        regions: of the company.
        decided: as its file has it.
        region: which.
        moving: what moving an account costs [km a year].
        tolerance: of every measure; the file's if not given.
    """
    one = next(one for one in dearer(regions, moving) if one.name == region)
    if tolerance is not None:
        far = np.full_like(one.problem.tolerances, tolerance)
        one = replace(one, problem=replace(one.problem, tolerances=far))
    made = planned([one], decided, rounds=0)
    return summary(made), places(made)


def numbered_regions(regions: Sequence[Region], decided: TerritoryPlan) -> dict[str, pd.DataFrame]:
    """By region of which the file asks so: as `numbers`, with the tolerance of visits."""
    tolerance = decided.balance.get("visits", USUAL)
    return {
        one.name: numbers(one, decided.numbers[one.name], tolerance)
        for one in regions
        if one.name in decided.numbers
    }


def numbers(region: Region, many: Sequence[int], tolerance: float) -> pd.DataFrame:
    """What a region would travel with more or fewer territories, each where it is best placed.

    Args:
        region: a territory might have its home at an account, one of each two degrees of the map.
        many: territories to try.
        tolerance: of visits.

    Returns:
        territories, km (a year), gap (of the certificate), worst_load (of the mean), within.
    """
    import pandas as pd

    rows = region.accounts
    cell = [(rows[name] / CELL).floor() for name in ("latitude", "longitude")]
    sites = rows.with_columns(north=cell[0], east=cell[1]).sort("visits", descending=True)
    sites = sites.unique(["north", "east"], keep="first", maintain_order=True)
    here, there = ([of[n].to_numpy() for n in ("latitude", "longitude")] for of in (rows, sites))
    visits = rows["visits"].to_numpy().astype(float)
    asked = sited(
        great_circle(*here, *there) * visits[:, None] * BOTH_WAYS, visits, many[0],
        tolerance=tolerance,
    )  # fmt: skip
    made = []
    for each in many:
        plan = centred(numbered(asked, each), shakes=SHAKES * each)
        row = {"territories": each, "km": plan.cost, "gap": plan.gap, "within": plan.within}
        made.append(row | {"worst_load": float(plan.loads.max() / plan.problem.mean)})
    return pd.DataFrame(made)
