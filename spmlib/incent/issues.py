"""Issues: what crediting and pay found wrong, one row each, with the place and the remedy.

Each finding is a function from the shared tables to (row, what); `FOUND` says, for each, the table
concerned, the remedy and the effect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Issues, Table
from spmlib.incent import gaps
from spmlib.incent.crediting import bookings, keys, shares
from spmlib.incent.crediting.holdings import UNPAID
from spmlib.incent.earning import adjustments, spiffs
from spmlib.incent.gaps import Seen


@dataclass(frozen=True)
class Finding:
    """One kind of thing that can be wrong."""

    table: str
    found: Callable[[Seen], Table[Any]]  # row, what
    remedy: str
    effect: str


def issues(seen: Seen) -> Table[Issues]:
    """Everything that is wrong, at once: what was read, what was credited, and what has no goal."""
    frames = [_worded(finding, seen) for finding in FOUND]
    found = engine.stacked([seen.work.company.issues.select(*Issues.columns()), *frames])
    return found.sort("table", "row", "what", nulls_last=False)


def _worded(finding: Finding, seen: Seen) -> Table[Any]:
    return (
        finding.found(seen)
        .select(
            "row",
            "what",
            table=nw.lit(finding.table),
            place=nw.concat_str(nw.lit(finding.table), nw.col("row"), separator=" "),
            remedy=nw.lit(finding.remedy),
            effect=nw.lit(finding.effect),
        )
        .select(*Issues.columns())
    )


def _outside(seen: Seen) -> Table[Any]:
    """Booked on a day that the calendar does not have."""
    first, last = seen.work.made.parts[0].start, seen.work.made.parts[-1].end
    days = nw.col("event_date")
    rows = seen.work.company.transactions.filter((days < first) | (days >= last))
    return _said(rows, "transaction_id", f"its day lies outside the calendar, {first} to {last}")


def _split_wrongly(seen: Seen) -> Table[Any]:
    """Splits that break the policy."""
    splits = seen.work.company.splits
    rows = shares.unfitting(splits, seen.work.parameters.crediting.policy)
    if not any(rule.kind == "split" for rule in seen.work.parameters.crediting.base):
        rows = rows.head(0)
    percent = engine.divided(nw.col("total"), 10**6).cast(nw.String)
    what = nw.concat_str(
        nw.lit("its splits add up to about "), percent, nw.lit(" %, against the policy")
    )
    return rows.select(row="transaction_id", what=what)


def _rateless(seen: Seen) -> Table[Any]:
    """Amounts that nothing converts into the currency of a plan."""
    columns = [nw.col(bookings.column("amount", c)).is_null() for c in seen.work.booked.currencies]
    rows = seen.work.booked.rows.filter(nw.any_horizontal(*columns, ignore_nulls=True))
    missing = [
        nw.when(nw.col(bookings.column("amount", c)).is_null()).then(nw.lit(c)).otherwise(None)
        for c in seen.work.booked.currencies
    ]
    what = nw.concat_str(
        nw.lit("there is no rate from "),
        nw.col("source_currency"),
        nw.lit(" to "),
        nw.concat_str(*missing, separator=", ", ignore_nulls=True),
    )
    return rows.select(row="transaction_id", what=what)


def _nobody(seen: Seen) -> Table[Any]:
    """Credited to nobody: the owner had left, held no position, or no rule admits it."""
    worth = [~nw.col(bookings.column("amount", c)).is_null() for c in seen.work.booked.currencies]
    rated = seen.work.booked.rows.filter(nw.any_horizontal(*worth, ignore_nulls=True))
    rows = rated.join(_credited(seen), on="order", how="anti")
    owners = seen.work.company.payees.select(owner_id="payee_id", leave_date="leave_date")
    owned = rows.join(owners, on="owner_id", how="left")
    left = nw.col("leave_date").fill_null(engine.FOREVER) <= nw.col("event_date")
    what = (
        nw.when(left)
        .then(nw.concat_str(nw.lit("its owner "), nw.col("owner_id"), nw.lit(" had left by then")))
        .when(nw.col("owner_id").is_null())
        .then(nw.lit("nobody owns it, and no rule names anyone else"))
        .otherwise(nw.lit("no rule credits anybody who holds a position on its day"))
    )
    return owned.select(row="transaction_id", what=what)


def _left(seen: Seen) -> Table[Any]:
    """The owner had left, and only others are credited."""
    rows = seen.work.booked.rows.join(_credited(seen), on="order", how="semi")
    owners = seen.work.company.payees.select(owner_id="payee_id", leave_date="leave_date")
    owned = rows.join(owners, on="owner_id").filter(nw.col("leave_date") <= nw.col("event_date"))
    what = nw.concat_str(nw.lit("its owner "), nw.col("owner_id"), nw.lit(" had left by then"))
    return owned.select(row="transaction_id", what=what)


def _twice(seen: Seen) -> Table[Any]:
    """Credited more than once to one person."""
    own = seen.work.rows.filter(keys.level() == 0)
    key = {"order": keys.booking(), "origin": keys.origin()}
    counted = own.select("person", **key).group_by("person", *key).agg(times=nw.len())
    bookings_ = seen.work.booked.rows.select("order", "transaction_id")
    rows = (
        counted.filter(nw.col("times") > 1)
        .join(seen.work.who.people.select("person", "payee_id"), on="person")
        .join(bookings_, on="order")
    )
    times = nw.concat_str(nw.lit(" by "), nw.col("times").cast(nw.String), nw.lit(" rules"))
    what = nw.concat_str(nw.lit("it is credited to "), nw.col("payee_id"), times)
    return rows.select(row="transaction_id", what=what)


def _credited(seen: Seen) -> Table[Any]:
    """The bookings that somebody's own credit comes from."""
    own = seen.work.rows.filter(keys.level() == 0)
    return own.select(order=keys.booking()).unique("order")


