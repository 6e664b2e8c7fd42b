"""Boosting: trees of one question each, added up; offered only where enough have left.

Each round asks the one question (of a number: is it in a twentieth or above; of a word: is it this
one) that leaves least unexplained, and takes a small part of its answer. How many rounds is chosen
out of time. Below about 120 leavers such a sum learns people by heart, so it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import logistic
from spmlib.motivate.attrition.rules import asked, tried

if TYPE_CHECKING:
    import polars as pl

LEAST = 120  # leavers, where no policy says otherwise
RATE, ROUNDS, HELD = 0.1, 300, 5.0  # part of an answer taken, rounds at most, ridge of an answer
LATER = 0.75  # of the rows, in their order, are learnt from to choose the rounds


@dataclass(frozen=True)
class Boosted:
    """A sum of answers: what each question adds to the log odds for yes and for no."""

    constant: float
    questions: tuple[tuple[str, float | str, float, float], ...]
    rounds: int

    def chances(self, rows: pl.DataFrame) -> Floats:
        """The chance of each row."""
        odds = np.full(len(rows), self.constant)
        for name, at, yes, no in self.questions:
            odds += np.where(asked(rows, name, at), yes, no)
        return logistic.chances(odds)


def boosted(
    rows: pl.DataFrame, outcome: Floats, features: Sequence[str], least: int = LEAST
) -> Boosted:
    """Trees of one question, their number chosen on the last quarter of the rows.

    Args:
        rows: in the order of time.
        outcome: 0 or 1.
        features: asked of.
        least: fewest leavers.

    Raises:
        ParameterError: fewer have left.

    Source:
        Friedman, "Greedy function approximation: a gradient boosting machine" (2001).
    """
    if outcome.sum() < least:
        raise ParameterError(
            f"boosting: {int(outcome.sum())} left, and it needs {least}; take the logistic hazard."
        )
    questions = [(name, at) for name in features for at in tried(rows, name)]
    answers = np.stack([asked(rows, name, at) for name, at in questions]).astype(np.float32)
    cut = int(LATER * len(outcome))
    _, _, losses = _added(answers[:, :cut], outcome[:cut], ROUNDS, answers[:, cut:], outcome[cut:])
    rounds = int(np.argmin(losses)) + 1
    constant, made, _ = _added(answers, outcome, rounds)
    told: dict[int, tuple[float, float]] = {}
    for number, yes, no in made:
        before = told.get(number, (0.0, 0.0))
        told[number] = before[0] + yes, before[1] + no
    summed = tuple((*questions[number], yes, no) for number, (yes, no) in told.items())
    return Boosted(constant, summed, rounds)


def _added(
    answers: Floats, outcome: Floats, rounds: int,
    later: Floats | None = None, came: Floats | None = None,
) -> tuple[float, list[tuple[int, float, float]], list[float]]:  # fmt: skip
    """Rounds of answers, and the loss on later rows after each."""
    constant = float(logistic.log_odds(np.array([outcome.mean()]))[0])
    odds = np.full(len(outcome), constant)
    ahead = None if later is None else np.full(later.shape[1], constant)
    made: list[tuple[int, float, float]] = []
    losses: list[float] = []
    for _ in range(rounds):
        chance = logistic.chances(odds)
        slope, curve = outcome - chance, chance * (1 - chance)
        both = answers @ np.stack([slope, curve], axis=1).astype(np.float32)
        yes_s, yes_c = both[:, 0].astype(float), both[:, 1].astype(float)
        no_s, no_c = slope.sum() - yes_s, curve.sum() - yes_c
        gain = yes_s**2 / (yes_c + HELD) + no_s**2 / (no_c + HELD)
        k = int(np.argmax(gain))
        yes, no = RATE * yes_s[k] / (yes_c[k] + HELD), RATE * no_s[k] / (no_c[k] + HELD)
        made.append((k, float(yes), float(no)))
        odds += np.where(answers[k] > 0, yes, no)
        if later is not None and ahead is not None and came is not None:
            ahead += np.where(later[k] > 0, yes, no)
            losses.append(logistic.log_loss(came, logistic.chances(ahead)))
    return constant, made, losses
