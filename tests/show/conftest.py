"""The small company, computed once."""

from __future__ import annotations

import pytest

from spmlib.core.company import Company
from spmlib.incent.calculation import Parameters, Results, calculated
from tests.show import companies


@pytest.fixture(scope="package")
def company() -> Company:
    return companies.company()


@pytest.fixture(scope="package")
def parameters() -> Parameters:
    return companies.parameters()


@pytest.fixture(scope="package")
def results(company: Company, parameters: Parameters) -> Results:
    return calculated(company, parameters)
