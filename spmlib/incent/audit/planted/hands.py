"""Hands: adjustments that come again, are just below a limit, or that nobody else approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.planted.copies import Planted, changed, recent

CAUSES = ("late_booking", "wrong_owner", "missing_split", "goodwill", "guarantee")
ASKING, APPROVING = "sales operations", "finance"
LIMITS = (1_000, 5_000)  # of the policy that comes with the project


def repeated_adjustments(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """The same person, cause and approver for three to six months in a row.

    Innocent beside them: two months in a row, every other month, and another cause each month.
    """
    months, keys, rows = recent(books), [], list(_others(books, rng, 4 * many))
    for number, (person, plan) in enumerate(_people(books, rng, many)):
        runs = int(rng.integers(3, 7))
        first = int(rng.integers(0, len(months) - runs + 1))
        for month in range(runs):
            period = months[first + month]
            rows.append(
                _row(f"XR{number:03}{month}", person, plan, period, 400 + number, "goodwill")
            )
            if month >= 2:
                keys.append(f"{person}/goodwill/{APPROVING}/{period}")
    for number, (person, plan) in enumerate(_people(books, rng, many)):
        for month in range(0, len(months), 2):
            rows.append(
                _row(f"XI{number:03}{month}", person, plan, months[month], 450, "guarantee")
            )
    return Planted(_with(books, rows), tuple(keys))


def below_limit(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Adjustments of somebody who stays just below what needs another approval.

    Innocent beside them: amounts of all other sizes.
    """
    months, rows = recent(books), list(_others(books, rng, 6 * many))
    people, keys = _people(books, rng, many), []
    for number, (person, plan) in enumerate(people):
        amount = float(rng.choice(LIMITS)) * float(rng.uniform(0.955, 1.0))
        period = months[int(rng.integers(0, len(months)))]
        name = f"XB{number:04}"
        row = _row(name, person, plan, period, round(amount, 2), CAUSES[number % 5])
        rows.append(row | {"requested_by": "regional operations"})
        keys.append(name)
    return Planted(_with(books, rows), tuple(keys))


def unapproved(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Adjustments approved by nobody, by who asked for them, or by who is paid."""
    months, rows = recent(books), list(_others(books, rng, 3 * many))
    keys = []
    for number, (person, plan) in enumerate(_people(books, rng, many)):
        name, approver = f"XU{number:04}", (None, ASKING.title(), person)[number % 3]
        period = months[int(rng.integers(0, len(months)))]
        rows.append(
            _row(name, person, plan, period, 300, CAUSES[number % 5]) | {"approved_by": approver}
        )
        keys.append(name)
    return Planted(_with(books, rows), tuple(keys))


def adjusted_twice(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """The same adjustment entered once more in the month; innocent: another amount or month."""
    months, rows = recent(books), list(_others(books, rng, 3 * many))
    keys = []
    for number, (person, plan) in enumerate(_people(books, rng, many)):
        place = int(rng.integers(0, len(months) - 1))
        amount = round(float(rng.uniform(100, 900)), 2)
        made = _row(f"XT{number:04}a", person, plan, months[place], amount, CAUSES[number % 5])
        rows += [made, made | {"adjustment_id": f"XT{number:04}b"}]
        rows.append(
            _row(f"XV{number:04}", person, plan, months[place + 1], amount, CAUSES[number % 5])
        )
        keys.append(f"XT{number:04}a+XT{number:04}b")
    return Planted(_with(books, rows), tuple(keys))


def _people(books: Books, rng: np.random.Generator, many: int) -> list[tuple[str, str]]:
    """So many people with plans in the currency of the audit, by lot."""
    import polars as pl

    held = books.payouts.filter(
        pl.col("currency") == books.currency, pl.col("period") == recent(books)[-1]
    )
    able = held.select("payee_id", "plan").unique("payee_id").sort("payee_id").rows()
    return [able[int(n)] for n in rng.permutation(len(able))[:many]]


def _others(books: Books, rng: np.random.Generator, many: int) -> list[dict[str, Any]]:
    """Adjustments as there are in any month: other people, causes and amounts."""
    months, made = recent(books), []
    people = _people(books, rng, 10**6)
    for number in range(many):
        person, plan = people[int(rng.integers(0, len(people)))]
        period = months[int(rng.integers(0, len(months)))]
        amount = round(float(np.exp(rng.normal(5.6, 0.9))), 2)
        made.append(
            _row(f"XO{number:05}", person, plan, period, amount, CAUSES[int(rng.integers(0, 5))])
        )
    return made


def _row(
    name: str, person: str, plan: str, period: str, amount: float, cause: str
) -> dict[str, Any]:
    return {
        "adjustment_id": name,
        "payee_id": person,
        "plan": plan,
        "period": period,
        "amount": round(amount * 10_000),
        "cause": cause,
        "reason": cause.replace("_", " "),
        "requested_by": ASKING,
        "approved_by": APPROVING,
    }


def _with(books: Books, rows: list[dict[str, Any]]) -> Books:
    import polars as pl

    days = dict(books.periods.select("period", "start_date").iter_rows())
    told = [row | {"event_date": days[row["period"]] + timedelta(days=14)} for row in rows]
    schema = books.adjustments.schema
    made = pl.DataFrame([{n: row.get(n) for n in schema} for row in told], schema=dict(schema))
    return changed(books, adjustments=pl.concat([books.adjustments, made]))
