"""Modifiers: what is done to a component's earnings after its curve, one receipt line each.

A modifier is data; `STEPS` names, for each, the keys it knows. What each does to earnings is in
`spmlib.incent.earning.modified`, on whole tables. To add one: a reader here, a step there, a row in
``docs/plans.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, Number, choice, needed, number, refuse, said, share

OF = ("quota", "quota_to_date", "none")
OVER = ("month", "quarter", "half", "year")
EXAMPLES = {
    "gate": "{measure: renewals, at_least: 80%, of: quota_to_date, otherwise: withhold}",
    "multiplier": "{measure: margin_rate, boundary: upper, table: {2026-01-01: [..]}}",
    "cap": "{2026-01-01: 90_000.00}",
    "floor": "{2026-01-01: 1_000.00}",
}


@dataclass(frozen=True)
class Step:
    """One row of a multiplier's table."""

    start: Number
    factor: Number
    place: str


@dataclass(frozen=True)
class Modifier:
    """One modifier as a plan writes it."""

    kind: str  # gate, multiplier, cap or floor
    place: str
    measure: str = ""
    of: str = "none"
    over: str = ""
    at_least: Number | None = None
    strict: bool = False  # more_than
    otherwise: str = ""  # withhold or lose
    boundary: str = ""
    steps: Mapping[date, tuple[Step, ...]] = field(default_factory=dict)
    limits: Mapping[date, Number] = field(default_factory=dict)  # money, or a share of target


def read(written: Any, whole_plan: bool = False) -> tuple[Modifier, ...]:
    """The modifiers of a component or of a plan, in the order written.

    Raises:
        ParameterError: one is unknown, or says what cannot be meant.
    """
    if written is None:
        return ()
    if not isinstance(written, parameters.Items):
        remedy = "write `- cap: {2026-01-01: 90_000.00}`"
        refuse(parameters.place_of(written), "the modifiers are no list", remedy)
    return tuple(_modifier(item, whole_plan) for item in written)


def _modifier(written: Any, whole_plan: bool) -> Modifier:
    entry = parameters.block(written, "a modifier", "`- cap: {2026-01-01: 90_000.00}`")
    parameters.known(entry, READERS, "the modifiers")
    if len(entry) != 1:
        refuse(
            entry.place, "one item of the list holds several modifiers", "write one for each `-`"
        )
    ((kind, words),) = entry.items()
    block = parameters.block(words, f"`{kind}`", EXAMPLES[kind])
    block.place = entry.places[kind]
    return READERS[kind](block, "year" if whole_plan else "")


def _gate(entry: Block, over: str) -> Modifier:
    parameters.known(
        entry, ("measure", "at_least", "more_than", "of", "otherwise", "over"), "a gate"
    )
    given = [word for word in ("at_least", "more_than") if word in entry]
    if len(given) != 1:
        refuse(
            entry.place, "a gate opens at one value", "write `at_least: 80%` or `more_than: 80%`"
        )
    return Modifier(
        kind="gate",
        place=entry.place,
        measure=parameters.text(needed(entry, "measure", "measure: renewals")),
        of=choice(entry, "of", OF, "none"),
        over=choice(entry, "over", OVER, over) if over or "over" in entry else "",
        at_least=number(entry[given[0]]),
        strict=given[0] == "more_than",
        otherwise=choice(entry, "otherwise", ("withhold", "lose")),
    )


def _multiplier(entry: Block, over: str) -> Modifier:
    parameters.known(entry, ("measure", "of", "table", "boundary", "over"), "a multiplier")
    example = "{2026-01-01: [{from: 0%, factor: 1.0}]}"
    return Modifier(
        kind="multiplier",
        place=entry.place,
        measure=parameters.text(needed(entry, "measure", "measure: margin_rate")),
        of=choice(entry, "of", OF, "none"),
        over=choice(entry, "over", OVER, over) if over or "over" in entry else "",
        boundary=choice(entry, "boundary", ("upper", "lower"), "none")
        if "boundary" in entry
        else "",
        steps=parameters.history(needed(entry, "table", f"table: {example}"), _steps, example),
    )


def _steps(written: Any) -> tuple[Step, ...]:
    if not isinstance(written, parameters.Items) or not written:
        refuse(
            parameters.place_of(written), "the table has no rows", "write [{from: 0%, factor: 1.0}]"
        )
    rows = tuple(_step(item) for item in written)
    for before, after in pairwise(rows):
        if after.start <= before.start:
            wrong = f"the row from {said(after.start)} follows the row from {said(before.start)}"
            refuse(after.place, wrong, "put the rows in rising order, each threshold once")
    if rows[0].start > 0:
        wrong = f"the table starts at {said(rows[0].start)} and does not say the factor below"
        refuse(rows[0].place, wrong, "add a first row {from: 0%, factor: 1.0}")
    return rows


def _step(written: Any) -> Step:
    entry = parameters.block(written, "a row", "{from: 0%, factor: 1.0}")
    parameters.known(entry, ("from", "factor"), "a multiplier's row")
    start, factor = needed(entry, "from", "from: 0%"), needed(entry, "factor", "factor: 1.0")
    made = Step(number(start), number(factor), entry.place)
    if made.factor < 0:
        refuse(made.factor.place, f"a factor of {factor} cannot be meant", "write 0 or more")
    return made


def _cap(entry: Block, over: str) -> Modifier:
    return _limit("cap", entry, over)


def _floor(entry: Block, over: str) -> Modifier:
    return _limit("floor", entry, over)


def _limit(kind: str, entry: Block, over: str) -> Modifier:
    dated = Block({key: value for key, value in entry.items() if key != "over"})
    dated.place, dated.places = entry.place, entry.places
    limits = parameters.history(dated, _amount_or_share, "{2026-01-01: 90_000.00}")
    chosen = choice(entry, "over", OVER, over) if over or "over" in entry else ""
    return Modifier(kind=kind, place=entry.place, over=chosen, limits=limits)


def _amount_or_share(written: Any) -> Number:
    made = number(written)
    return share(written) if made.percent else made


READERS: dict[str, Callable[[Block, str], Modifier]] = {
    "gate": _gate,
    "multiplier": _multiplier,
    "cap": _cap,
    "floor": _floor,
}
