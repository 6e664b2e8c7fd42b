"""Returns: what is kept of the pay for a deal that is booked, paid and then cancelled."""

from __future__ import annotations

from fractions import Fraction

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact
from spmlib.rules.payments import Clawback


def taken_back(clawback: Clawback | None, months: int, events: bool = True) -> Fraction:
    """The share of a cancellation that takes pay back, so many whole months after the booking.

    Args:
        clawback: the plan's; none: every cancellation counts in full.
        months: whole months between booking and cancellation.
        events: whether cancellations count at all (``events`` of crediting.yaml names them).

    Raises:
        ParameterError: the months are below 0.
    """
    if months < 0:
        raise ParameterError("months: a deal is not cancelled before it is booked; give 0 or more.")
    if not events:
        return Fraction(0)
    if clawback is None:
        return Fraction(1)
    if months >= clawback.within_months:
        return Fraction(0)
    if clawback.schedule == "pro_rata":
        return Fraction(clawback.within_months - months, clawback.within_months)
    steps = [(start, share) for start, share in clawback.steps if start <= months]
    return Fraction(steps[-1][1]) if steps else Fraction(1)


def kept(
    paid: Paid,
    deal: Amount,
    credited: Amount,
    clawback: Clawback | None,
    months: int,
    later: Amount | None = None,
    events: bool = True,
) -> Fraction:
    """What stays of the pay for a deal that is cancelled after so many months [currency].

    Within the same window, or where no cancellation is limited, the credit is undone where the
    window stands; in a later window it is taken from that one's curve, which may pay less for it:
    the difference is kept, and below 0 it costs more than it brought.

    Args:
        paid: what a window pays.
        deal: its size.
        credited: in the window of the booking, without it.
        clawback: the plan's; none: a cancellation counts in full.
        months: whole months between booking and cancellation.
        later: credited in the window of the cancellation, without it; the same window if none.
        events: whether cancellations count at all.
    """
    size, share = exact(deal), taken_back(clawback, months, events)
    brought = paid.of_deal(credited, size)
    if share == 0:
        return brought
    if clawback is not None and clawback.at == "paid_rate":
        return brought * (1 - share)
    where = exact(credited) + size if later is None else exact(later)
    return brought + paid.of_deal(where, -share * size)


def window_ends(clawback: Clawback | None, events: bool = True) -> int | None:
    """From how many months on a cancellation takes nothing back; none where it always does."""
    if not events:
        return 0
    return None if clawback is None else clawback.within_months
