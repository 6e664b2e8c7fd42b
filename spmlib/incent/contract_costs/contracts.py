"""Contracts: how long each booked line benefits by the policy, and when it ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest, refuse
from spmlib.core.tables import SHARE, Accounts, Products, Transactions
from spmlib.incent.contract_costs.benefits import ONE_YEAR
from spmlib.incent.contract_costs.written import Benefit, Lapses, Policy
from spmlib.rules.filters import kinds, matching

NEVER = date(9999, 12, 31)


def contracts(company: Company, policy: Policy) -> pl.DataFrame:
    """Each transaction with its benefit.

    Returns:
        transaction_id, account_id, product_id, kind, segment, family, currency, amount, booked,
        start (of the benefit), term, months, row (of the benefit), expensed (by the expedient),
        source and policy_date of that row.

    Raises:
        ParameterError: a filter or term names a column that is not there, a day is none, or no row
            fits a transaction.
    """
    rows, known = _attributed(company)
    made = rows.with_columns(benefit=_benefit(policy, known))
    frame = engine.collected(made)
    _refuse_unfit(frame, policy)
    told = pl.DataFrame([_numbers(n, b) for n, b in enumerate(policy.benefits)])
    frame = frame.join(told, "benefit").with_columns(term=_terms(frame, policy))
    length = pl.coalesce("term", "fixed")
    months = pl.min_horizontal(length + pl.col("more"), pl.col("most"))
    start = _start(frame, policy)
    made_ = frame.with_columns(start=start, months=months.cast(pl.Int64), booked="event_date")
    short = pl.col("months") <= ONE_YEAR
    columns = (
        *("transaction_id", "account_id", "product_id", "kind", "segment", "family", "currency"),
        *("amount", "booked", "start", "term", "months", "row", "expensed", "source"),
        "policy_date",
    )
    return made_.with_columns(
        expensed=short & pl.lit(policy.expedient), segment=pl.col("segment").fill_null("none")
    ).select(columns)


def ends(company: Company, known: pl.DataFrame, policy: Policy, until: date) -> pl.DataFrame:
    """What of contracts ended by a day: cancelled, or not renewed.

    Returns:
        transaction_id, change_date, share (of what had not ended) [SHARE], source; a lapse is known
        once its grace is over.
    """
    happened = company.events.filter(
        nw.col("event") == "cancellation", nw.col("event_date") < until
    )
    rows = engine.collected(happened).join(
        known.select("transaction_id", of="amount"), "transaction_id"
    )
    ordered = rows.sort("transaction_id", "event_date", "event_id")
    gone = pl.col("amount").abs().cum_sum().over("transaction_id")
    ordered = ordered.with_columns(before=pl.col("of").abs() - gone + pl.col("amount").abs())
    ordered = ordered.filter(pl.col("before") > 0)
    part = pl.col("amount").abs().cast(pl.Int128) * SHARE // pl.col("before")
    cancelled = ordered.select(
        "transaction_id",
        change_date="event_date",
        share=pl.when(pl.col("amount").abs() >= pl.col("before"))
        .then(SHARE)
        .otherwise(part.cast(pl.Int64, strict=False)),
        source=pl.concat_str(pl.lit("cancellation "), "event_id"),
    )
    if policy.lapses is None:
        return cancelled
    over = lapsed(known, policy.lapses, until)
    lost = over.filter("lapsed").select(
        "transaction_id",
        change_date=pl.col("ends") + pl.duration(days=policy.lapses.grace),
        share=pl.lit(SHARE, dtype=pl.Int64),
        source=pl.lit("not renewed"),
    )
    return pl.concat([cancelled, lost]).sort("transaction_id", "change_date")


def lapsed(known: pl.DataFrame, lapses: Lapses, until: date) -> pl.DataFrame:
    """The lines of which it is followed whether they were renewed, until a day.

    A line goes on as long as something alike is renewed around its end; a renewal is followed by
    the next.

    Returns:
        transaction_id, segment, months (of its term), begun, renewals (how many were seen), ends
        (of what was paid for), lapsed (the end and its grace are over).
    """
    for name in lapses.match:
        if name not in known.columns:
            near = nearest(name, known.columns)
            raise ParameterError(f"lapses: there is no column '{name}' to match; write {near}.")
    match = list(lapses.match)
    renewed = known.filter((pl.col("kind") == "renewal") & pl.col("term").is_not_null())
    renewed = renewed.select(*match, renewal_day="booked", again="term").sort("renewal_day")
    ready = known.filter(
        pl.col("kind").is_in(lapses.kinds)
        & pl.col("term").is_not_null()
        & pl.all_horizontal(pl.col(match).is_not_null())
        & (pl.col("booked") < until)
    ).select("transaction_id", *match, "segment", months="term", begun="booked")
    following = ready.with_columns(ends=_months_on("begun", "months"), renewals=0)
    most = 1 + max((until.year - d.year for d in ready["begun"]), default=0)
    for _ in range(most * 12):
        looked = following.with_columns(
            opens=pl.col("ends") - pl.duration(days=lapses.early),
        ).sort("opens")
        found = looked.join_asof(
            renewed,
            left_on="opens",
            right_on="renewal_day",
            by=match,
            strategy="forward",
            check_sortedness=False,
        )
        close = pl.col("ends") + pl.duration(days=lapses.grace)
        goes_on = (pl.col("renewal_day") <= close) & (pl.col("renewal_day") < until)
        found = found.with_columns(goes_on=goes_on.fill_null(False))
        if not found["goes_on"].any():
            break
        following = found.with_columns(
            ends=pl.when("goes_on").then(_months_on("ends", "again")).otherwise("ends"),
            renewals=pl.col("renewals") + pl.col("goes_on").cast(pl.Int32),
        ).select(following.columns)
    over = pl.col("ends") + pl.duration(days=lapses.grace) < until
    return following.with_columns(lapsed=over).sort("transaction_id")


def _attributed(company: Company) -> tuple[Any, dict[str, str]]:
    """The transactions with what is known of their accounts and products."""
    rows: Any = company.transactions
    known = kinds(engine.names(rows), Transactions)
    for key, side, definition in (
        ("account_id", company.accounts, Accounts),
        ("product_id", company.products, Products),
    ):
        there = kinds([c for c in engine.names(side) if c not in known], definition)
        known |= there
        rows = rows.join(side.select(key, *there), on=key, how="left")
    for name in ("segment", "family"):
        if name not in known:
            rows, known = (
                rows.with_columns(nw.lit(None, dtype=nw.String).alias(name)),
                {
                    **known,
                    name: "text",
                },
            )
    return rows, known


def _benefit(policy: Policy, known: dict[str, str]) -> nw.Expr:
    """The number of the first row of benefits that fits; -1 if none does."""
    found: nw.Expr = nw.lit(-1)
    for number, row in reversed(list(enumerate(policy.benefits))):
        fits = matching(row.where, known) & (nw.col("event_date") >= row.since)
        found = nw.when(fits).then(nw.lit(number)).otherwise(found)
    return found.cast(nw.Int64)


def _numbers(number: int, row: Benefit) -> dict[str, Any]:
    each = row.renewal_months if row.renewal_months is not None else (row.months or 12)
    return {
        "benefit": number,
        "fixed": row.months,
        "more": 0 if row.commensurate else row.renewals * each,
        "most": row.most if row.most is not None else 1200,
        "row": row.name,
        "source": row.place,
        "policy_date": row.since,
    }


def _terms(frame: pl.DataFrame, policy: Policy) -> pl.Expr:
    """The term of each transaction in months, where its row of benefits names a column."""
    made: Any = pl.lit(None, dtype=pl.Int64)
    for number, row in enumerate(policy.benefits):
        if row.term is None:
            continue
        if row.term not in frame.columns:
            near = nearest(row.term, sorted(frame.columns))
            refuse(row.place, f"there is no column '{row.term}'", f"write {near}")
        own = pl.col(row.term).cast(pl.String).cast(pl.Int64, strict=False)
        made = pl.when(pl.col("benefit") == number).then(own).otherwise(made)
    return made


def _start(frame: pl.DataFrame, policy: Policy) -> pl.Expr:
    if policy.start == "booking":
        return pl.col("event_date")
    if policy.start not in frame.columns:
        near = nearest(policy.start, sorted(frame.columns))
        refuse(policy.place, f"there is no column '{policy.start}' for `start`", f"write {near}")
    day = pl.col(policy.start).cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(day, "event_date")


def _refuse_unfit(frame: pl.DataFrame, policy: Policy) -> None:
    lost = frame.filter(pl.col("benefit") < 0)
    if len(lost):
        row = lost.row(0, named=True)
        wrong = (
            f"no benefit fits {row['transaction_id']} of {row['event_date']}, kind {row['kind']}"
        )
        refuse(policy.place, wrong, "end the list with a row without `where`")


def _months_on(day: str, months: str) -> pl.Expr:
    text = pl.concat_str(pl.col(months).cast(pl.String), pl.lit("mo"))
    return pl.col(day).dt.offset_by(text)
