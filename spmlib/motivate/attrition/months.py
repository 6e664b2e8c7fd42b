"""Months: one row per person and month, with what was known at its start, and who left in it.

Each feature is made from days before the month, or from periods that were over and known by then
(`known_after` in the policy). Where a table has ``recorded_date``, what was recorded on or after
the day on which it is looked at is not used.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.tables import PersonMonths
from spmlib.motivate.attrition import results, standings
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.written import Decisions

if TYPE_CHECKING:
    import polars as pl

BANDS = ((6, "under 6 months"), (12, "6 to 11 months"), (24, "second year"), (60, "to 5 years"))
LONGEST = "5 years and more"
DAYS = (
    *("start_date", "end_date", "recorded_date", "effective_date"),
    *("move_date", "raised_date", "decided_date"),
)


def person_months(
    payees: Any,
    positions: Any,
    day: date,
    decided: Decisions,
    *,
    quotas: Any = None,
    attainments: Any = None,
    payouts: Any = None,
    disputes: Any = None,
    market: Any = None,
    calendar: Any = None,
) -> pl.DataFrame:
    """The person-months of a company up to a day.

    Args:
        payees: as `Payees`.
        positions: as `Positions`; months before a person's first one are left out.
        day: the first day that is not known; a month that contains it has no outcome yet, and is
            the one to foretell.
        decided: what counts as recent, below, known.
        quotas: as `Quotas`.
        attainments: as `Attainments`: payee_id, measure, period and credited, or attainment.
        payouts: as `Payouts`, or `Earnings`: payee_id, period, amount.
        disputes: as `DisputeMoves` or `Disputes`.
        market: role, currency, effective_date and p50, in the unit of base pay.
        calendar: as `Calendar`, where periods are no months such as 2026-03.

    Returns:
        The table `PersonMonths`, by person and month. Features of tables that are not given are
        empty.

    Raises:
        ParameterError: a column is missing, a payee comes twice, someone leaves before they are
            hired, or periods cannot be read.
    """
    people = keyed(frame(payees), "payees", ("hire_date", "leave_date"))
    held = keyed(frame(positions), "positions", ("start_date", "end_date"))
    _refuse(people, held)
    rows = standings.held(_grid(people, held, day), held)
    rows = standings.pay_changes(rows, held)
    rows = standings.moves(rows, held, decided.recent)
    given = {
        "quotas": quotas, "attainments": attainments, "payouts": payouts, "disputes": disputes,
        "market": market, "calendar": calendar,
    }  # fmt: skip
    tables = {
        name: None if table is None else keyed(frame(table), name, DAYS)
        for name, table in given.items()
    }
    months = tables["calendar"]
    rows = standings.compa_ratios(rows, tables["market"], decided.people)
    rows = results.attained(rows, tables["attainments"], tables["quotas"], months, decided)
    rows = results.paid(rows, tables["payouts"], months, decided)
    rows = results.quota_changes(rows, tables["quotas"])
    rows = standings.disputes(rows, tables["disputes"], decided.disputed)
    return rows.select(*PersonMonths.columns()).sort("payee_id", "month")


def latest(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the last month but of those who left in it: who is to be foretold."""
    import polars as pl

    there = (pl.col("left") != 1).fill_null(True)
    return rows.filter(pl.col("month") == pl.col("month").max(), there)


def _refuse(people: pl.DataFrame, held: pl.DataFrame) -> None:
    import polars as pl

    needed(people, ("payee_id", "hire_date", "leave_date"), "payees")
    needed(held, ("payee_id", "start_date", "role", "manager_id"), "positions")
    twice = people.filter(pl.col("payee_id").is_duplicated())["payee_id"]
    if len(twice):
        raise ParameterError(f"payees: {twice[0]} comes twice; give each person one row.")
    for table, name, what in ((people, "hire_date", "payees"), (held, "start_date", "positions")):
        if table[name].null_count():
            who = table.filter(pl.col(name).is_null())["payee_id"][0]
            raise ParameterError(f"{what}: {who} has no {name}; write it as 2026-01-31.")
    wrong = people.filter(pl.col("leave_date") < pl.col("hire_date"))["payee_id"]
    if len(wrong):
        raise ParameterError(
            f"payees: {wrong[0]} leaves before being hired; correct hire_date or leave_date."
        )


def _grid(people: pl.DataFrame, held: pl.DataFrame, day: date) -> pl.DataFrame:
    """Each person and month at whose start they were employed: payee_id, month, left, tenure."""
    import polars as pl

    first = held.group_by("payee_id").agg(pl.col("start_date").min().alias("first"))
    own = people.select("payee_id", "hire_date", pl.col("leave_date").cast(pl.Date), *_kept(people))
    own = own.join(first, on="payee_id").with_columns(
        # Who leaves on the day or after it is not known to leave.
        gone=pl.when(pl.col("leave_date") <= day).then("leave_date"),
        begin=pl.max_horizontal("hire_date", "first"),
    )
    begin = pl.col("begin").dt.truncate("1mo")
    begin = pl.when(begin < pl.col("begin")).then(begin.dt.offset_by("1mo")).otherwise(begin)
    own = own.with_columns(
        begin=begin,
        # The last month at whose start one was there: leaving on a first day ends the month before.
        until=pl.coalesce(pl.col("gone").dt.offset_by("-1d"), pl.lit(day)).dt.truncate("1mo"),
    )
    own = own.filter(pl.col("begin") <= pl.col("until"))
    rows = own.with_columns(month=pl.date_ranges("begin", "until", "1mo")).explode("month")
    end = pl.col("month").dt.offset_by("1mo")
    tenure = _months(pl.col("month")) - _months(pl.col("hire_date"))
    over = end <= day
    # Of a month that is not over, only who is still there can be foretold.
    rows = rows.filter(over | pl.col("gone").is_null()).with_columns(
        left=pl.when(over).then((pl.col("gone") <= end).fill_null(False).cast(pl.Int64)),
        tenure_months=tenure.cast(pl.Float64).clip(lower_bound=0),
        season=pl.lit("Q") + pl.col("month").dt.quarter().cast(pl.String),
    )
    return rows.with_columns(tenure=_band()).drop("begin", "until", "first", "gone", "leave_date")


def _kept(people: pl.DataFrame) -> list[str]:
    return ["currency"] if "currency" in people.columns else []


def _months(day: pl.Expr) -> pl.Expr:
    import polars as pl

    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month()


def _band() -> pl.Expr:
    import polars as pl

    made: Any = pl
    for end, word in BANDS:
        made = made.when(pl.col("tenure_months") < end).then(pl.lit(word))
    told: pl.Expr = made.otherwise(pl.lit(LONGEST))
    return told
