"""Calls: what leaders say will come in, against what came of it before, and against the deals.

Everybody says in their own way: some promise what they are sure of, others what they hope for. What
came over what was said, in the periods that are over, turns a call into an expectation; few calls
are held towards what all together came to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, CallRecords, Table
from spmlib.orchestrate.pipeline import draws
from spmlib.orchestrate.pipeline.deals import Deals, rates
from spmlib.orchestrate.pipeline.snapshots import Asked
from spmlib.orchestrate.pipeline.trials import FIRST, Trials

if TYPE_CHECKING:
    import polars as pl

DOUBT = 3.0  # earlier calls that what all came to weighs
DEEPEST = 12  # steps up a hierarchy
TAILS = (0.1, 0.9)


def call_records(company: Company, deals: Deals, asked: Asked, made: Trials) -> Table[CallRecords]:
    """What is said of the period under way by everybody who says anything, and what it is worth.

    Args:
        company: its calls and positions.
        deals: known up to today.
        asked: the days on which the question is asked; of each period counts the last call before
            its day.
        made: the trials of the deals.
    """
    import polars as pl

    told = _calls(company, deals, asked)
    if told.is_empty():
        return engine.empty(CallRecords)
    callers = told["payee_id"].unique().sort()
    own = _owners(company, deals, asked, made).join(
        pl.DataFrame({"leader": callers}), on="leader", how="semi"
    )
    came = _won(deals, asked, own, "end").rename({"won": "came"})
    model = _model(deals, asked, made, own)
    rows = told.join(came, on=["payee_id", "number"], how="left").join(
        model, on=["payee_id", "number"], how="left"
    )
    rows = rows.with_columns(pl.col("came").fill_null(0.0)).sort("category", "number", "payee_id")
    records = [_record(part, made) for part in rows.partition_by("category", maintain_order=True)]
    played = _teams(deals, asked, made, own, callers)
    low, high = np.quantile(played, TAILS, axis=0)
    teams = {"model": played.mean(axis=0), "model_low_80": low, "model_high_80": high}
    both = pl.concat(records).join(
        pl.DataFrame({"payee_id": callers, "team": range(len(callers)), **teams}), on="payee_id"
    )
    both = both.filter(pl.col("said").is_not_null() | (pl.col("model") > 0))
    said = both["said"].fill_null(np.nan).to_numpy()
    reached = (played[:, both["team"].to_numpy()] >= said).mean(axis=0)
    both = both.with_columns(chance=pl.when(pl.col("said").is_not_null()).then(pl.lit(reached)))
    return engine.brought(both.select(*CallRecords.columns()).sort("category", "payee_id"))


def _calls(company: Company, deals: Deals, asked: Asked) -> pl.DataFrame:
    """The call of each person and period that stood on the period's day: payee_id, number, said."""
    import polars as pl

    rows = engine.collected(company.forecast_calls.filter(nw.col("call_date") < deals.day))
    spans = asked.spans.filter(pl.col("lead") == 0).join(asked.days, on="number")
    rows = rows.join(spans.select("period", "number", "day"), on="period")
    rows = rows.filter(pl.col("call_date") < pl.col("day"))
    rows = rows.join(rates(company, deals.day, deals.currency), on="currency")
    rows = rows.with_columns(said=pl.col("amount") / MONEY * pl.col("to")).sort("call_date")
    last = rows.unique(["payee_id", "number", "category"], keep="last", maintain_order=True)
    return last.filter(pl.col("said") > 0).select("payee_id", "number", "category", "said")


def _owners(company: Company, deals: Deals, asked: Asked, made: Trials) -> pl.DataFrame:
    """Who leads each owner of a deal on each day that matters: owner, day, leader or oneself."""
    import polars as pl

    ended = deals.closings.join(deals.about.select("deal", "owner"), on="deal")
    open_ = made.rows.select("owner", "number").unique().join(asked.days, on="number")
    days = pl.concat([ended.select("owner", "day"), open_.select("owner", "day")]).unique()
    held = engine.collected(engine.open_ended(company.positions))
    above = held.select("payee_id", "manager_id", "start_date", "end_date").drop_nulls()
    now = days.with_columns(leader=pl.col("owner"))
    found = [now]
    for _ in range(DEEPEST):
        up = now.join(above, left_on="leader", right_on="payee_id")
        up = up.filter(pl.col("day").is_between("start_date", "end_date", closed="left"))
        now = up.select("owner", "day", leader="manager_id").unique()
        if now.is_empty():
            break
        found.append(now)
    return pl.concat(found).unique()


def _won(deals: Deals, asked: Asked, own: pl.DataFrame, until: str) -> pl.DataFrame:
    """What everybody's people won in each period: payee_id, number, won.

    Args:
        deals: with their closings.
        asked: the days asked.
        own: of `_owners`.
        until: ``end`` for the whole period, ``day`` for what was won before the day asked.
    """
    import polars as pl

    won = deals.closings.filter("won").join(deals.about.select("deal", "owner"), on="deal")
    led = won.join(own, on=["owner", "day"]).select("amount", closed="day", payee_id="leader")
    spans = asked.spans.filter(pl.col("lead") == 0).join(asked.days, on="number")
    both = led.join_where(
        spans.select("number", "start", until=until),
        pl.col("closed") >= pl.col("start"),
        pl.col("closed") < pl.col("until"),
    )
    return both.group_by("payee_id", "number").agg(won=pl.col("amount").sum())


