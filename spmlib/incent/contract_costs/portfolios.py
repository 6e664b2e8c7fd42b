"""Portfolios: contracts alike, followed as one (ASC 606-10-10-4, IFRS 15.4).

Costs are alike that become assets in the same period, start and end together, and are of one
portfolio, team and currency. What was amortised then differs from contract by contract by rounding
alone: less than half a minor unit for each contract.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import SHARE, Calendar, ContractCosts, CostChanges, Table
from spmlib.incent.contract_costs import conventions, givens
from spmlib.incent.contract_costs.conventions import Convention
from spmlib.incent.contract_costs.grids import grid

ALIKE = ("portfolio", "team", "currency", "months", "pattern", "how", "source", "policy_date")
JOINED = ("clawed_back", "terminated", "added")


def gathered(
    costs: Table[ContractCosts],
    changes: Table[CostChanges],
    convention: str = "month_of_start",
    calendar: Table[Calendar] | None = None,
) -> tuple[Table[ContractCosts], Table[CostChanges]]:
    """Costs of contracts as costs of portfolios, and their changes as changes of those.

    A contract that ends is a share of its portfolio; what is clawed back of several is summed.
    Costs with other changes (estimates, impairments) stay by themselves.

    Args:
        costs: of contracts.
        changes: of them.
        convention: of their amortisation: what starts alike by it is one portfolio.
        calendar: the company's periods; calendar months if none.

    Returns:
        The same two tables, of portfolios.
    """
    rows, changed = engine.collected(costs), engine.collected(changes)
    if rows.is_empty():
        return costs, changes
    alone = changed.filter(~pl.col("kind").is_in(JOINED))["cost_id"].unique().to_list()
    day = pl.coalesce("capitalised_date", "start_date")
    rows = rows.with_columns(
        capitalised_date=day,
        alone=pl.when(pl.col("cost_id").is_in(alone)).then("cost_id"),
        negative=pl.col("amount") < 0,
    )
    rows = _begun(rows, conventions.convention(convention), calendar)
    keys = ["capitalised_date", "start_date", *ALIKE, "alone", "negative"]
    named = rows.with_columns(
        number=pl.struct(keys).rank("dense"), cost=pl.col("cost_id")
    ).with_columns(
        cost_id=pl.coalesce(
            "alone", pl.concat_str(pl.lit("portfolio-"), pl.col("number").cast(pl.String))
        )
    )
    summed = named.group_by("cost_id", *keys, maintain_order=True).agg(pl.col("amount").sum())
    summed = summed.with_columns(contract_id=pl.coalesce("portfolio", pl.lit("all")))
    members = named.select("cost", of="cost_id", own="amount")
    made = _shares(changed.join(members.drop("own"), left_on="cost_id", right_on="cost"), members)
    return (
        engine.brought(summed.select(*ContractCosts.columns())),
        engine.brought(made.select(*CostChanges.columns())),
    )


def _begun(rows: pl.DataFrame, of: Convention, calendar: Table[Calendar] | None) -> pl.DataFrame:
    """The rows with the first of the days that count as theirs do."""
    both = [rows["capitalised_date"], rows["start_date"]]
    ends = [day for series in both for day in (series.min(), series.max())]
    known = [day for day in ends if isinstance(day, date)]
    periods = grid(calendar, min(known), max(known))
    made = {}
    for series in both:
        days = givens.days(series)
        edges = periods.edges[periods.place(days)]
        late = conventions.MIDDLE * (days - edges >= conventions.MIDDLE) if of.halves else 0
        made[series.name] = pl.Series((edges + late).astype("int32")).cast(pl.Date)
    if of.units == 0:  # each day counts
        made.pop("start_date")
    return rows.with_columns(**made)


def _shares(changes: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """Changes of members as changes of portfolios: ends as shares of what had not ended.

    Args:
        changes: of members, with ``of``, their portfolio or themselves.
        sizes: cost (the member), of, own (its amount) [ticks].
    """
    joined = pl.col("cost_id") != pl.col("of")
    alone = changes.filter(~joined)
    days = _days(changes.filter(joined)).join(sizes, left_on="cost_id", right_on="cost")
    lost = _lost(days)
    whole = sizes.group_by("of").agg(whole=pl.col("own").sum())
    daily = lost.group_by("of", "change_date").agg(
        pl.col("added", "clawed").sum(),
        ended=pl.when("ends").then("ended").otherwise("clawed").sum(),
        ends=pl.col("ends").any(),
        gone=pl.col("gone").sum(),
    )
    daily = daily.join(whole, "of").sort("of", "change_date")
    before = pl.col("whole") - pl.col("gone").cum_sum().over("of") + pl.col("gone")
    daily = daily.with_columns(before=before)
    full = (pl.col("before") == 0) | (pl.col("ended") == pl.col("before"))
    exact = pl.col("ended").cast(pl.Int128) * SHARE // pl.when(full).then(1).otherwise("before")
    part = pl.when(full).then(SHARE).otherwise(exact.cast(pl.Int64, strict=False).clip(0, SHARE))
    told = [
        daily.filter(pl.col("added") != 0).with_columns(kind=pl.lit("added"), amount="added"),
        daily.filter(pl.col("clawed") != 0).with_columns(
            kind=pl.lit("clawed_back"), amount="clawed"
        ),
        daily.filter("ends").with_columns(
            kind=pl.lit("terminated"), amount=pl.lit(None, dtype=pl.Int64), share=part
        ),
    ]
    made = pl.concat(told, how="diagonal").with_columns(cost_id="of")
    return pl.concat([alone, made], how="diagonal_relaxed")


def _days(changes: pl.DataFrame) -> pl.DataFrame:
    """What happened to each member on each day: added, clawed, share (ended), ends."""
    kind = pl.col("kind")
    ended = pl.col("share").fill_null(SHARE).filter(kind == "terminated").last()
    made = changes.group_by("cost_id", "change_date").agg(
        added=pl.col("amount").filter(kind == "added").sum(),
        clawed=pl.col("amount").filter(kind == "clawed_back").sum(),
        ends=(kind == "terminated").any(),
        share=ended.fill_null(0),
    )
    return made.sort("cost_id", "change_date").with_columns(
        turn=pl.int_range(pl.len()).over("cost_id")
    )


def _lost(days: pl.DataFrame) -> pl.DataFrame:
    """The days with what of the member's size ended and went, its first day before its second."""
    made, living = [], days.group_by("cost_id").agg(living=pl.col("own").first())
    for turn in sorted(days["turn"].unique().to_list()):
        now = days.filter(pl.col("turn") == turn).join(living, "cost_id")
        part = pl.col("living").cast(pl.Int128) * pl.col("share") // SHARE
        now = now.with_columns(ended=part.cast(pl.Int64))
        more = pl.max_horizontal(pl.col("ended") - pl.col("clawed"), 0)
        now = now.with_columns(gone=pl.col("clawed") - pl.col("added") + more)
        left = now.select("cost_id", left=pl.col("living") - pl.col("gone"))
        living = living.join(left, "cost_id", "left").select(
            "cost_id", living=pl.coalesce("left", "living")
        )
        made.append(now)
    empty = {"ended": pl.Int64, "gone": pl.Int64}
    return (
        pl.concat(made)
        if made
        else days.with_columns(**{name: pl.lit(0, dtype=kind) for name, kind in empty.items()})
    )
