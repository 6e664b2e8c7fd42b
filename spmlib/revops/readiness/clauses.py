"""Clauses: what a plan file would say so that nobody pays a rule by hand any more.

A clause is written so that the plan reader takes it, and pays what was given by hand, to the cent,
to everybody who holds the plan. Where a rule is only some people's, it goes into a plan of their
own: a copy of theirs with the clause added. It is worded by whoever owns the plan, and signed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest

KINDS = ("amount", "rate")
WINDOWS = ("month", "quarter")
HEAD = re.compile(r"^plan:[^\n]*$", re.MULTILINE)
BELOW = re.compile(r"^components:[^\n]*$", re.MULTILINE)


@dataclass(frozen=True)
class Term:
    """What a rule gives: an amount each month, or a rate of a measure."""

    kind: str
    value: Decimal
    measure: str  # that is counted; of an amount, any: a plan's component names one
    over: str = "month"
    per: str = "money"  # units: the rate is money for each

    def __post_init__(self) -> None:
        for name, among in (("kind", KINDS), ("over", WINDOWS), ("per", ("money", "units"))):
            if getattr(self, name) not in among:
                told, right = getattr(self, name), nearest(getattr(self, name), among)
                raise ParameterError(f"a term's {name} '{told}' means nothing; write {right}.")
        if not self.measure:
            wrong = "a term names no measure, and a component counts one"
            raise ParameterError(f"{wrong}; name one of parameters/measures.yaml.")
        if not self.value.is_finite() or not self.value:
            raise ParameterError(f"a value of {self.value} pays nothing; leave the term out.")
        if self.kind == "rate" and self.per == "money" and abs(self.value) > 1:
            wrong = f"a rate of {self.value} of money is above 100 %"
            raise ParameterError(f"{wrong}; write 0.03 for 3 %.")


def clause(
    name: str,
    term: Term,
    day: date,
    says: str = "",
    since: date | None = None,
    later: Mapping[date, Decimal] | None = None,
) -> str:
    """The YAML of a component that pays a rule.

    Args:
        name: of the component.
        term: what it gives.
        day: the first on which it holds.
        says: the clause in words; made from the term if empty.
        since: the first day on which somebody holds the plan, if that is earlier: a component has
            a table on every day, and pays nothing before its rule.
        later: other values, from later days on; 0 where it ends.

    Raises:
        ParameterError: a later value holds no later than the first.

    >>> print(clause("fee", Term("rate", Decimal("0.03"), "bookings"), date(2026, 1, 1)), end="")
    fee:
      clause: >
        3 % of bookings of the month.
      measure: bookings
      accumulate: month
      thresholds: money
      pays: rate
      crossing: split
      table:
        2026-01-01:
          - {from: 0, rate: 3%}
    """
    changes = dict(sorted((later or {}).items()))
    if any(start <= day for start in changes):
        wrong = f"a value of {min(changes)} holds no later than the first, {day}"
        raise ParameterError(f"{wrong}; give later days only.")
    words = [spoken(term), *(f"From {start}: {_then(term, v)}" for start, v in changes.items())]
    rows = {day: term.value, **changes}
    if since is not None and since < day:
        rows = {since: Decimal(0), **rows}
    lines = [
        f"{named(name)}:",
        "  clause: >",
        f"    {' '.join((says or ' '.join(words)).split())}",
        f"  measure: {term.measure}",
        f"  accumulate: {term.over}",
        *(f"  {word}: {value}" for word, value in _words(term).items()),
        "  table:",
    ]
    for start, value in rows.items():
        lines += [f"    {start.isoformat()}:", f"      - {_row(term, value)}"]
    return "\n".join(lines) + "\n"


def amended(plan: str, name: str, *components: str) -> str:
    """The text of a plan with components more, under a name of its own.

    Args:
        plan: the text of a plan file.
        name: of the plan that is made; the file is to be named so.
        components: each as `clause` gives it.

    Raises:
        ParameterError: the text is no plan, or has a component of that name.
    """
    for wanted, shape in (("plan", HEAD), ("components", BELOW)):
        if not shape.search(plan):
            raise ParameterError(f"the plan's text has no line '{wanted}:'; give a plan file's.")
    for text in components:
        own = text.split(":", 1)[0]
        if re.search(rf"^ +{re.escape(own)}:", plan, re.MULTILINE):
            raise ParameterError(f"the plan has '{own}' already; give the rule another name.")
    added = "".join("\n" + "".join(f"  {line}\n" for line in t.splitlines()) for t in components)
    head = HEAD.sub(f"plan: {named(name)}", plan, count=1)
    return BELOW.sub(lambda found: f"{found.group()}\n{added}", head, count=1)


def named(words: str) -> str:
    """Words as a name: small letters, digits and lines below, beginning with a letter.

    >>> named("Car allowance, field"), named("2 % extra"), named("")
    ('car_allowance_field', 'rule_2_extra', 'rule')
    """
    made = "_".join(re.findall(r"[^\W_]+", words.casefold())) or "rule"
    return made if made[0].isalpha() else f"rule_{made}"


def spoken(term: Term) -> str:
    """A term in words.

    >>> spoken(Term("amount", Decimal("-120"), "bookings"))
    '-120.00 each month.'
    """
    if term.kind == "amount":
        return f"{_money(term.value)} each {term.over}."
    of = term.measure.replace("_", " ")
    if term.per == "units":
        return f"{_money(term.value)} for each of {of} of the {term.over}."
    return f"{_plain(term.value * 100)} % of {of} of the {term.over}."


def _then(term: Term, value: Decimal) -> str:
    """What a term gives from a later day on, in words."""
    return spoken(replace(term, value=value)) if value else "nothing."


def exact(values: Sequence[float]) -> list[Decimal]:
    """Doubles as the decimals they are written as: 0.03, not 0.0299999.

    >>> exact([0.1 + 0.2, -120.0])
    [Decimal('0.3'), Decimal('-120')]
    """
    return [Decimal(f"{value:.10g}") for value in values]


def _words(term: Term) -> dict[str, str]:
    """The words of a component that pays a term."""
    if term.kind == "amount":
        return {"thresholds": "money", "pays": "amount", "crossing": "whole", "boundary": "upper"}
    if term.per == "units":
        return {"thresholds": "units", "pays": "unit", "crossing": "split"}
    return {"thresholds": "money", "pays": "rate", "crossing": "split"}


def _row(term: Term, value: Decimal) -> str:
    """The row of a table that gives a value."""
    if term.kind == "amount":
        return f"{{from: 0, amount: {_money(value)}}}"
    rate = _money(value) if term.per == "units" else f"{_plain(value * 100)}%"
    return f"{{from: 0, rate: {rate}}}"


def _plain(value: Decimal) -> str:
    """Without an exponent or zeros at the end."""
    return f"{value.normalize():f}"


def _money(value: Decimal) -> str:
    """With two decimals at least."""
    plain = _plain(value)
    places = len(plain.partition(".")[2])
    return plain if places >= 2 else f"{value:.2f}"
