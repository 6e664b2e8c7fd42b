"""Plain: pay mix, leverage and the table that meets them, on plain numbers: no company needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.modelling.simulated.nearest import Bounds, nearest, said


@dataclass(frozen=True)
class Mix:
    """Target pay of one job [currency a year].

    Attributes:
        base: what is paid whatever is sold.
        target_incentive: what is paid on top at 100 % of quota.
        excellent: what is paid in all at excellence.
    """

    base: float
    target_incentive: float
    excellent: float

    @property
    def total(self) -> float:
        """Target cash: base pay and target incentive."""
        return self.base + self.target_incentive

    @property
    def upside(self) -> float:
        """What excellence pays beyond 100 % of quota."""
        return self.excellent - self.total

    @property
    def leverage(self) -> float:
        """Variable pay at excellence over the target incentive."""
        return (self.excellent - self.base) / self.target_incentive


def mix(total: float, variable: float, upside: float, additional: bool = True) -> Mix:
    """Base pay, target incentive and pay at excellence of a job.

    Defined as::

        target incentive = total x variable
        base             = total - target incentive
        excellent        = total + upside x target incentive    upside is what comes on top
        excellent        = base  + upside x target incentive    upside is all variable pay: leverage

    Args:
        total: target cash a year [currency].
        variable: its variable share, above 0 and at most 1.
        upside: the upside ratio, or with ``additional=False`` the leverage.
        additional: which of the two.

    Raises:
        ParameterError: target cash or ratio is negative, or the share is none.

    >>> mix(100_000, 0.5, 2.0)
    Mix(base=50000.0, target_incentive=50000.0, excellent=200000.0)
    >>> mix(100_000, 0.5, 3.0, additional=False).excellent
    200000.0
    """
    if not 0 < variable <= 1:
        raise ParameterError(f"variable: {variable} is no share of pay; write e.g. 0.4.")
    if total <= 0 or upside < 0:
        raise ParameterError(f"total {total} and upside {upside} cannot be meant; write 0 or more.")
    incentive = total * variable
    base = total - incentive
    return Mix(base, incentive, (total if additional else base) + upside * incentive)


def slices(starts: Sequence[float], attained: Floats, pays: str = "rate") -> Floats:
    """What each row counts of attainments: rows x the shape of ``attained``.

    Args:
        starts: thresholds of rows, multiples of quota, rising from 0.
        attained: multiples of quota.
        pays: ``rate``: each slice of attainment earns the rate of its own row; the first row goes
            on below 0. ``payout``: payouts on the line between rows, flat beyond the last.

    Raises:
        ParameterError: thresholds do not rise from 0, or the word is unknown.

    >>> slices([0, 1.0], np.array([1.25])).tolist()
    [[1.0], [0.25]]
    >>> slices([0, 1.0], np.array([0.75]), "payout").tolist()
    [[0.25], [0.75]]
    """
    edges = np.asarray(starts, float)
    if not len(edges) or edges[0] != 0 or (np.diff(edges) <= 0).any():
        raise ParameterError(
            f"thresholds {list(starts)} do not rise from 0; write e.g. [0, 1, 1.5]."
        )
    if pays == "payout":
        return np.array([np.interp(attained, edges, unit) for unit in np.eye(len(edges))])
    if pays != "rate":
        raise ParameterError(f"pays: '{pays}' means nothing here; write one of: rate, payout.")
    tops = np.append(edges[1:], np.inf)
    made = [np.clip(attained, low, high) - low for low, high in zip(edges, tops, strict=True)]
    made[0] = np.minimum(attained, tops[0])
    return np.array(made)


def paid(
    starts: Sequence[float],
    gives: Sequence[float] | Floats,
    attained: Floats,
    stick: Floats | float,
    pays: str = "rate",
) -> Floats:
    """What a table pays: the shape of ``attained`` [currency].

    Args:
        starts: as in `slices`.
        gives: rates, or payouts.
        attained: multiples of quota.
        stick: the quota for rates, the target incentive for payouts [currency].
        pays: as in `slices`.
    """
    return np.asarray(np.tensordot(np.asarray(gives), slices(starts, attained, pays), 1) * stick)


def table(
    starts: Sequence[float],
    now: Sequence[float],
    stick: float,
    *,
    pays: str = "rate",
    attained: Floats | None = None,
    budget: float | None = None,
    at_quota: float | None = None,
    at_excellence: float | None = None,
    excellence: float | None = None,
    bounds: Bounds | None = None,
) -> Floats:
    """The rates, or payouts, nearest to those of now that pay what is wanted, each as far as asked.

    Defined as the r that minimises |r - now|^2 with

        mean over draws of the sum over people of pay(attained) = budget
        pay(1)                                                  = at_quota
        pay(excellence)                                         = at_excellence

    Args:
        starts: thresholds, multiples of quota, rising from 0.
        now: what the rows give.
        stick: one person's quota for rates, or target incentive for payouts [currency].
        pays: rate or payout, as in `slices`.
        attained: drawn attainments of people: people x draws, or draws of one; for a budget.
        budget: what they are to cost on average [currency].
        at_quota: one person's variable pay at 100 % of quota [currency].
        at_excellence: the same at excellence.
        excellence: multiple of quota called so.
        bounds: of every rate; 0 or more if not given.

    Raises:
        ParameterError: nothing is asked, what it needs is missing, or the conditions clash: the
            message says how far each can go.
    """
    conditions: dict[str, tuple[Floats, float]] = {}
    if budget is not None:
        if attained is None or not np.size(attained):
            raise ParameterError("budget: nobody's attainment is drawn; give `attained`.")
        drawn = np.atleast_2d(np.asarray(attained, float))
        each = slices(starts, drawn, pays).sum(axis=1).mean(axis=1)
        conditions["budget"] = (each * stick, budget)
    if at_quota is not None:
        conditions["pay at quota"] = (slices(starts, np.array(1.0), pays) * stick, at_quota)
    if at_excellence is not None:
        if excellence is None:
            raise ParameterError(
                "at_excellence: from where is missing; give `excellence`, e.g. 1.5."
            )
        conditions["pay at excellence"] = (
            slices(starts, np.array(float(excellence)), pays) * stick,
            at_excellence,
        )
    if not conditions:
        raise ParameterError(
            "nothing is asked of the table; give budget, at_quota or at_excellence."
        )
    if len(now) != len(starts):
        raise ParameterError(f"{len(now)} rates for {len(starts)} thresholds; give one for each.")
    of = np.array([row for row, _ in conditions.values()])
    wanted = np.array([sum_ for _, sum_ in conditions.values()])
    made = nearest(np.asarray(now, float), of, wanted, bounds)
    if made is None:
        told = said(tuple(conditions), of, wanted, bounds)
        raise ParameterError(
            f"no table meets what is asked: {told}; ask for less, or move thresholds."
        )
    return made
