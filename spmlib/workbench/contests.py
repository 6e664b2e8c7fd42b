"""Contests: the SPIFFs of a company as they stand, may end and have been, and its games."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from spmlib.core import conversion, engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY, SHARE, Accounts, Products, Transactions
from spmlib.motivate.contests import (
    badges,
    games,
    live,
    own_history,
    panels,
    projections,
    returns,
    written,
)
from spmlib.motivate.contests.effects import ReadOut
from spmlib.motivate.contests.projections import Projection
from spmlib.motivate.contests.returns import Return
from spmlib.motivate.contests.written import Policy
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS
from spmlib.rules.spiffs.standings import standings
from spmlib.rules.spiffs.written import Spiff
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

FILE = "policies/contests.yaml"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Contests:
    """All SPIFFs of a company, as far as they are known before a day."""

    bench: Workbench
    day: date  # the first that is not known

    @cached_property
    def policy(self) -> Policy:
        """What is decided of read-outs, projections and games."""
        return written.read(self.bench.folder / FILE)

    @cached_property
    def positions(self) -> pl.DataFrame:
        """Everybody's positions."""
        return engine.collected(self.bench.company.positions)

    @cached_property
    def payees(self) -> pl.DataFrame:
        """Everybody."""
        return engine.collected(self.bench.company.payees)

    @cached_property
    def scores(self) -> pl.DataFrame:
        """What each booking scores: the table `SpiffScores`."""
        return engine.collected(self.bench.results.spiff_scores)

    def spiff(self, name: str) -> Spiff:
        """A SPIFF by its name.

        Raises:
            ParameterError: there is none of that name.
        """
        known = self.bench.parameters.spiffs
        if name not in known:
            raise ParameterError(f"there is no SPIFF '{name}'; write {nearest(name, known)}.")
        return known[name]

    def all(self) -> pd.DataFrame:
        """Every SPIFF: spiff, title, from, last, state, people, places, prizes [its currency]."""
        rows = [self._told(spiff) for spiff in self.bench.parameters.spiffs.values()]
        return pl.DataFrame(rows).to_pandas()

    def standing(self, name: str, day: date | None = None) -> pl.DataFrame:
        """Who stands where: as `SpiffStandings`, score and prize in units."""
        spiff = self.spiff(name)
        own = self.scores.filter(pl.col("spiff") == name)
        made = standings(own, self.positions, self.payees, spiff, min(day or self.day, self.day))
        return made.with_columns(pl.col("score", "prize") / MONEY)

    def race(self, name: str) -> pd.DataFrame:
        """The standing with the next prize, and who moved since a week ago: as `live.live`."""
        spiff = self.spiff(name)
        earlier = self.standing(name, self.day - WEEK)
        return live.live(self.standing(name), earlier, spiff, self.day).to_pandas()

    def projection(self, name: str) -> Projection:
        """How it may end: as `projections.projection`."""
        spiff, told = self.spiff(name), self.policy
        rows = self._brought(spiff)
        season = projections.seasonal(rows, self.day, spiff.end, told.history)
        return projections.projection(
            self.standing(name), rows, spiff, self.day, told.history, told.draws, told.seed,
            season=season,
        )  # fmt: skip

    def read_out(self, name: str) -> tuple[ReadOut, Return]:
        """What a SPIFF that is over moved, against the same people's year before, and its return.

        Raises:
            ParameterError: it is not over.
        """
        spiff = self.spiff(name)
        if self.day < spiff.end:
            raise ParameterError(f"{name} runs until {spiff.end}; it can be read out after that.")
        spans = self._spans(spiff)
        panel = panels.panel(
            self._brought(spiff), pl.concat([spans, _a_year_before(spans)]), self._people(spiff)
        )
        base, *others = (panels.labels(spans, kind) for kind in panels.STRETCHES[1:])
        announced, window, after = others
        sure = self.policy.sure
        made = own_history.over_own_history(panel, base, window, after, announced, sure=sure)
        cost = float(self.standing(name)["prize"].sum())
        return made, returns.returned(made.net, self.policy.margin, cost)

    def by_month(self, name: str) -> pd.DataFrame:
        """What those who could win brought in each month: month, brought, year_before, window."""
        spiff = self.spiff(name)
        own = self._people(spiff)["payee_id"].to_list()
        month = pl.col("event_date").dt.truncate("1mo")
        rows = self._brought(spiff).filter(pl.col("payee_id").is_in(own))
        sums = rows.group_by(month=month).agg(brought=pl.col("score").sum()).sort("month")
        then = sums.select(pl.col("month").dt.offset_by("1y"), year_before="brought")
        first = spiff.start - timedelta(days=200)
        both = sums.join(then, on="month", how="left").filter(pl.col("month") >= first)
        inside = pl.col("month").is_between(spiff.start, spiff.end, closed="left")
        return both.with_columns(window=inside).to_pandas()

    def games(self, start: date) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Points since a day, badges won since then, and challenges: as of `contests.games`."""
        rows, told = self._booked(), self.policy
        given = games.points(rows.filter(pl.col("event_date") >= start), told.points)
        won = badges.badges(rows, told.badges, self.day).filter(pl.col("won_date") >= start)
        there = self.positions.filter(
            pl.col("start_date") < self.day,
            pl.col("end_date").is_null() | (pl.col("end_date") >= self.day),
        )
        teams = there.select("payee_id", team="manager_id").drop_nulls()
        come = games.challenges(rows, told.challenges, self.day, teams)
        return games.totals(given, told.levels).to_pandas(), won.to_pandas(), come.to_pandas()

    def changed(self, transactions: pl.DataFrame) -> Contests:
        """The same with other bookings."""
        company = replace(self.bench.company, transactions=engine.brought(transactions))
        return Contests(replace(self.bench, company=company), self.day)

    def _told(self, spiff: Spiff) -> dict[str, Any]:
        made = self.standing(spiff.name)
        state = (
            "over" if self.day >= spiff.end else "running" if self.day > spiff.start else "ahead"
        )
        return {
            "spiff": spiff.name,
            "title": spiff.title,
            "from": spiff.start,
            "last": spiff.end - timedelta(days=1),
            "state": state,
            "people": made.height,
            "places": int(made["place"].is_not_null().sum()),
            "prizes": float(made["prize"].sum()),
            "currency": spiff.currency,
        }

    def _people(self, spiff: Spiff) -> pl.DataFrame:
        """Those who could win, from the day they came to the day they left."""
        own = self.standing(spiff.name).select("payee_id")
        return self.payees.select("payee_id", start_date="hire_date", end_date="leave_date").join(
            own, on="payee_id", how="semi"
        )

    def _spans(self, spiff: Spiff) -> pl.DataFrame:
        told = self.policy
        return panels.spans(
            spiff.start, spiff.end, "month", told.before, after=told.after,
            announced=spiff.announced, known=self.day,
        )  # fmt: skip

    def _brought(self, spiff: Spiff) -> pl.DataFrame:
        """What everybody was credited with of its measure, ever: payee_id, event_date, score."""
        measure = self.bench.parameters.measures[spiff.measure]
        rows = self._attributed()
        of = kinds(rows.columns, Transactions, Accounts, Products)
        counted = rows.filter(matching(measure.where, of, pl))
        counted = counted.with_columns(count=pl.lit(MONEY, pl.Int64))
        if measure.sums in MONEYS:
            counted = self._converted(counted, measure.sums, spiff.currency)
        credits: Any = self.bench.results.credits
        own = credits.filter(nw.col("level") == 0, nw.col("event_id").is_null())
        if spiff.rules:
            own = own.filter(nw.col("rule").is_in(list(spiff.rules)))
        shares = engine.collected(own.select("transaction_id", "payee_id", "share", "event_date"))
        made = shares.join(
            counted.select("transaction_id", value=measure.sums), on="transaction_id"
        )
        score = pl.col("value") / MONEY * (pl.col("share") / SHARE)
        rows = made.filter(pl.col("event_date") < self.day)
        told = rows.select("payee_id", "event_date", score=score)
        return told.sort("payee_id", "event_date", "score")  # sums of floats hang on the order

    def _booked(self) -> pl.DataFrame:
        """What was booked, with amounts in units of one currency: for games."""
        spiffs = self.bench.parameters.spiffs.values()
        currency = next((spiff.currency for spiff in spiffs), "USD")
        rows = self._converted(self._attributed(), "amount", currency)
        units = rows.with_columns(pl.col("amount") / MONEY, payee_id="owner_id")
        return units.filter(pl.col("payee_id").is_not_null(), pl.col("event_date") < self.day)

    def _attributed(self) -> pl.DataFrame:
        """Transactions with the columns of their account and product that they lack."""
        company = self.bench.company
        rows = engine.collected(company.transactions)
        for key, side in (("account_id", company.accounts), ("product_id", company.products)):
            more: Any = side
            there = engine.collected(more)
            extra = [name for name in there.columns if name not in rows.columns]
            rows = rows.join(there.select(key, *extra), on=key, how="left")
        return rows

    def _converted(self, rows: pl.DataFrame, column: str, currency: str) -> pl.DataFrame:
        """Rows with a column in one currency, at each day's rate; those without one left out."""
        kind = self.bench.parameters.crediting.currency_rate
        rates = self.bench.company.currency_rates.filter(nw.col("kind") == kind)
        days = engine.brought(rows.select("event_date").unique())
        made = conversion.converted(engine.brought(rows), rates, days, currency, [column])
        turned = engine.collected(made).with_columns(pl.col(f"{column}@{currency}").alias(column))
        return turned.select(rows.columns).drop_nulls(column)


