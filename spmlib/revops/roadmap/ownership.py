"""Ownership: what each way to have a system costs over the years, exact in decimals.

Every number is an assumption of ``parameters/policies/roadmap.yaml``, to be replaced by quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from spmlib.core.errors import ParameterError

KINDS = ("licences", "hosting", "people", "implementation", "support", "training", "upgrade")
DIGITS = 60  # of decimals on the way: more than anyone rounds to


@dataclass(frozen=True)
class Cost:
    """One cost of owning.

    Attributes:
        kind: what it is for, one of `KINDS`.
        amount: at prices of the start [currency].
        every: 0 if paid once at the start, else each so many years, at their end.
        rises: by which share its price rises a year.
        users: it is paid for each user.
    """

    kind: str
    amount: Decimal
    every: int = 1
    rises: Decimal = Decimal(0)
    users: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.kind not in KINDS:
            raise ParameterError(f"'{self.kind}' is no cost; write one of {', '.join(KINDS)}.")
        if self.every < 0 or self.rises <= -1 or self.amount < 0:
            raise ParameterError(
                f"the {self.kind} cost less than 0, or fall by 100% a year, or are paid every "
                f"{self.every} years; write 0 or more."
            )


def paid(costs: Sequence[Cost], years: int, users: int) -> list[Decimal]:
    """What is paid at the start and at the end of each year [currency], not discounted.

    Defined as::

        amount * (users or 1) * (1 + rises) ** year    in the years in which it is paid

    >>> paid([Cost("hosting", Decimal(100), rises=Decimal("0.1"))], 2, 1)
    [Decimal('0'), Decimal('110.0'), Decimal('121.00')]
    """
    if years < 1 or users < 0:
        raise ParameterError(f"{years} years and {users} users; write 1 or more years.")
    with localcontext(prec=DIGITS):
        return [
            sum((_paid(cost, year, users) for cost in costs), Decimal(0))
            for year in range(years + 1)
        ]


def discounted(amounts: Sequence[Decimal], rate: Decimal) -> list[Decimal]:
    """What is paid up to each year, discounted to the start: running totals [currency]."""
    if rate <= -1:
        raise ParameterError(f"the discount rate is {rate}; write more than -100%.")
    total, made = Decimal(0), []
    with localcontext(prec=DIGITS):
        for year, amount in enumerate(amounts):
            total += amount / (1 + rate) ** year
            made.append(total)
    return made


def total(costs: Sequence[Cost], years: int, users: int, rate: Decimal) -> Decimal:
    """The total cost of ownership, discounted to the start [currency]."""
    return discounted(paid(costs, years, users), rate)[-1]


def breaks_even(
    one: Sequence[Cost], other: Sequence[Cost], years: int, users: int, rate: Decimal
) -> int | None:
    """The first year from which on one way has cost no more than another; None if never."""
    own = discounted(paid(one, years, users), rate)
    its = discounted(paid(other, years, users), rate)
    found = None
    for year in reversed(range(years + 1)):
        if own[year] > its[year]:
            break
        found = year
    return found


def sensitivity(
    ways: Mapping[str, Sequence[Cost]],
    one: str,
    other: str,
    years: int,
    users: int,
    rate: Decimal,
    by: Decimal,
) -> list[tuple[str, Decimal, Decimal]]:
    """What another way costs more than one, each assumption being that share lower and higher.

    Each cost of either way, the users, the rise of all prices, and the discount rate; the years by
    one year.

    Returns:
        What is changed, the difference with it lower and with it higher; the widest first.
    """

    def more(mine: Sequence[Cost], its: Sequence[Cost], rate: Decimal) -> Decimal:
        return total(its, years, users, rate) - total(mine, years, users, rate)

    made = []
    for way in (one, other):
        for place, cost in enumerate(ways[way]):
            pair = []
            for factor in (1 - by, 1 + by):
                rows = list(ways[way])
                rows[place] = replace(cost, amount=cost.amount * factor)
                mine, its = (rows, ways[other]) if way == one else (ways[one], rows)
                pair.append(more(mine, its, rate))
            made.append((f"{way}: {cost.kind}", pair[0], pair[1]))
    mine, its = ways[one], ways[other]
    for what, change in EACH.items():
        low, high = (
            more([change(c, f) for c in mine], [change(c, f) for c in its], rate)
            for f in (1 - by, 1 + by)
        )
        made.append((what, low, high))
    low, high = (more(mine, its, rate * factor) for factor in (1 - by, 1 + by))
    made.append(("discount rate", low, high))
    low, high = (
        total(its, many, users, rate) - total(mine, many, users, rate)
        for many in (max(years - 1, 1), years + 1)
    )
    made.append(("years", low, high))
    return sorted(made, key=lambda row: (-abs(row[2] - row[1]), row[0]))


EACH: Mapping[str, Callable[[Cost, Decimal], Cost]] = {
    "users": lambda cost, by: replace(cost, amount=cost.amount * by) if cost.users else cost,
    "rise of prices": lambda cost, by: replace(cost, rises=cost.rises * by),
}


def _paid(cost: Cost, year: int, users: int) -> Decimal:
    due = year == 0 if cost.every == 0 else year > 0 and year % cost.every == 0
    return (
        cost.amount * (users if cost.users else 1) * (1 + cost.rises) ** year if due else Decimal(0)
    )
