"""Units: what some people or territories use and bring, as arrays, checked.

What the factor is applied to has to be 0 or more, with something above 0 in every unit. Under
variable returns all else may be negative: weights add up to 1, so adding the same to a column that
is not scaled changes no score (translation invariance).

Source:
    Charnes, Cooper, Rhodes 1978; Banker, Charnes, Cooper 1984; Banker, Morey 1986 (what nobody can
    choose is fixed); Ali, Seiford 1990 (translation invariance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.benchmarking.frontier.programs import (
    ORIENTATIONS,
    RETURNS,
    Program,
    program,
)


@dataclass(frozen=True)
class Model:
    """How units are compared.

    Attributes:
        returns: to scale: constant (a mix may be of any size), variable (of the units' size),
            non_increasing (no larger), non_decreasing (no smaller).
        orientation: input: how little would do for what is brought; output: how much more could be
            brought with what is used.
        fixed_inputs: places of inputs that nobody can choose (from 0): compared, never scaled.
        fixed_outputs: the same of outputs.
        slack_worth: what one of each input's, then of each output's slack counts for when the mix
            with the most slack is chosen; 1 each if not given, as published.
    """

    returns: str = "variable"
    orientation: str = "input"
    fixed_inputs: tuple[int, ...] = ()
    fixed_outputs: tuple[int, ...] = ()
    slack_worth: tuple[float, ...] = ()


@dataclass(frozen=True)
class Units:
    """Units as rows of a linear program.

    Attributes:
        points: units x rows, each row over its `size`.
        sizes: the mean size of each row.
        inputs: how many rows are inputs.
        outputs: how many are outputs.
    """

    points: Floats
    sizes: Floats
    inputs: int
    outputs: int


def units(inputs: Any, outputs: Any, model: Model, sizes: Floats | None = None) -> Units:
    """Units as rows, checked.

    Args:
        inputs: what each uses: units x inputs, or a list of one input.
        outputs: what each brings, alike.
        model: how they are compared.
        sizes: to divide rows by; their own mean sizes if not given.

    Raises:
        ParameterError: the arrays do not fit; a number is missing, infinite or below 0 where it may
            not be; a unit has nothing that could be scaled; the model has unknown words or places.
    """
    refuse_model(model)
    used, brought = _columns(inputs, "inputs"), _columns(outputs, "outputs")
    if len(used) != len(brought):
        raise ParameterError(
            f"there are inputs of {len(used)} units and outputs of {len(brought)}; give one row a "
            "unit to each."
        )
    _refuse_places(model.fixed_inputs, used.shape[1], "fixed_inputs")
    _refuse_places(model.fixed_outputs, brought.shape[1], "fixed_outputs")
    outward = model.orientation == "output"
    _refuse_numbers(used, "inputs", model, set(model.fixed_inputs), not outward)
    _refuse_numbers(brought, "outputs", model, set(model.fixed_outputs), outward)
    rows = np.column_stack([used, brought])
    if sizes is None:
        sizes = np.abs(rows).mean(0)
        sizes = np.where(sizes > 0, sizes, 1.0)
    points = rows / sizes
    if model.returns != "constant":
        points = np.column_stack([points, np.ones(len(points))])
    return Units(np.ascontiguousarray(points), sizes, used.shape[1], brought.shape[1])


def programmed(of: Units, model: Model, slack: bool = True) -> Program:
    """The program whose columns are units."""
    rows = of.points.shape[1]
    worth = np.zeros(rows)
    count = of.inputs + of.outputs
    if slack:
        given = model.slack_worth or (1.0,) * count
        if len(given) != count or min(given) < 0:
            raise ParameterError(
                f"slack_worth has {len(given)} numbers, or one below 0; give {count} of 0 or more."
            )
        worth[:count] = np.array(given) * of.sizes
        worth /= max(worth.max(), 1e-300)
    fixed = [*model.fixed_inputs, *(of.inputs + place for place in model.fixed_outputs)]
    worth[fixed] = 0.0
    returns = RETURNS.index(model.returns)
    outward = ORIENTATIONS.index(model.orientation)
    return program(of.points, scaled(of, model), worth, of.inputs, outward, returns)


def scaled(of: Units, model: Model) -> Whole:
    """By row, whether the factor applies to it: 1 or 0."""
    made = np.zeros(of.points.shape[1], np.int64)
    if model.orientation == "input":
        made[: of.inputs] = 1
        made[list(model.fixed_inputs)] = 0
    else:
        made[of.inputs : of.inputs + of.outputs] = 1
        made[[of.inputs + place for place in model.fixed_outputs]] = 0
    return made


def refuse_model(model: Model) -> None:
    """Refuse words that mean nothing.

    Raises:
        ParameterError: a word is unknown.
    """
    words = {"returns": (model.returns, RETURNS), "orientation": (model.orientation, ORIENTATIONS)}
    for name, (word, known) in words.items():
        if word not in known:
            raise ParameterError(f"{name} '{word}' means nothing; write {nearest(word, known)}.")


def _columns(given: Any, name: str) -> Floats:
    """Numbers as units x columns."""
    made = np.asarray(given, float)
    made = made[:, None] if made.ndim == 1 else made
    if made.ndim != 2 or 0 in made.shape:
        raise ParameterError(f"{name} is no table of numbers; give one row a unit.")
    return made


def _refuse_places(places: Sequence[int], count: int, name: str) -> None:
    for place in places:
        if not 0 <= place < count:
            raise ParameterError(f"{name} has {place}; write places from 0 to {count - 1}.")


def _refuse_numbers(given: Floats, name: str, model: Model, fixed: set[int], applies: bool) -> None:
    """Refuse what cannot be compared."""
    for unit, column in np.argwhere(~np.isfinite(given))[:1]:
        raise ParameterError(
            f"{name}[{unit}, {column}] is {given[unit, column]}; give a number, or leave the unit "
            "out."
        )
    free = [n for n in range(given.shape[1]) if applies and n not in fixed]
    if applies and not free:
        raise ParameterError(f"all {name} are fixed, and {name} are what is scaled; free one.")
    strict = range(given.shape[1]) if model.returns != "variable" else free
    for unit, column in np.argwhere(given < 0):
        if column in strict:
            raise ParameterError(
                f"{name}[{unit}, {column}] is {given[unit, column]:g}, below 0; only under "
                "variable returns may it be, in what is not scaled. Measure it from a lower point, "
                "or turn the orientation."
            )
    positive = free or ([] if model.returns == "variable" else list(range(given.shape[1])))
    if positive:
        without = np.flatnonzero(~(given[:, positive] > 0).any(1))
        for unit in without[:1]:
            raise ParameterError(
                f"unit {unit} has no {name[:-1]} above 0 that could be scaled or compared; leave "
                "it out."
            )
