"""However news comes, what is paid and what is outstanding in the end is what the whole comes to.

Bookings come late, and change their owner, their day and their amount, or are withdrawn; they are
cancelled, billed and collected; rates and payment terms change between closes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import fsspec
import polars as pl
import pytest

from spmlib.core import engine, ledger
from spmlib.core.company import Company
from spmlib.core.ledger import Ledger
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench
from tests import small
from tests.workbench.test_closes import FILES

MONTHS = [f"2026-{number:02}" for number in range(1, 5)]
LAST = len(MONTHS)
EVER = 9  # when all news have come


@dataclass(frozen=True)
class Version:
    """What is said of a booking from some month on."""

    owner: str
    amount: Decimal
    month: int
    delay: int  # months until it is known
    withdrawn: bool = False


@dataclass(frozen=True)
class Happening:
    """An event of a booking."""

    booking: int
    kind: str
    part: Decimal  # of the booking's first amount
    month: int
    delay: int


@dataclass(frozen=True)
class Rules:
    """What a plan says in some month."""

    crossing: str
    low: int  # per cent
    high: int
    terms: str


NEUTRAL = {  # terms that change when money moves, and not how much
    "events": [
        "event: {booking: 50%, collection: 50%}",
        "event: {billing: 33.33%, collection: 66.67%}, advance: 20%",
        "event: {collection: 100%}",
        "hold: {until: collected}",
        "hold: {until: employed, months: 15}",
        "hold: {until: employed, months: 24}",
    ],
    "draw": [
        "draw: {kind: recoverable, amount: 90, months: 3}",
        "draw: {kind: recoverable, amount: 150.50, months: 2, "
        "recover: {from_month: 2, share: 33.3%, balance_limit: 200}}",
        "draw: {kind: recoverable, amount: 70, months: 12, recover: {share: 50%}}",
    ],
    "minimum": ["minimum: 0", "minimum: {amount: 25.25, shortfall: later}"],
    "maximum": ["maximum: 151.01", "maximum: {amount: 300.33, excess: later}"],
}
GIVING = {  # terms that pay more, or less, than was earned
    "draw": [
        "draw: {kind: non_recoverable, amount: 80, months: 3}",
    ],
    "guarantee": ["guarantee: {amount: 60, months: 2}"],
    "minimum": ["minimum: {amount: 10, shortfall: lost}"],
    "maximum": ["maximum: {amount: 200, excess: lost}"],
}


GIVEN = {  # the lines that a gift is, by the words that say so
    "non_recoverable": "draw",
    "guarantee": "guarantee",
    "shortfall: lost": "minimum",
    "excess: lost": "maximum",
}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_paid_and_outstanding_is_what_the_whole_earns(seed: int):
    """The plan changes with every close; the first close is that of the first or second month."""
    chance = Random(seed)
    plans = [rules(chance, NEUTRAL) for _ in MONTHS]
    assert_nothing_is_made_or_lost(*news(chance), plans, chance.choice([1, 2]))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_so_it_is_of_many_more():
    for seed in range(5, 600):
        test_what_is_paid_and_outstanding_is_what_the_whole_earns(seed)


@pytest.mark.parametrize("seed", range(2))
def test_what_terms_give_or_take_is_a_line_of_some_close(seed: int):
    chance = Random(seed)
    plans = [rules(chance, NEUTRAL, GIVING)] * LAST
    assert_nothing_is_made_or_lost(*news(chance), plans, 1)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_so_are_the_gifts_of_many_more():
    for seed in range(2, 300):
        test_what_terms_give_or_take_is_a_line_of_some_close(seed)


def news(chance: Random) -> tuple[list[list[Version]], list[Happening]]:
    """Two to six bookings of up to three versions each, and what happens to them."""
    history = [
        [version(chance, later=number > 0) for number in range(chance.choice([1, 1, 2, 3]))]
        for _ in range(chance.randint(2, 6))
    ]
    return history, [happening(chance, len(history)) for _ in range(chance.randint(0, 6))]


def version(chance: Random, later: bool) -> Version:
    """A booking as it is said to be; a later version may withdraw it."""
    amount = Decimal(chance.randint(-150_000, 500_000)) / 100
    withdrawn = later and chance.random() < 0.2
    owner, month = chance.choice(["Ann", "Ben"]), chance.randint(1, LAST)
    return Version(owner, amount, month, chance.randint(0, 2), withdrawn)


def happening(chance: Random, count: int) -> Happening:
    """An event of one of so many bookings."""
    kind = chance.choice(["cancellation", "billing", "collection", "collection"])
    part = Decimal(chance.choice(["0.25", "0.5", "1", "1.5"]))
    booking, month = chance.randrange(count), chance.randint(1, LAST)
    return Happening(booking, kind, part, month, chance.randint(0, 2))


def rules(chance: Random, *words: dict[str, list[str]]) -> Rules:
    """What a plan may say: its curve, and each kind of term in one of its forms, or not at all."""
    names = dict.fromkeys(name for each in words for name in each)
    forms = [[form for each in words for form in each.get(name, [])] for name in names]
    chosen = [chance.choice(some) for some in forms if chance.random() < 0.6]
    crossing = chance.choice(["split", "whole", "transaction"])
    low, high = chance.choice([10, 12]), chance.choice([20, 5])
    return Rules(crossing, low, high, f"{{{', '.join(chosen)}}}")


FORMS = [form for words in (NEUTRAL, GIVING) for forms in words.values() for form in forms]


@pytest.mark.parametrize("form", FORMS)
def test_terms_of_every_form_change_what_is_paid(form: str):
    sold = enumerate(["900", "2800", "-2500", "3600"], start=1)
    history = [[Version("Ann", Decimal(amount), n, 0)] for n, amount in sold]
    paid = [
        engine.collected(_whole(history, [], Rules("split", 10, 20, terms_)).payouts)
        .filter(pl.col("amount") != 0)
        .sort("period")
        for terms_ in ("{}", f"{{{form}}}")
    ]
    assert len(paid[0]) == LAST and not paid[0].equals(paid[1])


def assert_nothing_is_made_or_lost(
    history: Sequence[Sequence[Version]],
    events: Sequence[Happening],
    plans: Sequence[Rules],
    first: int,
) -> None:
    """Closes from the first month on; then nothing is left to correct, nor to be paid."""
    book = Ledger(fsspec.filesystem("memory"), f"/{uuid4()}")
    months = [_closed(book, history, events, plans, n) for n in range(first, LAST + 1)]
    whole = _whole(history, events, plans[-1])
    earned = _summed(engine.collected(whole.earnings))
    paid = _summed(months[0].tables["opening"], *(m.tables["payouts"] for m in months))
    gifts = _summed(*(_given(m.tables["payments"], plans[-1].terms) for m in months))
    outstanding = _outstanding(months[-1].tables["balances"])
    names = ("Ann", "Ben")
    left = {who: paid[who] + outstanding[who] - gifts[who] for who in names}
    assert left == {who: earned[who] for who in names}
    on_record = pl.concat([closes.known(book, period, MONTHS[-1]) for period in MONTHS])
    assert _summed(on_record) == earned
    following = closes.preview(_bench(history, events, plans[-1], EVER), book, "2026-05")
    assert set(following.tables["postings"]["reason"]) <= {"month"}
    assert not {"correction", "terms"} & set(following.tables["payments"]["kind"])


def _closed(
    book: Ledger,
    history: Sequence[Sequence[Version]],
    events: Sequence[Happening],
    plans: Sequence[Rules],
    number: int,
) -> closes.Month:
    """A month closed on what is known then, by the plan as it reads then."""
    period = MONTHS[number - 1]
    month = closes.preview(_bench(history, events, plans[number - 1], number), book, period)
    ledger.close(book, month.before, period, month.tables, {}, "2026-06-01")
    return month


def _whole(
    history: Sequence[Sequence[Version]], events: Sequence[Happening], plan: Rules
) -> Results:
    """The months computed at once, when all is known."""
    return calculated(_company(history, events, EVER), _parameters(plan), MONTHS[-1])


def _summed(*frames: pl.DataFrame) -> Counter[str]:
    """The amounts of each person, in all of the frames."""
    rows = pl.concat([frame.select("payee_id", "amount") for frame in frames])
    sums: Counter[str] = Counter()
    for who, amount in rows.iter_rows():
        sums[who] += amount
    return sums


def _given(payments: pl.DataFrame, terms_: str) -> pl.DataFrame:
    """The lines by which terms pay more or less than was earned."""
    return payments.filter(payments["kind"].is_in([k for w, k in GIVEN.items() if w in terms_]))


def _outstanding(balances: pl.DataFrame) -> Counter[str]:
    """What is yet to be paid, less what is yet to be recovered, at a month's end."""
    amount = pl.sum_horizontal("unpaid", "held", "carried") - pl.col("owed")
    return _summed(balances.with_columns(amount=amount))


