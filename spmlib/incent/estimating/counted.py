"""Counted: who would be credited with deals, by the company's own rules, and what it would count.

What the engine's crediting does on whole tables (`spmlib.incent.crediting`) is done here for one
period and some people only, with everything known beforehand looked up: a test holds the two
together, credit by credit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import MONEY, RATE, SHARE, Accounts, Products, Transactions
from spmlib.incent.crediting import holdings
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.shared import Shares, cut
from spmlib.rules.crediting import Rule
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS, Measure
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl

PLACE = ("deal", "origin", "part", "sharing")


@dataclass(frozen=True)
class Asked:
    """For whom deals are credited, with what can be known before there is a deal.

    Attributes:
        ready: the company in the period.
        reached: whose credits come to whom, by base rule (``base``).
        named: for each base rule that reaches somebody, whom it may name.
        measures: that the plans of those people count or look at.
        rates: currency, to_currency, event_date, rate.
        currencies: in which those people's credits are counted.
    """

    ready: Ready
    reached: pl.DataFrame
    named: Mapping[str, pl.DataFrame]
    measures: tuple[Measure, ...]
    rates: pl.DataFrame
    currencies: tuple[str, ...]

    @property
    def sums(self) -> list[str]:
        """What the measures sum."""
        found = [s for m in self.measures for s in (m.sums, m.per) if s]
        return list(dict.fromkeys(["amount", *found]))


def asked(ready: Ready, payees: Sequence[str]) -> Asked:
    """Credits for some people."""
    import polars as pl

    crediting = ready.parameters.crediting
    own = [ready.people[name] for name in payees]
    rules = {rule.name: n for n, rule in enumerate(crediting.base)}
    frames, named = [], {}
    for rule in crediting.base:
        mine = ready.reached[rule.name].filter(pl.col("person").is_in(own))
        if len(mine):
            frames.append(mine.with_columns(base=pl.lit(rules[rule.name], pl.Int64)))
            named[rule.name] = _named(rule, ready, mine["origin"].unique().to_list())
    plans = [ready.parameters.plans[name] for name in _plans(ready, own)]
    names = dict.fromkeys(name for plan in plans for name in looked_at(plan))
    nobody = ready.reached[crediting.base[0].name].clear().with_columns(base=pl.lit(0, pl.Int64))
    reached = pl.concat(frames) if frames else nobody
    measures = tuple(ready.parameters.measures[name] for name in names)
    currencies = tuple(sorted(set(reached["currency"]))) or ("USD",)
    return Asked(ready, reached, named, measures, _rates(ready, currencies), currencies)


def looked_at(plan: Plan) -> list[str]:
    """The measures that a plan counts or looks at."""
    made: list[str] = []
    for component in plan.components.values():
        made.append(component.measure)
        made += [component.matrix.measure] if component.matrix else []
        made += [m.measure for m in component.modifiers if m.measure]
    return made + [m.measure for m in plan.modifiers if m.measure]


def credits(of: Asked, deals: pl.DataFrame, split: Shares | None = None) -> pl.DataFrame:
    """The credits of those asked for with some deals.

    Args:
        of: who is asked for.
        deals: rows of transactions, not booked, on days of the period.
        split: by transaction, what colleagues have of it.

    Returns:
        transaction_id, event_date, person, plan_number, rule_number, level, origin, what the
        measures sum [ticks of the plan's currency], and whether each counts it (``has name``); in
        the order in which they count.

    Raises:
        ParameterError: a filter names a column that nobody brings.
    """
    import polars as pl

    rows = _attributed(of, deals)
    split = split or {}
    rules = of.ready.parameters.crediting.base
    named = [_by_rule(rule, rows, of, split) for rule in rules if rule.name in of.named]
    found = [_nothing(rows), *(frame for frame in named if frame is not None)]
    day = pl.col("event_date")
    hits = (
        pl.concat(found)
        .lazy()
        .join(of.reached.lazy(), on=["base", "origin"])
        .filter(day >= pl.col("start_date"), day < pl.col("end_date"))
        .sort("deal", "rule_number", "level", "origin")
        .collect()
    )
    counted = _valued(_admitted(hits, rows, of), rows, of, split)
    flags = rows.select("transaction_id", *(f"has {m.name}" for m in of.measures))
    kept = ("event_date", "person", "plan_number", "rule_number", "level", "origin", *of.sums)
    return counted.select(*kept).hstack(flags[counted["deal"]])


# --- before there is a deal --------------------------------------------------------------------


def _plans(ready: Ready, own: Sequence[int]) -> list[str]:
    import polars as pl

    rows = ready.held.filter(pl.col("person").is_in(own), pl.col("plan_number") >= 0)
    return list(rows["plan"].unique().sort())


def _named(rule: Rule, ready: Ready, origins: Sequence[int]) -> pl.DataFrame:
    """Whom a rule may name in the period: origin and what finds them, with the days it holds."""
    import polars as pl

    if rule.kind in ("direct", "split"):
        people = pl.DataFrame({"owner_id": list(ready.people), "origin": ready.people.values()})
        return people.filter(pl.col("origin").is_in(origins))
    admitted = engine.collected(holdings.qualifying(engine.brought(ready.held), rule))
    days = {"since": "start_date", "until": "end_date"}
    if rule.kind != "territory":
        named = {f"on {column}": place for place, column in rule.match.items()}
        return admitted.select(
            origin="person",
            **{n: pl.col(c) for n, c in days.items()},
            **{n: pl.col(p) for n, p in named.items()},
        )
    covered = engine.collected(engine.open_ended(ready.company.account_territories))
    both = covered.select("account_id", "territory_id", since="start_date", until="end_date").join(
        admitted.select("territory_id", "start_date", "end_date", origin="person"),
        on="territory_id",
    )
    return both.select(
        "account_id",
        "origin",
        since=pl.max_horizontal("since", "start_date"),
        until=pl.min_horizontal("until", "end_date"),
    ).filter(pl.col("since") < pl.col("until"))


def _rates(ready: Ready, currencies: Sequence[str]) -> pl.DataFrame:
    """The rate of every currency on every day of the period into some currencies."""
    import polars as pl

    kind = ready.parameters.crediting.currency_rate
    of_kind = ready.company.currency_rates.filter(nw.col("kind") == kind)
    days = pl.date_range(ready.start, ready.end, closed="left", eager=True)
    every = engine.brought(pl.DataFrame({"event_date": days}))
    frames = [
        engine.collected(
            conversion.daily(of_kind.filter(nw.col("to_currency") == currency), every)
        ).with_columns(to_currency=pl.lit(currency))
        for currency in currencies
    ]
    return pl.concat(frames).select("currency", "to_currency", "event_date", "rate")


# --- with deals --------------------------------------------------------------------------------


def _nothing(rows: pl.DataFrame) -> pl.DataFrame:
    """No credit at all."""
    import polars as pl

    made = dict.fromkeys((*PLACE[1:], "base"), pl.lit(0, pl.Int64)) | {"by_split": pl.lit(False)}
    return rows.clear().select("deal", "event_date", **made)


def _attributed(of: Asked, deals: pl.DataFrame) -> pl.DataFrame:
    """The deals in order, with a flag for each rule and measure, and sums in each currency."""
    import polars as pl

    ready, crediting = of.ready, of.ready.parameters.crediting
    rules = [*(r for r in crediting.base if r.name in of.named), *crediting.roll_ups]
    filters = [*(f for m in of.measures for f in m.where), *(f for r in rules for f in r.where)]
    matched = [c for r in rules for c in r.match.values()]
    wanted = {f.column for f in filters} | set(matched)
    known = kinds(engine.names(ready.company.transactions), Transactions)
    ordered = deals.lazy().sort("event_date", "transaction_id").with_row_index("deal")
    rows = ordered.with_columns(pl.col("deal").cast(pl.Int64))
    sides: list[tuple[str, Any, Any]] = [
        ("account_id", ready.company.accounts, Accounts),
        ("product_id", ready.company.products, Products),
    ]
    for key, side, definition in sides:
        there = kinds([c for c in engine.names(side) if c not in known], definition)
        known |= there
        brought = [c for c in there if c in wanted]
        if brought:
            own = side.select(key, *brought).to_native().lazy()
            rows = rows.join(own, on=key, how="left", suffix=" of side")
            told = [c for c in brought if c in deals.columns]
            rows = rows.with_columns(pl.coalesce(c, f"{c} of side").alias(c) for c in told)
    tests = {f"has {m.name}": matching(m.where, known) for m in of.measures}
    tests |= {f"by {rule.name}": matching(rule.where, known) for rule in rules}
    flagged = nw.from_native(rows).with_columns(**tests).to_native()
    counted = flagged.with_columns(pl.lit(MONEY, pl.Int64).alias("count"))
    counted = counted.with_columns(pl.col(name).fill_null(0) for name in of.sums)
    for currency in of.currencies:
        counted = _converted(counted, currency, of)
    on = [pl.col(c).alias(f"on {c}") for c in dict.fromkeys(matched)]
    sums = [f"{name}@{c}" for name in of.sums for c in of.currencies]
    keys = ("deal", "transaction_id", "event_date", "owner_id", "account_id")
    return counted.select(*keys, *tests, *on, *sums).sort("deal").collect()


def _converted(rows: pl.LazyFrame, currency: str, of: Asked) -> pl.LazyFrame:
    """With every sum in one currency more; money is empty where there is no rate."""
    import polars as pl

    into = of.rates.lazy().filter(pl.col("to_currency") == currency).drop("to_currency")
    own = pl.col("currency") == currency
    minor = conversion.minor(currency)
    rate, by = pl.col("rate").cast(pl.Int128), pl.lit(RATE * minor, pl.Int128)
    money = {
        name: pl.when(own)
        .then(name)
        .otherwise((_rounded(pl.col(name).cast(pl.Int128) * rate, by) * minor).cast(pl.Int64))
        for name in of.sums
        if name in MONEYS
    }
    rated = rows.join(into, on=["currency", "event_date"], how="left", maintain_order="left")
    made = {f"{name}@{currency}": money.get(name, pl.col(name)) for name in of.sums}
    return rated.with_columns(**made).drop("rate")


def _by_rule(rule: Rule, rows: pl.DataFrame, of: Asked, split: Shares) -> pl.DataFrame | None:
    """The deals that a rule credits, to whom, in which part."""
    import polars as pl

    named, number = of.named[rule.name], of.ready.parameters.crediting.base.index(rule)
    on = [c for c in rows.columns if c.startswith("on ")]
    keys = ["deal", "transaction_id", "event_date", "owner_id", "account_id", *on]
    own = rows.filter(pl.col(f"by {rule.name}"), *_dated(rule)).select(keys)
    nothing = pl.lit(0, pl.Int64)
    if rule.kind == "direct":
        found = own.join(named, on="owner_id").with_columns(part=nothing, sharing=nothing)
        gone = [name for name, shares in split.items() if shares[0] == 0]
        if gone:
            found = found.filter(~pl.col("transaction_id").is_in(gone))
    elif rule.kind == "split":
        parts = [
            {"transaction_id": name, "owner_id": who, "part": n}
            for name, shares in split.items()
            for n, who in enumerate(shares.names)
            if n
        ]
        if not parts:
            return None
        colleagues = pl.DataFrame(parts, schema_overrides={"part": pl.Int64})
        shared = own.drop("owner_id").join(colleagues, on="transaction_id")
        found = shared.join(named, on="owner_id").with_columns(sharing=nothing)
    else:
        keys = [c for c in of.named[rule.name].columns if c not in ("origin", "since", "until")]
        found = own.join(named, on=keys) if keys else own.join(named, how="cross")
        found = found.filter(
            pl.col("event_date") >= pl.col("since"), pl.col("event_date") < pl.col("until")
        ).with_columns(part=nothing, sharing=nothing)
        if rule.divided:
            place = pl.col("origin").rank("ordinal").over("deal").cast(pl.Int64)
            found = found.with_columns(part=place, sharing=pl.len().over("deal").cast(pl.Int64))
    by_split = pl.lit(rule.kind in ("direct", "split"))
    return found.select(
        "deal", "event_date", *PLACE[1:], base=pl.lit(number, pl.Int64), by_split=by_split
    )


def _dated(rule: Rule) -> list[pl.Expr]:
    import polars as pl

    since = [pl.col("event_date") >= rule.start] if rule.start else []
    return since + ([pl.col("event_date") < rule.until] if rule.until else [])


def _admitted(hits: pl.DataFrame, rows: pl.DataFrame, of: Asked) -> pl.DataFrame:
    """Without what a roll-up's own ``where`` and dates leave out."""
    import polars as pl

    crediting = of.ready.parameters.crediting
    for rule in crediting.roll_ups:
        if rule.where or rule.start or rule.until:
            other = pl.col("rule_number") != list(crediting.rules).index(rule.name)
            tests = pl.all_horizontal(pl.lit(True), *_dated(rule))
            by = rows[f"by {rule.name}"].fill_null(False)[hits["deal"]]
            hits = hits.filter(other | (by & hits.select(by=tests)["by"]))
    return hits


def _valued(hits: pl.DataFrame, rows: pl.DataFrame, of: Asked, split: Shares) -> pl.DataFrame:
    """With each sum in the currency of the person's plan, cut to the person's share."""
    import polars as pl

    rules = of.ready.parameters.crediting.base
    units = {c: conversion.minor(c) for c in of.currencies}
    minor = pl.col("currency").replace_strict(units, default=1, return_dtype=pl.Int64)
    if len(set(units.values())) == 1:
        minor = pl.lit(next(iter(units.values())), pl.Int64)
    unit = {name: minor if name in MONEYS else pl.lit(1, pl.Int64) for name in of.sums}
    made = hits.with_columns(_in_currency(name, hits, rows, of) for name in of.sums)
    made = made.filter(pl.col("amount").is_not_null())
    if split:
        made = made.with_columns(transaction_id=rows["transaction_id"][made["deal"]])
        for name in of.sums:
            made = cut(made, name, unit[name], split, of.ready.parameters.crediting.policy)
    if any(rule.divided for rule in rules if rule.name in of.named):
        made = made.with_columns(_equal(name, unit[name]).alias(name) for name in of.sums)
    for number, rule in enumerate(rules):
        if rule.share != 1 and rule.name in of.named:
            part, here = pl.lit(int(rule.share * SHARE), pl.Int64), pl.col("base") == number
            made = made.with_columns(
                pl.when(here).then(_scaled(name, part, unit[name])).otherwise(name).alias(name)
                for name in of.sums
            )
    if (of.reached["roll_share"] != SHARE).any():
        part = pl.col("roll_share")
        made = made.with_columns(_scaled(n, part, unit[n]).alias(n) for n in of.sums)
    return made


def _in_currency(name: str, hits: pl.DataFrame, rows: pl.DataFrame, of: Asked) -> pl.Series:
    """A sum in the currency that each row's person is paid in."""
    first, *others = of.currencies
    chosen = rows[f"{name}@{first}"][hits["deal"]]
    if name in MONEYS:
        for currency in others:
            there = rows[f"{name}@{currency}"][hits["deal"]]
            chosen = there.zip_with(hits["currency"] == currency, chosen)
    return chosen.alias(name)


def _least(name: str, unit: pl.Expr) -> pl.Expr:
    """The unit an amount is divided in: the minor one if it is whole in it, else the finest."""
    import polars as pl

    return pl.when(pl.col(name) % unit == 0).then(unit).otherwise(pl.lit(1, pl.Int64))


def _scaled(name: str, share: pl.Expr, unit: pl.Expr) -> pl.Expr:
    import polars as pl

    least = _least(name, unit)
    exact = pl.col(name).cast(pl.Int128) * share.cast(pl.Int128)
    return (_rounded(exact, least.cast(pl.Int128) * SHARE) * least).cast(pl.Int64)


def _equal(name: str, unit: pl.Expr) -> pl.Expr:
    """Each an equal number of units; those left over go to the first."""
    import polars as pl

    least, sharing = _least(name, unit), pl.max_horizontal("sharing", pl.lit(1, pl.Int64))
    size = pl.col(name).abs() // least
    floor = size // sharing
    extra = (pl.col("part") <= size - floor * sharing).cast(pl.Int64)
    sign = pl.when(pl.col(name) < 0).then(-1).otherwise(1)
    shared = (floor + extra) * least * sign
    return pl.when(pl.col("sharing") > 0).then(shared).otherwise(pl.col(name))


def _rounded(value: pl.Expr, by: pl.Expr) -> pl.Expr:
    import polars as pl

    sign = pl.when(value < 0).then(-1).otherwise(1)
    return ((value.abs() * 2 + by) // (by * 2)) * sign
