"""Making: which module makes documents of which kind, for all who get one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from typing import TYPE_CHECKING

from spmlib.core.documents import Document
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest

if TYPE_CHECKING:
    from spmlib.workbench.opened import Workbench

# What is sent, and the module of the workbench whose `documents(bench, period)` makes it; modules
# are named, since making a page or a PDF brings in much that other commands never need.
MAKERS = {
    "statements": "spmlib.workbench.statements",
    "plans": "spmlib.workbench.plan_documents",
    "letters": "spmlib.workbench.letters",
}


def documents(bench: Workbench, what: str, period: str) -> Iterable[Document]:
    """The documents of a kind for a period, person by person.

    Args:
        bench: the company.
        what: a word of `MAKERS`.
        period: the month they are of, or in which they hold.

    Raises:
        ParameterError: there is no such kind, nothing makes it, or the calendar has no such period.
    """
    if what not in MAKERS:
        raise ParameterError(f"'{what}' are nothing that is sent; write {nearest(what, MAKERS)}.")
    bench.refuse_period(period)
    if importlib.util.find_spec(MAKERS[what]) is None:
        raise ParameterError(f"nothing makes {what}: there is no {MAKERS[what]}; write it.")
    return importlib.import_module(MAKERS[what]).documents(bench, period)
