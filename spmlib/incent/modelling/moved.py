"""Moved: a plan with rates, thresholds and the cap of its main component moved by hand.

    knobs(plan, day)                      # what can be moved, where it stands, how far it goes
    moved(plan, day, rate_3=0.10, from_2=0.6)

The rows of the table in force on the day are numbered from 1, as the plan writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from spmlib.core import parameters
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import Number, nearest
from spmlib.core.written import word
from spmlib.incent.modelling.people import main_component
from spmlib.rules import refusals
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan, Row

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("quota", "target")  # by what quotas and target incentives are multiplied
COLUMNS = ["name", "label", "kind", "value", "least", "most", "step"]


def knobs(plan: Plan, day: date) -> pd.DataFrame:
    """What can be moved of a plan: its main component's rows, a cap, and the level of quotas.

    Returns:
        name, label, kind (share or number), value, least, most, step; in the order of the plan.
    """
    import pandas as pd

    return pd.DataFrame(list(_knobs(plan, day)), columns=COLUMNS)


def moved(plan: Plan, day: date, values: Mapping[str, float]) -> Plan:
    """The plan with some rows and its cap moved; all else as it is.

    Args:
        plan: as it is.
        day: whose table is moved, from the day on which it takes effect.
        values: by the names of `knobs`.

    Raises:
        ParameterError: there is no such knob, or rows no longer rise.
    """
    known = [name for name, *_ in _knobs(plan, day)]
    for name in values:
        if name not in known:
            raise ParameterError(f"nothing is named '{name}'; move {nearest(name, known)}.")
    main = main_component(plan)
    start = max(d for d in main.tables if d <= day)
    rows = [_row(row, n, values) for n, row in enumerate(main.tables[start], start=1)]
    refusals.check_rows(rows, [None] * len(rows))
    component = replace(main, tables={**main.tables, start: tuple(rows)})
    if "cap" in values and _cap(main.modifiers, day):
        limited = _capped(main.modifiers, day, values["cap"])
        component = replace(component, modifiers=limited)
        return _with(plan, component)
    made = _with(plan, component)
    if "cap" not in values:
        return made
    return replace(made, modifiers=_capped(plan.modifiers, day, values["cap"]))


def _knobs(plan: Plan, day: date) -> Iterator[tuple[Any, ...]]:
    main = main_component(plan)
    rows = parameters.in_force(main.tables, day) or ()
    for number, row in enumerate(rows, start=1):
        yield _gives(main, row, number)
        if row.start != 0:
            yield _starts(main, row, number)
    cap = _cap(main.modifiers, day) or _cap(plan.modifiers, day)
    if cap is not None:
        limit = float(cap[1])
        kind, most = ("share", 5.0) if cap[1].percent else ("number", 3 * limit)
        yield "cap", "Cap", kind, limit, 0.0, most, 0.05 if cap[1].percent else _step(limit)
    if main.thresholds == "quota":
        yield "quota", "Quotas, of those issued", "share", 1.0, 0.5, 2.0, 0.01
    if main.pays == "target":
        yield "target", "Target incentives, of those agreed", "share", 1.0, 0.5, 2.0, 0.01


def _gives(main: Component, row: Row, number: int) -> tuple[Any, ...]:
    value, money = float(row.gives), not row.gives.percent
    what = row.word.capitalize()
    label = f"{what} {_where(row)}"
    if money:
        return f"rate_{number}", label, "number", value, 0.0, max(4 * value, 1.0), _step(value)
    most = max(0.25, round(3 * value, 2))
    return f"rate_{number}", label, "share", value, 0.0, most, 0.0025 if most < 1 else 0.05


def _starts(main: Component, row: Row, number: int) -> tuple[Any, ...]:
    value, name = float(row.start), f"from_{number}"
    label = f"Threshold now {parameters.said(row.start)}"
    if row.when is not None:
        label += f" (at {parameters.said(row.when)})"
    if main.thresholds == "quota":
        return name, label, "share", value, 0.01, max(3.0, value), 0.01
    return name, label, "number", value, 1.0, 4 * value, _step(value)


def _where(row: Row) -> str:
    at = "" if row.when is None else f" (at {parameters.said(row.when)})"
    return f"from {parameters.said(row.start)}{at}"


def _row(row: Row, number: int, values: Mapping[str, float]) -> Row:
    gives, start = values.get(f"rate_{number}"), values.get(f"from_{number}")
    if gives is not None:
        row = replace(row, gives=_number(gives, row.gives))
    return row if start is None else replace(row, start=_number(start, row.start))


def _cap(modifiers: tuple[Modifier, ...], day: date) -> tuple[date, Number] | None:
    """The first cap in force on a day, and from when."""
    for modifier in modifiers:
        begun = [start for start in modifier.limits if start <= day]
        if modifier.kind == "cap" and begun:
            return max(begun), modifier.limits[max(begun)]
    return None


def _capped(modifiers: tuple[Modifier, ...], day: date, value: float) -> tuple[Modifier, ...]:
    found = _cap(modifiers, day)
    assert found is not None  # it is a knob
    start, was = found
    place = next(n for n, m in enumerate(modifiers) if m.kind == "cap" and start in m.limits)
    cap = modifiers[place]
    limits = {**cap.limits, start: _number(value, was)}
    return (*modifiers[:place], replace(cap, limits=limits), *modifiers[place + 1 :])


def _with(plan: Plan, component: Component) -> Plan:
    return replace(plan, components={**plan.components, component.name: component})


def _number(value: float, like: Number) -> Number:
    """A number written as the plan writes it, in percent or not."""
    exact = round(Decimal(str(value)) * (100 if like.percent else 1), 8)
    written = word(f"{exact:f}{'%' if like.percent else ''}", like.place)
    return parameters.number(written)


def _step(value: float) -> float:
    """A twentieth of a value, in round numbers."""
    if value <= 0:
        return 1.0
    size = 10.0 ** (len(str(int(value))) - 2)
    return max(size, 0.01)
