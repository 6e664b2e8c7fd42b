"""Compiled: ``python -m spmlib.incent.compiled`` compiles the kernels of incent, once."""

from __future__ import annotations

from spmlib.incent.benchmarking.frontier.compiled import compiled as frontier
from spmlib.incent.contract_costs import plain


def compiled() -> None:
    """Compile the kernels that follow costs, and those of the frontier."""
    plain.straight_line(1, 3)
    frontier()


if __name__ == "__main__":
    compiled()
