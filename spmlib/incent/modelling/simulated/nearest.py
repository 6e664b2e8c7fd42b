"""Nearest: the rates nearest to those there are that meet conditions exactly, or what clashes.

Pay is linear in the rates of a table at given thresholds: what a row is worth is its slice. So a
table that meets a budget, a mix and a leverage lies where planes cross, and the nearest one is a
projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from spmlib.core.arrays import Floats

CLOSE = 1e-9  # relative: what is met
MOST_ROWS = 14  # of which every way of rounding is tried


@dataclass(frozen=True)
class Bounds:
    """What every rate must keep to.

    Attributes:
        least: none below.
        most: none above.
        rising: none below the one before.
    """

    least: float = 0.0
    most: float = float("inf")
    rising: bool = False

    def rows(self, count: int) -> tuple[Floats, Floats]:
        """The same as G r >= h: rows x rates, rows."""
        one = np.eye(count)
        parts, limits = [one], [np.full(count, self.least)]
        if np.isfinite(self.most):
            parts, limits = [*parts, -one], [*limits, np.full(count, -self.most)]
        if self.rising:
            parts, limits = [*parts, one[1:] - one[:-1]], [*limits, np.zeros(count - 1)]
        return np.concatenate(parts), np.concatenate(limits)


def nearest(now: Floats, of: Floats, wanted: Floats, bounds: Bounds | None = None) -> Floats | None:
    """The rates nearest to those of now for which each condition holds; none if there are none.

    Defined as the r that minimises |r - now|^2 with of r = wanted and within the bounds.

    Args:
        now: rates.
        of: what each condition counts of each rate: conditions x rates.
        wanted: what each condition comes to.
        bounds: of every rate; 0 or more if not given.

    Source:
        Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23: problem LDP.
    """
    from scipy.linalg import null_space
    from scipy.optimize import nnls

    size = np.maximum(np.linalg.norm(of, axis=1), 1e-300)
    of, wanted = of / size[:, None], wanted / size
    start = now + np.linalg.lstsq(of, wanted - of @ now, rcond=None)[0]
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    if np.abs(of @ start - wanted).max(initial=0.0) > CLOSE * scale:
        return None
    must, limits = (bounds or Bounds()).rows(len(now))
    if (must @ start >= limits - 1e-12).all():
        return np.asarray(start)
    free = null_space(of) if len(of) else np.eye(len(now))
    if not free.shape[1]:
        return None
    inner, short = must @ free, limits - must @ start
    told, _ = nnls(np.vstack([inner.T, short]), np.append(np.zeros(free.shape[1]), 1.0))
    rest = np.append(inner.T @ told, short @ told - 1.0)
    if abs(rest[-1]) < CLOSE:
        return None
    made = start - free @ (rest[:-1] / rest[-1])
    return np.asarray(made) if (must @ made >= limits - CLOSE).all() else None


def reach(of: Floats, wanted: Floats, at: int, bounds: Bounds | None = None) -> tuple[float, float]:
    """From where to where one condition can be if the others hold; nan if those clash."""
    from scipy.optimize import linprog

    keep = bounds or Bounds()
    must, limits = keep.rows(of.shape[1])
    others = np.arange(len(of)) != at
    size = np.maximum(np.linalg.norm(of, axis=1), 1e-300)
    rows, sums = (of / size[:, None])[others], (wanted / size)[others]
    ends = []
    for sign in (1.0, -1.0):
        told = linprog(
            sign * of[at] / size[at],
            A_ub=-must,
            b_ub=-limits,
            A_eq=rows if others.any() else None,
            b_eq=sums if others.any() else None,
            bounds=(None, None),
            method="highs",
        )
        unbounded = sign * -np.inf
        ends.append(
            sign * told.fun * size[at]
            if told.status == 0
            else unbounded
            if told.status == 3
            else np.nan
        )
    return float(ends[0]), float(ends[1])


def rounded(
    exact: Floats, of: Floats, wanted: Floats, step: float, bounds: Bounds | None = None
) -> Floats:
    """The rates in whole steps that miss the conditions least: the first of `ways`."""
    return np.asarray(ways(exact, of, wanted, step, bounds)[0])


def ways(
    exact: Floats, of: Floats, wanted: Floats, step: float, bounds: Bounds | None = None
) -> Floats:
    """Rates in whole steps, each just below or above, those that miss the conditions least first.

    Defined as by the sum of squares of what each condition misses, over what it comes to.

    Args:
        exact: rates that meet the conditions.
        of: what each condition counts of each rate: conditions x rates.
        wanted: what each comes to.
        step: e.g. 0.0025; 0 leaves them as they are.
        bounds: kept, where steps allow.

    Returns:
        ways x rates.
    """
    if step <= 0:
        return exact[None]
    if len(exact) > MOST_ROWS:
        return np.round(exact / step)[None] * step
    low = np.floor(exact / step + CLOSE)
    made = np.round(low + np.array(list(product((0, 1), repeat=len(exact))))) * step
    must, limits = (bounds or Bounds()).rows(len(exact))
    kept = made[(made @ must.T >= limits - CLOSE).all(axis=1)]
    made = kept if len(kept) else made
    scale = np.where(np.abs(wanted) > 0, np.abs(wanted), np.maximum(np.abs(of @ exact), 1.0))
    miss = (((made @ of.T - wanted) / scale) ** 2).sum(axis=1)
    away = ((made - exact) ** 2).sum(axis=1)
    return np.asarray(made[np.lexsort((away, np.round(miss, 15)))])


def said(names: Sequence[str], of: Floats, wanted: Floats, bounds: Bounds | None = None) -> str:
    """What clashes: each condition, and how far it can go if the others hold."""
    parts = []
    for place, name in enumerate(names):
        low, high = reach(of, wanted, place, bounds)
        if np.isnan(low) or np.isnan(high):
            parts.append(f"{name} {wanted[place]:,.2f} leaves the others no room")
        else:
            upto = "or more" if np.isinf(high) else f"to {high:,.2f}"
            parts.append(f"{name} {wanted[place]:,.2f}, with the others {low:,.2f} {upto}")
    return "; ".join(parts)
