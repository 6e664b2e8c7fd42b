"""Clawbacks: how much of a cancellation takes pay back, and at which rate.

Without a clawback a cancellation counts in full, whenever it comes, at the curve that holds. With
one, its share falls with the months since the booking, and beyond the last of them it takes nothing
back. Either its credit shrinks (`applied`), or it counts for nothing on any curve and the share of
what the booking was paid comes back (`at_paid_rate`): of what the component's modifiers left of it.
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

FINE = 10**6  # parts of a minor unit, in which what modifiers left of a line is reckoned
PARTS = 10**6  # of a share in a clawback's table


def applied(lines: Table[Any], work: Work) -> Table[Any]:
    """The lines with what cancellations take back of them.

    Args:
        lines: `LINE`, component, credited [ticks].
    """
    terms = _terms(work)
    if not terms:
        return lines
    cancelled = engine.kept(_cancelled(work).select("order", "booking", "elapsed"))
    lines = _counted(lines, terms, cancelled, work)
    own = lines.filter(nw.col("component").is_in(list(terms)))
    when = cancelled.select("order", "elapsed")
    dated = own.with_columns(order=keys.booking()).join(when, on="order", how="left")
    shrunk = [
        _shrunk(dated.filter(nw.col("component") == number), clawback, number, work)
        for number, clawback in terms.items()
    ]
    others = lines.filter(~nw.col("component").is_in(list(terms)))
    return engine.stacked([others, *shrunk])


def _counted(
    lines: Table[Any], terms: dict[int, Clawback], cancelled: Table[Any], work: Work
) -> Table[Any]:
    """The lines without cancellations that come back at the rate once paid.

    That is decided by the plan that paid the booking, for one who has another plan by now too. To a
    component that pays back so, what never was paid is no cancellation either.
    """
    at_rate = [number for number, clawback in terms.items() if clawback.at == "paid_rate"]
    if not at_rate:
        return lines
    rows = work.made.opened(lines).with_columns(order=keys.booking())
    rows = rows.join(cancelled.select("order", "booking"), on="order", how="left")
    back = nw.col("component").is_in(at_rate)
    bookings = rows.filter(nw.col("booking").is_null())
    person = ["person", "booking"]
    paid = bookings.with_columns(booking="order", back=back.cast(nw.Int64)).group_by(*person)
    known = paid.agg(back=nw.col("back").max())
    joined = rows.join(known, on=person, how="left")
    counts = nw.when(back).then(nw.col("back") == 0).otherwise(nw.col("back").fill_null(0) == 0)
    kept = joined.filter(nw.col("booking").is_null() | counts.fill_null(False))
    return kept.select(*LINE, "component", "credited")


def at_paid_rate(
    lines: Table[Any], work: Work, places: tuple[str, ...], left: Table[Any] | None
) -> Table[Any] | None:
    """What comes back of what bookings were paid; none where no plan says so.

    Args:
        lines: of `commissions.Earned`.
        work: of the calculation.
        places: file and line, by number; with those of clawbacks.
        left: what components with modifiers came to before and after them: component, person,
            span, period_number, before, after [minor units]; none where no component has any.

    Returns:
        Lines of kind clawback.
    """
    terms = {n: c for n, c in _terms(work).items() if c.at == "paid_rate"}
    if not terms:
        return None
    credits = lines.filter(nw.col("kind") == "credit").group_by(*LINE)
    paid = work.made.opened(credits.agg(nw.col("amount").sum()))
    paid = paid.filter(nw.col("component").is_in(list(terms)))
    paid = paid.with_columns(order=keys.booking()).drop("segment")
    back = _cancelled(work).join(paid, left_on="booking", right_on="order", how="inner")
    whole = back.with_columns(fine=engine.wide("amount") * FINE)
    back = engine.kept(whole if left is None else _after_modifiers(back, left, work))
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
    component = work.made.components[number]
    least = unit(component.currency, work.used[component.measure])
    up, down = _share(clawback)
    exact = engine.wide("credited") * up
    part = (engine.rounded(exact, down * least) * least).cast(nw.Int64)
    whole = nw.col("elapsed").is_null() | (up == down)
    credited = nw.when(whole).then(nw.col("credited")).otherwise(part)
    kept = rows.with_columns(credited=credited).filter(whole | (nw.col("credited") != 0))
    return kept.select(*LINE, "component", "credited")


def _after_modifiers(back: Table[Any], left: Table[Any], work: Work) -> Table[Any]:
    """With each line's part of what modifiers had left of its window when it was cancelled."""
    row = ("component", *LINE, "order")
    until = work.made.placed.select("component", "segment", until="period_number")
    place = ["component", "person", "period_number"]
    spans = left.select(*place, "span").unique(place)
    dated = back.join(until, on=["component", "segment"]).join(spans, on=place, how="left")
    sums = (
        dated.select(*row, "person", "span", "until")
        .join(left.rename({"period_number": "of"}), on=["component", "person", "span"])
        .filter(nw.col("of") <= nw.col("until"))
        .group_by(*row)
        .agg(before=nw.col("before").sum(), after=nw.col("after").sum())
    )
    joined = back.join(sums, on=list(row), how="left")
    up = nw.when(nw.col("before") < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    after = engine.wide("after") * up
    kept = nw.when(after > 0).then(after).otherwise(nw.lit(0).cast(engine.WIDE))
    size = nw.when(nw.col("before") == 0).then(nw.lit(1)).otherwise(nw.col("before").abs())
    part = engine.rounded(engine.wide("amount") * FINE * kept, size.cast(engine.WIDE))
    none = nw.col("before").is_null() | (nw.col("before") == 0)
    fine = nw.when(none).then(engine.wide("amount") * FINE).otherwise(part)
    return joined.with_columns(fine=fine).drop("before", "after")


def _taken_back(
    back: Table[Any], clawback: Clawback, work: Work, places: tuple[str, ...]
) -> Table[Any]:
    """Minus the cancelled part, times the share, of what each line was paid.

    Rounded to date, so that of what is cancelled in parts all comes back, and never more.
    """
    up, down = _share(clawback)
    size = nw.col("amount").cast(nw.Float64).abs() * nw.col("cancelled").cast(nw.Float64).abs()
    engine.refuse_above(back.select(size=(size * PARTS).max()), LARGEST)
    own = ("component", *LINE)
    booked = nw.col("booked").abs()
    so_far = nw.col("cancelled").abs().cum_sum().over(*own, order_by="order")
    back = back.with_columns(so_far=nw.min_horizontal(so_far, booked))
    earlier = nw.col("so_far").shift(1).over(*own, order_by="order").fill_null(0)
    exact = back.with_columns(exact=nw.col("fine") * (nw.col("so_far") - earlier) * up)
    to_date = exact.with_columns(exact=nw.col("exact").cum_sum().over(*own, order_by="order"))
    whole = nw.when(booked == 0).then(nw.lit(1)).otherwise(booked.cast(engine.WIDE) * down * FINE)
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
