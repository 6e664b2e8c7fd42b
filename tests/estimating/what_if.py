"""What-ifs of a small company: some of its sales as deals that are not booked yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import Parameters
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.estimates import Estimate, estimate, payee
from spmlib.incent.estimating.ready import Ready, ready
from tests.oracles import engine as small
from tests.oracles.companies import Sale, SmallCompany


def deal(sale: Sale, currency: str) -> Deal:
    """A sale as a deal."""
    return Deal(
        sale.transaction,
        sale.day,
        sale.amount,
        sale.currency or currency,
        sale.owner,
        sale.kind,
        margin=sale.margin,
        quantity=sale.quantity,
        discount=None,
        splits=sale.splits,
    )


def period_of(company: SmallCompany, sale: Sale) -> str:
    """The period in which a sale was booked."""
    return next(p.name for p in company.calendar if p.start <= sale.day < p.end)


def both(company: SmallCompany, unbooked: Sequence[Sale], period: str) -> tuple[Ready, Ready]:
    """The company with all its sales, and without some, at a period's end."""
    with TemporaryDirectory() as folder:
        parameters: Parameters = small._parameters(company, Path(folder) / "parameters")
    left = replace(company, sales=tuple(s for s in company.sales if s not in unbooked))
    made = [ready(small._company(c), parameters, period) for c in (company, left)]
    return made[0], made[1]


def estimates(before: Ready, deals: Sequence[Deal]) -> dict[str, Estimate]:
    """What the deals bring everybody who holds a plan at the period's end."""
    made = {}
    for name in before.people:
        try:
            asked = payee(before, name)
        except ParameterError:  # who holds no plan
            continue
        made[name] = estimate(asked, deals)
    return made


def paid(after: Ready, of: Estimate) -> int:
    """What the engine pays in the period, with everything booked [ticks]."""
    stands = of.standing
    own = (pl.col("payee_id") == stands.payee_id) & (pl.col("plan") == stands.plan.name)
    rows = engine.collected(after.every_line)
    return int(rows.filter(own, pl.col("period") == after.period)["amount"].sum())


def ranked(of: Estimate) -> bool:
    """Whether a prize depends on the deals, which is not estimated."""
    return any(part.component.thresholds == "place" for part in of.after.parts.values())
