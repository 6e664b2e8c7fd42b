"""Wording: the words of a reason that say why, alike where they are but for a slip of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

WORD = re.compile(r"[^\W\d_]{3,}")  # three letters and more: no numbers, ids or articles
APART = re.compile(r"[\s,;.:/()'\"&+_-]+")
BLOCK = 1_000  # sets that are compared with all at once: memory, not results
TYPED = 5  # letters from which two words may differ by one and be the same
SILENT = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august"),
        *("september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun"),
        *("jul", "aug", "sep", "sept", "oct", "nov", "dec", "monday", "tuesday", "wednesday"),
        *("thursday", "friday", "saturday", "sunday", "the", "and", "for", "per"),
    )
)


def tokens(reason: str | None, names: Collection[str] = ()) -> frozenset[str]:
    """The words of a reason that say why: without numbers, ids, days and small words.

    Args:
        reason: as somebody wrote it.
        names: words that say who, not why: people's names, in small letters.

    >>> sorted(tokens("CAR allowance for March 2026, H1025"))
    ['allowance', 'car']
    >>> sorted(tokens("Ramp top-up, Avery", {"avery"}))
    ['ramp', 'top']
    """
    plain = unicodedata.normalize("NFKC", reason or "").casefold()
    whole = [part for part in APART.split(plain) if not any(sign.isdigit() for sign in part)]
    return frozenset(WORD.findall(" ".join(whole))) - SILENT - frozenset(names)


def names(people: Iterable[str]) -> frozenset[str]:
    """The words of people's names, for `tokens` to leave out."""
    return frozenset().union(*(tokens(one) for one in people))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of two sets' words that both have; 1 of two empty sets.

    Defined as::

        |both| / |either|                                            (Jaccard 1901)

    >>> similarity(frozenset({"car", "allowance"}), frozenset({"car"}))
    0.5
    """
    either = one | other
    return len(one & other) / len(either) if either else 1.0


def spelt(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The sets with words that differ by a slip of the pen written alike, as most write them.

    Two words of five letters and more are the same where they are once one letter of either, or
    of each, is left out: a letter too many, too few, wrong, or two in the wrong order. Shorter
    words stay apart: 'team' is no 'term'. The more frequent word is kept; of equal ones, the first.

    >>> [sorted(one) for one in spelt([frozenset({"allowance"}), frozenset({"alowance"})] )]
    [['allowance'], ['allowance']]
    """
    often = Counter(word for one in sets for word in one)
    kept = _kept(often)
    return [frozenset(kept[word] for word in one) for one in sets]


def _kept(often: Mapping[str, int]) -> dict[str, str]:
    """The word that each is written as."""
    forms: dict[str, str] = {}
    made: dict[str, str] = {}
    for word in sorted(often, key=lambda word: (-often[word], word)):
        own = _forms(word)
        known = next((forms[form] for form in own if form in forms), word)
        made[word] = known
        if known == word:  # only words that are kept are met again: no chain of slips
            for form in own:
                forms.setdefault(form, word)
    return made


def _forms(word: str) -> list[str]:
    """The word, and the word less each of its letters."""
    if len(word) < TYPED:
        return [word]
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def groups(reasons: Sequence[str | None], similar: float, names: Collection[str] = ()) -> list[int]:
    """The number of each reason's group: reasons at least so similar, or linked by others that are.

    Numbers follow the order in which groups first appear.

    Raises:
        ParameterError: `similar` is no share above 0.
    """
    from spmlib.core.errors import ParameterError

    if not 0 < similar <= 1:
        raise ParameterError(f"similar {similar} is out of range; write a share above 0, up to 1.")
    said = {reason: tokens(reason, names) for reason in dict.fromkeys(reasons)}
    alike = dict(zip(said, spelt(list(said.values())), strict=True))
    places = count()
    distinct: dict[frozenset[str], int] = {}
    for words in alike.values():
        if words not in distinct:
            distinct[words] = next(places)
    labels = _linked(list(distinct), similar)
    return [labels[distinct[alike[reason]]] for reason in reasons]


def _linked(sets: Sequence[frozenset[str]], similar: float) -> list[int]:
    """Connected parts of the graph in which sets that are similar enough are joined."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    known = {name: place for place, name in enumerate(sorted(frozenset().union(*sets)))}
    at = [(row, known[name]) for row, words in enumerate(sets) for name in sorted(words)]
    rows, columns = (np.array([pair[k] for pair in at], dtype=int) for k in (0, 1))
    shape = (len(sets), max(len(known), 1))
    has = csr_matrix((np.ones(len(at), dtype=np.int64), (rows, columns)), shape=shape)
    size = np.array([len(words) for words in sets])
    near = [_near(has, size, start, similar) for start in range(0, len(sets), BLOCK)]
    one, other = (np.concatenate([pair[k] for pair in near] or [rows]) for k in (0, 1))
    graph = csr_matrix((np.ones(len(one)), (one, other)), shape=(len(sets), len(sets)))
    found = connected_components(graph, directed=False)[1]
    order = {label: place for place, label in enumerate(dict.fromkeys(found.tolist()))}
    return [order[label] for label in found.tolist()]


def _near(has: Any, size: Any, start: int, similar: float) -> tuple[Any, Any]:
    """The pairs of a block of sets with all that are similar enough, of those that share a word."""
    both = (has[start : start + BLOCK] @ has.T).tocoo()
    own = both.row + start
    either = size[own] + size[both.col] - both.data
    near = both.data >= similar * either - 1e-12
    return own[near], both.col[near]
