"""Kernels: compiled forecasts of many series at once, over plain arrays.

Series stand one after the other in ``values``; ``offsets`` says where each begins, and where the
last ends. A kernel writes ``out[series, step]``. They are compiled at set-up and kept.

Source:
    Season, Theta: Assimakopoulos, Nikolopoulos, "The theta model" (2000), as the M4 competition's
    benchmark has it. Damped Holt-Winters: Hyndman, Athanasopoulos, "Forecasting: principles and
    practice", 8.3. Search: Nelder, Mead, "A simplex method for function minimization" (1965).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole

GOLDEN = 0.6180339887498949
CHANCE = 1.645  # standard deviations that chance stays within, in 90 %
STEPS = 90  # of the search for smoothing parameters
YEARS = 5  # from which the first seasons are taken
FARTHEST = 3.0  # how far above its highest logarithm a series may be forecast
# Smoothing of level, trend and season, and damping: bounds, where the search begins, first steps.
LOWEST = np.array([0.005, 0.001, 0.0005, 0.8])
HIGHEST = np.array([0.99, 0.95, 0.95, 0.98])
BEGIN = np.array([0.25, 0.05, 0.05, 0.96])
STEP = np.array([0.25, 0.1, 0.1, -0.06])


@njit(cache=True)
def smoothing_and_theta(
    values: Floats, offsets: Whole, season: int, smoothing: Floats, theta: Floats
) -> None:
    """Exponential smoothing, and Theta, of seasonally adjusted series."""
    factors = np.ones(season)
    for q in range(len(offsets) - 1):
        x = values[offsets[q] : offsets[q + 1]]
        n = len(x)
        ratios(x, season, factors)
        z = np.empty(n)
        for i in range(n):
            z[i] = x[i] / factors[i % season]
        level = _level(z)
        slope, start = _line(z)
        doubled = np.empty(n)
        for i in range(n):
            doubled[i] = 2 * z[i] - (start + slope * i)
        bent = _level(doubled)
        for k in range(smoothing.shape[1]):
            factor = factors[(n + k) % season]
            smoothing[q, k] = level * factor
            theta[q, k] = 0.5 * (bent + start + slope * (n + k)) * factor


@njit(cache=True)
def holt_winters(values: Floats, offsets: Whole, season: int, out: Floats) -> None:
    """Damped Holt-Winters of logarithms; of the values themselves where one is not positive."""
    for q in range(len(offsets) - 1):
        x = values[offsets[q] : offsets[q + 1]]
        own = season if len(x) > 2 * season else 1
        if x.min() > 0:
            _damped(np.log(x), own, out[q])
            highest = np.log(x.max()) + FARTHEST
            for k in range(out.shape[1]):
                out[q, k] = np.exp(min(out[q, k], highest))
        else:
            _damped(x, own, out[q])


@njit(cache=True)
def adjusted_naive(values: Floats, offsets: Whole, season: int, out: Floats) -> None:
    """The last value of each series, seasonally adjusted where the season is beyond chance."""
    factors = np.ones(season)
    for q in range(len(offsets) - 1):
        x = values[offsets[q] : offsets[q + 1]]
        n = len(x)
        factors[:] = 1.0
        if is_seasonal(x, season):
            ratios(x, season, factors)
        for k in range(out.shape[1]):
            out[q, k] = x[-1] / factors[(n - 1) % season] * factors[(n + k) % season]


# --- season ----------------------------------------------------------------------------------


@njit(cache=True)
def ratios(x: Floats, season: int, factors: Floats) -> None:
    """The classical season of a series, as ratios by place in the year.

    Drawn half way to 1 where the season is within what chance gives; all 1 where there is too
    little to go by, or a ratio is not positive.
    """
    factors[:] = 1.0
    if season < 2 or not _season(x, season, True, factors):
        factors[:] = 1.0
        return
    share = 1.0 if is_seasonal(x, season) else 0.5
    middle = factors.mean()
    for j in range(season):
        if not factors[j] > 1e-3 * middle:
            factors[:] = 1.0
            return
    for j in range(season):
        factors[j] = (factors[j] / middle) ** share


@njit(cache=True)
def is_seasonal(x: Floats, season: int) -> bool:
    """Whether the autocorrelation at a year's distance is beyond what chance gives (90 %)."""
    n = len(x)
    if season < 2 or n < 3 * season:
        return False
    mean, variance = x.mean(), 0.0
    for v in x:
        variance += (v - mean) ** 2
    if variance <= 0:
        return False
    squares, last = 0.0, 0.0
    for lag in range(1, season + 1):
        last = 0.0
        for i in range(lag, n):
            last += (x[i] - mean) * (x[i - lag] - mean)
        last /= variance
        if lag < season:
            squares += last * last
    return abs(last) > CHANCE * np.sqrt((1 + 2 * squares) / n)


@njit(cache=True)
def _season(x: Floats, season: int, ratio: bool, factors: Floats) -> bool:
    """The mean ratio (or difference) to the centred moving average; False where there is none."""
    n, half = len(x), season // 2
    if n < 2 * season + 1:
        return False
    total, count = np.zeros(season), np.zeros(season)
    edge = 0.5 if season % 2 == 0 else 1.0
    for i in range(half, n - half):
        around = edge * (x[i - half] + x[i + half])
        for j in range(i - half + 1, i + half):
            around += x[j]
        around /= season
        if not ratio:
            total[i % season] += x[i] - around
            count[i % season] += 1
        elif around > 0:
            total[i % season] += x[i] / around
            count[i % season] += 1
    if count.min() == 0:
        return False
    for j in range(season):
        factors[j] = total[j] / count[j]
    return factors.mean() > 0 or not ratio


