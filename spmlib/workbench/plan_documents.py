"""Plan documents: each plan as its holders receive it, with their own goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.documents import Document
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.plan_documents import PlanDocument
from spmlib.incent.plan_documents import document
from spmlib.incent.plan_documents.documents import personal
from spmlib.incent.summaries.overview import staff
from spmlib.show import plan_documents as drawn
from spmlib.workbench import statements
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

FORMATS = {"html": ("text/html", drawn.html), "pdf": ("application/pdf", drawn.pdf)}


def documents(
    bench: Workbench, period: str, formats: tuple[str, ...] = ("html", "pdf")
) -> Iterator[Document]:
    """The plan of everybody who holds one on a month's last day, made for each of them.

    Raises:
        ParameterError: the calendar has no such month, or the policy of statements is wrong.
    """
    for one in told(bench, period):
        for word in formats:
            yield Document(
                payee_id=one.payee_id,
                document="plan",
                of=one.plan,
                version=one.version.isoformat(),
                name=f"plan-{one.plan}.{word}",
                content=FORMATS[word][1](one),
                media_type=FORMATS[word][0],
                language=one.locale.partition("_")[0],
            )


def told(bench: Workbench, period: str) -> list[PlanDocument]:
    """What each holder of a plan is told of it.

    Raises:
        ParameterError: the calendar has no such month, or the policy of statements is wrong.
    """
    locale, on = statements.policy(bench).locale, last_day(bench, period)
    held = engine.collected(staff(bench.company, period)).drop_nulls("plan").sort("payee_id")
    known = bench.parameters.plans
    plans = [name for name in held["plan"].unique().sort() if name in known]
    made = {name: of(bench, name, on) for name in plans}
    terms = _by_person(engine.collected(bench.results.terms.filter(nw.col("period") == period)))
    people = {row["payee_id"]: row for row in engine.collected(bench.company.payees).to_dicts()}
    return [
        personal(
            made[plan],
            known[plan],
            bench.parameters.measures,
            people[who],
            terms.get(who, []),
            locale,
        )
        for who, plan in held.select("payee_id", "plan").iter_rows()
        if plan in made
    ]


def of(bench: Workbench, plan: str, on: date) -> PlanDocument:
    """One plan as it holds on a day, for everybody.

    Raises:
        ParameterError: there is no such plan.
    """
    known = bench.parameters.plans
    if plan not in known:
        raise ParameterError(f"there is no plan '{plan}'; write {nearest(plan, known)}.")
    return document(known[plan], bench.parameters.measures, on)


def last_day(bench: Workbench, period: str) -> date:
    """The last day of a month.

    Raises:
        ParameterError: the calendar has no such month.
    """
    bench.refuse_period(period)
    rows = engine.collected(bench.company.calendar).to_dicts()
    end: date = next(row["end_date"] for row in rows if row["period"] == period)
    return end - timedelta(days=1)


def _by_person(terms: pl.DataFrame) -> Mapping[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {}
    for row in terms.sort("segment_start").iter_rows(named=True):
        made.setdefault(row["payee_id"], []).append(row)
    return made
