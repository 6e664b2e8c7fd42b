"""SQL finds what pandas finds, to the last decimal; it sees tables only, and changes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench.opened import Workbench


def test_products_of_amounts_and_shares_are_exact(small: Workbench):
    found = small.sql("select amount * 0.1 as a, amount * amount as b from transactions")
    assert found["a"].to_list() == [100, 50, 200, 400]
    assert found["b"].to_list() == [10**6, 250_000, 4 * 10**6, 16 * 10**6]


def test_values_come_in_by_name(small: Workbench):
    query = "select count(*) as n from payees where name = $who"
    assert small.sql(query, who="Ann")["n"][0] == 1
    assert small.sql(query, who="' or 1=1 --")["n"][0] == 0


def test_every_way_to_name_a_table_reaches_it(small: Workbench):
    for source in ("PAYOUTS", '"payouts"', "main.payouts", "query_table('payouts')"):
        assert small.sql(f"select sum(amount) as s from {source}")["s"][0] == Decimal(900)
    wide = small.sql("pivot payouts on payee_id using sum(amount) group by currency")
    assert wide.loc[0].to_dict() == {"currency": "USD", "Ann": 300, "Ben": 600}
    assert small.sql("show tables")["name"].to_list() == list(small.tables)
    assert "DECIMAL(19,4)" in small.sql("describe payouts")["column_type"].to_list()
    assert small.sql("with p as (from payouts) select count(*) as n from p")["n"][0] > 0


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("select amuont from payouts", "no column 'amuont'; write 'amount' \\(one of: payee_id"),
        ("select p.amuont from payouts p", "no column 'amuont'; write 'amount'"),
        ("select * from payoutz", "no table 'payoutz'; write 'payouts' \\(company.tables"),
        ("select * from forecasts", "no table 'forecasts' here: an analysis makes it"),
        ("select * from nowhere.payouts", 'schema "nowhere" does not exist'),
        ("select sume(amount) from payouts", 'sume does not exist! Did you mean "sum"'),
        ("selec 1", "syntax error at or near"),
        ("", "there is no statement; write one"),
        ("select 1; select 2", "there are 2 statements; write one"),
        ("select * from payouts where plan = $plan", "Values were not provided"),
        ("select 1e30::decimal(38, 0) * 1e30::decimal(38, 0)", "Overflow"),
        ("select cast(plan as integer) from payouts", "Could not convert string 'seller'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(small: Workbench, query: str, says: str):
    with pytest.raises(ParameterError, match=f"^sql: .*{says}") as told:
        small.sql(query)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from '{file}'",
        "select * from glob('{folder}/*')",
        "select * from sniff_csv('{file}')",
        "select * from read_parquet('https://example.org/a.parquet')",
        "select * from parquet_metadata('{file}')",
        "copy payouts to '{folder}/made.csv'",
        "copy (select 1) to '{folder}/made.csv'",
        "export database '{folder}/made'",
        "import database '{folder}'",
        "attach '{folder}/made.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma enable_profiling",
        "create table made as select 1",
        "drop table payouts",
        "update payouts set amount = 0",
        "delete from payouts",
        "insert into payouts select * from payouts",
        "call pragma_version()",
        "begin",
        "select * from local",
        "select * from duckdb_secrets()",
    ],
)
def test_it_opens_no_file_and_writes_nothing(small: Workbench, tmp_path: Path, query: str):
    local = pd.DataFrame({"a": [1]})
    file = tmp_path / "secret.csv"
    file.write_text("word\nsecret\n")
    paid = "select sum(amount) as s from payouts"
    before = small.sql(paid)["s"][0]
    there = sorted(tmp_path.rglob("*"))
    with pytest.raises(ParameterError, match=r"^sql: "):
        small.sql(query.format(file=file, folder=tmp_path))
    assert sorted(tmp_path.rglob("*")) == there
    assert small.sql(paid)["s"][0] == before
    assert len(local) == 1


def test_what_a_select_deletes_is_there_again(small: Workbench):
    small.sql("select count(*) from payouts")
    gone = "with gone as (delete from payouts returning *) select sum(amount) as s from gone"
    for _ in range(2):
        assert small.sql(gone)["s"][0] == Decimal(900)
    assert small.sql("select sum(amount) as s from payouts")["s"][0] == Decimal(900)
