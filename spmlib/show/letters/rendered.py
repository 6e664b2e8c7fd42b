"""Rendered: a letter as a page and as a PDF, both from the same words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from spmlib.core.letters import Letter
from spmlib.show import documents
from spmlib.show.documents import Reader
from spmlib.show.letters.sections import said

FOLDER = Path(__file__).parent
WIDTH = 680  # of a page as a picture [pixels]


def html(letter: Letter, contact: str) -> bytes:
    """A letter as one page: nothing from outside, nothing that runs."""
    reader = _reader(letter.locale)
    told = said(letter, reader, contact)
    return documents.page(FOLDER / "letter.html.j2", reader, told["heading"], told).encode()


def pdf(letter: Letter, contact: str) -> bytes:
    """A letter as PDF/UA, dated on the day of the change."""
    reader = _reader(letter.locale)
    told = said(letter, reader, contact)
    return documents.pdf(FOLDER / "letter.typ", told, told["heading"], reader, letter.start)


def picture(letter: Letter, contact: str) -> Any:
    """The first page as a picture, for notebooks."""
    from IPython.display import Image

    reader = _reader(letter.locale)
    told = said(letter, reader, contact)
    page = documents.first_page(FOLDER / "letter.typ", told, told["heading"], reader)
    alt = f"{told['heading']}. {told['lead']} {told['deals']['sentence'] if told['deals'] else ''}"
    return Image(page, width=WIDTH, alt=alt.strip())  # type: ignore[no-untyped-call]


@cache
def _reader(locale: str) -> Reader:
    return Reader.of(FOLDER, locale)
