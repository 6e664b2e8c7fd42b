"""Renewals: subscriptions that come due, and those that customer success keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from . import catalogue
from .customers import Customers
from .days import DAYS, END, START, WORKING
from .deals import holder
from .draws import GENTLE, HEAVY, Draws, Whole, rounded
from .people import People

BASE_LINES = (30, 30, 25, 15)  # odds of one to four subscriptions of a customer on the first day
BASE_SIZE = {"enterprise": 21_000, "mid_market": 7_600, "small": 2_300}  # mean a year [USD]
KEPT = 905  # thousandths of what comes due and is renewed, by an average person
SMALLER = 140  # thousandths of the renewals at a lower amount


def with_first_orders(firm: Customers, sold: pl.DataFrame) -> Customers:
    """The customers, with the day of each one's first order."""
    first = sold.group_by("account").agg(pl.col("day").min()).sort("account")
    since = firm.since.copy()
    at = first["account"].to_numpy()
    since[at] = np.minimum(since[at], first["day"].to_numpy())
    return replace(firm, since=since)


def renewals(
    people: People, firm: Customers, sold: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Renewed lines, and all that came due whether renewed or not."""
    draws = Draws("renewals")
    owed = pl.concat([_base(firm, draws), _bought(sold)])
    done, due = [], []
    while len(owed):
        due.append(owed)
        owed = owed.filter(pl.col("day") < END)
        kept = _renewed(owed, people, firm, draws)
        done.append(kept)
        owed = kept.select(
            "account", "product", "quantity", "currency", arr="arr", day=pl.col("due") + 365
        )
    return pl.concat(done).drop("due"), pl.concat(due)


def _base(firm: Customers, draws: Draws) -> pl.DataFrame:
    """What customers of the first day had subscribed to before."""
    old = np.flatnonzero(firm.since < START)
    account = np.repeat(old, draws.chosen(BASE_LINES, len(old)) + 1)
    size = len(account)
    product = draws.chosen(catalogue.WEIGHT * catalogue.SUBSCRIBED, size)
    currency = firm.currency[account]
    mean = np.array([BASE_SIZE[s] for s in firm.segment[account].tolist()], np.int64)
    price = catalogue.local_price(product, currency)
    worth = catalogue.PRICE[product] * 1000
    seats = np.maximum(1, mean * draws.spread(HEAVY, size) // worth)
    return pl.DataFrame(
        {
            "account": account,
            "product": product,
            "quantity": seats * 10_000,
            "currency": currency,
            "arr": seats * price * 9_000,
            "day": START + draws.below(365, size),
        }
    )


def _bought(sold: pl.DataFrame) -> pl.DataFrame:
    subscribed = sold.filter((pl.col("term") > 0) & (pl.col("kind") == "new") & (pl.col("arr") > 0))
    end = subscribed["day"].to_numpy() + subscribed["term"].to_numpy() // 12 * 365
    return subscribed.select(
        "account", "product", "quantity", "currency", "arr", day=pl.Series(end)
    )


def _renewed(owed: pl.DataFrame, people: People, firm: Customers, draws: Draws) -> pl.DataFrame:
    account, due = owed["account"].to_numpy(), owed["day"].to_numpy()
    day = _working(due - draws.between(0, 21, len(due)))
    owner = holder(people, "customer_success_manager", firm.territory_on(account, day), day)
    kept = draws.chance(KEPT + (people.talent[owner] - 1000) // 10, len(due))
    smaller = draws.chance(SMALLER, len(due))
    factor = np.where(
        smaller, draws.between(450, 950, len(due)), draws.between(1000, 1070, len(due))
    )
    minor = np.array([catalogue.MINOR[c] for c in owed["currency"].to_list()], np.int64)
    seats = owed["quantity"].to_numpy() // 10_000
    seats = np.where(smaller, np.maximum(1, seats * factor // 1000), seats)
    amount = rounded(owed["arr"].to_numpy() * factor // 1000, minor)
    cost = 1000 - catalogue.MARGIN[owed["product"].to_numpy()]
    margin = rounded(amount - amount * cost // 1000 * draws.spread(GENTLE, len(due)) // 1000, minor)
    return pl.DataFrame(
        {
            "day": day,
            "deal": np.full(len(due), -1),
            "account": account,
            "product": owed["product"],
            "owner": owner,
            "channel": np.full(len(due), "direct"),
            "new_logo": np.full(len(due), "no"),
            "amount": amount,
            "margin": margin,
            "quantity": seats * 10_000,
            "arr": amount,
            "discount": np.zeros(len(due), np.int64),
            "term": np.full(len(due), 12),
            "currency": owed["currency"],
            "kind": np.full(len(due), "renewal"),
            "due": due,
        }
    ).filter(pl.Series(kept))


def _working(day: Whole) -> Whole:
    """The same or the next working day, within the sample."""
    following = np.busday_offset(day.astype("datetime64[D]"), 0, roll="forward").astype(np.int64)
    last = DAYS[WORKING][-1]
    return np.clip(following, DAYS[WORKING][0], last)
