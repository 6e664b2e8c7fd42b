"""Sights: who may see what of whom, by the hierarchy as it stood on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.tables import FieldSights
from spmlib.motivate.visibility import hierarchy
from spmlib.motivate.visibility.written import SCOPES, WHAT, Policy

if TYPE_CHECKING:
    import polars as pl

NONE, OWN, TEAM, REGION, COMPANY = SCOPES
MOST = 6  # people named who may see
COLUMNS: Mapping[str, tuple[str, ...]] = {  # of tables with a payee_id, by what they tell
    "attainment": (
        *("credited", "credited_to_date", "quota", "attainment", "pace", "expected", "asked"),
        *("state", "elapsed", "left_periods", "booked", "place"),
    ),
    "pay": (
        *("amount", "earned", "paid", "due", "held", "unpaid", "owed", "carried", "worth"),
        *("payroll_amount", "target", "target_incentive", "base_pay"),
        *("commission_rate", "personal_rate"),
    ),
    "pipeline": ("pipeline", "deals", "category", "cover"),
    "disputes": ("dispute_id", "disputes", "claimed", "granted", "status"),
}


@dataclass(frozen=True)
class Sight:
    """What one person may see on a day.

    Attributes:
        viewer_id, day: who, and as of which day.
        people: for each word of `WHAT`, of whom.
    """

    viewer_id: str
    day: date
    people: Mapping[str, frozenset[str]]

    @property
    def anybody(self) -> frozenset[str]:
        """Everybody of whom anything may be seen."""
        return frozenset().union(*self.people.values())

    def columns(self, payee_id: str) -> tuple[str, ...]:
        """The columns that may be seen of somebody, of those that tell something."""
        kinds = [what for what in WHAT if payee_id in self.people[what]]
        return tuple(column for what in kinds for column in COLUMNS[what])

    def shown(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of those who may be seen; cells that tell what may not are empty."""
        import polars as pl

        kept = rows.filter(pl.col("payee_id").is_in(sorted(self.anybody)))
        hidden = {
            column: pl.when(pl.col("payee_id").is_in(sorted(self.people[what]))).then(column)
            for what in WHAT
            for column in COLUMNS[what]
            if column in rows.columns
        }
        return kept.with_columns(**hidden)


def sights(
    positions: pl.DataFrame, day: date, policy: Policy, since: date | None = None
) -> pl.DataFrame:
    """What each person may see of whom on a day.

    Args:
        positions: as `Positions`.
        day: as of which; who managed before, or will later, does not see.
        policy: how far each role sees.
        since: who left after this day is still seen by those who were above them last; nobody who
            left if empty. Who left sees nothing.

    Returns:
        `FieldSights`: one row for each pair of which anything is seen.

    Raises:
        ParameterError: somebody is above themselves.
    """
    import polars as pl

    every = hierarchy.links(positions, day)
    held = every.filter("held")
    viewers = _viewers(held, policy)
    pairs = _pairs(positions, every, day, since)
    whole = pl.lit(SCOPES.index(COMPANY), pl.Int64)
    heads = viewers.filter(pl.max_horizontal(WHAT) == whole).select("viewer_id")
    known = every.select("payee_id").unique()
    far = heads.join(known, how="cross").join(pairs, on=["viewer_id", "payee_id"], how="anti")
    far = far.with_columns(level=pl.lit(None, pl.Int64), asks=whole)
    seen = pl.concat([pairs, far]).join(viewers, on="viewer_id")
    made = seen.with_columns(**{what: pl.col(what) >= pl.col("asks") for what in WHAT})
    names = dict(enumerate(SCOPES))
    because = pl.col("asks").replace_strict(names, return_dtype=pl.String)
    return (
        made.filter(pl.any_horizontal(WHAT))
        .with_columns(because=because)
        .select(*FieldSights.columns())
        .sort("viewer_id", "level", "payee_id", nulls_last=True)
    )


def visible(
    positions: pl.DataFrame, viewer_id: str, day: date, policy: Policy, since: date | None = None
) -> Sight:
    """Whom one person may see on a day, and what of them.

    Args:
        positions: as `Positions`.
        viewer_id: who looks.
        day, policy, since: as `sights`.

    Raises:
        ParameterError: the viewer holds no position on the day, or somebody is above themselves.
    """
    held = hierarchy.links(positions, day).filter("held")["payee_id"]
    if viewer_id not in held.to_list():
        raise ParameterError(
            f"{viewer_id} holds no position on {day} and sees nothing; name somebody who holds one."
        )
    return sight(sights(positions, day, policy, since), viewer_id, day)


def sight(seen: pl.DataFrame, viewer_id: str, day: date) -> Sight:
    """What one person may see, of a table of `sights`."""
    own = seen.filter(seen["viewer_id"] == viewer_id)
    people = {what: frozenset(own.filter(own[what])["payee_id"]) for what in WHAT}
    return Sight(viewer_id, day, people)


def refuse_unseen(seen: pl.DataFrame, viewer_id: str, payee_id: str, what: str) -> None:
    """Refuse to show what somebody may not see.

    Args:
        seen: of `sights`.
        viewer_id: who asks.
        payee_id: of whom.
        what: attainment, pay, pipeline or disputes.

    Raises:
        ParameterError: it says who may.
    """
    import polars as pl

    if what not in WHAT:
        raise ParameterError(f"'{what}' is nothing that is seen; write {', '.join(WHAT)}.")
    rows = seen.filter(pl.col("payee_id") == payee_id, pl.col(what))
    may = rows.sort("level", "viewer_id", nulls_last=True)["viewer_id"].to_list()
    if viewer_id not in may:
        more = f" and {len(may) - MOST} more" if len(may) > MOST else ""
        named = ", ".join(may[:MOST]) + more if may else "nobody"
        raise ParameterError(f"{viewer_id} may not see the {what} of {payee_id}; {named} may.")


def _viewers(held: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """How far each person sees each kind of thing, by the widest of their roles."""
    import polars as pl

    def reach(what: str) -> pl.Expr:
        found = {role: SCOPES.index(policy.scope(role, what)) for role in held["role"].unique()}
        return pl.col("role").replace_strict(found, return_dtype=pl.Int64).max().alias(what)

    return (
        held.group_by("payee_id")
        .agg(reach(what) for what in WHAT)
        .rename({"payee_id": "viewer_id"})
    )


def _pairs(
    positions: pl.DataFrame, every: pl.DataFrame, day: date, since: date | None
) -> pl.DataFrame:
    """Oneself and all below one: viewer_id, payee_id, level, and the scope that it asks for."""
    import polars as pl

    left = pl.col("end_date") > since if since else pl.lit(False)
    seen = every.filter(pl.col("held") | left).select("payee_id").unique()
    holding = every.filter("held").select("payee_id").unique()
    own = holding.select(viewer_id="payee_id", payee_id="payee_id", level=pl.lit(0, pl.Int64))
    below = hierarchy.above(positions, day).join(seen, on="payee_id", how="semi")
    below = below.select("payee_id", viewer_id="above_id", level="steps")
    steps = pl.concat([own, below.select(own.columns)]).with_columns(pl.col("level").cast(pl.Int64))
    scope = pl.min_horizontal(pl.col("level"), 2) + SCOPES.index(OWN)
    return steps.with_columns(asks=scope.cast(pl.Int64))
