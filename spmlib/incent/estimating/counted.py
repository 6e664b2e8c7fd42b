"""Counted: who would be credited with deals, by the company's own rules, and what it would count.

What the engine's crediting does on whole tables (`spmlib.incent.crediting`) is done here for one
period and some people only, with everything known beforehand looked up: a test holds the two
together, credit by credit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core import conversion, engine
from spmlib.core.tables import MONEY, RATE, SHARE, Accounts, Products, Transactions
from spmlib.incent.estimating.asking import Asked
from spmlib.incent.estimating.shared import Shares, equal, part_of, scaled
from spmlib.rules.crediting import Rule
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

PLACE = ("deal", "origin", "part", "sharing")


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
    lazy = rows.lazy()
    named = [_by_rule(rule, lazy, of, split) for rule in rules if rule.name in of.named]
    found = [_nothing(lazy), *(frame for frame in named if frame is not None)]
    day = pl.col("event_date")
    hits = (
        pl.concat(found)
        .join(of.reached.lazy(), on=["base", "origin"])
        .filter(day >= pl.col("start_date"), day < pl.col("end_date"))
        .collect()
    )
    counted = _valued(_admitted(hits, rows, of), rows, of, split)
    flags = rows.select("transaction_id", *(f"has {m.name}" for m in of.measures))
    kept = ("event_date", "person", "plan_number", "rule_number", "level", "origin", *of.sums)
    return counted.select(*kept).hstack(flags[counted["deal"]])


def _nothing(rows: pl.LazyFrame) -> pl.LazyFrame:
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
    tests = {f"has {m.name}": matching(m.where, known, pl) for m in of.measures}
    tests |= {f"by {rule.name}": matching(rule.where, known, pl) for rule in rules}
    flagged = rows.with_columns(**tests)
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


def _by_rule(rule: Rule, rows: pl.LazyFrame, of: Asked, split: Shares) -> pl.LazyFrame | None:
    """The deals that a rule credits, to whom, in which part."""
    import polars as pl

    named, number = of.named[rule.name].lazy(), of.ready.parameters.crediting.base.index(rule)
    on = [f"on {c}" for c in rule.match.values()]
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
        colleagues = pl.LazyFrame(parts, schema_overrides={"part": pl.Int64})
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
    """With each sum in the currency of the person's plan, cut to the person's share; in order."""
    import numpy as np
    import polars as pl

    currency = np.zeros(len(hits), int)
    for n, code in enumerate(of.currencies):
        currency[(hits["currency"] == code).to_numpy()] = n
    deal = hits["deal"].to_numpy()
    rated = np.stack([rows[f"amount@{c}"].is_not_null().to_numpy() for c in of.currencies])
    kept = np.flatnonzero(rated[currency, deal])
    order = hits[kept].select("deal", "rule_number", "level", "origin").to_numpy()
    kept = kept[np.lexsort(order.T[::-1])]
    hits, deal, currency = hits[kept], deal[kept], currency[kept]
    minor = np.array([conversion.minor(c) for c in of.currencies])[currency]
    made = {}
    for name in of.sums:
        by = np.stack([rows[f"{name}@{c}"].fill_null(0).to_numpy() for c in of.currencies])
        unit = minor if name in MONEYS else np.ones(len(deal), int)
        made[name] = _cut(by[currency, deal], unit, hits, rows, of, split)
    return hits.with_columns(pl.Series(name, values, pl.Int64) for name, values in made.items())


def _cut(
    values: np.ndarray,
    unit: np.ndarray,
    hits: pl.DataFrame,
    rows: pl.DataFrame,
    of: Asked,
    split: Shares,
) -> np.ndarray:
    """Values [ticks] cut to shares: of those who split a deal, of a rule, of a roll-up."""
    import numpy as np

    crediting = of.ready.parameters.crediting
    if split:
        names = rows["transaction_id"][hits["deal"]].to_list()
        by, part = hits["by_split"].to_list(), hits["part"].to_list()
        for n, name in enumerate(names):
            if by[n] and name in split:
                cut = part_of(int(values[n]), int(unit[n]), split[name], part[n], crediting.policy)
                values[n] = cut
    base = hits["base"].to_numpy()
    for number, rule in enumerate(crediting.base):
        if rule.name in of.named and (rule.divided or rule.share != 1):
            own = np.flatnonzero(base == number)
            part_, sharing = (hits[c].to_numpy()[own] for c in ("part", "sharing"))
            if rule.divided:
                values[own] = equal(values[own], unit[own], part_, sharing)
            values[own] = scaled(values[own], unit[own], int(rule.share * SHARE))
    roll = hits["roll_share"].to_numpy()
    own = np.flatnonzero(roll != SHARE)
    values[own] = scaled(values[own], unit[own], roll[own])
    return values


def _rounded(value: pl.Expr, by: pl.Expr) -> pl.Expr:
    import polars as pl

    sign = pl.when(value < 0).then(-1).otherwise(1)
    return ((value.abs() * 2 + by) // (by * 2)) * sign
