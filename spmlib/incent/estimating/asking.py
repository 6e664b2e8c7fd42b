"""Asking: for whom deals are credited, with all that can be looked up before there is a deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.incent.crediting import holdings
from spmlib.incent.estimating.ready import Ready
from spmlib.rules.crediting import Rule
from spmlib.rules.measures import Measure
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl


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
