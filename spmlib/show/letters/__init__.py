"""Letters of changes as a person receives them: one HTML page, one PDF, in their language."""

from spmlib.show.letters.rendered import html, pdf, picture

__all__ = ["html", "pdf", "picture"]