def _model(deals: Deals, asked: Asked, made: Trials, own: pl.DataFrame) -> pl.DataFrame:
    """What the deals of everybody's people said on each day: payee_id, number, model."""
    import polars as pl

    days = {
        "number": np.arange(len(made.days)),
        "level": made.levels[:, 0],
        "new": made.fresh[:, 0],
    }
    rows = made.rows.filter(pl.col("lead") == 0, pl.col("number") >= FIRST)
    rows = rows.join(pl.DataFrame(days), on="number")
    value = pl.col("chance") * pl.col("worth") * pl.col("level")
    rows = rows.select("owner", "day", "number", "new", value=value)
    rows = rows.with_columns(whole=pl.col("value").sum().over("number"))
    led = rows.join(own, on=["owner", "day"]).group_by("number", payee_id="leader")
    sums = led.agg(pl.col("value").sum(), pl.col("whole", "new").first())
    sums = sums.join(_won(deals, asked, own, "day"), on=["payee_id", "number"], how="left")
    share = pl.col("value") / pl.max_horizontal("whole", pl.lit(1e-9))
    model = pl.col("value") + share * pl.col("new") + pl.col("won").fill_null(0.0)
    return sums.select("payee_id", "number", model=model)


def _record(rows: pl.DataFrame, made: Trials) -> pl.DataFrame:
    """What all said of one category, person by person."""
    import polars as pl

    now = len(made.days) - 1
    people = rows["payee_id"].unique().sort()
    at = {person: place for place, person in enumerate(people)}
    said, came, model = (np.full((now + 1, len(people)), np.nan) for _ in range(3))
    who = np.array([at[person] for person in rows["payee_id"]])
    number = rows["number"].to_numpy()
    for grid, name in ((said, "said"), (came, "came"), (model, "model")):
        grid[number, who] = rows[name].to_numpy()
    came[now] = np.nan
    before = [_ratios(said[:day], came[:day]) for day in range(now + 1)]
    ratio = np.stack(before)
    corrected = said * ratio
    over = ~np.isnan(said[:now]) & ~np.isnan(came[:now])
    spread = (came[:now] / corrected[:now])[FIRST:]
    spread = spread[np.isfinite(spread)]
    tails = np.quantile(spread, TAILS) if len(spread) else np.array([np.nan, np.nan])
    columns = {
        "calls": over.sum(axis=0),
        "came": ratio[now],
        "error": _error(said[FIRST:now], came[FIRST:now]),
        "corrected_error": _error(corrected[FIRST:now], came[FIRST:now]),
        "model_error": _error(model[FIRST:now], came[FIRST:now]),
        "said": said[now],
        "corrected": corrected[now],
        "low_80": corrected[now] * tails[0],
        "high_80": corrected[now] * tails[1],
    }
    frame = pl.DataFrame({"payee_id": people, **columns}, nan_to_null=True)
    return frame.with_columns(category=pl.lit(rows["category"][0]))


def _ratios(said: Floats, came: Floats) -> Floats:
    """What came over what was said, person by person, held towards that of all."""
    there = ~np.isnan(said) & ~np.isnan(came)
    hoped, got = (np.where(there, made, 0.0).sum(axis=0) for made in (said, came))
    if not hoped.sum():
        return np.ones(said.shape[1])
    all_ = got.sum() / hoped.sum()
    count = there.sum(axis=0)
    typical = np.divide(hoped, count, out=np.ones(len(hoped)), where=count > 0)
    return (got + DOUBT * typical * all_) / (hoped + DOUBT * typical)


def _error(expected: Floats, came: Floats) -> Floats:
    """The mean distance over what came, person by person."""
    there = ~np.isnan(expected) & ~np.isnan(came)
    apart = np.where(there, np.abs(expected - came), 0.0).sum(axis=0)
    total = np.where(there, came, 0.0).sum(axis=0)
    return np.divide(apart, total, out=np.full(len(total), np.nan), where=total > 0)


def _teams(
    deals: Deals, asked: Asked, made: Trials, own: pl.DataFrame, callers: pl.Series
) -> Floats:
    """What the deals of everybody's people come to, many times over: draws x callers."""
    import polars as pl

    mine = draws.today(made).filter(pl.col("lead") == 0)
    owners = mine["owner"].unique().sort()
    place = {owner: at for at, owner in enumerate(owners)}
    group = np.array([place[owner] for owner in mine["owner"]], np.int64)
    share = np.bincount(group, (mine["chance"] * mine["worth"]).to_numpy(), len(owners))
    shares = share / max(share.sum(), np.finfo(float).tiny)
    played = draws.drawn(made, group, shares, np.zeros(len(owners)))[:, 0]
    led = own.filter(pl.col("day") == pl.lit(deals.day), pl.col("owner").is_in(owners.implode()))
    caller = {person: at for at, person in enumerate(callers)}
    belongs = np.zeros((len(owners), len(callers)))
    for owner, leader in led.select("owner", "leader").iter_rows():
        belongs[place[owner], caller[leader]] = 1.0
    won = _won(deals, asked, own, "day").filter(pl.col("number") == len(made.days) - 1)
    so_far = dict(won.select("payee_id", "won").iter_rows())
    return played @ belongs + np.array([so_far.get(person, 0.0) for person in callers])


def at_the_top(company: Company, day: date, callers: Sequence[str]) -> list[str]:
    """Those of some people whom no other of them leads on a day: together they speak for all."""
    held = engine.collected(engine.open_ended(company.positions))
    now = held.filter(held["start_date"] <= day, held["end_date"] > day)
    above = dict(now.select("payee_id", "manager_id").iter_rows())
    return [person for person in callers if not set(_up(above, person)) & set(callers)]


def _up(above: dict[str, str | None], person: str) -> list[str]:
    """Everybody whom a person reports to, the nearest first."""
    found: list[str] = []
    boss = above.get(person)
    while boss and boss not in found:
        found.append(boss)
        boss = above.get(boss)
    return found
