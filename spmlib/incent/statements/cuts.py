"""Cuts: the tables of a month by person: cut once, so that nobody's statement reads all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.calculation import Parameters
from spmlib.incent.statements.known import Known

if TYPE_CHECKING:
    import polars as pl

ORDINARY = ("month", "opening")  # reasons of postings that correct nothing
DUE = ("earnings", "payments", "balances", "payroll", "posted")  # who is in one gets a statement


@dataclass(frozen=True)
class Cut:
    """What a month's statements are made from.

    Attributes:
        start, end: its first day, and the first day after it.
        tables: by name, the rows of each person.
        people: the row of Payees of each.
        booked: customer and product of each transaction that earned something, as called.
        reasons: of each adjustment, and the title of each SPIFF.
    """

    state: str
    parameters: Parameters
    period: str
    start: date
    end: date
    tables: Mapping[str, Mapping[str, pl.DataFrame]]
    people: Mapping[str, Mapping[str, Any]]
    booked: Mapping[str, tuple[str, str]]
    reasons: Mapping[str, str]

    @property
    def ids(self) -> list[str]:
        """Everybody of whom there is something to tell."""
        return sorted({payee_id for name in DUE for payee_id in self.tables[name]})

    def rows(self, table: str, payee_id: str) -> list[dict[str, Any]]:
        """A person's rows of a table."""
        found = self.tables[table].get(payee_id)
        return [] if found is None else found.to_dicts()


def cut(known: Known, company: Company, parameters: Parameters, period: str) -> Cut:
    """The tables of a month, by person.

    Raises:
        ParameterError: the calendar has no such month.
    """
    calendar = {row["period"]: row for row in _calendar(company)}
    if period not in calendar:
        right = nearest(period, calendar) if calendar else "a calendar first"
        raise ParameterError(f"there is no period '{period}'; write {right}.")
    own = calendar[period]
    tables = _tables(known, period, list(calendar), calendar)
    people = engine.collected(company.payees).to_dicts()
    return Cut(
        state=known.state,
        parameters=parameters,
        period=period,
        start=own["start_date"],
        end=own["end_date"],
        tables={name: _by_person(frame) for name, frame in tables.items()},
        people={row["payee_id"]: row for row in people},
        booked=_booked(company, tables["earnings"]),
        reasons=dict(_reasons(company)) | _titles(parameters),
    )


def _calendar(company: Company) -> list[dict[str, Any]]:
    return engine.collected(company.calendar).sort("start_date").to_dicts()


def _tables(
    known: Known, period: str, periods: list[str], calendar: Mapping[str, Mapping[str, Any]]
) -> dict[str, pl.DataFrame]:
    import polars as pl

    at = periods.index(period)
    so_far = [
        name for name in periods[: at + 1] if calendar[name]["year"] == calendar[period]["year"]
    ]
    here, then = pl.col("period") == period, pl.col("period").is_in(periods[max(at - 1, 0) : at])
    named = {name: getattr(known, name) for name in ("earnings", "payments", "payroll")}
    tables = {name: frame.filter(here) for name, frame in named.items()}
    tables |= {f"{name}_before": frame.filter(then) for name, frame in named.items()}
    others = ("credits", "balances", "attainments")
    tables |= {name: getattr(known, name).filter(here) for name in others}
    tables["terms"] = known.terms.sort("segment_start")
    tables["year"] = known.payments.filter(pl.col("period").is_in(so_far))
    posted = known.posted
    if posted is None:
        return tables | {"posted": known.earnings.head(0)}
    corrected = posted.filter(~here, ~pl.col("reason").is_in(ORDINARY), pl.col("amount") != 0)
    return tables | {"posted": corrected.sort("period", "component", "transaction_id")}


def _by_person(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parts = frame.partition_by("payee_id", as_dict=True)
    return {str(key[0]): rows for key, rows in parts.items()}


def _reasons(company: Company) -> Iterator[tuple[str, str]]:
    """Why adjustments were made."""
    rows = engine.collected(company.adjustments.select("adjustment_id", "reason"))
    return ((one, reason or "") for one, reason in rows.iter_rows())


def _titles(parameters: Parameters) -> dict[str, str]:
    """How SPIFFs are called."""
    return {name: spiff.title for name, spiff in parameters.spiffs.items()}


def _booked(company: Company, lines: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """How customers and products of transactions are called."""
    import polars as pl

    ids = lines.select("transaction_id").unique().drop_nulls()
    rows = engine.collected(company.transactions)
    told = rows.join(ids, on="transaction_id", how="semi")
    for table, key in ((company.accounts, "account_id"), (company.products, "product_id")):
        names = engine.collected(table).select(key, pl.col("name").alias(f"of_{key}"))
        told = told.join(names, on=key, how="left")
    chosen = told.select("transaction_id", "of_account_id", "of_product_id")
    return {one: (account or "", product or "") for one, account, product in chosen.iter_rows()}