def known(bench: Workbench, period: str) -> Contests:
    """The SPIFFs as they are known at the end of a period.

    Raises:
        ParameterError: there is no such period.
    """
    bench.refuse_period(period)
    calendar = engine.collected(bench.company.calendar)
    return Contests(bench, calendar.filter(pl.col("period") == period)["end_date"][0])


def verdict(made: ReadOut, title: str, currency: str) -> str:
    """What can be said of what a SPIFF moved, in a sentence."""
    from spmlib.show import words

    low, high = made.moved.low, made.moved.high
    head = f"{title} moved {words.short(made.moved.effect, currency)}"
    span = f"**{words.short(low)}** to **{words.short(high)}**"
    if low > 0 or high < 0:
        return f"{head}, {span} with {made.moved.sure:.0%} confidence."
    return f"{head}, but {span} cannot be told apart: it may have moved nothing."


def parts(made: ReadOut) -> pd.DataFrame:
    """What a read-out says, part by part: part, effect, low, high."""
    import pandas as pd

    named = {
        "Moved in the window": made.moved,
        "Missing after it": made.pulled_forward,
        "Held back before it": made.held_back,
        "Net": made.net,
    }
    rows = [(name, of.effect, of.low, of.high) for name, of in named.items() if of is not None]
    return pd.DataFrame(rows, columns=["part", "effect", "low", "high"])


