"""Written: the policy is read, and what is wrong in it is refused with its line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.value.written import read

FILE = Path(__file__).resolve().parents[2] / "parameters" / "policies" / "value.yaml"
SAID = re.compile(r"value\.yaml:\d+: [^\n]+; [^\n]+\.")


def changed(folder, was, becomes):
    text = FILE.read_text("utf-8")
    assert was in text
    path = folder / "value.yaml"
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    return path


def test_the_policy_of_the_sample_company():
    policy = read(FILE)
    assert policy.change == date(2026, 1, 1)
    assert policy.discount == 0.08 and policy.set_up == {"2025-11": 25_000, "2025-12": 35_000}
    disputes = policy.measures["disputes"]
    assert (disputes.better, disputes.worth, disputes.within) == (-1, 4 * 60, "hours")
    assert not policy.measures["attainment"].adds


def test_what_may_be_written_otherwise(tmp_path):
    path = changed(tmp_path, "surveys: {}", "surveys: {hours: {2026-01: 120, 2026-02: 0}}")
    assert read(path).surveys == {"hours": {"2026-01": 120.0, "2026-02": 0.0}}
    path = changed(tmp_path, "{2026-01: 6_000, 2026-07: 4_000}", "4_000")
    assert read(path).running == 4000
    path = changed(tmp_path, "starts: {}", "starts: {sales: 2026-01-01, partner: 2026-03-15}")
    assert read(path).starts["partner"] == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("better: less, worth: 0.5", "better: fewer, worth: 0.5", "better: fewer. means nothing"),
        ("worth: 0, within: overpaid", "worth: 0, within: pay", "'pay' is no measure"),
        ("hours: 1}", "hours: 1, within: hours}", "'hours' is held by itself"),
        ("hours: 4, within", "hours: 4, worth: 1, within", "both worth and hours, or neither"),
        ("hours: 4, within", "within", "both worth and hours, or neither"),
        ("{2025-11: 25_000, 2025-12: 35_000}", "-1", "set_up is below 0"),
        ("2025-11: 25_000", "2025-11: -1", "2025-11 is below 0"),
        ("2025-11: 25_000", "November: 1", "'November' is no month"),
        ("months: 36", "months: 1.5", "no whole number"),
        ("months: 36", "month: 36", "month"),
        ("sure: 95%", "sure: 100%", "no chance between 0 and 1"),
        ("after: 3, ", "", "'after' is missing"),
        ("hour: 60", "hour: -60", "hour is below 0"),
        ("teams: mean", "teams: median", "median"),
        ("surveys: {}", "surveys: {disputs: {2026-01: 1}}", "'disputs' is no measure"),
        ("surveys: {}", "surveys: {hours: {January: 1}}", "'January' is no month"),
        ("surveys: {}", "surveys: {hours: 4}", "not written as `name: value`"),
        ("starts: {}", "starts: {sales: soon}", "soon"),
        ("change: 2026-01-01", "change: tomorrow", "tomorrow"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path, was, becomes, says):
    with pytest.raises(ParameterError, match=says) as refused:
        read(changed(tmp_path, was, becomes))
    assert SAID.fullmatch(str(refused.value))
