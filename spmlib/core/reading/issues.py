"""Issues: what is wrong with a company's data, each with its place and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import Issues, Table

NUMBER, LINE, PREFIX = "spm:number", "spm:line", "spm:prefix"
HIDDEN = (NUMBER, LINE, PREFIX)  # beside a table's columns while it is read
LONGEST = 60  # characters of a cell that a message shows


@dataclass(frozen=True)
class Fault:
    """What is wrong with some cells of a column."""

    rows: pl.Series  # whether each row has it
    what: str  # {column} and {cell} stand for the column's name and what is written there
    remedy: str
    effect: str = "refused"
    once: bool = False  # one issue for all of them, at the first


@dataclass(frozen=True)
class Reading:
    """A column as the engine holds it, and the cells that could not be read."""

    values: pl.Series
    faults: tuple[Fault, ...] = ()


class Unsettled(Exception):
    """A column, or a whole source, cannot be read: what is wrong, and what would be right."""

    def __init__(self, what: str, remedy: str, place: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy, self.place = what, remedy, place


def found(
    frame: pl.DataFrame,
    table: str,
    rows: pl.Series | pl.Expr,
    what: pl.Expr | str,
    remedy: pl.Expr | str,
    effect: str = "refused",
) -> pl.DataFrame:
    """The issues of the rows of a table that is being read, with their numbers.

    Args:
        frame: the table with its hidden columns `HIDDEN`.
        table: its name.
        rows: which rows are concerned.
        what: what is wrong; an expression may name the frame's columns.
        remedy: what would be right.
        effect: refused or noted.
    """
    said = {"what": what, "remedy": remedy}
    return frame.filter(rows).select(
        table=pl.lit(table),
        place=pl.col(PREFIX) + pl.col(LINE).cast(pl.String),
        row=key(frame.columns),
        **{name: pl.lit(s) if isinstance(s, str) else s for name, s in said.items()},
        effect=pl.lit(effect),
        **{NUMBER: pl.col(NUMBER)},
    )


def whole(table: str, place: str, what: str, remedy: str, effect: str = "refused") -> pl.DataFrame:
    """The issue of a whole source: no row of it, or all of them."""
    said = {"table": table, "place": place, "row": None, "what": what, "remedy": remedy}
    return pl.DataFrame([{**said, "effect": effect, NUMBER: None}], schema=schema())


def none() -> pl.DataFrame:
    """No issue."""
    return pl.DataFrame(schema=schema())


def schema() -> dict[str, type[pl.DataType]]:
    """The columns of issues while tables are read."""
    return {**dict.fromkeys(Issues.columns(), pl.String), NUMBER: pl.Int64}


def refused(issues: pl.DataFrame) -> pl.Series:
    """The numbers of the rows that are not used, each once."""
    lost = issues.filter(pl.col("effect") == "refused", pl.col(NUMBER).is_not_null())
    return lost[NUMBER].unique()


def table(found: list[pl.DataFrame]) -> Table[Issues]:
    """The issues of all tables."""
    return engine.table(pl.concat([none(), *found]).drop(NUMBER))


def cell(name: str) -> pl.Expr:
    """A cell as a message shows it."""
    text = pl.col(name).cast(pl.String)
    cut = pl.concat_str(text.str.slice(0, LONGEST - 3), pl.lit("..."))
    return pl.when(text.str.len_chars() > LONGEST).then(cut).otherwise(text)


def key(columns: list[str]) -> pl.Expr:
    """What a row is called: its first column of keys, as it is written."""
    names = [name for name in columns if name not in HIDDEN]
    return pl.col(names[0]).cast(pl.String) if names else pl.lit(None, pl.String)
