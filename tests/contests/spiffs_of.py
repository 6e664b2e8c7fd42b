"""SPIFFs and standings for tests, from a few lines of YAML and plain numbers."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from spmlib.core import parameters
from spmlib.rules import measures
from spmlib.rules.spiffs import written

HEAD = """
spiff: rush
window: {from: 2026-10-01, until: 2026-12-01}
score: {measure: orders}
currency: USD
"""


def spiff_of(prizes, more=""):
    """A SPIFF of October and November 2026."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "measures.yaml").write_text("orders: {sum: amount}\n")
        Path(folder, "rush.yaml").write_text(f"{HEAD}prizes: {prizes}\n{more}\n")
        known = measures.read(Path(folder, "measures.yaml"))
        return written.told(parameters.read(Path(folder, "rush.yaml")), "rush", known)


def standing_of(scores, groups=None):
    """Plain scores as a standing: H0, H1 ..."""
    return pl.DataFrame(
        {
            "payee_id": [f"H{n}" for n in range(len(scores))],
            "score": [float(score) for score in scores],
            "competing": groups or [""] * len(scores),
        }
    )


def scored(*rows):
    """Scores: (who, (month, day), score)."""
    return pl.DataFrame(
        [(who, date(2026, *day), float(score)) for who, day, score in rows],
        schema={"payee_id": pl.String, "event_date": pl.Date, "score": pl.Float64},
        orient="row",
    )
