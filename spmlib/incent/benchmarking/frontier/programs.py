"""Programs: what a linear program of an envelopment is made of, as arrays that compiled code takes.

A row is an input, an output, or the sum of weights (where scale counts). A column is a reference
unit, numbered from 0; then come the factor, the unit itself (which stands in where it is no
reference unit), and the slack of each row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spmlib.core.arrays import Floats, Whole

RETURNS = ("constant", "variable", "non_increasing", "non_decreasing")  # to scale
ORIENTATIONS = ("input", "output")
CONSTANT, VARIABLE, NON_INCREASING, NON_DECREASING = range(4)
INWARD, OUTWARD = range(2)  # the least input, the greatest output


class Program(NamedTuple):
    """What the programs of all units share."""

    columns: Floats  # reference units x rows
    scaled: Whole  # by row: whether the factor applies to it
    sign: Floats  # by row: of its slack
    worth: Floats  # by row: of one unit of its slack; all 0: slack is not maximised
    inputs: int  # how many rows are inputs; they come first
    outward: int  # INWARD or OUTWARD
    returns: int  # CONSTANT ...


class Asked(NamedTuple):
    """One unit."""

    point: Floats  # by row
    ray: Floats  # the factor's column
    right: Floats  # what the rows have to add up to
    own: int  # its own column, or -1
    hidden: int  # a column it may not use, or -1


class Basis(NamedTuple):
    """The columns in use."""

    codes: Whole
    inverse: Floats
    values: Floats


class Goal(NamedTuple):
    """What is to become least."""

    slack: Floats  # what one of each row's slack costs
    factor: float  # what the factor costs
    itself: float  # what the unit standing in for a reference unit costs
    face: Floats  # prices of an earlier goal, which has to stay as it is
    on_face: bool  # whether there is one


class Known(NamedTuple):
    """The columns that earlier units needed."""

    order: Whole
    listed: np.ndarray
    used: Whole  # of one element: how many


def program(
    columns: Floats, scaled: Whole, worth: Floats, inputs: int, outward: int, returns: int
) -> Program:
    """A program whose slacks have the sign of their row: used less, brought more."""
    sign = np.where(np.arange(columns.shape[1]) < inputs, 1.0, -1.0)
    if returns == NON_INCREASING:
        sign[-1] = 1.0
    return Program(columns, scaled, sign, worth, inputs, outward, returns)
