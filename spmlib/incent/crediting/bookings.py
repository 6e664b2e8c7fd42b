"""Bookings: everything that can be credited, in order: what was booked, and what was cancelled.

Each row knows which measures count it and which rules admit it (bits of ``mask``), and carries what
the measures sum, in the currency of each plan. A cancellation takes its part of the
transaction's margin, quantity, recurring revenue and count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine, parameters
from spmlib.core.company import Company
from spmlib.core.parameters import refuse
from spmlib.core.tables import MONEY, Accounts, Definition, Products, Table, Transactions
from spmlib.rules.crediting import Crediting, Rule
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS, Filter, Measure

KEYS = ("transaction_id", "event_id", "event_date", "owner_id", "account_id", "currency")
CARRIED = ("order", "event_date", "segment", "mask")
BITS = 62  # of a 64-bit integer, one for each measure and rule


@dataclass(frozen=True)
class Booked:
    """What can be credited.

    ``rows`` holds `CARRIED`, transaction_id, event_id, owner_id, account_id, source_amount,
    source_currency, the columns that rules match (``on_...``), the values, and rate and rate_date
    by currency.
    """

    rows: Table[Any]
    sums: tuple[str, ...]
    currencies: tuple[str, ...]
    bits: tuple[str, ...]

    @property
    def values(self) -> dict[str, int]:
        """The columns that are shared out, and the least unit of each [ticks]."""
        return {
            column(name, currency): conversion.minor(currency) if name in MONEYS else 1
            for name in self.sums
            for currency in self.currencies
        }

    @property
    def carried(self) -> list[str]:
        """The columns that go on into the credits."""
        return [*CARRIED, *self.values]

    @property
    def rates(self) -> list[str]:
        """The columns of currency rates and the days from which they hold."""
        return [f"{name}@{c}" for c in self.currencies for name in ("rate", "rate_date")]

    def in_currency(self, name: str) -> nw.Expr:
        """A sum, the rate or its day, in the currency that a row's ``currency`` names."""
        if name not in (*MONEYS, "rate", "rate_date"):
            return nw.col(column(name, ""))
        first, *others = self.currencies
        chosen = nw.col(f"{name}@{first}")
        for currency in others:
            own = nw.col("currency") == currency
            chosen = nw.when(own).then(nw.col(f"{name}@{currency}")).otherwise(chosen)
        return chosen

    def has(self, name: str) -> nw.Expr:
        """Whether a measure counts the row, or a rule admits it."""
        return engine.divided(nw.col("mask"), 2 ** self.bits.index(name)) % 2 == 1


def column(name: str, currency: str) -> str:
    """The column that holds a sum in the currency of a plan."""
    return f"{name}@{currency}" if name in MONEYS else f"{name}@"


def booked(
    company: Company,
    crediting: Crediting,
    measures: Sequence[Measure],
    days: Table[Any],
    currencies: Sequence[str],
) -> Booked:
    """The bookings and cancellations of a company, in order, on the days of its calendar.

    Args:
        measures: those that some plan counts.
        days: the calendar's days and segments.
        currencies: those of the plans.

    Raises:
        ParameterError: a filter names a column that nobody brings.
    """
    sums = tuple(dict.fromkeys(["amount", *(s for m in measures for s in (m.sums, m.per) if s)]))
    counted, bits = _counted(company, crediting, measures, sums)
    rows = engine.stacked(list(_happened(company, crediting, counted, sums)))
    rows = rows.with_row_index("order", order_by=["event_date", "transaction_id", "event_id"])
    rows = rows.with_columns(order=nw.col("order").cast(nw.Int64)).join(days, on="event_date")
    rates = company.currency_rates.filter(nw.col("kind") == crediting.currency_rate)
    for currency in currencies:
        moneys = [name for name in sums if name in MONEYS]
        rows = conversion.converted(rows, rates, days.select("event_date"), currency, moneys)
    others = {name: column(name, "") for name in sums if name not in MONEYS}
    rows = rows.rename({"amount": "source_amount", "currency": "source_currency"} | others)
    return Booked(engine.kept(rows), sums, tuple(currencies), bits)


