"""Written: who is to be hired when, a file of ``parameters/capacity``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters, written
from spmlib.core.written import Block

WORDS = ("measure", "roles", "growth", "sure", "hires", "wait", "ramp", "refilled")


@dataclass(frozen=True)
class CapacityPlan:
    """What a company decides of its sales force."""

    measure: str
    roles: tuple[str, ...]
    growth: float  # of the target, on what the people there now would bring
    sure: float
    hires: Mapping[str, int]  # by month, e.g. 2027-01
    wait: int  # months
    ramp: tuple[float, ...]
    refilled: int  # months


def read(path: Path) -> CapacityPlan:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> CapacityPlan:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number or share.
    """
    parameters.known(entry, WORDS, "capacity")
    hires = parameters.block(entry["hires"], "hires", "{2027-01: 2}") if "hires" in entry else {}
    return CapacityPlan(
        measure=parameters.text(parameters.needed(entry, "measure", "measure: bookings")),
        roles=parameters.words(parameters.needed(entry, "roles", "roles: [account_executive]")),
        growth=float(parameters.share(parameters.needed(entry, "growth", "growth: 10%"), "growth")),
        sure=float(parameters.share(parameters.needed(entry, "sure", "sure: 80%"))),
        hires={str(month): parameters.whole(hires[month]) for month in hires},
        wait=parameters.whole(entry["wait"]) if "wait" in entry else 1,
        ramp=parameters.shares(entry["ramp"]) if "ramp" in entry else (),
        refilled=parameters.whole(entry["refilled"]) if "refilled" in entry else 3,
    )
