"""Planted faults: found, nearly all of them, and nearly nothing else; in a copy of the sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spmlib.incent.audit.audits import every
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.planted import measured
from spmlib.incent.audit.planted.measured import FAULTS, interval
from spmlib.incent.audit.usual import robust, usual
from spmlib.workbench import audits
from tests.audit.ledgers import policy
from tests.shared import sample_workbench

ROOT = Path(__file__).parents[2]
SEEDS = (101, 102)  # the policy's numbers were chosen on others


@pytest.fixture(scope="module")
def sample() -> Books:
    return audits.kept(sample_workbench())


@pytest.fixture(scope="module")
def genuine(sample) -> set[str]:
    """What the sample itself has: lines sold at a loss, and somebody paid while on leave."""
    found = every(sample, policy(), ["margins", "inactive"])
    people = set(found.filter(found["check"] == "inactive")["payee_id"])
    assert people == {"H1325"}  # a solution engineer on leave from 2025-10-20, credited on
    return set(found["finding_id"])


@pytest.mark.parametrize("kind", FAULTS)
def test_planted_faults_are_found_and_little_else(sample, genuine, kind):
    told = measured.measured(sample, policy(), SEEDS, 10, genuine, [kind]).row(0, named=True)
    assert told["planted"] >= 8
    assert told["recall"] >= 0.9, told
    assert told["precision"] >= 0.75, told


@pytest.mark.nightly
@pytest.mark.parametrize("kind", FAULTS)
def test_many_planted_faults(sample, genuine, kind):
    """What is asked of the audit lies within the interval of what was counted: docs/audit.md."""
    told = measured.measured(sample, policy(), range(1001, 1009), 12, genuine, [kind])
    row = told.row(0, named=True)
    assert row["recall_high"] >= 0.95 and row["precision"] >= 0.80, row


def test_the_sample_as_it_is_has_few_findings(sample, genuine):
    found = every(sample, policy())
    alarms = found.filter(~found["finding_id"].is_in(list(genuine)))
    assert 0 < alarms.height < 15  # in 30 months
    assert found["finding_id"].is_duplicated().sum() == 0
    assert found["evidence"].null_count() == 0 and found["place"].null_count() == 0
    assert every(sample, policy())["finding_id"].to_list() == found["finding_id"].to_list()


def test_what_is_usual_comes_near_what_was_earned(sample):
    """Most months earn what others who stood there earned: no plan's rules are read for that."""
    told = usual(sample, 12, 6)
    off = (told["earned"] - told["expected"]).abs()
    assert off.median() / told["earned"].abs().median() < 0.05
    assert abs(told["expected"].sum() / told["earned"].sum() - 1) < 0.05


def test_the_interval_of_a_published_share():
    """81 of 263: Newcombe, "Two-sided confidence intervals for the single proportion" (1998)."""
    assert np.round(interval(81, 263), 4).tolist() == [0.308, 0.2553, 0.3662]
    assert np.round(interval(0, 20), 4).tolist() == [0.0, 0.0, 0.1611]
    assert np.round(interval(1, 29), 4).tolist() == [0.0345, 0.0061, 0.1718]
    assert interval(0, 0)[1:] == (0.0, 1.0)


def test_robust_standard_deviations():
    five = np.arange(1.0, 6.0)
    assert robust(np.array([3.0]), five).item() == 0
    assert robust(np.array([4.4826]), five).item() == pytest.approx(1.0)
    assert robust(np.array([-4.0]), five).item() == -robust(np.array([10.0]), five).item()
    assert np.isinf(robust(np.array([2.0]), np.ones(3))).all()
    assert robust(np.array([1.0]), np.ones(3)).item() == 0
    assert np.isnan(robust(np.array([1.0]), np.array([np.nan]))).all()
