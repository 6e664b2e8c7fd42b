"""Each worked case of tests/cases is paid to the minor unit, by the oracle and by the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracles import companies, engine
from tests.oracles.cases import Case, cases, exact, found
from tests.oracles.desk import Line

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_the_oracle_pays_the_case(case: Case) -> None:
    assert _found(case, companies.worked_out(case.company)) == _expected(case)


def _marked(case: Case) -> Any:
    """A case on which the engine is known to differ says how, in its word `engine`."""
    reason = case.words.get("engine")
    marks = (
        [pytest.mark.xfail(raises=AssertionError, reason=f"the engine {reason}")] if reason else []
    )
    return pytest.param(case, id=case.place, marks=marks)


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_the_engine_pays_the_case(case: Case, tmp_path: Path) -> None:
    calculated, _ = engine.worked_out(case.company, tmp_path / "parameters")
    assert _found(case, calculated) == _expected(case)


def test_no_two_cases_have_one_name() -> None:
    assert len({case.place for case in CASES}) == len(CASES)


def _expected(case: Case) -> dict[str, object]:
    return {name: exact(case.expected(name)) for name in case.people}


def _found(case: Case, lines: dict[tuple[str, str], list[Line]]) -> dict[str, object]:
    return {
        name: found(case, name, [x for (who, _), of in lines.items() if who == name for x in of])
        for name in case.people
    }
