"""Prizes drawn: what a SPIFF would pay for many possible final scores at once.

The rules are those of `rules.spiffs.prizes`, on arrays of draws x people in doubles: an estimate,
held to the exact function draw by draw in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.rules.spiffs.written import Spiff


@dataclass(frozen=True)
class Drawn:
    """What each draw would pay.

    Attributes:
        places: draws x people; 0 where no place is taken.
        asked: prizes before the budget cuts them [currency], draws x people.
        prizes: after it.
    """

    places: Any
    asked: Any
    prizes: Any


def drawn(scores: Any, groups: Any, fits: Any, spiff: Spiff, reached: Any = None) -> Drawn:
    """Places and prizes of each draw.

    Args:
        scores: final scores [units], draws x people.
        groups: the group in which each person competes; people.
        fits: whether each person may win, whatever the score; people.
        spiff: what is won.
        reached: when each score was reached [days], draws x people: earlier is better where
            ``ties`` or the budget go by who came first.

    Returns:
        Places and prizes, draws x people.
    """
    scores = np.asarray(scores, float)
    least = float(spiff.minimum) if spiff.minimum is not None else 0.0
    holds = np.asarray(fits, bool)[None, :] & (scores > 0) & (scores >= least)
    first = np.zeros(scores.shape) if reached is None else np.asarray(reached, float)
    places = np.zeros(scores.shape, np.int64)
    asked = np.zeros(scores.shape)
    for group in np.unique(groups):
        own = np.flatnonzero(np.asarray(groups) == group)
        placed, won = _of_places(scores[:, own], holds[:, own], first[:, own], spiff)
        places[:, own], asked[:, own] = placed, won
    asked += np.where(holds, _of_levels(scores, spiff) + _of_each(scores, spiff), 0.0)
    return Drawn(places, asked, _within(asked, first, spiff))


def _of_places(scores: Any, holds: Any, first: Any, spiff: Spiff) -> tuple[Any, Any]:
    """Places of one group, and what they win."""
    draws, people = scores.shape
    keyed = np.where(holds, scores, -np.inf)
    order = (
        np.lexsort((first, -keyed), axis=1)
        if spiff.ties == "first"
        else np.argsort(-keyed, axis=1, kind="stable")
    )
    sorted_ = np.take_along_axis(keyed, order, 1)
    same = sorted_[:, 1:] == sorted_[:, :-1]
    if spiff.ties == "first":
        days = np.take_along_axis(first, order, 1)
        same &= days[:, 1:] == days[:, :-1]
    nth = np.broadcast_to(np.arange(people), (draws, people))
    begins = np.concatenate([np.ones((draws, 1), bool), ~same], axis=1)
    start = np.maximum.accumulate(np.where(begins, nth, 0), axis=1)
    ends = np.concatenate([~same, np.ones((draws, 1), bool)], axis=1)
    end = np.minimum.accumulate(np.where(ends, nth, people)[:, ::-1], axis=1)[:, ::-1] + 1
    amounts = np.zeros(people)
    given = [float(prize.amount) for prize in spiff.places][:people]
    amounts[: len(given)] = given
    upto = np.concatenate([[0.0], amounts.cumsum()])
    won = amounts[start] if spiff.ties == "all" else (upto[end] - upto[start]) / (end - start)
    places, prizes = np.zeros((draws, people), np.int64), np.zeros((draws, people))
    np.put_along_axis(places, order, start + 1, axis=1)
    np.put_along_axis(prizes, order, won, axis=1)
    return np.where(holds, places, 0), np.where(holds, prizes, 0.0)


def _of_levels(scores: Any, spiff: Spiff) -> Any:
    if not spiff.levels:
        return np.zeros(scores.shape)
    edges = np.array([float(level.at) for level in spiff.levels])
    amounts = np.array([0.0, *(float(level.amount) for level in spiff.levels)])
    return amounts[np.searchsorted(edges, scores, side="right")]


def _of_each(scores: Any, spiff: Spiff) -> Any:
    if spiff.each is None:
        return np.zeros(scores.shape)
    times = np.floor(np.maximum(scores, 0) / float(spiff.each.per) + 1e-9)
    if spiff.each.most is not None:
        times = np.minimum(times, spiff.each.most)
    return times * float(spiff.each.amount)


def _within(asked: Any, first: Any, spiff: Spiff) -> Any:
    """The prizes as the budget lets them be."""
    if spiff.budget is None or spiff.budget.over == "pay":
        return asked
    most, total = float(spiff.budget.amount), asked.sum(1, keepdims=True)
    if spiff.budget.over == "share":
        return asked * np.minimum(1.0, most / np.maximum(total, 1e-12))
    order = np.argsort(np.where(asked > 0, first, np.inf), axis=1, kind="stable")
    running = np.take_along_axis(asked, order, 1).cumsum(1)
    left = np.clip(most - running + np.take_along_axis(asked, order, 1), 0, None)
    paid = np.zeros(asked.shape)
    np.put_along_axis(paid, order, np.minimum(np.take_along_axis(asked, order, 1), left), axis=1)
    return paid
