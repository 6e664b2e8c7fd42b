"""Written: how the quotas of a year come about, a file of ``parameters/quotas``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters, written
from spmlib.core.written import Block
from spmlib.orchestrate.quotas.layers import Layer

WORDS = ("year", "measure", "roles", "growth", "mix", "layers", "ramp", "unit")
STEP = ("over", "least", "most", "adjusted")


@dataclass(frozen=True)
class QuotaYear:
    """What a company decides of a year's quotas."""

    year: int
    measure: str
    roles: tuple[str, ...]
    growth: float  # of the target, on the twelve months before
    mix: Mapping[str, float]
    layers: tuple[Layer, ...]
    ramp: tuple[float, ...]
    unit: int


def read(path: Path) -> QuotaYear:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> QuotaYear:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number or share.
    """
    parameters.known(entry, WORDS, "quotas")
    mix = parameters.block(
        parameters.needed(entry, "mix", "mix: {history: 1}"), "mix", "{history: 1}"
    )
    steps = parameters.block(
        parameters.needed(entry, "layers", "layers: {payee_id: {}}"), "layers", "{payee_id: {}}"
    )
    return QuotaYear(
        year=parameters.whole(parameters.needed(entry, "year", "year: 2027")),
        measure=parameters.text(parameters.needed(entry, "measure", "measure: bookings")),
        roles=parameters.words(parameters.needed(entry, "roles", "roles: [account_executive]")),
        growth=float(parameters.share(parameters.needed(entry, "growth", "growth: 10%"), "growth")),
        mix={name: float(parameters.number(mix[name])) for name in mix},
        layers=tuple(_layer(name, steps[name]) for name in steps),
        ramp=parameters.shares(entry["ramp"]) if "ramp" in entry else (),
        unit=parameters.whole(entry["unit"]) if "unit" in entry else 100,
    )


def _layer(name: str, entry: Block) -> Layer:
    told = parameters.block(entry, f"layer '{name}'", "{over: 5%}")
    parameters.known(told, STEP, "a layer")
    share = {word: float(parameters.number(told[word])) for word in STEP[:-1] if word in told}
    byhand = told.get("adjusted", {})
    adjusted = {node: float(parameters.number(byhand[node])) for node in byhand}
    return Layer(str(name), adjusted=adjusted, **share)
