"""The limit: read the columns a calculation needs and write the very results; compute nothing."""

from __future__ import annotations

from pathlib import Path

import polars as pl

RESULTS = ("credits", "attainments", "earnings", "payouts")
NEEDED = {
    "payees": ["payee_id", "name", "currency", "hire_date", "leave_date"],
    "positions": None,
    "accounts": ["account_id", "region"],
    "products": ["product_id", "family"],
    "transactions": [
        "transaction_id",
        "event_date",
        "owner_id",
        "account_id",
        "product_id",
        "currency",
        "amount",
    ],
    "splits": None,
    "quotas": None,
    "currency_rates": None,
    "calendar": None,
}


def ready(data: Path, out: Path) -> dict[str, pl.DataFrame]:
    """The engine's results of the same run, in memory."""
    return {name: pl.read_parquet(out.parent / "engine" / f"{name}.parquet") for name in RESULTS}


def run(data: Path, out: Path, results: dict[str, pl.DataFrame]) -> None:
    """Read and write."""
    for name, columns in NEEDED.items():
        pl.read_parquet(data / f"{name}.parquet", columns=columns)
    for name, frame in results.items():
        frame.write_parquet(out / f"{name}.parquet")
