"""A company read as sources.yaml says: rows in are rows used and rows refused, all of them."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmlib.core import engine, sources
from spmlib.core.tables import INPUTS

CALENDAR = "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\n"
HEAD = "transaction_id,event_date,owner_id,currency,amount\n"
PAYEES = "payee_id,name,currency,hire_date\nE1,Ada,USD,2020-01-01\nE2,Bo,USD,2020-01-01\n"


def company(folder: Path, text: str, calendar: str = CALENDAR, **files: str):
    """A company of CSV files, named without their ending."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    (folder / "calendar.yaml").write_text(calendar, "utf-8")
    path = folder / "sources.yaml"
    path.write_text(text, "utf-8")
    return sources.read(path)


def rows(table, *columns: str) -> list[tuple]:
    frame = engine.collected(table)
    return frame.select(columns or frame.columns).rows()


def counted(made) -> bool:
    """Whether every row of every source is used or refused, and each refused one is named."""
    reads = engine.collected(made.reads)
    return bool((reads["rows_in"] == reads["rows_used"] + reads["rows_refused"]).all())


# --- shapes


def test_files_are_stacked(tmp_path):
    text = (
        "transactions:\n  - {file: may.csv, extra: {region: Region}}\n"
        "  - file: june.csv\n    columns: {amount: Betrag}\n    constants: {currency: EUR}\n"
        "  - {file: july.csv}\n"
    )
    may = "transaction_id,event_date,currency,amount,Region\nT1,2026-05-01,USD,1,North\n"
    june = "transaction_id;event_date;Betrag\nT2;01.06.2026;2,5\nT3;01.06.2026;x,5\n"
    made = company(tmp_path, text, may=may, june=june)
    used = rows(made.transactions, "transaction_id", "event_date", "amount", "region")
    assert used == [("T1", date(2026, 5, 1), 10000, "North"), ("T2", date(2026, 6, 1), 25000, None)]
    issues = rows(made.issues, "place", "what")
    assert issues[:2] == [
        ("sources.yaml:6", "july.csv: there is no such file"),
        ("june.csv:3", "amount 'x,5' is no number"),
    ]
    assert rows(made.reads) == [
        ("transactions", "may.csv", 1, 1, 0, 0),
        ("transactions", "june.csv", 2, 1, 1, 0),
        ("transactions", "july.csv", 0, 0, 0, 0),
    ]


def test_joins_filters_values_and_words_for_nothing(tmp_path):
    text = """
payees:
  file: people.csv
  join:
    - {file: pay.csv, on: {Id: Who}}
    - {file: sites.csv, on: {Site: Code, Land: Land}}
  where: {Team: [Sales, Partner], Left: ""}
  columns: {payee_id: Id, name: [First, Last], currency: Pay, hire_date: Start, email: Mail}
  values: {currency: {"": USD, $: USD, €: EUR}}
  missing: ["", "NULL", "-"]
  extra: {site: Town, grade: Grade}
"""
    people = (
        "Id,First,Last,Team,Site,Land,Start,Mail,Left\n1,Ada,NULL,Sales,A,DE,2020-01-01,-,\n"
        "2,Bo,NA,Partner,A,FR,2020-01-01,bo@x,\n3,Cy,Ng,Legal,A,DE,2020-01-01,,\n"
        "4,Di,Ek,Sales,B,DE,2020-01-01,,x\n"
    )
    made = company(
        tmp_path,
        text,
        people=people,
        pay="Who,Pay,Grade,Mail\n2,€,07,other\n9,$,08,other\n",
        sites="Code,Land,Town\nA,DE,Köln\nA,FR,Lyon\n",
    )
    assert rows(made.payees) == [
        ("1", "Ada NULL", None, "USD", date(2020, 1, 1), None, None, None, None, "Köln", None),
        ("2", "Bo NA", "bo@x", "EUR", date(2020, 1, 1), None, None, None, None, "Lyon", "07"),
    ]
    assert rows(made.reads)[0][2:] == (2, 2, 0, 2)


