"""Value measures: what a company's own tables and closes say of its pay by month, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.audit import audits
from spmlib.incent.audit.checks import CHECKS
from spmlib.incent.summaries import overview, worths
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.revops.value.series import Series, series
from spmlib.workbench import audits as opened_audits
from spmlib.workbench import closes, disputed
from spmlib.workbench.opened import Workbench

LEARNT = 18  # months of history, before which a forecast still learns what a season is
WHOLE = ("totals", "digits")  # checks of the audit that hold nobody's line
NO_CLOSE = "no month is closed in the ledger"
PLAIN = {"period": pl.String, "value": pl.Float64}
OWN = ("month", "opening")  # reasons of postings that correct nothing


@dataclass(frozen=True)
class Measures:
    """Measures by month: those that are known, some by team, and why others are not."""

    known: dict[str, Series] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    by_team: dict[str, dict[str, Series]] = field(default_factory=dict)

    def told(self, name: str, rows: pl.DataFrame, why: str) -> None:
        """Add a measure of period and value, or say why there is none."""
        if rows.drop_nulls("value").is_empty():
            self.unknown[name] = why
        else:
            self.known[name] = series(rows.sort("period"), name)


def own(bench: Workbench, period: str, audited: bool = True) -> Measures:
    """All that a company's own tables say, up to a period.

    Defined as::

        overpaid        taken back by a close of what was paid before, by the month of the close
        at_stake        money that the audit would hold, by the month whose pay it is in
        disputes        disputes by the month in which they were raised
        days_to_decide  median days of those decided, by the same month
        days_to_close   from a month's end to its close; where no month is closed in the ledger,
                        until half of its statements were sent
        forecast_error  |bookings less their forecast of a month ahead| over the forecast, in
                        percentage points; each forecast knows the months before it alone
        attainment      credited over a month's share of the window's quota, of the median person
        cost_of_sales   earned over booked, in percentage points

    Args:
        bench: the company.
        period: the last month.
        audited: whether pay is audited, which takes longest.
    """
    made = Measures()
    months = _months(bench, period)
    currency = worths.chosen(bench.company)
    _closed(made, bench, months, currency)
    _disputed(made, bench, period, months)
    if audited:
        _audited(made, bench, period, months)
    _sold(made, bench, period, currency)
    _attained(made, bench, months)
    return made


def forecast_errors(booked: dict[str, float]) -> dict[str, float]:
    """How wrong a month's bookings were forecast from the months before it [percentage points].

    Each month after a year and a half of others has a forecast of its own, which knows the months
    before it alone.

    Args:
        booked: bookings by month, in order, none left out.
    """
    months, amounts = list(booked), np.array(list(booked.values()), float)
    found = {}
    for place in range(LEARNT, len(months)):
        # One call each: forecasts of several series learn from each other, later months included.
        rows = _history(months[:place], amounts[:place])
        said = float(forecast(engine.brought(rows), 1).values[0, 0])
        if said > 0:
            found[months[place]] = 100 * abs(float(amounts[place]) - said) / said
    return found


def _history(months: list[str], amounts: np.ndarray[Any, Any]) -> pl.DataFrame:
    days = pl.Series("date", [f"{month}-01" for month in months]).str.to_date()
    return pl.DataFrame({"series": "booked", "date": days, "value": amounts})


def _months(bench: Workbench, period: str) -> pl.DataFrame:
    """The calendar up to a period."""
    calendar = engine.collected(bench.company.calendar).sort("start_date")
    end = calendar.filter(pl.col("period") == period)["end_date"][0]
    return calendar.filter(pl.col("end_date") <= end)


def _closed(made: Measures, bench: Workbench, months: pl.DataFrame, currency: str) -> None:
    book = closes.kept(bench)
    there = [one for one in book.closes() if one.period in set(months["period"])]
    if not there:
        made.unknown["overpaid"] = NO_CLOSE
        made.told("days_to_close", _sent(bench, months), f"{NO_CLOSE}, and no statement was sent")
        return
    days = pl.DataFrame({"period": [c.period for c in there],
                         "day": [c.closed[:10] for c in there]})  # fmt: skip
    apart = days.join(months, on="period").select(
        "period", value=(pl.col("day").str.to_date() - pl.col("end_date")).dt.total_days()
    )
    made.told("days_to_close", apart, NO_CLOSE)
    posted = [book.table(one, "postings").with_columns(period=pl.lit(one.period)) for one in there]
    rows = pl.concat(posted).filter(~pl.col("reason").is_in(OWN), pl.col("amount") < 0)
    told = _worth(bench, rows.with_columns(-pl.col("amount")), currency)
    later = days.select("period").sort("period").tail(-1)  # the first corrects nothing
    summed = told.group_by("period").agg(value=pl.col("amount").sum() / MONEY)
    made.told("overpaid", _filled(later, summed), "one close corrects nothing before it")


def _sent(bench: Workbench, months: pl.DataFrame) -> pl.DataFrame:
    """Days from a month's end until half of its statements were sent for the first time."""
    moves = engine.collected(bench.company.delivery_moves)
    sent = moves.filter(pl.col("document") == "statement", pl.col("move") == "sent")
    first = sent.group_by("payee_id", period=pl.col("of")).agg(pl.col("move_date").min())
    apart = (pl.col("move_date") - pl.col("end_date")).dt.total_days()
    days = first.join(months, on="period").group_by("period").agg(value=apart.median())
    return days.select("period", "value")


