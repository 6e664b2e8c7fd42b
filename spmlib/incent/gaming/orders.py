"""Orders: in which order to book deals, where a whole deal earns the rate that it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact

MOST = 15  # deals: 2^15 sets of them


def best_order(
    paid: Paid, deals: Sequence[Amount], before: Amount = 0
) -> tuple[tuple[int, ...], Fraction]:
    """The order that pays most, and what it pays [currency].

    Exact, set by set: what a set of deals can pay at the most is the best over its last deal.

    Raises:
        ParameterError: there are too many deals.

    >>> from spmlib.incent.gaming.paid import paying
    >>> rates = paying([(0, "5%"), (100, "10%")], crossing="transaction")
    >>> order, amount = best_order(rates, [80, 60])
    >>> order, float(amount)
    ((1, 0), 11.0)
    """
    if len(deals) > MOST:
        raise ParameterError(f"there are {len(deals)} deals to order; give at most {MOST}.")
    sizes, start = [exact(deal) for deal in deals], exact(before)
    best: list[tuple[Fraction, tuple[int, ...]]] = [(Fraction(0), ())]
    sums = [Fraction(0)]
    for chosen in range(1, 1 << len(sizes)):
        last = [n for n in range(len(sizes)) if chosen >> n & 1]
        sums.append(sums[chosen ^ (1 << last[0])] + sizes[last[0]])
        tried = []
        for n in last:
            rest = chosen ^ (1 << n)
            tried.append((best[rest][0] + paid.of_deal(start + sums[rest], sizes[n]), -n, rest))
        amount, minus, rest = max(tried)
        best.append((amount, (*best[rest][1], -minus)))
    return best[-1][1], best[-1][0]
