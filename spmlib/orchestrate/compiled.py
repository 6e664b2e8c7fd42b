"""Compiled: ``python -m spmlib.orchestrate.compiled`` compiles the kernels, once.

What is compiled is kept beside the code; without it, the first forecast takes some seconds longer.
"""

from __future__ import annotations

import numpy as np

from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import seats
from spmlib.orchestrate.forecasting.breaks import breaks
from spmlib.orchestrate.forecasting.candidates import candidates
from spmlib.orchestrate.forecasting.panels import Panel
from spmlib.orchestrate.pipeline.kernels import curvature
from spmlib.orchestrate.quotas.roundings import rounded
from spmlib.orchestrate.territories.balanced.plans import assigned
from spmlib.orchestrate.territories.centred.plans import centred
from spmlib.orchestrate.territories.centred.problems import sited
from spmlib.orchestrate.territories.connected.neighbours import neighbours
from spmlib.orchestrate.territories.connected.plans import contiguous
from spmlib.orchestrate.territories.problems import problem


def compiled() -> None:
    """Compile every kernel for the numbers that forecasts use."""
    values = 2.0 + np.sin(np.arange(40.0))
    panel = Panel(("a",), values, np.array([0, 40]), np.array([0]), 12)
    candidates(panel, 1)
    breaks(panel)
    played(seats([1]), 1)
    rounded(np.full((2, 2), 0.5))
    far = np.arange(120.0).reshape(12, 10) % 7
    asked = problem(far, np.ones(12), 1.0)
    contiguous(asked, neighbours([(n, n + 1) for n in range(11)], 12), assigned(asked, 0))
    centred(sited(np.eye(4), np.ones(4), 2), shakes=1)
    curvature(np.zeros((1, 1), np.int64), 1, np.zeros(1), np.ones(1))


if __name__ == "__main__":
    compiled()
