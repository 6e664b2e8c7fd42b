"""Boards: one table of who stands where, how surely, and what changed: `Rankings`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Rankings
from spmlib.motivate.leaderboards import adjusting, movement, noise, panels, rank_sets, ties
from spmlib.motivate.leaderboards.panels import Grid
from spmlib.motivate.leaderboards.scores import Kind, scores
from spmlib.motivate.leaderboards.uncertain import places_drawn

if TYPE_CHECKING:
    import polars as pl

OWN_PAIRS = 200  # people of a group up to which raw places have rank sets of their own
METHODS = ("linear", "ratio", "none")


@dataclass(frozen=True)
class Rules:
    """How a board ranks.

    Attributes:
        name: of the board.
        kind: what is compared.
        ties: `ties.RULES`; best: high or low.
        top: how many the first are.
        adjust: linear, ratio, or none.
        ramp: months until a person is expected to sell like the others.
        way: of noise: larger, deals or months; looked_at: months of it.
        sure: of intervals; draws, seed: for them.
        absent: whether months away pause a run or end it.
        least_best: earlier windows without which nothing is a personal best.
    """

    name: str = "board"
    kind: Kind = field(default_factory=Kind)
    ties: str = "standard"
    best: str = "high"
    top: int = 3
    adjust: str = "none"
    ramp: float = 9
    way: str = "larger"
    looked_at: int = 12
    sure: float = 0.95
    draws: int = 1000
    seed: int = 1
    absent: str = "pause"
    least_best: int = 3

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        ties.refuse_rule(self.ties, self.best)
        if self.adjust not in METHODS:
            raise ParameterError(f"adjust: '{self.adjust}' is none; write linear, ratio or none.")


def ranked(
    table: Any,
    period: str | None = None,
    kind: str = "level",
    group: str | None = None,
    ties: str = "standard",
    best: str = "high",
    **words: Any,
) -> pl.DataFrame:
    """A board of any table with people, periods and values.

    Args:
        table: payee_id, period, value, and where known quota and the column `group`; one row per
            person and period, or `panels.panel` of rows of any kind. Without `period` column: one
            period.
        period: the last of the window; the last of the table if not given.
        kind: level, attainment, growth or improvement.
        group: column of the peer group.
        ties, best: as in `ties.places`.
        words: others of `scores.Kind`.

    Returns:
        payee_id, group, score, place, why (there is no score); in order of group and place.

    Raises:
        ParameterError: a column is missing, or a person and period has two rows.

    >>> import polars as pl
    >>> made = ranked(pl.DataFrame({"payee_id": ["a", "b", "c"], "value": [30, 40, 30]}))
    >>> made.select("payee_id", "place").rows()
    [('b', 1.0), ('a', 2.0), ('c', 2.0)]
    """
    import polars as pl

    rows = panels.frame(table)
    if "period" not in rows.columns:
        rows = rows.with_columns(period=pl.lit("now"))
    made = panels.grid(rows)
    last = period or (made.periods[-1] if made.periods else "")
    groups = None
    if group is not None:
        panels.refuse_missing(rows, (group,), "table")
        said = rows.select(
            pl.col("payee_id").cast(pl.String),
            "period",
            pl.col(group).cast(pl.String).alias("group"),
        )
        groups = said.sort("period").group_by("payee_id").agg(pl.col("group").last())
    rules = Rules(kind=Kind(kind=kind, **words), ties=ties, best=best)
    if not made.people:
        kinds = {"payee_id": pl.String, "group": pl.String, "score": pl.Float64}
        return pl.DataFrame(schema=kinds | {"place": pl.Float64, "why": pl.String})
    told = placed(made, last, rules, groups)
    return told.select("payee_id", "group", "score", "place", "why").sort(
        "group", "place", "payee_id", nulls_last=True
    )


def placed(grid: Grid, period: str, rules: Rules, groups: Any = None) -> pl.DataFrame:
    """Scores with places in each group.

    Args:
        grid: amounts.
        period: the last of the window.
        rules: of the board.
        groups: payee_id, group, of those who are compared, and period where groups change; none:
            all are one group.

    Returns:
        As `scores.scores`, of those in a group, with group and place (float; empty without score).
    """
    import polars as pl

    made = scores(grid, period, rules.kind).with_row_index("at")
    if groups is None:
        made = made.with_columns(group=pl.lit("all"))
    else:
        known = panels.frame(groups, "groups")
        if "period" in known.columns:
            known = known.filter(pl.col("period") == period)
        made = made.join(known.select("payee_id", "group"), on="payee_id", how="inner")
    made = made.sort("group", "at")
    place = np.full(len(made), np.nan)
    names = made["payee_id"].rank("dense").to_numpy().astype(np.int64)
    reached = made["reached"].to_numpy()
    reached = np.where(reached < 0, np.iinfo(np.int64).max, reached)
    code = made["code"].fill_null(-1).to_numpy()
    for rows in _parts(made):
        there = rows[code[rows] >= 0]
        breakers = [reached[there], names[there]] if rules.ties == "ordinal" else []
        place[there] = ties.of_keys(code[there], rules.ties, rules.best, breakers)
    return made.with_columns(place=pl.Series(place).fill_nan(None))


def board(
    grid: Grid,
    period: str,
    rules: Rules,
    groups: Any = None,
    people: Any = None,
    since: str | None = None,
) -> pl.DataFrame:
    """The board of a period: `Rankings`.

    Args:
        grid: amounts.
        period: the last of the window.
        rules: of the board.
        groups: payee_id, group, and period where groups change from month to month.
        people: payee_id, potential, months (of tenure); for adjusting.
        since: the first period of movement and runs; the first of the grid if not given.

    Raises:
        ParameterError: there is no such period.
    """
    import polars as pl

    now = placed(grid, period, rules, groups)
    known = {"potential": pl.Float64, "months": pl.Float64}
    given = panels.frame(people, "people") if people is not None else None
    if given is None:
        now = now.with_columns(**{name: pl.lit(None, kind) for name, kind in known.items()})
    else:
        now = now.join(
            given.select("payee_id", *known), on="payee_id", how="left", maintain_order="left"
        )
    figures = {name: np.full(len(now), np.nan) for name in FIGURES}
    for rows in _parts(now):
        there = rows[now["code"][rows.tolist()].is_not_null().to_numpy()]
        if len(there):
            _fill(figures, there, _uncertain(grid, period, rules, now[there.tolist()]))
    now = now.with_columns(**{n: pl.Series(v).fill_nan(None) for n, v in figures.items()})
    told = now.with_columns(
        board=pl.lit(rules.name), period=pl.lit(period), kind=pl.lit(rules.kind.kind)
    )
    return _with_history(told, grid, period, rules, groups, since)


FIGURES = (
    "place_low", "place_high", "error", "expected", "adjusted", "pooled", "pooled_error", "kept",
    "adjusted_place", "adjusted_low", "adjusted_high", "top_chance",
)  # fmt: skip


def _uncertain(grid: Grid, period: str, rules: Rules, rows: pl.DataFrame) -> dict[str, Floats]:
    """Noise, adjustment and intervals of one group."""
    y, who = rows["score"].to_numpy(), rows["at"].to_numpy()
    variance = noise.of_scores(grid, period, rules.kind, who, y, rules.way, rules.looked_at)
    sign = 1.0 if rules.best == "high" else -1.0
    errors = np.sqrt(variance)
    made = dict.fromkeys(FIGURES, np.full(len(y), np.nan))
    made["error"] = errors
    if len(y) <= OWN_PAIRS:
        sets = rank_sets.rank_sets(sign * y, errors, rules.sure, False, rules.draws, rules.seed)
        made |= {"place_low": sets.low, "place_high": sets.high}
    columns, names = np.ones((len(y), 1)), ["one"]
    if rules.adjust != "none":
        potential, months = (rows[n].cast(float).to_numpy() for n in ("potential", "months"))
        columns, names = adjusting.design(
            np.where(potential > 0, potential, np.nan), months, rules.ramp
        )
    method = "linear" if rules.adjust == "none" else rules.adjust
    fit = adjusting.adjusted(y, variance, columns, names, method, rules.draws, rules.seed)
    drawn = places_drawn(fit.draws, rules.top, rules.sure, rules.best)
    order = np.round(fit.pooled, 9)
    return made | {
        "expected": fit.expected,
        "adjusted": fit.adjusted,
        "pooled": fit.pooled,
        "pooled_error": fit.sd,
        "kept": fit.kept,
        "adjusted_place": ties.of_keys(order, "standard", rules.best),
        "adjusted_low": drawn.low,
        "adjusted_high": drawn.high,
        "top_chance": drawn.top,
    }


def _with_history(
    now: pl.DataFrame, grid: Grid, period: str, rules: Rules, groups: Any, since: str | None
) -> pl.DataFrame:
    """Movement, runs and bests from the places of all periods."""
    import polars as pl

    last = grid.at(period)
    first = grid.at(since) if since is not None else 0
    first = min(max(first, rules.kind.window - 1), last)
    names = grid.periods[first : last + 1]
    shape = (len(grid.people), len(names))
    place, score = np.full(shape, np.nan), np.full(shape, np.nan)
    part = slice(first, last + 1)
    some = (grid.quota[:, part] > 0) & (grid.present[:, part] > 0)
    quota = np.where(some, grid.value[:, part] >= grid.quota[:, part], np.nan)
    history = []
    for at, name in enumerate(names):
        rows = placed(grid, name, rules, groups)
        who = rows["at"].to_numpy()
        place[who, at] = rows["place"].to_numpy()
        score[who, at] = rows["score"].to_numpy()
        history.append(rows.select("payee_id", "group", "place", period=pl.lit(name)))
    sign = 1 if rules.best == "high" else -1
    best, when, is_best = movement.personal_bests(sign * score, names, rules.least_best)
    told = {
        "top_run": _held(place, place <= rules.top, rules),
        "improved_run": _held(score, movement.improved(sign * score), rules, True),
        "quota_run": _held(quota, quota > 0, rules),
    }
    runs = {name: made[0] for name, made in told.items()} | {"top_longest": told["top_run"][1]}
    all_ = pl.DataFrame({"payee_id": grid.people, **runs}).with_columns(
        best=pl.Series(sign * best).fill_nan(None),
        best_period=pl.Series(when, dtype=pl.String),
        is_best=pl.Series(np.where(is_best, "yes", "no")),
    )
    made = now.join(all_, on="payee_id", how="left", maintain_order="left")
    before = grid.periods[last - 1] if last else ""
    change = movement.moved(pl.concat(history), period, before)
    change = change.select("payee_id", "group", "place_before", "moved", "came")
    made = made.join(change, on=["payee_id", "group"], how="left", maintain_order="left")
    made = made.with_columns(pl.when(pl.col("place").is_not_null()).then("came").alias("came"))
    made = made.rename({"value": "counted"})
    return made.select(*Rankings.columns()).sort("group", "place", "payee_id", nulls_last=True)


def _held(there: Floats, flags: Any, rules: Rules, known: bool = False) -> tuple[Whole, Whole]:
    held = flags if known else np.where(np.isfinite(there), np.asarray(flags, float), np.nan)
    return movement.runs(held, rules.absent)


def _parts(rows: pl.DataFrame) -> list[Whole]:
    """Row numbers of each group; the rows are in order of group."""
    if not len(rows):
        return []
    ids = rows["group"].rle_id().to_numpy()
    return np.split(np.arange(len(rows)), np.flatnonzero(np.diff(ids)) + 1)


def _fill(figures: dict[str, Floats], rows: Whole, made: dict[str, Floats]) -> None:
    for name, values in made.items():
        figures[name][rows] = values
