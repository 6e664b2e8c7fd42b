"""Plans as data: what a YAML file in ``parameters/plans`` says, word by word.

``docs/plans.md`` says what each word means. What cannot be meant is refused by
`spmlib.rules.refusals` before anything is computed. To add a word: add it to `COMPONENT`, to
`Component`, and give it its meaning in ``curves`` or ``modifiers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.errors import ParameterError, PlanError
from spmlib.core.parameters import Block, Number, choice, needed, number, refuse, share
from spmlib.rules import modifiers, payment_words, refusals
from spmlib.rules.measures import Measure
from spmlib.rules.modifiers import Modifier
from spmlib.rules.payments import Payment

PLAN = ("plan", "title", "source", "currency", "components", "modifiers", "payment")
WINDOWS = ("month", "quarter", "half", "year")
CHOICES = {
    "accumulate": ("transaction", *WINDOWS),
    "group": ("transaction", "month"),
    "thresholds": ("quota", "money", "units", "place"),
    "quota": ("window", "to_date"),
    "pays": ("rate", "personal_rate", "target", "unit", "amount"),
    "crossing": ("split", "whole", "transaction"),
    "within": ("step", "interpolate"),
    "boundary": ("upper", "lower"),
    "on_change": ("continue", "restart", "restate"),
    "proration": ("none", "days", "months", "working_days"),
}
DEFAULTS = {
    "group": "transaction",
    "quota": "window",
    "crossing": "",
    "within": "step",
    "boundary": "",
    "on_change": "continue",
    "proration": "",
}
COMPONENT = (
    *(*CHOICES, "clause", "category", "measure", "weight", "table", "matrix", "windfall"),
    "modifiers",
)
ROW = ("from", "to", "when", "rate", "payout", "amount")
MATRIX = ("measure", "of", "boundary")
PAID_BY = {"rate": ("rate",), "personal_rate": ("rate",), "unit": ("rate",), "amount": ("amount",)}


@dataclass(frozen=True)
class Row:
    """One row of a table: from where, and what it gives."""

    start: Number  # share of quota, money, units or place
    gives: Number  # share, multiple, money per unit, or money
    word: str  # rate, payout or amount
    when: Number | None  # value of the second measure from which the row holds
    place: str  # file and line


@dataclass(frozen=True)
class Matrix:
    """The second dimension of a table."""

    measure: str
    of: str  # quota, quota_to_date, or none
    boundary: str
    place: str


@dataclass(frozen=True, eq=False)  # one is itself only: it can be looked up by
class Component:
    """One way of earning: what is measured, over which window, at which rates."""

    plan: str
    name: str
    place: str
    currency: str
    clause: str
    category: str
    measure: str
    accumulate: str
    group: str
    thresholds: str
    quota: str
    pays: str
    weight: Number | None
    crossing: str
    within: str
    boundary: str
    tables: Mapping[date, tuple[Row, ...]]
    on_change: str
    matrix: Matrix | None
    proration: str
    windfall: Mapping[date, Number]
    modifiers: tuple[Modifier, ...]
    places: Mapping[str, str]  # file and line of each word

    def at(self, word: str) -> str:
        """File and line of a word; of the component where it is not written."""
        return self.places.get(word, self.place)

    @property
    def word(self) -> str:
        """What the rows give: rate, payout or amount."""
        return next(iter(self.tables.values()))[0].word

    @property
    def alone(self) -> bool:
        """Whether each transaction stands on its own."""
        return self.accumulate == "transaction"


@dataclass(frozen=True)
class Plan:
    """A compensation plan."""

    name: str
    title: str
    source: str
    currency: str
    place: str
    components: Mapping[str, Component]
    modifiers: tuple[Modifier, ...]
    payment: Payment | None


def read(folder: Path, measures: Mapping[str, Measure]) -> dict[str, Plan]:
    """The plans of a company by name, one file each.

    Raises:
        PlanError: a plan cannot be meant; the message says file, line, what is wrong and what
            would be right.
    """
    files = sorted(folder.glob("*.yaml"))
    for file in sorted(folder.glob("*.yml")):
        refuse(
            f"{file.name}:1",
            "the name of a plan ends in .yaml",
            f"name it {file.stem}.yaml",
            PlanError,
        )
    if not files:
        refuse(str(folder), "there is no plan", "write one, e.g. account_executive.yaml", PlanError)
    plans = [plan(file, measures) for file in files]
    return {made.name: made for made in plans}


def plan(path: Path, measures: Mapping[str, Measure]) -> Plan:
    """The plan that one file holds.

    Raises:
        PlanError: the plan cannot be meant.
    """
    try:
        return told(parameters.read(path), path.stem, measures)
    except PlanError:
        raise
    except ParameterError as error:
        raise PlanError(str(error)) from None


def told(entry: Block, file: str, measures: Mapping[str, Measure]) -> Plan:
    """The plan that a file says, once it is read.

    Args:
        entry: what it says.
        file: its name, without ``.yaml``.
        measures: those that are defined.

    Raises:
        ParameterError: the plan cannot be meant.
    """
    made = _plan(entry, file)
    refusals.check(made, measures)
    return made


def _plan(entry: Block, file: str) -> Plan:
    parameters.known(entry, PLAN, "a plan")
    name = parameters.text(needed(entry, "plan", f"plan: {file}"))
    currency = parameters.currency(entry)
    if name != file:
        refuse(
            entry.places["plan"],
            f"the plan is named '{parameters.shown(name)}' in a file named '{file}.yaml'",
            f"name both the same, e.g. `plan: {file}`",
        )
    blocks = parameters.block(
        needed(entry, "components", "components: {new_business: {measure: new_bookings, ..}}"),
        "`components`",
        "each component's name with its words below it",
    )
    if not blocks:
        refuse(entry.places["components"], "the plan has no component", "add one below")
    return Plan(
        name=name,
        title=str(entry.get("title", name.replace("_", " ").capitalize())),
        source=parameters.text(
            needed(entry, "source", "source: the signed document that this file encodes")
        ),
        currency=currency,
        place=entry.place,
        components={key: _component(name, key, currency, blocks) for key in blocks},
        modifiers=modifiers.read(entry.get("modifiers"), whole_plan=True),
        payment=payment_words.read(entry.get("payment")),
    )


def _component(plan_name: str, name: str, currency: str, blocks: Block) -> Component:
    entry = parameters.block(
        blocks[name], f"component '{parameters.shown(name)}'", "its words below it"
    )
    entry.place = blocks.places[name]
    parameters.known(entry, COMPONENT, "a component")
    chosen = {key: choice(entry, key, among, DEFAULTS.get(key)) for key, among in CHOICES.items()}
    return Component(
        plan=plan_name,
        name=name,
        place=entry.place,
        currency=currency,
        clause=" ".join(str(entry.get("clause", "")).split()),
        category=parameters.text(entry["category"]) if "category" in entry else "",
        measure=parameters.text(needed(entry, "measure", "measure: new_bookings")),
        weight=share(entry["weight"], "weight") if "weight" in entry else None,
        tables=_tables(entry, chosen["pays"], chosen["thresholds"]),
        matrix=_matrix(entry["matrix"]) if "matrix" in entry else None,
        windfall=_amounts(entry["windfall"]) if "windfall" in entry else {},
        modifiers=modifiers.read(entry.get("modifiers")),
        places=entry.places,
        **chosen,
    )


def _tables(entry: Block, pays: str, thresholds: str) -> dict[date, tuple[Row, ...]]:
    written = needed(entry, "table", "table: {2026-01-01: [{from: 0%, rate: 8%}]}")
    return parameters.history(
        written, lambda rows: _rows(rows, pays, thresholds), "{2026-01-01: [{from: 0%, rate: 8%}]}"
    )


def _rows(written: Any, pays: str, thresholds: str) -> tuple[Row, ...]:
    if not isinstance(written, parameters.Items) or not written:
        refuse(
            parameters.place_of(written), "the table has no rows", "write [{from: 0%, rate: 8%}]"
        )
    rows = tuple(_row(entry, pays, thresholds) for entry in written)
    refusals.check_rows(rows, [_to(entry, thresholds) for entry in written])
    return rows


def _row(written: Any, pays: str, thresholds: str) -> Row:
    entry = parameters.block(written, "a row", "{from: 0%, rate: 8%}")
    parameters.known(entry, ROW, "a row")
    allowed = PAID_BY.get(pays, ("payout", "rate"))
    given = [word for word in ("rate", "payout", "amount") if word in entry]
    if len(given) != 1 or given[0] not in allowed:
        said = " and ".join(given) or "nothing"
        wrong = f"with `pays: {pays}` a row gives {' or '.join(allowed)}, and this one {said}"
        refuse(entry.place, wrong, f"write {{from: .., {allowed[0]}: ..}}")
    word = given[0]
    as_money = word == "amount" or pays == "unit"
    return Row(
        start=_threshold(needed(entry, "from", "from: 0%"), thresholds),
        gives=_money(entry[word]) if as_money else share(entry[word], word),
        word=word,
        when=number(entry["when"]) if "when" in entry else None,
        place=entry.place,
    )


def _to(entry: Block, thresholds: str) -> Number | None:
    return _threshold(entry["to"], thresholds) if "to" in entry else None


def _threshold(written: Any, thresholds: str) -> Number:
    if thresholds == "quota":
        return share(written, "share of quota")
    made = number(written)
    if made.percent:
        remedy = "write an amount, or `thresholds: quota`"
        refuse(
            made.place,
            f"`thresholds: {thresholds}` counts no percent, and '{written}' is one",
            remedy,
        )
    return made


def _money(written: Any) -> Number:
    made = number(written)
    if made.percent:
        refuse(made.place, f"'{written}' is a share where money is meant", "write an amount")
    return made


def _amounts(written: Any) -> dict[date, Number]:
    return parameters.history(written, _positive, "{2026-01-01: 500_000.00}")


def _positive(written: Any) -> Number:
    made = _money(written)
    if made < 0:
        refuse(made.place, f"{written} is below zero", "write the size that may be credited")
    return made


def _matrix(written: Any) -> Matrix:
    entry = parameters.block(written, "`matrix`", "{measure: margin_rate, boundary: upper}")
    parameters.known(entry, MATRIX, "a matrix")
    return Matrix(
        measure=parameters.text(needed(entry, "measure", "measure: margin_rate")),
        of=choice(entry, "of", ("quota", "quota_to_date", "none"), "none"),
        boundary=choice(entry, "boundary", CHOICES["boundary"]),
        place=entry.place,
    )
