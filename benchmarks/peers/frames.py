"""Idiomatic pandas: merges, cumulative sums and selections on whole tables, money in whole cents.

Rates are whole hundred-millionths and quotas whole dollars, so that int64 stays exact for this
plan.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

PARAMETERS = Path(__file__).parents[1] / "company"
RULES = ["owner", "shared", "analytics", "security", "managers"]
OVERLAYS = (
    ("analytics", "F02", "analytics_specialist", 5000, "2026-01-01"),
    ("security", "F03", "security_specialist", 3333, "2026-02-01"),
)
FOREVER = pd.Timestamp("2200-01-01")
SCALE = 10**8
CREDIT = ["transaction_id", "payee_id", "rule", "through_id", "level", "amount"]
EARNING = [
    *("payee_id", "plan", "component", "period", "kind"),
    *("transaction_id", "rule", "through_id", "credited", "before", "after", "amount"),
]


def ready(data: Path, out: Path) -> None:
    """Nothing is prepared."""


def run(data: Path, out: Path, _: None) -> None:
    """Read, calculate, write."""
    credits, earnings, payouts = calculated(data)
    _write(credits[CREDIT], out / "credits.parquet")
    _write(earnings[EARNING], out / "earnings.parquet")
    _write(payouts, out / "payouts.parquet")


def calculated(data: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Every credit, every line of earnings, every payout."""
    positions = _positions(data)
    credits = _rolled_up(_own(data, positions), positions)
    credits["period"] = credits["event_date"].dt.strftime("%Y-%m")
    lines = _earned(_lines(credits), _quotas(data))
    months = _months(lines, positions, data)
    earnings = pd.concat([lines, _capped(months), _gated(months)], ignore_index=True)
    payouts = earnings.groupby(["payee_id", "period", "plan"], as_index=False)["amount"].sum()
    return credits, earnings, payouts


