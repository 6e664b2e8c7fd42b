"""Regions: a company's accounts and territories, as its file divides and limits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest, refuse
from spmlib.core.tables import MONEY
from spmlib.orchestrate.quotas import potentials
from spmlib.orchestrate.territories.problems import FREE, Problem, problem
from spmlib.orchestrate.territories.travel import great_circle
from spmlib.orchestrate.territories.written import TerritoryPlan

if TYPE_CHECKING:
    import polars as pl

BOTH_WAYS = 2  # there and back
WHERE = ("latitude", "longitude")


@dataclass(frozen=True)
class Region:
    """Accounts among whose territories they are given out.

    Attributes:
        name: what they have in common.
        accounts: account_id, name, territory_id (today's; none), latitude, longitude [degrees],
            visits [a year], potential [currency a year], km (between home and account, today).
        territories: territory_id, payee_id (none: vacant), latitude, longitude, share.
        problem: of the two, in their order: costs are km a year.
    """

    name: str
    accounts: pl.DataFrame
    territories: pl.DataFrame
    problem: Problem

    @property
    def names(self) -> list[str]:
        """The territories."""
        return self.territories["territory_id"].to_list()


def regions(
    company: Company, decided: TerritoryPlan, currency: str, until: date
) -> tuple[Region, ...]:
    """The regions of a company, as known on a day, in order of name.

    Args:
        company: its accounts, territories, positions and potentials.
        decided: how territories are to be balanced.
        currency: of potentials.
        until: the day up to which anything is known.

    Returns:
        Accounts without a place are left out: see `placeless`.

    Raises:
        ParameterError: no account has a place, a segment has no number of visits, the file names
            accounts, columns or territories that are not there, or its limits cannot be kept.
    """
    import polars as pl

    every = _accounts(company, decided, currency, until)
    rows = every.drop_nulls([*WHERE])
    if rows.is_empty():
        raise ParameterError(
            "no account has a latitude and a longitude; write both in the table of accounts."
        )
    seats = _territories(company, decided, rows, until)
    _known(decided, every, seats)
    made = []
    for (name,), own in rows.sort("account_id").group_by("within", maintain_order=True):
        held = seats.filter(pl.col("within") == name).sort("territory_id")
        if held.is_empty():
            raise ParameterError(
                f"{name} has accounts and no territory; add one under `vacant`, or write another "
                "column under `within`."
            )
        made.append(_region(str(name), own, held, decided))
    return tuple(sorted(made, key=lambda one: one.name))


def placeless(company: Company, decided: TerritoryPlan, currency: str, until: date) -> pl.DataFrame:
    """The accounts that cannot be planned, for want of a place: account_id, name, territory_id."""
    rows = _accounts(company, decided, currency, until)
    return rows.filter(rows["latitude"].is_null() | rows["longitude"].is_null()).select(
        "account_id", "name", "territory_id"
    )


def _accounts(company: Company, decided: TerritoryPlan, currency: str, until: date) -> pl.DataFrame:
    import polars as pl

    rows = engine.collected(company.accounts)
    for name in (decided.within, *(each for rule in decided.only for each in rule.where)):
        if name not in rows.columns:
            raise ParameterError(
                f"accounts have no column '{name}'; write {nearest(name, rows.columns)}."
            )
    held = engine.collected(engine.on(company.account_territories, until))
    worth = potentials.worths(company, currency, until).select("account_id", potential="value")
    made = (
        rows.with_columns(
            *(pl.col(name) / MONEY for name in WHERE),
            within=pl.col(decided.within).fill_null("(none)"),
            visits=pl.col("segment").replace_strict(
                dict(decided.visits), default=None, return_dtype=pl.Int64
            ),
        )
        .join(held.select("account_id", "territory_id"), on="account_id", how="left")
        .join(worth, on="account_id", how="left")
        .with_columns(pl.col("potential").fill_null(0.0))
        .sort("account_id")
    )
    unsaid = made.filter(pl.col("visits").is_null())["segment"].unique().to_list()
    if unsaid:
        raise ParameterError(
            f"accounts of segment '{unsaid[0]}' have no number of visits; add it under `visits`."
        )
    return made


def _territories(
    company: Company, decided: TerritoryPlan, accounts: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Every territory with its region, holder, home and share; a vacant one amid its accounts."""
    import polars as pl

    amid = [((pl.col(n) * pl.col("visits")).sum() / pl.col("visits").sum()).alias(n) for n in WHERE]
    today = accounts.drop_nulls("territory_id").group_by("territory_id")
    middle = today.agg(*amid, within=pl.col("within").mode().sort().first())
    held = engine.collected(engine.on(company.positions, until))
    held = held.filter(pl.col("role") == decided.role)
    homes = engine.collected(company.payees).select(
        "payee_id", *((pl.col(name) / MONEY).alias(f"home_{name}") for name in WHERE)
    )
    holders = held.select("territory_id", "payee_id").unique("territory_id", keep="first")
    rows = middle.join(holders, on="territory_id", how="left").join(
        homes, on="payee_id", how="left"
    )
    rows = rows.select(
        "territory_id",
        "within",
        "payee_id",
        *(pl.coalesce(f"home_{name}", name).alias(name) for name in WHERE),
        share=pl.col("territory_id").replace_strict(
            dict(decided.share), default=1.0, return_dtype=pl.Float64
        ),
    )
    new = [
        {"territory_id": name, "within": one.within, "payee_id": None, "share": one.share}
        | {"latitude": one.latitude, "longitude": one.longitude}
        for name, one in decided.vacant.items()
        if name not in rows["territory_id"]
    ]
    return pl.concat([rows, pl.DataFrame(new, schema=rows.schema)])


def _known(decided: TerritoryPlan, accounts: pl.DataFrame, seats: pl.DataFrame) -> None:
    """Refuse what the file names and is not there."""
    ids, names = set(accounts["account_id"]), seats["territory_id"].to_list()
    named = [*decided.locked, *(each for pair in decided.together + decided.apart for each in pair)]
    for account in named:
        if account not in ids:
            place = decided.places[account]
            refuse(place, f"there is no account '{account}'", f"write {nearest(account, ids)}")
    asked = [(name, decided.places[account]) for account, name in decided.locked.items()]
    asked += [(name, rule.place) for rule in decided.only for name in rule.territories]
    for name, place in asked:
        if name not in names:
            refuse(place, f"there is no territory '{name}'", f"write {nearest(name, names)}")
    for name in decided.share:
        if name not in names:
            raise ParameterError(
                f"share: there is no territory '{name}'; write {nearest(name, names)}."
            )


def _region(
    name: str, accounts: pl.DataFrame, held: pl.DataFrame, decided: TerritoryPlan
) -> Region:
    import polars as pl

    seats = held["territory_id"].to_list()
    order = {each: n for n, each in enumerate(seats)}
    today = np.array([order.get(each, FREE) for each in accounts["territory_id"]], np.int64)
    apart = great_circle(
        *(accounts[each].to_numpy() for each in WHERE), *(held[each].to_numpy() for each in WHERE)
    )
    visits = accounts["visits"].to_numpy().astype(float)
    place = np.where(today == FREE, 0, today)
    now = np.where(today == FREE, np.nan, apart[np.arange(len(today)), place])
    try:
        asked = problem(
            apart * visits[:, None] * BOTH_WAYS,
            _measures(accounts, decided),
            list(decided.balance.values()),
            held["share"].to_list(),
            locked=_locked(accounts, order, decided),
            allowed=_allowed(accounts, seats, decided),
            today=today,
            moving=decided.moving,
            together=_pairs(accounts, decided.together),
            apart=_pairs(accounts, decided.apart),
        )
    except ParameterError as wrong:
        raise ParameterError(f"{name}: {wrong} {numbered(seats, decided)}") from None
    columns = ["account_id", "name", "territory_id", *WHERE, "visits", "potential"]
    return Region(name, accounts.select(columns).with_columns(km=pl.Series(now)), held, asked)


def numbered(seats: Sequence[str], decided: TerritoryPlan) -> str:
    """What the numbers of sellers and measures in a message mean."""
    sellers = ", ".join(f"{n} {name}" for n, name in enumerate(seats))
    measures = ", ".join(f"{n} {name}" for n, name in enumerate(decided.balance))
    return f"(Sellers: {sellers}. Measures: {measures}. Accounts are counted by account_id.)"


def _measures(accounts: pl.DataFrame, decided: TerritoryPlan) -> Floats:
    values = {"accounts": np.ones(len(accounts))}
    for name in ("visits", "potential"):
        values[name] = accounts[name].to_numpy().astype(float)
    return np.stack([values[name] for name in decided.balance])


def _locked(accounts: pl.DataFrame, order: dict[str, int], decided: TerritoryPlan) -> Whole:
    named = [order.get(decided.locked.get(each, ""), FREE) for each in accounts["account_id"]]
    return np.array(named, np.int64)


def _allowed(accounts: pl.DataFrame, seats: Sequence[str], decided: TerritoryPlan) -> Whole:
    may = np.ones((len(accounts), len(seats)), bool)
    for rule in decided.only:
        of = np.ones(len(accounts), bool)
        for column, value in rule.where.items():
            of &= (accounts[column] == value).fill_null(False).to_numpy()
        may[np.ix_(of, ~np.isin(seats, rule.territories))] = False
    return may


def _pairs(accounts: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    order = {each: n for n, each in enumerate(accounts["account_id"])}
    return [(order[a], order[b]) for a, b in pairs if a in order and b in order]
