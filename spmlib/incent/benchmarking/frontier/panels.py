"""Panels: what people brought quarter by quarter, beside what is known of their patch then.

Defined as::

    result = log (credited in the quarter / months worked in it)

where less than the floor (a share of the middle of all) counts as the floor: a log has no 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.benchmarking.frontier import known, peers
from spmlib.incent.benchmarking.frontier.effects import Effects, effects
from spmlib.incent.benchmarking.frontier.peers import Sources
from spmlib.incent.benchmarking.frontier.written import Policy

if TYPE_CHECKING:
    import polars as pl

LEAST = 0.9  # months worked in a quarter that counts


@dataclass(frozen=True)
class Panel:
    """People's quarters.

    Attributes:
        rows: payee_id, quarter, start, end, months, value [currency], quota and own [plan
            currency], result, place, and one column for each of `facts`.
        facts: the columns that are known facts.
        floored: how many quarters count as the floor.
    """

    rows: pl.DataFrame
    facts: tuple[str, ...]
    floored: int

    def effects(self) -> Effects:
        """What people add."""
        return fitted(self.rows, self.facts)


def panel(sources: Sources, policy: Policy, until: date) -> Panel:
    """The whole quarters before a day, of the people of the policy's group.

    Raises:
        ParameterError: there are fewer than two whole quarters, nobody worked in them, or a measure
            or rate is missing.
    """
    import polars as pl

    asked = policy.effects
    stretches = quarters(sources.company, until)[-asked.quarters :]
    if len(stretches) < 2:
        raise ParameterError(f"there are {len(stretches)} whole quarters before {until}; take 2.")
    rows = pl.concat([_quarter(sources, policy, each) for each in stretches])
    rows = rows.filter(pl.col("months") >= LEAST, pl.col("potential") > 0)
    rows = rows.sort("quarter", "payee_id")
    if rows.is_empty():
        raise ParameterError(f"nobody of '{asked.group}' worked in the quarters before {until}.")
    monthly = rows["value"] / rows["months"]
    middle = monthly.median()
    floor = asked.floor * max(float(middle if isinstance(middle, float) else 0.0), 1e-9)
    logs = [pl.col("potential").log(), pl.col("accounts").log(), pl.col("opportunities").log1p()]
    made = rows.with_columns(
        *logs,
        tenure=pl.col("tenure").log1p(),
        result=pl.max_horizontal(pl.col("value") / pl.col("months"), pl.lit(floor)).log(),
    )
    return Panel(*_seasoned(made, asked.facts), int((monthly < floor).sum()))


def fitted(rows: pl.DataFrame, facts: tuple[str, ...]) -> Effects:
    """What people add, from rows of a panel; facts that never change are left out."""
    varying = [name for name in facts if rows[name].n_unique() > 1]
    given = rows.select(varying).to_numpy() if varying else None
    return effects(
        rows["result"].to_numpy(), rows["payee_id"].to_list(), given, rows["place"].to_list()
    )


def quarters(company: Company, until: date) -> list[tuple[str, date, date]]:
    """The company's whole quarters before a day, oldest first: name, first day, day after."""
    grouped = company.calendar.group_by("quarter").agg(
        start=nw.col("start_date").min(), end=nw.col("end_date").max(), months=nw.len()
    )
    rows = engine.collected(grouped.filter(nw.col("end") <= until, nw.col("months") >= 3))
    return [(str(q), s, e) for q, s, e, _ in rows.sort("start").iter_rows()]


