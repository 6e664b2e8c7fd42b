"""State: how a month stands: closed or not, its data, disputes, SPIFFs, documents sent.

Everything is said as it was at the end of the month's last day; only whether it is closed, and
what is wrong with the data, is as it is now.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.incent.disputes.moves import OPEN
from spmlib.show import words
from spmlib.workbench import closes, deliveries, disputes, project
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

Stands = tuple[str, str, str]  # what, how it stands, the notebook that tells more


def state(bench: Workbench, period: str) -> pd.DataFrame:
    """How a month stands.

    Args:
        bench: the company.
        period: the month.

    Returns:
        what, stands (in words), notebook (that tells more; empty where the company has not got it).

    Raises:
        ParameterError: the calendar has no such period.
    """
    import pandas as pd

    bench.refuse_period(period)
    first, last = days(bench, period)
    rows = (
        ("The month", _closed(bench, period), "23_corrections"),
        ("Data", _data(bench), "53_pay_audit"),
        ("Disputes", _disputes(bench, last), "51_disputes"),
        ("SPIFFs", _spiffs(bench, first, last), "31_contests"),
        ("Documents", _documents(bench, last), "55_deliveries"),
    )
    table = pd.DataFrame(rows, columns=["what", "stands", "notebook"])
    folder = project.Project(bench.folder.parent).notebooks
    there = [(folder / f"{name}.ipynb").is_file() for name in table["notebook"]]
    return table.assign(notebook=table["notebook"].where(pd.Series(there), ""))


def days(bench: Workbench, period: str) -> tuple[date, date]:
    """A period's first day and its last."""
    rows = engine.collected(bench.company.calendar.filter(nw.col("period") == period))
    return rows["start_date"][0], rows["end_date"][0] - timedelta(days=1)


def _closed(bench: Workbench, period: str) -> str:
    made = closes.kept(bench).closes()
    own = [one for one in made if one.period == period]
    if own:
        when = words.day(datetime.fromisoformat(own[0].closed).date())
        return f"closed as number {own[0].number} on {when}"
    if not made:
        return "open; no month has been closed yet"
    before = words.month(made[-1].period)
    if closes.is_next(bench, made, period):
        return f"open, the next to close; the last closed is {before}"
    return f"not in turn to be closed; the last closed is {before}"


def _data(bench: Workbench) -> str:
    effects = bench.issues["effect"]
    refused, noted = int((effects == "refused").sum()), int((effects != "refused").sum())
    if not refused + noted:
        return "no issues"
    all_of_them = words.counted(refused + noted, "issue")
    return f"{all_of_them}; {refused:,} of them keep something from counting"


def _disputes(bench: Workbench, day: date) -> str:
    rows = disputes.table(bench, disputes.kept(closes.kept(bench)), day)
    if rows.is_empty():
        return "none was ever raised"
    undecided = int(rows["status"].is_in(OPEN).sum())
    late, granted = int((rows["overdue_days"] > 0).sum()), int((rows["status"] == "accepted").sum())
    waits = f"; {granted:,} accepted, to be paid with a close" if granted else ""
    return f"{undecided:,} open, {late:,} of them overdue{waits}"


def _spiffs(bench: Workbench, first: date, last: date) -> str:
    """Those whose window has days in the period."""
    own = [one for one in bench.parameters.spiffs.values() if one.start <= last]
    running = sorted((one.end, one.title) for one in own if one.end > first)
    told = [f"{title} until {words.day(end - timedelta(days=1))}" for end, title in running]
    return words.listed(told) if told else "none is running"


def _documents(bench: Workbench, day: date) -> str:
    book = deliveries.kept(bench)
    if deliveries.happened(bench, book).is_empty():
        return "nothing was ever sent"
    if not (bench.folder / deliveries.FILE).is_file():
        return f"what is to be acknowledged is not said; write {deliveries.FILE.as_posix()}"
    rows = deliveries.table(bench, book, deliveries.mail(bench), day)
    waiting, late = int(rows["next"].is_not_null().sum()), int((rows["overdue_days"] > 0).sum())
    asked = int((rows["asked"] == "yes").sum())
    return f"{waiting:,} of {asked:,} wait for an answer, {late:,} of them overdue"
