"""Disputes: how often the proposed cause is the true one, on faults planted in the sample company.

    python -m benchmarks.disputes [HOW MANY OF EACH]

Each fault is planted alone in a copy; the dispute claims what the engine says it cost.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.incent.disputes import cases, causes
from spmlib.workbench import disputes
from spmlib.workbench.opened import Workbench, opened

PERIODS = ("2026-03", "2026-06", "2026-09")
Planted = tuple[str, Company, str, str, int]  # cause, company, payee, transaction, claimed


def main() -> None:
    """Print shares right first and in the first two."""
    size, bench = int(sys.argv[1]) if len(sys.argv) > 1 else 5, opened()
    decided, credits = disputes.decisions(bench), engine.collected(bench.results.credits)
    first: Counter[str] = Counter()
    two: Counter[str] = Counter()
    many: Counter[str] = Counter()
    begun = time.process_time()
    for period in PERIODS:
        ended = date(int(period[:4]), int(period[5:]) + 1, 1)
        for claims in (True, False):
            for cause, company, payee, line, claimed in planted(bench, period, size, credits):
                plan = "account_executive"
                case = cases.case(
                    *(company, bench.parameters, credits, payee, plan, period, [line]),
                    claimed if claims else None,
                )
                found = causes.proposed(case, company, decided, ended)["cause"].to_list()
                name = f"{cause}, {'with' if claims else 'without'} a claim"
                many[name] += 1
                first[name] += found[0] == cause
                two[name] += cause in found[:2]
    for name in sorted(many):
        print(f"{name:<36}{many[name]:4} first {first[name] / many[name]:.0%}"
              f" in the first two {two[name] / many[name]:.0%}")  # fmt: skip
    spent = (time.process_time() - begun) / max(1, sum(many.values()))
    print(f"{spent:.2f} s CPU each")


def planted(bench: Workbench, period: str, size: int, credits: pl.DataFrame) -> Iterator[Planted]:
    """Faults of account executives' orders of a month, each alone in a copy of the company."""
    company, luck = bench.company, np.random.default_rng(51)
    held = engine.collected(engine.on(company.positions, date.fromisoformat(f"{period}-15")))
    sellers = held.filter(pl.col("plan") == "account_executive")["payee_id"].to_list()
    booked = engine.collected(company.transactions)
    shared = engine.collected(company.splits)
    month = booked.filter(
        pl.col("event_date").dt.strftime("%Y-%m") == period,
        pl.col("owner_id").is_in(sellers),
        pl.col("kind") == "new",
        pl.col("amount") > 20_000_000,
    )
    alone = month.filter(~pl.col("transaction_id").is_in(shared["transaction_id"].to_list()))
    late = date(int(period[:4]), int(period[5:]) + 1, 6)
    for row in _some(alone, size, luck):
        payee, line = row["owner_id"], row["transaction_id"]
        copy = _changed(company, booked, line, recorded_date=late)
        yield "late_booking", copy, payee, line, _cost(bench, copy, credits, payee, period, line)
    for row in _some(alone.drop_nulls("deal_id"), size, luck):
        payee, line = row["owner_id"], row["transaction_id"]
        other = next(name for name in sellers if name != payee)
        copy = _changed(company, booked, line, owner_id=other)
        yield (
            "wrong_owner",
            copy,
            payee,
            line,
            _gain(bench, copy, company, credits, payee, period, line),
        )
    pairs = month.join(shared.filter(pl.col("payee_id").is_in(sellers)), on="transaction_id")
    for row in _some(pairs, size, luck):
        payee, line = row["payee_id"], row["transaction_id"]
        kept = shared.filter((pl.col("transaction_id") != line) | (pl.col("payee_id") != payee))
        copy = replace(company, splits=engine.brought(kept))
        yield (
            "missing_split",
            copy,
            payee,
            line,
            _gain(bench, copy, company, credits, payee, period, line),
        )
    for row in _some(alone, size, luck):
        payee, line = row["owner_id"], row["transaction_id"]
        case = cases.case(
            company, bench.parameters, credits, payee, "account_executive", period, [line]
        )
        from spmlib.incent.disputes import misread

        copy, said = misread.READINGS[next(iter(misread.READINGS))](case)
        more = case.more(copy, said)
        if more:
            yield "plan_misread", company, payee, line, more


def _some(rows: pl.DataFrame, size: int, luck: Any) -> list[dict[str, Any]]:
    order = luck.permutation(len(rows))[:size]
    return rows[order.tolist()].to_dicts()


def _changed(company: Company, booked: pl.DataFrame, line: str, **cells: Any) -> Company:
    own = pl.col("transaction_id") == line
    made = {
        name: pl.when(own).then(pl.lit(value)).otherwise(pl.col(name))
        for name, value in cells.items()
    }
    return replace(company, transactions=engine.brought(booked.with_columns(**made)))


def _cost(
    bench: Workbench, company: Company, credits: pl.DataFrame, payee: str, period: str, line: str
) -> int:
    """What a person is paid less without a transaction."""
    case = cases.case(
        company, bench.parameters, credits, payee, "account_executive", period, [line]
    )
    rows = engine.collected(case.company.transactions).filter(pl.col("transaction_id") != line)
    return -case.more(replace(case.company, transactions=engine.brought(rows)))


def _gain(
    bench: Workbench, copy: Company, whole: Company, credits: pl.DataFrame, payee: str,
    period: str, line: str,
) -> int:  # fmt: skip
    """What a person is paid more by the company as it was before the fault."""
    words = (bench.parameters, credits, payee, "account_executive", period, [line])
    faulty, right = cases.case(copy, *words), cases.case(whole, *words)
    return faulty.more(right.company)


if __name__ == "__main__":
    main()
