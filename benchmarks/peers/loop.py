"""The obvious Python loop, a Decimal a line, as open commission modules do. It is the oracle.

It shares no code with spmlib: it reads the plan files by itself and keeps everything in
dictionaries.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

PARAMETERS = Path(__file__).parents[1] / "company"
CENT, UNIT = Decimal("0.01"), {"amount": 10**4, "share": 10**8, "rate": 10**10}
LEVELS = 3
OVERLAYS = (  # rule, family, role, share, from
    ("analytics", "F02", "analytics_specialist", Decimal("0.5"), date(2026, 1, 1)),
    ("security", "F03", "security_specialist", Decimal("0.3333"), date(2026, 2, 1)),
)
STRATEGIC, LAUNCHED = ("F00", "F01"), "P07"
LAUNCH = (date(2026, 7, 1), date(2026, 10, 1), Decimal(2000), Decimal(50))
CREDIT = ("transaction_id", "payee_id", "rule", "through_id", "level", "amount")
EARNING = (
    *("payee_id", "plan", "component", "period", "kind"),
    *("transaction_id", "rule", "through_id", "credited", "before", "after", "amount"),
)
PAYOUT = ("payee_id", "period", "plan", "amount")


@dataclass
class Company:
    """The tables as a programmer in a hurry would hold them."""

    positions: dict[str, list[dict[str, Any]]]
    specialists: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]]
    region: dict[str, str]
    family: dict[str, str]
    rate: dict[tuple[str, int], Decimal]
    split: dict[str, tuple[str, Decimal]]
    quota: dict[tuple[str, str], Decimal]
    quota_to_date: dict[tuple[str, str, int], Decimal]
    plans: dict[str, Any]


def ready(data: Path, out: Path) -> None:
    """Nothing is prepared."""


def run(data: Path, out: Path, _: None) -> None:
    """Read, calculate, write."""
    company = _company(data)
    credits, earnings, payouts = calculated(company, _rows(data, "transactions"))
    for name, columns, rows in (
        ("credits", CREDIT, credits),
        ("earnings", EARNING, earnings),
        ("payouts", PAYOUT, payouts),
    ):
        _write(out / f"{name}.parquet", columns, rows)


def calculated(company: Company, transactions: list[dict[str, Any]]) -> tuple[list, list, list]:
    """Every credit, every line of earnings, every payout."""
    credits, earnings = [], []
    to_date: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    booked: dict[tuple[str, str, str, int], Decimal] = defaultdict(Decimal)
    earned: dict[tuple[str, str, str, int], Decimal] = defaultdict(Decimal)
    for sale in sorted(transactions, key=lambda t: (t["event_date"], t["transaction_id"])):
        day, month = sale["event_date"], sale["event_date"].month
        for rule, level, payee, through, amount in _credited(company, sale):
            credits.append((sale["transaction_id"], payee, rule, through, level, amount))
            plan = _position(company, payee, day)["plan"]
            for component in _counting(company, plan, sale):
                before = to_date[payee, plan, component]
                after = to_date[payee, plan, component] = before + amount
                if component == "launch":
                    before, after = Decimal(0), amount
                    line = _launched(day, amount)
                else:
                    line = _earned(company, payee, plan, component, after)
                    line -= _earned(company, payee, plan, component, before)
                booked[payee, plan, component, month] += amount
                earned[payee, plan, component, month] += line
                where = (payee, plan, component, f"2026-{month:02}", "credit")
                what = (sale["transaction_id"], rule, through, amount, before, after, line)
                earnings.append((*where, *what))
    earnings += _modified(company, booked, earned)
    return credits, earnings, _paid(earnings)


def _credited(company: Company, sale: dict[str, Any]) -> list[tuple]:
    """Rule, level, payee, whose credit it is, amount: in the order of rules, levels and people."""
    amount, day = _dollars(company, sale), sale["event_date"]
    owner, family = sale["owner_id"], company.family[sale["product_id"]]
    made: list[tuple] = []
    parts = [("owner", owner, amount)]
    if sale["transaction_id"] in company.split:
        other, share = company.split[sale["transaction_id"]]
        rest, part = _parted(amount, share)
        parts = [("owner", owner, rest), ("shared", other, part)]
    for rule, person, part in parts:
        insort(made, (_place(rule), 0, person, person, part, rule))
        above = _position(company, person, day)["manager_id"]
        for level in range(1, LEVELS + 1):
            if above is None:
                break
            made.append((_place("managers"), level, person, above, part, "managers"))
            above = _position(company, above, day)["manager_id"]
    for rule, wanted, role, share, start in OVERLAYS:
        if family == wanted and day >= start:
            for person, held in company.specialists.get(
                (role, company.region[sale["account_id"]]), ()
            ):
                if _holds(held, day):
                    part = _rounded(amount * share)
                    made.append((_place(rule), 0, person, person, part, rule))
    return [(rule, level, who, origin, part) for _, level, origin, who, part, rule in sorted(made)]


def _place(rule: str) -> int:
    return ("owner", "shared", "analytics", "security", "managers").index(rule)


def _parted(amount: Decimal, share: Decimal) -> tuple[Decimal, Decimal]:
    """The owner's rest and the other's part, by largest remainder; a tie goes to the owner."""
    cents = abs(amount) * 100
    part, over = divmod(cents * share, 1)
    if over > Decimal("0.5"):
        part += 1
    sign = -1 if amount < 0 else 1
    return (cents - part) / 100 * sign, part / 100 * sign


def _dollars(company: Company, sale: dict[str, Any]) -> Decimal:
    if sale["currency"] == "USD":
        return sale["amount"]
    return _rounded(sale["amount"] * company.rate[sale["currency"], sale["event_date"].month])


def _counting(company: Company, plan: str, sale: dict[str, Any]) -> Iterator[str]:
    yield "accelerator"
    if company.family[sale["product_id"]] in STRATEGIC:
        yield "strategic"
    if sale["product_id"] == LAUNCHED and "launch" in company.plans[plan]["components"]:
        yield "launch"


def _earned(company: Company, payee: str, plan: str, component: str, x: Decimal) -> Decimal:
    """The curve at x: five tiers, each slice at its rate, or all at the rate reached."""
    said = company.plans[plan]["components"][component]
    quota = company.quota[payee, said["measure"]]
    tiers = said["rows"]
    if said["crossing"] == "whole":
        rate = next(rate for start, rate in reversed(tiers) if x >= start * quota or start == 0)
        return _rounded(rate * x)
    total, last = Decimal(0), Decimal(0)
    for start, rate in tiers:
        if start and x <= start * quota:
            break
        total += (rate - last) * (x - start * quota)
        last = rate
    return _rounded(total)


def _launched(day: date, amount: Decimal) -> Decimal:
    start, end, least, prize = LAUNCH
    if not start <= day < end or abs(amount) < least:
        return Decimal(0)
    return prize if amount > 0 else -prize


def _modified(company: Company, booked: dict, earned: dict) -> Iterator[tuple]:
    """The lines of cap and gate, at the end of each month in which the plan is held."""
    for payee, held in company.positions.items():
        for plan in dict.fromkeys(position["plan"] for position in held):
            reached = raw = taken = strategic = withheld = Decimal(0)
            cap = company.plans[plan]["components"]["accelerator"]["cap"]
            for month in range(1, 13):
                if not any(p["plan"] == plan and _in_month(p, month) for p in held):
                    continue
                reached += booked[payee, plan, "accelerator", month]
                raw += earned[payee, plan, "accelerator", month]
                strategic += earned[payee, plan, "strategic", month]
                over = min(cap, raw) - raw
                opened = reached * 2 >= company.quota_to_date[payee, "bookings", month]
                shut = Decimal(0) if opened else -strategic
                where, nothing = (payee, plan), (None,) * 6
                period = f"2026-{month:02}"
                if over != taken:
                    yield (*where, "accelerator", period, "cap", *nothing, over - taken)
                if shut != withheld:
                    yield (*where, "strategic", period, "gate", *nothing, shut - withheld)
                taken, withheld = over, shut


def _paid(earnings: list[tuple]) -> list[tuple]:
    due: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in earnings:
        due[line[0], line[3], line[1]] += line[-1]
    return [(*key, amount) for key, amount in due.items()]


def _position(company: Company, payee: str, day: date) -> dict[str, Any]:
    return next(p for p in company.positions[payee] if _holds(p, day))


def _holds(position: dict[str, Any], day: date) -> bool:
    return position["start_date"] <= day and (
        position["end_date"] is None or day < position["end_date"]
    )


def _in_month(position: dict[str, Any], month: int) -> bool:
    after = date(2027, 1, 1) if month == 12 else date(2026, month + 1, 1)
    end = position["end_date"]
    return position["start_date"] < after and (end is None or end > date(2026, month, 1))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


# --- reading and writing ------------------------------------------------------------------------


def _company(data: Path) -> Company:
    positions, specialists = defaultdict(list), defaultdict(list)
    for row in _rows(data, "positions"):
        positions[row["payee_id"]].append(row)
        specialists[row["role"], row["territory_id"]].append((row["payee_id"], row))
    quota, to_date = defaultdict(Decimal), {}
    for row in sorted(_rows(data, "quotas"), key=lambda q: q["start_date"]):
        key = (row["payee_id"], row["measure"])
        quota[key] += row["amount"]
        to_date[*key, row["start_date"].month] = quota[key]
    return Company(
        positions,
        specialists,
        {a["account_id"]: a["region"] for a in _rows(data, "accounts")},
        {p["product_id"]: p["family"] for p in _rows(data, "products")},
        {
            (r["currency"], r["start_date"].month): r["rate"]
            for r in _rows(data, "currency_rates")
            if r["to_currency"] == "USD"
        },
        {s["transaction_id"]: (s["payee_id"], s["share"]) for s in _rows(data, "splits")},
        quota,
        to_date,
        {path.stem: _plan(path) for path in (PARAMETERS / "plans").glob("*.yaml")},
    )


def _rows(data: Path, name: str) -> list[dict[str, Any]]:
    """A table as dictionaries, its integers as decimals."""
    rows = pq.read_table(data / f"{name}.parquet").to_pylist()
    for row in rows:
        for column, unit in UNIT.items():
            if row.get(column) is not None:
                row[column] = Decimal(row[column]) / unit
    return rows


def _plan(path: Path) -> dict[str, Any]:
    plan = yaml.load(path.read_text(), yaml.BaseLoader)
    for said in plan["components"].values():
        (rows,) = list(said["table"].values())[:1]
        said["rows"] = [(_number(r["from"]), _number(r.get("rate", "0"))) for r in rows]
        said.setdefault("crossing", "")
        for modifier in said.get("modifiers", ()):
            said["cap"] = (
                _number(next(iter(modifier["cap"].values()))) if "cap" in modifier else None
            )
    return plan


def _number(word: str) -> Decimal:
    return Decimal(word[:-1]) / 100 if word.endswith("%") else Decimal(word)


def _write(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    money = ("amount", "credited", "before", "after")
    arrays = {
        name: pa.array(values, pa.decimal128(18, 4) if name in money else None)
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
    }
    pq.write_table(pa.table(arrays), path)
