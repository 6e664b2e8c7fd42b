"""Opened: a company, its parameters and what follows, for notebooks and commands.

What one explores it with (tables, SQL, closes, receipts) is in `spmlib.workbench.exploring`.
"""

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
from spmlib.workbench.exploring import glance, patience
from spmlib.workbench.exploring.attributes import attributes
from spmlib.workbench.exploring.explained import Receipts
from spmlib.workbench.exploring.tables import Tables, ordered

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from spmlib.workbench.exploring.closed import Closed
    from spmlib.workbench.exploring.shown import Shown


@attributes(INPUTS | RESULTS, of=lambda company: company.tables)
@dataclass(frozen=True, repr=False)
class Workbench:
    """A company, what its parameters say, and what follows.

    Each table is an attribute, too: ``company.earnings``.
    """

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

    @cached_property
    def tables(self) -> Tables:
        """The company's tables as they are now: what it brings, and what follows from it.

        ``company.tables`` lists them; ``company.tables.earnings`` is one, as a pandas frame.
        """
        return Tables(INPUTS | RESULTS, self._read, f"{glance.name(self)}, as known now")

    def closed(self, period: str | None = None) -> Closed:
        """The tables of a close, as they were recorded: ``company.closed("2026-09").payouts``.

        Args:
            period: that was closed; the last one if none is named.

        Raises:
            ParameterError: the calendar has no such period.
            LedgerError: it is not closed, or what was closed is no longer whole.
        """
        from spmlib.workbench.exploring.closed import closed

        return closed(self, period)

    def sql(self, query: str, **values: Any) -> pd.DataFrame:
        """What a query finds in the company's tables: DuckDB's SQL, amounts exact.

        ``company.sql("select plan, sum(amount) from payouts where period = $month group by plan",
        month="2026-10")``

        Args:
            query: one statement that reads; it sees the tables and nothing else.
            values: what ``$name`` stands for in it.

        Raises:
            ParameterError: it is no SQL, names no table or column that is there, or would change
                or open something.
        """
        return self.tables.sql(query, **values)

    def explain(self, payee_id: str, period: str | None = None) -> Receipts:
        """Why a person is due what they are due: ``company.explain("H1001", "2026-10")``.

        Args:
            payee_id: the person.
            period: of the calendar; the last one in which anything was booked if none is named.

        Raises:
            ParameterError: nobody has the id, or the calendar has no such period.
        """
        self._computed()
        return Receipts(self.receipts(payee_id, period or self.through or ""))

    def show(
        self, table: str | pd.DataFrame, title: str = "", *, total: str = "amount", most: int = 20
    ) -> Shown:
        """A table to be read, amounts in their currency, with totals: ``company.show("payouts")``.

        Args:
            table: its name, or a frame such as a query finds.
            title: above it.
            total: the column that is added up, for each currency, if the table has it.
            most: rows that are shown.

        Raises:
            ParameterError: there is no such table, or no such column to be totalled.
        """
        return self.tables.show(table, title, total=total, most=most)

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

    def _read(self, name: str) -> pa.Table:
        """A table by its name, its exact columns decimals; issues also where not all is read."""
        known = (INPUTS | RESULTS)[name]
        if name in INPUTS or name == "reads" or (name == "issues" and self.unreadable):
            return engine.arrow(getattr(self.company, name), known)
        return ordered(getattr(self._computed(), name), known)

    def _computed(self) -> Results:
        """The results; while they are first computed, whoever looks on is told."""
        if "results" in vars(self):
            return self.results
        with patience.asked("computing what everybody is owed"):
            return self.results

    if not TYPE_CHECKING:  # a misspelt method is still found by the type checker

        def __getattr__(self, name: str) -> pd.DataFrame:
            """Refuse a name that no table has."""
            if name.startswith("_"):
                raise AttributeError(name)
            return self.tables[name]

    def __repr__(self) -> str:
        """The company at a glance."""
        return glance.printed(self)

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        from spmlib.show import exploring_tables

        made = exploring_tables.glance(glance.facts(self), glance.name(self))
        return made.as_raw_html()


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
