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
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, CallRecords, Table
from spmlib.orchestrate.forecasting.panels import Floats
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
    came, model = _came(deals, asked, own), _model(deals, asked, made, own)
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


def _came(deals: Deals, asked: Asked, own: pl.DataFrame) -> pl.DataFrame:
    """What everybody's people won in each period: payee_id, number, came."""
    import polars as pl

    won = deals.closings.filter("won").join(deals.about.select("deal", "owner"), on="deal")
    led = won.join(own, on=["owner", "day"]).select("day", "amount", payee_id="leader")
    spans = asked.spans.filter(pl.col("lead") == 0).select("number", "start", "end")
    both = led.join_where(spans, pl.col("day") >= pl.col("start"), pl.col("day") < pl.col("end"))
    return both.group_by("payee_id", "number").agg(came=pl.col("amount").sum())


def _so_far(deals: Deals, asked: Asked, own: pl.DataFrame) -> pl.DataFrame:
    """What everybody's people had won in each period before its day: payee_id, number, so_far."""
    import polars as pl

    won = deals.closings.filter("won").join(deals.about.select("deal", "owner"), on="deal")
    led = won.join(own, on=["owner", "day"]).select("amount", won="day", payee_id="leader")
    spans = asked.spans.filter(pl.col("lead") == 0).join(asked.days, on="number")
    both = led.join_where(
        spans.select("number", "start", "day"),
        pl.col("won") >= pl.col("start"),
        pl.col("won") < pl.col("day"),
    )
    return both.group_by("payee_id", "number").agg(so_far=pl.col("amount").sum())


def _model(deals: Deals, asked: Asked, made: Trials, own: pl.DataFrame) -> pl.DataFrame:
    """What the deals of everybody's people said on each day: payee_id, number, model."""
    import polars as pl

    levels = pl.DataFrame({"number": range(len(made.days)), "level": made.levels[:, 0]})
    rows = made.rows.filter(pl.col("lead") == 0, pl.col("number") >= FIRST)
    rows = rows.join(levels.with_columns(pl.col("number").cast(pl.Int64)), on="number")
    value = pl.col("chance") * pl.col("worth") * pl.col("level")
    led = rows.select("owner", "day", "number", value=value).join(own, on=["owner", "day"])
    open_ = led.group_by(payee_id="leader", number="number").agg(open=pl.col("value").sum())
    new = pl.DataFrame(
        {"number": np.arange(len(made.days)), "new": made.fresh[:, 0]},
        schema_overrides={"number": pl.Int64},
    )
    made_ = open_.join(new, on="number").join(
        _so_far(deals, asked, own), on=["payee_id", "number"], how="left"
    )
    total = made_.with_columns(share=pl.col("open") / _whole(made, pl.col("number")))
    model = pl.col("open") + pl.col("share") * pl.col("new") + pl.col("so_far").fill_null(0.0)
    return total.select("payee_id", "number", model=model)


def _whole(made: Trials, number: pl.Expr) -> pl.Expr:
    """What all open deals were expected to add on each day."""
    import polars as pl

    rows = made.rows.filter(pl.col("lead") == 0, pl.col("number") >= FIRST)
    value = (pl.col("chance") * pl.col("worth")).sum()
    sums = rows.group_by("number").agg(value=value).sort("number")
    totals = sums["value"].to_numpy() * made.levels[sums["number"].to_numpy(), 0]
    return number.replace_strict(sums["number"], pl.Series(np.maximum(totals, 1e-9)))


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
    won = _so_far(deals, asked, own).filter(pl.col("number") == len(made.days) - 1)
    so_far = dict(won.select("payee_id", "so_far").iter_rows())
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
