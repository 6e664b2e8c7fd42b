"""Readiness, readings: what a page shows of what is done by hand, as pandas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.revops.readiness import measured, outside
from spmlib.workbench.readiness import clauses
from spmlib.workbench.readiness.assessment import Readiness

if TYPE_CHECKING:
    import pandas as pd

BY = {"lines": "by volume", "money": "by money"}


def told(of: Readiness) -> dict[str, Any]:
    """Figures of a company, or of a copy.

    Returns:
        lines, lines_by_hand, money, money_by_hand [the currency], lines_share, money_share (the
        register counted; None where nothing is done), rules, rule_lines, rule_money (of rules in
        disguise), rules_share (of money by hand).
    """
    hand, rules = of.exceptions, of.found.rules
    lines, money = len(of.results), float(of.results["amount"].abs().sum())
    by_hand, given = len(hand), float(hand["size"].sum())
    disguised = float(rules["money"].sum())
    return {
        "lines": lines,
        "lines_by_hand": by_hand,
        "money": money,
        "money_by_hand": given,
        "lines_share": of.cover("lines").share,
        "money_share": of.cover("money").share,
        "rules": len(rules),
        "rule_lines": int(rules["lines"].sum()),
        "rule_money": disguised,
        "rules_share": disguised / given if given else None,
    }


def where(of: Readiness) -> str:
    """Where exceptions were found, in words."""
    found = of.sources().filter(pl.col("lines") > 0)
    said = [f"{row['says'].lower()}: {row['lines']:,}" for row in found.to_dicts()]
    return ", ".join(said) or "none at all"


def months(own: Readiness, copy: Readiness) -> pd.DataFrame:
    """The share automated by month: period, whose (own, planted), lines_share, money_share."""
    parts = [
        of.by_month().select("period", pl.lit(whose).alias("whose"), "lines_share", "money_share")
        for whose, of in (("own", own), ("planted", copy))
    ]
    return pl.concat(parts).sort("whose", "period").to_pandas()


def sources(own: Readiness, copy: Readiness) -> pd.DataFrame:
    """Where exceptions were found: says, and lines, people, money of both, planted_ before."""
    one, other = own.sources(), copy.sources()
    planted = other.select(
        "source", *(pl.col(n).name.prefix("planted_") for n in other.columns[2:])
    )
    return one.join(planted, on="source", maintain_order="left").to_pandas()


def by_month(of: Readiness) -> pd.DataFrame:
    """What was done by hand each month: period, sort (rule, cause), amount [the currency].

    A rule is one in disguise; a cause is whatever else somebody adjusted.
    """
    sort = pl.when(pl.col("rule").is_null()).then(pl.lit("one_off")).otherwise(pl.lit("rule"))
    rows = of.found.rows.group_by("period", sort=sort).agg(amount=pl.col("size").sum())
    return rows.sort("period", "sort").to_pandas()


def curve(of: Readiness) -> pd.DataFrame:
    """The share as exceptions are taken on, by volume and by money, each its largest first.

    Returns:
        by (by volume, by money), place (exceptions taken on), name, share, goal.
    """
    rows = [
        (says, place, taken.name, taken.share, of.policy.goal)
        for by, says in BY.items()
        for place, taken in enumerate(of.curve(by))
    ]
    names = ("by", "place", "name", "share", "goal")
    return pl.DataFrame(rows, schema=names, orient="row").to_pandas()


def largest(of: Readiness, by: str) -> pd.DataFrame:
    """The exceptions that may be taken on, largest first, and the share once each is.

    Args:
        of: the company, or a copy.
        by: lines or money.

    Returns:
        name, says, sort, lines, money, people, months, share, past (the first with which the goal
        is reached: yes).
    """
    curve = of.curve(by)[1 : of.policy.most + 1]
    needs = of.cover(by).needs
    shares = pl.DataFrame(
        [(at, one.name, one.share, at == needs) for at, one in enumerate(curve, 1)],
        schema={"place": pl.Int64, "name": pl.String, "share": pl.Float64, "past": pl.Boolean},
        orient="row",
    )
    kinds = of.kinds().select("name", "says", "sort", "lines", "money", "people", "months")
    return shares.join(kinds, on="name").sort("place").drop("place").to_pandas()


def tried(
    of: Readiness, by: str, goal: float, most: float, months: float, steady: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The curve and what is taken on, with other decisions than the policy's.

    Args:
        of: the company, or a copy.
        by: by volume or by money.
        goal: share that the system is to do.
        most: exceptions that may be taken on.
        months: in which a rule recurs.
        steady: how far a rule's amounts may stray.
    """
    decided = replace(of.policy, goal=goal, most=int(most), months=int(months), steady=steady)
    other = of if decided == of.policy else of.decided(decided)
    word = next(word for word, says in BY.items() if says == by)
    whole = curve(other)
    return whole[whole["by"] == by], largest(other, word)


