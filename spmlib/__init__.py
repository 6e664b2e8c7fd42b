"""An open workbench for Sales Performance Management.

Begin with a company::

    import spmlib

    company = spmlib.open()
    company.earnings                                # a table, as a pandas frame
    company.sql("select sum(amount) from payouts")  # the same, in SQL
    company.explain("H1001", "2026-10")             # why somebody is paid what

``docs/exploring.md`` leads through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from spmlib.workbench.opened import Workbench


def open(folder: Path | str | None = None) -> Workbench:  # as one says it: spmlib.open()
    """The company at hand: its tables and what follows from them, in pandas and in SQL.

    ``company.earnings`` is a table as it is known now, ``company.closed("2026-09").payouts`` one
    as it was closed; ``company.sql("select ...")`` asks them, ``company.explain("H1001")`` says
    why somebody is paid what. Tab completes.

    Args:
        folder: of the company, or of its parameters; the nearest that holds ``parameters/``,
            from here upwards, if not given.

    Raises:
        ParameterError: there is none, or a parameter file is missing or wrong.
    """
    from spmlib.workbench.exploring.begun import begun

    return begun(folder)
