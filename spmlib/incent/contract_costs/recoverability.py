"""Recoverability: what of an asset will come back, what is lost, and what of a loss is taken back.

Other assets are tested first, by their own standards (inventory, equipment); then contract costs;
then the group of assets or cash-generating unit that they belong to (ASC 340-40-35-5, IFRS 15.103).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import CostChanges, Table
from spmlib.incent.contract_costs.allocations import allocated
from spmlib.incent.contract_costs.terms import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from spmlib.incent.contract_costs.schedules import Lives

Amount = Decimal | int


def recoverable(
    consideration: Amount,
    direct_costs: Amount,
    renewals: Amount = 0,
    renewal_costs: Amount = 0,
    credit_loss: Amount = 0,
) -> Amount:
    """What is recoverable of a contract's costs.

    Defined as::

        consideration + renewals - credit_loss - direct_costs - renewal_costs, at least 0

    Args:
        consideration: what is still to be received, and what was received and is no revenue yet;
            variable amounts as expected, without the constraint [currency].
        direct_costs: of providing what is still to be provided, not yet expensed [currency].
        renewals: consideration of renewals and extensions that are expected of the same customer.
        renewal_costs: direct costs of those.
        credit_loss: what of it the customer is not expected to be able to pay.

    Source: ASC 340-40-35-3 to 35-4, IFRS 15.101-102.

    >>> recoverable(50_000, 35_000)
    15000
    """
    return max(consideration + renewals - credit_loss - direct_costs - renewal_costs, 0)


def loss(carrying: Amount, recoverable: Amount) -> Amount:
    """The impairment: what is carried above what is recoverable.

    >>> loss(20_000, 15_000), loss(10_000, 15_000)
    (5000, 0)
    """
    return max(carrying - recoverable, 0)


def reversal(
    carrying: Amount, recoverable: Amount, unimpaired: Amount, framework: str = "ifrs"
) -> Amount:
    """What of earlier impairments is taken back.

    Defined as::

        min(recoverable, unimpaired) - carrying, at least 0; under US GAAP nothing

    Args:
        carrying: what is carried now [currency].
        recoverable: what is recoverable now [currency].
        unimpaired: what would be carried, amortised since, had nothing been impaired [currency].
        framework: us_gaap or ifrs.

    Raises:
        ParameterError: there is no such framework.

    Source: IFRS 15.104; ASC 340-40-35-6.

    >>> reversal(4_000, 9_000, 6_000), reversal(4_000, 9_000, 6_000, "us_gaap")
    (2000, 0)
    """
    if framework not in FRAMEWORKS:
        raise ParameterError(f"framework: '{framework}' means nothing; write us_gaap or ifrs.")
    back = max(min(recoverable, unimpaired) - carrying, 0)
    return back if framework == "ifrs" else 0


def impairments(of: Lives, tests: Iterable[tuple[str, int]], day: date) -> Table[CostChanges]:
    """Tests of contracts, each of which may have several costs, as changes of those costs.

    What is lost of a contract is shared out over its costs by what is carried of each.

    Args:
        of: costs with what happened to them before the day.
        tests: contract_id and what is recoverable of all its costs [ticks].
        day: the first day of a period, so that what is carried is what the last one closed with.

    Returns:
        Changes of kind impaired: recoverable of each cost; none where nothing is lost.

    Raises:
        ParameterError: the day begins no period.
    """
    place = int(of.grid.place(_number(day))[0])
    if of.grid.day(place) != day:
        raise ParameterError(
            f"impairment tests: {day} begins no period; write {of.grid.day(place)}."
        )
    before = of.grid.names[place - 1]
    rows = engine.collected(of.schedule(before, before))
    about = of.costs.select("cost_id", "contract_id")
    told = pl.DataFrame(
        list(tests), schema={"contract_id": pl.String, "most": pl.Int64}, orient="row"
    )
    held = rows.join(about, "cost_id").join(told, "contract_id")
    lost = pl.col("closing").sum().over("contract_id") - pl.col("most").clip(lower_bound=0)
    short = held.with_columns(lost=lost.clip(lower_bound=0)).filter(pl.col("lost") > 0)
    shared = allocated(short, ["contract_id"], "lost", "closing", _units(short))
    made = shared.select(
        "cost_id",
        change_date=pl.lit(day),
        kind=pl.lit("impaired"),
        amount=pl.col("closing") - pl.col("allocated"),
        months=pl.lit(None, dtype=pl.Int64),
        months_left=pl.lit(None, dtype=pl.Int64),
        share=pl.lit(None, dtype=pl.Int64),
        source=pl.concat_str(pl.lit("impairment test of "), pl.col("contract_id")),
    )
    return engine.brought(made)


def _number(day: date) -> Any:
    import numpy as np

    from spmlib.incent.contract_costs.grids import EPOCH

    return np.array([(day - EPOCH).days])


def _units(rows: pl.DataFrame) -> pl.Expr:
    from spmlib.core.conversion import minor

    names = {name: minor(name) for name in rows["currency"].unique()}
    return pl.col("currency").replace_strict(names, return_dtype=pl.Int64) if names else pl.lit(1)
