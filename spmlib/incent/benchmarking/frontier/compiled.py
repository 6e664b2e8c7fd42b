"""Compiled: ``python -m spmlib.incent.benchmarking.frontier.compiled`` compiles the kernels, once.

What is compiled is kept beside the code; without it, the first envelopment takes half a minute.
"""

from __future__ import annotations

from spmlib.incent.benchmarking.frontier.bootstraps import bootstrapped
from spmlib.incent.benchmarking.frontier.units import Model


def compiled() -> None:
    """Compile every kernel for the numbers that comparisons use."""
    bootstrapped([2, 3, 4, 5, 6], [1, 2, 4, 3, 3], Model("constant"), samples=100)


if __name__ == "__main__":
    compiled()
