"""Known: what the company's tables say of people and territories in a stretch of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, Accounts, Credits, Products, Table, Transactions
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import Measure
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl

MONTH = 365.25 / 12  # days


def lines(company: Company, measure: Measure) -> Table[Any]:
    """The bookings that a measure counts, with their customers' and products' columns."""
    made: Table[Any] = company.transactions
    sides: list[tuple[str, Table[Any]]] = [
        ("account_id", company.accounts),
        ("product_id", company.products),
    ]
    for column, side in sides:
        fresh = [name for name in engine.names(side) if name not in engine.names(made)]
        made = made.join(side.select(column, *fresh), on=column, how="left")
    known = kinds(engine.names(made), Transactions, Accounts, Products)
    return made.filter(matching(measure.where, known)) if measure.where else made


def credited(
    company: Company,
    credits: Table[Credits],
    measure: Measure,
    currency: str,
    stretch: tuple[date, date],
) -> pl.DataFrame:
    """What people were credited with of a measure themselves, not through others.

    Returns:
        payee_id, event_date, value [currency], own [plan currency].

    Raises:
        ParameterError: the measure is no sum of amounts, or there is no rate.
    """
    import polars as pl

    _refuse_counts(measure)
    ids = lines(company, measure).select("transaction_id")
    rows = credits.filter(
        nw.col("level") == 0,
        nw.col("event_date") >= stretch[0],
        nw.col("event_date") < stretch[1],
    ).join(ids, on="transaction_id")
    slim = rows.select("payee_id", "event_date", "amount", "currency")
    made = worth(company, slim, currency, stretch[1], "credits")
    own = pl.col("amount") / MONEY
    return made.select("payee_id", "event_date", "value", own=own)


def in_role(rows: pl.DataFrame, company: Company, roles: Iterable[str]) -> pl.DataFrame:
    """The rows of days on which their person held one of some roles."""
    import polars as pl

    stretches = engine.collected(engine.open_ended(company.positions))
    stretches = stretches.filter(pl.col("role").is_in(list(roles)))
    joined = rows.join(stretches.select("payee_id", "start_date", "end_date"), on="payee_id")
    within = (pl.col("event_date") >= pl.col("start_date")) & (
        pl.col("event_date") < pl.col("end_date")
    )
    return joined.filter(within).drop("start_date", "end_date")


def booked(
    company: Company, measure: Measure, currency: str, stretch: tuple[date, date]
) -> pl.DataFrame:
    """What was booked of a measure in each territory of accounts: territory_id, value [currency].

    Raises:
        ParameterError: the measure is no sum of amounts, or there is no rate.
    """
    import polars as pl

    _refuse_counts(measure)
    within = (nw.col("event_date") >= stretch[0]) & (nw.col("event_date") < stretch[1])
    rows = lines(company, measure).filter(within)
    made = worth(company, rows, currency, stretch[1], "transactions")
    held = engine.collected(engine.open_ended(company.account_territories))
    joined = made.select("account_id", "event_date", "value").join(held, on="account_id")
    on = joined.filter(
        pl.col("event_date") >= pl.col("start_date"), pl.col("event_date") < pl.col("end_date")
    )
    return on.group_by("territory_id").agg(pl.col("value").sum())


def owned(company: Company, until: date, people: Sequence[str]) -> pl.DataFrame:
    """Whose each account is: of whoever sold or pursued a deal there last, of the people asked.

    Returns:
        account_id, payee_id.
    """
    import polars as pl

    met: list[Table[Any]] = [
        company.transactions.filter(nw.col("amount") > 0).select(
            "account_id", "owner_id", day="event_date"
        ),
        company.opportunities.select("account_id", "owner_id", day="created_date"),
    ]
    known = engine.collected(engine.stacked([rows.filter(nw.col("day") < until) for rows in met]))
    known = known.filter(pl.col("owner_id").is_in(list(people)), pl.col("account_id").is_not_null())
    last = known.sort("day", "owner_id").group_by("account_id").agg(pl.col("owner_id").last())
    return last.select("account_id", payee_id="owner_id").sort("account_id")


def potentials(company: Company, currency: str, until: date) -> pl.DataFrame:
    """What each account could buy: account_id, potential [currency a year].

    Raises:
        ParameterError: there is no rate into the currency.
    """
    made = worth(company, company.account_potentials, currency, until, "account_potentials")
    return made.select("account_id", potential="value")


def held(
    company: Company,
    plans: Mapping[str, Plan],
    currency: str,
    roles: Iterable[str],
    stretch: tuple[date, date],
) -> pl.DataFrame:
    """Who worked in some roles in a stretch of days, leave taken off.

    Returns:
        payee_id, months, pay (base and target, for the days worked) [currency], last (day after
        the last day worked), territory_id (the last held).

    Raises:
        ParameterError: there is no rate into the currency.
    """
    import polars as pl

    start, end = stretch
    rows = engine.collected(engine.open_ended(company.positions))
    rows = rows.filter(
        pl.col("role").is_in(list(roles)),
        pl.col("status") == "active",
        pl.col("start_date") < end,
        pl.col("end_date") > start,
    ).with_columns(
        begins=pl.max_horizontal("start_date", pl.lit(start)),
        ends=pl.min_horizontal("end_date", pl.lit(end)),
        currency=pl.col("plan").replace_strict(
            {name: plan.currency for name, plan in plans.items()}, default=currency
        ),
    )
    paid = rows.with_columns(
        amount=pl.col("base_pay").fill_null(0) + pl.col("target_incentive").fill_null(0)
    )
    made = worth(company, engine.brought(paid), currency, end, "positions")
    days = (pl.col("ends") - pl.col("begins")).dt.total_days()
    return (
        made.sort("begins")
        .with_columns(months=days / MONTH)
        .group_by("payee_id")
        .agg(
            pl.col("months").sum(),
            pay=(pl.col("value") * pl.col("months") / 12).sum(),
            last=pl.col("ends").max(),
            territory_id=pl.col("territory_id").last(),
        )
        .sort("payee_id")
    )


def worth(
    company: Company, rows: Table[Any], currency: str, until: date, name: str
) -> pl.DataFrame:
    """Rows with the value of their amount, all at the rate of the day before a day.

    Args:
        rows: with amount and currency, and none of rate and rate_date.

    Raises:
        ParameterError: there is no rate into the currency.
    """
    import polars as pl

    day = nw.lit(until - timedelta(1))
    whole: Table[Any] = engine.kept(rows)
    dated = whole.with_columns(kept_date=nw.col("event_date")) if _dated(whole) else whole
    dated = engine.kept(dated.with_columns(event_date=day))
    rates = company.currency_rates.filter(nw.col("kind") == "spot")
    days = engine.kept(dated.select("event_date").unique(["event_date"]))
    turned = conversion.converted(dated, rates, days, currency, ["amount"])
    made = engine.collected(turned).with_columns(value=pl.col(f"amount@{currency}") / MONEY)
    missing = made.filter(pl.col("value").is_null())["currency"].unique().sort().to_list()
    if missing:
        raise ParameterError(
            f"{name} has amounts in {missing[0]}, and there is no rate from it to {currency} "
            f"before {until}; add one to currency_rates."
        )
    if "kept_date" in made.columns:
        made = made.drop("event_date").rename({"kept_date": "event_date"})
    return made


def _dated(rows: Table[Any]) -> bool:
    return "event_date" in engine.names(rows)


def _refuse_counts(measure: Measure) -> None:
    if measure.sums != "amount" or measure.per:
        raise ParameterError(
            f"'{measure.name}' is no sum of amounts; write a measure with `sum: amount`."
        )
