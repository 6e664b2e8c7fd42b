"""Small tables and the sister company, made once for the tests of attrition."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from spmlib.motivate.attrition import insights, months, written

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "data"))
from sample_company import leavers  # noqa: E402

POLICY = ROOT / "parameters/policies/attrition.yaml"
FAST = {"enabled": True, "draws": 60, "runs": 24}
PAYEE = {"payee_id": "A", "hire_date": date(2024, 3, 15), "leave_date": None, "currency": "USD"}
HELD = {"payee_id": "A", "start_date": date(2024, 3, 15), "role": "seller", "manager_id": "M"}


@cache
def decided(**changed: Any) -> written.Decisions:
    """The policy's decisions, switched on and with fewer draws, some of them changed."""
    return replace(written.read(POLICY), **(FAST | changed))


def frame(*rows: dict[str, Any], **kinds: Any) -> pl.DataFrame:
    """Rows as a frame; leave_date is a day even if it is empty."""
    given = {"leave_date": pl.Date, "manager_id": pl.String} | kinds
    kinds = {name: kind for name, kind in given.items() if name in rows[0]}
    return pl.DataFrame(list(rows), schema_overrides=kinds, infer_schema_length=None)


def made(day: date, payees: Any = None, positions: Any = None, **tables: Any) -> pl.DataFrame:
    """Person-months of one person, or of those given."""
    people = frame(PAYEE) if payees is None else payees
    held = frame(HELD) if positions is None else positions
    return months.person_months(people, held, day, decided(), **tables)


@cache
def sister(**words: Any) -> leavers.Sister:
    """The sister company, of 400 people."""
    return leavers.sister(**({"people": 400} | words))


@cache
def rows(**words: Any) -> pl.DataFrame:
    """Its person-months."""
    told = sister(**words)
    return months.person_months(
        told.payees, told.positions, told.day, decided(), quotas=told.quotas,
        attainments=told.attainments, payouts=told.payouts, disputes=told.dispute_moves,
        market=told.market,
    )  # fmt: skip


@cache
def insight(**words: Any) -> insights.Insight:
    """What may be said of it."""
    return insights.insight(rows(**words), decided())


def cross_section(size: int = 600, seed: int = 1) -> pl.DataFrame:
    """One row a person, and who left: by `pull`, not by `noise`."""
    rng = np.random.default_rng(seed)
    pull, noise = rng.normal(size=(2, size))
    left = rng.random(size) < 1 / (1 + np.exp(1.5 - 1.2 * pull))
    return pl.DataFrame(
        {
            "pull": pull, "noise": noise, "shift": rng.choice(["early", "late", "night"], size),
            "left": np.where(left, "Yes", "No"),
        }
    )  # fmt: skip
