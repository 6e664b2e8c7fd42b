"""Differences: two closes, previews or parameter sets compared: who, by how much, and why.

Of one period, the lines of earnings that differ are named, with the line of the plan or rule that
each follows; of two periods, what was earned by component and kind of line, and each correction.
What payment terms do differently is a line too, so that the lines of a person add up to the
difference in what is paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Close, Ledger
from spmlib.core.tables import Column, Definition, Earnings, Payouts, money, text
from spmlib.incent.calculation import calculated
from spmlib.incent.lines import KEY
from spmlib.workbench import changes, closes
from spmlib.workbench.changes import Change
from spmlib.workbench.opened import Workbench, opened

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

PERSON = ("payee_id", "plan", "currency")
LINE = (*KEY, "currency")  # by which lines are compared
OWN = ("window", "period", "number", "transaction_id", "event_id", "rule", "through_id")


class DifferingPeople(Definition):
    """One row per person and plan that are paid something else."""

    payee_id, plan, currency = (Payouts.columns()[name] for name in PERSON)
    was = money("Paid by the first side [currency].")
    now = money("Paid by the second [currency].")
    difference = money("What the second pays more [currency].")


class DifferingLines(Definition):
    """One row per line that makes the difference.

    What two periods earned is a line for each component and kind.
    The columns of the key of Earnings, and:
    """

    reason = text("Why a close posted it; month: earned in the period. Empty for payment terms.")
    source_was = text("File and line of the rule that it followed.")
    source = text("File and line of the rule that it follows; that which it did if it is gone.")
    was = money("Amount of the first side [currency].")
    now = money("Amount of the second [currency].")
    difference = money("What the second has more [currency].")

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, those of the key first."""
        return {name: Earnings.columns()[name] for name in LINE} | super().columns()


@dataclass(frozen=True)
class Side:
    """One of two things that are compared."""

    name: str
    period: str
    payouts: pl.DataFrame  # of the period
    lines: pl.DataFrame  # what adds up to them: LINE, reason, source, amount [ticks]
    hashes: Mapping[str, str]  # of the parameter files, by name
    folder: Path | None = None  # of the parameters, where they can be read


@dataclass(frozen=True)
class Difference:
    """Who is paid something else, and the lines that make it; amounts in ticks."""

    people: pl.DataFrame  # PERSON, was, now, difference; the largest first
    lines: pl.DataFrame  # the key of a line, reason, source_was, source, was, now, difference
    changes: tuple[Change, ...]  # of the parameter files


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
            return _closed(book, made)
    folder = Path(word)
    known = word in ("preview", "now") or (folder / "plans").is_dir()
    if not known:
        wrong = f"'{word}' is no closed period, nor a folder of parameters"
        raise ParameterError(f"{wrong}; write one of those, `preview` or `now`.")
    if not period:
        raise ParameterError(f"'{word}' of which period? add `--period 2026-10`.")
    if word == "preview":
        return _previewed(bench, book, period)
    return _computed(bench if word == "now" else opened(folder), word, period)


def difference(one: Side, other: Side) -> Difference:
    """What the second pays more or less than the first, and because of which lines."""
    import polars as pl

    people = _compared(one.payouts, other.payouts, PERSON)
    same = one.period == other.period
    lines = _compared(
        one.lines if same else _by_component(one.lines),
        other.lines if same else _by_component(other.lines),
        LINE,
        reason=pl.col("reason").drop_nulls().last(),
        source_was=pl.col("source").filter(pl.col("of") == 0).last(),
        source=pl.col("source").last(),
    )
    own = lines.join(people, on=list(PERSON), how="semi")
    size = pl.col("difference").abs()
    return Difference(
        people.sort(size, "payee_id", "plan", descending=[True, False, False]),
        own.sort("payee_id", "plan", size, descending=[False, False, True], maintain_order=True),
        changes.between(one.hashes, one.folder, other.hashes, other.folder),
    )


def frames(found: Difference) -> dict[str, pd.DataFrame]:
    """The people and the lines as pandas, with exact decimals, in the order of their sizes."""
    return {
        "people": engine.pandas(engine.brought(found.people), DifferingPeople),
        "lines": engine.pandas(engine.brought(found.lines), DifferingLines),
    }


def _closed(book: Ledger, made: Close) -> Side:
    payouts, postings, payments = (
        book.table(made, name) for name in ("payouts", "postings", "payments")
    )
    files = made.about.get("parameters", {}).get("files", {})
    return Side(made.period, made.period, payouts, _posted(postings, payments), files)


def _previewed(bench: Workbench, book: Ledger, period: str) -> Side:
    tables = closes.preview(bench, book, period).tables
    lines = _posted(tables["postings"], tables["payments"])
    hashes = changes.hashes(bench.folder)
    return Side("preview", period, tables["payouts"], lines, hashes, bench.folder)


def _computed(bench: Workbench, word: str, period: str) -> Side:
    import polars as pl

    bench.refuse_period(period)
    results = calculated(bench.company, bench.parameters, period)
    payouts, earnings, payments = (
        engine.collected(table).filter(pl.col("period") == period)
        for table in (results.payouts, results.earnings, results.payments)
    )
    lines = _lined(earnings.with_columns(reason=pl.lit("month")), payments)
    return Side(word, period, payouts, lines, changes.hashes(bench.folder), bench.folder)


def _posted(postings: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """The lines of a close or preview, without what a first close took over.

    Postings of closed months are the correction of payments, but for what depends on events.
    """
    import polars as pl

    own = postings.filter(pl.col("reason") != "opening")
    posted = own.filter(pl.col("reason") != "month").with_columns(
        kind=pl.lit("correction"), amount=-pl.col("amount"), source=pl.lit(None, pl.String)
    )
    columns = ["payee_id", "plan", "kind", "amount", "currency", "source"]
    both = pl.concat([payments.select(columns), posted.select(columns)])
    key = ["payee_id", "plan", "kind", "currency"]
    summed = both.group_by(key).agg(pl.col("source").drop_nulls().first(), pl.col("amount").sum())
    return _lined(own, summed)


def _lined(lines: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """Lines of earnings and what payment terms add, which is in no component."""
    import polars as pl

    terms = payments.filter((pl.col("kind") != "earned") & (pl.col("amount") != 0))
    columns = [*LINE, "reason", "source", "amount"]
    return pl.concat([lines.select(columns), terms], how="diagonal").select(columns)


def _by_component(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines without what tells those apart that are earned in the period itself."""
    import polars as pl

    corrects = pl.col("reason") != "month"
    return lines.with_columns(pl.when(corrects).then(pl.col(OWN)))


def _compared(
    one: pl.DataFrame, other: pl.DataFrame, key: Sequence[str], **words: pl.Expr
) -> pl.DataFrame:
    """The sums by key that differ, and words said of them."""
    import polars as pl

    both = pl.concat([one.with_columns(of=0), other.with_columns(of=1)], how="diagonal")
    was, now = (pl.col("amount").filter(pl.col("of") == n).sum() for n in (0, 1))
    summed = both.group_by(list(key), maintain_order=True).agg(was=was, now=now, **words)
    differ = summed.with_columns(difference=pl.col("now") - pl.col("was"))
    return differ.filter(pl.col("difference") != 0)
