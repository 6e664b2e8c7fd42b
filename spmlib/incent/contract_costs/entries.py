"""Entries: what a period's roll-forward posts to the general ledger.

    capitalisation      Dr asset                Cr commission expense
    adoption            Dr asset                Cr retained earnings
    amortisation        Dr amortisation         Cr asset
    write_off           Dr costs of ended contracts         Cr asset
    clawback            Dr receivable           Cr asset, Cr amortisation (what had been cost)
    impairment          Dr impairment           Cr asset; a reversal the other way round
    translation         Dr asset                Cr currency translation adjustment
    reclassification    Dr asset, current       Cr asset, non-current

To add one: name it in `ENTRIES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import CostRollForward, JournalLines, Table
from spmlib.incent import journals
from spmlib.incent.contract_costs import roll_forwards
from spmlib.incent.contract_costs.companies import CHARGED, Prepared
from spmlib.incent.contract_costs.recognised import TAXES

ENTRIES: dict[str, tuple[str, tuple[tuple[str, str, int], ...]]] = {
    "capitalisation": (
        "Costs of obtaining contracts",
        (("asset", "capitalised", 1), ("commission_expense", "capitalised", -1)),
    ),
    "adoption": (
        "Costs of obtaining contracts, carried over",
        (("asset", "adopted", 1), ("retained_earnings", "adopted", -1)),
    ),
    "amortisation": (
        "Amortisation of costs of obtaining contracts",
        (("amortisation", "amortised", 1), ("asset", "amortised", -1)),
    ),
    "write_off": (
        "Costs of contracts that ended",
        (("write_off", "written_off", 1), ("asset", "written_off", -1)),
    ),
    "clawback": (
        "Commissions to be paid back",
        (
            ("receivable", "back", 1),
            ("asset", "clawed_back", -1),
            ("amortisation", "recovered", -1),
        ),
    ),
    "impairment": (
        "Impairment of costs of obtaining contracts",
        (("impairment", "impaired", 1), ("asset", "impaired", -1)),
    ),
    "reversal": (
        "Impairment taken back",
        (("asset", "reversed", 1), ("impairment", "reversed", -1)),
    ),
    "translation": (
        "Costs of obtaining contracts, changed rates",
        (("asset", "exchange", 1), ("translation", "exchange", -1)),
    ),
    "reclassification": (
        "Costs of obtaining contracts, due within twelve months",
        (("asset_current", "moved", 1), ("asset", "moved", -1)),
    ),
}


def postings(
    rolled: Table[CostRollForward],
    period: str,
    day: date,
    accounts: Mapping[str, str],
    sources: Mapping[str, str],
    split: bool = True,
) -> pl.DataFrame:
    """What a period's roll-forward posts, as `journals.journal` takes it.

    Args:
        rolled: by team (its groups), of the period and the one before; of a group whose name ends
            with `TAXES` what is capitalised was payroll tax expense.
        period: that is posted.
        day: on which.
        accounts: of the ledger, by the words of `written.ACCOUNTS`.
        sources: file and line of each.
        split: whether what is current has an account of its own.
    """
    rows = engine.collected(rolled).sort("currency", "group", "period")
    before = pl.col("current").shift(1).over("currency", "group").fill_null(0)
    rows = rows.with_columns(
        moved=pl.when(split).then(pl.col("current") - before).otherwise(0),
        back=pl.col("clawed_back") + pl.col("recovered"),
        taxes=pl.col("group").str.ends_with(TAXES),
        team=pl.col("group").str.strip_suffix(TAXES),
    ).filter(pl.col("period") == period)
    parts = [
        _posted(rows.filter(pl.col("taxes") == taxes), number, place, line, taxes)
        for number, (_, lines) in enumerate(ENTRIES.values())
        for place, line in enumerate(lines)
        for taxes in (False, True)
    ]
    says = [f"{says}, {period}" for says, _ in ENTRIES.values()]
    ordered = pl.concat(parts).sort("currency", "number", "team", "place", maintain_order=True)
    summed = ordered.group_by(
        "currency", "number", "team", "place", "word", maintain_order=True
    ).agg(pl.col("amount").sum())
    return summed.with_columns(
        entry_id=pl.concat_str(
            pl.lit(f"{period} contract costs "),
            pl.col("number").replace_strict(dict(enumerate(ENTRIES)), return_dtype=pl.String),
            pl.lit(" "),
            "currency",
        ),
        entry_date=pl.lit(day),
        account=pl.col("word").replace_strict(dict(accounts), return_dtype=pl.String),
        source=pl.col("word").replace_strict(dict(sources), return_dtype=pl.String),
        description=pl.col("number").replace_strict(dict(enumerate(says)), return_dtype=pl.String),
    ).drop("number", "place", "word")


def journal(ready: Prepared, period: str | None = None) -> Table[JournalLines]:
    """A period's journal of contract costs, team by team, in the currencies they were earned in.

    Args:
        ready: a company's contract costs.
        period: that is posted; the last one if none.

    Raises:
        ParameterError: there is no such period.
    """
    posted = period or ready.period
    grid, policy = ready.lives.grid, ready.policy
    place = grid.named(posted)
    first = grid.names[max(place - 1, 0)]
    rolled = roll_forwards.roll_forward(ready.lives, CHARGED, first, posted)
    last = grid.day(place + 1) - timedelta(days=1)
    told = postings(rolled, posted, last, policy.accounts, policy.sources, policy.split)
    return journals.journal(told)


def _posted(
    rows: pl.DataFrame, number: int, place: int, line: tuple[str, str, int], taxes: bool
) -> pl.DataFrame:
    account, column, sign = line
    word = "payroll_tax_expense" if taxes and account == "commission_expense" else account
    return rows.select(
        "currency",
        "team",
        number=pl.lit(number),
        place=pl.lit(place),
        word=pl.lit(word),
        amount=pl.col(column) * sign,
    )
