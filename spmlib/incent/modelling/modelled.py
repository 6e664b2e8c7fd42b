"""Modelled: what a scenario would have paid, by the same engine and to the same cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spmlib.core.company import Company
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.incent.modelling import written
from spmlib.incent.modelling.issued import issued
from spmlib.incent.modelling.written import Scenario


@dataclass(frozen=True)
class Modelled:
    """A scenario of pay, and what it comes to."""

    scenario: Scenario
    company: Company  # with quotas and target incentives as the scenario has them
    parameters: Parameters
    results: Results


def modelled(company: Company, scenario: Scenario, through: str | None = None) -> Modelled:
    """What a scenario would have paid for what was really sold.

    Args:
        company: its tables as they are.
        scenario: of pay.
        through: the last period computed; all of the calendar if none.

    Raises:
        ParameterError: the scenario makes a plan that cannot be meant, or multiplies what nobody
            was issued; told with its file and line.
        OverflowRefused: an amount is too large to be exact.
    """
    told = scenario.parameters
    changed = issued(company, scenario)
    return Modelled(scenario, changed, told, calculated(changed, told, through))


def every(
    company: Company, folder: Path, names: Sequence[str], through: str | None = None
) -> dict[str, Modelled]:
    """Scenarios by name, each modelled; ``base`` first, whether it is named or not.

    Args:
        company: its tables as they are.
        folder: of the parameters.
        names: of scenarios.
        through: the last period computed.
    """
    asked = dict.fromkeys(["base", *names])
    read = {name: written.read(folder, name) for name in asked}
    return {name: modelled(company, scenario, through) for name, scenario in read.items()}
