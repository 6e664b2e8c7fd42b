"""Views: who may see whom, on a day; everybody else is a pseudonym."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.written import Decisions

if TYPE_CHECKING:
    import polars as pl

LEVELS = 50  # of a hierarchy


def seen_by(viewer: str, positions: Any, decided: Decisions, day: date) -> set[str] | None:
    """Whom a viewer may see by id on a day; None: everybody. Nobody sees themselves.

    Args:
        viewer: payee_id.
        positions: as `Positions`.
        decided: roles that see everybody, and how far down managers see.
        day: positions are as of it.
    """
    import polars as pl

    rows = keyed(frame(positions), "positions", ("start_date", "end_date"))
    needed(rows, ("payee_id", "start_date", "role", "manager_id"), "positions")
    end = pl.col("end_date") if "end_date" in rows.columns else pl.lit(None, pl.Date)
    held = rows.filter(pl.col("start_date") <= day, (end > day).fill_null(True))
    held = held.sort("start_date").group_by("payee_id", maintain_order=True).last()
    own = held.filter(pl.col("payee_id") == viewer)
    if len(own) and own["role"][0] in decided.roles:
        return None
    seen: set[str] = set()
    above = {viewer}
    for _ in range({"none": 0, "direct": 1, "line": LEVELS}[decided.managers]):
        below = set(held.filter(pl.col("manager_id").is_in(list(above)))["payee_id"]) - seen
        if not below:
            break
        seen |= below
        above = below
    return seen - {viewer}


def viewed(
    table: pl.DataFrame, viewer: str, positions: Any, decided: Decisions, day: date
) -> pl.DataFrame:
    """A table of people as a viewer may see it: ids where allowed, pseudonyms elsewhere.

    The viewer's own row is left out. Pseudonyms count from 1 in the order of the table, and say
    nothing of another table or another day; columns that name people are closed likewise.

    Raises:
        ParameterError: attrition insight is off.
    """
    import polars as pl

    if not decided.enabled:
        place = decided.places.get("enabled", "attrition.yaml")
        raise ParameterError(
            f"{place}: attrition insight is off, and nobody is shown; write `enabled: yes` once "
            "whoever may decide it has decided."
        )
    rows = table.filter(pl.col("payee_id") != viewer)
    seen = seen_by(viewer, positions, decided, day)
    return rows if seen is None else pseudonyms(rows, seen)


def pseudonyms(table: pl.DataFrame, but: set[str] | None = None) -> pl.DataFrame:
    """A table with a pseudonym for everybody but some: P001, P002 in its order; M01 for managers.

    What else would name them (name, email, territory_id) is left out.
    """
    import polars as pl

    made = table.drop([n for n in ("name", "email", "territory_id") if n in table.columns])
    seen = but or set()
    for column, letter, width in (("payee_id", "P", 3), ("manager_id", "M", 2)):
        if column not in made.columns:
            continue
        closed = [
            who for who in made[column].unique(maintain_order=True) if who and who not in seen
        ]
        if column == "manager_id":
            # A manager is shown where one of their people is.
            shown = set(table.filter(pl.col("payee_id").is_in(list(seen)))["manager_id"])
            closed = [who for who in closed if who not in shown]
        known = {who: f"{letter}{number:0{width}}" for number, who in enumerate(closed, 1)}
        made = made.with_columns(
            pl.col(column).replace_strict(known, default=pl.col(column), return_dtype=pl.String)
        )
    return made
