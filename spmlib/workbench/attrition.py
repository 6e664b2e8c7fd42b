"""Attrition: a company's person-months and what hangs on people; or a made-up sister company's.

Where a company's own numbers bear only rates of groups, what more could be said is shown on a
company that is made up, with leavers whose reasons are known.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, RATE
from spmlib.incent.benchmarking import written as benchmarked
from spmlib.incent.summaries import worths
from spmlib.motivate.attrition import (
    insights,
    markets,
    months,
    readings,
    values,
    views,
    written,
)
from spmlib.motivate.attrition.insights import Insight
from spmlib.motivate.attrition.written import Decisions
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

MADE_UP = "data/sample_company/leavers.py"  # beside the folder of parameters


@dataclass(frozen=True)
class Shown:
    """An insight, and the tables that its people are shown with.

    Attributes:
        whose: own, or made-up.
        insight: what may be said.
        positions: as `Positions`.
        credits: payee_id, amount to date in the year [currency].
        opportunities: payee_id, category, amount of open deals [currency].
        groups: payee_id and protected groups; none where nobody gave them.
        currency: of the amounts.
        day: the first day that is not known.
    """

    whose: str
    insight: Insight
    positions: pl.DataFrame
    credits: pl.DataFrame
    opportunities: pl.DataFrame
    groups: pl.DataFrame | None
    currency: str
    day: date

    @property
    def values(self) -> pl.DataFrame:
        """Everybody's value at risk in a year, the most first: `values.at_risk`."""
        told, people = self.insight.decided, self.insight.people
        best = values.top_performers(people, told.top_performers)
        beside = people.select("payee_id", "manager_id", "role").join(best, on="payee_id")
        pipeline = values.pipeline_values(self.opportunities, told.pipeline)
        return values.at_risk(self.insight.risks, self.credits, pipeline, told.horizons[-1], beside)

    @property
    def people(self) -> pl.DataFrame:
        """The same with each one's reasons in words: can_change and others."""
        import polars as pl

        made = self.values
        for word, name in (("yes", "can_change"), ("no", "others")):
            told = self.insight.reasons.filter(told="yes", changeable=word)
            listed = pl.col("reason").str.replace_all("_", " ").str.join(", ")
            said = told.group_by("payee_id", maintain_order=True).agg(listed.alias(name))
            made = made.join(said, on="payee_id", how="left").with_columns(
                pl.col(name).fill_null("")
            )
        return made.sort("place")

    def seen(self, viewer: str) -> pl.DataFrame:
        """The people as a viewer may see them; with pseudonyms for all if nobody looks."""
        if not viewer:
            return views.pseudonyms(self.people)
        decided = self.insight.decided
        return views.viewed(self.people, viewer, self.positions, decided, self.day)

    @property
    def managers(self) -> pl.DataFrame:
        """What is at risk with each manager: name (a pseudonym), people, value, at_risk, share."""
        made = values.by_manager(views.pseudonyms(self.values))
        return made.rename({"manager_id": "name"})


def policy(workbench: Workbench) -> Decisions:
    """What the company decided of attrition insight."""
    return written.read(workbench.folder / "policies/attrition.yaml")


def insight(workbench: Workbench, period: str, decided: Decisions | None = None) -> Insight:
    """What may be said of the company at a period's end, as its policy says unless told otherwise.

    Where that is rates of groups only, nothing is calculated that they do not need: what people
    attained and were paid stays empty.
    """
    company, day = workbench.company, _day(workbench, period)
    decided = decided or policy(workbench)
    held: dict[str, Any] = {"quotas": company.quotas, "disputes": company.dispute_moves}
    rows = months.person_months(company.payees, company.positions, day, decided, **held)
    plain = insights.insight(rows, decided)
    if plain.level == "rates":
        return plain
    results = workbench.results
    held |= {"attainments": results.attainments, "payouts": results.payouts}
    held |= {"market": _market(workbench)}
    rows = months.person_months(
        company.payees, company.positions, day, decided, calendar=company.calendar, **held
    )
    return insights.insight(rows, decided)


def shown(
    workbench: Workbench, period: str, currency: str = "", decided: Decisions | None = None
) -> Shown:
    """The company's own people, if policy, numbers and later months allow; else made-up ones.

    Chances that later months do not bear out (`readings.doubt`) are not shown.
    """
    own = insight(workbench, period, decided)
    if own.level == "rates" or readings.doubt(own):
        return made_up(workbench)
    return of_company(workbench, own, period, currency)


