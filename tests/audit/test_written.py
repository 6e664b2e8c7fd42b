"""The policy: what cannot be meant is refused, with its place and what would be right."""

from __future__ import annotations

import re

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.audit import audits, written
from spmlib.incent.audit.audits import audited, every
from tests.audit.ledgers import POLICY, USD, made, policy

TEXT = POLICY.read_text("utf-8")


@pytest.mark.parametrize(
    ("was", "now", "line", "said"),
    [
        ("least: 25", "leest: 25", 4, "'leest' is not a word of an audit; write 'least'"),
        ("least: 25", "least: -1", 4, "an amount of -1 cannot be meant; write 0 or more"),
        ("least: 25", "least: much", 4, "'much' is not an amount"),
        ("sure: 45% ", "sure: 145% ", 10, "`sure: 145%` cannot be meant; write 0% to 100%"),
        ("sure: 45% ", "sure: 45 ", 10, "share 45 is above 1 and has no %"),
        ("days: 4 ", "days: -1 ", 7, "`days: -1` is too few; write 0 or more"),
        ("product: 25%", "colour: 25%", 12, "'colour' is not a word of `scores`"),
        ("most: 50%", "most: 0%", 18, "shares of 0% allow nothing; write more than 0%"),
        ("most: 50%", "least: 50%", 18, "'least' is not a word of `adoption`"),
        ("trailing: 12", "trailing: a year", 23, "'a year' is not a whole number"),
        ("ratio: 2.5", "ratio: 1", 24, "1 is too little; write more than 1"),
        ("times: 4.5", "times: 0", 24, "0 is too little; write more than 0"),
        ("history: 6, times", "history: 1, times", 24, "`history: 1` is too few; write 2 or more"),
        ("by: [[owner_id, segment], [owner_id, account_id]]", "by: []", 27, "lists no columns"),
        ("months: 3 ", "months: 1 ", 31, "`months: 1` is too few; write 2 or more"),
        ("reviewed: []", "reviewed: no", 37, "`reviewed` is no list"),
        ("reviewed: []", "reviewed: [{finding: x, by: y}]", 37, "'date' is missing"),
    ],
)
def test_what_cannot_be_meant(tmp_path, was, now, line, said):
    assert was in TEXT
    path = tmp_path / "audit.yaml"
    path.write_text(TEXT.replace(was, now, 1), "utf-8")
    with pytest.raises(ParameterError, match=re.escape(said)) as refused:
        written.read(path)
    assert str(refused.value).startswith(f"audit.yaml:{line}: ")


@pytest.mark.parametrize("part", ["stop", "least", "duplicates", "credits", "totals"])
def test_what_is_missing(tmp_path, part):
    path = tmp_path / "audit.yaml"
    path.write_text(TEXT.replace(f"\n{part}:", f"\n#{part}:").replace("\n#", "\n# "), "utf-8")
    lines = TEXT.splitlines()
    start = next(n for n, text in enumerate(lines) if text.startswith(f"{part}:"))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    path.write_text("\n".join(lines[:start] + lines[end:]), "utf-8")
    with pytest.raises(ParameterError, match=f"'{part}' is missing; add `{part}"):
        written.read(path)


def test_what_was_looked_at_is_read(tmp_path):
    path = tmp_path / "audit.yaml"
    item = "{finding: 'duplicates:T1+T2', by: A. Name, date: 2026-11-03, reason: two sites}"
    path.write_text(TEXT.replace("reviewed: []", f"reviewed: [{item}]"), "utf-8")
    (seen,) = written.read(path).reviewed
    assert (seen.finding, seen.reason) == ("duplicates:T1+T2", "two sites")


def test_the_policy_of_the_project():
    told = policy()
    assert told.stop == (1000 * USD, 0.7) and told.least == 25 * USD
    assert told.adjustments.limits == (1000 * USD, 5000 * USD)
    assert told.credits[0].rules == ("owner", "shared") and told.credits[0].most == 10**8


def test_a_period_or_check_that_is_not_there():
    with pytest.raises(ParameterError, match="there is no period '2031-01'; write '2026-01'"):
        audited(made(), policy(), "2031-01")
    with pytest.raises(ParameterError, match="there is no check 'duplicate'; write 'duplicates'"):
        every(made(), policy(), ["duplicate"])
    assert audits.audited(made(), policy(), "2026-03").at_stake == 0
