"""A seeded company of any size, as Parquet in the engine's form (exact numbers as integers).

One payee for each thousand transactions, in four levels; a tenth of the transactions split; a third
in other currencies; people who change manager or are promoted inside the year; specialists credited
by product family and region, half of them for four months only.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.tables import INPUTS, MONEY, RATE, SHARE

SEED = 7
YEAR, NEXT = date(2026, 1, 1), date(2027, 1, 1)
HIRED = date(2020, 1, 1)
PRODUCTS, FAMILIES = 20, 10
CURRENCIES = {"USD": 1.0, "EUR": 1.081234, "GBP": 1.267891}
MEAN_AMOUNT = 1162  # dollars in a transaction, for quotas
CHUNK = 2_000_000


def company(folder: Path, transactions: int, people: int = 0) -> Path:
    """Write the tables of a company of so many transactions, unless they are there already.

    Args:
        folder: where.
        transactions: how many.
        people: how many; one for each thousand transactions, and at least 100, if not said.
    """
    ready = folder / "complete"
    if ready.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    levels = _levels(people or max(100, transactions // 1000))
    accounts = len(levels) * 20
    regions = max(10, len(levels) // 20)
    for name, frame in {
        "payees": _payees(levels),
        "positions": _positions(levels, regions, random),
        "accounts": _accounts(accounts, regions, random),
        "products": _products(),
        "quotas": _quotas(levels, transactions * MEAN_AMOUNT, random),
        "currency_rates": _rates(random),
        "calendar": _calendar(),
        "account_territories": pl.DataFrame(),
        "events": pl.DataFrame(),
    }.items():
        _formed(name, frame).write_parquet(folder / f"{name}.parquet")
    _write_transactions(folder, transactions, np.flatnonzero(levels == "seller"), accounts)
    ready.touch()
    return folder


def _levels(people: int) -> np.ndarray:
    """The level of each person: vice presidents, directors and managers first, then sellers."""
    tops, directors = max(1, people // 500), max(2, people * 18 // 1000)
    managers = max(4, people * 8 // 100)
    sellers = people - tops - directors - managers
    counts = (tops, directors, managers, sellers)
    return np.repeat(["vice_president", "director", "manager", "seller"], counts)


def _payees(levels: np.ndarray) -> pl.DataFrame:
    numbers = pl.Series(np.arange(len(levels)))
    ids = _ids("P", numbers, 6)
    return pl.DataFrame({"payee_id": ids, "name": "Person " + ids}).with_columns(
        currency=pl.lit("USD"), hire_date=pl.lit(HIRED)
    )


def _positions(levels: np.ndarray, regions: int, random: np.random.Generator) -> pl.DataFrame:
    """Each person's stretches: a tenth change manager, a twentieth rise, some specialise."""
    above = {"seller": "manager", "manager": "director", "director": "vice_president"}
    moving = {"seller": 0.10, "manager": 0.05}
    specialists = np.flatnonzero(levels == "seller")[-regions:]
    rows = []
    for person, level in enumerate(levels):
        bosses = np.flatnonzero(levels == above.get(level, "nobody"))
        changes = {YEAR: {"manager": _one(bosses, random), "role": level, "region": None}}
        if random.random() < moving.get(level, 0):
            changes[_some_day(random)] = {"manager": _one(bosses, random)}
        if level == "seller" and random.random() < 0.05:
            changes.setdefault(_some_day(random), {})["promoted"] = True
        if person in specialists:
            changes = _specialised(changes, int(person - specialists[0]), regions, random)
        rows += _stretches(person, changes)
    return pl.DataFrame(rows, infer_schema_length=None)


