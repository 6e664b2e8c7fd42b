"""A run's file: what it gives to notebooks, and what is refused before anything starts."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench import runs

GOOD = """\
run: 2026-10
period: 2026-10
parameters: {top: 007}
notebooks:
  20_crediting: {}
  21_commissions: {payee: 0042, day: 2026-09-30, all_teams: true}
"""


@pytest.fixture
def read(workbench):
    workbench.notebook("20_crediting")
    workbench.notebook("21_commissions")
    return lambda text: runs.read(workbench.run(text), workbench.root / "notebooks")


def test_values_are_of_the_kind_the_notebook_has(read):
    crediting, commissions = read(GOOD).reports
    assert crediting.parameters == {"period": "2026-10", "top": 7}
    assert commissions.parameters == {
        "period": "2026-10",
        "top": 7,
        "payee": "0042",
        "day": "2026-09-30",
        "all_teams": True,
    }


def test_a_run_is_named_for_its_month_unless_it_has_a_title(read):
    assert read(GOOD).title == "October 2026"
    assert read(GOOD + "title: Year to date\n").title == "Year to date"


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("payee:", "paye:", "2026-10.yaml:6: 'paye' is not a word of the parameters of 21_comm"),
        ("payee:", "paye:", "write 'payee'"),
        ("{top: 007}", "{tip: 007}", "2026-10.yaml:3: 'tip' is not a word of any notebook; write"),
        ("{top: 007}", "{tip: 007}", "'top'"),
        ("top: 007", "top: many", "2026-10.yaml:3: 'many' is not a whole number"),
        ("top: 007", "top: 1.5", "2026-10.yaml:3: '1.5' is not a whole number"),
        ("day: 2026-09-30", "day: 2026-09-31", "2026-10.yaml:6: '2026-09-31' is not a day"),
        ("all_teams: true", "all_teams: NO", "2026-10.yaml:6: 'NO' is neither true nor false"),
        ("payee: 0042", "payee: [a, b]", "2026-10.yaml:6"),
        ("period: 2026-10", "period: ../../etc", "2026-10.yaml:2: '../../etc' is not a month"),
        ("period: 2026-10", "period: 2026-13", "2026-10.yaml:2: '2026-13' is not a month"),
        ("run: 2026-10", "run: 2026-09", "2026-10.yaml:1: the run is called '2026-09'"),
        ("20_crediting:", "20_credting:", "2026-10.yaml:5: '20_credting' is not a word of the not"),
        ("20_crediting: {}", "20_crediting:", "2026-10.yaml:5: '20_crediting' is not written as"),
        ("notebooks:", "notebook:", "2026-10.yaml:4: 'notebook' is not a word of a run; write"),
        ("period: 2026-10\n", "", "'period' is missing"),
        ("{top: 007}", "{top: 1, top: 2}", "2026-10.yaml:3: 'top' is written twice"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(read, was, becomes, says):
    assert was in GOOD
    with pytest.raises(ParameterError) as error:
        read(GOOD.replace(was, becomes, 1))
    assert says in str(error.value)


def test_a_notebook_without_a_parameters_cell_is_refused(workbench, read):
    workbench.notebook("20_crediting", parameters=None)
    with pytest.raises(ParameterError, match=r"2026-10\.yaml:5: no cell of 20_crediting\.ipynb is"):
        read(GOOD)


def test_a_parameter_that_is_computed_is_refused(workbench, read):
    workbench.notebook("20_crediting", parameters="period = '2026' + '-10'")
    with pytest.raises(ParameterError, match=r"2026-10\.yaml:5: the parameters cell of 20_credit"):
        read(GOOD)


def test_the_latest_run_and_the_nearest_name(workbench):
    folder = workbench.root / "parameters/runs"
    with pytest.raises(ParameterError, match="it holds no run"):
        runs.latest(folder)
    for name in ("2026-09", "2026-10", "2025-12"):
        workbench.run(GOOD, name)
    assert runs.latest(folder).stem == "2026-10"
    assert runs.named(folder, "2026-09").stem == "2026-09"
    with pytest.raises(ParameterError, match="there is no run '2026-1'; take '2026-10'"):
        runs.named(folder, "2026-1")
