"""Customers: accounts, and the territories they belong to from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import names
from .days import START, number, written
from .draws import Draws, Whole
from .organisation import TERRITORIES, Seat
from .places import part, places

# market, segment, accounts, of which customers on the first day
MARKETS = (
    ("AMER", "enterprise", 170, 70),
    ("AMER", "mid_market", 330, 130),
    ("AMER", "small", 260, 80),
    ("EMEA", "enterprise", 120, 52),
    ("EMEA", "mid_market", 240, 90),
    ("EMEA", "small", 80, 24),
    ("JP", "mid_market", 150, 40),
    ("APAC", "mid_market", 150, 38),
    ("APAC", "small", 40, 8),
)
COUNTRIES = {
    "AMER": "US US US US US US US CA MX",
    "EMEA": "GB GB GB DE DE DE FR FR NL ES IT",
    "JP": "JP",
    "APAC": "AU AU SG SG ID ID",
}
CURRENCIES = {
    "GB": "GBP",
    "JP": "JPY",
    "ID": "IDR",
    **dict.fromkeys(("DE", "FR", "NL", "ES", "IT"), "EUR"),
}
INDUSTRIES = [
    "pharma",
    "food",
    "chemicals",
    "automotive",
    "energy",
    "research",
    "water",
    "electronics",
]

# Accounts that changed territory: day, from, to, how many, day on which they went back.
REDRAWN = (
    (date(2025, 1, 1), "AMER-1", "AMER-6", 14, None),
    (date(2025, 7, 1), "EMEA-3", "EMEA-4", 16, None),
    (date(2025, 7, 1), "AMER-2", "AMER-3", 12, None),
    (date(2025, 9, 1), "EMEA-1", "EMEA-2", 9, date(2026, 1, 1)),
    (date(2026, 3, 1), "APAC-1", "APAC-2", 11, None),
)
UNCOVERED = (37, 502, 811)  # blemish: accounts that nobody put in a territory


@dataclass(frozen=True)
class Customers:
    """Every account, one row of each array."""

    names: list[str]
    market: np.ndarray
    segment: np.ndarray
    country: np.ndarray
    currency: np.ndarray
    industry: np.ndarray
    since: Whole  # day of the first order, a large number while there is none
    territory: np.ndarray  # on the first day
    moves: tuple[tuple[int, str, Whole], ...]  # day, to, accounts

    def id(self, account: Whole) -> np.ndarray:
        """Account numbers, with a leading zero; empty below zero."""
        return np.array([f"{n + 1:05d}" if n >= 0 else "" for n in account.tolist()])

    def territory_on(self, account: Whole, day: Whole) -> np.ndarray:
        """Territories of accounts on days."""
        held = self.territory[account].copy()
        for since, to, moved in self.moves:
            held[np.isin(account, moved) & (day >= since)] = to
        return held


def customers() -> Customers:
    """The accounts of the firm."""
    draws = Draws("customers")
    rows = [(m, s, i < old) for m, s, count, old in MARKETS for i in range(count)]
    size = len(rows)
    market, segment, old = (np.array(column) for column in zip(*rows, strict=True))
    listed = [COUNTRIES[m].split() for m in market]
    country = np.array(
        [among[n % len(among)] for among, n in zip(listed, draws.below(10**6, size), strict=True)]
    )
    region = np.where(market == "JP", "APAC", market)
    place = draws.below(10**6, size)
    territory = np.array(
        [
            f"{r}-{1 + p % TERRITORIES[r]}"
            for r, p in zip(region.tolist(), place.tolist(), strict=True)
        ]
    )
    # Japan has an account manager of its own
    territory = np.where(market == "JP", "APAC-2", np.where(region == "APAC", "APAC-1", territory))
    return Customers(
        names=names.firms(country.tolist()),
        market=market,
        segment=segment,
        country=country,
        currency=np.array([CURRENCIES.get(c, "USD") for c in country]),
        industry=np.array(INDUSTRIES)[draws.below(len(INDUSTRIES), size)],
        since=np.where(old, START - 1, 10**6),
        territory=territory,
        moves=_moves(territory),
    )


def patches(firm: Customers, seats: dict[str, Seat]) -> np.ndarray:
    """The selling seat that each account belongs to; empty where a distributor serves it."""
    sellers = [seat for seat in seats.values() if seat.role == "account_executive"]
    patch = np.full(len(firm.names), "", "U10")
    for market, segment, *_ in MARKETS:
        keys = [seat.key for seat in sellers if (seat.market, seat.segment) == (market, segment)]
        of = np.flatnonzero((firm.market == market) & (firm.segment == segment))
        if keys:
            patch[of] = np.array(keys)[np.arange(len(of)) % len(keys)]
    return patch


def accounts(firm: Customers) -> dict[str, Sequence[object]]:
    """The table of accounts."""
    return {
        "account_id": firm.id(np.arange(len(firm.names))).tolist(),
        "name": firm.names,
        "segment": firm.segment.tolist(),
        "region": np.where(firm.market == "JP", "APAC", firm.market).tolist(),
        "country": firm.country.tolist(),
        "industry": firm.industry.tolist(),
        **places("places", firm.country.tolist(), [part(t) for t in firm.territory.tolist()]),
    }


def account_territories(firm: Customers) -> dict[str, Sequence[object]]:
    """The table of account territories: one row until a move, one from it."""
    stays = {n: [(START, t)] for n, t in enumerate(firm.territory.tolist()) if n not in UNCOVERED}
    for day, to, moved in firm.moves:
        for account in moved.tolist():
            stays[account].append((day, to))
    rows = [
        (account, to, day, after)
        for account, held in stays.items()
        for (day, to), (after, _) in zip(held, [*held[1:], (-1, "")], strict=True)
    ]
    account, territory, start, end = zip(*rows, strict=True)
    return {
        "account_id": firm.id(np.array(account)).tolist(),
        "territory_id": list(territory),
        "start_date": written(np.array(start)),
        "end_date": written(np.array(end)),
    }


def _moves(territory: np.ndarray) -> tuple[tuple[int, str, Whole], ...]:
    moves, taken = [], list(UNCOVERED)
    for day, here, there, count, back in REDRAWN:
        free = np.setdiff1d(np.flatnonzero(territory == here), taken)
        moved = free[:: max(1, len(free) // count)][:count]
        taken += moved.tolist()
        moves += [(number(day), there, moved)] + ([(number(back), here, moved)] if back else [])
    return tuple(sorted(moves, key=lambda move: move[0]))