def test_what_is_the_last_day_and_what_is_for_ever(tmp_path):
    text = "payees: {file: p.csv}\npositions: {file: q.csv, ends: last_day}\n"
    made = company(
        tmp_path,
        text,
        p=PAYEES,
        q="payee_id,start_date,end_date,role,team\nE1,2026-01-01,2026-05-31,a,sales\n"
        "E1,2026-06-01,9999-12-31,b,sales\nE2,2026-01-01,,b,sales\n",
    )
    ends = [row[0] for row in rows(made.positions, "end_date")]
    assert ends == [date(2026, 6, 1), date(9999, 12, 31), None]
    assert rows(made.positions, "status", "base_pay") == [("active", None)] * 3


@pytest.mark.parametrize("percent", ["", ", percent: [share]"])
def test_percent_without_a_sign_has_to_be_said(tmp_path, percent):
    text = f"transactions: {{file: t.csv}}\nsplits: {{file: s.csv{percent}}}\n"
    text += "payees: {file: p.csv}\n"
    splits = "transaction_id,payee_id,share\nT1,E1,60\nT1,E2,40%\n"
    made = company(tmp_path, text, p=PAYEES, t=f"{HEAD}T1,2026-01-05,E1,USD,1\n", s=splits)
    shares = [row[0] for row in rows(made.splits, "share")]
    assert shares == ([60_000_000, 40_000_000] if percent else [40_000_000])


def test_rounding_has_to_be_allowed(tmp_path):
    transactions = f"{HEAD}T1,2026-01-05,,USD,1.00005\n"
    made = company(tmp_path, "transactions: {file: t.csv}\n", t=transactions)
    assert rows(made.transactions) == []
    made = company(tmp_path, "transactions: {file: t.csv, round: {amount: 4}}\n", t=transactions)
    assert rows(made.transactions, "amount") == [(10001,)]
    made = company(tmp_path, "transactions: {file: t.csv, round: {amount: 2}}\n", t=transactions)
    assert rows(made.transactions, "amount") == [(10000,)]


def test_quotas_hold_until_the_next_one_or_the_calendars_end(tmp_path):
    text = "payees: {file: p.csv}\nquotas: {file: q.csv}\n"
    quotas = (
        "payee_id,measure,start_date,amount\nE1,a,2026-04-01,2\nE1,a,2026-01-01,1\n"
        "E1,b,2026-02-01,3\nE2,a,2026-04-01,x\nE2,a,2026-05-01,5\n"
    )
    made = company(tmp_path, text, p=PAYEES, q=quotas)
    assert rows(made.quotas, "payee_id", "measure", "end_date") == [
        ("E1", "a", date(2027, 1, 1)),
        ("E1", "a", date(2026, 4, 1)),
        ("E1", "b", date(2027, 1, 1)),
        ("E2", "a", date(2027, 1, 1)),
    ]
    (tmp_path / "calendar.yaml").unlink()
    made = sources.read(tmp_path / "sources.yaml")
    assert rows(made.quotas, "payee_id", "measure") == [("E1", "a")]
    assert "end_date is empty, and neither a later quota nor the calendar ends it" in {
        what for (what,) in rows(made.issues, "what")
    }


def test_without_a_calendar_the_months_of_the_years_booked_in_are_taken(tmp_path):
    text = "payees: {file: p.csv}\ntransactions: {file: t.csv}\nquotas: {file: q.csv}\n"
    booked = (
        "transaction_id,event_date,owner_id,currency,amount\n"
        "T1,2025-11-30,E1,USD,1\nT2,2026-02-01,E1,USD,1\n"
    )
    quotas = "payee_id,measure,start_date,amount\nE1,a,2026-01-01,1\n"
    company(tmp_path, text, p=PAYEES, t=booked, q=quotas)
    (tmp_path / "calendar.yaml").unlink()
    made = sources.read(tmp_path / "sources.yaml")
    periods = rows(made.calendar, "period", "end_date")
    assert (periods[0], periods[-1]) == (
        ("2025-01", date(2025, 2, 1)),
        ("2026-12", date(2027, 1, 1)),
    )
    assert rows(made.quotas, "end_date") == [(date(2027, 1, 1),)]
    assert rows(made.issues, "effect", "what", "remedy") == [
        (
            "noted",
            "there is no calendar.yaml; the calendar months of 2025 to 2026 are taken",
            "write calendar.yaml beside sources.yaml with "
            "kind: months, from: 2025-01-01, until: 2027-01-01",
        )
    ]


