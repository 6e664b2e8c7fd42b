"""Written: how pay is accrued before a month is closed, `parameters/policies/accruals.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, refuse
from spmlib.rules.plans import Plan

METHODS = {
    "point_in_time": "what the curve has earned to date",
    "effective_rate": "cost of the whole window, by the share of its credits that are there",
    "simulated": "the same, with that cost the mean of many draws",
    "over_time": "cost of the whole window, by the months that are over",
}
OUTLOOKS = ("pace", "run_rate", "quota")
ACCOUNTS = (
    *("commission_expense", "accrued_commissions", "payroll_liability"),
    *("payroll_tax_expense", "accrued_payroll_taxes", "payroll_taxes_payable"),
)
WORDS = ("method", "plans", "outlook", "simulation", "late", "paid_after", "accounts")
SIMULATION = {"draws": "draws: 400", "seed": "seed: 26", "spread": "spread: 30%"}
LATE = {"months": "months: 12", "settled": "settled: 2"}


@dataclass(frozen=True)
class Method:
    """How a component is accrued, and where that is written."""

    name: str
    place: str


@dataclass(frozen=True)
class Simulation:
    """How what is left of a window is drawn."""

    draws: int
    seed: int
    spread: float  # standard deviation of what is left, over what is expected of it


@dataclass(frozen=True)
class Late:
    """From which months late bookings are learnt."""

    months: int  # so many, up to the one below
    settled: int  # so many months back all is taken as known


@dataclass(frozen=True)
class Policy:
    """What a company decides of its accruals."""

    usual: Method
    named: Mapping[tuple[str, str], Method]  # by plan and component
    outlook: str
    simulation: Simulation
    late: Late
    paid_after: int  # months from the one earned in to the one paid in
    accounts: Mapping[str, str]
    places: Mapping[str, str]  # of accounts: file and line
    place: str = ""

    def method(self, plan: str, component: str) -> Method:
        """How a component is accrued."""
        return self.named.get((plan, component), self.usual)


def read(path: Path, plans: Mapping[str, Plan]) -> Policy:
    """The policy of a file: as `decided`."""
    return decided(parameters.read(path), plans)


def decided(entry: Block, plans: Mapping[str, Plan]) -> Policy:
    """The policy that is written.

    Args:
        entry: the file.
        plans: that it may name.

    Raises:
        ParameterError: a word, a method, a plan or a component is unknown, an account is missing,
            or a number cannot be meant.
    """
    parameters.known(entry, WORDS, "accruals")
    drawn = _block(entry, "simulation", SIMULATION)
    late = _block(entry, "late", LATE)
    parameters.needed(entry, "method", "method: point_in_time")
    return Policy(
        usual=_method(entry, "method"),
        named=_named(entry, plans),
        outlook=parameters.choice(entry, "outlook", OUTLOOKS),
        simulation=Simulation(
            _at_least(drawn["draws"], 1), _at_least(drawn["seed"], 0), _spread(drawn["spread"])
        ),
        late=Late(_at_least(late["months"], 1), _at_least(late["settled"], 1)),
        paid_after=_at_least(parameters.needed(entry, "paid_after", "paid_after: 1"), 0),
        accounts=_accounts(entry),
        places=entry["accounts"].places,
        place=entry.place,
    )


def _method(entry: Block, key: str) -> Method:
    return Method(parameters.choice(entry, key, METHODS), entry.places[key])


def _named(entry: Block, plans: Mapping[str, Plan]) -> dict[tuple[str, str], Method]:
    example = "{account_executive: {new_business: effective_rate}}"
    said = parameters.block(entry["plans"], "plans", example) if "plans" in entry else Block()
    made = {}
    for plan in said:
        if plan not in plans:
            remedy = f"write {parameters.nearest(plan, plans)}"
            refuse(said.places[plan], f"there is no plan '{plan}'", remedy)
        own = parameters.block(said[plan], f"`{plan}`", "{new_business: effective_rate}")
        for component in own:
            if component not in plans[plan].components:
                wrong = f"plan {plan} has no component '{component}'"
                remedy = f"write {parameters.nearest(component, plans[plan].components)}"
                refuse(own.places[component], wrong, remedy)
            made[plan, component] = _method(own, component)
    return made


def _accounts(entry: Block) -> dict[str, str]:
    example = "{commission_expense: 6110 Commissions}"
    said = parameters.block(
        parameters.needed(entry, "accounts", f"accounts: {example}"), "accounts", example
    )
    parameters.known(said, ACCOUNTS, "accounts")
    return {
        name: str(parameters.text(parameters.needed(said, name, f"{name}: 6110 ...")))
        for name in ACCOUNTS
    }


def _block(entry: Block, key: str, words: Mapping[str, str]) -> Block:
    example = f"{{{', '.join(words.values())}}}"
    said = parameters.needed(entry, key, f"{key}: {example}")
    block = parameters.block(said, f"`{key}`", example)
    parameters.known(block, words, key)
    for word, shown in words.items():
        parameters.needed(block, word, shown)
    return block


def _at_least(said: Any, least: int) -> int:
    made = parameters.whole(said)
    if made < least:
        refuse(parameters.place_of(said), f"{made} cannot be meant", f"write {least} or more")
    return made


def _spread(said: Any) -> float:
    made = parameters.share(said, "spread")
    if made < 0:
        refuse(made.place, f"a spread of {said} cannot be meant", "write 0% or more")
    return float(made)
