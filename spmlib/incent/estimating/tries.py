"""Tries: a few deals as somebody types them in, filled in with what is usual."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.incent.estimating import told
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.estimates import Estimate, Payee, estimate
from spmlib.incent.estimating.pipelines import usual

if TYPE_CHECKING:
    import pandas as pd

Shown = tuple[dict[str, Any], "pd.DataFrame", "pd.DataFrame"]


@dataclass
class Tries:
    """One person's deals to try.

    Attributes:
        asked: the person.
        day: the first day that is not yet known: what is usual is of the year before it.
        with_: deals that are there anyhow.
    """

    asked: Payee
    day: date
    with_: tuple[Deal, ...] = ()
    _usual: dict[tuple[str, bool], Deal] = field(default_factory=dict)

    def deal(self, name: str, amount: float, kind: str, new: bool, margin: float) -> Deal:
        """A deal of an amount, on the period's last day, else as such deals usually were.

        Args:
            name: what it is called.
            amount: in the plan's currency.
            kind: of the deal.
            new: whether it is an account's first.
            margin: share of the amount.
        """
        stands = self.asked.standing
        if (kind, new) not in self._usual:
            made = usual(stands.ready, self.day, stands.payee_id, kind, new, stands.plan.currency)
            self._usual[kind, new] = made
        like = self._usual[kind, new]
        times = Fraction(str(amount)) / Fraction(like.amount)
        return replace(
            like,
            deal_id=name,
            day=stands.ready.end - timedelta(1),
            amount=_whole(Fraction(str(amount))),
            margin=_whole(Fraction(str(amount)) * Fraction(str(margin))),
            arr=None if like.arr is None else _whole(Fraction(like.arr) * times),
            quantity=None if like.quantity is None else _whole(Fraction(like.quantity) * times),
        )

    def tried(
        self,
        first: float,
        second: float,
        third: float,
        kind: str,
        new: bool = False,
        margin: float = 0.75,
    ) -> Shown:
        """What up to three deals bring: `told.summary`, `told.curve` and `told.lines`."""
        amounts = {"Deal 1": first, "Deal 2": second, "Deal 3": third}
        deals = [self.deal(n, a, kind, new, margin) for n, a in amounts.items() if a]
        return shown(estimate(self.asked, [*self.with_, *deals]))


def shown(of: Estimate) -> Shown:
    """What a page shows of an estimate: its summary, its curve and its lines."""
    return told.summary(of), told.curve(of), told.lines(of)


def _whole(amount: Fraction) -> Decimal:
    """Rounded to hundredths, as people type amounts."""
    return Decimal(round(amount * 100)) / 100