def test_without_a_calendar_and_bookings_nothing_can_be_computed(tmp_path):
    company(tmp_path, "payees: {file: p.csv}\n", p=PAYEES)
    (tmp_path / "calendar.yaml").unlink()
    made = sources.read(tmp_path / "sources.yaml")
    assert [effect for (effect,) in rows(made.issues, "effect")] == ["refused"]


def test_a_calendar_of_sources_wins(tmp_path):
    text = "calendar: {file: c.csv, columns: {year: quarter}}\n"
    periods = "period,start_date,end_date,quarter,half\nP1,2026-01-01,2026-01-29,Q1,H1\n"
    made = company(tmp_path, text, calendar="kind: nonsense\n", c=periods)
    assert rows(made.calendar) == [("P1", date(2026, 1, 1), date(2026, 1, 29), "Q1", "H1", "Q1")]


def test_tables_that_are_not_named_are_empty(tmp_path):
    made = company(tmp_path, "payees: {file: p.csv}\n", p=PAYEES)
    for name, definition in INPUTS.items():
        frame = engine.collected(getattr(made, name))
        assert frame.columns == list(definition.columns())
        kinds = engine.collected(engine.empty(definition)).schema
        assert frame.schema == kinds
        assert len(frame) == {"payees": 2, "calendar": 12}.get(name, 0)


def test_the_order_of_rows_changes_nothing(tmp_path):
    lines = [f"T{n % 37},2026-01-{n % 28 + 1:02},E{n % 3},USD,{n % 5}" for n in range(200)]
    text = "payees: {file: p.csv}\ntransactions: {file: t.csv}\n"
    seen = set()
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        made = company(tmp_path, text, p=PAYEES, t=HEAD + "\n".join(lines) + "\n")
        assert counted(made)
        seen.add(tuple(sorted(rows(made.transactions, "transaction_id", "event_date", "amount"))))
    assert len(seen) == 1


# --- nothing is lost

key = st.sampled_from(["T1", "T2", "T3", "007", "7", "NA", "", " T1 ", "1.5E+12"])
day = st.sampled_from(["2026-01-05", "2026-12-31", "2027-01-01", "", "2026-02-30", "x"])
owner = st.sampled_from(["E1", "E2", "E9", ""])
currency = st.sampled_from(["USD", "usd", "JPY", ""])
amount = st.one_of(
    st.decimals(-(10**15), 10**15, allow_nan=False, places=5).map(str),
    st.sampled_from(["1.5", "-2", "(3.25)", "x", "", "1e3", "12,5", "0.00004", "9" * 30]),
)
ragged = st.lists(st.sampled_from(["1", "", '"', '"x']), max_size=7).map(tuple)
line = st.one_of(st.tuples(key, day, owner, currency, amount), ragged)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(line, max_size=12), st.lists(line, max_size=4))
def test_rows_in_are_rows_used_and_rows_refused(first, second):
    text = (
        "payees: {file: p.csv}\ntransactions:\n  - {file: a.csv, decimal: '.'}\n"
        "  - {file: b.csv, decimal: '.'}\nsplits: {file: s.csv}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = company(
            Path(folder),
            text,
            p=PAYEES,
            a=HEAD + "".join(",".join(cells) + "\n" for cells in first),
            b=HEAD + "".join(",".join(cells) + "\n" for cells in second),
            s="transaction_id,payee_id,share\nT1,E2,50%\nT2,E2,50%\nT9,E2,50%\n",
        )
    assert counted(made)
    used = engine.collected(made.transactions)
    assert used["transaction_id"].is_unique().all()
    refused = engine.collected(made.issues).filter(pl.col("effect") == "refused")
    reads = engine.collected(made.reads).filter(pl.col("table") == "transactions")
    named = refused.filter(pl.col("table") == "transactions", pl.col("place").str.contains(".csv:"))
    if not any("quotation" in what for what in refused["what"]):
        assert named["place"].n_unique() == reads["rows_refused"].sum()
    written = {_exact(cells[4]) for cells in (*first, *second) if len(cells) == 5}
    assert {Decimal(ticks) / 10**4 for ticks in used["amount"]} <= written


def _exact(text: str) -> Decimal | None:
    try:
        bare = text.strip("()")
        return -Decimal(bare) if bare != text else Decimal(text)
    except InvalidOperation:
        return None