def of_company(workbench: Workbench, own: Insight, period: str, currency: str = "") -> Shown:
    """A company's own insight with what hangs on its people."""
    chosen, day = worths.chosen(workbench.company, currency), _day(workbench, period)
    rates = _rates(workbench, chosen, period)
    return Shown(
        "own", own, engine.collected(workbench.company.positions),
        _credits(workbench, period, rates), _opportunities(workbench, day, rates), None, chosen,
        day,
    )  # fmt: skip


def made_up(workbench: Workbench, seed: int = 33, people: int = 400, length: int = 36) -> Shown:
    """A sister company with planted leavers, whatever the policy says of the company's own.

    Raises:
        ParameterError: the project has no such company.
    """
    path = workbench.folder.parent / MADE_UP
    if not path.exists():
        raise ParameterError(f"{path}: there is no made-up company; copy it from the project.")
    told = _module(path).sister(people, length, seed)
    decided = replace(policy(workbench), enabled=True)
    rows = months.person_months(
        told.payees, told.positions, told.day, decided, quotas=told.quotas,
        attainments=told.attainments, payouts=told.payouts, disputes=told.dispute_moves,
        market=told.market,
    )  # fmt: skip
    return Shown(
        "made-up", insights.insight(rows, decided), told.positions, told.credits,
        told.opportunities, told.groups, "USD", told.day,
    )  # fmt: skip


def _market(workbench: Workbench) -> pl.DataFrame | None:
    """The market's median of each role, where there are surveys and roles are named in them."""
    path = workbench.folder / "policies/benchmarking.yaml"
    rows = engine.collected(workbench.company.market_pay)
    if rows.is_empty() or not path.exists():
        return None
    jobs = {role: job.name for role, job in benchmarked.read(path).jobs.items()}
    known = {role: job for role, job in jobs.items() if job in set(rows["job"])}
    return markets.role_medians(rows, known) if known else None


def _module(path: Path) -> Any:
    """A module of the sample company's script, which is no part of the library."""
    folder = str(path.parents[1])
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(f"{path.parent.name}.{path.stem}")


def _day(workbench: Workbench, period: str) -> date:
    workbench.refuse_period(period)
    rows = workbench.company.calendar.filter(nw.col("period") == period)
    day = engine.collected(rows)["end_date"][0]
    assert isinstance(day, date)
    return day


def _rates(workbench: Workbench, currency: str, period: str) -> dict[str, float]:
    told = worths.rates(workbench.company, currency).filter(nw.col("period") == period)
    rows = engine.collected(told)
    made = dict(zip(rows["currency"], (rows["worth_rate"] / RATE).to_list(), strict=True))
    return made | {currency: 1.0}


def _credits(workbench: Workbench, period: str, rates: dict[str, float]) -> pl.DataFrame:
    """What each person was credited themselves in the year up to the period."""
    import polars as pl

    calendar = engine.collected(workbench.company.calendar).sort("start_date")
    year = calendar.filter(period=period)["year"][0]
    names = calendar.filter(year=year)["period"].to_list()
    names = names[: names.index(period) + 1]
    rows = engine.collected(workbench.results.credits)
    own = rows.filter(pl.col("level") == 0, pl.col("period").is_in(names))
    return _worth(own, rates).group_by("payee_id").agg(pl.col("amount").sum())


def _opportunities(workbench: Workbench, day: date, rates: dict[str, float]) -> pl.DataFrame:
    """The deals that were open on the day, as they stood."""
    import polars as pl

    deals = engine.collected(workbench.company.opportunities)
    told = engine.collected(workbench.company.opportunity_history)
    known = told.filter(pl.col("change_date") < day).sort("change_date")
    last = known.group_by("opportunity_id", maintain_order=True).last().filter(status="open")
    both = last.join(deals.select("opportunity_id", "owner_id", "currency"), on="opportunity_id")
    both = both.filter(pl.col("owner_id").is_not_null(), pl.col("amount").is_not_null())
    return _worth(both.rename({"owner_id": "payee_id"}), rates).select(
        "payee_id", pl.col("category").fill_null("pipeline"), "amount"
    )


def _worth(rows: pl.DataFrame, rates: dict[str, float]) -> pl.DataFrame:
    import polars as pl

    rate = pl.col("currency").replace_strict(rates, default=0.0, return_dtype=pl.Float64)
    return rows.with_columns(amount=pl.col("amount") / MONEY * rate)
