"""Benefits: how long a cost benefits, and whether it may be expensed at once.

A commission that is paid again in the same proportion when a contract is renewed obtained the first
term alone; one that is not paid again, or in a smaller proportion, obtained the renewals as well.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from spmlib.core import money
from spmlib.core.errors import ParameterError

Exact = Decimal | Fraction | int | str
ONE_YEAR = 12  # months: ASC 340-40-25-4, IFRS 15.94


def commensurate(initial: Exact, renewal: Exact, tolerance: Exact = 0) -> bool:
    """Whether a renewal's commission is in proportion to the initial one.

    Defined as::

        renewal >= initial * (1 - tolerance)

    Args:
        initial: commission for each unit of the initial contract's value.
        renewal: the same of a renewal. Effort is no basis, and amounts are none either.
        tolerance: how much less still counts as the same [share].

    Raises:
        ParameterError: a number is below 0, or the tolerance is above 1.

    Source: FASB TRG, November 2016, paper 57, question 3 (5 % and 5 % are, 6 % and 2 % are not).

    >>> commensurate(5, 5), commensurate(6, 2), commensurate("6", "5.5", "0.1")
    (True, False, True)
    """
    first, again, less = Fraction(initial), Fraction(renewal), Fraction(tolerance)
    if min(first, again, less) < 0 or less > 1:
        raise ParameterError(
            "commensurate: shares are 0 or more and the tolerance is from 0 to 1; correct them."
        )
    return again >= first * (1 - less)


def months_of_benefit(
    term: int,
    renewals: int = 0,
    renewal_months: int | None = None,
    renewals_commensurate: bool = False,
    most: int | None = None,
) -> int:
    """Months over which a cost is amortised.

    Defined as::

        term                                    where renewals are paid for in proportion
        term + renewals * renewal_months        else, not longer than `most`

    Args:
        term: of the contract [months].
        renewals: that are expected of it.
        renewal_months: of each; as the term if none.
        renewals_commensurate: whether each renewal is paid for in proportion.
        most: as long as what is sold lasts, e.g. the life of its technology [months].

    Raises:
        ParameterError: a number of months is below 1, or renewals are below 0.

    Source: ASC 340-40-35-1, IFRS 15.99; FASB TRG, November 2016, paper 57.

    >>> months_of_benefit(24, renewals=1), months_of_benefit(12, 4, renewals_commensurate=True)
    (48, 12)
    """
    each = term if renewal_months is None else renewal_months
    lengths = [term, each] + ([most] if most is not None else [])
    if min(lengths) < 1 or renewals < 0:
        wrong = f"a term of {term} months with {renewals} renewals of {each} cannot be"
        raise ParameterError(f"benefit: {wrong}; write months of 1 or more, renewals of 0 or more.")
    months = term + (0 if renewals_commensurate else renewals * each)
    return min(months, most) if most is not None else months


def may_expense(months: int) -> bool:
    """Whether a cost may be expensed at once: it would be amortised within a year.

    What counts is the period of amortisation, not the contract's term: a one-year contract that is
    expected to be renewed twice without another commission may not.

    Source: ASC 340-40-25-4, IFRS 15.94.

    >>> may_expense(12), may_expense(13)
    (True, False)
    """
    return months <= ONE_YEAR


def in_two_parts(
    amount: Exact, initial: Exact, renewal: Exact, currency: str = "USD"
) -> tuple[Decimal, Decimal]:
    """A commission in two: what a renewal would be paid too, and what is beyond it.

    The first part is amortised over the initial term, the second over the term and the renewals
    expected: another way than amortising all of it over both.

    Defined as::

        first = amount * min(renewal, initial) / initial        second = amount - first

    Args:
        amount: of the initial commission [currency].
        initial: commission for each unit of the initial contract's value.
        renewal: the same of a renewal.
        currency: of the amount.

    Source: FASB TRG, November 2016, paper 57, question 4.

    >>> [str(part) for part in in_two_parts(600, 6, 2)]
    ['200.00', '400.00']
    """
    first = Fraction(initial)
    if first <= 0 or Fraction(renewal) < 0:
        raise ParameterError("commission: an initial share of 0 has no parts; write one above 0.")
    part = Fraction(amount) * min(Fraction(renewal), first) / first
    exact = Decimal(part.numerator) / Decimal(part.denominator)
    over_term = money.rounded(exact, currency)
    return over_term, money.rounded(Decimal(str(amount)), currency) - over_term
