"""Visibility: what pages of the field are made from: the areas' tables of a month, joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import conversion, engine
from spmlib.core.errors import ParameterError
from spmlib.core.field_pages import Sum
from spmlib.core.statements import Next, Statement
from spmlib.core.tables import RATE as PARTS
from spmlib.incent.disputes.moves import OPEN
from spmlib.incent.lines import named
from spmlib.motivate.visibility import drilled, hierarchy, pipelines, sights, standings, written
from spmlib.motivate.visibility.sights import Sight
from spmlib.motivate.visibility.written import Policy
from spmlib.rules.measures import MONEYS
from spmlib.workbench import disputed, statements
from spmlib.workbench.field import sums
from spmlib.workbench.opened import Workbench

FILE = "policies/visibility.yaml"
RATE = "average"  # the kind of rate at which months are told: that of the month


@dataclass(frozen=True)
class Field:
    """All that pages of a month are made from."""

    bench: Workbench
    period: str

    @cached_property
    def policy(self) -> Policy:
        """Who sees what."""
        return written.read(self.bench.folder / FILE)

    @cached_property
    def calendar(self) -> pl.DataFrame:
        """The company's."""
        return engine.collected(self.bench.company.calendar)

    @cached_property
    def month(self) -> dict[str, Any]:
        """The row of the calendar."""
        return self.calendar.filter(pl.col("period") == self.period).to_dicts()[0]

    @property
    def day(self) -> date:
        """The month's last day, as of which the hierarchy is read."""
        last: date = self.month["end_date"] - timedelta(1)
        return last

    @cached_property
    def positions(self) -> pl.DataFrame:
        """Everybody's, of all days."""
        return engine.collected(self.bench.company.positions)

    @cached_property
    def places(self) -> pl.DataFrame:
        """Where everybody belongs on the last day: as `hierarchy.places`."""
        return hierarchy.places(self.positions, self.day, self.policy.regions)

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        """The rows of `places` by person."""
        return {row["payee_id"]: row for row in self.places.to_dicts()}

    @cached_property
    def regions(self) -> dict[str, str]:
        """What each region is called: where its customers are, if in one place, or its team."""
        company = self.bench.company
        held, accounts, covered = (
            engine.collected(engine.on(table, self.day)) if dated else engine.collected(table)
            for table, dated in (
                (company.positions, True),
                (company.accounts, False),
                (company.account_territories, True),
            )
        )
        found: dict[str, str] = {}
        if "region" in accounts.columns:
            where = covered.join(accounts, on="account_id").join(held, on="territory_id")
            counted = where.join(self.places.select("payee_id", "region_id"), on="payee_id")
            one = counted.group_by("region_id").agg(
                pl.col("region").n_unique(), name=pl.col("region").first()
            )
            one = one.filter(pl.col("region") == 1)
            found = dict(one.select("region_id", "name").iter_rows())
        heads = self.places["region_id"].unique().to_list()
        return {who: found.get(who) or self._team(who) for who in heads}

    def _team(self, head: str) -> str:
        """What a region without customers of its own is called."""
        row = self.people.get(head)
        if row is None:
            return head
        return str(row["role"] if row["manager_id"] is None else row["team"]).replace("_", " ")

    @cached_property
    def sights(self) -> pl.DataFrame:
        """Who may see what of whom: as `sights.sights`, with who left in the month."""
        since = self.month["start_date"]
        return sights.sights(self.positions, self.day, self.policy, since)

    @cached_property
    def seen_by(self) -> dict[str, Sight]:
        """What each person may see."""
        parts = self.sights.partition_by("viewer_id")
        viewers = [part["viewer_id"][0] for part in parts]
        rows = zip(viewers, parts, strict=True)
        return {who: sights.sight(part, who, self.day) for who, part in rows}

    def sight(self, viewer_id: str) -> Sight:
        """What one person may see."""
        return self.seen_by.get(viewer_id) or sights.sight(self.sights, viewer_id, self.day)

    @cached_property
    def standings(self) -> pl.DataFrame:
        """Where each person stands: as `standings.standings`."""
        rows = engine.collected(self.bench.results.attainments)
        growing = [
            (plan.name, part.name)
            for plan in self.bench.parameters.plans.values()
            for part in plan.components.values()
            if part.quota == "to_date"
        ]
        return standings.standings(
            rows, self.calendar, self.positions, self.period, self.policy, growing
        )

    @cached_property
    def chief(self) -> dict[str, dict[str, Any]]:
        """Of each person the component by which they are compared."""
        return {row["payee_id"]: row for row in standings.chief(self.standings).to_dicts()}

    @cached_property
    def told(self) -> dict[str, Statement]:
        """The statements of the month, by person."""
        return {one.payee_id: one for one in statements.told(self.bench, self.period)}

    @cached_property
    def terms(self) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
        """Terms of the windows under way, in order, by person, plan and component."""
        rows = engine.collected(self.bench.results.terms).filter(pl.col("period") <= self.period)
        key = ["payee_id", "plan", "component", "window"]
        now = rows.filter(pl.col("period") == self.period).select(key).unique()
        kept = rows.join(now, on=key, how="semi").sort("segment_start")
        made: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in kept.to_dicts():
            made.setdefault((row["payee_id"], row["plan"], row["component"]), []).append(row)
        return made

    @cached_property
    def locale(self) -> str:
        """Of whoever has none of their own."""
        return statements.policy(self.bench).locale

    @cached_property
    def locales(self) -> dict[str, str | None]:
        """Of people."""
        rows = engine.collected(self.bench.company.payees)
        known = "locale" in rows.columns
        return dict(rows.select("payee_id", "locale").iter_rows()) if known else {}

    @cached_property
    def deals(self) -> dict[tuple[str, str, str], int]:
        """The usual deal of each person by plan and component: the median [ticks]."""
        periods = self.calendar.filter(pl.col("period") <= self.period).sort("start_date")
        late = periods["period"].tail(self.policy.deal_months).to_list()
        rows = engine.collected(self.bench.results.earnings.filter(nw.col("period").is_in(late)))
        booked = rows.filter(pl.col("kind") == "credit", pl.col("event_id").is_null())
        deal = self.bench.company.transactions.select("transaction_id", "deal_id")
        joined = booked.join(engine.collected(deal), on="transaction_id")
        one = pl.coalesce("deal_id", "transaction_id").alias("deal")
        key = ["payee_id", "plan", "component"]
        sums = joined.group_by(*key, one).agg(pl.col("credited").sum())
        middle = sums.filter(pl.col("credited") > 0).group_by(key).agg(pl.col("credited").median())
        return {row[:3]: int(row[3]) for row in middle.iter_rows()}

    @cached_property
    def lines(self) -> pl.DataFrame:
        """What was earned in the month, line by line [ticks of the policy's currency]."""
        rows = engine.collected(self.bench.results.earnings.filter(nw.col("period") == self.period))
        called = pl.coalesce("transaction_id", "event_id", "kind")
        name = pl.concat_str(called, pl.lit(" · "), "line_id")
        kept = named(rows).select("payee_id", "plan", "component", "currency", "amount", line=name)
        return self.converted(kept)

    @cached_property
    def drilled(self) -> pl.DataFrame:
        """What was earned in the month at every level: as `drilled.drilled`."""
        return drilled.drilled(self.lines, self.ground)

    @cached_property
    def sums(self) -> dict[str, Sum]:
        """What each person's pay of the month is made of."""
        return sums.people(self.drilled, self.bench.names)

    @cached_property
    def ground(self) -> pl.DataFrame:
        """Region and team of each person, for drilling."""
        return self.places.select("payee_id", region="region_id", team="team_id")

    @cached_property
    def booked(self) -> pl.DataFrame:
        """What each person booked in the month: payee_id, amount [ticks of the currency].

        Bookings in a currency without a rate are credited to nobody, and left out here too.
        """
        days = self.month["start_date"], self.month["end_date"]
        rows = engine.collected(
            self.bench.company.transactions.filter(
                nw.col("event_date") >= days[0],
                nw.col("event_date") < days[1],
                ~nw.col("owner_id").is_null(),
            ).select("currency", "amount", payee_id="owner_id")
        )
        known = pl.col("currency").is_in([self.policy.currency, *self.rates])  # issues name others
        return self.converted(rows.filter(known)).group_by("payee_id").agg(pl.col("amount").sum())

    @cached_property
    def open(self) -> pl.DataFrame:
        """The pipeline of each person: as `pipelines.pipelines`."""
        company = self.bench.company
        opportunities, history = (
            engine.collected(table)
            for table in (company.opportunities, company.opportunity_history)
        )
        return pipelines.pipelines(opportunities, history, self.month["end_date"])

    @cached_property
    def pipeline(self) -> Mapping[str, int]:
        """What each person has open in all [ticks of the policy's currency]."""
        rows = self.converted(self.open.select("payee_id", "currency", "amount"))
        return dict(rows.group_by("payee_id").agg(pl.col("amount").sum()).iter_rows())

    @cached_property
    def disputes(self) -> pl.DataFrame:
        """The disputes that are open on the last day."""
        return disputed.known(self.bench, self.period).rows.filter(pl.col("status").is_in(OPEN))

    @cached_property
    def rates(self) -> dict[str, int]:
        """What one of each currency was in the policy's, in the month [parts of 10^10]."""
        into = nw.col("to_currency") == self.policy.currency
        kept = self.bench.company.currency_rates.filter(into, nw.col("kind") == RATE)
        begun = engine.collected(kept.filter(nw.col("start_date") <= self.day))
        last = begun.sort("start_date").unique("currency", keep="last")
        return dict(last.select("currency", "rate").iter_rows())

    def converted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with ``amount`` [ticks] in the policy's currency, at the month's average rate.

        Each row is rounded once, to the minor unit; sums are made after that.

        Raises:
            ParameterError: there is no rate for a currency.
        """
        into = self.policy.currency
        missing = sorted(set(rows["currency"]) - {into} - set(self.rates))
        if missing:
            raise ParameterError(
                f"{FILE}: there is no {RATE} rate from {missing[0]} to {into} by {self.day}; "
                f"add one to currency_rates, or write another currency."
            )
        rates = pl.DataFrame(
            {"currency": list(self.rates), "rate": list(self.rates.values())},
            schema={"currency": pl.String, "rate": pl.Int64},
        )
        rates = rates.filter(pl.col("currency") != into)
        unit = conversion.minor(into)
        exact = pl.col("amount").cast(pl.Int128) * pl.col("rate")
        by = PARTS * unit
        size = (2 * exact.abs() + by) // (2 * by) * unit * exact.sign()
        turned = pl.when(pl.col("rate").is_null()).then("amount").otherwise(size.cast(pl.Int64))
        joined = rows.join(rates, on="currency", how="left", maintain_order="left")
        return joined.with_columns(amount=turned).drop("currency", "rate")

    def in_currency(self, value: float, currency: str) -> float:
        """An estimate in the policy's currency."""
        if currency == self.policy.currency:
            return value
        return value * self.rates[currency] / PARTS if currency in self.rates else 0.0

    @cached_property
    def by_person(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of `standings`, by person."""
        made: dict[str, list[dict[str, Any]]] = {}
        for row in self.standings.to_dicts():
            made.setdefault(row["payee_id"], []).append(row)
        return made

    @cached_property
    def ahead(self) -> dict[tuple[str, str, str, str], Next]:
        """Next thresholds, by person, plan, component and window: those of the statements."""
        return {
            (who, pay.plan, part.component, part.window): part.ahead
            for who, one in self.told.items()
            for pay in one.plans
            for part in pay.parts
            if part.ahead is not None
        }

    @cached_property
    def earned(self) -> dict[str, int]:
        """What each person earned in the month [ticks of the policy's currency]."""
        return dict(self.lines.group_by("payee_id").agg(pl.col("amount").sum()).iter_rows())

    @cached_property
    def booked_by(self) -> dict[str, int]:
        """The rows of `booked` by person."""
        return dict(self.booked.select("payee_id", "amount").iter_rows())

    def levels(self, viewer_id: str) -> dict[str, int | None]:
        """How many steps below a viewer those are whom they see."""
        own = self.sights.filter(pl.col("viewer_id") == viewer_id)
        return dict(own.select("payee_id", "level").iter_rows())

    def open_to(self, who: str) -> bool:
        """Whether a person pursues deals of their own."""
        return bool(self.pipeline.get(who))

    def missing(self, row: Mapping[str, Any]) -> float:
        """What is missing to a quota of money, in the policy's currency; 0 of others."""
        if self.bench.parameters.measures[row["measure"]].sums not in MONEYS:
            return 0.0
        left = max(row["quota"] - row["credited"], 0.0)
        return self.in_currency(left, self.bench.parameters.plans[row["plan"]].currency)


def field(bench: Workbench, period: str) -> Field:
    """All that pages of a month are made from.

    Raises:
        ParameterError: the calendar has no such month.
    """
    bench.refuse_period(period)
    return Field(bench, period)
