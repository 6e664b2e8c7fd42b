"""Written: what a company decides of disputes, ``policies/disputes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from spmlib.core import money, parameters, written
from spmlib.core.parameters import block, needed, refuse, share, text, whole, words
from spmlib.core.written import Block

CAUSES = ("late_booking", "wrong_owner", "missing_split", "hierarchy", "plan_misread", "other")
REMEDIES = ("data", "adjustment")
WORDS = ("window", "causes", "sooner", "deciders", "four_eyes", "fits", "comparable", "near_days")


@dataclass(frozen=True)
class Decisions:
    """What a company decides of disputes.

    Attributes:
        window: days after the end of a period in which its statement may be disputed.
        causes: for each cause, who looks into it and within how many days.
        sooner: amount by currency above which a dispute is due within `sooner_days`.
        sooner_days: see there.
        deciders: who may accept or reject.
        four_eyes: amount by currency above which a second has to approve; without one: always.
        fits: share of a claim within which an amount is said to fit it.
        comparable: deals alike of which this share was split, so that a split seems missing.
        near_days: days around a change of manager in which the hierarchy may be why.
    """

    window: int
    causes: Mapping[str, tuple[str, int]]
    sooner: Mapping[str, Decimal]
    sooner_days: int
    deciders: tuple[str, ...]
    four_eyes: Mapping[str, Decimal]
    fits: float
    comparable: float
    near_days: int

    def owner(self, cause: str) -> str:
        """Who looks into disputes of a cause; of none, who looks into others."""
        return self.causes[cause or "other"][0]

    def due(self, day: date, cause: str, claimed: Decimal | None, currency: str) -> date:
        """By when a dispute raised on a day is to be decided."""
        days = self.causes[cause or "other"][1]
        if claimed is not None and currency in self.sooner:
            days = min(days, self.sooner_days) if abs(claimed) > self.sooner[currency] else days
        return day + timedelta(days)

    def needs_second(self, granted: Decimal, currency: str) -> bool:
        """Whether an amount needs a second pair of eyes."""
        return currency not in self.four_eyes or abs(granted) > self.four_eyes[currency]

    def places(self, currency: str) -> int:
        """Decimals in which a currency is paid."""
        return money.CURRENCIES[currency]

    def refuse_cause(self, cause: str) -> None:
        """Refuse a cause that is not one of those written.

        Raises:
            ParameterError: it is not.
        """
        if cause not in self.causes:
            wrong = f"'{cause}' is no cause"
            refuse("disputes.yaml", wrong, f"write {parameters.nearest(cause, self.causes)}")


def read(path: Path) -> Decisions:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Decisions:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or a number is out of its bounds.
    """
    parameters.known(entry, WORDS, "disputes.yaml")
    sooner = block(
        needed(entry, "sooner", "sooner: {days: 5, above: {USD: 5_000}}"), "sooner", "{}"
    )
    parameters.known(sooner, ("days", "above"), "sooner")
    return Decisions(
        window=_positive(entry, "window", "window: 90"),
        causes=_causes(entry),
        sooner=_amounts(sooner, "above"),
        sooner_days=_positive(sooner, "days", "days: 5"),
        deciders=words(needed(entry, "deciders", "deciders: [sales compensation]")),
        four_eyes=_amounts(entry, "four_eyes"),
        fits=float(share(needed(entry, "fits", "fits: 1%"))),
        comparable=float(share(needed(entry, "comparable", "comparable: 50%"))),
        near_days=_positive(entry, "near_days", "near_days: 45"),
    )


def _causes(entry: Block) -> dict[str, tuple[str, int]]:
    example = "causes: {other: {owner: sales compensation, days: 20}}"
    listed = block(needed(entry, "causes", example), "causes", example)
    parameters.known(listed, CAUSES, "causes")
    found = {}
    for cause in CAUSES:
        one = block(needed(listed, cause, f"{cause}: {{owner: …, days: 20}}"), cause, "{}")
        parameters.known(one, ("owner", "days"), cause)
        owner = text(needed(one, "owner", "owner: sales compensation"))
        found[cause] = (str(owner), _positive(one, "days", "days: 20"))
    return found


def _amounts(entry: Block, key: str) -> dict[str, Decimal]:
    listed = block(needed(entry, key, f"{key}: {{USD: 5_000}}"), key, "{USD: 5_000}")
    found = {}
    for currency, value in listed.items():
        if currency not in money.CURRENCIES:
            refuse(
                listed.places[currency], f"'{currency}' is no currency", "write it as in ISO 4217"
            )
        amount = parameters.number(value, "an amount", "5_000")
        if amount.percent or amount < 0:
            refuse(amount.place, f"'{value}' is no amount", "write 0 or more, without %")
        found[currency] = Decimal(amount)
    return found


def _positive(entry: Block, key: str, example: str) -> int:
    value: Any = needed(entry, key, example)
    made = whole(value)
    if made < 1:
        refuse(entry.places[key], f"`{key}: {value}` is below 1", f"write {example}")
    return made
