"""What a frontier's file may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier import written

SOUND = """\
currency: USD
months: 12
least_months: 6
samples: 200
seed: 1
sure: 95%
groups:
  sellers:
    of: people
    roles: [seller]
    inputs: [pay, potential]
    fixed: [potential]
    outputs: [bookings]
    returns: variable
    orientation: output
effects: {group: sellers, result: bookings, quarters: 4, facts: [potential], floor: 5%, first: 3}
"""


def read(folder, text):
    path = folder / "frontier.yaml"
    path.write_text(text, "utf-8")
    return written.read(path)


def test_what_is_written(tmp_path):
    policy = read(tmp_path, SOUND)
    group = policy.groups["sellers"]
    assert (policy.currency, policy.sure, policy.effects.floor) == ("USD", 0.95, 0.05)
    assert group.model.fixed_inputs == (1,) and group.model.orientation == "output"
    assert group.fewest == 9  # 3 (2 + 1), more than 2 x 1


def test_the_companys_own_file():
    path = Path(__file__).resolve().parents[2] / "parameters/policies/frontier.yaml"
    policy = written.read(path)
    assert {group.of for group in policy.groups.values()} == {"people", "territories"}
    assert policy.samples >= 1000


WRONG = {
    "14: `returns: crs` means nothing": ("returns: variable", "returns: crs"),
    "15: `orientation: in` means nothing": ("orientation: output", "orientation: in"),
    "11: 'salary' is not known here": ("inputs: [pay, potential]", "inputs: [salary, potential]"),
    "11: 'pay' is written twice": ("inputs: [pay, potential]", "inputs: [pay, pay, potential]"),
    "12: 'accounts' is not known here": ("fixed: [potential]", "fixed: [accounts]"),
    "people have roles and territories none": ("    roles: [seller]\n", ""),
    "9: `of: teams` means nothing": ("of: people", "of: teams"),
    "4: samples is 50; write 100 or more": ("samples: 200", "samples: 50"),
    "6: sure is 100%; write a share between": ("sure: 95%", "sure: 100%"),
    "2: months is 0": ("months: 12", "months: 0"),
    "`group: buyers` means nothing": ("group: sellers", "group: buyers"),
    "'weather' is not known here": ("facts: [potential]", "facts: [weather]"),
    "'seed' is missing; add `seed: 1`": ("seed: 1\n", ""),
    "'outputs' is missing": ("    outputs: [bookings]\n", ""),
    "'colour' is not a word of a group": ("    of: people", "    colour: red\n    of: people"),
    "'pay' is not a word of the frontier": ("seed: 1", "seed: 1\npay: yes"),
    "all inputs are fixed": (
        "    fixed: [potential]\n    outputs: [bookings]\n    returns: variable\n"
        "    orientation: output",
        "    fixed: [pay, potential]\n    outputs: [bookings]\n    returns: variable\n"
        "    orientation: input",
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_refusals(tmp_path, message):
    old, new = WRONG[message]
    assert old in SOUND
    with pytest.raises(ParameterError) as refused:
        read(tmp_path, SOUND.replace(old, new, 1))
    assert message in str(refused.value)
