"""SQL finds what pandas finds, to the last decimal; it sees tables only, and changes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.tables import INPUTS, RESULTS, SCALE
from spmlib.workbench.opened import Workbench
from tests.workbench.test_closes import Company


@pytest.mark.parametrize("name", ["payouts", "transactions", "quotas", "payroll"])
def test_sums_are_those_of_pandas_to_the_last_decimal(halden: Workbench, name: str):
    columns = (INPUTS | RESULTS)[name].columns()
    frame = halden.tables[name]
    exact = [n for n, c in columns.items() if c.kind in SCALE and n in frame.columns]
    sums = ", ".join(f"sum({n}) as {n}" for n in exact)
    found = halden.sql(f"select {sums}, count(*) as rows from {name}").iloc[0]
    assert found["rows"] == len(frame) > 0
    for column in exact:
        there = frame[column].dropna()
        assert found[column] == (sum(there, Decimal(0)) if len(there) else pd.NA) or there.empty


def test_groups_are_those_of_pandas(halden: Workbench):
    query = "select period, currency, sum(amount) as s from payouts group by all order by all"
    found = halden.sql(query).set_index(["period", "currency"])["s"]
    expected = halden.payouts.groupby(["period", "currency"])["amount"].sum()
    assert found.to_dict() == expected.to_dict()
    assert len(found) > 100


def test_rows_come_back_as_they_went_in(halden: Workbench):
    for name in ("payouts", "payees", "calendar"):
        frame = halden.tables[name]
        again = halden.sql(f"select * from {name}")
        assert (
            again.astype(object)
            .where(again.notna(), None)
            .equals(frame.astype(object).where(frame.notna(), None))
        )


def test_products_of_amounts_and_shares_are_exact(company: Company):
    found = company.bench.sql("select amount * 0.1 as a, amount * amount as b from transactions")
    assert found["a"].to_list() == [100, 50, 200, 400]
    assert found["b"].to_list() == [10**6, 250_000, 4 * 10**6, 16 * 10**6]


def test_values_come_in_by_name(company: Company):
    query = "select count(*) as n from payees where name = $who"
    assert company.bench.sql(query, who="Ann")["n"][0] == 1
    assert company.bench.sql(query, who="' or 1=1 --")["n"][0] == 0


def test_every_way_to_name_a_table_reaches_it(company: Company):
    bench = company.bench
    for source in ("PAYOUTS", '"payouts"', "main.payouts", "query_table('payouts')"):
        assert bench.sql(f"select sum(amount) as s from {source}")["s"][0] == Decimal(900)
    wide = bench.sql("pivot payouts on payee_id using sum(amount) group by currency")
    assert wide.loc[0].to_dict() == {"currency": "USD", "Ann": 300, "Ben": 600}
    assert bench.sql("show tables")["name"].to_list() == list(bench.tables)
    assert "DECIMAL(19,4)" in bench.sql("describe payouts")["column_type"].to_list()
    assert bench.sql("with p as (from payouts) select count(*) as n from p")["n"][0] > 0


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
        ("select amount * amount * amount * 1000000000 from transactions", "Overflow"),
        ("select cast(plan as integer) from payouts", "Could not convert string 'seller'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(company: Company, query: str, says: str):
    with pytest.raises(ParameterError, match=f"^sql: .*{says}") as told:
        company.bench.sql(query)
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
def test_it_opens_no_file_and_writes_nothing(company: Company, tmp_path: Path, query: str):
    local = pd.DataFrame({"a": [1]})
    file = tmp_path / "secret.csv"
    file.write_text("word\nsecret\n")
    bench = company.bench
    paid = "select sum(amount) as s from payouts"
    before = bench.sql(paid)["s"][0]
    there = sorted(tmp_path.rglob("*"))
    with pytest.raises(ParameterError, match=r"^sql: "):
        bench.sql(query.format(file=file, folder=tmp_path))
    assert sorted(tmp_path.rglob("*")) == there
    assert bench.sql(paid)["s"][0] == before
    assert len(local) == 1


def test_what_a_select_deletes_is_there_again(company: Company):
    bench = company.bench
    bench.sql("select count(*) from payouts")
    gone = "with gone as (delete from payouts returning *) select sum(amount) as s from gone"
    for _ in range(2):
        assert bench.sql(gone)["s"][0] == Decimal(900)
    assert bench.sql("select sum(amount) as s from payouts")["s"][0] == Decimal(900)
