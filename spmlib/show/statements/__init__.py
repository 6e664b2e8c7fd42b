"""Statements as a person receives them: one HTML page, one PDF, in their language."""

from spmlib.show.statements.rendered import Contact, html, pdf, picture

__all__ = ["Contact", "html", "pdf", "picture"]
