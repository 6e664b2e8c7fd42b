"""Rates: how often each person scores, and by how much, from own past days and everybody's.

Scores come as in a Poisson process at a rate of each person's own. How rates differ between people
is learnt from all of them (a gamma, by moments), so that who has had two good weeks is not taken
to go on like that, and who has had none may still score. How large a score is comes from the
person's own past ones as far as there are some, and from everybody's.

Source: Poisson-gamma and its moments: Buehlmann and Gisler (2005), A Course in Credibility Theory,
section 2.4; Robbins (1956), An Empirical Bayes Approach to Statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames

BELIEVED = 5.0  # own scores that weigh as much as everybody's: of sizes only
EVEN = 1e6  # shape of a gamma that is a point


@dataclass(frozen=True)
class Rates:
    """How each person scores.

    Attributes:
        people: ids.
        shape, exposure: of each person's rate [scores a day]: a gamma with mean shape / exposure.
        sizes: all scores above 0, with those of a person together.
        starts, counts: where each person's own begin in `sizes`, and how many there are.
        days: that each person was seen [days].
    """

    people: list[str]
    shape: Any
    exposure: Any
    sizes: Any
    starts: Any
    counts: Any
    days: Any

    @property
    def daily(self) -> Any:
        """Expected scores a day of each person."""
        return self.shape / self.exposure


def rates(scores: Any, people: list[str], first: date, day: date, since: Any = None) -> Rates:
    """How each person scores, from all days from `first` up to `day`.

    Defined as, with n scores in d days, and a gamma (a, b) of rates over people::

        shape = a + n;  exposure = b + d

    Args:
        scores: payee_id, event_date, score [units]; those of a day and person count one by one,
            what is not above 0 (a cancellation) is none.
        people: whom it is asked for; who has no score is there too.
        first, day: the days that are looked at, closed left, open right.
        since: first day of each person by id, where later than `first`.

    Raises:
        ParameterError: there are no days, or nobody.
    """
    import polars as pl

    if day <= first:
        raise ParameterError(f"no day lies between {first} and {day}; give an earlier first day.")
    if not people:
        raise ParameterError("nobody takes part; give the people who may win.")
    names = [str(who) for who in people]
    rows = frames.taken(scores, ("payee_id", "event_date", "score"), "the scores")
    rows = frames.days(rows, "event_date", "the scores").filter(
        pl.col("event_date") >= first,
        pl.col("event_date") < day,
        pl.col("score") > 0,
        pl.col("payee_id").cast(pl.String).is_in(names),
    )
    place = {who: n for n, who in enumerate(names)}
    person = np.array([place[str(who)] for who in rows["payee_id"].to_list()], int)
    sizes = rows["score"].cast(pl.Float64).to_numpy()
    order = np.argsort(person, kind="stable")
    counts = np.bincount(person, minlength=len(names))
    begun = [max(first, (since or {}).get(who, first)) for who in names]
    days = np.array([max((day - start).days, 0) for start in begun], float)
    shape, exposure = prior(counts, days)
    return Rates(
        people=names,
        shape=shape + counts,
        exposure=exposure + days,
        sizes=sizes[order],
        starts=np.concatenate([[0], counts.cumsum()[:-1]]),
        counts=counts,
        days=days,
    )


def prior(counts: Any, days: Any) -> tuple[float, float]:
    """The gamma of rates over people, by moments.

    Returns:
        Shape and exposure [days]; a point at the common rate where counts spread no more than
        chance would spread them.
    """
    counts, days = np.asarray(counts, float), np.asarray(days, float)
    total = days.sum()
    if total <= 0 or counts.sum() <= 0:
        return 0.5, max(total, 1.0)  # nothing seen: half a score in all those days
    rate = counts.sum() / total
    there = days > 0
    apart = (days[there] * (counts[there] / days[there] - rate) ** 2).sum()
    effective = total - (days**2).sum() / total
    spread = (apart - (there.sum() - 1) * rate) / effective if effective > 0 else 0.0
    if spread <= rate**2 / EVEN:
        return EVEN, EVEN / rate
    return rate**2 / spread, rate / spread
