"""Outlooks: the territories of a company planned, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import AccountTerritories, Table
from spmlib.orchestrate.territories.balanced.plans import Plan, assigned
from spmlib.orchestrate.territories.balanced.prices import bound
from spmlib.orchestrate.territories.dated import dated
from spmlib.orchestrate.territories.problems import FREE
from spmlib.orchestrate.territories.regions import Region, numbered
from spmlib.orchestrate.territories.written import TerritoryPlan

if TYPE_CHECKING:
    import pandas as pd

POINT = 0.01  # of its share, by which a limit is widened
ROUNDS = 10  # of making a region's plan better


@dataclass(frozen=True)
class Planned:
    """A region and its plan."""

    region: Region
    plan: Plan

    @property
    def takers(self) -> np.ndarray:
        """The territory of each account, as planned."""
        return np.array(self.region.names)[self.plan.sellers]

    @property
    def leaving(self) -> Whole:
        """Which accounts change hands."""
        return self.plan.problem.leaving(self.plan.sellers)


def planned(
    regions: Sequence[Region], decided: TerritoryPlan, rounds: int = ROUNDS
) -> tuple[Planned, ...]:
    """Every region's plan, with its certificate.

    Raises:
        ParameterError: limits clash; it says at which territories of which region.
    """
    made = []
    for region in regions:
        try:
            made.append(Planned(region, assigned(region.problem, rounds=rounds)))
        except ParameterError as wrong:
            names = numbered(region.names, decided)
            raise ParameterError(f"{region.name}: {wrong} {names}") from None
    return tuple(made)


def summary(of: Sequence[Planned]) -> pd.DataFrame:
    """What the plans come to.

    Returns:
        region, accounts, territories, km_today, km (a year), moved (accounts), gap (of the
        certificate), within (all limits held), beyond_today (territories beyond a limit today).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "region": one.region.name,
                "accounts": one.region.problem.accounts,
                "territories": one.region.problem.sellers,
                "km_today": _km(one.region, one.region.problem.today),
                "km": _km(one.region, one.plan.sellers),
                "moved": one.plan.moved,
                "gap": one.plan.gap,
                "within": one.plan.within,
                "beyond_today": int((_off_today(one.region) > 0).any(axis=0).sum()),
            }
            for one in of
        ]
    )


def territories(
    of: Sequence[Planned], decided: TerritoryPlan, names: Mapping[str, str]
) -> pd.DataFrame:
    """Each territory as it is and as it is planned.

    Returns:
        region, territory_id, name (of its holder; vacant), accounts, gained, lost, km_today, km,
        and for each measure its part of what the territory is to have, today and as planned:
        visits_today, visits ... (1 is just that), and saving (km a year, were its limits a point
        wider).
    """
    import pandas as pd

    return pd.concat([_territories(one, decided, names) for one in of], ignore_index=True)


def moves(of: Sequence[Planned]) -> pd.DataFrame:
    """The accounts that change hands, those that save most first.

    Returns:
        region, account_id, name, giver, taker (territories), visits, potential, saved (km a year).
    """
    import pandas as pd

    made = []
    for one in of:
        rows, today = one.region.accounts.to_pandas(), one.region.problem.today
        costs, units = one.region.problem.costs, np.arange(len(rows))
        saved = costs[units, np.where(today == FREE, 0, today)] - costs[units, one.plan.sellers]
        rows = rows.assign(
            region=one.region.name, giver=rows["territory_id"], taker=one.takers, saved=saved
        )
        made.append(rows[one.leaving])
    columns = ["region", "account_id", "name", "giver", "taker", "visits", "potential", "saved"]
    return pd.concat(made)[columns].sort_values("saved", ascending=False, ignore_index=True)


def by_hand(of: Sequence[Planned], moved: pd.DataFrame) -> pd.DataFrame:
    """Some moves, each put back for itself and scored at once.

    Args:
        of: the plans.
        moved: rows of `moves`.

    Returns:
        name, giver, taker, more (km a year, moves included), within (limits still hold).
    """
    regions = {one.region.name: one for one in of}
    back = [
        put_back(regions[region], account)
        for region, account in zip(moved["region"], moved["account_id"], strict=True)
    ]
    costs = [regions[region].plan.cost for region in moved["region"]]
    return moved[["name", "giver", "taker"]].assign(
        more=[plan.cost - cost for plan, cost in zip(back, costs, strict=True)],
        within=[plan.within for plan in back],
    )


def put_back(of: Planned, account_id: str) -> Plan:
    """The region's plan with one account, and what goes with it, left where it is today."""
    place = of.region.accounts["account_id"].to_list().index(account_id)
    return of.plan.with_account(place, int(of.region.problem.today[place]))


