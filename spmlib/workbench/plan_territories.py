"""Plan territories: who gets which accounts in a scenario, where the plan has territories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spmlib.core.company import known_on
from spmlib.orchestrate.scenarios.outcomes import Moved, Moves
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.orchestrate.territories import outlooks, written
from spmlib.orchestrate.territories.regions import regions
from spmlib.workbench.opened import Workbench


def moves(
    bench: Workbench, scenarios: Sequence[Scenario], until: date, currency: str
) -> Moves | None:
    """The accounts that change hands in some scenarios; none where one plans no territories.

    Scenarios that say the same of territories are planned once.

    Args:
        bench: the company.
        scenarios: of one plan.
        until: the day up to which anything is known.
        currency: of potentials.
    """
    if any("territories" not in one.files for one in scenarios):
        return None
    made: dict[str, Moved] = {}

    def moved(of: Scenario, day: date) -> Moved:
        decided = written.decided(of.file("territories"))
        key = f"{day} {decided}"
        if key not in made:
            known = known_on(bench.company, day, until)
            planned = outlooks.planned(regions(known, decided, currency, day), decided)
            accounts = dict(outlooks.changed(planned))
            made[key] = Moved(accounts, float(outlooks.summary(planned)["km"].sum()))
        return made[key]

    return moved
