"""Letters: those of a month's changes as documents, each to the person whom it concerns."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.documents import Document
from spmlib.core.errors import ParameterError
from spmlib.core.letters import Letter
from spmlib.incent.letters import letters
from spmlib.show import letters as drawn
from spmlib.workbench import statements
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("plan_change", "quota", "territory", "manager")
FORMATS = {"html": ("text/html", drawn.html), "pdf": ("application/pdf", drawn.pdf)}


def documents(
    bench: Workbench, period: str, formats: tuple[str, ...] = ("html", "pdf")
) -> Iterator[Document]:
    """The letters of what changed in a month: from the day before it to its last day.

    Raises:
        ParameterError: the calendar has no such month, or the policy of statements is wrong.
    """
    contact = statements.policy(bench).contact
    for letter in told(bench, period):
        pages = {word: FORMATS[word][1](letter, contact) for word in formats}
        version = hashlib.sha256(b"".join(pages.values())).hexdigest()[:12]
        for word, content in pages.items():
            yield Document(
                payee_id=letter.payee_id,
                document=letter.document,
                of=period,
                version=version,
                name=f"{letter.document}-{period}.{word}",
                content=content,
                media_type=FORMATS[word][0],
                language=letter.locale.partition("_")[0],
            )


def told(bench: Workbench, period: str) -> list[Letter]:
    """What each person is told of a month's changes.

    Raises:
        ParameterError: the calendar has no such month, or none before it.
    """
    since, until = days(bench, period)
    locale = statements.policy(bench).locale
    return letters(bench.company, bench.parameters, since, until, locale)


def days(bench: Workbench, period: str) -> tuple[date, date]:
    """The day before a month, and its last day: what changes from one to the other is told.

    Raises:
        ParameterError: the calendar has no such month, or begins with it.
    """
    bench.refuse_period(period)
    rows = engine.collected(bench.company.calendar).sort("start_date").to_dicts()
    own = next(row for row in rows if row["period"] == period)
    start, end = own["start_date"], own["end_date"]
    if start == rows[0]["start_date"]:
        raise ParameterError(f"letters: the calendar begins with {period}; take a later month.")
    return start - timedelta(days=1), end - timedelta(days=1)


def counts(bench: Workbench, periods: Iterable[str]) -> pd.DataFrame:
    """How many letters of each kind months made: period, plan_change, quota, territory, manager."""
    import pandas as pd

    rows = [
        {"period": period, **Counter(one.document for one in told(bench, period))}
        for period in periods
    ]
    made = pd.DataFrame(rows, columns=["period", *KINDS]).fillna(0)
    return made.astype(dict.fromkeys(KINDS, int))
