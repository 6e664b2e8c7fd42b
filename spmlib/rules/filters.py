"""Filters: the columns, values and ranges of a ``where`` or ``who`` as an expression on a table."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from typing import Any

import narwhals as nw

from spmlib.core import parameters
from spmlib.core.parameters import Number, refuse
from spmlib.core.tables import SCALE, Definition
from spmlib.rules.measures import Filter

COMPARED = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


def kinds(columns: Iterable[str], *definitions: type[Definition]) -> dict[str, str]:
    """The kind of each column that is there: as defined, or text for an extra one."""
    defined = {name: c.kind for d in definitions for name, c in d.columns().items()}
    return {name: defined.get(name, "text") for name in columns}


def matching(filters: Iterable[Filter], columns: dict[str, str], of: Any = nw) -> Any:
    """Whether a row passes all the filters.

    Args:
        filters: what each column must hold.
        columns: the kind of each column that is there.
        of: whose expression it is: of Narwhals, or of Polars, where tables are small and many.

    Raises:
        ParameterError: a filter names a column that the table does not have, or a range of words.
    """
    tests = [_test(each, columns, of) for each in filters]
    return reduce(operator.and_, tests, of.lit(True))


def _test(each: Filter, columns: dict[str, str], of: Any) -> Any:
    if each.column not in columns:
        remedy = f"write {parameters.nearest(each.column, sorted(columns))}"
        refuse(each.place, f"there is no column '{each.column}'", remedy)
    kind, column = columns[each.column], of.col(each.column)
    if each.among:
        return column.is_in([_value(word, kind) for word in each.among]).fill_null(False)
    if kind not in SCALE:
        wrong = f"'{each.column}' holds words, and a range needs numbers"
        refuse(each.place, wrong, "write a list of words")
    for limit in each.limits.values():
        _refuse_unlike(each.column, limit, kind)
    tests = [COMPARED[word](column, _scaled(limit, kind)) for word, limit in each.limits.items()]
    return reduce(operator.and_, tests).fill_null(False)


def _refuse_unlike(column: str, limit: Number, kind: str) -> None:
    """Refuse 50 where 50 % is meant, and percent of what is no ratio."""
    if kind == "share" and abs(limit) > 1 and not limit.percent:
        remedy = f"write {limit:f}% if percent is meant"
        refuse(limit.place, f"'{column}' is a share, and {limit:f} has no %", remedy)
    if kind != "share" and limit.percent:
        refuse(limit.place, f"'{column}' is no share, and has no percent", "write a plain number")


def _value(word: Any, kind: str) -> Any:
    if kind == "day":
        return parameters.day(word)
    return _scaled(parameters.number(word), kind) if kind in SCALE else str(word)


def _scaled(limit: Decimal, kind: str) -> int:
    return int(limit * SCALE[kind])