def _own(data: Path, positions: pd.DataFrame) -> pd.DataFrame:
    """Whose own credit each transaction is: owner, those who share it, specialists."""
    sales = _dollars(data)
    splits = _read(data, "splits", ["transaction_id", "payee_id", "share"])
    sales = sales.merge(splits, on="transaction_id", how="left")
    share = sales["share"].fillna(0).astype("int64") // 10**4
    size = sales["amount"].abs()
    part = (size * share // 10**4) + (size * share % 10**4 > 5000)
    part = part * np.sign(sales["amount"])
    shared = sales["payee_id"].notna()
    owner = sales.assign(through_id=sales["owner_id"], rule="owner", amount=sales["amount"] - part)
    other = sales[shared].assign(
        through_id=sales["payee_id"][shared], rule="shared", amount=part[shared]
    )
    frames = [owner, other, *(_overlaid(sales, positions, *each) for each in OVERLAYS)]
    columns = [
        "transaction_id",
        "event_date",
        "product_id",
        "family",
        "through_id",
        "rule",
        "amount",
    ]
    return pd.concat([frame[columns] for frame in frames], ignore_index=True)


def _dollars(data: Path) -> pd.DataFrame:
    columns = ["transaction_id", "event_date", "owner_id", "account_id", "product_id"]
    sales = _read(data, "transactions", [*columns, "currency", "amount"])
    rates = _read(data, "currency_rates").query("to_currency == 'USD'")
    rates = pd.DataFrame(
        {
            "currency": rates["currency"],
            "month": rates["start_date"].dt.month,
            "rate": rates["rate"] // 10**4,
        }
    )
    sales["month"] = sales["event_date"].dt.month
    sales = sales.merge(rates, on=["currency", "month"], how="left")
    sales = sales.merge(_read(data, "products", ["product_id", "family"]), on="product_id")
    sales = sales.merge(_read(data, "accounts", ["account_id", "region"]), on="account_id")
    rate = sales["rate"].fillna(10**6).astype("int64")
    sales["amount"] = _rounded(sales["amount"] // 100 * rate, 10**6)
    return sales


def _overlaid(
    sales: pd.DataFrame,
    positions: pd.DataFrame,
    rule: str,
    family: str,
    role: str,
    share: int,
    start: str,
) -> pd.DataFrame:
    held = positions[positions["role"] == role]
    held = held[["payee_id", "territory_id", "start_date", "end_date"]]
    rows = sales[(sales["family"] == family) & (sales["event_date"] >= start)].drop(
        columns="payee_id"
    )
    found = rows.merge(held, left_on="region", right_on="territory_id")
    found = found[_during(found)]
    return found.assign(
        through_id=found["payee_id"], rule=rule, amount=_rounded(found["amount"] * share, 10**4)
    )


def _rolled_up(own: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """The own credits and those of three levels of managers, each in their plan of the day."""
    held = positions[["payee_id", "manager_id", "plan", "start_date", "end_date"]]
    level = _held(own.assign(payee_id=own["through_id"], level=0), held)
    frames = [level]
    above = level[level["rule"].isin(["owner", "shared"])].assign(rule="managers")
    for number in (1, 2, 3):
        above = above[above["manager_id"].notna()]
        above = above.assign(payee_id=above["manager_id"], level=number)
        above = _held(above.drop(columns=["manager_id", "plan"]), held)
        frames.append(above)
    return pd.concat(frames, ignore_index=True).drop(columns="manager_id")


def _held(rows: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    found = rows.merge(held, on="payee_id")
    return found[_during(found)].drop(columns=["start_date", "end_date"])


def _during(rows: pd.DataFrame) -> pd.Series:
    return (rows["event_date"] >= rows["start_date"]) & (rows["event_date"] < rows["end_date"])


def _lines(credits: pd.DataFrame) -> pd.DataFrame:
    """The credits once for each component that counts them, in order."""
    executive = credits["plan"].isin(["account_executive", "senior_account_executive"])
    lines = pd.concat(
        [
            credits.assign(component="accelerator"),
            credits[credits["family"].isin(["F00", "F01"])].assign(component="strategic"),
            credits[(credits["product_id"] == "P07") & executive].assign(component="launch"),
        ],
        ignore_index=True,
    )
    lines["turn"] = lines["rule"].map({rule: n for n, rule in enumerate(RULES)})
    order = ["event_date", "transaction_id", "turn", "level", "through_id"]
    lines = lines.sort_values(order, ignore_index=True).rename(columns={"amount": "credited"})
    key = ["payee_id", "plan", "component"]
    lines["after"] = lines.groupby(key)["credited"].cumsum()
    lines["before"] = lines["after"] - lines["credited"]
    alone = lines["component"] == "launch"
    lines.loc[alone, "before"], lines.loc[alone, "after"] = 0, lines["credited"][alone]
    return lines.assign(kind="credit")


def _earned(lines: pd.DataFrame, quotas: pd.DataFrame) -> pd.DataFrame:
    year = quotas.groupby(["payee_id", "component"], as_index=False)["quota"].sum()
    lines = lines.merge(year, on=["payee_id", "component"], how="left")
    lines["amount"] = 0
    for plan, components in _plans().items():
        for component, (starts, rates) in components.items():
            here = (lines["plan"] == plan) & (lines["component"] == component)
            quota = lines["quota"][here].astype("int64")
            earned = [
                _curve(lines[at][here], quota, starts, rates, component == "strategic")
                for at in ("before", "after")
            ]
            lines.loc[here, "amount"] = earned[1] - earned[0]
    launched = (
        (lines["component"] == "launch")
        & lines["period"].between("2026-07", "2026-09")
        & (lines["credited"].abs() >= 200_000)
    )
    lines.loc[launched, "amount"] = 5_000 * np.sign(lines["credited"][launched])
    return lines


def _curve(
    x: pd.Series, quota: pd.Series, starts: list[int], rates: list[int], whole: bool
) -> pd.Series:
    """The earned cents at x: starts in hundredths of the quota, rates in hundred-millionths."""
    lows = [quota * start // 100 for start in starts]
    tests = [x >= low for low in lows[:0:-1]]
    if whole:
        return _rounded(np.select(tests, [r * x for r in rates[:0:-1]], rates[0] * x), SCALE)
    bases = [quota * 0]
    for low, before, rate in zip(lows[1:], lows, rates, strict=False):
        bases.append(bases[-1] + (low - before) * rate)
    at = [base + (x - low) * rate for low, base, rate in zip(lows, bases, rates, strict=True)]
    return _rounded(np.select(tests, at[:0:-1], at[0]), SCALE)


def _months(lines: pd.DataFrame, positions: pd.DataFrame, data: Path) -> pd.DataFrame:
    """For each person, plan and month held: booked, earned by component and quota, all to date."""
    key = ["payee_id", "plan", "period"]
    first = pd.DataFrame({"first": pd.date_range("2026-01-01", periods=12, freq="MS")})
    first["last"] = first["first"] + pd.offsets.MonthEnd(0)
    held = positions[["payee_id", "plan", "start_date", "end_date"]].merge(first, how="cross")
    held = held[(held["start_date"] <= held["last"]) & (held["end_date"] > held["first"])]
    held = held.assign(period=held["first"].dt.strftime("%Y-%m"))[key].drop_duplicates()
    wide = lines.pivot_table(
        index=key, columns="component", values=["credited", "amount"], aggfunc="sum", fill_value=0
    )
    wide.columns = [f"{value} {component}" for value, component in wide.columns]
    months = held.merge(wide.reset_index(), on=key, how="left").sort_values(key)
    sums = list(wide.columns)
    months[sums] = months[sums].fillna(0).astype("int64")
    months[sums] = months.groupby(["payee_id", "plan"])[sums].cumsum()
    quotas = _quotas(data).query("component == 'accelerator'").sort_values("period")
    quotas["quota"] = quotas.groupby("payee_id")["quota"].cumsum()
    return months.merge(quotas[["payee_id", "period", "quota"]], on=["payee_id", "period"])


def _capped(months: pd.DataFrame) -> pd.DataFrame:
    raw = months["amount accelerator"]
    over = np.minimum(months["plan"].map(_caps()), raw) - raw
    return _modifying(months, over, "accelerator", "cap")


def _gated(months: pd.DataFrame) -> pd.DataFrame:
    opened = months["credited accelerator"] * 2 >= months["quota"]
    shut = (-months["amount strategic"]).where(~opened, 0)
    return _modifying(months, shut, "strategic", "gate")


def _modifying(months: pd.DataFrame, to_date: pd.Series, component: str, kind: str) -> pd.DataFrame:
    rows = months[["payee_id", "plan", "period"]].assign(to_date=to_date)
    rows = rows.sort_values(["payee_id", "plan", "period"])
    earlier = rows.groupby(["payee_id", "plan"])["to_date"].shift(fill_value=0)
    rows = rows.assign(component=component, kind=kind, amount=rows["to_date"] - earlier)
    return rows[rows["amount"] != 0]


def _rounded(values: pd.Series, by: int) -> pd.Series:
    """Integers divided and rounded, halves away from zero."""
    return np.sign(values) * ((np.abs(values) * 2 + by) // (by * 2))


# --- reading and writing ------------------------------------------------------------------------


def _read(data: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    rows = pd.read_parquet(data / f"{name}.parquet", columns=columns)
    for column in rows.columns.intersection(["event_date", "start_date", "end_date"]):
        rows[column] = pd.to_datetime(rows[column])
    return rows


def _positions(data: Path) -> pd.DataFrame:
    columns = ["payee_id", "manager_id", "plan", "role", "territory_id", "start_date", "end_date"]
    held = _read(data, "positions", columns)
    return held.assign(end_date=held["end_date"].fillna(FOREVER))


def _quotas(data: Path) -> pd.DataFrame:
    """Monthly quotas in cents by the component that counts in them."""
    rows = _read(data, "quotas")
    counted = {"bookings": "accelerator", "strategic_bookings": "strategic"}
    return pd.DataFrame(
        {
            "payee_id": rows["payee_id"],
            "component": rows["measure"].map(counted),
            "period": rows["start_date"].dt.strftime("%Y-%m"),
            "quota": rows["amount"] // 100,
        }
    )


def _plans() -> dict[str, dict[str, tuple[list[int], list[int]]]]:
    """For each plan and component the starts of its tiers [hundredths] and rates [10^-8]."""
    return {
        plan["plan"]: {
            name: _tiers(next(iter(said["table"].values())))
            for name, said in plan["components"].items()
            if name != "launch"
        }
        for plan in _files()
    }


def _tiers(rows: list[dict[str, str]]) -> tuple[list[int], list[int]]:
    starts = [int(row["from"].rstrip("%")) for row in rows]
    return starts, [round(float(row["rate"].rstrip("%")) * 10**6) for row in rows]


def _caps() -> dict[str, int]:
    return {
        plan["plan"]: round(
            float(next(iter(plan["components"]["accelerator"]["modifiers"][0]["cap"].values())))
            * 100
        )
        for plan in _files()
    }


def _files() -> list[dict]:
    paths = sorted((PARAMETERS / "plans").glob("*.yaml"))
    return [yaml.load(path.read_text(), yaml.BaseLoader) for path in paths]


def _write(rows: pd.DataFrame, path: Path) -> None:
    """Cents as the ten-thousandths that the other peers write."""
    money = rows.columns.intersection(["amount", "credited", "before", "after"])
    ticks = {name: (rows[name].astype("Int64") * 100) for name in money}
    rows.assign(**ticks).to_parquet(path, index=False)
