"""Who sees what is read from its file; what cannot be meant is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.visibility import written

POLICY = Path(__file__).resolve().parents[2] / "parameters/policies/visibility.yaml"


def test_the_sample_companys_policy_is_read():
    made = written.read(POLICY)
    assert made.scope("sales_manager", "pay") == "own"
    assert made.scope("sales_manager", "attainment") == "team"
    assert made.scope("juggler", "attainment") == "own"  # whoever is not named
    assert (made.near, made.behind, made.shown, made.least) == (0.1, 0.85, True, 5)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("currency: USD", "currency: DOLLARS", r"visibility.yaml:2: 'DOLLARS' is no currency"),
        ("others: {attainment: own, ", "others: {", r"'attainment' is missing"),
        (
            "pay: own, pipeline: own, disputes: own}\nreg",
            "pay: all, pipeline: own, disputes: own}\nreg",
            r"`pay: all` means nothing; write one of: none",
        ),
        ("near: 10%", "near: 10", r"above 1 and has no %"),
        ("coverage: 3", "coverage: 0", r"'0' is not above 0"),
        ("deal_months: 12", "deal_months: 0", r"below 1"),
        ("least: 5", "least: 0", r"below 1"),
        ("JPY: 150_000", "YEN: 150_000", r"'YEN' is no currency"),
        ("outliers: 1.5", "outlier: 1.5", r"'outlier' is not a word"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, was, now, says):
    text = POLICY.read_text("utf-8")
    assert was in text
    path = tmp_path / "visibility.yaml"
    path.write_text(text.replace(was, now, 1), "utf-8")
    with pytest.raises(ParameterError, match=says):
        written.read(path)
