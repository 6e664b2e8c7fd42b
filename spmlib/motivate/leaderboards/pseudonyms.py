"""Pseudonyms: names that stay for a period and that nobody without the key can trace.

A name is made from a keyed hash (HMAC-SHA-256) of the board, the period and the person. Whoever
has the key can make it again; on another board, or in another period, the same person has another
name, unless both are given the same scope. The key is in a file or in the environment, never among
the parameters.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from spmlib.core.errors import ParameterError

LEAST = 16  # bytes of a key
NUMBERS = 1000
VARIABLE = "SPMLIB_PSEUDONYM_KEY"
# Words that nobody minds to be called; the number makes them enough for large companies.
FIRST = (
    "Amber Ample Apt Bold Brave Brisk Bright Calm Candid Clear Clever Coastal Copper Coral "
    "Crisp Dapper Deft Eager Early Earnest Even Fair Fleet Fond Frank Fresh Gentle Glad "
    "Golden Grand Green Hale Hardy Hazel Honest Indigo Ivory Jolly Keen Kind Lively Lucid "
    "Lunar Merry Mild Neat Nimble Noble Olive Open Patient Plucky Polite Proud Quick Quiet "
    "Ready Rosy Royal Rustic Sandy Silver Smart Snowy Solar Sound Steady Sunny Swift Tidy "
    "True Upbeat Vivid Warm Wise Zesty"
)
SECOND = (
    "Acorn Alder Anchor Arrow Aspen Badger Beacon Birch Bison Bridge Brook Canyon Cedar Cliff "
    "Comet Compass Condor Cove Crane Creek Delta Dolphin Eagle Ember Falcon Fern Field Finch "
    "Fjord Forest Fountain Fox Garden Geyser Glacier Grove Gull Harbour Hare Harrier Heron "
    "Hill Island Jaguar Kestrel Lagoon Lantern Lark Laurel Linden Lynx Maple Marten Meadow "
    "Mesa Moor Oak Ocean Orchid Osprey Otter Owl Pebble Pine Plover Prairie Puma Quartz Raven "
    "Reef Ridge River Robin Salmon Sparrow Spruce Stork Summit Swallow Thicket Tiger Trout "
    "Valley Willow Wren"
)
ADJECTIVES, NOUNS = tuple(FIRST.split()), tuple(SECOND.split())


def secret(path: Path | None = None, environment: Mapping[str, str] | None = None) -> bytes:
    """The key, from a file or else from the environment variable SPMLIB_PSEUDONYM_KEY.

    Raises:
        ParameterError: there is neither, or it is shorter than 16 bytes.
    """
    given = os.environ if environment is None else environment
    if path is not None and path.exists():
        key, place = path.read_bytes().strip(), str(path)
    elif VARIABLE in given:
        key, place = given[VARIABLE].encode().strip(), VARIABLE
    else:
        where = f"{path} or " if path is not None else ""
        raise ParameterError(
            f"{where}{VARIABLE}: there is no key for pseudonyms; write 32 random characters there."
        )
    _refuse_short(key, place)
    return key


def pseudonyms(
    people: Iterable[str], key: bytes, scope: str, taken: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A name for each person, none twice.

    Args:
        people: their ids.
        key: known to nobody who sees a board.
        scope: of what the names hold: a board and its period. Names of two scopes cannot be
            linked by their words.
        taken: names that were given before in the scope: they stay, whoever comes.

    Returns:
        Names by id: two words and a number of three digits.

    Raises:
        ParameterError: the key is too short.

    >>> pseudonyms(["H1", "H2"], b"0123456789abcdef", "board 2026-10")
    {'H1': 'Gentle Osprey 091', 'H2': 'Nimble Puma 162'}
    """
    _refuse_short(key, "key")
    everyone = set(people)
    made = {who: name for who, name in (taken or {}).items() if who in everyone}
    used = set((taken or {}).values())
    tries = dict.fromkeys(everyone - set(made), 0)
    waiting = sorted(tries, key=lambda who: _digest(key, scope, who, 0))
    for who in waiting:
        name = _name(_digest(key, scope, who, tries[who]))
        while name in used:
            tries[who] += 1
            name = _name(_digest(key, scope, who, tries[who]))
        made[who] = name
        used.add(name)
    return dict(sorted(made.items()))


def _digest(key: bytes, scope: str, who: str, attempt: int) -> bytes:
    # Lengths first: no scope and person can be read as another scope and person.
    parts = [scope.encode(), who.encode(), str(attempt).encode()]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, message, hashlib.sha256).digest()


def _name(digest: bytes) -> str:
    number = int.from_bytes(digest[:16], "big")
    number, first = divmod(number, len(ADJECTIVES))
    number, second = divmod(number, len(NOUNS))
    return f"{ADJECTIVES[first]} {NOUNS[second]} {number % NUMBERS:03}"


def _refuse_short(key: bytes, place: str) -> None:
    if len(key) < LEAST:
        raise ParameterError(
            f"{place}: a key of {len(key)} bytes can be guessed; write {LEAST} or more."
        )
