"""Plan documents as a person receives them: one HTML page, one PDF, in their language."""

from spmlib.show.plan_documents.rendered import html, pdf, picture

__all__ = ["html", "pdf", "picture"]
