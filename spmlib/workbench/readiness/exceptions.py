"""Readiness, exceptions: what a company's own records say was done by hand, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import conversion, engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, Table
from spmlib.incent.disputes import figures
from spmlib.incent.earning.adjustments import APPROVED, KIND
from spmlib.incent.summaries import worths
from spmlib.revops.readiness.written import Policy

SOURCES = {
    "adjustment": "Adjusted by hand",
    "dispute": "Dispute remedied by hand",
    "correction": "Closed month corrected",
}
COLUMNS = (
    *("exception_id", "source", "payee_id", "plan", "component", "period"),
    *("amount", "currency", "cause", "reason"),
)


def adjusted(company: Company, currencies: dict[str, str]) -> pl.DataFrame:
    """The adjustments that somebody else approved [ticks]; others pay nothing.

    Args:
        company: whose.
        currencies: of each plan; adjustments under none of them pay nothing either.
    """
    calendar: Table[Any] = company.calendar
    rows: Table[Any] = company.adjustments.filter(APPROVED).join(
        calendar.select("period", "start_date", "end_date"), how="cross"
    )
    dated = engine.collected(rows.filter(engine.during("event_date")))
    settles = pl.col("dispute_id").is_not_null()
    plans = pl.DataFrame(
        {"plan": list(currencies), "currency": list(currencies.values())},
        schema={"plan": pl.String, "currency": pl.String},
    )
    return dated.join(plans, on="plan").select(
        exception_id="adjustment_id",
        source=pl.when(settles).then(pl.lit("dispute")).otherwise(pl.lit("adjustment")),
        **{name: pl.col(name) for name in COLUMNS[2:] if name != "exception_id"},
    )


def remedied(disputes: pl.DataFrame, calendar: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The disputes that were granted and remedied by hand [ticks], in the month of the decision.

    Args:
        disputes: the table `Disputes`.
        calendar: the table `Calendar`.
        policy: says which remedies are work by hand.
    """
    granted = disputes.filter(
        pl.col("status").is_in(figures.GRANTED),
        pl.col("remedy").is_in(policy.remedies),
        pl.col("granted").fill_null(0) != 0,
    ).drop("period")
    day = pl.col("decided_date")
    months = calendar.select("period", "start_date", "end_date")
    dated = granted.join_where(months, day >= pl.col("start_date"), day < pl.col("end_date"))
    return dated.select(
        exception_id="dispute_id",
        source=pl.lit("dispute"),
        payee_id="payee_id",
        plan="plan",
        component=pl.lit(None, pl.String),
        period="period",
        amount="granted",
        currency="currency",
        cause="cause",
        reason="says",
    )


def corrected(postings: Sequence[tuple[str, pl.DataFrame]], policy: Policy) -> pl.DataFrame:
    """What closes posted to months closed before, for reasons that are work by hand [ticks].

    A row for each person, plan, component, month corrected and reason. What adjustments post is
    left out: it is counted where it was given.

    Args:
        postings: of each close: the month that it closed, and the table `Postings`.
        policy: says which reasons are.
    """
    key = ["payee_id", "plan", "component", "period", "currency", "reason"]
    frames = []
    for closed, table in postings:
        own = table.filter(
            pl.col("period") != closed,
            pl.col("kind") != KIND,
            pl.col("reason").is_in(policy.corrections),
        )
        summed = own.group_by(key).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
        frames.append(summed.sort(key).with_columns(corrects="period", period=pl.lit(closed)))
    if not frames:
        return pl.DataFrame(schema=_schema())
    rows = pl.concat(frames).with_row_index("number", 1)
    return rows.select(
        exception_id=pl.format("POST-{}", pl.col("number").cast(pl.String).str.zfill(4)),
        source=pl.lit("correction"),
        **{name: pl.col(name) for name in COLUMNS[2:8]},
        cause="reason",
        reason=pl.format("correction: {}", "reason"),
    )


def together(frames: Sequence[pl.DataFrame], company: Company, currency: str) -> pl.DataFrame:
    """Exceptions of all kinds, each once, in units of their currency, with their size.

    Returns:
        `COLUMNS`, with amount [units], unit (the smallest money), size (absolute [the currency]).
    """
    schema = _schema()
    rows = pl.concat([frame.select(COLUMNS).cast(schema) for frame in frames])  # type: ignore[arg-type]
    once = rows.unique("exception_id", keep="first", maintain_order=True)
    worth = worths.worth(
        engine.brought(once.with_columns(worth="amount")), company, currency, "worth"
    )
    sized = engine.collected(worth.select("exception_id", "worth"))
    codes = once["currency"].unique().to_list()
    units = pl.DataFrame(
        {"currency": codes, "unit": [conversion.minor(code) / MONEY for code in codes]},
        schema={"currency": pl.String, "unit": pl.Float64},
    )
    return (
        once.join(sized, on="exception_id")
        .join(units, on="currency")
        .with_columns(
            amount=pl.col("amount") / MONEY, size=pl.col("worth").abs().fill_null(0) / MONEY
        )
        .drop("worth")
        .sort("period", "exception_id")
    )


def results(earnings: Table[Any], company: Company, currency: str) -> pl.DataFrame:
    """What the system computed: what a component came to for a person in a month, if anything.

    Returns:
        payee_id, plan, component, period, amount [the currency].
    """
    key = ["payee_id", "plan", "component", "period", "currency"]
    own = earnings.filter(nw.col("kind") != KIND)
    summed = own.group_by(key).agg(nw.col("amount").sum()).filter(nw.col("amount") != 0)
    rows = engine.collected(worths.worth(summed, company, currency))
    return rows.with_columns(pl.col("amount").fill_null(0) / MONEY).sort(key).drop("currency")


def _schema() -> dict[str, type[pl.DataType]]:
    texts = dict.fromkeys(COLUMNS, pl.String)
    return {**texts, "amount": pl.Int64}
