"""What of a person's earnings has become payable, by events and holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from tests.oracles.deals import later
from tests.oracles.desk import NOTHING, Desk, Line
from tests.oracles.goals import Period, rounded

OF_A_DEAL = ("credit", "clawback")  # kinds of lines that belong to a transaction


@dataclass(frozen=True)
class Released:
    """One component's pay up to the end of a month: what was earned, and what gets through."""

    earned: Fraction
    happened: Fraction  # after events, and after a hold until it is collected
    free: Fraction  # after a hold until the person has been employed for long enough, too


def released(desk: Desk, found: list[Line], period: Period) -> dict[str | None, Released]:
    """What each component has come to, to date; None is what the whole plan's modifiers do."""
    names: list[str | None] = [c.name for c in desk.plan.components]
    return {name: _released(desk, found, period, name) for name in [*names, None]}


def _released(desk: Desk, found: list[Line], period: Period, name: str | None) -> Released:
    earned = happened = NOTHING
    to_date = {p.name for p in desk.calendar if p.start <= period.start}
    mine = [line for line in found if line.component == name and line.period in to_date]
    for transaction, amount in _by_deal(mine):
        earned += amount
        happened += rounded(amount * _part(desk, transaction, period), desk.places)
    return Released(earned, happened, happened if _employed(desk, period) else NOTHING)


def _by_deal(found: list[Line]) -> Iterator[tuple[str | None, Fraction]]:
    """What each transaction has earned; None: restatements, prizes and modifiers."""
    sums: dict[str | None, Fraction] = {}
    for line in found:
        transaction = line.transaction if line.kind in OF_A_DEAL else None
        sums[transaction] = sums.get(transaction, NOTHING) + line.amount
    yield from sums.items()


def _part(desk: Desk, transaction: str | None, period: Period) -> Fraction:
    """The share of what a transaction earned that is payable by what became of it."""
    terms = desk.plan.payment
    if transaction is None:
        return Fraction(1)
    deal = desk.deals[transaction]
    if terms.until_collected and deal.share("collection", period.end) < 1:
        return NOTHING
    if not terms.events:
        return Fraction(1)
    part = terms.events.get("booking", NOTHING)
    for kind in ("billing", "collection"):
        part += terms.events.get(kind, NOTHING) * deal.share(kind, period.end)
    return max(part, terms.advance)


def _employed(desk: Desk, period: Period) -> bool:
    """Whether the person has been employed for the months that pay is held."""
    person, months = desk.person, desk.plan.payment.employed_months
    hired = person.hired or min(p.start for p in person.positions)
    since = later(hired, months)
    if since.day < hired.day:  # a shorter month is over before the months are
        since += timedelta(1)
    stayed = person.left is None or since <= person.left
    return not months or (since <= period.end and stayed)
