"""Seats: places of people who sell, filled, open or to be opened, and what becomes of them.

A seat is held by somebody until they leave (with the same odds each month), stays empty while a
successor is found, and is held again by somebody who ramps up. What a person brings a month when
ramped up is drawn once for each person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError

NEVER = 10_000  # months: a seat that nobody fills again


@dataclass(frozen=True)
class Seats:
    """The seats of a sales force, one number of each array for each seat.

    Attributes:
        tenure: whole months that who holds it has been there; 0 for a seat yet to be filled.
        opens: the month, from 0, in which it is to be filled; 0 and before for one that is held.
        brings: what a person who is ramped up brings a month, on average [currency].
        varies: its standard deviation across people, over that average.
        leaves: the share of people who leave within a year.
        late: the chances that a seat is filled 0, 1, 2 ... months later than planned.
        refilled: months until a leaver's successor begins; `NEVER` if nobody succeeds.
        ramp: what is brought in the first, second ... month of tenure, as a share; then all.
        season: the share that each month of the plan is of an average one.
    """

    tenure: Whole
    opens: Whole
    brings: Floats
    varies: Floats
    leaves: Floats
    late: tuple[float, ...] = (1.0,)
    refilled: int = 3
    ramp: tuple[float, ...] = ()
    season: tuple[float, ...] = (1.0,) * 12

    @property
    def months(self) -> int:
        """How many months the plan has."""
        return len(self.season)

    @property
    def monthly(self) -> Floats:
        """The chance that somebody leaves within a month."""
        return monthly(self.leaves)

    @property
    def full(self) -> Floats:
        """The ramp by month of tenure, up to the end of the plan."""
        most = int(self.tenure.max(initial=0)) + self.months + 1
        made = np.ones(max(most, len(self.ramp)))
        made[: len(self.ramp)] = self.ramp
        return made

    def later(self, months: int) -> Seats:
        """The same seats, those that are yet to be filled so many months later."""
        planned = self.opens > 0
        return replace(self, opens=np.where(planned, self.opens + months, self.opens))

    def and_hires(self, starts: Sequence[int], like: int = 0) -> Seats:
        """The seats and more of them, to be filled in some months, each like a seat there is."""
        more = len(starts)

        def longer(values: Floats, new: Floats) -> Floats:
            return np.concatenate([values, new])

        return replace(
            self,
            tenure=longer(self.tenure, np.zeros(more, np.int64)),
            opens=longer(self.opens, np.asarray(starts, np.int64)),
            brings=longer(self.brings, np.full(more, self.brings[like])),
            varies=longer(self.varies, np.full(more, self.varies[like])),
            leaves=longer(self.leaves, np.full(more, self.leaves[like])),
        )


def seats(
    tenure: Sequence[int],
    opens: Sequence[int] | None = None,
    brings: Sequence[float] | float = 1.0,
    varies: Sequence[float] | float = 0.5,
    leaves: Sequence[float] | float = 0.2,
    **plan: object,
) -> Seats:
    """Seats from plain numbers; one number stands for all of them.

    Raises:
        ParameterError: a share is not from 0 to 1, chances do not add up to 1, or there is no seat.
    """
    size = len(tenure)
    if not size:
        raise ParameterError("there is no seat; name at least one, filled or to be filled.")
    many = [
        np.broadcast_to(np.asarray(each, float), size).copy() for each in (brings, varies, leaves)
    ]
    start = np.zeros(size, np.int64) if opens is None else np.asarray(opens, np.int64)
    made = Seats(np.asarray(tenure, np.int64), start, *many, **plan)  # type: ignore[arg-type]
    if ((made.leaves < 0) | (made.leaves >= 1)).any():
        raise ParameterError("attrition is the share who leave in a year; write 0% to below 100%.")
    if not np.isclose(sum(made.late), 1) or min(made.late) < 0:
        raise ParameterError(f"the chances of a late start are {made.late}; let them add up to 1.")
    if any(not 0 <= part <= 1 for part in made.ramp):
        raise ParameterError(f"the ramp is {list(made.ramp)}; write shares from 0 to 1.")
    return made


def monthly(yearly: Floats) -> Floats:
    """The chance to leave within a month that makes some share leave within a year.

    Defined as::

        1 - (1 - yearly) ** (1 / 12)

    A twelfth of the yearly share would lose too few: 2 % a month is 21.5 % a year, not 24 %.
    """
    return 1 - (1 - np.asarray(yearly, float)) ** (1 / 12)


def workload(accounts: Sequence[float], calls: Sequence[float], per_person: float) -> float:
    """How many people a workload needs: accounts times calls a year, over what one person can do.

    Source:
        Talley, "How to design sales territories" (1961), the workload method.
    """
    return float(np.dot(accounts, calls) / per_person)
