"""The worked cases of tests/cases: a few words each, made into a small company.

A case is a sentence (`name`), a `component` (or `components`, or `plans`), what was sold (`sales`),
and what it earns: `lines` (of each sale, in order), `months` (those left out earn nothing),
`total`, `kinds` (of each kind of line). `source` is where it was printed; `engine` says how the
engine is known to differ; `not_covered` why there is no case. What a case leaves out is the usual:
the year 2026 in months, US dollars, one person in the plan all year, bookings in money, on one
running total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.oracles.companies import MEASURES, Sale, SmallCompany, months
from tests.oracles.desk import Line
from tests.oracles.goals import Person, Position, Quota
from tests.oracles.reading import number

Words = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "cases"
USUAL = {"measure": "bookings", "accumulate": "year", "thresholds": "money", "pays": "rate"}
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)
EXPECTED = ("lines", "months", "total", "kinds")


@dataclass(frozen=True)
class Case:
    """A worked case: its place, its words and the company they describe."""

    place: str
    words: Words

    @property
    def people(self) -> dict[str, Words]:
        """What the case says of each person; of the only one, what it says at its top."""
        return self.words.get("people") or {"Ann": self.words}

    @property
    def company(self) -> SmallCompany:
        """The company that the case describes."""
        year = int(self.words.get("year", "2026"))
        return SmallCompany(
            plans=tuple(_plans(self.words)),
            people=tuple(_person(name, said, self.words) for name, said in self.people.items()),
            sales=tuple(self._sales()),
            calendar=months(year),
            rates={k: number(v).value for k, v in self.words.get("rates", {}).items()},
            measures=MEASURES + _flow_lines(self.words.get("measures", {})),
        )

    def _sales(self) -> Iterator[Sale]:
        for name, said in self.people.items():
            yield from _sales(name, said, _measure(self.words))

    def expected(self, name: str) -> Words:
        """What the case says a person earns."""
        said = {word: self.people[name][word] for word in EXPECTED if word in self.people[name]}
        assert said, f"{self.place} says nothing of what {name} earns"
        return said


def cases() -> list[Case]:
    """Every case of the folder."""
    return [
        Case(f"{path.stem}: {words['name']}", words)
        for path in sorted(FOLDER.glob("*.yaml"))
        for words in yaml.load(path.read_text(), Loader=yaml.BaseLoader) or []
        if "not_covered" not in words
    ]


def found(case: Case, name: str, lines: list[Line]) -> Words:
    """What was calculated for a person, in the words that the case uses."""
    said = case.expected(name)
    made: Words = {}
    if "lines" in said:
        sold = [sale.transaction for sale in case.company.sales if _has(sale, name)]
        of = {t: sum(x.amount for x in lines if x.transaction == t) for t in sold}
        made["lines"] = [Fraction(amount) for amount in of.values()]
    if "months" in said:
        names = {line.period for line in lines}
        sums = {m: sum(x.amount for x in lines if x.period == m) for m in sorted(names)}
        made["months"] = {m: amount for m, amount in sums.items() if amount}
    if "total" in said:
        made["total"] = Fraction(sum(x.amount for x in lines))
    if "kinds" in said:
        made["kinds"] = {
            kind: Fraction(sum(x.amount for x in lines if x.kind == kind)) for kind in said["kinds"]
        }
    return made


def exact(said: Any) -> Any:
    """What a case expects, as exact numbers."""
    if isinstance(said, dict):
        return {key: exact(value) for key, value in said.items()}
    if isinstance(said, list):
        return [exact(value) for value in said]
    return number(said).value


def _has(sale: Sale, name: str) -> bool:
    return sale.owner == name or name in sale.splits


# --- plans ---------------------------------------------------------------------------------------


def _plans(words: Words) -> Iterator[str]:
    for name, plan in words.get("plans", {"plan": words}).items():
        components = plan.get("components") or {"pay": plan["component"]}
        filled = {n: _component(c) for n, c in components.items()}
        page = {
            "plan": name,
            "title": "A worked case",
            "source": "tests/cases",
            "currency": words.get("currency", "USD"),
            "components": filled,
        }
        if "modifiers" in plan:
            page["modifiers"] = plan["modifiers"]
        yield _flow_lines(page)


def _component(said: Words) -> Words:
    words = {"clause": "a worked case", **USUAL, **said}
    table = words["table"]
    words["table"] = table if isinstance(table, dict) else {"2026-01-01": table}
    rows = next(iter(words["table"].values()))
    if "rate" in rows[0]:
        words.setdefault("crossing", "split")
    if words["pays"] == "target":
        words.setdefault("weight", "100%")
        words.setdefault("proration", "none")
    return words


def _flow_lines(page: Words) -> str:
    return "".join(f"{word}: {_flow(value)}\n" for word, value in page.items())


def _flow(value: Any) -> str:
    """Any value as YAML on one line, its words as they were written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return str(value)


# --- people and sales ----------------------------------------------------------------------------


def _person(name: str, said: Words, case: Words) -> Person:
    positions = said.get("positions", [{}])
    return Person(
        name=name,
        positions=tuple(_position({**said, **p}, case) for p in positions),
        quotas=tuple(_quotas(said, case)),
    )


def _position(said: Words, case: Words) -> Position:
    plan = said.get("plan") or next(iter(case.get("plans", {"plan": None})))
    return Position(
        start=_day(said.get("from"), FIRST),
        end=_day(said.get("until"), None),
        plan=None if plan == "none" else plan,
        target=number(said.get("target", "0")).value,
        commission_rate=number(said.get("commission_rate", "0")).value,
        status=said.get("status", "active"),
    )


def _quotas(said: Words, case: Words) -> Iterator[Quota]:
    asked = dict(said.get("quotas", {}))
    if "quota" in said:
        asked[_measure(case)] = said["quota"]
    for measure, rows in asked.items():
        for row in [{"amount": rows}] if isinstance(rows, str) else rows:
            start, end = _day(row.get("from"), FIRST), _day(row.get("until"), LAST)
            yield Quota(measure, start, end, number(row["amount"]).value)


def _measure(case: Words) -> str:
    """The measure that bare numbers count in: that of the first component."""
    plan = next(iter(case.get("plans", {"plan": case}).values()))
    first = plan.get("component") or next(iter(plan["components"].values()))
    return str(first.get("measure", "bookings"))


def _sales(owner: str, said: Words, measure: str) -> Iterator[Sale]:
    written = said.get("sales", [])
    if isinstance(written, dict):
        written = [_entry(sale, measure) | {"on": day} for day, sale in written.items()]
    for n, entry in enumerate(written):
        sale = {"on": str(FIRST + timedelta(n)), **_entry(entry, measure)}
        yield _sale(f"{owner}-{n:02}", owner, sale)


def _entry(sale: Any, measure: str) -> Words:
    return sale if isinstance(sale, dict) else {measure: sale}


def _sale(transaction: str, owner: str, said: Words) -> Sale:
    kind = said.get("kind", "renewal" if "renewals" in said else "booking")
    amount = said.get("amount") or said.get("bookings") or said.get("renewals") or "0"
    return Sale(
        transaction=said.get("id", transaction),
        day=date.fromisoformat(said["on"]),
        owner=owner,
        amount=number(amount).value,
        kind=kind,
        currency=said.get("currency"),
        margin=number(said.get("margin", "0")).value,
        quantity=number(said.get("seats", "0")).value,
        splits={name: number(share).value for name, share in said.get("split", {}).items()},
    )


def _day(text: str | None, otherwise: Any) -> Any:
    return date.fromisoformat(text) if text else otherwise
