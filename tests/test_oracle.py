"""The engine and the slow oracle pay the same, to the minor unit, whatever the plan says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracles import companies, engine
from tests.oracles.companies import SmallCompany
from tests.oracles.desk import Line
from tests.shared import examples
from tests.strategies import companies as any_company

Lines = dict[tuple[str, str], list[Line]]


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=examples(5), deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(any_company())
def test_the_engine_pays_what_the_oracle_pays(company: SmallCompany) -> None:
    _compare(company)


@pytest.mark.nightly
@settings(max_examples=600, deadline=None, suppress_health_check=SLOW)
@given(any_company())
def test_the_engine_pays_what_the_oracle_pays_on_hundreds_of_plans(company: SmallCompany) -> None:
    _compare(company)


def _compare(company: SmallCompany) -> None:
    with TemporaryDirectory() as folder:
        calculated, _ = engine.worked_out(company, Path(folder) / "parameters")
    assert summed(calculated) == summed(companies.worked_out(company))


def summed(lines: Lines) -> dict[tuple[object, ...], str]:
    """Amounts by everything a line says, those of nothing left out."""
    sums: Counter[tuple[object, ...]] = Counter()
    for who, found in lines.items():
        for line in found:
            window = line.window.split(" from ")[0]  # a window begun again after a change of table
            name = (line.component, window, line.period, line.kind, line.number)
            sums[(*who, *name, line.transaction)] += line.amount  # type: ignore[assignment]
    return {key: str(amount) for key, amount in sorted(sums.items(), key=str) if amount}
