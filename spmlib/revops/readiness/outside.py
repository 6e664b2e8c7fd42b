"""Outside: the register of what is done outside the system, as shares of volume and of money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spmlib.revops.readiness.written import Outside

if TYPE_CHECKING:
    import polars as pl


def registered(
    register: Iterable[Outside], lines: float, money: float, months: int = 1
) -> pl.DataFrame:
    """The register with each entry's share of all that is done.

    Defined as::

        share of lines = rows a month * months / (lines + rows of all entries)

    and of money likewise; entries of which nobody knows how much have no share, and are no part of
    what they are divided by: shares of the others are upper bounds then.

    Args:
        register: as `written.register` gives.
        lines: done inside, by the system and by hand, over the months.
        money: likewise, absolute.
        months: that lines and money are of.

    Returns:
        what, pillar, team, owner, often, since, rows, money, hours (a month; null: not known),
        lines_share, money_share; those of most money, then rows, first.
    """
    import polars as pl

    names = ("what", "pillar", "team", "owner", "often", "since", "rows", "money", "hours")
    kinds = dict.fromkeys(names[:5], pl.String) | {"since": pl.Date}
    schema = kinds | dict.fromkeys(names[6:], pl.Float64)
    rows = [tuple(getattr(one, name) for name in names) for one in register]
    table = pl.DataFrame(rows, orient="row", schema=schema)
    inside = {"rows": lines, "money": money}
    shares = {
        f"{'lines' if name == 'rows' else name}_share": pl.col(name)
        * months
        / (pl.lit(float(whole)) + pl.col(name).sum() * months)
        for name, whole in inside.items()
    }
    tidy = [pl.when(e.is_finite()).then(e).alias(name) for name, e in shares.items()]
    down = [True, True, False, False]
    return table.with_columns(tidy).sort(
        "money", "rows", "what", "team", descending=down, nulls_last=True
    )


def totals(register: Iterable[Outside]) -> dict[str, float | int]:
    """What is known of the register a month: entries, rows, money, hours, and how many are unknown.

    Returns:
        entries, rows, money, hours (sums of what is known), rows_unknown, money_unknown,
        hours_unknown (entries).
    """
    every = list(register)
    made: dict[str, float | int] = {"entries": len(every)}
    for name in ("rows", "money", "hours"):
        known = [getattr(one, name) for one in every if getattr(one, name) is not None]
        made |= {name: sum(known), f"{name}_unknown": len(every) - len(known)}
    return made
