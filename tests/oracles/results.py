"""The library's tables of results, in the oracle's own words."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from spmlib.core import engine
from spmlib.incent.calculation import Results
from tests.oracles.desk import NOTHING, Line
from tests.oracles.paying import Month

TICKS = 10**4
Who = tuple[str, str]  # person and plan


def lines(results: Results) -> dict[Who, list[Line]]:
    """The lines of every person's receipts."""
    found = defaultdict(list)
    for row in _rows(results.earnings):
        line = Line(
            component=row["component"],
            window=row["window"],
            period=row["period"],
            kind=row["kind"],
            number=row["number"],
            transaction=row["transaction_id"],
            amount=Fraction(row["amount"], TICKS),
            event=row["event_id"] or "",
        )
        found[row["payee_id"], row["plan"]].append(line)
    return dict(found)


def months(results: Results) -> dict[Who, list[Month]]:
    """What every person is paid, line by line, and what is outstanding, in months that have any."""
    paid: dict[tuple[str, str, str], dict[str, Fraction]] = defaultdict(dict)
    for row in _rows(results.payments):
        assert row["kind"] not in paid[_key(row)], "a kind has one line a month"
        paid[_key(row)][row["kind"]] = Fraction(row["amount"], TICKS)
    stand = {_key(row): row for row in _rows(results.balances)}
    found: dict[Who, list[Month]] = defaultdict(list)
    for person, plan, period in sorted({*paid, *stand}):
        key = (person, plan, period)
        found[person, plan].append(_month(period, paid.get(key, {}), stand.get(key, {})))
    return dict(found)


def due(results: Results) -> dict[Who, dict[str, Fraction]]:
    """What is due by period, where it is not nothing."""
    found: dict[Who, dict[str, Fraction]] = defaultdict(dict)
    for row in _rows(results.payouts):
        if row["amount"]:
            found[row["payee_id"], row["plan"]][row["period"]] = Fraction(row["amount"], TICKS)
    return dict(found)


def _month(period: str, paid: dict[str, Fraction], stand: dict[str, Any]) -> Month:
    def ends(name: str) -> Fraction:
        return Fraction(stand[name], TICKS) if stand else NOTHING

    return Month(period, paid, ends("unpaid"), ends("held"), ends("owed"), ends("carried"))


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["payee_id"], row["plan"], row["period"]


def _rows(table: Any) -> list[dict[str, Any]]:
    return list(engine.collected(table).iter_rows(named=True))
