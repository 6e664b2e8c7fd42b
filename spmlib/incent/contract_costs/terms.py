"""Terms: what an accounting policy says of a schedule, beside the costs themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FRAMEWORKS = ("us_gaap", "ifrs")
CLAWBACKS = ("proportional", "asset_first")


@dataclass(frozen=True)
class Terms:
    """How costs are amortised and changed.

    Attributes:
        convention: what the month of a start and of a change counts, of `conventions.CONVENTIONS`.
        framework: us_gaap, which knows no reversal of impairments (ASC 340-40-35-6), or ifrs
            (IFRS 15.104).
        clawbacks: what is clawed back is taken from the asset in proportion to what of the cost
            is still carried (proportional), or as far as there is any (asset_first); the rest
            reverses amortisation.
        patterns: weights of months by name, for costs that are not amortised evenly.
    """

    convention: str = "month_of_start"
    framework: str = "us_gaap"
    clawbacks: str = "proportional"
    patterns: Mapping[str, Sequence[int]] = field(default_factory=dict)
