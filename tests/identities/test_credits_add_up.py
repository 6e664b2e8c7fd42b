"""Credits add up: what is divided, to the whole; what is shared on, to its share of the credit.

Random transactions in currencies of no, two and three decimals, split in shares of up to eight, are
credited by every kind of rule, and worked out again here in exact fractions, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmlib.core import engine
from spmlib.incent.calculation import Results, calculated
from tests import small
from tests.shared import examples

some = settings(
    max_examples=examples(2),
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DAY = date(2026, 3, 5)
PLACES = {"USD": 2, "JPY": 0, "KWD": 3}
TICK = Fraction(1, 10**4)  # the finest amount
OWNERS, SPECIALISTS, TEAM = ("Ada", "Ben", "Cem"), ("Dan", "Eve"), ("Fay", "Gil", "Hal")
HEADS = dict.fromkeys((*OWNERS, *SPECIALISTS), "Ivy") | {"Ivy": "Joe"}
PEOPLE = (*OWNERS, *SPECIALISTS, *TEAM, "Ivy", "Joe")
CREDITING = """
currency_rate: event
events: [booking, cancellation]
splits: {{policy: {policy}}}
rules:
  owner: {{kind: direct, who: {{team: sales}}}}
  shared: {{kind: split}}
  specialist: {{kind: overlay, who: {{role: specialist}}, share: {overlay}%}}
  marketing: {{kind: team, who: {{team: marketing}}, divide: equally, share: {team}%}}
  each: {{kind: team, who: {{team: marketing}}}}
  managers: {{kind: roll_up, of: [owner, shared], levels: 2, share: {roll_up}%}}
  heads: {{kind: roll_up, of: [specialist], levels: 1}}
