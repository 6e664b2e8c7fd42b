"""What counts as a sign is read from its file; what cannot be meant is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming import written

POLICY = Path(__file__).resolve().parents[2] / "parameters/policies/gaming.yaml"


def test_the_sample_companys_policy_is_read():
    made = written.read(POLICY)
    assert (made.near, made.last_days, made.currency) == (0.05, 4, "USD")
    assert made.limits == (25_000, 50_000, 100_000)
    assert made.places["near"] == "gaming.yaml:2"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("near: 5%", "near: 0%", r"gaming.yaml:2: near is 0%; write a share above 0"),
        ("near: 5%", "near: 5", r"gaming.yaml:2: share 5 is above 1 and has no %"),
        ("last_days: 4", "last_days: 0", r"last_days is 0; write 1 or more"),
        ("fewest: 5 ", "few: 5 ", r"'few' is not a word of gaming"),
        ("seed: 54", "", r"'seed' is missing; add `seed: 54`"),
        ("[25_000, 50_000, 100_000]", "[50_000, 25_000]", r"limits do not rise from above 0"),
        ("currency: USD", "currency: DOLLARS", r"'DOLLARS' is no currency"),
        ("[50%, 90%]", "[50%, 100%]", r"no deals are as large as 100% of them"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, was, now, says):
    text = POLICY.read_text("utf-8")
    assert was in text
    path = tmp_path / "gaming.yaml"
    path.write_text(text.replace(was, now), "utf-8")
    with pytest.raises(ParameterError, match=says):
        written.read(path)
