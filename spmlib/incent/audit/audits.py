"""Audits: all checks of a month's pay, what they found, and what was looked at before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.audit import findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.checks import CHECKS
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Audit:
    """What an audit of a month found."""

    period: str
    currency: str
    findings: pl.DataFrame  # Findings that nobody looked at yet, the gravest first
    reviewed: pl.DataFrame  # Findings that the policy's `reviewed` names
    policy: Policy

    @property
    def stops(self) -> pl.DataFrame:
        """The findings that stop the pay: of so much money, and so sure, as the policy says."""
        import polars as pl

        least, sure = self.policy.stop
        return self.findings.filter(pl.col("amount") >= least, pl.col("score") >= sure)

    @property
    def at_stake(self) -> int:
        """The money of all findings that nobody looked at [ticks]; some concern the same money."""
        return int(self.findings["amount"].sum())


def audited(
    books: Books, policy: Policy, period: str, checks: Iterable[str] = tuple(CHECKS)
) -> Audit:
    """What is to be looked at before a month's pay leaves.

    Args:
        books: what came in, what follows, and what is on record.
        policy: what is looked for.
        period: whose pay leaves, e.g. ``2026-10``.
        checks: names of `checks.CHECKS`; all if not given.

    Raises:
        ParameterError: there is no such period or check.
    """
    _refuse_period(books, period)
    return of_month(every(books, policy, checks), books, policy, period)


def of_month(found: pl.DataFrame, books: Books, policy: Policy, period: str) -> Audit:
    """A month's audit, from the findings of all months.

    Raises:
        ParameterError: there is no such period.
    """
    import polars as pl

    _refuse_period(books, period)
    found = found.filter(pl.col("period") == period)
    known = [item.finding for item in policy.reviewed]
    seen = pl.col("finding_id").is_in(known)
    return Audit(period, books.currency, found.filter(~seen), found.filter(seen), policy)


def every(books: Books, policy: Policy, checks: Iterable[str] = tuple(CHECKS)) -> pl.DataFrame:
    """The findings of all months, the gravest first.

    Raises:
        ParameterError: there is no such check.
    """
    import polars as pl

    chosen = list(checks)
    for name in chosen:
        if name not in CHECKS:
            raise ParameterError(f"there is no check '{name}'; write {nearest(name, CHECKS)}.")
    found = [findings.none(), *(CHECKS[name](books, policy) for name in chosen)]
    together = pl.concat(found).filter(pl.col("amount") >= max(policy.least, 1))
    return findings.ranked(together)


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """One row per check that found something: check, count, amount and largest [ticks]."""
    import polars as pl

    counted = found.group_by("check").agg(
        count=pl.len(), largest=pl.col("amount").max(), amount=pl.col("amount").sum()
    )
    return counted.sort("amount", "check", descending=[True, False])


def _refuse_period(books: Books, period: str) -> None:
    months = books.periods["period"].to_list()
    if period not in months:
        raise ParameterError(f"there is no period '{period}'; write {nearest(period, months)}.")