def _bench(
    history: Sequence[Sequence[Version]], events: Sequence[Happening], plan: Rules, known_by: int
) -> Workbench:
    return Workbench(Path(), _company(history, events, known_by), _parameters(plan))


def _company(
    history: Sequence[Sequence[Version]], events: Iterable[Happening], known_by: int
) -> Company:
    """What is known in a month: of each booking the latest version that has come."""
    people = [small.person(name, "seller") for name in ("Ann", "Ben")]
    sales = []
    for number, versions_ in enumerate(history):
        known = [v for n, v in enumerate(versions_) if min(v.month + v.delay + n, LAST) <= known_by]
        if known and not known[-1].withdrawn:
            day, amount = date(2026, known[-1].month, 9), str(known[-1].amount)
            sales.append(small.sale(f"T{number}", known[-1].owner, day, amount))
    return small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=sales,
        events=[
            _event(f"E{number}", event, history[event.booking][0].amount)
            for number, event in enumerate(events)
            if event.booking < len(history) and min(event.month + event.delay, LAST) <= known_by
        ],
    )


def _event(name: str, event: Happening, booked: Decimal) -> dict[str, Any]:
    part = (booked * event.part).quantize(Decimal("0.01"))
    return {
        "event_id": name,
        "transaction_id": f"T{event.booking}",
        "event": event.kind,
        "event_date": date(2026, event.month, 20),
        "amount": str(-part if event.kind == "cancellation" else part),
    }


def _parameters(plan: Rules) -> Parameters:
    rates = f"{{from: 0, rate: {plan.low}%}}, {{from: 3000, rate: {plan.high}%}}"
    boundary = "" if plan.crossing == "split" else "    boundary: upper\n"
    text = FILES["plans/seller.yaml"].replace("crossing: split", f"crossing: {plan.crossing}")
    text = text.replace("{from: 0, rate: 10%}, {from: 3000, rate: 20%}", rates)
    text = text.replace("    table:", f"{boundary}    table:")
    texts = {name: FILES[name] for name in ("measures.yaml", "crediting.yaml")}
    texts["plans/seller.yaml"] = text + (f"payment: {plan.terms}\n" if plan.terms != "{}" else "")
    with TemporaryDirectory() as folder:
        for name, said in texts.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(said)
        return small.parameters(Path(folder))
