"""Differences: two closes, previews or parameter sets compared: who, by how much, and why.

Of one period, the lines of earnings that differ are named, with the line of the plan or rule that
each follows; of two periods, the components and kinds of line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Ledger
from spmlib.incent.calculation import calculated
from spmlib.incent.paying.postings import KEY
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench, opened

if TYPE_CHECKING:
    import polars as pl

PERSON = ("payee_id", "plan", "currency")
WIDE = ("payee_id", "plan", "component", "kind")  # by which two periods are compared


@dataclass(frozen=True)
class Side:
    """One of two things that are compared."""

    name: str
    period: str
    payouts: pl.DataFrame  # of the period
    lines: pl.DataFrame  # Earnings, or Postings, of the period


@dataclass(frozen=True)
class Difference:
    """Who is paid something else, and the lines that make it; amounts in ticks."""

    people: pl.DataFrame  # payee_id, plan, currency, was, now, difference; the largest first
    lines: pl.DataFrame  # the key of a line, source, was, now, difference


def side(bench: Workbench, book: Ledger, word: str, period: str) -> Side:
    """What a word names: a closed period, ``preview``, ``now``, or a folder of parameters.

    Args:
        bench: the company.
        book: its ledger.
        word: as written.
        period: of a preview, and of what is computed.

    Raises:
        ParameterError: the word names none of these, or no period is given where one is needed.
    """
    for made in book.closes():
        if made.period == word:
            return _posted(word, word, book.table(made, "payouts"), book.table(made, "postings"))
    folder = Path(word)
    known = word in ("preview", "now") or (folder / "plans").is_dir()
    if not known:
        wrong = f"'{word}' is no closed period, nor a folder of parameters"
        raise ParameterError(f"{wrong}; write one of those, `preview` or `now`.")
    if not period:
        raise ParameterError(f"'{word}' of which period? add `--period 2026-10`.")
    if word == "preview":
        month = closes.preview(bench, book, period)
        return _posted(word, period, month.tables["payouts"], month.tables["postings"])
    return _computed(bench if word == "now" else opened(folder), word, period)


def difference(one: Side, other: Side) -> Difference:
    """What the second pays more or less than the first, and because of which lines."""
    import polars as pl

    people = _compared(one.payouts, other.payouts, PERSON).drop("source", strict=False)
    key = KEY if one.period == other.period else WIDE
    lines = _compared(one.lines, other.lines, key)
    concerned = people.select("payee_id", "plan").unique()
    own = lines.join(concerned, on=["payee_id", "plan"], how="semi")
    by_size = pl.col("difference").abs()
    return Difference(
        people.sort(by_size, "payee_id", "plan", descending=[True, False, False]),
        own.sort("payee_id", "plan", by_size, descending=[False, False, True]),
    )


def _posted(name: str, period: str, payouts: pl.DataFrame, postings: pl.DataFrame) -> Side:
    """A close or preview, without what a first close took over."""
    return Side(name, period, payouts, postings.filter(postings["reason"] != "opening"))


def _computed(bench: Workbench, word: str, period: str) -> Side:
    import polars as pl

    bench.refuse_period(period)
    results = calculated(bench.company, bench.parameters, period)
    own = pl.col("period") == period
    payouts, lines = (engine.collected(t).filter(own) for t in (results.payouts, results.earnings))
    return Side(word, period, payouts, lines)


def _compared(one: pl.DataFrame, other: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The sums by key that differ, with where the line is written."""
    import polars as pl

    marked = [
        frame.select(*key, *([c] if (c := "source") in frame.columns else []), "amount")
        for frame in (one, other)
    ]
    was, now = (
        pl.col("amount").filter(pl.col("second") == second).sum() for second in (False, True)
    )
    both = pl.concat(
        [frame.with_columns(second=pl.lit(n == 1)) for n, frame in enumerate(marked)],
        how="diagonal",
    )
    written = [pl.col("source").last()] if "source" in both.columns else []
    summed = both.group_by(list(key), maintain_order=True).agg(*written, was=was, now=now)
    differ = summed.with_columns(difference=pl.col("now") - pl.col("was"))
    return differ.filter(pl.col("difference") != 0)
