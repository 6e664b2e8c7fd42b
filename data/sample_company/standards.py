"""Standards: what each seat is expected to book, month by month, before anyone is given a quota.

Nothing here looks ahead: a year's standard knows the seat, the season, the growth that was planned
and what its holder booked the year before. So attainment is as uneven as it is in a real firm.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

from . import catalogue, organisation
from .customers import Customers
from .days import END, FIRST, SEASON, month_start, number, season_share
from .deals import CHANNEL_LINES, CHANNEL_SIZE, DEALS, SIZE
from .draws import Whole
from .organisation import Seat
from .people import People, Stint

MONTHS: Whole = np.arange(np.datetime64(FIRST, "M"), np.datetime64("2027-01")).astype(np.int64)
EDGES: Whole = month_start(np.append(MONTHS, MONTHS[-1] + 1))
NORMAL = sum(SEASON) * 1000  # a year's season, without growth
AE_PLANS = ("account_executive", "account_executive_emea", "account_executive_japan")
STANDARDS = {  # a year and seat [USD, or meetings]
    "account_manager": 1_250_000,
    "channel_sales": CHANNEL_LINES * CHANNEL_SIZE,
    "marketing_development": 300,
    "marketing_manager": 2_700,
}
# Thousandths of bookings that are won with partners, in analytics, and as first orders
PARTNER, ANALYTICS, LOGOS = 200, 270, 145
RAMPED = (300, 300, 300, 700, 700, 700)  # thousandths of quota in a new seller's first months
Told = list[tuple[Stint, Whole]]  # stints, and a number for each month
Key = tuple[int, int]  # a person, and the first day in a seat


def expected(
    firm: People, customers: Customers, lines: pl.DataFrame, due: pl.DataFrame
) -> dict[str, dict[Key, Whole]]:
    """What is expected of each person month by month, by plan [USD or units]."""
    sold = {plan: _sellers(firm, plan, lines) for plan in (*AE_PLANS, *STANDARDS)}
    bookings = [told for plan in (*AE_PLANS, "account_manager") for told in sold[plan]]
    owed = _owed(customers, due)
    made = {plan: {key(stint): months for stint, months in told} for plan, told in sold.items()}
    rules: dict[str, Callable[[Stint], Whole]] = {
        "sales_manager": lambda s: _below(firm, s.seat, bookings),
        "customer_success": lambda s: _owed_by(s.seat, owed),
        "partner_manager": lambda s: (
            _regional(firm, s.seat, bookings[: -len(sold["account_manager"])]) * PARTNER // 1000
        ),
        "solution_engineer": lambda s: _regional(firm, s.seat, bookings) * ANALYTICS // 1000,
        "customer_success_lead": lambda s: _owed_by(s.seat, owed),
        "executive": lambda s: _led(s.seat, sold, bookings, owed),
    }
    for plan, rule in rules.items():
        made[plan] = {key(s): rule(s) for s in held(firm) if s.seat.plan == plan}
    made["renewals"] = {
        key(s): _owed_by(s.seat, owed) for s in held(firm) if s.seat.plan == "account_manager"
    }
    return made


def _standard(plan: str, segment: str) -> int:
    """What a seat of average strength books in a year [USD or units]; 0 where others sell."""
    at = segment if segment in SIZE else "mid_market"
    return DEALS[at] * SIZE[at] if plan in AE_PLANS else STANDARDS.get(plan, 0)


def _sellers(firm: People, plan: str, lines: pl.DataFrame) -> Told:
    """Those who sell under a plan, by month: half their history, half the seat's standard."""
    actual = _actual(lines, "meeting" if plan.startswith("marketing") else "")
    told = []
    for stint in [s for s in held(firm) if s.seat.plan == plan]:
        usual = _usual(firm, stint)
        told.append((stint, usual * _history(stint, usual, actual) // 1000))
    return told


def _usual(firm: People, stint: Stint) -> Whole:
    """A seat's standard over the months, with season, growth and the ramp of a new seller."""
    seat = stint.seat
    months = _standard(seat.plan, seat.segment) * season_share(MONTHS) // NORMAL
    hired = firm.hired[stint.person]
    since = (EDGES[:-1] - hired + 15) // 30
    early = (hired > number(FIRST)) & (since >= -1) & (since < len(RAMPED))
    return np.where(
        early, months * np.array(RAMPED)[np.clip(since, 0, len(RAMPED) - 1)] // 1000, months
    )


def _history(stint: Stint, usual: Whole, actual: dict[tuple[int, int], int]) -> Whole:
    """Thousandths by which last year's results move each month's quota."""
    year = MONTHS // 12 + 1970
    factor = np.full(len(MONTHS), 1000, np.int64)
    for now in (2025, 2026):
        before = (year == now - 1) & (EDGES[:-1] >= stint.start - 15)
        if before.sum() >= 5 and (stint.person, now - 1) in actual:
            ratio = actual[stint.person, now - 1] * 1000 // int(usual[before].sum())
            factor[year == now] = 550 + 450 * min(max(ratio, 600), 1500) // 1000
    return factor


def _actual(lines: pl.DataFrame, kind: str) -> dict[tuple[int, int], int]:
    """What each person booked in each year [USD at plan rates, or units]."""
    sold = lines.filter(
        pl.col("kind") == kind if kind else pl.col("kind").is_in(["new", "expansion"])
    )
    year = pl.from_epoch("day", time_unit="d").dt.year().alias("year")
    amount = pl.col("quantity") // 10_000 if kind else _dollars()
    summed = sold.group_by("owner", year).agg(amount.sum().alias("amount"))
    return {(owner, y): amount for owner, y, amount in summed.rows()}


def _owed(customers: Customers, due: pl.DataFrame) -> dict[str, Whole]:
    """What comes due for renewal in each territory and month [USD]."""
    territory = customers.territory_on(due["account"].to_numpy(), due["day"].to_numpy())
    month = np.searchsorted(EDGES, due["day"].to_numpy(), side="right") - 1
    told = due.select(
        amount=_dollars("arr"), territory=pl.Series(territory), month=pl.Series(month)
    )
    told = told.filter(pl.col("month") < len(MONTHS))
    summed = (
        told.group_by("territory", "month").agg(pl.col("amount").sum()).sort("territory", "month")
    )
    made = {
        name: np.zeros(len(MONTHS), np.int64) for name in summed["territory"].unique().to_list()
    }
    for name, at, amount in summed.rows():
        made[name][at] = amount
    return made


def _owed_by(seat: Seat, owed: dict[str, Whole]) -> Whole:
    led = {"CM-1": ("AMER",), "CM-2": ("EMEA", "APAC")}.get(seat.key, (seat.territory,))
    return sum(
        (months for name, months in owed.items() if name.startswith(led)),
        np.zeros(len(MONTHS), np.int64),
    )


def _below(firm: People, boss: Seat, bookings: Told) -> Whole:
    """What is expected of all who report to a seat, directly or not, month by month."""
    return sum(
        (
            months * _there(stint, partial(_reports_to, stint.seat, boss.key))
            for stint, months in bookings
        ),
        np.zeros(len(MONTHS), np.int64),
    )


def _regional(firm: People, seat: Seat, bookings: Told) -> Whole:
    """What is expected in a seat's region, for each of those who share it."""
    sharing = sum(
        s.role == seat.role and s.market == seat.market for s in organisation.seats().values()
    )
    divided = sharing if seat.role == "partner_manager" else 1
    home = {"-": ("AMER", "EMEA", "JP", "APAC"), "APAC": ("JP", "APAC")}.get(
        seat.market, (seat.market,)
    )
    near = [(s, m) for s, m in bookings if s.seat.market in home]
    return sum((m * _there(s) for s, m in near), np.zeros(len(MONTHS), np.int64)) // divided


def _led(seat: Seat, sold: dict[str, Told], bookings: Told, owed: dict[str, Whole]) -> Whole:
    """What is expected of the organisation that an executive leads; in marketing, first orders."""
    sales, new = _total(bookings), _total([t for plan in AE_PLANS for t in sold[plan]])
    channel, renewed = (
        _total(sold["channel_sales"]),
        sum(owed.values(), np.zeros(len(MONTHS), np.int64)),
    )
    parts = {
        "CRO-1": sales + channel + renewed * 9 // 10,
        "VP-S-1": sales,
        "VP-C-1": renewed * 9 // 10,
        "VP-P-1": channel + new * PARTNER // 1000,
    }
    return parts.get(seat.key, new * LOGOS // 1000)


def _total(told: Told) -> Whole:
    return sum((months * _there(stint) for stint, months in told), np.zeros(len(MONTHS), np.int64))


def _there(stint: Stint, also: Callable[[int], bool] = lambda _: True) -> Whole:
    """1 for the months in the middle of which a person holds the seat."""
    middle = (EDGES[:-1] + 14).tolist()
    return np.array([int(stint.start <= day < stint.end and also(day)) for day in middle])


def _reports_to(seat: Seat, boss: str, day: int) -> bool:
    return boss in _chain(seat, day)


def _chain(seat: Seat, day: int) -> list[str]:
    above = [boss for since, boss in organisation.reports(seat).items() if since <= day]
    boss = above[-1] if above else seat.manager
    return [] if boss == "-" else [boss, *_chain(organisation.seats()[boss], day)]


def held(firm: People) -> list[Stint]:
    """Stints, one for each unbroken time in a seat, absences included, to the year's end."""
    made: list[Stint] = []
    for stint in firm.stints:
        last = made[-1] if made else None
        if last and (last.person, last.seat, last.end) == (stint.person, stint.seat, stint.start):
            made[-1] = Stint(last.person, last.seat, last.start, stint.end)
        else:
            made.append(stint)
    final = int(EDGES[-1])
    return [Stint(s.person, s.seat, s.start, final) if s.end == END else s for s in made]


def key(stint: Stint) -> Key:
    """What tells one stint from another."""
    return stint.person, stint.start


def _dollars(column: str = "amount") -> pl.Expr:
    """Ticks of a currency as whole US dollars at the plan rates of 2025."""
    worth = pl.col("currency").replace_strict(catalogue.PLAN[2025], return_dtype=pl.Int64)
    return (pl.col(column) // 10_000) * (worth // 1000) // (10**10 // 1000)
