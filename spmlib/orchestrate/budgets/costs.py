"""Costs: what seats cost month by month, kind by kind.

base        base pay, as far as the seat is held
variable    what the plan pays for what is credited, as earned; payment terms only move cash
taxes       the employer's on both, up to a ceiling of a year's pay and beyond, and benefits
tools       licences, telephone, data: a head and month
travel      a head and month, by team
recruiting  for everybody who begins
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.budgets.written import BudgetYear, Tax

KINDS = ("base", "variable", "taxes", "tools", "travel", "recruiting")


def costed(
    base: Floats,
    variable: Floats,
    held: Floats,
    begun: Floats,
    teams: Sequence[str],
    taxes: Sequence[Tax],
    decided: BudgetYear,
    before: Floats | None = None,
) -> dict[str, Floats]:
    """The cost of seats by kind.

    Args:
        base: base pay of each month, of a seat that is held: seats x 1 x months [currency].
        variable: earned in each month: seats x runs x months [currency].
        held: the part of each month in which a seat is held: seats x runs x months.
        begun: 1 where somebody begins, shaped alike.
        teams: of each seat.
        taxes: the tax of each seat, its ceiling in the budget's currency.
        decided: the year's file.
        before: what was paid of the year before the first month: seats [currency].

    Returns:
        By kind of `KINDS`: seats x runs x months [currency].
    """
    paid = base * held
    travel = np.array([decided.travelling(team) for team in teams])[:, None, None]
    taxed = employer(paid + variable, taxes, before)
    return {
        "base": paid,
        "variable": variable,
        "taxes": taxed + decided.benefits * paid,
        "tools": decided.tools * held,
        "travel": travel * held,
        "recruiting": decided.recruiting * begun,
    }


def employer(pay: Floats, taxes: Sequence[Tax], before: Floats | None = None) -> Floats:
    """What an employer pays on pay, month by month.

    Defined as::

        to date = share x min(pay to date, ceiling) + beyond x max(pay to date - ceiling, 0)

    and a month costs what its end adds.

    Args:
        pay: seats x runs x months.
        taxes: of each seat.
        before: paid in the year before the first month: seats.
    """
    share, ceiling, beyond = (
        np.array([getattr(tax, name) for tax in taxes])[:, None, None]
        for name in ("share", "ceiling", "beyond")
    )
    start = np.zeros(len(taxes)) if before is None else before
    to_date = pay.cumsum(axis=-1) + start[:, None, None]
    low = np.minimum(to_date, ceiling)
    due = share * low + beyond * (to_date - low)
    first = np.minimum(start[:, None, None], ceiling)
    paid = share * first + beyond * (start[:, None, None] - first)
    due[..., 1:] -= due[..., :-1].copy()
    due[..., :1] -= paid
    return due


def taxed(paid_in: Sequence[str], decided: BudgetYear, rates: Mapping[str, float]) -> list[Tax]:
    """The tax of each seat by the currency of its payroll, ceilings in the budget's currency.

    Raises:
        ParameterError: the file says nothing of a currency that somebody is paid in.
    """
    for name in sorted(set(paid_in) - set(decided.taxes)):
        wrong = f"taxes: nothing is said of {name}, which somebody is paid in"
        raise ParameterError(f"{wrong}; add `{name}: {{share: 20%}}`.")
    known = {
        name: Tax(tax.share, tax.ceiling * rates[name], tax.beyond)
        for name, tax in decided.taxes.items()
        if name in rates
    }
    return [known[name] for name in paid_in]
