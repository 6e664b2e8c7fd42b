"""Plan documents: a plan in sentences, tables, worked examples and a picture, from its file alone.

    made = document(plan, measures, date(2026, 10, 31))

Nothing is written by hand for a plan. `clauses` gives each word its sentence, `examples` lets the
engine pay some deals, `documents` puts them together, `goals` adds what is one person's own.
"""

from spmlib.incent.plan_documents.documents import document

__all__ = ["document"]
