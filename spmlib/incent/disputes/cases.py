"""Cases: one dispute with just the part of the company that its pay depends on, ready to re-run.

Of the transactions those are kept that credit the person in the years up to the period, and those
disputed; who else sells what does not move a person's pay, unless a component pays by place: then
all are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import earned
from spmlib.incent.work import Parameters, begun

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Case:
    """A dispute and what can be re-run for it.

    Attributes:
        company: the part of it that counts.
        parameters: as they are.
        payee_id: whose pay.
        plan: under which plan.
        period: of the statement.
        transactions: the disputed ones, by id.
        claimed: what is said to be missing [ticks]; none if nothing is said.
    """

    company: Company
    parameters: Parameters
    payee_id: str
    plan: str
    period: str
    transactions: tuple[str, ...]
    claimed: int | None

    @cached_property
    def lines(self) -> pl.DataFrame:
        """The person's lines as they are, up to the period: Earnings [ticks]."""
        return self.run(self.company, self.parameters)

    @cached_property
    def disputed(self) -> pl.DataFrame:
        """The disputed transactions themselves."""
        own = nw.col("transaction_id").is_in(list(self.transactions))
        return engine.collected(self.company.transactions.filter(own).sort("transaction_id"))

    def run(self, company: Company, parameters: Parameters) -> pl.DataFrame:
        """The person's lines of a company, up to the period: Earnings [ticks]."""
        import polars as pl

        _, owed = earned(begun(company, parameters, self.period))
        rows = engine.collected(owed.earnings)
        return rows.filter(pl.col("payee_id") == self.payee_id, pl.col("plan") == self.plan)

    def more(self, company: Company | None = None, parameters: Parameters | None = None) -> int:
        """What a changed copy pays the person more than the company as it is [ticks]."""
        changed = self.run(company or self.company, parameters or self.parameters)
        return sum(changed["amount"].to_list()) - sum(self.lines["amount"].to_list())


def case(
    company: Company,
    parameters: Parameters,
    credits: pl.DataFrame,
    payee_id: str,
    plan: str,
    period: str,
    transactions: Sequence[str],
    claimed: int | None = None,
) -> Case:
    """A dispute's case.

    Args:
        company: with all that is known now.
        parameters: what its files say about pay.
        credits: the table `Credits` of the company as it is.
        payee_id: whose pay.
        plan: under which plan.
        period: of the statement.
        transactions: the disputed ones.
        claimed: what is said to be missing [ticks of the plan's currency].

    Raises:
        ParameterError: a disputed transaction, or the plan, is not there.
    """
    import polars as pl

    if plan not in parameters.plans:
        raise ParameterError(f"there is no plan '{plan}'; name one of parameters/plans.")
    asked = company.transactions.filter(nw.col("transaction_id").is_in(list(transactions)))
    known = set(engine.collected(asked.select("transaction_id"))["transaction_id"])
    if lost := [name for name in transactions if name not in known]:
        wrong = f"there is no transaction '{lost[0]}'"
        raise ParameterError(f"{wrong}; book it first, then its line can be re-run.")
    own = credits.filter(pl.col("payee_id") == payee_id)["transaction_id"].unique()
    keep = sorted({*own.to_list(), *transactions})
    part = company
    if not _by_place(parameters, plan):
        part = replace(company, transactions=_only(company.transactions, keep))
        part = replace(part, splits=_only(company.splits, keep), events=_only(company.events, keep))
    # Other plans pay other lines; each costs a re-run as much as the one in question.
    said = replace(parameters, plans={plan: parameters.plans[plan]})
    return Case(part, said, payee_id, plan, period, tuple(transactions), claimed)


def _only(rows: Any, keep: Sequence[str]) -> Any:
    return engine.kept(rows.filter(nw.col("transaction_id").is_in(list(keep))))


def _by_place(parameters: Parameters, plan: str) -> bool:
    return any(c.thresholds == "place" for c in parameters.plans[plan].components.values())
