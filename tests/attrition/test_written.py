"""The policy's words: each wrong one is refused with its place."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import written
from tests.attrition.companies import POLICY

TEXT = POLICY.read_text("utf-8")


def changed(tmp_path, old: str, new: str):
    assert old in TEXT
    path = tmp_path / "attrition.yaml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    return path


def test_it_is_off_as_it_comes():
    assert not written.read(POLICY).enabled


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("enabled: no ", "enabled: maybe ", "attrition.yaml:2: `enabled: maybe` means nothing"),
        ("managers: line", "managers: all", "`managers: all` means nothing; write"),
        ("leavers: 30", "leavers: 0", "leavers is 0; write 1 or more"),
        ("leavers: 30", "leaver: 30", "'leaver' is not a word of least; write 'leavers'"),
        ("recent: 6", "recent: six", "'six' is not a whole number"),
        ("below: 70%", "below: 170%", "below is 170%; write a share between"),
        ("horizons: [3, 6, 12]", "horizons: [6, 3]", "horizons do not rise from above 0"),
        ("horizons: [3, 6, 12]", "horizons: [0.5, 3]", "a horizon is no whole month"),
        ("penalties: [1, 10,", "penalties: [0, 10,", "penalties do not rise from above 0"),
        ("commit: 75%", "commit: 175%", "commit is 175%; write a share from 0 to 100%"),
        ("flagged: 10%", "flag: 10%", "'flag' is not a word of attrition; write 'flagged'"),
        ("four_fifths: 80%", "# none", "'four_fifths' is missing"),
        ("sure: 95%", "sure: 95", "share 95 is above 1 and has no %"),
        ("payouts: 1}", "payouts: -1}", "payouts is -1; write 0 or more"),
    ],
)
def test_what_is_written_wrongly_is_refused_with_its_place(tmp_path, old, new, says):
    with pytest.raises(ParameterError, match=r"attrition.yaml:\d+") as caught:
        written.read(changed(tmp_path, old, new))
    assert says in str(caught.value)
