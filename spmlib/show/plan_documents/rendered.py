"""Rendered: a plan document as a page and as a PDF, both from the same words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from spmlib.core.plan_documents import PlanDocument
from spmlib.show import documents
from spmlib.show.documents import Reader
from spmlib.show.plan_documents.sections import said

FOLDER = Path(__file__).parent
WIDTH = 680  # of a page as a picture [pixels]


def html(document: PlanDocument) -> bytes:
    """A plan document as one page: nothing from outside, nothing that runs."""
    reader = _reader(document.locale)
    told = said(document, reader)
    return documents.page(FOLDER / "plan.html.j2", reader, told["heading"], told).encode()


def pdf(document: PlanDocument) -> bytes:
    """A plan document as PDF/UA, dated on the day from which its version holds."""
    reader = _reader(document.locale)
    told = said(document, reader)
    return documents.pdf(FOLDER / "plan.typ", told, told["heading"], reader, document.version)


def picture(document: PlanDocument) -> Any:
    """The first page as a picture, for notebooks."""
    from IPython.display import Image

    reader = _reader(document.locale)
    told = said(document, reader)
    page = documents.first_page(FOLDER / "plan.typ", told, told["heading"], reader)
    alt = f"{told['heading']}. {told['version']}"
    return Image(page, width=WIDTH, alt=alt)  # type: ignore[no-untyped-call]


@cache
def _reader(locale: str) -> Reader:
    return Reader.of(FOLDER, locale)
