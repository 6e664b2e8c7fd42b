"""Field pages: what one person of the field is shown of a month, of themselves and who they lead.

`workbench.field` makes them from the areas' tables, `show.field` draws them. What a viewer may not
see is not in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from spmlib.core.statements import Next


@dataclass(frozen=True)
class Steps:
    """What lies right before somebody on a curve [currency].

    Attributes:
        rate, then: what the next 1 earns now, and beyond the next threshold.
        step, step_earns: a round amount, and what it earns.
        deal, deal_earns: a deal of the usual size, and what it earns.
    """

    rate: Decimal
    then: Decimal | None
    step: Decimal | None
    step_earns: Decimal | None
    deal: Decimal | None
    deal_earns: Decimal | None


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in one component.

    Attributes:
        money: whether it counts money [currency]; else units.
        quota, attainment, expected, pace, asked: empty where there is no quota.
        expected: at the window's end, at the pace so far.
        asked: in each of the periods that are left, to reach the quota.
        state: ahead, on pace, behind, reached, none (no quota).
        ahead: the next threshold, and what it is worth by the curve; none beyond the last.
    """

    component: str
    window: str
    money: bool
    currency: str
    credited: Decimal
    quota: Decimal | None
    attainment: Decimal | None
    elapsed: Decimal
    expected: Decimal | None
    pace: Decimal | None
    asked: Decimal | None
    left_periods: int
    state: str
    ahead: Next | None
    near: bool = False  # near the next threshold
    steps: Steps | None = None
    curve: tuple[tuple[float, float, bool], ...] = ()  # share of quota, earned, here


@dataclass(frozen=True)
class Pay:
    """What a month came to under one plan [currency]."""

    plan: str
    currency: str
    earned: Decimal
    due: Decimal
    pending: tuple[tuple[str, Decimal], ...]  # unpaid, held, owed, carried


@dataclass(frozen=True)
class Open:
    """What is open in the pipeline, by category [currency]."""

    category: str
    deals: int
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Disputed:
    """A dispute that is not decided."""

    dispute_id: str
    period: str
    status: str
    raised: date
    due: date | None


@dataclass(frozen=True)
class Report:
    """Somebody below the viewer, as far as the viewer may see.

    Attributes:
        level: steps below the viewer; none where not below.
        standing: in the component by which people are compared.
        near, risk, thin: near the next threshold; at risk of missing the quota; too little open
            for what is missing to it.
        earned: none if it may not be seen [currency of the page].
        pipeline: likewise.
        cover: open pipeline over what is missing to the quota; none where nothing is missing.
        disputes: open; none if they may not be seen.
    """

    payee_id: str
    name: str
    role: str
    level: int | None
    on_leave: bool
    standing: Standing | None
    near: bool
    risk: bool
    thin: bool
    earned: Decimal | None
    pipeline: Decimal | None
    cover: Decimal | None
    disputes: int | None


@dataclass(frozen=True)
class Rolled:
    """What people count of one measure in one window, together [currency of the page, or units]."""

    measure: str
    window: str
    money: bool
    people: int
    credited: Decimal
    quota: Decimal
    attainment: Decimal


@dataclass(frozen=True)
class Region:
    """A region or team of those whom the viewer sees [currency of the page].

    Attributes:
        people: of whom attainment is seen.
        attainments: of each of them, rising.
        earned, cost: none where the pay of anybody in it may not be seen.
        cost: earned over booked.
        cover: open pipeline over what is missing to quotas.
    """

    name: str
    people: int
    attainments: tuple[Decimal, ...]
    booked: Decimal
    earned: Decimal | None
    cost: Decimal | None
    pipeline: Decimal | None
    cover: Decimal | None

    @property
    def middle(self) -> Decimal | None:
        """The median attainment."""
        n = len(self.attainments)
        if not n:
            return None
        return (self.attainments[(n - 1) // 2] + self.attainments[n // 2]) / 2


@dataclass(frozen=True)
class Sum:
    """An amount, and what it is made of [currency of the page]."""

    level: str
    name: str
    amount: Decimal
    people: int
    count: int
    inside: Sequence[Sum] = ()


@dataclass(frozen=True)
class FieldPage:
    """What one person is shown of a month.

    Attributes:
        start, end: the month's first day, and the first day after it.
        kind: seller (nobody reports to them), manager, executive (of managers, or of everybody).
        place, among: by attainment, among those of the same role; empty if that is too few.
        team: who reports to the viewer; rolled: what they count together.
        everybody: all below, or all whom the viewer sees; of them who stands far apart: outliers.
        made_of: what was earned by those whose pay the viewer sees, down to the line.
    """

    viewer_id: str
    name: str
    role: str
    locale: str
    period: str
    start: date
    end: date
    kind: str
    currency: str
    standings: tuple[Standing, ...] = ()
    pays: tuple[Pay, ...] = ()
    pipeline: tuple[Open, ...] = ()
    disputes: tuple[Disputed, ...] | None = ()
    place: int | None = None
    among: int | None = None
    on_leave: bool = False
    team: tuple[Report, ...] = ()
    rolled: tuple[Rolled, ...] = ()
    everybody: tuple[Report, ...] = ()
    outliers: tuple[Report, ...] = ()
    regions: tuple[Region, ...] = ()
    made_of: Sum | None = field(default=None)
