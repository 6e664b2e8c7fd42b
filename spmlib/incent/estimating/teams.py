"""Teams: what many deals would bring many people at once, and those above them, as arrays.

In doubles, rounded as pay is: an estimate that a test holds to the exact one, to a cent a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.estimating import asking, counted
from spmlib.incent.estimating.arrays import Curves
from spmlib.incent.estimating.asking import Asked
from spmlib.incent.estimating.changing import Changing, changes
from spmlib.incent.estimating.deals import Deal, rows
from spmlib.incent.estimating.estimates import Payee, checked, payee
from spmlib.incent.estimating.gains import Group, found_by, gained, seen_by
from spmlib.incent.estimating.outcomes import Part
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.shared import parted
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


COLUMNS = (
    "payee_id",
    "plan",
    "currency",
    "counted",
    "attainment_before",
    "attainment_after",
    "month_before",
    "month_after",
    "change",
)


@dataclass(frozen=True)
class Team:
    """People, ready to be asked together.

    Attributes:
        ready: the company in the period.
        people: in the order asked for.
        asked: for their credits.
        groups: by plan and component.
        plans: by plan, who holds it, and what changes the whole of it.
        untold: what is not estimated, in words.
    """

    ready: Ready
    people: tuple[Payee, ...]
    asked: Asked
    groups: tuple[Group, ...]
    plans: Mapping[str, tuple[np.ndarray, Changing]]
    untold: tuple[str, ...]


def members(ready: Ready, manager_id: str) -> list[str]:
    """A manager and those below; nobody for nobody's name.

    Raises:
        ParameterError: as `reports`.
    """
    return [manager_id, *reports(ready, manager_id)] if manager_id else []


def reports(ready: Ready, manager_id: str, levels: int = 20) -> list[str]:
    """Who reports to somebody at the period's end, directly or through others, and holds a plan.

    Raises:
        ParameterError: nobody has the id, or nobody reports to them.
    """
    import polars as pl

    if manager_id not in ready.people:
        raise ParameterError(f"there is no payee '{manager_id}'; write one of payees.")
    last = ready.held.filter(pl.col("end_date") >= ready.end)
    found: list[str] = []
    above = [manager_id]
    for _ in range(levels):
        below = last.filter(pl.col("manager_id").is_in(above), ~pl.col("payee_id").is_in(found))
        above = below["payee_id"].unique().sort().to_list()
        found += above
    paid = set(last.filter(pl.col("plan_number") >= 0)["payee_id"])
    made = [one for one in found if one in paid and one != manager_id]
    if not made:
        raise ParameterError(f"nobody reports to {manager_id} in {ready.period}; choose a manager.")
    return made


def team(ready: Ready, payees: Sequence[str]) -> Team:
    """People, ready to be asked together: the slow part, done once.

    Raises:
        ParameterError: there is nobody of an id, or somebody without a plan.
    """
    people = tuple(payee(ready, one) for one in payees)
    plans: dict[str, list[int]] = {}
    for place, one in enumerate(people):
        plans.setdefault(one.standing.plan.name, []).append(place)
    groups = [
        _group(component, [n for n in who if component.name in people[n].standing.held], people)
        for name, who in plans.items()
        for component in ready.parameters.plans[name].components.values()
    ]
    held = [group for group in groups if len(group.who)]
    whole = {
        name: (np.array(who), _of_plan(ready.parameters.plans[name], who, people))
        for name, who in plans.items()
    }
    told = tuple(dict.fromkeys(_untold(ready, held)))
    return Team(ready, people, asking.asked(ready, list(payees)), tuple(held), whole, told)


def deals_of(of: Team, deals: Sequence[Deal]) -> pl.DataFrame:
    """Deals as rows, checked: each names its owner and currency.

    Raises:
        ParameterError: as `estimates.estimate`; deals that are split are for one payee's estimate.
    """
    checked(of.ready, deals)
    if parted(deals, "any"):
        raise ParameterError(
            "a team's deals are not split; ask for one payee, or leave splits out."
        )
    return rows(deals, of.ready.company)


def estimated(of: Team, deals: pl.DataFrame) -> pd.DataFrame:
    """What deals would bring each person of a team, were they booked after all that is.

    Args:
        of: the team.
        deals: rows of transactions on days of the period, as `deals_of` makes them.

    Returns:
        payee_id, plan, currency, counted (the component with a quota that counts first, its title),
        attainment_before, attainment_after (share of its quota; empty without one), month_before,
        month_after (earned in the period), change [plan currency].
    """
    import pandas as pd

    found = found_by(counted.credits(of.asked, deals), of)
    change = np.zeros(len(of.people))
    attained: dict[int, tuple[Group, float]] = {}
    for group in of.groups:
        new, more = gained(group, found, of)
        np.add.at(change, group.who, more)
        for place, x, stick in zip(group.who, new, group.curves.stick, strict=True):
            if group.component.thresholds == "quota" and stick > 0:
                attained.setdefault(int(place), (group, x / stick))
    for name, (who, changing) in of.plans.items():
        if changing.modifiers:
            looked = seen_by(found, name, "", len(changing.modifiers), who, of)
            change[who] += changes(changing, change[who], looked)
    rows = [_row(of, n, change[n], attained.get(n)) for n in range(len(of.people))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(of: Team, n: int, change: float, attained: Any) -> dict[str, Any]:
    one = of.people[n]
    unit = one.standing.unit / MONEY
    before = None
    if attained:
        group, _ = attained
        place = int(np.flatnonzero(group.who == n)[0])
        before = float(group.x[place] / group.curves.stick[place])
    measures = of.ready.parameters.measures
    return {
        "payee_id": one.payee_id,
        "plan": one.standing.plan.name,
        "currency": one.standing.plan.currency,
        "counted": measures[attained[0].component.measure].title if attained else "",
        "attainment_before": before,
        "attainment_after": float(attained[1]) if attained else None,
        "month_before": one.without.month * unit,
        "month_after": (one.without.month + change) * unit,
        "change": change * unit,
    }


# --- before there is a deal --------------------------------------------------------------------


def _group(component: Component, who: Sequence[int], people: Sequence[Payee]) -> Group:
    parts = [people[n].without.parts[component.name] for n in who]
    held = [people[n].standing.held[component.name] for n in who]
    opening = [
        _opening(part, people[n].standing.ready.period) for n, part in zip(who, parts, strict=True)
    ]
    return Group(
        component,
        np.array(who, dtype=int),
        np.array([part.walks[-1].x if part.walks else 0 for part in parts], float),
        Curves.of(component, [h.stands for h in held], parts),
        Changing.of(component.modifiers, parts, component.boundary or "upper", component.currency),
        np.array(opening, float),
    )


def _opening(part: Part, period: str) -> int:
    if not part.walks:
        return 0
    now = [term for term in part.walks[-1].terms if term["period"] == period]
    return int(now[0]["before"])


def _of_plan(plan: Plan, who: Sequence[int], people: Sequence[Payee]) -> Changing:
    first = next(iter(plan.components.values()))
    wholes = [people[n].without.whole for n in who]
    return Changing.of(plan.modifiers, wholes, first.boundary or "upper", plan.currency)


def _untold(ready: Ready, groups: Sequence[Group]) -> Any:
    for group in groups:
        component, name = group.component, f"{group.component.plan}: {group.component.name}"
        if component.thresholds == "place":
            yield f"{name}: places depend on what others sell; prizes are taken as they stand."
        changed = sorted({*component.tables, *component.windfall})
        inside = [day for day in changed if ready.start < day < ready.end]
        if inside:
            yield f"{name}: the table changes on {inside[0]}; deals take that of the month's end."
