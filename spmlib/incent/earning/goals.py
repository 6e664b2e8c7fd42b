"""Goals: the target incentive and the quota of every person, component and period.

Both are cut cumulatively and rounded at each cut, so that periods add up to the year, and stretches
to the quota issued, to the minor unit. How those who hold a plan for a part are prorated is the
component's ``proration``: time is counted in days, working days or months.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import SHARE, Quotas, Table
from spmlib.incent.crediting.holdings import Holdings

PERSON = ("person", "plan_number")


def active(holdings: Holdings, segments: Table[Any]) -> Table[Any]:
    """Who held which plan, in which segments, for how long.

    Args:
        segments: segment, segment_start, segment_end, period_number, period_start, year.

    Returns:
        One row per position and segment: person, plan_number, segment, period_number, year,
        from_date, to_date (the days common to both), stays (1 if to the segment's end), on_duty (1
        if not on leave), opens (1 if it held on the period's first day), target_incentive,
        commission_rate.
    """
    paid = holdings.held.filter(nw.col("plan_number") >= 0)
    joined = paid.join(segments, how="cross").filter(
        nw.col("start_date") < nw.col("segment_end"), nw.col("segment_start") < nw.col("end_date")
    )
    first = nw.col("segment_start") == nw.col("period_start")
    return engine.kept(
        joined.select(
            *PERSON,
            "segment",
            "period_number",
            "year",
            "target_incentive",
            "commission_rate",
            from_date=nw.max_horizontal("start_date", "segment_start"),
            to_date=nw.min_horizontal("end_date", "segment_end"),
            stays=_whole(nw.col("end_date") >= nw.col("segment_end")),
            on_duty=_whole(nw.col("status") == "active"),
            opens=_whole((nw.col("start_date") <= nw.col("period_start")) & first),
        )
    )


def time(word: str, start: str, end: str, opens: nw.Expr) -> nw.Expr:
    """The time between two days: in days, working days (Monday to Friday), or months begun."""
    if word == "months":
        return opens
    if word == "working_days":
        return _working_days(end) - _working_days(start)
    return engine.days(end) - engine.days(start)


def targets(held: Table[Any], periods: Table[Any], windows: Table[Any], word: str) -> Table[Any]:
    """The target incentive by person, component and window, for one way of prorating.

    Args:
        held: of `active`.
        windows: component, plan_number, weight [parts of 10^8], unit [ticks], period_number and
            the window that the period belongs to.

    Returns:
        person, component, window, target [ticks].
    """
    if word == "none":
        return _unprorated(held, periods, windows)
    units = time(word, "period_start", "period_end", nw.lit(1))
    year = periods.with_columns(units=units).group_by("year").agg(year_units=nw.col("units").sum())
    worked = time(word, "from_date", "to_date", nw.col("opens")) * nw.col("on_duty")
    worth = nw.col("target_incentive").fill_null(0) * worked
    parts = held.with_columns(worth=worth).group_by(*PERSON, "period_number", "year")
    earned = parts.agg(worth=nw.col("worth").sum()).join(year, on="year")
    earned = earned.join(windows, on=["plan_number", "period_number"])
    key = ("person", "component", "year")
    running = earned.with_columns(
        done=nw.col("worth").cum_sum().over(*key, order_by="period_number")
    )
    running = running.with_columns(after=_part("done", nw.lit(1), nw.col("year_units")))
    before = nw.col("after").shift(1).over(*key, order_by="period_number").fill_null(0)
    cut = running.with_columns(target=nw.col("after") - before)
    return cut.group_by("person", "component", "window").agg(target=nw.col("target").sum())


def _unprorated(held: Table[Any], periods: Table[Any], windows: Table[Any]) -> Table[Any]:
    """Equal parts of the year, at the target of the last position held in the window."""
    counted = periods.with_columns(one=nw.lit(1)).with_columns(
        done=nw.col("one").cum_sum().over("year", order_by="period_number"),
        year_units=nw.col("one").sum().over("year"),
    )
    placed = windows.join(
        counted.select("period_number", "done", "year_units"), on="period_number"
    ).group_by("component", "plan_number", "window", "weight", "unit", "year_units")
    spans = placed.agg(until=nw.col("done").max(), since=nw.col("done").min() - 1)
    rows = held.join(
        windows.select("component", "plan_number", "period_number", "window"),
        on=["plan_number", "period_number"],
    )
    key = ("person", "component", "window")
    last = rows.filter(nw.col("to_date") == nw.col("to_date").max().over(*key))
    worth = last.select(*key, worth=nw.col("target_incentive").fill_null(0))
    made = worth.join(spans, on=["component", "window"])
    target = _part("worth", nw.col("until"), nw.col("year_units")) - _part(
        "worth", nw.col("since"), nw.col("year_units")
    )
    return made.select(*key, target=target)


def _part(worth: str, times: nw.Expr, units: nw.Expr) -> nw.Expr:
    """Weight x worth x times / units, rounded to the minor unit [ticks]."""
    exact = engine.wide(worth) * engine.wide("weight") * times.cast(engine.WIDE)
    return (engine.rounded(exact, units * SHARE * nw.col("unit")) * nw.col("unit")).cast(nw.Int64)


def quotas(
    issued: Table[Quotas],
    people: Table[Any],
    held: Table[Any],
    periods: Table[Any],
    needs: Table[Any],
    word: str,
) -> Table[Any]:
    """The quota by person, plan, measure and period, for one way of prorating.

    Args:
        issued: the quotas as issued.
        held: of `active`.
        needs: plan_number, measure, unit [ticks]: which plans count which measure.

    Returns:
        person, plan_number, measure, period_number, quota [ticks].
    """
    rows = issued.join(people.select("payee_id", "person"), on="payee_id").with_row_index(
        "issue", order_by=["person", "measure", "start_date"]
    )
    across = rows.join(periods, how="cross").filter(
        nw.col("start_date") < nw.col("period_end"), nw.col("period_start") < nw.col("end_date")
    )
    begun = _whole(nw.col("start_date") <= nw.col("period_start"))
    if word == "months":
        whole = (
            across.with_columns(units=begun).group_by("issue").agg(all_units=nw.col("units").sum())
        )
        across = across.join(whole, on="issue")
    else:
        across = across.with_columns(all_units=time(word, "start_date", "end_date", begun))
    timed = (
        _unprorated_time(across, held)
        if word == "none"
        else _worked_time(across, held, word, begun)
    )
    cut = timed.join(needs, on=["plan_number", "measure"]).with_columns(
        done=nw.col("units").cum_sum().over("issue", "plan_number", order_by="period_number")
    )
    exact = engine.wide("amount") * engine.wide("done")
    after = engine.rounded(exact, nw.col("all_units") * nw.col("unit")) * nw.col("unit")
    cut = cut.with_columns(after=after.cast(nw.Int64))
    before = nw.col("after").shift(1).over("issue", "plan_number", order_by="period_number")
    cut = cut.with_columns(quota=nw.col("after") - before.fill_null(0))
    return cut.group_by(*PERSON, "measure", "period_number").agg(quota=nw.col("quota").sum())


def _unprorated_time(across: Table[Any], held: Table[Any]) -> Table[Any]:
    """Every day of a stretch counts, for each plan that the person ever holds."""
    plans = held.select(*PERSON).unique([*PERSON])
    common = across.with_columns(
        from_date=nw.max_horizontal("start_date", "period_start"),
        to_date=nw.min_horizontal("end_date", "period_end"),
    )
    return common.with_columns(units=time("days", "from_date", "to_date", nw.lit(0))).join(
        plans, on="person"
    )


def _worked_time(across: Table[Any], held: Table[Any], word: str, begun: nw.Expr) -> Table[Any]:
    """The days of a stretch on which the person actively holds the plan count."""
    rows = across.with_columns(begun=begun).join(held.drop("year"), on=["person", "period_number"])
    rows = rows.with_columns(
        from_date=nw.max_horizontal("start_date", "from_date"),
        to_date=nw.min_horizontal("end_date", "to_date"),
    )
    there = nw.col("from_date") < nw.col("to_date")
    units = time(word, "from_date", "to_date", nw.col("opens") * nw.col("begun")) * nw.col(
        "on_duty"
    )
    rows = rows.with_columns(units=nw.when(there).then(units).otherwise(nw.lit(0)))
    keys = ("issue", *PERSON, "measure", "amount", "all_units", "period_number")
    return rows.group_by(*keys).agg(units=nw.col("units").sum())


def _working_days(day: str) -> nw.Expr:
    """How many Mondays to Fridays lie before the day, since a Monday long past."""
    since = engine.days(day)
    rest = since % 7
    return engine.divided(since, 7) * 5 + nw.when(rest < 5).then(rest).otherwise(nw.lit(5))


def _whole(test: nw.Expr) -> nw.Expr:
    return nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
