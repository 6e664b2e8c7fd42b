"""Credited: what crediting did, summed up: by team, by rule, for one transaction, for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Credits, Issues, Table
from spmlib.incent.summaries.overview import figures, periods
from spmlib.incent.summaries.worths import worth
from spmlib.rules.crediting import Crediting

if TYPE_CHECKING:
    import pandas as pd

USUAL = 12  # months before, with which a month is compared


def in_month(
    credits: Table[Credits], issues: Table[Issues], company: Company, period: str
) -> dict[str, Any]:
    """A month's crediting in a few figures.

    Returns:
        bookings, cancellations and people (credited), credits, own_share (of the credits: those
        that do not roll up), nobody (bookings of the month credited to nobody).
    """
    here = credits.filter(nw.col("period") == period)
    booked = nw.when(nw.col("event_id").is_null()).then(nw.col("transaction_id"))
    row = engine.collected(
        here.select(
            bookings=booked.drop_nulls().n_unique(),
            cancellations=nw.col("event_id").drop_nulls().n_unique(),
            people=nw.col("payee_id").n_unique(),
            credits=nw.len(),
            own=(nw.col("level") == 0).sum(),
        )
    ).to_dicts()[0]
    lost = to_nobody(issues, company, period)
    nobody = int((lost["period"] == period).sum())
    return row | {"own_share": row["own"] / max(row["credits"], 1), "nobody": nobody}


def by_team(credits: Table[Credits], company: Company, currency: str, until: str) -> pd.DataFrame:
    """What each team was credited with each month, roll-ups left out.

    Returns:
        period, team, amount [currency].
    """
    own = credits.filter(nw.col("level") == 0)
    rows = worth(_until(positioned(own, company), company, until), company, currency)
    summed = rows.group_by("period", "team").agg(nw.col("amount").sum())
    return figures(summed.sort("period", "team"))


def by_rule(
    credits: Table[Credits], company: Company, crediting: Crediting, currency: str, period: str
) -> pd.DataFrame:
    """What each rule credited in a period, be it nothing, beside what it usually credits.

    Returns:
        rule, kind, rule_source, count (of credits), people, amount [currency], usual (average of
        up to twelve months before) [currency]; in the order of the rules.
    """
    rows = worth(_until(credits, company, period), company, currency)
    now = nw.col("period") == period
    here = (
        rows.filter(now)
        .group_by("rule")
        .agg(nw.col("amount").sum(), count=nw.len(), people=nw.col("payee_id").n_unique())
    )
    before = periods(company, period).filter(~now).sort("first").tail(USUAL).select("period")
    past = rows.join(before, on="period").group_by("rule").agg(usual=nw.col("amount").sum())
    months = max(engine.collected(before).height, 1)
    usual = past.with_columns(usual=engine.rounded(nw.col("usual"), months))
    found = _rules(crediting).join(here, on="rule", how="left").join(usual, on="rule", how="left")
    columns = ("count", "people", "amount", "usual")
    filled = found.with_columns(nw.col(*columns).fill_null(0)).sort("order")
    return figures(filled.select("rule", "kind", "rule_source", *columns))


def of_transaction(
    credits: Table[Credits], company: Company, crediting: Crediting, transaction_id: str
) -> pd.DataFrame:
    """Everybody who is credited with one transaction, and why.

    Returns:
        transaction_id, event_date, event_id, payee_id, name, role, team, rule, kind, rule_source,
        through_id, level, share, source_amount, source_currency, rate, amount, currency.
    """
    own = credits.filter(nw.col("transaction_id") == transaction_id)
    rows = positioned(own, company).join(_rules(crediting).drop("rule_source"), on="rule")
    columns = (
        *("transaction_id", "event_date", "event_id", "payee_id", "name", "role", "team"),
        *("rule", "kind"),
        *("rule_source", "through_id", "level", "share", "source_amount", "source_currency"),
        *("rate", "amount", "currency"),
    )
    return figures(rows.sort("event_date", "level", "order", "payee_id").select(*columns))


def most_shared(credits: Table[Credits], company: Company, until: str) -> str:
    """The booking of the last month with any in which most rules had a word; the larger of equals.

    Raises:
        ParameterError: nothing was credited yet.
    """
    own = credits.filter(nw.col("event_id").is_null())
    booked = own.join(periods(company, until).select("period", "first"), on="period")
    ranked = booked.group_by("transaction_id", "first").agg(
        rules=nw.col("rule").n_unique(),
        people=nw.col("payee_id").n_unique(),
        size=nw.col("source_amount").max(),
    )
    order = ["first", "rules", "people", "size", "transaction_id"]
    found = engine.collected(ranked.sort(*order).tail(1))["transaction_id"].to_list()
    if not found:
        raise ParameterError(f"nothing is credited up to {until}; `spm check` says what is wrong.")
    return str(found[0])


def transaction(company: Company, transaction_id: str) -> pd.DataFrame:
    """One transaction with the names of its customer, product and owner, as one row."""
    accounts = company.accounts.select("account_id", "segment", "country", account="name")
    products = company.products.select("product_id", "family", product="name")
    owners = company.payees.select(owner_id="payee_id", owner="name")
    found: Table[Any] = company.transactions.filter(nw.col("transaction_id") == transaction_id)
    joined = found.join(accounts, on="account_id", how="left").join(
        products, on="product_id", how="left"
    )
    columns = (
        *("transaction_id", "event_date", "kind", "account", "segment", "country", "product"),
        *("family", "owner", "amount", "currency"),
    )
    return figures(joined.join(owners, on="owner_id", how="left").select(*columns))


def to_nobody(issues: Table[Issues], company: Company, until: str) -> pd.DataFrame:
    """Transactions booked so far that the calculation refused, newest first.

    Returns:
        transaction_id, event_date, period, kind, owner_id, amount, currency, what, remedy.
    """
    refused = issues.filter(nw.col("table") == "transactions", nw.col("effect") == "refused")
    known: Table[Any] = refused.select("what", "remedy", transaction_id="row")
    rows = company.transactions.join(known, on="transaction_id")
    dated = rows.join(periods(company, until), how="cross").filter(
        engine.during("event_date", "first", "last")
    )
    columns = (
        *("transaction_id", "event_date", "period", "kind", "owner_id", "amount", "currency"),
        *("what", "remedy"),
    )
    newest = dated.sort("event_date", "transaction_id", descending=[True, False])
    return figures(newest.select(*columns))


def positioned(rows: Table[Any], company: Company, day: str = "event_date") -> Table[Any]:
    """Rows of people with the name, role and team of each on the row's day."""
    held = engine.open_ended(company.positions).select(
        "payee_id", "role", "team", held_from="start_date", held_until="end_date"
    )
    names = company.payees.select("payee_id", "name")
    joined = rows.join(held, on="payee_id").filter(engine.during(day, "held_from", "held_until"))
    return joined.join(names, on="payee_id")


def _until(rows: Table[Any], company: Company, until: str) -> Table[Any]:
    return rows.join(periods(company, until).select("period"), on="period")


def _rules(crediting: Crediting) -> Table[Any]:
    """The rules in order, each with its kind."""
    rules = list(crediting.rules.values())
    return engine.made(
        {
            "rule": [rule.name for rule in rules],
            "kind": [rule.kind for rule in rules],
            "rule_source": [rule.place for rule in rules],
            "order": list(range(len(rules))),
        },
        {"rule": str, "kind": str, "rule_source": str, "order": int},
    )
