"""The engine and the slow oracle pay the same, to the minor unit, whatever the plan says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from tests.oracles import companies, engine, pay
from tests.oracles.companies import SmallCompany
from tests.strategies import companies as any_company

Lines = dict[tuple[str, str], list[pay.Line]]


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(any_company())
def test_the_engine_pays_what_the_oracle_pays(company: SmallCompany) -> None:
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
