"""Contests: the SPIFFs of a company as they stand, may end and have been, and its games."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY
from spmlib.motivate.contests import (
    badges,
    effects,
    games,
    live,
    matches,
    own_history,
    panels,
    projections,
    returns,
    written,
)
from spmlib.motivate.contests.effects import ReadOut
from spmlib.motivate.contests.matches import Matched
from spmlib.motivate.contests.projections import Projection
from spmlib.motivate.contests.returns import Return
from spmlib.motivate.contests.written import Policy
from spmlib.rules.spiffs.standings import standings
from spmlib.rules.spiffs.written import Spiff
from spmlib.workbench.contest_bookings import Bookings
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

FILE = "policies/contests.yaml"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Compared:
    """Who is compared with whom.

    Attributes:
        panel: payee_id, at, until, days, value [units of the measure].
        spans: at, until, stretch.
        matched: people alike who were not eligible; none where there are too few.
    """

    panel: pl.DataFrame
    spans: pl.DataFrame
    matched: Matched | None

    @property
    def stretches(self) -> list[list[date]]:
        """First days of the baseline, of announced days, of the window and of what comes after."""
        return [panels.labels(self.spans, kind) for kind in panels.STRETCHES[1:]]

    @property
    def says(self) -> str:
        """What the comparison can bear."""
        if self.matched is None:
            return own_history.SAYS
        one, other = len(self.matched.treated), self.matched.weights.height
        return f"{one} people are compared with {other} alike who were not eligible."


@dataclass(frozen=True)
class Contests:
    """All SPIFFs of a company, as far as they are known before a day."""

    bench: Workbench
    day: date  # the first that is not known

    @cached_property
    def bookings(self) -> Bookings:
        """What was booked, and credited to whom."""
        return Bookings(self.bench, self.day)

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
        rows = self.bookings.brought(spiff)
        season = projections.seasonal(rows, self.day, spiff.end, told.history)
        return projections.projection(
            self.standing(name), rows, spiff, self.day, told.history, told.draws, told.seed,
            season=season,
        )  # fmt: skip

    def read_out(self, name: str) -> tuple[ReadOut, Return]:
        """What a SPIFF that is over moved, and its return.

        It is read out against people alike who were not eligible, where there are enough of them
        (`compared`); else against the same people's year before, which is weaker.

        Raises:
            ParameterError: it is not over.
        """
        of = self.compared(name)
        base, announced, window, after = of.stretches
        sure = self.policy.sure
        if of.matched is None:
            made = own_history.over_own_history(of.panel, base, window, after, announced, sure=sure)
        else:
            made = effects.read_out(
                of.panel, of.matched.treated, base, window, after, announced, of.matched.weights,
                sure, self.policy.growth,
            )  # fmt: skip
        cost = float(self.standing(name)["prize"].sum())
        return made, returns.returned(made.net, self.policy.margin, cost)

    def study(self, name: str) -> tuple[pd.DataFrame, float]:
        """The effect in each month from the baseline on, and the chance of its placebos.

        Returns:
            at, stretch (before, announced, window, after), effect, low, high [a person and day];
            and the chance that months of the baseline are as far from 0 by luck.

        Raises:
            ParameterError: it is not over.
        """
        of = self.compared(name)
        base, *others = of.stretches
        labels = [*base, *(at for some in others for at in some)]
        if of.matched is None:
            rows, chance = own_history.event_study(of.panel, base, labels, self.policy.sure)
        else:
            told = of.panel.filter(pl.col("at").is_in(labels))
            asked = (of.matched.treated, base, of.matched.weights, self.policy.sure)
            rows, chance = effects.event_study(told, *asked)
        kinds_of = of.spans.select("at", "stretch")
        made = rows.join(kinds_of, on="at").sort("at")
        return made.select("at", "stretch", "effect", "low", "high").to_pandas(), chance

    def compared(self, name: str) -> Compared:
        """Who is compared with whom for a SPIFF that is over, over which months.

        Those who were not eligible are matched where their role is the same; where fewer of them
        are chosen than the policy asks for, there is no match.

        Raises:
            ParameterError: it is not over.
        """
        spiff, told = self.spiff(name), self.policy
        if self.day < spiff.end:
            raise ParameterError(f"{name} runs until {spiff.end}; it can be read out after that.")
        spans, rows = self._spans(spiff), self.bookings.brought(spiff)
        people, own = self._everybody(spiff), self._people(spiff)
        roles = own["role"].unique().to_list()
        others = people.filter(pl.col("role").is_in(roles)).join(own, on="payee_id", how="anti")
        if others.height >= told.controls:
            alike = pl.concat([own, others])
            panel = panels.panel(rows, spans, alike)
            found = matches.matched(
                panel, own["payee_id"].to_list(), panels.labels(spans, "earlier"),
                dict(alike.select("payee_id", "role").iter_rows()), told.neighbours,
            )  # fmt: skip
            if found.weights.height >= told.controls:
                return Compared(panel, spans, found)
        this_year = spans.filter(pl.col("stretch") != "earlier")
        both = pl.concat([this_year, _a_year_before(this_year)])
        return Compared(panels.panel(rows, both, own), this_year, None)

    def by_month(self, name: str) -> pd.DataFrame:
        """What those who could win brought in each month: month, brought, year_before, window."""
        spiff = self.spiff(name)
        own = self._people(spiff)["payee_id"].to_list()
        month = pl.col("event_date").dt.truncate("1mo")
        rows = self.bookings.brought(spiff).filter(pl.col("payee_id").is_in(own))
        sums = rows.group_by(month=month).agg(brought=pl.col("score").sum()).sort("month")
        then = sums.select(pl.col("month").dt.offset_by("1y"), year_before="brought")
        first = spiff.start - timedelta(days=200)
        both = sums.join(then, on="month", how="left").filter(pl.col("month") >= first)
        inside = pl.col("month").is_between(spiff.start, spiff.end, closed="left")
        return both.with_columns(window=inside).to_pandas()

    def games(self, start: date) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Points since a day, badges won since then, and challenges: as of `contests.games`."""
        rows, told = self.bookings.booked(), self.policy
        given = games.points(rows.filter(pl.col("event_date") >= start), told.points)
        won = badges.badges(rows, told.badges, self.day).filter(pl.col("won_date") >= start)
        there = engine.on(self.bench.company.positions, self.day - timedelta(days=1))
        teams = engine.collected(there).select("payee_id", team="manager_id").drop_nulls()
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
        return self._everybody(spiff).join(own, on="payee_id", how="semi")

    def _everybody(self, spiff: Spiff) -> pl.DataFrame:
        """Everybody who holds a position on the window's first day: with role, and since when."""
        there = engine.collected(engine.on(self.bench.company.positions, spiff.start))
        held = there.unique("payee_id", keep="last", maintain_order=True)
        days = self.payees.select("payee_id", start_date="hire_date", end_date="leave_date")
        return days.join(held.select("payee_id", "role"), on="payee_id")

    def _spans(self, spiff: Spiff) -> pl.DataFrame:
        told = self.policy
        return panels.spans(
            spiff.start, spiff.end, "month", told.before, told.earlier, told.after,
            spiff.announced, self.day,
        )  # fmt: skip


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
