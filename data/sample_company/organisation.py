"""The organisation: the seats of the firm, and what happened to those who hold them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from .days import number

# prefix, seats, role, market, segment, plan, base pay, target incentive [plan currency a year],
# manager's seat
GROUPS = """
CRO   1 chief_revenue_officer    -    -          executive                 340000  230000 -
VP-S  1 vice_president           -    -          executive                 270000  170000 CRO-1
VP-C  1 vice_president           -    -          executive                 245000  120000 CRO-1
VP-M  1 vice_president           -    -          executive                 235000  100000 CRO-1
VP-P  1 vice_president           -    -          executive                 235000  115000 CRO-1
SD    3 sales_director           -    -          sales_manager             195000  115000 VP-S-1
SM-A  4 sales_manager            AMER -          sales_manager             150000   88000 SD-1
SM-E  3 sales_manager            EMEA -          sales_manager             142000   82000 SD-2
SM-P  2 sales_manager            APAC -          sales_manager             138000   78000 SD-3
AE-AE 7 account_executive        AMER enterprise account_executive         138000  100000 SM-A-1
AE-AM 9 account_executive        AMER mid_market account_executive         100000   72000 SM-A-2
AE-AS 5 account_executive        AMER small      account_executive          76000   46400 SM-A-3
AE-EE 6 account_executive        EMEA enterprise account_executive_emea    118000   86000 SM-E-1
AE-EM 7 account_executive        EMEA mid_market account_executive_emea     84000   59000 SM-E-2
AE-J  6 account_executive        JP   mid_market account_executive_japan 14500000 8600000 SM-P-2
AE-P  4 account_executive        APAC mid_market account_executive          98000   60000 SM-P-1
AM-A  6 account_manager          AMER -          account_manager            92000   56000 SM-A-4
AM-E  4 account_manager          EMEA -          account_manager            88000   52000 SM-E-3
AM-P  2 account_manager          APAC -          account_manager            86000   50000 SM-P-1
CM    2 customer_success_lead    -    -          customer_success_lead     124000   40000 VP-C-1
CS-A  6 customer_success_manager AMER -          customer_success           88000   24000 CM-1
CS-E  4 customer_success_manager EMEA -          customer_success           84000   22000 CM-2
CS-P  2 customer_success_manager APAC -          customer_success           82000   22000 CM-2
MD    1 marketing_director       -    -          executive                 165000   60000 VP-M-1
MM    1 marketing_manager        -    -          marketing_manager         118000   42000 MD-1
SR-A  5 marketing_development    AMER -          marketing_development      62000   30000 MM-1
SR-E  3 marketing_development    EMEA -          marketing_development      58000   28000 MM-1
SR-P  2 marketing_development    APAC -          marketing_development      56000   26000 MM-1
PD    1 partner_director         -    -          partner_manager           168000   80000 VP-P-1
PM-A  2 partner_manager          AMER -          partner_manager           112000   54000 PD-1
PM-E  2 partner_manager          EMEA -          partner_manager           106000   50000 PD-1
PM-P  1 partner_manager          APAC -          partner_manager           102000   46000 PD-1
CH    5 channel_seller           -    small      channel_sales              72000   52000 PD-1
XM    1 presales_manager         -    -          solution_engineer         158000   48000 VP-S-1
SE-A  4 solution_engineer        AMER -          solution_engineer         128000   34000 XM-1
SE-E  2 solution_engineer        EMEA -          solution_engineer         122000   32000 XM-1
SE-P  2 solution_engineer        APAC -          solution_engineer         120000   32000 XM-1
"""
# The groups that do not belong to sales
TEAMS = {
    "customer_success": "VP-C CM CS-A CS-E CS-P",
    "marketing": "VP-M MD MM SR-A SR-E SR-P",
    "partner": "VP-P PD PM-A PM-E PM-P CH",
    "presales": "XM SE-A SE-E SE-P",
}

# Seats that nobody holds on the first day.
EMPTY = ["AE-AE-7", "AE-AM-8", "AE-AM-9", "AE-EM-7", "AE-J-6", "SR-A-5", "SE-A-4", "CH-5"]

# What happened: day, what, the seat of the person concerned, and the seat taken.
MOVES = """
2024-07-01 hire   AE-AM-8
2024-08-16 leave  AE-AS-2
2024-09-02 hire   AE-AS-2
2024-10-01 hire   SR-A-5
2024-11-30 leave  AE-EM-3
2025-01-13 hire   AE-EM-3
2025-02-01 swap   AM-A-2  AM-A-5
2025-02-17 hire   AE-J-6
2025-03-10 absent AE-AM-4
2025-03-29 leave  SM-E-2
2025-04-01 move   AE-EM-1 SM-E-2
2025-04-01 hire   AE-EM-1
2025-05-01 move   AE-AM-2 AE-AE-7
2025-05-19 hire   AE-AM-2
2025-06-16 leave  CH-3
2025-07-01 move   SR-A-1  AE-AS-6
2025-07-01 hire   SR-A-1
2025-07-01 return AE-AM-4
2025-07-14 hire   CH-5
2025-08-01 leave  AM-E-3
2025-08-01 hire   AM-E-3
2025-09-01 move   AE-EE-4 AE-AM-9
2025-10-01 leave  AE-AE-3
2025-10-13 hire   AE-AE-3
2025-10-20 absent SE-E-2
2025-11-03 hire   AE-EE-4
2026-01-15 leave  SR-E-2
2026-01-31 leave  AE-J-4
2026-02-02 hire   SR-E-2
2026-02-02 return SE-E-2
2026-03-01 leave  CS-A-4
2026-03-01 hire   CS-A-4
2026-03-16 move   SE-A-2  AE-AE-8
2026-04-01 hire   SE-A-4
2026-05-16 leave  AE-AM-6
2026-05-31 leave  SD-1
2026-06-01 move   SM-A-3  SD-1
2026-06-01 move   AM-A-1  SM-A-3
2026-06-01 hire   AM-A-1
2026-06-30 leave  SE-P-2
"""

# Seats that report elsewhere from a day on: a reorganisation in July 2025, a new team in 2026.
REPORTS = """
2025-07-01 AE-AM-5 SM-A-3
2025-07-01 AE-AM-7 SM-A-3
2025-07-01 AE-EE-6 SM-E-2
2026-01-01 AM-P-1  SM-P-2
2026-01-01 AE-AM-9 SM-A-1
"""
EXTRA = {"AE-AE-8": "AE-AE-7", "AE-AS-6": "AE-AS-3"}  # seats made later, like another one
TERRITORIES = {"AMER": 6, "EMEA": 4, "APAC": 2}


@dataclass(frozen=True)
class Seat:
    """A place in the organisation, whoever holds it."""

    key: str
    role: str
    team: str
    market: str
    segment: str
    plan: str
    base: int
    target: int
    manager: str
    territory: str


@cache
def seats() -> dict[str, Seat]:
    """The seats of the firm by key."""
    made = {seat.key: seat for line in GROUPS.strip().splitlines() for seat in _group(line.split())}
    return made | {key: _like(made[model], key) for key, model in EXTRA.items() if key not in made}


@cache
def reports(seat: Seat) -> dict[int, str]:
    """The seats that a seat reports to from some days on, where that ever changes."""
    moved = [line.split() for line in REPORTS.strip().splitlines()]
    return {number(date.fromisoformat(on)): boss for on, key, boss in moved if key == seat.key}


def _group(words: list[str]) -> list[Seat]:
    prefix, count, role, market, segment, plan, base, target, manager = words
    team = next((name for name, of in TEAMS.items() if prefix in of.split()), "sales")
    return [
        Seat(f"{prefix}-{n}", role, team, market, segment, plan, int(base), int(target), manager,
             _territory(role, market, n))
        for n in range(1, int(count) + 1)
    ]  # fmt: skip


def _territory(role: str, market: str, n: int) -> str:
    region = "APAC" if market == "JP" else market.replace("-", "")
    return f"{region}-{n}" if role in ("account_manager", "customer_success_manager") else region


def _like(model: Seat, key: str) -> Seat:
    return replace(model, key=key)
