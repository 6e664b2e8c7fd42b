"""Maturity's figures: what a company's own tables, closes and registers say of a year.

Each is measured on what is there, with what it was measured on and how many cases; where the
company does not have it, the figure says why it is not known, and nothing stands in for it. To add
one, write it here, name it in `MEASURED` and let a question of the questionnaire ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import polars as pl

from spmlib.core import engine
from spmlib.core.company import as_known
from spmlib.core.errors import ParameterError
from spmlib.core.months import later
from spmlib.core.tables import History, Table
from spmlib.incent.audit import audits as checked
from spmlib.incent.audit.checks import CHECKS
from spmlib.incent.disputes.figures import GRANTED
from spmlib.incent.plan_documents.documents import version
from spmlib.incent.summaries import worths
from spmlib.motivate.attrition.rates import wilson
from spmlib.orchestrate.forecasting import outlooks
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.revops.maturity import figures
from spmlib.revops.maturity.figures import Figure, unknown
from spmlib.rules.plans import Plan
from spmlib.workbench import audits, closes, deliveries
from spmlib.workbench.maturity.year import Year

ASKED_AGAIN, AHEAD = 4, 3  # earlier days on which a forecast is asked, and months ahead of each
WRONG = ("adjusted", "owner", "withdrawn", "changed")  # reasons of postings that mend an error


def measured(year: Year) -> dict[str, Figure]:
    """Every figure of `MEASURED`, by its name."""
    return {name: of(year) for name, of in MEASURED.items()}


def forecast_error(year: Year) -> Figure:
    """How far forecasts were off that were made with what was known on earlier days.

    On the first days of the year's quarters the forecast is asked again, of what was booked and
    on record by then; its three months ahead are compared with what came.
    """
    if not year.measure:
        return unknown("no measure is named whose forecast could be judged")
    measure, company = year.bench.measure(year.measure), year.bench.company
    try:
        money = worths.chosen(company, year.currency)
        came = _by_month(sales(company, measure, [], money).history)
        pairs = []
        for back in range(ASKED_AGAIN):
            day = later(year.stop, -AHEAD * (back + 1))
            known = sales(as_known(company, day), measure, [], money).history
            made = forecast(outlooks.before(known, day), AHEAD).values[0]
            months = [later(day, step) for step in range(AHEAD)]
            pairs += [(came.get(month, 0.0), one) for month, one in zip(months, made, strict=True)]
    except ParameterError as error:
        return unknown(f"it could not be forecast ({str(error).rstrip('.')})")
    actual, forecasts = zip(*pairs, strict=True)
    value = figures.forecast_error(actual, forecasts)
    if value is None:
        return unknown(f"nothing of {year.measure} came in the year")
    on = f"months of {year.measure.replace('_', ' ')}, up to {AHEAD} ahead, as known before"
    return Figure(float(value), on, len(pairs))


def dispute_rate(year: Year) -> Figure:
    """Disputes raised in the year, a statement."""
    if year.disputed.moves.is_empty():
        return unknown("no dispute is on record: neither a table of moves nor a register")
    raised = year.disputed.rows.filter(
        pl.col("raised_date").is_between(year.start, year.stop, closed="left")
    )
    on = f"statements; {len(raised)} disputes were raised"
    return _rate(len(raised), len(year.statements), on)


def days_to_close(year: Year) -> Figure:
    """The middle of the days from a month's end to its close; else to its first statement."""
    ends = dict(year.periods.select("period", "end_date").iter_rows())
    made = {one.period: date.fromisoformat(one.closed[:10]) for one in year.closes}
    on = "months, from the end to the close on record"
    if not any(period in ends for period in made):
        made, on = _first_statements(year), "months, from the end to the first statement sent"
    kept = {period: day for period, day in made.items() if period in ends}
    value = figures.days_to_close([ends[period] for period in kept], kept.values())
    if value is None:
        return unknown("no close of the year is on record, and no statement was sent")
    return Figure(value, on, len(kept))


def manual_share(year: Year) -> Figure:
    """Statements with an adjustment by hand, those that disputes asked for included, of all."""
    settled = year.disputed.rows.filter(
        pl.col("remedy") == "adjustment", pl.col("status").is_in(GRANTED)
    )
    asked = settled.join(year.periods, on="period", how="semi").select("payee_id", "period")
    rows = engine.collected(year.bench.company.adjustments)
    reads = engine.collected(year.bench.company.reads)
    if rows.is_empty() and "adjustments" not in reads["table"].to_list():
        why = "sources.yaml names no table of adjustments"
        more = f"; disputes alone asked for {len(asked)}" if len(asked) else ""
        return unknown(f"{why}{more}")
    within = rows.join_where(
        year.periods,
        pl.col("event_date") >= pl.col("start_date"),
        pl.col("event_date") < pl.col("end_date"),
    )
    hand = pl.concat([within.select("payee_id", "period"), asked]).unique()
    whole = pl.concat([year.statements, hand]).unique()
    return _rate(len(hand), len(whole), f"statements; {len(hand)} were adjusted by hand")


