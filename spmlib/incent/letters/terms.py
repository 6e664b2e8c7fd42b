"""Terms: what two versions of a plan say differently, word by word, each with both places.

Versions are two plan files, or one file on two days: of what is dated, the part in force counts.
Every field of a component, a modifier and of payment terms is compared; a test changes each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from spmlib.core.letters import Difference
from spmlib.core.parameters import Number, in_force, said
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

WORDS: tuple[str, ...] = (
    *(
        "clause",
        "category",
        "group",
        "measure",
        "accumulate",
        "thresholds",
        "quota",
        "pays",
        "weight",
        "crossing",
        "within",
    ),
    *("boundary", "on_change", "proration"),
)
LOOKS = ("measure", "of", "over", "at_least", "strict", "otherwise", "boundary")


def differences(was: Plan, now: Plan, then: date, day: date) -> tuple[Difference, ...]:
    """What a plan says differently.

    Args:
        was, now: its versions; the same one where only days differ.
        then: the day on which the old one is read.
        day: the day on which the new one is.
    """
    return tuple(_differences(was, now, then, day))


def begins(plan: Plan, since: date, until: date) -> date:
    """The first day after one and up to another on which something dated begins to hold."""
    dated: list[Mapping[date, Any]] = []
    for component in plan.components.values():
        dated += [component.tables, component.windfall]
    every = [m for c in plan.components.values() for m in c.modifiers]
    for modifier in (*every, *plan.modifiers):
        dated += [modifier.limits, modifier.steps]
    days = [day for values in dated for day in values if since < day <= until]
    return min(days, default=until)


def _differences(was: Plan, now: Plan, then: date, day: date) -> Iterator[Difference]:
    if was.currency != now.currency:
        yield Difference("", "currency", "", was.currency, now.currency, was.place, now.place)
    for name in dict.fromkeys([*was.components, *now.components]):
        old, new = was.components.get(name), now.components.get(name)
        if old is None or new is None:
            yield _whole(name, old, new)
        else:
            yield from _component(old, new, then, day)
    yield from _modifiers("", was.modifiers, now.modifiers, then, day)
    yield from _payment(was, now)


def _told(
    component: str, what: str, at: str, both: Sequence[str], places: Sequence[str]
) -> Difference:
    return Difference(component, what, at, both[0], both[1], places[0], places[1])


def _whole(name: str, old: Component | None, new: Component | None) -> Difference:
    """A component that is new, or gone."""
    places = (old.place if old else "", new.place if new else "")
    told = [one.clause or name if one else "" for one in (old, new)]
    return _told(name, "component", "", told, places)


def _component(old: Component, new: Component, then: date, day: date) -> Iterator[Difference]:
    for word in WORDS:
        was, now = (_written(getattr(one, word)) for one in (old, new))
        if was != now:
            yield Difference(old.name, word, "", was, now, old.at(word), new.at(word))
    matrices = [_written(one.matrix) for one in (old, new)]
    if matrices[0] != matrices[1]:
        yield _told(old.name, "matrix", "", matrices, [one.at("matrix") for one in (old, new)])
    yield from _rows(old, new, then, day)
    yield from _amount(
        old.name, "windfall", (old.windfall, new.windfall), (then, day), (old.place, new.place)
    )
    yield from _modifiers(old.name, old.modifiers, new.modifiers, then, day)


def _rows(old: Component, new: Component, then: date, day: date) -> Iterator[Difference]:
    """Rows of rate tables: by where they begin, what they give."""
    tables = [_table(old, then), _table(new, day)]
    for key in sorted(dict.fromkeys([*tables[0], *tables[1]])):
        was, now = (table.get(key) for table in tables)
        if was is None or now is None or (was[0], was[3]) != (now[0], now[3]):
            start = (was or now or ("", "", ""))[1]
            named = was is not None and now is not None and was[3] != now[3]
            yield Difference(
                old.name,
                (now or was or ("", "", "", "rate"))[3],
                start,
                _row(was, named),
                _row(now, named),
                was[2] if was else "",
                now[2] if now else "",
            )


def _row(row: tuple[str, str, str, str] | None, named: bool) -> str:
    """What a row gives, with the word for it where the other version has another."""
    if row is None:
        return ""
    return f"{row[3]} {row[0]}" if named else row[0]


def _table(component: Component, on: date) -> dict[tuple[Any, Any], tuple[str, str, str, str]]:
    rows = in_force(component.tables, on) or next(iter(component.tables.values()))
    made = {}
    for row in rows:
        start = said(row.start) if row.when is None else f"{said(row.start)}, {said(row.when)}"
        key = (0 if row.when is None else row.when, row.start)
        made[key] = (said(row.gives), start, row.place, row.word)
    return made


def _modifiers(
    name: str, old: tuple[Modifier, ...], new: tuple[Modifier, ...], then: date, day: date
) -> Iterator[Difference]:
    """Modifiers by kind and place in the order of their kind."""
    kinds = dict.fromkeys(modifier.kind for modifier in (*old, *new))
    for kind in kinds:
        pairs = zip_longest(*([m for m in every if m.kind == kind] for every in (old, new)))
        for was, now in pairs:
            yield from _modifier(name, kind, was, now, then, day)
    yield from _order(name, old, new)


def _order(name: str, old: tuple[Modifier, ...], new: tuple[Modifier, ...]) -> Iterator[Difference]:
    """The order in which modifiers apply, of those that both versions have."""
    kinds = [_numbered(every) for every in (old, new)]
    orders = [[one for one in own if one in kinds[1 - n]] for n, own in enumerate(kinds)]
    if orders[0] != orders[1]:
        told = [", ".join(kind for kind, _ in order) for order in orders]
        yield _told(name, "order", "", told, (old[0].place, new[0].place))


def _numbered(modifiers: tuple[Modifier, ...]) -> list[tuple[str, int]]:
    kinds = [modifier.kind for modifier in modifiers]
    return [(kind, kinds[:n].count(kind)) for n, kind in enumerate(kinds)]


def _modifier(
    name: str, kind: str, was: Modifier | None, now: Modifier | None, then: date, day: date
) -> Iterator[Difference]:
    places = (was.place if was else "", now.place if now else "")
    if was is None or now is None:
        told = ["" if m is None else _summed(m, on) for m, on in ((was, then), (now, day))]
        yield _told(name, kind, "", told, places)
        return
    for word in LOOKS:
        both = [_written(getattr(one, word)) for one in (was, now)]
        if both[0] != both[1]:
            yield _told(name, kind, word, both, places)
    yield from _amount(name, kind, (was.limits, now.limits), (then, day), places)
    steps = [
        {s.start: s for s in in_force(m.steps, on) or ()} for m, on in ((was, then), (now, day))
    ]
    for start in sorted(dict.fromkeys([*steps[0], *steps[1]])):
        pair = [step.get(start) for step in steps]
        factors = ["" if one is None else said(one.factor) for one in pair]
        at = [one.place if one else "" for one in pair]
        if factors[0] != factors[1]:
            yield _told(name, kind, said(start), factors, at)


def _summed(modifier: Modifier, on: date) -> str:
    """A modifier in a few words."""
    limit = in_force(modifier.limits, on)
    if limit is not None:
        return said(limit)
    at_least = said(modifier.at_least) if modifier.at_least is not None else ""
    return " ".join(word for word in (modifier.measure, at_least) if word)


def _amount(
    name: str,
    what: str,
    both: tuple[Mapping[date, Number], Mapping[date, Number]],
    days: tuple[date, date],
    places: tuple[str, str],
) -> Iterator[Difference]:
    values = [in_force(values, on) for values, on in zip(both, days, strict=True)]
    told = ["" if value is None else said(value) for value in values]
    if told[0] != told[1]:
        at = [
            place if value is None else getattr(value, "place", place)
            for value, place in zip(values, places, strict=True)
        ]
        yield _told(name, what, "", told, at)


def _payment(was: Plan, now: Plan) -> Iterator[Difference]:
    """Terms of payment, word by word."""
    old, new = was.payment, now.payment
    if old is None and new is None:
        return
    example = old if old is not None else new
    assert example is not None  # one of them is there
    for one in fields(example):
        told = [_written(getattr(p, one.name)) if p is not None else "" for p in (old, new)]
        if told[0] != told[1]:
            yield _told("", f"payment_{one.name}", "", told, (was.place, now.place))


def _written(value: Any) -> str:
    """A word of a plan as it is said; empty where there is none."""
    if isinstance(value, Number):
        return said(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    if is_dataclass(value):
        words = ((one.name, _written(getattr(value, one.name))) for one in fields(value))
        told = (f"{name} {word}" for name, word in words if word and name != "place")
        return ", ".join(told).replace("_", " ")
    if isinstance(value, Mapping):
        return "; ".join(f"{_written(key)}: {_written(one)}" for key, one in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_written(one) for one in value)
    return "" if value is None else str(value)