def register(of: Readiness) -> pd.DataFrame:
    """The register with shares: as `outside.registered`."""
    return of.outside().to_pandas()


def unknown(of: Readiness) -> dict[str, float | int]:
    """What is known of the register: as `outside.totals`."""
    return outside.totals(of.register)


def rules(of: Readiness) -> pd.DataFrame:
    """The rules in disguise, and what their formula is of.

    Returns:
        rule, reason (as given most), cause, kind, measure, over, value, per (money, units), low
        and high (of each person's own), people, months, lines, money, exact, found_by, currency.
    """
    per = of.credited.select("measure", "per").unique()
    spans = of.found.terms.group_by("rule").agg(
        low=pl.col("value").min(), high=pl.col("value").max()
    )
    told = of.found.rules.drop("over").join(clauses.cadence(of), on="rule")
    table = told.join(per, on="measure", how="left").join(spans, on="rule")
    columns = (
        *("rule", "reason", "cause", "kind", "measure", "over", "value", "per", "low", "high"),
        *("people", "months", "lines", "money", "exact", "found_by", "currency"),
    )
    return table.sort("rule").select(columns).to_pandas()


def against_truth(of: Readiness) -> measured.Measured:
    """What was found of what was planted, for a copy."""
    truth = of.exceptions.select("exception_id").head(0).with_columns(rule=pl.lit(-1))
    return measured.measured(of.found, truth if of.truth is None else of.truth, "exception_id")


def needed(of: Readiness, by: str) -> str:
    """How many exceptions take a company past the goal, and whether so many may be taken on.

    Args:
        of: the company, or a copy.
        by: lines or money.
    """
    cover, most = of.cover(by), of.policy.most
    if cover.share is None:
        return "nothing is done at all"
    if cover.needs is None:
        return "all exceptions together are too few: the rest is outside the system"
    if cover.needs == 0:
        return "none is needed"
    fewer = "as many as" if cover.needs == most else "fewer than"
    verb = "is" if cover.needs == 1 else "are"
    return f"{cover.needs} {verb} needed, {fewer if cover.enough else 'more than'} {most}"


def checked(of: Readiness, reproduced: pd.DataFrame) -> pd.DataFrame:
    """What must hold: check, says, holds.

    Args:
        of: the company, or a copy.
        reproduced: as `clauses.reproduced`.
    """
    import pandas as pd

    kinds, hand = of.kinds(), of.exceptions
    lines, money = int(kinds["lines"].sum()), float(kinds["money"].sum())
    size = float(hand["size"].sum())
    shares = of.by_month()
    whole = int(shares["by_hand"].sum())
    ends = [of.curve(by)[-1].share for by in BY]
    upper = [of.cover(by).all for by in BY]
    exact, given = int(reproduced["exact"].sum()), int(reproduced["lines"].sum())
    rules = of.found.rules
    sure = int((rules["exact"] * rules["lines"]).round().sum())
    rows = [
        ("Each exception is in one kind", f"{lines} of {len(hand)}", lines == len(hand)),
        ("Sizes of kinds add up", f"{money:,.2f} of {size:,.2f}", abs(money - size) < 0.01),
        ("Months add up to all exceptions", f"{whole} of {len(hand)}", whole == len(hand)),
        ("Curves end with all taken on", f"{len(ends)} curves", ends == upper),
        ("Clauses pay what formulas give", f"{exact} of {given} lines", exact >= sure),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])
