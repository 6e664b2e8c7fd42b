"""Written: what counts as a sign that a plan is played, ``policies/gaming.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import needed, refuse, share, whole
from spmlib.core.written import Block, Items

SHARES = {
    "near": "near: 5%",
    "reach": "reach: 50%",
    "just_below": "just_below: 15%",
    "out_of_reach": "out_of_reach: 15%",
    "unapproved": "unapproved: 5%",
    "sure": "sure: 5%",
}
WHOLE = {
    "last_days": "last_days: 5",
    "first_days": "first_days: 10",
    "early": "early: 31",
    "split_within": "split_within: 10",
    "freedom": "freedom: 21",
    "fewest": "fewest: 5",
    "draws": "draws: 400",
    "seed": "seed: 54",
}
WORDS = (*SHARES, *WHOLE, "limits", "deals", "pipeline")


@dataclass(frozen=True)
class Decisions:
    """What a company decides of the audit.

    Attributes:
        near, reach: shares of a threshold: what counts as next to it, and what is looked at.
        last_days, first_days: of a window that count as its end and its beginning.
        early: days into the next window by which a cancellation is early.
        split_within: days between deals of one customer that may be one.
        just_below: share of a limit below it.
        out_of_reach: share of a threshold by which a window may miss it and still count as open.
        limits: of approval [their currency], rising.
        currency: of the limits.
        unapproved: share of a deal at stake that passes without approval.
        deals: sizes tried, as quantiles of a component's deals.
        pipeline: categories of open deals that are timed.
        freedom: days by which an open deal can be moved.
        fewest: counts below it are not shown.
        sure: chance of a false sign.
        draws, seed: of intervals.
        places: file and line of each word.
    """

    near: float
    reach: float
    last_days: int
    first_days: int
    early: int
    split_within: int
    just_below: float
    out_of_reach: float
    limits: tuple[float, ...]
    currency: str
    unapproved: float
    deals: tuple[float, ...]
    pipeline: tuple[str, ...]
    freedom: int
    fewest: int
    sure: float
    draws: int
    seed: int
    places: Mapping[str, str]


def read(path: Path) -> Decisions:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Decisions:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, is no number or share, or below what it can
            be; limits do not rise or are in no currency.
    """
    parameters.known(entry, WORDS, "gaming")
    shares = {word: _share(entry, word) for word in SHARES}
    counts = {word: _whole(entry, word) for word in WHOLE}
    currency, limits = _limits(needed(entry, "limits", "limits: {currency: USD, amounts: [..]}"))
    deals = needed(entry, "deals", "deals: [50%, 90%]")
    return Decisions(
        near=shares["near"],
        reach=shares["reach"],
        last_days=counts["last_days"],
        first_days=counts["first_days"],
        early=counts["early"],
        split_within=counts["split_within"],
        just_below=shares["just_below"],
        out_of_reach=shares["out_of_reach"],
        unapproved=shares["unapproved"],
        pipeline=parameters.words(needed(entry, "pipeline", "pipeline: [commit]")),
        freedom=counts["freedom"],
        fewest=counts["fewest"],
        sure=shares["sure"],
        draws=counts["draws"],
        seed=counts["seed"],
        limits=limits,
        currency=currency,
        deals=tuple(_quantile(word) for word in parameters.words(deals)),
        places=entry.places,
    )


def _share(entry: Block, word: str) -> float:
    made = share(needed(entry, word, SHARES[word]), "share")
    if not 0 < made < 1:
        refuse(made.place, f"{word} is {entry[word]}", f"write a share above 0, as {SHARES[word]}")
    return float(made)


def _whole(entry: Block, word: str) -> int:
    made = whole(needed(entry, word, WHOLE[word]))
    if made < 1:
        refuse(entry.places[word], f"{word} is {made}", f"write 1 or more, as {WHOLE[word]}")
    return made


def _quantile(written_: Any) -> float:
    made = share(written_, "share")
    if not 0 < made < 1:
        refuse(made.place, f"no deals are as large as {written_} of them", "write 50% or the like")
    return float(made)


def _limits(written_: Any) -> tuple[str, tuple[float, ...]]:
    example = "{currency: USD, amounts: [25_000, 50_000]}"
    entry = parameters.block(written_, "`limits`", example)
    parameters.known(entry, ("currency", "amounts"), "limits")
    currency = parameters.text(needed(entry, "currency", "currency: USD"))
    if currency not in CURRENCIES:
        refuse(entry.places["currency"], f"'{currency}' is no currency", "write an ISO 4217 code")
    told = needed(entry, "amounts", "amounts: [25_000, 50_000]")
    items = told if isinstance(told, Items) else [told]
    amounts = tuple(float(parameters.number(item)) for item in items)
    if not amounts or amounts[0] <= 0 or any(b <= a for a, b in pairwise(amounts)):
        refuse(entry.places["amounts"], "limits do not rise from above 0", f"write {example}")
    return currency, amounts
