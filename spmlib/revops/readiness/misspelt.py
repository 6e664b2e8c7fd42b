"""Misspelt: causes and reasons as people write them in a hurry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from numpy.random import Generator

AFTER = (
    *(" - approved by {n}", " ({n})", ", see mail of {d}"),
    *(" pls pay", " per {n} {d}", " ref 77{k}"),
)


def misspelt(
    cause: str, reason: str, month: date, rng: Generator, messy: float, names: Sequence[str]
) -> tuple[str, str]:
    """The cause and reason as somebody wrote them: with slips, names, days, or not at all.

    Args:
        cause, reason: as they should be.
        month: that they are written in.
        rng: of the draws.
        messy: share that is changed.
        names: of people who may be named.
    """
    if rng.random() >= messy:
        return cause, reason
    if rng.random() < 0.15:
        reason = ""
    if rng.random() < 0.15:
        cause = ""
    if rng.random() < 0.3:
        cause = cause.upper()
    for change in (_slip, _shout, _after):
        if reason and rng.random() < 0.5:
            reason = change(reason, month, rng, names)
    return cause, reason


def _slip(reason: str, month: date, rng: Generator, names: Sequence[str]) -> str:
    """A letter left out, doubled, swapped with the next, or wrong."""
    at = int(rng.integers(1, max(len(reason) - 1, 2)))
    before, here, after = reason[:at], reason[at : at + 1], reason[at + 1 :]
    kind = int(rng.integers(4))
    if kind == 2:
        return before + after[:1] + here + after[1:]
    return before + ("", here * 2, "", "e" if here.isalpha() else here)[kind] + after


def _shout(reason: str, month: date, rng: Generator, names: Sequence[str]) -> str:
    return reason.upper() if rng.random() < 0.5 else reason.lower()


def _after(reason: str, month: date, rng: Generator, names: Sequence[str]) -> str:
    who = str(rng.choice(names)) if len(names) else "R. Vale"
    said = str(rng.choice(AFTER))
    return reason + said.format(n=who, d=f"{month:%d/%m/%y}", k=int(rng.integers(100, 999)))