def _specialised(changes: dict, place: int, regions: int, random: np.random.Generator) -> dict:
    """A specialist for one family and region: all year, or for 120 days."""
    role = "analytics_specialist" if place % 2 else "security_specialist"
    special = {"role": role, "region": place // 2 * 2 % regions}
    if random.random() < 0.5:
        return {**changes, YEAR: changes[YEAR] | special}
    start = date.fromordinal(YEAR.toordinal() + int(random.integers(1, 180)))
    end = date.fromordinal(start.toordinal() + 120)
    back = {"role": "seller", "region": None}
    return changes | {
        start: changes.get(start, {}) | special,
        end: changes.get(end, {}) | back,
    }


def _stretches(person: int, changes: dict) -> list[dict]:
    """A row of positions between each two changes."""
    rows, held = [], {"promoted": False}
    days = sorted(changes)
    for day, until in zip(days, [*days[1:], None], strict=True):
        held = held | changes[day]
        seller = "senior_account_executive" if held["promoted"] else "account_executive"
        manager, region = held["manager"], held["region"]
        rows.append(
            {
                "payee_id": f"P{person:06}",
                "start_date": day,
                "end_date": until,
                "role": seller if held["role"] == "seller" else held["role"],
                "team": "sales",
                "manager_id": None if manager is None else f"P{manager:06}",
                "territory_id": None if region is None else f"R{region:04}",
                "plan": held["role"] if person_is_manager(held["role"]) else seller,
                "status": "active",
            }
        )
    return rows


def person_is_manager(role: str) -> bool:
    return role in ("manager", "director", "vice_president")


def _accounts(accounts: int, regions: int, random: np.random.Generator) -> pl.DataFrame:
    ids = _ids("A", pl.Series(np.arange(accounts)), 7)
    return pl.DataFrame(
        {
            "account_id": ids,
            "name": "Customer " + ids,
            "region": _ids("R", pl.Series(random.integers(0, regions, accounts)), 4),
        }
    )


def _products() -> pl.DataFrame:
    numbers = range(PRODUCTS)
    return pl.DataFrame(
        {
            "product_id": [f"P{n:02}" for n in numbers],
            "name": [f"Product {n}" for n in numbers],
            "family": [f"F{n // (PRODUCTS // FAMILIES):02}" for n in numbers],
        }
    )


def _quotas(levels: np.ndarray, booked: int, random: np.random.Generator) -> pl.DataFrame:
    """Monthly quotas of whole dollars for both measures, such that attainments spread."""
    sizes = {level: np.sum(levels == level) for level in dict.fromkeys(levels)}
    expected = np.array([booked * 1.06 / sizes[level] for level in levels])
    frames = []
    for measure, part in (("bookings", 1.0), ("strategic_bookings", 0.2)):
        monthly = np.maximum(
            1, np.round(expected * part * random.uniform(0.7, 1.4, len(levels)) / 12)
        )
        for month in range(1, 13):
            frames.append(
                pl.DataFrame(
                    {
                        "payee_id": _ids("P", pl.Series(np.arange(len(levels))), 6),
                        "amount": monthly.astype(np.int64) * MONEY,
                    }
                ).with_columns(
                    measure=pl.lit(measure),
                    start_date=pl.lit(_first(month)),
                    end_date=pl.lit(_first(month + 1)),
                )
            )
    return pl.concat(frames)


def _rates(random: np.random.Generator) -> pl.DataFrame:
    """A rate a month from each currency to the dollar, of six decimals."""
    drift = {
        code: np.round(rate + random.uniform(-0.04, 0.04, 12), 6)
        for code, rate in CURRENCIES.items()
    }
    rows = [
        {
            "currency": code,
            "to_currency": "USD",
            "start_date": _first(month),
            "rate": round(drift[code][month - 1] * 10**6) * (RATE // 10**6),
            "kind": "spot",
        }
        for code in CURRENCIES
        if code != "USD"
        for month in range(1, 13)
    ]
    return pl.DataFrame(rows)


def _calendar() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "period": f"2026-{month:02}",
                "start_date": _first(month),
                "end_date": _first(month + 1),
                "quarter": f"2026-Q{(month + 2) // 3}",
                "half": f"2026-H{(month + 5) // 6}",
                "year": "2026",
            }
            for month in range(1, 13)
        ]
    )


def _write_transactions(folder: Path, size: int, sellers: np.ndarray, accounts: int) -> None:
    """Transactions and their splits, a chunk at a time."""
    booked, shared = [], []
    for start in range(0, size, CHUNK):
        rows, splits = _transactions(start, min(CHUNK, size - start), size, sellers, accounts)
        booked.append(_formed("transactions", rows))
        shared.append(_formed("splits", splits))
    pl.concat(booked).write_parquet(folder / "transactions.parquet", row_group_size=500_000)
    pl.concat(shared).write_parquet(folder / "splits.parquet", row_group_size=500_000)


def _transactions(
    start: int, count: int, size: int, sellers: np.ndarray, accounts: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    random = np.random.default_rng([SEED, start])
    number = np.arange(start, start + count)
    day = np.clip(number * 365 // size + random.integers(-3, 4, count), 0, 364)
    cents = np.round(np.exp(random.normal(6.5, 1.0, count)) * 100).astype(np.int64)
    cents = cents.clip(1, 50_000_000)
    cents = np.where(random.random(count) < 0.02, -cents // 2, cents)
    owner = sellers[(random.random(count) ** 1.15 * len(sellers)).astype(np.int64)]
    currency = np.array(list(CURRENCIES))[random.choice(3, count, p=[0.7, 0.2, 0.1])]
    rows = pl.DataFrame(
        {
            "transaction_id": _ids("T", pl.Series(number), 9),
            "event_date": pl.Series(day + YEAR.toordinal() - date(1970, 1, 1).toordinal())
            .cast(pl.Int32)
            .cast(pl.Date),
            "deal_id": _ids("D", pl.Series(number // 3), 9),
            "account_id": _ids("A", pl.Series(random.integers(0, accounts, count)), 7),
            "product_id": _ids("P", pl.Series(random.integers(0, PRODUCTS, count)), 2),
            "owner_id": _ids("P", pl.Series(owner), 6),
            "currency": currency,
            "amount": cents * (MONEY // 100),
            "margin": cents * random.integers(5, 60, count),
            "quantity": random.integers(1, 100, count) * MONEY,
        }
    ).with_columns(kind=pl.lit("new"))
    split = np.flatnonzero(random.random(count) < 0.10)
    other = random.choice(sellers, len(split))
    split, other = split[other != owner[split]], other[other != owner[split]]
    share = random.choice([2500, 3333, 4000, 5000], len(split)) * (SHARE // 10**4)
    splits = pl.DataFrame(
        {
            "transaction_id": rows["transaction_id"][split],
            "payee_id": _ids("P", pl.Series(other), 6),
            "share": share,
        }
    )
    return rows, splits


def _formed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with all columns of its table, in their order and types."""
    empty = engine.collected(engine.empty(INPUTS[name]))
    return (
        pl.concat([empty, frame], how="diagonal_relaxed").select(empty.columns).cast(empty.schema)
    )


def _ids(letter: str, numbers: pl.Series, digits: int) -> pl.Series:
    return letter + numbers.cast(pl.String).str.zfill(digits)


def _first(month: int) -> date:
    return NEXT if month > 12 else date(2026, month, 1)


def _some_day(random: np.random.Generator) -> date:
    return date.fromordinal(YEAR.toordinal() + int(random.integers(60, 300)))


def _one(people: np.ndarray, random: np.random.Generator) -> int | None:
    return int(random.choice(people)) if len(people) else None
