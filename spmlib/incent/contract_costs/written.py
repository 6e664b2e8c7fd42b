"""Written: what an accounting policy decides of contract costs (``parameters/policies``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import refuse
from spmlib.core.written import Block, Items
from spmlib.incent.contract_costs.conventions import CONVENTIONS
from spmlib.incent.contract_costs.terms import CLAWBACKS, FRAMEWORKS, Terms
from spmlib.rules.measures import Filter, filters

WORDS = (
    *("framework", "currency", "convention", "clawbacks", "start", "later", "unit", "translation"),
    *("non_current", "expedient", "commensurate", "lapses", "taxes", "components", "benefits"),
    "accounts",
)
JUDGED = ("incremental", "allocated", "because")
BENEFIT = (
    *("where", "name", "term", "renewals", "renewal_months", "most", "months"),
    *("renewal_commissions", "because"),
)
ACCOUNTS = (
    *("asset", "asset_current", "commission_expense", "amortisation", "write_off"),
    *("impairment", "receivable", "translation", "retained_earnings", "payroll_tax_expense"),
)
WHOLE_PLAN = "whole_plan"  # modifiers of a plan, as a component


@dataclass(frozen=True)
class Judgement:
    """Whether a component is an incremental cost of obtaining contracts, and whose."""

    incremental: bool
    allocated: str  # as_earned: each line is its transaction's; over_window: shared out to date
    because: str
    place: str
    since: date


@dataclass(frozen=True)
class Benefit:
    """How long what is paid for some transactions benefits."""

    name: str
    where: tuple[Filter, ...]
    term: str | None  # column of transactions that holds the term [months]
    months: int | None  # fixed, or the term where a transaction has none
    renewals: int
    renewal_months: int | None
    most: int | None
    commensurate: bool  # whether renewals are paid for in proportion
    because: str
    place: str
    since: date


@dataclass(frozen=True)
class Lapses:
    """How it is seen that a contract was not renewed."""

    kinds: tuple[str, ...]
    match: tuple[str, ...]
    early: int  # days before the end from which a renewal counts
    grace: int  # days after it until which one does


@dataclass(frozen=True)
class Policy:
    """What a company decides of contract costs."""

    terms: Terms
    currency: str
    start: str  # booking, or the column of transactions that holds the day
    later: str  # prospective or catch_up
    unit: str  # contract or portfolio
    translation: str  # closing or historical
    split: bool  # current and non-current
    expedient: bool
    tolerance: parameters.Number | int
    lapses: Lapses | None
    taxes: bool
    components: Mapping[tuple[str, str], tuple[Judgement, ...]]
    benefits: tuple[Benefit, ...]  # those of later days first
    accounts: Mapping[str, str]
    place: str
    sources: Mapping[str, str]  # file and line of each account


def read(path: Path) -> Policy:
    """The policy of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The policy that is written.

    Raises:
        ParameterError: a word is unknown or missing, or says what cannot be.
    """
    parameters.known(entry, WORDS, "a policy of contract costs")
    terms = Terms(
        convention=parameters.choice(entry, "convention", CONVENTIONS),
        framework=parameters.choice(entry, "framework", FRAMEWORKS),
        clawbacks=parameters.choice(entry, "clawbacks", CLAWBACKS, "proportional"),
    )
    return Policy(
        terms=terms,
        currency=_currency(entry),
        start=parameters.text(entry.get("start", "booking")),
        later=parameters.choice(entry, "later", ("prospective", "catch_up"), "prospective"),
        unit=parameters.choice(entry, "unit", ("contract", "portfolio"), "contract"),
        translation=parameters.choice(entry, "translation", ("closing", "historical"), "closing"),
        split=parameters.choice(entry, "non_current", ("split", "all"), "split") == "split",
        expedient=_yes(entry, "expedient"),
        tolerance=parameters.share(entry["commensurate"]) if "commensurate" in entry else 0,
        lapses=_lapses(entry["lapses"]) if "lapses" in entry else None,
        taxes=_yes(entry, "taxes"),
        components=_components(parameters.needed(entry, "components", "components: {}")),
        benefits=_benefits(parameters.needed(entry, "benefits", "benefits: {}")),
        accounts=_accounts(parameters.needed(entry, "accounts", "accounts: {asset: 1510}")),
        place=entry.place,
        sources=dict(entry["accounts"].places),
    )


def judgement(policy: Policy, plan: str, component: str, day: date) -> Judgement | None:
    """What holds of a component on a day; none if nothing is said."""
    known = [j for j in policy.components.get((plan, component), ()) if j.since <= day]
    return known[-1] if known else None


def _components(said: Any) -> dict[tuple[str, str], tuple[Judgement, ...]]:
    """Judgements by plan and component, oldest first."""
    example = "{2024-01-01: {account_executive: {new_business: {incremental: yes}}}}"
    found: dict[tuple[str, str], tuple[Judgement, ...]] = {}
    for since, plans in parameters.history(said, lambda block: block, example).items():
        named = parameters.block(plans, "the judgement of plans", example)
        for plan in named:
            for name, judged in parameters.block(named[plan], f"plan {plan}", example).items():
                made = _judgement(judged, since)
                found[plan, name] = (*found.get((plan, name), ()), made)
    return found


def _judgement(said: Any, since: date) -> Judgement:
    block = parameters.block(said, "a judgement", "{incremental: yes, because: ...}")
    parameters.known(block, JUDGED, "a judgement")
    incremental = parameters.choice(block, "incremental", ("yes", "no")) == "yes"
    if not incremental and "allocated" in block:
        wrong = "what is not incremental is not allocated"
        refuse(block.places["allocated"], wrong, "delete `allocated`")
    return Judgement(
        incremental,
        parameters.choice(block, "allocated", ("as_earned", "over_window"), "as_earned"),
        parameters.text(parameters.needed(block, "because", "because: ...")),
        block.place,
        since,
    )


def _benefits(said: Any) -> tuple[Benefit, ...]:
    """Rows of benefits, those of later days first; the first that fits a transaction holds."""
    example = "{2024-01-01: [{where: {kind: new}, term: term_months, renewals: 2}]}"
    made: list[Benefit] = []
    for since, rows in parameters.history(said, lambda items: items, example).items():
        if not isinstance(rows, Items) or not rows:
            refuse(parameters.place_of(rows), "there is no list of benefits", f"write {example}")
        made = [_benefit(row, since) for row in rows] + made
    return tuple(made)


def _benefit(said: Any, since: date) -> Benefit:
    block = parameters.block(said, "a benefit", "{where: {kind: new}, months: 36}")
    parameters.known(block, BENEFIT, "a benefit")
    if "months" not in block and "term" not in block:
        refuse(block.place, "there are neither months nor a term", "write `months: 36`")
    counts = {name: _count(block, name) for name in ("months", "renewal_months", "most")}
    renewals = parameters.whole(block["renewals"]) if "renewals" in block else 0
    if renewals < 0:
        refuse(block.places["renewals"], f"{renewals} renewals cannot be", "write 0 or more")
    paid = parameters.choice(block, "renewal_commissions", ("commensurate", "less", "none"), "none")
    return Benefit(
        name=parameters.text(parameters.needed(block, "name", "name: subscriptions")),
        where=filters(block["where"]) if "where" in block else (),
        term=parameters.text(block["term"]) if "term" in block else None,
        renewals=renewals,
        commensurate=paid == "commensurate",
        because=parameters.text(parameters.needed(block, "because", "because: ...")),
        place=block.place,
        since=since,
        **counts,
    )


def _count(block: Block, name: str) -> int | None:
    if name not in block:
        return None
    made = parameters.whole(block[name])
    if made < 1:
        refuse(block.places[name], f"{made} months cannot be", "write 1 or more")
    return made


def _lapses(said: Any) -> Lapses:
    example = "{kinds: [new], match: [account_id, product_id], early: 60, grace: 45}"
    block = parameters.block(said, "`lapses`", example)
    parameters.known(block, ("kinds", "match", "early", "grace"), "lapses")
    for name in ("kinds", "match", "early", "grace"):
        parameters.needed(block, name, example)
    early, grace = (parameters.whole(block[name]) for name in ("early", "grace"))
    return Lapses(parameters.words(block["kinds"]), parameters.words(block["match"]), early, grace)


def _accounts(said: Any) -> dict[str, str]:
    block = parameters.block(said, "`accounts`", "{asset: 1510 Contract costs}")
    parameters.known(block, ACCOUNTS, "the accounts of contract costs")
    return {
        name: str(parameters.text(parameters.needed(block, name, f"{name}: 1510")))
        for name in ACCOUNTS
    }


def _currency(entry: Block) -> str:
    said = parameters.text(parameters.needed(entry, "currency", "currency: USD"))
    if said not in CURRENCIES:
        refuse(entry.places["currency"], f"'{said}' is no currency", "write a code such as USD")
    return str(said)


def _yes(entry: Block, word: str) -> bool:
    return parameters.choice(entry, word, ("yes", "no"), "no") == "yes"
