"""SPIFFs: what each booking scores in them, and the prizes as lines of earnings.

A prize comes after curves and modifiers, as an adjustment does: no cap cuts it and no gate
withholds it. It is earned with the month of the SPIFF's last day, or the one that it names; what
is cancelled later changes scores and places, and the difference is posted as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import conversion, engine
from spmlib.core.parameters import nearest, refuse
from spmlib.core.tables import SHARE, Earnings, SpiffScores, SpiffStandings, Table
from spmlib.incent.crediting import keys
from spmlib.incent.crediting.credits import paid_in
from spmlib.incent.work import Work
from spmlib.rules.measures import MONEYS
from spmlib.rules.spiffs.standings import standings
from spmlib.rules.spiffs.written import Spiff

KIND = "spiff"
MISSING: dict[str, Any] = dict.fromkeys(
    ("component", "transaction_id", "rule", "through_id"), nw.String
)


@dataclass(frozen=True)
class Spiffs:
    """What counts in every SPIFF, and who stands where."""

    scores: Table[SpiffScores]
    standings: Table[SpiffStandings]


def spiffs(work: Work) -> Spiffs:
    """The scores and standings of all SPIFFs, as far as the calculation goes."""
    said = work.parameters.spiffs.values()
    if not said:
        return Spiffs(engine.empty(SpiffScores), engine.empty(SpiffStandings))
    for spiff in said:
        _refuse_period(spiff, work)
    made = [engine.collected(_scores(spiff, work)) for spiff in said]
    positions = engine.collected(work.company.positions)
    payees = engine.collected(work.company.payees.select("payee_id", "hire_date"))
    known = _known(work)
    stand = [
        standings(rows, positions, payees, spiff, known)
        for spiff, rows in zip(said, made, strict=True)
    ]
    return Spiffs(engine.brought(pl.concat(made)), engine.brought(pl.concat(stand)))


def lines(made: Spiffs, work: Work) -> list[Table[Earnings]]:
    """A line of earnings for each prize of the SPIFFs that are over; none where there are none."""
    periods = [_paid(spiff, work) for spiff in work.parameters.spiffs.values()]
    over = [row for row in periods if row is not None]
    if not over:
        return []
    won = engine.collected(made.standings).filter(pl.col("prize") > 0)
    due = _converted(won.join(pl.DataFrame(over), on="spiff"), work)
    nothing = {name: nw.lit(None, dtype=kind) for name, kind in MISSING.items()}
    return [
        engine.brought(due.filter(pl.col("amount").is_not_null()))
        .with_columns(
            kind=nw.lit(KIND),
            number=nw.lit(0).cast(nw.Int64),
            window=nw.col("spiff"),
            event_id=nw.col("spiff"),
            credited=nw.col("score"),
            before=nw.lit(0).cast(nw.Int64),
            after=nw.col("score"),
            currency=nw.col("plan_currency"),
            **nothing,
        )
        .select(*Earnings.columns())
    ]


def unpaid(made: Spiffs, work: Work) -> Table[Any]:
    """Prizes that are won and cannot be paid, and why: row, what."""
    schema = {"row": pl.String, "what": pl.String}
    won = engine.collected(made.standings).filter(pl.col("prize") > 0)
    if won.is_empty():
        return engine.brought(pl.DataFrame(schema=schema))
    ends = [{"spiff": s.name, "event_date": _last(s)} for s in work.parameters.spiffs.values()]
    due = _converted(won.join(pl.DataFrame(ends), on="spiff"), work)
    plan = pl.col("plan_currency").is_null()
    what = (
        pl.when(plan)
        .then(pl.lit("the person holds no plan on the last day to pay the prize with"))
        .otherwise(pl.format("there is no rate from {} to {}", "currency", "plan_currency"))
    )
    row = pl.format("{} {}", "spiff", "payee_id")
    lost = due.filter(pl.col("amount").is_null()).select(row=row, what=what)
    return engine.brought(lost.cast(pl.Schema(schema)))


def _scores(spiff: Spiff, work: Work) -> Table[SpiffScores]:
    """What may count: own credits of the measure, from the pace before the window to its end."""
    measure, booked = work.used[spiff.measure], work.booked
    people = work.who.people.select("person", "payee_id", "paid_in")
    whole = f"{measure.sums}@{spiff.currency}" if measure.sums in MONEYS else f"{measure.sums}@"
    rows = work.rows.filter(booked.has(measure.name), _admitted(spiff, work))
    rows = rows.select("key", "person", "plan_number", "share", own=nw.col(measure.sums))
    placed = rows.join(people, on="person").join(paid_in(work), on="plan_number", how="left")
    told = placed.with_columns(booking=keys.booking()).join(
        booked.rows.select("transaction_id", "event_id", "event_date", "order", whole=whole),
        left_on="booking",
        right_on="order",
    )
    booking = work.company.transactions.select("transaction_id", booked_date="event_date")
    unit = conversion.minor(spiff.currency) if measure.sums in MONEYS else 1
    part = engine.rounded(engine.wide("whole") * engine.wide("share"), SHARE * unit) * unit
    own = nw.coalesce("currency", "paid_in") == spiff.currency
    score = nw.col("own")
    if measure.sums in MONEYS:
        score = nw.when(own).then(score).otherwise(part.cast(nw.Int64))
    first = spiff.start - timedelta(days=spiff.fair.days + spiff.fair.of if spiff.fair else 0)
    key = ("spiff", "payee_id", "transaction_id", "event_id", "booked_date", "event_date")
    return (
        told.join(booking, on="transaction_id")
        .with_columns(spiff=nw.lit(spiff.name), score=score)
        .filter(
            nw.col("booked_date") >= first,
            nw.col("booked_date") < spiff.end,
            nw.col("event_date") < spiff.end + timedelta(days=spiff.kept),
            ~nw.col("score").is_null(),  # without a rate: a row of issues
        )
        .group_by(*key)
        .agg(score=nw.col("score").sum())
        .select(*SpiffScores.columns())
    )


def _admitted(spiff: Spiff, work: Work) -> nw.Expr:
    """The credits of the rules that a SPIFF names, or else of all that credit people themselves."""
    if not spiff.rules:
        return keys.level() == 0
    known = list(work.parameters.crediting.rules)
    for rule in spiff.rules:
        if rule not in known:
            wrong = f"there is no crediting rule '{rule}'"
            refuse(spiff.at["score"], wrong, f"write {nearest(rule, known)}")
    return keys.rule_number().is_in([known.index(rule) for rule in spiff.rules])


def _known(work: Work) -> date:
    """The first day after what the calculation goes to."""
    through = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    return engine.collected(through.select(day=nw.col("period_end").max()))["day"][0]


def _paid(spiff: Spiff, work: Work) -> dict[str, Any] | None:
    """The period that pays a SPIFF that is over; none before the calculation reaches it."""
    periods = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    rows = engine.collected(periods.select("period", "period_start", "period_end"))
    last = _last(spiff)
    if spiff.paid is None:
        found = rows.filter(pl.lit(last).is_between("period_start", "period_end", closed="left"))
    else:
        found = rows.filter(pl.col("period") == spiff.paid, pl.col("period_end") > last)
    if found.is_empty():
        return None
    start = found["period_start"][0]
    return {"spiff": spiff.name, "period": found["period"][0], "event_date": max(last, start)}


def _refuse_period(spiff: Spiff, work: Work) -> None:
    """Refuse a month of payment that the calendar does not have, or that ends before the window."""
    if spiff.paid is None:
        return
    rows = engine.collected(work.made.periods.select("period", "period_end").sort("period_end"))
    fits = rows.filter(pl.col("period_end") > _last(spiff))["period"].to_list()
    if spiff.paid not in fits:
        wrong = f"'{spiff.paid}' is no period that ends after the window"
        right = f"write {fits[0]} or a later one" if fits else "lengthen calendar.yaml"
        refuse(spiff.at["paid"], wrong, right)


def _last(spiff: Spiff) -> date:
    return spiff.end - timedelta(days=1)


def _converted(won: pl.DataFrame, work: Work) -> pl.DataFrame:
    """The prizes with plan_currency and amount in it; empty where there is no plan or rate."""
    plans = work.parameters.plans
    money = pl.DataFrame(
        {"plan": list(plans), "plan_currency": [p.currency for p in plans.values()]},
        schema={"plan": pl.String, "plan_currency": pl.String},
    )
    rows = won.join(money, on="plan", how="left")
    kind = work.parameters.crediting.currency_rate
    rates = work.company.currency_rates.filter(nw.col("kind") == kind)
    turned = list(_by_currency(rows, rates))
    return pl.concat(
        [
            *turned,
            rows.filter(pl.col("plan_currency").is_null()).with_columns(
                amount=pl.lit(None, pl.Int64)
            ),
        ]
    )


def _by_currency(rows: pl.DataFrame, rates: Table[Any]) -> Iterator[pl.DataFrame]:
    for (currency,), own in rows.filter(pl.col("plan_currency").is_not_null()).group_by(
        "plan_currency", maintain_order=True
    ):
        due = engine.brought(own.with_columns(amount="prize"))
        yield engine.collected(conversion.on_days(due, rates, str(currency), "amount"))
