"""Combinations: words of a component that mean nothing together, and what would be right.

To refuse another one: add a row to `SENSELESS` and a file to ``tests/broken/plans``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spmlib.rules.plans import Component


@dataclass(frozen=True)
class Senseless:
    """One combination that cannot be meant."""

    word: str  # the word to correct: its line is named
    said: Callable[[Component], bool]
    wrong: str
    right: str


def senseless(component: Component) -> Iterator[tuple[str, str, str]]:
    """Place, what is wrong and what would be right, for each combination that means nothing."""
    for each in SENSELESS:
        if each.said(component):
            yield component.at(each.word), each.wrong, each.right


def _slope(c: Component) -> bool:
    return c.pays == "target" and c.word == "rate"


def _by_transaction(c: Component) -> bool:
    return c.crossing == "transaction"


def _restating(c: Component) -> bool:
    return c.on_change == "restate" or c.quota == "to_date" or c.matrix is not None


SENSELESS = (
    Senseless(
        "thresholds",
        lambda c: c.alone and c.thresholds == "quota",
        "one transaction alone has no quota",
        "write `thresholds: money`, or accumulate a month, quarter, half or year",
    ),
    Senseless(
        "accumulate",
        lambda c: c.alone and c.pays == "target",
        "one transaction alone has no target",
        "accumulate a month, quarter, half or year",
    ),
    Senseless(
        "crossing",
        lambda c: c.alone and _by_transaction(c),
        "alone, a whole transaction is all that is counted",
        "write `crossing: whole`",
    ),
    Senseless(
        "crossing",
        lambda c: _by_transaction(c) and c.word != "rate",
        "a transaction crosses rates, and the rows give none",
        "leave `crossing` out, or write rows with `rate`",
    ),
    Senseless(
        "crossing",
        lambda c: _by_transaction(c) and c.pays == "target",
        "`crossing: transaction` pays rates of money",
        "write `pays: rate`, or `crossing: split`",
    ),
    Senseless(
        "crossing",
        lambda c: _by_transaction(c) and _restating(c),
        "a transaction keeps the rate at which it crossed, and here the past is restated",
        "write `crossing: split` or `whole`",
    ),
    Senseless(
        "on_change",
        lambda c: c.alone and c.on_change != "continue",
        "alone, no transaction is counted again, and `on_change` does nothing",
        "leave it out",
    ),
    Senseless(
        "group",
        lambda c: c.group == "month" and not _by_transaction(c),
        "`group: month` changes nothing here",
        "leave it out, or write `crossing: transaction`",
    ),
    Senseless(
        "group",
        lambda c: c.group == "month" and c.accumulate == "month",
        "a month's group in a month's window is all of it",
        "leave it out, and write `crossing: whole`",
    ),
    Senseless(
        "thresholds",
        lambda c: _slope(c) and c.thresholds != "quota",
        "with `pays: target` a `rate` is share of target for share of quota",
        "write `thresholds: quota`, or rows with `payout`",
    ),
    Senseless(
        "within",
        lambda c: _slope(c) and c.within == "interpolate",
        "with `pays: target` a `rate` is a slope already, and is not interpolated",
        "write rows with `payout`, which lie on the line",
    ),
    Senseless(
        "thresholds",
        lambda c: c.pays == "unit" and c.thresholds == "money",
        "`pays: unit` counts units, not money",
        "write `thresholds: units` or `quota`",
    ),
    Senseless(
        "thresholds",
        lambda c: c.thresholds == "place" and c.pays != "amount",
        "a place in a ranking is paid an amount",
        "write `pays: amount`",
    ),
    Senseless(
        "accumulate",
        lambda c: c.thresholds == "place" and c.alone,
        "a ranking has places at the end of a window",
        "accumulate a month, quarter, half or year",
    ),
    Senseless(
        "matrix",
        lambda c: c.thresholds == "place" and c.matrix is not None,
        "a ranking has no second measure",
        "leave `matrix` out",
    ),
    Senseless(
        "within",
        lambda c: c.thresholds == "place" and c.within != "step",
        "there is nothing between two places of a ranking",
        "write `within: step`",
    ),
    Senseless(
        "proration",
        lambda c: c.pays == "target" and not c.proration,
        "'proration' is missing",
        "add `proration: days`, `months`, `working_days` or `none`",
    ),
    Senseless(
        "quota",
        lambda c: c.quota == "to_date" and c.thresholds != "quota",
        "`quota: to_date` counts in quota",
        "write `thresholds: quota`, or leave it out",
    ),
)
