"""Statements: those of a month as documents, made from what its close says, or would say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core.documents import Document, safe_name
from spmlib.core.statements import Statement
from spmlib.incent.statements import known as tables
from spmlib.incent.statements import statements, written
from spmlib.incent.statements.known import Known
from spmlib.incent.statements.written import Policy
from spmlib.show import statements as drawn
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

FORMATS = {"html": ("text/html", drawn.html), "pdf": ("application/pdf", drawn.pdf)}
PREVIEW, CLOSED = "preview", "closed"
SNAPSHOTS = ("payments", "balances", "payroll")


def documents(
    bench: Workbench,
    period: str,
    formats: tuple[str, ...] = ("html", "pdf"),
    payee_id: str | None = None,
) -> Iterator[Document]:
    """The statements of a month, person by person.

    Args:
        bench: the company.
        period: the month.
        formats: html, pdf or both.
        payee_id: that person's only.

    Raises:
        ParameterError: the policy is wrong, or the person has no pay in the month.
    """
    decided = policy(bench)
    contact = drawn.Contact(decided.contact, decided.dispute_days)
    for one in told(bench, period, payee_id):
        pages = {word: FORMATS[word][1](one, contact) for word in formats}
        version = hashlib.sha256(b"".join(pages.values())).hexdigest()[:12]
        for word, content in pages.items():
            yield Document(
                payee_id=one.payee_id,
                document="statement",
                of=period,
                version=version,
                name=f"statement-{period}.{word}",
                content=content,
                media_type=FORMATS[word][0],
                language=one.locale.partition("_")[0],
            )


def told(bench: Workbench, period: str, payee_id: str | None = None) -> list[Statement]:
    """What each person is told about a month.

    Raises:
        ParameterError: the policy is wrong, or the person has no pay in the month.
    """
    bench.refuse_period(period)
    locale = policy(bench).locale
    of = known(bench, period)
    return statements(of, bench.company, bench.parameters, period, locale, payee_id)


def policy(bench: Workbench) -> Policy:
    """What the company decides of its statements.

    Raises:
        ParameterError: with the place, what is wrong and what would be right.
    """
    return written.read(bench.folder / "policies" / "statements.yaml")


def known(bench: Workbench, period: str) -> Known:
    """What a month's statements are made from: its close, a preview of it, or what is known today.

    A month that was closed is told as it was closed. Where closes are kept, the next to close is
    told with the corrections that it brings.
    """
    book = closes.kept(bench)
    made = book.closes()
    today = tables.of_results(bench.results)
    if period in {one.period for one in made}:
        earned = closes.on_record(book, period)
        found = {one.period: one for one in made}
        posted = book.table(found[period], "postings")
        last = list(found).index(period)
        snapshots = {
            name: _together(
                [book.table(one, name) for one in made[: last + 1]], getattr(today, name)
            )
            for name in SNAPSHOTS
        }
        return Known(CLOSED, today.credits, today.terms, earned, **snapshots, posted=posted)
    if not made or not closes.is_next(bench, made, period):
        return today
    month = closes.preview(bench, book, period)
    earlier = [{name: book.table(one, name) for name in SNAPSHOTS} for one in made]
    snapshots = {
        name: _together([*(one[name] for one in earlier), month.tables[name]], getattr(today, name))
        for name in SNAPSHOTS
    }
    posted = month.tables["postings"]
    return Known(PREVIEW, today.credits, today.terms, today.earnings, **snapshots, posted=posted)


def write(folder: Path, made: Iterable[Document]) -> Iterator[Path]:
    """Put documents into a folder, one in it for each person; what says the same already stays."""
    for document in made:
        path = folder / safe_name(document.payee_id) / safe_name(document.name)
        if not path.exists() or path.read_bytes() != document.content:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = path.with_name(f".{path.name}.making")
            aside.touch(mode=0o600)  # pay is private
            aside.write_bytes(document.content)
            aside.replace(path)
        yield path


def _together(recorded: list[pl.DataFrame], today: pl.DataFrame) -> pl.DataFrame:
    """What closes recorded, and of months before the first what is known today."""
    import polars as pl

    rows = pl.concat(recorded)
    months = rows["period"].unique()
    earlier = today.filter(~pl.col("period").is_in(months.implode()))
    return pl.concat([earlier.select(rows.columns), rows])
