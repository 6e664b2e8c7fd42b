"""Brought: what deals bring, line by line; all lines add up to what they bring."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core.tables import MONEY
from spmlib.incent.estimating.deals import ticks
from spmlib.incent.estimating.estimates import Estimate
from spmlib.incent.estimating.left import whole
from spmlib.incent.estimating.outcomes import Part
from spmlib.incent.estimating.untold import paid_at_booking
from spmlib.incent.estimating.walks import Line, Walk
from spmlib.incent.explaining.pieces import Measured, pieces
from spmlib.rules.curves import Bracket

if TYPE_CHECKING:
    import pandas as pd


def lines(of: Estimate) -> pd.DataFrame:
    """What each deal earns in each component that counts it, in the order in which they count.

    Returns:
        deal, day, component, credited, before, after (counted to date), attainment (share of
        quota after it), tier, rate (earned for each 1 counted), amount [currency], words (bracket
        by bracket), place.
    """
    import pandas as pd

    columns = "deal day component credited before after attainment tier rate amount words place"
    rows = [row for part in of.after.parts.values() for row in _lines(of, part)]
    ordered = sorted(rows, key=lambda row: (row["day"], row["deal"]))
    return pd.DataFrame(ordered, columns=columns.split())


def changes(of: Estimate) -> pd.DataFrame:
    """All that the deals bring, in lines that add up: deals, and what changes with them.

    Returns:
        what (deals, other deals, restatement, gate, multiplier, cap, floor), component (empty: the
        whole plan), says, amount [currency]; lines of nothing are left out.
    """
    import pandas as pd

    rows = [
        row for name in of.after.parts for row in _changes(of, name) if row["amount"] or row["says"]
    ]
    rows += list(_moved(of, of.before.effects, of.after.effects, ""))
    return pd.DataFrame(rows, columns=["what", "component", "says", "amount"])


def deals(of: Estimate) -> pd.DataFrame:
    """What each deal earns in all.

    Returns:
        deal, day, amount and currency (its own), counts_in (components), earned, at_booking (of it,
        paid once it is booked; none where pay waits for more than events), later [plan currency].
    """
    import pandas as pd

    earned = lines(of)
    share, _ = paid_at_booking(of.standing)
    rows = []
    for deal in sorted(of.deals, key=lambda deal: (deal.day, deal.deal_id)):
        own = earned[earned["deal"] == deal.deal_id]
        total = sum(own["amount"], Decimal(0))
        booked = sum((_part_of(of, amount, share) for amount in own["amount"]), Decimal(0))
        rows.append(
            {
                "deal": deal.deal_id,
                "day": deal.day,
                "amount": Decimal(ticks(deal.amount, "money", deal.deal_id) or 0) / MONEY,
                "currency": deal.currency,
                "counts_in": ", ".join(dict.fromkeys(own["component"])),
                "earned": total,
                "at_booking": booked,
                "later": total - booked,
            }
        )
    columns = "deal day amount currency counts_in earned at_booking later"
    return pd.DataFrame(rows, columns=columns.split())


def tier(curve: Measured, bracket: Bracket) -> str:
    """Which row of the table a bracket is of, of how many."""
    rows = list(dict.fromkeys((b.place, b.gives) for b in curve.curve))
    own = (bracket.place, bracket.gives)
    return f"{rows.index(own) + 1} of {len(rows)}" if own in rows else ""


def _lines(of: Estimate, part: Part) -> Iterator[dict[str, Any]]:
    component = part.component
    for walk in part.walks:
        for line in walk.lines:
            if not line.deal:
                continue
            amount, bracket = of.money(line.amount), line.bracket
            assert bracket is not None  # every line of a deal reached one
            there = component.thresholds == "quota" and walk.measured.stick > 0
            yield {
                "deal": line.deal,
                "day": line.day,
                "component": component.name,
                "credited": Decimal(line.credited) / MONEY,
                "before": Decimal(line.before) / MONEY,
                "after": Decimal(line.after) / MONEY,
                "attainment": float(line.after / walk.measured.stick) if there else None,
                "tier": tier(walk.measured, bracket),
                "rate": float(amount) * MONEY / line.credited if line.credited else None,
                "amount": amount,
                "words": "; ".join(_words(walk, line)),
                "place": str(bracket.place),
            }


def _words(walk: Walk, line: Line) -> list[str]:
    assert line.bracket is not None  # as above
    row = {
        "event_date": line.day,
        "credited": line.credited,
        "before": line.before,
        "after": line.after,
        "amount": line.amount * int(walk.measured.unit),
        "source": line.bracket.place,
    }
    return [piece.words for piece in pieces(walk.component, walk.terms, row)]


def _changes(of: Estimate, name: str) -> Iterator[dict[str, Any]]:
    before, after = of.before.parts[name], of.after.parts[name]

    def row(what: str, amount: int, says: str = "") -> dict[str, Any]:
        return {"what": what, "component": name, "says": says, "amount": of.money(amount)}

    new = [ln for walk in after.walks for ln in walk.lines if ln.deal]
    booked = [ln.amount for walk in after.walks for ln in walk.lines if not ln.deal]
    was = [ln.amount for walk in before.walks for ln in walk.lines]
    yield row("deals", sum(ln.amount for ln in new))
    yield row("other deals", sum(booked) - sum(was))
    restated = [sum(walk.restated for walk in part.walks) for part in (after, before)]
    yield row("restatement", restated[0] - restated[1])
    yield from _moved(of, before.effects, after.effects, name)


def _moved(
    of: Estimate, before: tuple[Any, ...], after: tuple[Any, ...], name: str
) -> Iterator[dict[str, Any]]:
    """The lines of modifiers that differ, or whose state does."""
    for was, now in zip(before, after, strict=True):
        says = now.says if now.says == was.says else f"{was.says}, then {now.says}"
        if now.amount != was.amount or now.says != was.says:
            amount = of.money(now.amount - was.amount)
            yield {"what": now.modifier.kind, "component": name, "says": says, "amount": amount}


def _part_of(of: Estimate, amount: Decimal, share: float) -> Decimal:
    unit = of.money(1)
    return of.money(whole(Fraction(amount) / Fraction(unit) * Fraction(str(share))))
