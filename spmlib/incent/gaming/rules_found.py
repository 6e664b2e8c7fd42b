"""Rules found: what plans leave open to play, with what it came to or might come to in a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import Parameters, Results
from spmlib.incent.gaming import extremes, splitting
from spmlib.incent.gaming.cliffs import KINDS
from spmlib.incent.gaming.paid import Paid, of_component
from spmlib.rules.plans import Component

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]


def cliffs_found(against: pl.DataFrame, deals: pl.DataFrame) -> Iterator[Row]:
    """Thresholds: windows of the last year that ended within one large deal of each.

    At stake is the jump of pay, and what a usual deal earns more or less beyond, for each of them.
    """
    import polars as pl

    sized = against.filter("last_year").join(deals, on=["plan", "component"], how="left")
    large = pl.col("deal_1").fill_null(0.0)
    within = (pl.col("credited") - pl.col("threshold")).abs() <= large
    stake = pl.col("jump").abs() + pl.col("slope").abs() * pl.col("deal_0").fill_null(0.0)
    key = ("plan", "component", "kind", "start", "place", "remedy", "counts")
    rows = sized.group_by(*key, maintain_order=True).agg(
        count=pl.len(), near=within.sum(), amount=(stake * within).sum(),
        threshold=pl.col("threshold").median(), jump=pl.col("jump").median(),
        slope=pl.col("slope").median(), large=large.median(),
        credited=pl.col("credited").median(),
    )  # fmt: skip
    for row in rows.to_dicts():
        if row["amount"] < 1 or (row["kind"] == "rate" and row["counts"] == "units"):
            continue  # a score of 1 is all there is: no threshold to play
        where = f"{row['start']:.0%} of quota" if row["counts"] == "quota" else f"{row['start']:,g}"
        says = (
            f"{row['near']} of {row['count']} windows of the last year ended within one large deal"
        )
        says += f" ({row['large']:,.0f}) of it; pay jumps by {row['jump']:,.0f} there"
        if abs(row["jump"]) < 0.5:
            says = says.rpartition(";")[0] + f"; the next unit pays {row['slope']:+.3g} beyond it"
        yield row_of(row, row["kind"], where, row["amount"], says + _bought(row), row["place"])


def modifiers_found(results: Results, parameters: Parameters, since: str) -> Iterator[Row]:
    """Gates, multipliers, caps and floors: what they added or kept back in the last year.

    Of each person and window, the most that hung on it at the end of any month: what a gate
    withholds and then pays counts once.
    """
    import polars as pl

    lines = results.earnings.filter(
        nw.col("kind").is_in(["gate", "multiplier", "cap", "floor"]), nw.col("period") >= since
    )
    key = ("plan", "component", "kind", "source")
    monthly = (
        engine.collected(lines)
        .group_by(*key, "payee_id", "window", "period")
        .agg(pl.col("amount").sum())
    )
    hung = (
        monthly.sort("period")
        .group_by(*key, "payee_id", "window")
        .agg(amount=pl.col("amount").cum_sum().abs().max() / MONEY)
    )
    rows = hung.group_by(*key).agg(
        amount=pl.col("amount").sum(), people=pl.col("payee_id").n_unique()
    )
    for row in rows.sort("plan", "component", "source").to_dicts():
        says = (
            f"of {row['people']} people in the last year, the most that hung on it at a month's end"
        )
        about, where = row | {"remedy": KINDS[row["kind"]]}, f"where the {row['kind']} holds"
        yield row_of(about, row["kind"], where, row["amount"], says, row["source"])


def single_deals_found(
    parameters: Parameters, deals: pl.DataFrame, day: date, step: int = 2
) -> Iterator[Row]:
    """What is paid deal by deal: what the best split of usual and large deals gains."""
    for row in deals.sort("plan", "component").to_dicts():
        component = parameters.plans[row["plan"]].components[row["component"]]
        paid = _plain(component, day)
        if paid is None or not component.alone:
            continue
        sizes = [Fraction(str(round(row[f"deal_{n}"], 2))) for n in range(2)]
        splits = [splitting.best_split(paid, s, step) for s in sizes if s > 0]
        gain = sum((s.gain for s in splits), Fraction(0)) / max(len(splits), 1)
        if gain <= 0:
            continue
        best = max(splits, key=lambda s: s.gain)
        says = f"a deal of {float(best.deal):,.0f} pays {float(best.whole):,.2f}, and in two parts "
        says += f"{float(best.apart):,.2f}; at stake: as if each of {row['lines']} were split"
        remedy = "pay by the order's customer and year, or add up orders of a customer within days"
        where, amount = f"orders of {float(best.deal):,.0f}", float(gain) * row["lines"]
        place = paid.curve[-1].place
        yield row_of(row | {"remedy": remedy}, "split", where, amount, says, place)


def extremes_found(
    parameters: Parameters, deals: pl.DataFrame, ends: pl.DataFrame, day: date
) -> Iterator[Row]:
    """What the largest deal of history pays at the median quota and target, on top of the quota."""
    import polars as pl

    middle = ends.group_by("plan", "component").agg(pl.col("stick", "pay").median())
    for row in deals.join(middle, on=["plan", "component"]).sort("plan", "component").to_dicts():
        component = parameters.plans[row["plan"]].components[row["component"]]
        if component.thresholds != "quota" or component.pays not in ("rate", "target"):
            continue
        paid = of_component(component, day, quota=str(row["stick"]), target=str(row["pay"]), cell=0)
        one = extremes.extreme(paid, str(row["largest"]), str(row["stick"]))
        limited = paid.cap is not None or paid.windfall is not None
        says = (
            f"the largest deal of history ({row['largest']:,.0f}) pays {float(one.pays):,.0f} on "
        )
        says += f"top of the median quota{', with the limits of the plan' if limited else ''}"
        remedy = (
            "keep the limit" if limited else "write a windfall limit, beyond which it is reviewed"
        )
        if one.pays < 1:
            continue
        where, about = f"deals of {row['largest']:,.0f}", row | {"remedy": remedy}
        yield row_of(about, "extreme", where, float(one.pays), says, component.place)


def returns_found(
    results: Results, parameters: Parameters, rows: pl.DataFrame, years: float
) -> Iterator[Row]:
    """What was earned on deals that were cancelled once nothing is taken back any more."""
    import polars as pl

    gone = rows.filter(pl.col("cancelled_day").is_not_null()).select(
        "transaction_id", "cancelled",
        months=(pl.col("cancelled_day").dt.year() - pl.col("day").dt.year()) * 12
        + pl.col("cancelled_day").dt.month().cast(pl.Int32)
        - pl.col("day").dt.month().cast(pl.Int32)
        - (pl.col("cancelled_day").dt.day() < pl.col("day").dt.day()).cast(pl.Int32),
    )  # fmt: skip
    for name, plan in parameters.plans.items():
        terms = plan.payment.clawback if plan.payment is not None else None
        if terms is None:
            continue
        late = gone.filter(pl.col("months") >= terms.within_months)
        lines = results.earnings.filter(nw.col("plan") == name, nw.col("kind") == "credit")
        earned = engine.collected(lines.filter(nw.col("event_id").is_null())).join(
            late, on="transaction_id"
        )
        amount = float((earned["amount"] * earned["cancelled"]).sum()) / MONEY / max(years, 1e-9)
        says = f"{late['transaction_id'].n_unique()} bookings were cancelled {terms.within_months} "
        says += f"months or more after them; {earned['payee_id'].n_unique()} people keep their pay"
        remedy = (
            "let the clawback last as long as customers may cancel, or pay on what is collected"
        )
        about = {"plan": name, "component": None, "remedy": remedy}
        where = f"from {terms.within_months} months on"
        if amount >= 1:
            yield row_of(about, "returns", where, amount, says, terms.place)


def timings_found(
    timings: Mapping[tuple[str, str], Any], plans: Mapping[str, Any]
) -> Iterator[Row]:
    """What the best timing of open deals is worth, plan by plan."""
    names = dict.fromkeys(plan for _, plan in timings)
    for name in names:
        own = [made for (_, plan), (made, _, _) in timings.items() if plan == name]
        gain = float(sum((made.gain for made in own), Fraction(0)))
        says = (
            f"{sum(m.gain > 0 for m in own)} of {len(own)} people could gain by moving open deals "
        )
        says += "between windows, if all of them are won"
        remedy = "longer windows, rates that lie near each other, or pay on delivery"
        about = {"plan": name, "component": None, "remedy": remedy}
        if gain >= 1:
            yield row_of(about, "timing", "open deals", gain, says, plans[name].place)


def _bought(row: Mapping[str, Any]) -> str:
    """What discount a deal just short of the threshold would be worth to its seller."""
    if row["jump"] <= 0 or row["large"] <= 0 or row["counts"] == "units":
        return ""
    share = row["jump"] / row["large"]
    if share >= 1:
        return ""
    return f"; that is worth a discount of up to {share:.1%} on such a deal to its seller"


def _plain(component: Component, day: date) -> Paid | None:
    """What one transaction earns, where neither quota nor target is needed."""
    if component.thresholds not in ("money", "units") or component.pays in ("target",):
        return None
    return of_component(component, day)


def row_of(
    about: Mapping[str, Any], kind: str, where: str, amount: float, says: str, source: str
) -> Row:
    """A finding of a rule."""
    return {
        "kind": kind, "plan": about["plan"], "component": about["component"], "payee_id": None,
        "where": spaced(where), "amount": float(amount), "p_value": None, "p_adjusted": None,
        "evidence": spaced(says), "source": source, "remedy": about["remedy"],
    }  # fmt: skip


def spaced(says: str) -> str:
    """Words with a space before each percent sign, as the house writes them."""
    return re.sub(r"(?<=\d)%", " %", says)