def _disputed(made: Measures, bench: Workbench, period: str, months: pl.DataFrame) -> None:
    known = disputed.known(bench, period)
    raised = known.rows.with_columns(period=pl.col("raised_date").dt.strftime("%Y-%m"))
    count = raised.group_by("period").agg(value=pl.len().cast(pl.Float64))
    days = raised.drop_nulls("decided_date").group_by("period").agg(value=pl.col("days").median())
    none = "no dispute was ever raised"
    every = _since(count, months)
    made.told("disputes", every, none)
    if not every.is_empty():
        made.by_team["disputes"] = _teams(bench, raised, every.select("period"))
    made.told("days_to_decide", days, none)


def _teams(bench: Workbench, raised: pl.DataFrame, months: pl.DataFrame) -> dict[str, Series]:
    """The disputes of each team there is; of people without one, those of `none`."""
    named = raised.with_columns(pl.col("team").fill_null("none"))
    held = engine.collected(bench.company.positions)["team"].unique().to_list()
    found = {}
    for team in sorted({*held, *named["team"]}):
        own = named.filter(pl.col("team") == team).group_by("period")
        counted = own.agg(value=pl.len().cast(pl.Float64))
        found[team] = series(_filled(months, counted).sort("period"), "disputes")
    return found


def _audited(made: Measures, bench: Workbench, period: str, months: pl.DataFrame) -> None:
    books = opened_audits.kept(bench, period)
    checks = [name for name in CHECKS if name not in WHOLE]
    found = audits.every(books, opened_audits.policy(bench), checks)
    summed = found.group_by("period").agg(value=pl.col("amount").sum() / MONEY)
    paid = books.payouts.select("period").unique()
    rows = paid.join(months.select("period"), on="period", how="semi")
    made.told("at_stake", _filled(rows, summed), "nothing was paid")


def _sold(made: Measures, bench: Workbench, period: str, currency: str) -> None:
    rows = overview.bookings(bench.company, currency, period)
    booked = rows.dropna(subset=["amount"]).groupby("period")["amount"].sum().astype(float)
    whole = series(booked.to_dict())
    amounts = dict(zip(whole.periods, np.nan_to_num(whole.values), strict=True))
    errors = forecast_errors(amounts)
    told = pl.DataFrame({"period": list(errors), "value": list(errors.values())}, schema=PLAIN)
    made.told("forecast_error", told, f"fewer than {LEARNT + 1} months are booked")
    earned = engine.collected(bench.results.payments).filter(pl.col("kind") == "earned")
    pay = _worth(bench, earned, currency).group_by("period").agg(pl.col("amount").sum() / MONEY)
    sold = pl.DataFrame({"period": list(amounts), "sold": list(amounts.values())},
                        schema={"period": pl.String, "sold": pl.Float64})  # fmt: skip
    ratio = pay.join(sold.filter(pl.col("sold") > 0), on="period").select(
        "period", value=100 * pl.col("amount") / pl.col("sold")
    )
    made.told("cost_of_sales", ratio, "nothing is booked, or nothing was earned")


def _attained(made: Measures, bench: Workbench, months: pl.DataFrame) -> None:
    calendar = engine.collected(bench.company.calendar)
    spans = [
        calendar.group_by(window=pl.col(name)).agg(months=pl.len())
        for name in ("period", "quarter", "half", "year")
    ]
    rows = engine.collected(bench.results.attainments).filter(pl.col("quota") > 0)
    dated = rows.join(pl.concat(spans), on="window").join(months, on="period", how="semi")
    share = 100 * pl.col("credited") * pl.col("months") / pl.col("quota")
    each = dated.group_by("period", "payee_id").agg(value=share.mean())
    middle = each.group_by("period").agg(pl.col("value").median())
    made.told("attainment", middle, "nobody has a quota")


def _worth(bench: Workbench, rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Amounts in one currency [ticks]; those without a rate are left out."""
    made = worths.worth(engine.brought(rows), bench.company, currency)
    return engine.collected(made.filter(~nw.col("amount").is_null()))


def _since(counted: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Counts with 0 for months from the first that has any, to the last that is known."""
    if counted.is_empty():
        return counted
    later = months.filter(pl.col("period") >= counted["period"].min()).select("period")
    return _filled(later, counted)


def _filled(months: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Each month with its value, or 0."""
    return months.join(counted, on="period", how="left").with_columns(pl.col("value").fill_null(0))