def foresight(of: Panel) -> pl.DataFrame:
    """How well the earlier half of the quarters foretells the later, by what is used to tell.

    Returns:
        method, people, correlation (of ranks), error (mean distance of logs, about a share).
        Methods: all alike; own results as they were; attainment as it was times quota; quota; the
        patch alone; the patch and the effect pulled in.
    """
    import polars as pl

    names = of.rows["quarter"].unique().sort().to_list()
    split = names[len(names) // 2]
    before, after = (
        of.rows.filter(pl.col("quarter") < split),
        of.rows.filter(pl.col("quarter") >= split),
    )
    both = set(before["payee_id"]) & set(after["payee_id"])
    after = after.filter(pl.col("payee_id").is_in(sorted(both)))
    told = _told(before, after, of.facts).group_by("payee_id").agg(pl.all().mean()).drop_nulls()
    return pl.DataFrame(
        [_judged(name, told) for name in told.columns if name not in ("payee_id", "actual")]
    )


def _told(before: pl.DataFrame, after: pl.DataFrame, facts: tuple[str, ...]) -> pl.DataFrame:
    """What each way of telling would have said of each later quarter."""
    import polars as pl

    varying = tuple(name for name in facts if before[name].n_unique() > 1)
    found = fitted(before, varying)
    last = before.sort("end").group_by("payee_id").agg(pl.all().last())
    lasting = [name for name in varying if not name.startswith("season")]
    later = after.drop(lasting).join(last.select("payee_id", *lasting), on="payee_id", how="left")
    patch = found.slopes[0] + later.select(varying).to_numpy() @ found.slopes[1:]
    place = dict(zip(found.places, found.place.tolist(), strict=True))
    person = dict(zip(found.people, found.person.tolist(), strict=True))
    patch = patch + np.array([place.get(each, 0.0) for each in later["place"]])
    own = before.group_by("payee_id").agg(
        mean=pl.col("result").mean(), attained=pl.col("own").sum() / pl.col("quota").sum()
    )
    quota = pl.when(pl.col("quota") > 0).then(pl.col("quota") * pl.col("value") / pl.col("own"))
    return (
        later.join(own, on="payee_id", how="left")
        .with_columns(
            patch=pl.Series(patch),
            person=pl.Series([person[each] for each in later["payee_id"]]),
            asked=(quota / pl.col("months")).log(),
        )
        .select(
            "payee_id",
            actual="result",
            alike=pl.lit(float(np.mean(before["result"].to_numpy()))),
            own_results="mean",
            quota="asked",
            quota_and_attainment=pl.col("asked") + pl.col("attained").log(),
            patch="patch",
            patch_and_effect=pl.col("patch") + pl.col("person"),
        )
        .with_columns(pl.all().exclude("payee_id").replace([np.inf, -np.inf], None))
    )


def _judged(name: str, told: pl.DataFrame) -> dict[str, Any]:
    from scipy.stats import spearmanr

    said, came = told[name].to_numpy(), told["actual"].to_numpy()
    flat = bool(np.ptp(said) < 1e-12)
    return {
        "method": name,
        "people": len(told),
        "correlation": None if flat else float(spearmanr(said, came).statistic),
        "error": float(np.abs(said - came).mean()),
    }


def _quarter(sources: Sources, policy: Policy, of: tuple[str, date, date]) -> pl.DataFrame:
    """Who worked in a quarter, what they brought, and what they had to work with."""
    import polars as pl

    name, *days = of
    stretch = (days[0], days[1])
    company, asked = sources.company, policy.effects
    group = policy.groups[asked.group]
    people = known.held(company, sources.plans, policy.currency, group.roles, stretch)
    counted = known.credited(
        company, sources.credits, peers.measure(sources, asked.result), policy.currency, stretch
    )
    sold = (
        known.in_role(counted, company, group.roles)
        .group_by("payee_id")
        .agg(pl.col("value").sum(), pl.col("own").sum())
    )
    worth = known.potentials(company, policy.currency, stretch[1])
    accounts = known.owned(company, stretch[1], people["payee_id"].to_list())
    patch = (
        accounts.join(worth, on="account_id", how="left")
        .group_by("payee_id")
        .agg(pl.col("potential").sum(), accounts=pl.len().cast(pl.Float64))
    )
    hired = engine.collected(company.payees.select("payee_id", "hire_date"))
    within = (nw.col("created_date") >= stretch[0]) & (nw.col("created_date") < stretch[1])
    deals = engine.collected(company.opportunities.filter(within).select("owner_id"))
    opened = deals.group_by(payee_id="owner_id").agg(opportunities=pl.len())
    tenure = (pl.lit(stretch[0]) - pl.col("hire_date")).dt.total_days() / 365.25
    made = people
    for side in (sold, patch, hired, opened, _quotas(company, asked.result, stretch)):
        made = made.join(side, on="payee_id", how="left")
    numbers = ["value", "own", "potential", "accounts", "opportunities", "quota"]
    return made.select(
        "payee_id",
        "months",
        *(pl.col(each).cast(pl.Float64).fill_null(0.0) for each in numbers),
        tenure=pl.max_horizontal(tenure, pl.lit(0.0)).fill_null(0.0),
        place=pl.col("territory_id").fill_null(""),
        quarter=pl.lit(name),
        start=pl.lit(stretch[0]),
        end=pl.lit(stretch[1]),
    )


def _quotas(company: Company, measure: str, stretch: tuple[date, date]) -> pl.DataFrame:
    """Each person's quota of a measure in a stretch, by days: payee_id, quota [plan currency]."""
    import polars as pl

    rows = engine.collected(company.quotas.filter(nw.col("measure") == measure))
    starts = pl.max_horizontal("start_date", pl.lit(stretch[0]))
    ends = pl.min_horizontal("end_date", pl.lit(stretch[1]))
    whole = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    part = ((ends - starts).dt.total_days() / whole).clip(lower_bound=0.0)
    asked = (part * pl.col("amount") / MONEY).sum()
    return rows.group_by("payee_id").agg(quota=asked)


def _seasoned(rows: pl.DataFrame, facts: tuple[str, ...]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows with a column for each quarter of the year but the first, if season is a fact."""
    import polars as pl

    plain = tuple(name for name in facts if name != "season")
    if "season" not in facts:
        return rows, plain
    which = rows["quarter"].str.slice(-2)
    seasons = which.unique().sort().to_list()[1:]
    columns = [(which == each).cast(pl.Float64).alias(f"season_{each}") for each in seasons]
    return rows.with_columns(columns), (*plain, *(f"season_{each}" for each in seasons))
