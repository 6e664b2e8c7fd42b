"""Real orders: what a wholesaler booked twice is found, and a bicycle maker's orders are no copies.

Online Retail (UCI; D. Chen 2015; CC BY 4.0): 541,909 lines, of which 5,268 repeat another in all
columns. AdventureWorks (Microsoft; MIT): 60,855 lines of resellers' orders.
"""

from __future__ import annotations

import polars as pl

from spmlib.incent.audit.duplicates import pairs
from tests.audit.ledgers import policy
from tests.shared import REAL, needs

TERMS = policy().duplicates


def lines(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Lines as transactions, numbered."""
    rows = frame.with_row_index("line").with_columns(
        transaction_id=pl.concat_str(pl.lit("L"), "line"), kind=pl.lit("new"), **columns
    )
    return rows.with_columns(quantity=pl.col("quantity") * 10_000, deal_id=pl.lit(None, pl.String))


@needs("uci_online_retail")
def test_lines_that_a_wholesaler_booked_twice():
    words = dict.fromkeys(("InvoiceNo", "StockCode", "CustomerID"), pl.String)
    path = REAL / "uci_online_retail/online_retail.csv.gz"
    frame = pl.read_csv(path, schema_overrides=words)
    names = frame.columns
    assert frame.height - frame.unique().height == 5268  # as published
    rows = lines(
        frame,
        event_date=pl.col("InvoiceDate").str.head(10).str.to_date(),
        amount=(pl.col("Quantity") * pl.col("UnitPrice") * 10_000).round().cast(pl.Int64),
        currency=pl.lit("GBP"),
        account_id=pl.col("CustomerID"),
        owner_id=pl.lit(None, pl.String),
        product_id=pl.col("StockCode"),
        quantity=pl.col("Quantity"),
    )
    people = rows.select("account_id").drop_nulls().unique()
    accounts = people.with_columns(name=pl.concat_str(pl.lit("Customer "), "account_id"))
    found = pairs(rows, accounts, TERMS)
    told = pl.concat([found["transaction_id"], found["other_id"]]).unique()
    known = rows.filter(pl.col("amount") != 0, pl.col("CustomerID").is_not_null())
    again = known.filter(pl.int_range(pl.len()).over(names) > 0)["transaction_id"]
    assert len(again) == 5225  # of a known customer, and of some amount
    assert again.is_in(told.implode()).sum() == 5225
    # Cancelled lines are another sign's: nothing is called a copy of what took it back.
    signs = rows.select("transaction_id", sign=pl.col("amount").sign())
    both = found.join(signs, on="transaction_id").join(
        signs, left_on="other_id", right_on="transaction_id", suffix="_other"
    )
    assert (both["sign"] == both["sign_other"]).all()


@needs("adventureworks")
def test_a_bicycle_maker_books_next_to_nothing_twice():
    frame = pl.read_csv(REAL / "adventureworks/FactResellerSales.csv.gz", infer_schema_length=None)
    words = ("ResellerKey", "EmployeeKey", "ProductKey")
    reseller, owner, product = (pl.col(name).cast(pl.String) for name in words)
    rows = lines(
        frame,
        event_date=pl.col("OrderDate").cast(pl.String).str.head(10).str.to_date(),
        amount=(pl.col("SalesAmount") * 10_000).round().cast(pl.Int64),
        currency=pl.col("CurrencyKey").cast(pl.String),
        account_id=reseller,
        owner_id=owner,
        product_id=product,
        quantity=pl.col("OrderQuantity"),
    )
    ids = rows.select("account_id").unique()
    accounts = ids.with_columns(name=pl.concat_str(pl.lit("Reseller "), "account_id"))
    found = pairs(rows, accounts, TERMS)
    assert rows.height == 60_855
    assert found.height < 61  # a line in a thousand
