"""Readers: amounts, shares and days as one person is used to read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from spmlib.core.money import CURRENCIES
from spmlib.show.documents.texts import Texts, catalogue

MINUS = "\N{MINUS SIGN}"
TRIED = tuple(map(Decimal, ("-1234567.5", "1234.5", "0", "-0.05")))
NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Reader:
    """One person who reads: where, and in which texts.

    Amounts stand with the code of their currency, not its sign: a dollar is of many countries.

    >>> from spmlib.show.documents.texts import Texts
    >>> one, other = Reader("en_US", Texts("en", {})), Reader("id_ID", Texts("id", {}))
    >>> one.amount(Decimal("-18592.08"), "USD"), other.amount(Decimal("-18592.08"), "USD")
    ('−18,592.08', '−18.592,08')
    >>> one.day(date(2026, 10, 1)), other.day(date(2026, 10, 1))
    ('October 1, 2026', '1 Oktober 2026')
    """

    locale: str
    texts: Texts

    @classmethod
    def of(cls, folder: Path, locale: str) -> Reader:
        """Who reads a document: in English with their country's figures, where it has no other.

        Args:
            folder: of the document's templates and texts.
            locale: e.g. id_ID.

        Raises:
            ParameterError: it is no locale.
        """
        from babel.core import Locale, UnknownLocaleError

        texts = catalogue(folder, locale)
        own = Locale.parse(locale)
        if own.language == texts.language:
            return cls(locale, texts)
        try:
            return cls(str(Locale.parse(f"{texts.language}_{own.territory}")), texts)
        except (ValueError, UnknownLocaleError):
            return cls(texts.language, texts)

    def say(self, key: str, **words: Any) -> str:
        """A text with its words in place."""
        return self.texts.say(key, **words)

    def name(self, kind: str, key: str) -> str:
        """What a word of a table is called; the word itself where the texts do not know it."""
        return self.texts.said.get(f"{kind}_{key}", key.replace("_", " "))

    def amount(self, amount: Decimal, currency: str, signed: bool = False) -> str:
        """An amount to the minor unit, without its currency."""
        return self._decimal(amount, CURRENCIES[currency], signed)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with the code of its currency: USD 1,234.50."""
        return f"{currency}\N{NO-BREAK SPACE}{self.amount(amount, currency)}"

    def number(self, value: Decimal, places: int = 2) -> str:
        """A number with so many decimals."""
        return self._decimal(value, places, signed=False)

    def share(self, share: Decimal, places: int = 1) -> str:
        """A share in per cent."""
        from babel.numbers import format_percent

        pattern = (
            f"#,##0.{'0' * places}\N{NO-BREAK SPACE}%" if places else "#,##0\N{NO-BREAK SPACE}%"
        )
        return str(format_percent(share, pattern, locale=self.locale)).replace("-", MINUS)

    def day(self, day: date, width: str = "long") -> str:
        """A day, e.g. 1 October 2026; width: short, medium, long."""
        from babel.dates import format_date

        return str(format_date(day, width, locale=self.locale))

    def month(self, first: date, width: str = "MMMM y") -> str:
        """The month that begins on a day."""
        from babel.dates import format_skeleton

        return str(format_skeleton(width.replace(" ", ""), first, locale=self.locale))

    def last(self, end: date) -> str:
        """The last day before an end."""
        return self.day(end - timedelta(days=1))

    def numbers_in(self, words: str) -> str:
        """Words with their numbers written for the reader, decimals kept as many as they are."""
        return NUMBER.sub(self._own, words).replace(" x ", " × ").replace(" %", "\u00a0%")

    def _own(self, found: re.Match[str]) -> str:
        plain = found.group().replace(",", "")
        return self._decimal(Decimal(plain), len(plain.partition(".")[2]), signed=False)

    def _decimal(self, value: Decimal, places: int, signed: bool) -> str:
        text = _written(self.locale)(value, places)
        sign = "+" if signed and value > 0 else ""
        return sign + text.replace("-", MINUS)


@cache
def _written(locale: str) -> Callable[[Decimal, int], str]:
    """How a locale writes numbers; those that only take other marks are written at once."""
    from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

    marks = str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})

    def plain(value: Decimal, places: int) -> str:
        return f"{value:,.{places}f}".translate(marks)

    def asked(value: Decimal, places: int) -> str:
        pattern = f"#,##0.{'0' * places}" if places else "#,##0"
        return str(format_decimal(value, pattern, locale=locale))

    alike = all(plain(value, 2) == asked(value, 2) for value in TRIED)
    return plain if alike else asked
