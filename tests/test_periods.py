"""A calendar covers each of its days once, in months, weeks or periods written out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from spmlib.core import engine, periods
from spmlib.core.errors import ParameterError


def calendar(tmp_path, text):
    path = tmp_path / "calendar.yaml"
    path.write_text(text, "utf-8")
    return engine.collected(periods.calendar(path)).rows(named=True)


def gapless(rows):
    return all(a["end_date"] == b["start_date"] for a, b in pairwise(rows))


def test_calendar_months(tmp_path):
    rows = calendar(tmp_path, "kind: months\nfrom: 2026-01-01\nuntil: 2028-01-01\n")
    assert len(rows) == 24
    assert gapless(rows)
    assert list(rows[13].values()) == [
        "2027-02",
        date(2027, 2, 1),
        date(2027, 3, 1),
        "2027-Q1",
        "2027-H1",
        "2027",
    ]


@pytest.mark.parametrize(("named", "year"), [("end", "2027"), ("start", "2026")])
def test_a_year_from_july(tmp_path, named, year):
    text = "kind: months\nfrom: 2026-07-01\nuntil: 2027-07-01\nfirst_month: 7\n"
    text += f"year_named_by: {named}\n"
    rows = calendar(tmp_path, text)
    assert {row["year"] for row in rows} == {year}
    assert [row["period"] for row in rows][5:7] == ["2026-12", "2027-01"]
    assert [row["quarter"][-2:] for row in rows] == [f"Q{n // 3 + 1}" for n in range(12)]
    assert [row["half"][-2:] for row in rows] == ["H1"] * 6 + ["H2"] * 6


def test_months_that_begin_on_the_26th_are_named_after_their_end(tmp_path):
    rows = calendar(tmp_path, "kind: months\nfrom: 2025-12-26\nuntil: 2026-12-26\nfirst_day: 26\n")
    assert rows[0]["period"] == "2026-01"
    assert {row["year"] for row in rows} == {"2026"}
    assert gapless(rows)


@pytest.mark.parametrize(
    ("kind", "weeks"), [("4-4-5", [4, 4, 5]), ("4-5-4", [4, 5, 4]), ("5-4-4", [5, 4, 4])]
)
def test_weeks(tmp_path, kind, weeks):
    text = f"kind: {kind}\nfrom: 2026-02-01\nuntil: 2028-02-06\nlong_years: [2027]\n"
    rows = calendar(tmp_path, text)
    lengths = [(row["end_date"] - row["start_date"]) // timedelta(weeks=1) for row in rows]
    assert lengths == [*weeks * 4, *weeks * 3, *weeks[:2], weeks[2] + 1]
    assert [row["period"] for row in rows][11:13] == ["2026-P12", "2027-P01"]
    assert rows[5]["quarter"] == "2026-Q2"
    assert gapless(rows)


def test_periods_written_out(tmp_path):
    text = (
        "kind: listed\nuntil: 2013-12-29\nperiods:\n"
        "  Q3: {start: 2013-06-30, quarter: Q3, half: H2, year: 2013}\n"
        "  Q4: {start: 2013-09-29, quarter: Q4, half: H2, year: 2013}\n"
    )
    rows = calendar(tmp_path, text)
    assert [row["end_date"] for row in rows] == [date(2013, 9, 29), date(2013, 12, 29)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from: 2026-01-01\n", "calendar.yaml:1: 'kind' is missing; add `kind:` with one of"),
        ("kind: lunar\n", "calendar.yaml:1: `kind: lunar` means nothing; write one of: months,"),
        ("kind: months\nfrom: 2026-01-01\n", "calendar.yaml:1: 'until' is missing"),
        ("kind: months\nuntil: 2026-01-01\n", "calendar.yaml:1: 'from' is missing"),
        (
            "kind: months\nfrom: 2026-01-01\nuntil: 2026-01-01\n",
            "calendar.yaml:3: `until` 2026-01-01 is not after `from` 2026-01-01; write the first",
        ),
        (
            "kind: months\nfrom: 2026-01-01\nuntil: 20260-01-01\n",
            "calendar.yaml:3: '20260-01-01' is not a day; write it as 2026-01-31",
        ),
        (
            "kind: months\nfrom: 1026-01-01\nuntil: 2026-01-01\n",
            "calendar.yaml:3: it lasts more than 200 years; correct the year",
        ),
        (
            "kind: months\nfrom: 2026-01-02\nuntil: 2027-01-01\n",
            "calendar.yaml:2: no month begins on 2026-01-02; write a day 1",
        ),
        (
            "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-02\n",
            "calendar.yaml:3: `until` 2027-01-02 lies inside a period; write 2027-01-01 or",
        ),
        (
            "kind: months\nfrom: 2026-01-29\nuntil: 2027-01-29\nfirst_day: 29\n",
            "calendar.yaml:4: first_day 29 is not possible; write 1 to 28",
        ),
        (
            "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\nfirst_month: 13\n",
            "calendar.yaml:4: first_month 13 is not possible; write 1 to 12",
        ),
        (
            "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\nlong_years: [2026]\n",
            "calendar.yaml:4: 'long_years' is not a word of a calendar of kind months",
        ),
        (
            "kind: 4-4-5\nfrom: 2026-02-01\nuntil: 2027-02-07\n",
            "calendar.yaml:3: `until` 2027-02-07 lies inside a period; write 2027-01-31 or",
        ),
        ("kind: listed\nuntil: 2026-01-01\n", "calendar.yaml:1: 'periods' is missing"),
        ("kind: listed\nuntil: 2026-01-01\nperiods: {}\n", "calendar.yaml:3: no period is listed"),
        (
            "kind: listed\nuntil: 2027-01-01\nperiods:\n"
            "  A: {start: 2026-01-01, year: 2026, half: H}\n",
            "calendar.yaml:4: 'quarter' is missing; add `quarter: ...`",
        ),
        (
            "kind: listed\nuntil: 2027-01-01\nperiods:\n"
            "  A: {start: 2026-02-01, year: 2026, half: H, quarter: Q}\n"
            "  B: {start: 2026-02-01, year: 2026, half: H, quarter: Q}\n",
            "calendar.yaml:5: B starts on 2026-02-01, A on 2026-02-01; put the periods in order",
        ),
        (
            "kind: listed\nuntil: 2026-02-01\nperiods:\n"
            "  A: {start: 2026-02-01, year: 2026, half: H, quarter: Q}\n",
            "calendar.yaml:2: `until` is 2026-02-01, and A starts on 2026-02-01; write the",
        ),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(tmp_path, text, message):
    with pytest.raises(ParameterError) as raised:
        calendar(tmp_path, text)
    assert str(raised.value).startswith(message)


def test_the_calendars_of_the_page_are_calendars(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "sources.md").read_text("utf-8")
    written = re.findall(r"```yaml\n(kind: .*?)```", page, re.DOTALL)
    assert len(written) == 3
    for text in written:
        assert gapless(calendar(tmp_path, text))
