"""Mixing: what the same deal earns if it is called another kind, and so counts elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from spmlib.incent.gaming.paid import Amount, Paid, exact


@dataclass(frozen=True)
class Mixed:
    """A deal under two names.

    Attributes:
        called: the kind that it is.
        instead: the kind that it might be called.
        pays: as what it is [currency].
        would: as the other.
    """

    called: str
    instead: str
    pays: Fraction
    would: Fraction

    @property
    def gain(self) -> Fraction:
        """What calling it something else is worth [currency]."""
        return self.would - self.pays


def as_kind(
    counts: Sequence[str], components: Mapping[str, tuple[Paid, Amount]], deal: Amount
) -> Fraction:
    """What a deal pays that counts in some components, each with its window's credit."""
    return sum(
        (components[name][0].of_deal(components[name][1], deal) for name in counts), Fraction(0)
    )


def mixed(
    kinds: Mapping[str, Sequence[str]],
    components: Mapping[str, tuple[Paid, Amount]],
    deal: Amount,
) -> list[Mixed]:
    """Every pair of kinds under which a deal earns more as the other, dearest first.

    Args:
        kinds: by kind (new, renewal, service ..), the components in which it counts.
        components: by name, what each pays and what is credited in its window.
        deal: its size [currency].

    >>> from spmlib.incent.gaming.paid import paying
    >>> flat = {"new": (paying([(0, "8%")]), 0), "renewal": (paying([(0, "2%")]), 0)}
    >>> one, = mixed({"new": ["new"], "renewal": ["renewal"]}, flat, 1000)
    >>> one.called, one.instead, float(one.gain)
    ('renewal', 'new', 60.0)
    """
    pays = {kind: as_kind(own, components, exact(deal)) for kind, own in kinds.items()}
    made = [Mixed(a, b, pays[a], pays[b]) for a, b in permutations(pays, 2) if pays[b] > pays[a]]
    return sorted(made, key=lambda one: -one.gain)
