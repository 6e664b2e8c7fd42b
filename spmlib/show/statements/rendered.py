"""Rendered: a statement as a page and as a PDF, both from the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.show import documents
from spmlib.show.documents import Reader
from spmlib.show.statements import sections

if TYPE_CHECKING:
    from spmlib.core.statements import Statement

FOLDER = Path(__file__).parent
WIDTH = 680  # of a page as a picture [pixels]


@dataclass(frozen=True)
class Contact:
    """Whom to ask, and within how many days of the month's end."""

    who: str
    days: int


def html(statement: Statement, contact: Contact) -> bytes:
    """A statement as one page: nothing from outside, nothing that runs."""
    reader = _reader(statement.locale)
    said = sections.said(statement, reader, contact.who, contact.days)
    page = documents.page(FOLDER / "statement.html.j2", reader, said["heading"], said)
    return page.encode()


def pdf(statement: Statement, contact: Contact) -> bytes:
    """A statement as PDF/UA, dated on the month's last day."""
    reader = _reader(statement.locale)
    said: dict[str, Any] = sections.said(statement, reader, contact.who, contact.days)
    day = statement.end - timedelta(days=1)
    return documents.pdf(FOLDER / "statement.typ", said, said["heading"], reader, day)


def picture(statement: Statement, contact: Contact) -> Any:
    """The first page as a picture, for notebooks."""
    from IPython.display import Image

    reader = _reader(statement.locale)
    said: dict[str, Any] = sections.said(statement, reader, contact.who, contact.days)
    page = documents.first_page(FOLDER / "statement.typ", said, said["heading"], reader)
    alt = f"{said['heading']}: {said['due']}. {said['change']}"
    return Image(page, width=WIDTH, alt=alt)  # type: ignore[no-untyped-call]


@cache
def _reader(locale: str) -> Reader:
    return Reader.of(FOLDER, locale)