def _counted(
    company: Company, crediting: Crediting, measures: Sequence[Measure], sums: Sequence[str]
) -> tuple[Table[Any], tuple[str, ...]]:
    """The transactions with a bit for each measure that counts and each rule that admits them."""
    rows, known = _attributed(company, crediting, measures)
    tests = [(m.name, m.where) for m in measures] + [
        (r.name, r.where) for r in crediting.rules.values()
    ]
    if len(tests) > BITS:
        refuse(
            crediting.place, f"{len(tests)} measures and rules are too many", f"use up to {BITS}"
        )
    bits = [
        nw.when(matching(where, known)).then(nw.lit(2**i)).otherwise(nw.lit(0)).cast(nw.Int64)
        for i, (_, where) in enumerate(tests)
    ]
    missing = {"event_id": nw.lit(None, dtype=nw.String), "count": nw.lit(MONEY).cast(nw.Int64)}
    matched = {f"on_{c}": nw.col(c) for c in _matched_columns(crediting.base, known)}
    rows = rows.with_columns(mask=nw.sum_horizontal(*bits), **missing, **matched)
    filled = {name: nw.col(name).fill_null(0) for name in sums}
    counted = rows.with_columns(**filled).select(*KEYS, *matched, "mask", *sums)
    return counted, tuple(name for name, _ in tests)


def _attributed(
    company: Company, crediting: Crediting, measures: Sequence[Measure]
) -> tuple[Table[Any], dict[str, str]]:
    """The transactions with those columns of account and product that some rule names."""
    rows: Table[Any] = company.transactions
    known = kinds(engine.names(rows), Transactions)
    wanted = _wanted(crediting, measures)
    sides: list[tuple[str, Table[Any], type[Definition]]] = [
        ("account_id", company.accounts, Accounts),
        ("product_id", company.products, Products),
    ]
    for key, side, definition in sides:
        there = kinds([c for c in engine.names(side) if c not in known], definition)
        known |= there
        brought = [c for c in there if c in wanted]
        if brought:
            rows = rows.join(side.select(key, *brought), on=key, how="left")
    return rows, known


def _wanted(crediting: Crediting, measures: Iterable[Measure]) -> set[str]:
    filters: list[Filter] = [f for m in measures for f in m.where]
    filters += [f for rule in crediting.rules.values() for f in rule.where]
    return {f.column for f in filters} | {c for r in crediting.base for c in r.match.values()}


def _matched_columns(rules: Iterable[Rule], known: dict[str, str]) -> list[str]:
    matched = {c: rule.place for rule in rules for c in rule.match.values()}
    for name, place in matched.items():
        if name not in known:
            remedy = f"write {parameters.nearest(name, sorted(known))}"
            refuse(place, f"there is no column '{name}' to match", remedy)
    return list(matched)


def _happened(
    company: Company, crediting: Crediting, counted: Table[Any], sums: Sequence[str]
) -> Iterable[Table[Any]]:
    """What was booked, and what happened to it later, each if the rules say that it credits."""
    columns = engine.names(counted)
    if "booking" in crediting.events:
        yield counted
    later = [event for event in crediting.events if event != "booking"]
    if later:
        events = company.events.filter(nw.col("event").is_in(later)).select(
            "transaction_id", happening="event_id", happened="event_date", part="amount"
        )
        joined = counted.join(events, on="transaction_id").with_columns(
            event_id=nw.col("happening"), event_date=nw.col("happened")
        )
        yield joined.with_columns(**{name: _part(name) for name in sums}).select(columns)


def _part(name: str) -> nw.Expr:
    """What an event takes of a sum: its amount's part of the whole."""
    if name == "amount":
        return nw.col("part")
    size = nw.when(nw.col("amount") < 0).then(nw.col("amount") * -1).otherwise(nw.col("amount"))
    size = nw.when(size == 0).then(nw.lit(1)).otherwise(size).cast(engine.WIDE)
    sign = nw.when(nw.col("amount") < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    return engine.rounded(engine.wide(name) * engine.wide("part") * sign, size).cast(nw.Int64)
