"""People found: signs in bookings, each with its chance; indications, never accusations.

A person is named only where the sign stands out against their own other bookings and against their
peers, after correction for how many were looked at, and where there are enough bookings to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming import bookings, bunching, densities, ends, holding, limits, reversals
from spmlib.incent.gaming.rules_found import Row, spaced
from spmlib.incent.gaming.standings import heaped
from spmlib.incent.gaming.written import Decisions

if TYPE_CHECKING:
    import polars as pl

INDICATION = "an indication to be looked into, with its base rate; there may be good reasons"


def heaps_found(against: pl.DataFrame, decided: Decisions, years: float) -> Iterator[Row]:
    """Whether windows heap just above thresholds: all together, and each threshold, by both tests.

    At stake is the excess of windows a year times the jump of pay.
    """
    import polars as pl

    better = pl.col("jump") > 0
    smooth = (pl.col("counts") != "units") & (pl.col("credited") > 0)
    rows = against.filter(better, smooth, pl.col("distance").abs() < decided.reach)
    told = []
    for key, own in rows.partition_by(
        "plan", "component", "start", as_dict=True, maintain_order=True
    ).items():
        near = bunching.near(own["distance"].to_numpy(), decided.near)
        if near.above + near.below >= decided.fewest:
            told.append((key, near, own))
    corrected = bunching.adjusted([near.p_value for _, near, _ in told])
    for (key, near, own), p in zip(told, corrected, strict=True):
        if p <= decided.sure:
            excess = (near.above - near.below) / max(years, 1e-9)
            where = _threshold(key[2], own["counts"][0])
            says = (
                f"{near.above} windows ended within {decided.near:.0%} above it, {near.below} below"
            )
            says += _density(own["distance"].to_numpy())
            amount = excess * float(own["jump"].to_numpy().mean())
            yield _row("bunching", where, amount, near.p_value, p, says, own["place"][-1],
                       own["remedy"][-1], plan=key[0], component=key[1])  # fmt: skip


def people_heaped(against: pl.DataFrame, decided: Decisions) -> pl.DataFrame:
    """Whose windows end just above thresholds more often than just below them.

    Returns:
        payee_id, above, below (windows within `near` of a threshold at which pay jumps up), amount
        (the jumps of those above [plan currency]), plan, p_value, p_adjusted (Holm).
    """
    import polars as pl

    near = against.filter(
        pl.col("jump") > 0,
        pl.col("counts") != "units",
        pl.col("credited") > 0,
        pl.col("distance").abs() < decided.near,
    )
    above = pl.col("distance") >= 0
    counted = near.group_by("payee_id").agg(
        pl.col("plan").last(), above=above.sum(), below=(~above).sum(),
        amount=pl.col("jump").filter(above).sum(), place=pl.col("place").last(),
    )  # fmt: skip
    usual = float(above_rate(near))
    from scipy.stats import binom

    k = counted["above"].to_numpy().astype(int)
    n = k + counted["below"].to_numpy().astype(int)
    import numpy as np

    p = np.where(n >= decided.fewest, binom.sf(k - 1, n, max(usual, 0.5)), np.nan)
    return counted.with_columns(
        p_value=pl.Series(p).fill_nan(None),
        p_adjusted=pl.Series(bunching.adjusted(p)).fill_nan(None),
    ).sort("p_value", "payee_id", nulls_last=True)


def above_rate(near: pl.DataFrame) -> float:
    """The share of all windows near thresholds that ended above; one half where there are none."""
    return float((near["distance"].to_numpy() >= 0).mean()) if near.height else 0.5


def heapers_found(against: pl.DataFrame, decided: Decisions, years: float) -> Iterator[Row]:
    """People whose windows end just above thresholds."""
    for row in people_heaped(against, decided).to_dicts():
        if _told(row, decided):
            says = f"{row['above']} windows ended within {decided.near:.0%} above a threshold and "
            says += f"{row['below']} as near below; {INDICATION}"
            yield _row("bunching", f"within {decided.near:.0%}", row["amount"] / years,
                       row["p_value"], row["p_adjusted"], says, row["place"],
                       "pay marginally, or linearly between rows", plan=row["plan"],
                       payee=row["payee_id"])  # fmt: skip


def reversals_found(rows: pl.DataFrame, decided: Decisions, years: float) -> Iterator[Row]:
    """People whose bookings of last days come back early in the next window."""
    for row in reversals.reversals(
        rows, decided.last_days, decided.early, decided.fewest
    ).to_dicts():
        if _told(row, decided):
            says = f"{row['hits']} of {row['tries']} bookings of last days were cancelled early "
            says += f"in the next month; {_rates(row)}; {INDICATION}"
            yield _row("reversals", f"last {decided.last_days} days of a month",
                       row["amount"] / years, row["p_value"], row["p_adjusted"], says,
                       decided.places["last_days"], "pay on what is collected, or claw back "
                       "in full within a year", payee=row["payee_id"])  # fmt: skip


def splits_found(rows: pl.DataFrame, decided: Decisions, years: float) -> Iterator[Row]:
    """People whose deals just below limits are parts of what is above them."""
    deals = bookings.deals(rows)
    found = limits.by_person(
        deals, decided.limits, decided.split_within, decided.just_below, decided.fewest
    )
    for row in found.to_dicts():
        if _told(row, decided):
            says = (
                f"{row['hits']} of {row['tries']} deals just below limits belong with another of "
            )
            says += f"the same customer within {decided.split_within} days and together pass it; "
            says += f"{_rates(row)}; at stake: {decided.unapproved:.0%} of them; {INDICATION}"
            amount = row["amount"] * decided.unapproved / years
            yield _row("splits_at_limits", "approval limits", amount, row["p_value"],
                       row["p_adjusted"], says, decided.places["limits"],
                       "approve by customer and quarter instead of by deal",
                       payee=row["payee_id"])  # fmt: skip


def late_found(rows: pl.DataFrame, decided: Decisions, years: float) -> Iterator[Row]:
    """People who book more in last days than their peers, and at what price."""
    for row in ends.hockey_sticks(rows, decided.last_days, decided.fewest).to_dicts():
        if _told(row, decided) and row["price"] >= 1:
            says = (
                f"{row['hits']} of {row['tries']} deals in the last {decided.last_days} days of a "
            )
            says += (
                f"quarter; {row['peers_rate']:.1%} of peers'; at stake: discount beyond that of "
            )
            says += f"other days ({row['discount_more']:+.1%}); {INDICATION}"
            yield _row("late_window", f"last {decided.last_days} days of a quarter",
                       row["price"] / years, row["p_value"], row["p_adjusted"], says,
                       decided.places["last_days"], "limit discounts by deal, not by day; smooth "
                       "targets over the quarter", payee=row["payee_id"])  # fmt: skip


def held_found(
    rows: pl.DataFrame, shut: pl.DataFrame, decided: Decisions, years: float
) -> Iterator[Row]:
    """People whose deals come in the first days after windows that paid no more."""
    found = holding.held_back(rows, shut, decided.first_days, decided.fewest)
    for row in found.to_dicts():
        if _told(row, decided):
            says = f"{row['hits']} of {row['tries']} deals after shut windows came in the first "
            says += f"{decided.first_days} days; {_rates(row)}; {INDICATION}"
            yield _row("held_back", f"first {decided.first_days} days of a quarter",
                       row["amount"] / years, row["p_value"], row["p_adjusted"], says,
                       decided.places["first_days"], "a lower rate instead of a cap; carry "
                       "attainment over", payee=row["payee_id"])  # fmt: skip


def pooled(against: pl.DataFrame, decided: Decisions) -> dict[str, Any]:
    """All windows against all thresholds at once: both tests, placebos, and the excess.

    Placebos are the same tests at points at which nothing is paid.

    Returns:
        distances, density (none where there are too few), near, excess, placebos (at, p_value of
        both tests).
    """
    x = heaped(against, decided.reach)
    made: dict[str, Any] = {"distances": x, "near": bunching.near(x, decided.near)}
    made["density"] = _tested(x, 0.0)
    made["placebos"] = [
        (at, _tested(x, at), bunching.near(x, decided.near, at)) for at in (-0.2, -0.1, 0.1, 0.2)
    ]
    half = decided.near / 2
    made["excess"] = bunching.excess(
        x, half, 2 * decided.near, 2 * decided.near, reach=decided.reach,
        draws=decided.draws, seed=decided.seed,
    )  # fmt: skip
    return made


def _tested(x: Any, at: float) -> densities.Density | None:
    try:
        return densities.density_test(x, at)
    except ParameterError:
        return None


def _density(x: Any) -> str:
    made = _tested(x, 0.0)
    return "" if made is None else f"; density test: p = {made.above:.3f}"


def _rates(row: Row) -> str:
    own = row["own_rate"]
    of_own = "" if own is None or own != own else f"{own:.1%} of their other ones, "
    return f"{of_own}{row['peers_rate']:.1%} of peers'"


def _told(row: Row, decided: Decisions) -> bool:
    p = row["p_adjusted"]
    return p is not None and p <= decided.sure


def _threshold(start: float, counts: str) -> str:
    return f"{start:.0%} of quota" if counts == "quota" else f"{start:,g}"


def _row(
    kind: str,
    where: str,
    amount: float,
    p_value: float,
    p_adjusted: float,
    says: str,
    source: str,
    remedy: str,
    plan: str | None = None,
    component: str | None = None,
    payee: str | None = None,
) -> Row:
    return {
        "kind": kind, "plan": plan, "component": component, "payee_id": payee,
        "where": spaced(where),
        "amount": float(amount), "p_value": float(p_value), "p_adjusted": float(p_adjusted),
        "evidence": spaced(says), "source": source, "remedy": remedy,
    }  # fmt: skip