# --- smoothing -------------------------------------------------------------------------------


@njit(cache=True)
def _smoothed(x: Floats, alpha: float) -> tuple[float, float]:
    """The squared one-step errors of exponential smoothing, and the last level."""
    level, squares = x[0], 0.0
    for i in range(1, len(x)):
        error = x[i] - level
        squares += error * error
        level += alpha * error
    return squares, level


@njit(cache=True)
def _level(x: Floats) -> float:
    """The last level under the smoothing parameter with the least squared errors."""
    low, high = 0.0001, 0.9999
    c, d = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_c, at_d = _smoothed(x, c)[0], _smoothed(x, d)[0]
    for _ in range(22):
        if at_c < at_d:
            high, d, at_d = d, c, at_c
            c = high - GOLDEN * (high - low)
            at_c = _smoothed(x, c)[0]
        else:
            low, c, at_c = c, d, at_d
            d = low + GOLDEN * (high - low)
            at_d = _smoothed(x, d)[0]
    return _smoothed(x, (low + high) / 2)[1]


@njit(cache=True)
def _line(x: Floats) -> tuple[float, float]:
    """Slope and start of the straight line through a series."""
    n = len(x)
    if n < 2:
        return 0.0, x[0]
    middle, mean = (n - 1) / 2, x.mean()
    top, bottom = 0.0, 0.0
    for i in range(n):
        top += (i - middle) * (x[i] - mean)
        bottom += (i - middle) ** 2
    slope = top / bottom
    return slope, mean - slope * middle


# --- damped Holt-Winters ---------------------------------------------------------------------


@njit(cache=True)
def _damped(x: Floats, season: int, out: Floats) -> None:
    n = len(x)
    first, seasons = np.zeros(season), np.zeros(season)
    if season > 1 and _season(x[: YEARS * season], season, False, first):
        first -= first.mean()
    early = min(n, 2 * season if season > 1 else 12)
    z = np.empty(early)
    for i in range(early):
        z[i] = x[i] - first[i % season]
    trend, start = _line(z)
    level = start - trend
    best = _fitted(x, season, level, trend, first, seasons)
    _, level, trend = _run(x, season, best, level, trend, first, seasons)
    damping, damped = 1.0, 0.0
    for k in range(len(out)):
        damping *= best[3]
        damped += damping
        out[k] = level + damped * trend + seasons[(n + k) % season]


@njit(cache=True)
def _run(
    x: Floats, season: int, p: Floats, level: float, trend: float, first: Floats, seasons: Floats
) -> tuple[float, float, float]:
    """The squared one-step errors, and the last level and trend; leaves the last seasons."""
    seasons[:] = first
    squares, j = 0.0, 0
    for i in range(len(x)):
        expected = level + p[3] * trend
        error = x[i] - expected - seasons[j]
        squares += error * error
        level = expected + p[0] * error
        trend = p[3] * trend + p[1] * p[0] * error
        seasons[j] += p[2] * (1 - p[0]) * error
        j = j + 1 if j + 1 < season else 0
    return squares, level, trend


@njit(cache=True)
def _fitted(
    x: Floats, season: int, level: float, trend: float, first: Floats, seasons: Floats
) -> Floats:
    """The parameters with the least squared errors, by a simplex that walks downhill."""
    points, errors = np.empty((5, 4)), np.empty(5)
    for i in range(5):
        points[i] = BEGIN
        if i:
            points[i, i - 1] += STEP[i - 1]
        errors[i] = _run(x, season, points[i], level, trend, first, seasons)[0]
    for _ in range(STEPS):
        best, worst = int(np.argmin(errors)), int(np.argmax(errors))
        if errors[worst] - errors[best] < 1e-5 * (errors[best] + 1e-12):
            break
        second = best
        for i in range(5):
            if i != worst and errors[i] > errors[second]:
                second = i
        centre = np.zeros(4)
        for i in range(5):
            if i != worst:
                centre += points[i] / 4
        mirrored = _inside(2 * centre - points[worst])
        at = _run(x, season, mirrored, level, trend, first, seasons)[0]
        if at < errors[best]:
            further = _inside(3 * centre - 2 * points[worst])
            beyond = _run(x, season, further, level, trend, first, seasons)[0]
            if beyond < at:
                mirrored, at = further, beyond
        elif at >= errors[second]:
            mirrored = 0.5 * (centre + points[worst])
            at = _run(x, season, mirrored, level, trend, first, seasons)[0]
        if at < errors[worst]:
            points[worst], errors[worst] = mirrored, at
            continue
        for i in range(5):
            if i != best:
                points[i] = 0.5 * (points[i] + points[best])
                errors[i] = _run(x, season, points[i], level, trend, first, seasons)[0]
    return points[np.argmin(errors)]


@njit(cache=True)
def _inside(p: Floats) -> Floats:
    """The parameters within their bounds."""
    for j in range(4):
        p[j] = min(max(p[j], LOWEST[j]), HIGHEST[j])
    return p
