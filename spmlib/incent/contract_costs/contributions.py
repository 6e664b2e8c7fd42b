"""Contributions: what was earned, contract by contract, and what of it is of no contract.

Lines of earnings are judged by the policy. Those of incremental components go to the transactions
that earned them; the others, and what no transaction contributed to, are expensed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from spmlib.core.conversion import minor
from spmlib.core.engine import FOREVER
from spmlib.core.errors import ParameterError
from spmlib.incent.contract_costs.allocations import allocated, numbered
from spmlib.incent.contract_costs.written import WHOLE_PLAN, Policy
from spmlib.incent.lines import BESIDE

KEY = ("payee_id", "plan", "component", "window", "currency")
ROW = (*KEY, "transaction_id", "period", "amount", "event_id", "event_date", "manner")
PART = ROW[:-1]
NO_EVENT = (
    pl.lit(None, dtype=pl.String).alias("event_id"),
    pl.lit(None, dtype=pl.Date).alias("event_date"),
)
OWN = ("credit", "clawback")  # kinds of lines that are of one transaction


@dataclass(frozen=True)
class Contributed:
    """What was earned, line by line of contracts.

    Attributes:
        rows: `ROW` [ticks]: of incremental components; event_id where a cancellation took it back,
            manner: how it is allocated.
        expensed: `KEY`, period, amount, reason: given by hand (what no plan promises is no cost of
            obtaining a contract), won in SPIFFs (likewise), not incremental, or of no contract.
        judged: plan, component, incremental, allocated, because, source, policy_date.
    """

    rows: pl.DataFrame
    expensed: pl.DataFrame
    judged: pl.DataFrame


def contributed(lines: pl.DataFrame, periods: pl.DataFrame, policy: Policy) -> Contributed:
    """Lines of earnings by the contracts that earned them.

    Args:
        lines: of Earnings.
        periods: period, start_date; in order. Lines of other periods are left out.
        policy: which components are incremental, and how each is allocated.

    Raises:
        ParameterError: the policy says nothing of a component that earned something.
    """
    known = lines.with_columns(component=pl.col("component").fill_null(WHOLE_PLAN))
    numbered = periods.select("period", "start_date").with_row_index("at")
    known = known.join(numbered, "period")
    beside = known.filter(pl.col("kind").is_in(BESIDE))
    known = known.filter(~pl.col("kind").is_in(BESIDE))
    judged = _judged(known, policy)
    told = known.join(
        judged.select("plan", "component", "since", "until", "incremental", "allocated"),
        ["plan", "component"],
    ).filter((pl.col("start_date") >= pl.col("since")) & (pl.col("start_date") < pl.col("until")))
    no = told.filter(~pl.col("incremental"))
    yes = told.filter("incremental")
    earned, rest = _as_earned(yes.filter(pl.col("allocated") == "as_earned"))
    shared, more = _over_window(yes.filter(pl.col("allocated") == "over_window"))
    others = [
        _summed(beside.filter(pl.col("kind") == "adjustment"), "given by hand"),
        _summed(beside.filter(pl.col("kind") == "spiff"), "won in SPIFFs"),
        _summed(no, "not incremental"),
        _summed(rest, "of no contract"),
        _summed(more, "of no contract"),
    ]
    rows = [
        earned.with_columns(manner=pl.lit("as_earned")),
        shared.with_columns(manner=pl.lit("over_window")),
    ]
    return Contributed(pl.concat(rows).select(ROW), pl.concat(others), judged)


def _judged(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Each judgement with the days on which it holds, of the components that earned something."""
    earliest = lines.group_by("plan", "component").agg(first=pl.col("start_date").min())
    rows = []
    for plan, component, first in earliest.sort("plan", "component").iter_rows():
        history = policy.components.get((plan, component), ())
        if not history or history[0].since > first:
            wrong = f"nothing is said of {plan}.{component} from {first} on"
            remedy = f"add `{component}: {{incremental: yes, because: ...}}` under `{plan}`"
            raise ParameterError(f"{policy.place}: {wrong}; {remedy}.")
        ends = [*(later.since for later in history[1:]), FOREVER]
        for one, until in zip(history, ends, strict=True):
            rows.append((plan, component, one.since, until, one))
    return pl.DataFrame(
        {
            "plan": [row[0] for row in rows],
            "component": [row[1] for row in rows],
            "since": [row[2] for row in rows],
            "until": [row[3] for row in rows],
            "incremental": [row[4].incremental for row in rows],
            "allocated": [row[4].allocated for row in rows],
            "because": [row[4].because for row in rows],
            "source": [row[4].place for row in rows],
        },
        schema_overrides={"since": pl.Date, "until": pl.Date},
    )