"""
Key = tuple[str, str | None, str, str, str]  # transaction, event, rule, through whom, who


@dataclass(frozen=True)
class Sale:
    """A transaction, how it is split, and how much of it is cancelled."""

    owner: str
    amount: Fraction
    currency: str
    splits: Mapping[str, Fraction]
    cancelled: Fraction


@dataclass(frozen=True)
class Credited:
    """What is credited, and by which rules."""

    policy: str
    overlay: Fraction  # shares
    team: Fraction
    roll_up: Fraction
    currencies: Mapping[str, str]  # of each person's plan
    rates: Mapping[tuple[str, str], Fraction]
    sales: Sequence[Sale]


eighths = st.integers(1, 10**8).map(lambda n: Fraction(n, 10**8))
awkward = st.sampled_from(["0.33333333", "0.5", "0.25", "0.00000001", "1"]).map(Fraction)
percents = st.sampled_from(["100", "50", "33.333333", "12.5", "0.000001"]).map(
    lambda text: Fraction(text) / 100
)
fine = st.integers(-(10**9), 10**9).map(lambda n: n * TICK)
round_ = st.integers(-(10**6), 10**6).map(Fraction)
cents = st.integers(-(10**8), 10**8).map(lambda n: Fraction(n, 100))
currencies = st.sampled_from(list(PLACES))
rates = st.integers(1, 10**12).map(lambda n: Fraction(n, 10**10))


@st.composite
def sales(draw: Any, policy: str) -> Sale:
    """A transaction whose shares keep to the policy, or now and then break it."""
    people = draw(st.lists(st.sampled_from(PEOPLE[:8]), max_size=4, unique=True))
    given_ = [draw(eighths | awkward) for _ in people]
    room = Fraction(1)
    if policy != "any" and draw(st.integers(0, 9)):
        for number, share in enumerate(given_):
            last = policy == "whole" and number == len(given_) - 1
            given_[number] = room if last else min(share, room)
            room -= given_[number]
    splits = {who: share for who, share in zip(people, given_, strict=True) if share}
    amount = draw(fine | round_ | cents)
    cancelled = draw(st.sampled_from([Fraction(0), -amount, -amount]) | cents)
    return Sale(draw(st.sampled_from(OWNERS)), amount, draw(currencies), splits, cancelled)


@st.composite
def credited(draw: Any) -> Credited:
    policy = draw(st.sampled_from(["whole", "at_most_whole", "any"]))
    same = draw(st.none() | currencies)
    return Credited(
        policy,
        *(draw(percents) for _ in range(3)),
        currencies={who: same or draw(currencies) for who in PEOPLE},
        rates={(a, b): draw(rates) for a in PLACES for b in PLACES if a != b},
        sales=draw(st.lists(sales(policy), min_size=1, max_size=4)),
    )


@some
@given(credited())
def test_every_credit_is_its_share_to_the_unit(company: Credited):
    """An owner who also shares in the split rolls up to the manager twice; both count."""
    made: dict[Key, Fraction] = {}
    for key, amount in expected(company):
        made[key] = made.get(key, 0 * TICK) + amount
    assert found(company) == made


@some
@given(credited())
def test_what_is_divided_adds_up_to_the_whole(company: Credited):
    """In one currency; with the policy `any` each is credited as written, the owner whole."""
    one = dict.fromkeys(PEOPLE, company.currencies["Ada"])
    company = Credited(**{**vars(company), "currencies": one})
    credits = found(company)
    for number, sale in enumerate(company.sales):
        for event, source in ((None, sale.amount), (f"E{number}", sale.cancelled)):
            whole = converted(company, sale, source, one["Ada"])
            of = {k[2:]: a for k, a in credits.items() if k[:2] == (f"T{number}", event)}
            divided = sum(
                (a for (rule, _, _), a in of.items() if rule in ("owner", "shared")), TICK * 0
            )
            total = sum(sale.splits.values(), Fraction(0))
            if broken(company.policy, sale.splits):
                assert not of
            elif company.policy != "any":
                assert divided == whole
            else:
                assert (
                    abs(divided - whole * (1 + total)) <= unit(whole, one["Ada"]) * len(PEOPLE) / 2
                )
            if company.team == 1 and of:
                assert sum(a for (rule, _, _), a in of.items() if rule == "marketing") == whole
            if company.roll_up == 1:
                for who in HEADS.values():
                    above = [
                        a for (rule, _, to), a in of.items() if (rule, to) == ("managers", who)
                    ]
                    below = [
                        a
                        for (rule, _, to), a in of.items()
                        if rule in ("owner", "shared") and who in chain(to)
                    ]
                    assert sum(above) == sum(below)


@some
@given(credited())
def test_what_is_cancelled_in_full_is_credited_to_nobody(company: Credited):
    whole = [Sale(**{**vars(sale), "cancelled": -sale.amount}) for sale in company.sales]
    credits = found(Credited(**{**vars(company), "sales": whole}))
    sums: dict[tuple[str, ...], Fraction] = {}
    for (transaction, _, *others), amount in credits.items():
        key = (transaction, *others)
        sums[key] = sums.get(key, TICK * 0) + amount
    assert not any(sums.values())


def test_left_over_cents_go_to_the_largest_remainders_the_owner_first():
    third = Fraction("0.33333333")
    sale = Sale("Ada", Fraction("100.00"), "USD", {"Ben": third, "Cem": third}, Fraction(0))
    tied = Sale("Ada", Fraction("0.03"), "USD", {"Ben": Fraction("0.5")}, Fraction("-0.03"))
    usual = dict.fromkeys(PEOPLE, "USD")
    one = Fraction(1)
    credits = found(Credited("at_most_whole", one, one, one, usual, {}, [sale, tied]))
    own = {k: a for k, a in credits.items() if k[2] in ("owner", "shared")}
    assert own == {
        ("T0", None, "owner", "Ada", "Ada"): Fraction("33.34"),
        ("T0", None, "shared", "Ben", "Ben"): Fraction("33.33"),
        ("T0", None, "shared", "Cem", "Cem"): Fraction("33.33"),
        ("T1", None, "owner", "Ada", "Ada"): Fraction("0.02"),
        ("T1", None, "shared", "Ben", "Ben"): Fraction("0.01"),
        ("T1", "E1", "owner", "Ada", "Ada"): Fraction("-0.02"),
        ("T1", "E1", "shared", "Ben", "Ben"): Fraction("-0.01"),
    }


TWICE = """
rules:
  owner: {kind: direct}
  specialist: {kind: overlay, who: {role: specialist}}
  managers: {kind: roll_up, of: [owner, specialist], levels: 1}
