"""Statements: those of a month as documents, made from what its close says, or would say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core.documents import Document, safe_name
from spmlib.core.ledger import Close, Ledger
from spmlib.core.statements import Statement
from spmlib.incent.lines import KEY
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
SNAPSHOTS = ("payments", "balances", "payroll", "attainments")


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
        return _closed(book, made, period, today)
    if not made or not closes.is_next(bench, made, period):
        return today
    month = closes.preview(bench, book, period)
    return replace(
        today,
        state=PREVIEW,
        posted=month.tables["postings"],
        **_snapshots(book, made, today, month.tables),
    )


def _closed(book: Ledger, made: Sequence[Close], period: str, today: Known) -> Known:
    """A month as it was closed; how credits came about, where they are still what they were."""
    last = [one.period for one in made].index(period)
    earned = closes.on_record(book, period)
    key = [*KEY, "credited"]
    same = earned.join(today.earnings.select(key), on=key, how="semi", nulls_equal=True)
    line = ["payee_id", "transaction_id", "event_id", "rule", "through_id"]
    return replace(
        today,
        state=CLOSED,
        earnings=earned,
        credits=today.credits.join(same.select(line), on=line, how="semi", nulls_equal=True),
        posted=book.table(made[last], "postings"),
        **_snapshots(book, made[: last + 1], today),
    )


def _snapshots(
    book: Ledger,
    made: Sequence[Close],
    today: Known,
    preview: Mapping[str, pl.DataFrame] | None = None,
) -> dict[str, Any]:
    """What closes recorded, then a preview, and of months before the first what is known today."""
    import polars as pl

    found = {}
    for name in SNAPSHOTS:
        recorded = [book.table(one, name) for one in made]
        rows = pl.concat([*recorded, *([preview[name]] if preview else [])])
        months = [one.period for one in made] + rows["period"].unique().to_list()
        earlier = getattr(today, name).filter(~pl.col("period").is_in(months))
        found[name] = pl.concat([earlier.select(rows.columns), rows])
    return found


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
