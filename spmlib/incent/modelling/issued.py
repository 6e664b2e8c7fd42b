"""Issued: quotas and target incentives as a scenario multiplies them.

A quota is that of the role which its holder has first within its stretch. Amounts are rounded once,
to ten-thousandths, halves away from zero; the engine rounds what it cuts of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import narwhals as nw

from spmlib.core import engine, parameters
from spmlib.core.company import Company
from spmlib.core.parameters import nearest, refuse
from spmlib.core.tables import Table
from spmlib.core.written import Block, Written, word
from spmlib.incent.modelling.written import QUOTAS, TARGETS, Scenario

MOST = 10  # times what was issued: more is a slip of the pen


@dataclass(frozen=True)
class Factor:
    """By what some rows are multiplied."""

    measure: str  # of quotas; empty for target incentives
    role: str  # empty: everybody
    by: Fraction
    place: str


def issued(company: Company, scenario: Scenario) -> Company:
    """The company with quotas and target incentives as a scenario has them.

    Raises:
        ParameterError: it names a measure without quotas, or a role that nobody has, or a factor
            that cannot be meant.
    """
    roles = _known(company.positions, "role")
    quotas, targets = factors(scenario)
    _refuse_unknown(quotas, "measure", _known(company.quotas, "measure"), "of which quotas are")
    for each in (quotas, targets):
        _refuse_unknown(each, "role", roles, "that anybody has")
    return replace(
        company,
        quotas=multiplied_quotas(company, quotas) if quotas else company.quotas,
        positions=_by_role(company.positions, "target_incentive", targets),
    )


def factors(scenario: Scenario) -> tuple[list[Factor], list[Factor]]:
    """What a scenario multiplies: quotas, and target incentives.

    Raises:
        ParameterError: a factor is no share above 0, or too large to be meant.
    """
    quotas = []
    for measure, said, place in _entries(scenario.files[QUOTAS]):
        below = _entries(said) if isinstance(said, Block) else [("", said, place)]
        quotas += [Factor(measure, role, _by(one, where), where) for role, one, where in below]
    targets = [
        Factor("", role, _by(said, place), place)
        for role, said, place in _entries(scenario.files[TARGETS])
    ]
    return quotas, targets


def multiplied_quotas(company: Company, factors_: Iterable[Factor]) -> Table[Any]:
    """The quotas, each times the factor of its measure and its holder's role."""
    held = engine.open_ended(company.positions).select(
        "payee_id", "role", held_from="start_date", held_to="end_date"
    )
    issue = ("payee_id", "measure", "start_date", "end_date")
    rows: Table[Any] = company.quotas.with_row_index("issue", order_by=[*issue, "amount"])
    common = rows.join(held, on="payee_id").filter(
        nw.col("held_from") < nw.col("end_date"), nw.col("start_date") < nw.col("held_to")
    )
    first = common.unique(["issue"], keep="first", order_by=["held_from"]).select("issue", "role")
    joined = rows.join(first, on="issue", how="left")
    return engine.kept(_by_role(joined, "amount", factors_).select(*engine.names(company.quotas)))


def _by_role(frame: Table[Any], column: str, factors_: Iterable[Factor]) -> Table[Any]:
    made = nw.col(column)
    for factor in factors_:
        own = nw.col("role") == factor.role if factor.role else nw.lit(True)
        if factor.measure:
            own = own & (nw.col("measure") == factor.measure)
        exact = engine.wide(column) * factor.by.numerator
        times = engine.rounded(exact, factor.by.denominator).cast(nw.Int64)
        made = nw.when(own.fill_null(False)).then(times).otherwise(made)
    return frame.with_columns(made.alias(column))


def _entries(block: Block) -> Iterator[tuple[str, Any, str]]:
    return ((key, block[key], block.places[key]) for key in block)


def _by(written: Any, place: str) -> Fraction:
    said = written if isinstance(written, Written) else word("", place)
    made = parameters.share(said, "factor")
    if not 0 < made <= MOST:
        wrong = f"{parameters.shown(said)} of what was issued cannot be meant"
        refuse(place, wrong, f"write more than 0% and at most {MOST * 100}%, e.g. 110%")
    return Fraction(made)


def _refuse_unknown(given: Iterable[Factor], word_: str, known: list[str], those: str) -> None:
    for factor in given:
        name = getattr(factor, word_)
        if name and name not in known:
            wrong = f"'{parameters.shown(name)}' is no {word_} {those}"
            refuse(factor.place, wrong, f"write {nearest(name, known)}")


def _known(frame: Table[Any], column: str) -> list[str]:
    rows = engine.collected(frame.select(column).unique([column]))
    return sorted(rows[column].drop_nulls().to_list())