"""
BY_MARGIN = "matrix: {measure: margin_rate, boundary: upper}"


@pytest.mark.parametrize(
    "matrix",
    [
        "boundary: upper",
        BY_MARGIN,
    ],
)
def test_a_manager_reached_twice_through_one_person_is_paid_twice(tmp_path: Path, matrix: str):
    when = "when: 0%, " if matrix == BY_MARGIN else ""
    word, _, said = matrix.partition(": ")
    text = small.plan(
        "in_USD",
        accumulate="transaction",
        table=f"{{2026-01-01: [{{{when}from: 0, rate: 1%}}]}}",
        **{word: said},
    )
    measures = "bookings: {sum: amount}\nmargin_rate: {sum: margin, per: amount}\n"
    small.written(tmp_path, text, crediting=TWICE, measures=measures)
    dan = small.person("Dan", "in_USD", role="specialist", manager_id="Ivy")
    people = [dan, small.person("Ivy", "in_USD")]
    company = small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=[small.sale("T1", "Dan", DAY, 1000, margin=300)],
    )
    results = calculated(company, small.parameters(tmp_path), "2026-03")
    rows = engine.collected(results.payouts).select("payee_id", "amount").sort("payee_id").rows()
    assert rows == [("Dan", 20_0000), ("Ivy", 20_0000)]


def expected(company: Credited) -> Iterator[tuple[Key, Fraction]]:
    """Every credit, worked out one at a time."""
    for number, sale in enumerate(company.sales):
        if broken(company.policy, sale.splits):
            continue
        for event, source in ((None, sale.amount), (f"E{number}", sale.cancelled)):
            if event is None or source:
                for key, amount in of_booking(company, sale, source):
                    yield (f"T{number}", event, *key), amount


def of_booking(
    company: Credited, sale: Sale, source: Fraction
) -> Iterator[tuple[tuple[str, str, str], Fraction]]:
    """The credits of a booking, or of a cancellation, by rule, through whom, and to whom."""
    named = {
        ("owner", who): lambda c, who=who: divided(company, sale, source, c)[who, "owner"]
        for who in [sale.owner]
        if company.policy == "any" or sum(sale.splits.values()) < 1
    }
    named |= {
        ("shared", who): lambda c, who=who: divided(company, sale, source, c)[who, "shared"]
        for who in sale.splits
    }
    named |= {
        ("specialist", who): lambda c: scaled(
            converted(company, sale, source, c), company.overlay, c
        )
        for who in SPECIALISTS
    }
    named |= {
        ("marketing", who): lambda c, n=n: scaled(
            equally(converted(company, sale, source, c), len(TEAM), c)[n], company.team, c
        )
        for n, who in enumerate(TEAM)
    }
    named |= {("each", who): lambda c: converted(company, sale, source, c) for who in TEAM}
    for (rule, who), amount in named.items():
        yield (rule, who, who), amount(company.currencies[who])
        levels = {"owner": 2, "shared": 2, "specialist": 1}.get(rule, 0)
        for above in chain(who)[:levels]:
            own = company.currencies[above]
            share = company.roll_up if levels == 2 else Fraction(1)
            yield (
                ("managers" if levels == 2 else "heads", who, above),
                scaled(amount(own), share, own),
            )


def divided(
    company: Credited, sale: Sale, source: Fraction, currency: str
) -> dict[tuple[str, str], Fraction]:
    """What the owner and the people of the splits have of it, in a currency."""
    whole = converted(company, sale, source, currency)
    shares = {(who, "shared"): sale.splits[who] for who in sorted(sale.splits)}
    if company.policy == "any":
        parts = {key: scaled(whole, share, currency) for key, share in shares.items()}
        return {(sale.owner, "owner"): whole} | parts
    rest = 1 - sum(shares.values(), Fraction(0))
    shares = ({(sale.owner, "owner"): rest} if rest else {}) | shares
    least, sign = unit(whole, currency), -1 if whole < 0 else 1
    count = abs(whole) / least
    floors = {key: count * share // 1 for key, share in shares.items()}
    left = int(count - sum(floors.values()))
    by_remainder = sorted(shares, key=lambda key: floors[key] - count * shares[key])
    first = by_remainder[:left]
    return {key: (floors[key] + (key in first)) * least * sign for key in shares}


def equally(whole: Fraction, count: int, currency: str) -> list[Fraction]:
    """A whole in equal parts, left-over units to the first."""
    least, sign = unit(whole, currency), -1 if whole < 0 else 1
    each, left = divmod(abs(whole) / least, count)
    return [(each + (number < left)) * least * sign for number in range(count)]


def scaled(whole: Fraction, share: Fraction, currency: str) -> Fraction:
    """A share of an amount, rounded to the unit that the amount is divided in."""
    least = unit(whole, currency)
    return rounded(whole * share / least) * least


def converted(company: Credited, sale: Sale, source: Fraction, currency: str) -> Fraction:
    """An amount of a transaction in a currency: rounded to its minor unit, but for its own."""
    if currency == sale.currency:
        return source
    minor = Fraction(1, 10 ** PLACES[currency])
    return rounded(source * company.rates[sale.currency, currency] / minor) * minor


def unit(whole: Fraction, currency: str) -> Fraction:
    """The minor unit, if the amount is whole in it; else the finest."""
    minor = Fraction(1, 10 ** PLACES[currency])
    return minor if (whole / minor).denominator == 1 else TICK


def rounded(exact: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def chain(who: str) -> list[str]:
    """The managers above."""
    return [HEADS[who], *chain(HEADS[who])] if who in HEADS else []


def broken(policy: str, splits: Mapping[str, Fraction]) -> bool:
    """Whether shares break the policy, so that nobody is credited."""
    total = sum(splits.values(), Fraction(0))
    return bool(splits) and {"whole": total != 1, "at_most_whole": total > 1, "any": False}[policy]


def found(company: Credited) -> dict[Key, Fraction]:
    """Every credit, as the engine has it."""
    credits = engine.collected(computed(company).credits)
    rows = credits.select("transaction_id", "event_id", "rule", "through_id", "payee_id", "amount")
    made: dict[Key, Fraction] = {}
    for *key, ticks in rows.iter_rows():
        made[tuple(key)] = made.get(tuple(key), 0 * TICK) + ticks * TICK  # type: ignore[index]
    return made


def computed(company: Credited) -> Results:
    people = [person(company, who) for who in PEOPLE]
    cancelled = [(n, sale) for n, sale in enumerate(company.sales) if sale.cancelled]
    made = small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=[
            small.sale(f"T{n}", sale.owner, DAY, sale.amount, currency=sale.currency)
            for n, sale in enumerate(company.sales)
        ],
        splits=[
            {"transaction_id": f"T{n}", "payee_id": who, "share": share}
            for n, sale in enumerate(company.sales)
            for who, share in sale.splits.items()
        ],
        events=[
            {"event_id": f"E{n}", "transaction_id": f"T{n}", "event": "cancellation"}
            | {"event_date": DAY, "amount": sale.cancelled}
            for n, sale in cancelled
        ],
        currency_rates=[
            {"currency": a, "to_currency": b, "start_date": date(2020, 1, 1), "rate": rate}
            for (a, b), rate in company.rates.items()
        ],
    )
    with TemporaryDirectory() as folder:
        return calculated(made, small.parameters(written(company, Path(folder))), "2026-03")


def person(company: Credited, who: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A person, whose team, role and manager go by the name."""
    role = "specialist" if who in SPECIALISTS else "seller"
    team = "marketing" if who in TEAM else "sales"
    currency = company.currencies[who]
    payee, held = small.person(
        who, f"in_{currency}", role=role, team=team, manager_id=HEADS.get(who)
    )
    return payee | {"currency": currency}, held


def written(company: Credited, folder: Path) -> Path:
    """The folder with the rules and a plan in each currency."""
    table = "{2026-01-01: [{from: 0, rate: 1%}]}"
    texts = [small.plan(f"in_{currency}", currency, table=table) for currency in PLACES]
    shares = {name: percent(getattr(company, name)) for name in ("overlay", "team", "roll_up")}
    crediting = CREDITING.format(policy=company.policy, **shares)
    return small.written(folder, *texts, crediting=crediting)


def percent(share: Fraction) -> str:
    """A share as it is written: 33.333333."""
    exact = share * 100
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"
