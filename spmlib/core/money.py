"""Money: currencies, their minor units, and the one rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache


class _Currencies(Mapping[str, int]):
    """The ISO 4217 currencies and how many decimals each has, read when first asked for."""

    def __getitem__(self, code: str) -> int:
        return _decimals()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(_decimals())

    def __len__(self) -> int:
        return len(_decimals())


CURRENCIES = _Currencies()


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded to the currency's minor unit, halves away from zero.

    >>> rounded(Decimal("2.675"), "USD"), rounded(Decimal("-2.5"), "JPY")
    (Decimal('2.68'), Decimal('-3'))
    """
    return amount.quantize(Decimal(1).scaleb(-CURRENCIES[currency]), rounding=ROUND_HALF_UP)


# Where the custom that CLDR records differs from ISO 4217, the standard is followed.
TWO = ("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER")
STANDARD = dict.fromkeys(TWO, 2) | {"IQD": 3}


@cache
def _decimals() -> dict[str, int]:
    """Source: Unicode CLDR currency fractions (by Babel), ISO 4217 where they differ."""
    from babel.core import get_global

    digits = get_global("currency_fractions")
    default = digits["DEFAULT"][0]
    codes = sorted(get_global("all_currencies"))
    return {code: STANDARD.get(code, digits.get(code, (default,))[0]) for code in codes}
