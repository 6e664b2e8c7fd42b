"""Written: what a company decides of its statements, ``parameters/policies/statements.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters
from spmlib.core.parameters import place_of, refuse

WORDS = {
    "locale": "locale: en_US",
    "contact": "contact: revops@company.example",
    "dispute_days": "dispute_days: 45",
}


@dataclass(frozen=True)
class Policy:
    """What a company decides of its statements.

    Attributes:
        locale: of whoever has none of their own.
        contact: whom to ask.
        dispute_days: after a month's last day, within which its lines may be disputed.
    """

    locale: str
    contact: str
    dispute_days: int


def read(path: Path) -> Policy:
    """The policy of a file.

    Raises:
        ParameterError: with the place, what is wrong and what would be right.
    """
    entry = parameters.read(path)
    parameters.known(entry, WORDS, "statements")
    needed = {key: parameters.needed(entry, key, example) for key, example in WORDS.items()}
    days = parameters.whole(needed["dispute_days"])
    if days < 1:
        refuse(
            place_of(needed["dispute_days"]), f"{days} days leave nobody time", "write 1 or more"
        )
    return Policy(_locale(needed["locale"]), parameters.text(needed["contact"]), days)


def _locale(written: str) -> str:
    from babel.core import Locale, UnknownLocaleError

    word = parameters.text(written)
    try:
        Locale.parse(word)
    except (ValueError, UnknownLocaleError):
        refuse(
            place_of(written),
            f"'{word}' is no locale",
            "write a language and a country, such as en_US",
        )
    return word
