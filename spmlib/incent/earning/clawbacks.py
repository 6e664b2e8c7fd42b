"""Clawbacks: how much of a cancellation takes pay back, and at which rate.

Without a clawback a cancellation counts in full, whenever it comes, at the curve that holds. With
one, its share falls with the months since the booking, and beyond the last of them it takes nothing
back. Either its credit shrinks (`applied`), or it counts for nothing on the curve and the share of
what the booking was paid comes back (`at_paid_rate`), outside caps and gates.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.crediting import keys
from spmlib.incent.earning.brackets import LARGEST
from spmlib.incent.earning.layout import LINE
from spmlib.incent.earning.lines import told
from spmlib.incent.earning.window_goals import unit
from spmlib.incent.work import Work
from spmlib.rules.payments import Clawback

PARTS = 10**6  # of a share in a clawback's table


def applied(lines: Table[Any], work: Work) -> Table[Any]:
    """The lines with what cancellations take back of them.

    Args:
        lines: `LINE`, component, credited [ticks].
    """
    terms = _terms(work)
    if not terms:
        return lines
    own = lines.filter(nw.col("component").is_in(list(terms)))
    dated = own.with_columns(order=keys.booking()).join(_events(work), on="order", how="left")
    shrunk = [
        _shrunk(dated.filter(nw.col("component") == number), clawback, number, work)
        for number, clawback in terms.items()
    ]
    others = lines.filter(~nw.col("component").is_in(list(terms)))
    return engine.stacked([others, *shrunk])


def at_paid_rate(lines: Table[Any], work: Work, places: tuple[str, ...]) -> Table[Any] | None:
    """What comes back of what bookings were paid; none where no plan says so.

    Args:
        lines: of `commissions.Earned`.
        work: of the calculation.
        places: file and line, by number; with those of clawbacks.

    Returns:
        Lines of kind clawback.
    """
    terms = {n: c for n, c in _terms(work).items() if c.at == "paid_rate"}
    if not terms:
        return None
    paid = work.made.opened(lines.filter(nw.col("kind") == "credit").select(*LINE, "amount"))
    paid = paid.filter(nw.col("component").is_in(list(terms)))
    paid = paid.with_columns(order=keys.booking()).drop("segment")
    back = _cancelled(work).join(paid, left_on="booking", right_on="order", how="inner")
    made = [
        _taken_back(back.filter(nw.col("component") == number), clawback, work, places)
        for number, clawback in terms.items()
    ]
    return engine.kept(engine.stacked(made))


def _terms(work: Work) -> dict[int, Clawback]:
    """The clawback of each component that has one."""
    plans = work.parameters.plans
    found = {}
    for number, component in enumerate(work.made.components):
        payment = plans[component.plan].payment
        if payment is not None and payment.clawback is not None:
            found[number] = payment.clawback
    return found


def _shrunk(rows: Table[Any], clawback: Clawback, number: int, work: Work) -> Table[Any]:
    if clawback.at == "paid_rate":
        return rows.filter(nw.col("elapsed").is_null()).select(*LINE, "component", "credited")
    component = work.made.components[number]
    least = unit(component.currency, work.used[component.measure])
    up, down = _share(clawback)
    exact = engine.wide("credited") * up
    part = (engine.rounded(exact, down * least) * least).cast(nw.Int64)
    whole = nw.col("elapsed").is_null() | (up == down)
    credited = nw.when(whole).then(nw.col("credited")).otherwise(part)
    kept = rows.with_columns(credited=credited).filter(whole | (nw.col("credited") != 0))
    return kept.select(*LINE, "component", "credited")


def _taken_back(
    back: Table[Any], clawback: Clawback, work: Work, places: tuple[str, ...]
) -> Table[Any]:
    """Minus the cancelled part, times the share, of what each line was paid.

    Rounded to date, so that of what is cancelled in parts all comes back, and no more.
    """
    up, down = _share(clawback)
    cancelled, booked = (nw.col(n).abs().cast(engine.WIDE) for n in ("cancelled", "booked"))
    size = nw.col("amount").cast(nw.Float64).abs() * nw.col("cancelled").cast(nw.Float64).abs()
    engine.refuse_above(back.select(size=(size * PARTS).max()), LARGEST)
    own = ("component", "key")
    exact = back.with_columns(exact=engine.wide("amount") * cancelled * up)
    to_date = exact.with_columns(exact=nw.col("exact").cum_sum().over(*own, order_by="order"))
    whole = nw.when(nw.col("booked") == 0).then(nw.lit(1)).otherwise(booked * down)
    back = to_date.with_columns(to_date=engine.rounded(nw.col("exact"), whole))
    before = nw.col("to_date").shift(1).over(*own, order_by="order").fill_null(0)
    amount = (before - nw.col("to_date")).cast(nw.Int64)
    lines = back.with_columns(
        amount=nw.when(nw.col("booked") == 0).then(nw.lit(0)).otherwise(amount),
        key=nw.col("key") + (nw.col("order") - nw.col("booking")) * keys.BELOW_BOOKING,
        spot=work.made.spot,
        place=nw.lit(places.index(clawback.place)).cast(nw.Int64),
        **{n: nw.lit(None, dtype=nw.Int64) for n in ("credited", "before", "after")},
    )
    return told(lines.filter(nw.col("amount") != 0), "clawback")


def _share(clawback: Clawback) -> tuple[nw.Expr, nw.Expr]:
    """What is taken back after so many months, as a numerator and a denominator."""
    months, within = nw.col("elapsed"), clawback.within_months
    none = nw.lit(0).cast(engine.WIDE)
    if clawback.schedule == "pro_rata":
        left = nw.lit(within).cast(engine.WIDE) - months
        return nw.when(months < within).then(left).otherwise(none), nw.lit(within).cast(engine.WIDE)
    up = none
    for start, share in clawback.steps:
        part = nw.lit(int(share * PARTS)).cast(engine.WIDE)
        up = nw.when((months >= start) & (months < within)).then(part).otherwise(up)
    return up, nw.lit(PARTS).cast(engine.WIDE)


def _events(work: Work) -> Table[Any]:
    """The cancellations, and how many whole months after the booking each came: order, elapsed."""
    return _cancelled(work).select("order", "elapsed")


def _cancelled(work: Work) -> Table[Any]:
    """Each cancellation beside its booking.

    Returns:
        order, segment, cancelled [ticks], booking (its order), booked [ticks], elapsed [months].
    """
    rows = work.booked.rows
    columns = ("transaction_id", "event_date", "source_amount", "order")
    events = rows.filter(~nw.col("event_id").is_null()).select(*columns, "event_id", "segment")
    kinds = work.company.events.filter(nw.col("event") == "cancellation").select("event_id")
    events = events.join(kinds, on="event_id").rename({"source_amount": "cancelled"})
    bookings = rows.filter(nw.col("event_id").is_null()).select(
        "transaction_id", booked_on="event_date", booked="source_amount", booking="order"
    )
    both = events.join(bookings, on="transaction_id")
    (y1, m1, d1), (y2, m2, d2) = (_parts(name) for name in ("booked_on", "event_date"))
    short = nw.when(d2 < d1).then(nw.lit(1)).otherwise(nw.lit(0))
    elapsed = ((y2 - y1) * 12 + (m2 - m1) - short).cast(nw.Int64)
    return both.with_columns(elapsed=elapsed).select(
        "order", "segment", "cancelled", "booking", "booked", "elapsed"
    )


def _parts(day: str) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    own = nw.col(day).dt
    return tuple(part.cast(nw.Int64) for part in (own.year(), own.month(), own.day()))  # type: ignore[return-value]
