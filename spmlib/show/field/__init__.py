"""Field pages as a person sees them: one HTML page, in their language."""

from spmlib.show.field.rendered import html, index

__all__ = ["html", "index"]
