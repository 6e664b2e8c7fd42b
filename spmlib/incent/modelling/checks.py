"""Checks: what must hold of scenarios and of arrays, whatever the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.tables import MONEY, Earnings, PayDifferences, Table
from spmlib.incent.modelling import compared
from spmlib.incent.modelling.arrays.evaluated import evaluated
from spmlib.incent.modelling.arrays.taken import Taken
from spmlib.incent.modelling.modelled import Modelled
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd

CENT = 0.005  # amounts less far apart are the same


def checks(
    models: Mapping[str, Modelled],
    earnings: Table[Earnings],
    differences: Table[PayDifferences],
    taken: Taken,
    currency: str,
    until: str,
) -> pd.DataFrame:
    """What must hold: check, says (with the figures compared), holds.

    Args:
        models: scenarios, ``base`` among them.
        earnings: of the calculation as it is.
        differences: of `compared.differences`.
        taken: of ``base``.
        currency: to read amounts in.
        until: the last period.
    """
    import pandas as pd

    base = models[compared.BASE]
    rows = [
        _same(base, earnings),
        _added(models, differences, currency, until),
        _arrays(taken, base.results.earnings),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def off(taken: Taken, earnings: Table[Earnings]) -> pd.DataFrame:
    """How far arrays are from the engine, by plan and component: the largest difference of a month.

    Returns:
        plan, component, months (of people, in which more than half a hundredth was earned), apart
        (of them, by more than that), most [currency].
    """
    import pandas as pd

    said = evaluated(taken)
    paid = as_arrays(taken, earnings)
    nothing = np.zeros((len(taken.payees), len(taken.periods)))
    rows = []
    for key in dict.fromkeys([*said, *paid]):
        one, other = said.get(key, nothing), paid.get(key, nothing)
        apart = np.abs(one - other)
        moved = int(((np.abs(one) > CENT) | (np.abs(other) > CENT)).sum())
        rows.append((*key, moved, int((apart > CENT).sum()), float(apart.max(initial=0.0))))
    return pd.DataFrame(rows, columns=["plan", "component", "months", "apart", "most"])


def as_arrays(taken: Taken, earnings: Table[Earnings]) -> dict[tuple[str, str], Floats]:
    """What the engine paid, as arrays pay it: by plan and component, people x periods."""
    import polars as pl

    numbers: list[tuple[str, Any]] = [("payee_id", taken.payees), ("period", taken.periods)]
    rows = engine.collected(earnings).with_columns(pl.col("component").fill_null(""))
    for name, words in numbers:
        known = pl.DataFrame({name: list(words), f"{name}_number": range(len(words))})
        rows = rows.join(known, on=name)
    made = {}
    for (plan, component), own in rows.group_by("plan", "component"):
        grid = np.zeros((len(taken.payees), len(taken.periods)))
        at = own["payee_id_number"].to_numpy(), own["period_number"].to_numpy()
        np.add.at(grid, at, own["amount"].to_numpy() / MONEY)
        made[str(plan), str(component)] = grid
    return made


def _same(base: Modelled, earnings: Table[Earnings]) -> tuple[str, str, bool]:
    keys = [name for name in Earnings.columns() if name not in ("amount", "source")]
    lines: list[Table[Any]] = [base.results.earnings, earnings]
    sums = [
        engine.collected(each.group_by(*keys).agg(nw.col("amount").sum()).sort(*keys))
        for each in lines
    ]
    says = f"{sums[0].height:,} lines modelled, {sums[1].height:,} earned"
    return "The base is what was earned, line by line", says, bool(sums[0].equals(sums[1]))


def _added(
    models: Mapping[str, Modelled], differences: Table[PayDifferences], currency: str, until: str
) -> tuple[str, str, bool]:
    rows: Table[Any] = worth(compared.pay(models.values(), until), _company(models), currency)
    totals = dict(
        engine.collected(rows.group_by("scenario").agg(nw.col("amount").sum())).iter_rows()
    )
    summed = differences.group_by("scenario").agg(nw.col("difference").sum())
    by_person = dict(engine.collected(summed).iter_rows())
    due = {name: totals[name] - totals[compared.BASE] for name in by_person}
    told = ", ".join(f"{amount / MONEY:,.2f}" for amount in due.values())
    return "Differences of people add up to those of totals", told, due == by_person


def _arrays(taken: Taken, earnings: Table[Earnings]) -> tuple[str, str, bool]:
    found = off(taken, earnings)
    months, apart = int(found["months"].sum()), int(found["apart"].sum())
    says = f"{apart} of {months:,} months of people and components differ by a cent or more"
    return "Arrays pay what the engine pays", says, apart == 0


def _company(models: Mapping[str, Modelled]) -> Any:
    return models[compared.BASE].company
