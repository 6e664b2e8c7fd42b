"""Outlooks: a company's contract costs in a few tables, in the currency that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY, RATE, CostRollForward, Table
from spmlib.incent.contract_costs import entries, levies, roll_forwards, translations
from spmlib.incent.contract_costs.companies import COHORT, Prepared
from spmlib.incent.contract_costs.schedules import ALL, Lives
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import pandas as pd

STEPS = (
    ("adopted", "Carried over", 1),
    ("capitalised", "Capitalised", 1),
    ("amortised", "Amortised", -1),
    ("written_off", "Written off", -1),
    ("clawed_back", "Clawed back", -1),
    ("impaired", "Impaired", -1),
    ("reversed", "Impairment taken back", 1),
    ("exchange", "Changed rates", 1),
)


def rolled(ready: Prepared, by: str = ALL) -> Table[CostRollForward]:
    """The roll-forward of all periods up to the last, in the currency reported, to the cent.

    Args:
        ready: a company's contract costs.
        by: a column of the costs.
    """
    return _reported(ready, ready.lives, by)


def year(ready: Prepared, by: str = ALL) -> Table[CostRollForward]:
    """The same of the year under way, from its first period to the last one, in one row a group."""
    rows = engine.collected(rolled(ready, by))
    years = dict(zip(ready.lives.grid.names, ready.lives.grid.years, strict=True))
    now = years[ready.period]
    own = rows.filter(pl.col("period").replace_strict(years, return_dtype=pl.String) == now)
    return roll_forwards.by_year(engine.brought(own), years)


def months(ready: Prepared) -> pd.DataFrame:
    """The roll-forward of the year under way, month by month, with exact decimals."""
    years = dict(zip(ready.lives.grid.names, ready.lives.grid.years, strict=True))
    rows = engine.collected(rolled(ready))
    now = pl.col("period").replace_strict(years, return_dtype=pl.String) == years[ready.period]
    return engine.pandas(engine.brought(rows.filter(now)), CostRollForward)


def steps(ready: Prepared) -> pd.DataFrame:
    """The year's roll-forward as steps from opening to closing: step, amount, start, end."""
    import pandas as pd

    row = engine.collected(year(ready)).row(0, named=True)
    made, at = [("Opening", row["opening"], 0, row["opening"])], row["opening"]
    for name, says, sign in STEPS:
        if row[name]:
            made.append((says, sign * row[name], at, at + sign * row[name]))
            at += sign * row[name]
    made.append(("Closing", row["closing"], 0, row["closing"]))
    told = pd.DataFrame(made, columns=["step", "amount", "start", "end"])
    for name in ("amount", "start", "end"):
        told[name] = told[name] / MONEY
    return told


def cohorts(ready: Prepared) -> pd.DataFrame:
    """What is carried of each year's costs, month by month, up to the last and as planned beyond.

    Returns:
        period, cohort (the year in which they were capitalised), amount [currency reported], ahead
        (whether it is to come).
    """
    rows = _all_at_closing(ready, ready.lives, COHORT)
    grid = ready.lives.grid
    places = {name: place for place, name in enumerate(grid.names)}
    place = pl.col("period").replace_strict(places, return_dtype=pl.Int64)
    told = rows.with_columns(ahead=place > grid.named(ready.period)).sort("period", "group")
    made = told.select("period", cohort="group", amount=pl.col("closing") / MONEY, ahead="ahead")
    return _pandas(made)


def maturity(ready: Prepared) -> pd.DataFrame:
    """What becomes cost in each year to come of what is carried, by row of benefits.

    Returns:
        year, amount [currency reported, at the last closing rate].
    """
    rows = roll_forwards.maturity(ready.lives, ready.period)
    turned = _closing(ready, rows, ["amortised"])
    summed = turned.group_by("year").agg(amount=pl.col("amortised").sum() / MONEY).sort("year")
    return _pandas(summed)


