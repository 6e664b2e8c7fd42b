"""Ownership outlooks: what ways to own a system cost, as tables that can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.revops.roadmap import ownership
from spmlib.revops.roadmap.written import Policy

if TYPE_CHECKING:
    import pandas as pd


def owned(policy: Policy) -> pd.DataFrame:
    """What ways cost: way, year, paid (in it), total (discounted, up to it), exact decimals."""
    import pandas as pd

    rows = []
    for way, costs in policy.ways.items():
        amounts = ownership.paid(costs, policy.years, policy.users)
        totals = ownership.discounted(amounts, policy.discount)
        for year, (amount, total) in enumerate(zip(amounts, totals, strict=True)):
            rows.append({"way": way, "year": year, "paid": amount, "total": total})
    return pd.DataFrame(rows)


def owned_by_kind(policy: Policy) -> pd.DataFrame:
    """What ways cost over the years, discounted: way, each kind of cost, total."""
    import pandas as pd

    rows = []
    for way, costs in policy.ways.items():
        row: dict[str, object] = {"way": way}
        about = (policy.years, policy.users, policy.discount)
        for kind in ownership.KINDS:
            row[kind] = ownership.total([c for c in costs if c.kind == kind], *about)
        rows.append(row | {"total": ownership.total(costs, *about)})
    return pd.DataFrame(rows)


def sensitive(policy: Policy, one: str, other: str) -> pd.DataFrame:
    """What another way costs more than one, each cost changed: what, low, high, base."""
    import pandas as pd

    about = (policy.years, policy.users, policy.discount)
    rows = ownership.sensitivity(policy.ways, one, other, *about, policy.sensitivity)
    table = pd.DataFrame(rows, columns=["what", "low", "high"])
    base = ownership.total(policy.ways[other], *about) - ownership.total(policy.ways[one], *about)
    return table.assign(base=base)


def even(policy: Policy, one: str) -> pd.DataFrame:
    """From when one way has cost no more than each other: other, first, year, saves.

    first is what it costs more at the start, year that from whose end on it has cost no more (none
    if never within the years), saves what it has saved by the last [currency, discounted].
    """
    import pandas as pd

    about = (policy.years, policy.users, policy.discount)
    rows = []
    for other, costs in policy.ways.items():
        if other != one:
            starts = [ownership.paid(way, 1, policy.users)[0] for way in (policy.ways[one], costs)]
            row: dict[str, object] = {"other": other, "first": starts[0] - starts[1]}
            row["year"] = ownership.breaks_even(policy.ways[one], costs, *about)
            mine = ownership.total(policy.ways[one], *about)
            rows.append(row | {"saves": ownership.total(costs, *about) - mine})
    return pd.DataFrame(rows)
