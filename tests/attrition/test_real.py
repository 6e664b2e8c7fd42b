"""Other people's tables: IBM's made-up employees, against what is published of them."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import evaluations, frames, hazards, leaks, rates
from tests.attrition.companies import decided
from tests.shared import REAL, needs

PATH = REAL / "ibm_hr_attrition/WA_Fn-UseC_-HR-Employee-Attrition.csv"
pytestmark = needs("ibm_hr_attrition")


@pytest.fixture(scope="module")
def people():
    return frames.read(PATH)


def test_the_file_has_the_leavers_that_are_published(people):
    told = rates.group_shares(people, "Attrition").row(0, named=True)
    assert (told["people"], told["left"]) == (1470, 237)
    overtime = {
        r["group"]: r for r in rates.group_shares(people, "Attrition", "OverTime").to_dicts()
    }
    assert (overtime["Yes"]["left"], overtime["No"]["left"]) == (127, 110)


def test_a_logistic_hazard_does_as_well_as_is_published(people):
    """Published logistic regressions of these rows reach .80 to .85, with protected columns."""
    made = evaluations.cross_validated(people, "Attrition", protected=decided().protected, draws=20)
    told = made.figure(span="a row")
    assert 0.79 < told["auc"] < 0.86
    assert told["skill"] > 0.2
    assert made.figure(evaluations.RULE, "a row")["auc"] < told["auc"] - 0.1
    assert made.kind == "cross-validated"
    assert any(says.startswith("EmployeeNumber numbers the rows") for says in made.told)
    assert any(says.startswith("StandardHours is the same") for says in made.told)


def test_protected_columns_are_never_inputs(people):
    fit = hazards.fitted(people, "Attrition", protected=decided().protected, penalties=[10.0])
    assert not {"Gender", "Age", "MaritalStatus", "Over18"} & set(fit.design.features)
    with pytest.raises(ParameterError, match="'Gender' is protected"):
        hazards.fitted(people, "Attrition", ["Gender"], protected=decided().protected)


def test_no_column_of_it_leaks(people):
    assert leaks.leaks(people, "Attrition").is_empty()
