"""Keys: a credit as one number, in which the credits of a person stand in order.

A key holds, from left to right, the booking, the rule, the level and the origin (the person whose
own credit it is). Millions of rows carry it instead of words; `told` gives the words back.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.crediting.holdings import PEOPLE
from spmlib.rules.crediting import MOST

RULES, LEVELS, ORIGINS = MOST, 2**5, PEOPLE
BELOW_RULE = LEVELS * ORIGINS
BELOW_BOOKING = RULES * BELOW_RULE


def key() -> nw.Expr:
    """The key of a row with ``order`` (of its booking), rule_number, level and origin."""
    rule = nw.col("order") * RULES + nw.col("rule_number")
    return (rule * LEVELS + nw.col("level")) * ORIGINS + nw.col("origin")


def booking() -> nw.Expr:
    """The number of the booking, or of what happened to it later."""
    return engine.divided(nw.col("key"), BELOW_BOOKING)


def rule_number() -> nw.Expr:
    """The number of the rule, in the order written."""
    return engine.divided(nw.col("key"), BELOW_RULE) % RULES


def level() -> nw.Expr:
    """Steps up the hierarchy."""
    return engine.divided(nw.col("key"), ORIGINS) % LEVELS


def origin() -> nw.Expr:
    """The number of the person whose own credit it is."""
    return nw.col("key") % ORIGINS


def told(rows: Table[Any], booked: Table[Any], people: Table[Any], *columns: str) -> Table[Any]:
    """Rows with a key, each with the columns of its booking and through_id; kept where empty."""
    through = people.select(origin="person", through_id="payee_id")
    bookings = booked.select(*columns, booking="order")
    numbered = rows.with_columns(booking=booking(), origin=origin())
    joined = numbered.join(bookings, on="booking", how="left")
    return joined.join(through, on="origin", how="left").drop("booking", "origin")
