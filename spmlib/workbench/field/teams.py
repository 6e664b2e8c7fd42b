"""Teams: what a page says of others: reports, together, by region, and who is apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from spmlib.core.field_pages import Region, Report, Rolled
from spmlib.core.tables import MONEY
from spmlib.motivate.visibility.sights import Sight
from spmlib.rules.measures import MONEYS
from spmlib.workbench.field import standings
from spmlib.workbench.field.visibility import Field

RISKS = ("behind",)
FEWEST = 4  # people without whom no quartiles are told


def reports(of: Field, sight: Sight) -> list[Report]:
    """Everybody but the viewer of whom anything may be seen; the slowest first."""
    levels = of.levels(sight.viewer_id)
    others = [who for who in sorted(sight.anybody) if who != sight.viewer_id and who in of.people]
    made = [_report(of, sight, who, levels[who]) for who in others]

    def order(one: Report) -> tuple[bool, Decimal, str]:
        pace = one.standing.pace if one.standing else None
        return pace is None, pace or Decimal(0), one.payee_id

    return sorted(made, key=order)


def _report(of: Field, sight: Sight, who: str, level: int | None) -> Report:
    row = of.people[who]
    chief = of.chief.get(who) if who in sight.people["attainment"] else None
    stands = standings.standing(of, chief) if chief else None
    leave = row["status"] == "leave"
    pipeline = amount(of.pipeline.get(who, 0)) if who in sight.people["pipeline"] else None
    missing = of.missing(chief) if chief else 0
    return Report(
        payee_id=who,
        name=of.bench.names.get(who, who),
        role=str(row["role"]),
        level=level,
        on_leave=leave,
        standing=stands,
        near=stands.near if stands else False,
        risk=bool(stands and stands.state in RISKS and not leave and row["held"]),
        thin=bool(pipeline and missing and float(pipeline) < of.policy.coverage * missing),
        earned=amount(of.earned.get(who, 0)) if who in sight.people["pay"] else None,
        pipeline=pipeline,
        cover=None if pipeline is None or not missing else _ratio(float(pipeline), missing),
        disputes=_disputes(of, who) if who in sight.people["disputes"] else None,
    )


def _disputes(of: Field, who: str) -> int:
    return int((of.disputes["payee_id"] == who).sum())


def rolled(of: Field, people: Sequence[str]) -> Iterator[Rolled]:
    """What people count of the same measure in the same window, against their quotas together."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for who in people:
        row = of.chief[who]
        groups.setdefault((row["measure"], row["window"]), []).append(row)
    for (measure, window), rows in sorted(groups.items(), key=lambda item: -len(item[1])):
        money = of.bench.parameters.measures[measure].sums in MONEYS
        credited, quota = (sum(_in(of, row, name, money) for row in rows) for name in _BOTH)
        about = (measure, window, money, len(rows))
        yield Rolled(*about, _number(credited), _number(quota), _number(credited / quota, 6))


_BOTH = ("credited", "quota")


def _in(of: Field, row: dict[str, Any], name: str, money: bool) -> float:
    value = float(row[name])
    if not money:
        return value
    return of.in_currency(value, of.bench.parameters.plans[row["plan"]].currency)


def outliers(of: Field, people: Sequence[Report]) -> list[Report]:
    """Who stands far from the others: beyond Tukey's fences of the pace of those compared."""
    import numpy as np

    told = [one for one in people if one.standing and one.standing.pace is not None]
    if len(told) < FEWEST:
        return []
    paces = np.array([float(one.standing.pace or 0) for one in told if one.standing])
    low, high = np.quantile(paces, (0.25, 0.75))
    reach = of.policy.outliers * (high - low)
    far = (paces < low - reach) | (paces > high + reach)
    return [one for one, out in zip(told, far, strict=True) if out]


def regions(of: Field, sight: Sight, viewer: str) -> Iterator[Region]:
    """Regions of whom the viewer sees, side by side; of one region only: its teams."""
    seen = sorted(sight.people["attainment"] & of.people.keys())
    column = "region_id" if len({of.people[who]["region_id"] for who in seen}) > 1 else "team_id"
    groups: dict[str, list[str]] = {}
    for who in seen:
        groups.setdefault(of.people[who][column], []).append(who)
    for head, people in sorted(groups.items()):
        name = of.regions.get(head, head) if column == "region_id" else _named(of, sight, head)
        yield _region(of, sight, name, people)


def _named(of: Field, sight: Sight, head: str) -> str:
    return of.bench.names.get(head, head) if head in sight.anybody else "-"


def _region(of: Field, sight: Sight, name: str, people: list[str]) -> Region:
    booked = sum(of.booked_by.get(who, 0) for who in people)
    earned = sum(of.earned.get(who, 0) for who in people)
    pay = sight.people["pay"].issuperset(people)
    pipeline = sight.people["pipeline"].issuperset(people)
    open_ = sum(of.pipeline.get(who, 0) for who in people) / MONEY
    missing = sum(
        of.missing(of.chief[who]) for who in people if who in of.chief and of.open_to(who)
    )
    rates = sorted(of.chief[who]["attainment"] for who in people if who in of.chief)
    return Region(
        name=name,
        people=len(people),
        attainments=tuple(_number(rate, 6) for rate in rates),
        booked=amount(booked),
        earned=amount(earned) if pay else None,
        cost=_ratio(earned, booked) if pay and booked > 0 and earned > 0 else None,
        pipeline=_number(open_) if pipeline else None,
        cover=_ratio(open_, missing) if pipeline and missing and open_ else None,
    )


def amount(ticks: int) -> Decimal:
    """Ticks as an amount."""
    return Decimal(int(ticks)) / MONEY


def _ratio(one: float, other: float) -> Decimal:
    return _number(one / other, 6)


def _number(value: float, places: int = 2) -> Decimal:
    return round(Decimal(repr(float(value))), places)
