"""Tries: a plan moved by hand, and what it would have paid in the year to date, at once.

Estimates: the arrays of `arrays`, which pay what the engine pays where nothing is moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import RATE
from spmlib.incent.modelling import figures, moved, seen
from spmlib.incent.modelling.arrays.evaluated import Levers, evaluated
from spmlib.incent.modelling.arrays.taken import Taken
from spmlib.incent.modelling.compared import in_year
from spmlib.incent.modelling.figures import Seen
from spmlib.incent.modelling.modelled import Modelled
from spmlib.incent.modelling.people import main_component
from spmlib.incent.summaries.worths import rates
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import pandas as pd

NOW, TRIED = "as it is", "as tried"


@dataclass(frozen=True)
class Ready:
    """All that a try needs, at hand.

    Attributes:
        taken: what plans look at.
        plan: that is moved, as it is.
        day: whose table is moved.
        months: of the year to date.
        columns: their numbers among the periods taken.
        worth: what one unit of the plan's currency is, month by month [currency].
        now: earned as it is: people x months [currency].
        people: who hold or held the plan: number, payee_id, role, target, attainment.
        booked: by all, in the year to date [currency].
    """

    taken: Taken
    plan: Plan
    day: date
    months: tuple[str, ...]
    columns: Floats
    worth: Floats
    now: Floats
    people: pd.DataFrame
    booked: float


def ready(
    model: Modelled, taken: Taken, standings: pd.DataFrame, plan: str, currency: str, until: str
) -> Ready:
    """What it takes to try a plan.

    Args:
        model: as it is.
        taken: of the same company and results.
        standings: of `seen.standings`.
        plan: the one to be moved.
        currency: to read amounts in.
        until: the last period.

    Raises:
        ParameterError: there is no such plan, or nobody was paid by it.
    """
    plans = model.parameters.plans
    if plan not in plans:
        raise ParameterError(f"there is no plan '{plan}'; write {nearest(plan, plans)}.")
    dated = engine.collected(in_year(model.company, until).sort("last"))
    months = tuple(dated["period"])
    columns = np.array([taken.periods.index(month) for month in months])
    told = plans[plan]
    worth = _worth(model, told.currency, currency, months)
    earned = _earned(taken, told, Levers(), columns, worth)
    people = _people(taken, standings, plan, earned)
    if people.empty:
        raise ParameterError(f"nobody was paid by {plan} in the year to {until}.")
    day = seen.last_day(model, until)
    return Ready(
        taken=taken,
        plan=told,
        day=day,
        months=months,
        columns=columns,
        worth=worth,
        now=earned,
        people=people,
        booked=seen.booked(model, currency, until),
    )


def tried(
    of: Ready, **values: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A plan moved: what it would have paid, as pictures take it.

    Args:
        of: what is at hand.
        values: by the names of `moved.knobs`.

    Returns:
        Months: period, now, then (to date) [currency]. People: payee_id, role, now, then,
        difference [currency], largest gain first. Their spread: as `spread`. Figures: as
        PayFigures, as it is and as tried.

    Raises:
        ParameterError: there is no such knob, or rows no longer rise.
    """
    import pandas as pd

    plan = moved.moved(of.plan, of.day, values)
    levers = Levers({plan.name: values.get("quota", 1.0)}, {plan.name: values.get("target", 1.0)})
    then = _earned(of.taken, plan, levers, of.columns, of.worth)
    own = of.people["number"].to_numpy(int)
    people = of.people[["payee_id", "role"]].assign(
        now=of.now[own].sum(axis=1), then=then[own].sum(axis=1)
    )
    people["difference"] = (people["then"] - people["now"]).round(6)
    months = pd.DataFrame(
        {
            "period": of.months,
            "now": of.now.sum(axis=0).cumsum(),
            "then": then.sum(axis=0).cumsum(),
        }
    )
    both = {
        NOW: _seen(of, of.plan, people["now"], Levers()),
        TRIED: _seen(of, plan, people["then"], levers),
    }
    ranked = people.sort_values(["difference", "payee_id"], ascending=[False, True])
    return months, ranked.reset_index(drop=True), spread(people), figures.told(both)


def spread(people: pd.DataFrame) -> pd.DataFrame:
    """Pay of people from the lowest to the highest, as it is and as tried.

    Returns:
        share (of people who earn this or less), now, then [currency].
    """
    import pandas as pd

    count = len(people)
    return pd.DataFrame(
        {
            "share": (np.arange(count) + 1) / count,
            "now": np.sort(people["now"].to_numpy(float)),
            "then": np.sort(people["then"].to_numpy(float)),
        }
    )


def _earned(taken: Taken, plan: Plan, levers: Levers, columns: Floats, worth: Floats) -> Floats:
    """What a plan would have paid everybody: people x months [currency]."""
    own = replace(taken, parameters=replace(taken.parameters, plans={plan.name: plan}))
    parts = evaluated(own, None, levers)
    return np.sum(list(parts.values()), axis=0)[:, columns] * worth


def _seen(of: Ready, plan: Plan, earned: pd.Series, levers: Levers) -> Seen:
    target = of.people["target"].to_numpy(float) * levers.targets.get(plan.name, 1.0)
    attainment = of.people["attainment"].to_numpy(float) / levers.quotas.get(plan.name, 1.0)
    paid = earned.to_numpy(float)
    whole = _earned(of.taken, uncapped(plan), levers, of.columns, of.worth)
    free = whole[of.people["number"].to_numpy(int)].sum(axis=1)
    limit = seen.threshold(main_component(plan), of.day)
    return Seen(
        earned=paid,
        payout=np.divide(paid, target, out=np.full(len(paid), np.nan), where=target > 0),
        attainment=attainment,
        threshold=np.full(len(paid), limit),
        capped=np.maximum(free - paid, 0.0).round(6),
        booked=of.booked,
    )


def uncapped(plan: Plan) -> Plan:
    """A plan without its caps."""
    components = {
        name: replace(c, modifiers=tuple(m for m in c.modifiers if m.kind != "cap"))
        for name, c in plan.components.items()
    }
    left = tuple(m for m in plan.modifiers if m.kind != "cap")
    return replace(plan, components=components, modifiers=left)


def _people(taken: Taken, standings: pd.DataFrame, plan: str, earned: Floats) -> pd.DataFrame:
    """Who hold the plan, or earned by it: number, payee_id, role, target, attainment."""
    import pandas as pd

    numbers = pd.DataFrame({"payee_id": taken.payees, "number": range(len(taken.payees))})
    told = standings[standings["scenario"] == standings["scenario"].iloc[0]]
    joined = numbers.merge(told, on="payee_id")
    earning = np.abs(earned).sum(axis=1)[joined["number"]] > 0
    own = joined[(joined["plan"] == plan) | earning].copy()
    own.loc[own["plan"] != plan, ["target", "attainment"]] = np.nan
    return own[["number", "payee_id", "role", "target", "attainment"]].reset_index(drop=True)


def _worth(model: Modelled, of: str, currency: str, months: tuple[str, ...]) -> Floats:
    if of == currency:
        return np.ones(len(months))
    rows = engine.collected(rates(model.company, currency).filter(nw.col("currency") == of))
    known: Mapping[str, int] = dict(rows.select("period", "worth_rate").iter_rows())
    return np.array([known.get(month, 0) / RATE for month in months])