def places(of: Sequence[Planned]) -> pd.DataFrame:
    """Where everything is, for a map.

    Returns:
        region, territory_id (as planned), kind (account, or home), label, latitude, longitude
        [degrees], visits, moved.
    """
    import pandas as pd

    made = []
    for one in of:
        rows, homes = one.region.accounts.to_pandas(), one.region.territories.to_pandas()
        rows = rows.assign(territory_id=one.takers, kind="account", label=rows["name"])
        rows = rows.assign(moved=one.leaving)
        homes = homes.assign(kind="home", label=homes["territory_id"], visits=0, moved=False)
        made.append(pd.concat([rows, homes]).assign(region=one.region.name))
    columns = ["region", "territory_id", "kind", "label", "latitude", "longitude", "visits"]
    return pd.concat(made, ignore_index=True)[[*columns, "moved"]]


def rows(
    held: Table[AccountTerritories], of: Sequence[Planned], decided: TerritoryPlan
) -> Table[AccountTerritories]:
    """The territories of accounts with the plan in force from its day on: as `dated`."""
    return dated(held, _told(of), decided.day)


def changed(of: Sequence[Planned]) -> dict[str, str]:
    """The territory of each account that goes to another, or has none today."""
    today = {
        account: held
        for one in of
        for account, held in one.region.accounts.select("account_id", "territory_id").iter_rows()
    }
    return {account: name for account, name in _told(of).items() if today[account] != name}


def checks(of: Sequence[Planned], decided: TerritoryPlan) -> pd.DataFrame:
    """What must hold of the plans, and whether it does: check, says, holds."""
    import pandas as pd

    worst = max(
        abs(bound(one.region.problem, one.plan.prices) - one.plan.bound) / one.plan.bound
        for one in of
    )
    inside = [one.plan.within for one in of]
    told = _told(of)
    named = all(told.get(account, name) == name for account, name in decided.locked.items())
    below = min(one.plan.gap for one in of)
    return pd.DataFrame(
        [
            ("Every territory lies within every limit", f"{sum(inside)} of {len(inside)} regions",
             all(inside)),
            ("The bound comes out again from its prices", f"{worst:.1e} apart at most",
             worst < 1e-9),
            ("No plan costs less than its bound", f"{below:.2%} above it at least", below >= -1e-9),
            ("Named accounts are where the file says", f"{len(decided.locked)} are named", named),
        ],
        columns=["check", "says", "holds"],
    )  # fmt: skip


def _told(of: Sequence[Planned]) -> dict[str, str]:
    """The territory of each account, as planned."""
    return {
        account: name
        for one in of
        for account, name in zip(
            one.region.accounts["account_id"], one.takers.tolist(), strict=True
        )
    }


def _territories(one: Planned, decided: TerritoryPlan, names: Mapping[str, str]) -> pd.DataFrame:
    region, plan, asked = one.region, one.plan, one.region.problem
    today, count = asked.today, asked.sellers
    moved = one.leaving
    seats = region.territories.to_pandas()
    part = asked.totals[:, None] * asked.shares
    load, was = asked.loads(plan.sellers), _loads_today(region)
    made = seats[["territory_id"]].assign(
        region=region.name,
        name=[names.get(each, "vacant") for each in seats["payee_id"].fillna("")],
        accounts=np.bincount(plan.sellers, minlength=count),
        gained=np.bincount(plan.sellers[moved | (today == FREE)], minlength=count),
        lost=np.bincount(today[moved], minlength=count),
        km_today=np.bincount(today[today != FREE], _own(region, today), count),
        km=np.bincount(plan.sellers, _own(region, plan.sellers), count),
        saving=(np.abs(plan.prices) * part).sum(axis=0) * POINT,
    )
    for n, name in enumerate(decided.balance):
        made[f"{name}_today"], made[name] = was[n] / part[n], load[n] / part[n]
    return made


def _own(region: Region, sellers: Whole) -> Floats:
    """What each account that has a territory is travelled to [km a year]."""
    held = np.flatnonzero(sellers != FREE)
    return region.problem.costs[held, sellers[held]]


def _km(region: Region, sellers: Whole) -> float:
    return float(_own(region, sellers).sum())


def _loads_today(region: Region) -> Floats:
    asked = region.problem
    held = asked.today != FREE
    return np.stack(
        [np.bincount(asked.today[held], each[held], asked.sellers) for each in asked.measures]
    )


def _off_today(region: Region) -> Floats:
    load = _loads_today(region)
    return np.maximum(load - region.problem.most, region.problem.least - load)