def judged(ready: Prepared, first: str, plans: Mapping[str, Plan] | None = None) -> pd.DataFrame:
    """Which components are an asset, and why; with what they came to since a period.

    Args:
        ready: a company's contract costs.
        first: the period from which on it is summed.
        plans: whose files and lines are told, if given.

    Returns:
        plan, component, incremental, because, source (of the judgement), earned, capitalised,
        expensed [currency reported], clause (file and line of the component; empty if not given).
    """
    parts = [
        ready.capitalised.with_columns(kind=pl.lit("capitalised")),
        ready.expensed.with_columns(kind=pl.lit("expensed")),
    ]
    rows = pl.concat(
        [part.select("plan", "component", "currency", "period", "amount", "kind") for part in parts]
    ).filter(pl.col("period") >= first, pl.col("component") != levies.COMPONENT)
    turned = _closing(ready, rows, ["amount"])
    kind = pl.col("kind")
    summed = turned.group_by("plan", "component").agg(
        capitalised=pl.col("amount").filter(kind == "capitalised").sum() / MONEY,
        expensed=pl.col("amount").filter(kind == "expensed").sum() / MONEY,
    )
    told = ready.contributed.judged.unique(["plan", "component"], keep="last")
    made = told.join(summed, ["plan", "component"], "left").fill_null(0)
    made = made.with_columns(earned=pl.col("capitalised") + pl.col("expensed"))
    columns = ("plan", "component", "incremental", "because", "source", "earned", "capitalised")
    told_ = _pandas(made.sort("plan", "component").select(*columns, "expensed"))
    places = {
        (name, part.name): part.place
        for name, plan in (plans or {}).items()
        for part in plan.components.values()
    }
    pairs = zip(told_["plan"], told_["component"], strict=True)
    return told_.assign(clause=[places.get(pair, "") for pair in pairs])


def happened(ready: Prepared) -> pd.DataFrame:
    """What happened to costs in the last period: what, contracts, amount [currency reported]."""
    rows = engine.collected(ready.lives.schedule(ready.period, ready.period))
    about = ready.lives.costs.select("cost_id", "contract_id")
    start = ready.lives.grid.day(ready.lives.grid.named(ready.period))
    ended = engine.collected(ready.changes).filter(
        (pl.col("kind") == "terminated") & (pl.col("change_date") >= start)
    )
    lapsed = ended.filter(pl.col("source") == "not renewed")["cost_id"].implode()
    gone = pl.when(pl.col("cost_id").is_in(lapsed)).then(pl.lit("not renewed"))
    told = rows.join(about, "cost_id").with_columns(ended=gone.otherwise(pl.lit("cancelled")))
    kinds = {
        "Written off: not renewed": ("written_off", pl.col("ended") == "not renewed"),
        "Written off: cancelled": ("written_off", pl.col("ended") == "cancelled"),
        "Clawed back: still an asset": ("clawed_back", pl.lit(True)),
        "Clawed back: had been cost": ("recovered", pl.lit(True)),
        "Impaired": ("impaired", pl.lit(True)),
        "Impairment taken back": ("reversed", pl.lit(True)),
    }
    made = [
        told.filter(own & (pl.col(column) != 0)).select(
            "currency", "contract_id", what=pl.lit(what), amount=column
        )
        for what, (column, own) in kinds.items()
    ]
    turned = _closing(ready, pl.concat(made), ["amount"])
    summed = turned.group_by("what", maintain_order=True).agg(
        contracts=pl.col("contract_id").n_unique(), amount=pl.col("amount").sum() / MONEY
    )
    return _pandas(summed)


def told(ready: Prepared, lives: Lives | None = None) -> dict[str, float]:
    """The asset in a few figures [currency reported].

    Returns:
        closing, current, and of the year under way: capitalised, amortised, written_off,
        clawed_back (from the asset and from cost).
    """
    of = ready if lives is None else replace(ready)
    if lives is not None:
        of.__dict__["lives"] = lives
    row = engine.collected(year(of)).row(0, named=True)
    back = row["clawed_back"] + row["recovered"]
    names = ("closing", "current", "capitalised", "amortised", "written_off")
    return {name: row[name] / MONEY for name in names} | {"clawed_back": back / MONEY}


