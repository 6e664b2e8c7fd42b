"""Summaries: what a month's letters say together, and what must hold of every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.core.letters import Letter

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("plan_change", "quota", "territory", "manager")


def by_kind(told: Sequence[Letter]) -> pd.DataFrame:
    """Letters by what they are of: document, people, changes."""
    import pandas as pd

    people = Counter(letter.document for letter in told)
    changes: Counter[str] = Counter()
    for letter in told:
        changes[letter.document] += len(letter.changes) + len(letter.differences)
    rows = [(kind, people[kind], changes[kind]) for kind in KINDS if people[kind]]
    return pd.DataFrame(rows, columns=["document", "people", "changes"])


def by_plan(told: Sequence[Letter]) -> pd.DataFrame:
    """The same deals by both versions of each plan whose terms changed.

    Returns:
        plan, people, more, less (people paid more, or less), was, now [currency], share (now over
        was, less 1), currency; a plan has one.
    """
    import pandas as pd

    made: dict[str, list[Letter]] = {}
    for letter in told:
        if letter.deals is not None:
            made.setdefault(letter.plan, []).append(letter)
    rows = []
    for plan, own in sorted(made.items()):
        deals = [one.deals for one in own if one.deals is not None]
        was, now = (sum((getattr(d, name) for d in deals), Decimal(0)) for name in ("was", "now"))
        more = sum(d.now > d.was for d in deals)
        less = sum(d.now < d.was for d in deals)
        share = float(now / was - 1) if was else None
        rows.append((plan, len(own), more, less, was, now, share, deals[0].currency))
    columns = ["plan", "people", "more", "less", "was", "now", "share", "currency"]
    return pd.DataFrame(rows, columns=columns)


def people(told: Sequence[Letter], plan: str, roles: Mapping[str, str]) -> pd.DataFrame:
    """Whose pay for the same deals moves: payee_id, role, difference [currency of the plan].

    Args:
        told: the letters.
        plan: the title of one.
        roles: of people, by id.
    """
    import pandas as pd

    rows = [
        (one.payee_id, roles.get(one.payee_id, ""), float(one.deals.now - one.deals.was))
        for one in told
        if one.deals is not None and one.plan == plan
    ]
    return pd.DataFrame(rows, columns=["payee_id", "role", "difference"])


def terms(told: Sequence[Letter], plan: str) -> pd.DataFrame:
    """What a plan says differently: component, what, at, was, now, place."""
    import pandas as pd

    own = [one.differences for one in told if one.plan == plan and one.differences]
    rows = [
        (d.component, d.what, d.at, d.was, d.now, d.now_place or d.was_place)
        for d in (own[0] if own else ())
    ]
    return pd.DataFrame(rows, columns=["component", "what", "at", "was", "now", "place"])


def checks(told: Sequence[Letter]) -> pd.DataFrame:
    """What must hold of letters: check, says, holds."""
    import pandas as pd

    keys = Counter((one.payee_id, one.document) for one in told)
    twice = sum(count > 1 for count in keys.values())
    empty = [one for one in told if not one.changes and not one.differences]
    alike = [c for one in told for c in one.changes if c.was == c.now]
    off = [
        one
        for one in told
        if one.deals is not None
        and sum((was for _, was, _ in one.deals.parts), Decimal(0)) != one.deals.was
    ]
    rows = [
        ("Each person has one letter of a kind", f"{twice} have more", twice == 0),
        ("Each letter tells of something", f"{len(empty)} of {len(told)} do not", not empty),
        ("What is told is another than before", f"{len(alike)} are not", not alike),
        ("Deals add up to what is said", f"{len(off)} do not", not off),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def middle(told: Sequence[Letter], plan: str) -> Letter:
    """The letter of whose pay for the same deals moves as much as half of the others'.

    Raises:
        ParameterError: the plan's terms changed for nobody.
    """
    moved = [(one.deals.now - one.deals.was, one) for one in told if one.deals and one.plan == plan]
    if not moved:
        raise ParameterError(
            f"the terms of '{plan}' changed for nobody; take another month or plan."
        )
    ordered = sorted(moved, key=lambda pair: (pair[0], pair[1].payee_id))
    return ordered[len(ordered) // 2][1]
