"""Whatever the payment terms, the engine pays what the slow oracle pays, line by line."""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles import companies, engine, results
from tests.oracles.companies import SmallCompany
from tests.oracles.desk import Line
from tests.oracles.paying import Month
from tests.oracles.random_deals import a_company
from tests.shared import examples

Who = tuple[str, str]  # person and plan
Kept = dict[tuple[str, ...], dict[str, str]]
PLANS = 4  # in each company
SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=examples(4), deadline=None, derandomize=True)
@given(SEEDS)
def test_the_engine_pays_what_the_oracle_pays(seed: int) -> None:
    _compare(a_company(Random(seed), PLANS))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=int(os.environ.get("EXAMPLES", "500")), deadline=None)
@given(SEEDS)
def test_the_engine_pays_what_the_oracle_pays_under_thousands_of_plans(seed: int) -> None:
    _compare(a_company(Random(seed), PLANS))


def _compare(company: SmallCompany) -> None:
    with TemporaryDirectory() as folder:
        made = engine.paid(company, Path(folder) / "parameters")
    assert _earned(results.lines(made)) == _earned(companies.worked_out(company))
    expected = companies.paid(company)
    assert _kept(results.months(made)) == _kept(expected)
    assert results.due(made) == _due(expected)


def _earned(lines: dict[Who, list[Line]]) -> dict[tuple[object, ...], str]:
    """Amounts by everything a line says, those of nothing left out."""
    sums: Counter[tuple[object, ...]] = Counter()
    for who, found in lines.items():
        for line in found:
            name = (line.component, line.window, line.period, line.kind, line.number)
            sums[(*who, *name, line.transaction, line.event)] += line.amount  # type: ignore[assignment]
    return {key: str(amount) for key, amount in sorted(sums.items(), key=str) if amount}


def _kept(paid: dict[Who, list[Month]]) -> Kept:
    """What each month pays, kind by kind, and leaves outstanding, where it is not nothing."""
    found: Kept = {}
    for who, months in paid.items():
        for month in months:
            stand = {n: getattr(month, n) for n in ("unpaid", "held", "owed")}
            stand["carried on"] = month.carried
            amounts = {n: str(a) for n, a in sorted((month.lines | stand).items()) if a}
            if amounts:
                found[(*who, month.period)] = amounts
    return found


def _due(paid: dict[Who, list[Month]]) -> dict[Who, dict[str, Fraction]]:
    due = {who: {m.period: m.paid for m in months if m.paid} for who, months in paid.items()}
    return {who: amounts for who, amounts in due.items() if amounts}
