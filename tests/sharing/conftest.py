"""Sharing is tried in a workbench of its own."""

from tests.workbench.conftest import workbench

__all__ = ["workbench"]
