"""Grid: the people of a plan as rows, the months as columns: what payment terms walk along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from spmlib.incent.paying.terms import People
from spmlib.rules.payments import Payment

if TYPE_CHECKING:
    import numpy as np
    import polars as pl


@dataclass(frozen=True)
class Grid:
    """The people of a plan as rows and the months as columns."""

    payees: list[str]
    periods: list[str]

    def filled(self, rows: pl.DataFrame, unit: int) -> np.ndarray:
        """The sums of amounts [minor units] of rows with payee_id, period and amount [ticks]."""
        import numpy as np

        made = np.zeros((len(self.payees), len(self.periods)), np.int64)
        places = {payee: n for n, payee in enumerate(self.payees)}
        months = {period: n for n, period in enumerate(self.periods)}
        known = rows.filter(rows["period"].is_in(self.periods))
        if known.is_empty():
            return made
        at = known["payee_id"].replace_strict(places), known["period"].replace_strict(months)
        amounts = known["amount"].to_numpy() // unit
        np.add.at(made, (at[0].to_numpy(), at[1].to_numpy()), amounts)
        return made

    def rows(self, columns: Mapping[str, np.ndarray], unit: int) -> pl.DataFrame:
        """The places where some column is not 0: payee_id, period and the columns [ticks].

        Args:
            columns: people x months [minor units], by name.
            unit: ticks of a minor unit.
        """
        import numpy as np
        import polars as pl

        payees, periods = np.nonzero(np.any([amounts != 0 for amounts in columns.values()], axis=0))
        named = {
            "payee_id": pl.Series(self.payees, dtype=pl.String).gather(payees),
            "period": pl.Series(self.periods, dtype=pl.String).gather(periods),
        }
        values = {name: amounts[payees, periods] * unit for name, amounts in columns.items()}
        schema = dict.fromkeys(named, pl.String) | dict.fromkeys(values, pl.Int64)
        return pl.DataFrame(named | values, schema=schema)


def people(
    terms: Payment,
    payable: np.ndarray,
    covered: np.ndarray,
    holds: np.ndarray,
    starts: list[date],
    ends: list[date],
    employed: list[tuple[date, date]],
) -> People:
    """What payment terms look at, for people (rows) and months (columns).

    Args:
        terms: of the plan.
        payable: what becomes payable [minor units].
        covered: the part of it that the draw covers.
        holds: whether the plan is held.
        starts: the first day of each month.
        ends: the first day after it.
        employed: each person's first day of employment, and the first day after it.
    """
    import numpy as np

    places = np.arange(len(starts))
    first = np.where(holds.any(axis=1), holds.argmax(axis=1), len(starts))
    month = places[None, :] - first[:, None] + 1
    draw_month = month
    if terms.draw is not None and terms.draw.start is not None:
        since = sum(end <= terms.draw.start for end in ends)
        draw_month = np.broadcast_to(places - since + 1, month.shape)
    forgiven = np.zeros_like(holds)
    if terms.draw is not None and terms.draw.forgive_after is not None:
        forgiven = draw_month == terms.draw.forgive_after
    elif terms.draw is not None and terms.draw.forgive_on is not None:
        on = terms.draw.forgive_on
        there = [start <= on < end for start, end in zip(starts, ends, strict=True)]
        forgiven = np.broadcast_to(np.array(there), month.shape)
    free = np.ones_like(holds)
    if terms.hold is not None and terms.hold.until == "employed":
        over = [(_months_after(hired, terms.hold.months), left) for hired, left in employed]
        free = np.array([[left >= day and end >= day for end in ends] for day, left in over])
    return People(payable, covered, holds, month, draw_month, forgiven, free)


def _months_after(day: date, months: int) -> date:
    """The same day some months later; the first of the next month where that month is shorter."""
    number = day.year * 12 + day.month - 1 + months
    try:
        return day.replace(year=number // 12, month=number % 12 + 1)
    except ValueError:
        return date((number + 1) // 12, (number + 1) % 12 + 1, 1)
