"""Opened: a company, its parameters and what follows, for notebooks and commands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine, sources
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.explain import Receipt
from spmlib.core.parameters import nearest
from spmlib.core.tables import INPUTS, RESULTS, Table
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.incent.explaining import receipts
from spmlib.rules import crediting, measures, plans
from spmlib.rules.measures import Measure
from spmlib.rules.spiffs import written as spiffs
from spmlib.workbench import project

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Workbench:
    """A company, what its parameters say, and what follows."""

    folder: Path  # of the parameters
    company: Company
    parameters: Parameters

    @cached_property
    def results(self) -> Results:
        """The tables of the calculation, computed when first asked for.

        Raises:
            ParameterError: a table could not be read at all.
        """
        if self.unreadable:
            first, more = self.unreadable[0], len(self.unreadable) - 1
            others = f" (and {more} more: `spm check` prints them all)" if more else ""
            raise ParameterError(f"{first}{others}")
        return calculated(self.company, self.parameters, self.through)

    @cached_property
    def issues(self) -> pd.DataFrame:
        """All that is wrong: with what was read and, where it was computed, what follows."""
        if self.unreadable:
            return engine.pandas(self.company.issues, RESULTS["issues"])
        return self.pandas("issues")

    @cached_property
    def unreadable(self) -> list[str]:
        """The files and tables that could not be read at all: what is wrong, and the remedy."""
        whole = nw.col("row").is_null() & (nw.col("effect") == "refused")
        rows = engine.collected(self.company.issues.filter(whole))
        return [f"{row['place']}: {row['what']}; {row['remedy']}." for row in rows.to_dicts()]

    @cached_property
    def through(self) -> str | None:
        """The last period in which anything was booked; none if nothing was."""
        last = self.company.transactions.select(day=nw.col("event_date").max())
        calendar: Table[Any] = self.company.calendar
        periods = calendar.join(last, how="cross").filter(engine.during("day"))
        found = engine.collected(periods.select("period"))["period"]
        return found[0] if len(found) else None

    def measure(self, name: str) -> Measure:
        """A measure by its name.

        Raises:
            ParameterError: there is no such measure.
        """
        known = self.parameters.measures
        if name not in known:
            raise ParameterError(f"there is no measure '{name}'; write {nearest(name, known)}.")
        return known[name]

    def pandas(self, name: str) -> pd.DataFrame:
        """A table by its name, as pandas with exact decimals.

        Raises:
            ParameterError: there is no such table; the names are in ``docs/tables.md``.
        """
        known = INPUTS | RESULTS
        if name not in known:
            raise ParameterError(f"there is no table '{name}'; write {nearest(name, known)}.")
        brought = name in INPUTS or name == "reads"
        holder = self.company if brought else self.results
        return engine.pandas(getattr(holder, name), known[name])

    def receipts(self, payee_id: str, period: str) -> list[Receipt]:
        """Why a person is due what they are due for a period: one receipt for each plan held.

        Raises:
            ParameterError: nobody has the id, or the calendar has no such period.
        """
        self.refuse_period(period)
        return receipts.receipts(self.results, self.parameters.plans, self.names, payee_id, period)

    def refuse_period(self, period: str) -> None:
        """Refuse a period that the calendar does not have.

        Raises:
            ParameterError: it has none of that name.
        """
        periods = engine.collected(self.company.calendar.select("period"))["period"].to_list()
        if periods and period not in periods:
            ends = f"the calendar has {periods[0]} to {periods[-1]}"
            raise ParameterError(f"there is no period '{period}'; {ends}.")

    @cached_property
    def names(self) -> dict[str, str]:
        """Everybody's name by id."""
        rows = engine.collected(self.company.payees.select("payee_id", "name"))
        return dict(rows.iter_rows())


def opened(folder: Path | str | None = None) -> Workbench:
    """The company that a folder of parameters describes.

    Args:
        folder: of the parameters; the nearest folder named ``parameters`` from here upwards if
            not given.

    Raises:
        ParameterError: a parameter file is missing or wrong.
    """
    home = Path(folder) if folder is not None else project.found().parameters
    said = Parameters(
        measures=(known := measures.read(home / "measures.yaml")),
        plans=plans.read(home / "plans", known),
        crediting=crediting.read(home / "crediting.yaml"),
        spiffs=spiffs.read(home / "spiffs", known),
    )
    return Workbench(home, sources.read(home / "sources.yaml"), said)
