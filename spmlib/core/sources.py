"""Sources: a company read from its own files and databases, as ``parameters/sources.yaml`` says.

Each table is read as written, shaped, converted, checked by itself and against those it refers
to. All that is wrong becomes rows of Issues; rows in are rows used and rows refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from spmlib.core import engine, periods
from spmlib.core.company import Company
from spmlib.core.reading import checks, columns, issues, mappings, quotas, readers, references
from spmlib.core.reading.delimited import Raw
from spmlib.core.reading.issues import HIDDEN, NUMBER, PREFIX, Unsettled
from spmlib.core.reading.mappings import Entry
from spmlib.core.reading.origins import Origin
from spmlib.core.reading.references import Checked
from spmlib.core.reading.shaping import shaped, wanted
from spmlib.core.tables import INPUTS, Reads

SOURCES, CALENDAR = "sources.yaml", "calendar.yaml"  # beside each other
NOBODY = pl.Series(dtype=pl.Int64)
# Each table after those it refers to; days need the calendar.
ORDER = ("calendar", *(name for name in INPUTS if name != "calendar"))


@dataclass(frozen=True)
class Loaded:
    """The rows of one source, before they are checked against others."""

    frame: pl.DataFrame
    issues: list[pl.DataFrame]
    place: str
    start: int  # the number of its first row
    rows_in: int
    left_out: int = 0
    complete: bool = True


def read(path: Path) -> Company:
    """A company's tables, checked, with all that is wrong and where each row went.

    Args:
        path: ``sources.yaml``; the files it names are found from its folder.

    Raises:
        ParameterError: sources.yaml, or the calendar beside it, says something impossible.
    """
    sources = mappings.read(path)
    done = {} if "calendar" in sources else _written_calendar(path.parent / CALENDAR)
    found: list[pl.DataFrame] = []
    reads: list[pl.DataFrame] = []
    for table in (name for name in ORDER if name in sources):
        parts = list(_loaded(sources[table]))
        done[table], wrong = _checked(table, parts, sources[table][0].place, done)
        found.append(wrong)
        reads += [_counts(table, part, done[table].used, wrong) for part in parts]
        if table == "transactions" and "calendar" not in done:
            found.append(_assume_calendar(done))
    return _company(done, [*found, *_lacking_calendar(done)], reads)


def _loaded(entries: Sequence[Entry]) -> Iterator[Loaded]:
    """The sources of a table, their rows numbered through."""
    start = 0
    for entry in entries:
        part = _part(entry, start)
        start += part.rows_in
        yield part


def _part(entry: Entry, start: int) -> Loaded:
    """One source of a table: read, shaped, converted."""
    warned = _password(entry)
    part = Loaded(columns.empty(entry), warned, entry.origin.name, start, 0, complete=False)
    try:
        raw = readers.raw(entry.origin, wanted(entry))
        part = replace(part, rows_in=len(raw.frame) + len(raw.misshapen))
        joined = [
            readers.raw(join.origin, wanted(entry) | {*join.on.values()}) for join in entry.joins
        ]
        made = shaped(entry, raw, joined)
        part = replace(part, rows_in=part.rows_in - made.left_out, left_out=made.left_out)
        frame, found = columns.converted(entry, _numbered(made.frame, entry.origin, start))
    except Unsettled as wrong:
        return replace(part, issues=[*warned, _unsettled(entry, wrong)])
    said = [
        *warned,
        *_notes(entry, raw, joined),
        *_misshapen(entry, raw, start + len(frame)),
        *found,
    ]
    return replace(part, frame=frame, issues=said, complete=True)


def _checked(
    table: str, parts: Sequence[Loaded], place: str, done: Mapping[str, Checked]
) -> tuple[Checked, pl.DataFrame]:
    """A table checked by itself and against those before it, and its issues."""
    frame = pl.concat([part.frame for part in parts], how="diagonal")
    found = [issue for part in parts for issue in part.issues]
    if table == "quotas":
        frame, unended = quotas.ended(frame, _last_day(done))
        found.append(unended)
    found += [*checks.found(frame, table), *checks.duplicates(frame, table)]
    found += references.found(frame, table, place, done)
    sound = Checked(frame, issues.refused(pl.concat(found)) if found else NOBODY)
    found += checks.overlaps(sound.used, table)
    wrong = pl.concat([issues.none(), *found]).sort(NUMBER, maintain_order=True)
    complete = all(part.complete for part in parts)
    return Checked(frame, issues.refused(wrong), complete), wrong


def _numbered(frame: pl.DataFrame, origin: Origin, start: int) -> pl.DataFrame:
    numbers = pl.int_range(start, start + pl.len(), dtype=pl.Int64)
    return frame.with_columns(numbers.alias(NUMBER), pl.lit(origin.prefix).alias(PREFIX))


def _unsettled(entry: Entry, wrong: Unsettled) -> pl.DataFrame:
    what = wrong.what if wrong.place else f"{entry.origin.name}: {wrong.what}"
    return issues.whole(entry.table, wrong.place or entry.place, what, wrong.remedy)


def _password(entry: Entry) -> list[pl.DataFrame]:
    """A note where a password is written in sources.yaml."""
    if not urlsplit(entry.origin.database).password:
        return []
    remedy = "write `database: ${COMPANY_DATABASE}` and set that environment variable"
    said = "a password is written in sources.yaml"
    return [issues.whole(entry.table, entry.place, said, remedy, "noted")]


def _notes(entry: Entry, raw: Raw, joined: Sequence[Raw]) -> Iterator[pl.DataFrame]:
    """What was assumed about a source and those joined to it, and their rows that are not used."""
    origins = [entry.origin, *(join.origin for join in entry.joins)]
    for origin, each in zip(origins, [raw, *joined], strict=True):
        for what, remedy in each.notes:
            yield issues.whole(entry.table, entry.place, f"{origin.name}: {what}", remedy, "noted")
    for origin, each in zip(origins[1:], joined, strict=True):
        for row in each.misshapen:
            yield issues.whole(entry.table, f"{origin.prefix}{row.line}", row.what, row.remedy)


def _misshapen(entry: Entry, raw: Raw, start: int) -> Iterator[pl.DataFrame]:
    for number, row in enumerate(raw.misshapen, start):
        place = f"{entry.origin.prefix}{row.line}"
        issue = issues.whole(entry.table, place, row.what, row.remedy)
        yield issue.with_columns(pl.lit(number, pl.Int64).alias(NUMBER))


def _written_calendar(path: Path) -> dict[str, Checked]:
    """The calendar beside sources.yaml, if there is one."""
    if not path.exists():
        return {}
    return {"calendar": Checked(engine.collected(periods.calendar(path)), NOBODY)}


def _assume_calendar(done: dict[str, Checked]) -> pl.DataFrame:
    """Enter the months of the years in which something was booked, and say so."""
    years = sorted({day.year for day in done["transactions"].used["event_date"].unique()})
    if not years:
        return issues.none()
    first, last = years[0], years[-1]
    done["calendar"] = Checked(engine.collected(periods.of_years(first, last)), NOBODY)
    said = f"{first}" if first == last else f"{first} to {last}"
    what = f"there is no {CALENDAR}; the calendar months of {said} are taken"
    return issues.whole("calendar", SOURCES, what, _calendar_like(first, last), "noted")


def _lacking_calendar(done: Mapping[str, Checked]) -> list[pl.DataFrame]:
    """A refusal where there is no period: without one nothing can be computed."""
    if "calendar" in done and not done["calendar"].used.is_empty():
        return []
    year = date.today().year
    said = "there is no calendar, and nothing booked from which its years could be taken"
    return [issues.whole("calendar", SOURCES, said, _calendar_like(year, year))]


def _calendar_like(first: int, last: int) -> str:
    """What to write for the months of some years."""
    example = f"kind: months, from: {first}-01-01, until: {last + 1}-01-01"
    return f"write {CALENDAR} beside {SOURCES} with {example}"


def _last_day(done: Mapping[str, Checked]) -> date | None:
    return done["calendar"].used["end_date"].max() if "calendar" in done else None  # type: ignore[return-value]


def _counts(table: str, part: Loaded, used: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    """Where the rows of a source went."""
    of_part = pl.col(NUMBER).is_between(part.start, part.start + part.rows_in, closed="left")
    lost = len(issues.refused(wrong.filter(of_part))) if part.complete else part.rows_in
    row = {
        "table": table,
        "place": part.place,
        "rows_in": part.rows_in,
        "rows_used": len(used.filter(of_part)),
        "rows_refused": lost,
        "rows_left_out": part.left_out,
    }
    return pl.DataFrame([row])


def _company(
    done: Mapping[str, Checked], found: list[pl.DataFrame], reads: list[pl.DataFrame]
) -> Company:
    tables = {
        name: engine.table(done[name].used.drop(HIDDEN, strict=False))
        if name in done
        else engine.empty(definition)
        for name, definition in INPUTS.items()
    }
    counts = [engine.collected(engine.empty(Reads)), *reads]
    return Company(**tables, issues=issues.table(found), reads=engine.table(pl.concat(counts)))
