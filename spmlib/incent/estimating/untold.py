"""Untold: what an estimate leaves out, in words, so that nothing is silently wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.standings import Standing
from spmlib.incent.lines import BESIDE

if TYPE_CHECKING:
    import polars as pl

TERMS = ("draw", "guarantee", "minimum", "maximum")


def told(stands: Standing, deals: Sequence[Deal], found: pl.DataFrame | None) -> tuple[str, ...]:
    """What is not estimated, in words.

    Args:
        stands: the person.
        deals: as asked.
        found: their credits under the plan.
    """
    return (*_plan(stands), *_uncounted(stands, deals, found))


def _plan(stands: Standing) -> Iterator[str]:
    """What of the plan is not estimated."""
    for name, held in stands.held.items():
        if held.component.thresholds == "place":
            yield f"{name}: places depend on what others sell; the prize is taken as it stands."
    ready = stands.ready
    by_hand = ready.own(1, stands.payee_id)
    if any(line["kind"] in BESIDE for line in by_hand):
        yield "Adjustments by hand and prizes of SPIFFs come on top, and are left out."
    payment = stands.plan.payment
    if payment is None:
        return
    named = [word for word in TERMS if getattr(payment, word, None) is not None]
    if named:
        yield f"Payment terms ({', '.join(named)}) change when pay comes, and are left out."
    if payment.clawback is not None:
        yield "A deal below zero counts in full; clawbacks take cancellations of bookings only."


def _uncounted(
    stands: Standing, deals: Sequence[Deal], found: pl.DataFrame | None
) -> Iterator[str]:
    """The deals that count in nothing, or only under another plan."""
    flags = dict.fromkeys(f"has {held.component.measure}" for held in stands.held.values())
    counts: dict[str, bool] = {}
    for row in () if found is None else found.select("transaction_id", *flags).iter_rows():
        counts[row[0]] = counts.get(row[0], False) or any(row[1:])
    for deal in deals:
        if deal.deal_id not in counts:
            nobody = f"no rule credits {stands.payee_id} with it on {deal.day}."
            yield _rate(stands, deal) or f"{deal.deal_id}: {nobody}"
        elif not counts[deal.deal_id]:
            yield f"{deal.deal_id}: no component counts it (kind {deal.kind or 'none'})."


def _rate(stands: Standing, deal: Deal) -> str:
    """Whether there is no rate for a deal's currency."""
    if deal.currency == stands.plan.currency:
        return ""
    import polars as pl

    rates = stands.ready.company.currency_rates.collect("polars").to_native()
    own = rates.filter(
        pl.col("currency") == deal.currency,
        pl.col("to_currency") == stands.plan.currency,
        pl.col("start_date") <= deal.day,
        pl.col("kind") == stands.ready.parameters.crediting.currency_rate,
    )
    if len(own):
        return ""
    return f"{deal.deal_id}: there is no rate from {deal.currency} to {stands.plan.currency}."


def paid_at_booking(stands: Standing) -> tuple[float, str]:
    """The share of what a deal earns that is paid once it is booked, and when the rest is."""
    payment = stands.plan.payment
    if payment is None:
        return 1.0, ""
    if payment.hold is not None:
        until = "it is collected" if payment.hold.until == "collected" else "the hold ends"
        return 0.0, f"all of it once {until}"
    events: dict[str, Any] = dict(payment.events) or {"booking": 1}
    share = max(float(events.get("booking", 0)), float(payment.advance or 0))
    rest = " and ".join(event for event in events if event != "booking")
    return share, f"the rest with {rest}" if rest else ""
