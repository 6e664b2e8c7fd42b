"""Program: the best schedule as an integer program, with what makes it quick and its answer one.

Beside people and needs it says of what can never be worked on in the same month, as they need each
other or more people than there are, that only one is. On the sample that brings the bound of the
linear relaxation from 11 % to 2 % above the best, and the proof from five seconds to less than one.

Source:
    Pritsker, Watters, Wolfe, "Multiproject scheduling with limited resources" (1969): a variable
    for each start. Christofides, Alvarez-Valdes, Tamarit, "Project scheduling with resource
    constraints: a branch and bound approach" (1987): needs month by month.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.revops.roadmap.schedules import TINY, Work

Line = tuple[Mapping[int, Floats], Floats]  # blocks by row, and what they may be at most
SECONDS = 60.0  # a last resort: what is not proved by then is told to be not exact
SCALE, TIE = (
    1e5,
    1e-4,
)  # of the largest worth; of a month's earlier begin of the last that is written


def solved(of: Work, whole: bool) -> tuple[Floats, float, bool]:
    """Starts (rows x months, shares if not whole), the bound [currency], and whether it is proved.

    Of schedules that bring the same to a millionth, the one in which what is written first begins
    first, so that every solver gives the same.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    fits = _fits(of)
    worth = np.where(fits, of.worth, 0.0)
    if not worth.max(initial=0.0) > 0:
        return np.zeros(worth.shape), 0.0, True
    unit = float(worth.max()) / SCALE
    count, months = worth.shape
    early = TIE * np.outer(np.arange(count, 0, -1), np.arange(months, 0, -1))
    found: Any = milp(
        -(worth / unit + early).ravel(),
        integrality=np.full(fits.size, int(whole)),
        bounds=Bounds(0, fits.ravel().astype(float)),
        constraints=LinearConstraint(*_limits(of)),
        # clashes leave little to presolve: it takes longer than it saves
        options={"mip_rel_gap": 0.0, "time_limit": SECONDS, "presolve": False},
    )
    if found.x is None:
        return np.zeros(of.worth.shape), float(worth.max(axis=1).sum()), False
    bound = -float(found.mip_dual_bound if whole else found.fun) * unit
    return found.x.reshape(of.worth.shape), bound, whole and found.status == 0


def clashes(of: Work, free: Floats) -> list[list[int]]:
    """Groups of rows of which only one can be worked on in a month; every pair is in one.

    Args:
        of: what is to be done.
        free: person-days of that month, by skill.
    """
    apart = _apart(of, free)
    order = sorted(range(len(of.rows)), key=lambda row: (-int(apart[row].sum()), row))
    seen = np.zeros_like(apart)
    groups = []
    for one, other in np.argwhere(np.triu(apart)):
        if not seen[one, other]:
            group = [int(one), int(other)]
            for row in order:
                if row not in group and apart[row, group].all():
                    group.append(row)
            seen[np.ix_(group, group)] = True
            groups.append(sorted(group))
    return groups


def _fits(of: Work) -> Any:
    """In which months each row can begin, all others apart."""
    fits = np.isfinite(of.worth)
    for row, took in enumerate(of.takes):
        short = (of.uses[row][:, None] > of.free + TINY).any(axis=0)
        for start in np.flatnonzero(fits[row]):
            fits[row, start] = not short[start : start + took].any()
    return fits


def _apart(of: Work, free: Floats) -> Any:
    """Which pairs need each other, if through others, or more people than there are."""
    after = np.zeros((len(of.rows), len(of.rows)), dtype=bool)
    for row, needs in enumerate(of.needs):
        for need in needs:
            after[row] |= after[need]
            after[row, need] = True
    both = of.uses[:, None, :] + of.uses[None, :, :]
    apart = after | after.T | (both > free + TINY).any(axis=2)
    works = np.array(of.takes) > 0
    return apart & np.outer(works, works) & ~np.eye(len(of.rows), dtype=bool)


def _limits(of: Work) -> tuple[Any, Any, Any]:
    """Each begins once at most, after what it needs, people work once, and clashes are kept."""
    months = np.arange(of.months)
    begun = np.tri(of.months)
    once = np.ones((1, of.months))
    ended = [np.tri(of.months, k=-took) for took in of.takes]
    active = [begun - end for end in ended]
    lines: list[Line] = [({row: once}, np.ones(1)) for row in range(len(of.rows))]
    for row, needs in enumerate(of.needs):
        lines += [({row: begun, need: -ended[need]}, 0.0 * months) for need in needs]
    for skill in range(len(of.skills)):
        uses = {row: use * active[row] for row, use in enumerate(of.uses[:, skill]) if use > 0}
        lines.append((uses, of.free[skill]))
    for free in np.unique(of.free, axis=1).T:
        now = months[(of.free == free[:, None]).all(axis=0)]
        for group in clashes(of, free):
            lines.append(({row: active[row][now] for row in group}, np.ones(len(now))))
    return _stacked(of, lines)


def _stacked(of: Work, lines: list[Line]) -> tuple[Any, Any, Any]:
    """Blocks by row of the work, one line of blocks below another, as one sparse matrix."""
    from scipy.sparse import csr_array

    down, right, told = [], [], []
    high = 0
    for blocks, most in lines:
        for row, block in blocks.items():
            line, month = np.nonzero(block)
            down.append(line + high)
            right.append(month + row * of.months)
            told.append(block[line, month])
        high += len(most)
    where = (np.concatenate(down), np.concatenate(right))
    shape = (high, len(of.rows) * of.months)
    made = csr_array((np.concatenate(told), where), shape=shape)
    return made, -np.inf, np.concatenate([most for _, most in lines])