def error_rate(year: Year) -> Figure:
    """Statements found wrong, of all: no more than was found, so that the truth may be higher.

    Found wrong: a dispute of it was accepted, the audit has a finding of the person and month as
    sure as its policy asks for to stop the pay, or a later close mended it.
    """
    granted = year.disputed.rows.filter(pl.col("status").is_in(GRANTED))
    parts: dict[str, pl.DataFrame] = {}
    if not year.disputed.moves.is_empty():
        parts["accepted disputes"] = granted.select("payee_id", "period")
    if (year.bench.folder / audits.FILE).exists():
        parts["the audit"] = _audited(year)
    if year.closes:
        parts["later closes"] = _mended(year)
    if not parts:
        return unknown("there is no dispute, no policy of audits and no close on record")
    found = {
        name: rows.unique().join(year.periods, on="period", how="semi")
        for name, rows in parts.items()
    }
    wrong = pl.concat(found.values()).unique()
    whole = pl.concat([year.statements, wrong]).unique()  # also those that were taken back
    said = ", ".join(f"{len(rows)} by {name}" for name, rows in found.items() if len(rows))
    return _rate(len(wrong), len(whole), f"statements; {said or 'none'} found wrong")


def lead_time(year: Year) -> Figure:
    """The middle of the days from a plan change's first document to the day it counts from."""
    changes = [
        (name, day)
        for name, plan in sorted(year.bench.parameters.plans.items())
        for day in _changed(plan, year.start, year.stop)
    ]
    if not changes:
        return unknown("no plan changed in the year")
    moves = deliveries.happened(year.bench, deliveries.kept(year.bench))
    sent = moves.filter(pl.col("document") == "plan", pl.col("move") == "sent",
                        pl.col("move_date") < year.stop)  # fmt: skip
    first = sent.group_by("of", "version").agg(pl.col("move_date").min())
    told = {(of, day): when for of, day, when in first.iter_rows()}
    known = [told.get((name, day.isoformat())) for name, day in changes]
    value = figures.lead_time([day for _, day in changes], known)
    if value is None:
        return unknown(f"of {len(changes)} plan changes no document was sent on record")
    count = sum(when is not None for when in known)
    return Figure(value, f"plan changes whose document was sent, of {len(changes)}", count)


def _rate(part: int, whole: int, on: str) -> Figure:
    """A share, with the interval that it has if its cases come independently."""
    value = figures.rate(part, whole)
    if value is None:
        return unknown("nothing was paid in the year")
    low, high = wilson(part, whole) if part <= whole else (None, None)
    return Figure(value, on, whole, low=low, high=high)


def _by_month(history: Table[History]) -> dict[date, float]:
    rows = engine.collected(history.select("date", "value"))
    month = rows.group_by(pl.col("date").dt.truncate("1mo")).agg(pl.col("value").sum())
    return dict(month.select("date", "value").iter_rows())


def _first_statements(year: Year) -> dict[str, date]:
    moves = deliveries.happened(year.bench, deliveries.kept(year.bench))
    sent = moves.filter(pl.col("document") == "statement", pl.col("move") == "sent",
                        pl.col("move_date") < year.stop)  # fmt: skip
    return dict(sent.group_by("of").agg(pl.col("move_date").min()).iter_rows())


def _audited(year: Year) -> pl.DataFrame:
    """Persons and months with a finding that would stop the pay; sums of plans name nobody."""
    policy = audits.policy(year.bench)
    books = audits.kept(year.bench, year.period, year.currency)
    found = checked.every(books, policy, [name for name in CHECKS if name != "totals"])
    seen = [item.finding for item in policy.reviewed]
    sure = found.filter(pl.col("score") >= policy.stop[1], ~pl.col("finding_id").is_in(seen))
    return sure.filter(pl.col("payee_id").is_not_null()).select("payee_id", "period")


def _mended(year: Year) -> pl.DataFrame:
    """Persons and months of which a later close posted what was wrong."""
    book = closes.kept(year.bench)
    none = year.statements.head(0)
    later = [
        book.table(one, "postings")
        .filter(pl.col("period") != one.period, pl.col("reason").is_in(WRONG))
        .select("payee_id", "period")
        for one in year.closes
    ]
    return pl.concat([none, *later])


def _changed(plan: Plan, start: date, stop: date) -> Iterator[date]:
    """The days of a stretch from which a plan's terms are others, the latest first."""
    day = stop - timedelta(1)
    while start <= (of := version(plan, day)) <= day:
        yield of
        day = of - timedelta(1)


MEASURED: dict[str, Callable[[Year], Figure]] = {
    "forecast_error": forecast_error,
    "dispute_rate": dispute_rate,
    "days_to_close": days_to_close,
    "manual_share": manual_share,
    "error_rate": error_rate,
    "lead_time": lead_time,
}