def checked(of: Contests, running: str, projected: Projection) -> pd.DataFrame:
    """What must hold: check, says, holds."""
    import pandas as pd

    lines = engine.collected(of.bench.results.earnings.filter(nw.col("kind") == "spiff")).height
    stood = engine.collected(of.bench.results.spiff_standings)
    over = [s.name for s in of.bench.parameters.spiffs.values() if s.end <= of.day]
    winners = stood.filter(pl.col("prize") > 0, pl.col("spiff").is_in(over)).height
    scored = stood.filter(pl.col("why").is_null())
    prizes = float(of.standing(running)["prize"].sum())
    now = projected.now
    rows = [
        ("Each prize of what is over is a line of pay", f"{lines} of {winners}", lines == winners),
        ("Who takes a place scored", f"{scored.height} do", bool((scored["score"] > 0).all())),
        ("Prizes now", f"{prizes:,.2f} and {now:,.2f}", abs(prizes - now) < 0.01),
        ("Scores add up to standings", of.spiff(running).title, _adds_up(of, running)),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _adds_up(of: Contests, name: str) -> bool:
    """Whether what counts in the window is what the standing says, where nothing is taken off."""
    spiff = of.spiff(name)
    stood = of.standing(name)
    inside = pl.col("booked_date").is_between(spiff.start, spiff.end, closed="left")
    own = of.scores.filter(pl.col("spiff") == name, inside, pl.col("event_date") < of.day)
    own = own.join(stood.select("payee_id"), on="payee_id", how="semi")
    return abs(float(own["score"].sum()) / MONEY - float(stood["score"].sum())) < 0.01


def _a_year_before(spans: pl.DataFrame) -> pl.DataFrame:
    return spans.with_columns(pl.col("at", "until").dt.offset_by("-1y"))
