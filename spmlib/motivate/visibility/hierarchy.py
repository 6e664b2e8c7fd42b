"""Hierarchy: who reports to whom on a day, at any number of steps, and whose team that makes.

Who holds a position on the day reports as it says. A seat that is empty on the day keeps its last
occupant as a link in the chain, so that those below are not lost to those above.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

MOST = 12  # people of a ring that are named


def links(positions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Who reported to whom on a day.

    Args:
        positions: of Positions.
        day: as of which; positions that begin later are not seen.

    Returns:
        payee_id, manager_id (empty at the top), role, team, plan, status, start_date, end_date and
        held (whether the position holds on the day: if not, it is the person's last); one row per
        person and position held.
    """
    import polars as pl

    begun = positions.filter(pl.col("start_date") <= day).with_columns(
        held=(pl.col("end_date").is_null() | (pl.col("end_date") > day)).cast(pl.Boolean)
    )
    last = begun.sort("start_date", "manager_id").unique("payee_id", keep="last")
    holding = begun.filter("held")
    gone = last.join(holding, on="payee_id", how="anti")
    kept = ["payee_id", "manager_id", "role", "team", "plan", "status", "start_date", "end_date"]
    return pl.concat([holding, gone]).select(*kept, "held").sort("payee_id", "start_date")


def above(positions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Everybody above everybody on a day.

    Returns:
        payee_id, above_id and steps (1: the manager), each pair once.

    Raises:
        ParameterError: somebody is above themselves.

    >>> import polars as pl
    >>> rows = [("A", None), ("B", "A"), ("C", "B")]
    >>> frame = pl.DataFrame(rows, ["payee_id", "manager_id"], orient="row")
    >>> words = {name: pl.lit("") for name in ("role", "team", "plan", "status")}
    >>> days = {"start_date": pl.lit(date(2026, 1, 1)), "end_date": pl.lit(None, pl.Date)}
    >>> above(frame.with_columns(**words, **days), date(2026, 5, 1)).rows()
    [('B', 'A', 1), ('C', 'A', 2), ('C', 'B', 1)]
    """
    import polars as pl

    edges = links(positions, day).select("payee_id", above_id="manager_id")
    edges = edges.filter(pl.col("above_id").is_not_null()).unique()
    step, made, steps = edges, [], 1
    while len(step):
        made.append(step.with_columns(steps=pl.lit(steps, pl.Int64)))
        _refuse_ring(step, edges, day)
        up = edges.rename({"payee_id": "above_id", "above_id": "next_id"})
        step = step.join(up, on="above_id").select("payee_id", above_id="next_id").unique()
        steps += 1
    if not made:
        return edges.with_columns(steps=pl.lit(1, pl.Int64))
    pairs = pl.concat(made).group_by("payee_id", "above_id").agg(pl.col("steps").min())
    return pairs.sort("payee_id", "above_id")


def places(positions: pl.DataFrame, day: date, heads: tuple[str, ...]) -> pl.DataFrame:
    """Where everybody belongs on a day: one team, of one region.

    Whoever has reports leads a team and belongs to it, all others belong to their manager's. A team
    belongs to the region of the nearest head at or above its leader, or of whoever is at the top.

    Args:
        positions: of Positions.
        day: as of which.
        heads: roles that head a region.

    Returns:
        payee_id, team_id, region_id (the ids of who leads them), role, team, plan, status,
        manager_id, start_date, held and leads; one row per person.

    Raises:
        ParameterError: somebody is above themselves.
    """
    import polars as pl

    pairs, every = above(positions, day), links(positions, day)
    one = every.sort("start_date", "manager_id", nulls_last=False).unique("payee_id", keep="last")
    leading = every.filter(pl.col("held") & pl.col("manager_id").is_not_null())["manager_id"]
    leads = pl.col("payee_id").is_in(leading.unique().to_list())
    made = one.with_columns(leads=leads).with_columns(
        team_id=pl.when(pl.col("leads") | pl.col("manager_id").is_null())
        .then("payee_id")
        .otherwise("manager_id")
    )
    regions = _regions(made, pairs, heads)
    return (
        made.join(regions, on="team_id", how="left")
        .with_columns(pl.col("region_id").fill_null(pl.col("team_id")))
        .select("payee_id", "team_id", "region_id", *_about(every), "leads")
        .sort("payee_id")
    )


def _about(every: pl.DataFrame) -> list[str]:
    return [name for name in every.columns if name != "payee_id"]


def _regions(people: pl.DataFrame, pairs: pl.DataFrame, heads: tuple[str, ...]) -> pl.DataFrame:
    """The region of each team: its nearest head, else who is furthest above."""
    import polars as pl

    teams = people.select(payee_id="team_id").unique()
    own = teams.with_columns(above_id="payee_id", steps=pl.lit(0, pl.Int64))
    chain = pl.concat([own, pairs.join(teams, on="payee_id", how="semi")])
    roles = people.select(above_id="payee_id", heads=pl.col("role").is_in(heads))
    chain = chain.join(roles, on="above_id", how="left").with_columns(
        pl.col("heads").fill_null(False)
    )
    ranked = chain.with_columns(
        order=pl.when("heads").then("steps").otherwise(10**6 - pl.col("steps"))
    )
    best = ranked.sort("payee_id", "order", "above_id").unique("payee_id", keep="first")
    return best.select(team_id="payee_id", region_id="above_id")


def _refuse_ring(step: pl.DataFrame, edges: pl.DataFrame, day: date) -> None:
    """Refuse a hierarchy in which somebody is above themselves."""
    rings = sorted(step.filter(step["payee_id"] == step["above_id"])["payee_id"])
    if not rings:
        return
    up = dict(edges.sort("above_id", descending=True).iter_rows())
    chain = [rings[0]]
    while (
        len(chain) < MOST
        and (up[chain[-1]] in rings)
        and (len(chain) == 1 or chain[-1] != chain[0])
    ):
        chain.append(up[chain[-1]])
    told = ", who reports to ".join(chain)
    raise ParameterError(
        f"positions on {day}: {told}; give one of them a manager above both, or none."
    )
