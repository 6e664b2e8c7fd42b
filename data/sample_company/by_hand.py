"""By hand: adjustments planted into a copy of the firm by a seeded draw: rules and one-off noise.

Nobody in the sample company adjusts pay by hand. A copy in which people do shows whether readiness
finds the rules that hide in adjustments, and leaves what is no rule alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

TICKS = 10_000
RULES = (  # cause, component, wordings, amount or None, rate or None, people
    ("allowance", "", ("Car allowance for {m}", "Car allowance {m}, field"), 400, None, 6),
    ("goodwill", "", ("Ramp top-up, new hire {m}", "Ramp top-up for new hire"), 1_500, None, 2),
    ("owner", "bookings", ("Partner referral fee {m}", "Referral fee, partner"), None, 0.03, 4),
    ("late", "", ("Phone and home office {m}", "Phone and home office"), 85, None, 10),
)
NOISE = (
    ("split", "Split agreed after booking"),
    ("goodwill", "Goodwill after system outage"),
    ("quota", "Quota relief, territory moved"),
    ("late", "Deal booked after cut-off"),
    ("owner", "Deal moved between owners"),
    ("", "As discussed with VP"),
)


@dataclass(frozen=True)
class Planted:
    """Adjustments by hand.

    Attributes:
        rows: adjustment_id, payee_id, period, component, event_date, amount and base [ticks],
            cause, reason, rule (its number; -1 for noise).
        rules: how many were planted.
    """

    rows: pl.DataFrame
    rules: int


def planted(
    people: Sequence[str], months: Sequence[date], noise: int = 5, seed: int = 42
) -> Planted:
    """Recurring rules and one-off noise for the months given.

    Args:
        people: whose pay is adjusted.
        months: first days.
        noise: one-off adjustments a month.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    made = [row for k, rule in enumerate(RULES) for row in _rule(k, rule, people, months, rng)]
    made += [_one_off(people, month, rng) for month in months for _ in range(noise)]
    rows = pl.DataFrame(made, orient="row", schema=_schema()).sort("event_date", "payee_id", "rule")
    ids = pl.format("ADJ-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4))
    period = pl.col("event_date").dt.strftime("%Y-%m")
    return Planted(rows.with_columns(adjustment_id=ids, period=period), len(RULES))


def _schema() -> dict[str, type[pl.DataType]]:
    texts = dict.fromkeys(("payee_id", "component", "cause", "reason"), pl.String)
    whole = dict.fromkeys(("amount", "base", "rule"), pl.Int64)
    return texts | {"event_date": pl.Date} | whole


def _rule(k, rule, people, months, rng):  # type: ignore[no-untyped-def]
    cause, component, wordings, amount, rate, count = rule
    holders = rng.choice(sorted(people), count, replace=False).tolist()
    made = []
    for month in months:
        for who in holders:
            said = str(rng.choice(wordings)).format(m=f"{month:%B %Y}")
            base = int(rng.integers(8_000, 40_000)) * TICKS
            paid = amount * TICKS if amount else round(base * rate)
            made.append((who, component, cause, said, month, paid, base, k))
    return made


def _one_off(people, month, rng):  # type: ignore[no-untyped-def]
    cause, reason = NOISE[int(rng.integers(len(NOISE)))]
    size = int(np.exp(rng.normal(6.3, 1.1)) * 100) * TICKS // 100
    amount = size if rng.random() < 0.7 else -size
    who = str(rng.choice(sorted(people)))
    base = int(rng.integers(8_000, 40_000)) * TICKS
    return (who, "", cause, reason, month, amount or TICKS, base, -1)
