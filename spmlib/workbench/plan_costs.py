"""Plan costs: what a company's people cost in a scenario, where the plan has a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from spmlib.core.company import known_on
from spmlib.core.errors import ParameterError
from spmlib.core.pay import Pay
from spmlib.incent.summaries import budgeted
from spmlib.orchestrate.budgets import outlooks
from spmlib.orchestrate.budgets import written as budgets
from spmlib.orchestrate.budgets.outlooks import Prepared
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.capacity import written as capacity
from spmlib.orchestrate.scenarios.outcomes import Cost, Costs, Outcome
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.workbench.opened import Workbench


def costs(
    bench: Workbench, scenarios: Sequence[Scenario], until: date, currency: str
) -> Costs | None:
    """What an outcome of some scenarios costs; none where one of them has no budget.

    What they share (what plans pay, who is paid, what they brought) is made once.

    Args:
        bench: the company and what its plans pay.
        scenarios: of one plan.
        until: the day up to which anything is known.
        currency: of the comparison.

    Raises:
        ParameterError: a budget is in another currency.
    """
    if any("budgets" not in one.files for one in scenarios):
        return None
    pay = cache(lambda day: _pay(bench, day, until))
    made: dict[str, Prepared] = {}

    def ready(decided: BudgetYear, day: date) -> Prepared:
        key = f"{day} {decided}"
        if key not in made:
            known = known_on(bench.company, day, until)
            counted = bench.measure(decided.measure)
            made[key] = outlooks.prepared(known, pay(day), counted, decided, day)
        return made[key]

    def cost(of: Outcome) -> Cost:
        decided = budgets.decided(of.scenario.file("budgets"))
        _refuse_currency(decided, currency)
        people = capacity.decided(of.scenario.file("capacity"))
        hires = _to_come(decided, of.day) | {people.roles[0]: dict(sorted(people.hires.items()))}
        budget = outlooks.made(ready(decided, of.day), hires, of.quotas.quotas, quoted_in=currency)
        own = slice(len(budget.months) - len(of.ready.months), None)
        return Cost(budget.drawn[:, own].sum(axis=1), budget.bookings[:, own].sum(axis=1))

    return cost


def _pay(bench: Workbench, day: date, until: date) -> Pay:
    """What plans pay, and paid before a day, with what was known on it."""
    if day == until:
        return budgeted.pay(bench.results, bench.company, bench.parameters, day)
    return budgeted.known_pay(bench.company, bench.parameters, day)


def _to_come(decided: BudgetYear, day: date) -> dict[str, dict[str, int]]:
    """The hires of a budget from a day on."""
    first = f"{day:%Y-%m}"
    return {
        role: {month: many for month, many in months.items() if month >= first}
        for role, months in decided.hires.items()
    }


def _refuse_currency(decided: BudgetYear, currency: str) -> None:
    if decided.currency != currency:
        wrong = f"the budget of {decided.year} is in {decided.currency}, not {currency}"
        raise ParameterError(f"{wrong}; compare in {decided.currency}.")
