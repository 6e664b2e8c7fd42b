"""A cancellation takes back once what the booking was paid, whatever became of the person since.

A sale of 1,000 in January earns 10 %, and is cancelled in March: the person has changed the plan by
then, or has left, or counts from zero again. What was paid under a plan comes back under it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spmlib.core import engine
from spmlib.incent.calculation import Results, calculated
from tests import small

TENTH = "2026-01-01: [{from: 0, rate: 10%}]"
HIGHER = f"{TENTH}, 2026-02-01: [{{from: 0, rate: 30%}}, {{from: 600, rate: 40%}}]"
PAID_RATE = "clawback: {within_months: 12, schedule: full, at: paid_rate}"
CURVE = "clawback: {within_months: 12, schedule: full, at: current_curve}"
NOTHING = "payroll_rate: spot"  # a payment term that changes nothing
START, LEFT, BACK = date(2025, 1, 1), date(2026, 2, 15), date(2026, 4, 1)
STAYS, LEAVES = ((START, None, "old"),), ((START, LEFT, "old"),)
CHANGES = ((START, LEFT, "old"), (LEFT, None, "new"))
RETURNS = ((START, LEFT, "old"), (BACK, None, "old"))
Position = tuple[date, date | None, str]


@dataclass(frozen=True)
class Case:
    """What is written, and what is paid by plan and month."""

    says: str
    paid: Mapping[str, str]
    positions: tuple[Position, ...] = STAYS
    old: str = PAID_RATE
    new: str = PAID_RATE
    words: str = ""
    table: str = TENTH
    booked: str = "1000"
    more: tuple[tuple[date, str], ...] = ()  # other sales
    cancelled: tuple[tuple[date, str], ...] = ((date(2026, 3, 10), "-1000"),)


CASES = [
    Case("stays", {"old 01": "100", "old 03": "-100"}),
    Case("has left: what was paid is due back", {"old 01": "100", "old 03": "-100"}, LEAVES),
    Case(
        "has left: nobody pays in, and what is due stays on record",
        {"old 01": "100", "carried 03": "-100", "carried 04": "-100"},
        LEAVES,
        old=f"{PAID_RATE}, minimum: 0",
    ),
    Case(
        "has left, at the curve: it is credited to nobody who holds a position",
        {"old 01": "100"},
        LEAVES,
        old=CURVE,
    ),
    Case("is between two positions", {"old 01": "100", "old 03": "-100"}, RETURNS),
    Case(
        "has another plan, with the same terms: it comes back under the plan that paid it",
        {"old 01": "100", "old 03": "-100"},
        CHANGES,
    ),
    Case(
        "has another plan, at the curve: it counts where the person is now",
        {"old 01": "100", "new 03": "-100"},
        CHANGES,
        old=CURVE,
        new=CURVE,
    ),
    Case(
        "counts from zero again: at the rate once paid, and the new count does not see it",
        # T2: 600 at 30 % and 200 at 40 %
        {"old 01": "100", "old 03": "160"},
        words="on_change: restart",
        table=HIGHER,
        more=((date(2026, 3, 20), "800"),),
    ),
    Case(
        "counts from zero again, at the curve: re-rated by the table that holds now",
        # -1000 at 30 %, then 800 of it won back at 30 %
        {"old 01": "100", "old 03": "-60"},
        old=CURVE,
        words="on_change: restart",
        table=HIGHER,
        more=((date(2026, 3, 20), "800"),),
    ),
    Case(
        "counts on by a new table: at the rate once paid",
        {"old 01": "100", "old 03": "-100"},
        words="on_change: continue",
        table=HIGHER,
    ),
    Case(
        "has another plan without a clawback: it comes back once",
        {"old 01": "100", "old 03": "-100"},
        CHANGES,
        new=NOTHING,
    ),
    Case(
        "had another plan without a clawback: it counts in full where the person is now",
        {"old 01": "100", "new 03": "-100"},
        CHANGES,
        old=NOTHING,
    ),
    Case(
        "is cancelled in four parts: no more comes back than was paid",
        {"old 01": "0.10", "old 03": "-0.10"},
        booked="1",
        cancelled=tuple((date(2026, 3, day), "-0.25") for day in (1, 2, 3, 4)),
    ),
    Case(
        "was above the cap: no more comes back than was paid",
        {"old 01": "60", "old 03": "-60"},
        words="modifiers: [{cap: {2026-01-01: 60}}]",
    ),
    Case(
        "was lost to a gate: nothing was paid, so nothing comes back",
        {},
        words="modifiers: [{gate: {measure: bookings, at_least: 5000, otherwise: lose}}]",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_who_cancels_takes_back_what_was_paid(case: Case, tmp_path: Path):
    assert found(computed(case, tmp_path)) == {k: Decimal(a) for k, a in case.paid.items()}


def computed(case: Case, folder: Path) -> Results:
    """The first four months of the one who sold."""
    texts = [
        small.plan(name, payment=f"{{{getattr(case, name)}}}", **words(case))
        for name in {position[2] for position in case.positions}
    ]
    small.written(folder, *texts)
    payee, held = small.person("Ann", None)
    company = small.company(
        payees=[payee],
        positions=[
            held | {"start_date": start, "end_date": end, "plan": plan}
            for start, end, plan in case.positions
        ],
        transactions=[
            small.sale(f"T{number}", "Ann", day, amount)
            for number, (day, amount) in enumerate([(date(2026, 1, 20), case.booked), *case.more])
        ],
        events=[
            {"event_id": f"E{number}", "transaction_id": "T0", "event": "cancellation"}
            | {"event_date": day, "amount": amount}
            for number, (day, amount) in enumerate(case.cancelled)
        ],
    )
    return calculated(company, small.parameters(folder), "2026-04")


def words(case: Case) -> dict[str, str]:
    """The words of a case's component."""
    word, _, said = case.words.partition(": ")
    return {"table": f"{{{case.table}}}"} | ({word: said} if word else {})


def found(results: Results) -> dict[str, Decimal]:
    """What is paid, by plan and month, and what is carried into the next."""
    made: Counter[str] = Counter()
    for row in engine.collected(results.payouts).iter_rows(named=True):
        made[f"{row['plan']} {row['period'][-2:]}"] += row["amount"]
    for row in engine.collected(results.balances).iter_rows(named=True):
        made[f"carried {row['period'][-2:]}"] += row["carried"]
    return {key: Decimal(amount).scaleb(-4) for key, amount in made.items() if amount}
