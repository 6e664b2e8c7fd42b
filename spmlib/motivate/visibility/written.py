"""Written: what a company decides of who sees what, ``parameters/policies/visibility.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from spmlib.core import money, parameters, written
from spmlib.core.parameters import block, choice, needed, place_of, refuse, share, whole, words
from spmlib.core.written import Block

WHAT = ("attainment", "pay", "pipeline", "disputes")
SCOPES = ("none", "own", "team", "region", "company")  # each sees what those before it see
WORDS = (
    *("currency", "roles", "others", "regions", "near", "behind", "coverage", "steps"),
    *("deal_months", "places", "outliers"),
)
OWN = "{attainment: own, pay: own, pipeline: own, disputes: own}"


@dataclass(frozen=True)
class Policy:
    """What a company decides of who sees what.

    Attributes:
        currency: in which amounts of several currencies are told.
        roles: for each role, how far it sees each kind of thing: a scope by word of `WHAT`.
        others: likewise of roles that are not named.
        regions: roles whose people head a region.
        near: share of quota missing to a threshold that is said to be near.
        behind: share of the pace below which somebody is at risk of missing the quota.
        coverage: times what is missing to quota that open deals should come to.
        steps: by currency, the round amount whose pay is told.
        deal_months: months whose deals make the typical one.
        shown: whether people are told their place among their role.
        least: people of a role without which no place is told.
        outliers: interquartile ranges beyond the quartiles from which somebody stands out.
    """

    currency: str
    roles: Mapping[str, Mapping[str, str]]
    others: Mapping[str, str]
    regions: tuple[str, ...]
    near: float
    behind: float
    coverage: float
    steps: Mapping[str, Decimal]
    deal_months: int
    shown: bool
    least: int
    outliers: float

    def scope(self, role: str, what: str) -> str:
        """How far a role sees a kind of thing."""
        return self.roles.get(role, self.others)[what]


def read(path: Path) -> Policy:
    """The policy of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The policy that is written.

    Raises:
        ParameterError: a word is unknown or missing, or a number is out of its bounds.
    """
    parameters.known(entry, WORDS, "visibility.yaml")
    example = f"roles: {{sales_manager: {OWN}}}"
    roles = block(needed(entry, "roles", example), "roles", example)
    places = block(needed(entry, "places", "places: {shown: yes, least: 5}"), "places", "{}")
    parameters.known(places, ("shown", "least"), "places")
    return Policy(
        currency=_currency(needed(entry, "currency", "currency: USD")),
        roles={role: _scopes(roles, role) for role in roles},
        others=_scopes(entry, "others"),
        regions=words(needed(entry, "regions", "regions: [sales_director]")),
        near=float(share(needed(entry, "near", "near: 10%"))),
        behind=float(share(needed(entry, "behind", "behind: 85%"))),
        coverage=_above_0(entry, "coverage", "coverage: 3"),
        steps=_steps(entry),
        deal_months=_count(entry, "deal_months", "deal_months: 12"),
        shown=choice(places, "shown", ("yes", "no")) == "yes",
        least=_count(places, "least", "least: 5"),
        outliers=_above_0(entry, "outliers", "outliers: 1.5"),
    )


def _scopes(entry: Block, role: str) -> dict[str, str]:
    example = f"{role}: {OWN}"
    listed = block(needed(entry, role, example), role, example)
    parameters.known(listed, WHAT, role)
    for what in WHAT:
        needed(listed, what, f"{what}: own")
    return {what: choice(listed, what, SCOPES) for what in WHAT}


def _steps(entry: Block) -> dict[str, Decimal]:
    listed = block(needed(entry, "steps", "steps: {USD: 1_000}"), "steps", "steps: {USD: 1_000}")
    return {
        _currency(currency, listed.places[currency]): Decimal(_positive(value))
        for currency, value in listed.items()
    }


def _currency(word: Any, place: str = "") -> str:
    if word not in money.CURRENCIES:
        refuse(place or place_of(word), f"'{word}' is no currency", "write it as in ISO 4217")
    return str(word)


def _above_0(entry: Block, key: str, example: str) -> float:
    return float(_positive(needed(entry, key, example), example))


def _positive(value: Any, example: str = "1_000") -> Decimal:
    made = parameters.number(value, "a number", example)
    if made.percent or made <= 0:
        refuse(made.place, f"'{value}' is not above 0", f"write {example}, without %")
    return Decimal(made)


def _count(entry: Block, key: str, example: str) -> int:
    made = whole(needed(entry, key, example))
    if made < 1:
        refuse(entry.places[key], f"`{key}: {made}` is below 1", f"write {example}")
    return made
