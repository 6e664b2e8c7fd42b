"""Tries: an outcome with another growth and other hires, for live pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.quotas.plans import with_units
from spmlib.orchestrate.scenarios.compared import expectations, measures
from spmlib.orchestrate.scenarios.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd

TRIED = "as tried"


def tried(of: Outcome, growth: float, hires: int, month: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What an outcome would be with another growth and more hires, beside it; cost is not drawn.

    Args:
        of: what was played.
        growth: of the year's target, on the year before.
        hires: beyond those planned, all in one month.
        month: after the day of the outcome in which they begin, 1 being the next.

    Returns:
        Both as `compared.measures`, and both as `compared.expectations`.

    Raises:
        ParameterError: the month is not in the plan.
    """
    plain = replace(of, cost=None)
    both = [plain, varied(plain, growth, hires, month)]
    return measures(both), expectations(both)


def varied(of: Outcome, growth: float, hires: int, month: int) -> Outcome:
    """An outcome with another growth and more hires; everybody's quota grows alike."""
    if not 1 <= month < len(of.force.starts):
        last = len(of.force.starts) - 1
        raise ParameterError(f"month {month} is not in the plan; write 1 to {last}.")
    target = (of.target + of.sold) * (1 + growth) / (1 + of.growth) - of.sold
    scale = target / of.target if of.target else 1.0
    units = (of.quotas.units * scale + 0.5).astype(of.quotas.units.dtype)
    seats = of.force.seats.and_hires([month] * hires)
    own = slice(len(of.force.starts) - len(of.ready.months), None)
    return replace(
        of,
        scenario=replace(of.scenario, name=TRIED, title=TRIED),
        growth=growth,
        target=target,
        quotas=with_units(of.quotas, units),
        force=replace(of.force, seats=seats),
        held=moments(seats).held[own],
        brought=played(seats)[:, own].sum(axis=1),
    )
