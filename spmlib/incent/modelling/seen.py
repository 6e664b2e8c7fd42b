"""Seen: what the figures of a plan look at, of scenarios that are modelled; and its curves.

Pay against attainment is told twice: as people were paid, and as the curve of a plan pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import in_force, nearest
from spmlib.core.tables import MONEY, SHARE
from spmlib.incent.modelling import figures
from spmlib.incent.modelling.compared import in_year
from spmlib.incent.modelling.figures import Seen
from spmlib.incent.modelling.modelled import Modelled
from spmlib.incent.modelling.people import main_component, people
from spmlib.incent.summaries.overview import bookings
from spmlib.rules import curves
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import pandas as pd

POINTS = np.linspace(0, 2, 201)  # multiples of quota at which a curve is drawn


def standings(models: Mapping[str, Modelled], currency: str, until: str) -> pd.DataFrame:
    """`people` of every scenario, one below the other: scenario, and their columns."""
    import pandas as pd

    told = {name: people(model, currency, until) for name, model in models.items()}
    return pd.concat(told, names=["scenario"]).reset_index("scenario").reset_index(drop=True)


def seen(
    models: Mapping[str, Modelled], standings_: pd.DataFrame, currency: str, until: str
) -> dict[str, Seen]:
    """What figures look at, by scenario.

    Args:
        models: of one company.
        standings_: of `standings`.
        currency: to read amounts in.
        until: the last period.
    """
    made = {}
    for name, model in models.items():
        own = standings_[standings_["scenario"] == name]
        day = last_day(model, until)
        limits = {n: threshold(main_component(p), day) for n, p in model.parameters.plans.items()}
        made[name] = Seen(
            earned=own["earned"].to_numpy(float),
            payout=own["payout"].to_numpy(float),
            attainment=own["attainment"].to_numpy(float),
            threshold=own["plan"].map(limits).to_numpy(float),
            capped=own["capped"].to_numpy(float),
            booked=booked(model, currency, until),
        )
    return made


def threshold(component: Component, day: date) -> float:
    """The share of quota up to which a component's curve earns nothing; nan where it has none.

    Of a matrix, in its last cell. A curve that earns from the first unit on has no threshold.
    """
    curve = bracket(component, day)
    if component.thresholds != "quota" or curve is None:
        return float("nan")
    earning = [b for b in curve if b.constant or b.slope or b.bend]
    start = float(earning[0].start) if earning else float("nan")
    return start if start > 0 else float("nan")


def bracket(component: Component, day: date) -> tuple[curves.Bracket, ...] | None:
    """The curve in force on a day, of a matrix its last cell's, as very small orders earn on it."""
    from dataclasses import replace

    rows = in_force(component.tables, day)
    if rows is None:
        return None
    small = component.crossing == "transaction" and component.word == "rate"
    drawn = replace(component, crossing="split") if small else component
    return curves.brackets(drawn, curves.cells(rows)[-1][1])


def plan_curves(models: Mapping[str, Modelled], plan: str, until: str) -> pd.DataFrame:
    """What a plan's main component pays from nothing to twice the quota, over its pay at quota.

    Returns:
        scenario, attainment, payout (pay at that attainment over pay at 100 % as it is).

    Raises:
        ParameterError: there is no such plan, or its main component has no quota.
    """
    import pandas as pd

    base = next(iter(models.values()))
    at_quota = _paid(base, plan, until)(np.ones(1))[0]
    frames = [
        pd.DataFrame(
            {
                "scenario": name,
                "attainment": POINTS,
                "payout": _paid(model, plan, until)(POINTS) / at_quota,
            }
        )
        for name, model in models.items()
    ]
    return pd.concat(frames, ignore_index=True)


def on_curve(models: Mapping[str, Modelled], plan: str, until: str) -> pd.DataFrame:
    """Where those who hold a plan stand on its curve at a period's end.

    The window under way of the main component: what was credited in it over its whole quota, and
    what was earned, modifiers and all, over what the curve as it is pays at quota.

    Returns:
        scenario, payee_id, attainment, payout; a person once in each scenario.
    """
    import pandas as pd

    at_quota = _paid(next(iter(models.values())), plan, until)(np.ones(1))[0]
    frames = [_window(model, plan, until).assign(scenario=name) for name, model in models.items()]
    rows = pd.concat(frames, ignore_index=True)
    rows["payout"] = rows["earned"] / (rows["stick"] * at_quota)
    return rows[["scenario", "payee_id", "attainment", "payout"]]


