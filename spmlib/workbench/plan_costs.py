"""Plan costs: what the people of a scenario cost, where the plan has a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spmlib.orchestrate.scenarios.outcomes import Costs
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.workbench.opened import Workbench


def costs(
    bench: Workbench, scenarios: Sequence[Scenario], day: date, currency: str
) -> Costs | None:
    """What an outcome of these scenarios costs; none where one of them has no budget."""
    return None
