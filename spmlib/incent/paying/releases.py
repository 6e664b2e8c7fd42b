"""Releases: what of each transaction's earnings is payable so far, as it is billed and collected.

To date, a transaction's earnings are payable in the share that its events have reached::

    booking + billing x billed / booked + collection x collected / booked      (of what it earned)

rounded once; a month's release is the difference. What was cancelled is no part of booked. So a
deal that is cancelled before it is collected takes back just what had been paid for it.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import Earnings, Table
from spmlib.incent.earning.brackets import LARGEST
from spmlib.incent.work import Work
from spmlib.rules.payments import Payment
from spmlib.rules.plans import Plan

PARTS = 10**6  # of a share: payment terms have at most six decimals
KEY = ("payee_id", "component", "transaction_id")
EVENTS = ("billing", "collection", "cancellation")


def released(earnings: Table[Earnings], plan: Plan, work: Work) -> Table[Any]:
    """What becomes payable each month, less what is earned in it, of one plan.

    Lines of no transaction (restatements, prizes, modifiers) are payable at once.

    Returns:
        payee_id, component, period, amount [ticks].

    Raises:
        OverflowRefused: an amount is too large to be exact.
    """
    assert plan.payment is not None  # its caller makes sure
    lines = earnings.filter(nw.col("plan") == plan.name, ~nw.col("transaction_id").is_null())
    earned = lines.group_by(*KEY, "period").agg(earned=nw.col("amount").sum())
    rows = engine.kept(_with_events(earned, work))
    to_date = {
        name: nw.col(name).cum_sum().over(*KEY, order_by="period_number")
        for name in ("earned", *EVENTS)
    }
    dated = rows.with_columns(month=nw.col("earned")).with_columns(**to_date)
    engine.refuse_above(dated.select(size=_size().max()), LARGEST)
    payable = dated.with_columns(
        payable=_payable(plan.payment, conversion.minor(plan.currency)),
    )
    before = nw.col("payable").shift(1).over(*KEY, order_by="period_number").fill_null(0)
    fresh = payable.with_columns(amount=nw.col("payable") - before - nw.col("month"))
    return fresh.group_by("payee_id", "component", "period").agg(nw.col("amount").sum())


def _with_events(earned: Table[Any], work: Work) -> Table[Any]:
    """A row for each month in which a transaction earned or something happened to it."""
    periods = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    owners = earned.select(*KEY).unique([*KEY])
    happened = (
        work.company.events.join(periods, how="cross")
        .filter(engine.during("event_date", "period_start", "period_end"))
        .group_by("transaction_id", "period")
        .agg(**{event: _sum(event) for event in EVENTS})
    )
    nothing = {event: nw.lit(0).cast(nw.Int64) for event in EVENTS}
    both = engine.stacked(
        [
            earned.with_columns(**nothing).select(*KEY, "period", "earned", *EVENTS),
            owners.join(happened, on="transaction_id")
            .with_columns(earned=nw.lit(0).cast(nw.Int64))
            .select(*KEY, "period", "earned", *EVENTS),
        ]
    )
    summed = both.group_by(*KEY, "period").agg(nw.col("earned", *EVENTS).sum())
    booked = work.company.transactions.select("transaction_id", booked="amount")
    numbered = summed.join(periods.select("period", "period_number"), on="period")
    return numbered.join(booked, on="transaction_id")


def _sum(event: str) -> nw.Expr:
    own = nw.when(nw.col("event") == event).then(nw.col("amount")).otherwise(nw.lit(0))
    return own.sum()


def _payable(terms: Payment, unit: int) -> nw.Expr:
    """What is payable to date [ticks]."""
    net = nw.col("booked") + nw.col("cancellation")
    sign = nw.when(net < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    whole = net * sign
    met = {event: _met(nw.col(event) * sign, whole) for event in ("billing", "collection")}
    parts = {event: int(share * PARTS) for event, share in terms.events.items()}
    parts = parts or {"booking": PARTS}
    reached = nw.lit(parts.get("booking", 0)).cast(engine.WIDE) * whole
    for event, done in met.items():
        reached = reached + nw.lit(parts.get(event, 0)).cast(engine.WIDE) * done
    if terms.advance is not None:
        least = nw.lit(int(terms.advance * PARTS)).cast(engine.WIDE) * whole
        reached = nw.when(reached > least).then(reached).otherwise(least)
    if terms.hold is not None and terms.hold.until == "collected":
        nothing = nw.lit(0).cast(engine.WIDE)
        reached = nw.when(met["collection"] >= whole).then(reached).otherwise(nothing)
    divisor = whole.cast(engine.WIDE) * PARTS * unit
    paid = engine.rounded(
        engine.wide("earned") * reached, nw.when(whole == 0).then(nw.lit(1)).otherwise(divisor)
    )
    exact = (paid * unit).cast(nw.Int64)
    return nw.when(whole == 0).then(nw.col("earned")).otherwise(exact)


def _met(done: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """How much of the whole was billed or collected, nothing below it and nothing beyond."""
    some = nw.when(done > 0).then(done).otherwise(nw.lit(0))
    return nw.when(some > whole).then(whole).otherwise(some).cast(engine.WIDE)


def _size() -> nw.Expr:
    """About how large the products get."""
    earned, booked = (nw.col(name).cast(nw.Float64).abs() for name in ("earned", "booked"))
    cancelled = nw.col("cancellation").cast(nw.Float64).abs()
    return earned * (booked + cancelled) * PARTS
