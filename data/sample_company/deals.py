"""Deals: what account executives, account managers and channel sellers book."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from . import catalogue
from .customers import Customers
from .days import DAYS, END, MONTH, START, busy
from .draws import HEAVY, Draws, Whole, rounded
from .people import People, Stint

RAMP = (80, 250, 450, 700, 900)  # thousandths of full productivity in each month after hiring
DEALS = {"enterprise": 25, "mid_market": 43, "small": 72}  # deals a seat wins in a year
SIZE = {"enterprise": 47_500, "mid_market": 18_600, "small": 7_700}  # mean deal [USD]
LINES = (
    (100, 0, 0, 0),
    (70, 30, 0, 0),
    (58, 26, 16, 0),
    (50, 24, 15, 11),
)  # shares of a deal's lines
LINE_ODDS = (40, 33, 18, 9)
TERMS, TERM_ODDS = np.array([12, 24, 36]), (74, 11, 15)  # months
SERVICES = 330  # thousandths of the deals that take services along
PARTNERED = 200  # thousandths of the deals won with a partner
METERED = 40  # thousandths of the lines priced by the reading, with four decimals
EXPANSIONS = 430  # a year and account manager
EXPANSION_SIZE = {"enterprise": 6_600, "mid_market": 2_600, "small": 1_150}
CHANNEL_LINES, CHANNEL_SIZE = 260, 2_650


def new_business(people: People, firm: Customers, patch: np.ndarray) -> pl.DataFrame:
    """Deals of account executives, with the services sold along."""
    draws = Draws("new business")
    stints = [s for s in people.stints if s.seat.role == "account_executive"]
    person, day, seat = won(people, stints, DEALS, draws)
    account = _accounts(seat, day, firm, patch, draws)
    segment = firm.segment[account]
    mean = np.array([SIZE[s] for s in segment.tolist()], np.int64)
    worth = mean * draws.spread(HEAVY, len(day)) // 1000 * _bigger(day) // 1000
    deals = pl.DataFrame(
        {"deal": np.arange(len(day)), "day": day, "account": account, "owner": person}
    )
    channel = np.where(draws.chance(PARTNERED, len(day)), "partner", "direct")
    deals = deals.with_columns(
        pl.Series("channel", channel), worth=pl.Series(worth), new_logo=_first(deals, firm)
    )
    sold = lines(_split(deals, draws), firm, draws, "new")
    along = deals.filter(pl.Series(draws.chance(SERVICES, len(day))))
    return pl.concat([sold, lines(_services(along, draws), firm, draws, "service")])


def expansions(people: People, firm: Customers) -> pl.DataFrame:
    """Seats and products that account managers add for the customers of their territory."""
    draws = Draws("expansions")
    stints = [s for s in people.stints if s.seat.role == "account_manager"]
    size = EXPANSIONS * sum(s.end - s.start for s in stints) // 365
    day = DAYS[draws.chosen(busy(), size)]
    order = np.argsort(firm.since, kind="stable")
    known = np.searchsorted(firm.since[order], day)  # customers on the day
    account = order[draws.below(known, size)]
    owner = holder(people, "account_manager", firm.territory_on(account, day), day)
    mean = np.array([EXPANSION_SIZE[s] for s in firm.segment[account].tolist()], np.int64)
    worth = mean * draws.spread(HEAVY, size) // 1000 * _bigger(day) // 1000
    rows = pl.DataFrame(
        {"day": day, "account": account, "owner": owner, "channel": ["direct"] * size}
    )
    rows = rows.with_columns(
        worth=pl.Series(worth * people.talent[owner] // 1000),
        product=pl.Series(draws.chosen(catalogue.WEIGHT, size)),
        deal=pl.lit(-1, pl.Int64),
        new_logo=pl.lit("no"),
    )
    return lines(rows, firm, draws, "expansion")


def channel_sales(people: People, firm: Customers, patch: np.ndarray) -> pl.DataFrame:
    """Small orders that channel sellers win through distributors."""
    draws = Draws("channel")
    stints = [s for s in people.stints if s.seat.role == "channel_seller"]
    person, day, _ = won(people, stints, {"small": CHANNEL_LINES}, draws)
    served = np.flatnonzero(patch == "")
    account = served[draws.below(len(served), len(day))]
    worth = CHANNEL_SIZE * draws.spread(HEAVY, len(day)) // 1000 * _bigger(day) // 1000
    rows = pl.DataFrame(
        {"day": day, "account": account, "owner": person, "worth": worth}
    ).with_columns(
        product=pl.Series(draws.chosen(catalogue.WEIGHT, len(day))),
        channel=pl.lit("distributor"),
        deal=pl.lit(-1, pl.Int64),
    )
    rows = rows.with_columns(new_logo=_first(rows, firm))
    kind = np.where(draws.chance(300, len(day)), "expansion", "new")
    return lines(rows, firm, draws, "new").with_columns(
        kind=pl.when(pl.col("new_logo") == "yes").then(pl.lit("new")).otherwise(pl.Series(kind))
    )


def won(
    people: People, stints: list[Stint], a_year: dict[str, int], draws: Draws
) -> tuple[Whole, Whole, np.ndarray]:
    """Who wins on which day, and from which seat: more in busy weeks, more by better sellers."""
    weight = np.zeros((len(stints), len(DAYS)), np.int64)
    for row, stint in enumerate(stints):
        if stint.status == "active":
            worked = (stint.start <= DAYS) & (stint.end > DAYS)
            skill = people.talent[stint.person] * a_year[stint.seat.segment]
            weight[row] = busy() * worked * _ramp(people, stint) // 1000 * skill
    days = sum(a_year[s.seat.segment] * (s.end - s.start) for s in stints if s.status == "active")
    cell = np.sort(draws.chosen(weight.ravel(), days // 365))
    at, day = np.divmod(cell, len(DAYS))
    person = np.array([s.person for s in stints])[at]
    return person, DAYS[day], np.array([s.seat.key for s in stints])[at]


def holder(people: People, role: str, territory: np.ndarray, day: Whole) -> Whole:
    """The person who holds a territory in a role on each day; -1 where nobody does."""
    found = np.full(len(day), -1, np.int64)
    for stint in people.stints:
        if stint.seat.role == role:
            at = (territory == stint.seat.territory) & (day >= stint.start) & (day < stint.end)
            found[at] = stint.person
    return found


def lines(rows: pl.DataFrame, firm: Customers, draws: Draws, kind: str) -> pl.DataFrame:
    """Booked lines with quantity, discount and money [ticks, ten-thousandths of a unit]."""
    size = len(rows)
    product, account, day = (rows[name].to_numpy() for name in ("product", "account", "day"))
    currency = firm.currency[account]
    subscribed = catalogue.SUBSCRIBED[product]
    term = np.where(subscribed, TERMS[draws.chosen(TERM_ODDS, size)], 12)
    if kind == "expansion":
        term = np.full(size, 12)
    discount = _discount(day, firm.segment[account], size, draws)
    cost = catalogue.PRICE[product] * (term // 12) * (10_000 - discount)
    seats = np.maximum(1, rounded(rows["worth"].to_numpy() * 10_000, cost) // cost)
    listed = seats * catalogue.local_price(product, currency) * (term // 12)
    minor = np.array([catalogue.MINOR[c] for c in currency.tolist()], np.int64)
    amount = rounded(listed * (10_000 - discount), minor)
    metered = draws.chance(METERED, size) & subscribed
    amount = np.where(metered, amount + draws.between(1, 9_999, size), amount)
    spent = listed * 10 * (1000 - catalogue.MARGIN[product]) // 100 * draws.between(85, 115, size)
    margin = rounded(amount - spent, minor)
    arr = np.where(subscribed, rounded(amount * 12 // term, minor), 0)
    money: dict[str, Any] = {
        "amount": amount,
        "margin": margin,
        "quantity": seats * 10_000,
        "arr": arr,
    }
    return rows.select(
        "day", "deal", "account", "product", "owner", "channel", "new_logo"
    ).with_columns(
        *(pl.Series(name, column) for name, column in money.items()),
        discount=pl.Series(discount),
        term=pl.Series(np.where(subscribed, term, -1)),
        currency=pl.Series(currency),
        kind=pl.lit(kind),
    )


def _discount(day: Whole, segment: np.ndarray, size: int, draws: Draws) -> Whole:
    """Hundredths of a percent: deeper for large customers and at the end of a quarter."""
    usual = np.array([0, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000])
    taken = usual[draws.chosen((26, 15, 9, 17, 6, 13, 8, 4, 2), size)]
    late = (MONTH[day - START] % 3 == 2) & draws.chance(400, size)
    large = (segment == "enterprise") & draws.chance(500, size)
    return np.minimum(taken + 300 * late + 400 * large, 3500)


def _split(deals: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """A deal's one to four lines, no product twice."""
    count = draws.chosen(LINE_ODDS, len(deals))
    parts = np.array(LINES)[count]
    made = [
        deals.with_columns(
            worth=pl.col("worth") * pl.Series(parts[:, n]) // 100,
            product=pl.Series(draws.chosen(catalogue.WEIGHT, len(deals))),
        ).filter(pl.Series(parts[:, n] > 0))
        for n in range(4)
    ]
    return pl.concat(made).unique(["deal", "product"], keep="first", maintain_order=True)


