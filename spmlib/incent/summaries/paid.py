"""Paid: what is paid in a month, why it differs from the month before, and what is outstanding.

Amounts of several currencies are read in one (`worths`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import Balances, Payments, Payouts, Table
from spmlib.incent.summaries.earned import last_held
from spmlib.incent.summaries.overview import figures, periods
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd

PARTS = {  # what a step of the bridge is called, by the kind of line
    "event": "Until billed or collected",
    "hold": "Holds",
    "draw": "Draws and recoveries",
    "recovery": "Draws and recoveries",
    "guarantee": "Guarantees",
    "carried": "Bounds",
    "minimum": "Bounds",
    "maximum": "Bounds",
    "correction": "Corrections",
    "terms": "Corrections",
}
OUTSTANDING = {
    "unpaid": "Not yet billed or collected",
    "held": "Held",
    "owed": "Drawn, to be recovered",
    "carried": "Carried by bounds",
}


def in_month(
    payments: Table[Payments], company: Company, currency: str, period: str
) -> dict[str, Any]:
    """A month's pay in a few figures.

    Returns:
        paid, before (paid in the month before), earned, change (what payment terms add) [currency],
        people (paid something).
    """
    last, now = _two_months(company, period)
    rows = worth(payments.filter(nw.col("period").is_in([last, now])), company, currency)
    own = nw.col("period") == now
    earned = own & (nw.col("kind") == "earned")
    summed = rows.select(
        amount=_sum(own),
        usual=_sum(~own),
        earned=_sum(earned),
        people=nw.when(own & (nw.col("amount") != 0)).then(nw.col("payee_id")).n_unique() - 1,
    )
    change = nw.col("amount") - nw.col("earned")
    row = figures(summed.with_columns(difference=change)).iloc[0]
    names = {"amount": "paid", "usual": "before", "earned": "earned", "difference": "change"}
    return {ours: row[name] for name, ours in names.items()} | {"people": int(row["people"])}


def bridge(payments: Table[Payments], company: Company, currency: str, period: str) -> pd.DataFrame:
    """How the pay of the month before becomes the month's: by team, then by payment term.

    Returns:
        step, amount, start, end [currency]: the month before, each change, the month.
    """
    import pandas as pd

    last, now = _two_months(company, period)
    dated = payments.filter(nw.col("period").is_in([last, now])).join(
        periods(company, period), on="period"
    )
    ended = dated.with_columns(event_date=nw.col("last").dt.offset_by("-1d"))
    rows = worth(last_held(ended, company, ("period", "plan", "kind")), company, currency)
    summed = rows.group_by("period", "kind", "team").agg(nw.col("amount").sum())
    table = figures(summed)
    earned = table["kind"] == "earned"
    step = table["kind"].map(PARTS).where(~earned, "Earned, " + table["team"].str.replace("_", " "))
    signed = table["amount"].where(table["period"] == now, -table["amount"])
    changes = signed.groupby(step).sum()
    order = sorted(changes.index, key=lambda name: (not name.startswith("Earned"), name))
    changes = changes.loc[order]
    before = table.loc[table["period"] == last, "amount"].sum()
    names = [last, *changes.index, now]
    amounts = [before, *changes, before + changes.sum()]
    ends = pd.Series([before, *changes], dtype=object).cumsum().to_list()
    starts = [0, *ends[:-1]]
    return pd.DataFrame(
        {"step": names, "amount": amounts, "start": [*starts, 0], "end": [*ends, ends[-1]]}
    )


def outstanding(
    balances: Table[Balances], company: Company, currency: str, until: str
) -> pd.DataFrame:
    """What is outstanding at each month's end: period, kind, amount [currency]."""
    known = balances.join(periods(company, until).select("period"), on="period")
    frames = [
        worth(known.select("period", "currency", amount=name), company, currency).with_columns(
            kind=nw.lit(said)
        )
        for name, said in OUTSTANDING.items()
    ]
    rows = engine.stacked(frames).group_by("period", "kind").agg(nw.col("amount").sum())
    return figures(rows.sort("period", "kind"))


def most_changed(
    payouts: Table[Payouts], company: Company, currency: str, period: str, most: int = 10
) -> pd.DataFrame:
    """Those whose pay differs most from the month before, in the currency of their plan.

    Returns:
        payee_id, name, plan, usual (the month before), amount, difference [currency of the plan],
        currency; the largest, read in one currency, first.
    """
    last, now = _two_months(company, period)
    rows: Table[Any] = payouts.filter(nw.col("period").is_in([last, now]))
    own = nw.col("period") == now
    summed = rows.group_by("payee_id", "plan", "currency").agg(amount=_sum(own), usual=_sum(~own))
    named = summed.join(company.payees.select("payee_id", "name"), on="payee_id")
    read = worth(
        named.with_columns(period=nw.lit(now), size=(nw.col("amount") - nw.col("usual")).abs()),
        company,
        currency,
        "size",
    ).drop("currency")
    sized = named.join(read.select("payee_id", "plan", "size"), on=["payee_id", "plan"])
    top = sized.sort("size", "payee_id", descending=[True, False], nulls_last=True).head(most)
    told = top.with_columns(difference=nw.col("amount") - nw.col("usual"))
    columns = ("payee_id", "name", "plan", "usual", "amount", "difference", "currency")
    return figures(told.select(*columns))


def of_person(payments: Table[Payments], payee_id: str, until: str) -> pd.DataFrame:
    """What made a person's pay in each month up to one: period, kind, amount, currency."""
    own = payments.filter(nw.col("payee_id") == payee_id, nw.col("period") <= until)
    columns = ("period", "kind", "amount", "currency")
    return figures(own.sort("period", "kind").select(*columns))


def most_lines(payments: Table[Payments], period: str) -> str:
    """The person with most kinds of line in a month; the first of equals."""
    here = payments.filter(nw.col("period") == period).group_by("payee_id")
    ranked = here.agg(kinds=nw.len()).sort("kinds", "payee_id", descending=[True, False])
    return str(engine.collected(ranked.head(1))["payee_id"][0])


def _two_months(company: Company, period: str) -> tuple[str, str]:
    """The period before, and the period; twice the same where it is the first."""
    names = engine.collected(periods(company, period).sort("first"))["period"].to_list()
    return names[-2:][0], names[-1]


def _sum(where: nw.Expr) -> nw.Expr:
    return nw.when(where).then(nw.col("amount")).otherwise(nw.lit(0)).sum()
