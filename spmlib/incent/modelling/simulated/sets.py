"""Sets: what is known of those on each plan: who they are, what is asked and expected of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.pay import Pay
from spmlib.core.tables import MONEY, SHARE
from spmlib.incent.modelling.simulated import levels
from spmlib.incent.modelling.simulated.seen import Seen, seen, spread
from spmlib.incent.modelling.simulated.spreads import Own, Shared
from spmlib.incent.modelling.simulated.written import Decisions
from spmlib.rules.estimated import plans, rates
from spmlib.rules.estimated.plans import PlanPay

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Known:
    """What is known of those on one plan.

    Attributes:
        plan: how it pays in the year drawn.
        people: who they are, in order.
        team: a number for each one's team.
        target: target incentive of each month [plan currency]: people x 12.
        rate: personal rates.
        expected: by measure, what is expected of each month: people x 12.
        goals: by measure with quotas: people x 12.
        own: by measure, how far people vary on their own.
        ratios: by component, what was earned over what the curve gives.
        worth: what one unit of the plan's currency is worth.
        sizes: by component that pays each transaction alone, what each counted, where it is known.
    """

    plan: PlanPay
    people: tuple[str, ...]
    team: Whole
    target: Floats
    rate: Floats
    expected: Mapping[str, Floats]
    goals: Mapping[str, Floats]
    own: Mapping[str, Own]
    ratios: Mapping[str, float]
    worth: float
    sizes: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """All that a year's pay is drawn from.

    Attributes:
        decided: the file.
        until: the day up to which anything is known.
        known: by plan.
        among: what people vary by together.
        people: payee_id, role, team, plan, title, base, target [currency a year], by plan.
        company: as it was given.
    """

    decided: Decisions
    until: date
    known: Mapping[str, Known]
    among: Shared
    people: pl.DataFrame
    company: Company

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return 1 + max(int(known.team.max()) for known in self.known.values())


def prepared(
    company: Company,
    pay: Pay,
    decided: Decisions,
    until: date,
    only: Sequence[str] = (),
    sizes: Mapping[str, Mapping[str, Floats]] | None = None,
) -> Prepared:
    """What is known of a company's people for drawing a year.

    Args:
        company: its positions, quotas and rates.
        pay: what plans pay, and paid before the day; of `spmlib.incent.summaries.budgeted`.
        decided: what the file says.
        until: the day up to which anything is known, the first of a month.
        only: plans that are drawn; all that people hold if none is named.
        sizes: by plan and component, of `sizes.sizes`; without them a changed table of transactions
            paid alone moves pay only where it has one rate.

    Raises:
        ParameterError: nobody holds a plan on the day before, or a plan that is named; no plan
            counts the file's measure first.
    """
    seats = _seats(company, until, only)
    names = list(dict.fromkeys(seats["plan"]))
    now = plans.in_force(pay, date(decided.year, 12, 31))
    told = {name: seen(now[name], company, pay, decided, until) for name in names}
    if not only:
        _refuse_measure(decided.measure, {now[name].main.measure for name in names})
    teams = _teams(company)
    among, own = spread(told, teams, decided)
    worth = rates.rates(
        company, {p.currency for p in now.values()}, decided.currency, decided.year, until
    )
    known = {}
    for name in names:
        seats_of, unit = seats.filter(plan=name), float(worth[now[name].currency].mean())
        made = _known(seats_of, told[name], own, teams, unit)
        known[name] = replace(made, sizes=(sizes or {}).get(name, {}))
    return Prepared(decided, until, known, among, _about(seats, known), company)


def _known(
    seats: pl.DataFrame, of: Seen, own: Mapping[str, Own], teams: Mapping[str, int], worth: float
) -> Known:
    people = tuple(seats["payee_id"])
    goals, expected = {}, {}
    for measure, level in of.levels.items():
        past = of.issued if measure in of.issued.sold.goals else of.pasts[0][0]
        asked = levels.asked(measure, past, people) * (
            1.0 if past is of.issued else of.grown[measure]
        )
        if level.quoted:
            goals[measure] = asked
            expected[measure] = asked * level.by_month
        else:
            expected[measure] = np.ones((len(people), 12)) * level.by_month * of.grown[measure]
    return Known(
        of.plan,
        people,
        np.array([teams.get(person, 0) for person in people]),
        np.repeat(seats["target"].to_numpy()[:, None] / 12, 12, axis=1),
        seats["rate"].to_numpy(),
        expected,
        goals,
        {measure: own[f"{of.plan.name} {measure}"] for measure in of.levels},
        of.ratios,
        worth,
    )


def _seats(company: Company, until: date, only: Sequence[str]) -> pl.DataFrame:
    """Who holds a plan on the day before, in order of plan."""
    import polars as pl

    day = until - timedelta(days=1)
    rows = engine.collected(engine.on(company.positions, day)).filter(pl.col("plan").is_not_null())
    if only:
        rows = rows.filter(pl.col("plan").is_in(list(only)))
    if rows.is_empty():
        what = f"plan '{only[0]}'" if only else "a plan"
        raise ParameterError(f"nobody holds {what} on {day}; name a day on which somebody does.")
    return rows.sort("plan", "payee_id").select(
        "payee_id",
        "role",
        "team",
        "plan",
        base=pl.col("base_pay").fill_null(0) / MONEY,
        target=pl.col("target_incentive").fill_null(0) / MONEY,
        rate=pl.col("commission_rate").fill_null(0) / SHARE,
    )


def _refuse_measure(measure: str, counted: set[str]) -> None:
    if measure not in counted:
        wrong = f"measure: no plan counts '{measure}' first"
        raise ParameterError(f"{wrong}; write one of: {', '.join(sorted(counted))}.")


def _teams(company: Company) -> dict[str, int]:
    """A number for everybody's team: of who leads it, themselves included."""
    rows = engine.collected(company.positions).sort("start_date")
    latest = dict(zip(rows["payee_id"], rows["manager_id"], strict=True))
    leaders = set(latest.values())
    key = {who: who if who in leaders else lead or "" for who, lead in latest.items()}
    numbers = {name: number for number, name in enumerate(sorted(set(key.values())))}
    return {who: numbers[name] for who, name in key.items()}


def _about(seats: pl.DataFrame, known: Mapping[str, Known]) -> pl.DataFrame:
    import polars as pl

    worth = pl.col("plan").replace_strict(
        {n: k.worth for n, k in known.items()}, return_dtype=pl.Float64
    )
    titles = pl.col("plan").replace_strict({n: k.plan.title for n, k in known.items()})
    return seats.select(
        *("payee_id", "role", "team", "plan"),
        title=titles,
        base=pl.col("base") * worth,
        target=pl.col("target") * worth,
    )
