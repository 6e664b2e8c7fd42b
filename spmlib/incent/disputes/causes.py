"""Causes: why a line may be disputed, each tried by the engine on a changed copy of the company.

Every finder looks for signs in the data and, where there are some, says what the person would have
been paid. To add a cause: write a finder and enter it in `FINDERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, DisputeCauses
from spmlib.incent.disputes import misread, signs
from spmlib.incent.disputes.cases import Case
from spmlib.incent.disputes.signs import Found
from spmlib.incent.disputes.written import Decisions

if TYPE_CHECKING:
    import polars as pl

Finder = Callable[[Case, Company, Decisions, date], Iterator[Found]]
FINDERS: dict[str, Finder] = {
    "late_booking": signs.late,
    "wrong_owner": signs.owners,
    "missing_split": signs.splits,
    "hierarchy": signs.hierarchy,
    "plan_misread": misread.readings,
}


@dataclass(frozen=True)
class _Ranked:
    found: Found
    score: float
    fits: bool


def proposed(dispute: Case, company: Company, decided: Decisions, closed: date) -> pl.DataFrame:
    """The causes that a re-run finds possible, the most likely first.

    Defined as::

        score = strength of the signs                                    where nothing is claimed
        score = (strength + 1) / 2                                       where the amount fits
        score = strength / 2 + max(0, 1 - |amount - claimed| / |claimed|) / 4   otherwise

    Args:
        dispute: the case, of `cases.case`.
        company: whole, where deals alike, territories and positions are looked up.
        decided: what fits, how many deals alike count.
        closed: day from which news came too late for the statement.

    Returns:
        The table `DisputeCauses` [ticks]; one row of cause ``none`` if nothing explains it.
    """
    import polars as pl

    ranked = [
        _ranked(found, dispute, decided)
        for finder in FINDERS.values()
        for found in finder(dispute, company, decided, closed)
    ]
    ranked = [one for one in ranked if one.fits or one.found.strength >= 0.2]
    ranked.sort(key=lambda one: (-one.score, one.found.cause, one.found.transaction_id or ""))
    rows = [_row(place, one, dispute) for place, one in enumerate(ranked, 1)]
    if not rows:
        rows = [_row(1, _Ranked(_nothing(dispute), 0.0, False), dispute)]
    kinds = engine.collected(engine.empty(DisputeCauses)).schema
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _ranked(found: Found, dispute: Case, decided: Decisions) -> _Ranked:
    claimed = dispute.claimed
    if claimed is None:
        return _Ranked(found, found.strength, False)
    gap = abs(found.amount - claimed)
    fits = gap <= max(abs(claimed) * decided.fits, MONEY // 100)
    near = max(0.0, 1 - gap / abs(claimed)) if claimed else 0.0
    score = (found.strength + 1) / 2 if fits else found.strength / 2 + near / 4
    return _Ranked(found, score, fits)


def _row(place: int, one: _Ranked, dispute: Case) -> dict[str, Any]:
    found, claimed = one.found, dispute.claimed
    return {
        "place": place,
        "cause": found.cause,
        "transaction_id": found.transaction_id,
        "amount": found.amount,
        "due": 0 if found.cause in ("plan_misread", "none") else found.amount,
        "difference": None if claimed is None else found.amount - claimed,
        "fits": "yes" if one.fits else "no",
        "evidence": found.evidence,
    }


def _nothing(dispute: Case) -> Found:
    said = "the re-run gives the same cents, and nothing that was tried explains more"
    return Found("none", None, 0, 0.0, said)
