"""Pooling: what a score says of a person, pulled in by how much of it is luck.

Each score is what the person is worth plus noise whose variance is known; what people are worth
scatters around what is expected of them. How widely is not known, so every width is tried and
weighed by how well it fits (a flat prior on the width, a flat prior on what is expected). One
lucky month does not lead: it has a large variance and is pulled in far.

Source: Rubin, "Estimation in parallel randomized experiments", Journal of Educational Statistics 6
(1981), 377-401; Gelman et al., "Bayesian Data Analysis" (3rd ed. 2013), 5.4 and 5.5; Fay and
Herriot, "Estimates of income for small places", JASA 74 (1979), 269-277; Efron and Morris, "Data
analysis using Stein's estimator and its generalizations", JASA 70 (1975), 311-319.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

WIDTHS = 240  # of the grid on which the spread of people is tried
FAR = 12.0  # the widest of them, in spreads of the scores
FREE = 3  # scores beyond those that the expectation takes up, below which nothing is pulled in


@dataclass(frozen=True)
class Pooled:
    """Scores, pulled in.

    Attributes:
        mean: of what each person is worth, given all scores.
        sd: its standard deviation.
        ahead: mean of what each is worth less what is expected of them.
        spread: the likeliest mean of the spread of people around what is expected.
        kept: share of a score's distance from what is expected that is believed, 0 to 1.
        draws: draws x people of what each is worth beyond what is expected; empty unless asked.
    """

    mean: Floats
    sd: Floats
    ahead: Floats
    spread: float
    kept: Floats
    draws: Floats


def pooled(
    scores: Sequence[float] | Floats,
    variances: Sequence[float] | Floats,
    design: Floats | None = None,
    draws: int = 0,
    seed: int = 1,
    common: bool = True,
) -> Pooled:
    """What each person is worth, given everybody's scores.

    Defined as::

        score_i = x_i b + u_i + e_i     u_i ~ N(0, spread^2)     e_i ~ N(0, variance_i)
        p(spread) and p(b) flat; mean_i = E[x_i b + u_i | scores], ahead_i = E[u_i | scores]

    Args:
        scores: one for each person.
        variances: of each score's noise, above 0.
        design: people x columns of what is expected; a column of ones if not given.
        draws: from the joint posterior, for places.
        seed: of the draws.
        common: whether draws hold what is expected of each besides `ahead`: for ordering people
            by what they bring (true) or by what they add (false). With a column of ones alone
            both order alike.

    Raises:
        ParameterError: lengths differ, a score or variance is missing, or a variance is not above
            0.

    >>> made = pooled([28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324])
    >>> made.mean.round(1).tolist()  # eight schools
    [11.4, 7.9, 6.1, 7.6, 5.1, 6.1, 10.7, 8.5]
    """
    y, v, x = _checked(scores, variances, design)
    n, columns = x.shape
    if n < columns + FREE:
        return _free(y, v, x, draws, seed)
    widths, weights = _widths(y, v, x)
    precision = 1 / (v[None, :] + widths[:, None] ** 2)
    b, cov = _fits(y, x, precision)
    kept = widths[:, None] ** 2 * precision
    expected = b @ x.T
    gap = y[None, :] - expected
    ahead, mean = kept * gap, expected + kept * gap
    inside = np.einsum("ni,gij,nj->gn", x, cov, x)
    spread_of = kept * v[None, :] + (1 - kept) ** 2 * inside
    average = weights @ mean
    sd = np.sqrt(weights @ (spread_of + (mean - average) ** 2))
    drawn = _drawn(y, v, x, widths, weights, b, cov, draws, seed, common)
    return Pooled(average, sd, weights @ ahead, float(weights @ widths), weights @ kept, drawn)


def james_stein(
    scores: Sequence[float] | Floats, variance: float, towards: float | None = None
) -> Floats:
    """Scores of one known variance, pulled in towards their mean, or towards a number.

    Defined as::

        mean + (1 - (k - 3) variance / sum (score - mean)^2) (score - mean)

    with k - 2 in place of k - 3 towards a number; never pulled in beyond it (the positive part).

    Raises:
        ParameterError: there are fewer than four scores (three towards a number), or the variance
            is not above 0.

    Source: Efron and Morris (1975), formula 1.7 and the positive part.
    """
    y = np.asarray(scores, float)
    least = 4 if towards is None else 3
    if len(y) < least or variance <= 0 or not np.isfinite(y).all():
        wrong = f"james_stein takes {least} scores or more and a variance above 0"
        raise ParameterError(f"scores: {wrong}; show fewer people as they are.")
    middle = float(y.mean()) if towards is None else towards
    away = float(((y - middle) ** 2).sum())
    kept = max(0.0, 1 - (len(y) - least + 1) * variance / away) if away > 0 else 0.0
    return np.asarray(middle + kept * (y - middle))


def _checked(scores: object, variances: object, design: Floats | None) -> tuple[Floats, ...]:
    y, v = np.asarray(scores, float), np.asarray(variances, float)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, float)
    if y.shape != v.shape or x.ndim != 2 or len(x) != len(y):
        raise ParameterError("variances: there is not one for each score; give as many.")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ParameterError("scores: one is missing; leave out who has none.")
    if not ((v > 0) & np.isfinite(v)).all():
        raise ParameterError("variances: one is not above 0; a score without noise needs no pull.")
    return y, v, x


def _widths(y: Floats, v: Floats, x: Floats) -> tuple[Floats, Floats]:
    """A grid of spreads and the weight of each: its posterior, flat before."""
    resid = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    scale = max(float(np.sqrt((resid**2).mean())), float(np.sqrt(v.min())))
    # Even steps near 0 where the posterior turns, longer ones in its tail.
    steps = np.linspace(0, 1, WIDTHS)
    widths = FAR * scale * steps**2
    precision = 1 / (v[None, :] + widths[:, None] ** 2)
    b, cov = _fits(y, x, precision)
    gap = y[None, :] - b @ x.T
    log = (
        0.5 * np.linalg.slogdet(cov)[1]
        + 0.5 * np.log(precision).sum(axis=1)
        - 0.5 * (precision * gap**2).sum(axis=1)
    )
    weights = np.exp(log - log.max()) * np.gradient(widths)
    return widths, weights / weights.sum()


def _fits(y: Floats, x: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """For each row of precisions: the weighted fit and its covariance."""
    crossed = np.einsum("ni,gn,nj->gij", x, precision, x, optimize=True)
    cov = np.linalg.pinv(crossed, hermitian=True)
    return np.einsum("gij,gj->gi", cov, (precision * y) @ x), cov


def _drawn(
    y: Floats, v: Floats, x: Floats, widths: Floats, weights: Floats,
    b: Floats, cov: Floats, draws: int, seed: int, common: bool,
) -> Floats:  # fmt: skip
    """Draws x people from the joint posterior: a width, what is expected with it, then people."""
    made = np.empty((draws, len(y)))
    if not draws:
        return made
    rng = np.random.default_rng(seed)
    at = rng.choice(len(widths), draws, p=weights)
    roots = _roots(cov)
    fits = b[at] + np.einsum("dij,dj->di", roots[at], rng.standard_normal((draws, x.shape[1])))
    squares = widths[at, None] ** 2
    expected = fits @ x.T
    kept = squares / (squares + v[None, :])
    rng.standard_normal(out=made)
    made *= np.sqrt(kept * v[None, :])
    made += kept * (y[None, :] - expected)
    return made + expected if common else made


def _roots(cov: Floats) -> Floats:
    """Matrix square roots of covariances, of those without full rank too."""
    values, vectors = np.linalg.eigh(cov)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0))[:, None, :])


def _free(y: Floats, v: Floats, x: Floats, draws: int, seed: int) -> Pooled:
    """Too few to learn from: each score as it is."""
    rng = np.random.default_rng(seed)
    made = y + np.sqrt(v) * rng.standard_normal((draws, len(y)))
    middle = y.mean() if len(y) else 0.0
    return Pooled(y.copy(), np.sqrt(v), y - middle, float("nan"), np.ones(len(y)), made)
