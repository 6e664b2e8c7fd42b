"""Payroll: what is due, in the currency each person is paid in, at the rate of the month's end.

Plans pay in their own currency; where the person's is another, the payout is converted once, to its
minor unit, at the rate that the plan names (``payroll_rate``).
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import RATE, Payouts, Payroll, Table
from spmlib.incent.work import Work

USUAL = "spot"


def payroll(payouts: Table[Payouts], work: Work) -> Table[Payroll]:
    """What goes to payroll: empty amounts where there is no rate."""
    plans = work.parameters.plans
    kinds = [
        (plan.payment.payroll_rate if plan.payment else "") or USUAL for plan in plans.values()
    ]
    kind = engine.made({"plan": list(plans), "kind": kinds}, {"plan": str, "kind": str})
    people = work.who.people.select("payee_id", payroll_currency="paid_in")
    rows: Table[Any] = payouts
    joined = rows.join(people, on="payee_id", how="left").join(kind, on="plan")
    joined = joined.with_columns(payroll_currency=nw.coalesce("payroll_currency", "currency"))
    pair = ["currency", "payroll_currency", "kind", "period"]
    rated = joined.join(_rates(work), on=pair, how="left")
    own = nw.col("currency") == nw.col("payroll_currency")
    rate = nw.when(own).then(nw.lit(RATE).cast(nw.Int64)).otherwise(nw.col("rate"))
    units = engine.made(
        {"payroll_currency": list(CURRENCIES), "unit": [conversion.minor(c) for c in CURRENCIES]},
        {"payroll_currency": str, "unit": int},
    )
    known = rated.with_columns(rate=rate).join(units, on="payroll_currency")
    exact = engine.wide("amount") * engine.wide("rate")
    turned = engine.rounded(exact, nw.col("unit") * RATE) * nw.col("unit")
    amount = nw.when(own).then(nw.col("amount")).otherwise(turned.cast(nw.Int64))
    return known.with_columns(payroll_amount=amount).select(*Payroll.columns())


def _rates(work: Work) -> Table[Any]:
    """The rate of each pair of currencies on the last day of each period, by kind."""
    periods = work.made.periods.select("period", "period_end")
    rates: Table[Any] = work.company.currency_rates
    known = rates.join(periods, how="cross").filter(nw.col("start_date") < nw.col("period_end"))
    key = ["currency", "to_currency", "kind", "period"]
    last = known.unique(key, keep="last", order_by=["start_date"])
    return last.select(
        "currency", "kind", "period", "rate", payroll_currency="to_currency", rate_date="start_date"
    )
