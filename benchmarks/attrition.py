"""Attrition: planted leavers against the truth, what intervals hold, reasons, and time.

    python benchmarks/attrition.py [companies]

Each company is the made-up sister of 600 sellers and three years, drawn anew. The oracle knows the
true chance of each person and month; nothing can tell leavers better. Quotas are set on everybody's
own anniversary, or all in January: then a year ahead hangs on the month in which one asks.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine

from spmlib.motivate.attrition import (
    evaluations,
    hazards,
    horizons,
    insights,
    months,
    reasons,
    scores,
    written,
)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "data"))
from sample_company import leavers  # noqa: E402

PLANTED = [name for name in leavers.REASONS if name != "tenure"]


def main(companies: int = 10) -> None:
    """Print all figures."""
    print(machine())
    policy = written.read(ROOT / "parameters/policies/attrition.yaml")
    decided = replace(policy, enabled=True)
    for january in (False, True):
        told = [_company(decided, seed, january) for seed in range(1, companies + 1)]
        print(f"\n{companies} companies, quotas {'in January' if january else 'on anniversaries'}")
        for name in told[0]:
            each = np.array([row[name] for row in told])
            print(f"  {name:52} {each.mean():6.3f}  ({each.min():.3f} to {each.max():.3f})")
    _nothing_hidden()
    _timed(decided)


def _rows(told: leavers.Sister, decided: written.Decisions) -> pl.DataFrame:
    return months.person_months(
        told.payees, told.positions, told.day, decided, quotas=told.quotas,
        attainments=told.attainments, payouts=told.payouts, disputes=told.dispute_moves,
        market=told.market,
    )  # fmt: skip


def _company(decided: written.Decisions, seed: int, january: bool) -> dict[str, float]:
    told = leavers.sister(seed=seed, draws=300, january=january)
    of = insights.insight(_rows(told, decided), decided)
    made = of.evaluation
    later = of.rows.filter(pl.col("month") >= made.cut, pl.col("left").is_not_null())
    true = later.join(told.truth, on=["payee_id", "month"])
    figures = {
        "leavers": float(of.leavers),
        "AUC of a month, out of time": made.figure()["auc"],
        "  of the oracle": scores.auc(true["left"], true["chance"]),
        "  in sample": made.figure(evaluations.SEEN)["auc"],
        "  of the one rule": made.figure(evaluations.RULE)["auc"],
        "  of Kaplan-Meier by tenure": made.figure(evaluations.KM)["auc"],
        "  of boosted trees": made.figure(evaluations.TREES)["auc"],
        "AUC of twelve months, out of time": made.figure(span="12 months")["auc"],
    }
    both = of.risks.join(told.ahead, on=["payee_id", "months"])
    for span in (3, 12):
        own = both.filter(months=span)
        held = (own["low"] <= own["chance_right"]) & (own["chance_right"] <= own["high"])
        figures[f"{span} months: foretold less true, mean"] = (
            own["chance"].to_numpy() - own["chance_right"].to_numpy()
        ).mean()
        figures[f"{span} months: correlation with the true chance"] = np.corrcoef(
            own["chance"], own["chance_right"]
        )[0, 1]
        figures[f"{span} months: 95 % hold a person's own chance"] = held.mean()
        figures[f"{span} months: 95 % hold the mean of a tenth alike"] = _tenths(own)
    named, agree = _reasons(of, told)
    figures["planted reason (odds x 2.7 and more) named first"] = named
    figures["two refits agree on the first reason"] = agree
    return figures


def _tenths(own: pl.DataFrame) -> float:
    tenth = pl.col("chance").rank("ordinal") * 10 // (pl.len() + 1)
    means = own.group_by(tenth.alias("tenth")).agg(pl.col("low", "high", "chance_right").mean())
    low, high, true = (means[name] for name in ("low", "high", "chance_right"))
    return float(((low <= true) & (true <= high)).mean() or 0)


def _reasons(of: insights.Insight, told: leavers.Sister) -> tuple[float, float]:
    strong = leavers.standing(told).with_columns(
        most=pl.max_horizontal(PLANTED), first=pl.concat_list(PLANTED).list.arg_max()
    )
    first = of.reasons.group_by("payee_id", maintain_order=True).first()
    both = strong.filter(pl.col("most") > 1.0).join(
        first.select("payee_id", "reason"), on="payee_id"
    )
    named = [PLANTED[k] for k in both["first"]]
    hits = [one == other for one, other in zip(named, both["reason"], strict=True)]
    return float(np.mean(hits)), reasons.agreement(of.hazard, of.people, of.refits)


def _nothing_hidden(companies: int = 40) -> None:
    """People who stay as they are: 95 % intervals against chances that are known exactly."""
    print("\nNothing hidden: what 95 % intervals hold of everybody's own chance")
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2026, 12, 1), "1mo", eager=True)
    for size in (500, 2000):
        held: dict[int, list[float]] = {3: [], 6: [], 12: []}
        for seed in range(companies):
            rng = np.random.default_rng(seed)
            x = rng.normal(size=(size, 3))
            chance = 1 / (1 + np.exp(4.0 - x @ [0.7, 0.4, 0.0]))
            gone, length = rng.geometric(chance), 35
            stays = np.minimum(gone, length)
            who = np.repeat(np.arange(size), stays)
            at = np.concatenate([np.arange(n) for n in stays])
            named = {f"x{k}": x[:, k] for k in range(3)}
            rows = pl.DataFrame(
                {"payee_id": who, "month": days.gather(at)}
                | {"left": (at + 1 == gone[who]).astype(int)}
                | {name: column[who] for name, column in named.items()}
            )
            now = pl.DataFrame({"payee_id": np.arange(size), "month": days[length]} | named)
            now = now.with_columns(pl.col("payee_id").cast(pl.String), h=pl.Series(chance))
            now = now.filter(pl.Series(gone > length))
            told = horizons.risks(horizons.fitted(rows, list(named)), now, draws=200)
            both = told.join(now, on="payee_id")
            true = 1 - (1 - both["h"]) ** both["months"]
            inside = pl.Series((both["low"] <= true) & (true <= both["high"]))
            for span, each in held.items():
                each.append(float(inside.filter(both["months"] == span).mean() or 0))
        told_ = "  ".join(f"{span} months {np.mean(each):.3f}" for span, each in held.items())
        print(f"  {size} people, {companies} draws: {told_}")


def _timed(decided: written.Decisions) -> None:
    print("\n5,000 people, 36 months")
    told = leavers.sister(people=5000)
    steps = {"person-months": lambda: _rows(told, decided)}
    rows = _clocked("person-months", steps["person-months"])
    of = insights.insight(rows, decided)
    print(f"  {len(rows):,} rows, {of.leavers:,} leavers")
    _clocked("hazard, its penalty chosen", lambda: of.hazard)
    _clocked("horizons", lambda: of.horizons)
    _clocked("chances with intervals", lambda: of.risks)
    _clocked("60 refits and reasons", lambda: of.reasons)
    _clocked("evaluation out of time", lambda: of.evaluation)
    columns = of.hazard.design.columns(rows)
    print(f"  {columns.shape[1]} columns of {len(hazards.FEATURES)} features")


def _clocked(name: str, made):  # type: ignore[no-untyped-def]
    began = time.process_time()
    result = made()
    print(f"  {name:32} {time.process_time() - began:6.2f} s")
    return result


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