def _services(deals: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    of_deal = draws.between(80, 260, len(deals))
    return deals.with_columns(
        worth=pl.col("worth") * pl.Series(of_deal) // 1000,
        product=pl.Series(draws.between(10, 12, len(deals))),
        new_logo=pl.lit("no"),
    ).filter(pl.col("worth") > 600)


def _accounts(
    seat: np.ndarray, day: Whole, firm: Customers, patch: np.ndarray, draws: Draws
) -> Whole:
    """The account of each deal: customers of the seat's patch, and slowly the rest of it."""
    account, drawn = np.zeros(len(day), np.int64), draws.below(2**40, len(day))
    for key in np.unique(seat):
        at = np.flatnonzero(seat == key)
        at = at[np.argsort(day[at], kind="stable")]
        pool = np.flatnonzero(patch == key)
        pool = pool[np.argsort(firm.since[pool], kind="stable")]
        old = int((firm.since[pool] < END).sum())
        open_ = old + 1 + np.arange(len(at)) * (len(pool) - old) // (len(at) + 1)
        account[at] = pool[drawn[at] % np.minimum(open_, len(pool))]
    return account


def _first(deals: pl.DataFrame, firm: Customers) -> pl.Series:
    """Whether each row is an account's first order ever."""
    fresh = pl.Series(firm.since[deals["account"].to_numpy()] > END)
    earliest = deals.select(
        pl.struct("day", pl.int_range(pl.len()).alias("n")).rank("ordinal").over("account") == 1
    )
    return pl.Series(np.where(fresh & earliest.to_series(), "yes", "no"))


def _bigger(day: Whole) -> Whole:
    """How much larger deals have grown [thousandths]."""
    return 1000 + 3 * (MONTH[day - START] - MONTH[0])


def _ramp(people: People, stint: Stint) -> Whole:
    """How productive somebody is on each day [thousandths]."""
    hired = people.hired[stint.person]
    if hired <= START:
        return np.full(len(DAYS), 1000)
    month = np.clip((DAYS - hired) // 30, 0, len(RAMP))
    return np.array([*RAMP, 1000])[month]