def _planless(seen: Seen) -> Table[Any]:
    """Positions that name a plan nobody wrote."""
    rows = seen.work.who.held.filter((nw.col("plan_number") == UNPAID) & ~nw.col("plan").is_null())
    what = nw.concat_str(nw.lit("there is no plan '"), nw.col("plan"), nw.lit("'"))
    return rows.select(row="payee_id", what=what)


def _said(rows: Table[Any], key: str, what: str) -> Table[Any]:
    return rows.select(row=key, what=nw.lit(what))


FOUND = (
    Finding(
        "transactions", _outside, "correct the day, or widen parameters/calendar.yaml", "refused"
    ),
    Finding(
        "transactions",
        _split_wrongly,
        "correct the shares, or the policy in crediting.yaml",
        "refused",
    ),
    Finding("transactions", _rateless, "add the rate to currency_rates", "refused"),
    Finding("transactions", _nobody, "hand it over to someone, or add a rule", "refused"),
    Finding("transactions", _left, "hand it over to someone", "noted"),
    Finding("transactions", _twice, "narrow one of the rules with `who` or `where`", "noted"),
    Finding("adjustments", lambda seen: adjustments.unfit(seen.work), "correct the row", "refused"),
    Finding(
        "adjustments",
        lambda seen: adjustments.unheld(seen.work),
        "correct the plan or the day, if it is not meant for who has left it",
        "noted",
    ),
    Finding(
        "spiff_standings",
        lambda seen: spiffs.unpaid(seen.spiffs, seen.work),
        "give the person a plan on the SPIFF's last day, or add the rate",
        "refused",
    ),
    Finding("quotas", gaps.goalless, "add a row to quotas", "noted"),
    Finding("quotas", gaps.ungauged, "add a row to quotas", "noted"),
    Finding(
        "measures",
        gaps.empty,
        "fill the column in, or map it in sources.yaml; now it is 0",
        "noted",
    ),
    Finding("payouts", gaps.unconverted, "add the rate to currency_rates", "noted"),
    Finding("positions", _planless, "write the plan, or correct the name", "noted"),
)
