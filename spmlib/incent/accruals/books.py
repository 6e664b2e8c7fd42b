"""Books: what accruals are made from: a company, its plans, its policies, and month ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spmlib.core.company import Company
from spmlib.incent.accruals import known, written
from spmlib.incent.accruals.known import Ends
from spmlib.incent.accruals.written import Policy
from spmlib.incent.calculation import Parameters
from spmlib.rules import employer_taxes
from spmlib.rules.employer_taxes import EmployerTaxes

POLICY, TAXES = "policies/accruals.yaml", "policies/employer_taxes.yaml"


@dataclass(frozen=True)
class Books:
    """What accruals are made from."""

    company: Company
    parameters: Parameters
    policy: Policy
    taxes: EmployerTaxes
    ends: Ends  # what was known at each month's end

    def before(self, period: str, by: int = 1) -> str | None:
        """The period that many before one; none where the calendar begins later."""
        return known.before(self.company, period, by)

    def months(self, period: str, count: int = 12) -> list[str]:
        """So many periods up to one, that one included; fewer where the calendar begins later."""
        every = known.periods(self.company)
        last = every.index(period) + 1
        return every[max(last - count, 0) : last]


def opened(
    folder: Path, company: Company, parameters: Parameters, until: date | None = None
) -> Books:
    """The books of a company.

    Args:
        folder: of its parameters.
        company: with all that is known now.
        parameters: its plans and measures.
        until: the day up to which anything is known; there nothing is left out.

    Raises:
        ParameterError: a policy is missing or wrong.
    """
    return Books(
        company,
        parameters,
        written.read(folder / POLICY, parameters.plans),
        employer_taxes.read(folder / TAXES),
        known.month_ends(company, parameters, until),
    )
