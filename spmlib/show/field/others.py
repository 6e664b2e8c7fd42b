"""Others: what a field page says of the people below its reader, and of regions side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from spmlib.core.field_pages import FieldPage, Region, Report, Rolled
from spmlib.show.documents import Reader
from spmlib.show.field import drawn

NONE = "\N{EN DASH}"


def said(of: FieldPage, reader: Reader) -> dict[str, Any]:
    """Team, roll-up, distribution, regions and who stands apart."""
    rates = [
        float(one.standing.attainment)
        for one in of.everybody
        if one.standing and one.standing.attainment is not None
    ]
    return {
        "team": [_report(one, of.currency, reader) for one in of.team],
        "pay_seen": any(one.earned is not None for one in of.team),
        "team_lead": _team_lead(of, reader) if of.team else "",
        "rolled": [_rolled(one, of.currency, reader) for one in of.rolled],
        "bars": drawn.bars(rates) if rates else [],
        "bars_alt": reader.say("bars_alt", count=len(rates), reached=sum(r >= 1 for r in rates)),
        "regions": [_region(one, of.currency, reader) for one in of.regions],
        "outliers": [_report(one, of.currency, reader) for one in of.outliers],
        "cost": _cost(of, reader),
    }


def _team_lead(of: FieldPage, reader: Reader) -> str:
    near, risk = (sum(getattr(one, name) for one in of.team) for name in ("near", "risk"))
    return reader.say("team_lead", people=len(of.team), near=near, risk=risk)


def _report(one: Report, currency: str, reader: Reader) -> dict[str, Any]:
    stands = one.standing
    pace = float(stands.pace) if stands and stands.pace is not None else None
    state = stands.state if stands else "none"
    (dot,) = drawn.dots([(pace, state)])
    flags = [key for key in ("on_leave", "risk", "near", "thin") if getattr(one, key)]
    return {
        "name": one.name,
        "id": one.payee_id,
        "role": one.role.replace("_", " "),
        "component": stands.component.replace("_", " ") if stands else "",
        "attainment": _share(stands.attainment if stands else None, reader),
        "pace": _share(stands.pace if stands else None, reader),
        "dot": dot["x"],
        "tone": state.replace(" ", "-"),
        "flags": [reader.say(f"flag_{key}") for key in flags],
        "earned": _money(one.earned, currency, reader),
        "pipeline": _whole(one.pipeline, reader),
        "cover": NONE if not one.cover else f"{reader.number(one.cover, 1)}×",
        "disputes": NONE if one.disputes is None else str(one.disputes),
    }


def _rolled(one: Rolled, currency: str, reader: Reader) -> list[str]:
    def told(value: Decimal) -> str:
        text = reader.number(value, 0)
        return f"{currency}\N{NO-BREAK SPACE}{text}" if one.money else text

    about = [one.measure.replace("_", " ").capitalize(), one.window, str(one.people)]
    return [*about, told(one.credited), told(one.quota), reader.share(one.attainment)]


def _region(one: Region, currency: str, reader: Reader) -> list[str]:
    return [
        one.name,
        str(one.people),
        _share(one.middle, reader),
        _whole(one.booked, reader),
        NONE if one.earned is None else reader.amount(one.earned, currency),
        NONE if one.cost is None else reader.share(one.cost),
        NONE if not one.cover else f"{reader.number(one.cover, 1)}×",
    ]


def _cost(of: FieldPage, reader: Reader) -> str:
    earned = [one.earned for one in of.regions]
    booked = sum((one.booked for one in of.regions), Decimal(0))
    if not of.regions or any(value is None for value in earned) or booked <= 0:
        return ""
    total = sum((value for value in earned if value is not None), Decimal(0))
    words = {"earned": reader.money(total, of.currency), "share": reader.share(total / booked)}
    return reader.say("cost", booked=reader.money(booked, of.currency), **words)


def _share(share: Decimal | None, reader: Reader) -> str:
    return NONE if share is None else reader.share(share, 0)


def _money(amount: Decimal | None, currency: str, reader: Reader) -> str:
    return NONE if amount is None else reader.amount(amount, currency)


def _whole(amount: Decimal | None, reader: Reader) -> str:
    return NONE if not amount else reader.number(amount, 0)
