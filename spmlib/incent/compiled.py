"""Compiled: ``python -m spmlib.incent.compiled`` compiles the kernels of contract costs, once."""

from __future__ import annotations

from spmlib.incent.contract_costs import plain


def compiled() -> None:
    """Compile the kernel that follows costs."""
    plain.straight_line(1, 3)


if __name__ == "__main__":
    compiled()
