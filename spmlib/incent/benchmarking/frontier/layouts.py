"""Layouts: observations of people and places, and the sums of them that their equations need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError


@dataclass(frozen=True)
class Layout:
    """The observations, and what sums of them the equations need."""

    result: Floats
    facts: Floats  # observations x known facts, the first all 1
    people: Whole
    places: Whole  # one for all where there are none
    each: Floats  # observations of each person
    size: int  # of the second part: facts, then places
    corner: Floats  # [X Z2]'[X Z2]
    edge: Floats  # Z1'[X Z2]
    right: Floats  # [X Z2]'y
    sums: Floats  # Z1'y


def layout_of(
    result: Any, people: Sequence[Any], facts: Any, places: Sequence[Any] | None
) -> tuple[tuple[tuple[Any, ...], tuple[Any, ...]], Layout]:
    """Observations with the sums that the equations need, and the names of people and places.

    Raises:
        ParameterError: lengths differ, a number is missing, there is too little to tell people from
            luck, or facts repeat each other.
    """
    given = np.asarray(result, float)
    level = np.ones((len(given), 1))
    known = level if facts is None else np.column_stack([level, np.asarray(facts, float)])
    who, first = np.unique(np.asarray(people), return_inverse=True)
    held = np.zeros(len(given), int) if places is None else np.asarray(places)
    if not len(given) == len(known) == len(first) == len(held):
        raise ParameterError("result, people, facts and places differ in length; give one of each.")
    where, second = np.unique(held, return_inverse=True)
    _refuse(given, known, len(who))
    two = len(where) > 1
    other = np.zeros((len(given), len(where) if two else 0))
    if two:
        other[np.arange(len(given)), second] = 1.0
    both = np.column_stack([known, other])
    edge = np.zeros((len(who), both.shape[1]))
    np.add.at(edge, first, both)
    each = np.bincount(first, minlength=len(who)).astype(float)
    sums = np.bincount(first, given, len(who))
    corner, right = both.T @ both, both.T @ given
    layout = Layout(given, known, first, second, each, both.shape[1], corner, edge, right, sums)
    return (tuple(who.tolist()), tuple(where.tolist())), layout


def _refuse(result: Floats, facts: Floats, people: int) -> None:
    if not (np.isfinite(result).all() and np.isfinite(facts).all()):
        raise ParameterError("a result or a fact is no number; leave the observation out.")
    if people < 3:
        raise ParameterError(f"{people} people cannot be told apart from luck; compare 3 or more.")
    if len(result) <= people:
        raise ParameterError(
            f"{len(result)} observations of {people} people leave nothing to see luck by; give "
            "several of each, such as quarters."
        )
    if len(result) <= facts.shape[1] or np.linalg.matrix_rank(facts) < facts.shape[1]:
        raise ParameterError("facts repeat each other, or never change; leave one of them out.")
