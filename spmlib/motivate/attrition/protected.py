"""Protected: columns that are never inputs, known by the words of their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")  # of a name: AgeBand, age_band


def barred(name: str, protected: Sequence[str]) -> str:
    """The protected word that a column's name is, begins or ends with; empty if there is none.

    Example:
        >>> [barred(name, ["age", "union_membership"]) for name in ("AgeBand", "Wage")]
        ['age', '']
    """
    own = WORD.findall(name)
    plain = [word.lower() for word in own]
    for word in protected:
        asked = [part.lower() for part in WORD.findall(word)]
        size = len(asked)
        if asked and (plain[:size] == asked or plain[-size:] == asked):
            return word
        if "".join(plain) == "".join(asked):
            return word
    return ""
