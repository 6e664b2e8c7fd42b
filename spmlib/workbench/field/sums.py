"""Field sums: what the month's pay is made of, as far as one viewer sees it, level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core.field_pages import Sum
from spmlib.core.tables import MONEY
from spmlib.motivate.visibility import drilled
from spmlib.motivate.visibility.sights import Sight

if TYPE_CHECKING:
    from spmlib.workbench.field.visibility import Field


def made_of(of: Field, sight: Sight) -> Sum | None:
    """What was earned by those whose pay the viewer sees: each level is the sum of those people.

    Levels that hold a single node are left out above people.
    """
    own = [who for who in sorted(sight.people["pay"]) if who in of.sums]
    if not own:
        return None
    places = {who: of.people.get(who, {}) for who in own}
    regions: dict[str, dict[str, list[Sum]]] = {}
    for who in own:
        region = places[who].get("region_id", drilled.NONE)
        team = places[who].get("team_id", drilled.NONE)
        regions.setdefault(region, {}).setdefault(team, []).append(of.sums[who])
    inside = []
    for region, teams in regions.items():
        made = [_above("team", _named(of, sight, team), people) for team, people in teams.items()]
        inside.append(_above("region", of.regions.get(region, region), made))
    return _above("company", drilled.WHOLE, inside)


def _named(of: Field, sight: Sight, who: str) -> str:
    seen = who in sight.anybody
    return f"{of.bench.names.get(who, who)} · {who}" if seen else drilled.NONE


def _above(level: str, name: str, inside: Sequence[Sum]) -> Sum:
    """The sum of some nodes; a single node stands for itself."""
    if len(inside) == 1:
        return inside[0]
    ordered = sorted(inside, key=lambda one: (-abs(one.amount), one.name))
    amount = sum((one.amount for one in inside), Decimal(0))
    people, count = (sum(getattr(one, what) for one in inside) for what in ("people", "count"))
    return Sum(level, name, amount, people, count, tuple(ordered))


def people(rows: pl.DataFrame, names: Mapping[str, str]) -> dict[str, Sum]:
    """What each person's pay of a month is made of.

    Args:
        rows: of `drilled.drilled`.
        names: of people.
    """
    below: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_dicts():
        below.setdefault(row["parent"], []).append(row)
    persons = rows.filter(pl.col("level") == "person").to_dicts()
    return {row["payee_id"]: _node(row, below, names) for row in persons}


def _node(
    row: Mapping[str, Any], below: Mapping[str, list[dict[str, Any]]], names: Mapping[str, str]
) -> Sum:
    inside = tuple(_node(each, below, names) for each in below.get(row["key"], ()))
    who = str(row["payee_id"])
    name = f"{names.get(who, who)} · {who}" if row["level"] == "person" else row["name"]
    amount = Decimal(row["amount"]) / MONEY
    return Sum(row["level"], name, amount, row["people"], row["count"], inside)
