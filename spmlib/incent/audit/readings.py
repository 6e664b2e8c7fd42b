"""Readings: an audit in a few figures and tables, for those who decide whether pay may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.tables import Findings
from spmlib.incent.audit.audits import Audit, summary
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.checks import CHECKS, SAYS

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def frame(found: pl.DataFrame) -> pd.DataFrame:
    """Findings with exact decimals, and ``says``: what their check looks for, in words."""
    made = engine.pandas(engine.brought(found), Findings)
    return made.assign(says=made["check"].map(SAYS))


def in_figures(made: Audit) -> dict[str, Any]:
    """An audit in figures: findings, amount, stops, stopped (their amount), reviewed, people."""
    stops = made.stops
    return {
        "findings": made.findings.height,
        "amount": made.at_stake / 10_000,
        "stops": stops.height,
        "stopped": int(stops["amount"].sum()) / 10_000,
        "reviewed": made.reviewed.height,
        "checks": len(CHECKS),
    }


def by_check(found: pl.DataFrame) -> pd.DataFrame:
    """What each check found: check, says, count, amount, largest [units]; also those of nothing."""
    import polars as pl

    counted = summary(found)
    every = pl.DataFrame({"check": list(CHECKS), "says": [SAYS[name] for name in CHECKS]})
    rows = every.join(counted, on="check", how="left").with_columns(
        pl.col("count", "amount", "largest").fill_null(0)
    )
    units = pl.col("amount", "largest") / 10_000
    return rows.with_columns(units).sort("amount", descending=True, maintain_order=True).to_pandas()


def by_month(found: pl.DataFrame, books: Books) -> pd.DataFrame:
    """What each month that paid had: period, count, amount, of_pay (a share of what was paid)."""
    import polars as pl

    paid = books.worth(books.payouts).group_by("period").agg(paid=pl.col("amount").sum())
    told = found.group_by("period").agg(pl.col("amount").sum(), count=pl.len())
    rows = paid.join(told, on="period", how="left").sort("period")
    rows = rows.with_columns(pl.col("amount", "count").fill_null(0))
    return rows.select(
        "period",
        "count",
        amount=pl.col("amount") / 10_000,
        of_pay=pl.col("amount") / pl.col("paid"),
    ).to_pandas()


def kinds(measured: pl.DataFrame) -> pd.DataFrame:
    """Recall and precision of `planted.measured.measured`, with what each kind is called."""
    return measured.to_pandas().assign(says=[SAYS[kind] for kind in measured["kind"]])


def checks(made: Audit, books: Books) -> pd.DataFrame:
    """What must hold of an audit: check, says, holds."""
    import pandas as pd

    found = made.findings
    by = summary(found)
    known = books.periods["period"].to_list()
    told: list[tuple[str, Any, Any]] = [
        ("findings by check, and in all", int(by["count"].sum()), found.height),
        ("money by check, and in all", _units(by["amount"].sum()), _units(made.at_stake)),
        ("names of findings, each once", found["finding_id"].n_unique(), found.height),
        ("findings of the month alone", int((found["period"] == made.period).sum()), found.height),
        ("the month, once in the calendar", known.count(made.period), 1),
        (
            "scores between 0 and 1, and all",
            int(found["score"].is_between(0, 1).sum()),
            found.height,
        ),
        ("evidence, and findings", found["evidence"].count(), found.height),
    ]
    rows = [(what, f"{one} and {other}", one == other) for what, one, other in told]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _units(ticks: Any) -> str:
    return f"{ticks / 10_000:,.2f}"
