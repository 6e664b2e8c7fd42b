"""Documents: what all that a person receives has in common: language, figures, page and PDF.

    reader = Reader.of(FOLDER, "id_ID")
    reader.say("due", amount=reader.money(paid, "IDR"))
    page(FOLDER / "statement.html.j2", reader, title, said)       text/html, nothing from outside
    pdf(FOLDER / "statement.typ", said, title, reader, day)       PDF/UA-1, the same bytes each time

A document brings a folder of its own: ``texts/en.yaml`` and ``texts/id.yaml``, one template of
each kind. ``said`` is plain words, numbers, lists and dictionaries, already written for its reader:
templates place it and can run nothing that stands in it.
"""

from spmlib.show.documents.pages import page
from spmlib.show.documents.pdfs import first_page, pdf
from spmlib.show.documents.readers import Reader
from spmlib.show.documents.texts import Texts, catalogue

__all__ = ["Reader", "Texts", "catalogue", "first_page", "page", "pdf"]
