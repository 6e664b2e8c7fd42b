"""A fingerprint of results: the same whatever the order of rows, for the very same cents."""

from __future__ import annotations

from pathlib import Path

KEYS = {
    "credits": ("transaction_id", "payee_id", "rule", "through_id", "level", "ticks(amount)"),
    "earnings": (
        *("payee_id", "plan", "component", "period", "kind", "transaction_id", "rule"),
        *("through_id", "ticks(credited)", "ticks(before)", "ticks(after)", "ticks(amount)"),
    ),
    "payouts": ("payee_id", "period", "plan", "ticks(amount)"),
}


def fingerprint(out: Path) -> dict[str, list[int]]:
    """For each table its rows, the sum of their hashes modulo a prime, and the sum of its money."""
    import duckdb

    with duckdb.connect() as database:
        return {
            name: [int(value or 0) for value in _of(database, out / f"{name}.parquet", columns)]
            for name, columns in KEYS.items()
        }


def _of(database: object, path: Path, columns: tuple[str, ...]) -> tuple:
    """Money is compared in ten-thousandths, whether it is stored so or as a decimal."""
    described = database.execute(f"describe select amount from '{path}'").fetchone()  # type: ignore[attr-defined]
    unit = 10_000 if described[1].startswith("DECIMAL") else 1
    database.execute(  # type: ignore[attr-defined]
        f"create or replace macro ticks(amount) as (amount * {unit})::bigint"
    )
    key = ", ".join(f"{c}::bigint" if c == "level" else c for c in columns)
    return database.execute(  # type: ignore[attr-defined]
        f"select count(*), sum(hash({key})::hugeint) % 1000000007, sum(ticks(amount)) from '{path}'"
    ).fetchone()