def _as_earned(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each line to its own transaction, what has none over those of its month; and what is left."""
    own = pl.col("kind").is_in(OWN) & pl.col("transaction_id").is_not_null()
    known = numbered(lines, [*KEY, "period"], "key")
    mine = known.filter(own)
    weights = mine.group_by("key", "transaction_id").agg(
        weight=pl.col("credited").fill_null(0).sum().clip(lower_bound=0)
    )
    pots = known.filter(~own).group_by("key", *KEY, "period").agg(total=pl.col("amount").sum())
    shared, left = _shared(pots, weights, ["key"])
    shared = shared.join(pots.select("key", *KEY, "period"), "key").with_columns(*NO_EVENT)
    back = (pl.col("amount") < 0) & pl.col("event_id").is_not_null()
    parts = mine.with_columns(
        event_id=pl.when(back).then("event_id"),
        event_date=pl.when(back).then("event_date"),
    )
    summed = parts.group_by([name for name in PART if name != "amount"]).agg(pl.col("amount").sum())
    both = pl.concat([summed.select(PART), shared.select(PART)])
    return both.filter(pl.col("amount") != 0), left


def _over_window(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is earned to date over all that counted to date, period by period; and what is left."""
    known = numbered(numbered(lines, KEY, "key"), ["transaction_id"], "sale")
    totals = (
        known.group_by("key", "at")
        .agg(pl.first(*KEY, "period"), fresh=pl.col("amount").sum())
        .sort("key", "at")
        .with_columns(total=pl.col("fresh").cum_sum().over("key"))
    )
    counted = known.filter(pl.col("transaction_id").is_not_null())
    fresh = counted.group_by("key", "sale", "at").agg(pl.col("credited").fill_null(0).sum())
    firsts = fresh.group_by("key", "sale").agg(first=pl.col("at").min())
    pairs = totals.select("key", "at").join(firsts, "key").filter(pl.col("first") <= pl.col("at"))
    pairs = pairs.join(fresh, ["key", "sale", "at"], "left").sort("key", "sale", "at")
    weight = pl.col("credited").fill_null(0).cum_sum().over("key", "sale")
    shared, _ = _shared(
        totals.select("key", "at", "currency", "total"),
        pairs.select("key", "sale", "at", weight=weight.clip(lower_bound=0)),
        ["key", "at"],
    )
    ordered = shared.sort("key", "sale", "at")
    before = pl.col("amount").shift(1).over("key", "sale").fill_null(0)
    moved = ordered.with_columns(amount=pl.col("amount") - before).filter(pl.col("amount") != 0)
    # What nobody counted for stays with the period: what is new less what was shared out of it.
    given = moved.group_by("key", "at").agg(given=pl.col("amount").sum())
    left = totals.join(given, ["key", "at"], "left").with_columns(
        amount=pl.col("fresh") - pl.col("given").fill_null(0)
    )
    sales = counted.select("sale", "transaction_id").unique("sale")
    named = moved.join(totals.select("key", "at", *KEY, "period"), ["key", "at"])
    named = named.join(sales, "sale").with_columns(*NO_EVENT)
    return named.select(PART), left.filter(pl.col("amount") != 0)


def _shared(
    pots: pl.DataFrame, weights: pl.DataFrame, group: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Totals of groups shared out by weight; and the totals of groups without any."""
    units = {name: minor(name) for name in pots["currency"].unique()}
    unit = pl.col("currency").replace_strict(units, return_dtype=pl.Int64) if units else 1
    sized = pots.select(*group, "total", unit=unit)
    joined = weights.join(sized, group).sort(weights.columns)
    made = allocated(joined, group, "total", "weight", pl.col("unit"))
    some = joined.filter(pl.col("weight") > 0).select(group).unique()
    left = pots.join(some, group, "anti").with_columns(amount="total")
    return made.select(*weights.columns, amount="allocated"), left


def _summed(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    summed = rows.group_by(*KEY, "period").agg(pl.col("amount").sum())
    return summed.with_columns(reason=pl.lit(reason))
