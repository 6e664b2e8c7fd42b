"""A maker of plan documents: one for everybody, with their id in it."""

from __future__ import annotations

from collections.abc import Iterator

from spmlib.core.documents import Document
from spmlib.workbench.opened import Workbench

VERSION = ["1"]  # that is made


def documents(bench: Workbench, period: str) -> Iterator[Document]:
    for one in bench.names:
        content = f"{one} {period}".encode()
        yield Document(one, "plan", "seller", VERSION[0], "plan.txt", content, "text/plain")
