"""Refusals: costs and changes that mean nothing, each with what would be right."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from spmlib.core.conversion import minor
from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY, SHARE
from spmlib.incent.contract_costs.lives import KINDS
from spmlib.incent.contract_costs.terms import CLAWBACKS, FRAMEWORKS, Terms

LARGEST = 10**15  # minor units that a cost may have
WITH_AMOUNT = ("added", "clawed_back", "impaired", "reversed")


def of_terms(terms: Terms) -> None:
    """Refuse terms that are unknown.

    Raises:
        ParameterError: a word means nothing, or a pattern has no weights.
    """
    for word, said, known in (
        ("framework", terms.framework, FRAMEWORKS),
        ("clawbacks", terms.clawbacks, CLAWBACKS),
    ):
        if said not in known:
            raise ParameterError(f"{word}: '{said}' means nothing; write {nearest(said, known)}.")
    for name, weights in terms.patterns.items():
        if not weights or min(weights) < 0 or sum(weights) <= 0 or sum(weights) > 10**9:
            wrong = f"pattern {name}: weights are whole numbers of 0 or more, one a month"
            raise ParameterError(f"{wrong}; write some that add up to more than 0.")
        if terms.convention == "days":
            wrong = f"pattern {name}: patterns count months, and the convention counts days"
            raise ParameterError(f"{wrong}; take half_month, or no pattern.")


def of_costs(costs: pl.DataFrame, patterns: Sequence[str]) -> None:
    """Refuse costs that are named twice, or whose amount, currency or months mean nothing.

    Raises:
        ParameterError: one does: the first of them, and what would be right.
    """
    units = {name: minor(name) for name in CURRENCIES}
    unit = pl.col("currency").replace_strict(units, default=1, return_dtype=pl.Int64)
    checks = [
        (pl.col("cost_id").is_null() | pl.col("cost_id").is_duplicated(), "its id is not its own"),
        (~pl.col("currency").is_in(list(CURRENCIES)), "its currency is no code of ISO 4217"),
        (pl.col("amount").is_null(), "it has no amount"),
        (pl.col("amount") % unit != 0, "its amount is finer than its currency: round it first"),
        ((pl.col("amount") // unit).abs() > LARGEST, "its amount is too large to be exact"),
        (pl.col("start_date").is_null(), "it has no start_date"),
        (pl.col("months").is_null(), "it has neither months nor a pattern"),
        (pl.col("months") < 1, "its months are not 1 or more"),
        (pl.col("months") > 1200, "its months are more than 100 years"),
        (~pl.col("how").is_in(["incurred", "adopted"]), "`how` is neither incurred nor adopted"),
        (
            pl.col("pattern").is_not_null() & ~pl.col("pattern").is_in(list(patterns)),
            "the terms have no pattern of that name",
        ),
    ]
    _refuse_first(costs, checks, "cost")


def of_changes(changes: pl.DataFrame, terms: Terms) -> None:
    """Refuse changes that mean nothing.

    Args:
        changes: joined with their costs: cost_currency, recognised (day), and ``left``, what is
            left of the cost's amount once they are clawed back.

    Raises:
        ParameterError: one does: the first of them, and what would be right.
    """
    units = {name: minor(name) for name in CURRENCIES}
    unit = pl.col("cost_currency").replace_strict(units, default=1, return_dtype=pl.Int64)
    kind = pl.col("kind")
    revised = kind == "revised"
    both = pl.col("months").is_null() == pl.col("months_left").is_null()
    share = pl.col("share")
    checks = [
        (pl.col("cost_currency").is_null(), "there is no such cost"),
        (~kind.is_in(KINDS), f"its kind is none of {', '.join(KINDS)}"),
        (pl.col("change_date").is_null(), "it has no change_date"),
        (pl.col("change_date") < pl.col("recognised"), "it is before the cost became an asset"),
        (kind.is_in(WITH_AMOUNT) & pl.col("amount").is_null(), "it has no amount"),
        (
            ~kind.is_in(WITH_AMOUNT) & pl.col("amount").is_not_null(),
            "only added, clawed_back, impaired and reversed have an amount",
        ),
        (pl.col("amount") % unit != 0, "its amount is finer than its currency: round it first"),
        (revised & both, "it needs either months or months_left"),
        (revised & (pl.col("months") < 1), "its months are not 1 or more"),
        (revised & (pl.col("months_left") < 0), "its months_left are below 0"),
        (share.is_not_null() & ((share < 0) | (share > SHARE)), "its share is not from 0 to 1"),
        (
            (kind == "clawed_back") & (pl.col("amount") * pl.col("sign") < 0),
            "what is clawed back has the sign of the cost",
        ),
        (
            (kind == "clawed_back") & (pl.col("left") * pl.col("sign") < 0),
            "more is clawed back than the cost came to",
        ),
    ]
    _refuse_first(changes, checks, "change of cost")
    if terms.framework != "ifrs" and len(changes.filter(kind == "reversed")):
        name = changes.filter(kind == "reversed")["cost_id"][0]
        wrong = "US GAAP takes no impairment back (ASC 340-40-35-6)"
        raise ParameterError(f"change of cost {name}: {wrong}; remove it, or take IFRS.")


def _refuse_first(rows: pl.DataFrame, checks: list[tuple[pl.Expr, str]], what: str) -> None:
    if rows.is_empty():
        return
    found = rows.select(
        **{str(n): wrong.fill_null(False).arg_max() for n, (wrong, _) in enumerate(checks)},
        **{f"any {n}": wrong.fill_null(False).any() for n, (wrong, _) in enumerate(checks)},
    ).row(0, named=True)
    for number, (_, says) in enumerate(checks):
        if found[f"any {number}"]:
            row = rows.row(found[str(number)], named=True)
            shown = ", ".join(f"{k} {_shown(k, v)}" for k, v in row.items() if _told(k, v))
            raise ParameterError(f"{what} {row['cost_id']}: {says} ({shown}); correct the row.")


def _told(name: str, value: object) -> bool:
    names = ("amount", "currency", "start_date", "months", "pattern", "how")
    return value is not None and name in (*names, "kind", "change_date", "months_left", "share")


def _shown(name: str, value: object) -> object:
    scale = {"amount": MONEY, "share": SHARE}.get(name)
    return f"{value / scale:,.4f}" if scale and isinstance(value, int) else value
