"""Written: who is compared with whom, by what: ``parameters/policies/frontier.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import Number, refuse
from spmlib.core.written import Block
from spmlib.incent.benchmarking.frontier.programs import ORIENTATIONS, RETURNS
from spmlib.incent.benchmarking.frontier.units import Model

WORDS = ("currency", "months", "least_months", "samples", "seed", "sure", "groups", "effects")
KINDS = ("people", "territories")
INPUTS = {
    "people": ("months", "pay", "potential", "accounts", "opportunities"),
    "territories": ("potential", "accounts", "opportunities"),
}
OF_GROUP = ("of", "roles", "inputs", "fixed", "outputs", "returns", "orientation")
OF_EFFECTS = ("group", "result", "quarters", "facts", "floor", "first")
FACTS = ("potential", "accounts", "tenure", "season", "opportunities")
EACH = 3  # units for each input and output, at least (Cooper, Seiford, Tone, 9.2)


@dataclass(frozen=True)
class Group:
    """Who is compared with each other, and by what.

    Attributes:
        name: of the group.
        place: file and line.
        of: people or territories.
        roles: of the people.
        inputs: what each has to work with.
        outputs: measures brought.
        model: how they are compared.
    """

    name: str
    place: str
    of: str
    roles: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    model: Model

    @property
    def fewest(self) -> int:
        """Units that a comparison needs: the larger of inputs x outputs and 3 (inputs + outputs).

        Source: Cooper, Seiford, Tone, "Data Envelopment Analysis", 2nd edition, 9.2.
        """
        inputs, outputs = len(self.inputs), len(self.outputs)
        return max(inputs * outputs, EACH * (inputs + outputs))


@dataclass(frozen=True)
class Asked:
    """What people add: which result, beside which facts.

    Attributes:
        group: whose.
        result: the measure.
        quarters: back from the day asked.
        facts: what is known of each quarter of each person.
        floor: of the middle month: results below count as this.
        first: how many are among the first.
    """

    group: str
    result: str
    quarters: int
    facts: tuple[str, ...]
    floor: float
    first: int


@dataclass(frozen=True)
class Policy:
    """What a company decides of its own frontier."""

    currency: str
    months: int
    least_months: float
    samples: int
    seed: int
    sure: float
    groups: Mapping[str, Group]
    effects: Asked


def read(path: Path) -> Policy:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or a number is out of bounds.
    """
    parameters.known(entry, WORDS, "the frontier")
    said = parameters.needed(entry, "groups", "groups: {sellers: {of: people, ...}}")
    blocks = parameters.block(said, "groups", "{sellers: {of: people, ...}}")
    groups = {str(name): _group(str(name), blocks[name], blocks.places[name]) for name in blocks}
    effects = parameters.needed(entry, "effects", "effects: {group: sellers, ...}")
    return Policy(
        currency=parameters.text(parameters.needed(entry, "currency", "currency: USD")),
        months=_whole(entry, "months", 12, 1),
        least_months=_whole(entry, "least_months", 6, 0),
        samples=_whole(entry, "samples", 2000, 100),
        seed=_whole(entry, "seed", 1, 0),
        sure=_share(entry, "sure", "95%"),
        groups=groups,
        effects=_effects(parameters.block(effects, "effects", "{group: sellers, ...}"), groups),
    )


def _group(name: str, written_: Any, place: str) -> Group:
    entry = parameters.block(written_, name, "{of: people, inputs: [...], outputs: [...]}")
    parameters.known(entry, OF_GROUP, "a group")
    of = parameters.choice(entry, "of", KINDS)
    inputs = _among(entry, "inputs", INPUTS[of])
    fixed = _among(entry, "fixed", inputs) if "fixed" in entry else ()
    roles = parameters.words(entry["roles"]) if "roles" in entry else ()
    if (of == "people") != bool(roles):
        remedy = "roles: [account_executive]" if of == "people" else "no roles"
        refuse(entry.place, f"people have roles and territories none, and this is of {of}", remedy)
    outputs = parameters.words(parameters.needed(entry, "outputs", "outputs: [new_bookings]"))
    model = Model(
        returns=parameters.choice(entry, "returns", RETURNS),
        orientation=parameters.choice(entry, "orientation", ORIENTATIONS),
        fixed_inputs=tuple(inputs.index(each) for each in fixed),
    )
    if model.orientation == "input" and len(fixed) == len(inputs):
        refuse(entry.places["fixed"], "all inputs are fixed, and inputs are scaled", "free one")
    return Group(name, place, of, roles, inputs, outputs, model)


def _effects(entry: Block, groups: Mapping[str, Group]) -> Asked:
    parameters.known(entry, OF_EFFECTS, "effects")
    people = [name for name, group in groups.items() if group.of == "people"]
    return Asked(
        group=parameters.choice(entry, "group", people),
        result=parameters.text(parameters.needed(entry, "result", "result: new_bookings")),
        quarters=_whole(entry, "quarters", 8, 2),
        facts=_among(entry, "facts", FACTS),
        floor=_share(entry, "floor", "5%"),
        first=_whole(entry, "first", 10, 1),
    )


def _among(entry: Block, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a list, each known and none twice."""
    found = parameters.words(parameters.needed(entry, key, f"{key}: [{known[0]}]"))
    for place, each in enumerate(found):
        if each not in known or each in found[:place]:
            wrong = "is written twice" if each in known else "is not known here"
            nearest = parameters.nearest(each, known)
            refuse(parameters.place_of(each), f"'{each}' {wrong}", f"write {nearest}, each once")
    return found


def _whole(entry: Block, key: str, example: int, least: int) -> int:
    given = parameters.needed(entry, key, f"{key}: {example}")
    made = parameters.whole(given)
    if made < least:
        refuse(parameters.place_of(given), f"{key} is {made}", f"write {least} or more")
    return made


def _share(entry: Block, key: str, example: str) -> float:
    made: Number = parameters.share(parameters.needed(entry, key, f"{key}: {example}"), key)
    if not 0 < made < 1:
        refuse(
            made.place,
            f"{key} is {parameters.percent(made)}",
            f"write a share between 0% and 100%, as {example}",
        )
    return float(made)
