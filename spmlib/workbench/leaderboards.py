"""Leaderboards: a company's boards, from its credits, quotas, positions and potentials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.summaries.worths import worth
from spmlib.motivate.leaderboards import (
    boards,
    panels,
    peers,
    pseudonyms,
    rank_sets,
    suppression,
    views,
    written,
)  # fmt: skip
from spmlib.workbench.opened import Workbench


@dataclass(frozen=True)
class Leaderboards:
    """A company's boards."""

    bench: Workbench
    decided: written.Decisions
    currency: str = "USD"

    @cached_property
    def calendar(self) -> pl.DataFrame:
        """The periods up to the last in which anything was booked, from the first position on."""
        rows = engine.collected(self.bench.company.calendar).sort("start_date")
        first = engine.collected(self.bench.company.positions)["start_date"].min()
        return rows.filter(
            pl.col("period") <= (self.bench.through or ""), pl.col("end_date") > first
        )

    @cached_property
    def presence(self) -> pl.DataFrame:
        """payee_id, period, days, present: on how many days each held a position and was active."""
        held = engine.collected(engine.open_ended(self.bench.company.positions))
        left = engine.collected(self.bench.company.payees.select("payee_id", "leave_date"))
        held = held.filter(pl.col("status") == "active").join(left, on="payee_id")
        held = held.with_columns(
            end_date=pl.min_horizontal("end_date", pl.col("leave_date").fill_null(engine.FOREVER))
        )
        both = held.select("payee_id", "start_date", "end_date").join(self._months, how="cross")
        days = _overlap("start_date", "end_date", "from", "until")
        counted = both.with_columns(present=days, days=_length("from", "until"))
        return counted.group_by("payee_id", "period").agg(
            pl.col("days").first(), pl.col("present").sum()
        ).filter(pl.col("present") > 0)  # fmt: skip

    @cached_property
    def _months(self) -> pl.DataFrame:
        return self.calendar.select("period", pl.col("start_date").alias("from"), until="end_date")

    def quotas(self, measure: str) -> pl.DataFrame:
        """payee_id, period, quota [ticks of the plan's currency]: by days, for days present."""
        rows = engine.collected(self.bench.company.quotas).filter(measure=measure)
        both = rows.join(self._months, how="cross").with_columns(
            shared=_overlap("start_date", "end_date", "from", "until"),
            whole=_length("start_date", "end_date"),
        )
        both = both.filter(pl.col("shared") > 0).join(self.presence, on=["payee_id", "period"])
        # A quota that begins or ends within the month already leaves out days of absence.
        share = pl.col("shared") * pl.min_horizontal(
            pl.lit(1.0), pl.col("present") / pl.col("shared")
        )
        amount = (pl.col("amount") * share / pl.col("whole")).round().cast(pl.Int64)
        return both.group_by("payee_id", "period").agg(quota=amount.sum())

    @cached_property
    def _kept(self) -> dict[tuple[Any, ...], Any]:
        """Grids and groups that were made, for the next board."""
        return {}

    def grid(self, measure: str, in_one: bool = False) -> panels.Grid:
        """Credits of a measure's component beside quotas, by person and month.

        Args:
            measure: a name of measures.yaml that components of plans count.
            in_one: amounts in one currency, for levels; else in that of each plan.
        """
        key = ("grid", measure, in_one)
        if key not in self._kept:
            self._kept[key] = self._grid(measure, in_one)
        made: panels.Grid = self._kept[key]
        return made

    def _grid(self, measure: str, in_one: bool) -> panels.Grid:
        known = self.bench.results.attainments.filter(nw.col("measure") == measure)
        counted = engine.collected(known).group_by("payee_id", "period").agg(
            value=pl.col("credited").max()
        )  # fmt: skip
        rows = self.presence.join(counted, on=["payee_id", "period"], how="left")
        rows = rows.join(self.quotas(measure), on=["payee_id", "period"], how="left")
        rows = rows.join(self.deals(measure), on=["payee_id", "period"], how="left")
        rows = rows.with_columns(pl.col("value", "quota").fill_null(0))
        rows = self._paid_in(rows)
        if in_one:
            turned = engine.brought(rows)
            for column in ("value", "quota"):
                turned = worth(
                    turned.with_columns(own=nw.col("currency")), self.bench.company,
                    self.currency, column,
                ).with_columns(currency=nw.col("own"))  # fmt: skip
            rows = engine.collected(turned)
        made = panels.grid(rows, self.calendar["period"].to_list(), ticks=True)
        return replace(made, worth=self._worths(made, rows))

    def _paid_in(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the currency of each person's plan; their own where nothing was earned."""
        paid = self.bench.results.earnings.select("payee_id", "currency")
        known = engine.collected(paid).unique("payee_id", keep="first", maintain_order=True)
        own = engine.collected(self.bench.company.payees).select("payee_id", own="currency")
        joined = rows.join(known, on="payee_id", how="left").join(own, on="payee_id")
        return joined.with_columns(currency=pl.coalesce("currency", "own")).drop("own")

    def _worths(self, grid: panels.Grid, rows: pl.DataFrame) -> Any:
        """What a unit of each person's amounts is worth, at the last month's rate."""
        one = rows.unique("payee_id", keep="last").select("payee_id", "currency")
        last = one.with_columns(amount=pl.lit(MONEY * 10**4), period=pl.lit(grid.periods[-1]))
        turned = worth(engine.brought(last), self.bench.company, self.currency)
        known = dict(engine.collected(turned).select("payee_id", "amount").iter_rows())
        return np.array([(known[who] or 0) / (MONEY * 10**4) for who in grid.people])

    def deals(self, measure: str) -> pl.DataFrame:
        """payee_id, period, squares, reached: of own credits of transactions, deal by deal."""
        own = engine.collected(self.bench.results.credits.filter(nw.col("level") == 0))
        sold = engine.collected(self.bench.company.transactions)
        for where in self.bench.measure(measure).where:
            if where.among and where.column in sold.columns:
                sold = sold.filter(pl.col(where.column).cast(pl.String).is_in(where.among))
        own = own.join(sold.select("transaction_id", "deal_id"), on="transaction_id", how="inner")
        deal = pl.coalesce("deal_id", "transaction_id")
        each = own.group_by("payee_id", "period", deal.alias("deal")).agg(
            pl.col("amount").sum(), pl.col("event_date").max()
        )
        return each.group_by("payee_id", "period").agg(
            squares=((pl.col("amount") / MONEY) ** 2).sum(), reached=pl.col("event_date").max()
        )

    @cached_property
    def potentials(self) -> pl.DataFrame:
        """payee_id, potential [currency], region and segment of most of it.

        A person's patch are the accounts that they pursued or sold to; one that several pursue is
        shared alike.
        """
        company = self.bench.company
        sold = engine.collected(company.transactions.select("account_id", "owner_id"))
        tried = engine.collected(company.opportunities.select("account_id", "owner_id"))
        patch = pl.concat([sold, tried]).drop_nulls().unique()
        worths = engine.collected(company.account_potentials).select("account_id", "amount")
        known = engine.collected(company.accounts.select("account_id", "segment", "region"))
        rows = patch.join(worths, on="account_id").join(known, on="account_id")
        rows = rows.with_columns(pl.col("amount") / MONEY / pl.len().over("account_id"))
        rows = rows.rename({"owner_id": "payee_id"})
        sums = rows.group_by("payee_id").agg(potential=pl.col("amount").sum())
        for column in ("region", "segment"):
            most = rows.group_by("payee_id", column).agg(pl.col("amount").sum())
            most = most.sort("amount", column).group_by("payee_id").agg(pl.col(column).last())
            sums = sums.join(most, on="payee_id")
        return sums

    def people(self, day: date) -> pl.DataFrame:
        """What everybody is compared by on a day: as `peers.peers`, with potential."""
        company = self.bench.company
        hired = engine.collected(company.payees)
        made = peers.peers(
            engine.collected(company.positions), day, hired, None, self.decided.bands
        )
        made = made.drop("region", "segment").join(self.potentials, on="payee_id", how="left")
        return made.with_columns(pl.col("region", "segment").fill_null(peers.NONE))

    def groups(self, board: written.Board) -> pl.DataFrame:
        """payee_id, period, group of those who are ranked, month by month."""
        key = ("groups", board.roles, board.by)
        if key in self._kept:
            return pl.DataFrame(self._kept[key])
        made = []
        for row in self.calendar.iter_rows(named=True):
            last = row["end_date"] - (row["end_date"] - row["start_date"]) / 30
            rows = self.people(min(last, row["end_date"]))
            if board.roles:
                rows = peers.chosen(rows, {"role": board.roles})
            rows = peers.grouped(rows.filter("held"), board.by)
            made.append(rows.select("payee_id", "group", period=pl.lit(row["period"])))
        self._kept[key] = pl.concat(made)
        return pl.DataFrame(self._kept[key])

    def board(self, name: str, period: str) -> pl.DataFrame:
        """A board of a month: the table `Rankings`.

        Raises:
            ParameterError: there is no such board or period.
        """
        told = self.decided.board(name)
        self.bench.refuse_period(period)
        in_one = told.rules.kind.kind == "level"
        day = self.calendar.filter(period=period)["end_date"][0]
        made = boards.board(
            self.grid(told.measure, in_one), period, told.rules, self.groups(told),
            self.people(day).select("payee_id", "potential", "months"),
        )  # fmt: skip
        return made

    def shown(
        self, rows: pl.DataFrame, key: bytes, viewer: str | None = None, **words: Any
    ) -> pl.DataFrame:
        """The rows of a board as a reader may see them: as `views.view`."""
        shown_as = self._names(rows, key, viewer)
        hidden = self.groups_shown(rows).filter(pl.col("state") != "shown")["group"].to_list()
        return views.view(rows, shown_as, viewer, self.decided.opted_out, hidden, **words)

    def groups_shown(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Groups with their people and whether they are shown: as `suppression.suppressed`."""
        counted = rows.filter(pl.col("place").is_not_null()).group_by("group").agg(
            persons=pl.len()
        )  # fmt: skip
        return suppression.suppressed(counted.sort("group"), self.decided.smallest)

    def monthly(
        self, rows: pl.DataFrame, key: bytes, viewer: str | None, months: int, first: int
    ) -> pl.DataFrame:
        """name, own, period, place of the last months, of those that a reader sees on top."""
        told = self.decided.board(rows["board"][0])
        last = rows["period"][0]
        grid = self.grid(told.measure, told.rules.kind.kind == "level")
        groups, names = self.groups(told), self._names(rows, key, viewer)
        seen = rows.filter(pl.col("place").is_not_null())
        may = ~pl.col("payee_id").is_in(list(self.decided.opted_out))
        own = pl.col("payee_id") == (viewer or "")
        seen = seen.filter(own | (may & (pl.col("place") <= first))).select("payee_id", own=own)
        at = grid.at(last)
        placed = [
            boards.placed(grid, period, told.rules, groups).select(
                "payee_id", "place", period=pl.lit(period)
            )
            for period in grid.periods[max(at - months + 1, 0) : at + 1]
        ]
        made = pl.concat(placed).join(seen, on="payee_id")
        named = pl.Series("name", [names[who] for who in made["payee_id"]], pl.String)
        return made.with_columns(named).drop("payee_id")

    def _names(self, rows: pl.DataFrame, key: bytes, viewer: str | None) -> dict[str, str]:
        people, named = rows["payee_id"].to_list(), self.bench.names
        made = pseudonyms.pseudonyms(people, key, f"{rows['board'][0]} {rows['period'][0]}")
        if self.decided.names == "names":
            made = {who: named[who] for who in people}
        return made | ({viewer: named[viewer]} if viewer in named else {})

    def checks(self, rows: pl.DataFrame, page: Any) -> Any:
        """What must hold of a board and of the page that shows it: check, says, holds."""
        import pandas as pd

        told = rows.filter(pl.col("place").is_not_null())
        score, place = told["score"].to_numpy(), told["place"].to_numpy()
        sign = 1 if self.decided.board(rows["board"][0]).rules.best == "high" else -1
        group = told["group"].rank("dense").to_numpy()
        order = np.lexsort((place, -sign * score, group))
        steps = np.diff(place[order])[np.diff(group[order]) == 0]
        ids = set(rows["payee_id"])
        written_ = page.select_dtypes(exclude="number").astype(str).to_numpy().ravel()
        opted = set(self.decided.opted_out) & set(told["payee_id"])
        states = self.groups_shown(rows).filter(state="shown")["group"].to_list()
        may = told.filter(~pl.col("payee_id").is_in(list(opted)), pl.col("group").is_in(states))
        mine = int(page["own"].sum())
        within = told.filter(
            (pl.col("place") < pl.col("place_low")) | (pl.col("place") > pl.col("place_high"))
        )
        made = [
            ("A better score never has a worse place", f"{len(told)} places",
             bool((steps >= 0).all())),
            ("Each place lies within its interval", f"{len(told)} intervals", within.is_empty()),
            ("Chances to be among the first add up to how many those are",
             f"{told['top_chance'].sum():.2f}",
             abs(float(told["top_chance"].sum()) - self._top(rows)) < 0.01),
            ("Who opted out is counted and not shown", f"{len(opted)} people",
             len(may) - mine <= len(page) - mine <= len(may)),
            ("No id stands on the page", f"{len(written_)} cells",
             not any(cell in ids for cell in written_)),
        ]  # fmt: skip
        return pd.DataFrame(made, columns=["check", "says", "holds"])

    def _top(self, rows: pl.DataFrame) -> float:
        """The sum over groups of how many the first are."""
        counted = rows.filter(pl.col("place").is_not_null()).group_by("group").len()["len"]
        top = self.decided.board(rows["board"][0]).rules.top
        return float(counted.clip(upper_bound=top).sum())

    def teams_shown(self, rows: pl.DataFrame) -> pl.DataFrame:
        """As `groups_shown`, managers by their names."""
        made = self.groups_shown(rows)
        return made.with_columns(pl.col("group").replace(self.bench.names))

    def level_runs(self, rows: pl.DataFrame) -> list[tuple[int, int]]:
        """Runs of places of a group that cannot be told apart, all compared at once."""
        told = rows.filter(pl.col("place").is_not_null()).sort("place", "payee_id")
        sure = self.decided.board(rows["board"][0]).rules.sure
        score, error = (told[name].to_numpy() for name in ("score", "error"))
        sets = rank_sets.rank_sets(score, error, sure)
        return rank_sets.level_runs(sets.low, sets.high)


def runs_in_words(runs: list[tuple[int, int]]) -> str:
    """What runs of places say, in a sentence.

    >>> runs_in_words([(1, 2), (4, 9)])
    'Places 1 to 2 and 4 to 9 cannot be told apart.'
    """
    if not runs:
        return "Each place can be told from the next."
    said = [f"{first} to {last}" for first, last in runs]
    *most, end = said
    listed = f"{', '.join(most)} and {end}" if most else end
    return f"Places {listed} cannot be told apart."


def leaderboards(bench: Workbench, decided: written.Decisions | None = None) -> Leaderboards:
    """The boards of a company, as ``policies/leaderboards.yaml`` says."""
    path = Path(bench.folder) / "policies/leaderboards.yaml"
    return Leaderboards(bench, decided or written.read(path))


def _length(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_days()


def _overlap(start: str, end: str, since: str, until: str) -> pl.Expr:
    """Days that two stretches share."""
    shared = pl.min_horizontal(end, until) - pl.max_horizontal(start, since)
    return pl.max_horizontal(shared.dt.total_days(), pl.lit(0))
