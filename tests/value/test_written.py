"""Written: the policy is read, and what is wrong in it is refused with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.value.written import read

FILE = Path(__file__).resolve().parents[2] / "parameters" / "policies" / "value.yaml"


def test_the_policy_of_the_sample_company():
    policy = read(FILE)
    assert policy.change == date(2026, 1, 1)
    assert policy.discount == 0.08
    assert policy.measures["disputes"].better == -1


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("better: less, worth: 240", "better: fewer, worth: 240", "no direction"),
        ("worth: 240", "worth: 240, within: days", "no measure"),
        ("set_up: 60_000", "set_up: -1", "below 0"),
        ("months: 36", "months: 1.5", "no whole number"),
        ("months: 36", "month: 36", "month"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path, was, becomes, says):
    wrong = tmp_path / "value.yaml"
    wrong.write_text(FILE.read_text("utf-8").replace(was, becomes, 1), "utf-8")
    with pytest.raises(ParameterError, match=says):
        read(wrong)
