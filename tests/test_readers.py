"""Each kind of source gives the same rows, whatever it is written in."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core import engine, sources
from spmlib.core.reading import delimited, encodings
from spmlib.core.reading.issues import LINE, Unsettled

HEAD = "transaction_id,event_date,currency,amount"
ROWS = [
    ("007", date(2026, 1, 31), "EUR", 12345678),
    ("NA", date(2026, 2, 1), "JPY", -10000),
    ("12345678901234567890", date(2026, 2, 13), "USD", 1),
]
CSV = f"""{HEAD}
007,2026-01-31,EUR,1234.5678
NA,2026-02-01,JPY,-1
12345678901234567890,2026-02-13,USD,0.0001
"""
CALENDAR = "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\n"


def company(folder: Path, text: str):
    (folder / "calendar.yaml").write_text(CALENDAR, "utf-8")
    path = folder / "sources.yaml"
    path.write_text(text, "utf-8")
    return sources.read(path)


def transactions(folder: Path, origin: str):
    """The transactions of a source, and what was said about them."""
    made = company(folder, f"transactions: {{{origin}}}\n")
    rows = engine.collected(made.transactions)
    issues = engine.collected(made.issues)
    return rows.select(HEAD.split(",")).rows(), issues.rows(named=True)


# --- delimited text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end(tmp_path, encoding, ends):
    text = CSV.replace("007", "Grün-€").replace("\n", ends)
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    assert transactions(tmp_path, "file: t.csv") == ([("Grün-€", *ROWS[0][1:]), *ROWS[1:]], [])


def test_western_europe_is_guessed_and_said(tmp_path):
    (tmp_path / "t.csv").write_bytes(CSV.replace("007", "Grün").encode("cp1252"))
    rows, issues = transactions(tmp_path, "file: t.csv")
    assert rows[0][0] == "Grün"
    assert [(each["effect"], each["what"], each["remedy"]) for each in issues] == [
        (
            "noted",
            "t.csv: it is no UTF-8 and is read as cp1252 (Western Europe); "
            "line 2: 'Grün,2026-01-31,EUR,1234.5678'",
            "write `encoding: cp1252` to confirm it, or the right one",
        )
    ]
    assert transactions(tmp_path, "file: t.csv, encoding: cp1252") == (rows, [])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator(tmp_path, separator):
    (tmp_path / "t.csv").write_text(CSV.replace(",", separator), "utf-8")
    assert transactions(tmp_path, "file: t.csv") == (ROWS, [])
    said = {"\t": "tab"}.get(separator, separator)
    assert transactions(tmp_path, f'file: t.csv, separator: "{said}"') == (ROWS, [])


def test_german_numbers_and_days(tmp_path):
    german = (
        "\ufefftransaction_id;event_date;currency;amount\r\n"
        "007;31.01.2026 08:26;EUR;1.234,5678\r\nNA;01.02.2026;JPY;-1\r\n"
        "12345678901234567890;13.02.2026;USD;0,0001\r\n"
    )
    (tmp_path / "t.csv").write_text(german, "utf-8", newline="")
    assert transactions(tmp_path, "file: t.csv") == (ROWS, [])


def test_compressed(tmp_path):
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    assert transactions(tmp_path, "file: t.csv.gz") == (ROWS, [])


def test_excel_says_its_separator(tmp_path):
    text = CSV.replace(",", "^")
    (tmp_path / "t.csv").write_text(f"sep=^\n{text}", "utf-8")
    assert transactions(tmp_path, "file: t.csv") == (ROWS, [])


def test_a_header_further_down(tmp_path):
    (tmp_path / "t.csv").write_text(f"Bookings\n\nas of today\n{CSV}", "utf-8")
    assert transactions(tmp_path, "file: t.csv, header: 4") == (ROWS, [])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2", [("1", "2", 2)]),
        ("\n\na,b\n1,2\n\n\n3,4\n", [("1", "2", 4), ("3", "4", 7)]),
        ('a,b\n"x\ny",2\n3,4\n', [("x\ny", "2", 2), ("3", "4", 4)]),
        ('a,b\n"x,y","he said ""no"""\n3,4\n', [("x,y", 'he said "no"', 2), ("3", "4", 3)]),
        (
            'a,b\n5" pipe,2\n"x\ny", "z"\n3,4\n',
            [('5" pipe', "2", 2), ("x\ny", "z", 3), ("3", "4", 5)],
        ),
        ('"a",b\n" 1 ",\t2\n,\n" ",""\n3,\n', [("1", "2", 2), ("3", None, 5)]),
        ('b,a,c\n"1\n1",2,3\n4,5,6\n', [("1\n1", "2", 2), ("4", "5", 4)]),
        ("a,b\n", []),
        ("a,b", []),
        ("c,d\n1,2\n", [("1", 2)]),
    ],
)
def test_rows_know_the_line_they_begin_on(text, rows):
    frame = delimited.raw(text, ("a", "b")).frame
    assert frame.select(pl.all().exclude(LINE), LINE).rows() == rows


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1\n1,2\n1,2,3\n", ["2: the line has 1 cells", "4: the line has 3 cells"]),
        ('a,b\n"x\ny",2,3\n1\n', ["2: the line has 3 cells", "4: the line has 1 cells"]),
        ('a,b\n5" p,2,3\n"x\ny"\n1,2\n', ["2: the line has 3", "3: the row up to line 4 has 1"]),
    ],
)
def test_misshapen_rows_are_said(text, lines):
    misshapen = delimited.raw(text, ("a", "b")).misshapen
    assert len(misshapen) == len(lines)
    for each, said in zip(misshapen, lines, strict=True):
        assert f"{each.line}: {each.what}".startswith(said)