def _window(model: Modelled, plan: str, until: str) -> pd.DataFrame:
    """payee_id, attainment, earned in the window, and what the curve multiplies [currency]."""
    import polars as pl

    main = main_component(_plan(model, plan))
    own = (pl.col("plan") == plan) & (pl.col("component") == main.name)
    terms = engine.collected(model.results.terms).filter(own, pl.col("period") == until)
    last = terms.sort("segment_start").unique("payee_id", keep="last", maintain_order=True)
    pays: Any = pl.col("target") if main.pays == "target" else pl.col("quota")
    if main.pays == "personal_rate":
        pays = pays * pl.col("personal_rate") / SHARE
    if main.pays == "amount":
        pays = pl.lit(MONEY)
    lines = engine.collected(model.results.earnings).filter(own, pl.col("period") <= until)
    summed = lines.group_by("payee_id", "window").agg(pl.col("amount").sum())
    joined = last.filter(pl.col("quota") > 0).join(summed, on=["payee_id", "window"], how="left")
    told = joined.select(
        "payee_id",
        attainment=pl.col("after") / pl.col("quota"),
        earned=pl.col("amount").fill_null(0) / MONEY,
        stick=pays.cast(pl.Float64) / MONEY,
    )
    return told.filter(pl.col("stick") > 0).sort("payee_id").to_pandas()


def leverages(models: Mapping[str, Modelled], standings_: pd.DataFrame, until: str) -> pd.DataFrame:
    """How steeply each plan pays those who reach most.

    Returns:
        scenario, plan, people (with a quota), best (the 90th percentile of attainment), leverage,
        threshold (see `threshold`); plans whose main component has a quota.
    """
    import pandas as pd

    rows = []
    for name, model in models.items():
        own = standings_[standings_["scenario"] == name]
        for plan, told in model.parameters.plans.items():
            main = main_component(told)
            held = own.loc[own["plan"] == plan, "attainment"].dropna().to_numpy(float)
            if main.thresholds != "quota" or not held.size:
                continue
            best = figures.percentile(held, 0.9)
            steep = figures.leverage(_paid(model, plan, until), best)
            low = threshold(main, last_day(model, until))
            rows.append((name, plan, held.size, best, steep, low))
    columns = ["scenario", "plan", "people", "best", "leverage", "threshold"]
    return pd.DataFrame(rows, columns=columns)


def _paid(model: Modelled, plan: str, until: str) -> Any:
    """What a plan's main component pays at some attainments, as a function of arrays."""
    main = main_component(_plan(model, plan))
    curve = bracket(main, last_day(model, until))
    if main.thresholds != "quota" or curve is None:
        wrong = f"the main component of {plan} is paid for no share of a quota"
        raise ParameterError(f"{wrong}; take a plan with `thresholds: quota`.")

    def paid(attained: Floats) -> Floats:
        return curves.curve_of_floats(curve, attained, main.boundary or "upper")

    return paid


def _plan(model: Modelled, name: str) -> Plan:
    plans = model.parameters.plans
    if name not in plans:
        raise ParameterError(f"there is no plan '{name}'; write {nearest(name, plans)}.")
    return plans[name]


def last_day(model: Modelled, until: str) -> date:
    """The last day of a period."""
    from datetime import timedelta

    ends = engine.collected(in_year(model.company, until).select(nw.col("last").max()))
    last: date = ends["last"][0]
    return last - timedelta(days=1)


def booked(model: Modelled, currency: str, until: str) -> float:
    """What was booked in the year to date, renewals too [currency]; cancellations are not off."""
    rows = bookings(model.company, currency, until)
    year = engine.collected(in_year(model.company, until).select("period"))["period"].to_list()
    return float(rows.loc[rows["period"].isin(year), "amount"].dropna().sum())
