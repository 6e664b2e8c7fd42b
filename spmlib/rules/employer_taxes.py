"""Employer taxes: what an employer pays on pay, tax by tax, to the cent.

A tax is a share of a calendar year's pay up to a ceiling (its wage base), and another share beyond
it. So what a commission costs depends on what the person was paid before in the year. Exact: pay in
decimals or in ticks, shares in hundred-millionths, one rounding to the minor unit.

`parameters/policies/employer_taxes.yaml` has them by payroll currency, name and first day. What is
free up to a threshold is ``{share: 0%, ceiling: 5_000, beyond: 15%}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spmlib.core import conversion, parameters
from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import Block, refuse
from spmlib.core.tables import MONEY, SHARE

WORDS = ("share", "ceiling", "beyond")
EXAMPLE = "{share: 6.2%, ceiling: 176_100}"
UNBOUNDED = 4 * 10**18  # ticks: a ceiling that no pay reaches
LARGEST = 4.5e17  # ticks of pay, with what was paid before: sums of a few still fit
Ticks = npt.NDArray[np.int64]
Dated = Mapping[date, "Tax"]


@dataclass(frozen=True)
class Tax:
    """One tax as it holds in a year."""

    share: Decimal  # of pay up to the ceiling
    ceiling: Decimal | None = None  # wage base of the calendar year [payroll currency]
    beyond: Decimal = Decimal(0)  # share of pay above it
    place: str = ""  # file and line


@dataclass(frozen=True)
class EmployerTaxes:
    """What a file says: by payroll currency and tax, as it holds from each year on."""

    taxes: Mapping[str, Mapping[str, Dated]]
    place: str = "employer taxes"

    def of(self, currency: str, day: date) -> dict[str, Tax]:
        """The taxes on what is paid in a currency on a day, by name.

        Raises:
            ParameterError: nothing is said of the currency, or of the year.
        """
        example = f"`{currency}: {{social_security: {{{day.year}-01-01: {EXAMPLE}}}}}`"
        if currency not in self.taxes:
            wrong = f"nothing is said of {currency}, which somebody is paid in"
            raise ParameterError(f"{self.place}: {wrong}; add {example}.")
        found = {
            name: tax
            for name, history in self.taxes[currency].items()
            if (tax := parameters.in_force(history, day)) is not None
        }
        if not found:
            wrong = f"nothing is said of {currency} in {day.year}"
            raise ParameterError(f"{self.place}: {wrong}; add {example}.")
        return found


def due(
    tax: Tax, pay: Decimal | int | str, before: Decimal | int | str = 0, currency: str = "USD"
) -> Decimal:
    """What one tax costs on pay, when something was paid before in the calendar year.

    Defined as::

        below = min(before + pay, ceiling) - min(before, ceiling)
        due   = share x below + beyond x (pay - below)

    rounded to the minor unit. Pay below zero (a clawback) gives back what it had cost.

    Args:
        tax: as it holds in the year.
        pay: what is paid [payroll currency].
        before: paid in the year before it, base pay included [payroll currency].
        currency: of the payroll.

    Source: IRC section 3111 (social security to the wage base of section 3121(a)(1), medicare
        without one).

    >>> due(Tax(Decimal("0.062"), Decimal(176100)), 10_000, 170_000)
    Decimal('378.20')
    >>> due(Tax(Decimal("0.0145")), -10_000, 180_000)
    Decimal('-145.00')
    """
    worth = due_in_ticks(tax, _ticks(pay), _ticks(before), currency)
    places = CURRENCIES[currency]
    return (Decimal(int(worth[0])) / MONEY).quantize(Decimal(1).scaleb(-places))


def on_pay(
    taxes: Mapping[str, Tax],
    pay: Decimal | int | str,
    before: Decimal | int | str = 0,
    currency: str = "USD",
) -> dict[str, Decimal]:
    """What each of several taxes costs on pay, as `due`, by name."""
    return {name: due(tax, pay, before, currency) for name, tax in taxes.items()}


def at_average_rate(
    tax: Tax, pay: Decimal | int | str, year: Decimal | int | str, currency: str = "USD"
) -> Decimal:
    """What one tax costs on pay at the average rate of the whole year's pay.

    Defined as::

        (share x min(year, ceiling) + beyond x (year - min(year, ceiling))) / year x pay

    rounded to the minor unit: so a year's tax is spread evenly over its pay, whenever it falls due.

    Args:
        tax: as it holds in the year.
        pay: what is paid [payroll currency].
        year: what is expected to be paid in the whole calendar year, more than 0 [currency].
        currency: of the payroll.

    Raises:
        ParameterError: nothing is expected to be paid.

    Source: IAS 34, illustrative example B1 (an estimated average annual effective rate).

    >>> at_average_rate(Tax(Decimal("0.10"), Decimal(20_000)), 10_000, 40_000)
    Decimal('500.00')
    """
    whole = Decimal(year)
    if whole <= 0:
        raise ParameterError(f"a year's pay of {year} has no average rate; give more than 0.")
    below = whole if tax.ceiling is None else min(whole, Decimal(tax.ceiling))
    share, beyond = Fraction(Decimal(tax.share)), Fraction(Decimal(tax.beyond))
    cost = share * Fraction(below) + beyond * Fraction(whole - below)
    exact = cost / Fraction(whole) * Fraction(Decimal(pay)) * 10 ** CURRENCIES[currency]
    size = abs(exact)
    units = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return Decimal(units if exact >= 0 else -units).scaleb(-CURRENCIES[currency])


def due_in_ticks(tax: Tax, pay: Ticks, before: Ticks, currency: str) -> Ticks:
    """What one tax costs on the pay of many, as `due` [ticks].

    Args:
        tax: as it holds in the year.
        pay: of each person [ticks of the payroll currency].
        before: paid before in the year, shaped alike.
        currency: of the payroll.

    Raises:
        ParameterError: pay is too large to be exact.
    """
    if max(np.abs(x.astype(np.float64)).max(initial=0.0) for x in (pay, before)) > LARGEST:
        raise ParameterError("pay is too large to be exact; is it in the payroll currency?")
    ceiling = UNBOUNDED if tax.ceiling is None else _exact(tax.ceiling, MONEY, "ceiling")
    below = np.minimum(before + pay, ceiling) - np.minimum(before, ceiling)
    whole, rest = _parts(below, _exact(tax.share, SHARE, "share"))
    more, over = _parts(pay - below, _exact(tax.beyond, SHARE, "beyond"))
    return _rounded(whole + more, rest + over, conversion.minor(currency))


def read(path: Path) -> EmployerTaxes:
    """The taxes of a file: as `decided`."""
    return decided(parameters.read(path), path.name)


def decided(entry: Block, place: str = "") -> EmployerTaxes:
    """The taxes that are written: by currency, by name, by the first day of a year.

    Raises:
        ParameterError: a word is unknown, a tax has no share, a day begins no year, a currency is
            none.
    """
    for currency in entry:
        if currency not in CURRENCIES:
            remedy = "write a code such as USD"
            refuse(entry.places[currency], f"'{currency}' is no currency", remedy)
    made = {currency: _named(entry[currency], currency) for currency in entry}
    return EmployerTaxes(made, place or entry.place)


def tax(said: Any) -> Tax:
    """One tax as it is written.

    Raises:
        ParameterError: it has no share, its ceiling is no amount, or nothing is beyond.
    """
    block = parameters.block(said, "a tax", "{share: 7.65%, ceiling: 176_100, beyond: 1.45%}")
    parameters.known(block, WORDS, "a tax")
    if "ceiling" not in block and "beyond" in block:
        refuse(block.places["beyond"], "there is nothing beyond no ceiling", "write `ceiling`")
    share = _share(parameters.needed(block, "share", "share: 20%"), "share")
    ceiling = _ceiling(block["ceiling"]) if "ceiling" in block else None
    beyond = _share(block["beyond"], "beyond") if "beyond" in block else Decimal(0)
    return Tax(share, ceiling, beyond, block.place)


def _named(said: Any, currency: str) -> dict[str, Dated]:
    example = f"{{social_security: {{2026-01-01: {EXAMPLE}}}}}"
    block = parameters.block(said, f"what is due on pay in {currency}", example)
    if not block:
        refuse(block.place, f"no tax of {currency} is written", f"write {example}")
    return {name: _dated(block[name]) for name in block}


def _dated(said: Any) -> Dated:
    made = parameters.history(said, tax, f"{{2026-01-01: {EXAMPLE}}}")
    for day, one in made.items():
        if (day.month, day.day) != (1, 1):
            wrong = f"{day} is not the first day of a year, as its wage base is a calendar year's"
            refuse(one.place, wrong, f"write {day.year}-01-01")
    return made


def _share(said: Any, word: str) -> Decimal:
    made = parameters.share(said, word)
    if not 0 <= made <= 1:
        refuse(made.place, f"`{word}: {said}` is no share of pay", "write 0% to 100%")
    if made * SHARE != int(made * SHARE):
        refuse(made.place, f"`{word}: {said}` is too fine to be exact", "write 6 decimals of %")
    return Decimal(made)


def _ceiling(said: Any) -> Decimal:
    made = parameters.number(said, "an amount")
    if made.percent or made < 0:
        refuse(made.place, f"'{said}' is no amount of 0 or more", "write one, e.g. 400.00")
    if made * MONEY != int(made * MONEY):
        refuse(made.place, f"'{said}' is too fine to be exact", "write at most 4 decimals")
    return Decimal(made)


def _exact(value: Decimal | int | str, scale: int, what: str) -> int:
    """A number as a whole one of its parts; a binary float has none, as a rule."""
    parts = Decimal(value) * scale
    if parts != parts.to_integral_value():
        raise ParameterError(f"a {what} of {value} is not exact; write it as Decimal('0.062').")
    return int(parts)


def _parts(amount: Ticks, parts: int) -> tuple[Ticks, Ticks]:
    """A share (in hundred-millionths) of amounts: whole ticks, and what is left in its parts."""
    high, low = np.divmod(amount, SHARE)
    more, rest = np.divmod(low * parts, SHARE)
    return high * parts + more, rest


def _rounded(whole: Ticks, rest: Ticks, unit: int) -> Ticks:
    """Ticks and hundred-millionths rounded to minor units, halves away from zero [ticks]."""
    carried, rest = np.divmod(rest, SHARE)
    units, over = np.divmod(whole + carried, unit)
    twice = 2 * (over * SHARE + rest) - unit * SHARE
    negative = units < 0
    up = (twice > 0) | ((twice == 0) & ~negative)
    return np.asarray((units + up) * unit)


def _ticks(amount: Decimal | int | str) -> Ticks:
    exact = Decimal(amount) * MONEY
    if exact != exact.to_integral_value():
        raise ParameterError(f"{amount} is too fine to be exact; give at most 4 decimals.")
    if abs(exact) > LARGEST:
        raise ParameterError(f"{amount} is too large to be exact; is it in the payroll currency?")
    return np.array([int(exact)], np.int64)