def test_no_text_is_refused():
    for content in (b"\x00\x01\x02\n", "a\0b".encode("utf-16-le")[:-1]):
        with pytest.raises(Unsettled, match="it is no text"):
            encodings.text(content)
    with pytest.raises(Unsettled, match="line 2 is neither UTF-8 nor cp1252"):
        encodings.text(b"a\nb\x81")


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6).filter(
    lambda text: text == text.strip()
)


@given(st.lists(st.tuples(cell, cell.filter(bool)), max_size=8), st.sampled_from(",;|"))
def test_what_a_csv_writer_writes_is_read_back(rows, separator):
    import csv
    import io

    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator, lineterminator="\n")
    writer.writerows([("a", "b"), *rows])
    raw = delimited.raw(made.getvalue(), ("a", "b"), separator)
    kept = [row for row in rows if any(text.strip(' \t\n"' + separator) for text in row)]
    read = [(a or "", b or "") for a, b, _ in raw.frame.rows()]
    assert [row for row in read if row in kept] == kept
    text = made.getvalue().split("\n")
    for a, b, line in raw.frame.rows():
        assert (a or b).split("\n")[0].replace('"', "") in text[line - 1].replace('"', "")


# --- Excel


def workbook(path: Path, sheets: dict[str, list[list]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_excel(tmp_path):
    rows = [
        HEAD.split(","),
        ["007", date(2026, 1, 31), "EUR", 1234.5678],
        [],
        ["NA", datetime(2026, 2, 1, 23, 59), "JPY", -1],
        ["12345678901234567890", "2026-02-13", "USD", 0.0001],
    ]
    workbook(tmp_path / "t.xlsx", {"Deals": rows})
    assert transactions(tmp_path, "file: t.xlsx") == (ROWS, [])


def test_excel_numbers_have_fifteen_digits(tmp_path):
    rows = [HEAD.split(","), [1, date(2026, 1, 1), "EUR", 0.1 + 0.2], [2, 46023, "EUR", 1e-5]]
    rows += [[1234567890123456789, date(2026, 1, 1), "EUR", True], ["=1/0", None, "#N/A", 5]]
    workbook(tmp_path / "t.xlsx", {"A": [[]], "Deals": [["Bookings"], *rows]})
    used, issues = transactions(tmp_path, "file: t.xlsx, sheet: Deals, header: 2")
    assert used == [("1", date(2026, 1, 1), "EUR", 3000)]
    assert {(each["place"][-5:], each["what"]) for each in issues} == {
        ("row 4", "event_date '46023' is read as Excel's count of days since 1899-12-30"),
        ("row 4", "amount '0.00001' has more than 4 decimals"),
        ("row 5", "transaction_id '1.23456789012346E+18' has lost digits in a spreadsheet"),
        ("row 5", "amount 'true' is no number"),
        ("row 6", "currency is the spreadsheet's error #N/A"),
        ("row 6", "transaction_id is empty"),
        ("row 6", "event_date is empty"),
    }
    assert issues[0]["place"] == "t.xlsx, sheet Deals, row 4"


@pytest.mark.parametrize(
    ("origin", "what"),
    [
        ("file: t.xlsx", "t.xlsx: the workbook has several sheets; write `sheet:` A or B"),
        ("file: t.xlsx, sheet: C", "t.xlsx, sheet C: there is no sheet 'C'; write one of: A, B"),
        (
            "file: t.xlsx, sheet: B",
            "t.xlsx, sheet B: the sheet is empty; export it again, with a row of column names",
        ),
        (
            "file: t.xlsx, sheet: A",
            "t.xlsx, sheet A: the column 'amount' stands in it twice; rename one of them",
        ),
    ],
)
def test_excel_that_cannot_be_read(tmp_path, origin, what):
    workbook(tmp_path / "t.xlsx", {"A": [["amount", "amount"], [1, 2]], "B": []})
    rows, issues = transactions(tmp_path, origin)
    assert rows == []
    assert [f"{each['what']}; {each['remedy']}" for each in issues] == [what]


# --- typed sources


def typed() -> pl.DataFrame:
    names = HEAD.split(",")
    amounts = [Decimal("1234.5678"), Decimal("-1"), Decimal("0.0001")]
    columns = [[row[n] for row in ROWS] for n in range(3)]
    frame = pl.DataFrame(dict(zip(names, [*columns, amounts], strict=True)))
    return frame.cast({"amount": pl.Decimal(18, 4), "currency": pl.Categorical})


def test_parquet(tmp_path):
    typed().write_parquet(tmp_path / "t.parquet")
    assert transactions(tmp_path, "file: t.parquet") == (ROWS, [])


def test_floats_are_noted_once(tmp_path):
    floats = typed().with_columns(pl.col("amount").cast(pl.Float64))
    floats.write_parquet(tmp_path / "t.parquet")
    rows, issues = transactions(tmp_path, "file: t.parquet")
    assert rows == ROWS
    assert [(each["effect"], each["place"], each["what"]) for each in issues] == [
        (
            "noted",
            "t.parquet, row 1",
            "amount: the source holds binary floats; "
            "each is read as the shortest decimal that names it",
        )
    ]


def test_ids_that_became_numbers_are_whole(tmp_path):
    ids = typed().with_columns(transaction_id=pl.Series([17850.0, 2.0, 3.0]))
    ids.write_parquet(tmp_path / "t.parquet")
    rows, _ = transactions(tmp_path, "file: t.parquet")
    assert [row[0] for row in rows] == ["17850", "2", "3"]


@pytest.mark.parametrize("cells", [[[1]] * 3, [{"a": 1}] * 3, [b"1"] * 3, [timedelta(1)] * 3])
def test_columns_that_hold_no_cells_are_refused(tmp_path, cells):
    odd = pl.Series(cells)
    typed().with_columns(amount=odd, other=odd).write_parquet(tmp_path / "t.parquet")
    rows, issues = transactions(tmp_path, "file: t.parquet")
    assert rows == []
    assert issues[0]["what"] == f"t.parquet: the column 'amount' holds {odd.dtype}"


def test_numbers_that_are_something_else_are_refused(tmp_path):
    typed().with_columns(amount=pl.Series([True, False, True])).write_parquet(
        tmp_path / "t.parquet"
    )
    rows, issues = transactions(tmp_path, "file: t.parquet")
    assert rows == []
    assert issues[0]["what"] == "t.parquet: amount: the column holds Boolean"


def test_duckdb(tmp_path):
    import duckdb

    frame = typed()  # noqa: F841  # DuckDB finds it by its name
    with duckdb.connect(str(tmp_path / "company.duckdb")) as connection:
        connection.execute("create table deals as select * from frame")
    query = "sql: select * from deals order by event_date;, database: company.duckdb"
    assert transactions(tmp_path, query) == (ROWS, [])
    rows, issues = transactions(tmp_path, "sql: select * from dealz, database: company.duckdb")
    assert rows == []
    assert "the database says: Catalog Error: Table with name dealz does not" in issues[0]["what"]


def test_a_server_that_is_not_there(tmp_path):
    address = "postgresql://ada:secret@127.0.0.1:1/company"
    rows, issues = transactions(tmp_path, f'sql: select 1, database: "{address}"')
    assert rows == []
    assert [each["effect"] for each in issues] == ["noted", "refused"]
    assert issues[0]["what"] == "a password is written in sources.yaml"
    assert "${COMPANY_DATABASE}" in issues[0]["remedy"]
    assert "the database says: connection" in issues[1]["what"]
    assert not any("secret" in cell for each in issues for cell in each.values() if cell)


# --- PostgreSQL


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server of its own, on a free port of this machine, stopped afterwards."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    binaries = found[-1] if found else Path(str(shutil.which("postgres"))).parent
    with tempfile.TemporaryDirectory(prefix="spmlib") as made:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if as_user:
            shutil.chown(made, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data, log = f"{made}/data", f"{made}/log"
        control = [*as_user, str(binaries / "pg_ctl"), "-D", data, "-w", "-l", log]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {made} -c fsync=off"

        def run(*command: str) -> None:
            subprocess.run(command, check=True, cwd=made, stdout=subprocess.DEVNULL)

        run(
            *as_user, str(binaries / "initdb"), "-D", data, "-U", "ada", "-A", "trust", "-E", "UTF8"
        )
        run(*control, "-o", settings, "start")
        try:
            yield f"postgresql://ada@127.0.0.1:{port}/postgres"
        finally:
            run(*control, "-m", "immediate", "stop")


TABLE = """
    create table deals (id text, day date, currency char(5), amount numeric, at timestamptz,
                        approximate double precision, won boolean, note text);
    insert into deals values
      ('007', '2026-01-31', 'EUR', 1234.5678, '2026-01-31 23:30-05', 0.1, true, 'a "quoted"
line, with a comma'),
      ('NA', '2026-02-01', 'JPY', -1, '2026-02-01 00:00+00', 0.2, true, ''),
      ('12345678901234567890', '2026-02-13', 'USD', 0.0001, '2026-02-13 12:00+00', 0.3, true, null),
      ('lost', '2026-02-13', 'USD', 1.00001, '2026-02-13 12:00+00', 0.3, false, null)
"""
QUERY = "select * from deals order by day -- all of them"


@pytest.mark.system("postgresql")
def test_postgresql(tmp_path, server, monkeypatch):
    import psycopg

    with psycopg.connect(server) as connection:
        connection.execute("drop table if exists deals")
        connection.execute(TABLE)
    monkeypatch.setenv("COMPANY_DATABASE", server)
    text = (
        "database: ${COMPANY_DATABASE}\n"
        f"transactions:\n  sql: {QUERY}\n"
        "  columns: {transaction_id: id, event_date: day, recorded_date: at,"
        " quantity: approximate}\n"
        "  extra: {note: note}\n"
    )
    made = company(tmp_path, text)
    rows = engine.collected(made.transactions)
    assert rows.select(HEAD.split(",")).rows() == ROWS
    assert rows["recorded_date"].to_list()[0] == date(2026, 2, 1)
    assert rows["note"].to_list() == ['a "quoted"\nline, with a comma', None, None]
    said = engine.collected(made.issues)
    assert said["place"].to_list()[-1] == "query of sources.yaml:2, row 4"
    assert said["what"].to_list() == [
        "query of sources.yaml:2: approximate: binary floats, read as the shortest decimal of each",
        "query of sources.yaml:2: at: times with a zone, whose day is taken in UTC",
        "amount '1.00001' has more than 4 decimals",
    ]
    made = company(tmp_path, f"{text}  where: {{won: 'true'}}\n")
    assert engine.collected(made.reads).rows()[0][2:] == (3, 3, 0, 1)


@pytest.mark.system("postgresql")
def test_postgresql_is_only_read(tmp_path, server):
    query = "with gone as (delete from deals returning *) select * from gone"
    rows, issues = transactions(tmp_path, f'sql: {query}, database: "{server}"')
    assert rows == []
    assert "the database says" in issues[0]["what"]