def tried(ready: Prepared, portfolio: str, months: int) -> pd.DataFrame:
    """The asset as it is, and if some costs had benefited for another number of months.

    Args:
        ready: a company's contract costs.
        portfolio: how the names of the costs' portfolios begin.
        months: of benefit, from the order on.

    Returns:
        estimate, closing, current, amortised (in the year) [currency reported].
    """
    import pandas as pd

    costs = engine.collected(ready.costs)
    own = pl.col("portfolio").str.starts_with(portfolio)
    longest = costs.filter(own)["months"].max()
    if not isinstance(longest, int):
        return pd.DataFrame([{"estimate": "as decided"} | told(ready)])
    # What was earned later has a part of the benefit: as much less as it is now.
    moved = pl.when(own).then((pl.col("months") + months - longest).clip(1)).otherwise("months")
    other = replace(ready, costs=engine.brought(costs.with_columns(months=moved)))
    rows = [{"estimate": "as decided"} | told(ready), {"estimate": "as tried"} | told(other)]
    return pd.DataFrame(rows)[["estimate", "closing", "current", "amortised"]]


def ledger(ready: Prepared, currency: str) -> pd.DataFrame:
    """The last period's journal in one currency, summed over teams.

    Returns:
        entry, account, debit, credit [currency], source.
    """
    rows = engine.collected(entries.journal(ready)).filter(pl.col("currency") == currency)
    summed = rows.group_by("entry_id", "account", "source", maintain_order=True).agg(
        pl.col("debit", "credit").sum(), said=pl.col("description").first()
    )
    net = pl.col("debit") - pl.col("credit")
    told = summed.with_columns(
        entry=pl.col("said").str.strip_suffix(f", {ready.period}"),
        debit=net.clip(lower_bound=0) / MONEY,
        credit=-net.clip(upper_bound=0) / MONEY,
    )
    return _pandas(told.select("entry", "account", "debit", "credit", "source"))


def _reported(ready: Prepared, lives: Lives, by: str) -> Table[CostRollForward]:
    rows = roll_forwards.roll_forward(lives, by, None, ready.period)
    rates = translations.rates(ready.rates, ready.calendar, ready.policy.currency)
    return translations.closing(rows, rates, ready.policy.currency)


def _all_at_closing(ready: Prepared, lives: Lives, by: str) -> pl.DataFrame:
    """Balances of all periods, those to come too: group, period, closing, at the last rate."""
    rows = _closing(ready, lives.sums(by), ["closing"])
    return rows.group_by("group", "period").agg(pl.col("closing").sum())


def _closing(ready: Prepared, rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Amounts at the closing rate of the last period, in the currency reported."""
    currency = ready.policy.currency
    rates = translations.rates(ready.rates, ready.calendar, currency)
    last = rates.filter(pl.col("period") == ready.period).select("currency", rate="closing")
    own = pl.col("currency") == currency
    joined = rows.join(last, "currency", "left", maintain_order="left")
    joined = joined.with_columns(rate=pl.when(own).then(RATE).otherwise("rate"))
    translations.refuse_missing(joined, currency, ready.period)
    turned = [translations.at(column, "rate", currency) for column in columns]
    return joined.with_columns(*turned, currency=pl.lit(currency)).drop("rate")


def _pandas(rows: pl.DataFrame) -> pd.DataFrame:
    import pandas as pd

    told: Mapping[str, list[Any]] = rows.to_dict(as_series=False)
    return pd.DataFrame(told)


__all__ = [
    *("cohorts", "happened", "judged", "ledger", "maturity", "months", "rolled"),
    *("steps", "told", "tried", "year"),
]
