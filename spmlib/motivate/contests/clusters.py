"""Clusters: a mean of people and how sure it is, when each person counts once.

Weeks of one person are alike, so they are no independent evidence. Each person's weeks are first
made into one number; what is left is a mean over people, and its error is theirs. With each person
a cluster this is the cluster-robust error with the bias correction of Bell and McCaffrey (CR2).

Source: Bertrand, Duflo and Mullainathan (2004), Quarterly Journal of Economics 119, section IV.C;
Bell and McCaffrey (2002), Survey Methodology 28; Imbens and Kolesar (2016), Review of Economics
and Statistics 98.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError

LEAST = 2  # people of a group: one alone shows no spread


@dataclass(frozen=True)
class Mean:
    """A mean over people.

    Attributes:
        mean: weighed.
        variance: of the mean.
        freedom: degrees of freedom of the variance.
        count: people with a weight.
        parts: of each person, how far they pull the mean: for what is drawn anew.
    """

    mean: float
    variance: float
    freedom: float
    count: int
    parts: Any = ()


@dataclass(frozen=True)
class Difference:
    """How much more the treated changed than the others, with its interval.

    Attributes:
        effect: treated_change - control_change.
        standard_error, freedom: of the effect.
        low, high: interval that holds the true effect in ``sure`` of cases.
        p_value: chance of as large an effect either way, if there is none.
        treated_change, control_change: their mean changes.
        treated, control: people counted.
        sure: what the interval promises.
    """

    effect: float
    standard_error: float
    freedom: float
    low: float
    high: float
    p_value: float
    treated_change: float
    control_change: float
    treated: int
    control: int
    sure: float

    def times(self, factor: float) -> Difference:
        """The same in other units: of all people instead of one, or in money."""
        factor = float(factor)  # of numpy's kinds, too
        low, high = sorted((self.low * factor, self.high * factor))
        return replace(
            self,
            effect=self.effect * factor,
            standard_error=self.standard_error * abs(factor),
            low=low,
            high=high,
            treated_change=self.treated_change * factor,
            control_change=self.control_change * factor,
        )


def mean(values: Sequence[float] | Any, weights: Any = None) -> Mean:
    """A weighed mean over people, its variance and degrees of freedom.

    Defined as, with weights w that add up to 1 and residuals e::

        variance = sum(w^2 e^2 / (1 - w));  freedom = (sum of g)^2 / sum of the squares of G

    where G is the variance as a quadratic form of errors that are alike (Bell and McCaffrey).
    With equal weights: s^2 / n, and n - 1.

    Args:
        values: one for each person.
        weights: of each; alike if none.

    Raises:
        ParameterError: fewer than two people, or one of them has all the weight.
    """
    y = np.asarray(values, float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
    if not np.isfinite(y).all():
        raise ParameterError("a change is no number; leave out whoever has none.")
    if np.isnan(w).any() or (w < 0).any():
        raise ParameterError("a weight is below 0 or empty; give each person one from 0 on.")
    y, w = y[w > 0], w[w > 0]
    if len(y) < LEAST:
        raise ParameterError(
            f"{len(y)} people show no spread; give {LEAST} of each group at least."
        )
    w = w / w.sum()
    middle = float(w @ y)
    parts = w * (y - middle) / np.sqrt(1 - w)
    return Mean(middle, float(parts @ parts), _freedom(w), len(y), parts)


def difference(
    treated: Any, control: Any, weights: Any = None, sure: float = 0.95, own: Any = None
) -> Difference:
    """How much more one group changed than another.

    Args:
        treated: the change of each treated person.
        control: of each other person.
        weights: of the others, as they were matched; alike if none.
        sure: what the interval promises.
        own: weights of the treated; alike if none.

    Raises:
        ParameterError: a group has fewer than two people.
    """
    return between(mean(treated, own), mean(control, weights), sure)


def between(treated: Mean, control: Mean, sure: float = 0.95) -> Difference:
    """The difference of two means.

    The degrees of freedom are Welch and Satterthwaite's of the two groups' own: with equal weights
    the interval is Welch's.

    Raises:
        ParameterError: `sure` is no share between 0 and 1.
    """
    from scipy.stats import t

    refuse_share(sure)
    variance = treated.variance + control.variance
    pieces = treated.variance**2 / treated.freedom + control.variance**2 / control.freedom
    freedom = variance**2 / pieces if pieces > 0 else treated.freedom + control.freedom
    effect, error = treated.mean - control.mean, float(np.sqrt(variance))
    half = float(t.ppf((1 + sure) / 2, freedom)) * error
    score = abs(effect) / error if error > 0 else (0.0 if effect == 0 else np.inf)
    return Difference(
        effect=effect,
        standard_error=error,
        freedom=float(freedom),
        low=effect - half,
        high=effect + half,
        p_value=float(2 * t.sf(score, freedom)),
        treated_change=treated.mean,
        control_change=control.mean,
        treated=treated.count,
        control=control.count,
        sure=sure,
    )


def of_means(
    before: tuple[float, float], after: tuple[float, float], count: int | None = None
) -> Mean:
    """The change of a group of which only means and standard errors are published.

    Args:
        before, after: mean and its standard error; taken as independent of each other.
        count: people of the group; as many as are needed for a normal interval if none.
    """
    return of_change(after[0] - before[0], float(np.hypot(before[1], after[1])), count)


def of_change(change: float, standard_error: float, count: int | None = None) -> Mean:
    """A published mean change with its standard error.

    >>> round(between(of_change(0.59, 0.54), of_change(-2.16, 1.25)).standard_error, 2)
    1.36
    """
    freedom = 1e9 if count is None else count - 1
    return Mean(change, standard_error**2, freedom, count or 0)


def refuse_share(sure: float) -> None:
    """Refuse what is no share between 0 and 1.

    Raises:
        ParameterError: it is none.
    """
    if not 0 < sure < 1:
        raise ParameterError(f"sure={sure} is no share between 0 and 1; write 0.95 for 95 %.")


def _freedom(w: Any) -> float:
    """Bell and McCaffrey's degrees of freedom of a weighed mean, in closed form.

    G = A^(1/2) M M' A^(1/2), with M = I - 1w' and A = diag(w^2 / (1 - w)).
    """
    a, s = w**2 / (1 - w), float(w @ w)
    diagonal = a * (1 - 2 * w + s)
    alone = a**2 * ((1 - 2 * w + s) ** 2 - (s - 2 * w) ** 2)
    a0, a1, a2 = a.sum(), a @ w, a @ w**2
    pairs = s**2 * a0**2 + 2 * a0 * a2 - 4 * s * a0 * a1 + 2 * a1**2
    return float(diagonal.sum() ** 2 / (alone.sum() + pairs))
