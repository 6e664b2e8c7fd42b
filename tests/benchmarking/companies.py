"""Small companies with surveys, and a policy, for tests of benchmarking."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from spmlib.core.company import Company
from spmlib.incent.benchmarking import written
from spmlib.incent.benchmarking.written import Policy
from tests import small

DAY = date(2026, 9, 1)
POLICY = """
market:
  measure: base
  ageing: {convention: simple, rates: {USD: 6%, EUR: 3%, JP: 12%}}
  weigh: incumbents
  organisations: 5
  largest_share: 25%
  spread: 50%
  least_months: 3
  jobs:
    seller: {job: sales, levels: {0: entry, 2: senior}}
    manager: {job: lead}
  places:
    - {place: NY, currency: USD, territory_id: [east, north]}
    - {place: US, currency: USD}
    - {place: DE, currency: EUR}
  wider: {NY: US, DE: EMEA}
cells: {people: 5}
uncertainty: {sure: 95%, runs: 200, seed: 7}
performance:
  edges: [0%, 50%, 100%, 150%]
  threshold: 50%
  top: 20%
  expected: {quota_to_ote: {from: 5, to: 8, source: somebody}}
"""


def policy(folder: Path, **market: Any) -> Policy:
    """The policy above, with other words of `market`."""
    return written.read(file(folder, {"market": market}))


def file(folder: Path, changes: dict[str, Any] | None = None, without: tuple = ()) -> Path:
    """The file of the policy above, with words changed or left out, below the first ones."""
    said = yaml.safe_load(POLICY)
    for word, inner in (changes or {}).items():
        if isinstance(inner, dict) and isinstance(said.get(word), dict):
            said[word] |= inner
        else:
            said[word] = inner
    for word, inner in without:
        del said[word][inner]
    path = folder / "benchmarking.yaml"
    path.write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")
    return path


def row(survey: str, job: str, median: float | None, **words: Any) -> dict[str, Any]:
    """A row of a survey of March 2026 in dollars, with quarters around its median."""
    points = {"p25": median * 0.9, "p50": median, "p75": median * 1.2} if median else {}
    usual = {"currency": "USD", "effective_date": date(2026, 3, 1), "measure": "base"}
    counts = {"incumbents": 40, "organisations": 8}
    return {"survey": survey, "job": job, **usual, **counts, **points, **words}


def company(people: list[tuple[str, dict[str, Any], dict[str, Any]]], surveys: list, **more: Any):
    """A company of people (name, words of the payee, words of the position) and of surveys."""
    payees, positions = [], []
    for name, about, held in people:
        payee, position = small.person(name, "seller", base_pay=50_000)
        payees.append(payee | about)
        positions.append(position | held)
    return small.company(payees=payees, positions=positions, market_pay=surveys, **more)


def many(number: int, start: int = 0, **held: Any) -> list[tuple[str, dict, dict]]:
    """So many people alike."""
    return [(f"P{start + n:03}", {}, held) for n in range(number)]


__all__ = ["Company", "company", "file", "many", "policy", "row"]
