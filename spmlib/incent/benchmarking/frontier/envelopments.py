"""Envelopments: how far units are from the best of their own kind (data envelopment analysis).

    found = enveloped(inputs, outputs, Model("constant", "input"))
    found.scores, found.peers(3), found.output_targets

A unit is compared with mixes of all units: the best mix that brings no less, of no more. What the
mix does better beyond the factor is slack: among the mixes of the best factor that with the most.

Defined as::

    input:   least t  with  sum w x <= t x0,  sum w y >= y0,    w >= 0;   score = t
    output:  most f   with  sum w x <= x0,    sum w y >= f y0,  w >= 0;   score = 1 / f

with sum w free (constant returns), 1 (variable), at most 1 (non-increasing) or at least 1.

Source:
    Charnes, Cooper, Rhodes 1978 (constant returns); Banker, Charnes, Cooper 1984 (variable);
    Banker, Morey 1986 (fixed inputs); Andersen, Petersen 1993 (super-efficiency); Färe, Grosskopf,
    Lovell 1985 (scale). As in Cooper, Seiford, Tone, "Data Envelopment Analysis", 2nd edition,
    chapters 1 to 5, 7 and 10.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.incent.benchmarking.frontier.simplex import solved
from spmlib.incent.benchmarking.frontier.units import Model, Units, programmed, units

NEGLIGIBLE = 1e-7  # a slack or a lack of score below this is none


@dataclass(frozen=True)
class Envelopment:
    """What came of a comparison, unit by unit.

    Attributes:
        scores: 0 to 1: of all that it uses, what the best would need (input); of what the best
            would bring, what it brings (output). Above 1 only for units beyond the reference.
        factors: what it uses, or brings, times this is on the frontier: t or f above.
        mixes: reference units of each mix, -1 where there is none: units x places.
        weights: of them.
        input_slacks: what is used beyond the factor: units x inputs.
        output_slacks: what is lacking beyond the factor: units x outputs.
        input_targets: what the mix uses.
        output_targets: what the mix brings.
        input_prices: the weights that show the unit in its best light; 0 or more.
        output_prices: the same of outputs.
        efficient: whether the score is 1 and there is no slack in what can be chosen.
    """

    scores: Floats
    factors: Floats
    mixes: Whole
    weights: Floats
    input_slacks: Floats
    output_slacks: Floats
    input_targets: Floats
    output_targets: Floats
    input_prices: Floats
    output_prices: Floats
    efficient: np.ndarray

    def peers(self, unit: int) -> dict[int, float]:
        """The reference units of a unit's mix with their weights, the heaviest first."""
        found = {
            int(peer): float(weight)
            for peer, weight in zip(self.mixes[unit], self.weights[unit], strict=True)
            if peer >= 0 and weight > NEGLIGIBLE
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


@dataclass(frozen=True)
class Scales:
    """Scores under constant and variable returns, and what lies between.

    Attributes:
        constant: scores under constant returns.
        variable: scores under variable returns.
        scale: constant over variable: what is lost by being too small or too large.
        returns: constant, increasing (too small) or decreasing (too large).
    """

    constant: Floats
    variable: Floats
    scale: Floats
    returns: tuple[str, ...]


def enveloped(
    inputs: Any, outputs: Any, model: Model | None = None, reference: Any = None
) -> Envelopment:
    """Units beside the frontier of all of them, or of others.

    Args:
        inputs: what each unit uses: units x inputs.
        outputs: what each brings: units x outputs.
        model: how they are compared: variable returns, input if not given.
        reference: inputs and outputs of the units that make the frontier, if not these. A unit that
            no mix of them equals has the factor nan.

    Raises:
        ParameterError: as `units`.

    >>> enveloped([2, 3, 3, 4], [1, 3, 2, 3], Model("constant")).scores.round(3).tolist()
    [0.5, 1.0, 0.667, 0.75]
    """
    model = model or Model()
    if reference is None:
        asked = units(inputs, outputs, model)
        return _made(asked, asked, model, np.arange(len(asked.points)), None)
    used, brought = reference
    others = units(used, brought, model)
    asked = units(inputs, outputs, model, others.sizes)
    return _made(asked, others, model, None, None)


def super_efficiency(inputs: Any, outputs: Any, model: Model | None = None) -> Envelopment:
    """Units beside the frontier of all others: how far the best are beyond it.

    Where no mix of the others equals a unit, as may be unless returns are constant, factor and
    score are nan.

    Raises:
        ParameterError: as `units`.
    """
    model = model or Model()
    asked = units(inputs, outputs, model)
    return _made(asked, asked, model, None, np.arange(len(asked.points)))


def scales(inputs: Any, outputs: Any, model: Model | None = None) -> Scales:
    """What each unit loses by its size.

    Defined as::

        scale = score under constant returns / score under variable returns

    and returns increase where non-increasing returns give the score of constant ones.

    Raises:
        ParameterError: as `units`.

    >>> scales([2, 3, 6], [1, 3, 5], Model(orientation="input")).returns
    ('increasing', 'constant', 'decreasing')
    """
    model = model or Model()
    kinds = ("constant", "variable", "non_increasing")
    found = [_scores(inputs, outputs, replace(model, returns=kind)) for kind in kinds]
    constant, variable, less = found
    same = np.abs(constant - variable) <= NEGLIGIBLE
    grows = np.abs(less - constant) <= NEGLIGIBLE
    words = np.where(same, "constant", np.where(grows, "increasing", "decreasing"))
    return Scales(constant, variable, constant / variable, tuple(words.tolist()))


def _scores(inputs: Any, outputs: Any, model: Model) -> Floats:
    of = units(inputs, outputs, model)
    alone = np.full(len(of.points), -1)
    own = np.arange(len(of.points))
    return scored(solved(of.points, programmed(of, model, slack=False), own, alone)[0], model)


def scored(factors: Floats, model: Model) -> Floats:
    """Factors as scores: 1 / f where outputs are scaled."""
    if model.orientation == "input":
        return factors
    return np.divide(1.0, factors, out=np.full_like(factors, np.inf), where=factors != 0)


def _made(
    asked: Units, others: Units, model: Model, own: Whole | None, hidden: Whole | None
) -> Envelopment:
    none = np.full(len(asked.points), -1)
    own, hidden = (none if own is None else own), (none if hidden is None else hidden)
    program = programmed(others, model)
    factors, mixes, weights, prices = solved(asked.points, program, own, hidden)
    count = asked.inputs + asked.outputs
    slack = _slacks(mixes, weights, asked.points.shape[1])[:, :count] * asked.sizes
    fits = np.isfinite(factors)[:, None]
    slack = np.where(fits, slack, np.nan)
    rows = asked.points[:, :count] * asked.sizes
    factor = np.where(program.scaled[None, :count] > 0, factors[:, None], np.where(fits, 1, np.nan))
    targets = rows * factor + np.where(np.arange(count) < asked.inputs, -slack, slack)
    worth = np.where(fits, prices[:, :count], np.nan) / asked.sizes
    scores = scored(factors, model)
    chosen = np.ones(count, bool)
    chosen[[*model.fixed_inputs, *(asked.inputs + place for place in model.fixed_outputs)]] = False
    tight = (slack[:, chosen] / asked.sizes[chosen] < NEGLIGIBLE).all(1)
    return Envelopment(
        scores=scores,
        factors=factors,
        mixes=np.where(mixes >= 0, mixes, -1),
        weights=np.where(mixes >= 0, weights, 0.0),
        input_slacks=slack[:, : asked.inputs],
        output_slacks=slack[:, asked.inputs :],
        input_targets=targets[:, : asked.inputs],
        output_targets=targets[:, asked.inputs :],
        input_prices=np.abs(worth[:, : asked.inputs]),
        output_prices=np.abs(worth[:, asked.inputs :]),
        efficient=(scores > 1 - NEGLIGIBLE) & tight,
    )


def _slacks(mixes: Whole, weights: Floats, rows: int) -> Floats:
    """Slack by unit and row."""
    made = np.zeros((len(mixes), rows))
    unit, place = np.nonzero(mixes <= -2)
    made[unit, -2 - mixes[unit, place]] = weights[unit, place]
    return made
