"""A closed month is told as it was closed; what is found later is a correction with its reason."""

from __future__ import annotations

import os
from decimal import Decimal as D
from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench import statements
from tests.workbench.test_closes import BOOKED, Company

LATE = BOOKED | {"T5": "2026-01-15,Ann,700"}
POLICY = "locale: en_GB\ncontact: pay@example.org\ndispute_days: 30\n"


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    (made.folder / "policies").mkdir()
    (made.folder / "policies/statements.yaml").write_text(POLICY)
    return made


def told(company: Company, period: str, payee_id: str):
    (one,) = statements.told(company.bench, period, payee_id)
    return one


def test_without_closes_it_is_an_estimate(company: Company):
    assert told(company, "2026-02", "Ann").state == "estimate"


def test_a_late_booking_is_a_correction_in_the_next_close(company: Company):
    company.closes("2026-01", "2026-02")
    company.knows(LATE)
    for state in ("preview", "closed"):
        one = told(company, "2026-03", "Ann")
        # Ann had booked 1,000 and 2,000; with 700 in January, the last 700 of February earn 20 %.
        assert one.state == state
        assert {(c.transaction_id, c.reason, c.now - c.was) for c in one.corrections} == {
            ("T5", "late", D(70)),
            ("T3", "moved", D(70)),
        }
        assert one.paid == D(140)
        (pay,) = one.plans
        assert pay.earned + sum(amount for _, amount in pay.terms) == pay.due == D(140)
        company.closes(*(["2026-03"] if state == "preview" else []))


def test_a_closed_month_stays_as_it_was_told(company: Company):
    company.closes("2026-01", "2026-02")
    before = told(company, "2026-02", "Ann")
    company.knows(LATE)
    company.closes("2026-03")
    assert told(company, "2026-02", "Ann") == before
    assert (before.state, before.paid, before.before) == ("closed", D(200), D(100))


def test_files_are_the_persons_own_and_written_only_when_they_change(
    company: Company, tmp_path: Path
):
    out = tmp_path / "out"
    made = list(statements.write(out, statements.documents(company.bench, "2026-01")))
    assert sorted(str(path.relative_to(out)) for path in made) == [
        f"{who}/statement-2026-01.{kind}" for who in ("Ann", "Ben") for kind in ("html", "pdf")
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in made} == {"0o600"}
    for path in made:
        os.utime(path, (0, 0))
    made[0].write_text("half")
    list(statements.write(out, statements.documents(company.bench, "2026-01")))
    assert [path.stat().st_mtime == 0 for path in made] == [False, True, True, True]


@pytest.mark.parametrize("who", ["../Ann", "..", "CON", "a/b\\c", "x" * 300])
def test_no_name_leaves_the_folder(company: Company, tmp_path: Path, who: str):
    rows = f"payee_id,name,hire_date\n{who},Ann,2025-01-01\n"
    (company.folder / "payees.csv").write_text(rows)
    company.knows({"T1": f"2026-01-10,{who},1000"})
    out = tmp_path / "deep/out"
    made = list(statements.documents(company.bench, "2026-01", ("html",)))
    paths = list(statements.write(out, made))
    assert all(path.resolve().is_relative_to(out) for path in paths)
    assert len(paths) == len(made) == 1
    outside = [path for path in tmp_path.rglob("statement-*") if not path.is_relative_to(out)]
    assert outside == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("locale: xx_YY", "statements.yaml:1: 'xx_YY' is no locale; write a language"),
        ("dispute_days: 0", "statements.yaml:3: 0 days leave nobody time; write 1 or more"),
        ("dispute_days: soon", "statements.yaml:3: "),
        ("contakt: x", "statements.yaml:4: "),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(company: Company, line: str, wrong: str):
    key = line.split(":")[0]
    kept = [old for old in POLICY.splitlines() if not old.startswith(key)]
    where = 0 if key == "locale" else len(kept)
    kept.insert(where, line)
    (company.folder / "policies/statements.yaml").write_text("\n".join(kept) + "\n")
    with pytest.raises(ParameterError) as error:
        told(company, "2026-01", "Ann")
    assert wrong in str(error.value)
