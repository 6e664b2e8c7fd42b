"""Regression of a short monthly series whose months resemble their neighbours.

Newey and West's errors are too small for two or three years of months (they are there for
comparison). Here the correlation of neighbouring months is not estimated and then taken for known:
all its values are weighed by how well they fit, with a flat prior, so that not knowing it widens
the interval. For each value the coefficients have Student's distribution; they are mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.revops.value.series import Floats

CORRELATIONS = np.linspace(-0.45, 0.95, 29)  # of neighbouring months; a flat prior over them
HALVINGS = 34  # of where a quantile is looked for: 1e-8 of its spread
FLAT = 1e-10  # share of a series' size below which scatter is rounding


@dataclass(frozen=True)
class Fit:
    """Coefficients for each correlation, and how likely it is.

    Attributes:
        weights: of the correlations, adding up to 1, shape (correlations,).
        coefficients: shape (correlations, columns).
        covariances: shape (correlations, columns, columns).
        freedom: months less columns.
        residuals: what least squares leave, shape (months,).
    """

    weights: Floats
    coefficients: Floats
    covariances: Floats
    freedom: int
    residuals: Floats

    def mean(self, contrast: Floats) -> float:
        """The estimate of a sum of coefficients."""
        return float(self.weights @ (self.coefficients @ contrast))

    def quantiles(self, contrasts: Floats, chances: Floats) -> Floats:
        """Quantiles of sums of coefficients: those of the mixtures of Student distributions.

        Args:
            contrasts: shape (sums, columns).
            chances: shape (chances,).

        Returns:
            Shape (sums, chances), by halving.
        """
        from scipy.special import stdtr

        centres = contrasts @ self.coefficients.T
        squares = np.einsum("si,kij,sj->sk", contrasts, self.covariances, contrasts)
        spreads = np.sqrt(np.maximum(squares, 1e-300))[:, None]
        far = 60 * spreads.max(axis=(1, 2)) + np.ptp(centres, axis=1)
        shape = (len(contrasts), len(chances))
        low = np.broadcast_to((centres.min(axis=1) - far)[:, None], shape)
        high = np.broadcast_to((centres.max(axis=1) + far)[:, None], shape)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            places = (middle[:, :, None] - centres[:, None]) / spreads
            short = stdtr(self.freedom, places) @ self.weights < chances
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        made: Floats = (low + high) / 2
        return made

    def draws(self, count: int, random: np.random.Generator) -> Floats:
        """Coefficients drawn from the mixture, shape (count, columns)."""
        which = random.choice(len(self.weights), count, p=self.weights)
        roots = np.linalg.cholesky(self.covariances)[which]
        normal = random.standard_normal((count, self.coefficients.shape[1]))
        scale = np.sqrt(self.freedom / random.chisquare(self.freedom, count))
        made: Floats = self.coefficients[which]
        return made + np.einsum("kij,kj->ki", roots, normal) * scale[:, None]


def fitted(design: Floats, values: Floats, months: Floats) -> Fit | None:
    """The fit of a design; none where the series has no scatter about it.

    Args:
        design: shape (months, columns), of full rank with more months than columns.
        values: shape (months,), all known.
        months: their numbers, gaps allowed.
    """
    residuals = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    size = max(float(np.abs(values).max()), 1e-300)
    if np.sqrt(np.mean((residuals / size) ** 2)) < FLAT:
        return None
    apart = np.abs(months[:, None] - months)
    found = [_of(design, values, np.sign(r) ** apart * abs(r) ** apart) for r in _safe()]
    logs, coefficients, covariances = (np.array(part) for part in zip(*found, strict=True))
    weights = np.exp(logs - logs.max())
    freedom = len(values) - design.shape[1]
    return Fit(weights / weights.sum(), coefficients, covariances, freedom, residuals)


def newey_west(design: Floats, values: Floats, contrast: Floats, sure: float) -> tuple[float, ...]:
    """Estimate, low and high with Newey and West's errors and the small-sample factor.

    Lags are floor(4 (n / 100)^(2 / 9)), as is usual. Source: Newey and West, Econometrica 55
    (1987), 703-708.
    """
    from scipy.special import stdtrit

    count, columns = design.shape
    inner = np.linalg.inv(design.T @ design)
    coefficients = inner @ design.T @ values
    scores = design * (values - design @ coefficients)[:, None]
    middle = scores.T @ scores
    lags = int(4 * (count / 100) ** (2 / 9))
    for lag in range(1, lags + 1):
        apart = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (apart + apart.T)
    freedom = count - columns
    squared = float(contrast @ inner @ middle @ inner @ contrast) * count / freedom
    centre = float(contrast @ coefficients)
    far = float(stdtrit(freedom, (1 + sure) / 2)) * max(squared, 0.0) ** 0.5
    return centre, centre - far, centre + far


def _safe() -> Floats:
    """The correlations, with none of them exactly 0."""
    return np.where(np.abs(CORRELATIONS) < 1e-9, 1e-9, CORRELATIONS)


def _of(design: Floats, values: Floats, correlation: Floats) -> tuple[float, Floats, Floats]:
    root = np.linalg.cholesky(correlation)
    left, right = np.linalg.solve(root, design), np.linalg.solve(root, values)
    inner = left.T @ left
    coefficients = np.linalg.solve(inner, left.T @ right)
    freedom = len(values) - design.shape[1]
    squares = float(((right - left @ coefficients) ** 2).sum())
    likely = -np.log(np.diag(root)).sum() - np.linalg.slogdet(inner)[1] / 2
    likely -= freedom / 2 * np.log(squares)
    return float(likely), coefficients, np.linalg.inv(inner) * squares / freedom
